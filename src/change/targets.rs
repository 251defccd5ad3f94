//! Texts that name other files relative to their own: what they become when one of the two moves.

use serde_json::Value;

use crate::entity::{Entity, Resolved, resolve_target};

/// Keys under which a relative path stands for the content of a file.
const PLACEHOLDERS: [&str; 5] = ["$text", "$json", "$yaml", "$openapi", "$asyncapi"];

/// A file that moves.
#[derive(Clone, Copy, Debug)]
pub struct Move<'a> {
    /// Its path now.
    pub from: &'a str,
    /// Its path then.
    pub to: &'a str,
}

/// The text at a pointer of an entity in a file that moves, so that it leads where it led before; `None`
/// where it may stay.
pub fn carried(entity: &Entity, moved: Move<'_>, pointer: &str, text: &str) -> Option<String> {
    let key = pointer.rsplit('/').next().unwrap_or_default();
    if pointer == "/metadata/annotations/backstage.io~1techdocs-ref" {
        return Some(format!("dir:{}", again(moved, text.strip_prefix("dir:")?)?));
    }
    (PLACEHOLDERS.contains(&key) || is_target(entity, pointer)).then(|| again(moved, text))?
}

/// The text at a pointer of an entity in the file `from` (and, if that moves, later `now`), where it is a
/// Location's target that leads to the file that moves.
pub fn followed(
    entity: &Entity,
    from: &str,
    now: &str,
    moved: Move<'_>,
    pointer: &str,
    text: &str,
) -> Option<String> {
    if !is_target(entity, pointer) || resolve_target(from, text) != Resolved::Inside(moved.from.to_owned()) {
        return None;
    }
    Some(relative(now, moved.to, text))
}

/// Whether a template copies from beside its file, so that the file cannot move alone.
pub fn copies_from_beside(root: &Value) -> bool {
    let steps = root.pointer("/spec/steps").and_then(Value::as_array);
    let mut urls = steps.into_iter().flatten().filter_map(|step| step.pointer("/input/url")?.as_str());
    urls.any(|url| !url.contains("://"))
}

fn is_target(entity: &Entity, pointer: &str) -> bool {
    entity.kind == "Location" && (pointer == "/spec/target" || pointer.starts_with("/spec/targets/"))
}

/// A relative path from the file's new place; `None` where it leads elsewhere or is the same.
fn again(moved: Move<'_>, text: &str) -> Option<String> {
    let Resolved::Inside(place) = resolve_target(moved.from, text) else { return None };
    // What is written from the top of the repository stays right.
    if text.starts_with('/') {
        return None;
    }
    let spelled = relative(moved.to, &place, text);
    (spelled != text && resolve_target(moved.to, text) != Resolved::Inside(place)).then_some(spelled)
}

/// The way from a file to a path, written as `before` was: with `/` or `./` in front or without.
fn relative(from: &str, to: &str, before: &str) -> String {
    if before.starts_with('/') {
        return format!("/{to}");
    }
    let folders: Vec<&str> = from.split('/').collect();
    let parts: Vec<&str> = to.split('/').collect();
    let above = &folders[..folders.len() - 1];
    let same = above.iter().zip(&parts[..parts.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(above.len() - same);
    let dot = if up.is_empty() && before.starts_with('.') { "./" } else { "" };
    format!("{up}{dot}{}", parts[same..].join("/"))
}

#[cfg(test)]
mod tests {
    use super::{Move, again, relative};

    #[test]
    fn ways_are_written_as_before() {
        for (from, to, before, expected) in [
            ("catalog-info.yaml", "catalog/b.yaml", "./catalog/a.yaml", "./catalog/b.yaml"),
            ("catalog-info.yaml", "catalog/b.yaml", "catalog/a.yaml", "catalog/b.yaml"),
            ("catalog-info.yaml", "catalog/b.yaml", "/catalog/a.yaml", "/catalog/b.yaml"),
            ("a/x.yaml", "b/y.yaml", "./y.yaml", "../b/y.yaml"),
            ("a/b/x.yaml", "a/y.yaml", "../z.yaml", "../y.yaml"),
        ] {
            assert_eq!(relative(from, to, before), expected);
        }
    }

    #[test]
    fn a_way_leads_where_it_led() {
        let moved = Move { from: "catalog/a/x.yaml", to: "catalog/b/x.yaml" };
        assert_eq!(again(moved, "./api.json").as_deref(), Some("../a/api.json"));
        assert_eq!(again(moved, "../api.json"), None);
        assert_eq!(again(moved, "/catalog/a/api.json"), None);
        assert_eq!(again(moved, "https://example.com/x"), None);
        let renamed = Move { from: "a/x.yaml", to: "a/y.yaml" };
        assert_eq!(again(renamed, "./api.json"), None);
    }
}
