//! What a change to the catalog means beyond its own files: who named the entity, and which Kubernetes
//! objects come and go.

use std::collections::{BTreeMap, BTreeSet};

use super::render;
use super::validate;
use crate::catalog::Catalog;
use crate::entity::EntityRef;
use crate::impact::holds_data;
use crate::object::{Gvk, ObjectRef};
use crate::render::REF_ANNOTATION;

/// What a change means beyond its own files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consequences {
    /// The places that name the entities, and what becomes of each.
    pub references: Vec<Reference>,
    /// Kubernetes objects that come and go.
    pub objects: Vec<ObjectChange>,
    /// Files that move: from and to.
    pub moved: Vec<(String, String)>,
    /// Places that hold the same word and stay as they are.
    pub left: Vec<Place>,
}

impl Consequences {
    /// The objects that go.
    pub fn destroyed(&self) -> impl Iterator<Item = &ObjectChange> {
        self.objects.iter().filter(|change| !change.is_new)
    }
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The field, as people write it: `spec.owner`.
    pub field: String,
}

/// A place that names an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Whom it names.
    pub target: EntityRef,
    /// Who names it.
    pub from: EntityRef,
    /// Where.
    pub place: Place,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// What becomes of a place that names an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It stays, so the entity cannot go. Whether it could be taken out.
    Stays {
        /// Whether the one that names it can do without.
        can_go: bool,
    },
    /// It is taken out.
    Removed,
    /// It names another entity, or the same one by its new name.
    Changed,
}

/// A Kubernetes object that comes or goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectChange {
    /// The object.
    pub object: ObjectRef,
    /// The entity that it belongs to.
    pub entity: String,
    /// Whether it comes.
    pub is_new: bool,
    /// What is lost with it.
    pub state: State,
}

/// Whether something is lost with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It can be made again as it was.
    Nothing,
    /// An operator decides: what it stands for may keep something.
    Unknown,
    /// It keeps something that is gone with it.
    Data,
}

/// Groups whose objects are made again as they were.
const STATELESS: [&str; 14] = [
    "",
    "apps",
    "autoscaling",
    "batch",
    "rbac.authorization.k8s.io",
    "networking.k8s.io",
    "gateway.networking.k8s.io",
    "policy",
    "cert-manager.io",
    "externaldns.k8s.io",
    "configuration.konghq.com",
    "argoproj.io",
    "kustomize.toolkit.fluxcd.io",
    "monitoring.coreos.com",
];

impl State {
    /// What is lost with an object of this kind.
    pub fn of(gvk: &Gvk) -> Self {
        if holds_data(gvk) {
            Self::Data
        } else if STATELESS.contains(&gvk.group.as_str()) {
            Self::Nothing
        } else {
            Self::Unknown
        }
    }
}

/// The objects that come and go from one catalog to the other; those that stay and become different are
/// none of them. Nothing is rendered outside of a central repository.
pub fn objects(before: &Catalog, after: &Catalog, validation: &validate::Request) -> Vec<ObjectChange> {
    let Some(setup) = &validation.rendering else { return Vec::new() };
    let rendered = |catalog: &Catalog| -> BTreeMap<ObjectRef, String> {
        // A type that is broken has a finding of its own.
        let Ok(rendering) = render::prepare(&validation.root, catalog, setup.clone()) else {
            return BTreeMap::new();
        };
        let annotation = format!("/metadata/annotations/{}", REF_ANNOTATION.replace('/', "~1"));
        let objects = render::everything(&rendering, None).objects.into_iter();
        objects
            .map(|object| (object.reference(), object.text(&annotation).unwrap_or_default().to_owned()))
            .collect()
    };
    let (before, after) = (rendered(before), rendered(after));
    let only = |these: &BTreeMap<ObjectRef, String>, those: &BTreeMap<ObjectRef, String>, is_new| {
        let gone = these.iter().filter(|(object, _)| !those.contains_key(*object));
        gone.map(|(object, entity)| ObjectChange {
            object: object.clone(),
            entity: entity.clone(),
            is_new,
            state: State::of(&object.gvk),
        })
        .collect::<BTreeSet<_>>()
    };
    only(&before, &after, false).into_iter().chain(only(&after, &before, true)).collect()
}

#[cfg(test)]
mod tests {
    use super::State;
    use crate::object::Gvk;

    #[test]
    fn kinds_that_keep_something_are_known() {
        for (version, kind, expected) in [
            ("v1", "PersistentVolumeClaim", State::Data),
            ("v1", "Service", State::Nothing),
            ("apps/v1", "Deployment", State::Nothing),
            ("platform.internal/v1alpha1", "PlatformNamespace", State::Data),
            ("acme.example/v1", "Widget", State::Unknown),
        ] {
            assert_eq!(State::of(&Gvk::from_api_version(version, kind)), expected, "{kind}");
        }
    }
}
