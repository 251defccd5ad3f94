//! A pull request.

use serde::Serialize;

use super::{Console, Format, Style, Text, json};
use crate::error::Failure;
use crate::forge::{PullRequest, Reviews, State};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    number: u64,
    url: &'a str,
    title: &'a str,
    state: &'static str,
    head: &'a str,
    base: &'a str,
    author: Option<&'a str>,
    merge_commit: Option<&'a str>,
    merged_at: Option<String>,
    merged_by: Option<&'a str>,
    approved_by: &'a [String],
    changes_requested_by: &'a [String],
    checks_failed: &'a [String],
    checks_pending: &'a [String],
    waiting_for: &'a [String],
}

/// Writes a pull request.
pub fn print(
    console: &Console,
    format: Format,
    found: &PullRequest,
    reviews: &Reviews,
) -> Result<(), Failure> {
    if format != Format::Text {
        return json::print(console, format, &wire(found, reviews));
    }
    let style = match found.state {
        State::Open => Style::Warn,
        State::Merged => Style::Good,
        State::Closed => Style::Bad,
    };
    let mut text = Text::new()
        .styled(style, state(found.state))
        .plain(format!("  #{} {}\n", found.number, found.title))
        .plain(format!("{} -> {}\n", found.head, found.base));
    if let Some(commit) = &found.merge_commit {
        let by = found.merged_by.as_deref().unwrap_or("unknown");
        let at = found.merged_at.map(|at| format!(" at {at}")).unwrap_or_default();
        text.line(format!("merged by {by}{at} as {}", commit.get(..8).unwrap_or(commit)));
    }
    for (what, names) in [
        ("approved by", &reviews.approved_by),
        ("changes requested by", &reviews.changes_requested_by),
        ("failed checks", &reviews.checks_failed),
        ("running checks", &reviews.checks_pending),
        ("waiting for", &found.waiting_for),
    ] {
        if !names.is_empty() && found.state == State::Open {
            text.line(format!("{what}: {}", names.join(", ")));
        }
    }
    text.push(Style::Accent, format!("{}\n", found.url));
    console.print(text);
    Ok(())
}

/// The word for a state.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Open => "open",
        State::Merged => "merged",
        State::Closed => "closed",
    }
}

fn wire<'a>(found: &'a PullRequest, reviews: &'a Reviews) -> Wire<'a> {
    Wire {
        number: found.number,
        url: &found.url,
        title: &found.title,
        state: state(found.state),
        head: &found.head,
        base: &found.base,
        author: found.author.as_deref(),
        merge_commit: found.merge_commit.as_deref(),
        merged_at: found.merged_at.map(|at| at.to_string()),
        merged_by: found.merged_by.as_deref(),
        approved_by: &reviews.approved_by,
        changes_requested_by: &reviews.changes_requested_by,
        checks_failed: &reviews.checks_failed,
        checks_pending: &reviews.checks_pending,
        waiting_for: &found.waiting_for,
    }
}
