//! `platform add-member`.

use crate::support::cli::Sandbox;

const FILE: &str = "catalog/people.yaml";

const PEOPLE: &str = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: listed}\nspec:\n  type: team\n  children: []\n  members: # on call first\n  - user:eva # lead\n  - user:gone\n---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: named}\nspec: {type: team, children: []}\n---\napiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: eva}\nspec:\n  memberOf: [named]\n---\napiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: Bob}\nspec:\n  memberOf: [] # none yet\n---\napiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: gone}\nspec: {memberOf: []}\n";

fn repository(people: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.platform(["init", ".", "--team", "shop-team"]).run().code(0);
    sandbox.write(FILE, people);
    sandbox
}

/// Runs a change twice: the second time there is nothing left to do.
fn check(args: &[&str], from: &str, to: &str) {
    let sandbox = repository(PEOPLE);
    for _ in 0..2 {
        sandbox.platform(["add-member"].iter().chain(args)).run().code(0);
        assert_eq!(sandbox.read(FILE), PEOPLE.replacen(from, to, 1), "{args:?}");
    }
    sandbox.platform(["validate"]).run().code(0);
}

#[test]
fn who_is_not_in_the_catalog_is_told_with_the_right_one() {
    let sandbox = repository(PEOPLE);
    sandbox.platform(["add-member", "named", "bbo"]).run().code(1).matches("add_member/user-unknown");
    sandbox.platform(["add-member", "nmaed", "bob"]).run().code(1).matches("add_member/group-unknown");
    sandbox.platform(["add-member", "user:bob", "group:named"]).run().code(2).matches("add_member/swapped");
    sandbox.platform(["add-member", "named", "nobody", "--remove"]).run().code(1);
    assert_eq!(sandbox.read(FILE), PEOPLE);
}

#[test]
fn a_group_that_lists_members_lists_the_new_one() {
    check(&["listed", "bob"], "  - user:gone\n", "  - user:gone\n  - user:Bob\n");
}

#[test]
fn the_user_names_a_group_that_lists_none() {
    check(&["group:named", "user:bob"], "memberOf: [] # none yet", "memberOf: [named] # none yet");
}

#[test]
fn a_membership_ends_where_it_is_written() {
    check(&["named", "eva", "--remove"], "memberOf: [named]", "memberOf: []");
    check(&["listed", "eva", "--remove"], "  - user:eva # lead\n", "");
    check(&["named", "bob", "--remove"], "", "");
}

#[test]
fn who_is_gone_from_the_catalog_can_leave_once() {
    let (kept, _) = PEOPLE.rsplit_once("---\n").unwrap();
    let sandbox = repository(kept);
    let leave = || sandbox.platform(["add-member", "listed", "gone", "--remove"]).run();
    leave().code(0).matches("add_member/removed");
    leave().code(1).matches("add_member/gone");
    assert_eq!(sandbox.read(FILE), kept.replace("  - user:gone\n", ""));
}
