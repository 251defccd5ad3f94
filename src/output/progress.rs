//! What an operation waits for: a spinner on a terminal, a line after two seconds elsewhere.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::console::Console;
use super::text::clean;
use crate::progress::Progress;

/// Within this time a program shows that it is at work.
const SOON: Duration = Duration::from_millis(90);

/// Shows the steps of one operation on stderr.
pub struct Steps {
    bar: Option<ProgressBar>,
    started: Mutex<Option<Instant>>,
}

impl Steps {
    /// On a terminal it moves; elsewhere, and with `--quiet`, nothing is shown.
    pub fn new(console: &Console) -> Self {
        super::console::mend_terminal_on_interrupt();
        let bar = console.can_animate().then(|| {
            let bar = ProgressBar::new_spinner();
            let style = ProgressStyle::with_template("{spinner} {msg}{prefix}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Self { bar, started: Mutex::new(None) }
    }

    /// As [`Steps::new`], for work that is mostly over before anybody could read what it is: nothing is
    /// shown for the first moment.
    pub fn patient(console: &Console, what: &str) -> Self {
        super::console::mend_terminal_on_interrupt();
        let bar = console.can_animate().then(|| {
            // nothing is drawn before the first tick
            let bar = ProgressBar::new_spinner().with_message(clean(what));
            bar.enable_steady_tick(SOON);
            bar
        });
        Self { bar, started: Mutex::new(None) }
    }
}

impl Progress for Steps {
    fn step(&self, what: &str) {
        if let Ok(mut started) = self.started.lock() {
            *started = Some(Instant::now());
        }
        if let Some(bar) = &self.bar {
            bar.set_message(clean(what));
        }
    }

    fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        self.done();
    }
}
