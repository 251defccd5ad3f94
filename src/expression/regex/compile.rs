//! Trees to instructions for the matcher.

use super::super::fault::{Fault, Result};
use super::class::{Class, canonical};
use super::parse::{Node, Parsed, UNBOUNDED};

#[derive(Clone, Debug)]
pub(super) enum Instruction {
    Unit {
        unit: u16,
        back: bool,
    },
    Class {
        class: usize,
        back: bool,
    },
    /// Tries the next instruction, and `otherwise` when that fails (`greedy` false: the other way round).
    Split {
        otherwise: usize,
        greedy: bool,
    },
    Jump(usize),
    /// Notes the position as the start (or end) of a group.
    Save {
        slot: usize,
    },
    Reference {
        group: usize,
        back: bool,
    },
    Start,
    End,
    Boundary {
        negated: bool,
    },
    /// Matches the instructions up to `end`, without moving.
    Look {
        negated: bool,
        end: usize,
    },
    /// Ends a look-around or the whole pattern.
    Match,
    /// Sets a counter to 0.
    Reset {
        counter: usize,
    },
    /// Decides whether a repetition goes on: its body follows, `end` is behind it.
    Repeat {
        counter: usize,
        min: u32,
        max: u32,
        greedy: bool,
        end: usize,
        first: usize,
        last: usize,
    },
    /// Ends a round: an empty one beyond the minimum fails.
    Again {
        repeat: usize,
    },
}

pub(super) struct Compiled {
    pub(super) code: Vec<Instruction>,
    pub(super) classes: Vec<Class>,
    pub(super) counters: usize,
}

pub(super) fn compile(parsed: &Parsed, ignore_case: bool) -> Result<Compiled> {
    let mut compiler = Compiler { code: Vec::new(), classes: Vec::new(), counters: 0, ignore_case };
    compiler.node(&parsed.node, false)?;
    compiler.code.push(Instruction::Match);
    Ok(Compiled { code: compiler.code, classes: compiler.classes, counters: compiler.counters })
}

struct Compiler {
    code: Vec<Instruction>,
    classes: Vec<Class>,
    counters: usize,
    ignore_case: bool,
}

impl Compiler {
    /// `back`: inside a look-behind all is matched from right to left.
    fn node(&mut self, node: &Node, back: bool) -> Result<()> {
        match node {
            Node::Unit(unit) => {
                let unit = if self.ignore_case { canonical(*unit) } else { *unit };
                self.code.push(Instruction::Unit { unit, back });
            }
            Node::Class(class) => {
                self.classes.push(class.clone());
                self.code.push(Instruction::Class { class: self.classes.len() - 1, back });
            }
            Node::Sequence(nodes) if back => {
                return nodes.iter().rev().try_for_each(|node| self.node(node, back));
            }
            Node::Sequence(nodes) => return nodes.iter().try_for_each(|node| self.node(node, back)),
            Node::Alternatives(nodes) => return self.alternatives(nodes, back),
            Node::Capture(group, node) => {
                self.code.push(Instruction::Save { slot: group * 2 + usize::from(back) });
                self.node(node, back)?;
                self.code.push(Instruction::Save { slot: group * 2 + usize::from(!back) });
            }
            Node::Reference(group) => self.code.push(Instruction::Reference { group: *group, back }),
            Node::Start => self.code.push(Instruction::Start),
            Node::End => self.code.push(Instruction::End),
            Node::Boundary { negated } => self.code.push(Instruction::Boundary { negated: *negated }),
            Node::Look { behind, negated, node } => {
                let look = self.code.len();
                self.code.push(Instruction::Match);
                self.node(node, *behind)?;
                self.code.push(Instruction::Match);
                self.code[look] = Instruction::Look { negated: *negated, end: self.code.len() };
            }
            Node::Repeat { .. } => return self.repeat(node, back),
        }
        Ok(())
    }

    fn alternatives(&mut self, nodes: &[Node], back: bool) -> Result<()> {
        let mut jumps = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            let is_last = index + 1 == nodes.len();
            let split = self.code.len();
            if !is_last {
                self.code.push(Instruction::Match);
            }
            self.node(node, back)?;
            if !is_last {
                jumps.push(self.code.len());
                self.code.push(Instruction::Match);
                self.code[split] = Instruction::Split { otherwise: self.code.len(), greedy: true };
            }
        }
        for jump in jumps {
            self.code[jump] = Instruction::Jump(self.code.len());
        }
        Ok(())
    }

    fn repeat(&mut self, node: &Node, back: bool) -> Result<()> {
        let Node::Repeat { node, min, max, greedy, first, last } = node else {
            return Err(Fault::new("not a repetition: please report it as a bug"));
        };
        if *max == 1 && *min == 0 && first == last && is_solid(node) {
            let split = self.code.len();
            self.code.push(Instruction::Match);
            self.node(node, back)?;
            self.code[split] = Instruction::Split { otherwise: self.code.len(), greedy: *greedy };
            return Ok(());
        }
        if *max == UNBOUNDED && *min == 0 && is_solid(node) {
            let split = self.code.len();
            self.code.push(Instruction::Match);
            self.node(node, back)?;
            self.code.push(Instruction::Jump(split));
            self.code[split] = Instruction::Split { otherwise: self.code.len(), greedy: *greedy };
            return Ok(());
        }
        let counter = self.counters;
        self.counters += 1;
        self.code.push(Instruction::Reset { counter });
        let repeat = self.code.len();
        self.code.push(Instruction::Match);
        self.node(node, back)?;
        self.code.push(Instruction::Again { repeat });
        let end = self.code.len();
        self.code[repeat] = Instruction::Repeat {
            counter,
            min: *min,
            max: *max,
            greedy: *greedy,
            end,
            first: *first,
            last: *last,
        };
        Ok(())
    }
}

/// Whether a node always matches exactly one unit and captures nothing.
fn is_solid(node: &Node) -> bool {
    match node {
        Node::Unit(_) | Node::Class(_) => true,
        Node::Sequence(nodes) => matches!(&nodes[..], [node] if is_solid(node)),
        _ => false,
    }
}
