//! The formats of texts that the API server looks at. Others are for people.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::object::{go_duration, quantity};

/// What a text should be and is not; `None` when it fits or the format is not looked at.
pub(super) fn refuses(format: &str, text: &str) -> Option<&'static str> {
    let (fits, wanted) = match format {
        "date-time" => (text.parse::<jiff::Timestamp>().is_ok(), "a time such as 2026-01-31T12:00:00Z"),
        "date" => (text.parse::<jiff::civil::Date>().is_ok(), "a date such as 2026-01-31"),
        "byte" => (is_base64(text), "base64"),
        "ipv4" => (text.parse::<Ipv4Addr>().is_ok(), "an IPv4 address"),
        "ipv6" => (text.parse::<Ipv6Addr>().is_ok(), "an IPv6 address"),
        "uuid" | "uuid4" => (is_uuid(text), "a UUID"),
        "uri" => (url::Url::parse(text).is_ok() || text.starts_with('/'), "a URI"),
        "duration" => (go_duration(text).is_some(), "a duration such as 90s or 1h30m"),
        "quantity" => (quantity(text).is_some(), "a quantity such as 500m, 2 or 1Gi"),
        _ => return None,
    };
    (!fits).then_some(wanted)
}

/// Standard base64 with its padding, as Go's decoder wants it; it passes over line breaks.
fn is_base64(text: &str) -> bool {
    let letters: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    let body = letters.strip_suffix(b"==").or_else(|| letters.strip_suffix(b"=")).unwrap_or(&letters);
    letters.len().is_multiple_of(4)
        && body.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

fn is_uuid(text: &str) -> bool {
    let plain = text.replace('-', "");
    plain.len() == 32 && plain.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::refuses;

    #[test]
    fn formats_that_count() {
        for (format, fine, wrong) in [
            ("date-time", "2026-01-31T12:00:00Z", "2026-01-31"),
            ("byte", "YWI=", "YWI"),
            ("ipv4", "10.0.0.1", "10.0.0"),
            ("uuid", "123e4567-e89b-12d3-a456-426614174000", "x"),
            ("quantity", "1Gi", "1GB"),
        ] {
            assert!(refuses(format, fine).is_none() && refuses(format, wrong).is_some(), "{format}");
        }
        assert_eq!(refuses("password", "x"), None);
    }
}
