//! Walks a document along the tables of [`kinds`](super::kinds) and reports all that is wrong.

use std::borrow::Cow;

use crate::diagnostic::{Applicability, Diagnostic, Reach, did_you_mean};
use crate::source::Span;

use super::Reference;
use super::field_path::FieldPath;
use super::format::Format;
use super::kinds::{Field, RefField, Shape};
use super::placeholder::Placeholders;
use super::reference::{EntityRef, RefError};
use super::report;
use super::rule;
use super::view::{Type, View};

/// What may stand beside the known fields of a mapping.
#[derive(Clone, Copy)]
pub(crate) enum Rest {
    /// Anything.
    Any,
    /// Values of this shape.
    Only(&'static Shape),
    /// Nothing: the root.
    Nothing,
}

/// The state of one walk.
pub(crate) struct Checker<'c> {
    pub(crate) placeholders: &'c Placeholders,
    /// The fields of `spec`, when the kind is known.
    pub(crate) spec: Option<&'static [Field]>,
    /// The kind for messages; empty when unknown.
    pub(crate) kind: &'c str,
    /// The entity's own namespace.
    pub(crate) namespace: &'c str,
    pub(crate) references: Vec<Reference>,
    pub(crate) findings: Vec<Diagnostic>,
}

impl<'c> Checker<'c> {
    /// Checks a value against what it must be.
    pub(crate) fn shape(&mut self, view: View<'c>, shape: &'static Shape, path: &FieldPath<'_>) {
        if matches!(view, View::Unknown(_)) {
            return;
        }
        let before = self.findings.len();
        self.value(view, shape, path);
        report::fit_repairs(&mut self.findings[before..], view);
    }

    fn value(&mut self, view: View<'c>, shape: &'static Shape, path: &FieldPath<'_>) {
        match shape {
            Shape::Text => {
                self.filled_text(view, path);
            }
            Shape::AnyText => {
                self.text(view, path);
            }
            Shape::Formatted(format) => self.formatted(view, *format, path),
            Shape::Word(words) => self.word(view, words, path),
            Shape::Ref(field) => self.reference(view, *field, path),
            Shape::LooseRefs(field) => self.loose_references(view, *field, path),
            Shape::TextOrBool => {
                if !matches!(view.sort(), Type::Text | Type::Bool) {
                    self.findings.push(report::wrong_type(view, "text, or true or false", path));
                }
            }
            Shape::List(item) => self.list(view, item, path),
            Shape::Object(fields, rest) => {
                self.object(view, fields, rest.map_or(Rest::Any, Rest::Only), path);
            }
            Shape::ObjectOrList(fields) => match view.sort() {
                Type::List => self.each_item(view, path, |checker, item, path| {
                    checker.object(item, fields, Rest::Any, path);
                }),
                _ => self.object(view, fields, Rest::Any, path),
            },
            Shape::Map(key, value) => self.map(view, *key, value, path),
            Shape::Annotations => {
                if !view.is_falsy() {
                    self.map(view, Format::Key, &Shape::AnyText, path);
                }
            }
            Shape::Spec => match self.spec {
                Some(fields) => self.object(view, fields, Rest::Any, path),
                None => self.object(view, &[], Rest::Any, path),
            },
        }
    }

    /// Checks a mapping: its fields in the order they are written, then what is missing.
    pub(crate) fn object(
        &mut self,
        view: View<'c>,
        fields: &'static [Field],
        rest: Rest,
        path: &FieldPath<'_>,
    ) {
        if view.sort() != Type::Object {
            self.findings.push(report::wrong_type(view, "a mapping", path));
            return;
        }
        let mut seen = 0_u32;
        let mut unknown: Vec<(Cow<'c, str>, Span)> = Vec::new();
        view.entries(self.placeholders, |key, span, value| {
            let index = fields.iter().position(|field| field.name == key);
            let inner = path.key(&key, span);
            match (index, rest) {
                (Some(index), _) => {
                    seen |= 1 << index;
                    self.shape(value, &fields[index].shape, &inner);
                }
                (None, Rest::Only(shape)) => self.shape(value, shape, &inner),
                (None, _) => unknown.push((key, span)),
            }
        });
        let absent =
            || fields.iter().enumerate().filter(|(index, _)| seen & 1 << index == 0).map(|(_, field)| field);
        let knows_kind = self.spec.is_some();
        let needed = |field: &&Field| field.required && (knows_kind || !matches!(field.shape, Shape::Spec));
        for field in absent().filter(needed) {
            self.findings.push(report::missing(field.name, &unknown, self.kind, path));
        }
        for (key, span) in &unknown {
            if matches!(rest, Rest::Nothing) {
                self.findings.push(report::unknown_field(key, *span, fields));
            } else if let Some(meant) = misspelled(key, absent().filter(|field| !field.required)) {
                self.findings.push(report::misspelled(key, *span, meant, path));
            }
        }
    }

    fn list(&mut self, view: View<'c>, item: &'static Shape, path: &FieldPath<'_>) {
        if view.sort() == Type::List {
            self.each_item(view, path, |checker, view, path| checker.shape(view, item, path));
        } else {
            self.findings.push(report::wrong_type(view, "a list", path));
        }
    }

    fn each_item(
        &mut self,
        view: View<'c>,
        path: &FieldPath<'_>,
        mut each: impl FnMut(&mut Self, View<'c>, &FieldPath<'_>),
    ) {
        let mut index = 0;
        view.items(self.placeholders, |item| {
            each(self, item, &path.index(index, report::head(item, self.placeholders)));
            index += 1;
        });
    }

    fn map(&mut self, view: View<'c>, form: Format, value: &'static Shape, path: &FieldPath<'_>) {
        if view.sort() != Type::Object {
            let reach = if matches!(value, Shape::AnyText) { Reach::Location } else { Reach::Entity };
            self.findings.push(report::wrong_type(view, "a mapping", path).reaching(reach));
            return;
        }
        view.entries(self.placeholders, |key, span, item| {
            let inner = path.key(&key, span);
            // the two that Backstage overwrites before it looks at them
            if OVERWRITTEN.contains(&&*key) && path.is(&["metadata", "annotations"]) {
                return;
            }
            if !form.fits(&key) {
                self.findings.push(report::bad_key(&key, span, form, path));
            }
            self.shape(item, value, &inner);
        });
    }

    fn text(&mut self, view: View<'c>, path: &FieldPath<'_>) -> Option<Cow<'c, str>> {
        let text = view.text();
        if text.is_none() {
            let finding = report::wrong_type(view, "text", path);
            self.findings.push(finding.reaching(report::reach(path)));
        }
        text
    }

