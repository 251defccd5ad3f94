//! Templates that ask for the parameters of the resource types that are here.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use crate::error::Failure;
use crate::ops::types::available_with;
use crate::scaffolder::{AskedType, Template};

/// The template with the parameters of the types of the repository at `root`, and of the built-in ones that it
/// does not replace. A type with errors is left out: its resources are asked for free parameters.
pub fn with_types<'a>(template: &'a Template, root: Option<&Path>) -> Result<Cow<'a, Template>, Failure> {
    if !template.asks_for_types() {
        return Ok(Cow::Borrowed(template));
    }
    let report = available_with(root, &BTreeMap::new())?;
    let types: Vec<AskedType<'_>> = report
        .types
        .iter()
        .filter_map(|available| available.definition.as_ref())
        .map(|found| AskedType { name: &found.name, parameters: found.parameters() })
        .collect();
    Ok(Cow::Owned(template.clone().with_types(&types)))
}
