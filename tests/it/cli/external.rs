//! `platform new` with a template from outside of the repository.

use crate::support::cli::Sandbox;
use crate::support::git;

const TEMPLATE: &str = "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: box, title: A box}\nspec:\n  type: resource\n  parameters:\n    required: [name]\n    properties:\n      name: {type: string}\n  steps:\n    - {id: copy, name: Copy the box, action: fetch:template, input: {url: ./skeleton, targetPath: catalog, values: {name: '${{ parameters.name }}'}}}\n";

const BOX: &str = "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: '${{ values.name }}'}\nspec: {type: box, owner: shop-team}\n";

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.platform(["init", "central", "--team", "shop-team"]).run().code(0);
    sandbox
}

fn new<'s>(sandbox: &'s Sandbox, template: &str, more: &[&str]) -> crate::support::cli::Invocation<'s> {
    named(sandbox, template, "b1", more)
}

fn named<'s>(
    sandbox: &'s Sandbox,
    template: &str,
    name: &str,
    more: &[&str],
) -> crate::support::cli::Invocation<'s> {
    let name = format!("name={name}");
    let args = ["new", template, "--set", &name];
    sandbox.platform(args.iter().chain(more)).within("central")
}

#[test]
fn a_template_from_git_is_agreed_to_once_for_each_commit() {
    let mut sandbox = repository();
    let files = [
        ("boxes/a/template.yaml", TEMPLATE),
        ("boxes/a/skeleton/${{ values.name }}.yaml", BOX),
        ("other", "x"),
    ];
    git::bare(&sandbox.path("served/boxes.git"), sandbox.env(), &files);
    let daemon = git::Daemon::start(&sandbox.path("served"), sandbox.env());
    sandbox.placeholder(&daemon.port().to_string(), "PORT");
    let address = format!("{}//boxes/a@main", daemon.url("boxes.git"));
    new(&sandbox, &address, &[]).run().code(2).matches("external/not-agreed");
    assert!(!sandbox.path("central/catalog/b1.yaml").exists());
    let commit = sandbox.git("served/boxes.git", &["rev-parse", "main"]);
    new(&sandbox, &address, &["--trust", "0000000"]).run().code(2).matches("external/other-commit");
    new(&sandbox, &address, &["--trust", &commit[..12]]).run().code(0).matches("external/agreed");
    assert!(sandbox.read("central/catalog/b1.yaml").contains("name: 'b1'"));
    // remembered, whatever the ref is called
    named(&sandbox, &address.replace("@main", ""), "b2", &[]).run().code(0);
    assert!(sandbox.path("central/catalog/b2.yaml").exists());
    // and asked again for the next commit
    sandbox.git(".", &["clone", "-q", "served/boxes.git", "author"]);
    sandbox.write("author/boxes/a/template.yaml", &TEMPLATE.replace("A box", "A better box"));
    sandbox.git("author", &["commit", "-qam", "Better"]);
    sandbox.git("author", &["push", "-q"]);
    named(&sandbox, &address, "b3", &[]).run().code(2).matches("external/next-commit");
    assert!(!sandbox.path("central/catalog/b3.yaml").exists());
}

#[test]
fn a_folder_is_agreed_to_once_for_each_content() {
    let sandbox = repository();
    sandbox.write("boxes/template.yaml", TEMPLATE);
    sandbox.write("boxes/skeleton/box.yaml", BOX);
    let run = new(&sandbox, "../boxes", &[]).run().code(2).stderr.clone();
    let version = run.split("--trust=").nth(1).unwrap().trim().to_owned();
    new(&sandbox, "../boxes", &["--trust", &version]).run().code(0);
    new(&sandbox, "../boxes", &[]).run().code(0);
    sandbox.write("boxes/skeleton/more.yaml", "x: 1\n");
    new(&sandbox, "../boxes", &[]).run().code(2);
}

#[test]
fn what_is_no_template_is_told() {
    let sandbox = repository();
    std::fs::create_dir(sandbox.path("empty")).unwrap();
    new(&sandbox, "../empty", &[]).run().code(1).matches("external/empty");
    new(&sandbox, "../none", &[]).run().code(2).matches("external/no-folder");
    new(&sandbox, "ext::sh -c 'touch x'://", &[]).run().code(2).matches("external/scheme");
    git::bare(&sandbox.path("boxes.git"), sandbox.env(), &[("a/template.yaml", TEMPLATE)]);
    let address = format!("file://{}", sandbox.path("boxes.git").display());
    new(&sandbox, &format!("{address}//b"), &[]).run().code(1);
    new(&sandbox, &format!("{address}//a@none"), &[]).run().code(1);
    assert!(!sandbox.path("central/x").exists());
}
