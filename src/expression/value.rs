//! The values of the language: JSON, and what a template makes on its way.
//!
//! Lists can be changed by methods (`push`) and seen under several names, so they live in a heap and
//! a value holds their number. The heap is flat and dies with the render: no cycle can leak and
//! no deep value can overflow the stack when it is dropped. Maps never change and are shared.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::fault::{Fault, Result};
use super::limits::{Budget, MAX_ENTRIES, MAX_VALUE_DEPTH};
use super::text::Text;

/// Names that nunjitsu refuses everywhere, as they lead to JavaScript's prototypes.
pub(super) fn is_reserved(name: &str) -> bool {
    matches!(name, "constructor" | "prototype" | "__proto__")
}

pub(super) fn is_reserved_text(name: &Text) -> bool {
    ["constructor", "prototype", "__proto__"].iter().any(|reserved| name.is(reserved))
}

/// One value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(Text),
    /// A text that `escape` leaves alone; an object of its own in comparisons.
    Safe(Rc<Text>),
    List(List),
    Map(Rc<Map>),
    Regex(Rc<Regex>),
    Function(Function),
}

/// The number of a list in the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct List(u32);

/// What a function value stands for; `serial` is its identity, `id` what it calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Function {
    pub(super) kind: FunctionKind,
    pub(super) id: usize,
    pub(super) serial: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FunctionKind {
    Macro,
    Caller,
    BuiltIn,
}

/// A regular-expression literal and where its next match starts (flags `g` and `y`).
#[derive(Debug)]
pub(super) struct Regex {
    pub(super) program: Rc<super::regex::Program>,
    pub(super) last_index: Cell<usize>,
}

/// A map with the key order of JavaScript objects: array indexes first, in numeric order.
#[derive(Debug, Default)]
pub(super) struct Map {
    entries: Vec<(Text, Value)>,
    index: BTreeMap<Text, usize>,
    depth: usize,
}

impl Map {
    pub(super) fn get(&self, key: &Text) -> Option<&Value> {
        self.index.get(key).map(|position| &self.entries[*position].1)
    }

    pub(super) fn get_str(&self, key: &str) -> Option<&Value> {
        self.get(&Text::from(key))
    }

