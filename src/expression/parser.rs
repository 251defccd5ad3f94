//! Expressions: the closed subset of Nunjucks that nunjitsu 0.6.2 reads (`src/parser/expression.ts`),
//! with its quirks. Binary operators climb by level, so that nested brackets cost few stack frames.

use std::rc::Rc;

use super::ast::{Arguments, Arithmetic, Comparison, Formal, Kind, NodeId, Tree, Unary};
use super::fault::{Fault, Result};
use super::scan::Piece;
use super::text::Text;
use super::token::{Token, Word, tokens};
use super::value::is_reserved;

/// How tightly an operator binds.
type Level = u8;
const OR: Level = 1;
const AND: Level = 2;
const NOT: Level = 3;
const IN: Level = 4;
const IS: Level = 5;
const EQUALITY: Level = 6;
const RELATION: Level = 7;
const SUM: Level = 8;
const PRODUCT: Level = 9;
const POWER: Level = 10;

/// Operators and brackets inside each other: four to a nested bracket, and few enough for a small
/// stack.
const MAX_CLIMBS: usize = 1024;

pub(super) struct ExpressionParser<'a> {
    tokens: Vec<Token>,
    tree: &'a mut Tree,
    index: usize,
    depth: usize,
    climbs: usize,
    max_depth: usize,
}

impl<'a> ExpressionParser<'a> {
    pub(super) fn new(code: Piece<'_>, tree: &'a mut Tree, max_depth: usize) -> Result<Self> {
        Ok(ExpressionParser { tokens: tokens(code)?, tree, index: 0, depth: 0, climbs: 0, max_depth })
    }

    /// One whole expression.
    pub(super) fn expression(mut self) -> Result<NodeId> {
        let node = self.inline_if()?;
        self.end()?;
        Ok(node)
    }

    /// Names between commas: what `set` and `for` bind.
    pub(super) fn targets(mut self) -> Result<Vec<NodeId>> {
        let mut targets = Vec::new();
        loop {
            let token = self.name()?;
            if matches!(token.value.as_str(), "true" | "false" | "null" | "none") {
                return Err(
                    Fault::new(format!("{} is a value: choose another name", token.shown())).at(token.offset)
                );
            }
            targets.push(self.symbol(&token)?);
            if !self.take(",") {
                break;
            }
        }
        self.end()?;
        Ok(targets)
    }

    /// Formal parameters of a macro.
    pub(super) fn signature(mut self) -> Result<Vec<Formal>> {
        // The caller has cut the parameters out of their brackets: the end closes them.
        let last = self.tokens.len() - 1;
        let mut closing = self.tokens[last].clone();
        closing.word = Word::Operator;
        ")".clone_into(&mut closing.value);
        self.tokens.insert(last, closing);
        let (arguments, symbols) = self.arguments_with_keys()?;
        self.end()?;
        let mut formals = Vec::new();
        for symbol in arguments.positional {
            let Kind::Symbol(name) = self.tree.kind(symbol) else {
                return Err(Fault::new("parameters of a macro must be names").at(self.tree.offset(symbol)));
            };
            formals.push(Formal { name: name.clone(), symbol, default: None });
        }
        for ((name, default), symbol) in arguments.keyword.into_iter().zip(symbols) {
            formals.push(Formal { name, symbol, default: Some(default) });
        }
        Ok(formals)
    }

    /// The head of a filter block, around its captured text.
    pub(super) fn filter_head(mut self, input: NodeId) -> Result<NodeId> {
        let filter = self.filter(input)?;
        self.end()?;
        Ok(filter)
    }

    fn inline_if(&mut self) -> Result<NodeId> {
        let body = self.climb(OR)?;
        if !self.take_name("if") {
            return Ok(body);
        }
        let condition = self.climb(OR)?;
        let otherwise =
            if self.take_name("else") { Some(self.nested(|parser| parser.climb(OR))?) } else { None };
        let offset = self.tree.offset(body);
        self.tree.add(Kind::InlineIf { condition, body, otherwise }, offset)
    }

