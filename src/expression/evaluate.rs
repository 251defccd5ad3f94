//! Statements: what a parsed template writes.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value as Json;

use super::ast::{Callable, Kind, Loop, NodeId, Tree};
use super::coerce::{length, strictly_equal};
use super::fault::{Fault, Result};
use super::json;
use super::limits::Budget;
use super::plan::{FramePlan, Plan};
use super::scope::{Frame, Place, Scope};
use super::text::Text;
use super::value::{Function, FunctionKind, Heap, Value, truthy};
use super::{Engine, RenderOptions};

/// A macro or caller that can be invoked.
pub(super) struct Definition<'a> {
    pub(super) callable: &'a Callable,
    pub(super) plan: FramePlan,
    pub(super) scope: Rc<Scope>,
    /// The frame around a caller; macros have none.
    pub(super) frame: Option<Rc<Frame>>,
    pub(super) invocation: Rc<Scope>,
}

/// One render of one template.
pub(super) struct Evaluator<'a> {
    pub(super) engine: &'a Engine,
    pub(super) options: &'a RenderOptions,
    pub(super) tree: &'a Tree,
    pub(super) plan: &'a Plan,
    pub(super) heap: Heap,
    context: &'a Json,
    converted: BTreeMap<&'a str, Value>,
    pub(super) definitions: Vec<Definition<'a>>,
    pub(super) builtins: Vec<super::call::BuiltIn>,
    pub(super) globals: BTreeMap<&'static str, Value>,
    pub(super) asked_status: bool,
    serial: usize,
    loop_name: Rc<str>,
}

