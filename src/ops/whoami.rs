//! Who the user is in the catalog, told by the e-mail address that Git knows.

use serde_json::Value;

use crate::catalog::Catalog;
use crate::entity::{EntityRef, Relation};
use crate::scaffolder::User;

/// The User entity with this e-mail address in its profile.
pub fn user(catalog: &Catalog, email: &str) -> Option<User> {
    let users = catalog.entities().filter(|entity| entity.reference.kind() == "user");
    users.filter_map(|entity| Some((entity, catalog.value_of(entity)?))).find_map(|(entity, value)| {
        let known = value.pointer("/spec/profile/email").and_then(Value::as_str)?;
        known
            .eq_ignore_ascii_case(email)
            .then(|| User { reference: entity.reference.to_string(), entity: Some(value) })
    })
}

/// The groups that a user is a member of, sorted.
pub fn groups(catalog: &Catalog, user: &User) -> Vec<EntityRef> {
    let Ok(user) = EntityRef::parse(&user.reference, Some("user"), "default") else { return Vec::new() };
    catalog.related(&user, Relation::MemberOf).into_iter().collect()
}
