//! What a template refers to, without evaluating it: for lints.

use std::collections::BTreeSet;

use super::ast::{Kind, NodeId, Tree, each_child};
use super::{Engine, Error, RenderOptions, filters, plan, statements};

/// A value that a template reads from its scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The name and the keys behind it that are written out: `parameters.name` and
    /// `steps['my-step'].output` are `["parameters", "name"]` and `["steps", "my-step", "output"]`.
    pub path: Vec<String>,
    /// Byte offset of the name in the template.
    pub offset: usize,
    /// A subtraction stands right behind the path, as in `steps.my-step.output`, which is
    /// `steps.my` minus `step.output`: the text up to the next operator, without blanks around it.
    pub hyphenated: Option<String>,
    /// The reference may be undefined on purpose: it is given to `default`, tested with
    /// `is defined`, or the condition of an `if`.
    pub guarded: bool,
}

/// A filter, test or function by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// Its name as written; of a method the whole path.
    pub name: String,
    /// Byte offset of the name in the template.
    pub offset: usize,
}

/// The outline of one template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Values read from the scope, in the order of the text. Variables of loops, macros and `set` are
    /// not among them.
    pub references: Vec<Reference>,
    /// Filters, known or not.
    pub filters: Vec<Called>,
    /// Called functions.
    pub functions: Vec<Called>,
    /// Tests (`is NAME`).
    pub tests: Vec<Called>,
    /// There is something else than text.
    pub is_dynamic: bool,
}

impl Engine {
    /// Parses a template and lists what it refers to.
    pub fn parse(&self, text: &str) -> Result<Parsed, Error> {
        self.parse_with(text, &RenderOptions::default())
    }

    /// Like [`Engine::parse`], for a file that is rendered with options.
    pub fn parse_with(&self, text: &str, options: &RenderOptions) -> Result<Parsed, Error> {
        let parsed = || {
            let (tree, root) = statements::parse(text, options, &self.limits)?;
            plan::plan(&tree, root, self.limits.work_units)?;
            Ok((tree, root))
        };
        let (tree, root) = parsed().map_err(|fault: super::fault::Fault| fault.into_error())?;
        let mut outliner = Outliner { tree: &tree, text, parsed: Parsed::default(), bound: BTreeSet::new() };
        outliner.collect_bound();
        outliner.visit(root, false);
        let mut parsed = outliner.parsed;
        parsed.references.sort_by_key(|reference| reference.offset);
        parsed.filters.sort_by_key(|called| called.offset);
        parsed.functions.sort_by_key(|called| called.offset);
        parsed.tests.sort_by_key(|called| called.offset);
        Ok(parsed)
    }

    /// Whether a filter of this name can be used.
    pub fn has_filter(&self, name: &str) -> bool {
        self.filters.contains_key(name) || filters::find(name).is_some()
    }
}

struct Outliner<'a> {
    tree: &'a Tree,
    text: &'a str,
    parsed: Parsed,
    /// Names that the template binds somewhere.
    bound: BTreeSet<String>,
}

