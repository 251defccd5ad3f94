//! Files that somebody made to hurt, given to the program: a finding or a clear error, in bounded memory.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;

use crate::support::cli::Sandbox;

/// What every run may take, in KiB of address space. The largest file alone takes a quarter of it.
const MEMORY: usize = 1_000_000;

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    sandbox.write("platform.yaml", "");
    sandbox.write("catalog/shop.yaml", &group("shop"));
    sandbox
}

fn group(name: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: {name}\nspec: {{type: team, children: []}}\n"
    )
}

/// The findings of `validate` as `path rule`, in bounded memory; every way to end but with an answer fails.
#[track_caller]
fn findings(sandbox: &Sandbox) -> Vec<String> {
    let script = format!("ulimit -v {MEMORY} && exec \"$0\" \"$@\"");
    let output = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_platform"), "validate", "-o", "concise"])
        .env_clear()
        .envs(sandbox.env())
        // address space that an allocator only reserves is not memory
        .env("MALLOC_ARENA_MAX", "1")
        .current_dir(sandbox.path("."))
        .output()
        .unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(matches!(output.status.code(), Some(0 | 1)), "{:?}: {}", output.status, said);
    let line = |line: &str| {
        assert!(line.len() < 10_000, "a line of {} bytes", line.len());
        let (path, rest) = line.split_once(':').unwrap();
        format!("{path} {}", rest.split(['[', ']']).nth(1).unwrap())
    };
    let mut found: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(line).collect();
    found.dedup();
    found
}

#[track_caller]
fn check(text: &[u8], expected: &[&str]) {
    let sandbox = repository();
    fs::write(sandbox.path("catalog/a.yaml"), text).unwrap();
    let found = findings(&sandbox);
    let expected: Vec<String> = expected.iter().map(|rule| format!("catalog/a.yaml {rule}")).collect();
    assert_eq!(found, expected);
}

