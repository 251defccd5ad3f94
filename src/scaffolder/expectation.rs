//! Tests of templates: answers, and the files that they must come to.
//!
//! A template keeps its tests beside itself: `tests/<case>/answers.yaml` (or `answers.json`) and the
//! files below `tests/<case>/expected/`. Reading them and comparing is here; running the template is
//! for the caller, who knows the catalog.

use serde_json::{Map, Value};

use super::files::{Entry, Files};
use super::skeleton::{Kind, Listing, Skeleton, SkeletonError};
use crate::source::{LineIndex, SourceId};

/// One test of a template.
#[derive(Clone, Debug, PartialEq)]
pub struct TestCase {
    /// The name of its folder.
    pub name: String,
    /// The answers, without defaults.
    pub answers: Map<String, Value>,
    /// The files that the template must make, no more and no less.
    pub expected: Files,
}

/// One way in which files are not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The path in the workspace.
    pub path: String,
    /// What differs.
    pub kind: Differs,
}

/// What differs at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Differs {
    /// The template did not make it.
    Missing,
    /// The template made it, and the test does not know of it.
    Unexpected,
    /// The content is another one.
    Content {
        /// The line of the first difference, from 1.
        line: u32,
        /// The text that was expected; with U+FFFD where it is not UTF-8.
        expected: String,
        /// The text that was made.
        actual: String,
    },
    /// One is a file and the other a link, or the links point elsewhere.
    Sort,
}

/// The tests that a template keeps in its folder, in the order of their names.
///
/// A test without answers has none. An error says which file could not be read.
pub fn test_cases(skeleton: &dyn Skeleton) -> Result<Vec<TestCase>, SkeletonError> {
    let root = if skeleton.folder().is_empty() {
        "tests".to_owned()
    } else {
        format!("{}/tests", skeleton.folder())
    };
    let Listing::Folder(listed) = skeleton.list(&root)? else { return Ok(Vec::new()) };
    let mut cases: Vec<TestCase> = Vec::new();
    for entry in &listed {
        if entry.kind == Kind::Folder && !entry.path.contains('/') {
            cases.push(TestCase {
                name: entry.path.clone(),
                answers: Map::new(),
                expected: Files::default(),
            });
        }
    }
    for entry in &listed {
        let Some((case, path)) = entry.path.split_once('/') else { continue };
        let Some(case) = cases.iter_mut().find(|known| known.name == case) else { continue };
        let whole = format!("{root}/{}", entry.path);
        match (path, &entry.kind) {
            ("answers.yaml" | "answers.yml" | "answers.json", Kind::File { .. }) => {
                case.answers = answers(&skeleton.read(&whole)?, &whole)?;
            }
            (path, kind) => {
                if let Some(path) = path.strip_prefix("expected/") {
                    expect(case, path, kind, skeleton, &whole)?;
                }
            }
        }
    }
    Ok(cases)
}

fn expect(
    case: &mut TestCase,
    path: &str,
    kind: &Kind,
    skeleton: &dyn Skeleton,
    whole: &str,
) -> Result<(), SkeletonError> {
    let written = match kind {
        Kind::Folder => Ok(()),
        Kind::File { executable } => case.expected.write(path, skeleton.read(whole)?, *executable),
        Kind::Link { target } => case.expected.link(path, target.clone()),
    };
    written.map_err(|error| SkeletonError(format!("{whole}: {error}")))
}

fn answers(bytes: &[u8], path: &str) -> Result<Map<String, Value>, SkeletonError> {
    let text = String::from_utf8_lossy(bytes);
    let (tree, problems) = crate::yaml::parse(SourceId(0), &text);
    if let Some(problem) = problems.first() {
        let position = LineIndex::new(&text).position(&text, problem.primary.span.start);
        return Err(SkeletonError(format!(
            "{path}:{}:{}: {}",
            position.line, position.column, problem.message
        )));
    }
    match tree.documents(&text).next().and_then(|document| document.root()).map(crate::yaml::Node::to_json) {
        Some(Value::Object(answers)) => Ok(answers),
        None | Some(Value::Null) => Ok(Map::new()),
        Some(_) => Err(SkeletonError(format!("{path}: the answers must be a mapping"))),
    }
}

/// Where the files that a template made are not those that its test expects, in the order of the
/// paths. Folders and modes are not compared: Git keeps no folders, and not every disk keeps modes.
pub fn compare(expected: &Files, actual: &Files) -> Vec<Difference> {
    let mut found = Vec::new();
    for (path, wanted) in expected.iter() {
        let kind = match actual.get(path) {
            None | Some(Entry::Folder) => Some(Differs::Missing),
            Some(made) => differs(wanted, made),
        };
        found.extend(kind.map(|kind| Difference { path: path.to_owned(), kind }));
    }
    for (path, _) in actual.iter() {
        if expected.get(path).is_none() {
            found.push(Difference { path: path.to_owned(), kind: Differs::Unexpected });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn differs(wanted: &Entry, made: &Entry) -> Option<Differs> {
    match (wanted, made) {
        (Entry::File { bytes: wanted, .. }, Entry::File { bytes: made, .. }) if wanted == made => None,
        (Entry::File { bytes: wanted, .. }, Entry::File { bytes: made, .. }) => {
            let same = wanted.iter().zip(made).take_while(|(a, b)| a == b).map(|(byte, _)| *byte);
            let line = 1 + same.filter(|byte| *byte == b'\n').count() as u32;
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            Some(Differs::Content { line, expected: text(wanted), actual: text(made) })
        }
        (wanted, made) => (wanted != made).then_some(Differs::Sort),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Difference, Differs, compare, test_cases};
    use crate::scaffolder::Files;

    fn tree(files: &[(&str, &str)]) -> Files {
        let mut tree = Files::default();
        for (path, content) in files {
            tree.write(path, content.as_bytes().to_vec(), false).unwrap();
        }
        tree
    }

    fn check(expected: &[(&str, &str)], actual: &[(&str, &str)], differences: &[(&str, Differs)]) {
        let differences: Vec<Difference> = differences
            .iter()
            .map(|(path, kind)| Difference { path: (*path).into(), kind: kind.clone() })
            .collect();
        assert_eq!(compare(&tree(expected), &tree(actual)), differences);
    }

    #[test]
    fn every_difference_is_named() {
        check(&[("a", "1")], &[("a", "1")], &[]);
        let content = Differs::Content { line: 2, expected: "x\ny".into(), actual: "x\nz".into() };
        check(
            &[("a", "x\ny"), ("b/c", "")],
            &[("a", "x\nz"), ("b/d", "")],
            &[("a", content), ("b/c", Differs::Missing), ("b/d", Differs::Unexpected)],
        );
    }

    #[test]
    fn tests_are_read_from_the_folder_of_the_template() {
        let files = tree(&[
            ("template.yaml", ""),
            ("tests/full/answers.yaml", "name: shop\n"),
            ("tests/full/expected/a/b.txt", "b"),
            ("tests/none/expected/.keep", ""),
            ("tests/readme.md", ""),
        ]);
        let cases = test_cases(&files).unwrap();
        assert_eq!(cases.iter().map(|case| &*case.name).collect::<Vec<_>>(), ["full", "none"]);
        assert_eq!(cases[0].answers, *json!({"name": "shop"}).as_object().unwrap());
        assert_eq!(cases[0].expected, tree(&[("a/b.txt", "b")]));
        let broken = tree(&[("tests/x/answers.yaml", "a: [")]);
        assert!(test_cases(&broken).unwrap_err().0.starts_with("tests/x/answers.yaml:1:"));
    }
}
