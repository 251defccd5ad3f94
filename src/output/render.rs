//! The report of `render`: the objects on stdout, what keeps others from being rendered on stderr.

use std::thread;

use serde::Serialize;
use serde_json::Value;

use super::diagnostics;
use super::{Console, Format, json, unchecked};
use crate::error::Failure;
use crate::object::Object;
use crate::ops::render::Report;
use crate::render::{HEADER, documents};

#[derive(Serialize)]
struct Wire<'a> {
    objects: Vec<&'a Value>,
    unchecked: unchecked::Wire<'a>,
}

/// Writes the objects, as YAML documents for people and for `kubectl apply -f -`.
pub fn print(console: &Console, format: Format, report: &Report) -> Result<(), Failure> {
    match format {
        Format::Text | Format::Yaml => console.print_raw(&manifests(&report.objects)?),
        Format::Json => {
            let objects = report.objects.iter().map(|object| &object.0).collect();
            let unchecked = (&report.unchecked).into();
            json::print(console, format, &Wire { objects, unchecked })?;
        }
    }
    diagnostics::print_to_stderr(console, &report.sources, &report.problems);
    unchecked::note(console, &report.unchecked);
    if report.objects.is_empty() && report.problems.is_empty() {
        console.note("no entity of this catalog becomes an object: only Resources of a resource type do\n");
    }
    Ok(())
}

/// Writes the objects and nothing else to stdout; none when one entity cannot be rendered, as whoever reads
/// them would take what is missing for something to delete.
pub fn print_manifests(console: &Console, report: &Report) -> Result<(), Failure> {
    diagnostics::print_to_stderr(console, &report.sources, &report.problems);
    if report.problems.is_empty() {
        console.print_raw(&manifests(&report.objects)?);
    }
    Ok(())
}

/// The objects as YAML documents, as they are written to `rendered/`.
fn manifests(objects: &[Object]) -> Result<String, Failure> {
    if objects.is_empty() {
        return Ok(String::new());
    }
    let workers = thread::available_parallelism().map_or(1, usize::from);
    // threads are worth it for many objects only
    let share = objects.len().div_ceil(workers).max(256);
    let written: Vec<_> = thread::scope(|scope| {
        let handles: Vec<_> =
            objects.chunks(share).map(|share| scope.spawn(move || documents(share))).collect();
        let joined = handles.into_iter();
        joined.map(|it| it.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    let mut text = HEADER.to_owned();
    for documents in written {
        text.push_str(&documents?);
    }
    Ok(text)
}