    fn filled_text(&mut self, view: View<'c>, path: &FieldPath<'_>) -> Option<Cow<'c, str>> {
        let text = self.text(view, path)?;
        if text.is_empty() {
            self.findings.push(report::empty(view.span(), path));
            return None;
        }
        Some(text)
    }

    fn formatted(&mut self, view: View<'c>, format: Format, path: &FieldPath<'_>) {
        let text = match format {
            Format::LabelValue => self.text(view, path),
            _ => self.filled_text(view, path),
        };
        if let Some(text) = text.filter(|text| !format.fits(text)) {
            self.findings.push(report::bad_form(&text, view.span(), format, path));
        }
    }

    fn word(&mut self, view: View<'c>, words: &[&'static str], path: &FieldPath<'_>) {
        let Some(text) = self.filled_text(view, path) else { return };
        if words.contains(&&*text) {
            return;
        }
        let listed = words.join("` or `");
        let message = format!("`{path}` must be `{listed}`, but is `{text}`");
        let finding = Diagnostic::error(rule::INVALID_VALUE, view.span(), message);
        self.findings.push(match did_you_mean(&text, words.iter().copied()) {
            Some(meant) => {
                finding.fix(Applicability::Guess, format!("did you mean `{meant}`?"), view.span(), meant)
            }
            None => finding,
        });
    }

    fn reference(&mut self, view: View<'c>, field: RefField, path: &FieldPath<'_>) {
        if let Some(text) = self.filled_text(view, path) {
            self.resolve(&text, view.span(), field, path);
        }
    }

    fn resolve(&mut self, text: &str, span: Span, field: RefField, path: &FieldPath<'_>) {
        match EntityRef::parse(text, field.default_kind, self.namespace) {
            Ok(target) => {
                self.references.push(Reference { field: field.name, span, target, relation: field.relation });
            }
            Err(error) => self.findings.push(report::bad_reference(text, span, error, path)),
        }
    }

    /// `dependencyOf` is in no schema: Backstage takes one reference, a list, nested lists, or anything
    /// that JavaScript holds for false.
    fn loose_references(&mut self, view: View<'c>, field: RefField, path: &FieldPath<'_>) {
        match view.sort() {
            Type::List => self.each_item(view, path, |checker, item, path| match item.sort() {
                Type::List => checker.each_item(item, path, |checker, item, path| {
                    checker.loose_reference(item, field, path);
                }),
                _ => checker.loose_reference(item, field, path),
            }),
            _ if view.is_falsy() => {}
            _ => self.loose_reference(view, field, path),
        }
    }

    fn loose_reference(&mut self, view: View<'c>, field: RefField, path: &FieldPath<'_>) {
        match view.sort() {
            Type::Text => self.reference(view, field, path),
            Type::Object => self.compound_reference(view, field, path),
            Type::Unknown => {}
            _ => self.findings.push(report::wrong_type(view, "a reference as text", path)),
        }
    }

    /// A reference as a mapping of kind, namespace and name, which passes where no schema looks.
    fn compound_reference(&mut self, view: View<'c>, field: RefField, path: &FieldPath<'_>) {
        let [mut kind, mut namespace, mut name] = [None, None, None];
        view.entries(self.placeholders, |key, _, value| match &*key {
            "kind" => kind = Some(value),
            "namespace" => namespace = Some(value).filter(|value| value.sort() != Type::Nothing),
            "name" => name = Some(value),
            _ => {}
        });
        let filled = |part: Option<View<'c>>| part.filter(|value| !value.is_falsy());
        let error = match (filled(kind), filled(name)) {
            (None, _) => RefError::NoKind,
            (_, None) => RefError::EmptyName,
            _ if namespace.is_some_and(View::is_falsy) => RefError::EmptyNamespace,
            (Some(kind), Some(name)) => {
                let own = Cow::Borrowed(self.namespace);
                let namespace = namespace.map_or(Some(own), View::text);
                if let (Some(kind), Some(namespace), Some(name)) = (kind.text(), namespace, name.text()) {
                    let target = EntityRef::new(&kind, &namespace, &name);
                    self.references.push(Reference {
                        field: field.name,
                        span: view.span(),
                        target,
                        relation: field.relation,
                    });
                }
                return;
            }
        };
        self.findings.push(report::bad_reference("{...}", view.span(), error, path));
    }
}

/// The annotations that Backstage sets itself, whatever the file says.
const OVERWRITTEN: [&str; 2] =
    ["backstage.io/managed-by-location", "backstage.io/managed-by-origin-location"];

/// The absent field that this unknown key most likely means. Short keys mean too much to guess.
fn misspelled<'f>(key: &str, absent: impl Iterator<Item = &'f Field>) -> Option<&'f str> {
    if key.len() < 4 {
        return None;
    }
    did_you_mean(key, absent.map(|field| field.name))
}
