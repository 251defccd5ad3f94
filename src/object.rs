//! Kubernetes objects as values: what they are called, what they say of themselves.
//!
//! Nothing here talks to a cluster and nothing judges: `status` does that.

use std::fmt;

use serde_json::Value;

/// Group, version and kind of an object. The core group is the empty string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gvk {
    /// API group, empty for core.
    pub group: String,
    /// Version: `v1`.
    pub version: String,
    /// Kind: `HTTPRoute`.
    pub kind: String,
}

impl Gvk {
    /// Splits `apiVersion` (`group/version`, or `version` alone for core).
    pub fn from_api_version(api_version: &str, kind: &str) -> Self {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Self { group: group.into(), version: version.into(), kind: kind.into() }
    }

    /// `group/version`, or `version` alone for core.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }
}

/// Names one object. `namespace` is `None` for a cluster-scoped object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectRef {
    /// What it is.
    pub gvk: Gvk,
    /// Namespace, if it has one.
    pub namespace: Option<String>,
    /// Name.
    pub name: String,
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{} {namespace}/{}", self.gvk.kind, self.name),
            None => write!(f, "{} {}", self.gvk.kind, self.name),
        }
    }
}

/// A whole object as JSON. The fields that every object has are read on demand, leniently: a field
/// of the wrong type counts as absent.
#[derive(Clone, Debug, PartialEq)]
pub struct Object(pub Value);

impl Object {
    /// The text at a JSON pointer (`/metadata/name`).
    pub fn text(&self, pointer: &str) -> Option<&str> {
        self.0.pointer(pointer).and_then(Value::as_str)
    }

    /// Group, version and kind; empty strings where they are missing.
    pub fn gvk(&self) -> Gvk {
        Gvk::from_api_version(self.text("/apiVersion").unwrap_or(""), self.text("/kind").unwrap_or(""))
    }

    /// What the object is called.
    pub fn reference(&self) -> ObjectRef {
        ObjectRef {
            gvk: self.gvk(),
            namespace: self.text("/metadata/namespace").map(Into::into),
            name: self.text("/metadata/name").unwrap_or("").into(),
        }
    }

    /// `metadata.generation`.
    pub fn generation(&self) -> Option<i64> {
        self.0.pointer("/metadata/generation").and_then(Value::as_i64)
    }

    /// `status.observedGeneration`.
    pub fn observed_generation(&self) -> Option<i64> {
        self.0.pointer("/status/observedGeneration").and_then(Value::as_i64)
    }

    /// `status.conditions`, in order; elements that are no conditions are left out.
    pub fn conditions(&self) -> Vec<Condition> {
        let list = self.0.pointer("/status/conditions").and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Condition::from_value).collect()
    }
}

/// One entry of `status.conditions`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What it is about: `Ready`.
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// A machine's word for why; may be empty.
    pub reason: String,
    /// A sentence for people; may be empty.
    pub message: String,
    /// When the status changed last, RFC 3339, as it was written.
    pub last_transition: Option<String>,
    /// The generation that was looked at.
    pub observed_generation: Option<i64>,
}

impl Condition {
    fn from_value(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        Some(Self {
            kind: text("type")?.into(),
            status: text("status")?.into(),
            reason: text("reason").unwrap_or("").into(),
            message: text("message").unwrap_or("").into(),
            last_transition: text("lastTransitionTime").map(Into::into),
            observed_generation: value.get("observedGeneration").and_then(Value::as_i64),
        })
    }
}

/// Whether a text can be a part of a path: letters, digits, `-`, `_` and `.`, a letter or digit first.
pub fn is_path_part(text: &str) -> bool {
    let inner = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    text.len() <= 253
        && text.chars().all(inner)
        && text.starts_with(|letter: char| letter.is_ascii_alphanumeric())
}

/// The nanoseconds of a duration as Go writes it: `1h30m`, `-1.5s`, `0`.
pub fn go_duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let end = rest.find(|letter: char| letter.is_ascii_digit() || letter == '.').unwrap_or(rest.len());
        let unit = match &rest[..end] {
            "ns" => 1.0,
            "us" | "µs" | "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            _ => return None,
        };
        total += number * unit;
        rest = &rest[end..];
    }
    // beyond 292 years, which Go refuses
    #[expect(clippy::cast_possible_truncation, reason = "checked to be in the range")]
    (total < 9.22e18).then_some((sign * total) as i64)
}

/// The value of a Kubernetes quantity: `500m`, `2`, `1.5Gi`, `1e3`.
pub fn quantity(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = digits.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(digits.len());
    let (number, suffix) = digits.split_at(end);
    if !number.bytes().any(|byte| byte.is_ascii_digit()) || number.matches('.').count() > 1 {
        return None;
    }
    let number: f64 = format!("0{number}0").parse().ok().map(|padded: f64| {
        // the padding makes `.5` and `5.` readable; without a point it is a factor
        if number.contains('.') { padded } else { padded / 10.0 }
    })?;
    let factor = match suffix {
        "" => 1.0,
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1024f64.powi(2),
        "Gi" => 1024f64.powi(3),
        "Ti" => 1024f64.powi(4),
        "Pi" => 1024f64.powi(5),
        "Ei" => 1024f64.powi(6),
        exponent => 10f64.powi(exponent.strip_prefix(['e', 'E'])?.parse::<i32>().ok()?),
    };
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    Some(sign * number * factor)
}

#[cfg(test)]
mod tests {
    use super::{go_duration, quantity};

    #[test]
    fn quantities_are_those_of_kubernetes() {
        for (text, value) in [
            ("2", 2.0),
            ("500m", 0.5),
            ("1.5Gi", 1_610_612_736.0),
            ("1e3", 1000.0),
            ("-1k", -1000.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("100", 100.0),
        ] {
            assert_eq!(quantity(text), Some(value), "{text}");
        }
        for text in ["", "Gi", "1GB", "1 Gi", "1.2.3", "--1", "ten", "1e", "."] {
            assert_eq!(quantity(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_those_of_go() {
        assert_eq!(go_duration("1h30m"), Some(5_400_000_000_000));
        assert_eq!((go_duration("0"), go_duration("-1.5s")), (Some(0), Some(-1_500_000_000)));
        for text in ["", "1", "1d", "s", "1h 2m", "-"] {
            assert_eq!(go_duration(text), None, "{text}");
        }
    }
}