/// Text being written.
pub(super) type Output = Vec<u16>;

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        engine: &'a Engine,
        options: &'a RenderOptions,
        tree: &'a Tree,
        plan: &'a Plan,
        context: &'a Json,
    ) -> Self {
        Evaluator {
            engine,
            options,
            tree,
            plan,
            heap: Heap::new(Budget::new(engine.limits)),
            context,
            converted: BTreeMap::new(),
            definitions: Vec::new(),
            builtins: Vec::new(),
            globals: BTreeMap::new(),
            asked_status: false,
            serial: 0,
            loop_name: Rc::from("loop"),
        }
    }

    fn start(&self) -> Place {
        let exports = Scope::root();
        Place {
            scope: exports.child(true),
            frame: Frame::new(&self.plan.root.slots, None),
            region: self.plan.root.region,
            invocation: exports,
            exports_macros: true,
            exports_assignments: true,
        }
    }

    /// Writes the whole template.
    pub(super) fn render(&mut self, root: NodeId) -> Result<String> {
        let mut output = Output::new();
        let place = self.start();
        self.statement(root, &place, &mut output, 1)?;
        Ok(String::from_utf16_lossy(&output))
    }

    /// The value of a template: that of its only `${{ }}` when there is nothing else, its text
    /// otherwise.
    pub(super) fn value(&mut self, root: NodeId) -> Result<Option<Json>> {
        let Some(expression) = self.sole_expression(root) else {
            return self.render(root).map(|text| Some(Json::String(text)));
        };
        let place = self.start();
        let value = self.expression(expression, &place, 3)?;
        let rendered = self.heap.render(&value)?;
        self.heap.budget.output(rendered.len())?;
        json::export(&mut self.heap, &value)
    }

    fn sole_expression(&self, root: NodeId) -> Option<NodeId> {
        let Kind::Sequence(children) = self.tree.kind(root) else { return None };
        match children[..] {
            [only] => match self.tree.kind(only) {
                Kind::Output(expression) => Some(*expression),
                _ => None,
            },
            _ => None,
        }
    }

    /// A name of the context; converted when it is first used.
    pub(super) fn context(&mut self, name: &str) -> Result<Option<Value>> {
        if let Some(value) = self.converted.get(name) {
            return Ok(Some(value.clone()));
        }
        let Some((name, value)) = self.context.as_object().and_then(|map| map.get_key_value(name)) else {
            return Ok(None);
        };
        let value = json::import(&mut self.heap, value)?;
        self.converted.insert(name, value.clone());
        Ok(Some(value))
    }

    pub(super) fn function(&mut self, kind: FunctionKind, id: usize) -> Value {
        self.serial += 1;
        Value::Function(Function { kind, id, serial: self.serial })
    }

    pub(super) fn statement(
        &mut self,
        node: NodeId,
        place: &Place,
        output: &mut Output,
        depth: usize,
    ) -> Result<()> {
        let offset = self.tree.offset(node);
        self.statement_inner(node, place, output, depth).map_err(|fault| fault.at(offset))
    }

    fn statement_inner(
        &mut self,
        node: NodeId,
        place: &Place,
        output: &mut Output,
        depth: usize,
    ) -> Result<()> {
        self.heap.budget.step(depth)?;
        let tree = self.tree;
        match tree.kind(node) {
            Kind::Sequence(children) => {
                children.iter().try_for_each(|child| self.statement(*child, place, output, depth + 1))
            }
            Kind::Data(text) => self.write(output, text),
            Kind::Output(expression) => self.output(*expression, place, output, depth),
            Kind::If { condition, body, otherwise } => {
                let condition = self.expression(*condition, place, depth + 1)?;
                let branch = if truthy(&condition) { Some(*body) } else { *otherwise };
                branch.map_or(Ok(()), |branch| self.statement(branch, place, output, depth + 1))
            }
            Kind::For(parts) => self.for_loop(node, parts, place, output, depth + 1),
            Kind::Set { targets, value, body } => self.set(targets, *value, *body, place, depth + 1),
            Kind::Macro { name, callable } => self.declare(node, name, callable, place),
            Kind::CallBlock { .. } => self.call_block(node, place, output, depth + 1),
            Kind::Block { body, .. } => self.block(node, *body, place, output, depth + 1),
            Kind::Switch { subject, cases, otherwise } => {
                let branch = self.chosen_case(*subject, cases, place, depth)?.or(*otherwise);
                branch.map_or(Ok(()), |branch| self.statement(branch, place, output, depth + 1))
            }
            _ => Err(Fault::new("an expression stands where a statement should: please report it as a bug")),
        }
    }

    fn output(&mut self, expression: NodeId, place: &Place, output: &mut Output, depth: usize) -> Result<()> {
        let value = self.expression(expression, place, depth + 1)?;
        let text = self.heap.render(&value)?;
        self.write(output, &text)
    }

    pub(super) fn write(&mut self, output: &mut Output, text: &Text) -> Result<()> {
        self.heap.budget.output(text.len())?;
        output.extend_from_slice(text.units());
        Ok(())
    }

    /// The body of the first matching case; an empty body falls through to the next one.
    fn chosen_case(
        &mut self,
        subject: NodeId,
        cases: &[(NodeId, NodeId)],
        place: &Place,
        depth: usize,
    ) -> Result<Option<NodeId>> {
        let subject = self.expression(subject, place, depth + 1)?;
        let mut matched = false;
        for (condition, body) in cases {
            if !matched {
                let condition = self.expression(*condition, place, depth + 1)?;
                matched = strictly_equal(&subject, &condition);
            }
            let is_empty = matches!(self.tree.kind(*body), Kind::Sequence(children) if children.is_empty());
            if matched && !is_empty {
                return Ok(Some(*body));
            }
        }
        Ok(None)
    }

    fn block(
        &mut self,
        node: NodeId,
        body: NodeId,
        place: &Place,
        output: &mut Output,
        depth: usize,
    ) -> Result<()> {
        let frame = self.plan.frame(place.region, node)?;
        let inner = Place {
            scope: place.scope.child(true),
            frame: Frame::new(&frame.slots, None),
            region: frame.region,
            invocation: Rc::clone(&place.invocation),
            exports_macros: true,
            exports_assignments: false,
        };
        self.statement(body, &inner, output, depth + 1)
    }

    fn declare(&mut self, node: NodeId, name: &Rc<str>, callable: &'a Callable, place: &Place) -> Result<()> {
        let definition = Definition {
            callable,
            plan: self.plan.frame(place.region, node)?.clone(),
            scope: Rc::clone(&place.invocation),
            frame: None,
            invocation: Rc::clone(&place.invocation),
        };
        self.definitions.push(definition);
        let handle = self.function(FunctionKind::Macro, self.definitions.len() - 1);
        if let Some(slot) = self.plan.slot(place.region, node) {
            place.frame.set(slot, handle.clone())?;
        }
        if place.exports_macros {
            place.invocation.set(name, handle);
        }
        Ok(())
    }

    fn set(
        &mut self,
        targets: &[NodeId],
        value: Option<NodeId>,
        body: Option<NodeId>,
        place: &Place,
        depth: usize,
    ) -> Result<()> {
        let value = match (value, body) {
            (Some(value), _) => self.expression(value, place, depth + 1)?,
            (None, Some(body)) => Value::Text(self.capture(body, place, depth + 1)?),
            (None, None) => Value::Undefined,
        };
        for target in targets {
            let Kind::Symbol(name) = self.tree.kind(*target) else { continue };
            place.scope.assign(name, value.clone());
            self.fill_slot(*target, value.clone(), place)?;
            if place.exports_assignments {
                place.invocation.set(name, value.clone());
            }
        }
        Ok(())
    }

    pub(super) fn fill_slot(&mut self, node: NodeId, value: Value, place: &Place) -> Result<()> {
        match self.plan.slot(place.region, node) {
            Some(slot) => place.frame.set(slot, value),
            None => Ok(()),
        }
    }

    /// Binds a name for the statements of a body, and its slot.
    pub(super) fn bind(&mut self, node: NodeId, value: Value, place: &Place) -> Result<()> {
        if let Kind::Symbol(name) = self.tree.kind(node) {
            place.scope.set(name, value.clone());
        }
        self.fill_slot(node, value, place)
    }

    /// The text that a body writes.
    pub(super) fn capture(&mut self, body: NodeId, place: &Place, depth: usize) -> Result<Text> {
        let mut output = Output::new();
        self.statement(body, place, &mut output, depth + 1)?;
        Ok(Text::from(output))
    }

    fn for_loop(
        &mut self,
        node: NodeId,
        parts: &Loop,
        place: &Place,
        output: &mut Output,
        depth: usize,
    ) -> Result<()> {
        let input = self.expression(parts.input, place, depth + 1)?;
        let plan = self.plan.loop_plan(place.region, node)?;
        let single = parts.targets.len() == 1;
        let is_list = matches!(input, Value::List(_) | Value::Safe(_));
        let (entries, size) = self.entries(&input, single)?;
        let scope = place.scope.child(false);
        let region = if single || is_list { plan.list_body } else { plan.other_body };
        let inner = place.in_loop(Rc::clone(&scope), region);
        // The length keeps the value of an earlier round of a loop around this one when the input
        // is empty in the sense of `if`: that is what the compiled code of Nunjucks does.
        let mut loop_length = place.frame.get(plan.length)?;
        if truthy(&input) {
            loop_length = size;
            place.frame.set(plan.length, loop_length.clone())?;
        }
        let count = self.heap.number_of(&loop_length)?;
        let mut index = 0;
        while let Some(entry) = entries.at(&mut self.heap, index)? {
            self.bind_targets(&parts.targets, entry, is_list, &inner)?;
            let state = self.loop_state(index, count, &loop_length)?;
            scope.set(&self.loop_name, state);
            self.statement(parts.body, &inner, output, depth + 1)?;
            index += 1;
        }
        match parts.otherwise {
            Some(otherwise) if !truthy(&loop_length) => {
                let inner = place.in_loop(scope, plan.other_body);
                self.statement(otherwise, &inner, output, depth + 1)
            }
            _ => Ok(()),
        }
    }

    fn loop_state(&mut self, index: usize, count: f64, total: &Value) -> Result<Value> {
        let Value::Number(at) = length(index) else { return Ok(Value::Undefined) };
        let number = |key: &str, value: f64| (Text::from(key), Value::Number(value));
        #[expect(clippy::float_cmp, reason = "both are counts")]
        let is_last = at == count - 1.0;
        self.heap.map([
            number("index", at + 1.0),
            number("index0", at),
            number("revindex", count - at),
            number("revindex0", count - at - 1.0),
            (Text::from("first"), Value::Bool(index == 0)),
            (Text::from("last"), Value::Bool(is_last)),
            (Text::from("length"), total.clone()),
        ])
    }

    fn bind_targets(&mut self, targets: &[NodeId], entry: Value, is_list: bool, place: &Place) -> Result<()> {
        if let [target] = targets {
            return self.bind(*target, entry, place);
        }
        for (index, target) in targets.iter().enumerate() {
            if is_list {
                let part = self.part(&entry, index)?;
                self.fill_slot(*target, part, place)?;
            } else if index < 2 {
                let part = self.part(&entry, index)?;
                self.bind(*target, part, place)?;
            }
        }
        Ok(())
    }

    /// One part of an entry that is taken apart.
    fn part(&mut self, entry: &Value, index: usize) -> Result<Value> {
        match entry {
            Value::Undefined | Value::Null => {
                Err(Fault::new("an entry of the loop is empty and cannot be taken apart"))
            }
            Value::List(_) | Value::Map(_) | Value::Text(_) => {
                Ok(self.heap.own(entry, &Text::from(index.to_string())).unwrap_or(Value::Undefined))
            }
            _ => Ok(Value::Undefined),
        }
    }

    /// What a loop goes through, and the `loop.length` of it.
    fn entries(&mut self, input: &Value, single: bool) -> Result<(Entries, Value)> {
        Ok(match input {
            Value::List(list) => (Entries::List(*list), length(self.heap.items(*list).len())),
            Value::Map(map) if single => {
                let size = map.get_str("length").cloned().unwrap_or(Value::Undefined);
                let count = self.heap.number_of(&size)?;
                (Entries::Indexed(Rc::clone(map), count), size)
            }
            Value::Map(map) => (Entries::Pairs(Rc::clone(map)), length(map.len())),
            Value::Text(text) if !single => (Entries::TextPairs(text.clone()), length(text.len())),
            Value::Text(_) | Value::Safe(_) => {
                let text = input.as_text().cloned().unwrap_or_else(|| Text::from(""));
                let size = length(text.len());
                (Entries::Units(text), size)
            }
            _ => (Entries::None, if single { Value::Undefined } else { Value::Number(0.0) }),
        })
    }
}

