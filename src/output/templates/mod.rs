//! The reports of `templates`.

mod show;
mod test;

use super::diagnostics::{self, Format};
use super::validate::{count, verdict};
use super::{Console, Style, Text};
use crate::error::Failure;
use crate::ops::templates::Available;
use crate::ops::templates::lint::Report;
use crate::ops::templates::trust::Known;
use crate::scaffolder::{Listing, Readiness, SkeletonKind, plan};
/// More files of a template from outside are counted, not shown.
const SHOWN: usize = 30;

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

/// Shows on stderr a template from outside that somebody is to agree to: where it is from, what its steps do,
/// which files it brings.
pub fn outside(
    console: &Console,
    available: &Available,
    source: &str,
    version: &str,
    known: &Known,
) -> Result<(), Failure> {
    let template = available.usable()?;
    let title = template.title.as_deref().unwrap_or(&template.name);
    let mut text = Text::new().styled(Style::Strong, title).end();
    text.line(format!("  from     {source}"));
    text.line(format!("  version  {version}"));
    if let Known::Other(other) = known {
        text.line(format!("  before   {other}, to which you agreed"));
    }
    for step in plan(template).steps {
        let what = match step.readiness {
            Readiness::Unavailable { reason, .. } => reason,
            _ => step.name,
        };
        text.line(format!("  step     {}: {what}", step.action));
    }
    let listing = available.skeleton.list("").map_err(|error| Failure::usage(error.to_string()))?;
    let Listing::Folder(files) = listing else { return Ok(()) };
    let files: Vec<_> = files.iter().filter(|file| file.kind != SkeletonKind::Folder).collect();
    for file in files.iter().take(SHOWN) {
        text.line(format!("  file     {}", file.path));
    }
    if let Some(more) = files.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text.line(format!("           and {more} more"));
    }
    text.line("  It writes below the top of this repository; you see its files and can look at them with --dry-run.");
    console.note(text);
    Ok(())
}

/// Said where no template was named and the repository has none.
fn none() -> Text {
    Text::from("the repository has no templates of its own: name a built-in one\n")
}
