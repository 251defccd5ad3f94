//! The settings table: one row for each thing that can be set.

use super::Layer;

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A text that is not empty.
    Text,
    /// A list of texts.
    List,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Whatever the resource type makes of it.
    Free,
}

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its path in the files: `git.remote`. A last part `*` stands for any name.
    pub key: &'static str,
    /// The variable that sets it.
    pub variable: Option<&'static str>,
    /// The files it may stand in.
    pub layers: &'static [Layer],
    /// What its value looks like.
    pub shape: Shape,
    /// Its value when nobody sets it, as JSON; empty if it has none then.
    pub default: &'static str,
    /// What it is for.
    pub about: &'static str,
}

const BOTH: &[Layer] = &[Layer::Repository, Layer::User];
const REPOSITORY: &[Layer] = &[Layer::Repository];
const USER: &[Layer] = &[Layer::User];

/// Every setting, sorted by key.
pub const ROWS: &[Row] = &[
    Row {
        key: "backstage.url",
        variable: Some("PLATFORM_BACKSTAGE_URL"),
        layers: USER,
        shape: Shape::Text,
        default: "",
        about: "base URL of the Backstage backend; its token is PLATFORM_BACKSTAGE_TOKEN",
    },
    Row {
        key: "cache",
        variable: Some("PLATFORM_CACHE"),
        layers: USER,
        shape: Shape::Choice(&["on", "off"]),
        default: r#""on""#,
        about: "whether validate remembers in the Git directory what it has read, to read only what changed",
    },
    Row {
        key: "catalog.kinds",
        variable: None,
        layers: REPOSITORY,
        shape: Shape::List,
        default: r#"["API","Component","Domain","Group","Location","Resource","System","Template","User"]"#,
        about: "the kinds that Backstage is configured to accept (catalog.rules)",
    },
    Row {
        key: "catalog.layout",
        variable: None,
        layers: REPOSITORY,
        shape: Shape::Text,
        default: r#""catalog/${{ system or domain or owner }}""#,
        about: "the folder of an entity's file, by its kind, namespace, name, system, domain and owner",
    },
    Row {
        key: "catalog.paths",
        variable: None,
        layers: REPOSITORY,
        shape: Shape::List,
        default: r#"["catalog"]"#,
        about: "the folders whose YAML files are entities",
    },
    Row {
        key: "codeowners.org",
        variable: None,
        layers: REPOSITORY,
        shape: Shape::Text,
        default: "",
        about: "the organisation whose teams are called like the groups; that of the remote by default",
    },
    Row {
        key: "diff.failOn",
        variable: None,
        layers: REPOSITORY,
        shape: Shape::List,
        default: "[]",
        about: "what `diff` fails on (exit code 1): destroy, risk",
    },
    Row {
        key: "forge.type",
        variable: Some("PLATFORM_FORGE"),
        layers: BOTH,
        shape: Shape::Choice(&["auto", "github", "gitlab", "gitea", "forgejo", "local"]),
        default: r#""auto""#,
        about: "the forge of the remote; auto tells it by the remote's URL",
    },
    Row {
        key: "forge.url",
        variable: Some("PLATFORM_FORGE_URL"),
        layers: USER,
        shape: Shape::Text,
        default: "",
        about: "base URL of the forge's API where it cannot be told from the remote's URL",
    },
    Row {
        key: "git.base",
        variable: Some("PLATFORM_BASE"),
        layers: BOTH,
        shape: Shape::Text,
        default: r#""main""#,
        about: "the branch that pull requests go to",
    },
    Row {
        key: "git.branchPrefix",
        variable: None,
        layers: BOTH,
        shape: Shape::Text,
        default: r#""platform/""#,
        about: "what the names of request branches start with",
    },
    Row {
        key: "git.remote",
        variable: Some("PLATFORM_REMOTE"),
        layers: BOTH,
        shape: Shape::Text,
        default: r#""origin""#,
        about: "the Git remote of the central repository",
    },
    Row {
        key: "kubernetes.context",
        variable: Some("PLATFORM_KUBE_CONTEXT"),
        layers: USER,
        shape: Shape::Text,
        default: "",
        about: "the kubeconfig context to look at; its current one by default",
    },
    Row {
        key: "kubernetes.kubeconfig",
        variable: Some("PLATFORM_KUBECONFIG"),
        layers: USER,
        shape: Shape::Text,
        default: "",
        about: "the kubeconfig file; KUBECONFIG and ~/.kube/config by default",
    },
    Row {
        key: "render.cluster",
        variable: None,
        layers: REPOSITORY,
        shape: Shape::Text,
        default: r#""main""#,
        about: "the cluster that objects go to when their entity names none",
    },
    Row {
        key: "render.commit",
        variable: None,
        layers: REPOSITORY,
        shape: Shape::Choice(&["auto", "always", "never"]),
        default: r#""auto""#,
        about: "whether a change brings its files in rendered/ with it; auto does where the folder is there",
    },
    Row {
        key: "repository",
        variable: Some("PLATFORM_REPOSITORY"),
        layers: USER,
        shape: Shape::Text,
        default: "",
        about: "address of the central repository, for `new --submit` outside of a clone of it",
    },
    Row {
        key: "rules.*",
        variable: None,
        layers: REPOSITORY,
        shape: Shape::Choice(&["off", "info", "warning", "error"]),
        default: "",
        about: "the severity of a validation rule",
    },
    Row {
        key: "types.*",
        variable: None,
        layers: REPOSITORY,
        shape: Shape::Free,
        default: "",
        about: "settings of a resource type, read by its expressions as `settings`",
    },
];

/// The row of a key, `*` rows included.
pub fn row(key: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| match row.key.strip_suffix('*') {
        Some(prefix) => key.strip_prefix(prefix).is_some_and(|name| !name.is_empty()),
        None => row.key == key,
    })
}
