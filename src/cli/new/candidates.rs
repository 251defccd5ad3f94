//! Answers to pickers from the catalog of the repository and from what Git knows about the user.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::session::Place;
use crate::catalog::Catalog;
use crate::entity::{EntityRef, Relation};
use crate::forge::Remote;
use crate::ops::whoami;
use crate::output::form::{Candidates, Offer};
use crate::scaffolder::{EntityPicker, Field, Kind, RepoPart, RepoPlace, TagsPicker, User, Whose};

/// The repository that the remote of a clone is.
pub(super) fn origin(place: &Place) -> Option<RepoPlace> {
    let url = place.repository.as_ref()?.remote_url(place.settings.remote()).ok()?;
    let Remote::Host { host, path, .. } = Remote::parse(&url).ok()? else { return None };
    let (owner, name) = path.rsplit_once('/')?;
    let parts = [(RepoPart::Owner, owner.to_owned()), (RepoPart::Repo, name.to_owned())];
    Some(RepoPlace { host, parts: parts.into() })
}

/// The catalog of the repository as pickers see it.
pub(super) struct FromCatalog<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) user: Option<&'a User>,
    pub(super) place: Option<&'a Place>,
    /// The names of the folders that the user is in, from the top of the repository.
    pub(super) folders: Vec<String>,
}

/// The names of the folders between the top of a repository and a folder in it.
pub(super) fn folders(place: &Place, directory: &std::path::Path) -> Vec<String> {
    let real = |path: &std::path::Path| crate::fs::canonical(path).unwrap_or_else(|_| path.to_path_buf());
    let (root, directory) = (real(&place.root), real(directory));
    let below = directory.strip_prefix(&root).ok();
    below.into_iter().flatten().map(|name| name.to_string_lossy().into_owned()).collect()
}

impl FromCatalog<'_> {
    fn groups(&self) -> Vec<EntityRef> {
        self.user.map(|user| whoami::groups(self.catalog, user)).unwrap_or_default()
    }

    /// The user and the groups of the user.
    fn owners(&self) -> BTreeSet<EntityRef> {
        let user = self.user.and_then(|user| EntityRef::parse(&user.reference, Some("user"), "default").ok());
        self.groups().into_iter().chain(user).collect()
    }
}

impl Candidates for FromCatalog<'_> {
    fn entities(&self, picker: &EntityPicker) -> Vec<Offer> {
        let owners = match picker.whose {
            Whose::Anyone => BTreeSet::new(),
            Whose::Owned => self.owners(),
            Whose::Memberships => self.groups().into_iter().collect(),
        };
        let theirs = |reference: &EntityRef| match picker.whose {
            Whose::Anyone => true,
            Whose::Memberships => owners.contains(reference),
            Whose::Owned => !self.catalog.related(reference, Relation::OwnedBy).is_disjoint(&owners),
        };
        let offer = |entity: &crate::entity::Entity| {
            let value = self.catalog.value_of(entity)?;
            let title = ["/metadata/title", "/spec/profile/displayName"]
                .iter()
                .find_map(|pointer| value.pointer(pointer)?.as_str());
            let reference = entity.reference.to_string();
            let offered = picker.matches(&value) && theirs(&entity.reference);
            offered.then(|| Offer { reference, title: title.map(str::to_owned) })
        };
        let found: BTreeSet<Offer> = self.catalog.entities().filter_map(offer).collect();
        found.into_iter().collect()
    }

    fn tags(&self, picker: &TagsPicker) -> Vec<(String, usize)> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for entity in self.catalog.entities().filter(|entity| picker.takes(entity.reference.kind())) {
            let value = self.catalog.value_of(entity);
            let tags = value.as_ref().and_then(|value| value.pointer("/metadata/tags")?.as_array());
            for tag in tags.into_iter().flatten().filter_map(Value::as_str) {
                *counts.entry(tag.to_owned()).or_default() += 1;
            }
        }
        counts.into_iter().collect()
    }

    fn repository(&self) -> Option<RepoPlace> {
        origin(self.place?)
    }

    fn likely(&self, field: &Field) -> Option<Value> {
        let one = |picker: &EntityPicker| {
            let mut offers = self.entities(picker).into_iter();
            offers.next().filter(|_| offers.next().is_none()).map(|offer| Value::String(offer.reference))
        };
        match &field.kind {
            Kind::Owner(picker) => {
                let offered = self.entities(picker);
                let mine = self.groups().into_iter().map(|group| group.to_string());
                let mut mine = mine.filter(|group| offered.iter().any(|offer| offer.reference == *group));
                mine.next().map(Value::String)
            }
            Kind::Entity(picker) if picker.whose != Whose::Anyone => one(picker),
            // `catalog/shop` is where the entities of the system `shop` are.
            Kind::Entity(picker) => {
                let offers = self.entities(picker);
                let named = |folder: &String| {
                    let ends = |offer: &&Offer| offer.reference.rsplit('/').next() == Some(folder.as_str());
                    offers.iter().find(ends).map(|offer| Value::String(offer.reference.clone()))
                };
                self.folders.iter().rev().find_map(named)
            }
            _ => None,
        }
    }
}
