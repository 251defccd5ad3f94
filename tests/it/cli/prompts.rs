//! The questions of `platform new` in a real terminal: the way back, pickers, secrets, and answers that
//! outlive a failure.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::cli::Sandbox;
use crate::support::terminal::{CTRL_C, DOWN, ESC, in_a_terminal, in_columns};

/// The review of all answers, and that they are right.
const RIGHT: (&str, &str) = ("All answers right?", "\r");

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    let id = "11111111-2222-3333-4444-555555555555";
    sandbox.platform(["init", ".", "--team", "shop-team", "--user-id", id]).run().code(0);
    sandbox
}

/// A repository with a template of these parameters (YAML, indented by two) that writes its parameters
/// to `notes/note.json`.
fn with_template(parameters: &str) -> Sandbox {
    let sandbox = repository();
    sandbox.write("templates/note/template.yaml", &template(parameters));
    sandbox.write("templates/note/skeleton/note.json", "${{ values.all | dump }}\n");
    sandbox
}

fn template(parameters: &str) -> String {
    format!(
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata:\n  name: note\nspec:\n  type: note\n  owner: shop-team\n  parameters:\n{parameters}  steps:\n    - action: fetch:template\n      input:\n        url: ./skeleton\n        targetPath: notes\n        values: {{all: \"${{{{ parameters }}}}\"}}\n"
    )
}

fn note(sandbox: &Sandbox) -> serde_json::Value {
    serde_json::from_str(&sandbox.read("notes/note.json")).unwrap()
}

/// The file of answers, and whether it is there.
fn kept(sandbox: &Sandbox) -> Option<String> {
    fs::read_to_string(sandbox.home().join(".local/state/platform/answers.json")).ok()
}

const SMALL: &str = "    - title: Note
      required: [name, size]
      properties:
        name: {title: Name, type: string}
        size: {title: Size, type: string, enum: [small, large]}
";

#[test]
fn a_terminal_is_asked_for_what_is_missing() {
    let sandbox = with_template(SMALL);
    let answers = [("Name", "orders\r"), ("Size", "\u{1b}[B\r"), RIGHT];
    let (code, screen) = in_a_terminal(&sandbox, &["new", "note"], &answers);
    assert_eq!(code, 0, "{screen}");
    assert_eq!(note(&sandbox), serde_json::json!({"name": "orders", "size": "large"}), "{screen}");
    assert!(screen.contains("platform new note --no-input --set name=orders --set size=large"), "{screen}");
    assert_eq!(kept(&sandbox), None, "what has become something is forgotten");
}

#[test]
fn ctrl_c_in_a_prompt_writes_nothing_and_keeps_the_answers() {
    let sandbox = with_template(SMALL);
    let (code, screen) = in_a_terminal(&sandbox, &["new", "note"], &[("Name", "orders\r"), ("Size", CTRL_C)]);
    assert_eq!(code, 130, "{screen}");
    assert!(!sandbox.path("notes").exists(), "{screen}");
    assert!(screen.contains("platform new note --recover"), "{screen}");
    let file = sandbox.home().join(".local/state/platform/answers.json");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);

    let (code, screen) =
        in_a_terminal(&sandbox, &["new", "--recover"], &[("Size", "\r"), ("change Name: orders", "\r")]);
    assert_eq!(code, 0, "{screen}");
    assert_eq!(note(&sandbox), serde_json::json!({"name": "orders", "size": "small"}), "{screen}");
    let (code, screen) = in_a_terminal(&sandbox, &["new", "note", "--recover"], &[]);
    assert_eq!(code, 2, "{screen}");
    assert!(screen.contains("no answers are kept"), "{screen}");
}

#[test]
fn answers_outlive_files_that_would_have_errors() {
    let sandbox = repository();
    let answers = [("Name", "orders\r"), ("Tags", "\r"), ("Domain", "\r"), RIGHT];
    let flags = ["new", "system", "--set", "owner=group:default/nobody", "--set", "description=x"];
    let (code, screen) = in_a_terminal(&sandbox, &flags, &answers);
    assert_eq!(code, 1, "{screen}");
    assert!(screen.contains("nothing was written"), "{screen}");
    assert!(screen.contains("platform new system --recover"), "{screen}");

    // The answer that was wrong is changed, all others stay.
    let change =
        [("All answers right?", "owner"), ("> change Owner", "\r"), ("Owner: ", "\u{1b}[B\r"), RIGHT];
    let (code, screen) = in_a_terminal(&sandbox, &["new", "system", "--recover"], &change);
    assert_eq!(code, 0, "{screen}");
    assert!(kept(&sandbox).is_none());
    sandbox.platform(["validate"]).run().code(0);
}

#[test]
fn answers_outlive_a_push_that_is_refused() {
    let sandbox = with_template(SMALL);
    sandbox.git("", &["add", "-A"]);
    sandbox.git("", &["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "all"]);
    sandbox.git("", &["init", "-q", "--bare", "../remote.git"]);
    sandbox.git("", &["remote", "add", "origin", "../remote.git"]);
    sandbox.git("", &["push", "-q", "origin", "HEAD:main"]);
    let hook = sandbox.path("../remote.git/hooks/pre-receive");
    fs::write(&hook, "#!/bin/sh\necho 'frozen until Monday' >&2\nexit 1\n").unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let answers = [("Name", "orders\r"), ("Size", "\r"), RIGHT];
    let (code, screen) = in_a_terminal(&sandbox, &["new", "note", "--submit"], &answers);
    assert_eq!(code, 1, "{screen}");
    assert!(screen.contains("platform new note --recover"), "{screen}");

    fs::remove_file(&hook).unwrap();
    let (code, screen) = in_a_terminal(&sandbox, &["new", "note", "--recover", "--submit"], &[RIGHT]);
    assert_eq!(code, 0, "{screen}");
    assert!(sandbox.git("../remote.git", &["branch"]).contains("platform/"), "{screen}");
}

const BRANCHES: &str = "    - title: First
      required: [name]
      properties:
        name: {title: Name, type: string}
        dns: {title: Public, type: boolean}
      dependencies:
        dns:
          oneOf:
            - {properties: {dns: {const: true}, host: {title: Host, type: string}}, required: [host]}
            - {properties: {dns: {const: false}}}
    - title: Second
      properties:
        size: {title: Size, type: string, enum: [small, large], default: small}
";

#[test]
fn esc_leads_back_across_pages_and_keeps_the_answers() {
    let sandbox = with_template(BRANCHES);
    let answers = [
        ("Name", "orders\r"),
        ("Public [y/N]", "y"),
        ("Host", "shop.example\r"),
        ("Size", ESC),
        // back on the page before, with the answer as the default
        ("Host [shop.example]", ESC),
        // without a host there is no further question on the page
        ("Public [Y/n]", "n"),
        ("Size", "\r"),
        RIGHT,
    ];
    let (code, screen) = in_a_terminal(&sandbox, &["new", "note"], &answers);
    assert_eq!(code, 0, "{screen}");
    let expected = serde_json::json!({"name": "orders", "dns": false, "size": "small"});
    assert_eq!(note(&sandbox), expected, "{screen}");
    assert!(screen.contains("esc goes back"), "{screen}");
}

#[test]
fn an_answer_is_changed_before_the_template_runs() {
    let sandbox = with_template(BRANCHES);
    let answers = [
        ("Name", "orders\r"),
        ("Public", "y"),
        ("Host", "shop.example\r"),
        ("Size", "\r"),
        ("change Host: shop.example", "public"),
        ("> change Public: yes", "\r"),
        ("Public [Y/n]", "n"),
        RIGHT,
    ];
    let (code, screen) = in_a_terminal(&sandbox, &["new", "note"], &answers);
    assert_eq!(code, 0, "{screen}");
    let expected = serde_json::json!({"name": "orders", "dns": false, "size": "small"});
    assert_eq!(note(&sandbox), expected, "what the answer closed is gone: {screen}");
}

const SECRETS: &str = "    - required: [name, key]
      properties:
        name: {title: Name, type: string}
        key: {title: Key, type: string, ui:field: Secret}
        pin: {title: Pin, type: string, ui:widget: password}
        last: {title: Last, type: string}
";

#[test]
fn a_secret_is_neither_shown_nor_kept() {
    let sandbox = with_template(SECRETS);
    let template = sandbox.read("templates/note/template.yaml");
    let seen = template.replace("values: {", "values: {seen: \"${{ secrets.key }}\", ");
    sandbox.write("templates/note/template.yaml", &seen);
    sandbox.write("templates/note/skeleton/seen.txt", "${{ values.seen }}\n");
    let typed = [("Name", "orders\r"), ("Key", "geheim\r"), ("Pin", "4711\r")];
    let (_, screen) = in_a_terminal(&sandbox, &["new", "note"], &[&typed[..], &[("Last", CTRL_C)]].concat());
    assert!(!screen.contains("geheim") && !screen.contains("4711"), "{screen}");
    let file = kept(&sandbox).unwrap();
    assert!(file.contains("orders") && !file.contains("geheim") && !file.contains("4711"), "{file}");

    // what was not kept is asked for again, and a key that is pasted is not shown either
    let answers = [&typed[1..], &[("Last", "\r"), RIGHT]].concat();
    let (code, screen) = in_a_terminal(&sandbox, &["new", "--recover"], &answers);
    assert_eq!(code, 0, "{screen}");
    assert!(!screen.contains("geheim") && !screen.contains("4711"), "{screen}");
    assert!(screen.contains("--answers FILE (key, pin)"), "{screen}");
    assert_eq!(note(&sandbox), serde_json::json!({"name": "orders", "key": "******", "pin": "4711"}));
    assert_eq!(sandbox.read("notes/seen.txt"), "geheim\n", "steps see it as secrets.key");
}

const PICKERS: &str = "    - required: [owner, repo, regions]
      properties:
        owner: {title: Owner, type: string, ui:field: OwnerPicker}
        mine: {title: Mine, type: string, ui:field: MyGroupsPicker}
        uses: {title: Uses, type: array, ui:field: MultiEntityPicker, ui:options: {defaultKind: Component}}
        tags: {title: Tags, type: array, items: {type: string}, ui:field: EntityTagsPicker, ui:options: {showCounts: true}}
        repo: {title: Repo, type: string, ui:field: RepoUrlPicker, ui:options: {allowedHosts: [git.example.org]}}
        regions:
          {title: Regions, type: array, uniqueItems: true, minItems: 1, maxItems: 2, ui:widget: checkboxes,
           items: {type: string, enum: [a, b, c], enumNames: [Alpha, Beta, Gamma]}}
        text: {title: Text, type: string, ui:widget: textarea}
        fixed: {title: Fixed, type: string, default: always, ui:readonly: true}
        hosts:
          {title: Hosts, type: array, items: {type: object, properties: {name: {title: Host name, type: string}, port: {title: Port, type: integer}}}}
";

/// A repository with pickers to answer, whose user is in a group.
fn with_pickers() -> Sandbox {
    let mut sandbox = with_template(PICKERS);
    sandbox.set("GIT_AUTHOR_NAME", "Ann");
    sandbox.set("GIT_AUTHOR_EMAIL", "Ann@example.org");
    sandbox.write(
        "catalog/people.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: payments, title: Payments}\nspec: {type: team, children: [], members: [ann]}\n---\napiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: ann}\nspec: {memberOf: [payments], profile: {email: ann@example.org}}\n---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: web, tags: [java]}\nspec: {type: service, lifecycle: production, owner: payments}\n",
    );
    sandbox.git("", &["remote", "add", "origin", "https://git.example.org/acme/platform.git"]);
    sandbox
}

#[test]
fn pickers_are_answered_from_the_catalog_and_the_clone() {
    let sandbox = with_pickers();
    let answers = [
        ("Fixed: always (fixed)", ""),
        // the user's group, found by the address that Git has
        ("> group:default/payments  Payments", "shop"),
        ("> group:default/shop-team", "\r"),
        ("Mine: ", "\r"),
        ("Uses: ", " "),
        ("[x] component:default/web", "other "),
        ("[x] component:default/other", "\r"),
        ("Tags: ", " "),
        ("[x] java (1)", "new "),
        ("[x] new", "\r"),
        // the only allowed host is not asked for, the owner is that of the clone
        ("Repo (owner) [acme]", "\r"),
        ("Repo (repo): ", "shop\r"),
        ("Regions: ", "\r"),
        ("not right: ", " "),
        ("[x] Alpha", "\r"),
        ("Text (optional) (an empty line ends)", "one\rtwo\r\r"),
        ("Hosts: add an entry?", "y"),
        ("Host name", "a.example\r"),
        ("Port", "80\r"),
        ("Hosts: another entry after 1?", "n"),
        RIGHT,
    ];
    let (code, screen) = in_a_terminal(&sandbox, &["new", "note"], &answers);
    assert_eq!(code, 0, "{screen}");
    let expected = serde_json::json!({
        "owner": "group:default/shop-team", "mine": "group:default/payments",
        "uses": ["component:default/other", "component:default/web"],
        "tags": ["java", "new"], "repo": "git.example.org?owner=acme&repo=shop", "regions": ["a"],
        "text": "one\ntwo", "fixed": "always", "hosts": [{"name": "a.example", "port": 80}],
    });
    let mut found = note(&sandbox);
    found["uses"].as_array_mut().unwrap().sort_by_key(ToString::to_string);
    assert_eq!(found, expected, "{screen}");
}

#[test]
fn the_command_that_is_shown_gives_the_same() {
    let sandbox = with_template(SMALL);
    let answers = [("Name", "it's  $HOME; \\ \"x\"\r"), ("Size", "\r"), RIGHT];
    let (code, screen) = in_a_terminal(&sandbox, &["new", "note"], &answers);
    assert_eq!(code, 0, "{screen}");
    let written = note(&sandbox);
    let line = screen.lines().find(|line| line.contains("platform new note --no-input")).unwrap().trim();
    fs::remove_dir_all(sandbox.path("notes")).unwrap();
    let program = env!("CARGO_BIN_EXE_platform");
    let shell = std::process::Command::new("sh")
        .args(["-c", &line.replacen("platform", program, 1)])
        .env_clear()
        .envs(sandbox.env())
        .current_dir(sandbox.path(""))
        .output()
        .unwrap();
    assert!(shell.status.success(), "{line}: {shell:?}");
    assert_eq!(note(&sandbox), written, "{line}");
}

#[test]
fn a_narrow_terminal_is_enough() {
    let sandbox = with_pickers();
    let answers = [("Owner: ", DOWN), ("> ", ESC), ("Owner: ", CTRL_C)];
    let (_, screen) = in_columns(&sandbox, 40, &["new", "note"], &answers);
    let plain = regex::Regex::new("\u{1b}\\[[0-9;?]*[A-Za-z]").unwrap();
    for line in screen.split(['\n', '\r']) {
        let line = plain.replace_all(line, "");
        if line.starts_with("error: ") {
            break;
        }
        assert!(line.chars().count() <= 40, "{line:?}");
    }
}
