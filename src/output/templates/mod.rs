//! The reports of `templates`.

mod show;
mod test;

use super::diagnostics::{self, Format};
use super::validate::{count, verdict};
use super::{Console, Text};
use crate::ops::templates::lint::Report;
pub use show::show;
pub use test::{Subject, test};

/// Writes what is likely wrong in templates to stdout and, for people, a last line to stderr.
pub fn lint(console: &Console, format: Format, report: &Report) {
    diagnostics::print(console, format, &report.sources, &report.findings);
    if !format.is_for_people() {
        return;
    }
    console.note(if report.templates == 0 {
        none()
    } else {
        verdict(&report.findings, &count(report.templates, "template", "templates"))
    });
}

/// Said where no template was named and the repository has none.
fn none() -> Text {
    Text::from("the repository has no templates of its own: name a built-in one\n")
}