    fn climb(&mut self, floor: Level) -> Result<NodeId> {
        self.climbs += 1;
        if self.climbs > MAX_CLIMBS {
            return Err(Fault::limit("nested operators", MAX_CLIMBS).at(self.peek().offset));
        }
        let (mut left, mut ceiling) = if floor <= NOT && self.peek_name("not") {
            (self.negation()?, NOT)
        } else {
            (self.filtered()?, POWER)
        };
        while let Some(level) = self.level().filter(|level| (floor..=ceiling).contains(level)) {
            left = self.combine(left, level)?;
            ceiling = if level == IS { IS - 1 } else { level };
        }
        self.climbs -= 1;
        Ok(left)
    }

    /// The level of the operator that comes next. `not in` is recognised by its spelling alone, as
    /// are comparisons: also strings that spell them.
    fn level(&self) -> Option<Level> {
        let token = self.peek();
        match token.value.as_str() {
            "or" if token.is_name() => Some(OR),
            "and" if token.is_name() => Some(AND),
            "in" if token.is_name() => Some(IN),
            "not" if self.peek_at(1).value == "in" => Some(IN),
            "is" if token.is_name() => Some(IS),
            "==" | "===" | "!=" | "!==" => Some(EQUALITY),
            "<" | "<=" | ">" | ">=" => Some(RELATION),
            "+" | "-" | "~" if matches!(token.word, Word::Operator) => Some(SUM),
            "*" | "/" | "//" | "%" if matches!(token.word, Word::Operator) => Some(PRODUCT),
            "**" if matches!(token.word, Word::Operator) => Some(POWER),
            _ => None,
        }
    }

    fn combine(&mut self, left: NodeId, level: Level) -> Result<NodeId> {
        let offset = self.tree.offset(left);
        match level {
            OR | AND => {
                self.index += 1;
                let right = self.climb(level + 1)?;
                self.tree
                    .add(if level == OR { Kind::Or(left, right) } else { Kind::And(left, right) }, offset)
            }
            IN => {
                let negated = !self.take_name("in");
                self.index += if negated { 2 } else { 0 };
                let right = self.climb(IS)?;
                let node = self.tree.add(Kind::In(left, right), offset)?;
                self.negate_if(negated, node, offset)
            }
            IS => {
                self.index += 1;
                let negated = self.take_name("not");
                let right = self.climb(EQUALITY)?;
                let at = self.tree.offset(right);
                let node = self.tree.add(Kind::Is(left, right), at)?;
                self.negate_if(negated, node, offset)
            }
            EQUALITY | RELATION => self.comparison(left, level),
            PRODUCT => self.product(left),
            _ => self.sum_or_power(left),
        }
    }

    fn negate_if(&mut self, negated: bool, node: NodeId, offset: u32) -> Result<NodeId> {
        if negated { self.tree.add(Kind::Unary(Unary::Not, node), offset) } else { Ok(node) }
    }

    fn sum_or_power(&mut self, left: NodeId) -> Result<NodeId> {
        let operator = match self.advance().value.as_str() {
            "+" => Arithmetic::Add,
            "-" => Arithmetic::Subtract,
            "~" => Arithmetic::Concat,
            _ => Arithmetic::Power,
        };
        let right = if operator == Arithmetic::Power { self.filtered()? } else { self.climb(PRODUCT)? };
        let offset = self.tree.offset(left);
        self.tree.add(Kind::Arithmetic(operator, left, right), offset)
    }

    /// A chain of comparisons of one level is one node: its results are compared with each other.
    fn comparison(&mut self, left: NodeId, level: Level) -> Result<NodeId> {
        let mut operands = Vec::new();
        while self.level() == Some(level) {
            let operator = match self.advance().value.as_str() {
                "==" => Comparison::LooseEqual,
                "===" => Comparison::StrictEqual,
                "!=" => Comparison::LooseUnequal,
                "!==" => Comparison::StrictUnequal,
                "<" => Comparison::Less,
                "<=" => Comparison::LessOrEqual,
                ">" => Comparison::Greater,
                _ => Comparison::GreaterOrEqual,
            };
            operands.push((operator, self.climb(level + 1)?));
        }
        let offset = self.tree.offset(left);
        self.tree.add(Kind::Compare(left, operands), offset)
    }

