//! Calls: macros, methods, globals, filters and tests.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::ast::{Arguments, Callable, Kind, NodeId};
use super::evaluate::{Definition, Evaluator, Output};
use super::fault::{Fault, Result, quote, suggestion};
use super::scope::{Frame, Place};
use super::text::Text;
use super::value::{FunctionKind, Heap, Value, check_depth, is_reserved, kind_name, truthy};
use super::{filters, json, methods, predicate};

/// Functions that the engine makes: the globals, what they return, and methods of values.
pub(super) enum BuiltIn {
    Range,
    MakeCycler,
    MakeJoiner,
    Cycler {
        values: Vec<Value>,
        index: Option<usize>,
    },
    CyclerNext(usize),
    CyclerReset(usize),
    Joiner {
        separator: Value,
        used: bool,
    },
    Method {
        receiver: Value,
        method: &'static methods::Method,
    },
    /// `always()` and `failure()` of step conditions.
    Always,
    Failure,
}

/// Evaluated arguments.
pub(super) struct Values {
    pub(super) positional: Vec<Value>,
    pub(super) keyword: BTreeMap<Rc<str>, Value>,
}

impl<'a> Evaluator<'a> {
    /// A global function, or undefined.
    pub(super) fn global(&mut self, name: &str) -> Value {
        let (name, builtin) = match name {
            "range" => ("range", BuiltIn::Range),
            "cycler" => ("cycler", BuiltIn::MakeCycler),
            "joiner" => ("joiner", BuiltIn::MakeJoiner),
            "always" if self.engine.step_failed.is_some() => ("always", BuiltIn::Always),
            "failure" if self.engine.step_failed.is_some() => ("failure", BuiltIn::Failure),
            _ => return Value::Undefined,
        };
        if let Some(value) = self.globals.get(name) {
            return value.clone();
        }
        let value = self.builtin(builtin);
        self.globals.insert(name, value.clone());
        value
    }

    fn builtin(&mut self, builtin: BuiltIn) -> Value {
        self.builtins.push(builtin);
        self.function(FunctionKind::BuiltIn, self.builtins.len() - 1)
    }

    /// The method of a value as a function; undefined when it has none of that name.
    pub(super) fn method(&mut self, receiver: &Value, name: &Text) -> Value {
        match methods::find(receiver, name, self.options.cookiecutter_compat) {
            Some(method) => self.builtin(BuiltIn::Method { receiver: receiver.clone(), method }),
            None => Value::Undefined,
        }
    }

    pub(super) fn builtin_member(&mut self, id: usize, key: &Text) -> Value {
        let Some(BuiltIn::Cycler { values, index }) = self.builtins.get(id) else { return Value::Undefined };
        if key.is("current") {
            return match index {
                None => Value::Null,
                Some(index) => match values.get(*index).cloned() {
                    Some(Value::Function(function)) => self.function(function.kind, function.id),
                    value => value.unwrap_or(Value::Undefined),
                },
            };
        }
        if key.is("next") {
            self.builtin(BuiltIn::CyclerNext(id))
        } else if key.is("reset") {
            self.builtin(BuiltIn::CyclerReset(id))
        } else {
            Value::Undefined
        }
    }

    fn arguments(&mut self, arguments: &Arguments, place: &Place, depth: usize) -> Result<Values> {
        let mut values = Values { positional: Vec::new(), keyword: BTreeMap::new() };
        for argument in &arguments.positional {
            values.positional.push(self.expression(*argument, place, depth + 1)?);
        }
        for (name, argument) in &arguments.keyword {
            let value = self.expression(*argument, place, depth + 1)?;
            values.keyword.insert(Rc::clone(name), value);
        }
        Ok(values)
    }

    fn refuse_functions(&mut self, values: &Values) -> Result<()> {
        values
            .positional
            .iter()
            .chain(values.keyword.values())
            .try_for_each(|value| self.heap.refuse_functions(value))
    }

