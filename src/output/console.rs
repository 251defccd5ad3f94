//! The console: owns stdout and stderr, knows colour and width, remembers what went wrong.

use std::cell::{Cell, RefCell};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use super::text::{Style, Text};
use crate::error::{Exit, Failure};

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people. Not a contract.
    #[default]
    Text,
    /// JSON with `schemaVersion`.
    Json,
    /// The same as YAML.
    Yaml,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// On a terminal that can show it.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the console is told by flags and the environment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Appearance {
    /// When to use colour.
    pub colour: Colour,
    /// Whether hints and progress are left out.
    pub quiet: bool,
    /// Whether prompts are forbidden.
    pub no_input: bool,
    /// A fixed width in columns, in place of the terminal's.
    pub width: Option<usize>,
}

/// Owns the two streams.
pub struct Console {
    out: RefCell<BufWriter<io::Stdout>>,
    appearance: Appearance,
    colour_out: bool,
    colour_err: bool,
    failed: RefCell<Option<io::Error>>,
    closed: Cell<bool>,
}

impl Console {
    /// The console of this process.
    pub fn new(appearance: Appearance) -> Self {
        let colour = |terminal: bool| match appearance.colour {
            Colour::Auto => terminal,
            Colour::Always => true,
            Colour::Never => false,
        };
        console::set_colors_enabled_stderr(colour(io::stderr().is_terminal()));
        Self {
            out: RefCell::new(BufWriter::new(io::stdout())),
            appearance,
            colour_out: colour(io::stdout().is_terminal()),
            colour_err: colour(io::stderr().is_terminal()),
            failed: RefCell::new(None),
            closed: Cell::new(false),
        }
    }

    /// Whether somebody sits there who can be asked.
    pub fn can_ask(&self) -> bool {
        !self.appearance.no_input && io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Whether something may move on stderr.
    pub fn can_animate(&self) -> bool {
        !self.appearance.quiet && io::stderr().is_terminal()
    }

    /// Whether stderr shows colour.
    pub fn has_colour_on_stderr(&self) -> bool {
        self.colour_err
    }

    /// Whether stdout shows colour.
    pub fn has_colour(&self) -> bool {
        self.colour_out
    }

    /// How many columns a line may take: the terminal's, or 100 where there is none.
    pub fn width(&self) -> usize {
        let terminal = || console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
        self.appearance.width.or_else(terminal).unwrap_or(100).max(20)
    }

    /// The width that was asked for in place of the terminal's.
    pub(super) fn fixed_width(&self) -> Option<usize> {
        self.appearance.width
    }

    /// Writes a result to stdout.
    pub fn print(&self, text: impl Into<Text>) {
        self.write(&text.into().rendered(self.colour_out));
    }

    /// Writes a machine's text to stdout as it is: JSON, YAML, a completion script.
    pub fn print_raw(&self, text: &str) {
        self.write(text);
    }

    fn write(&self, text: &str) {
        if self.closed.get() {
            return;
        }
        let written = self.out.borrow_mut().write_all(text.as_bytes());
        self.remember(written);
    }

    /// Writes a hint to stderr: what to do next, what was done. Left out with `--quiet`.
    pub fn note(&self, text: impl Into<Text>) {
        if !self.appearance.quiet {
            self.complain(&text.into());
        }
    }

    /// Writes a warning to stderr.
    pub fn warn(&self, message: &str) {
        self.complain(&Text::new().styled(Style::Warn, "warning").plain(format!(": {message}\n")));
    }

    /// Writes a failure to stderr: what, why, what to do.
    pub fn fail(&self, failure: &Failure) {
        let mut text = Text::new().styled(Style::Bad, "error").plain(format!(": {}\n", failure.message));
        for cause in &failure.causes {
            text.line(format!("  {}", cause.replace('\n', "\n  ")));
        }
        if let Some(hint) = &failure.hint {
            text.push(Style::Accent, "  fix");
            text.line(format!(": {}", hint.replace('\n', "\n       ")));
        }
        self.complain(&text);
    }

    fn complain(&self, text: &Text) {
        self.complain_raw(&text.rendered(self.colour_err));
    }

    /// Writes to stderr a text that is safe for it already.
    pub(super) fn complain_raw(&self, text: &str) {
        self.flush();
        // There is nobody left to tell when stderr is gone.
        let _ = io::stderr().write_all(text.as_bytes());
    }

    /// Brings to the stream what was printed so far.
    pub fn flush(&self) {
        let flushed = self.out.borrow_mut().flush();
        self.remember(flushed);
    }

    fn remember(&self, result: io::Result<()>) {
        match result {
            Ok(()) => {}
            // A reader who has seen enough is no failure: `platform list | head`.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.closed.set(true),
            Err(error) => {
                self.closed.set(true);
                self.failed.borrow_mut().get_or_insert(error);
            }
        }
    }

    /// Writes what is left and says how the process ends, which is worse than `exit` only if
    /// something that was printed did not arrive.
    pub fn finish(&self, exit: Exit) -> Exit {
        self.flush();
        match self.failed.borrow_mut().take() {
            None => exit,
            Some(error) => {
                self.fail(&Failure::usage("cannot write to standard output").because(error));
                exit.max(Exit::Usage)
            }
        }
    }
}

/// Says, when the program panics, that it is a bug and where to report it. The process ends with 101.
pub fn report_bugs() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let what = panic.payload_as_str().unwrap_or("no message");
        let text = format!(
            "bug: {what} ({place})\n  platform {} ended in a state that should not exist; please report it with what you did\n",
            env!("CARGO_PKG_VERSION")
        );
        let _ = io::stderr().write_all(super::text::clean(&text).as_bytes());
    }));
}

