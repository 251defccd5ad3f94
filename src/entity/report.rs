//! The findings of the checks, in words.

use std::borrow::Cow;

use serde_json::Value;

use crate::diagnostic::{Applicability, Diagnostic, Edit, Reach, RuleId, Suggestion, did_you_mean};
use crate::source::Span;
use crate::yaml::emit;

use super::field_path::FieldPath;
use super::format::Format;
use super::kinds::{self, Field, KINDS};
use super::placeholder::Placeholders;
use super::reference::RefError;
use super::rule;
use super::view::{Type, View};

/// The fields without which Backstage cannot even name the entity: their absence or wrong type stops
/// everything that comes through the same Location.
const ENVELOPE: [&[&str]; 5] =
    [&["apiVersion"], &["kind"], &["metadata"], &["metadata", "name"], &["metadata", "namespace"]];

/// What a missing or mistyped value at this path stops.
pub(crate) fn reach(path: &FieldPath<'_>) -> Reach {
    if ENVELOPE.iter().any(|keys| path.is(keys)) { Reach::Location } else { Reach::Entity }
}

/// Where to point when something is missing in a mapping: its first key, or all of it when empty.
pub(crate) fn head(view: View<'_>, placeholders: &Placeholders) -> Span {
    let mut head = None;
    view.entries(placeholders, |_, span, _| {
        head.get_or_insert(span);
    });
    head.unwrap_or_else(|| view.span())
}

/// The value is not of the sort it must be.
pub(crate) fn wrong_type(view: View<'_>, expected: &str, path: &FieldPath<'_>) -> Diagnostic {
    let sort = view.sort();
    let message = match sort {
        Type::Nothing => format!("`{path}` has no value, it must be {expected}"),
        _ => format!("`{path}` must be {expected}, but is {}", sort.noun()),
    };
    let finding = Diagnostic::error(rule::WRONG_TYPE, view.span(), message).reaching(reach(path));
    match (sort, expected) {
        (Type::Nothing, _) => finding.help(format!("give `{}` a value, or remove the key", path.last_key())),
        (Type::Bool | Type::Number, "text") if view.is_tagged() => finding.help("put quotes around it, without its tag"),
        (Type::Bool | Type::Number, "text") => quoted(finding, view.span()),
        (Type::Text, "a list") => finding.help("write it as a list: one item a line, each after `- `"),
        (Type::Object, "text") => finding.note(
            "a mapping cannot stand here; an unquoted `{{` starts one, and a long text needs `|` after the key",
        ),
        _ => finding,
    }
}

/// Adds the repair that puts quotes around a plain scalar.
fn quoted(mut finding: Diagnostic, span: Span) -> Diagnostic {
    let at = |offset| Edit { span: Span::new(span.source, offset..offset), replacement: "\"".to_owned() };
    finding.suggestions.push(Suggestion {
        message: "put quotes around it".to_owned(),
        edits: vec![at(span.start), at(span.end)],
        applicability: Applicability::Safe,
    });
    finding
}

/// Makes the repairs of findings about a value fit how it is written: in its own quotes, and none where something
/// else stands in its place, an alias or a placeholder.
pub(crate) fn fit_repairs(findings: &mut [Diagnostic], view: View<'_>) {
    if findings.is_empty() {
        return;
    }
    let (span, quote) = (view.span(), view.quote());
    let suggestions = findings.iter_mut().flat_map(|finding| &mut finding.suggestions);
    for suggestion in suggestions {
        let within = |edit: &Edit| span.start <= edit.span.start && edit.span.end <= span.end;
        if view.stands_for_another() && suggestion.edits.iter().any(within) {
            suggestion.edits.clear();
            suggestion.applicability = Applicability::Guess;
        }
        let Some(quote) = quote else { continue };
        for edit in suggestion.edits.iter_mut().filter(|edit| edit.span == span) {
            if !edit.replacement.contains(['"', '\'', '\\']) {
                edit.replacement = format!("{quote}{}{quote}", edit.replacement);
            }
        }
    }
}

/// The text is empty.
pub(crate) fn empty(span: Span, path: &FieldPath<'_>) -> Diagnostic {
    Diagnostic::error(rule::EMPTY_VALUE, span, format!("`{path}` must not be empty")).reaching(reach(path))
}

