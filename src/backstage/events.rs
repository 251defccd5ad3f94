//! What a task of the scaffolder says, event by event.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Error;

/// The largest event that is read, in bytes: a log line may hold a whole file, not more.
const LARGEST: usize = 4 << 20;

/// One event of a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its number in the task, from 1: to go on behind it.
    pub id: u64,
    /// What sort of event it is.
    pub kind: EventKind,
    /// The step that it is about.
    pub step: Option<String>,
    /// The new state of the step: `processing`, `completed`, `failed`, `skipped`, `cancelled`.
    pub status: Option<String>,
    /// The words, as the server sent them: they may hold anything, control characters too.
    pub message: String,
    /// Why the task failed.
    pub error: Option<String>,
    /// The output of the template.
    pub output: Map<String, Value>,
}

/// What sort of event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A line of the log, or the state of a step.
    Log,
    /// The task has ended.
    Completion,
    /// Somebody has cancelled the task.
    Cancelled,
    /// The task starts over; or something that is not known.
    Other,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    id: u64,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    is_task_recoverable: bool,
    #[serde(default)]
    body: Body,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Body {
    message: Value,
    step_id: Value,
    status: Option<String>,
    error: Option<Complaint>,
    output: Value,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Complaint {
    name: String,
    message: String,
}

impl From<Wire> for Event {
    fn from(wire: Wire) -> Self {
        let text = |value: Value| match value {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        };
        let step = text(wire.body.step_id);
        let error = wire.body.error.map(|error| match error {
            Complaint { name, message } if message.is_empty() => name,
            Complaint { message, .. } => message,
        });
        Self {
            id: wire.id,
            kind: match wire.kind.as_str() {
                "log" => EventKind::Log,
                // a task that starts over after this goes on
                "completion" if !wire.is_task_recoverable => EventKind::Completion,
                "cancelled" => EventKind::Cancelled,
                _ => EventKind::Other,
            },
            step: (!step.is_empty()).then_some(step),
            status: wire.body.status,
            message: text(wire.body.message),
            error,
            output: match wire.body.output {
                Value::Object(output) => output,
                _ => Map::new(),
            },
        }
    }
}

/// Events in the body of `GET …/events`.
pub(super) fn list(value: Value) -> Vec<Event> {
    let Value::Array(events) = value else { return Vec::new() };
    events
        .into_iter()
        .filter_map(|event| serde_json::from_value::<Wire>(event).ok())
        .map(Event::from)
        .collect()
}

/// Takes server-sent events apart as their bytes come.
#[derive(Debug, Default)]
pub(super) struct Parser {
    line: Vec<u8>,
    data: Vec<u8>,
}

impl Parser {
    /// The events that are complete with these bytes. Comments, other fields and what is no event of a
    /// task are passed over. An event that is too large is an error.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<Vec<Event>, Error> {
        let mut events = Vec::new();
        for byte in bytes {
            if *byte != b'\n' {
                self.line.push(*byte);
                if self.line.len() + self.data.len() > LARGEST {
                    return Err(Error::Flood { limit: LARGEST });
                }
                continue;
            }
            let line = std::mem::take(&mut self.line);
            let line = line.strip_suffix(b"\r").unwrap_or(&line);
            if line.is_empty() {
                let data = std::mem::take(&mut self.data);
                events.extend(serde_json::from_slice::<Wire>(&data).ok().map(Event::from));
            } else if let Some(data) = line.strip_prefix(b"data:") {
                if !self.data.is_empty() {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(data.strip_prefix(b" ").unwrap_or(data));
            }
        }
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, EventKind, LARGEST, Parser};

    fn check(stream: &str, expected: &[(u64, EventKind, &str)]) {
        // in one piece, and byte by byte
        for size in [stream.len().max(1), 1] {
            let mut parser = Parser::default();
            let mut events: Vec<Event> = Vec::new();
            for part in stream.as_bytes().chunks(size) {
                events.extend(parser.push(part).unwrap());
            }
            let found: Vec<_> = events.iter().map(|event| (event.id, event.kind, &*event.message)).collect();
            assert_eq!(found, expected, "{stream:?}");
        }
    }

    #[test]
    fn a_stream_is_taken_apart() {
        check(
            "event: log\ndata: {\"id\":1,\"type\":\"log\",\"body\":{\"message\":\"a\"}}\n\n",
            &[(1, EventKind::Log, "a")],
        );
        check(
            "event: log\r\ndata: {\"id\":2,\r\ndata: \"type\":\"completion\"}\r\n\r\n",
            &[(2, EventKind::Completion, "")],
        );
        check(
            ": ping\n\ndata: nonsense\n\ndata: {\"id\":3,\"type\":\"new\"}\n\n",
            &[(3, EventKind::Other, "")],
        );
        check(
            "data: {\"id\":4,\"type\":\"completion\",\"isTaskRecoverable\":true}\n\n",
            &[(4, EventKind::Other, "")],
        );
        check("data: {\"id\":5,\"type\":\"log\"}\n", &[]);
    }

    #[test]
    fn an_endless_event_is_not_read() {
        let mut parser = Parser::default();
        parser.push(&vec![b'x'; LARGEST + 1]).unwrap_err();
    }
}
