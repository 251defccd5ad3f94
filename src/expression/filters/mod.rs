//! The built-in filters of nunjitsu 0.6.2 (`src/runtime/builtins.ts`), one table row each.

mod html;
mod list;
mod number;
mod order;
mod text;

use super::fault::Result;
use super::value::{Heap, Value};

/// A filter: its input, and its arguments by position.
pub(super) type BuiltInFilter = fn(&mut Heap, &Value, &[Value]) -> Result<Value>;

/// All built-in filters, by name.
pub(super) const FILTERS: &[(&str, BuiltInFilter)] = &[
    ("abs", number::abs),
    ("batch", list::batch),
    ("capitalize", text::capitalize),
    ("center", text::center),
    ("d", list::default),
    ("default", list::default),
    ("dictsort", order::dictsort),
    ("dump", list::dump),
    ("e", html::escape),
    ("escape", html::escape),
    ("first", list::first),
    ("float", number::float),
    ("forceescape", html::force_escape),
    ("groupby", list::group_by),
    ("indent", text::indent),
    ("int", number::int),
    ("join", list::join_items),
    ("last", list::last),
    ("length", list::length_of),
    ("list", list::list),
    ("lower", text::lower),
    ("nl2br", html::break_lines),
    ("random", list::random),
    ("reject", list::reject),
    ("rejectattr", list::reject_attribute),
    ("replace", text::replace),
    ("reverse", list::reverse),
    ("round", number::round),
    ("safe", html::safe),
    ("select", list::select),
    ("selectattr", list::select_attribute),
    ("slice", list::slice),
    ("sort", order::sort),
    ("string", text::string),
    ("striptags", html::strip_tags),
    ("sum", number::sum),
    ("title", text::title),
    ("trim", text::trim),
    ("truncate", text::truncate),
    ("upper", text::upper),
    ("urlencode", html::url_encode),
    ("urlize", html::urlize),
    ("wordcount", text::count_words),
];

pub(super) fn find(name: &str) -> Option<BuiltInFilter> {
    FILTERS.iter().find(|(known, _)| *known == name).map(|(_, filter)| *filter)
}

/// An argument, undefined when it was not given.
fn argument(arguments: &[Value], index: usize) -> &Value {
    arguments.get(index).unwrap_or(&Value::Undefined)
}
