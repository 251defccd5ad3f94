//! The files that `fetch:template` renders: expressions of others in them, and values nobody gives.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Reach};
use crate::expression::{Parsed, RenderOptions};
use crate::source::{LineIndex, Span};
use crate::yaml::Node;

use super::super::actions::fetch::is_remote;
use super::super::actions::fetch_template::{extension, extension_of};
use super::super::binary::is_binary;
use super::super::files::normalise;
use super::super::glob::Globs;
use super::super::skeleton::{Kind, Listing, Skeleton};
use super::steps::Step;
use super::{Linter, rule};

/// How many files of one template are read, and how large they may be.
const MAX_FILES: usize = 2000;
const MAX_BYTES: usize = 1024 * 1024;

/// One step that renders a folder.
struct Rendering<'a> {
    input: Map<String, Value>,
    values: Option<BTreeSet<String>>,
    url: Node<'a>,
    options: RenderOptions,
}

impl Linter<'_> {
    pub(super) fn skeletons(&mut self, steps: &[Step<'_>], skeleton: &dyn Skeleton) {
        for step in steps.iter().filter(|step| !step.never_runs()) {
            let action = step.action.as_ref().map(|action| action.text.as_ref());
            if let ("fetch:template", Some(input)) = (action.unwrap_or_default(), step.input) {
                self.skeleton(input, skeleton);
            }
        }
    }

    fn skeleton(&mut self, input: Node<'_>, skeleton: &dyn Skeleton) {
        let Some(rendering) = Rendering::read(input) else { return };
        let Some(written) = rendering.url.as_str().filter(|url| !url.contains("${{") && !is_remote(url))
        else {
            return;
        };
        let joined = format!("{}/{written}", skeleton.folder());
        let Ok(folder) = normalise("", joined.trim_start_matches('/')) else { return };
        let listed = match skeleton.list(&folder) {
            Ok(Listing::Folder(listed)) => listed,
            Ok(_) => {
                let finding = Diagnostic::error(
                    rule("template-missing-skeleton"),
                    rendering.url.span(),
                    format!("there is no folder {written}"),
                )
                .reaching(Reach::Nothing)
                .note("the step fails when the template is used");
                return self.report(finding);
            }
            Err(_) => return,
        };
        let is_folder =
            |path: &str| listed.iter().any(|entry| entry.path == path && entry.kind == Kind::Folder);
        let Ok(plain) = Globs::new(&rendering.texts("copyWithoutTemplating"), is_folder) else { return };
        for entry in listed.iter().take(MAX_FILES) {
            if !matches!(entry.kind, Kind::File { .. })
                || plain.matches(&entry.path)
                || !rendering.is_template(&entry.path)
            {
                continue;
            }
            let path =
                if folder.is_empty() { entry.path.clone() } else { format!("{folder}/{}", entry.path) };
            let Ok(bytes) = skeleton.read(&path) else { continue };
            if bytes.len() <= MAX_BYTES && !is_binary(&bytes) {
                self.file(&rendering, &entry.path, &String::from_utf8_lossy(&bytes));
            }
        }
    }

    fn file(&mut self, rendering: &Rendering<'_>, path: &str, text: &str) {
        let lines = LineIndex::new(text);
        let place = |offset: usize| {
            let position = lines.position(text, offset as u32);
            format!("{path}:{}:{}", position.line, position.column)
        };
        let span = rendering.url.span();
        match self.engine.parse_with(text, &rendering.options) {
            Ok(parsed) => self.parsed(rendering, &parsed, span, &place),
            Err(error) => {
                let message = format!("{}: {}", place(error.offset), error.message);
                let finding = Diagnostic::error(rule("template-broken-file"), span, message)
                    .reaching(Reach::Nothing)
                    .note("the step fails when the template is used")
                    .help("put what is not for the template between {% raw %} and {% endraw %}");
                self.report(finding);
            }
        }
    }

    fn parsed(
        &mut self,
        rendering: &Rendering<'_>,
        parsed: &Parsed,
        span: Span,
        place: &dyn Fn(usize) -> String,
    ) {
        for filter in parsed.filters.iter().filter(|filter| !self.engine.has_filter(&filter.name)) {
            let known_to_compat = rendering.options.cookiecutter_compat && filter.name == "jsonify";
            if !known_to_compat {
                let name = format!("{} ({})", filter.name, place(filter.offset));
                self.unknown_filter(&name, span, None);
            }
        }
        let root = if rendering.options.cookiecutter_compat { "cookiecutter" } else { "values" };
        let mut seen = BTreeSet::new();
        for reference in parsed.references.iter().filter(|reference| !reference.guarded) {
            let (first, second) = (reference.path[0].as_str(), reference.path.get(1));
            if first != root {
                if seen.insert(reference.path.clone()) {
                    self.foreign(span, &place(reference.offset), &reference.path.join("."));
                }
            } else if let (Some(values), Some(name)) = (&rendering.values, second)
                && !values.contains(name)
                && seen.insert(reference.path[..2].to_vec())
            {
                let message = format!("{}: the step gives no value {name}", place(reference.offset));
                let finding = Diagnostic::warning(rule("template-undefined-value"), span, message)
                    .note("it renders to nothing")
                    .help(format!("add {name} to the values of the step"));
                self.report(finding);
            }
        }
    }

    fn foreign(&mut self, span: Span, place: &str, path: &str) {
        let finding = Diagnostic::warning(
            rule("template-foreign-expression"),
            span,
            format!("{place}: {path} is not a value of the step and renders to nothing"),
        )
        .note("expressions of GitHub Actions and others have the same signs as those of templates")
        .help("put it between {% raw %} and {% endraw %}, or name the file in copyWithoutTemplating");
        self.report(finding);
    }
}

impl<'a> Rendering<'a> {
    fn read(input: Node<'a>) -> Option<Self> {
        let url = input.get("url")?;
        let Value::Object(input_json) = input.to_json() else { return None };
        let flag = |key: &str| input_json.get(key) == Some(&Value::Bool(true));
        let values = match input_json.get("values") {
            None => Some(BTreeSet::new()),
            Some(Value::Object(values)) => Some(values.keys().cloned().collect()),
            Some(_) => None,
        };
        let options = RenderOptions {
            trim_blocks: flag("trimBlocks"),
            lstrip_blocks: flag("lstripBlocks"),
            cookiecutter_compat: flag("cookiecutterCompat"),
        };
        Some(Self { input: input_json, values, url, options })
    }

    fn texts(&self, key: &str) -> Vec<String> {
        let list = self.input.get(key).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Whether the content is rendered as far as `templateFileExtension` says.
    fn is_template(&self, path: &str) -> bool {
        extension(&self.input).is_none_or(|extension| extension_of(path) == extension)
    }
}
