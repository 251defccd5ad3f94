//! Entities to Kubernetes objects: one entity and its resource type in, objects out.
//!
//! Pure and deterministic: the same entity, type, catalog and settings give the same bytes. Nothing is
//! asked of a cluster; what only a cluster knows (the object id of a group) is left to what the objects
//! become there. See [`parse_type`] for the format of a type.

mod check;
mod context;
mod crd;
mod decode;
mod definitions;
mod fill;
mod hostnames;
mod layout;
mod lint;
mod objects;
mod problem;
mod resource_type;
mod schema;
mod trace;

pub use check::{CheckedObjects, check, check_manifests, kinds, made_kinds, problems_of, unknown_kinds};
pub use context::{CLUSTER_POINTER, Context, Neighbours, Surroundings, cluster};
pub use crd::crd_file;
pub use decode::is_label;
pub use definitions::{Checked, DefinitionFault, Definitions, Violation};
pub use hostnames::{Conflict, Hostname, Overlap, conflicts};
pub use layout::{FOLDER, HEADER, documents, path, to_yaml};
pub use objects::{
    Grant, ID_LABEL, Link, MANAGED_BY_LABEL, REF_ANNOTATION, Rendered, grants, links, objects, rendered,
};
pub use problem::{Place, Problem};
pub use resource_type::{API_VERSION, HealthRule, RULE, ResourceType, Route, parse_type};
