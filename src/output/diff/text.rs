//! The report of `diff` for people.

use super::{
    causes, field_action, grouped_grants, grouped_members, live_fields, live_words, short, sign, summary,
    user_names,
};
use crate::entity::EntityRef;
use crate::impact::{Action, FieldChange, Severity, Touched};
use crate::object::ObjectRef;
use crate::ops::diff::{Report, State};
use crate::output::text::wrapped;
use crate::output::validate::count;
use crate::output::{Style, Text};

/// Of one entity or object at most this many fields are shown, and of a list this many lines.
const MOST_FIELDS: usize = 24;
const MOST_LINES: usize = 200;
/// Of users who gain or lose the same this many are named; JSON names all.
const MOST_USERS: usize = 10;
/// Values longer than this are cut.
const LONGEST_VALUE: usize = 72;

/// The whole report, in lines of `width` columns where words allow it.
pub(super) fn whole(report: &Report, width: usize) -> Text {
    let mut page = Page { text: Text::new(), width };
    entities(&mut page, report);
    objects(&mut page, report);
    access(&mut page, report);
    touched(&mut page, report);
    not_compared(&mut page, report);
    live(&mut page, report);
    risks(&mut page, report);
    refusals(&mut page, report);
    end(&mut page, report);
    page.text
}

struct Page {
    text: Text,
    width: usize,
}

impl Page {
    fn heading(&mut self, text: &str) {
        if self.text != Text::new() {
            self.text.line("");
        }
        self.text.push(Style::Strong, format!("{text}\n"));
    }

    /// A line with a sign in front, at a depth; what does not fit goes on below.
    fn line(&mut self, depth: usize, mark: (&str, Style), words: &str) {
        let indent = depth * 2;
        let room = self.width.saturating_sub(indent + mark.0.chars().count() + 1).max(16);
        let hanging = indent + mark.0.chars().count() + 1;
        for (index, part) in wrapped(words, room).into_iter().enumerate() {
            if index == 0 {
                self.text.push(Style::Plain, " ".repeat(indent));
                self.text.push(mark.1, mark.0);
                self.text.push(Style::Plain, format!(" {part}\n"));
            } else {
                self.text.line(format!("{}{part}", " ".repeat(hanging)));
            }
        }
    }

    fn more(&mut self, depth: usize, left: usize, what: &str) {
        if left > 0 {
            self.line(depth, ("…", Style::Dim), &format!("{left} more {what}: -o json has all"));
        }
    }

    fn fields(&mut self, fields: &[FieldChange]) {
        for field in fields.iter().take(MOST_FIELDS) {
            let value = |value: &Option<_>| value.as_ref().map(|value| short(value, LONGEST_VALUE));
            let words = match (value(&field.before), value(&field.after)) {
                (Some(before), Some(after)) => format!("{}: {before} -> {after}", field.path),
                (before, after) => format!("{}: {}", field.path, after.or(before).unwrap_or_default()),
            };
            let words = words.strip_prefix(": ").unwrap_or(&words);
            self.line(3, mark(field_action(field)), words);
        }
        self.more(3, fields.len().saturating_sub(MOST_FIELDS), "fields");
    }
}

fn mark(action: Action) -> (&'static str, Style) {
    let style = match action {
        Action::Create => Style::Good,
        Action::Change | Action::Rename => Style::Warn,
        Action::Destroy => Style::Bad,
    };
    (sign(action), style)
}

fn entities(page: &mut Page, report: &Report) {
    let plan = &report.plan;
    if plan.entities.is_empty() && plan.types.is_empty() {
        return;
    }
    page.heading("Entities");
    for (name, action) in &plan.types {
        page.line(1, mark(*action), &format!("resource type {name}"));
    }
    for change in plan.entities.iter().take(MOST_LINES) {
        let spec_type = change.spec_type.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
        let name = match &change.before {
            Some(before) => format!("{} -> {}", before.short(), change.entity.short()),
            None => change.entity.short(),
        };
        let place = format!("{}:{}", change.place.path, change.place.line);
        page.line(1, mark(change.action), &format!("{name}{spec_type} ({place})"));
        page.fields(&change.fields);
    }
    page.more(1, plan.entities.len().saturating_sub(MOST_LINES), "entities");
}