    pub(super) fn call(
        &mut self,
        callee: NodeId,
        arguments: &Arguments,
        place: &Place,
        depth: usize,
    ) -> Result<Value> {
        let target = self.expression(callee, place, depth + 1)?;
        let Value::Function(function) = target else {
            let name = self.path(callee).map_or_else(|| "this value".to_owned(), |path| quote(&path));
            let kind = kind_name(&target);
            return Err(Fault::new(format!("{name} is {kind} and cannot be called")));
        };
        match function.kind {
            FunctionKind::Macro | FunctionKind::Caller => {
                let values = self.arguments(arguments, place, depth + 1)?;
                self.invoke(function.id, values, depth + 1).map(Value::safe)
            }
            FunctionKind::BuiltIn => {
                self.check_syntax(function.id, arguments)?;
                let values = self.arguments(arguments, place, depth + 1)?;
                self.refuse_functions(&values)?;
                self.invoke_builtin(function.id, values.positional)
            }
        }
    }

    /// `a.b.c` of a callee, for messages.
    fn path(&self, node: NodeId) -> Option<String> {
        match self.tree.kind(node) {
            Kind::Symbol(name) => Some(name.to_string()),
            Kind::Lookup { target, key } => match self.tree.kind(*key) {
                Kind::Text(key) => Some(format!("{}.{}", self.path(*target)?, key.to_lossy())),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn call_block(
        &mut self,
        node: NodeId,
        place: &Place,
        output: &mut Output,
        depth: usize,
    ) -> Result<()> {
        let tree = self.tree;
        let Kind::CallBlock { callee, arguments, caller } = tree.kind(node) else { return Ok(()) };
        let target = self.expression(*callee, place, depth + 1)?;
        let Value::Function(function) = target else {
            return Err(Fault::new("`call` needs a macro"));
        };
        if function.kind != FunctionKind::Macro {
            return Err(Fault::new("`call` needs a macro"));
        }
        let mut values = self.arguments(arguments, place, depth + 1)?;
        self.definitions.push(Definition {
            callable: caller,
            plan: self.plan.frame(place.region, node)?.clone(),
            scope: Rc::clone(&place.scope),
            frame: Some(Rc::clone(&place.frame)),
            invocation: Rc::clone(&place.invocation),
        });
        let handle = self.function(FunctionKind::Caller, self.definitions.len() - 1);
        values.keyword.insert(Rc::from("caller"), handle);
        let text = self.invoke(function.id, values, depth + 1)?;
        self.write(output, &text)
    }

    /// The text of a macro or caller.
    fn invoke(&mut self, id: usize, values: Values, depth: usize) -> Result<Text> {
        let Some(definition) = self.definitions.get(id) else {
            return Err(Fault::new("an unknown macro was called: please report it as a bug"));
        };
        let callable: &'a Callable = definition.callable;
        let place = Place {
            scope: definition.scope.child(true),
            frame: Frame::new(&definition.plan.slots, definition.frame.clone()),
            region: definition.plan.region,
            invocation: Rc::clone(&definition.invocation),
            exports_macros: definition.frame.is_none(),
            exports_assignments: false,
        };
        let Values { positional, mut keyword } = spread(callable, values);
        let mut positional = positional.into_iter();
        let mut declares_caller = false;
        for formal in &callable.formals {
            declares_caller |= &*formal.name == "caller";
            let value = match formal.default {
                None => positional.next().unwrap_or(Value::Undefined),
                Some(default) => match keyword.get(&formal.name).cloned() {
                    Some(value) => value,
                    None => self.expression(default, &place, depth + 1)?,
                },
            };
            self.bind(formal.symbol, value, &place)?;
        }
        if let Some(caller) = keyword.remove("caller").filter(|_| !declares_caller) {
            place.scope.set(&Rc::from("caller"), caller);
        }
        self.capture(callable.body, &place, depth + 1)
    }

    fn check_syntax(&self, id: usize, arguments: &Arguments) -> Result<()> {
        let (name, minimum, maximum) = match self.builtins.get(id) {
            Some(BuiltIn::Range) => ("range", 0, 3),
            Some(BuiltIn::MakeCycler) => ("cycler", 0, usize::MAX),
            Some(BuiltIn::MakeJoiner) => ("joiner", 0, 1),
            Some(BuiltIn::Joiner { .. }) => ("a joiner", 0, 0),
            Some(BuiltIn::CyclerNext(_)) => ("next", 0, 0),
            Some(BuiltIn::CyclerReset(_)) => ("reset", 0, 0),
            Some(BuiltIn::Always) => ("always", 0, usize::MAX),
            Some(BuiltIn::Failure) => ("failure", 0, usize::MAX),
            Some(BuiltIn::Method { method, .. }) => {
                let maximum =
                    if self.options.cookiecutter_compat { method.compat_maximum } else { method.maximum };
                (method.name, method.minimum, maximum)
            }
            Some(BuiltIn::Cycler { .. }) | None => {
                return Err(Fault::new("a cycler cannot be called: use its `next()`"));
            }
        };
        check_arity(name, arguments, minimum, maximum)
    }

    fn invoke_builtin(&mut self, id: usize, arguments: Vec<Value>) -> Result<Value> {
        match &mut self.builtins[id] {
            BuiltIn::Range => self.range(arguments),
            BuiltIn::MakeCycler => Ok(self.builtin(BuiltIn::Cycler { values: arguments, index: None })),
            BuiltIn::MakeJoiner => {
                let separator =
                    arguments.into_iter().next().filter(truthy).unwrap_or_else(|| Value::text(","));
                Ok(self.builtin(BuiltIn::Joiner { separator, used: false }))
            }
            BuiltIn::Joiner { separator, used } => {
                let first = !std::mem::replace(used, true);
                Ok(if first { Value::text("") } else { separator.clone() })
            }
            BuiltIn::CyclerNext(owner) => {
                let owner = *owner;
                let Some(BuiltIn::Cycler { values, index }) = self.builtins.get_mut(owner) else {
                    return Ok(Value::Undefined);
                };
                let next = index.map_or(0, |index| index + 1);
                *index = Some(if values.is_empty() { 0 } else { next % values.len() });
                Ok(index.and_then(|index| values.get(index)).cloned().unwrap_or(Value::Undefined))
            }
            BuiltIn::CyclerReset(owner) => {
                let owner = *owner;
                if let Some(BuiltIn::Cycler { index, .. }) = self.builtins.get_mut(owner) {
                    *index = None;
                }
                Ok(Value::Undefined)
            }
            BuiltIn::Method { receiver, method } => {
                let (receiver, method) = (receiver.clone(), *method);
                self.invoke_method(&receiver, method, &arguments)
            }
            BuiltIn::Always | BuiltIn::Failure => {
                let failed = self.engine.step_failed == Some(true);
                let always = matches!(self.builtins[id], BuiltIn::Always);
                self.asked_status = true;
                self.heap.budget.call()?;
                Ok(Value::Bool(always || failed))
            }
            BuiltIn::Cycler { .. } => Err(Fault::new("a cycler cannot be called: use its `next()`")),
        }
    }

    fn invoke_method(
        &mut self,
        receiver: &Value,
        method: &methods::Method,
        arguments: &[Value],
    ) -> Result<Value> {
        self.charge_scratch([receiver].into_iter().chain(arguments))?;
        self.heap.refuse_functions(receiver)?;
        let compat = self.options.cookiecutter_compat;
        let result = (method.run)(&mut self.heap, receiver, arguments, compat)?;
        if let Value::List(list) = result {
            let count = self.heap.items(list).len();
            self.heap.budget.work(count)?;
        }
        Ok(result)
    }

    fn range(&mut self, arguments: Vec<Value>) -> Result<Value> {
        let mut arguments = arguments.into_iter();
        let mut next = || arguments.next().unwrap_or(Value::Undefined);
        let (mut start, mut stop, mut stride) = (next(), next(), next());
        if matches!(stop, Value::Undefined) {
            (stop, start, stride) = (start, Value::Number(0.0), Value::Number(1.0));
        } else if !truthy(&stride) {
            stride = Value::Number(1.0);
        }
        let ascending = self.heap.order(&stride, &Value::Number(0.0))? == Some(std::cmp::Ordering::Greater);
        let wanted = if ascending { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater };
        let mut items = Vec::new();
        let mut value = start;
        while self.heap.order(&value, &stop)? == Some(wanted) {
            self.heap.budget.work(1)?;
            let next = self.heap.add(&value, &stride)?;
            items.push(std::mem::replace(&mut value, next));
        }
        self.heap.list(items)
    }

    pub(super) fn filter(
        &mut self,
        node: NodeId,
        name: &Rc<str>,
        arguments: &Arguments,
        place: &Place,
        depth: usize,
    ) -> Result<Value> {
        let compat = self.options.cookiecutter_compat;
        if let Some(filter) = self.engine.filters.get(&**name).copied() {
            return self.registered_filter(name, filter, arguments, place, depth);
        }
        let builtin_name = if compat && &**name == "jsonify" { "dump" } else { &**name };
        let Some(filter) = filters::find(builtin_name) else {
            let near = suggestion(name, self.engine.filter_names());
            return Err(Fault::new(format!("unknown filter {}{near}", quote(name))));
        };
        let values = self.arguments(arguments, place, depth + 1)?;
        self.refuse_functions(&values)?;
        let mut positional = values.positional.into_iter();
        let input = positional.next().unwrap_or(Value::Undefined);
        let positional =
            lowered(&mut self.heap, builtin_name, positional.collect(), values.keyword, arguments)?;
        self.charge_scratch([&input].into_iter().chain(&positional))?;
        let offset = self.tree.offset(node);
        filter(&mut self.heap, &input, &positional).map_err(|fault| {
            fault
                .within(|| format!("the filter `{builtin_name}` failed for {}", kind_name(&input)))
                .at(offset)
        })
    }

    fn registered_filter(
        &mut self,
        name: &str,
        filter: super::Filter,
        arguments: &Arguments,
        place: &Place,
        depth: usize,
    ) -> Result<Value> {
        if !arguments.keyword.is_empty() {
            return Err(Fault::new(format!("the filter `{name}` takes no keyword arguments")));
        }
        let values = self.arguments(arguments, place, depth + 1)?;
        self.refuse_functions(&values)?;
        self.charge_scratch(values.positional.iter())?;
        self.heap.budget.call()?;
        let exported = values.positional.iter().map(|value| json::export(&mut self.heap, value));
        let exported = exported.collect::<Result<Vec<_>>>()?;
        let (input, rest) =
            exported.split_first().map_or((None, &exported[..]), |(input, rest)| (input.as_ref(), rest));
        let result = filter(input, rest)
            .map_err(|message| Fault::new(format!("the filter `{name}` failed: {message}")))?;
        result.map_or(Ok(Value::Undefined), |value| json::import(&mut self.heap, &value))
    }

    pub(super) fn test(&mut self, left: NodeId, right: NodeId, place: &Place, depth: usize) -> Result<Value> {
        let tree = self.tree;
        let (name, arguments) = match tree.kind(right) {
            Kind::Call { callee, arguments } => (self.test_name(*callee)?, Some(arguments)),
            Kind::Filter { name, arguments } => (name.to_string(), Some(arguments)),
            _ => (self.test_name(right)?, None),
        };
        if is_reserved(&name) {
            return Err(Fault::new(format!("the name `{name}` is reserved")));
        }
        let Some(arity) = predicate::arity(&name) else {
            let near = suggestion(&name, predicate::NAMES.iter().map(|(name, _)| *name));
            return Err(Fault::new(format!("unknown test {}{near}", quote(&name))));
        };
        match arguments {
            Some(arguments) => check_arity(&name, arguments, arity, arity)?,
            None if arity > 0 => {
                return Err(Fault::new(format!("the test `{name}` needs an argument in brackets")));
            }
            None => {}
        }
        let input = self.expression(left, place, depth + 1)?;
        let values = match arguments {
            Some(arguments) => self.arguments(arguments, place, depth + 1)?.positional,
            None => Vec::new(),
        };
        for value in [&input].into_iter().chain(&values) {
            expand(&mut self.heap, value, 0)?;
        }
        let result = predicate::holds(&mut self.heap, &name, &input, &values);
        result.map(Value::Bool).map_err(|fault| {
            fault
                .within(|| format!("the test `{name}` failed for {}", kind_name(&input)))
                .at(tree.offset(right))
        })
    }

    fn test_name(&mut self, node: NodeId) -> Result<String> {
        let value = match self.tree.kind(node) {
            Kind::Symbol(name) => return Ok(name.to_string()),
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(number) => Value::Number(*number),
            Kind::Text(text) => Value::Text(text.clone()),
            Kind::Regex(program) => return Ok(program.literal().to_lossy()),
            _ => Value::Undefined,
        };
        self.heap.text_of(&value).map(|text| text.to_lossy())
    }

    /// Charges for values that a filter or method will see; each element is a unit of work.
    fn charge_scratch<'v>(&mut self, values: impl Iterator<Item = &'v Value>) -> Result<()> {
        let mut bytes = 0;
        for value in values {
            bytes += self.bytes(value)?;
            self.heap.budget.scratch(bytes)?;
        }
        Ok(())
    }

    pub(super) fn bytes(&mut self, value: &Value) -> Result<usize> {
        bytes_at(&mut self.heap, value, 0)
    }
}

fn bytes_at(heap: &mut Heap, value: &Value, depth: usize) -> Result<usize> {
    check_depth(depth)?;
    match value {
        Value::Text(_) | Value::Safe(_) => {
            let text = value.as_text().map_or(0, Text::utf8_len);
            heap.budget.toil(text / 8)?;
            Ok(text)
        }
        Value::List(list) => {
            let count = heap.items(*list).len();
            heap.budget.work(count)?;
            let mut bytes = 0;
            for index in 0..count {
                if let Some(item) = heap.item(*list, index).cloned() {
                    bytes += bytes_at(heap, &item, depth + 1)?;
                }
            }
            Ok(bytes)
        }
        Value::Map(map) => {
            heap.budget.work(map.len())?;
            map.entries().iter().try_fold(0, |bytes, (key, value)| {
                Ok(bytes + key.utf8_len() + bytes_at(heap, value, depth + 1)?)
            })
        }
        Value::Number(_) => Ok(8),
        _ => Ok(4),
    }
}

/// Charges a unit of work for each element of a value.
fn expand(heap: &mut Heap, value: &Value, depth: usize) -> Result<()> {
    check_depth(depth)?;
    match value {
        Value::List(list) => {
            let count = heap.items(*list).len();
            heap.budget.work(count)?;
            for index in 0..count {
                if let Some(item @ (Value::List(_) | Value::Map(_))) = heap.item(*list, index).cloned() {
                    expand(heap, &item, depth + 1)?;
                }
            }
            Ok(())
        }
        Value::Map(map) => {
            heap.budget.work(map.len())?;
            map.entries().iter().try_for_each(|(_, item)| expand(heap, item, depth + 1))
        }
        _ => Ok(()),
    }
}

fn check_arity(name: &str, arguments: &Arguments, minimum: usize, maximum: usize) -> Result<()> {
    if !arguments.keyword.is_empty() {
        return Err(Fault::new(format!("`{name}` takes no keyword arguments")));
    }
    let count = arguments.positional.len();
    if (minimum..=maximum).contains(&count) {
        return Ok(());
    }
    let wanted = match maximum {
        _ if minimum == maximum => minimum.to_string(),
        usize::MAX => format!("at least {minimum}"),
        _ => format!("{minimum} to {maximum}"),
    };
    Err(Fault::new(format!("`{name}` takes {wanted} arguments, not {count}")))
}

/// Lays arguments over formal parameters as Nunjucks does: too many positional ones fill the
/// defaults in order, too few are taken from the keywords.
fn spread(callable: &Callable, values: Values) -> Values {
    let Values { mut positional, mut keyword } = values;
    let names: Vec<&Rc<str>> = callable
        .formals
        .iter()
        .filter(|formal| formal.default.is_none())
        .map(|formal| &formal.name)
        .collect();
    if positional.len() > names.len() {
        let surplus = positional.split_off(names.len());
        let defaults = callable.formals.iter().filter(|formal| formal.default.is_some());
        for (formal, value) in defaults.zip(surplus) {
            keyword.insert(Rc::clone(&formal.name), value);
        }
    } else {
        for name in &names[positional.len()..] {
            positional.push(keyword.remove(*name).unwrap_or(Value::Undefined));
        }
    }
    Values { positional, keyword }
}

/// Keywords of a built-in filter become positions: those of `int` and `sort` by name, all others as
/// one map behind the positional arguments.
fn lowered(
    heap: &mut Heap,
    name: &str,
    mut positional: Vec<Value>,
    mut keyword: BTreeMap<Rc<str>, Value>,
    written: &Arguments,
) -> Result<Vec<Value>> {
    let names: &[&str] = match name {
        "int" => &["default", "base"],
        "sort" => &["reverse", "case_sensitive", "attribute"],
        _ => &[],
    };
    if !names.is_empty() {
        positional.truncate(names.len());
        for name in &names[positional.len()..] {
            positional.push(keyword.remove(*name).unwrap_or(Value::Undefined));
        }
    } else if !keyword.is_empty() {
        let in_order = written.keyword.iter().filter_map(|(name, _)| keyword.remove_entry(name));
        let mut entries: Vec<(Text, Value)> =
            in_order.map(|(name, value)| (Text::from(&*name), value)).collect();
        entries.push((Text::from("__keywords"), Value::Bool(true)));
        positional.push(heap.map(entries)?);
    }
    Ok(positional)
}