    pub(super) fn entries(&self) -> &[(Text, Value)] {
        &self.entries
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

#[derive(Debug, Default)]
struct Items {
    /// `None` is a hole: a position that was never set.
    items: Vec<Option<Value>>,
    depth: usize,
}

/// All lists of one render, and what the render has cost.
pub(super) struct Heap {
    lists: Vec<Items>,
    pub(super) budget: Budget,
    /// Until a function is put into a list or map, no value has to be searched for one.
    holds_functions: bool,
}

impl Heap {
    pub(super) fn new(budget: Budget) -> Self {
        Heap { lists: Vec::new(), budget, holds_functions: false }
    }

    /// A new list without holes.
    pub(super) fn list(&mut self, items: Vec<Value>) -> Result<Value> {
        self.sparse_list(items.into_iter().map(Some).collect())
    }

    pub(super) fn sparse_list(&mut self, items: Vec<Option<Value>>) -> Result<Value> {
        self.budget.toil(items.len())?;
        let depth = self.depth_above(items.iter().flatten(), items.len())?;
        let number =
            u32::try_from(self.lists.len()).map_err(|_| Fault::new("the template makes too many lists"))?;
        self.lists.push(Items { items, depth });
        Ok(Value::List(List(number)))
    }

    /// Replaces the items of a list; none of the `added` ones may contain the list.
    pub(super) fn replace(&mut self, list: List, items: Vec<Option<Value>>, added: &[Value]) -> Result<()> {
        self.budget.toil(items.len())?;
        let depth = self.depth_above(items.iter().flatten(), items.len())?;
        let mut seen = BTreeSet::new();
        for item in added {
            self.refuse_cycle(list, item, &mut seen, 0)?;
        }
        let stored = self.items_mut(list);
        stored.items = items;
        stored.depth = depth;
        Ok(())
    }

    fn refuse_cycle(
        &mut self,
        owner: List,
        value: &Value,
        seen: &mut BTreeSet<List>,
        depth: usize,
    ) -> Result<()> {
        check_depth(depth)?;
        match value {
            Value::List(list) if *list == owner => Err(Fault::new("a list cannot contain itself")),
            Value::List(list) if !seen.insert(*list) => Ok(()),
            Value::List(list) => {
                let length = self.items(*list).len();
                self.budget.toil(length + 1)?;
                for index in 0..length {
                    if let Some(item @ (Value::List(_) | Value::Map(_))) = self.item(*list, index).cloned() {
                        self.refuse_cycle(owner, &item, seen, depth + 1)?;
                    }
                }
                Ok(())
            }
            Value::Map(map) => {
                self.budget.toil(map.len() + 1)?;
                for (_, item) in map.entries() {
                    self.refuse_cycle(owner, item, seen, depth + 1)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A new map; of two entries with one key the later value stays, in the earlier place.
    pub(super) fn map(&mut self, entries: impl IntoIterator<Item = (Text, Value)>) -> Result<Value> {
        let mut indexed: BTreeMap<u32, (Text, Value)> = BTreeMap::new();
        let mut map = Map::default();
        let mut count = 0;
        for (key, value) in entries {
            count += 1;
            if is_reserved_text(&key) {
                return Err(Fault::new(format!("the key `{}` is reserved", key.to_lossy())));
            }
            if let Some(index) = array_index(&key) {
                indexed.insert(index, (key, value));
            } else if let Some(position) = map.index.get(&key) {
                map.entries[*position].1 = value;
            } else {
                map.index.insert(key.clone(), map.entries.len());
                map.entries.push((key, value));
            }
        }
        if !indexed.is_empty() {
            let named = std::mem::take(&mut map.entries);
            map.entries = indexed.into_values().chain(named).collect();
            map.index = map.entries.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect();
        }
        self.budget.toil(count)?;
        map.depth = self.depth_above(map.entries.iter().map(|(_, value)| value), count)?;
        Ok(Value::Map(Rc::new(map)))
    }

    fn depth_above<'a>(&mut self, values: impl Iterator<Item = &'a Value>, count: usize) -> Result<usize> {
        if count > MAX_ENTRIES {
            return Err(Fault::new(format!("a list or map cannot have more than {MAX_ENTRIES} entries")));
        }
        let mut deepest = 0;
        for value in values {
            match value {
                Value::Function(_) => self.holds_functions = true,
                Value::List(list) => deepest = deepest.max(self.lists[list.0 as usize].depth),
                Value::Map(map) => deepest = deepest.max(map.depth),
                _ => {}
            }
        }
        check_depth(deepest + 1)?;
        Ok(deepest + 1)
    }

    fn items_mut(&mut self, list: List) -> &mut Items {
        &mut self.lists[list.0 as usize]
    }

    /// All positions of a list; `None` is a hole.
    pub(super) fn items(&self, list: List) -> &[Option<Value>] {
        &self.lists[list.0 as usize].items
    }

    /// The item at a position; nothing for a hole and beyond the end.
    pub(super) fn item(&self, list: List, index: usize) -> Option<&Value> {
        self.items(list).get(index).and_then(Option::as_ref)
    }

    /// All items, holes as undefined.
    pub(super) fn dense(&mut self, list: List) -> Result<Vec<Value>> {
        self.budget.toil(self.items(list).len())?;
        Ok(self.items(list).iter().map(|item| item.clone().unwrap_or(Value::Undefined)).collect())
    }

    /// Functions can be called and nothing else: they are no data.
    pub(super) fn refuse_functions(&mut self, value: &Value) -> Result<()> {
        match value {
            Value::Function(_) => Err(Fault::new("a function can only be called, not used as a value")),
            Value::List(_) | Value::Map(_) if self.holds_functions => self.search_functions(value, 0),
            _ => Ok(()),
        }
    }

    fn search_functions(&mut self, value: &Value, depth: usize) -> Result<()> {
        check_depth(depth)?;
        self.budget.toil(1)?;
        match value {
            Value::Function(_) => Err(Fault::new("a function can only be called, not used as a value")),
            Value::List(list) => {
                for index in 0..self.items(*list).len() {
                    if let Some(item) = self.item(*list, index).cloned() {
                        self.search_functions(&item, depth + 1)?;
                    }
                }
                Ok(())
            }
            Value::Map(map) => {
                map.entries().iter().try_for_each(|(_, item)| self.search_functions(item, depth + 1))
            }
            _ => Ok(()),
        }
    }
}

/// A value that contains too much of itself cannot be walked through.
pub(super) fn check_depth(depth: usize) -> Result<()> {
    if depth > MAX_VALUE_DEPTH {
        return Err(Fault::new(format!("lists and maps cannot be nested more than {MAX_VALUE_DEPTH} deep")));
    }
    Ok(())
}

/// The number that a key stands for as a JavaScript array index: canonical decimal below 2^32 - 1.
pub(super) fn array_index(key: &Text) -> Option<u32> {
    let units = key.units();
    if units.is_empty() || units.len() > 10 || (units.len() > 1 && units[0] == u16::from(b'0')) {
        return None;
    }
    let mut number: u64 = 0;
    for unit in units {
        let digit = u8::try_from(*unit).ok().filter(u8::is_ascii_digit)?;
        number = number * 10 + u64::from(digit - b'0');
    }
    u32::try_from(number).ok().filter(|number| *number < u32::MAX)
}

/// What JavaScript takes for true: everything but undefined, null, false, 0, NaN and the empty text.
pub(super) fn truthy(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::Text(text) => !text.is_empty(),
        _ => true,
    }
}

/// What a message calls a value.
pub(super) fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Undefined => "undefined",
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::Text(_) | Value::Safe(_) => "a string",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
        Value::Regex(_) => "a regular expression",
        Value::Function(_) => "a function",
    }
}

impl Value {
    pub(super) fn text(text: &str) -> Value {
        Value::Text(Text::from(text))
    }

    pub(super) fn safe(text: Text) -> Value {
        Value::Safe(Rc::new(text))
    }

    /// The text of a string, safe or not.
    pub(super) fn as_text(&self) -> Option<&Text> {
        match self {
            Value::Text(text) => Some(text),
            Value::Safe(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_nullish(&self) -> bool {
        matches!(self, Value::Undefined | Value::Null)
    }
}
