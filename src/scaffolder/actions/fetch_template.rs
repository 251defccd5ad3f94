//! `fetch:template`: a folder whose names and contents are rendered.

use serde_json::{Map, Value};

use super::super::binary::is_binary;
use super::super::files::{self, Entry};
use super::super::glob::Globs;
use super::super::skeleton::{Kind, Listed, Listing};
use super::fetch::{copied, join, source, target};
use super::{ActionError, Call};
use crate::expression::RenderOptions;

pub(super) fn run(call: &mut Call<'_>) -> Result<(), ActionError> {
    let to = target(call)?;
    let extension = checked_extension(call)?;
    let url = call.required("url").to_owned();
    let from = source(call, &url)?;
    let listed = match call.context.skeleton.list(&from)? {
        Listing::Folder(listed) => copied(call, listed),
        Listing::File { .. } => {
            let hint = "use fetch:template:file for a single file";
            return Err(ActionError::new(format!("{url:?} is a file, not a folder")).hint(hint));
        }
        Listing::Missing => return Err(ActionError::new(format!("{url:?} does not exist"))),
    };
    if call.input.contains_key("copyWithoutRender") {
        call.warn("copyWithoutRender is ignored by Backstage: use copyWithoutTemplating");
    }
    let is_folder = |path: &str| {
        path.is_empty() || listed.iter().any(|entry| entry.path == path && entry.kind == Kind::Folder)
    };
    let plain = Globs::new(&call.texts("copyWithoutTemplating"), is_folder).map_err(ActionError::new)?;
    let renderer = Renderer { scope: scope(call), options: options(call), extension, plain, from, to };
    for entry in listed {
        renderer.entry(call, entry)?;
    }
    call.say(format!("rendered {url}"));
    Ok(())
}

/// What files may see: the `values` of the step, and nothing else.
pub(super) fn scope(call: &Call<'_>) -> Value {
    let name = if call.flag("cookiecutterCompat") { "cookiecutter" } else { "values" };
    Value::Object(
        call.input
            .get("values")
            .map(|values| (name.to_owned(), values.clone()))
            .into_iter()
            .collect::<Map<_, _>>(),
    )
}

pub(super) fn options(call: &Call<'_>) -> RenderOptions {
    RenderOptions {
        cookiecutter_compat: call.flag("cookiecutterCompat"),
        trim_blocks: call.flag("trimBlocks"),
        lstrip_blocks: call.flag("lstripBlocks"),
    }
}

/// `templateFileExtension` with its dot: only files that end in it are rendered.
pub(in super::super) fn extension(input: &Map<String, Value>) -> Option<String> {
    match input.get("templateFileExtension") {
        Some(Value::Bool(true)) => Some(".njk".to_owned()),
        Some(Value::String(text)) if text.starts_with('.') => Some(text.clone()),
        Some(Value::String(text)) if !text.is_empty() => Some(format!(".{text}")),
        _ => None,
    }
}

fn checked_extension(call: &Call<'_>) -> Result<Option<String>, ActionError> {
    let extension = extension(call.input);
    if extension.is_some()
        && (call.input.contains_key("copyWithoutTemplating") || call.flag("cookiecutterCompat"))
    {
        let message =
            "templateFileExtension cannot be combined with copyWithoutTemplating or cookiecutterCompat";
        return Err(ActionError::new(message));
    }
    Ok(extension)
}

struct Renderer {
    scope: Value,
    options: RenderOptions,
    extension: Option<String>,
    plain: Globs,
    /// The folder in the skeleton, and that in the workspace.
    from: String,
    to: String,
}

impl Renderer {
    fn entry(&self, call: &mut Call<'_>, entry: Listed) -> Result<(), ActionError> {
        let (name, rendered) = self.rendering(&entry);
        let mut path = name.to_owned();
        if entry.kind == Kind::Folder {
            path.push('/');
        }
        let path = self.render(call, &path, &format!("the name {:?}", entry.path))?;
        // A name that renders to nothing is how authors leave a file out.
        if path.is_empty() || path.starts_with('/') || path.contains("//") {
            return Ok(());
        }
        let path = files::normalise(&self.to, &path)?;
        if call.files().contains(&path) && !call.flag("replace") {
            return Ok(());
        }
        let source = join(&self.from, &entry.path);
        match entry.kind {
            Kind::Folder => call.files().folder(&path)?,
            Kind::Link { target } => call.files().link(&path, target)?,
            Kind::File { executable } => {
                let bytes = call.context.skeleton.read(&source)?;
                let binary = is_binary(&bytes);
                let bytes = if binary { bytes } else { self.content(call, &entry.path, &bytes, rendered)? };
                // A file that was there keeps its mode, except under a binary, which is copied whole.
                let executable = match call.files().get(&path) {
                    Some(Entry::File { executable, .. }) if !binary => *executable,
                    _ => executable,
                };
                call.files().write(&path, bytes, executable)?;
            }
        }
        Ok(())
    }

    /// The name without the extension of templates, and whether the content is rendered.
    fn rendering<'e>(&self, entry: &'e Listed) -> (&'e str, bool) {
        match &self.extension {
            None => (&entry.path, !self.plain.matches(&entry.path)),
            Some(extension) if entry.kind != Kind::Folder && extension_of(&entry.path) == extension => {
                (&entry.path[..entry.path.len() - extension.len()], true)
            }
            Some(_) => (&entry.path, false),
        }
    }

    fn content(
        &self,
        call: &Call<'_>,
        path: &str,
        bytes: &[u8],
        rendered: bool,
    ) -> Result<Vec<u8>, ActionError> {
        let text = String::from_utf8_lossy(bytes);
        if rendered {
            Ok(self.render(call, &text, path)?.into_bytes())
        } else {
            Ok(text.into_owned().into_bytes())
        }
    }

    fn render(&self, call: &Call<'_>, text: &str, place: &str) -> Result<String, ActionError> {
        let rendered = call.context.engine.render(text, &self.scope, &self.options);
        rendered.map_err(|error| failed(place, text, &error))
    }
}

/// `path.extname` of Node: from the last dot of the name on, nothing where the name starts with it.
pub(in super::super) fn extension_of(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rfind('.') {
        Some(at) if at > 0 && name != ".." => &name[at..],
        _ => "",
    }
}

/// An error of the expression language with the file and the line that Backstage keeps to itself.
pub(super) fn failed(place: &str, text: &str, error: &crate::expression::Error) -> ActionError {
    let position = crate::source::LineIndex::new(text).position(text, error.offset as u32);
    ActionError::new(format!("{place}:{}:{}: {}", position.line, position.column, error.message))
}

#[cfg(test)]
mod tests {
    use super::extension_of;

    #[test]
    fn the_extension_is_that_of_node() {
        for (path, extension) in
            [("a.njk", ".njk"), ("a/.njk", ""), ("a.njk.txt", ".txt"), ("a.b/c", ""), ("..", ""), ("a.", ".")]
        {
            assert_eq!(extension_of(path), extension, "{path}");
        }
    }
}
