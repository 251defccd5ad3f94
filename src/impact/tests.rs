use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::access::expand;
use super::{Plan, Resource, Side, States, compare};
use crate::catalog::{Catalog, build};
use crate::entity::EntityRef;
use crate::object::Object;
use crate::render::Grant;
use crate::source::Sources;

/// Who is in what, as somebody writes it down: each field of the catalog's own, in any combination.
#[derive(Clone, Debug)]
struct Graph {
    /// Of each group: parent, children, members.
    groups: Vec<(Option<usize>, BTreeSet<usize>, BTreeSet<usize>)>,
    /// Of each user the groups.
    users: Vec<BTreeSet<usize>>,
}

fn graphs() -> impl Strategy<Value = Graph> {
    let some = |most: usize| proptest::collection::btree_set(0..most, 0..3);
    let group = (proptest::option::of(0..6_usize), some(6), some(5));
    (proptest::collection::vec(group, 6), proptest::collection::vec(some(6), 5))
        .prop_map(|(groups, users)| Graph { groups, users })
}

impl Graph {
    fn catalog(&self) -> Catalog {
        let list = |prefix: &str, all: &BTreeSet<usize>| {
            all.iter().map(|at| format!("{prefix}{at}")).collect::<Vec<_>>().join(", ")
        };
        let mut text = String::new();
        for (at, (parent, children, members)) in self.groups.iter().enumerate() {
            let parent = parent.map(|parent| format!("parent: g{parent}, ")).unwrap_or_default();
            write!(text, "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {{name: g{at}}}\nspec: {{type: team, {parent}children: [{}], members: [{}]}}\n---\n", list("g", children), list("u", members)).unwrap();
        }
        for (at, groups) in self.users.iter().enumerate() {
            write!(text, "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {{name: u{at}}}\nspec: {{memberOf: [{}]}}\n---\n", list("g", groups)).unwrap();
        }
        let mut sources = Sources::default();
        sources.add("a.yaml", Some(text.into()));
        build(sources).0
    }

    /// The members of each group by brute force: what follows is added until nothing follows any more.
    fn members(&self) -> Vec<BTreeSet<usize>> {
        let mut members: Vec<BTreeSet<usize>> =
            self.groups.iter().map(|(_, _, members)| members.clone()).collect();
        for (user, groups) in self.users.iter().enumerate() {
            for group in groups {
                members[*group].insert(user);
            }
        }
        loop {
            let before = members.clone();
            for (at, (parent, children, _)) in self.groups.iter().enumerate() {
                for child in children {
                    let of_child = members[*child].clone();
                    members[at].extend(of_child);
                }
                if let Some(parent) = parent {
                    let own = members[at].clone();
                    members[*parent].extend(own);
                }
            }
            if members == before {
                return members;
            }
        }
    }

    /// Whether a group is directly within another one.
    fn is_within(&self, child: usize, parent: usize) -> bool {
        self.groups[child].0 == Some(parent) || self.groups[parent].1.contains(&child)
    }

    fn is_direct(&self, user: usize, group: usize) -> bool {
        self.users[user].contains(&group) || self.groups[group].2.contains(&user)
    }
}

fn group(at: usize) -> EntityRef {
    EntityRef::new("group", "default", &format!("g{at}"))
}

fn number(entity: &EntityRef) -> usize {
    entity.name()[1..].parse().unwrap()
}

const LEVELS: [&str; 3] = ["view", "edit", "admin"];

/// A namespace that gives each group of `grants` its level.
fn side<'a>(catalog: &'a Catalog, grants: &[(usize, usize)]) -> Side<'a> {
    let grants = grants.iter().map(|(at, level)| Grant {
        on: "namespace x".into(),
        level: LEVELS[*level].into(),
        to: group(*at),
    });
    let resource = Resource { cluster: "main".into(), objects: Vec::new(), grants: grants.collect() };
    Side { catalog, resources: BTreeMap::from([(EntityRef::new("resource", "default", "x"), resource)]) }
}

/// The level that each user has, by brute force.
fn levels(graph: &Graph, grants: &[(usize, usize)]) -> BTreeMap<usize, usize> {
    let members = graph.members();
    let mut held = BTreeMap::new();
    for (group, level) in grants {
        for user in &members[*group] {
            let own = held.entry(*user).or_insert(*level);
            *own = (*own).max(*level);
        }
    }
    held
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn members_and_the_ways_to_them_are_right(graph in graphs()) {
        let catalog = graph.catalog();
        for (at, expected) in graph.members().into_iter().enumerate() {
            let found = expand(&catalog, &group(at));
            prop_assert_eq!(found.keys().map(number).collect::<BTreeSet<_>>(), expected);
            for (user, chain) in found {
                let chain: Vec<usize> = chain.iter().map(number).collect();
                prop_assert_eq!(chain[0], at);
                prop_assert!(chain.windows(2).all(|pair| graph.is_within(pair[1], pair[0])));
                prop_assert!(graph.is_direct(number(&user), chain[chain.len() - 1]));
            }
        }
    }

    #[test]
    fn gains_and_losses_are_those_of_brute_force(
        before in graphs(), after in graphs(),
        old in proptest::collection::vec((0..6_usize, 0..3_usize), 0..3),
        new in proptest::collection::vec((0..6_usize, 0..3_usize), 0..3),
    ) {
        let catalogs = [before.catalog(), after.catalog()];
        let candidates = catalogs.iter().flat_map(Catalog::entities).map(|entity| entity.reference.clone());
        let plan = compare(&States {
            before: side(&catalogs[0], &old),
            after: side(&catalogs[1], &new),
            candidates: candidates.collect(),
            unknown: BTreeSet::new(),
            types: BTreeMap::new(),
        });
        let (had, has) = (levels(&before, &old), levels(&after, &new));
        let expected: BTreeMap<usize, (Option<usize>, Option<usize>)> = (0..5)
            .map(|user| (user, (had.get(&user).copied(), has.get(&user).copied())))
            .filter(|(_, (had, has))| had != has)
            .collect();
        let level = |text: &Option<String>| text.as_ref().and_then(|text| LEVELS.iter().position(|it| it == text));
        let found: BTreeMap<usize, (Option<usize>, Option<usize>)> = plan.access.grants.iter()
            .map(|change| (number(&change.user), (level(&change.before), level(&change.after))))
            .collect();
        prop_assert_eq!(plan.access.grants.len(), found.len());
        prop_assert_eq!(found, expected);

        let (before, after) = (before.members(), after.members());
        let mut joined = BTreeSet::new();
        for group in 0..6 {
            joined.extend(after[group].difference(&before[group]).map(|user| (group, *user, true)));
            joined.extend(before[group].difference(&after[group]).map(|user| (group, *user, false)));
        }
        let told: BTreeSet<_> = plan.access.memberships.iter()
            .map(|change| (number(&change.group), number(&change.user), change.joins))
            .collect();
        prop_assert_eq!(told, joined);
    }
}

