//! The folder `rendered/` follows what `new`, `edit`, `add-member` and `submit` change.

use crate::support::cli::Sandbox;
use crate::support::git;

const ADA: &str = "11111111-2222-3333-4444-555555555555";
const ORDERS: &str = "rendered/main/default/resource-orders.yaml";
const DNS: &str = "rendered/main/default/resource-orders-dns.yaml";

/// A central repository with a namespace, a name, and the folder `rendered/`.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.platform(["init", ".", "--team", "shop-team", "--user-id", ADA]).run().code(0);
    sandbox.write("catalog/shop/orders.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata:\n  name: orders\nspec:\n  type: kubernetes-namespace\n  owner: shop-team\n---\napiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata:\n  name: orders-dns\nspec:\n  type: dns-record\n  owner: shop-team\n  parameters:\n    hostnames: [orders.example.com]\n    namespace: orders\n    backend: {service: orders}\n");
    sandbox.platform(["render", "--write"]).run().code(0);
    sandbox
}

fn add_bob(sandbox: &Sandbox) {
    sandbox.write("catalog/bob.yaml", "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata:\n  name: bob\n  annotations:\n    graph.microsoft.com/user-id: 22222222-2222-3333-4444-555555555555\nspec:\n  memberOf: []\n");
}

/// Runs a command that has to leave `rendered/` fresh.
#[track_caller]
fn check_fresh(sandbox: &Sandbox, args: &[&str], snapshot: &str) {
    sandbox.platform(args.iter().chain(&["--dry-run"])).run().code(0).matches(snapshot);
    sandbox.platform(args).run().code(0);
    sandbox.platform(["render", "--check"]).run().code(0);
}

#[test]
fn edit_brings_the_file_of_the_entity() {
    let sandbox = repository();
    let before = sandbox.read(ORDERS);
    check_fresh(&sandbox, &["edit", "orders-dns", "--set", "spec.parameters.ttl=600"], "rendered/edit");
    assert!(sandbox.read(DNS).contains("recordTTL: 600"));
    assert_eq!(sandbox.read(ORDERS), before);
}

#[test]
fn a_new_member_brings_the_files_of_what_the_group_owns() {
    let sandbox = repository();
    add_bob(&sandbox);
    check_fresh(&sandbox, &["add-member", "shop-team", "bob"], "rendered/add-member");
    assert!(sandbox.read(ORDERS).contains("22222222-"));
}

#[test]
fn new_brings_the_file_of_what_is_new() {
    let sandbox = repository();
    sandbox.write("catalog/shop/shop.yaml", "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata:\n  name: shop\nspec:\n  owner: shop-team\n");
    let set = ["name=carts", "owner=group:default/shop-team", "system=system:default/shop"];
    let sets: Vec<&str> = set.iter().flat_map(|set| ["--set", set]).collect();
    let args: Vec<&str> = ["new-namespace", "--no-input"].into_iter().chain(sets).collect();
    let run = sandbox.platform(args.iter().chain(&["--dry-run"])).run();
    assert!(run.code(0).stdout.contains("+++ b/rendered/main/default/resource-carts.yaml"), "{run}");
    assert!(!sandbox.path("rendered/main/default/resource-carts.yaml").exists());
    sandbox.platform(&args).run().code(0);
    sandbox.platform(["render", "--check"]).run().code(0);
}

#[test]
fn a_change_of_kind_takes_the_file_away() {
    let sandbox = repository();
    check_fresh(&sandbox, &["edit", "orders", "--set", "spec.type=bucket"], "rendered/edit-type");
    assert!(!sandbox.path(ORDERS).exists());
}

#[test]
fn what_was_stale_before_is_left_alone() {
    let sandbox = repository();
    let stale = sandbox.read(ORDERS).replace("cpu: '4'", "cpu: '5'").replace("cpu: \"4\"", "cpu: \"5\"");
    assert_ne!(stale, sandbox.read(ORDERS));
    sandbox.write(ORDERS, &stale);
    sandbox.platform(["edit", "orders-dns", "--set", "spec.parameters.ttl=600"]).run().code(0);
    assert_eq!(sandbox.read(ORDERS), stale);
    sandbox.platform(["edit", "orders", "--set", "spec.parameters.ingress=cluster"]).run().code(0);
    sandbox.platform(["render", "--check"]).run().code(0);
}

