//! The report of `diff` for a pull request: compact, no longer than asked, and nothing in it that a file
//! of the repository wrote acts as Markdown, HTML or a mention.

use super::{
    causes, field_action, grouped_grants, grouped_members, live_fields, live_words, short, sign, summary,
    user_names,
};
use crate::entity::EntityRef;
use crate::impact::{Action, FieldChange};
use crate::ops::diff::Report;
use crate::output::text::clean;

/// Values longer than this are cut.
const LONGEST_VALUE: usize = 80;
/// Of users who gain or lose the same this many are named.
const MOST_USERS: usize = 25;
/// Of one entity or object at most this many fields are shown.
const MOST_FIELDS: usize = 12;
/// What the end of a text and the closing of its parts need.
const RESERVE: usize = 300;

/// The report, in at most `longest` bytes.
pub fn markdown(report: &Report, longest: usize) -> String {
    let mut page = Page { text: String::new(), left: longest.saturating_sub(RESERVE), cut: 0 };
    let plan = &report.plan;
    page.add("### What this changes\n\n");
    if plan.is_empty() {
        page.add("Nothing: no entity and no object differs.\n");
        live(&mut page, report);
        return page.text;
    }
    let entities = summary(|action| plan.count(action).0);
    let objects = summary(|action| plan.count(action).1);
    page.add(&format!("Entities: **{entities}**. Objects: **{objects}**.\n"));
    refusals(&mut page, report);
    risks(&mut page, report);
    access(&mut page, report);
    entity_list(&mut page, report);
    object_list(&mut page, report);
    touched(&mut page, report);
    live(&mut page, report);
    if page.cut > 0 {
        let (cut, base) = (page.cut, report.base.short());
        page.text
            .extend([format!("\n{cut} more lines do not fit here: `platform diff {base}` shows them.\n")]);
    }
    page.text
}

/// A text that does not grow beyond its limit.
struct Page {
    text: String,
    left: usize,
    cut: usize,
}

impl Page {
    /// Adds a line, or counts it as cut.
    fn add(&mut self, line: &str) {
        if self.cut > 0 || line.len() > self.left {
            self.cut += 1;
            return;
        }
        self.left -= line.len();
        self.text.push_str(line);
    }

    /// A part that is closed at first.
    fn folded(&mut self, title: &str, body: impl FnOnce(&mut Self)) {
        let opening = format!("\n<details><summary>{title}</summary>\n\n");
        let closing = "\n</details>\n";
        if self.cut > 0 || opening.len() + closing.len() > self.left {
            self.cut += 1;
            return;
        }
        self.left -= opening.len() + closing.len();
        self.text.push_str(&opening);
        body(self);
        self.text.push_str(closing);
    }

    fn fields(&mut self, fields: &[FieldChange]) {
        for field in fields.iter().take(MOST_FIELDS) {
            let value = |value: &Option<_>| value.as_ref().map(|value| code(&short(value, LONGEST_VALUE)));
            let (path, sign) = (code(&field.path), sign(field_action(field)));
            let words = match (value(&field.before), value(&field.after)) {
                (Some(before), Some(after)) => format!("{before} → {after}"),
                (before, after) => after.or(before).unwrap_or_default(),
            };
            self.add(&format!("  - `{sign}` {path}: {words}\n"));
        }
        if fields.len() > MOST_FIELDS {
            self.add(&format!("  - {} more fields\n", fields.len() - MOST_FIELDS));
        }
    }
}

/// A text that is shown as it is. Inside of code nothing is a mention, a reference, HTML or Markdown.
fn code(text: &str) -> String {
    let text = clean(text).replace(['\n', '\t'], " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let is_edge = |c: char| c == '`' || c == ' ';
    let pad = if text.is_empty() || text.starts_with(is_edge) || text.ends_with(is_edge) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A sentence with names in it as plain text. Forges look for mentions and links in what Markdown has
/// become, where a backslash is gone: there a character without width keeps them apart.
fn prose(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '\n' | '\t' => shown.push(' '),
            '@' | '#' | '!' | ':' | '$' | '%' => {
                shown.push('\\');
                shown.push(c);
                if c != ':' {
                    shown.push('\u{2060}');
                }
            }
            '.' | ',' | '-' | '(' | ')' | ';' | '\'' => shown.push(c),
            c if c.is_ascii_punctuation() => {
                shown.push('\\');
                shown.push(c);
            }
            c => shown.push(c),
        }
    }
    shown.replace("www.", "www\u{2060}.").replace("\\:\\/\\/", "\\:\u{2060}\\/\\/")
}

/// The same in a table, where a bar would end the cell even inside of code.
fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

fn entity_name(entity: &EntityRef) -> String {
    code(&entity.short())
}

fn refusals(page: &mut Page, report: &Report) {
    if report.refusals.is_empty() {
        return;
    }
    page.add("\n**Refused by the destroy guard**\n\n");
    for refusal in &report.refusals {
        let why = refusal.annotation.as_ref().map(|why| format!(" ({})", prose(why))).unwrap_or_default();
        page.add(&format!("- {}: {}{why}\n", entity_name(&refusal.entity), prose(&refusal.what)));
    }
}

