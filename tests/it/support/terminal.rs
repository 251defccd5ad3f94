//! Runs the built program in a pseudo-terminal, as a user at a keyboard.

use std::io::{Read, Write};
use std::sync::mpsc;
use std::time::Duration;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use super::cli::Sandbox;

/// Esc.
pub const ESC: &str = "\u{1b}";
/// The arrow key down.
pub const DOWN: &str = "\u{1b}[B";
/// Ctrl-C.
pub const CTRL_C: &str = "\u{3}";

/// Runs the program in a terminal of 100 columns. Each answer is typed when its question is on the
/// screen behind what was answered before. Returns the exit code and all that was shown.
pub fn in_a_terminal(sandbox: &Sandbox, arguments: &[&str], answers: &[(&str, &str)]) -> (u32, String) {
    in_columns(sandbox, 100, arguments, answers)
}

/// The same in a terminal of another width.
pub fn in_columns(
    sandbox: &Sandbox,
    columns: u16,
    arguments: &[&str],
    answers: &[(&str, &str)],
) -> (u32, String) {
    let size = PtySize { rows: 40, cols: columns, ..PtySize::default() };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_platform"));
    command.args(arguments);
    command.env_clear();
    for (name, value) in sandbox.env() {
        command.env(name, value);
    }
    command.cwd(sandbox.path(""));
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read) = reader.read(&mut buffer) {
            if read == 0 || sender.send(buffer[..read].to_vec()).is_err() {
                return;
            }
        }
    });
    let mut writer = pair.master.take_writer().unwrap();
    let (mut screen, mut seen) = (String::new(), 0);
    let mut waiting = answers.iter();
    let mut next = waiting.next();
    loop {
        match receiver.recv_timeout(Duration::from_mins(1)) {
            Ok(bytes) => screen.push_str(&String::from_utf8_lossy(&bytes)),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let _ = child.kill();
                panic!("it waits for something else than {next:?}:\n{screen}");
            }
        }
        while let Some((question, answer)) = next {
            let Some(at) = screen[seen..].find(question) else { break };
            seen += at + question.len();
            writer.write_all(answer.as_bytes()).unwrap();
            writer.flush().unwrap();
            next = waiting.next();
        }
    }
    (child.wait().unwrap().exit_code(), screen)
}
