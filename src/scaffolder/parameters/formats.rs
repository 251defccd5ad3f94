//! The formats that npm `jsonschema` 1.5 enforces, with which Backstage checks answers.
//!
//! Formats that it does not know are not enforced there, and so not here. `style`, `uri-reference`,
//! `uri-template`, the `iri` formats and `idn-email` are enforced there and not here: no form uses them.

use std::sync::LazyLock;

use regex::Regex;

/// A format and its check.
pub(super) type Format = (&'static str, fn(&str) -> bool);

/// All formats that are enforced.
pub(super) const FORMATS: &[Format] = &[
    ("date-time", |text| DATE_TIME.is_match(text)),
    ("date", |text| DATE.is_match(text)),
    ("time", |text| TIME.is_match(text)),
    ("duration", |text| DURATION.is_match(text)),
    ("email", is_email),
    ("hostname", is_hostname),
    ("host-name", is_hostname),
    ("ip-address", is_ipv4),
    ("ipv4", is_ipv4),
    ("ipv6", is_ipv6),
    ("uri", |text| URI.is_match(text)),
    ("iri", |text| URI.is_match(text)),
    ("uuid", |text| UUID.is_match(text)),
    ("utc-millisec", |text| text.trim().parse::<f64>().is_ok_and(|number| number.fract() == 0.0)),
    ("regex", is_pattern),
    ("regexp", is_pattern),
    ("pattern", is_pattern),
    ("color", |text| COLOR.is_match(text)),
    ("phone", |text| PHONE.is_match(text)),
    ("alpha", |text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic())),
    ("alphanumeric", |text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())),
    ("json-pointer", |text| JSON_POINTER.is_match(text)),
];

macro_rules! patterns {
    ($($name:ident = $pattern:expr;)+) => {
        $(static $name: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new($pattern).expect("a valid pattern")
        });)+
    };
}

patterns! {
    DATE = r"^\d{4}-(?:0[0-9]|1[0-2])-(3[01]|0[1-9]|[12][0-9])$";
    TIME = r"^(2[0-4]|[01][0-9]):([0-5][0-9]):(60|[0-5][0-9])$";
    DATE_TIME = r"^\d{4}-(?:0[0-9]|1[0-2])-(3[01]|0[1-9]|[12][0-9])[tT ](2[0-4]|[01][0-9]):([0-5][0-9]):(60|[0-5][0-9])(\.\d+)?([zZ]|[+-]([0-5][0-9]):(60|[0-5][0-9]))$";
    DURATION = r"(?i)P(T\d+(H(\d+M(\d+S)?)?|M(\d+S)?|S)|\d+(D|M(\d+D)?|Y(\d+M(\d+D)?)?)(T\d+(H(\d+M(\d+S)?)?|M(\d+S)?|S))?|\d+W)";
    URI = r"^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]*$";
    UUID = r"(?i)^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$";
    COLOR = r"^(#?([0-9A-Fa-f]{3}){1,2}\b|aqua|black|blue|fuchsia|gray|green|lime|maroon|navy|olive|orange|purple|red|silver|teal|white|yellow|rgb\(.*\))$";
    PHONE = r"^\+(?:[0-9] ?){6,14}[0-9]$";
    JSON_POINTER = r"^(/([^~/]|~[01])*)*$";
    EMAIL_USER = r"^[\w!#$%&'*+\-/=?^`{|}~]+(?:\.[\w!#$%&'*+\-/=?^`{|}~]+)*$";
}

fn is_email(text: &str) -> bool {
    let Some((user, host)) = text.rsplit_once('@') else { return false };
    let label = |label: &str| {
        let ends = label.starts_with(|c: char| c.is_ascii_alphanumeric()) && !label.ends_with('-');
        ends && label.len() <= 63 && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host_fits = address.map_or_else(|| host.contains('.') && host.split('.').all(label), is_ipv4);
    EMAIL_USER.is_match(user) && host_fits
}

fn is_hostname(text: &str) -> bool {
    let label = |label: &str| {
        let inner = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        !label.is_empty() && label.len() <= 63 && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 255 && text.strip_suffix('.').unwrap_or(text).split('.').all(label)
}

fn is_ipv4(text: &str) -> bool {
    let part =
        |part: &str| (1..=3).contains(&part.len()) && part.parse::<u8>().is_ok() && !part.starts_with('+');
    text.split('.').count() == 4 && text.split('.').all(part)
}

fn is_ipv6(text: &str) -> bool {
    let text = text.trim();
    text.split('%').next().unwrap_or("").parse::<std::net::Ipv6Addr>().is_ok()
}

fn is_pattern(text: &str) -> bool {
    super::validate::is_pattern(text)
}

#[cfg(test)]
mod tests {
    use super::FORMATS;

    fn check(format: &str, right: &[&str], wrong: &[&str]) {
        let (_, fits) = FORMATS.iter().find(|(name, _)| *name == format).unwrap();
        for text in right {
            assert!(fits(text), "{format} {text:?}");
        }
        for text in wrong {
            assert!(!fits(text), "{format} {text:?}");
        }
    }

    #[test]
    fn formats_are_those_of_the_server() {
        check(
            "email",
            &["a@b.c", "a.b+c@sub.example.org", "a@[127.0.0.1]"],
            &["a@b", "@b.c", "a@-b.c", "a b@c.d"],
        );
        check("hostname", &["a", "shop.example.org", "a.b."], &["", "-a", "a..b", "a_b"]);
        check("uri", &["https://x", "mailto:a"], &["x", "/x", "a b:c", "http://a b"]);
        check("date", &["2026-02-31"], &["2026-2-1", "2026-13-01"]);
        check("date-time", &["2026-02-01T00:00:00Z"], &["2026-02-01"]);
        check("time", &["24:00:60"], &["25:00:00"]);
        check("duration", &["P1D", "xP1Dx"], &["1D"]);
        check("ipv4", &["1.2.3.4", "001.2.3.4"], &["1.2.3", "256.1.1.1", "1.2.3.+4"]);
        check("ipv6", &["::1", "fe80::1%eth0"], &["1.2.3.4", ":::"]);
        check("uuid", &["123e4567-e89b-12d3-a456-426614174000"], &["123e4567"]);
        check("utc-millisec", &["1", "1.0"], &["1.5", "x"]);
        check("regex", &["^a(?=b)"], &["("]);
        check("color", &["#fff", "red"], &["reddish"]);
        check("phone", &["+49 151 2345678"], &["0151"]);
        check("alpha", &["a"], &["a1", ""]);
        check("alphanumeric", &["a1"], &["a-"]);
        check("json-pointer", &["", "/a~0"], &["a", "/~"]);
    }
}