    /// `*`, `/` and `%` are one chain from left to right, but `//` divides and floors all that stands
    /// before it up to the last `*` or `/`.
    fn product(&mut self, first: NodeId) -> Result<NodeId> {
        let (mut left, mut chain) = self.floored(first)?;
        loop {
            let operator = if self.take("*") {
                Arithmetic::Multiply
            } else if self.take("/") {
                Arithmetic::Divide
            } else {
                return self.chain(left, chain);
            };
            let right = self.climb(POWER)?;
            let (right, rest) = self.floored(right)?;
            left = self.chain(left, std::mem::take(&mut chain))?;
            chain.push((operator, right));
            chain.extend(rest);
        }
    }

    fn floored(&mut self, first: NodeId) -> Result<(NodeId, Vec<(Arithmetic, NodeId)>)> {
        let mut left = first;
        let mut chain = self.remainders()?;
        while self.take("//") {
            let right = self.climb(POWER)?;
            chain.push((Arithmetic::Divide, right));
            chain.extend(self.remainders()?);
            let quotient = self.chain(left, std::mem::take(&mut chain))?;
            let offset = self.tree.offset(quotient);
            left = self.tree.add(Kind::Unary(Unary::Floor, quotient), offset)?;
        }
        Ok((left, chain))
    }

    fn remainders(&mut self) -> Result<Vec<(Arithmetic, NodeId)>> {
        let mut chain = Vec::new();
        while self.take("%") {
            chain.push((Arithmetic::Remainder, self.climb(POWER)?));
        }
        Ok(chain)
    }

    fn chain(&mut self, left: NodeId, chain: Vec<(Arithmetic, NodeId)>) -> Result<NodeId> {
        chain.into_iter().try_fold(left, |left, (operator, right)| {
            let offset = self.tree.offset(left);
            self.tree.add(Kind::Arithmetic(operator, left, right), offset)
        })
    }

    fn negation(&mut self) -> Result<NodeId> {
        let offset = self.advance().offset;
        let target = self.nested(|parser| parser.climb(NOT))?;
        self.lowered_not(target, offset)
    }

    /// `not a + b` is `(not a) + b`, and `not a == b` is `(not a) == b`.
    fn lowered_not(&mut self, target: NodeId, offset: u32) -> Result<NodeId> {
        let kind = match self.tree.kind(target) {
            Kind::Arithmetic(operator, left, right) if *operator != Arithmetic::Power => {
                let (operator, left, right) = (*operator, *left, *right);
                Kind::Arithmetic(operator, self.lowered_not(left, offset)?, right)
            }
            Kind::Compare(first, rest) => {
                let (first, rest) = (*first, rest.clone());
                Kind::Compare(self.lowered_not(first, offset)?, rest)
            }
            _ => Kind::Unary(Unary::Not, target),
        };
        self.tree.add(kind, offset)
    }

    fn filtered(&mut self) -> Result<NodeId> {
        let mut node = self.signed()?;
        while self.take("|") {
            node = self.filter(node)?;
        }
        Ok(node)
    }

    fn filter(&mut self, input: NodeId) -> Result<NodeId> {
        let first = self.name()?;
        check_name(&first.value, first.offset)?;
        let mut name = first.value;
        while self.take(".") {
            let segment = self.name()?;
            check_name(&segment.value, segment.offset)?;
            name = format!("{name}.{}", segment.value);
        }
        let mut arguments = if self.take("(") { self.nested(Self::arguments)? } else { Arguments::default() };
        arguments.positional.insert(0, input);
        self.tree.add(Kind::Filter { name: Rc::from(name), arguments: Box::new(arguments) }, first.offset)
    }