/// What Ctrl-C leaves the user with.
static ON_INTERRUPT: std::sync::Mutex<String> = std::sync::Mutex::new(String::new());

/// Sets what is said when Ctrl-C ends the process: how to go on.
pub fn on_interrupt(advice: String) {
    if let Ok(mut said) = ON_INTERRUPT.lock() {
        *said = advice;
    }
}

/// Whether Ctrl-C is somebody else's to answer: [`Interrupts`] are watched for.
static WATCHED: AtomicBool = AtomicBool::new(false);
/// Whether it was pressed since.
static PRESSED: AtomicBool = AtomicBool::new(false);

/// As long as it lives, the first Ctrl-C does not end the process but is seen here; the second does.
pub struct Interrupts(());

impl Interrupts {
    /// Starts to watch.
    pub fn watch() -> Self {
        mend_terminal_on_interrupt();
        PRESSED.store(false, Ordering::SeqCst);
        WATCHED.store(true, Ordering::SeqCst);
        Self(())
    }

    /// Whether Ctrl-C was pressed.
    pub fn pressed(&self) -> bool {
        PRESSED.load(Ordering::SeqCst)
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        WATCHED.store(false, Ordering::SeqCst);
    }
}

/// Sees to it that Ctrl-C ends the process with 130 and gives the terminal's cursor back. Prompts and
/// progress hide it; commands that do neither need no handler, and start faster without.
pub(super) fn mend_terminal_on_interrupt() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        // Without a handler Ctrl-C still ends the process; only the cursor may stay hidden.
        let _ = ctrlc::set_handler(|| {
            if WATCHED.load(Ordering::SeqCst) && !PRESSED.swap(true, Ordering::SeqCst) {
                return;
            }
            super::prompt::raw::give_back();
            let terminal = console::Term::stderr();
            if terminal.is_term() {
                let _ = terminal.show_cursor();
            }
            // Whoever holds the lock is setting another advice; none is better than to wait for it.
            let said = ON_INTERRUPT.try_lock().map(|said| said.clone()).unwrap_or_default();
            let said = if said.is_empty() { "run it again to go on" } else { &said };
            let _ = io::stderr().write_all(format!("\ninterrupted; {said}\n").as_bytes());
            #[expect(clippy::disallowed_methods, reason = "the one place where a signal ends the process")]
            std::process::exit(i32::from(Exit::Interrupted.code()));
        });
    });
}
