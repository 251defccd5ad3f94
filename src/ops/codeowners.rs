//! `codeowners`: who is asked to approve a change, from who owns what in the catalog.
//!
//! Only the lines between two marks are made here; what people write around them stays. Whether anybody
//! has to approve is for the forge to say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;

use super::catalog::below;
use crate::catalog::Catalog;
use crate::entity::{Entity, EntityRef, Relation};
use crate::forge::Kind;

/// The file, at the top of the repository: GitHub, GitLab, Gitea and Forgejo look there.
pub const FILE: &str = "CODEOWNERS";

const BEGIN: &str = "# platform: begin";
const END: &str = "# platform: end";

/// The annotation that says whom to ask, in the forge's own words: `@acme/shop-team`.
const OWN: &str = "platform.internal/codeowner";
/// Annotations that Backstage's providers write on groups and users, without the `@`.
const OF_OTHERS: [&str; 4] =
    ["github.com/team-slug", "gitlab.com/team-path", "github.com/user-login", "gitlab.com/user-login"];

/// How patterns are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// As in `.gitignore`: GitHub and GitLab. The last line that fits counts.
    Glob,
    /// Regular expressions of Go: Gitea and Forgejo. All lines that fit count.
    Regex,
}

impl Syntax {
    /// That of a forge.
    pub fn of(kind: Option<Kind>) -> Self {
        match kind {
            Some(Kind::Gitea | Kind::Forgejo) => Self::Regex,
            _ => Self::Glob,
        }
    }

    fn folder(self, path: &str) -> String {
        match self {
            Self::Glob => format!("/{}/", escaped(path)),
            Self::Regex => format!("{}/.*", quoted(path)),
        }
    }

    fn file(self, path: &str) -> String {
        match self {
            Self::Glob => format!("/{}", escaped(path)),
            Self::Regex => quoted(path),
        }
    }
}

/// What the lines are made from.
pub struct Request<'a> {
    /// The catalog, with its texts.
    pub catalog: &'a Catalog,
    /// The folders whose files are entities.
    pub folders: &'a [String],
    /// How patterns are written.
    pub syntax: Syntax,
    /// The organisation whose teams are called like the groups; without, every group needs an annotation.
    pub org: Option<&'a str>,
    /// The file as it is; `None` if there is none.
    pub present: Option<&'a str>,
}

/// What the file should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What is in it.
    pub before: Option<String>,
    /// What should be in it.
    pub after: String,
    /// Owners whose name on the forge is not known, and why: one line each, sorted.
    pub unknown: BTreeSet<String>,
}

impl Report {
    /// Whether the file is as it should be.
    pub fn is_up_to_date(&self) -> bool {
        self.before.as_deref() == Some(&self.after)
    }
}

/// Makes the lines between the marks anew.
pub fn codeowners(request: &Request<'_>) -> Report {
    let mut names = Names { request, known: BTreeMap::new() };
    let mut files: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut unknown = BTreeSet::new();
    for entity in request.catalog.entities() {
        let path = request.catalog.sources().path(entity.span.source);
        if !request.folders.iter().any(|folder| below(path, folder)) {
            continue;
        }
        let owners = files.entry(path).or_default();
        for owner in owners_of(entity) {
            match names.of(&owner) {
                Ok(name) => drop(owners.insert(name)),
                Err(reason) => drop(unknown.insert(reason)),
            }
        }
    }
    let files: Vec<(&str, &BTreeSet<String>)> = files.iter().map(|(path, owners)| (*path, owners)).collect();
    let mut lines = String::new();
    for folder in request.folders {
        let folder = folder.trim_start_matches("./").trim_end_matches('/');
        let folder = if folder == "." { "" } else { folder };
        let inside: Vec<_> = files.iter().copied().filter(|(path, _)| below(path, folder)).collect();
        let start = if folder.is_empty() { 0 } else { folder.len() + 1 };
        cover(&inside, start, request.syntax, &mut lines);
    }
    let after = with_block(request.present, &lines);
    Report { before: request.present.map(str::to_owned), after, unknown }
}

/// The file of a repository with one team: it owns what nobody else does.
pub fn first(team: &str, org: &str, syntax: Syntax) -> String {
    let owner = format!("@{org}/{team}");
    let rest = match syntax {
        Syntax::Glob => format!("* {owner}\n"),
        Syntax::Regex => format!("!catalog/.* {owner}\n"),
    };
    let head = format!(
        "# Who is asked to approve a change. What no team owns, the platform team answers for: types, policies, GitOps, CI.\n{rest}\n"
    );
    let lines = format!("{} {owner}\n", syntax.folder(&format!("catalog/{team}")));
    with_block(Some(&head), &lines)
}