impl Outliner<'_> {
    fn collect_bound(&mut self) {
        let mut bind = |name: &str| {
            self.bound.insert(name.to_owned());
        };
        for name in ["range", "cycler", "joiner", "loop", "caller", "always", "failure"] {
            bind(name);
        }
        let tree = self.tree;
        for (_, node) in tree.nodes() {
            match &node.kind {
                Kind::For(parts) => parts.targets.iter().for_each(|target| symbol(tree, *target, &mut bind)),
                Kind::Set { targets, .. } => {
                    for target in targets {
                        symbol(tree, *target, &mut bind);
                    }
                }
                Kind::Macro { name, callable } => {
                    bind(name);
                    callable.formals.iter().for_each(|formal| bind(&formal.name));
                }
                Kind::CallBlock { caller, .. } => caller.formals.iter().for_each(|formal| bind(&formal.name)),
                _ => {}
            }
        }
    }

    fn visit(&mut self, node: NodeId, guarded: bool) {
        let tree = self.tree;
        let offset = tree.offset(node) as usize;
        if !matches!(tree.kind(node), Kind::Sequence(_) | Kind::Data(_)) {
            self.parsed.is_dynamic = true;
        }
        match tree.kind(node) {
            Kind::Symbol(_) | Kind::Lookup { .. } => self.reference(node, guarded, None),
            Kind::Filter { name, arguments } => {
                self.parsed.filters.push(Called { name: name.to_string(), offset });
                let defaulted = matches!(&**name, "default" | "d");
                for (index, argument) in arguments.positional.iter().enumerate() {
                    self.visit(*argument, guarded || (defaulted && index == 0));
                }
                arguments.keyword.iter().for_each(|(_, argument)| self.visit(*argument, guarded));
            }
            Kind::Call { callee, .. } => {
                if let Some((mut path, offset)) = self.path(*callee) {
                    self.parsed.functions.push(Called { name: path.join("."), offset });
                    path.pop();
                    if !path.is_empty() {
                        self.push(path, offset, guarded, None);
                    }
                } else {
                    self.visit(*callee, guarded);
                }
                each_child(tree.kind(node), &mut |child| {
                    if child != *callee {
                        self.visit(child, guarded);
                    }
                });
            }
            Kind::Is(left, right) => self.test(*left, *right),
            Kind::Arithmetic(super::ast::Arithmetic::Subtract, left, right) => {
                self.subtraction(*left, *right, guarded);
            }
            Kind::If { condition, .. } | Kind::InlineIf { condition, .. } => {
                each_child(tree.kind(node), &mut |child| self.visit(child, guarded || child == *condition));
            }
            Kind::For(parts) => {
                self.visit(parts.input, true);
                self.visit(parts.body, guarded);
                parts.otherwise.iter().for_each(|otherwise| self.visit(*otherwise, guarded));
            }
            Kind::Set { value, body, .. } => {
                value.iter().chain(body).for_each(|child| self.visit(*child, guarded));
            }
            Kind::Macro { callable, .. } => {
                callable
                    .formals
                    .iter()
                    .filter_map(|formal| formal.default)
                    .for_each(|value| self.visit(value, guarded));
                self.visit(callable.body, guarded);
            }
            kind => each_child(kind, &mut |child| self.visit(child, guarded)),
        }
    }

    fn test(&mut self, left: NodeId, right: NodeId) {
        let tree = self.tree;
        let name = match tree.kind(right) {
            Kind::Call { callee, .. } => *callee,
            _ => right,
        };
        let called = |name: &str| Called { name: name.to_owned(), offset: tree.offset(right) as usize };
        let mut guards = false;
        match tree.kind(name) {
            Kind::Symbol(name) => {
                guards = matches!(&**name, "defined" | "undefined" | "truthy" | "falsy");
                self.parsed.tests.push(called(name));
            }
            Kind::Filter { name, .. } => self.parsed.tests.push(called(name)),
            Kind::Null => self.parsed.tests.push(called("null")),
            _ => {}
        }
        self.visit(left, guards);
        if let Kind::Call { arguments, .. } = tree.kind(right) {
            arguments.positional.iter().for_each(|argument| self.visit(*argument, false));
        }
    }

    /// `a.b-c.d`: the left path is remembered to have been cut at a hyphen.
    fn subtraction(&mut self, left: NodeId, right: NodeId, guarded: bool) {
        match self.path(right).filter(|_| self.path(left).is_some()) {
            Some((_, end)) if self.text[..end].ends_with('-') => {
                let start = self.path(left).map_or(end, |(_, start)| start);
                let stop = |character: char| !(character.is_alphanumeric() || "_-.'\"[]".contains(character));
                let whole = self.text[start..].split(stop).next().unwrap_or_default();
                self.reference(left, guarded, Some(whole.to_owned()));
            }
            _ => self.visit(left, guarded),
        }
        self.visit(right, guarded);
    }

    /// The name and constant keys of a lookup, and where the name stands.
    fn path(&self, node: NodeId) -> Option<(Vec<String>, usize)> {
        match self.tree.kind(node) {
            Kind::Symbol(name) => Some((vec![name.to_string()], self.tree.offset(node) as usize)),
            Kind::Lookup { target, key } => {
                let (mut path, offset) = self.path(*target)?;
                path.push(match self.tree.kind(*key) {
                    Kind::Text(key) => key.to_lossy(),
                    Kind::Number(number) => crate::javascript::number_to_string(*number),
                    _ => return None,
                });
                Some((path, offset))
            }
            _ => None,
        }
    }

    fn reference(&mut self, node: NodeId, guarded: bool, hyphenated: Option<String>) {
        if let Some((path, offset)) = self.path(node) {
            self.push(path, offset, guarded, hyphenated);
        } else if let Kind::Lookup { target, key } = self.tree.kind(node) {
            self.visit(*target, guarded);
            self.visit(*key, guarded);
        }
    }

    fn push(&mut self, path: Vec<String>, offset: usize, guarded: bool, hyphenated: Option<String>) {
        if !self.bound.contains(&path[0]) {
            self.parsed.references.push(Reference { path, offset, hyphenated, guarded });
        }
    }
}

fn symbol(tree: &Tree, node: NodeId, bind: &mut impl FnMut(&str)) {
    if let Kind::Symbol(name) = tree.kind(node) {
        bind(name);
    }
}
