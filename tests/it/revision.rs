//! Random catalogs in which entities are renamed, moved and retired: relations follow, and no byte changes
//! that has not to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use platform::catalog::Catalog;
use platform::change::layout::Layout;
use platform::clock::Timestamp;
use platform::entity::{EntityRef, Relation};
use platform::ops::edit::Prepared;
use platform::ops::{catalog, move_entity, new, rename, retire, validate};
use platform::rules::Settings;

/// Numbers that look random and are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }
}

const NAMESPACES: [&str; 3] = ["default", "default", "ops"];

/// An entity to be.
#[derive(Clone)]
struct Seed {
    kind: &'static str,
    namespace: &'static str,
    name: String,
}

fn seeds(random: &mut Random) -> Vec<Seed> {
    let kinds = [
        ("Group", 4),
        ("User", 4),
        ("System", 3),
        ("Domain", 2),
        ("Component", 6),
        ("API", 3),
        ("Resource", 4),
    ];
    let mut seeds = Vec::new();
    for (kind, count) in kinds {
        for number in 0..count {
            // names of different kinds are alike, and some are the beginning of others
            let name = random.one(&["shop", "shop-api", "orders", "x", "a.b_c"]);
            let name = format!("{name}{number}");
            seeds.push(Seed { kind, namespace: NAMESPACES[random.below(3)], name });
        }
    }
    seeds
}

/// A reference from one entity to another, in any of its spellings.
fn spelled(random: &mut Random, from: &Seed, to: &Seed, default_kind: &str) -> String {
    let kind = if default_kind == to.kind && !random.chance(3) {
        String::new()
    } else {
        format!("{}:", if random.chance(2) { to.kind.to_owned() } else { to.kind.to_lowercase() })
    };
    let namespace = if from.namespace == to.namespace && !random.chance(3) {
        String::new()
    } else {
        format!("{}/", to.namespace)
    };
    let text = format!("{kind}{namespace}{}", to.name);
    match random.below(4) {
        0 => format!("'{text}'"),
        1 => format!("\"{text}\""),
        _ => text,
    }
}

fn pick<'s>(random: &mut Random, seeds: &'s [Seed], kind: &str) -> &'s Seed {
    let fitting: Vec<&Seed> = seeds.iter().filter(|seed| seed.kind == kind).collect();
    fitting[random.below(fitting.len())]
}

fn list(
    random: &mut Random,
    from: &Seed,
    seeds: &[Seed],
    field: &str,
    kinds: &[&str],
    default: &str,
) -> String {
    let count = random.below(4);
    let mut named: Vec<&Seed> = Vec::new();
    for _ in 0..count {
        let kind = random.one(kinds);
        let one = pick(random, seeds, kind);
        if !named
            .iter()
            .any(|other| (other.kind, other.namespace, &other.name) == (one.kind, one.namespace, &one.name))
        {
            named.push(one);
        }
    }
    let items: Vec<String> = named.iter().map(|to| spelled(random, from, to, default)).collect();
    if items.is_empty() || random.chance(2) {
        return format!("  {field}: [{}] # {field}\n", items.join(", "));
    }
    let lines: String = items.iter().fold(String::new(), |mut lines, item| {
        let _ = writeln!(lines, "    - {item}   # one of {field}");
        lines
    });
    format!("  {field}:\n{lines}")
}

fn document(random: &mut Random, seed: &Seed, seeds: &[Seed]) -> String {
    let mut text = String::from("# About this one: shop0, orders1, x2.\n");
    let _ = write!(
        text,
        "apiVersion: backstage.io/v1alpha1\nkind: {}\nmetadata:\n  name: {}\n",
        seed.kind, seed.name
    );
    if seed.namespace != "default" || random.chance(4) {
        let _ = writeln!(text, "  namespace: {}", seed.namespace);
    }
    let mentioned = &seeds[random.below(seeds.len())];
    let _ = writeln!(
        text,
        "  annotations: {{example.org/see: '{}:{}/{}', example.org/text: {}}}",
        mentioned.kind, mentioned.namespace, mentioned.name, mentioned.name
    );
    text.push_str("spec:\n");
    let mut scalar = |random: &mut Random, field: &str, kind: &str, default: &str| {
        let to = pick(random, seeds, kind);
        let _ = writeln!(text, "  {field}: {} # {field}", spelled(random, seed, to, default));
    };
    match seed.kind {
        "Group" => {
            if random.chance(2) {
                scalar(random, "parent", "Group", "Group");
            }
        }
        "User" => {}
        kind => {
            scalar(random, "owner", "Group", "Group");
            if !matches!(kind, "System" | "Domain") && random.chance(2) {
                scalar(random, "system", "System", "System");
            }
            if kind == "System" && random.chance(2) {
                scalar(random, "domain", "Domain", "Domain");
            }
        }
    }
    match seed.kind {
        "Group" => {
            text.push_str("  type: team\n  children: []\n");
            text += &list(random, seed, seeds, "members", &["User"], "User");
        }
        "User" => text += &list(random, seed, seeds, "memberOf", &["Group"], "Group"),
        "Component" => {
            text.push_str("  type: service\n  lifecycle: production\n");
            text += &list(random, seed, seeds, "providesApis", &["API"], "API");
            text += &list(random, seed, seeds, "dependsOn", &["Component", "Resource"], "");
        }
        "API" => text.push_str("  type: openapi\n  lifecycle: production\n  definition: x\n"),
        "Resource" => {
            text.push_str("  type: bucket\n");
            text += &list(random, seed, seeds, "dependsOn", &["Resource"], "");
        }
        _ => {}
    }
    text
}

