//! What a field's text must look like: Backstage's `FieldFormatEntityPolicy` with its default
//! validators, and the nearest text that would do.
//!
//! Lengths are counted in UTF-16 code units, as JavaScript counts.

use url::Url;

/// The form of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// `suffix` or `dns.subdomain/suffix` with a suffix of letters and digits.
    ApiVersion,
    /// A letter, then letters and digits.
    Kind,
    /// Letters and digits, with `-`, `_` and `.` inside.
    Name,
    /// A DNS label: lower-case letters and digits with single or repeated `-` inside.
    Namespace,
    /// `name` or `dns.subdomain/name`.
    Key,
    /// Nothing, or as a name.
    LabelValue,
    /// Lower-case letters, digits, `:`, `+`, `#`, with single `-` inside.
    Tag,
    /// An absolute URL.
    Url,
    /// At least one character that is not blank.
    NotBlank,
}

/// The longest name, namespace, tag, label value and kind.
const LONGEST: usize = 63;
/// The longest prefix of a key or apiVersion.
const LONGEST_PREFIX: usize = 253;

impl Format {
    /// Whether the text has this form.
    pub(crate) fn fits(self, text: &str) -> bool {
        match self {
            Self::ApiVersion => prefixed(text, |suffix| {
                within(suffix, LONGEST) && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric())
            }),
            Self::Kind => {
                within(text, LONGEST)
                    && text.as_bytes()[0].is_ascii_alphabetic()
                    && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
            }
            Self::Name => is_name(text),
            Self::Namespace => is_dns_label(text),
            Self::Key => prefixed(text, is_name),
            Self::LabelValue => text.is_empty() || is_name(text),
            Self::Tag => is_tag(text),
            Self::Url => is_plain_url(text) || Url::parse(text).is_ok(),
            Self::NotBlank => text.chars().any(|c| !is_javascript_blank(c)),
        }
    }

    /// What is expected, to follow "must be".
    pub(crate) fn expected(self) -> &'static str {
        match self {
            Self::ApiVersion => "`<version>` or `<dns.subdomain>/<version>`, such as `backstage.io/v1alpha1`",
            Self::Kind => "a letter followed by letters and digits, at most 63 characters",
            Self::Name => "letters and digits, with `-`, `_` or `.` only between them, at most 63 characters",
            Self::Namespace => {
                "lower-case letters and digits, with `-` only between them, at most 63 characters"
            }
            Self::Key => {
                "a name, or `<dns.subdomain>/<name>` with a lower-case prefix; a name is letters and digits, \
                 with `-`, `_` or `.` only between them, at most 63 characters"
            }
            Self::LabelValue => {
                "empty, or letters and digits, with `-`, `_` or `.` only between them, at most 63 characters"
            }
            Self::Tag => {
                "lower-case letters, digits, `:`, `+` or `#`, with single `-` between them, at most 63 characters"
            }
            Self::Url => "an absolute URL, such as `https://example.com/docs`",
            Self::NotBlank => "more than blanks",
        }
    }

    /// The nearest text of this form, where one is obvious.
    pub(crate) fn repair(self, text: &str) -> Option<String> {
        let repaired = match self {
            Self::Tag => {
                squeeze(&text.to_lowercase(), |c| matches!(c, 'a'..='z' | '0'..='9' | ':' | '+' | '#'))
            }
            Self::Namespace => {
                squeeze(&text.to_lowercase(), |c| c.is_ascii_lowercase() || c.is_ascii_digit())
            }
            Self::Name | Self::LabelValue => {
                let kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
                squeeze(text, kept).trim_matches(['-', '_', '.']).to_owned()
            }
            Self::Key => {
                let (prefix, name) = text.split_once('/')?;
                let prefix = prefix.to_lowercase();
                format!("{prefix}/{name}")
            }
            Self::Kind => text.chars().filter(char::is_ascii_alphanumeric).collect(),
            Self::Url if !text.contains(':') && text.contains('.') && !text.contains([' ', '\\']) => {
                format!("https://{}", text.trim_start_matches('/'))
            }
            Self::Url | Self::ApiVersion | Self::NotBlank => return None,
        };
        (!repaired.is_empty() && repaired != text && self.fits(&repaired)).then_some(repaired)
    }
}

/// The length as JavaScript counts it.
fn javascript_length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

fn within(text: &str, longest: usize) -> bool {
    !text.is_empty() && javascript_length(text) <= longest
}

