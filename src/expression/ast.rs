//! The syntax tree: nodes in one list, children before their parents.

use std::rc::Rc;

use super::fault::{Fault, Result};
use super::text::Text;

/// The number of a node in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NodeId(pub(super) u32);

/// Deepest tree that is accepted. Evaluation stops at 512 levels anyway; this bounds the walks over
/// the parts that are never evaluated.
const MAX_TREE_DEPTH: u16 = 600;

#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) offset: u32,
    depth: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Concat,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unary {
    Not,
    Negate,
    Plus,
    Floor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    LooseEqual,
    StrictEqual,
    LooseUnequal,
    StrictUnequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Arguments of a call; keywords come after all positional ones.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub(super) positional: Vec<NodeId>,
    pub(super) keyword: Vec<(Rc<str>, NodeId)>,
}

/// A formal parameter of a macro; those with defaults come last.
#[derive(Debug)]
pub(super) struct Formal {
    pub(super) name: Rc<str>,
    pub(super) symbol: NodeId,
    pub(super) default: Option<NodeId>,
}

/// A macro or the body of a call block.
#[derive(Debug)]
pub(super) struct Callable {
    pub(super) formals: Vec<Formal>,
    pub(super) body: NodeId,
}

#[derive(Debug)]
pub(super) struct Loop {
    pub(super) input: NodeId,
    pub(super) targets: Vec<NodeId>,
    pub(super) body: NodeId,
    pub(super) otherwise: Option<NodeId>,
}

#[derive(Debug)]
pub(super) enum Kind {
    // Statements.
    Sequence(Vec<NodeId>),
    Data(Text),
    Output(NodeId),
    If { condition: NodeId, body: NodeId, otherwise: Option<NodeId> },
    For(Box<Loop>),
    Set { targets: Vec<NodeId>, value: Option<NodeId>, body: Option<NodeId> },
    Macro { name: Rc<str>, callable: Box<Callable> },
    CallBlock { callee: NodeId, arguments: Box<Arguments>, caller: Box<Callable> },
    Block { name: Rc<str>, body: NodeId },
    Switch { subject: NodeId, cases: Vec<(NodeId, NodeId)>, otherwise: Option<NodeId> },
    // Expressions.
    Null,
    Bool(bool),
    Number(f64),
    Text(Text),
    Regex(Rc<super::regex::Program>),
    Symbol(Rc<str>),
    Group(Vec<NodeId>),
    List(Vec<NodeId>),
    Map(Vec<(Text, NodeId)>),
    Lookup { target: NodeId, key: NodeId },
    Slice { start: NodeId, stop: NodeId, step: NodeId },
    InlineIf { condition: NodeId, body: NodeId, otherwise: Option<NodeId> },
    And(NodeId, NodeId),
    Or(NodeId, NodeId),
    In(NodeId, NodeId),
    Is(NodeId, NodeId),
    Unary(Unary, NodeId),
    Arithmetic(Arithmetic, NodeId, NodeId),
    Compare(NodeId, Vec<(Comparison, NodeId)>),
    Call { callee: NodeId, arguments: Box<Arguments> },
    Filter { name: Rc<str>, arguments: Box<Arguments> },
    Capture(NodeId),
}

/// One parsed template.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    limit: usize,
}

impl Tree {
    pub(super) fn new(limit: usize) -> Self {
        Tree { nodes: Vec::new(), limit }
    }

    pub(super) fn kind(&self, id: NodeId) -> &Kind {
        &self.nodes[id.0 as usize].kind
    }

    pub(super) fn offset(&self, id: NodeId) -> u32 {
        self.nodes[id.0 as usize].offset
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        (0..).map(NodeId).zip(&self.nodes)
    }

    /// Number of nodes made so far; all later ones have higher numbers.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether a macro was declared since the tree had `start` nodes.
    pub(super) fn has_macro_since(&self, start: usize) -> bool {
        self.nodes[start..].iter().any(|node| matches!(node.kind, Kind::Macro { .. }))
    }