    fn signed(&mut self) -> Result<NodeId> {
        let token = self.peek();
        let offset = token.offset;
        let operator = match token.value.as_str() {
            "-" if token.is_operator("-") => Unary::Negate,
            "+" if token.is_operator("+") => Unary::Plus,
            _ => return self.postfix(),
        };
        self.index += 1;
        let target = self.nested(Self::signed)?;
        if matches!(self.tree.kind(target), Kind::Unary(inner, _) if *inner == operator) {
            return Err(Fault::new("two signs in a row: put the inner one in brackets").at(offset));
        }
        self.tree.add(Kind::Unary(operator, target), offset)
    }

    fn postfix(&mut self) -> Result<NodeId> {
        let mut node = self.primary()?;
        loop {
            let offset = self.tree.offset(node);
            if self.take(".") {
                let token = self.name()?;
                check_name(&token.value, token.offset)?;
                let key = self.tree.add(Kind::Text(Text::from(token.value.as_str())), token.offset)?;
                node = self.tree.add(Kind::Lookup { target: node, key }, token.offset)?;
            } else if self.take("[") {
                let key = self.nested(Self::subscript)?;
                self.expect("]")?;
                let at = self.tree.offset(key);
                if let Kind::Text(text) = self.tree.kind(key) {
                    check_name(&text.to_lossy(), at)?;
                }
                node = self.tree.add(Kind::Lookup { target: node, key }, at)?;
            } else if self.take("(") {
                let arguments = Box::new(self.nested(Self::arguments)?);
                node = self.tree.add(Kind::Call { callee: node, arguments }, offset)?;
            } else {
                return Ok(node);
            }
        }
    }

    /// An index, or a slice `start:stop:step` with all parts optional.
    fn subscript(&mut self) -> Result<NodeId> {
        let offset = self.peek().offset;
        let start = self.slice_part(&[":", "]"])?;
        if !self.take(":") {
            return start.ok_or_else(|| Fault::new("the brackets need an index").at(offset));
        }
        let end = self.slice_part(&[":", "]"])?;
        let stride = if self.take(":") { self.slice_part(&["]"])? } else { None };
        let bounds = Kind::Slice {
            start: self.part_or(start, Kind::Null, offset)?,
            stop: self.part_or(end, Kind::Null, offset)?,
            step: self.part_or(stride, Kind::Number(1.0), offset)?,
        };
        self.tree.add(bounds, offset)
    }

    fn slice_part(&mut self, ends: &[&str]) -> Result<Option<NodeId>> {
        if ends.contains(&self.peek().value.as_str()) { Ok(None) } else { self.inline_if().map(Some) }
    }

    fn part_or(&mut self, part: Option<NodeId>, missing: Kind, offset: u32) -> Result<NodeId> {
        part.map_or_else(|| self.tree.add(missing, offset), Ok)
    }

    fn primary(&mut self) -> Result<NodeId> {
        let token = self.peek().clone();
        let kind = match &token.word {
            Word::Number => Kind::Number(token.value.parse().unwrap_or(f64::NAN)),
            Word::String => Kind::Text(Text::from(token.value.as_str())),
            Word::Regex(program) => Kind::Regex(program.clone()),
            Word::Name => match token.value.as_str() {
                "true" => Kind::Bool(true),
                "false" => Kind::Bool(false),
                "null" | "none" => Kind::Null,
                _ => {
                    self.index += 1;
                    return self.symbol(&token);
                }
            },
            _ => return self.bracketed(&token),
        };
        self.index += 1;
        self.tree.add(kind, token.offset)
    }

    fn bracketed(&mut self, token: &Token) -> Result<NodeId> {
        let kind = if self.take("(") {
            let children = self.nested(|parser| parser.delimited(")"))?;
            if children.is_empty() {
                return Err(Fault::new("the brackets are empty: they need an expression").at(token.offset));
            }
            Kind::Group(children)
        } else if self.take("[") {
            Kind::List(self.nested(|parser| parser.delimited("]"))?)
        } else if self.take("{") {
            Kind::Map(self.nested(Self::dictionary)?)
        } else {
            return Err(Fault::new(format!("a value is missing before {}", token.shown())).at(token.offset));
        };
        self.tree.add(kind, token.offset)
    }