/// The text with the lines between the marks; behind everything else where there are no marks yet.
fn with_block(present: Option<&str>, lines: &str) -> String {
    let block = format!(
        "{BEGIN}\n# Made from the catalog by `platform codeowners --write`. What stands outside of the marks stays.\n{lines}{END}\n"
    );
    let Some(present) = present else { return block };
    let mut before = String::new();
    let mut rest = present.split_inclusive('\n');
    for line in rest.by_ref() {
        if line.trim_end() == BEGIN {
            let after: String = rest.skip_while(|line| line.trim_end() != END).skip(1).collect();
            return format!("{before}{block}{after}");
        }
        before.push_str(line);
    }
    let gap = if before.is_empty() || before.ends_with("\n\n") {
        ""
    } else if before.ends_with('\n') {
        "\n"
    } else {
        "\n\n"
    };
    format!("{before}{gap}{block}")
}

/// One line for a folder whose files all belong to the same owners, and lines for what is in it otherwise.
/// `start` is where the names in the folder begin; the folder itself gets no line, as others may come.
fn cover(files: &[(&str, &BTreeSet<String>)], start: usize, syntax: Syntax, lines: &mut String) {
    let name =
        |path: &str| path.get(start..).and_then(|rest| rest.split('/').next()).unwrap_or_default().len();
    for group in files.chunk_by(|(a, _), (b, _)| {
        let end = start + name(a);
        end == start + name(b) && a.get(..end) == b.get(..end)
    }) {
        let Some((path, owners)) = group.first() else { continue };
        let end = start + name(path);
        let is_folder = path.len() > end;
        let is_one = group.iter().all(|(_, others)| others == owners) && !owners.is_empty();
        let pattern = match (is_folder, is_one) {
            (true, true) => syntax.folder(&path[..end]),
            (true, false) => {
                cover(group, end + 1, syntax, lines);
                continue;
            }
            (false, true) => syntax.file(path),
            (false, false) => continue,
        };
        let owners: Vec<&str> = owners.iter().map(String::as_str).collect();
        let _ = writeln!(lines, "{pattern} {}", owners.join(" "));
    }
}

/// Who answers for an entity: its owner; a group for itself; for a user the groups it is in.
fn owners_of(entity: &Entity) -> Vec<EntityRef> {
    match entity.reference.kind() {
        "group" => vec![entity.reference.clone()],
        "user" => {
            let groups = entity.references.iter().filter(|named| named.relation == Relation::MemberOf);
            groups.map(|named| named.target.clone()).collect()
        }
        _ => entity.owner().cloned().into_iter().collect(),
    }
}

/// The names of owners on the forge, each looked up once.
struct Names<'a> {
    request: &'a Request<'a>,
    known: BTreeMap<EntityRef, Result<String, String>>,
}

impl Names<'_> {
    fn of(&mut self, owner: &EntityRef) -> Result<String, String> {
        if let Some(known) = self.known.get(owner) {
            return known.clone();
        }
        let found = self.look_up(owner);
        self.known.insert(owner.clone(), found.clone());
        found
    }

    fn look_up(&self, owner: &EntityRef) -> Result<String, String> {
        let shown = owner.short();
        let Some(value) = self.request.catalog.value(owner) else {
            return Err(format!("{shown} is not in the catalog"));
        };
        let annotation = |name: &str| {
            value.get("metadata")?.get("annotations")?.get(name).and_then(Value::as_str).map(str::to_owned)
        };
        let told = annotation(OWN)
            .or_else(|| OF_OTHERS.iter().find_map(|name| annotation(name)).map(|name| format!("@{name}")));
        let org = self.request.org.filter(|_| owner.kind() == "group");
        match told.or_else(|| Some(format!("@{}/{}", org?, owner.name()))) {
            Some(name) if is_owner(&name) => Ok(name),
            Some(name) => Err(format!("{shown} is called {name:?}, which {FILE} cannot hold")),
            None if owner.kind() == "group" => {
                Err(format!("{shown} has no annotation {OWN}, and no organisation is known (--org)"))
            }
            None => Err(format!("{shown} has no annotation {OWN}")),
        }
    }
}

/// `@user`, `@org/team` or an address, and nothing that could be more than one word.
fn is_owner(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "@/._+-".contains(c);
    name.len() > 1 && name.len() <= 256 && name.contains('@') && name.chars().all(fits)
}

/// A path as a pattern: what would end it or mean something else is escaped.
fn escaped(path: &str) -> String {
    let mut text = String::new();
    for letter in path.chars() {
        match letter {
            ' ' | '#' | '*' | '?' | '[' | ']' | '\\' | '!' => text.extend(['\\', letter]),
            // no pattern can hold these; one letter stands for it
            letter if letter.is_control() => text.push('?'),
            letter => text.push(letter),
        }
    }
    text
}

