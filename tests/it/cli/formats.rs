//! Findings in every format.

use serde_json::{Value, json};

use crate::support::cli::Sandbox;
use crate::support::node;

/// A catalog with findings of every sort: in several files, with other places, with repairs of one and
/// of two edits, behind characters of several bytes, and of all severities.
fn findings() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.copy_fixture("validate/catalog", ".");
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    let crlf = "\u{feff}apiVersion: backstage.io/v1alpha1\r\nkind: user\r\nmetadata:\r\n  name: \"A\\u001b\"\r\nspec: {}\r\n";
    sandbox.write("catalog/50% #1,a b/users.yaml", crlf);
    sandbox
}

fn written(sandbox: &Sandbox, format: &str) -> String {
    let run = sandbox.platform(["validate", "-o", format]).run();
    run.code(1);
    assert_eq!(run.stderr.is_empty(), !matches!(format, "text" | "concise"), "{run}");
    run.stdout
}

#[test]
fn each_format_is_as_it_was() {
    let sandbox = findings();
    for format in ["text", "concise", "json", "jsonl", "junit", "github", "gitlab", "rdjson"] {
        let run = sandbox.platform(["validate", "-o", format]).run();
        run.code(1).matches(&format!("validate/format-{format}"));
    }
}

#[test]
fn sarif_has_the_same_findings_with_the_table_of_rules() {
    let sandbox = findings();
    let mut report: Value = serde_json::from_str(&written(&sandbox, "sarif")).unwrap();
    let rules = report["runs"][0]["tool"]["driver"]["rules"].take();
    let rules = rules.as_array().unwrap();
    let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    for rule in platform::rules::RULES {
        let described = &rules[ids.iter().position(|id| *id == rule.id.as_str()).unwrap()];
        assert_eq!(described["shortDescription"]["text"], rule.summary);
        assert!(described["help"]["markdown"].as_str().unwrap().contains(rule.docs.fix));
    }
    for lint in platform::scaffolder::LINTS {
        let described = &rules[ids.iter().position(|id| *id == lint.id.as_str()).unwrap()];
        assert_eq!(described["shortDescription"]["text"], lint.summary);
        assert!(described["help"]["markdown"].as_str().unwrap().contains(lint.fix));
    }
    for result in report["runs"][0]["results"].as_array_mut().unwrap() {
        let index = result["ruleIndex"].take().as_u64().unwrap();
        assert_eq!(result["ruleId"].as_str(), Some(ids[index as usize]));
    }
    let shown = format!("{report:#}\n");
    crate::support::cli::matches_snapshot("validate/format-sarif", &shown);
}

#[test]
fn no_findings_are_a_whole_document_in_each_format() {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    let expected = [
        ("text", ""),
        ("concise", ""),
        ("jsonl", ""),
        ("github", ""),
        ("gitlab", "[]\n"),
        (
            "json",
            "{\n  \"schemaVersion\": 1,\n  \"errors\": 0,\n  \"warnings\": 0,\n  \"infos\": 0,\n  \"findings\": []\n}\n",
        ),
    ];
    for (format, expected) in expected {
        let run = sandbox.platform(["validate", "-o", format]).run();
        assert_eq!((run.code, run.stdout.as_str()), (Some(0), expected), "{format}");
    }
    let run = sandbox.platform(["validate", "-o", "sarif"]).run();
    assert_eq!(run.json()["runs"][0]["results"], json!([]));
    let run = sandbox.platform(["validate", "-o", "rdjson"]).run();
    assert_eq!(run.json()["diagnostics"], json!([]));
}

