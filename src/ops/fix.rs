//! `validate --fix`: carries out the repairs that are safe, and leaves every other byte as it is.
//!
//! Edits are made by the offsets of the text they were found in. Of repairs that touch each other the
//! first is made, and the rest is looked at again in the result. A file that holds something else by
//! the time it is written is left alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::{file_failure, validate};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Suggestion};
use crate::error::Failure;
use crate::fs;
use crate::source::{LineIndex, Position, SourceId, Sources};
use crate::yaml;

/// Repairs that bring about other repairs end somewhere; rounds bound the ones that would not.
const ROUNDS: usize = 32;

/// What to fix.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to check. What it does not report on is not touched.
    pub validation: validate::Request,
    /// Whether the files are left as they are.
    pub dry_run: bool,
}

/// One repair that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The file.
    pub path: String,
    /// Where the finding was when it was repaired.
    pub position: Position,
    /// The finding.
    pub finding: Diagnostic,
    /// What was done: `write the tag in lower case`.
    pub repair: String,
}

/// A file with repairs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path in the repository.
    pub path: String,
    /// Its text as it was read.
    pub before: Arc<str>,
    /// Its text with the repairs.
    pub after: Arc<str>,
}

/// What was done.
#[derive(Debug)]
pub struct Report {
    /// The repairs, by file and in the order they were made.
    pub fixed: Vec<Fixed>,
    /// The files, by path.
    pub files: Vec<File>,
    /// The paths of files that changed while they were looked at: nothing was done to them.
    pub skipped: Vec<String>,
    /// What is left.
    pub left: validate::Report,
}

/// Repairs what is safe to repair.
pub fn fix(request: &Request) -> Result<Report, Failure> {
    let mut validation = request.validation.clone();
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    let mut fixed = Vec::new();
    let mut left = validate::validate(&validation);
    for _ in 0..ROUNDS {
        let repairs = chosen(&left.findings, &left.sources);
        if repairs.is_empty() {
            break;
        }
        for (source, repairs) in repairs {
            let path = left.sources.path(source).to_owned();
            let Some(before) = left.sources.text(source) else { continue };
            let after: Arc<str> = applied(before, &repairs).into();
            validation.overlay.insert(path.clone(), Arc::clone(&after));
            fixed.extend(told(&path, before, &repairs));
            let first = || File { path: path.clone(), before: Arc::clone(before), after: Arc::clone(&after) };
            files.entry(path.clone()).or_insert_with(first).after = Arc::clone(&after);
        }
        left = validate::validate(&validation);
    }
    fixed.sort_by(|a, b| a.path.cmp(&b.path));
    let mut report = Report { fixed, files: files.into_values().collect(), skipped: Vec::new(), left };
    if !request.dry_run && !report.files.is_empty() {
        write(&request.validation.root, &mut report)?;
        // what is told is what is on disk now
        report.left = validate::validate(&request.validation);
    }
    Ok(report)
}

/// Writes the files that are still what they were; takes the others out of the report.
fn write(root: &Path, report: &mut Report) -> Result<(), Failure> {
    for file in &report.files {
        let target = fs::confined(root, Path::new(&file.path)).map_err(|error| file_failure(&error))?;
        let written = fs::replace_unchanged(&target, file.before.as_bytes(), file.after.as_bytes());
        let is_written = match written {
            Ok(is_written) => is_written,
            Err(error) if error.is_not_found() => false,
            Err(error) => return Err(file_failure(&error)),
        };
        if !is_written {
            report.skipped.push(file.path.clone());
        }
    }
    let skipped = &report.skipped;
    report.files.retain(|file| !skipped.contains(&file.path));
    report.fixed.retain(|fixed| !skipped.contains(&fixed.path));
    Ok(())
}

/// A repair to make.
type Repair<'a> = (&'a Diagnostic, &'a Suggestion);

