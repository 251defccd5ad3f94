//! How an operation tells that it is at work, without printing.

/// Somebody who wants to know what an operation is waiting for. `output` has the one that shows it;
/// `()` is nobody.
pub trait Progress: Sync {
    /// A step began; it replaces the one before. `what` is a phrase: `pushing platform/new/x`.
    fn step(&self, what: &str);

    /// The work is done; nothing is waited for any more.
    fn done(&self) {}
}

impl Progress for () {
    fn step(&self, _what: &str) {}
}