#[test]
fn the_setting_decides() {
    let sandbox = repository();
    let settings = sandbox.read("platform.yaml");
    let edit = |ttl: &str| {
        sandbox.platform(["edit", "orders-dns", "--set", ttl]).run().code(0);
        sandbox.platform(["render", "--check"]).run()
    };
    sandbox.write("platform.yaml", &settings.replace("render:\n", "render:\n  commit: never\n"));
    edit("spec.parameters.ttl=600").code(3);
    sandbox.write("platform.yaml", &settings);
    std::fs::remove_dir_all(sandbox.path("rendered")).unwrap();
    edit("spec.parameters.ttl=700").code(3);
    assert!(!sandbox.path("rendered").exists());
    sandbox.write("platform.yaml", &settings.replace("render:\n", "render:\n  commit: always\n"));
    edit("spec.parameters.ttl=800").code(3);
    assert!(sandbox.read(DNS).contains("recordTTL: 800"));
}

#[test]
fn empty_folders_go() {
    let sandbox = repository();
    std::fs::remove_file(sandbox.path("catalog/shop/orders.yaml")).unwrap();
    sandbox.platform(["render", "--write"]).run().code(0);
    assert_eq!(std::fs::read_dir(sandbox.path("rendered")).unwrap().count(), 0);
}

/// The repository with a remote, in `work`.
fn cloned() -> Sandbox {
    let made = repository();
    let sandbox = Sandbox::new();
    git::bare(&sandbox.path("central.git"), sandbox.env(), &[("README.md", "central\n")]);
    sandbox.git(".", &["clone", "-q", "central.git", "work"]);
    for path in ["platform.yaml", "catalog/shop/orders.yaml", "catalog/shop-team/team.yaml", ORDERS, DNS] {
        sandbox.write(&format!("work/{path}"), &made.read(path));
    }
    sandbox.git("work", &["add", "-A"]);
    sandbox.git("work", &["commit", "-qm", "Start"]);
    sandbox.git("work", &["push", "-q", "origin", "HEAD:main"]);
    sandbox
}

fn show(sandbox: &Sandbox, branch: &str, path: &str) -> String {
    sandbox.git("central.git", &["show", &format!("{branch}:{path}")])
}

fn branch(sandbox: &Sandbox) -> String {
    let branches =
        sandbox.git("central.git", &["branch", "--list", "platform/*", "--format=%(refname:short)"]);
    branches.trim().to_owned()
}

#[test]
fn submit_renders_what_was_changed_by_hand() {
    let sandbox = cloned();
    let file = "work/catalog/shop/orders.yaml";
    let text = sandbox.read(file).replace("[orders.example.com]", "[orders.example.com, shop.example.com]");
    sandbox.write(file, &text);
    let platform = |args: &[&str]| sandbox.platform(args.iter().copied()).within("work").run();
    platform(&["submit", "--dry-run"]).code(0).matches("rendered/submit-dry-run");
    platform(&["submit"]).code(0);
    let branch = branch(&sandbox);
    assert!(show(&sandbox, &branch, DNS).contains("shop.example.com"));
    assert!(
        !sandbox.read(&format!("work/{DNS}")).contains("shop.example.com"),
        "the work tree stays as it is"
    );
    let before = sandbox.git("central.git", &["rev-parse", &branch]);
    platform(&["submit"]).code(0);
    assert_eq!(sandbox.git("central.git", &["rev-parse", &branch]), before, "a second run changes nothing");
}

#[test]
fn submit_renders_the_base_branch_with_the_change() {
    let sandbox = cloned();
    // Somebody else adds a member; the clone does not know yet.
    sandbox.git(".", &["clone", "-q", "central.git", "other"]);
    let team = sandbox.read("other/catalog/shop-team/team.yaml");
    let other = team.replace(ADA, "99999999-2222-3333-4444-555555555555");
    sandbox.write("other/catalog/shop-team/team.yaml", &other);
    sandbox.platform(["render", "--write"]).within("other").run().code(0);
    sandbox.git("other", &["commit", "-qam", "Another account"]);
    sandbox.git("other", &["push", "-q", "origin", "HEAD:main"]);

    let file = "work/catalog/shop/orders.yaml";
    let text = sandbox.read(file).replacen(
        "owner: shop-team\n",
        "owner: shop-team\n  parameters: {ingress: cluster}\n",
        1,
    );
    sandbox.write(file, &text);
    sandbox.platform(["render", "--write"]).within("work").run().code(0);
    let run = sandbox.platform(["submit", "catalog"]).within("work").run();
    run.code(0);
    let rendered = show(&sandbox, &branch(&sandbox), ORDERS);
    assert!(rendered.contains("ingress: cluster") && rendered.contains("99999999-"), "{rendered}");
}

#[test]
fn submit_does_not_send_what_was_rendered_by_hand() {
    let sandbox = cloned();
    let path = format!("work/{DNS}");
    sandbox.write(&path, &sandbox.read(&path).replace("recordTTL: 300", "recordTTL: 5"));
    let run = sandbox.platform(["submit"]).within("work").run();
    run.code(0).matches("rendered/submit-by-hand");
    assert_eq!(branch(&sandbox), "");
}

