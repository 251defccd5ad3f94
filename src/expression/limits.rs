//! How much one template may cost: the figures of nunjitsu 0.6.2 (`src/limits.ts`), and one of our
//! own for the work that it does not count.

use super::fault::{Fault, Result};

/// Upper bounds for one render.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// UTF-16 code units of template source.
    pub source_units: usize,
    /// Nodes of the syntax tree.
    pub nodes: usize,
    /// Evaluated nodes, loop rounds and visited list elements.
    pub work_units: usize,
    /// Nested constructs when parsing, nested evaluations when rendering.
    pub depth: usize,
    /// UTF-16 code units of rendered text.
    pub output_units: usize,
    /// UTF-8 bytes of the values given to one filter or method.
    pub scratch_bytes: usize,
    /// Calls of filters and globals that are not built in.
    pub filter_calls: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            source_units: 4 * 1024 * 1024,
            nodes: 1_000_000,
            work_units: 1_000_000,
            depth: 512,
            output_units: 16 * 1024 * 1024,
            scratch_bytes: 64 * 1024 * 1024,
            filter_calls: 4096,
        }
    }
}

/// Elements of one list or map.
pub(super) const MAX_ENTRIES: usize = 100_000;
/// Lists and maps inside each other.
pub(super) const MAX_VALUE_DEPTH: usize = 256;
/// Elementary steps that nunjitsu does not count: copied code units, visited elements, steps of a
/// regular expression. Less than a second of work.
const MAX_TOIL: u64 = 100_000_000;

/// What one render has used up.
pub(super) struct Budget {
    pub(super) limits: Limits,
    work: usize,
    output: usize,
    calls: usize,
    toil: u64,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Budget { limits, work: 0, output: 0, calls: 0, toil: 0 }
    }

    /// One step of evaluation at a depth.
    pub(super) fn step(&mut self, depth: usize) -> Result<()> {
        if depth > self.limits.depth {
            return Err(Fault::limit("levels of nesting", self.limits.depth));
        }
        self.work(1)
    }

    pub(super) fn work(&mut self, units: usize) -> Result<()> {
        self.work = self.work.saturating_add(units);
        if self.work > self.limits.work_units {
            return Err(Fault::limit("units of work", self.limits.work_units));
        }
        Ok(())
    }

    pub(super) fn toil(&mut self, steps: usize) -> Result<()> {
        self.toil = self.toil.saturating_add(steps as u64);
        if self.toil > MAX_TOIL {
            return Err(Fault::limit("elementary steps", MAX_TOIL as usize));
        }
        Ok(())
    }

    pub(super) fn output(&mut self, units: usize) -> Result<()> {
        self.output = self.output.saturating_add(units);
        if self.output > self.limits.output_units {
            return Err(Fault::limit("code units of output", self.limits.output_units));
        }
        Ok(())
    }

    pub(super) fn call(&mut self) -> Result<()> {
        self.calls += 1;
        if self.calls > self.limits.filter_calls {
            return Err(Fault::limit("calls of filters and globals", self.limits.filter_calls));
        }
        Ok(())
    }

    pub(super) fn scratch(&self, bytes: usize) -> Result<()> {
        if bytes > self.limits.scratch_bytes {
            return Err(Fault::limit("bytes given to one filter", self.limits.scratch_bytes));
        }
        Ok(())
    }
}
