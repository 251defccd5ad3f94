//! A scaffolder with one task whose event stream goes wrong in ways that a real one cannot be told to.
//! It speaks HTTP by hand: a server library would not break its own promises.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use serde_json::{Value, json};

/// The token that it takes.
pub const TOKEN: &str = "scaffolder-token";

/// What one request for the event stream gets.
#[derive(Clone, Copy, Debug)]
pub enum Turn {
    /// This many events, then the end of the answer.
    Events(usize),
    /// This many events, then the connection breaks.
    Cut(usize),
    /// An error of the server.
    Status(u16),
    /// A line without an end.
    Flood,
}

/// The server.
pub struct Scaffolder {
    address: SocketAddr,
    state: Arc<Mutex<Task>>,
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

struct Task {
    turns: VecDeque<Turn>,
    events: Vec<Value>,
    /// The `after` of each request for the stream.
    asked: Vec<String>,
    started: Option<Value>,
    told_all: bool,
}

impl Scaffolder {
    /// A task with three events whose stream takes these turns, and from then on tells all.
    pub fn start(turns: &[Turn]) -> Self {
        let event = |id: u32, kind: &str, body: Value| json!({"id": id, "taskId": "t-1", "type": kind, "body": body, "isTaskRecoverable": false});
        let output = json!({"text": [{"title": "Done", "content": "well"}]});
        let step = |words: &str, status: &str| json!({"message": words, "stepId": "greet", "status": status});
        let events = vec![
            event(1, "log", step("Beginning step Greet", "processing")),
            event(2, "log", step("Finished step Greet", "completed")),
            event(3, "completion", json!({"message": "Run completed", "output": output})),
        ];
        let turns = turns.iter().copied().collect();
        let task = Task { turns, events, asked: Vec::new(), started: None, told_all: false };
        let state = Arc::new(Mutex::new(task));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let ends = Arc::new(AtomicBool::new(false));
        let (shared, ending) = (Arc::clone(&state), Arc::clone(&ends));
        let thread = std::thread::spawn(move || {
            for connection in listener.incoming() {
                if ending.load(Ordering::SeqCst) {
                    return;
                }
                // Whoever goes away early is not our trouble.
                let _ = connection.and_then(|connection| answer(connection, &shared));
            }
        });
        Self { address, state, ends, thread: Some(thread) }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Behind which event each request for the stream wanted to go on.
    pub fn asked(&self) -> Vec<String> {
        self.state.lock().unwrap().asked.clone()
    }

    /// The body of the request that started the task.
    pub fn started(&self) -> Option<Value> {
        self.state.lock().unwrap().started.clone()
    }
}

impl Drop for Scaffolder {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the server thread panicked");
        }
    }
}

/// Reads one request, answers it, and closes the connection.
fn answer(mut connection: TcpStream, state: &Mutex<Task>) -> std::io::Result<()> {
    let mut reader = BufReader::new(connection.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split(' ');
    let (method, path) = (words.next().unwrap_or("").to_owned(), words.next().unwrap_or("").to_owned());
    let (mut length, mut token) = (0, String::new());
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        match header.trim().split_once(": ") {
            None => break,
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().unwrap();
            }
            Some((name, value)) if name.eq_ignore_ascii_case("authorization") => value.clone_into(&mut token),
            Some(_) => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let (status, answer, promised) = if token == format!("Bearer {TOKEN}") {
        state.lock().unwrap().route(&method, &path, body)
    } else {
        refusal(401, "AuthenticationError")
    };
    let promised = answer.len() + promised;
    write!(
        connection,
        "HTTP/1.1 {status} told\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {promised}\r\n\r\n{answer}"
    )
}

/// Status, body, and how many bytes more are promised than come.
type Answer = (u16, String, usize);

fn refusal(status: u16, name: &str) -> Answer {
    (status, json!({"error": {"name": name, "message": "as told"}}).to_string(), 0)
}

impl Task {
    fn route(&mut self, method: &str, path: &str, body: Value) -> Answer {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let form = "/api/scaffolder/v2/templates/default/template/greet/parameter-schema";
        match (method, path) {
            ("GET", path) if path == form => {
                let schema = json!({"properties": {"name": {"type": "string"}}});
                let form = json!({"title": "Greet", "steps": [{"title": "Whom", "schema": schema}]});
                (200, form.to_string(), 0)
            }
            ("POST", "/api/scaffolder/v2/tasks") if body["values"]["name"] == "refused" => {
                let errors = json!({"errors": [{"path": ["name"], "message": "does not match pattern"}]});
                (400, errors.to_string(), 0)
            }
            ("POST", "/api/scaffolder/v2/tasks") => {
                self.started = Some(body);
                (201, json!({"id": "t-1"}).to_string(), 0)
            }
            ("GET", "/api/scaffolder/v2/tasks/t-1") => {
                let status = if self.told_all { "completed" } else { "processing" };
                (200, json!({"id": "t-1", "status": status}).to_string(), 0)
            }
            ("GET", "/api/scaffolder/v2/tasks/t-1/eventstream") => {
                self.stream(query.strip_prefix("after=").unwrap_or("none"))
            }
            _ => refusal(404, "NotFoundError"),
        }
    }

    fn stream(&mut self, after: &str) -> Answer {
        self.asked.push(after.to_owned());
        let number: u64 = after.parse().unwrap();
        let turn = self.turns.pop_front().unwrap_or(Turn::Events(usize::MAX));
        let count = match turn {
            Turn::Status(status) => return refusal(status, "Error"),
            Turn::Flood => return (200, "x".repeat(5 << 20), 0),
            Turn::Events(count) | Turn::Cut(count) => count,
        };
        let left: Vec<&Value> =
            self.events.iter().filter(|event| event["id"].as_u64() > Some(number)).collect();
        let told: Vec<String> =
            left.iter().take(count).map(|event| format!("event: log\ndata: {event}\n\n")).collect();
        self.told_all = count >= left.len();
        (200, told.concat(), if matches!(turn, Turn::Cut(_)) { 100 } else { 0 })
    }
}
