//! The template that `new` runs: one with a name, or one from outside, which has to be agreed to.

use std::path::Path;
use std::sync::Arc;

use super::session::Session;
use crate::error::Failure;
use crate::ops::templates::external::{Source, fetch};
use crate::ops::templates::trust::{Known, Memory};
use crate::ops::templates::{self, Available, Origin};
use crate::output::progress::Steps;
use crate::output::prompt::Prompt;

fn source(session: &Session, text: &str) -> Option<Result<Source, Failure>> {
    let home = session.environment.get("HOME").map(Path::new);
    Source::parse(text, session.environment.directory(), home)
}

/// The template that a text names. `trust` is the version that was agreed to by a flag.
pub(super) fn template(
    session: &Session,
    root: &Path,
    text: &str,
    trust: Option<&str>,
) -> Result<Available, Failure> {
    let Some(source) = source(session, text) else { return templates::named(Some(root), text) };
    let available = fetch(&source?, &*Arc::new(Steps::new(&session.console)))?;
    let Origin::Elsewhere { source, version } = &available.origin else { return Ok(available) };
    let folder = session.environment.state_folder();
    let memory = Memory::new(folder.as_deref());
    let known = memory.knows(source, version);
    if known == Known::Yes {
        return Ok(available);
    }
    if let Some(trust) = trust {
        return if trust.len() >= 7 && version.starts_with(trust) {
            memory.remember(source, version)?;
            Ok(available)
        } else {
            Err(Failure::usage(format!("{source} is at {version}, not at {trust}"))
                .because("what it does may not be what you have looked at")
                .hint("look at it again; then --trust with the new version"))
        };
    }
    crate::output::templates::outside(&session.console, &available, source, version, &known)?;
    let agreed = session.console.can_ask()
        && Prompt::new(&session.console)
            .confirm("Run this template? It is asked once for each version", false)?;
    if agreed {
        memory.remember(source, version)?;
        return Ok(available);
    }
    let failure = Failure::usage(format!("the template of {source} was not agreed to"));
    let short = version.get(..12).unwrap_or(version);
    Err(failure.because("nothing was written").hint(format!("when you trust it, add --trust={short}")))
}
