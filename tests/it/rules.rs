//! Each rule against the examples of its documentation and against its fixtures.
//!
//! A fixture is a folder `tests/fixtures/rules/<rule>/<case>/` with the files of a repository, an
//! optional `settings.yaml` and the wanted findings in `expected.txt`, one a line:
//! `path:line:column severity rule: message`.

use std::fs;
use std::path::{Path, PathBuf};

use platform::catalog::Reading;
use platform::clock::Timestamp;
use platform::diagnostic::{Diagnostic, Edit};
use platform::entity::{Files, Lookup};
use platform::rules::{AllowedKind, Ingest, Level, Paths, RULES, Settings, Surroundings, policy, read};
use platform::source::{LineIndex, SourceId, Sources};
use platform::yaml;

use crate::support::shared::files;

/// The files of a small repository in memory: path and text.
pub(crate) struct Memory(pub(crate) Vec<(String, String)>);

impl Files for Memory {
    fn read(&self, path: &str) -> Lookup {
        let found = self.0.iter().find(|(known, _)| known == path);
        found.map_or(Lookup::Missing, |(_, text)| Lookup::Text(text.as_str().into()))
    }
}

/// All findings in a repository.
pub(crate) fn findings(memory: &Memory, settings: &Settings) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let mut ingest = Ingest::default();
    let (mut policies, mut all) = (Vec::new(), Vec::new());
    for (path, text) in &memory.0 {
        if path.rsplit('.').next() == Some("yaml") {
            let id = sources.add(path.as_str(), Some(text.as_str().into()));
            if path.starts_with("policies/") {
                let (read, findings) = policy::parse(id, text);
                policies.extend(read);
                all.extend(findings);
                continue;
            }
            ingest.add(read(id, path, text, &Reading { files: Some(memory), only_backstage: true }));
        }
    }
    let paths: Paths = memory.0.iter().map(|(path, _)| path.as_str().into()).collect();
    let now = Timestamp::parse("2026-11-22T10:00:00Z").unwrap();
    let outcome = ingest.finish(
        sources,
        &Surroundings {
            paths: Some(&paths),
            settings,
            policies: &policies,
            is_judged: &|_, _| true,
            elsewhere: &|_| Vec::new(),
            now,
        },
    );
    all.extend(outcome.findings);
    (outcome.catalog.sources().clone(), all)
}

fn describe(sources: &Sources, finding: &Diagnostic) -> String {
    let text = sources.text(finding.primary.span.source).unwrap();
    let at = LineIndex::new(text).position(text, finding.primary.span.start);
    let (path, severity) = (sources.path(finding.primary.span.source), finding.severity.as_str());
    format!("{path}:{}:{} {severity} {}: {}", at.line, at.column, finding.rule, finding.message)
}

/// The files of an example, set apart by lines `# file: NAME`.
pub(crate) fn example(text: &str) -> Memory {
    if !text.starts_with("# file: ") {
        return Memory(vec![("catalog-info.yaml".to_owned(), text.to_owned())]);
    }
    let parts = text.split("# file: ").skip(1);
    let file = |part: &str| {
        let (name, text) = part.split_once('\n').unwrap();
        (name.to_owned(), text.to_owned())
    };
    Memory(parts.map(file).collect())
}

#[test]
fn each_rule_finds_its_bad_example_and_nothing_in_the_good_one() {
    let kinds = ["API", "Component", "Group", "Location", "Resource", "System", "Template", "User"];
    let allowed_kinds = Some(kinds.into_iter().map(AllowedKind::parse).collect());
    let settings = Settings { allowed_kinds, ..Settings::default() };
    let mut checked = 0;
    for rule in RULES.iter().filter(|rule| !rule.docs.bad.is_empty()) {
        let (sources, bad) = findings(&example(rule.docs.bad), &settings);
        let shown: Vec<String> = bad.iter().map(|finding| describe(&sources, finding)).collect();
        assert!(bad.iter().any(|finding| finding.rule == rule.id), "{}: not found: {shown:#?}", rule.id);
        let (sources, good) = findings(&example(rule.docs.good), &settings);
        let shown: Vec<String> = good.iter().map(|finding| describe(&sources, finding)).collect();
        assert!(good.is_empty(), "{}: {shown:#?}", rule.id);
        checked += 1;
    }
    assert!(checked > 30, "{checked}");
}

