//! `catalog:write`: an entity as a YAML file.

use serde_json::{Map, Value};

use super::{ActionError, Call};
use crate::yaml::emit;

/// Where Backstage notes which template an entity came from.
const SOURCE_TEMPLATE: &str = "backstage.io/source-template";

pub(super) fn run(call: &mut Call<'_>) -> Result<(), ActionError> {
    let path = call.text("filePath").unwrap_or("catalog-info.yaml").to_owned();
    let mut entity = call.input.get("entity").cloned().unwrap_or_default();
    if let (Some(reference), Some(entity)) = (&call.context.template_ref, entity.as_object_mut()) {
        let metadata = entity.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
        if let Some(metadata) = metadata.as_object_mut() {
            let annotations = metadata.entry("annotations").or_insert_with(|| Value::Object(Map::new()));
            if let Some(annotations) = annotations.as_object_mut() {
                annotations.insert(SOURCE_TEMPLATE.to_owned(), Value::from(reference.as_str()));
            }
        }
    }
    call.say(format!("Writing {path}"));
    call.outcome.files.write(&path, emit::to_string(&entity).into_bytes(), false)?;
    Ok(())
}
