//! What a request is called: branch, title, commit message with trailers, pull request text.

use std::fmt::Write;

use super::{EntityChange, Operation, Request};

/// Kinds in the order in which people name a request after them.
const PROMINENCE: [&str; 9] =
    ["component", "api", "system", "domain", "resource", "group", "user", "template", "location"];

/// The trailer that carries the content digest; a branch whose tip has it is one of ours.
pub const DIGEST_TRAILER: &str = "Platform-Content-Digest";

/// Longest title, in characters: what Git tools show of a first line.
const LONGEST_TITLE: usize = 72;

pub(super) fn prominence(kind: &str) -> usize {
    PROMINENCE.iter().position(|known| *known == kind).unwrap_or(PROMINENCE.len())
}

impl Request {
    /// The branch on the remote: `<prefix><verb>/<kind>.<namespace>.<name>`. The same request always
    /// has the same branch, so that a second one for the same entity is noticed.
    pub fn branch(&self, prefix: &str) -> String {
        let subject = self.subject.as_ref().map(|(_, entity)| entity);
        let Some(entity) = subject.or_else(|| self.entities.first().map(|first| &first.entity)) else {
            return format!("{prefix}change/files-{}", &self.digest()[..12]);
        };
        let name = format!("{}.{}.{}", entity.kind(), entity.namespace(), entity.name()).to_lowercase();
        // What Git does not allow in a branch name; Backstage's own name rules let none of it pass.
        let name: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' })
            .take(180)
            .collect();
        let name = name.replace("..", ".-").trim_end_matches('.').trim_end_matches(".lock").to_owned();
        format!("{prefix}{}/{name}", self.verb())
    }

    /// What it does as one word: the one of its subject, or `new`, `edit` or `retire`; `edit` when it does
    /// several things.
    pub fn verb(&self) -> &'static str {
        if let Some((verb, _)) = &self.subject {
            return verb;
        }
        let all = |operation| self.entities.iter().all(|change| change.operation == operation);
        match self.entities.first() {
            None => "change",
            Some(_) if all(Operation::Create) => "new",
            Some(_) if all(Operation::Delete) => "retire",
            Some(_) => "edit",
        }
    }

    /// One line for the commit and the pull request: `Add component orders and 3 more`.
    pub fn title(&self) -> String {
        if let Some(title) = &self.own_title {
            return title.clone();
        }
        let Some(first) = self.entities.first() else {
            let files = self.edits.len();
            return format!("Change {files} file{}", if files == 1 { "" } else { "s" });
        };
        let verb = match self.verb() {
            "new" => "Add",
            "retire" => "Retire",
            _ => "Change",
        };
        let mut title = format!("{verb} {} {}", first.entity.kind(), first.entity.name());
        let others = self.entities.len() - 1;
        if others > 0 {
            let _ = write!(title, " and {others} more");
        }
        title.chars().take(LONGEST_TITLE).collect()
    }

    /// The whole commit message; the trailers are its last paragraph.
    pub fn commit_message(&self, version: &str) -> String {
        let mut message = format!("{}\n\n", self.title());
        for EntityChange { entity, operation } in &self.entities {
            let _ = writeln!(message, "Platform-Entity: {} {entity}", operation.word());
        }
        let _ = writeln!(message, "Platform-Cli-Version: {version}");
        let _ = writeln!(message, "{DIGEST_TRAILER}: {}", self.digest());
        message
    }

    /// The text of the pull request in Markdown. What an auditor needs comes first: forges cut long
    /// texts at the end.
    pub fn description(&self, requested_by: &str) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "| entity | operation |\n|---|---|");
        for EntityChange { entity, operation } in &self.entities {
            let _ = writeln!(text, "| `{entity}` | {} |", operation.word());
        }
        let _ = writeln!(text, "\nRequested by {}.\n", escaped(requested_by));
        if !self.impact.is_empty() {
            let _ = writeln!(text, "{}\n", self.impact.trim_end());
        }
        let _ = writeln!(text, "<details><summary>{} files</summary>\n", self.edits.len());
        for edit in &self.edits {
            let what = match (&edit.content, edit.existed) {
                (None, _) => "removed",
                (Some(_), true) => "changed",
                (Some(_), false) => "new",
            };
            let _ = writeln!(text, "- `{}` ({what})", edit.path.replace('`', ""));
        }
        let _ = write!(text, "\n</details>\n\n<!-- platform-content-digest: {} -->\n", self.digest());
        text
    }
}

/// A name as plain Markdown text.
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut shown, c| {
        if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | '-') {
            shown.push('\\');
        }
        shown.push(c);
        shown
    })
}

#[cfg(test)]
mod tests {
    use crate::change::{Edit, EntityChange, Operation, Request};
    use crate::entity::EntityRef;

    fn request(changes: &[(&str, Operation)]) -> Request {
        let entities = changes.iter().map(|(text, operation)| EntityChange {
            entity: EntityRef::parse(text, None, "default").unwrap(),
            operation: *operation,
        });
        let content = Some(b"kind: Component\n".to_vec());
        let edit = Edit { path: "catalog/x.yaml".into(), content, executable: false, existed: false };
        Request::new(vec![edit], entities.collect())
    }

    fn check(changes: &[(&str, Operation)], branch: &str, title: &str) {
        let request = request(changes);
        assert_eq!((request.branch("platform/").as_str(), request.title().as_str()), (branch, title));
    }

    #[test]
    fn a_request_is_named_after_what_people_think_of_first() {
        use Operation::{Create, Delete, Update};
        check(
            &[("resource:default/orders-ns", Create), ("component:default/orders", Create)],
            "platform/new/component.default.orders",
            "Add component orders and 1 more",
        );
        check(&[("group:default/a", Update)], "platform/edit/group.default.a", "Change group a");
        check(&[("user:ops/b", Delete)], "platform/retire/user.ops.b", "Retire user b");
    }

    #[test]
    fn names_are_valid_for_git() {
        let hostile = request(&[("component:default/a..b.lock", Operation::Create)]);
        assert_eq!(hostile.branch("platform/"), "platform/new/component.default.a.-b");
    }

    #[test]
    fn the_same_request_has_the_same_digest() {
        let one = request(&[("component:default/a", Operation::Create)]);
        let mut other = one.clone();
        assert_eq!(one.digest(), other.digest());
        other.edits[0].content = None;
        assert_ne!(one.digest(), other.digest());
    }

    #[test]
    fn trailers_are_the_last_paragraph() {
        let message = request(&[("component:default/a", Operation::Create)]).commit_message("1.0.0");
        let last = message.trim_end().rsplit("\n\n").next().unwrap();
        assert!(last.lines().all(|line| line.starts_with("Platform-")), "{message}");
    }
}