#[test]
fn edit_with_submit_sends_the_rendered_file_too() {
    let sandbox = cloned();
    let args = ["edit", "orders-dns", "--set", "spec.parameters.ttl=600", "--submit"];
    sandbox.platform(args).within("work").run().code(0);
    assert!(show(&sandbox, &branch(&sandbox), DNS).contains("recordTTL: 600"));
}

#[test]
fn the_plugin_gets_manifests_or_nothing() {
    let sandbox = repository();
    let run = sandbox.platform(["render", "--stdout"]).run();
    run.code(0);
    assert_eq!((run.stderr.as_str(), run.stdout.matches("\n---\n").count()), ("", 4));
    assert_eq!(sandbox.platform(["render"]).run().stdout, run.stdout);
    let other = sandbox.platform(["render", "--stdout", "--cluster", "other"]).run();
    assert_eq!((other.code(0).stdout.as_str(), other.stderr.as_str()), ("", ""));
    let main = sandbox.platform(["render", "--stdout", "--cluster", "main"]).run();
    assert_eq!(main.stdout, run.stdout);
    let text = sandbox.read("catalog/shop/orders.yaml").replace("[orders.example.com]", "[Orders_1]");
    sandbox.write("catalog/shop/orders.yaml", &text);
    let run = sandbox.platform(["render", "--stdout"]).run();
    assert_eq!(run.code(1).stdout, "");
    assert!(run.stderr.contains("Orders_1"), "{run}");
}

#[test]
fn the_plugin_is_described() {
    let sandbox = Sandbox::new();
    let run = sandbox.platform(["help", "argocd-plugin"]).run();
    let manifest: serde_json::Value = serde_saphyr::from_str(&run.code(0).stdout).unwrap();
    let plugin: serde_json::Value =
        serde_saphyr::from_str(manifest["data"]["plugin.yaml"].as_str().unwrap()).unwrap();
    let generate = &plugin["spec"]["generate"];
    assert_eq!((&generate["command"][0], &generate["args"][1]), (&"platform".into(), &"--stdout".into()));
    assert!(sandbox.platform(["help", "resource-types"]).run().code(0).stdout.contains("kind: ResourceType"));
    assert!(sandbox.platform(["help", "rendered"]).run().code(0).stdout.contains("render --write"));
}

#[test]
fn the_order_of_files_and_the_place_change_nothing() {
    let sandbox = Sandbox::new();
    let user = ["--team", "shop-team", "--user-id", ADA];
    for folder in ["one", "two/deeper"] {
        sandbox.platform(["init", folder].iter().chain(&user)).run().code(0);
    }
    let entity = |name: usize| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata:\n  name: r{name}\nspec:\n  type: kubernetes-namespace\n  owner: shop-team\n"
        )
    };
    for number in 0..150 {
        sandbox.write(&format!("one/catalog/r/{number}.yaml"), &entity(number));
    }
    let backwards: Vec<String> = (0..150).rev().map(entity).collect();
    sandbox.write("two/deeper/catalog/a.yaml", &backwards.join("---\n"));
    let render =
        |folder: &str| sandbox.platform(["render", "--stdout"]).within(folder).run().code(0).stdout.clone();
    let one = render("one");
    assert_eq!(one.matches("kind: PlatformNamespace").count(), 150);
    assert_eq!(one, render("two/deeper"));
    assert_eq!(one, render("two/deeper/catalog"));
    if crate::support::has_program("taskset") {
        let program = env!("CARGO_BIN_EXE_platform");
        let output = std::process::Command::new("taskset")
            .args(["-c", "0", program, "render", "--stdout"])
            .current_dir(sandbox.path("one"))
            .env_clear()
            .envs(sandbox.env())
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), one, "one thread");
    }
}

#[test]
fn names_that_two_want_are_found() {
    let sandbox = repository();
    let record = |name: &str, rest: &str| {
        let text = format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata:\n  name: {name}\nspec:\n  type: dns-record\n  owner: shop-team\n  parameters:\n    namespace: orders\n    backend: {{service: {name}}}\n{rest}"
        );
        sandbox.write(&format!("catalog/shop/{name}.yaml"), &text);
    };
    record("web", "    hostnames: [shop.example.com, orders.example.com]\n");
    record("api", "    hostnames: [orders.example.com]\n    paths: [/api]\n");
    record("all", "    hostnames: ['*.example.com']\n");
    sandbox.platform(["render", "--write"]).run().code(0);
    sandbox.platform(["validate"]).run().code(1).matches("rendered/hostname-conflict");
}
