//! `platform init`.

use crate::support::cli::Sandbox;
use crate::support::terminal::in_a_terminal;

const ID: &str = "11111111-2222-3333-4444-555555555555";

/// Answers to everything that matters for a repository on GitHub.
const WHOLE: [&str; 8] = [
    "--team",
    "shop-team",
    "--repository",
    "git@github.com:acme/blueprint.git",
    "--zone",
    "example.com",
    "--user-id",
    ID,
];

fn init<'a>(directory: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    ["init", directory].into_iter().chain(more.iter().copied()).collect()
}

#[test]
fn a_new_repository_is_right_and_committed() {
    let sandbox = Sandbox::new();
    sandbox.platform(init("blueprint", &WHOLE)).run().code(0).matches("init/new");
    assert_eq!(sandbox.git("blueprint", &["status", "--porcelain"]), "");
    for command in
        [&["validate"][..], &["render", "--check"], &["codeowners", "--check"], &["templates", "lint"]]
    {
        sandbox.platform(command).within("blueprint").run().code(0);
    }
}

#[test]
fn each_answer_has_its_files() {
    let sandbox = Sandbox::new();
    let variants: [(&str, &[&str]); 4] = [
        (
            "gitlab",
            &[
                "--repository",
                "https://git.example.org/acme/sub/b",
                "--forge",
                "gitlab",
                "--gitops",
                "flux",
                "--cluster",
                "eu,us",
            ],
        ),
        (
            "forgejo",
            &["--repository", "https://codeberg.org/acme/b", "--type", "dns-record", "--template", "none"],
        ),
        (
            "azure",
            &[
                "--repository",
                "git@ssh.dev.azure.com:v3/acme/shop/b",
                "--gitops",
                "flux",
                "--type",
                "dns-record",
            ],
        ),
        ("nothing", &["--forge", "none", "--gitops", "none", "--type", "none", "--template", "none"]),
    ];
    for (name, flags) in variants {
        let flags: Vec<&str> = ["--team", "ops"].iter().chain(flags).copied().collect();
        sandbox.platform(init(name, &flags)).run().code(0).matches(&format!("init/{name}"));
        let mut commands = vec![vec!["validate"], vec!["render", "--check"]];
        if sandbox.path(name).join("CODEOWNERS").exists() {
            commands.push(vec!["codeowners", "--check"]);
        }
        for command in commands {
            sandbox.platform(command).within(name).run().code(0);
        }
    }
}

#[test]
fn the_remote_tells_where_the_repository_is() {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q"]);
    sandbox.git(".", &["remote", "add", "origin", "https://ada:secret@gitlab.com/acme/b.git"]);
    sandbox.platform(init(".", &["--team", "ops"])).run().code(0);
    assert!(sandbox.path(".gitlab-ci.yml").exists());
    assert!(sandbox.read("CODEOWNERS").contains("@acme/ops"));
    let root = sandbox.read("gitops/argocd/root.yaml");
    assert!(root.contains("repoURL: https://gitlab.com/acme/b.git") && !root.contains("secret"), "{root}");
}

#[test]
fn an_existing_repository_gets_what_is_missing_and_nothing_else() {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q"]);
    sandbox.write("README.md", "mine\n");
    sandbox.write("types/dns-record/type.yaml", "mine: too\n");
    sandbox.platform(init(".", &WHOLE)).run().code(0).matches("init/existing");
    assert_eq!(sandbox.read("README.md"), "mine\n");
    assert_eq!(sandbox.read("types/dns-record/type.yaml"), "mine: too\n");
    let before = (sandbox.git(".", &["status", "--porcelain", "-uall"]), sandbox.git(".", &["add", "-A"]));
    sandbox.write("policies/owner.yaml", "# changed by hand\n");
    let run = sandbox.platform(init(".", &WHOLE)).run();
    run.code(0);
    assert!(run.stdout.contains("differs    owner.yaml") && !run.stdout.contains("new "), "{run}");
    assert_eq!(sandbox.read("policies/owner.yaml"), "# changed by hand\n");
    assert_eq!(sandbox.git(".", &["diff", "--name-only"]), "policies/owner.yaml", "{before:?}");
}

#[test]
fn a_dry_run_says_the_same_and_makes_nothing() {
    let sandbox = Sandbox::new();
    let dry: Vec<&str> = init("blueprint", &WHOLE).into_iter().chain(["--dry-run", "-o", "json"]).collect();
    let dry = sandbox.platform(dry).run();
    assert!(!sandbox.path("blueprint").exists());
    let wet: Vec<&str> = init("blueprint", &WHOLE).into_iter().chain(["-o", "json"]).collect();
    assert_eq!(dry.json()["created"], sandbox.platform(wet).run().json()["created"]);
}

#[test]
fn a_folder_with_something_in_it_is_not_committed() {
    let sandbox = Sandbox::new();
    sandbox.write("blueprint/secret.txt", "x\n");
    let run = sandbox.platform(init("blueprint", &["--team", "ops"])).run();
    run.code(0);
    assert!(run.stderr.contains("look at it and commit it"), "{run}");
    assert!(sandbox.git("blueprint", &["status", "--porcelain"]).contains("?? secret.txt"));
}

