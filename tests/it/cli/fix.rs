//! `platform validate --fix`.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use platform::diagnostic::{Applicability, Diagnostic, RuleId};
use platform::fs::TemporaryDirectory;
use platform::ops::{fix, validate};
use platform::rules::Settings;
use proptest::prelude::*;

use crate::offending::{Change, change, changed};
use crate::support::cli::Sandbox;
use crate::support::shared::{files, shared};

/// A byte order mark, CRLF, comments, an anchor, an alias, odd blanks, no line break at the end.
const ODD: &str = "\u{feff}# who\r\napiVersion:   backstage.io/v1alpha1 # v1\r\nkind: &kind component\r\nmetadata:\r\n  name: 'orders'\r\n  description:  1.10   # a number\r\n  annotations: {example.com/kind: *kind, \"example.com/on\":  true }\r\n  tags:\r\n    - Java # warm\r\n    -   GO\r\nspec: {type: service, lifecycle: x,   owner: shop}";
const MENDED: &str = "\u{feff}# who\r\napiVersion:   backstage.io/v1alpha1 # v1\r\nkind: &kind Component\r\nmetadata:\r\n  name: 'orders'\r\n  description:  \"1.10\"   # a number\r\n  annotations: {example.com/kind: *kind, \"example.com/on\":  \"true\" }\r\n  tags:\r\n    - java # warm\r\n    -   go\r\nspec: {type: service, lifecycle: x,   owner: shop}";

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    sandbox.write("catalog/odd.yaml", ODD);
    sandbox
}

#[test]
fn what_is_safe_is_mended_and_every_other_byte_stays() {
    let sandbox = repository();
    let path = sandbox.path("catalog/odd.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    sandbox.platform(["validate", "--fix"]).run().code(0).matches("validate/fix");
    assert_eq!(sandbox.read("catalog/odd.yaml"), MENDED);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640, "rights stay");
    let left: Vec<_> = fs::read_dir(sandbox.path("catalog")).unwrap().collect();
    assert_eq!(left.len(), 1, "no temporary file is left");
    sandbox.platform(["validate", "--fix"]).run().code(0).matches("validate/fix-nothing");
}

#[test]
fn a_dry_run_shows_the_difference_and_writes_nothing() {
    let sandbox = repository();
    sandbox.platform(["validate", "--fix", "--dry-run"]).run().code(3).matches("validate/fix-dry-run");
    assert_eq!(sandbox.read("catalog/odd.yaml"), ODD);
}

#[test]
fn what_was_mended_is_in_the_json_and_what_is_left_in_every_format() {
    let sandbox = repository();
    sandbox.write("catalog/bad.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Component\n");
    let run = sandbox.platform(["validate", "--fix", "-o", "json"]).run();
    let report = run.code(1).json();
    assert_eq!(report["fixed"].as_array().unwrap().len(), 5);
    assert_eq!(report["fixed"][0]["rule"], "unknown-kind");
    assert_eq!(report["findings"][0]["place"]["path"], "catalog/bad.yaml");
}

#[test]
fn only_the_paths_that_were_named_are_mended() {
    let sandbox = repository();
    sandbox.write("catalog/other/odd.yaml", &ODD.replace("orders", "others"));
    sandbox.platform(["validate", "--fix", "catalog/odd.yaml"]).run().code(0);
    assert_eq!(sandbox.read("catalog/odd.yaml"), MENDED);
    assert_eq!(sandbox.read("catalog/other/odd.yaml"), ODD.replace("orders", "others"));
}

