//! How entities relate, and which fields say so.

use std::fmt;

/// A relation between two entities, seen from the one that names the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// A team or person answers for it.
    OwnedBy,
    /// The other side of [`Relation::OwnedBy`].
    OwnerOf,
    /// It belongs to a greater whole.
    PartOf,
    /// The other side of [`Relation::PartOf`].
    HasPart,
    /// It offers an API.
    ProvidesApi,
    /// The other side of [`Relation::ProvidesApi`].
    ApiProvidedBy,
    /// It calls an API.
    ConsumesApi,
    /// The other side of [`Relation::ConsumesApi`].
    ApiConsumedBy,
    /// It needs another to work.
    DependsOn,
    /// The other side of [`Relation::DependsOn`].
    DependencyOf,
    /// It is a group within a group.
    ChildOf,
    /// The other side of [`Relation::ChildOf`].
    ParentOf,
    /// A user is in a group.
    MemberOf,
    /// The other side of [`Relation::MemberOf`].
    HasMember,
}

impl Relation {
    /// All of them, each at the position of its number: `OwnedBy as usize` is 0.
    pub const ALL: [Self; 14] = [
        Self::OwnedBy,
        Self::OwnerOf,
        Self::PartOf,
        Self::HasPart,
        Self::ProvidesApi,
        Self::ApiProvidedBy,
        Self::ConsumesApi,
        Self::ApiConsumedBy,
        Self::DependsOn,
        Self::DependencyOf,
        Self::ChildOf,
        Self::ParentOf,
        Self::MemberOf,
        Self::HasMember,
    ];

    /// Backstage's name for it: `ownedBy`.
    pub fn name(self) -> &'static str {
        match self {
            Self::OwnedBy => "ownedBy",
            Self::OwnerOf => "ownerOf",
            Self::PartOf => "partOf",
            Self::HasPart => "hasPart",
            Self::ProvidesApi => "providesApi",
            Self::ApiProvidedBy => "apiProvidedBy",
            Self::ConsumesApi => "consumesApi",
            Self::ApiConsumedBy => "apiConsumedBy",
            Self::DependsOn => "dependsOn",
            Self::DependencyOf => "dependencyOf",
            Self::ChildOf => "childOf",
            Self::ParentOf => "parentOf",
            Self::MemberOf => "memberOf",
            Self::HasMember => "hasMember",
        }
    }

    /// The same relation, seen from the other side.
    #[must_use]
    pub fn reverse(self) -> Self {
        match self {
            Self::OwnedBy => Self::OwnerOf,
            Self::OwnerOf => Self::OwnedBy,
            Self::PartOf => Self::HasPart,
            Self::HasPart => Self::PartOf,
            Self::ProvidesApi => Self::ApiProvidedBy,
            Self::ApiProvidedBy => Self::ProvidesApi,
            Self::ConsumesApi => Self::ApiConsumedBy,
            Self::ApiConsumedBy => Self::ConsumesApi,
            Self::DependsOn => Self::DependencyOf,
            Self::DependencyOf => Self::DependsOn,
            Self::ChildOf => Self::ParentOf,
            Self::ParentOf => Self::ChildOf,
            Self::MemberOf => Self::HasMember,
            Self::HasMember => Self::MemberOf,
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
