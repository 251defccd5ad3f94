//! What is said of one object.

use crate::clock::Timestamp;

/// How an object is. The order is from best to worst; the worst of several wins.
///
/// `Unknown` is better than `Progressing`: an object nobody may read says nothing about the others,
/// one that is known to be on its way does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Health {
    /// It is there and does what it should.
    Healthy,
    /// Somebody stopped its reconciliation on purpose.
    Suspended,
    /// Nothing can be said: it could not be read, or nobody has ever reported on it.
    Unknown,
    /// On its way.
    Progressing,
    /// It should be there and is not.
    Missing,
    /// It failed, or used to work and does no more.
    Degraded,
}

impl Health {
    /// Every value, from best to worst.
    pub const ALL: [Self; 6] =
        [Self::Healthy, Self::Suspended, Self::Unknown, Self::Progressing, Self::Missing, Self::Degraded];

    /// The word for it in text and JSON: `healthy`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Suspended => "suspended",
            Self::Unknown => "unknown",
            Self::Progressing => "progressing",
            Self::Missing => "missing",
            Self::Degraded => "degraded",
        }
    }

    /// The value behind a word of [`Health::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|health| health.as_str() == word)
    }
}

impl std::fmt::Display for Health {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// The health of one object and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How it is.
    pub health: Health,
    /// A machine's word for why: the condition's own reason where it has one, else one of ours.
    pub reason: String,
    /// A sentence for people; the controller's own words where it has any. May be empty.
    pub message: String,
    /// Since when, where the object says so.
    pub since: Option<Timestamp>,
    /// What was odd about the object and therefore not used, one thought each.
    pub notes: Vec<String>,
}

impl Verdict {
    /// A verdict without a time.
    pub fn new(health: Health, reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self { health, reason: reason.into(), message: message.into(), since: None, notes: Vec::new() }
    }

    /// It is as it should be.
    pub fn healthy(reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Health::Healthy, reason, message)
    }

    /// It is on its way.
    pub fn progressing(reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Health::Progressing, reason, message)
    }

    /// It failed.
    pub fn degraded(reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Health::Degraded, reason, message)
    }

    /// It was stopped on purpose.
    pub fn suspended(reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Health::Suspended, reason, message)
    }

    /// Nothing can be said.
    pub fn unknown(reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Health::Unknown, reason, message)
    }

    /// Says since when.
    #[must_use]
    pub fn since(mut self, since: Option<Timestamp>) -> Self {
        self.since = since;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Health;

    #[test]
    fn the_words_lead_back_and_the_order_is_from_best_to_worst() {
        for (index, health) in Health::ALL.into_iter().enumerate() {
            assert_eq!(Health::parse(health.as_str()), Some(health));
            assert!(Health::ALL[index..].iter().all(|other| *other >= health));
        }
        assert_eq!(Health::parse("fine"), None);
    }
}
