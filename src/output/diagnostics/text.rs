//! Findings the way a compiler shows them: the place with an excerpt, other places, why, how to mend it.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::Places;
use crate::diagnostic::{Diagnostic, Label, Reach, Severity};
use crate::output::text::clean;

/// Lines of the file that are handed to the renderer around a place.
const AROUND: u32 = 2;
/// Bytes of them. More are no lines to read, and the renderer takes very long for them: the place alone is told.
const LONGEST: usize = 16 * 1024;

/// One finding as it goes to a stream, with an empty line behind it.
pub(super) fn rendered(colour: bool, width: usize, places: &Places<'_>, found: &Diagnostic) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(width).decor_style(DecorStyle::Ascii);
    // The excerpt library makes control characters visible by itself and adds its own styles.
    format!("{}\n\n", renderer.render(&groups(places, found)))
}

fn groups<'a>(places: &Places<'a>, found: &Diagnostic) -> Vec<Group<'a>> {
    let mut group = match snippet(places, &found.primary, AnnotationKind::Primary) {
        Some(snippet) => title(found).element(snippet),
        None => title(found).element(origin(places, &found.primary)),
    };
    let mut groups = Vec::new();
    for note in &found.notes {
        group = group.element(Level::NOTE.message(clean(note)));
    }
    if found.reach == Reach::Location {
        let frozen =
            "this stops Backstage from updating every entity of this file and of the Location that reads it";
        group = group.element(Level::NOTE.message(frozen));
    }
    for suggestion in &found.suggestions {
        group = group.element(Level::HELP.message(clean(&suggestion.message)));
    }
    groups.push(group);
    for label in &found.related {
        let title = if label.message.is_empty() { "see also" } else { &label.message };
        let unlabelled = Label::new(label.span, "");
        let other = Level::NOTE.secondary_title(clean(title));
        groups.push(match snippet(places, &unlabelled, AnnotationKind::Context) {
            Some(snippet) => other.element(snippet),
            None => other.element(origin(places, label)),
        });
    }
    groups
}

fn title(found: &Diagnostic) -> annotate_snippets::Title<'static> {
    let level = match found.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    level.primary_title(clean(&found.message)).id(clean(found.rule.as_str()))
}

fn origin<'a>(places: &Places<'_>, label: &Label) -> Origin<'a> {
    let origin = Origin::path(clean(places.path(label.span)));
    if places.text(label.span).is_none_or(|(text, _)| text.is_empty()) {
        return origin;
    }
    let (start, _) = places.range(label.span);
    origin.line(start.line as usize).char_column(start.column as usize)
}

/// The lines around a place. A place of several lines is shown by its first.
fn snippet<'a>(
    places: &Places<'a>,
    label: &Label,
    kind: AnnotationKind,
) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let (text, index) = places.text(label.span)?;
    if text.is_empty() {
        return None;
    }
    let line = index.position(text, label.span.start).line;
    let first = line.saturating_sub(AROUND).max(1);
    let window = index.line_range(text, first).start..index.line_range(text, line + AROUND).end;
    if window.len() > LONGEST {
        return None;
    }
    let here = index.line_range(text, line);
    let shown = shown_range(text, label.span.range(), &here);
    let annotation = kind.span(shown.start - window.start..shown.end - window.start);
    let annotation =
        if label.message.is_empty() { annotation } else { annotation.label(clean(&label.message)) };
    let snippet =
        Snippet::source(&text[window]).line_start(first as usize).path(clean(places.path(label.span)));
    Some(snippet.fold(true).annotation(annotation))
}

/// The part of a place on its first line, on character boundaries.
fn shown_range(text: &str, span: Range<usize>, line: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start.clamp(line.start, line.end));
    let end = text.ceil_char_boundary(span.end.clamp(start, line.end));
    start..end
}
