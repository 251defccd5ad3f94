//! Another state of a catalog: the same files but for some. What is the same is not read again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Catalog;
use super::ingest::{Reading, read};
use super::skeleton::{Skeletons, skeletons};
use crate::entity::Entity;
use crate::source::SourceId;
use crate::yaml;

impl Catalog {
    /// This catalog with other texts in some files, by path; `None` for a file that is not there. `reading`
    /// says how a file is read, and whether at all. The texts of all other files must be kept.
    ///
    /// `None` when a template is among the files: the folders that templates copy from decide which files
    /// count, so everything has to be read then.
    pub fn with_texts<'a>(
        &self,
        texts: &BTreeMap<String, Option<Arc<str>>>,
        reading: impl Fn(&str) -> Option<Reading<'a>>,
    ) -> Option<Self> {
        let mut sources = self.sources.clone();
        let replaced: BTreeSet<SourceId> = sources
            .iter()
            .filter(|(_, source)| texts.contains_key(&*source.path))
            .map(|(id, _)| id)
            .collect();
        let (others, gone): (Vec<&Entity>, Vec<&Entity>) =
            self.entities.iter().partition(|entity| !replaced.contains(&entity.span.source));
        if gone.iter().any(|entity| is_template(entity)) {
            return None;
        }
        let copied = self.copied();
        let mut entities: Vec<Entity> = others.into_iter().cloned().collect();
        for (path, text) in texts {
            let Some((text, reading)) = text.as_ref().zip(reading(path)) else { continue };
            if copied.contains(path) {
                continue;
            }
            let id = sources.add(path.as_str(), Some(Arc::clone(text)));
            let file = read(id, path, text, &reading);
            if file.entities.iter().any(is_template) {
                return None;
            }
            entities.extend(file.entities);
        }
        Some(Self::new(sources, entities))
    }

    /// What the templates copy.
    fn copied(&self) -> Skeletons {
        let mut copied = Skeletons::default();
        for entity in self.entities.iter().filter(|entity| is_template(entity)) {
            let path = self.sources.path(entity.span.source);
            let Some(text) = self.sources.text(entity.span.source) else { continue };
            let (tree, _) = yaml::parse(entity.span.source, text);
            let document = tree.documents(text).nth(entity.document as usize);
            if let Some(root) = document.and_then(|document| document.root()) {
                copied.add(path, &skeletons(root, path));
            }
        }
        copied
    }
}

fn is_template(entity: &Entity) -> bool {
    entity.kind == "Template"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::catalog::{Reading, build};
    use crate::source::Sources;

    fn entity(kind: &str, name: &str) -> String {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {{type: x}}\n"
        )
    }

    fn check(texts: &[(&str, Option<&str>)], expected: Option<&[&str]>) {
        let mut sources = Sources::default();
        sources.add("a.yaml", Some(entity("Group", "a").into()));
        sources.add("b.yaml", Some(entity("Group", "b").into()));
        sources.add("t/template.yaml", Some(entity("Template", "t").into()));
        let (catalog, _) = build(sources);
        let texts: BTreeMap<String, _> =
            texts.iter().map(|(path, text)| ((*path).to_owned(), text.map(Into::into))).collect();
        let found = catalog.with_texts(&texts, |path| (!path.contains(".txt")).then(Reading::default));
        let found = found.map(|catalog| {
            assert!(catalog.entities().all(|entity| catalog.value_of(entity).is_some()));
            catalog.entities().map(|entity| entity.reference.short()).collect::<Vec<_>>()
        });
        assert_eq!(
            found.as_deref(),
            expected.map(|all| all.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()).as_deref()
        );
    }

    #[test]
    fn only_the_other_texts_are_read() {
        let new = entity("User", "new");
        check(&[], Some(&["group:a", "group:b", "template:t"]));
        check(&[("a.yaml", None)], Some(&["group:b", "template:t"]));
        check(
            &[("a.yaml", Some(&new)), ("c.yaml", Some(&new))],
            Some(&["group:b", "template:t", "user:new", "user:new"]),
        );
        check(
            &[("c.txt", Some(&new)), ("t/tests/x.yaml", Some(&new))],
            Some(&["group:a", "group:b", "template:t"]),
        );
        check(&[("t/template.yaml", None)], None);
        check(&[("c.yaml", Some(&entity("Template", "new")))], None);
    }
}