/// A source of loop entries; lists are read while the loop runs, so a body can make its list longer.
enum Entries {
    None,
    List(super::value::List),
    /// A map with `length` and numbered keys.
    Indexed(Rc<super::value::Map>, f64),
    Pairs(Rc<super::value::Map>),
    Units(Text),
    TextPairs(Text),
}

impl Entries {
    fn at(&self, heap: &mut Heap, index: usize) -> Result<Option<Value>> {
        Ok(match self {
            Entries::None => None,
            Entries::List(list) => {
                heap.items(*list).get(index).map(|item| item.clone().unwrap_or(Value::Undefined))
            }
            Entries::Indexed(map, count) => {
                let key = Text::from(index.to_string());
                let exists = matches!(length(index), Value::Number(index) if index < *count);
                exists.then(|| map.get(&key).cloned().unwrap_or(Value::Undefined))
            }
            Entries::Pairs(map) => match map.entries().get(index) {
                Some((key, value)) => Some(heap.list(vec![Value::Text(key.clone()), value.clone()])?),
                None => None,
            },
            Entries::Units(text) => text.at(index).map(Value::Text),
            Entries::TextPairs(text) => match text.at(index) {
                Some(unit) => Some(heap.list(vec![Value::text(&index.to_string()), Value::Text(unit)])?),
                None => None,
            },
        })
    }
}
