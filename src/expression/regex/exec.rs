//! The matcher: instructions against code units, with what to undo on an explicit stack.

use super::super::fault::{Fault, Result};
use super::super::limits::Budget;
use super::class::{canonical, is_line_end, is_word};
use super::compile::Instruction;
use super::parse::UNBOUNDED;
use super::{Captures, Program};

/// What one step costs, in elementary steps.
const STEP: usize = 16;
/// Entries of the stack; each is a few words.
const MAX_STACK: usize = 2_000_000;

enum Undo {
    /// Another way to go on.
    Branch {
        pc: usize,
        position: usize,
    },
    /// One more round of a lazy repetition.
    Round {
        pc: usize,
        position: usize,
    },
    Slot {
        slot: usize,
        value: Option<usize>,
    },
    Counter {
        counter: usize,
        value: Counter,
    },
}

#[derive(Clone, Copy, Default)]
struct Counter {
    rounds: u32,
    /// Where the current round began.
    start: usize,
}

struct Matcher<'a> {
    program: &'a Program,
    text: &'a [u16],
    slots: Vec<Option<usize>>,
    counters: Vec<Counter>,
    stack: Vec<Undo>,
    budget: &'a mut Budget,
}

impl Program {
    /// The first match at or after `start`.
    pub(in super::super) fn search(
        &self,
        text: &[u16],
        start: usize,
        budget: &mut Budget,
    ) -> Result<Option<Captures>> {
        for position in start..=text.len() {
            if let Some(captures) = self.match_at(text, position, budget)? {
                return Ok(Some(captures));
            }
        }
        Ok(None)
    }

    /// The match that begins at `position`.
    pub(in super::super) fn match_at(
        &self,
        text: &[u16],
        position: usize,
        budget: &mut Budget,
    ) -> Result<Option<Captures>> {
        budget.toil(1 + self.groups + self.counters)?;
        let mut matcher = Matcher {
            program: self,
            text,
            slots: vec![None; self.groups * 2],
            counters: vec![Counter::default(); self.counters],
            stack: Vec::new(),
            budget,
        };
        let Some(end) = matcher.run(0, position)? else { return Ok(None) };
        let mut captures: Captures = matcher.slots.chunks(2).map(|pair| Some((pair[0]?, pair[1]?))).collect();
        captures[0] = Some((position, end));
        Ok(Some(captures))
    }
}