/// Writes a random catalog and returns its seeds.
fn write(root: &Path, random: &mut Random) -> Vec<Seed> {
    let seeds = seeds(random);
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for seed in &seeds {
        let file = match random.below(3) {
            0 => format!("catalog/{}.yaml", random.one(&["many", "more", "most"])),
            1 => format!("catalog/{}/{}.yaml", seed.kind.to_lowercase(), seed.name),
            _ => format!("catalog/{}-{}.yaml", seed.name, seed.kind.to_lowercase()),
        };
        let document = document(random, seed, &seeds);
        let text = files.entry(file).or_default();
        if !text.is_empty() || random.chance(3) {
            text.push_str("---\n");
        }
        text.push_str(&document);
    }
    let targets: String = files.keys().fold(String::new(), |mut targets, path| {
        let _ = writeln!(targets, "    - ./{path}");
        targets
    });
    files.insert(
        "catalog-info.yaml".to_owned(),
        format!("apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{name: all}}\nspec:\n  targets:\n{targets}"),
    );
    for (path, mut text) in files {
        if random.chance(4) {
            text = text.replace('\n', "\r\n");
        }
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    seeds
}

fn validation(root: &Path) -> validate::Request {
    validate::Request {
        root: root.to_path_buf(),
        catalog_paths: vec!["catalog".to_owned()],
        settings: Settings { levels: BTreeMap::new(), allowed_kinds: None, is_whole_catalog: true },
        now: Timestamp(1_800_000_000),
        paths: Vec::new(),
        before: None,
        overlay: BTreeMap::new(),
        absent: BTreeSet::new(),
        rendering: None,
        cache: None,
    }
}

fn load(root: &Path) -> Catalog {
    let validation = validation(root);
    let loaded = catalog::load(&catalog::Request {
        root: validation.root,
        catalog_paths: validation.catalog_paths,
        keep_texts: true,
        settings: validation.settings,
        now: validation.now,
        overlay: BTreeMap::new(),
        absent: BTreeSet::new(),
        rendering: None,
        reported: None,
        cache: None,
    });
    loaded.catalog
}

/// All files below a folder with their contents.
fn tree(root: &Path) -> BTreeMap<String, String> {
    let walked = platform::fs::walk(root);
    walked
        .yaml
        .into_iter()
        .map(|found| (found.path.to_string(), fs::read_to_string(root.join(&*found.path)).unwrap()))
        .collect()
}

type Edges = BTreeSet<(String, Relation, String)>;

/// Every reference, with what it is called under another name.
fn edges(catalog: &Catalog, renamed: Option<(&EntityRef, &EntityRef)>) -> Edges {
    let name = |reference: &EntityRef| match renamed {
        Some((from, to)) if reference == from => to.to_string(),
        _ => reference.to_string(),
    };
    let all = catalog.entities().flat_map(|entity| {
        let own = entity.references.iter().map(move |found| (&entity.reference, found));
        own.map(|(from, found)| (name(from), found.relation, name(&found.target)))
    });
    all.collect()
}

fn prepare_rename(root: &Path, catalog: &Catalog, entity: &EntityRef, name: &str) -> Prepared {
    let prepared = rename::prepare(&rename::Request {
        root,
        catalog,
        entity: catalog.get(entity).unwrap(),
        name,
        layout: &Layout::new("catalog/${{ system or domain or owner }}").unwrap(),
        validation: &validation(root),
    });
    let prepared = prepared.unwrap_or_else(|failure| panic!("{entity}: {failure:?}"));
    assert!(!prepared.has_errors(), "{entity}: {:?}", prepared.report.findings);
    prepared
}

fn count() -> u64 {
    std::env::var("PLATFORM_TEST_CATALOGS").ok().and_then(|count| count.parse().ok()).unwrap_or(40)
}

#[test]
fn a_renamed_entity_keeps_its_relations_and_comes_back_byte_for_byte() {
    for seed in 0..count() {
        let (folder, mut random) = (tempfile::tempdir().unwrap(), Random(seed));
        let root = folder.path();
        let seeds = write(root, &mut random);
        let chosen = &seeds[random.below(seeds.len())];
        let from = EntityRef::new(chosen.kind, chosen.namespace, &chosen.name);
        let to = EntityRef::new(chosen.kind, chosen.namespace, "zz-new");
        let (before, catalog) = (tree(root), load(root));
        let prepared = prepare_rename(root, &catalog, &from, "zz-new");
        new::write(root, &prepared.files).unwrap();
        let (after, renamed) = (tree(root), load(root));
        assert_eq!(edges(&renamed, None), edges(&catalog, Some((&from, &to))), "{from} in catalog {seed}");
        // nothing but the name is different, and only where it is the name of this entity
        let moved: BTreeMap<&str, &str> =
            prepared.consequences.moved.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        for (path, text) in &before {
            let there = &after[*moved.get(path.as_str()).unwrap_or(&path.as_str())];
            assert_eq!(there.replace("zz-new", &chosen.name), *text, "{path} in catalog {seed}");
        }
        assert_eq!(before.len(), after.len());
        let prepared = prepare_rename(root, &renamed, &to, &chosen.name);
        new::write(root, &prepared.files).unwrap();
        assert_eq!(tree(root), before, "{from} in catalog {seed} and back");
    }
}

#[test]
fn an_entity_in_another_namespace_keeps_its_relations() {
    for seed in 0..count() {
        let (folder, mut random) = (tempfile::tempdir().unwrap(), Random(seed));
        let root = folder.path();
        let seeds = write(root, &mut random);
        let chosen = &seeds[random.below(seeds.len())];
        let from = EntityRef::new(chosen.kind, chosen.namespace, &chosen.name);
        let to = EntityRef::new(chosen.kind, "elsewhere", &chosen.name);
        let catalog = load(root);
        let prepared = move_entity::prepare(&move_entity::Request {
            root,
            catalog: &catalog,
            entity: catalog.get(&from).unwrap(),
            to: random.chance(2).then_some("catalog/other/place.yaml"),
            namespace: Some("elsewhere"),
            part_of: None,
            layout: &Layout::new("catalog/${{ owner }}").unwrap(),
            validation: &validation(root),
        })
        .unwrap();
        assert!(!prepared.has_errors(), "{:?}", prepared.report.findings);
        let comments = |tree: &BTreeMap<String, String>| {
            let mut lines: Vec<String> = tree
                .values()
                .flat_map(|text| text.lines().filter_map(|line| Some(line.split_once('#')?.1.to_owned())))
                .collect();
            lines.sort();
            lines
        };
        let before = comments(&tree(root));
        new::write(root, &prepared.files).unwrap();
        assert_eq!(edges(&load(root), None), edges(&catalog, Some((&from, &to))), "{from} in catalog {seed}");
        assert_eq!(comments(&tree(root)), before, "{from} in catalog {seed}");
    }
}

#[test]
fn a_retired_entity_leaves_no_trace_and_takes_nothing_along() {
    let (mut retired, mut kept) = (0, 0);
    for seed in 0..count() {
        let (folder, mut random) = (tempfile::tempdir().unwrap(), Random(seed));
        let root = folder.path();
        let seeds = write(root, &mut random);
        let chosen = &seeds[random.below(seeds.len())];
        let gone = EntityRef::new(chosen.kind, chosen.namespace, &chosen.name);
        let (before, catalog) = (tree(root), load(root));
        let entity = catalog.get(&gone).unwrap();
        let prepared = retire::prepare(&retire::Request {
            root,
            catalog: &catalog,
            entities: vec![entity],
            cascade: false,
            unlink: true,
            replacement: None,
            validation: &validation(root),
        })
        .unwrap();
        if retire::refusal(&prepared.consequences, &[entity]).is_some() {
            let owns = catalog.dependants(&gone).iter().any(|(relation, _)| *relation == Relation::OwnedBy);
            assert!(owns, "{gone} in catalog {seed} could go");
            assert!(prepared.has_errors(), "the catalog would have errors");
            kept += 1;
            continue;
        }
        assert!(!prepared.has_errors(), "{gone} in catalog {seed}: {:?}", prepared.report.findings);
        new::write(root, &prepared.files).unwrap();
        let after = load(root);
        let mut expected = edges(&catalog, None);
        expected.retain(|(from, _, to)| *from != gone.to_string() && *to != gone.to_string());
        assert_eq!(edges(&after, None), expected, "{gone} in catalog {seed}");
        assert_eq!(after.len() + 1, catalog.len());
        // what is left of a file are lines of it, in their order
        for (path, text) in tree(root) {
            let mut old = before[&path].lines();
            for line in text.lines() {
                let is_shorter = line.contains(['[', '{']);
                assert!(is_shorter || old.any(|old| old == line), "{line} is new in {path}, catalog {seed}");
            }
        }
        retired += 1;
    }
    assert!(retired > 0 && kept > 0, "{retired} retired, {kept} kept");
}