/// The safe repairs that do not touch each other, by file. Files that are not UTF-8 have none: the
/// offsets in their text are not those of their bytes.
fn chosen<'a>(findings: &'a [Diagnostic], sources: &Sources) -> BTreeMap<SourceId, Vec<Repair<'a>>> {
    let unsound: Vec<SourceId> = findings
        .iter()
        .filter(|finding| finding.rule == yaml::ENCODING)
        .map(|finding| finding.primary.span.source)
        .collect();
    let mut chosen: BTreeMap<SourceId, Vec<Repair<'a>>> = BTreeMap::new();
    for finding in findings {
        let safe = finding.suggestions.iter().find(|suggestion| is_safe(suggestion));
        let Some(suggestion) = safe else { continue };
        let source = suggestion.edits[0].span.source;
        let Some(text) = sources.text(source) else { continue };
        let fits = |edit: &Edit| edit.span.source == source && text.get(edit.span.range()).is_some();
        let others = chosen.entry(source).or_default();
        let is_free = |edit: &Edit| !edits(others).any(|other| touch(edit, other));
        if !unsound.contains(&source) && suggestion.edits.iter().all(|edit| fits(edit) && is_free(edit)) {
            others.push((finding, suggestion));
        }
    }
    chosen.retain(|_, repairs| !repairs.is_empty());
    chosen
}

fn is_safe(suggestion: &Suggestion) -> bool {
    suggestion.applicability == Applicability::Safe && !suggestion.edits.is_empty()
}

fn edits<'a>(repairs: &[Repair<'a>]) -> impl Iterator<Item = &'a Edit> {
    repairs.iter().flat_map(|(_, suggestion)| &suggestion.edits)
}

/// Whether two edits overlap or meet: then the order in which they are made matters.
fn touch(a: &Edit, b: &Edit) -> bool {
    a.span.start <= b.span.end && b.span.start <= a.span.end
}

/// The text with the repairs.
fn applied(text: &str, repairs: &[Repair<'_>]) -> String {
    let mut sorted: Vec<&Edit> = edits(repairs).collect();
    sorted.sort_by_key(|edit| edit.span.start);
    let mut result = String::with_capacity(text.len() + 16 * sorted.len());
    let mut at = 0;
    for edit in sorted {
        let range = edit.span.range();
        result.push_str(text.get(at..range.start).unwrap_or_default());
        result.push_str(&edit.replacement);
        at = range.end;
    }
    result.push_str(text.get(at..).unwrap_or_default());
    result
}

fn told(path: &str, text: &str, repairs: &[Repair<'_>]) -> Vec<Fixed> {
    let lines = LineIndex::new(text);
    let one = |(finding, suggestion): &Repair<'_>| Fixed {
        path: path.to_owned(),
        position: lines.position(text, finding.primary.span.start),
        finding: (*finding).clone(),
        repair: suggestion.message.clone(),
    };
    repairs.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::{applied, chosen};
    use crate::diagnostic::{Applicability, Diagnostic, Edit, RuleId, Suggestion};
    use crate::source::{Sources, Span};

    /// Findings whose safe repairs are these edits, made once.
    fn check(text: &str, repairs: &[&[(u32, u32, &str)]], expected: &str) {
        let mut sources = Sources::default();
        let source = sources.add("a.yaml", Some(text.into()));
        let finding = |edits: &&[(u32, u32, &str)]| {
            let edit = |&(start, end, text): &(u32, u32, &str)| Edit {
                span: Span::new(source, start..end),
                replacement: text.to_owned(),
            };
            let mut found = Diagnostic::error(RuleId::new("x"), Span::start_of(source), "x");
            let edits = edits.iter().map(edit).collect();
            let applicability = Applicability::Safe;
            found.suggestions.push(Suggestion { message: String::new(), edits, applicability });
            found
        };
        let findings: Vec<Diagnostic> = repairs.iter().map(finding).collect();
        let chosen = chosen(&findings, &sources);
        let repairs = chosen.get(&source).map(Vec::as_slice).unwrap_or_default();
        assert_eq!(applied(text, repairs), expected);
    }

    #[test]
    fn the_first_of_overlapping_repairs_is_made_and_each_is_made_whole() {
        check("abcdef", &[&[(4, 5, "E")], &[(1, 2, "B")]], "aBcdEf");
        check("abcdef", &[&[(1, 3, "X")], &[(2, 4, "Y")]], "aXdef");
        check("abcdef", &[&[(1, 2, "X")], &[(2, 2, "Y")]], "aXcdef");
        check("abcdef", &[&[(1, 1, "<"), (3, 3, ">")], &[(3, 4, "Y"), (5, 6, "Z")]], "a<bc>def");
        check("äb", &[&[(1, 2, "X")], &[(9, 9, "Y")], &[(2, 3, "B")]], "äB");
    }
}
