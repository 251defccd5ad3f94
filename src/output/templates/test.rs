//! The report of `templates test`.

use serde::Serialize;

use super::super::new::unified;
use super::super::validate::count;
use super::super::{Console, Format, Style, Text, json};
use super::none;
use crate::error::Failure;
use crate::ops::templates::cases::{Case, Tested, Verdict};
use crate::scaffolder::{Difference, Differs};

/// What was tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Software Templates.
    Templates,
    /// Resource types.
    Types,
}

impl Subject {
    fn one(self) -> &'static str {
        if self == Self::Templates { "template" } else { "resource type" }
    }

    fn many(self) -> &'static str {
        if self == Self::Templates { "templates" } else { "resource types" }
    }

    fn command(self) -> &'static str {
        if self == Self::Templates { "templates" } else { "types" }
    }

    /// The file that a test starts from.
    fn input(self) -> &'static str {
        if self == Self::Templates { "answers.yaml" } else { "entity.yaml" }
    }

    fn none(self) -> Text {
        if self == Self::Templates {
            return none();
        }
        Text::new().plain("there are no types in this repository; name a built-in one: platform types list\n")
    }
}

/// Writes how each test ended, with what differs.
pub fn test(console: &Console, format: Format, subject: Subject, tested: &[Tested]) -> Result<(), Failure> {
    if format != Format::Text {
        let all: Vec<_> = tested.iter().map(wire).collect();
        let passed = tested.iter().all(Tested::is_fine);
        let wire = match subject {
            Subject::Templates => Wire { passed, templates: Some(all), types: None },
            Subject::Types => Wire { passed, templates: None, types: Some(all) },
        };
        return json::print(console, format, &wire);
    }
    for template in tested {
        console.print(template_text(subject, template));
    }
    console.note(summary(subject, tested));
    Ok(())
}

fn template_text(subject: Subject, tested: &Tested) -> Text {
    let mut text = Text::new();
    for problem in &tested.problems {
        text.push(Style::Bad, "broken ");
        text.line(format!(" {}: {problem}", tested.template));
    }
    if tested.problems.is_empty() && tested.cases.is_empty() {
        text.push(Style::Dim, "no tests");
        let input = subject.input();
        text.line(format!(" {}: write tests/CASE/{input} beside it, then --update", tested.template));
    }
    for case in &tested.cases {
        case_text(&mut text, subject, &tested.template, case);
    }
    text
}

fn case_text(text: &mut Text, subject: Subject, template: &str, case: &Case) {
    let (style, word) = match &case.verdict {
        Verdict::Passed => (Style::Good, "ok"),
        Verdict::Updated(_) => (Style::Warn, "updated"),
        Verdict::Differs(_) => (Style::Bad, "differs"),
        Verdict::Stopped(_) => (Style::Bad, "stopped"),
    };
    text.push(style, format!("{word:<8}"));
    text.line(format!("{template}/{}", case.name));
    match &case.verdict {
        Verdict::Passed => {}
        Verdict::Stopped(reasons) => {
            for reason in reasons {
                text.line(format!("  {}", reason.replace('\n', "\n  ")));
            }
        }
        Verdict::Updated(differences) | Verdict::Differs(differences) => {
            for difference in differences {
                difference_text(text, subject, difference);
            }
        }
    }
}

fn difference_text(text: &mut Text, subject: Subject, difference: &Difference) {
    let path = &difference.path;
    match &difference.kind {
        Differs::Content { expected, actual, .. } if expected != actual => {
            text.append(unified(path, Some(expected), Some(actual)));
        }
        kind => text.line(format!("  {path}: {}", words(subject, kind))),
    }
}

fn words(subject: Subject, kind: &Differs) -> &'static str {
    match kind {
        Differs::Missing if subject == Subject::Types => "expected, but the type does not make it",
        Differs::Missing => "expected, but the template does not make it",
        Differs::Unexpected => "made, but not expected",
        Differs::Content { .. } => "another content",
        Differs::Sort => "one is a file and the other a link, or the links point elsewhere",
    }
}

fn summary(subject: Subject, tested: &[Tested]) -> Text {
    if tested.is_empty() {
        return subject.none();
    }
    let cases = || tested.iter().flat_map(|tested| &tested.cases);
    let failed = cases().filter(|case| !case.verdict.is_fine()).count()
        + tested.iter().filter(|tested| !tested.problems.is_empty()).count();
    let updated = cases().filter(|case| matches!(case.verdict, Verdict::Updated(_))).count();
    let mut looked = count(tested.len(), subject.one(), subject.many());
    if cases().count() > 0 {
        looked = format!("{} of {looked}", count(cases().count(), "test", "tests"));
    }
    let text = match (failed, updated) {
        (0, 0) => Text::new().styled(Style::Good, "ok").plain(format!(": {looked}")),
        (0, updated) => {
            Text::new().styled(Style::Warn, format!("{updated} updated")).plain(format!(" in {looked}"))
        }
        (failed, _) => {
            Text::new().styled(Style::Bad, format!("{failed} failed")).plain(format!(" in {looked}"))
        }
    };
    let differs = cases().any(|case| matches!(case.verdict, Verdict::Differs(_)));
    let text = text.end();
    if differs {
        text.plain(format!("if the difference is right: platform {} test --update\n", subject.command()))
    } else {
        text
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    passed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    templates: Option<Vec<WireTemplate<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    types: Option<Vec<WireTemplate<'a>>>,
}

#[derive(Serialize)]
struct WireTemplate<'a> {
    name: &'a str,
    problems: Vec<String>,
    tests: Vec<WireCase<'a>>,
}

#[derive(Serialize)]
struct WireCase<'a> {
    name: &'a str,
    verdict: &'static str,
    reasons: &'a [String],
    differences: Vec<WireDifference<'a>>,
}

#[derive(Serialize)]
struct WireDifference<'a> {
    path: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

fn wire(tested: &Tested) -> WireTemplate<'_> {
    WireTemplate {
        name: &tested.template,
        problems: tested.problems.iter().map(ToString::to_string).collect(),
        tests: tested.cases.iter().map(wire_case).collect(),
    }
}

fn wire_case(case: &Case) -> WireCase<'_> {
    let (verdict, reasons, differences): (_, &[String], &[Difference]) = match &case.verdict {
        Verdict::Passed => ("passed", &[], &[]),
        Verdict::Differs(differences) => ("differs", &[], differences),
        Verdict::Updated(differences) => ("updated", &[], differences),
        Verdict::Stopped(reasons) => ("stopped", reasons, &[]),
    };
    let differences = differences.iter().map(wire_difference).collect();
    WireCase { name: &case.name, verdict, reasons, differences }
}

fn wire_difference(difference: &Difference) -> WireDifference<'_> {
    let (kind, line) = match &difference.kind {
        Differs::Missing => ("missing", None),
        Differs::Unexpected => ("unexpected", None),
        Differs::Content { line, .. } => ("content", Some(*line)),
        Differs::Sort => ("sort", None),
    };
    WireDifference { path: &difference.path, kind, line }
}