/// A field that must be there is not.
pub(crate) fn missing(
    name: &str,
    unknown: &[(Cow<'_, str>, Span)],
    kind: &str,
    parent: &FieldPath<'_>,
) -> Diagnostic {
    let path = parent.key(name, parent.anchor);
    let message = match kind {
        "" => format!("`{path}` is missing"),
        kind => format!("`{path}` is missing: every {kind} needs it"),
    };
    let finding = Diagnostic::error(rule::MISSING_FIELD, parent.anchor, message).reaching(reach(&path));
    let candidates = unknown.iter().map(|(key, _)| &**key).filter(|key| key.len() > 2);
    let meant = did_you_mean(name, candidates);
    match meant.and_then(|meant| unknown.iter().find(|(key, _)| key == meant)) {
        Some((key, span)) => {
            let advice = format!("did you mean `{name}` where `{key}` is written?");
            finding.related(*span, "no field of this name is known").fix(
                Applicability::Guess,
                advice,
                *span,
                name,
            )
        }
        None => finding.help(format!("add `{name}:` with a value")),
    }
}

/// A field that no entity has at its root.
pub(crate) fn unknown_field(key: &str, span: Span, fields: &[Field]) -> Diagnostic {
    let message = format!("`{key}` is not a field of an entity");
    let finding = Diagnostic::error(rule::UNKNOWN_FIELD, span, message)
        .note("an entity has `apiVersion`, `kind`, `metadata` and `spec` at its root, nothing else");
    match did_you_mean(key, fields.iter().map(|field| field.name)) {
        Some(meant) => finding.fix(Applicability::Guess, format!("did you mean `{meant}`?"), span, meant),
        None => finding.help("move it into `metadata.annotations` or `spec`, or remove it"),
    }
}

/// A field that looks like one that the kind has and that is not there.
pub(crate) fn misspelled(key: &str, span: Span, meant: &str, parent: &FieldPath<'_>) -> Diagnostic {
    let message =
        format!("`{}` is ignored by Backstage: no field of this name is known", parent.key(key, span));
    Diagnostic::warning(rule::MISSPELLED_FIELD, span, message).fix(
        Applicability::Guess,
        format!("did you mean `{meant}`?"),
        span,
        meant,
    )
}

/// The text does not have the form it must have.
pub(crate) fn bad_form(text: &str, span: Span, format: Format, path: &FieldPath<'_>) -> Diagnostic {
    let (rule, what) = match format {
        Format::ApiVersion => (rule::INVALID_API_VERSION, "apiVersion"),
        Format::Kind => (rule::INVALID_KIND, "kind"),
        Format::Namespace => (rule::INVALID_NAMESPACE, "namespace"),
        Format::LabelValue => (rule::INVALID_LABEL, "label value"),
        Format::Key => (rule::INVALID_ANNOTATION, "key"),
        Format::Tag => (rule::INVALID_TAG, "tag"),
        Format::Url => (rule::INVALID_LINK, "URL"),
        Format::NotBlank => (rule::INVALID_LINK, "text"),
        Format::Name => (rule::INVALID_NAME, "name"),
    };
    let shown = shorten(text);
    let finding = Diagnostic::error(rule, span, format!("`{shown}` is not a valid {what}"))
        .label(format!("`{path}`"))
        .note(format!("it must be {}", format.expected()));
    repaired(finding, text, span, format)
}

/// The key of a label or an annotation does not have the form it must have.
pub(crate) fn bad_key(key: &str, span: Span, format: Format, parent: &FieldPath<'_>) -> Diagnostic {
    let labels = parent.last_key() == "labels";
    let (rule, what): (RuleId, _) =
        if labels { (rule::INVALID_LABEL, "label") } else { (rule::INVALID_ANNOTATION, "annotation") };
    let finding = Diagnostic::error(rule, span, format!("`{}` is not a valid {what} key", shorten(key)))
        .note(format!("it must be {}", format.expected()));
    repaired(finding, key, span, format)
}

fn repaired(finding: Diagnostic, text: &str, span: Span, format: Format) -> Diagnostic {
    match format.repair(text) {
        // a tag in lower case is the same tag; every other repair names something else
        Some(repair) if format == Format::Tag && repair == text.to_lowercase() => {
            finding.fix(Applicability::Safe, format!("write `{repair}`"), span, written(&repair))
        }
        Some(repair) => {
            finding.fix(Applicability::Guess, format!("write `{repair}`, say"), span, written(&repair))
        }
        None => finding,
    }
}

/// The text is not an entity reference.
pub(crate) fn bad_reference(text: &str, span: Span, error: RefError, path: &FieldPath<'_>) -> Diagnostic {
    let message = format!("`{}` is not an entity reference: {error}", shorten(text));
    let finding = Diagnostic::error(rule::INVALID_REFERENCE, span, message)
        .label(format!("`{path}`"))
        .note("a reference has the form `[<kind>:][<namespace>/]<name>`");
    match error {
        RefError::NoKind => finding
            .note(format!("`{}` has no default kind", path.last_key()))
            .help(format!("write `resource:{0}` or `component:{0}`", shorten(text))),
        _ => finding,
    }
}

/// No processor of a stock Backstage recognizes the kind in this apiVersion.
pub(crate) fn unknown_kind(kind: (&str, Span), version: (&str, Span)) -> Diagnostic {
    let (name, span) = kind;
    if let Some(row) = kinds::row(name) {
        let known = row.versions.join("` or `");
        let message = format!("Backstage knows {name} as `{known}`, not as `{}`", shorten(version.0));
        let finding = Diagnostic::error(rule::UNKNOWN_KIND, version.1, message);
        let write = row.versions[0];
        return finding.fix(Applicability::Guess, format!("write `{write}`"), version.1, write);
    }
    let shown = shorten(name);
    if let Some(row) = kinds::row_ignoring_case(name) {
        let right = row.name;
        let message = format!("`{shown}` is not a kind that Backstage knows: it is written `{right}`");
        return Diagnostic::error(rule::UNKNOWN_KIND, span, message)
            .note("kinds are compared with regard to case, unlike references")
            .fix(Applicability::Safe, format!("write `{right}`"), span, right);
    }
    let message = format!("`{shown}` is not a kind that Backstage knows");
    let finding = Diagnostic::error(rule::UNKNOWN_KIND, span, message)
        .note("a stock Backstage refuses it: no processor recognizes the kind and apiVersion");
    match did_you_mean(name, KINDS.iter().map(|row| row.name)) {
        Some(meant) => finding.fix(Applicability::Guess, format!("did you mean `{meant}`?"), span, meant),
        None => finding.help("use a known kind, or turn this rule off when a processor of yours knows it"),
    }
}

/// The document is not a mapping.
pub(crate) fn not_an_entity(view: View<'_>) -> Diagnostic {
    let message = format!("an entity must be a mapping, but this document is {}", view.sort().noun());
    Diagnostic::error(rule::NOT_AN_ENTITY, view.span(), message)
        .reaching(Reach::Location)
        .help("start the document with `apiVersion:`, or remove it")
}

/// A Location that switches to a type that is not allowed.
pub(crate) fn location_type(text: &str, span: Span) -> Diagnostic {
    let message = format!("a Location of type `{}` cannot be reached through a URL", shorten(text));
    Diagnostic::error(rule::LOCATION_TYPE, span, message)
        .reaching(Reach::Location)
        .note("Backstage reads this file by URL, and allows only type `url` below it")
        .fix(Applicability::Guess, "write `url`, or remove the key", span, "url")
}

/// A text as a YAML scalar that stands anywhere: with quotes where it would be something else without.
pub fn written(text: &str) -> String {
    const LONGEST_PLAIN: usize = 60;
    let value = Value::String(text.to_owned());
    if text.len() > LONGEST_PLAIN || text.contains([',', '[', ']', '{', '}', '#', '\n']) {
        return value.to_string();
    }
    emit::to_string(&value).trim_end().to_owned()
}

/// A text from a file for a message: one line, not too long.
fn shorten(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 80;
    if text.chars().nth(LONGEST).is_none() && !text.contains(['\n', '\r']) {
        return Cow::Borrowed(text);
    }
    let line: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    Cow::Owned(format!("{line}..."))
}
