//! `Array.prototype.sort` of V8: stable, and for short lists with the very comparisons that V8 makes,
//! as templates can bring comparisons that contradict themselves (texts and numbers mixed).

use std::cmp::Ordering;

use super::fault::Result;
use super::value::Value;

/// Below this many items V8 sorts by binary insertion alone.
const SHORT: usize = 64;

/// Sorts like `items.sort(compare)`: undefined items go to the end, holes behind them.
pub(super) fn sort_items(
    items: Vec<Option<Value>>,
    mut compare: impl FnMut(&Value, &Value) -> Result<Ordering>,
) -> Result<Vec<Option<Value>>> {
    let length = items.len();
    let present: Vec<Value> = items.into_iter().flatten().collect();
    let (mut values, undefined): (Vec<Value>, Vec<Value>) =
        present.into_iter().partition(|value| !matches!(value, Value::Undefined));
    sort(&mut values, &mut compare)?;
    let mut sorted: Vec<Option<Value>> = values.into_iter().chain(undefined).map(Some).collect();
    sorted.resize(length, None);
    Ok(sorted)
}

/// Sorts values by a comparison that may fail.
pub(super) fn sort<T: Clone>(
    values: &mut Vec<T>,
    compare: &mut impl FnMut(&T, &T) -> Result<Ordering>,
) -> Result<()> {
    if values.len() < SHORT {
        return insertion(values, compare);
    }
    let mut runs: Vec<Vec<T>> = Vec::new();
    for chunk in values.chunks(SHORT / 2) {
        let mut run = chunk.to_vec();
        insertion(&mut run, compare)?;
        runs.push(run);
    }
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut pairs = runs.into_iter();
        while let Some(left) = pairs.next() {
            merged.push(match pairs.next() {
                Some(right) => merge(left, right, compare)?,
                None => left,
            });
        }
        runs = merged;
    }
    *values = runs.pop().unwrap_or_default();
    Ok(())
}

fn merge<T>(
    left: Vec<T>,
    right: Vec<T>,
    compare: &mut impl FnMut(&T, &T) -> Result<Ordering>,
) -> Result<Vec<T>> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
        let next = if compare(second, first)?.is_lt() { right.next() } else { left.next() };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}

/// The run at the start is kept (or turned round), every other value is inserted by halving.
fn insertion<T: Clone>(values: &mut [T], compare: &mut impl FnMut(&T, &T) -> Result<Ordering>) -> Result<()> {
    if values.len() < 2 {
        return Ok(());
    }
    let descending = compare(&values[1], &values[0])?.is_lt();
    let mut run = 2;
    while run < values.len() && compare(&values[run], &values[run - 1])?.is_lt() == descending {
        run += 1;
    }
    if descending {
        values[..run].reverse();
    }
    for index in run..values.len() {
        let (mut low, mut high) = (0, index);
        while low < high {
            let middle = low + (high - low) / 2;
            if compare(&values[index], &values[middle])?.is_lt() {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        values[low..=index].rotate_right(1);
    }
    Ok(())
}
