//! Whole JSON structures: every string in them is a template, keys are not (as in Backstage).

use serde_json::Value as Json;

use super::{Engine, Error};

/// A string that could not be evaluated and was passed on as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swallowed {
    /// JSON pointer of the string.
    pub pointer: String,
    /// What was wrong with it.
    pub error: Error,
}

impl Engine {
    /// Evaluates all strings of a structure. Undefined removes the key, and is null in a list. The
    /// first error ends it, with the JSON pointer of its string.
    pub fn evaluate_all(&self, value: &Json, scope: &Json) -> Result<Json, (String, Error)> {
        let mut fail = |pointer: &str, _: &str, error: Error| Err((pointer.to_owned(), error));
        Ok(self.walk(value, scope, &mut String::new(), &mut fail)?.unwrap_or(Json::Null))
    }

    /// What Backstage makes of a structure: strings with errors are passed on as they are written.
    /// Undefined at the top is `None`. The second part lists what was wrong.
    pub fn evaluate_all_lenient(&self, value: &Json, scope: &Json) -> (Option<Json>, Vec<Swallowed>) {
        let mut swallowed = Vec::new();
        let mut keep = |pointer: &str, text: &str, error: Error| {
            swallowed.push(Swallowed { pointer: pointer.to_owned(), error });
            Ok(Some(Json::String(text.to_owned())))
        };
        let evaluated = self.walk(value, scope, &mut String::new(), &mut keep).unwrap_or(None);
        (evaluated, swallowed)
    }

    fn walk(
        &self,
        value: &Json,
        scope: &Json,
        pointer: &mut String,
        failed: &mut impl FnMut(&str, &str, Error) -> Result<Option<Json>, (String, Error)>,
    ) -> Result<Option<Json>, (String, Error)> {
        let length = pointer.len();
        Ok(Some(match value {
            Json::String(text) => {
                return self.evaluate(text, scope).or_else(|error| failed(pointer, text, error));
            }
            Json::Array(items) => {
                let mut evaluated = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    pointer.push('/');
                    pointer.push_str(&index.to_string());
                    evaluated.push(self.walk(item, scope, pointer, failed)?.unwrap_or(Json::Null));
                    pointer.truncate(length);
                }
                Json::Array(evaluated)
            }
            Json::Object(entries) => {
                let mut evaluated = serde_json::Map::new();
                for (key, item) in entries {
                    pointer.push('/');
                    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                    if let Some(item) = self.walk(item, scope, pointer, failed)? {
                        evaluated.insert(key.clone(), item);
                    }
                    pointer.truncate(length);
                }
                Json::Object(evaluated)
            }
            other => other.clone(),
        }))
    }
}