    pub(super) fn add(&mut self, kind: Kind, offset: u32) -> Result<NodeId> {
        if self.nodes.len() >= self.limit {
            return Err(Fault::limit("syntax nodes", self.limit).at(offset));
        }
        let mut depth = 0;
        each_child(&kind, &mut |child| depth = depth.max(self.nodes[child.0 as usize].depth));
        if depth >= MAX_TREE_DEPTH {
            return Err(Fault::limit("levels of nesting", usize::from(MAX_TREE_DEPTH)).at(offset));
        }
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node { kind, offset, depth: depth + 1 });
        Ok(id)
    }
}

/// Calls `visit` for every direct child.
pub(super) fn each_child(kind: &Kind, visit: &mut dyn FnMut(NodeId)) {
    match kind {
        Kind::Data(_)
        | Kind::Null
        | Kind::Bool(_)
        | Kind::Number(_)
        | Kind::Text(_)
        | Kind::Regex(_)
        | Kind::Symbol(_) => {}
        Kind::Sequence(children) | Kind::Group(children) | Kind::List(children) => {
            children.iter().copied().for_each(visit);
        }
        Kind::Output(child)
        | Kind::Unary(_, child)
        | Kind::Capture(child)
        | Kind::Block { body: child, .. } => {
            visit(*child);
        }
        Kind::And(left, right)
        | Kind::Or(left, right)
        | Kind::In(left, right)
        | Kind::Is(left, right)
        | Kind::Arithmetic(_, left, right)
        | Kind::Lookup { target: left, key: right } => {
            [*left, *right].into_iter().for_each(visit);
        }
        Kind::If { condition, body, otherwise } | Kind::InlineIf { condition, body, otherwise } => {
            [*condition, *body].into_iter().chain(*otherwise).for_each(visit);
        }
        Kind::Slice { start, stop, step } => [*start, *stop, *step].into_iter().for_each(visit),
        Kind::Map(entries) => entries.iter().for_each(|(_, value)| visit(*value)),
        Kind::Compare(first, rest) => {
            visit(*first);
            for (_, operand) in rest {
                visit(*operand);
            }
        }
        Kind::Filter { arguments, .. } => each_argument(arguments, visit),
        Kind::Call { callee, arguments } => {
            visit(*callee);
            each_argument(arguments, visit);
        }
        statement => each_statement_child(statement, visit),
    }
}

fn each_statement_child(kind: &Kind, visit: &mut dyn FnMut(NodeId)) {
    match kind {
        Kind::For(parts) => {
            visit(parts.input);
            parts.targets.iter().copied().for_each(&mut *visit);
            [parts.body].into_iter().chain(parts.otherwise).for_each(visit);
        }
        Kind::Set { targets, value, body } => {
            targets.iter().copied().chain(*value).chain(*body).for_each(visit);
        }
        Kind::Macro { callable, .. } => each_callable_child(callable, visit),
        Kind::CallBlock { callee, arguments, caller } => {
            visit(*callee);
            each_argument(arguments, visit);
            each_callable_child(caller, visit);
        }
        Kind::Switch { subject, cases, otherwise } => {
            visit(*subject);
            for (condition, body) in cases {
                visit(*condition);
                visit(*body);
            }
            otherwise.iter().copied().for_each(visit);
        }
        _ => {}
    }
}

fn each_argument(arguments: &Arguments, visit: &mut dyn FnMut(NodeId)) {
    arguments.positional.iter().copied().for_each(&mut *visit);
    arguments.keyword.iter().for_each(|(_, value)| visit(*value));
}

fn each_callable_child(callable: &Callable, visit: &mut dyn FnMut(NodeId)) {
    for formal in &callable.formals {
        visit(formal.symbol);
        formal.default.iter().copied().for_each(&mut *visit);
    }
    visit(callable.body);
}
