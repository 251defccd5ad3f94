//! `catalog:fetch`: entities by their refs.

use serde_json::Value;

use super::{ActionError, Call};
use crate::entity::EntityRef;

pub(super) fn run(call: &mut Call<'_>) -> Result<(), ActionError> {
    let several = call.input.get("entityRefs").is_some();
    let one = call.text("entityRef").filter(|text| !text.is_empty()).map(str::to_owned);
    if one.is_none() && !several {
        return if call.flag("optional") {
            Ok(())
        } else {
            Err(ActionError::new("neither entityRef nor entityRefs says which entity to read"))
        };
    }
    if let Some(text) = one {
        let entity = lookup(call, &text)?;
        call.output.insert("entity".to_owned(), entity);
    }
    if several {
        let found =
            call.texts("entityRefs").iter().map(|text| lookup(call, text)).collect::<Result<Vec<_>, _>>()?;
        call.output.insert("entities".to_owned(), Value::Array(found));
    }
    Ok(())
}

fn lookup(call: &Call<'_>, text: &str) -> Result<Value, ActionError> {
    let namespace = call.text("defaultNamespace").unwrap_or("default");
    let reference = EntityRef::parse(text, call.text("defaultKind"), namespace)
        .map_err(|error| ActionError::new(format!("entity ref {text:?}: {error}")))?;
    match call.context.catalog.entity(&reference) {
        Some(entity) => Ok(entity),
        None if call.flag("optional") => Ok(Value::Null),
        None => Err(ActionError::new(format!("entity {reference} is not in the catalog"))),
    }
}