/// What becomes of the resource `a` with these objects in these clusters, and with this access.
fn plan(before: (&str, &[Value], &[(&str, &str)]), after: (&str, &[Value], &[(&str, &str)])) -> Plan {
    let mut sources = Sources::default();
    let text =
        "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: a}\nspec: {type: x, owner: g}\n";
    sources.add("a.yaml", Some(text.into()));
    let (catalog, _) = build(sources);
    let entity = EntityRef::new("resource", "default", "a");
    let side = |(cluster, objects, grants): (&str, &[Value], &[(&str, &str)])| {
        let grant = |(user, level): &(&str, &str)| Grant {
            on: "namespace x".into(),
            level: (*level).into(),
            to: EntityRef::new("user", "default", user),
        };
        let resource = Resource {
            cluster: cluster.into(),
            objects: objects.iter().cloned().map(Object).collect(),
            grants: grants.iter().map(grant).collect(),
        };
        Side { catalog: &catalog, resources: BTreeMap::from([(entity.clone(), resource)]) }
    };
    compare(&States {
        before: side(before),
        after: side(after),
        candidates: BTreeSet::new(),
        unknown: BTreeSet::new(),
        types: BTreeMap::new(),
    })
}

fn object(api_version: &str, kind: &str, namespace: &str, rest: &Value) -> Value {
    let mut object =
        json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x", "namespace": namespace}});
    object.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    object
}

fn check_risks(plan: &Plan, expected: &[&str]) {
    let found: Vec<String> = plan
        .risks
        .iter()
        .map(|risk| format!("{} {}: {}", risk.severity.word(), risk.id, risk.reason))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn what_cannot_be_changed_is_a_risk() {
    let set = |size: &str, replicas: u32| {
        let spec = json!({"replicas": replicas, "volumeClaimTemplates": [{"metadata": {"name": "d"}, "size": size}]});
        [object("apps/v1", "StatefulSet", "n", &json!({"spec": spec}))]
    };
    check_risks(&plan(("main", &set("1Gi", 1), &[]), ("main", &set("1Gi", 2), &[])), &[]);
    check_risks(
        &plan(("main", &set("1Gi", 1), &[]), ("main", &set("2Gi", 1), &[])),
        &[
            "high immutable-field: StatefulSet n/x: spec.volumeClaimTemplates[0].size cannot be changed, so applying it fails",
        ],
    );
}

#[test]
fn another_cluster_or_namespace_is_a_move() {
    let set = |namespace| [object("apps/v1", "StatefulSet", namespace, &json!({}))];
    let map = |namespace| [object("v1", "ConfigMap", namespace, &json!({}))];
    check_risks(
        &plan(("main", &map("a"), &[]), ("far", &map("a"), &[])),
        &[
            "medium cluster-move: moves from the cluster main to far: ConfigMap removed there and made anew here",
        ],
    );
    check_risks(
        &plan(("main", &set("a"), &[]), ("main", &set("b"), &[])),
        &[
            "high data-loss: StatefulSet a/x is destroyed, and its data goes with it",
            "high namespace-move: moves from the namespace a to b: StatefulSet removed there and made anew here",
        ],
    );
    let other_version = [object("v2", "ConfigMap", "a", &json!({}))];
    let plan = plan(("main", &map("a"), &[]), ("main", &other_version, &[]));
    assert_eq!(plan.objects[0].fields[0].path, "apiVersion", "another version is the same object");
    check_risks(&plan, &[]);
}

#[test]
fn the_last_who_may_is_missed() {
    let change = |before: &[(&str, &str)], after: &[(&str, &str)]| {
        let plan = plan(("main", &[], before), ("main", &[], after));
        let told: Vec<String> = plan
            .access
            .grants
            .iter()
            .map(|change| format!("{} {:?} {:?}", change.user.name(), change.before, change.after))
            .collect();
        (plan, told)
    };
    let (plan, told) = change(&[("ada", "admin"), ("bob", "view")], &[("ada", "edit"), ("bob", "view")]);
    assert_eq!(told, ["ada Some(\"admin\") Some(\"edit\")"]);
    check_risks(&plan, &["medium last-admin-lost: nobody has admin access to namespace x any more"]);
    let (plan, told) = change(&[("ada", "admin")], &[("ada", "view"), ("ada", "admin"), ("ada", "auditor")]);
    assert_eq!(told, ["ada None Some(\"auditor\")"], "the greatest level and those apart from it");
    check_risks(&plan, &[]);
}
