//! The exit codes, and the one shape in which a failure reaches the user.
//!
//! `Err` means that *the tool could not do its job*. What is wrong in a user's file is a
//! [`Diagnostic`](crate::diagnostic::Diagnostic), not an error.

/// What the process says when it ends. `platform help exit-codes` prints this table.
///
/// The order is the order of severity: of several that apply, the greatest wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exit {
    /// 0: done, nothing to complain about.
    Fine,
    /// 3: differences found.
    Differences,
    /// 8: still pending, or the deadline passed.
    Pending,
    /// 1: the answer is no: findings, or failed for good.
    No,
    /// 5: a remote is unreachable.
    Unreachable,
    /// 4: a login is needed.
    Login,
    /// 2: usage, configuration or internal failure.
    Usage,
    /// 130: interrupted.
    Interrupted,
}

impl Exit {
    /// Every code with what it means, in the order of the numbers.
    pub const TABLE: [(Self, &'static str); 8] = [
        (Self::Fine, "done, nothing to complain about"),
        (Self::No, "the answer is no: findings, or failed for good"),
        (Self::Usage, "wrong usage or configuration, or the tool could not do its job"),
        (Self::Differences, "differences found (`render --check`, `diff`)"),
        (Self::Login, "a login is needed, or the token was refused"),
        (Self::Unreachable, "a remote is unreachable"),
        (Self::Pending, "still pending, or the deadline passed"),
        (Self::Interrupted, "interrupted"),
    ];

    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::No => 1,
            Self::Usage => 2,
            Self::Differences => 3,
            Self::Login => 4,
            Self::Unreachable => 5,
            Self::Pending => 8,
            Self::Interrupted => 130,
        }
    }
}

/// A failure as the user reads it: what failed, why, and one fix that can be pasted.
///
/// Adapters have error enums of their own; `ops` turns them into this and adds the hint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Which exit code it ends in.
    pub exit: Exit,
    /// What failed and where: one line, lower case first, no full stop.
    pub message: String,
    /// Why, outermost first; one line each.
    pub causes: Vec<String>,
    /// What to do about it, a command where there is one.
    pub hint: Option<String>,
}

impl Failure {
    /// A failure that ends in `exit`.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), causes: Vec::new(), hint: None }
    }

    /// Wrong usage or configuration.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Adds a reason.
    #[must_use]
    pub fn because(mut self, cause: impl std::fmt::Display) -> Self {
        self.causes.push(cause.to_string());
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_most_severe_of_several_wins() {
        assert_eq!([Exit::Pending, Exit::No, Exit::Fine].into_iter().max(), Some(Exit::No));
        assert_eq!([Exit::Unreachable, Exit::Pending].into_iter().max(), Some(Exit::Unreachable));
    }

    #[test]
    fn numbers_are_unique_and_in_order() {
        let codes: Vec<u8> = Exit::TABLE.iter().map(|(exit, _)| exit.code()).collect();
        assert!(codes.is_sorted_by(|a, b| a < b));
    }
}
