//! Tags become statements (`parseTemplate` of nunjitsu 0.6.2): if, for, set, macro, call, filter,
//! block, switch. There is nothing that loads another template.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::RenderOptions;
use super::ast::{Callable, Kind, Loop, NodeId, Tree};
use super::fault::{Fault, Result, quote, suggestion};
use super::limits::Limits;
use super::parser::ExpressionParser;
use super::scan::{Piece, find_outside, is_code_space, matching_bracket, name_end, split_keyword};
use super::template::{Part, parts, tag_name, tag_rest};
use super::text::Text;

/// Tags that a template can begin a statement with.
pub(super) const TAGS: &[&str] =
    &["if", "for", "set", "macro", "call", "filter", "block", "switch", "raw", "verbatim"];
/// Tags that end or divide a statement and take nothing behind their name.
const BARE_STOPS: &[&str] =
    &["else", "endif", "endfor", "endmacro", "endcall", "endfilter", "endset", "default", "endswitch"];
const OTHER_STOPS: &[&str] = &["elif", "elseif", "case"];

/// Brackets or tags inside each other, whatever the limits allow: the parser needs the stack.
const MAX_PARSE_DEPTH: usize = 256;

/// Parses one template: its tree and the root.
pub(super) fn parse(source: &str, options: &RenderOptions, limits: &Limits) -> Result<(Tree, NodeId)> {
    if source.len() > limits.source_units && source.encode_utf16().count() > limits.source_units {
        return Err(Fault::limit("code units of source", limits.source_units));
    }
    let parts = parts(source, options)?;
    let mut parser = TemplateParser {
        parts: &parts,
        index: 0,
        depth: 0,
        max_depth: limits.depth.min(MAX_PARSE_DEPTH),
        tree: Tree::new(limits.nodes),
    };
    let body = parser.body(&[])?;
    let tree = parser.tree;
    refuse_repeated_blocks(&tree)?;
    Ok((tree, body.node))
}

fn refuse_repeated_blocks(tree: &Tree) -> Result<()> {
    let mut blocks: BTreeMap<&str, u32> = BTreeMap::new();
    let mut found: Vec<(u32, &str)> = tree
        .nodes()
        .filter_map(|(_, node)| match &node.kind {
            Kind::Block { name, .. } => Some((node.offset, &**name)),
            _ => None,
        })
        .collect();
    found.sort_unstable();
    for (offset, name) in found {
        if blocks.insert(name, offset).is_some() {
            return Err(Fault::new(format!("the block {} is declared twice", quote(name))).at(offset));
        }
    }
    Ok(())
}

/// A run of statements and the tag that ended it.
struct Body<'a> {
    node: NodeId,
    is_empty: bool,
    stop: Option<(Piece<'a>, usize)>,
}

struct TemplateParser<'p, 'a> {
    parts: &'p [Part<'a>],
    index: usize,
    depth: usize,
    max_depth: usize,
    tree: Tree,
}