fn risks(page: &mut Page, report: &Report) {
    if report.plan.risks.is_empty() {
        return;
    }
    page.add("\n#### Risks\n\n| severity | where | what | what to do |\n|---|---|---|---|\n");
    for risk in &report.plan.risks {
        page.add(&format!(
            "| **{}** `{}` | {} | {} | {} |\n",
            risk.severity.word(),
            risk.id,
            cell(&risk.entity.short()),
            prose(&risk.reason),
            prose(&risk.action)
        ));
    }
}

fn through(groups: &[EntityRef]) -> String {
    groups.iter().map(entity_name).collect::<Vec<_>>().join(" › ")
}

fn access(page: &mut Page, report: &Report) {
    let access = &report.plan.access;
    if !access.grants.is_empty() {
        page.add("\n#### Access\n\n| who | what | on | through |\n|---|---|---|---|\n");
    }
    for (change, users) in grouped_grants(&access.grants) {
        let what = match (&change.before, &change.after) {
            (Some(before), Some(after)) => format!("{} → {}", cell(before), cell(after)),
            (None, Some(after)) => format!("gains {}", cell(after)),
            (before, None) => format!("loses {}", cell(before.as_deref().unwrap_or_default())),
        };
        let users = user_names(&users, MOST_USERS, |user| cell(&user.short()));
        let way = through(&change.through).replace('|', "\\|");
        page.add(&format!("| {users} | {what} | {} | {way} |\n", cell(&change.on)));
    }
    let members = &access.memberships;
    if members.is_empty() {
        return;
    }
    page.folded(&format!("Members of groups: {}", members.len()), |page| {
        for (change, users) in grouped_members(members) {
            let sign = if change.joins { "+" } else { "-" };
            let way = through(&change.through);
            let way = if way.is_empty() { way } else { format!(" through {way}") };
            let users = user_names(&users, MOST_USERS, entity_name);
            page.add(&format!("- `{sign}` {users} in {}{way}\n", entity_name(&change.group)));
        }
    });
}

fn entity_list(page: &mut Page, report: &Report) {
    let plan = &report.plan;
    page.folded(&format!("Entities: {}", plan.entities.len()), |page| {
        for (name, action) in &plan.types {
            page.add(&format!("- `{}` resource type {}\n", sign(*action), code(name)));
        }
        for change in &plan.entities {
            let name = match &change.before {
                Some(before) => format!("{} → {}", entity_name(before), entity_name(&change.entity)),
                None => entity_name(&change.entity),
            };
            page.add(&format!("- `{}` {name} in {}\n", sign(change.action), code(&change.place.path)));
            page.fields(&change.fields);
        }
    });
}

fn object_list(page: &mut Page, report: &Report) {
    let objects = &report.plan.objects;
    if objects.is_empty() {
        return;
    }
    page.folded(&format!("Objects: {}", objects.len()), |page| {
        for change in objects {
            let (sign, name) = (sign(change.action), code(&change.object.to_string()));
            let of = entity_name(&change.entity);
            page.add(&format!("- `{sign}` {name} of {of} in {}\n", code(&change.cluster)));
            if change.action == Action::Change {
                page.fields(&change.fields);
            }
        }
    });
}

fn touched(page: &mut Page, report: &Report) {
    let touched: Vec<_> =
        report.plan.touched.iter().filter(|it| it.objects > 0 || !it.dangling.is_empty()).collect();
    if touched.is_empty() {
        return;
    }
    page.folded(&format!("Touched: {}", touched.len()), |page| {
        for touched in touched {
            let because: Vec<String> = causes(touched).iter().map(|it| code(it)).collect();
            page.add(&format!("- {} because of {}\n", entity_name(&touched.entity), because.join(", ")));
        }
    });
}

fn live(page: &mut Page, report: &Report) {
    let Some(Ok(live)) = &report.live else { return };
    let title = format!("In the cluster: {} differ, {} as they should be", live.objects.len(), live.same);
    page.folded(&title, |page| {
        for object in &live.objects {
            let drift = if object.is_in_plan { "" } else { " (drift)" };
            let (name, words) = (code(&object.object.to_string()), prose(&live_words(&object.state)));
            page.add(&format!("- {name} of {}: {words}{drift}\n", entity_name(&object.entity)));
            page.fields(live_fields(&object.state));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::{code, prose};

    #[test]
    fn nothing_in_a_name_acts() {
        let check = |text: &str, expected: &str| assert_eq!(code(text), expected, "{text}");
        check("plain", "`plain`");
        check("@all <b>|x", "`@all <b>|x`");
        check("a`b``c", "```a`b``c```");
        check("`", "`` ` ``");
        check("a\nb\u{1b}", "`a b\\u{1b}`");
        check("", "`  `");
    }

    #[test]
    fn nothing_in_a_sentence_acts() {
        let check = |text: &str, expected: &str| assert_eq!(prose(text), expected, "{text}");
        check("its owner was a and is b", "its owner was a and is b");
        check("@all #1 !2", "\\@\u{2060}all \\#\u{2060}1 \\!\u{2060}2");
        check("<img src=x> [a](b) | *c*", "\\<img src\\=x\\> \\[a\\](b) \\| \\*c\\*");
        check("https://x www.y", "https\\:\u{2060}\\/\\/x www\u{2060}.y");
    }
}
