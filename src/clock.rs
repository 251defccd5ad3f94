//! The time, and the one place that reads it.

use std::time::SystemTime;

/// A moment: whole seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Reads an RFC 3339 time such as `2026-11-22T10:00:00Z`. Fractions of a second are cut off.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|time| Self(time.as_second()))
    }

    /// Seconds from `earlier` to this moment; negative when it is later.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }
}

impl std::fmt::Display for Timestamp {
    /// RFC 3339 in UTC: `2026-11-22T10:00:00Z`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(time) => write!(f, "{time}"),
            Err(_) => write!(f, "@{}", self.0),
        }
    }
}

/// The present. Operations take it as a value, so that the same input gives the same output.
pub fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the one home of the clock")]
    let elapsed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp(elapsed.map_or(0, |elapsed| elapsed.as_secs().cast_signed()))
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn rfc_3339_there_and_back() {
        let time = Timestamp::parse("2026-11-22T10:00:00.5Z");
        assert_eq!(time.map(|time| time.to_string()).as_deref(), Some("2026-11-22T10:00:00Z"));
        assert_eq!(Timestamp::parse("yesterday"), None);
    }
}