impl<'a> TemplateParser<'_, 'a> {
    fn body(&mut self, stops: &[&str]) -> Result<Body<'a>> {
        self.depth += 1;
        if self.depth > self.max_depth {
            let offset = self.parts.get(self.index.saturating_sub(1)).map_or(0, Part::offset);
            return Err(Fault::limit("levels of nesting", self.max_depth).at(offset));
        }
        let mut children = Vec::new();
        let mut stop = None;
        while let Some(part) = self.parts.get(self.index) {
            self.index += 1;
            let offset = part.offset();
            match part {
                Part::Text { text, .. } => {
                    children.push(self.tree.add(Kind::Data(Text::from(text.as_str())), offset)?);
                }
                Part::Variable { code, .. } => {
                    let expression = self.expression(*code)?;
                    children.push(self.tree.add(Kind::Output(expression), offset)?);
                }
                Part::Block { code, offset } => {
                    let name = tag_name(*code);
                    if stops.contains(&name) {
                        check_stop(name, *code).map_err(|fault| fault.at(*offset as u32))?;
                        stop = Some((*code, *offset));
                        break;
                    }
                    let statement = self.statement(name, *code, stops);
                    children.push(statement.map_err(|fault| fault.at(*offset as u32))?);
                }
            }
        }
        self.depth -= 1;
        let is_empty = children.is_empty();
        let offset = children.first().map_or(0, |child| self.tree.offset(*child));
        Ok(Body { node: self.tree.add(Kind::Sequence(children), offset)?, is_empty, stop })
    }

    /// A body that must end with one of `stops`, and the tag it ended with.
    fn closed_body(&mut self, stops: &[&str], end: &str) -> Result<(NodeId, Piece<'a>)> {
        let body = self.body(stops)?;
        body.stop.map(|(stop, _)| (body.node, stop)).ok_or_else(|| missing(end))
    }

    fn statement(&mut self, name: &str, code: Piece<'a>, stops: &[&str]) -> Result<NodeId> {
        let rest = tag_rest(code);
        let at = code.offset as u32;
        match name {
            "if" => self.if_statement(rest, at),
            "for" => self.for_statement(rest, at),
            "set" => self.set_statement(rest, at),
            "macro" => self.macro_statement(rest, at),
            "call" => self.call_statement(rest, at),
            "filter" => self.filter_statement(rest, at),
            "block" => self.block_statement(rest, at),
            "switch" => self.switch_statement(rest, at),
            "include" | "import" | "from" | "extends" => {
                Err(Fault::new(format!("`{name}` would load another template: that is not supported")))
            }
            "" => Err(Fault::new("the tag is empty")),
            _ if BARE_STOPS.contains(&name) || OTHER_STOPS.contains(&name) => Err(unexpected(name, stops)),
            _ => {
                let near = suggestion(name, TAGS.iter().copied());
                Err(Fault::new(format!("unknown tag {}{near}", quote(name))))
            }
        }
    }

    /// Branches are collected first: `elif` does not nest when parsing, only in the tree.
    fn if_statement(&mut self, condition: Piece<'a>, at: u32) -> Result<NodeId> {
        let mut branches = Vec::new();
        let mut otherwise = None;
        let (mut condition, mut at) = (condition, at);
        loop {
            let test = self.expression(condition)?;
            let body = self.body(&["elif", "elseif", "else", "endif"])?;
            let Some((stop, _)) = body.stop else { return Err(missing("endif")) };
            branches.push((test, body.node, at));
            match tag_name(stop) {
                "elif" | "elseif" => (condition, at) = (tag_rest(stop), stop.offset as u32),
                "else" => {
                    otherwise = Some(self.closed_body(&["endif"], "endif")?.0);
                    break;
                }
                _ => break,
            }
        }
        for (condition, body, at) in branches.into_iter().rev() {
            otherwise = Some(self.tree.add(Kind::If { condition, body, otherwise }, at)?);
        }
        otherwise.ok_or_else(|| missing("endif"))
    }

    fn for_statement(&mut self, head: Piece<'a>, at: u32) -> Result<NodeId> {
        let Some((left, right)) = split_keyword(head, "in")? else {
            return Err(Fault::new("`for` needs `NAME in EXPRESSION`"));
        };
        let targets = self.targets(left)?;
        if let [target] = targets[..]
            && matches!(self.tree.kind(target), Kind::Symbol(name) if &**name == "loop")
        {
            return Err(Fault::new("the variable of a loop cannot be named `loop`"));
        }
        let input = self.expression(right)?;
        let (body, stop) = self.closed_body(&["else", "endfor"], "endfor")?;
        let otherwise = match tag_name(stop) {
            "else" => Some(self.closed_body(&["endfor"], "endfor")?.0),
            _ => None,
        };
        self.tree.add(Kind::For(Box::new(Loop { input, targets, body, otherwise })), at)
    }

    fn set_statement(&mut self, head: Piece<'a>, at: u32) -> Result<NodeId> {
        if let Some(equals) = find_outside(head.text, b'=')? {
            let targets = self.targets(head.to(equals))?;
            let value = self.expression(head.from(equals + 1))?;
            return self.tree.add(Kind::Set { targets, value: Some(value), body: None }, at);
        }
        let targets = self.targets(head)?;
        let body = self.captured("set")?;
        self.tree.add(Kind::Set { targets, value: None, body: Some(body) }, at)
    }

    /// The body of a tag that takes its text; a macro inside would have nowhere to go.
    fn captured(&mut self, name: &str) -> Result<NodeId> {
        let start = self.tree.len();
        let end = format!("end{name}");
        let (body, _) = self.closed_body(&[end.as_str()], &end)?;
        if self.tree.has_macro_since(start) {
            return Err(Fault::new(format!("a macro cannot be declared inside `{name}`")));
        }
        Ok(body)
    }

    fn macro_statement(&mut self, head: Piece<'a>, at: u32) -> Result<NodeId> {
        let head = head.trim();
        let invalid = || Fault::new("`macro` needs `NAME(PARAMETERS)`");
        let end = name_end(head.text, 0, false).ok_or_else(invalid)?;
        let name = head.to(end);
        let rest = head.from(end).text.trim_start_matches([' ', '\t', '\n', '\r', '\u{a0}']);
        let inner = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).ok_or_else(invalid)?;
        let parameters = Piece { text: inner, offset: head.offset + head.text.len() - 1 - inner.len() };
        let symbol = self.expression(name)?;
        let Kind::Symbol(name) = self.tree.kind(symbol) else { return Err(invalid()) };
        let name = Rc::clone(name);
        let formals = self.signature(parameters)?;
        let (body, _) = self.closed_body(&["endmacro"], "endmacro")?;
        self.tree.add(Kind::Macro { name, callable: Box::new(Callable { formals, body }) }, at)
    }

    fn call_statement(&mut self, head: Piece<'a>, at: u32) -> Result<NodeId> {
        let mut call = head.trim();
        let mut parameters = call.to(0);
        if call.text.starts_with('(') {
            let Some(close) = matching_bracket(call.text)? else {
                return Err(Fault::new("the brackets of `call` are not closed"));
            };
            parameters = call.to(close).from(1);
            call = call.from(close + 1).trim();
        }
        let call = self.expression(call)?;
        let Kind::Call { callee, arguments } = self.tree.kind(call) else {
            return Err(Fault::new("`call` needs the call of a macro"));
        };
        let callee = *callee;
        let arguments = Box::new(super::ast::Arguments {
            positional: arguments.positional.clone(),
            keyword: arguments.keyword.clone(),
        });
        if !self.is_macro_path(callee) {
            return Err(Fault::new("`call` needs the name of a macro"));
        }
        let (body, _) = self.closed_body(&["endcall"], "endcall")?;
        let formals = self.signature(parameters)?;
        let block = Kind::CallBlock { callee, arguments, caller: Box::new(Callable { formals, body }) };
        self.tree.add(block, at)
    }

    fn is_macro_path(&self, node: NodeId) -> bool {
        match self.tree.kind(node) {
            Kind::Symbol(_) => true,
            Kind::Lookup { target, key } => {
                let constant = matches!(
                    self.tree.kind(*key),
                    Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_)
                );
                constant && self.is_macro_path(*target)
            }
            _ => false,
        }
    }

    fn filter_statement(&mut self, head: Piece<'a>, at: u32) -> Result<NodeId> {
        let body = self.captured("filter")?;
        let capture = self.tree.add(Kind::Capture(body), at)?;
        let filter = ExpressionParser::new(head, &mut self.tree, self.max_depth)?.filter_head(capture)?;
        self.tree.add(Kind::Output(filter), at)
    }

    fn block_statement(&mut self, head: Piece<'a>, at: u32) -> Result<NodeId> {
        let symbol = self.expression(head.trim())?;
        let Kind::Symbol(name) = self.tree.kind(symbol) else {
            return Err(Fault::new("`block` needs a name"));
        };
        let name = Rc::clone(name);
        let (body, stop) = self.closed_body(&["endblock"], "endblock")?;
        let closing = tag_rest(stop).text;
        if !closing.is_empty() && closing != &*name {
            return Err(Fault::new(format!("`endblock` names another block than {}", quote(&name))));
        }
        self.tree.add(Kind::Block { name, body }, at)
    }

    fn switch_statement(&mut self, head: Piece<'a>, at: u32) -> Result<NodeId> {
        let subject = self.expression(head)?;
        let stops = ["case", "default", "endswitch"];
        let mut next = self.body(&stops)?;
        if !next.is_empty {
            return Err(Fault::new("the first thing inside `switch` must be `case` or `default`"));
        }
        let mut cases = Vec::new();
        let mut otherwise = None;
        while let Some((stop, _)) = next.stop.filter(|(stop, _)| tag_name(*stop) == "case") {
            let condition = self.expression(tag_rest(stop))?;
            next = self.body(&stops)?;
            cases.push((condition, next.node));
        }
        if next.stop.is_some_and(|(stop, _)| tag_name(stop) == "default") {
            next = self.body(&["endswitch"])?;
            otherwise = Some(next.node);
        }
        if next.stop.is_none() {
            return Err(missing("endswitch"));
        }
        if cases.is_empty() && otherwise.is_none() {
            return Err(Fault::new("`switch` needs a `case` or `default`"));
        }
        self.tree.add(Kind::Switch { subject, cases, otherwise }, at)
    }

    fn expression(&mut self, code: Piece<'_>) -> Result<NodeId> {
        ExpressionParser::new(code, &mut self.tree, self.max_depth)?.expression()
    }

    fn targets(&mut self, code: Piece<'_>) -> Result<Vec<NodeId>> {
        ExpressionParser::new(code, &mut self.tree, self.max_depth)?.targets()
    }

    fn signature(&mut self, code: Piece<'_>) -> Result<Vec<super::ast::Formal>> {
        if code.text.trim_matches(is_code_space).is_empty() {
            return Ok(Vec::new());
        }
        ExpressionParser::new(code, &mut self.tree, self.max_depth)?.signature()
    }
}

fn check_stop(name: &str, code: Piece<'_>) -> Result<()> {
    if BARE_STOPS.contains(&name) && !tag_rest(code).text.is_empty() {
        return Err(Fault::new(format!("`{name}` takes nothing behind its name")));
    }
    Ok(())
}

fn missing(end: &str) -> Fault {
    Fault::new(format!("the tag is not closed: `{end}` is missing"))
}

fn unexpected(name: &str, stops: &[&str]) -> Fault {
    if stops.is_empty() {
        return Fault::new(format!("`{name}` closes no tag"));
    }
    let expected: Vec<String> = stops.iter().map(|stop| format!("`{stop}`")).collect();
    Fault::new(format!("`{name}` does not fit here: expected {}", expected.join(" or ")))
}
