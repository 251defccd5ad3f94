//! What a lint learns about a template.

use platform::expression::Engine;

fn check(template: &str, expected: &[&str]) {
    let parsed = Engine::default().parse(template).unwrap();
    let mut found = Vec::new();
    for reference in &parsed.references {
        let guarded = if reference.guarded { "?" } else { "" };
        let hyphen = reference.hyphenated.as_ref().map_or_else(String::new, |whole| format!(" (in {whole})"));
        found.push(format!("{}@{}{guarded}{hyphen}", reference.path.join("."), reference.offset));
    }
    found.extend(parsed.filters.iter().map(|filter| format!("|{}@{}", filter.name, filter.offset)));
    found.extend(parsed.functions.iter().map(|function| format!("{}()@{}", function.name, function.offset)));
    found.extend(parsed.tests.iter().map(|test| format!("is {}@{}", test.name, test.offset)));
    assert_eq!(found, expected, "{template}");
}

#[test]
fn references_have_paths_and_places() {
    check("${{ parameters.name }}", &["parameters.name@4"]);
    check("a ${{ steps['my-step'].output.url | upper }}", &["steps.my-step.output.url@6", "|upper@36"]);
    check(
        "${{ steps.my-step.output.url }}",
        &["steps.my@4 (in steps.my-step.output.url)", "step.output.url@13"],
    );
    check("${{ parameters.a - b }}", &["parameters.a@4", "b@19"]);
    check("${{ parameters.l[i] }}", &["parameters.l@4", "i@17"]);
}

#[test]
fn what_may_be_undefined_is_said() {
    check("${{ parameters.a | default('x') }}", &["parameters.a@4?", "|default@19"]);
    check("{% if parameters.a %}${{ parameters.b }}{% endif %}", &["parameters.a@6?", "parameters.b@25"]);
    check("${{ parameters.a is defined }}", &["parameters.a@4?", "is defined@20"]);
}

#[test]
fn own_variables_are_no_references() {
    check("{% for x in values.l %}${{ x.y }}${{ loop.index }}{% endfor %}", &["values.l@12?"]);
    check("{% set a = 1 %}${{ a }}${{ always() }}", &["always()@27"]);
    check("${{ parameters.name.toUpperCase() }}", &["parameters.name@4", "parameters.name.toUpperCase()@4"]);
}

#[test]
fn plain_text_is_not_dynamic() {
    let engine = Engine::default();
    assert!(!engine.parse("name: {{ x }} {").unwrap().is_dynamic);
    assert!(engine.parse("${{ 1 }}").unwrap().is_dynamic);
    assert_eq!(engine.parse("a ${{ 1 + }}").unwrap_err().offset, 10);
}
