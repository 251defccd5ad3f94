//! Names while a template runs: scopes that are searched outwards, and frames of planned slots.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::fault::{Fault, Result};
use super::plan::{RegionId, Slot};
use super::value::Value;

/// One level of names. An isolated scope keeps what is set below it.
#[derive(Debug)]
pub(super) struct Scope {
    parent: Option<Rc<Scope>>,
    isolated: bool,
    entries: RefCell<BTreeMap<Rc<str>, Value>>,
}

impl Scope {
    pub(super) fn root() -> Rc<Scope> {
        Rc::new(Scope { parent: None, isolated: true, entries: RefCell::default() })
    }

    pub(super) fn child(self: &Rc<Scope>, isolated: bool) -> Rc<Scope> {
        Rc::new(Scope { parent: Some(Rc::clone(self)), isolated, entries: RefCell::default() })
    }

    /// Binds a name in this very scope.
    pub(super) fn set(&self, name: &Rc<str>, value: Value) {
        self.entries.borrow_mut().insert(Rc::clone(name), value);
    }

    pub(super) fn get(&self, name: &str) -> Option<Value> {
        let mut scope = Some(self);
        while let Some(current) = scope {
            if let Some(value) = current.entries.borrow().get(name) {
                return Some(value.clone());
            }
            scope = current.parent.as_deref();
        }
        None
    }

    /// What `set` does: replaces the nearest binding that is not behind an isolated scope, or makes
    /// a new one here.
    pub(super) fn assign(&self, name: &Rc<str>, value: Value) {
        let mut scope = self;
        while !scope.isolated && !scope.entries.borrow().contains_key(name) {
            match scope.parent.as_deref() {
                Some(parent) if parent.can_assign(name) => scope = parent,
                _ => break,
            }
        }
        scope.set(name, value);
    }

    fn can_assign(&self, name: &str) -> bool {
        let mut scope = Some(self);
        while let Some(current) = scope {
            if current.entries.borrow().contains_key(name) {
                return true;
            }
            if current.isolated {
                return false;
            }
            scope = current.parent.as_deref();
        }
        false
    }
}

/// Values of planned slots: one for each invocation; a caller also reaches those around it.
#[derive(Debug)]
pub(super) struct Frame {
    parent: Option<Rc<Frame>>,
    values: RefCell<BTreeMap<Slot, Value>>,
}

impl Frame {
    pub(super) fn new(slots: &[Slot], parent: Option<Rc<Frame>>) -> Rc<Frame> {
        let values = slots.iter().map(|slot| (*slot, Value::Undefined)).collect();
        Rc::new(Frame { parent, values: RefCell::new(values) })
    }

    pub(super) fn get(&self, slot: Slot) -> Result<Value> {
        if let Some(value) = self.values.borrow().get(&slot) {
            return Ok(value.clone());
        }
        self.parent.as_ref().ok_or_else(unknown_slot)?.get(slot)
    }

    pub(super) fn set(&self, slot: Slot, value: Value) -> Result<()> {
        if let Some(place) = self.values.borrow_mut().get_mut(&slot) {
            *place = value;
            return Ok(());
        }
        self.parent.as_ref().ok_or_else(unknown_slot)?.set(slot, value)
    }
}

fn unknown_slot() -> Fault {
    Fault::new("a variable has no place: please report it as a bug")
}

/// Where evaluation stands: the scope, the frame with its region, and where macros are declared.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) scope: Rc<Scope>,
    pub(super) frame: Rc<Frame>,
    pub(super) region: RegionId,
    /// The scope that macros declared here can be called from.
    pub(super) invocation: Rc<Scope>,
    pub(super) exports_macros: bool,
    pub(super) exports_assignments: bool,
}

impl Place {
    /// The same place in another scope.
    pub(super) fn in_scope(&self, scope: Rc<Scope>) -> Place {
        Place { scope, ..self.clone() }
    }

    /// A branch of a loop: nothing declared there is visible outside.
    pub(super) fn in_loop(&self, scope: Rc<Scope>, region: RegionId) -> Place {
        Place { scope, region, exports_macros: false, exports_assignments: false, ..self.clone() }
    }
}
