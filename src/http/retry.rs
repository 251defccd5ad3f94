//! When to ask again, and how long to wait before.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use reqwest::header::HeaderMap;

use crate::clock::Timestamp;

/// What to do about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Take it as it is.
    Take,
    /// Wait that long, ask again.
    Again(Duration),
    /// The server says to wait for longer than we are ready to, or has said it too often.
    GiveUp(Option<Duration>),
}

/// Judges the answer to a GET.
///
/// 429 means slow down; GitHub says the same with a 403 that has `Retry-After` or no calls left.
/// 502, 503 and 504 pass by themselves more often than not.
pub(super) fn judge(
    status: u16,
    headers: &HeaderMap,
    try_number: u32,
    policy: Policy,
    now: Timestamp,
) -> Verdict {
    let told = told_to_wait(headers, now);
    let throttled = status == 429 || (status == 403 && told.is_some());
    if !throttled && !matches!(status, 502..=504) {
        return Verdict::Take;
    }
    let wait = told.unwrap_or_else(|| backoff(try_number, policy.first_wait));
    if try_number >= policy.retries || wait > policy.longest_wait {
        return if throttled { Verdict::GiveUp(told) } else { Verdict::Take };
    }
    Verdict::Again(wait)
}

/// How often and how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy {
    pub(super) retries: u32,
    pub(super) first_wait: Duration,
    pub(super) longest_wait: Duration,
}

/// `Retry-After` in seconds or as an HTTP date; else, with no calls left, the time until
/// `X-RateLimit-Reset` (seconds since 1970).
fn told_to_wait(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let until = |moment: i64| Duration::from_secs(u64::try_from(moment - now.0).unwrap_or(0));
    if let Some(after) = text("retry-after") {
        if let Ok(seconds) = after.parse::<u64>() {
            return Some(Duration::from_secs(seconds));
        }
        let date = jiff::fmt::rfc2822::parse(after).ok()?;
        return Some(until(date.timestamp().as_second()));
    }
    if text("x-ratelimit-remaining") != Some("0") {
        return None;
    }
    text("x-ratelimit-reset")?.parse().ok().map(until)
}

/// Doubles with each try; a random part keeps many clients from coming back at the same moment.
fn backoff(try_number: u32, first: Duration) -> Duration {
    let whole = first.saturating_mul(1 << try_number.min(6));
    let random = RandomState::new().build_hasher().finish() % 1000;
    whole / 2 + whole.mul_f64(f64::from(random as u32) / 2000.0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{Policy, Verdict, backoff, judge};
    use crate::clock::Timestamp;

    const POLICY: Policy =
        Policy { retries: 2, first_wait: Duration::from_millis(400), longest_wait: Duration::from_secs(20) };
    const NOW: Timestamp = Timestamp(1_795_341_600);

    fn check(status: u16, headers: &[(&'static str, &str)], try_number: u32, expected: Verdict) {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
            .collect();
        assert_eq!(judge(status, &headers, try_number, POLICY, NOW), expected, "{status} {headers:?}");
    }

    #[test]
    fn waits_as_told_within_bounds() {
        let seconds = |n| Duration::from_secs(n);
        check(429, &[("retry-after", "3")], 0, Verdict::Again(seconds(3)));
        check(429, &[("retry-after", "3")], 2, Verdict::GiveUp(Some(seconds(3))));
        check(429, &[("retry-after", "3600")], 0, Verdict::GiveUp(Some(seconds(3600))));
        check(503, &[("retry-after", "Sun, 22 Nov 2026 10:00:07 GMT")], 0, Verdict::Again(seconds(7)));
        check(503, &[("retry-after", "Sun, 22 Nov 2020 10:00:07 GMT")], 0, Verdict::Again(seconds(0)));
        check(
            403,
            &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1795341605")],
            0,
            Verdict::Again(seconds(5)),
        );
        check(503, &[("retry-after", "99999")], 0, Verdict::Take);
    }

    #[test]
    fn only_what_may_pass_is_asked_again() {
        for status in [200, 301, 400, 401, 403, 404, 409, 422, 500, 501] {
            check(status, &[], 0, Verdict::Take);
        }
        assert!(matches!(judge(502, &HeaderMap::new(), 0, POLICY, NOW), Verdict::Again(_)));
        check(502, &[], 2, Verdict::Take);
    }

    #[test]
    fn the_backoff_doubles_with_a_random_half() {
        for try_number in 0..40 {
            let wait = backoff(try_number, POLICY.first_wait);
            let whole = POLICY.first_wait * (1 << try_number.min(6));
            assert!(wait >= whole / 2 && wait <= whole, "{try_number}: {wait:?}");
        }
    }
}