fn objects(page: &mut Page, report: &Report) {
    let objects = &report.plan.objects;
    if objects.is_empty() {
        return;
    }
    page.heading("Objects");
    let mut entity: Option<(&EntityRef, &str)> = None;
    for change in objects.iter().take(MOST_LINES) {
        let home = (&change.entity, change.cluster.as_str());
        if entity != Some(home) {
            page.line(1, ("of", Style::Dim), &format!("{} in {}", home.0.short(), home.1));
            entity = Some(home);
        }
        let from = change.entity_before.as_ref().map(|it| format!(", which was of {}", it.short()));
        page.line(2, mark(change.action), &format!("{}{}", named(&change.object), from.unwrap_or_default()));
        page.fields(&change.fields);
    }
    page.more(1, objects.len().saturating_sub(MOST_LINES), "objects");
}

fn named(object: &ObjectRef) -> String {
    object.to_string()
}

fn through(groups: &[EntityRef]) -> String {
    let groups: Vec<String> = groups.iter().map(|group| group.name().to_owned()).collect();
    if groups.is_empty() { String::new() } else { format!(" through {}", groups.join(" > ")) }
}

fn access(page: &mut Page, report: &Report) {
    let access = &report.plan.access;
    if !access.grants.is_empty() {
        page.heading("Access");
    }
    let grants = grouped_grants(&access.grants);
    for (change, users) in grants.iter().take(MOST_LINES) {
        let users = user_names(users, MOST_USERS, EntityRef::short);
        let (on, way) = (&change.on, through(&change.through));
        let (action, words) = match (&change.before, &change.after) {
            (Some(before), Some(after)) => (Action::Change, format!("{before} -> {after}")),
            (None, Some(level)) => (Action::Create, level.clone()),
            (level, None) => (Action::Destroy, level.clone().unwrap_or_default()),
        };
        page.line(1, mark(action), &format!("{users}: {words} on {on}{way}"));
    }
    page.more(1, grants.len().saturating_sub(MOST_LINES), "lines");
    if !access.memberships.is_empty() {
        page.heading("Members");
    }
    let members = grouped_members(&access.memberships);
    for (change, users) in members.iter().take(MOST_LINES) {
        let action = if change.joins { Action::Create } else { Action::Destroy };
        let users = user_names(users, MOST_USERS, EntityRef::short);
        let words = format!("{users} in {}{}", change.group.short(), through(&change.through));
        page.line(1, mark(action), &words);
    }
    page.more(1, members.len().saturating_sub(MOST_LINES), "lines");
}

fn touched(page: &mut Page, report: &Report) {
    let says_much = |touched: &&Touched| touched.objects > 0 || !touched.dangling.is_empty();
    let (shown, quiet): (Vec<&Touched>, Vec<&Touched>) = report.plan.touched.iter().partition(says_much);
    if report.plan.touched.is_empty() {
        return;
    }
    page.heading("Touched");
    for touched in shown.iter().take(MOST_LINES) {
        let mut words = Vec::new();
        if touched.objects > 0 {
            words.push(count(touched.objects, "object", "objects"));
        }
        if !touched.dangling.is_empty() {
            let gone: Vec<String> = touched.dangling.iter().map(EntityRef::short).collect();
            words.push(format!("still names {}", gone.join(", ")));
        }
        let because = causes(touched);
        let because =
            if because.is_empty() { String::new() } else { format!(", because of {}", because.join(", ")) };
        page.line(
            1,
            ("*", Style::Dim),
            &format!("{}: {}{because}", touched.entity.short(), words.join(", ")),
        );
    }
    page.more(1, shown.len().saturating_sub(MOST_LINES), "entities");
    if !quiet.is_empty() {
        let names: Vec<String> = quiet.iter().take(8).map(|touched| touched.entity.short()).collect();
        let more = quiet.len() - names.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        page.line(1, ("*", Style::Dim), &format!("relations only: {}{more}", names.join(", ")));
    }
}

