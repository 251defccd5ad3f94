//! Which names are bound where, decided before evaluation.
//!
//! Nunjucks compiles templates to functions: loop variables, macros and parameters become local
//! variables of JavaScript there, all other names are looked up when the template runs. The two do
//! not always agree, and nunjitsu 0.6.2 keeps the difference (`src/runtime/lexicalSlots.ts`): a name
//! read inside a loop sees the loop's variable even where a `set` of the same name came between.
//! A plan assigns a slot to each such variable and remembers which names mean it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::ast::{Arguments, Callable, Kind, Loop, NodeId, Tree};
use super::fault::{Fault, Result};

/// Names that all regions together may inherit.
const MAX_COPIED: usize = 20_000_000;

/// A local variable.
pub(super) type Slot = u32;
/// The number of a region.
pub(super) type RegionId = usize;

/// Names that mean a slot in one region of the template, and the plans of what is nested there.
#[derive(Debug, Default)]
pub(super) struct Region {
    slots: BTreeMap<NodeId, Slot>,
    frames: BTreeMap<NodeId, FramePlan>,
    loops: BTreeMap<NodeId, LoopPlan>,
}

/// What a new invocation of a macro, caller or block needs.
#[derive(Clone, Debug)]
pub(super) struct FramePlan {
    pub(super) slots: Rc<[Slot]>,
    pub(super) region: RegionId,
}

/// The regions of a loop's body. With several targets the body is planned twice: for lists, whose
/// items are taken apart, and for maps.
#[derive(Clone, Copy, Debug)]
pub(super) struct LoopPlan {
    pub(super) length: Slot,
    pub(super) list_body: RegionId,
    pub(super) other_body: RegionId,
}

/// The plan of a whole template.
#[derive(Debug)]
pub(super) struct Plan {
    regions: Vec<Region>,
    pub(super) root: FramePlan,
}

impl Plan {
    pub(super) fn slot(&self, region: RegionId, node: NodeId) -> Option<Slot> {
        self.regions[region].slots.get(&node).copied()
    }

    pub(super) fn frame(&self, region: RegionId, node: NodeId) -> Result<&FramePlan> {
        self.regions[region].frames.get(&node).ok_or_else(unplanned)
    }

    pub(super) fn loop_plan(&self, region: RegionId, node: NodeId) -> Result<LoopPlan> {
        self.regions[region].loops.get(&node).copied().ok_or_else(unplanned)
    }
}

fn unplanned() -> Fault {
    Fault::new("this part of the template was never planned: please report it as a bug")
}

/// Plans a template.
pub(super) fn plan(tree: &Tree, root: NodeId, max_work: usize) -> Result<Plan> {
    let mut planner = Planner {
        tree,
        regions: Vec::new(),
        frames: Vec::new(),
        visited: BTreeSet::new(),
        next_slot: 0,
        repeated: 0,
        copied: 0,
        max_work,
    };
    let mut state = planner.new_frame(BTreeMap::new());
    planner.visit(root, &mut state)?;
    let root = Planner::finished(&state);
    let Planner { mut regions, frames, .. } = planner;
    // Frames are known by number until all their slots are.
    for region in &mut regions {
        for frame in region.frames.values_mut() {
            frame.slots = Rc::from(frames[frame.slots[0] as usize].as_slice());
        }
    }
    let slots = Rc::from(frames[root.slots[0] as usize].as_slice());
    Ok(Plan { regions, root: FramePlan { slots, region: root.region } })
}

/// The names visible at the current position.
struct State {
    frame: usize,
    region: RegionId,
    bindings: BTreeMap<Rc<str>, Slot>,
}

struct Planner<'a> {
    tree: &'a Tree,
    regions: Vec<Region>,
    frames: Vec<Vec<Slot>>,
    visited: BTreeSet<NodeId>,
    next_slot: Slot,
    repeated: usize,
    copied: usize,
    max_work: usize,
}

