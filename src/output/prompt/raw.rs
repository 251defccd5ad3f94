//! The terminal while a question is open: what is typed goes to the question and is not shown by itself.
//!
//! Reading key by key, a library sets this up for one key at a time; what is typed between two keys,
//! or pasted, would be shown, secrets too.

#[cfg(unix)]
mod terminal {
    use std::sync::Mutex;

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// How the terminal was before the question that is open.
    static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

    pub(super) fn take() {
        let Ok(mut modes) = tcgetattr(std::io::stdin()) else { return };
        let before = modes.clone();
        modes
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN);
        if tcsetattr(std::io::stdin(), OptionalActions::Drain, &modes).is_ok()
            && let Ok(mut slot) = BEFORE.lock()
        {
            *slot = Some(before);
        }
    }

    pub(super) fn give_back() {
        let before = BEFORE.try_lock().ok().and_then(|mut slot| slot.take());
        if let Some(before) = before {
            // A terminal that is gone needs nothing back.
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Drain, &before);
        }
    }
}

#[cfg(not(unix))]
mod terminal {
    pub(super) fn take() {}

    pub(super) fn give_back() {}
}

/// Keeps the terminal quiet as long as it lives.
pub(super) struct Quiet(());

impl Quiet {
    pub(super) fn new() -> Self {
        terminal::take();
        Self(())
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back as it was before the open question, if one is.
pub(in crate::output) fn give_back() {
    terminal::give_back();
}