/// The findings of `json`, each as path, line, column and rule.
fn places(json: &Value) -> Vec<(String, u64, u64, String)> {
    let findings = json["findings"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let place = |found: &Value| {
        let place = &found["place"];
        let number = |key: &str| place[key].as_u64().unwrap();
        (text(&place["path"]), number("line"), number("column"), text(&found["rule"]))
    };
    findings.iter().map(place).collect()
}

#[test]
fn all_formats_name_the_same_findings_in_the_same_order() {
    let sandbox = findings();
    let expected = places(&serde_json::from_str(&written(&sandbox, "json")).unwrap());
    assert!(expected.len() > 8, "{expected:?}");
    let lines = written(&sandbox, "jsonl");
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(places(&json!({ "findings": lines })), expected);
    let concise = written(&sandbox, "concise");
    let same = concise.lines().zip(&expected).all(|(line, (path, row, column, rule))| {
        line.starts_with(&format!("{path}:{row}:{column}: ")) && line.contains(&format!("[{rule}] "))
    });
    assert!(same && concise.lines().count() == expected.len(), "{concise}");
    let sarif: Value = serde_json::from_str(&written(&sandbox, "sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let rules: Vec<&str> = results.iter().map(|result| result["ruleId"].as_str().unwrap()).collect();
    assert_eq!(rules, expected.iter().map(|(.., rule)| rule.as_str()).collect::<Vec<_>>());
    assert_eq!(written(&sandbox, "github").lines().count(), expected.len());
    let gitlab: Value = serde_json::from_str(&written(&sandbox, "gitlab")).unwrap();
    let mut prints: Vec<&str> =
        gitlab.as_array().unwrap().iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), expected.len(), "each finding has a fingerprint of its own");
}

#[test]
fn a_fingerprint_stays_while_lines_move() {
    let prints = |sandbox: &Sandbox| -> Vec<String> {
        let report: Value = serde_json::from_str(&written(sandbox, "gitlab")).unwrap();
        let issues = report.as_array().unwrap().iter();
        issues.map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    let sandbox = findings();
    let before = prints(&sandbox);
    let text = sandbox.read("catalog/shop/orders.yaml");
    sandbox.write("catalog/shop/orders.yaml", &format!("# moved\n\n{text}"));
    assert_eq!(prints(&sandbox), before);
}

#[test]
fn columns_are_what_each_format_says() {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    // behind an umlaut (2 bytes, 1 character) and a pictogram (4 bytes, 1 character, 2 UTF-16 units)
    sandbox.write(
        "catalog-info.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { title: \"ä🚀\", name: \"ö ö\" }\nspec: { type: a, lifecycle: b, owner: c }\n",
    );
    let json: Value = serde_json::from_str(&written(&sandbox, "json")).unwrap();
    let place = &json["findings"][0]["place"];
    assert_eq!([&place["column"], &place["endColumn"]], [32, 37]);
    let sarif: Value = serde_json::from_str(&written(&sandbox, "sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["columnKind"], "unicodeCodePoints");
    let region = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!([&region["startColumn"], &region["endColumn"]], [32, 37]);
    let rdjson: Value = serde_json::from_str(&written(&sandbox, "rdjson")).unwrap();
    let range = &rdjson["diagnostics"][0]["location"]["range"];
    assert_eq!([&range["start"]["column"], &range["end"]["column"]], [36, 43], "bytes of UTF-8");
}

#[test]
fn sarif_is_valid_and_junit_is_xml() {
    let sandbox = findings();
    let questions = [
        json!({ "format": "sarif", "text": written(&sandbox, "sarif") }),
        json!({ "format": "xml", "text": written(&sandbox, "junit") }),
        // the judge can say no
        json!({ "format": "sarif", "text": "{\"version\":\"2.1.0\",\"runs\":[{}]}" }),
        json!({ "format": "xml", "text": "<a>&nothing;</a>" }),
    ];
    let Some(answers) = node::ask("oracle/formats", "check.js", questions) else { return };
    assert_eq!(answers[0]["errors"], json!([]), "sarif");
    assert_eq!(answers[1]["errors"], json!([]), "junit");
    assert_ne!(answers[2]["errors"], json!([]));
    assert_ne!(answers[3]["errors"], json!([]));
    let json: Value = serde_json::from_str(&written(&sandbox, "json")).unwrap();
    let elements = answers[1]["elements"].as_array().unwrap();
    let failures = elements.iter().filter(|element| element[0] == "failure").count();
    assert_eq!(Some(failures as u64), json["errors"].as_u64());
    assert_eq!(elements[0][1]["failures"], failures.to_string());
    let classes: Vec<&Value> = elements.iter().filter(|element| element[0] == "testcase").collect();
    let paths: Vec<String> = places(&json).into_iter().map(|(path, ..)| path).collect();
    let shown: Vec<&str> = classes.iter().map(|case| case[1]["classname"].as_str().unwrap()).collect();
    assert_eq!(shown, paths);
}

#[test]
fn nothing_in_a_file_acts_on_a_terminal_or_a_runner() {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    let name = "\"a\\x1b[2J\\x9b\\u202e\\n::error::x\"";
    sandbox.write(
        "catalog-info.yaml",
        &format!("apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\nspec:\n  type: a\n  lifecycle: b\n  owner: c\n"),
    );
    for format in ["text", "concise", "json", "jsonl", "sarif", "junit", "github", "gitlab", "rdjson"] {
        let text = written(&sandbox, format);
        let acts = |c: char| c != '\n' && c.is_control() || c == '\u{202e}';
        assert!(!text.contains(acts), "{format}: {text:?}");
        assert!(!text.contains("\n::error::x"), "{format}: {text}");
    }
}
