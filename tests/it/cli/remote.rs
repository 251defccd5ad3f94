//! `platform new --remote`, against a real Backstage, and against one that goes wrong.

use crate::support::backstage::Backstage;
use crate::support::cli::{Run, Sandbox};
use crate::support::scaffolder::{Scaffolder, TOKEN, Turn};
use crate::support::server::dead_port;
use crate::support::terminal::{CTRL_C, in_a_terminal};

/// A folder outside of any repository, and a Backstage to run templates on.
fn at(url: &str, token: &str) -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.set("PLATFORM_BACKSTAGE_URL", url);
    sandbox.set("PLATFORM_BACKSTAGE_TOKEN", token);
    sandbox
}

const GREET: [&str; 7] =
    ["new", "--remote", "greet", "--set", "name=ann", "--set", "owner=group:default/payments"];

fn greet(sandbox: &Sandbox, more: &[&str]) -> Run {
    sandbox.platform(GREET.iter().chain(more)).run()
}

#[test]
fn a_template_runs_on_backstage_and_its_log_is_shown() {
    let Some(backstage) = Backstage::shared() else { return };
    let sandbox = at(&backstage.url, &backstage.token);
    let run = greet(&sandbox, &["--set", "key=geheim", "-o", "json"]);
    run.code(0);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["template"], "template:default/greet");
    assert_eq!(report["task"]["status"], "completed");
    let steps = &report["task"]["steps"];
    assert_eq!(steps[0], serde_json::json!({"id": "greet", "status": "completed"}), "{report}");
    assert_eq!(steps[1]["status"], "skipped", "{report}");
    assert_eq!(report["output"]["text"][0]["content"], "hello ann");
    assert!(run.stderr.contains("hello ann"), "{run}");
    assert!(run.stderr.contains("your key has 6 characters"), "steps see the secret: {run}");
    assert!(!run.stderr.contains('\u{1b}') && !run.stderr.contains('\u{7}'), "{run}");
    assert!(!run.stderr.contains("geheim"), "{run}");

    let run = greet(&sandbox, &[]);
    run.code(0);
    assert!(run.stdout.contains("completed  template:default/greet"), "{run}");
    assert!(run.stdout.contains("/catalog/default/component/invoices"), "{run}");
}

#[test]
fn a_task_that_fails_says_why_and_ends_with_1() {
    let Some(backstage) = Backstage::shared() else { return };
    let run = greet(&at(&backstage.url, &backstage.token), &["--set", "fail=true"]);
    run.code(1);
    assert!(run.stderr.contains("the task failed in Backstage"), "{run}");
    assert!(run.stderr.contains("nowhere"), "{run}");
}

#[test]
fn the_same_questions_are_asked_from_the_live_catalog() {
    let Some(backstage) = Backstage::shared() else { return };
    let sandbox = at(&backstage.url, &backstage.token);
    let answers = [
        ("What do you need?", "greet\r"),
        ("Name", "ann\r"),
        ("Owner: ", "payments"),
        ("> group:default/payments", "\r"),
        ("Key", "geheim\r"),
        ("Seconds to wait [0]", "\r"),
        ("Fail [y/N]", "n"),
        ("All answers right?", "\r"),
    ];
    let (code, screen) = in_a_terminal(&sandbox, &["new", "--remote"], &answers);
    assert_eq!(code, 0, "{screen}");
    assert!(screen.contains("your key has 6 characters"), "{screen}");
    assert!(!screen.contains("geheim"), "{screen}");
    assert!(
        screen.contains("platform new template:default/greet --no-input --remote --set name=ann"),
        "{screen}"
    );
}

#[test]
fn ctrl_c_cancels_the_task_when_told_so() {
    let Some(backstage) = Backstage::shared() else { return };
    let sandbox = at(&backstage.url, &backstage.token);
    let arguments = [&GREET[..], &["--set", "key=k", "--set", "wait=60"]].concat();
    let answers = [("Pause", CTRL_C), ("Cancel the task in Backstage too?", "y")];
    let (code, screen) = in_a_terminal(&sandbox, &arguments, &answers);
    assert_eq!(code, 130, "{screen}");
    assert!(screen.contains("interrupted; the task was cancelled"), "{screen}");
}

#[test]
fn what_backstage_does_not_let_happen_is_told_apart() {
    let Some(backstage) = Backstage::shared() else { return };
    let sandbox = at(&backstage.url, &backstage.token);
    let run = sandbox.platform(["new", "--remote", "gret"]).run();
    run.code(2);
    assert!(run.stderr.contains("did you mean `template:default/greet`?"), "{run}");
    // all missing and wrong answers at once
    let run = sandbox.platform(["new", "--remote", "greet", "--set", "wait=x"]).run();
    run.code(2);
    assert!(run.stderr.contains("--set name=…") && run.stderr.contains("wait"), "{run}");
    let run = greet(&at(&backstage.url, "wrong-token"), &[]);
    run.code(4);
    assert!(run.stderr.contains("PLATFORM_BACKSTAGE_TOKEN"), "{run}");
    greet(&at(&backstage.url, &backstage.readonly_token), &[]).code(4);
    greet(&at(&format!("http://127.0.0.1:{}", dead_port()), "x"), &[]).code(5);
    let run = Sandbox::new().platform(GREET).run();
    run.code(2);
    assert!(run.stderr.contains("backstage.url"), "{run}");
}

const SMALL: [&str; 5] = ["new", "--remote", "greet", "--set", "name=ann"];

#[test]
fn a_stream_that_breaks_is_taken_up_behind_the_last_event() {
    for turns in [[Turn::Cut(1), Turn::Status(500)], [Turn::Status(502), Turn::Events(1)]] {
        let scaffolder = Scaffolder::start(&turns);
        let run = at(&scaffolder.url(), TOKEN).platform(SMALL).run();
        run.code(0);
        assert_eq!(run.stderr.matches("done  Greet").count(), 1, "{run}");
        assert!(run.stdout.contains("well"), "{run}");
        let asked = scaffolder.asked();
        assert_eq!(asked.len(), 3, "{asked:?} {run}");
        assert_eq!((&*asked[0], &*asked[2]), ("0", "1"), "{asked:?}");
        let started = scaffolder.started().unwrap();
        assert_eq!(started["templateRef"], "template:default/greet");
    }
}

#[test]
fn what_does_not_pass_ends_the_wait() {
    let scaffolder = Scaffolder::start(&[Turn::Status(401)]);
    let run = at(&scaffolder.url(), TOKEN).platform(SMALL).run();
    run.code(4);
    assert!(run.stderr.contains("the task may go on in Backstage"), "{run}");
    at(&scaffolder.url(), "other").platform(SMALL).run().code(4);

    let scaffolder = Scaffolder::start(&[Turn::Flood]);
    let run = at(&scaffolder.url(), TOKEN).platform(SMALL).run();
    run.code(2);
    assert!(run.stderr.contains("an event of more than"), "{run}");

    let run =
        at(&scaffolder.url(), TOKEN).platform(["new", "--remote", "greet", "--set", "name=refused"]).run();
    run.code(1);
    assert!(run.stderr.contains("name: does not match pattern"), "{run}");
}

#[test]
fn a_dry_run_shows_what_would_be_sent() {
    let scaffolder = Scaffolder::start(&[]);
    let run = at(&scaffolder.url(), TOKEN).platform(SMALL.iter().chain(&["--dry-run"])).run();
    run.code(0);
    assert!(run.stdout.contains("name: ann"), "{run}");
    assert_eq!(scaffolder.started(), None);
}