fn prefixed(text: &str, suffix_fits: impl Fn(&str) -> bool) -> bool {
    match text.split_once('/') {
        None => suffix_fits(text),
        Some((prefix, suffix)) => is_dns_subdomain(prefix) && suffix_fits(suffix),
    }
}

fn is_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    within(text, LONGEST)
        && bytes[0].is_ascii_alphanumeric()
        && bytes[bytes.len() - 1].is_ascii_alphanumeric()
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

fn is_dns_label(text: &str) -> bool {
    let bytes = text.as_bytes();
    let edge = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    within(text, LONGEST)
        && edge(bytes[0])
        && edge(bytes[bytes.len() - 1])
        && bytes.iter().all(|&byte| edge(byte) || byte == b'-')
}

fn is_dns_subdomain(text: &str) -> bool {
    within(text, LONGEST_PREFIX) && text.split('.').all(is_dns_label)
}

fn is_tag(text: &str) -> bool {
    let inner = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b':' | b'+' | b'#');
    within(text, LONGEST)
        && text.bytes().all(|byte| inner(byte) || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
}

/// Whether the text is a URL beyond doubt: `https`, and a host of plain words that does not end in a
/// number. Almost all are, and parsing them costs more than all other checks of an entity.
fn is_plain_url(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let host = rest.split('/').next().unwrap_or(rest);
    host.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
        && host.split('.').all(|label| !label.is_empty() && !label.starts_with("xn--"))
        && host.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// What `String.prototype.trim` takes away: white space and line ends of ECMAScript.
fn is_javascript_blank(c: char) -> bool {
    (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}'
}

/// Every run of characters that are not kept becomes one `-`, none at the edges.
fn squeeze(text: &str, kept: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        if kept(c) {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(LONGEST);
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::Format;

    fn check(format: Format, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(format.fits(text), "{format:?} refuses {text:?}");
        }
        for text in bad {
            assert!(!format.fits(text), "{format:?} accepts {text:?}");
        }
    }

    #[test]
    fn forms_are_backstages() {
        let long = "a".repeat(63);
        let longer = "a".repeat(64);
        check(
            Format::ApiVersion,
            &["v1", "1", "backstage.io/v1alpha1", "a--b/v1"],
            &["", "/v1", "a/b/c", "A.io/v1", "a/v1.0", "a..b/v1"],
        );
        check(Format::Kind, &["Component", "a1", &long], &["", "1a", "My-Kind", &longer]);
        check(
            Format::Name,
            &["a..b", "a--b", "A_1", "0", &long],
            &["", "-a", "a-", "a b", "ä", "a\n", &longer],
        );
        check(Format::Namespace, &["a--b", "1"], &["", "A", "a_b", "a.b", "-a", "a-"]);
        check(Format::Key, &["a", "a.b/C_d"], &["", "A/b", "a_b/c", "a/b/c", "a/", "/a", "a b"]);
        check(Format::LabelValue, &["", "a.b"], &["a/b", "a b", "-"]);
        check(Format::Tag, &["c++", "a:b", "#", "a-b"], &["", "Java", "node.js", "a_b", "a--b", "-a", "a-"]);
        check(
            Format::Url,
            &["mailto:a@b", "localhost:80", "javascript:0", "https://a/b c"],
            &[
                "",
                "docs",
                "/docs",
                "example.com",
                "https://",
                "https://1.2.3.4.5/",
                "https://a.0x1f",
                "https://xn--a/",
            ],
        );
        check(Format::NotBlank, &["a", " a"], &["", "  ", "\u{feff}\u{a0}\n"]);
    }

    #[test]
    fn the_nearest_good_text_is_found() {
        let repaired = |format: Format, text| format.repair(text);
        assert_eq!(repaired(Format::Tag, "Java").as_deref(), Some("java"));
        assert_eq!(repaired(Format::Tag, "node.js").as_deref(), Some("node-js"));
        assert_eq!(repaired(Format::Name, "my service!").as_deref(), Some("my-service"));
        assert_eq!(repaired(Format::Namespace, "Team_A").as_deref(), Some("team-a"));
        assert_eq!(repaired(Format::Key, "Backstage.io/x").as_deref(), Some("backstage.io/x"));
        assert_eq!(repaired(Format::Url, "example.com/a").as_deref(), Some("https://example.com/a"));
        assert_eq!(repaired(Format::Tag, "!"), None);
    }
}
