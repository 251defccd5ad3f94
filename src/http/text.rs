//! What a server says, made fit for one line of a terminal.

use serde_json::Value;

/// Longest message that is passed on, in characters.
const MESSAGE_LIMIT: usize = 400;

/// One line of at most 400 characters: white space runs become one space, and control and
/// direction-changing characters are escaped, so that a server cannot write to the terminal.
pub fn one_line(text: &str) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        for c in word.chars() {
            if length >= MESSAGE_LIMIT {
                line.push('…');
                return line;
            }
            if c.is_control() || is_direction_mark(c) {
                line.extend(c.escape_unicode());
            } else {
                line.push(c);
            }
            length += 1;
        }
    }
    line
}

/// Characters that reorder the text around them on a terminal.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What an error body says, whatever its shape: `message`, `error`, `error.message`, `errors` as a
/// list, an object or a text (GitHub and GitLab send all three), or plain text. Empty when it says
/// nothing.
pub(super) fn message_of(body: &[u8], json: Option<&Value>) -> String {
    let said = match json {
        Some(value) => sentences(value, 4),
        None => plain(body).into_iter().collect(),
    };
    one_line(&said.join("; "))
}

/// The texts in the places where servers put messages, outermost first, each once.
fn sentences(value: &Value, depth: u8) -> Vec<String> {
    if depth == 0 {
        return Vec::new();
    }
    match value {
        Value::String(text) if !text.trim().is_empty() => vec![text.clone()],
        Value::Array(items) => {
            let mut all = Vec::new();
            items.iter().take(8).for_each(|item| extend(&mut all, sentences(item, depth - 1)));
            all
        }
        Value::Object(map) => {
            let mut all = Vec::new();
            let keys = ["message", "error", "error_description", "errors", "detail"];
            keys.iter().filter_map(|key| map.get(*key)).for_each(|part| {
                extend(&mut all, sentences(part, depth - 1));
            });
            if all.is_empty() {
                all.extend(field_sentences(map));
            }
            all
        }
        _ => Vec::new(),
    }
}

fn extend(all: &mut Vec<String>, more: Vec<String>) {
    for text in more {
        if !all.contains(&text) {
            all.push(text);
        }
    }
}

/// `{"title": ["is too long"]}` and `{"field": "head", "code": "invalid"}` as `title: is too long`.
fn field_sentences(map: &serde_json::Map<String, Value>) -> Vec<String> {
    let text = |key: &str| map.get(key).and_then(Value::as_str);
    if let (Some(field), Some(code)) = (text("field"), text("code")) {
        return vec![format!("{field}: {code}")];
    }
    map.iter()
        .take(8)
        .filter_map(|(key, value)| match value {
            Value::Array(list) => list.first().and_then(Value::as_str).map(|first| format!("{key}: {first}")),
            _ => None,
        })
        .collect()
}

/// The first lines of a body that is not JSON; HTML says nothing that a terminal can show.
fn plain(body: &[u8]) -> Option<String> {
    let head = &body[..body.len().min(4 * MESSAGE_LIMIT)];
    let text = String::from_utf8_lossy(head);
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    Some(if text.starts_with('<') { "an HTML page".to_owned() } else { text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::{message_of, one_line};

    fn check(body: &str, expected: &str) {
        let json = serde_json::from_str(body).ok();
        assert_eq!(message_of(body.as_bytes(), json.as_ref()), expected, "{body}");
    }

    #[test]
    fn messages_are_found_in_every_shape() {
        check(r#"{"message":"Not Found","documentation_url":"https://x"}"#, "Not Found");
        check(
            r#"{"message":"Validation Failed","errors":[{"resource":"PullRequest","code":"custom","message":"A pull request already exists for acme:x."}]}"#,
            "Validation Failed; A pull request already exists for acme:x.",
        );
        check(r#"{"message":"m","errors":[{"field":"head","code":"invalid"}]}"#, "m; head: invalid");
        check(r#"{"message":"m","errors":{"message":"n"}}"#, "m; n");
        check(r#"{"message":["a","b"]}"#, "a; b");
        check(r#"{"message":{"title":["is too long"]}}"#, "title: is too long");
        check(r#"{"error":"invalid_token","error_description":"expired"}"#, "invalid_token; expired");
        check(
            r#"{"error":{"name":"NotFoundError","message":"no such"},"request":{"method":"GET"}}"#,
            "no such",
        );
        check("404 page not found\n", "404 page not found");
        check("<!DOCTYPE html><title>x</title>", "an HTML page");
        check("", "");
    }

    #[test]
    fn a_message_cannot_reach_the_terminal() {
        assert_eq!(one_line("a\u{1b}[31mred\r\nb\u{202e}c"), "a\\u{1b}[31mred b\\u{202e}c");
        assert_eq!(one_line(&"x".repeat(1000)).chars().count(), 401);
    }
}