#[test]
fn the_table_names_every_rule_once_with_its_documentation() {
    let mut expected: Vec<&str> = RULES.iter().map(|rule| rule.id.as_str()).collect();
    expected.sort_unstable();
    expected.dedup();
    assert_eq!(RULES.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), expected, "sorted, each once");
    for id in platform::entity::rule::ALL {
        assert!(platform::rules::rule(id.as_str()).is_some(), "{id} is not in the table");
    }
    for rule in RULES {
        let docs = &rule.docs;
        assert!(docs.why.ends_with('.') && !docs.fix.ends_with('.'), "{}", rule.id);
        assert!(!rule.summary.is_empty() && !rule.summary.ends_with('.'), "{}", rule.id);
    }
}

/// The files with one suggestion of a finding carried out.
fn mended(memory: &Memory, sources: &Sources, edits: &[Edit]) -> Memory {
    let mut files = memory.0.clone();
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    for edit in edits {
        let path = sources.path(edit.span.source);
        let file = files.iter_mut().find(|(known, _)| known == path).unwrap();
        file.1.replace_range(edit.span.range(), &edit.replacement);
    }
    Memory(files)
}

#[test]
fn each_repair_mends_its_finding() {
    let settings = Settings { is_whole_catalog: true, ..Settings::default() };
    let mut all: Vec<Memory> = RULES.iter().map(|rule| example(rule.docs.bad)).collect();
    all.extend(fixtures().map(|(_, memory)| memory));
    let mut checked = 0;
    for memory in &all {
        let (sources, found) = findings(memory, &settings);
        for finding in &found {
            for suggestion in finding.suggestions.iter().filter(|suggestion| !suggestion.edits.is_empty()) {
                let mended = mended(memory, &sources, &suggestion.edits);
                let (_, left) = findings(&mended, &settings);
                let is_same =
                    |other: &&Diagnostic| other.rule == finding.rule && other.message == finding.message;
                let (before, after) =
                    (found.iter().filter(is_same).count(), left.iter().filter(is_same).count());
                let broken = left.iter().any(|other| other.rule == yaml::SYNTAX);
                let was_broken = found.iter().any(|other| other.rule == yaml::SYNTAX);
                let what = describe(&sources, finding);
                assert!(
                    after < before && (was_broken || !broken),
                    "{what}\n{}: {:#?}",
                    suggestion.message,
                    mended.0
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 15, "{checked}");
}

/// The fixtures: folder and files.
fn fixtures() -> impl Iterator<Item = (PathBuf, Memory)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rules");
    files(&root, &["/expected.txt"]).into_iter().map(|expectation| {
        let folder = expectation.parent().unwrap().to_owned();
        let relative = |path: &Path| path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
        let all = files(&folder, &[""]).into_iter();
        let all = all.map(|path| (relative(&path), fs::read_to_string(&path).unwrap()));
        let memory =
            Memory(all.filter(|(path, _)| path != "expected.txt" && path != "settings.yaml").collect());
        (folder, memory)
    })
}

/// Reads `settings.yaml` of a fixture: `levels`, `kinds`, `whole`.
fn settings(folder: &Path) -> Settings {
    let Ok(text) = fs::read_to_string(folder.join("settings.yaml")) else {
        return Settings { is_whole_catalog: true, ..Settings::default() };
    };
    let (tree, _) = yaml::parse(SourceId(0), &text);
    let root = tree.documents(&text).next().unwrap().root().unwrap();
    let text = |node: yaml::Node<'_>| node.as_str().unwrap().into_owned();
    let levels = root.get("levels").into_iter().flat_map(yaml::Node::entries);
    Settings {
        levels: levels.map(|(rule, level)| (text(rule), Level::parse(&text(level)).unwrap())).collect(),
        allowed_kinds: root
            .get("kinds")
            .map(|kinds| kinds.items().map(|kind| AllowedKind::parse(&text(kind))).collect()),
        is_whole_catalog: root.get("whole").and_then(yaml::Node::as_bool).unwrap_or(true),
    }
}

#[test]
fn each_fixture_has_the_findings_that_it_expects() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (folder, memory) in fixtures() {
        count += 1;
        let (sources, found) = findings(&memory, &settings(&folder));
        let found: String = found.iter().map(|finding| describe(&sources, finding) + "\n").collect();
        if found != fs::read_to_string(folder.join("expected.txt")).unwrap() {
            wrong.push(format!("{}:\n{found}", folder.display()));
        }
    }
    assert!(count > 20, "{count}");
    assert!(wrong.is_empty(), "other findings than expected in {}", wrong.join("\n"));
}
