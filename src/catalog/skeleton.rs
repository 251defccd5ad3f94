//! Which folders hold the skeletons and tests of templates.

use crate::entity::{Resolved, resolve_target};
use crate::yaml::Node;

/// The actions that copy a folder, or a file, from beside the template.
const COPYING: [&str; 4] = ["fetch:template", "fetch:plain", "fetch:template:file", "fetch:plain:file"];

/// The folder where a template's tests keep what they expect.
const TESTS: &str = "./tests";

/// The folders or files that the steps of a template copy from, and the folder of its tests, relative
/// to the root of the repository. `root` is the template's document, `path` its file. Of a URL with an expression in it,
/// the folder before the expression counts; URLs that lead elsewhere are left out.
pub fn skeletons(root: Node<'_>, path: &str) -> Vec<String> {
    let mut found: Vec<String> = root
        .pointer("/spec/steps")
        .into_iter()
        .flat_map(Node::items)
        .filter(|step| {
            let action = step.get("action").and_then(Node::as_str);
            action.is_some_and(|action| COPYING.contains(&&*action))
        })
        .filter_map(|step| step.pointer("/input/url")?.as_str())
        .filter_map(|url| folder(path, &url))
        .chain(folder(path, TESTS))
        .collect();
    found.sort();
    found.dedup();
    found
}

fn folder(path: &str, url: &str) -> Option<String> {
    let fixed = match url.split_once("${{") {
        Some((before, _)) => &before[..=before.rfind('/')?],
        None => url,
    };
    match resolve_target(path, fixed) {
        Resolved::Inside(folder) => Some(folder.trim_end_matches('/').to_owned()),
        Resolved::Outside | Resolved::Elsewhere => None,
    }
}

/// The skeletons of all templates.
#[derive(Debug, Default)]
pub(super) struct Skeletons {
    /// Folder or file, and the template that copies it.
    folders: Vec<(String, String)>,
}

impl Skeletons {
    /// Adds what the templates in the file at `path` copy.
    pub(super) fn add(&mut self, path: &str, folders: &[String]) {
        self.folders.extend(folders.iter().map(|folder| (folder.clone(), path.to_owned())));
    }

    /// Whether the file is copied by a template. A template that copies its own folder is itself not
    /// part of its skeleton.
    pub(super) fn contains(&self, path: &str) -> bool {
        self.folders.iter().any(|(folder, template)| {
            let below = path.strip_prefix(folder.as_str());
            template != path
                && below.is_some_and(|rest| folder.is_empty() || rest.is_empty() || rest.starts_with('/'))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Skeletons, skeletons};
    use crate::source::SourceId;
    use crate::yaml;

    fn check(url: &str, expected: &[&str]) {
        let text = format!("spec:\n  steps:\n    - action: fetch:template\n      input: {{url: '{url}'}}\n");
        let (tree, _) = yaml::parse(SourceId(0), &text);
        let root = tree.documents(&text).next().unwrap().root().unwrap();
        let mut found = skeletons(root, "templates/a/template.yaml");
        let at = found.iter().position(|folder| folder == "templates/a/tests");
        found.remove(at.unwrap());
        assert_eq!(found, expected, "{url}");
    }

    #[test]
    fn skeletons_are_found_beside_the_template() {
        check("./skeleton", &["templates/a/skeleton"]);
        check("../shared/base/", &["templates/shared/base"]);
        check("./skeletons/${{ parameters.language }}", &["templates/a/skeletons"]);
        check("./", &["templates/a"]);
        check("https://example.com/x", &[]);
        check("${{ parameters.url }}", &[]);
    }

    #[test]
    fn files_below_a_skeleton_belong_to_it() {
        let mut known = Skeletons::default();
        known.add("t/template.yaml", &["t/skeleton".to_owned()]);
        known.add("own/template.yaml", &["own".to_owned()]);
        for (path, expected) in [
            ("t/skeleton/catalog-info.yaml", true),
            ("t/skeleton.yaml", false),
            ("t/template.yaml", false),
            ("own/template.yaml", false),
            ("own/catalog-info.yaml", true),
        ] {
            assert_eq!(known.contains(path), expected, "{path}");
        }
    }
}
