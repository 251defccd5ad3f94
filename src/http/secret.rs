//! Secrets that cannot be printed by accident.

use std::fmt;

/// A token or password. It has no `Display`, and `Debug` hides it; [`Secret::expose`] is the only
/// way out and is called where a header is made.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret. White space around it is dropped: tokens are read from files and programs
    /// that end their output with a line break.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// A secret, and where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The token or password.
    pub secret: Secret,
    /// Where it came from, as a phrase that can follow "the token from": `GH_TOKEN`,
    /// `gh auth token`, `git credential fill`.
    pub source: String,
}

impl Credential {
    /// A secret that was found at `source`.
    pub fn new(secret: &str, source: impl Into<String>) -> Self {
        Self { secret: Secret::new(secret), source: source.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::Credential;

    #[test]
    fn debug_output_hides_the_secret() {
        let credential = Credential::new("ghp_0123456789\n", "GH_TOKEN");
        assert_eq!(credential.secret.expose(), "ghp_0123456789");
        let shown = format!("{credential:?}");
        assert!(!shown.contains("0123") && shown.contains("GH_TOKEN"), "{shown}");
    }
}
