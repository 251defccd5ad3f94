//! Where the parts of an object come from: the place in the type's manifest, and the field of the entity
//! that an expression there takes. Made only when something is wrong with the object.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fill::Filler;
use super::problem::pointer;

/// Where a part of an object comes from.
#[derive(Debug)]
pub(crate) struct Origin {
    /// The pointer of its template in the type.
    pub at: String,
    /// The pointer of what its expression takes from the entity.
    pub entity: Option<String>,
    parts: Parts,
}

#[derive(Debug)]
enum Parts {
    None,
    List(Vec<Origin>),
    Fields(BTreeMap<String, Origin>),
}

impl Origin {
    /// The origin of the part at a pointer, or of the nearest part above it, with the rest of the pointer.
    pub fn find<'a>(&self, at: &'a str) -> (&Self, &'a str) {
        let Some(rest) = at.strip_prefix('/') else { return (self, at) };
        let (part, below) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let inner = match &self.parts {
            Parts::None => None,
            Parts::List(items) => part.parse::<usize>().ok().and_then(|index| items.get(index)),
            Parts::Fields(fields) => fields.get(&part.replace("~1", "/").replace("~0", "~")),
        };
        inner.map_or((self, at), |inner| inner.find(below))
    }
}

impl Filler<'_> {
    /// Where the parts of what [`fill`](Self::fill) makes come from.
    pub fn trace(&mut self, template: &Value, at: &str) -> Option<Origin> {
        let origin = |entity, parts| Some(Origin { at: at.to_owned(), entity, parts });
        match template {
            Value::Null => None,
            Value::String(text) => {
                self.fill(template, at)?;
                origin(self.source(text), Parts::None)
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let items = items.flat_map(|(index, item)| self.trace_item(item, &format!("{at}/{index}")));
                origin(None, Parts::List(items.collect()))
            }
            Value::Object(fields) if fields.contains_key("$item") => self.trace_item(template, at).pop(),
            Value::Object(fields) => {
                let fields = self.trace_fields(fields, at);
                origin(None, Parts::Fields(fields))
            }
            _ => origin(None, Parts::None),
        }
    }

    fn trace_item(&mut self, item: &Value, at: &str) -> Vec<Origin> {
        let Some(inner) = item.get("$item") else { return self.trace(item, at).into_iter().collect() };
        let each = item.get("$each").filter(|each| !each.is_null());
        let items = self.trace_each(each, &pointer(at, "$each"), |filler| {
            let holds = filler.holds(item.get("$if"), &pointer(at, "$if"));
            if holds { filler.trace(inner, &pointer(at, "$item")) } else { None }
        });
        items.into_iter().flatten().collect()
    }

    fn trace_fields(&mut self, fields: &Map<String, Value>, at: &str) -> BTreeMap<String, Origin> {
        let mut traced = BTreeMap::new();
        for (name, value) in fields {
            let at = pointer(at, name);
            let name = if name.contains("${{") { self.text(name, &at) } else { name.clone() };
            traced.extend(self.trace(value, &at).map(|origin| (name, origin)));
        }
        traced
    }

    /// [`each`](Self::each), which remembers where the items come from.
    pub fn trace_each<T>(
        &mut self,
        each: Option<&Value>,
        at: &str,
        mut body: impl FnMut(&mut Self) -> T,
    ) -> Vec<T> {
        let list = each.and_then(Value::as_str).and_then(|text| self.source(text));
        let is_loop = each.is_some();
        self.each(each, at, |filler| {
            if is_loop {
                let key = filler.scope().pointer("/each/key").and_then(Value::as_u64).unwrap_or(0);
                filler.items.push(list.as_ref().map(|list| format!("{list}/{key}")));
            }
            let result = body(filler);
            if is_loop {
                filler.items.pop();
            }
            result
        })
    }

    /// What the first expression of a text that takes something from the entity takes.
    fn source(&self, text: &str) -> Option<String> {
        let parsed = self.engine().parse(text).ok()?;
        parsed.references.iter().find_map(|reference| {
            let (first, rest) = reference.path.split_first()?;
            let below = |start: &str, rest: &[String]| {
                rest.iter().fold(start.to_owned(), |at, part| pointer(&at, part))
            };
            match first.as_str() {
                "parameters" => Some(below("/spec/parameters", rest)),
                "entity" => Some(below("", rest)),
                "owner" => Some("/spec/owner".to_owned()),
                "system" => Some("/spec/system".to_owned()),
                "each" => {
                    let item = self.items.last()?.as_ref()?;
                    let (value, rest) = rest.split_first()?;
                    // members of the owner are not in the entity
                    let is_list = value == "value" && !item.starts_with("/spec/owner/");
                    Some(if is_list { below(item, rest) } else { "/spec/owner".to_owned() })
                }
                _ => None,
            }
        })
    }
}
