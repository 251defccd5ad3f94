//! A value as the checks see it: a YAML node, or what a placeholder stands for.

use std::borrow::Cow;

use serde_json::Value;

use crate::source::Span;
use crate::yaml::{self, Kind, Node};

use super::placeholder::{Content, Placeholders};

/// What sort of value it is, in JSON's terms. `.nan` and `.inf` are nothing: they become `null` when
/// Backstage stores the entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Nothing,
    Bool,
    Number,
    Text,
    List,
    Object,
    /// Not to be known here; fits everywhere.
    Unknown,
}

impl Type {
    /// The sort as a noun, to follow "is".
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Nothing => "empty",
            Self::Bool => "true or false",
            Self::Number => "a number",
            Self::Text => "text",
            Self::List => "a list",
            Self::Object => "a mapping",
            Self::Unknown => "unknown",
        }
    }
}

/// A value and where it is written.
#[derive(Clone, Copy)]
pub(crate) enum View<'a> {
    /// As it is written.
    Yaml(Node<'a>),
    /// Read from the file that a placeholder names.
    Json(&'a Value, Span),
    /// A placeholder whose file is not at hand.
    Unknown(Span),
}

impl<'a> View<'a> {
    /// The node, or what the placeholder in its place stands for.
    pub(crate) fn new(node: Node<'a>, placeholders: &'a Placeholders) -> Self {
        match placeholders.at(node) {
            None => Self::Yaml(node),
            Some(Content::Known(value)) => Self::Json(value, node.span()),
            Some(Content::Unknown) => Self::Unknown(node.span()),
        }
    }

    pub(crate) fn span(self) -> Span {
        match self {
            Self::Yaml(node) => node.span(),
            Self::Json(_, span) | Self::Unknown(span) => span,
        }
    }

    /// Whether what is seen is written elsewhere: at the anchor of an alias, or in the file of a placeholder.
    pub(crate) fn stands_for_another(self) -> bool {
        match self {
            Self::Yaml(node) => node.is_alias(),
            Self::Json(..) | Self::Unknown(_) => true,
        }
    }

    /// The quotes that it is written in.
    pub(crate) fn quote(self) -> Option<char> {
        let Self::Yaml(node) = self else { return None };
        if node.is_alias() || node.kind() != Kind::String {
            return None;
        }
        node.written().chars().next().filter(|first| ['"', '\''].contains(first))
    }

    /// Whether a tag says what it is.
    pub(crate) fn is_tagged(self) -> bool {
        matches!(self, Self::Yaml(node) if node.is_tagged())
    }

    pub(crate) fn sort(self) -> Type {
        match self {
            Self::Unknown(_) => Type::Unknown,
            Self::Yaml(node) => match node.kind() {
                Kind::Bool => Type::Bool,
                Kind::Int => Type::Number,
                Kind::Float if node.as_f64().is_some_and(f64::is_finite) => Type::Number,
                Kind::Null | Kind::Float => Type::Nothing,
                Kind::String => Type::Text,
                Kind::Sequence => Type::List,
                Kind::Mapping => Type::Object,
            },
            Self::Json(value, _) => match value {
                Value::Null => Type::Nothing,
                Value::Bool(_) => Type::Bool,
                Value::Number(_) => Type::Number,
                Value::String(_) => Type::Text,
                Value::Array(_) => Type::List,
                Value::Object(_) => Type::Object,
            },
        }
    }

    /// The text, when it is text.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Yaml(node) => node.as_str(),
            Self::Json(value, _) => value.as_str().map(Cow::Borrowed),
            Self::Unknown(_) => None,
        }
    }

    /// Whether JavaScript holds it for false: nothing, `false`, `0` or empty text.
    pub(crate) fn is_falsy(self) -> bool {
        if matches!(self.sort(), Type::List | Type::Object) {
            return false;
        }
        let value = match self {
            Self::Yaml(node) => node.to_json(),
            Self::Json(value, _) => value.clone(),
            Self::Unknown(_) => return false,
        };
        match value {
            Value::Null | Value::Bool(false) => true,
            Value::Number(number) => number.as_f64() == Some(0.0),
            Value::String(text) => text.is_empty(),
            _ => false,
        }
    }

    /// Calls `each` with the elements of a list in order.
    pub(crate) fn items(self, placeholders: &'a Placeholders, mut each: impl FnMut(View<'a>)) {
        match self {
            Self::Yaml(node) => node.items().for_each(|item| each(View::new(item, placeholders))),
            Self::Json(value, span) => {
                value.as_array().into_iter().flatten().for_each(|item| each(View::Json(item, span)));
            }
            Self::Unknown(_) => {}
        }
    }

    /// Calls `each` with key, place of the key and value of every entry in order.
    pub(crate) fn entries(
        self,
        placeholders: &'a Placeholders,
        mut each: impl FnMut(Cow<'a, str>, Span, View<'a>),
    ) {
        match self {
            Self::Yaml(node) => node
                .entries()
                .for_each(|(key, value)| each(key_text(key), key.span(), View::new(value, placeholders))),
            Self::Json(value, span) => value
                .as_object()
                .into_iter()
                .flatten()
                .for_each(|(key, value)| each(Cow::Borrowed(key), span, View::Json(value, span))),
            Self::Unknown(_) => {}
        }
    }
}

/// A key as Backstage sees it: all keys of a JavaScript object are text.
pub(crate) fn key_text(key: Node<'_>) -> Cow<'_, str> {
    key.as_str().unwrap_or_else(|| Cow::Owned(yaml::key_text(key)))
}
