//! `platform new --submit` without a clone of the central repository.

use crate::support::cli::Sandbox;
use crate::support::git;

fn central() -> Sandbox {
    let sandbox = Sandbox::new();
    git::bare(&sandbox.path("central.git"), sandbox.env(), &[("README.md", "central\n")]);
    sandbox.git(".", &["clone", "-q", "central.git", "seed"]);
    sandbox.platform(["init", ".", "--team", "shop-team"]).within("seed").run().code(0);
    sandbox.git("seed", &["add", "."]);
    sandbox.git("seed", &["commit", "-qm", "Begin"]);
    sandbox.git("seed", &["push", "-q"]);
    std::fs::create_dir(sandbox.path("elsewhere")).unwrap();
    sandbox
}

const ARGS: [&str; 5] = ["new", "system", "--set", "name=shop", "--no-input"];
const OWNER: [&str; 2] = ["--set", "owner=group:default/shop-team"];

#[test]
fn a_request_needs_no_clone() {
    let sandbox = central();
    let url = sandbox.path("central.git").display().to_string();
    let run =
        |more: &[&str]| sandbox.platform(ARGS.iter().chain(&OWNER).chain(more)).within("elsewhere").run();
    run(&[]).code(2).matches("central/nowhere");
    run(&["--repository", &url]).code(2).matches("central/not-sent");
    run(&["--repository", &url, "--submit"]).code(0).matches("central/submit");
    let branch = "platform/new/system.default.shop";
    let made = sandbox.git("central.git", &["show", &format!("{branch}:catalog/shop/system.yaml")]);
    assert!(made.contains("name: shop"), "{made}");
    assert_eq!(std::fs::read_dir(sandbox.path("elsewhere")).unwrap().count(), 0);
    // again, and with the address in the user's own file, in a repository of something else
    sandbox.git(".", &["init", "-q", "elsewhere"]);
    let config = sandbox.home().join(".config/platform");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.yaml"), format!("repository: {url}\n")).unwrap();
    run(&["--submit"]).code(0).matches("central/again");
}

#[test]
fn the_clone_follows_the_base_branch() {
    let sandbox = central();
    let url = sandbox.path("central.git").display().to_string();
    let run = |more: &[&str]| {
        let more = more.iter().chain(&["--repository", &url, "--dry-run"]).copied().collect::<Vec<_>>();
        sandbox.platform(ARGS.iter().chain(&more)).within("elsewhere").run()
    };
    run(&OWNER).code(0);
    let team = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: new-team}\nspec: {type: team, children: []}\n";
    sandbox.write("seed/catalog/new-team/team.yaml", team);
    sandbox.git("seed", &["add", "."]);
    sandbox.git("seed", &["commit", "-qm", "A team"]);
    let args = ["--set", "owner=group:default/new-team"];
    run(&args).code(1);
    sandbox.git("seed", &["push", "-q"]);
    run(&args).code(0);
}