#[test]
fn what_a_placeholder_or_an_alias_stands_for_is_not_mended_in_its_place() {
    let sandbox = repository();
    let text = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a\n  title: {$json: ./number.json}\n  tags: {$json: ./tags.json}\n  labels: {a: &l Go, b: *l}\n  description: !!int 6\nspec: {type: x, lifecycle: y, owner: z}\n---\nunused: &t Go\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: b, tags: [*t]}\nspec: {type: x, lifecycle: y, owner: z}\n";
    sandbox.write("catalog/odd.yaml", text);
    sandbox.write("catalog/number.json", "5");
    sandbox.write("catalog/tags.json", "[\"Java\"]");
    let run = sandbox.platform(["validate", "--fix", "-o", "concise"]).run();
    let rules = ["wrong-type", "invalid-tag", "wrong-type", "unknown-field", "invalid-tag"];
    let found: Vec<&str> = run.stdout.lines().map(|line| line.split(['[', ']']).nth(1).unwrap()).collect();
    assert_eq!(found, rules, "{run}");
    assert_eq!(sandbox.read("catalog/odd.yaml"), text);
}

#[test]
fn text_on_standard_input_cannot_be_mended_in_place() {
    let sandbox = repository();
    sandbox.platform(["validate", "-", "--fix"]).stdin(ODD).run().code(2).matches("validate/fix-stdin");
}

#[test]
fn bytes_that_are_not_utf_8_are_left_alone() {
    let sandbox = repository();
    let bytes = [ODD.as_bytes(), b"\r\n# \xff\r\n"].concat();
    fs::write(sandbox.path("catalog/odd.yaml"), &bytes).unwrap();
    sandbox.platform(["validate", "--fix"]).run().code(1);
    assert_eq!(fs::read(sandbox.path("catalog/odd.yaml")).unwrap(), bytes);
}

fn request(root: &Path) -> fix::Request {
    let now = platform::clock::Timestamp::parse("2026-11-22T10:00:00Z").unwrap();
    let validation = validate::Request {
        root: root.to_path_buf(),
        catalog_paths: vec![".".to_owned()],
        settings: Settings::default(),
        now,
        paths: Vec::new(),
        before: None,
        overlay: BTreeMap::new(),
        absent: std::collections::BTreeSet::new(),
        rendering: None,
        cache: None,
    };
    fix::Request { validation, dry_run: false }
}

#[test]
fn a_file_that_changed_since_it_was_read_is_not_written() {
    let folder = TemporaryDirectory::new("fix").unwrap();
    let path = folder.path().join("odd.yaml");
    fs::write(&path, "somebody else was here\n").unwrap();
    // the text that is checked is not the one that is there when it is written
    let mut request = request(folder.path());
    request.validation.overlay.insert("odd.yaml".to_owned(), ODD.into());
    let report = fix::fix(&request).unwrap();
    assert_eq!((report.skipped, report.files.len(), report.fixed.len()), (vec!["odd.yaml".to_owned()], 0, 0));
    assert_eq!(fs::read_to_string(&path).unwrap(), "somebody else was here\n");
}