impl Matcher<'_> {
    /// Runs from an instruction to `Match`: where it ended, or nothing.
    fn run(&mut self, pc: usize, position: usize) -> Result<Option<usize>> {
        let floor = self.stack.len();
        let mut here = Some((pc, position));
        loop {
            self.budget.toil(STEP)?;
            match here {
                Some((pc, position)) if matches!(self.program.code[pc], Instruction::Match) => {
                    return Ok(Some(position));
                }
                Some((pc, position)) => here = self.step(pc, position)?,
                None if self.stack.len() == floor => return Ok(None),
                None => here = self.undo()?,
            }
        }
    }

    fn push(&mut self, undo: Undo) -> Result<()> {
        if self.stack.len() >= MAX_STACK {
            return Err(Fault::limit("ways to match a regular expression", MAX_STACK));
        }
        self.stack.push(undo);
        Ok(())
    }

    fn undo(&mut self) -> Result<Option<(usize, usize)>> {
        match self.stack.pop() {
            Some(Undo::Branch { pc, position }) => return Ok(Some((pc, position))),
            Some(Undo::Round { pc, position }) => return self.begin_round(pc, position),
            Some(other) => self.restore(&other),
            None => {}
        }
        Ok(None)
    }

    fn restore(&mut self, undo: &Undo) {
        match undo {
            Undo::Slot { slot, value } => self.slots[*slot] = *value,
            Undo::Counter { counter, value } => self.counters[*counter] = *value,
            Undo::Branch { .. } | Undo::Round { .. } => {}
        }
    }

    fn set_slot(&mut self, slot: usize, value: Option<usize>) -> Result<()> {
        self.push(Undo::Slot { slot, value: self.slots[slot] })?;
        self.slots[slot] = value;
        Ok(())
    }

    fn set_counter(&mut self, counter: usize, value: Counter) -> Result<()> {
        self.push(Undo::Counter { counter, value: self.counters[counter] })?;
        self.counters[counter] = value;
        Ok(())
    }

    /// The next unit in a direction, and the position behind it.
    fn unit(&self, position: usize, back: bool) -> Option<(u16, usize)> {
        let index = if back { position.checked_sub(1)? } else { position };
        let unit = *self.text.get(index)?;
        Some((unit, if back { index } else { index + 1 }))
    }

    fn step(&mut self, pc: usize, position: usize) -> Result<Option<(usize, usize)>> {
        let program = self.program;
        let go = |holds: bool| holds.then_some((pc + 1, position));
        Ok(match &program.code[pc] {
            Instruction::Unit { unit, back } => {
                let ignore_case = program.ignore_case;
                let same = |found: u16| found == *unit || (ignore_case && canonical(found) == *unit);
                self.unit(position, *back).filter(|(found, _)| same(*found)).map(|(_, next)| (pc + 1, next))
            }
            Instruction::Class { class, back } => {
                let class = &program.classes[*class];
                let found =
                    self.unit(position, *back).filter(|(unit, _)| class.contains(*unit, program.ignore_case));
                found.map(|(_, next)| (pc + 1, next))
            }
            Instruction::Split { otherwise, greedy } => {
                let (first, second) = if *greedy { (pc + 1, *otherwise) } else { (*otherwise, pc + 1) };
                self.push(Undo::Branch { pc: second, position })?;
                Some((first, position))
            }
            Instruction::Jump(target) => Some((*target, position)),
            Instruction::Save { slot } => {
                self.set_slot(*slot, Some(position))?;
                go(true)
            }
            Instruction::Reference { group, back } => {
                self.reference(*group, position, *back)?.map(|next| (pc + 1, next))
            }
            Instruction::Start => {
                go(position == 0 || (program.multiline && is_line_end(self.text[position - 1])))
            }
            Instruction::End => {
                go(position == self.text.len() || (program.multiline && is_line_end(self.text[position])))
            }
            Instruction::Boundary { negated } => {
                let before = self.unit(position, true).is_some_and(|(unit, _)| is_word(unit));
                let after = self.unit(position, false).is_some_and(|(unit, _)| is_word(unit));
                go((before != after) != *negated)
            }
            Instruction::Look { negated, end } => {
                self.look(pc, position, *negated)?.then_some((*end, position))
            }
            Instruction::Reset { counter } => {
                self.set_counter(*counter, Counter::default())?;
                go(true)
            }
            Instruction::Repeat { .. } => self.repeat(pc, position)?,
            Instruction::Again { repeat } => self.again(*repeat, position),
            Instruction::Match => None,
        })
    }

    /// What a look-around captured stays when it is positive and holds.
    fn look(&mut self, pc: usize, position: usize, negated: bool) -> Result<bool> {
        let floor = self.stack.len();
        let found = self.run(pc + 1, position)?.is_some();
        if found && !negated {
            // Nothing inside is tried again, but its captures must be undone with what came before.
            let inside = self.stack.split_off(floor);
            let kept = |undo: &Undo| matches!(undo, Undo::Slot { .. } | Undo::Counter { .. });
            self.stack.extend(inside.into_iter().filter(kept));
            return Ok(true);
        }
        for undo in self.stack.split_off(floor).iter().rev() {
            self.restore(undo);
        }
        Ok(found != negated)
    }

    fn reference(&mut self, group: usize, position: usize, back: bool) -> Result<Option<usize>> {
        let (Some(start), Some(end)) = (self.slots[group * 2], self.slots[group * 2 + 1]) else {
            return Ok(Some(position));
        };
        let length = end - start;
        self.budget.toil(length)?;
        let from = if back { position.checked_sub(length) } else { Some(position) };
        let Some((from, found)) = from.and_then(|from| Some((from, self.text.get(from..from + length)?)))
        else {
            return Ok(None);
        };
        let fold = |unit: &u16| if self.program.ignore_case { canonical(*unit) } else { *unit };
        let same = found.iter().map(fold).eq(self.text[start..end].iter().map(fold));
        Ok(same.then_some(if back { from } else { from + length }))
    }

    fn repeat(&mut self, pc: usize, position: usize) -> Result<Option<(usize, usize)>> {
        let Instruction::Repeat { counter, min, max, greedy, end, .. } = self.program.code[pc] else {
            return Ok(None);
        };
        let rounds = self.counters[counter].rounds;
        if rounds >= max && max != UNBOUNDED {
            return Ok(Some((end, position)));
        }
        if rounds >= min && !greedy {
            self.push(Undo::Round { pc, position })?;
            return Ok(Some((end, position)));
        }
        if rounds >= min {
            self.push(Undo::Branch { pc: end, position })?;
        }
        self.begin_round(pc, position)
    }

    fn begin_round(&mut self, pc: usize, position: usize) -> Result<Option<(usize, usize)>> {
        let Instruction::Repeat { counter, first, last, .. } = self.program.code[pc] else { return Ok(None) };
        let rounds = self.counters[counter].rounds.saturating_add(1);
        self.set_counter(counter, Counter { rounds, start: position })?;
        for slot in first * 2..last * 2 {
            if self.slots[slot].is_some() {
                self.set_slot(slot, None)?;
            }
        }
        Ok(Some((pc + 1, position)))
    }

    fn again(&self, repeat: usize, position: usize) -> Option<(usize, usize)> {
        let Instruction::Repeat { counter, min, .. } = self.program.code[repeat] else { return None };
        let Counter { rounds, start } = self.counters[counter];
        let empty = position == start && rounds > min;
        (!empty).then_some((repeat, position))
    }
}