impl Planner<'_> {
    fn new_frame(&mut self, bindings: BTreeMap<Rc<str>, Slot>) -> State {
        self.frames.push(Vec::new());
        self.regions.push(Region::default());
        State { frame: self.frames.len() - 1, region: self.regions.len() - 1, bindings }
    }

    /// Copies of bindings cost work too: a template of many macros and many loops would take forever.
    fn inherited(&mut self, outer: &State) -> Result<BTreeMap<Rc<str>, Slot>> {
        self.copied += outer.bindings.len();
        if self.copied > MAX_COPIED {
            return Err(Fault::limit("copied names", MAX_COPIED));
        }
        Ok(outer.bindings.clone())
    }

    fn new_region(&mut self, outer: &State) -> Result<State> {
        let bindings = self.inherited(outer)?;
        self.regions.push(Region::default());
        Ok(State { frame: outer.frame, region: self.regions.len() - 1, bindings })
    }

    /// A frame plan whose only slot is the frame's number until the plan is complete.
    fn finished(state: &State) -> FramePlan {
        FramePlan { slots: Rc::from([state.frame as u32]), region: state.region }
    }

    fn new_slot(&mut self, state: &State) -> Slot {
        let slot = self.next_slot;
        self.next_slot += 1;
        self.frames[state.frame].push(slot);
        slot
    }

    fn bind(&mut self, state: &mut State, name: &Rc<str>, node: NodeId) -> Slot {
        let slot = self.new_slot(state);
        state.bindings.insert(Rc::clone(name), slot);
        self.regions[state.region].slots.insert(node, slot);
        slot
    }

    fn use_name(&mut self, state: &State, name: &Rc<str>, node: NodeId) {
        if let Some(slot) = state.bindings.get(name) {
            self.regions[state.region].slots.insert(node, *slot);
        }
    }

    fn use_symbol(&mut self, state: &State, node: NodeId) {
        if let Kind::Symbol(name) = self.tree.kind(node) {
            self.use_name(state, name, node);
        }
    }

    fn callable(&mut self, callable: &Callable, inherited: BTreeMap<Rc<str>, Slot>) -> Result<FramePlan> {
        let mut state = self.new_frame(inherited);
        let mut bound: BTreeMap<&str, Slot> = BTreeMap::new();
        for formal in &callable.formals {
            if let Some(default) = formal.default {
                self.visit(default, &mut state)?;
            } else if let Some(slot) = bound.get(&*formal.name) {
                self.regions[state.region].slots.insert(formal.symbol, *slot);
            } else {
                let slot = self.bind(&mut state, &formal.name, formal.symbol);
                bound.insert(&formal.name, slot);
            }
        }
        self.visit(callable.body, &mut state)?;
        Ok(Self::finished(&state))
    }

    fn targets(&mut self, targets: &[NodeId], state: &mut State) {
        for target in targets {
            if let Kind::Symbol(name) = self.tree.kind(*target) {
                self.bind(state, name, *target);
            }
        }
    }

    fn for_loop(&mut self, node: NodeId, parts: &Loop, state: &mut State) -> Result<()> {
        self.visit(parts.input, state)?;
        let length = self.new_slot(state);
        let mut list = self.new_region(state)?;
        self.targets(&parts.targets, &mut list);
        self.visit(parts.body, &mut list)?;
        let mut other = if parts.targets.len() > 1 {
            let mut other = self.new_region(&list)?;
            self.targets(&parts.targets[..2], &mut other);
            self.visit(parts.body, &mut other)?;
            other
        } else {
            State { frame: list.frame, region: list.region, bindings: list.bindings }
        };
        if let Some(otherwise) = parts.otherwise {
            self.visit(otherwise, &mut other)?;
        }
        let plan = LoopPlan { length, list_body: list.region, other_body: other.region };
        self.regions[state.region].loops.insert(node, plan);
        Ok(())
    }

    fn arguments(&mut self, arguments: &Arguments, state: &mut State) -> Result<()> {
        let keyword = arguments.keyword.iter().map(|(_, value)| value);
        arguments.positional.iter().chain(keyword).try_for_each(|value| self.visit(*value, state))
    }

    fn visit_all(&mut self, nodes: impl IntoIterator<Item = NodeId>, state: &mut State) -> Result<()> {
        nodes.into_iter().try_for_each(|node| self.visit(node, state))
    }

    fn visit(&mut self, node: NodeId, state: &mut State) -> Result<()> {
        if !self.visited.insert(node) {
            self.repeated += 1;
            if self.repeated > self.max_work {
                return Err(Fault::limit("units of work", self.max_work));
            }
        }
        match self.tree.kind(node) {
            Kind::Symbol(name) => {
                self.use_name(state, name, node);
                Ok(())
            }
            Kind::For(parts) => self.for_loop(node, parts, state),
            Kind::Macro { name, callable } => {
                self.bind(state, name, node);
                let frame = self.callable(callable, BTreeMap::new())?;
                self.regions[state.region].frames.insert(node, frame);
                Ok(())
            }
            Kind::CallBlock { callee, arguments, caller } => {
                self.visit(*callee, state)?;
                self.arguments(arguments, state)?;
                let inherited = self.inherited(state)?;
                let frame = self.callable(caller, inherited)?;
                self.regions[state.region].frames.insert(node, frame);
                Ok(())
            }
            Kind::Block { body, .. } => {
                let mut inner = self.new_frame(BTreeMap::new());
                self.visit(*body, &mut inner)?;
                let frame = Self::finished(&inner);
                self.regions[state.region].frames.insert(node, frame);
                Ok(())
            }
            Kind::Set { targets, value, body } => {
                self.visit_all(value.iter().chain(body).copied(), state)?;
                for target in targets {
                    self.use_symbol(state, *target);
                }
                Ok(())
            }
            kind => {
                let mut children = Vec::new();
                super::ast::each_child(kind, &mut |child| children.push(child));
                self.visit_all(children, state)
            }
        }
    }
}