fn not_compared(page: &mut Page, report: &Report) {
    if report.other_files.is_empty() && report.unknown_before.is_empty() {
        return;
    }
    page.heading("Not compared");
    for entity in report.unknown_before.iter().take(MOST_LINES) {
        let words = format!("{} could not be rendered before", entity.short());
        page.line(1, ("?", Style::Warn), &words);
    }
    let files = &report.other_files;
    for path in files.iter().take(10) {
        page.line(1, ("?", Style::Dim), path);
    }
    page.more(1, files.len().saturating_sub(10), "files");
}

fn live(page: &mut Page, report: &Report) {
    let Some(Ok(live)) = &report.live else { return };
    page.heading(&format!("Cluster {} at {}", live.cluster, live.server));
    for object in live.objects.iter().take(MOST_LINES) {
        let mark = match &object.state {
            State::Missing => mark(Action::Create),
            State::Different(_) | State::Same => mark(Action::Change),
            State::Prunable => mark(Action::Destroy),
            State::Refused(_) => ("x", Style::Bad),
            State::NamespaceMissing { .. } | State::KindUnknown | State::Undecided { .. } => {
                ("?", Style::Warn)
            }
        };
        let drift = if object.is_in_plan { "" } else { " (drift)" };
        let words = live_words(&object.state);
        page.line(1, mark, &format!("{} of {}: {words}{drift}", object.object, object.entity.short()));
        page.fields(live_fields(&object.state));
    }
    page.more(1, live.objects.len().saturating_sub(MOST_LINES), "objects");
    let others = match live.elsewhere {
        0 => String::new(),
        number => format!(", {number} of other clusters not asked (--cluster NAME)"),
    };
    let same = count(live.same, "object", "objects");
    page.line(1, ("=", Style::Dim), &format!("{same} as they should be{others}"));
}

fn risks(page: &mut Page, report: &Report) {
    if report.plan.risks.is_empty() {
        return;
    }
    page.heading("Risks");
    for risk in report.plan.risks.iter().take(MOST_LINES) {
        let style = match risk.severity {
            Severity::High => Style::Bad,
            Severity::Medium => Style::Warn,
            Severity::Low => Style::Dim,
        };
        let words = format!("{}: {} ({}:{})", risk.id, risk.entity.short(), risk.place.path, risk.place.line);
        page.line(1, (risk.severity.word(), style), &words);
        page.line(2, (" ", Style::Plain), &risk.reason);
        page.line(2, (" ", Style::Plain), &format!("do: {}", risk.action));
    }
    page.more(1, report.plan.risks.len().saturating_sub(MOST_LINES), "risks");
}

fn refusals(page: &mut Page, report: &Report) {
    if report.refusals.is_empty() {
        return;
    }
    page.heading("Refused by the guard");
    for refusal in report.refusals.iter().take(MOST_LINES) {
        let why = refusal.annotation.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
        page.line(1, ("x", Style::Bad), &format!("{}: {}{why}", refusal.entity.short(), refusal.what));
    }
    page.more(1, report.refusals.len().saturating_sub(MOST_LINES), "refusals");
    let fix = format!(
        "to let it go, merge the annotation {}: until DATE into the entity first, in a request of its own",
        crate::impact::ALLOW_ANNOTATION
    );
    page.line(1, ("fix:", Style::Accent), &fix);
}

fn end(page: &mut Page, report: &Report) {
    let plan = &report.plan;
    let since = match &report.head {
        Some(head) => format!("from {} to {}", report.base.short(), head.short()),
        None => format!("since {}", report.base.short()),
    };
    if plan.is_empty() {
        let words =
            if report.problems.is_empty() { "no differences" } else { "no differences that are known" };
        if page.text != Text::new() {
            page.text.line("");
        }
        page.text.line(format!("{words} {since}"));
        return;
    }
    page.text.line("");
    let entities = summary(|action| plan.count(action).0);
    let objects = summary(|action| plan.count(action).1);
    for line in wrapped(&format!("entities: {entities}; objects: {objects}; {since}"), page.width) {
        page.text.line(line);
    }
}