#[test]
fn bombs_and_depths_are_findings() {
    let level =
        |level: usize| format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "));
    let bomb: String = std::iter::once("a0: &a0 [lol]\n".to_owned()).chain((1..20).map(level)).collect();
    check(bomb.as_bytes(), &["yaml-alias"]);
    for opener in ["[", "{a: ", "- ", "? "] {
        check(opener.repeat(10_000).as_bytes(), &["yaml-limit"]);
    }
    let steps: Vec<String> = (0..3_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    check(steps.concat().as_bytes(), &["yaml-limit"]);
}

#[test]
fn a_scalar_of_a_hundred_megabytes_takes_bounded_memory() {
    let long = "x".repeat(100_000_000);
    let text = group("long").replace("name: long", &format!("name: long\n  description: \"{long}\""));
    check(text.as_bytes(), &[]);
}

#[test]
fn what_a_long_value_is_wrong_for_is_told_in_short() {
    let long = "x".repeat(1_000_000);
    let text = group(&format!("'{long} y'")).replace("[]", &format!("[\"{long}\"]"));
    check(text.as_bytes(), &["invalid-name", "dangling-reference"]);
    let sandbox = repository();
    sandbox.write("catalog/a.yaml", &text);
    for format in ["text", "json", "github", "gitlab", "junit", "rdjson"] {
        let run = sandbox.platform(["validate", "-o", format]).run();
        assert!(run.code(1).stdout.len() < 50_000, "{format}: {} bytes", run.stdout.len());
    }
}

#[test]
fn odd_bytes_are_read_or_told() {
    check(group("a").replace('\n', "\r\n").as_bytes(), &[]);
    check(format!("\u{feff}{}", group("a")).as_bytes(), &[]);
    check(format!("\u{feff}{}", group("a")).replace('\n', "\r\n").as_bytes(), &[]);
    check(format!("{}# \0\n", group("a")).as_bytes(), &["yaml-syntax"]);
    check(&[group("a").as_bytes(), b"# \xff\xfe\n"].concat(), &["yaml-encoding"]);
    check(&[0xff, 0xfe, b'a', 0, b':', 0], &["yaml-encoding", "yaml-syntax"]);
    check(&vec![0; 100_000], &["yaml-syntax"]);
}

#[test]
fn many_documents_in_one_file_are_all_read() {
    let documents: Vec<String> = (0..319).map(|number| group(&format!("g{number}"))).collect();
    check(documents.join("---\n").as_bytes(), &[]);
    let sandbox = repository();
    let wrong: Vec<String> = (0..319).map(|number| group(&format!("'g {number}'"))).collect();
    sandbox.write("catalog/a.yaml", &wrong.join("---\n"));
    let report = sandbox.platform(["validate", "-o", "json"]).run().code(1).json();
    assert_eq!(report["errors"], 319);
}

#[test]
fn what_is_no_file_is_passed_over_and_no_link_is_followed() {
    let sandbox = repository();
    fs::create_dir_all(sandbox.path("catalog/x.yaml")).unwrap();
    sandbox.write("catalog/x.yaml/inner.yaml", &group("inner!"));
    symlink(sandbox.path("catalog"), sandbox.path("catalog/loop")).unwrap();
    symlink("self.yaml", sandbox.path("catalog/self.yaml")).unwrap();
    symlink("/etc/passwd", sandbox.path("catalog/outside.yaml")).unwrap();
    symlink("/dev/zero", sandbox.path("catalog/endless.yaml")).unwrap();
    // somebody would have to write into it before it ends
    assert!(Command::new("mkfifo").arg(sandbox.path("catalog/pipe.yaml")).status().unwrap().success());
    let _listener = std::os::unix::net::UnixListener::bind(sandbox.path("catalog/socket.yaml")).unwrap();
    assert_eq!(findings(&sandbox), ["catalog/x.yaml/inner.yaml invalid-name"]);
    let text = "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: a}\nspec:\n  type: x\n  lifecycle: y\n  owner: shop\n  definition: {$text: ./outside.yaml}\n";
    sandbox.write("catalog/api.yaml", text);
    sandbox.write("catalog/x.yaml/inner.yaml", "");
    let run = sandbox.platform(["validate"]).run();
    assert!(!run.stdout.contains("root:"), "{run}");
}

#[test]
fn what_cannot_be_read_is_told() {
    let sandbox = repository();
    sandbox.write("catalog/closed.yaml", &group("closed"));
    sandbox.write("catalog/folder/inner.yaml", &group("inner"));
    let close =
        |path: &str| fs::set_permissions(sandbox.path(path), fs::Permissions::from_mode(0o0)).unwrap();
    close("catalog/closed.yaml");
    close("catalog/folder");
    if fs::read(sandbox.path("catalog/closed.yaml")).is_ok() {
        // root reads everything; a file that is too large is refused to root, too
        fs::set_permissions(sandbox.path("catalog/folder"), fs::Permissions::from_mode(0o700)).unwrap();
        fs::remove_file(sandbox.path("catalog/closed.yaml")).unwrap();
        let large = fs::File::create(sandbox.path("catalog/large.yaml")).unwrap();
        large.set_len(platform::fs::LARGEST_FILE + 1).unwrap();
        assert_eq!(findings(&sandbox), ["catalog/large.yaml unreadable-file"]);
        return;
    }
    assert_eq!(findings(&sandbox), ["catalog/closed.yaml unreadable-file", "catalog/folder unreadable-file"]);
    fs::set_permissions(sandbox.path("catalog/folder"), fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn files_that_change_while_they_are_read_end_in_an_answer() {
    let sandbox = repository();
    let many: Vec<String> = (0..300).map(|number| group(&format!("g{number}"))).collect();
    let (long, short) = (many.join("---\n"), group("short"));
    let (long, short) = (long.as_str(), short.as_str());
    let path = sandbox.path("catalog/moving.yaml");
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                // grows, shrinks in place, goes, comes back
                for text in [long, short, &long[..long.len() / 2]] {
                    fs::write(&path, text).unwrap();
                }
                fs::remove_file(&path).unwrap();
            }
        });
        for _ in 0..15 {
            let found = findings(&sandbox);
            let known = |found: &String| found.starts_with("catalog/moving.yaml ");
            assert!(found.iter().all(known), "{found:?}");
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}
