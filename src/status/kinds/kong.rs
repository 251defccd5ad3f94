//! Kong: plugins, consumers and the like say `Programmed`.

use crate::status::generic;
use crate::status::verdict::{Health, Verdict};
use crate::status::view::View;

/// The schema defaults the condition to `Unknown`/`Pending`: that is nobody's word. `Invalid` is final.
pub(crate) fn configuration(view: &View<'_>) -> Option<Verdict> {
    let Some(programmed) = view.condition("Programmed") else {
        return generic::judge(view);
    };
    Some(match (programmed.status, programmed.reason) {
        ("False", "Invalid") => programmed.verdict(Health::Degraded),
        ("Unknown", "Pending") => Verdict::progressing("Pending", "no Kong controller has looked at it yet"),
        _ => generic::by_condition(view, &programmed),
    })
}