/// Texts with safe repairs of every sort, each beside what it becomes.
const MENDED_TEXTS: &[(&str, &str)] = &[
    (
        "apiVersion: backstage.io/v1alpha1\nkind: &kind component\nmetadata:\n  name: 'orders'\n  description:  1.10   # a number\n  annotations: {example.com/kind: *kind, \"example.com/on\":  true }\n  tags:\n    - Java # warm\n    -   GO\nspec: {type: service, lifecycle: x,   owner: shop}\n",
        "apiVersion: backstage.io/v1alpha1\nkind: &kind Component\nmetadata:\n  name: 'orders'\n  description:  \"1.10\"   # a number\n  annotations: {example.com/kind: *kind, \"example.com/on\":  \"true\" }\n  tags:\n    - java # warm\n    -   go\nspec: {type: service, lifecycle: x,   owner: shop}\n",
    ),
    (
        "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: a # platform: allow empty-value until 2999-01-01 no need\n  tags: [ \"Go\" ,'RUST', &t C++ , *t ]\n  labels: { a: 5, ? b : !!int 6 }\nspec: {type: 'team', children: [   ]} # end\n",
        "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: a \n  tags: [ \"go\" ,'rust', &t c++ , *t ]\n  labels: { a: \"5\", ? b : !!int 6 }\nspec: {type: 'team', children: [   ]} # end\n",
    ),
    (
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: template\nmetadata: {name: t}\nspec:\n  type: x\n  steps:\n    - {id: a-b, action: fs:readdir, input: {paths: [.]}}\n    - {action: debug:log, input: {message: \"é ${{ steps.a-b.output.files }}\", x: &x '${{ steps.a-b }}', y: *x}} # x\n",
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: t}\nspec:\n  type: x\n  steps:\n    - {id: a-b, action: fs:readdir, input: {paths: [.]}}\n    - {action: debug:log, input: {message: \"é ${{ steps['a-b'].output.files }}\", x: &x '${{ steps[\"a-b\"] }}', y: *x}} # x\n",
    ),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// A repair in other surroundings is the same repair, and nothing of them is another byte.
    #[test]
    fn whatever_is_around_a_repair_stays(
        at in 0..MENDED_TEXTS.len(),
        changes in prop::collection::vec(change(), 0..5),
    ) {
        let surrounded = |text: &str| {
            let (marks, others): (Vec<Change>, Vec<Change>) =
                changes.iter().partition(|change| matches!(change, Change::ByteOrderMark));
            let mut number = 0;
            others.into_iter().chain(marks).fold(text.to_owned(), |text, change| {
                number += 1;
                changed(&RuleId::new("any"), &format!("{number}.yaml"), &text, change)
            })
        };
        let (before, after) = MENDED_TEXTS[at];
        let folder = TemporaryDirectory::new("fix").unwrap();
        let path = folder.path().join("a.yaml");
        fs::write(&path, surrounded(before)).unwrap();
        fix::fix(&request(folder.path())).unwrap();
        prop_assert_eq!(fs::read_to_string(&path).unwrap(), surrounded(after));
    }
}

fn is_safe(finding: &Diagnostic) -> bool {
    let safe = |applicability| applicability == Applicability::Safe;
    finding.suggestions.iter().any(|fix| safe(fix.applicability) && !fix.edits.is_empty())
}

/// What is left of a text when everything is taken away that a repair may have touched: quotes, case,
/// comments that are waivers and the blanks around them.
fn untouched(text: &str) -> String {
    let lines = text.split('\n').map(|line| match line.find("# platform: allow") {
        Some(at) => &line[..at],
        None => line,
    });
    lines.collect::<Vec<_>>().join("\n").replace('"', "").to_lowercase()
}

#[test]
fn over_real_files_no_safe_finding_is_left_and_the_rest_stays() {
    let Some(corpus) = shared("corpus") else { return };
    let folder = TemporaryDirectory::new("fix").unwrap();
    let mut before = BTreeMap::new();
    for (index, file) in files(&corpus, &[".yaml", ".yml"]).into_iter().enumerate() {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        // every file is one of its own: the corpus is not one catalog
        let path = folder.path().join(format!("{index}.yaml"));
        fs::write(&path, &text).unwrap();
        before.insert(path, text);
    }
    let report = fix::fix(&request(folder.path())).unwrap();
    assert!(report.files.len() > 10 && report.skipped.is_empty(), "{} files mended", report.files.len());
    let left: Vec<&Diagnostic> = report.left.findings.iter().filter(|finding| is_safe(finding)).collect();
    assert!(left.is_empty(), "{left:#?}");
    let mended: Vec<_> = report.files.iter().map(|file| folder.path().join(&file.path)).collect();
    for (path, text) in &before {
        let after = fs::read_to_string(path).unwrap();
        if mended.contains(path) {
            assert_ne!(&after, text);
            assert_eq!(untouched(&after), untouched(text), "{}", path.display());
        } else {
            assert_eq!(&after, text, "{}", path.display());
        }
    }
}
