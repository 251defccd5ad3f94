//! Expressions: operators, lookups, slices.

use std::cmp::Ordering;
use std::rc::Rc;

use super::ast::{Arithmetic, Comparison, Kind, NodeId, Unary};
use super::coerce::{length, strictly_equal};
use super::evaluate::Evaluator;
use super::fault::{Fault, Result};
use super::scope::Place;
use super::text::{Search, Text};
use super::value::{Function, FunctionKind, Regex, Value, truthy};
use crate::javascript::power;

impl Evaluator<'_> {
    pub(super) fn expression(&mut self, node: NodeId, place: &Place, depth: usize) -> Result<Value> {
        let offset = self.tree.offset(node);
        self.expression_inner(node, place, depth).map_err(|fault| fault.at(offset))
    }

    fn expression_inner(&mut self, node: NodeId, place: &Place, depth: usize) -> Result<Value> {
        self.heap.budget.step(depth)?;
        let tree = self.tree;
        match tree.kind(node) {
            Kind::Null => Ok(Value::Null),
            Kind::Bool(value) => Ok(Value::Bool(*value)),
            Kind::Number(number) => Ok(Value::Number(*number)),
            Kind::Text(text) => Ok(Value::Text(text.clone())),
            Kind::Regex(program) => {
                let regex = Regex { program: Rc::clone(program), last_index: std::cell::Cell::new(0) };
                Ok(Value::Regex(Rc::new(regex)))
            }
            Kind::Symbol(name) => self.symbol(node, name, place),
            Kind::Unary(operator, target) => self.unary(*operator, *target, place, depth),
            Kind::And(left, right) | Kind::Or(left, right) => {
                let value = self.expression(*left, place, depth + 1)?;
                let stops = truthy(&value) == matches!(tree.kind(node), Kind::Or(..));
                if stops { Ok(value) } else { self.expression(*right, place, depth + 1) }
            }
            Kind::InlineIf { condition, body, otherwise } => {
                let condition = self.expression(*condition, place, depth + 1)?;
                match if truthy(&condition) { Some(*body) } else { *otherwise } {
                    Some(branch) => self.expression(branch, place, depth + 1),
                    None => Ok(Value::text("")),
                }
            }
            Kind::Arithmetic(operator, left, right) => {
                self.arithmetic(*operator, *left, *right, place, depth + 1)
            }
            Kind::Compare(first, rest) => self.compare(*first, rest, place, depth + 1),
            Kind::Lookup { target, key } => self.lookup(*target, *key, place, depth),
            Kind::Filter { name, arguments } => self.filter(node, name, arguments, place, depth + 1),
            Kind::Call { callee, arguments } => self.call(*callee, arguments, place, depth + 1),
            Kind::Is(left, right) => self.test(*left, *right, place, depth + 1),
            _ => self.compound(node, place, depth),
        }
    }

    fn compound(&mut self, node: NodeId, place: &Place, depth: usize) -> Result<Value> {
        let tree = self.tree;
        match tree.kind(node) {
            Kind::In(left, right) => {
                let needle = self.expression(*left, place, depth + 1)?;
                let container = self.expression(*right, place, depth + 1)?;
                self.contains(&container, &needle).map(Value::Bool)
            }
            Kind::Group(children) => {
                let mut result = Value::Undefined;
                for (index, child) in children.iter().enumerate() {
                    result = self.expression(*child, place, depth + 1)?;
                    if index + 1 < children.len() {
                        self.heap.refuse_functions(&result)?;
                    }
                }
                Ok(result)
            }
            Kind::List(children) => {
                let items = children.iter().map(|child| self.expression(*child, place, depth + 1));
                let items = items.collect::<Result<Vec<_>>>()?;
                self.heap.list(items)
            }
            Kind::Map(pairs) => {
                let pairs = pairs
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), self.expression(*value, place, depth + 1)?)));
                let pairs = pairs.collect::<Result<Vec<_>>>()?;
                self.heap.map(pairs)
            }
            Kind::Capture(body) => {
                let inner = place.in_scope(place.scope.child(false));
                self.capture(*body, &inner, depth + 1).map(Value::Text)
            }
            Kind::Slice { .. } => Err(Fault::new("a slice needs a list before its brackets")),
            _ => Err(Fault::new("a statement stands where an expression should: please report it as a bug")),
        }
    }

    fn symbol(&mut self, node: NodeId, name: &Rc<str>, place: &Place) -> Result<Value> {
        if let Some(slot) = self.plan.slot(place.region, node) {
            return place.frame.get(slot);
        }
        if let Some(value) = place.scope.get(name) {
            return Ok(value);
        }
        if let Some(value) = self.context(name)? {
            return Ok(value);
        }
        if self.options.cookiecutter_compat {
            match &**name {
                "True" => return Ok(Value::Bool(true)),
                "False" => return Ok(Value::Bool(false)),
                "None" => return Ok(Value::Null),
                _ => {}
            }
        }
        Ok(self.global(name))
    }

    fn unary(&mut self, operator: Unary, target: NodeId, place: &Place, depth: usize) -> Result<Value> {
        let value = self.expression(target, place, depth + 1)?;
        if operator == Unary::Not {
            return Ok(Value::Bool(!truthy(&value)));
        }
        let number = self.heap.number_of(&value)?;
        Ok(Value::Number(match operator {
            Unary::Negate => -number,
            Unary::Floor => number.floor(),
            Unary::Plus | Unary::Not => number,
        }))
    }

    fn arithmetic(
        &mut self,
        operator: Arithmetic,
        left: NodeId,
        right: NodeId,
        place: &Place,
        depth: usize,
    ) -> Result<Value> {
        let left = self.expression(left, place, depth + 1)?;
        let right = self.expression(right, place, depth + 1)?;
        match operator {
            Arithmetic::Concat => return self.heap.concat(&left, &right),
            Arithmetic::Add => return self.heap.add(&left, &right),
            _ => {}
        }
        let (left, right) = (self.heap.number_of(&left)?, self.heap.number_of(&right)?);
        Ok(Value::Number(match operator {
            Arithmetic::Subtract => left - right,
            Arithmetic::Multiply => left * right,
            Arithmetic::Divide => left / right,
            Arithmetic::Remainder => left % right,
            _ => power(left, right),
        }))
    }

    /// The result of each comparison is the left side of the next one.
    fn compare(
        &mut self,
        first: NodeId,
        rest: &[(Comparison, NodeId)],
        place: &Place,
        depth: usize,
    ) -> Result<Value> {
        let mut left = self.expression(first, place, depth + 1)?;
        for (operator, operand) in rest {
            let right = self.expression(*operand, place, depth + 1)?;
            left = Value::Bool(self.holds(&left, *operator, &right)?);
        }
        Ok(left)
    }

    fn holds(&mut self, left: &Value, operator: Comparison, right: &Value) -> Result<bool> {
        Ok(match operator {
            Comparison::LooseEqual => self.heap.loosely_equal(left, right)?,
            Comparison::LooseUnequal => !self.heap.loosely_equal(left, right)?,
            Comparison::StrictEqual => strictly_equal(left, right),
            Comparison::StrictUnequal => !strictly_equal(left, right),
            Comparison::Less => self.heap.order(left, right)? == Some(Ordering::Less),
            Comparison::Greater => self.heap.order(left, right)? == Some(Ordering::Greater),
            Comparison::LessOrEqual => self.heap.order(left, right)?.is_some_and(Ordering::is_le),
            Comparison::GreaterOrEqual => self.heap.order(left, right)?.is_some_and(Ordering::is_ge),
        })
    }

    fn contains(&mut self, container: &Value, needle: &Value) -> Result<bool> {
        match container {
            Value::Text(text) => {
                let needle = self.heap.text_of(needle)?;
                self.heap.budget.toil(text.len() + needle.len())?;
                Ok(Search::new(needle.units()).find(text.units(), 0).is_some())
            }
            Value::Safe(_) => {
                let key = self.heap.text_of(needle)?;
                Ok(key.is("length") || key.is("val"))
            }
            Value::List(list) => {
                self.heap.budget.toil(self.heap.items(*list).len())?;
                Ok(self.heap.items(*list).iter().flatten().any(|item| strictly_equal(item, needle)))
            }
            Value::Map(map) => {
                let key = self.heap.text_of(needle)?;
                Ok(map.get(&key).is_some())
            }
            _ => Err(Fault::new("`in` needs a list, a map or a string on its right")),
        }
    }

    fn lookup(&mut self, target: NodeId, key: NodeId, place: &Place, depth: usize) -> Result<Value> {
        let value = self.expression(target, place, depth + 1)?;
        if let Kind::Slice { start, stop, step } = self.tree.kind(key) {
            return self.slice(&value, [*start, *stop, *step], place, depth + 1);
        }
        let key = self.expression(key, place, depth + 1)?;
        if let Value::Function(function @ Function { kind: FunctionKind::BuiltIn, .. }) = value {
            let key = self.heap.text_of(&key)?;
            return Ok(self.builtin_member(function.id, &key));
        }
        let key = self.heap.text_of(&key)?;
        Ok(self.member(&value, &key))
    }

    fn member(&mut self, target: &Value, key: &Text) -> Value {
        match self.heap.own(target, key) {
            Some(Value::Function(function)) => self.function(function.kind, function.id),
            Some(value) => value,
            None => self.method(target, key),
        }
    }

    /// `target[start:stop:step]` as Nunjucks counts: a missing bound depends on the direction, a
    /// negative one counts from the end.
    fn slice(&mut self, target: &Value, bounds: [NodeId; 3], place: &Place, depth: usize) -> Result<Value> {
        if matches!(target, Value::Function(_)) {
            return Err(Fault::new("a function cannot be sliced"));
        }
        let size = if truthy(target) {
            self.heap.own(target, &Text::from("length")).unwrap_or(Value::Undefined)
        } else {
            length(0)
        };
        let mut start = self.expression(bounds[0], place, depth + 1)?;
        let mut stop = self.expression(bounds[1], place, depth + 1)?;
        let stride = self.expression(bounds[2], place, depth + 1)?;
        let numeric = self.heap.number_of(&stride)?;
        if !numeric.is_finite() || numeric == 0.0 {
            return Err(Fault::new("the step of a slice must be a finite number other than 0"));
        }
        let zero = Value::Number(0.0);
        let backwards = self.heap.order(&stride, &zero)? == Some(Ordering::Less);
        if matches!(start, Value::Null) {
            start = if backwards { Value::Number(self.heap.number_of(&size)? - 1.0) } else { zero.clone() };
        }
        if matches!(stop, Value::Null) {
            stop = if backwards { Value::Number(-1.0) } else { size.clone() };
        } else if self.heap.order(&stop, &zero)? == Some(Ordering::Less) {
            stop = self.heap.add(&stop, &size)?;
        }
        if self.heap.order(&start, &zero)? == Some(Ordering::Less) {
            start = self.heap.add(&start, &size)?;
        }
        self.sliced(target, start, [&stop, &stride, &size], backwards, depth)
    }

    fn sliced(
        &mut self,
        target: &Value,
        start: Value,
        [stop, stride, size]: [&Value; 3],
        backwards: bool,
        depth: usize,
    ) -> Result<Value> {
        let zero = Value::Number(0.0);
        let mut items = Vec::new();
        let mut index = start;
        let mut bytes = 0;
        loop {
            let outside = self.heap.order(&index, &zero)? == Some(Ordering::Less)
                || self.heap.order(&index, size)? == Some(Ordering::Greater);
            let order = self.heap.order(&index, stop)?;
            let done = if backwards {
                order.is_some_and(Ordering::is_le)
            } else {
                order.is_some_and(Ordering::is_ge)
            };
            if outside || done {
                return self.heap.list(items);
            }
            self.heap.budget.step(depth)?;
            let key = self.heap.text_of(&index)?;
            let item = self.heap.own(target, &key).unwrap_or(Value::Undefined);
            self.heap.refuse_functions(&item)?;
            bytes += 32 + self.bytes(&item)?;
            self.heap.budget.scratch(bytes)?;
            items.push(item);
            index = self.heap.add(&index, stride)?;
        }
    }
}
