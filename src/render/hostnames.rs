//! Names in DNS that entities answer for, and who stands in whose way.
//!
//! Only what the types say of their entities counts: what else answers for a name is not known here.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fill::Filler;
use super::resource_type::HostnameTemplate;
use super::schema::short;

/// A name that an entity answers for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hostname {
    /// The name in lower case; with `*.` in front, all names below.
    pub name: String,
    /// What the paths of the requests start with, `/` for all.
    pub paths: Vec<String>,
    /// The place in the entity that asks for it, as a JSON pointer.
    pub pointer: String,
}

/// How one name stands in another's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// Both want the same requests.
    Same,
    /// The first has a path above that of the second, which takes its requests away from it.
    Path,
    /// The first is a wildcard that the second is an exception of.
    Wildcard,
}

/// Two entities that want the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The position of the one that counts as there first.
    pub first: (usize, usize),
    /// The position of the one that is in its way.
    pub second: (usize, usize),
    /// How.
    pub overlap: Overlap,
    /// The path that both want.
    pub path: String,
}

/// The names of one entity, in the order of its type.
pub(crate) fn of_type(templates: &[HostnameTemplate], filler: &mut Filler<'_>) -> Vec<Hostname> {
    let mut found = Vec::new();
    for (index, template) in templates.iter().enumerate() {
        let at = format!("/spec/hostnames/{index}");
        let made = filler.each(template.each.as_ref(), &format!("{at}/each"), |filler| {
            if !filler.holds(template.condition.as_ref(), &format!("{at}/if")) {
                return None;
            }
            let name = filler.text(&template.name, &format!("{at}/name")).to_lowercase();
            let paths = paths(template.paths.as_ref(), filler, &format!("{at}/paths"));
            let pointer = filler.text(&template.pointer, &format!("{at}/pointer"));
            Some(Hostname { name, paths, pointer })
        });
        found.extend(made.into_iter().flatten());
    }
    found
}

fn paths(template: Option<&Value>, filler: &mut Filler<'_>, at: &str) -> Vec<String> {
    let Some(value) = template.and_then(|template| filler.fill(template, at)) else {
        return vec!["/".to_owned()];
    };
    let texts = value.as_array().map(|items| items.iter().map(|item| item.as_str().map(str::to_owned)));
    texts.and_then(Iterator::collect).unwrap_or_else(|| {
        filler.fault(at, format!("`paths` needs a list of texts, and this is {}", short(&value)));
        Vec::new()
    })
}

/// Which names of the entities are in each other's way. Positions are of the entity, then of its name. Each
/// path of a name is told at most once.
pub fn conflicts(entities: &[Vec<Hostname>]) -> Vec<Conflict> {
    let mut holders: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    let mut wildcards: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let all = || {
        entities.iter().enumerate().flat_map(|(at, names)| {
            names.iter().enumerate().map(move |(index, hostname)| ((at, index), hostname))
        })
    };
    for (at, hostname) in all() {
        for path in &hostname.paths {
            holders.entry((&hostname.name, trimmed(path))).or_insert(at);
        }
        if hostname.name.starts_with("*.") {
            wildcards.entry(&hostname.name).or_insert(at);
        }
    }
    let mut found = Vec::new();
    for (at, hostname) in all() {
        for path in &hostname.paths {
            let mut above = ancestors(path).filter_map(|path| holders.get(&(hostname.name.as_str(), path)));
            let same = holders.get(&(hostname.name.as_str(), trimmed(path)));
            let other = |first: &&(usize, usize)| first.0 != at.0;
            let conflict = |first: &(usize, usize), overlap| Conflict {
                first: *first,
                second: at,
                overlap,
                path: path.clone(),
            };
            if let Some(first) = same.filter(other) {
                found.push(conflict(first, Overlap::Same));
            } else if let Some(first) = above.find(other) {
                found.push(conflict(first, Overlap::Path));
            }
        }
        let first = parents(&hostname.name).find_map(|name| wildcards.get(name.as_str()));
        if let Some(first) = first.filter(|first| first.0 != at.0) {
            let path = "/".to_owned();
            found.push(Conflict { first: *first, second: at, overlap: Overlap::Wildcard, path });
        }
    }
    found
}

fn trimmed(path: &str) -> &str {
    path.trim_end_matches('/')
}

/// The paths above one, the nearest first.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(trimmed(path).rsplit_once('/'), |(above, _)| above.rsplit_once('/'))
        .map(|(above, _)| above)
}

/// The wildcards that a name is below of, the nearest first.
fn parents(name: &str) -> impl Iterator<Item = String> {
    let bare = name.strip_prefix("*.").unwrap_or(name);
    std::iter::successors(bare.split_once('.'), |(_, rest)| rest.split_once('.'))
        .map(|(_, rest)| format!("*.{rest}"))
}

#[cfg(test)]
mod tests {
    use super::{Hostname, Overlap, conflicts};

    fn check(entities: &[&[(&str, &[&str])]], expected: &[(usize, usize, Overlap, &str)]) {
        let hostname = |(name, paths): &(&str, &[&str])| Hostname {
            name: (*name).to_owned(),
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            pointer: String::new(),
        };
        let entities: Vec<Vec<Hostname>> =
            entities.iter().map(|names| names.iter().map(hostname).collect()).collect();
        let found: Vec<_> = conflicts(&entities)
            .into_iter()
            .map(|conflict| (conflict.first.0, conflict.second.0, conflict.overlap, conflict.path))
            .collect();
        let expected: Vec<_> = expected.iter().map(|(a, b, c, d)| (*a, *b, *c, (*d).to_owned())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_same_requests_go_to_one_entity() {
        let all: &[&str] = &["/"];
        check(&[&[("a.x.org", all)], &[("b.x.org", all)]], &[]);
        check(&[&[("a.x.org", all)], &[("a.x.org", all)]], &[(0, 1, Overlap::Same, "/")]);
        check(&[&[("a.x.org", all), ("a.x.org", all)]], &[]);
        check(
            &[&[("a.x.org", &["/v1"])], &[("a.x.org", &["/v2", "/v1/"])]],
            &[(0, 1, Overlap::Same, "/v1/")],
        );
    }

    #[test]
    fn what_is_below_takes_requests_away() {
        let path = |a: &[&str], b: &[&str], expected: &[(usize, usize, Overlap, &str)]| {
            check(&[&[("a.x.org", a)], &[("a.x.org", b)]], expected);
        };
        path(&["/"], &["/api"], &[(0, 1, Overlap::Path, "/api")]);
        path(&["/api/v1"], &["/"], &[(1, 0, Overlap::Path, "/api/v1")]);
        path(&["/api"], &["/apis"], &[]);
    }

    #[test]
    fn a_wildcard_has_exceptions() {
        let all: &[&str] = &["/"];
        check(&[&[("*.x.org", all)], &[("a.x.org", all)]], &[(0, 1, Overlap::Wildcard, "/")]);
        check(&[&[("a.b.x.org", all)], &[("*.x.org", all)]], &[(1, 0, Overlap::Wildcard, "/")]);
        check(&[&[("*.x.org", all)], &[("*.b.x.org", all)]], &[(0, 1, Overlap::Wildcard, "/")]);
        check(&[&[("*.x.org", all)], &[("x.org", all)]], &[]);
        check(&[&[("*.x.org", all), ("a.x.org", all)]], &[]);
    }
}
