//! Entity references: `[kind:][namespace/]name`.

use std::fmt;
use std::sync::Arc;

/// The namespace of an entity that names none.
pub const DEFAULT_NAMESPACE: &str = "default";

/// Names one entity: `component:default/orders`. Lower-cased, as Backstage compares references
/// without regard to case; every entity has exactly one.
///
/// One text that its clones share: a hundred thousand entities name the same few owners.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityRef {
    text: Arc<str>,
    colon: u32,
    slash: u32,
}

/// Why a text is not an entity reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefError {
    /// The text is empty.
    #[error("the reference is empty")]
    Empty,
    /// There is nothing before the `:`.
    #[error("the kind before `:` is empty")]
    EmptyKind,
    /// There is nothing before the `/`.
    #[error("the namespace before `/` is empty")]
    EmptyNamespace,
    /// There is nothing where the name belongs.
    #[error("the name is empty")]
    EmptyName,
    /// There is no kind, and the place gives no default.
    #[error("the kind is missing: write `<kind>:<name>`")]
    NoKind,
}

impl EntityRef {
    /// The reference made of these parts, in lower case.
    pub fn new(kind: &str, namespace: &str, name: &str) -> Self {
        let mut text = String::with_capacity(kind.len() + namespace.len() + name.len() + 2);
        push_lower(&mut text, kind);
        let colon = text.len() as u32;
        text.push(':');
        push_lower(&mut text, namespace);
        let slash = text.len() as u32;
        text.push('/');
        push_lower(&mut text, name);
        Self { text: text.into(), colon, slash }
    }

    /// The reference whose text is this one, with its `:` and its `/` at these offsets; `None` when they
    /// are not there.
    pub fn from_text(text: &str, colon: u32, slash: u32) -> Option<Self> {
        let is_at = |at: u32, sign: u8| text.as_bytes().get(at as usize) == Some(&sign);
        (colon < slash && is_at(colon, b':') && is_at(slash, b'/')).then(|| Self {
            text: text.into(),
            colon,
            slash,
        })
    }

    /// Where the `:` and the `/` between its parts are.
    pub fn separators(&self) -> (u32, u32) {
        (self.colon, self.slash)
    }

    /// Reads `[kind:][namespace/]name` as Backstage's `parseEntityRef` does: the kind ends at the
    /// first `:` unless a `/` comes earlier, the namespace at the first `/`, the rest is the name.
    /// Nothing else is checked: `a/b/c` names `b/c` in the namespace `a`.
    pub fn parse(text: &str, default_kind: Option<&str>, default_namespace: &str) -> Result<Self, RefError> {
        let (kind, namespace, name) = parts(text)?;
        let kind = kind.or(default_kind).filter(|kind| !kind.is_empty()).ok_or(RefError::NoKind)?;
        let namespace = namespace.unwrap_or(default_namespace);
        if namespace.is_empty() {
            return Err(RefError::EmptyNamespace);
        }
        Ok(Self::new(kind, namespace, name))
    }

    /// The kind in lower case: `component`.
    pub fn kind(&self) -> &str {
        &self.text[..self.colon as usize]
    }

    /// The namespace in lower case: `default`.
    pub fn namespace(&self) -> &str {
        &self.text[self.colon as usize + 1..self.slash as usize]
    }

    /// The name in lower case: `orders`.
    pub fn name(&self) -> &str {
        &self.text[self.slash as usize + 1..]
    }

    /// The whole: `component:default/orders`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// As short as it stays clear: without the namespace `default`, unless a part of the name would be
    /// taken for one.
    pub fn short(&self) -> String {
        if self.namespace() == DEFAULT_NAMESPACE && !self.name().contains('/') {
            format!("{}:{}", self.kind(), self.name())
        } else {
            self.text.to_string()
        }
    }
}

impl fmt::Display for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Splits a reference without any default: kind, namespace, name.
pub fn parts(text: &str) -> Result<(Option<&str>, Option<&str>, &str), RefError> {
    if text.is_empty() {
        return Err(RefError::Empty);
    }
    let slash = text.find('/');
    let colon = text.find(':').filter(|colon| slash.is_none_or(|slash| *colon < slash));
    let start = colon.map_or(0, |colon| colon + 1);
    let kind = colon.map(|colon| &text[..colon]);
    let namespace = slash.map(|slash| &text[start..slash]);
    let name = &text[slash.map_or(start, |slash| slash + 1)..];
    match (kind, namespace, name) {
        (Some(""), _, _) => Err(RefError::EmptyKind),
        (_, Some(""), _) => Err(RefError::EmptyNamespace),
        (_, _, "") => Err(RefError::EmptyName),
        parts => Ok(parts),
    }
}

/// Appends in lower case; the common case, ASCII, without a detour.
fn push_lower(into: &mut String, text: &str) {
    if text.is_ascii() {
        into.extend(text.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
    } else {
        into.push_str(&text.to_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::{EntityRef, RefError};

    fn check(text: &str, kind: Option<&str>, expected: Result<&str, RefError>) {
        let parsed = EntityRef::parse(text, kind, "own");
        assert_eq!(parsed.as_ref().map(EntityRef::as_str).map_err(|error| *error), expected, "{text}");
    }

    #[test]
    fn references_are_read_as_backstage_reads_them() {
        check("team-a", Some("Group"), Ok("group:own/team-a"));
        check("User:Guests/Ada", Some("Group"), Ok("user:guests/ada"));
        check("other/db", Some("Resource"), Ok("resource:other/db"));
        check("a/b/c", Some("Group"), Ok("group:a/b/c"));
        check("a/b:c", Some("Group"), Ok("group:a/b:c"));
        check("  team a  ", Some("Group"), Ok("group:own/  team a  "));
        check("ÄRGER", Some("Group"), Ok("group:own/ärger"));
        check("db", None, Err(RefError::NoKind));
        check("", Some("Group"), Err(RefError::Empty));
        check(":a", Some("Group"), Err(RefError::EmptyKind));
        check("k:/a", Some("Group"), Err(RefError::EmptyNamespace));
        check("k:n/", Some("Group"), Err(RefError::EmptyName));
        check("k:", Some("Group"), Err(RefError::EmptyName));
    }

    #[test]
    fn parts_can_be_taken_out_again() {
        let reference = EntityRef::new("API", "Default", "Orders");
        assert_eq!((reference.kind(), reference.namespace(), reference.name()), ("api", "default", "orders"));
        assert_eq!(reference.short(), "api:orders");
        assert_eq!(EntityRef::new("api", "default", "a/b").short(), "api:default/a/b");
    }
}
