//! Styled text that is safe to show: the parts of a message with what each of them means.

use std::fmt::Write;

/// What a part of a text means. The console decides how it looks; nothing is said by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Ordinary text.
    #[default]
    Plain,
    /// Headings and the word that matters.
    Strong,
    /// What can be skipped.
    Dim,
    /// It is fine.
    Good,
    /// It is not fine.
    Bad,
    /// It may become a problem.
    Warn,
    /// Something to paste: a command, a path, a URL.
    Accent,
}

impl Style {
    fn ansi(self) -> anstyle::Style {
        use anstyle::{AnsiColor, Style as Ansi};
        let colour = |colour: AnsiColor| Ansi::new().fg_color(Some(colour.into()));
        match self {
            Self::Plain => Ansi::new(),
            Self::Strong => Ansi::new().bold(),
            Self::Dim => Ansi::new().dimmed(),
            Self::Good => colour(AnsiColor::Green),
            Self::Bad => colour(AnsiColor::Red).bold(),
            Self::Warn => colour(AnsiColor::Yellow).bold(),
            Self::Accent => colour(AnsiColor::Cyan),
        }
    }
}

/// A text in parts. Line breaks are part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    parts: Vec<(Style, String)>,
}

impl Text {
    /// An empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds ordinary text.
    #[must_use]
    pub fn plain(self, text: impl Into<String>) -> Self {
        self.styled(Style::Plain, text)
    }

    /// Adds text that means something.
    #[must_use]
    pub fn styled(mut self, style: Style, text: impl Into<String>) -> Self {
        self.push(style, text);
        self
    }

    /// Ends the line.
    #[must_use]
    pub fn end(self) -> Self {
        self.plain("\n")
    }

    /// Adds text that means something.
    pub fn push(&mut self, style: Style, text: impl Into<String>) {
        self.parts.push((style, text.into()));
    }

    /// Adds another text.
    pub fn append(&mut self, other: Self) {
        self.parts.extend(other.parts);
    }

    /// Adds an ordinary line.
    pub fn line(&mut self, text: impl AsRef<str>) {
        self.push(Style::Plain, format!("{}\n", text.as_ref()));
    }

    /// As it goes to a stream: with ANSI styles if `colour`, control characters made visible.
    pub fn rendered(&self, colour: bool) -> String {
        let mut out = String::new();
        for (style, text) in &self.parts {
            let shown = clean(text);
            if colour && *style != Style::Plain {
                let ansi = style.ansi();
                let _ = write!(out, "{}{shown}{}", ansi.render(), ansi.render_reset());
            } else {
                out.push_str(&shown);
            }
        }
        out
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new().plain(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new().plain(text)
    }
}

/// `text` with every control character but line break and tab, and every character that turns the
/// direction of writing, spelled out: `\u{1b}`. A carriage return before a line break is dropped.
pub fn clean(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\t' => shown.push(c),
            '\r' if chars.peek() == Some(&'\n') => {}
            c if c.is_control() || turns_direction(c) => {
                let _ = write!(shown, "{}", c.escape_unicode());
            }
            c => shown.push(c),
        }
    }
    shown
}

/// Whether a character changes the direction in which what follows is shown.
pub(super) fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// How many columns `text` takes on a terminal.
pub fn columns(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// Words in lines of at most `width` columns; a longer word has a line of its own. Line breaks are
/// blanks: the text is prose.
pub(super) fn wrapped(words: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Style, Text, clean};

    #[test]
    fn no_control_character_gets_through() {
        assert_eq!(
            clean("a\u{1b}[2Jb\u{7}\r\nc\td\u{9b}e\u{202e}f\r"),
            "a\\u{1b}[2Jb\\u{7}\nc\td\\u{9b}e\\u{202e}f\\u{d}"
        );
        let text = Text::new().styled(Style::Bad, "x\u{1b}]0;evil\u{7}");
        assert!(!text.rendered(false).contains('\u{1b}'));
        assert_eq!(text.rendered(true).matches('\u{1b}').count(), 3, "only our own styles");
    }
}