/// A path as a regular expression in Gitea's file, where a backslash is written twice.
fn quoted(path: &str) -> String {
    let mut text = String::new();
    for letter in path.chars() {
        match letter {
            ' ' | '#' => text.extend(['\\', letter]),
            letter if ".+*?()|[]{}^$".contains(letter) => text.extend(['\\', '\\', letter]),
            letter if letter.is_control() || letter == '\\' => text.push('.'),
            letter => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Report, Request, Syntax, codeowners, first};
    use crate::catalog::build;
    use crate::source::Sources;

    const TEAMS: &str = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: shop}\nspec: {type: team, children: []}\n---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: pay, annotations: {github.com/team-slug: acme/payments}}\nspec: {type: team, children: []}\n---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: odd, annotations: {platform.internal/codeowner: \"@a @b\"}}\nspec: {type: team, children: []}\n";

    fn system(name: &str, owner: &str) -> String {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {{name: {name}}}\nspec: {{owner: {owner}}}\n"
        )
    }

    fn report(files: &[(&str, &str)], syntax: Syntax, present: Option<&str>) -> Report {
        let mut sources = Sources::default();
        sources.add("teams.yaml", Some(TEAMS.into()));
        for (index, (path, owner)) in files.iter().enumerate() {
            sources.add(*path, Some(system(&format!("s{index}"), owner).into()));
        }
        let (catalog, _) = build(sources);
        let folders = ["./catalog/".to_owned()];
        codeowners(&Request { catalog: &catalog, folders: &folders, syntax, org: Some("acme"), present })
    }

    fn check(files: &[(&str, &str)], syntax: Syntax, expected: &[&str]) {
        let after = report(files, syntax, None).after;
        let lines: Vec<&str> = after.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(lines, expected, "{after}");
    }

    #[test]
    fn a_folder_of_one_owner_is_one_line() {
        let files = [
            ("catalog/a/x.yaml", "shop"),
            ("catalog/a/deep/y.yaml", "shop"),
            ("catalog/ab/x.yaml", "pay"),
            ("catalog/mixed/one.yaml", "shop"),
            ("catalog/mixed/own/x.yaml", "pay"),
            ("elsewhere/x.yaml", "shop"),
        ];
        check(
            &files,
            Syntax::Glob,
            &[
                "/catalog/a/ @acme/shop",
                "/catalog/ab/ @acme/payments",
                "/catalog/mixed/one.yaml @acme/shop",
                "/catalog/mixed/own/ @acme/payments",
            ],
        );
        check(
            &files[3..5],
            Syntax::Regex,
            &["catalog/mixed/one\\\\.yaml @acme/shop", "catalog/mixed/own/.* @acme/payments"],
        );
        check(&[("catalog/a b#/[x].yaml", "shop")], Syntax::Glob, &["/catalog/a\\ b\\#/ @acme/shop"]);
    }

    #[test]
    fn names_that_are_more_than_a_name_are_told_and_left_out() {
        let report =
            report(&[("catalog/a/x.yaml", "odd"), ("catalog/b/x.yaml", "user:ada")], Syntax::Glob, None);
        assert!(!report.after.contains("@a @b"), "{}", report.after);
        let unknown: Vec<_> = report.unknown.into_iter().collect();
        assert_eq!(
            unknown,
            ["group:odd is called \"@a @b\", which CODEOWNERS cannot hold", "user:ada is not in the catalog"]
        );
    }

    #[test]
    fn what_stands_around_the_marks_stays() {
        let files = [("catalog/a/x.yaml", "shop")];
        let once = report(&files, Syntax::Glob, Some("* @acme/all")).after;
        let text = format!("{once}/types/ @acme/special\n");
        assert!(text.starts_with("* @acme/all\n\n# platform: begin\n"), "{text}");
        assert_eq!(report(&files, Syntax::Glob, Some(&text)).after, text);
        let other = report(&[("catalog/b/x.yaml", "pay")], Syntax::Glob, Some(&text)).after;
        assert!(other.contains("/catalog/b/ @acme/payments") && !other.contains("/catalog/a/"), "{other}");
        assert!(other.ends_with("# platform: end\n/types/ @acme/special\n"), "{other}");
    }

    #[test]
    fn the_first_file_is_what_its_catalog_would_give() {
        let group = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: ops}\nspec: {type: team, children: []}\n";
        for syntax in [Syntax::Glob, Syntax::Regex] {
            let mut sources = Sources::default();
            sources.add("catalog/ops/team.yaml", Some(group.into()));
            let (catalog, _) = build(sources);
            let text = first("ops", "acme", syntax);
            let folders = ["catalog".to_owned()];
            let request = Request {
                catalog: &catalog,
                folders: &folders,
                syntax,
                org: Some("acme"),
                present: Some(&text),
            };
            assert_eq!(codeowners(&request).after, text);
        }
    }
}
