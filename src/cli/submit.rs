//! `platform submit [PATH...]`.

use std::path::PathBuf;
use std::sync::Arc;

use super::session::{Place, Session};
use super::{Output, diff, forge};
use crate::diagnostic::Severity;
use crate::error::{Exit, Failure};
use crate::impact;
use crate::ops::diff::Head;
use crate::ops::new::NewFile;
use crate::ops::submit::{self, LocalRequest, Sending, Target};
use crate::ops::{rendered, validate};
use crate::output::progress::Steps;
use crate::output::{self, diagnostics};

/// The folders and files of a central repository that a request may change.
const MANAGED: [&str; 9] =
    ["platform.yaml", "templates", "types", "policies", "rendered", "gitops", "crds", "CODEOWNERS", "docs"];

/// The longest part of a pull request's text that says what the request does: the rest is the list of files,
/// and GitHub takes 65,536 characters.
const LONGEST_IMPACT: usize = 30_000;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files and folders to send; everything that you changed in the platform's folders by default
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Title of the commit and the pull request
    #[arg(short, long)]
    title: Option<String>,
    /// Open the pull request as a draft
    #[arg(long)]
    draft: bool,
    /// Only say what would be sent
    #[arg(long)]
    dry_run: bool,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let place = session.place()?;
    let progress = Arc::new(Steps::new(&session.console));
    let mut local = gather(arguments, session, &place, &progress)?;
    let rendered = render(session, &place, &mut local)?;
    for path in &local.0.left_out {
        session
            .console
            .note(format!("not sent: {path} is outside of the platform's folders; name it to send it\n"));
    }
    if local.0.request.edits.is_empty() {
        crate::output::submit::print_nothing(&session.console, &local.0.landed, place.settings.base());
        return Ok(Exit::Fine);
    }
    if !is_valid(session, &place, &local.0, &rendered)? {
        return Err(Failure::new(Exit::No, "nothing was sent: the files have errors")
            .hint("mend them, then submit again"));
    }
    let sending = Sending {
        request: local.0.request,
        base_commit: local.1,
        draft: arguments.draft,
        dry_run: arguments.dry_run,
    };
    send(session, &place, &sending, arguments.output, progress)
}

/// What the user changed, and the tip of the base branch that it fits.
fn gather(
    arguments: &Arguments,
    session: &Session,
    place: &Place,
    progress: &Arc<Steps>,
) -> Result<(LocalRequest, crate::git::CommitId), Failure> {
    use crate::progress::Progress;
    let repository = place.repository()?;
    let (remote, base) = (place.settings.remote(), place.settings.base());
    progress.step(&format!("fetching {base} from {remote}"));
    let base_commit = submit::fetch_base(repository, remote, base)?;
    progress.done();
    let mut managed = place.settings.catalog_paths();
    managed.extend(MANAGED.map(str::to_owned));
    let mut named = Vec::new();
    for path in &arguments.paths {
        named.push(place.relative(session, path)?);
    }
    let mut local = submit::local_request(repository, &base_commit, &managed, &named)?;
    local.request.own_title.clone_from(&arguments.title);
    Ok((local, base_commit))
}

/// Takes the rendered files that the request needs into it, where they are not what they should be in the
/// work tree. The work tree stays as it is.
fn render(
    session: &Session,
    place: &Place,
    (local, base): &mut (LocalRequest, crate::git::CommitId),
) -> Result<Vec<NewFile>, Failure> {
    let repository = place.repository()?;
    let files = local.files(repository, base)?;
    let validation = place.validation(session.environment.now()?);
    let rendered = rendered::of_request(repository, base, &validation, &files)?;
    local.take(repository, base, &rendered)?;
    if !rendered.is_empty() {
        let paths: Vec<&str> = rendered.iter().map(|file| file.path.as_str()).collect();
        let note = format!("rendered anew in the request: {}\n", paths.join(", "));
        session.console.note(note + "  your own files stay as they are: platform render --write\n");
    }
    Ok(rendered)
}

/// Whether the request's files have no errors; those that they have are shown.
fn is_valid(
    session: &Session,
    place: &Place,
    local: &LocalRequest,
    rendered: &[NewFile],
) -> Result<bool, Failure> {
    let mut request = place.validation(session.environment.now()?);
    request.lay_over(rendered);
    request.paths = local.request.edits.iter().map(|edit| edit.path.clone()).collect();
    let report = validate::validate(&request);
    let errors: Vec<_> =
        report.findings.into_iter().filter(|found| found.severity == Severity::Error).collect();
    diagnostics::print_to_stderr(&session.console, &report.sources, &errors);
    Ok(errors.is_empty())
}

/// Sends a request and reports what became of it.
pub(super) fn send(
    session: &Session,
    place: &Place,
    sending: &Sending,
    output: Output,
    progress: Arc<Steps>,
) -> Result<Exit, Failure> {
    let (forge, identity) = forge::connect(session, place, progress.clone())?;
    let target = Target {
        repository: place.repository()?,
        remote: place.settings.remote(),
        base: place.settings.base(),
        prefix: place.settings.text("git.branchPrefix").unwrap_or("platform/"),
        identity,
        now: session.environment.now()?,
        progress,
    };
    let mut sending = sending.clone();
    if !sending.dry_run {
        sending.request.impact = described(session, place, &sending);
    }
    let report = submit::submit(&target, &*forge, &sending)?;
    crate::output::submit::print(&session.console, output.into(), &report)?;
    Ok(Exit::Fine)
}

/// What the request does, for the text of the pull request. A request that cannot be compared is sent all
/// the same: its reviewers see the files.
fn described(session: &Session, place: &Place, sending: &Sending) -> String {
    if !place.is_central {
        return String::new();
    }
    let comparison = diff::Comparison {
        base: sending.base_commit.clone(),
        head: Head::Edits(sending.request.edits.clone()),
        guard: None,
        live: None,
    };
    match diff::compare(session, place, comparison) {
        Ok(report) => {
            let refused = report.refusals.len();
            let high =
                report.plan.risks.iter().filter(|risk| risk.severity == impact::Severity::High).count();
            if refused > 0 || high > 0 {
                let warning =
                    format!("high risks: {high}, refused by the guard: {refused}; see platform diff");
                session.console.warn(&warning);
            }
            output::diff::markdown(&report, LONGEST_IMPACT)
        }
        Err(failure) => {
            session
                .console
                .warn(&format!("the pull request does not say what it changes: {}", failure.message));
            String::new()
        }
    }
}