    fn dictionary(&mut self) -> Result<Vec<(Text, NodeId)>> {
        let mut entries = Vec::new();
        if self.take("}") {
            return Ok(entries);
        }
        loop {
            let token = self.advance();
            let is_literal = matches!(token.value.as_str(), "true" | "false" | "null" | "none");
            if !matches!(token.word, Word::String) && (!token.is_name() || is_literal) {
                return Err(Fault::new("keys of a map must be strings or names").at(token.offset));
            }
            check_name(&token.value, token.offset)?;
            self.expect(":")?;
            entries.push((Text::from(token.value), self.inline_if()?));
            if !self.take(",") {
                break;
            }
        }
        self.expect("}")?;
        Ok(entries)
    }

    fn delimited(&mut self, end: &str) -> Result<Vec<NodeId>> {
        let mut children = Vec::new();
        if self.take(end) {
            return Ok(children);
        }
        loop {
            children.push(self.inline_if()?);
            if !self.take(",") {
                break;
            }
        }
        self.expect(end)?;
        Ok(children)
    }

    fn arguments(&mut self) -> Result<Arguments> {
        self.arguments_with_keys().map(|(arguments, _)| arguments)
    }

    /// Arguments up to `)`, and the symbols of the keywords.
    fn arguments_with_keys(&mut self) -> Result<(Arguments, Vec<NodeId>)> {
        let mut arguments = Arguments::default();
        let mut symbols = Vec::new();
        if self.take(")") {
            return Ok((arguments, symbols));
        }
        loop {
            if self.peek().is_name() && self.peek_at(1).value == "=" {
                let token = self.advance();
                symbols.push(self.symbol(&token)?);
                self.expect("=")?;
                arguments.keyword.push((Rc::from(token.value), self.inline_if()?));
            } else {
                arguments.positional.push(self.inline_if()?);
            }
            if !self.take(",") {
                break;
            }
        }
        self.expect(")")?;
        Ok((arguments, symbols))
    }

    fn symbol(&mut self, token: &Token) -> Result<NodeId> {
        check_name(&token.value, token.offset)?;
        self.tree.add(Kind::Symbol(Rc::from(token.value.as_str())), token.offset)
    }

    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.depth += 1;
        if self.depth > self.max_depth {
            return Err(Fault::limit("levels of nesting", self.max_depth).at(self.peek().offset));
        }
        let parsed = parse(self)?;
        self.depth -= 1;
        Ok(parsed)
    }

    fn peek(&self) -> &Token {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> &Token {
        &self.tokens[(self.index + ahead).min(self.tokens.len() - 1)]
    }

    fn peek_name(&self, name: &str) -> bool {
        self.peek().is_name() && self.peek().value == name
    }

    fn advance(&mut self) -> Token {
        let token = self.peek().clone();
        self.index += 1;
        token
    }

    fn take(&mut self, operator: &str) -> bool {
        let found = self.peek().is_operator(operator);
        self.index += usize::from(found);
        found
    }

    fn take_name(&mut self, name: &str) -> bool {
        let found = self.peek_name(name);
        self.index += usize::from(found);
        found
    }

    fn name(&mut self) -> Result<Token> {
        if self.peek().is_name() {
            return Ok(self.advance());
        }
        Err(Fault::new(format!("a name is missing before {}", self.peek().shown())).at(self.peek().offset))
    }

    fn expect(&mut self, operator: &str) -> Result<()> {
        if self.take(operator) {
            return Ok(());
        }
        Err(Fault::new(format!("`{operator}` is missing before {}", self.peek().shown()))
            .at(self.peek().offset))
    }

    fn end(&mut self) -> Result<()> {
        if matches!(self.peek().word, Word::End) {
            return Ok(());
        }
        Err(Fault::new(format!("the expression should end before {}", self.peek().shown()))
            .at(self.peek().offset))
    }
}

fn check_name(name: &str, offset: u32) -> Result<()> {
    if is_reserved(name) {
        return Err(Fault::new(format!("the name `{name}` is reserved")).at(offset));
    }
    Ok(())
}
