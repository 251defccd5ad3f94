//! Templates that this thread has parsed before: rendering evaluates the same few over and over, and parsing
//! takes longer than most of them take to run.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::ast::{NodeId, Tree};
use super::fault::Result;
use super::plan::{self, Plan};
use super::{Limits, RenderOptions, statements};

/// Longer templates are texts of files: they are not kept.
const LONGEST: usize = 512;

/// With more than this many, all are let go.
const MOST: usize = 512;

/// A template that can be run.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) tree: Tree,
    pub(super) root: NodeId,
    pub(super) plan: Plan,
}

thread_local! {
    static PARSED: RefCell<BTreeMap<Box<str>, Rc<Parsed>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Parses and plans a template, or finds that this was done before.
pub(super) fn parsed(template: &str, options: &RenderOptions, limits: &Limits) -> Result<Rc<Parsed>> {
    let is_kept =
        template.len() <= LONGEST && *options == RenderOptions::default() && *limits == Limits::default();
    if !is_kept {
        return parse(template, options, limits);
    }
    if let Some(found) = PARSED.with_borrow(|parsed| parsed.get(template).cloned()) {
        return Ok(found);
    }
    let made = parse(template, options, limits)?;
    PARSED.with_borrow_mut(|parsed| {
        if parsed.len() >= MOST {
            parsed.clear();
        }
        parsed.insert(template.into(), Rc::clone(&made));
    });
    Ok(made)
}

fn parse(template: &str, options: &RenderOptions, limits: &Limits) -> Result<Rc<Parsed>> {
    let (tree, root) = statements::parse(template, options, limits)?;
    let plan = plan::plan(&tree, root, limits.work_units)?;
    Ok(Rc::new(Parsed { tree, root, plan }))
}