#[test]
fn nothing_is_written_through_a_link_that_leads_out() {
    let sandbox = Sandbox::new();
    sandbox.write("outside/keep.txt", "x\n");
    sandbox.write("blueprint/keep.txt", "x\n");
    std::os::unix::fs::symlink("../outside", sandbox.path("blueprint/policies")).unwrap();
    sandbox.platform(init("blueprint", &["--team", "ops"])).run().code(2).matches("init/link");
    let names = |folder: &str| std::fs::read_dir(sandbox.path(folder)).unwrap().count();
    assert_eq!((names("outside"), names("blueprint")), (1, 2));
    // a file that is a link is there, wherever it leads
    let sandbox = Sandbox::new();
    sandbox.write("blueprint/keep.txt", "x\n");
    std::os::unix::fs::symlink("../nowhere", sandbox.path("blueprint/README.md")).unwrap();
    let run = sandbox.platform(init("blueprint", &["--team", "ops"])).run();
    run.code(0);
    assert!(run.stdout.contains("differs  README.md") && !sandbox.path("nowhere").exists(), "{run}");
}

#[test]
fn a_file_in_the_place_of_a_folder_is_told() {
    let sandbox = Sandbox::new();
    sandbox.write("blueprint/policies", "x\n");
    let run = sandbox.platform(init("blueprint", &["--team", "ops"])).run();
    run.code(2);
    assert!(run.stderr.contains("policies is no folder"), "{run}");
    assert!(!sandbox.path("blueprint/README.md").exists());
}

#[test]
fn wrong_answers_are_told() {
    Sandbox::new().platform(["init", "--team", "../x"]).run().code(2).matches("init/team-wrong");
    for (flag, value) in [
        ("--cluster", "../x"),
        ("--zone", "com"),
        ("--org", "a b"),
        ("--user-id", "1"),
        ("--user-email", "x"),
        ("--base", "a b"),
        ("--repository", "../central.git"),
        ("--type", "nothing-like-it"),
        ("--template", "nothing-like-it"),
        ("--platform-source", "git:$(id)"),
    ] {
        let run = Sandbox::new().platform(["init", flag, value]).run();
        run.code(2);
        assert!(run.stderr.contains(flag) && run.stderr.contains(value), "{run}");
    }
}

#[test]
fn the_command_in_the_hint_lets_the_first_service_in() {
    let sandbox = Sandbox::new();
    let run = sandbox.platform(init(".", &["--team", "ops"])).run();
    let hint = run
        .stderr
        .lines()
        .find_map(|line| line.strip_prefix("before the first namespace: platform "))
        .unwrap();
    let service = [
        "new-service",
        "--set",
        "name=orders",
        "--set",
        "owner=group:default/ops",
        "--set",
        "system=shop",
        "--set",
        "newSystem=true",
    ];
    sandbox.platform(service).run().code(1);
    sandbox.platform(hint.replace("YOUR-OBJECT-ID", ID).split(' ')).run().code(0);
    sandbox.platform(service).run().code(0);
}

#[test]
fn a_terminal_is_asked_and_told_the_same_command() {
    let sandbox = Sandbox::new();
    let answers = [
        ("first team", "ops\r"),
        ("Your name", "\r"),
        ("e-mail", "\r"),
        ("Entra ID", "\r"),
        ("URL of the repository", "https://git.example.org/acme/b\r"),
        ("Whose CI", "\r"),
        ("organisation", "\r"),
        ("brings objects", "\r"),
        ("clusters", "eu\r"),
        ("zones", "example.com\r"),
        ("Resource types", "\r"),
        ("CI gets", "\r"),
    ];
    let (code, screen) = in_a_terminal(&sandbox, &["init", "asked"], &answers);
    assert_eq!(code, 0, "{screen}");
    let told = screen.split("the same without questions:").nth(1).unwrap();
    let told = told.lines().map(str::trim).find(|line| line.starts_with("platform ")).unwrap();
    let told = told.replace("'Ada Author'", "Ada_Author").replace(" asked ", " told ");
    let words: Vec<String> = told.split(' ').skip(1).map(|word| word.replace('_', " ")).collect();
    sandbox.platform(words).run().code(0);
    let tree = |folder: &str| sandbox.git(folder, &["ls-tree", "-r", "HEAD"]);
    let differing: Vec<_> = tree("asked")
        .lines()
        .zip(tree("told").lines())
        .filter(|(a, b)| a != b)
        .map(|(a, _)| a.split('\t').next_back().unwrap().to_owned())
        .collect();
    assert_eq!(
        differing,
        ["README.md", "catalog-info.yaml"],
        "only the name of the folder differs\n{screen}"
    );
}

#[test]
fn production_is_held_to_the_policies() {
    let sandbox = Sandbox::new();
    sandbox.platform(init(".", &WHOLE)).run().code(0);
    let service = |more: &[&str]| {
        let mut words = vec![
            "new-service",
            "--dry-run",
            "--set",
            "name=orders",
            "--set",
            "owner=group:default/shop-team",
        ];
        words.extend(["--set", "system=shop", "--set", "newSystem=true", "--set", "lifecycle=production"]);
        words.extend(more);
        sandbox.platform(words).run()
    };
    service(&[]).code(1).matches("init/production");
    for name in ["bob", "eve"] {
        sandbox.write(
            &format!("catalog/shop-team/{name}.yaml"),
            &format!("apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata:\n  name: {name}\n  annotations:\n    graph.microsoft.com/user-id: {ID}\nspec:\n  memberOf: [shop-team]\n"),
        );
    }
    service(&["--set", "dataClass=internal"]).code(0);
}
