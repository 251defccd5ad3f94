//! `catalog:write`: an entity as YAML, with the template it comes from as annotation.

use serde_json::{Map, Value};

use super::{ActionError, Call};
use crate::yaml::emit;

pub(super) fn run(call: &mut Call<'_>) -> Result<(), ActionError> {
    let path = call.text("filePath").unwrap_or("catalog-info.yaml").to_owned();
    let mut entity = call.input.get("entity").and_then(Value::as_object).cloned().unwrap_or_default();
    if let Some(reference) = &call.context.template_ref {
        let Some(Value::Object(metadata)) = entity.get_mut("metadata") else {
            return Err(ActionError::new("the entity has no metadata"));
        };
        annotate(metadata, reference);
    } else if !entity.get("metadata").is_some_and(Value::is_object) {
        entity.insert("metadata".to_owned(), Value::Object(Map::new()));
    }
    let text = emit::to_string(&Value::Object(entity));
    call.say(format!("writing {path}"));
    // A file that was there keeps its mode.
    let executable =
        matches!(call.files().get(&path), Some(super::super::files::Entry::File { executable: true, .. }));
    call.files().write(&path, text.into_bytes(), executable)?;
    Ok(())
}

fn annotate(metadata: &mut Map<String, Value>, reference: &str) {
    let annotations = metadata.entry("annotations").or_insert_with(|| Value::Object(Map::new()));
    if !annotations.is_object() {
        *annotations = Value::Object(Map::new());
    }
    if let Value::Object(annotations) = annotations {
        annotations.insert("backstage.io/source-template".to_owned(), Value::from(reference));
    }
}
