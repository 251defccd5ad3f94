//! Hostile templates end with an error, on the small stack of a test's thread.

use platform::expression::Engine;
use serde_json::{Value, json};

fn check(template: &str, expected: &str) {
    let scope = json!({ "list": (0..200).collect::<Vec<_>>() });
    match Engine::default().evaluate(template, &scope) {
        Err(error) => assert!(error.message.contains(expected), "{}", error.message),
        Ok(_) => panic!("{} went through", &template[..template.len().min(80)]),
    }
}

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn nesting_is_bounded() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("({a: ", "})"), ("x[", "]"), ("x(", ")"), ("1 | d(", ")"), ("- + ", "")]
    {
        check(&format!("${{{{ {} }}}}", nested(open, "1", close, 600)), "level");
        check(&format!("${{{{ {} }}}}", nested(open, "1", close, 100_000)), "level");
    }
    check(
        &format!("${{{{ {} }}}}", nested("a or b and c in d is e == f < g + h * (", "1", ")", 2000)),
        "nested",
    );
    check(&format!("${{{{ {}1 }}}}", "not ".repeat(100_000)), "level");
    check(&format!("${{{{ 1{} }}}}", " + 1".repeat(100_000)), "level");
    check(&format!("${{{{ a{} }}}}", ".b".repeat(100_000)), "level");
    check(&nested("{% if 1 %}", "x", "{% endif %}", 100_000), "level");
    check(&format!("{{% if 0 %}}{}{{% endif %}}", "{% elif 0 %}".repeat(100_000)), "level");
    check(&nested("{% macro a() %}", "x", "{% endmacro %}", 600), "level");
}

#[test]
fn brackets_inside_the_bound_work() {
    let template = format!("${{{{ {} }}}}", nested("(", "1", ")", 200));
    assert_eq!(Engine::default().evaluate(&template, &Value::Null).unwrap(), Some(json!(1)));
    let unused = format!("{{% if 0 %}}${{{{ 1{} }}}}{{% endif %}}", " + 1".repeat(580));
    assert_eq!(Engine::default().evaluate(&unused, &Value::Null).unwrap(), Some(json!("")));
    assert!(Engine::default().parse(&unused).is_ok());
}

#[test]
fn recursion_is_bounded() {
    check("{% macro m() %}${{ m() }}{% endmacro %}${{ m() }}", "level");
    check("{% set a = [] %}{% for i in range(400) %}{% set a = [a] %}{% endfor %}", "nested");
    check("{% set a = [] %}${{ a.push([a]) }}", "itself");
}

#[test]
fn work_is_bounded() {
    check(
        "{% for a in list %}{% for b in list %}{% for c in list %}${{ c }}{% endfor %}{% endfor %}{% endfor %}",
        "units of work",
    );
    check("${{ range(100000000) }}", "units of work");
    check(
        "{% for a in list %}{% for b in list %}${{ 'x' | center(100000) }}{% endfor %}{% endfor %}",
        "output",
    );
    check("{% set s = 'ab' %}{% for a in list %}{% set s = s + s %}{% endfor %}", "steps");
    check(
        "{% for a in range(9999) %}{% set s = 'x' | center(1000000) | replace('', 'y') %}{% endfor %}",
        "steps",
    );
    check("${{ ('a' | center(5000)) | replace(r/(\\s*)*b/, '') }}", "steps");
    check("{% set a = [1] %}{% for i in range(40) %}{% set a = [a, a] %}{% endfor %}${{ a | dump }}", "e");
}

#[test]
fn values_and_reserved_names_are_checked() {
    check("${{ x.constructor }}", "reserved");
    check("${{ {'__proto__': 1} }}", "reserved");
    check("${{ range | dump }}", "function");
    check("${{ \u{1}1 }}", "\\u{1}");
}
