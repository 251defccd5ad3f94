//! YAML as one flat tree with byte spans.
//!
//! [`parse`] reads all documents of a text the way Backstage does, that is as npm `yaml` 2.9.1's
//! `parseAllDocuments(text, { merge: false })`: YAML 1.2, its core schema, `<<` an ordinary key,
//! unique keys. What Backstage would refuse is a diagnostic; reading goes on with the next document.
//!
//! It does not expand aliases in memory, knows nothing of entities, and does not look at files:
//! bytes become text with [`decode_utf8`].
//!
//! # Two readers
//!
//! Ordinary catalog files take a short way (`fast`): one pass, no copies. It gives up on anything
//! unusual, and on every error, and then `full`, on top of `granit-parser`, starts over. Both make the
//! same tree; tests compare them node by node.
//!
//! # Where we differ from npm `yaml`, on purpose
//!
//! The tests compare values and verdicts of files, cases and mutants with npm `yaml` itself. What is
//! left is this; *refused* means that we report an error where Backstage would read on.
//!
//! | text | npm `yaml` | here | why |
//! |---|---|---|---|
//! | control characters, a byte order mark at the start of a later document | part of the value | refused | YAML forbids them, and nobody means them |
//! | a carriage return without a line feed | a letter | refused | a line break for YAML: two readers, two values |
//! | `%YAML 1.1` | reads as 1.1 | reads as 1.2, warns | nobody should rely on it |
//! | a directive without a document, or misspelt | warns | refused | the text was meant to be something else |
//! | `!!binary`, `!!timestamp`, `!!set`, `!!omap`, `!!pairs`, `!!merge` | makes objects, dates, bytes | keeps the value, warns | no entity field takes one |
//! | half a surrogate pair as an escape | kept | refused | it is no Unicode text |
//! | an unclosed quote in a line that ends with an escaped quote | taken for closed | refused | a mistake of theirs |
//! | `:` or `?` in an odd column, or glued to a bracket | an empty key | refused, mostly | a mistake of theirs |
//! | `---` behind a `\|` in its line | an empty block, a new document | refused | |
//! | `{a":{}}`: a plain key that ends with a quote, glued to a brace | read | refused | the quote was meant to open |
//! | a line of blanks with a tab in it | sometimes content | an empty line | as YAML has it |
//! | a block scalar at the root that begins with a tab | read | refused | |
//! | blanks at the very end of the text in a `\|2` block | dropped | kept | |
//! | the name of a key that is a long list or mapping | folded over lines | one line | only for messages |
//! | more than 255 levels of blocks or of brackets, 10 million values, 1 GiB | runs on, or out of stack | refused | bounded memory and time |

mod check;
pub mod edit;
pub mod emit;
mod fast;
mod full;
mod json;
mod node;
mod problem;
mod scalar;
mod syntax;
mod text;
mod tree;

pub use json::key as key_text;
pub use node::{Kind, Node};
pub use problem::{ALIAS, DUPLICATE_KEY, ENCODING, LIMIT, SYNTAX, TAG, VERSION};
pub use tree::{Document, Tree};

use crate::diagnostic::{Diagnostic, Reach};
use crate::source::{SourceId, Span};

/// Values in one text. A value takes 20 bytes of memory and at least one of text.
pub(crate) const MAX_NODES: usize = 10_000_000;
/// Offsets are 32 bits wide, with room to spare.
const MAX_LENGTH: usize = 1 << 30;
/// Findings in one text: nobody reads more, and a broken generator makes millions.
const MAX_FINDINGS: usize = 1000;

/// Reads all documents of `text`. Never fails: documents with errors are marked, and what is wrong
/// with them is among the diagnostics, in text order. A byte order mark at the start is skipped.
pub fn parse(source: SourceId, text: &str) -> (Tree, Vec<Diagnostic>) {
    let mut tree = Tree::new(source);
    // Catalogs have a value in every 20 to 30 bytes.
    tree.entries.reserve(text.len().min(1 << 20) / 24);
    if text.len() <= MAX_LENGTH && fast::read(&mut tree, text) && tree.entries.len() <= MAX_NODES {
        return (tree, Vec::new());
    }
    parse_in_full(source, text)
}

/// As [`parse`], without the short way for plain texts: the same result, slower. For tests that
/// compare the two.
pub fn parse_in_full(source: SourceId, text: &str) -> (Tree, Vec<Diagnostic>) {
    let mut tree = Tree::new(source);
    let mut diagnostics = Vec::new();
    if text.len() > MAX_LENGTH {
        diagnostics.push(problem::too_long(source));
        return (tree, diagnostics);
    }
    if let Some(at) = lone_carriage_return(text) {
        diagnostics.push(problem::lone_carriage_return(Span::new(source, at..at + 1)));
        tree.documents.push(tree::DocumentEntry { root: None, broken: true });
        return (tree, diagnostics);
    }
    full::read(&mut tree, text, &mut diagnostics);
    diagnostics.sort_by_key(|diagnostic| (diagnostic.primary.span.start, diagnostic.primary.span.end));
    diagnostics.truncate(MAX_FINDINGS);
    (tree, diagnostics)
}

/// Whether [`parse`] takes the short way for this text.
pub fn is_plain(text: &str) -> bool {
    text.len() <= MAX_LENGTH && fast::read(&mut Tree::new(SourceId(0)), text)
}

/// A carriage return that ends no line with a line feed. YAML's grammar takes it for a line break, npm
/// `yaml` for a letter: there is no reading of such a text that would be Backstage's.
fn lone_carriage_return(text: &str) -> Option<u32> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'\r', bytes).find(|&at| bytes.get(at + 1) != Some(&b'\n')).map(|at| at as u32)
}

/// The text of a file's bytes, or what is wrong with them: YAML is UTF-8. The place of the error is
/// in the text that [`String::from_utf8_lossy`] makes of the bytes, which is what Backstage reads.
pub fn decode_utf8(source: SourceId, bytes: &[u8]) -> Result<&str, Box<Diagnostic>> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let byte = bytes.get(at).copied().unwrap_or_default();
        let span = Span::new(source, at as u32..at as u32 + 3);
        let message = format!("the byte 0x{byte:02X} is not UTF-8");
        let found = Diagnostic::error(ENCODING, span, message)
            .reaching(Reach::Nothing)
            .note("Backstage puts U+FFFD in its place, so the value is not what was meant")
            .help("save the file as UTF-8");
        Box::new(found)
    })
}
