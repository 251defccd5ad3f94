//! Every lint with its documentation.

use crate::diagnostic::{RuleId, Severity};

/// A lint: what it finds, why that matters, and how to mend it.
#[derive(Debug)]
pub struct Lint {
    /// Its name, after the problem it finds.
    pub id: RuleId,
    /// How bad its findings are.
    pub severity: Severity,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// What goes wrong without it.
    pub why: &'static str,
    /// A template in which it finds something; other files behind lines `# file: NAME`.
    pub bad: &'static str,
    /// The same, mended.
    pub good: &'static str,
    /// How to mend it.
    pub fix: &'static str,
}

/// Every lint, in the order of their names.
pub const LINTS: &[Lint] = &[
    Lint {
        id: RuleId::new("template-broken-expression"),
        severity: Severity::Error,
        summary: "an expression that cannot be read",
        why: "Backstage says nothing and passes the text on as it is, signs and all.",
        bad: "spec:\n  steps:\n    - action: debug:log\n      input: {message: '${{ user. }}'}\n",
        good: "spec:\n  steps:\n    - action: debug:log\n      input: {message: '${{ user.ref }}'}\n",
        fix: "correct the expression at the place that is shown",
    },
    Lint {
        id: RuleId::new("template-broken-file"),
        severity: Severity::Error,
        summary: "a file of the skeleton that cannot be read as a template",
        why: "The step fails when somebody uses the template, with a line but no file name.",
        bad: "spec:\n  steps:\n    - action: fetch:template\n      input: {url: ./skeleton}\n# file: skeleton/a.txt\n{% if x %}\n",
        good: "spec:\n  steps:\n    - action: fetch:template\n      input: {url: ./skeleton}\n# file: skeleton/a.txt\n{% raw %}{% if x %}{% endraw %}\n",
        fix: "correct it, put it between {% raw %} and {% endraw %}, or name the file in copyWithoutTemplating",
    },
    Lint {
        id: RuleId::new("template-condition-without-expression"),
        severity: Severity::Warning,
        summary: "an `if` that is always true because it has no ${{ }}",
        why: "A text that is not empty lets the step run, so the condition never holds it back.",
        bad: "spec:\n  parameters: {properties: {dns: {type: boolean}}}\n  steps:\n    - {action: debug:log, if: parameters.dns, input: {message: '${{ parameters.dns }}'}}\n",
        good: "spec:\n  parameters: {properties: {dns: {type: boolean}}}\n  steps:\n    - {action: debug:log, if: '${{ parameters.dns }}', input: {message: x}}\n",
        fix: "write the condition between ${{ and }}",
    },
    Lint {
        id: RuleId::new("template-duplicate-step"),
        severity: Severity::Error,
        summary: "two steps with the same id",
        why: "The output of the later step takes the place of that of the earlier one.",
        bad: "spec:\n  steps:\n    - {id: log, action: debug:log}\n    - {id: log, action: debug:log}\n",
        good: "spec:\n  steps:\n    - {id: log, action: debug:log}\n    - {id: log-more, action: debug:log}\n",
        fix: "give one of them another id",
    },
    Lint {
        id: RuleId::new("template-foreign-expression"),
        severity: Severity::Warning,
        summary: "an expression of GitHub Actions or others that fetch:template eats",
        why: "It has the same signs as an expression of the template, is undefined there, and renders to nothing.",
        bad: "spec:\n  steps:\n    - action: fetch:template\n      input: {url: ./skeleton}\n# file: skeleton/ci.yaml\nsha: ${{ github.sha }}\n",
        good: "spec:\n  steps:\n    - action: fetch:template\n      input: {url: ./skeleton}\n# file: skeleton/ci.yaml\nsha: {% raw %}${{ github.sha }}{% endraw %}\n",
        fix: "put it between {% raw %} and {% endraw %}, or name the file in copyWithoutTemplating",
    },
    Lint {
        id: RuleId::new("template-hyphenated-step"),
        severity: Severity::Error,
        summary: "a step id with a hyphen behind a dot",
        why: "A hyphen is a minus sign in an expression: the result is not a number, and nothing is said.",
        bad: "spec:\n  steps:\n    - {id: read-files, action: fs:readdir, input: {paths: [.]}}\n    - {action: debug:log, input: {message: '${{ steps.read-files.output.files }}'}}\n",
        good: "spec:\n  steps:\n    - {id: read-files, action: fs:readdir, input: {paths: [.]}}\n    - {action: debug:log, input: {message: \"${{ steps['read-files'].output.files }}\"}}\n",
        fix: "write steps['read-files'], or give the step an id without a hyphen",
    },
    Lint {
        id: RuleId::new("template-ignored-input"),
        severity: Severity::Warning,
        summary: "an input that is accepted and ignored",
        why: "The files are rendered all the same.",
        bad: "spec:\n  steps:\n    - action: fetch:template\n      input: {url: ., copyWithoutRender: ['*.yaml']}\n",
        good: "spec:\n  steps:\n    - action: fetch:template\n      input: {url: ., copyWithoutTemplating: ['*.yaml']}\n",
        fix: "write copyWithoutTemplating",
    },
    Lint {
        id: RuleId::new("template-missing-input"),
        severity: Severity::Error,
        summary: "a step without an input that its action needs",
        why: "The step fails when somebody uses the template.",
        bad: "spec:\n  steps:\n    - {action: fs:delete}\n",
        good: "spec:\n  steps:\n    - {action: fs:delete, input: {files: [a]}}\n",
        fix: "write the input",
    },
    Lint {
        id: RuleId::new("template-missing-skeleton"),
        severity: Severity::Error,
        summary: "a folder that a step copies from and that is not there",
        why: "The step fails when somebody uses the template.",
        bad: "spec:\n  steps:\n    - {action: fetch:template, input: {url: ./skelton}}\n# file: skeleton/a.txt\n\n",
        good: "spec:\n  steps:\n    - {action: fetch:template, input: {url: ./skeleton}}\n# file: skeleton/a.txt\n\n",
        fix: "correct the url, which counts from the folder of the template",
    },
    Lint {
        id: RuleId::new("template-undefined-name"),
        severity: Severity::Warning,
        summary: "an expression that reads something that is not there",
        why: "It is undefined: the key is left out, or the text has nothing in its place.",
        bad: "spec:\n  steps:\n    - {action: debug:log, input: {message: '${{ values.name }}'}}\n",
        good: "spec:\n  steps:\n    - {action: debug:log, input: {message: '${{ user.ref }}'}}\n",
        fix: "read parameters, steps, user, each, context, environment or secrets; values are for the files of a skeleton",
    },
    Lint {
        id: RuleId::new("template-undefined-parameter"),
        severity: Severity::Warning,
        summary: "an expression that reads a parameter that no page has",
        why: "It is undefined: the key is left out, or the text has nothing in its place.",
        bad: "spec:\n  steps:\n    - {action: debug:log, input: {message: '${{ parameters.name }}'}}\n",
        good: "spec:\n  parameters: {properties: {name: {type: string}}}\n  steps:\n    - {action: debug:log, input: {message: '${{ parameters.name }}'}}\n",
        fix: "correct the name, or add the parameter to a page",
    },
    Lint {
        id: RuleId::new("template-undefined-step"),
        severity: Severity::Warning,
        summary: "an expression that reads the output of a step that is not there or runs later",
        why: "It is undefined: the key is left out, or the text has nothing in its place.",
        bad: "spec:\n  steps:\n    - {action: debug:log, input: {message: '${{ steps.read.output.files }}'}}\n",
        good: "spec:\n  steps:\n    - {id: read, action: fs:readdir, input: {paths: [.]}}\n    - {action: debug:log, input: {message: '${{ steps.read.output.files }}'}}\n",
        fix: "name a step that runs before",
    },
    Lint {
        id: RuleId::new("template-undefined-value"),
        severity: Severity::Warning,
        summary: "a file of the skeleton that reads a value that the step does not give",
        why: "It renders to nothing.",
        bad: "spec:\n  steps:\n    - {action: fetch:template, input: {url: ./skeleton, values: {name: x}}}\n# file: skeleton/a.txt\n${{ values.nmae }}\n",
        good: "spec:\n  steps:\n    - {action: fetch:template, input: {url: ./skeleton, values: {name: x}}}\n# file: skeleton/a.txt\n${{ values.name }}\n",
        fix: "correct the name, or add the value to the step",
    },
    Lint {
        id: RuleId::new("template-unknown-action"),
        severity: Severity::Info,
        summary: "an action that cannot run here",
        why: "It may come from a plugin of the portal; here the template stops at this step.",
        bad: "spec:\n  steps:\n    - {action: acme:make-coffee}\n",
        good: "spec:\n  steps:\n    - {action: debug:log}\n",
        fix: "use an action that runs here, or run the template in the portal",
    },
    Lint {
        id: RuleId::new("template-unknown-filter"),
        severity: Severity::Error,
        summary: "a filter that does not exist",
        why: "In a step Backstage says nothing and passes the text on as it is; in a file it stops.",
        bad: "spec:\n  steps:\n    - {action: debug:log, input: {message: '${{ user.ref | uper }}'}}\n",
        good: "spec:\n  steps:\n    - {action: debug:log, input: {message: '${{ user.ref | upper }}'}}\n",
        fix: "use a filter of Backstage, or one that the portal adds",
    },
    Lint {
        id: RuleId::new("template-unknown-input"),
        severity: Severity::Error,
        summary: "an input that the action does not know",
        why: "The step fails when somebody uses the template.",
        bad: "spec:\n  steps:\n    - {action: fetch:plain, input: {url: ., targetpath: a}}\n",
        good: "spec:\n  steps:\n    - {action: fetch:plain, input: {url: ., targetPath: a}}\n",
        fix: "correct the name of the input, or remove it",
    },
    Lint {
        id: RuleId::new("template-unused-parameter"),
        severity: Severity::Warning,
        summary: "a parameter that nothing reads",
        why: "People are asked for something that makes no difference.",
        bad: "spec:\n  parameters: {properties: {name: {type: string}}}\n  steps: []\n",
        good: "spec:\n  parameters: {properties: {name: {type: string}}}\n  steps:\n    - {action: debug:log, input: {message: '${{ parameters.name }}'}}\n",
        fix: "read it in a step, or remove it",
    },
];
