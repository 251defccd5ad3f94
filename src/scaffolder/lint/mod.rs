//! What authors of templates get wrong and Backstage keeps silent about until somebody uses them.
//!
//! [`lint`] reads a template as YAML, so that findings have places, and the files that its
//! `fetch:template` steps render. [`LINTS`] has one row for each finding, with its documentation. It does
//! not look at what Backstage's schema says about a template: `entity::decode` does.

mod expressions;
mod parameters;
mod skeleton;
mod steps;
mod table;

use std::borrow::Cow;

use crate::diagnostic::{Diagnostic, RuleId};
use crate::expression::Engine;
use crate::source::Span;
use crate::yaml::{Kind, Node};

use super::skeleton::Skeleton;
pub use table::{LINTS, Lint};

/// How many findings one template has at most.
const MAX_FINDINGS: usize = 500;
/// How deep a template is read.
const MAX_DEPTH: usize = 64;

/// Everything that is likely wrong in a template, in the order of the text.
///
/// `template` is the root of its document. With a skeleton the files are read too that its steps
/// render; what is wrong in them is reported at the `url` of the step.
pub fn lint(template: Node<'_>, engine: &Engine, skeleton: Option<&dyn Skeleton>) -> Vec<Diagnostic> {
    let mut linter = Linter { engine, findings: Vec::new() };
    let Some(spec) = template.get("spec") else { return Vec::new() };
    let steps = steps::read(spec);
    let declared = parameters::declared(spec);
    linter.steps(&steps);
    let used = linter.expressions(spec, &steps, &declared);
    linter.unused_parameters(&declared, &used);
    if let Some(skeleton) = skeleton {
        linter.skeletons(&steps, skeleton);
    }
    let mut findings = linter.findings;
    findings.sort_by_key(|finding| (finding.primary.span.start, finding.primary.span.end));
    findings.truncate(MAX_FINDINGS);
    findings
}

struct Linter<'a> {
    engine: &'a Engine,
    findings: Vec<Diagnostic>,
}

impl Linter<'_> {
    fn report(&mut self, finding: Diagnostic) {
        if self.findings.len() < 4 * MAX_FINDINGS {
            self.findings.push(finding);
        }
    }
}

/// A text in the template, and where it is.
struct Site<'a> {
    node: Node<'a>,
    text: Cow<'a, str>,
}

impl<'a> Site<'a> {
    fn of(node: Node<'a>) -> Option<Self> {
        Some(Self { node, text: node.as_str()? })
    }

    /// The place of `length` bytes at `offset` of the text, and whether it is known to the byte: in
    /// a text that is folded, escaped or an alias it is the text as a whole.
    fn place(&self, offset: usize, length: usize) -> (Span, bool) {
        let span = self.node.span();
        let quotes = span.range().len().saturating_sub(self.text.len());
        let is_here = matches!(self.text, Cow::Borrowed(_)) && !self.node.is_alias();
        let plain = is_here && (quotes == 0 || quotes == 2);
        let end = offset + length;
        if !plain || end > self.text.len() {
            return (span, false);
        }
        let start = span.start + quotes as u32 / 2;
        (Span { start: start + offset as u32, end: start + end as u32, ..span }, true)
    }
}

/// Calls `visit` for every text below a node.
fn each_text<'a>(node: Node<'a>, visit: &mut impl FnMut(Site<'a>), depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    match node.kind() {
        Kind::Mapping => node.entries().for_each(|(_, value)| each_text(value, visit, depth + 1)),
        Kind::Sequence => node.items().for_each(|item| each_text(item, visit, depth + 1)),
        _ => {
            if let Some(site) = Site::of(node) {
                visit(site);
            }
        }
    }
}

fn rule(id: &'static str) -> RuleId {
    RuleId::new(id)
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Diagnostic;
    use crate::expression::Engine;
    use crate::scaffolder::Files;
    use crate::source::SourceId;

    use super::LINTS;

    /// Findings of a text of several files: the template first, the others behind `# file: NAME`.
    fn findings(text: &str) -> Vec<Diagnostic> {
        let mut parts = text.split("# file: ");
        let template = parts.next().unwrap();
        let mut files = Files::default();
        for part in parts {
            let (name, content) = part.split_once('\n').unwrap();
            files.write(name, content.as_bytes().to_vec(), false).unwrap();
        }
        let (tree, problems) = crate::yaml::parse(SourceId(0), template);
        assert_eq!(problems, []);
        let root = tree.documents(template).next().unwrap().root().unwrap();
        super::lint(root, &Engine::default(), Some(&files))
    }

    fn check(text: &str, expected: &[(&str, &str, &str)]) {
        let found = findings(text);
        let shown = |one: &Diagnostic| {
            (one.rule.to_string(), text[one.primary.span.range()].to_owned(), one.message.clone())
        };
        let found: Vec<_> = found.iter().map(shown).collect();
        let found: Vec<_> = found.iter().map(|(a, b, c)| (&**a, &**b, &**c)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_lint_finds_its_bad_example_and_not_its_good_one() {
        for lint in LINTS {
            let bad: Vec<_> = findings(lint.bad).into_iter().map(|one| one.rule).collect();
            assert_eq!(bad, std::slice::from_ref(&lint.id), "{}", lint.id);
            assert_eq!(findings(lint.good), [], "{}", lint.id);
        }
    }

    #[test]
    fn what_backstage_passes_over_has_no_unknown_action_or_input() {
        let rules = |condition: &str| -> Vec<String> {
            let step = "{action: acme:coffee, IF input: {}}\n    - {action: fetch:template, IF input: {url: ./no}}\n";
            let steps = step.replace("IF", condition);
            let found = findings(&format!("spec:\n  steps:\n    - {steps}"));
            found.iter().map(|found| found.rule.to_string()).collect()
        };
        let all = ["template-unknown-action", "template-missing-skeleton"];
        assert_eq!(rules(""), all);
        assert_eq!(rules("if: true,"), all);
        assert_eq!(rules("if: false,"), [""; 0]);
        assert_eq!(rules("if: '',"), [""; 0]);
        assert_eq!(rules("if: '', each: [1],"), all);
        assert_eq!(rules("if: false, each: [1],"), [""; 0]);
        assert_eq!(rules("if: ~,"), all);
    }

    #[test]
    fn places_are_known_to_the_byte() {
        let template = "\
spec:
  parameters:
    properties:
      name: {type: string}
  steps:
    - id: my-step
      action: fs:delete
      if: parameters.name
      input:
        files: [\"a-${{ parameters.nmae }}\", '${{ steps.my-step.output.x }}', '${{ user | nofilter }}']
        file: x
";
        check(
            template,
            &[
                (
                    "template-condition-without-expression",
                    "parameters.name",
                    "this `if` is always true: it has no ${{ }}",
                ),
                ("template-undefined-parameter", "parameters.nmae", "the template has no parameter nmae"),
                (
                    "template-hyphenated-step",
                    "steps.my-step",
                    "steps.my-step is a subtraction, not the step my-step",
                ),
                ("template-unknown-filter", "nofilter", "there is no filter nofilter"),
                ("template-unknown-input", "file", "fs:delete has no input file"),
            ],
        );
    }
}
