//! The set of entities and how they relate.
//!
//! Files are read one by one, in any thread ([`read`]); a [`Builder`] puts them together in the order
//! of their paths, and [`Builder::finish`] makes the [`Catalog`]. The texts are needed only for
//! [`Catalog::value`]: a caller with very many files lets go of them.
//!
//! It does not judge: that entities are named twice or name what does not exist is for the rules.

mod find;
mod index;
mod ingest;
mod overlay;
mod relations;
mod share;
mod skeleton;
pub mod stored;

use std::sync::OnceLock;

use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::entity::{Entity, EntityRef};
use crate::source::{SourceId, Sources};
use crate::yaml;

use index::Index;
use relations::Edges;

pub use find::Found;
pub use ingest::{Builder, File, Reading, read, read_with_tree};
pub use share::Shared;
pub use skeleton::skeletons;

/// All entities of a repository.
#[derive(Debug, Default)]
pub struct Catalog {
    sources: Sources,
    /// In the order of their sources, then of their places.
    entities: Vec<Entity>,
    index: Index,
    edges: OnceLock<Edges>,
}

/// Reads all files of `sources`, whose texts are kept, as files that hold entities.
///
/// For a repository with other YAML in it, decide file by file: see [`Reading`].
pub fn build(sources: Sources) -> (Catalog, Vec<Diagnostic>) {
    let mut builder = Builder::default();
    for (id, source) in sources.iter() {
        if let Some(text) = &source.text {
            builder.add(read(id, &source.path, text, &Reading::default()));
        }
    }
    builder.finish(sources)
}

impl Catalog {
    fn new(sources: Sources, entities: Vec<Entity>) -> Self {
        let index = Index::new(&entities);
        Self { sources, entities, index, edges: OnceLock::new() }
    }

    /// The sources that the entities' places are in.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The sources, without the entities.
    pub fn into_sources(self) -> Sources {
        self.sources
    }

    /// All entities in the order of their sources, then of their places; a reference that is defined
    /// twice is there twice.
    pub fn entities(&self) -> impl ExactSizeIterator<Item = &Entity> {
        self.entities.iter()
    }

    /// How many entities there are.
    pub fn len(&self) -> usize {
        self.entities.len()
    }

    /// Whether there is no entity.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }

    /// The entity of this reference; of several the first one.
    pub fn get(&self, reference: &EntityRef) -> Option<&Entity> {
        self.index.get(reference, &self.entities).map(|at| &self.entities[at])
    }

    /// The position of the entity of this reference among [`Catalog::entities`].
    pub fn position(&self, reference: &EntityRef) -> Option<usize> {
        self.index.get(reference, &self.entities)
    }

    /// The entity at a position that [`Catalog::position`] gave, or that counts below
    /// [`Catalog::len`].
    pub fn at(&self, position: usize) -> &Entity {
        &self.entities[position]
    }

    /// The whole entity as JSON, when the text of its source is kept.
    pub fn value(&self, reference: &EntityRef) -> Option<Value> {
        self.value_of(self.get(reference)?)
    }

    /// As [`Catalog::value`], for an entity at hand.
    pub fn value_of(&self, entity: &Entity) -> Option<Value> {
        let text = self.sources.text(entity.span.source)?;
        value_of_slice(text, entity).or_else(|| {
            let (tree, _) = yaml::parse(entity.span.source, text);
            let document = tree.documents(text).nth(entity.document as usize)?;
            Some(document.root()?.to_json())
        })
    }

    /// The entities of one source, in the order of their places.
    pub fn entities_in(&self, source: SourceId) -> &[Entity] {
        let start = self.entities.partition_point(|entity| entity.span.source < source);
        let end = self.entities.partition_point(|entity| entity.span.source <= source);
        &self.entities[start..end]
    }

    fn edges(&self) -> &Edges {
        self.edges.get_or_init(|| Edges::new(&self.entities, &self.index))
    }
}

/// Reads only the entity's own lines, so that a file with many documents costs each of them its own
/// length. `None` when these lines do not stand on their own.
fn value_of_slice(text: &str, entity: &Entity) -> Option<Value> {
    let range = entity.span.range();
    // a text that was read again may have changed in the meantime
    let before = text.get(..range.start)?;
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let start = if before[line..].trim().is_empty() { line } else { range.start };
    if before.contains("%YAML") {
        return None;
    }
    let slice = text.get(start..range.end)?;
    let (tree, findings) = yaml::parse(entity.span.source, slice);
    let mut documents = tree.documents(slice);
    let root = documents.next()?.root()?;
    (findings.is_empty() && documents.next().is_none()).then(|| root.to_json())
}
