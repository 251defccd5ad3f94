//! The files of a catalog as they shall be: changes to many of them, made in memory one after the other,
//! checked together.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::consequences::Consequences;
use super::edit::{self, Change, Prepared};
use super::new::NewFile;
use super::{catalog, rendered, validate};
use crate::catalog::Catalog;
use crate::change::mentions::has_any;
use crate::change::targets::{Move, carried, copies_from_beside, followed};
use crate::diagnostic::{Diagnostic, RuleId};
use crate::entity::{self, Entity, Resolved, resolve_target};
use crate::error::{Exit, Failure};
use crate::fs;
use crate::rules::Paths;
use crate::source::SourceId;
use crate::yaml;

/// What the text at a pointer of an entity becomes; told the entity, the whole of it as a value, the pointer
/// and the text.
pub type Respelling<'a> = dyn Fn(&Entity, &Value, &str, &str) -> Option<String> + 'a;

/// Files that are being changed.
pub struct Revision<'a> {
    root: &'a Path,
    catalog: &'a Catalog,
    /// By their paths before; new files by their new path.
    files: BTreeMap<String, Held>,
    moved: BTreeMap<String, String>,
    /// Documents that went from one file to another.
    carried: Vec<(String, String)>,
}

/// A file.
struct Held {
    /// Its source in the catalog; `None` for a new one.
    source: Option<SourceId>,
    before: Option<String>,
    /// `None` when it goes.
    after: Option<String>,
}

impl<'a> Revision<'a> {
    /// No change yet.
    pub fn new(root: &'a Path, catalog: &'a Catalog) -> Self {
        Self { root, catalog, files: BTreeMap::new(), moved: BTreeMap::new(), carried: Vec::new() }
    }

    /// The catalog before.
    pub fn catalog(&self) -> &'a Catalog {
        self.catalog
    }

    /// The path of an entity's file.
    pub fn path(&self, entity: &Entity) -> &'a str {
        self.catalog.sources().path(entity.span.source)
    }

    fn held(&mut self, source: SourceId) -> Result<&mut Held, Failure> {
        let path = self.catalog.sources().path(source);
        if !self.files.contains_key(path) {
            let text = edit::read(self.root, path)?;
            let held = Held { source: Some(source), before: Some(text.clone()), after: Some(text) };
            self.files.insert(path.to_owned(), held);
        }
        self.files.get_mut(path).ok_or_else(|| Failure::usage(format!("{path} is gone")))
    }

    /// Writes strings in another way in every file that has one of `names` in it; lower case.
    pub fn respell(&mut self, names: &[&str], respelling: &Respelling<'_>) -> Result<(), Failure> {
        let catalog = self.catalog;
        for (source, file) in catalog.sources().iter() {
            let is_open = self.files.contains_key(&*file.path);
            let has_name = file.text.as_deref().is_some_and(|text| has_any(text, names));
            if (is_open || has_name) && !catalog.entities_in(source).is_empty() {
                self.respell_file(source, respelling)?;
            }
        }
        Ok(())
    }

    fn respell_file(&mut self, source: SourceId, respelling: &Respelling<'_>) -> Result<(), Failure> {
        let (catalog, path) = (self.catalog, self.catalog.sources().path(source));
        let held = self.held(source)?;
        let Some(text) = &held.after else { return Ok(()) };
        let (tree, _) = yaml::parse(source, text);
        let values: Vec<Value> = tree
            .documents(text)
            .map(|document| document.root().map(yaml::Node::to_json).unwrap_or_default())
            .collect();
        let entities: BTreeMap<usize, &Entity> =
            catalog.entities_in(source).iter().map(|entity| (entity.document as usize, entity)).collect();
        let edits = yaml::edit::respell(&tree, text, &|document, pointer, text| {
            respelling(entities.get(&document)?, values.get(document)?, pointer, text)
        });
        let edits = edits.map_err(|refusal| {
            Failure::new(Exit::No, format!("cannot change {path}"))
                .because(refusal)
                .hint(format!("nothing was written; change {path} by hand"))
        })?;
        held.after = Some(yaml::edit::apply(text, &edits));
        Ok(())
    }

    /// Makes a change to a field of an entity.
    pub fn change(&mut self, entity: &Entity, change: &Change) -> Result<(), Failure> {
        let held = self.held(entity.span.source)?;
        if let Some(text) = &held.after {
            held.after = Some(edit::one_changed(entity, change, text)?);
        }
        Ok(())
    }

    /// Takes an entity out of its file and returns its document. Of several in one file the last one goes
    /// first. The file goes with its last document.
    pub fn cut(&mut self, entity: &Entity) -> Result<String, Failure> {
        let path = self.path(entity);
        let held = self.held(entity.span.source)?;
        let text = held.after.clone().unwrap_or_default();
        let (tree, _) = yaml::parse(entity.span.source, &text);
        let cut = yaml::edit::cut(&tree, &text, entity.document as usize).map_err(|refusal| {
            Failure::new(Exit::No, format!("cannot take {} out of {path}", entity.reference.short()))
                .because(refusal)
                .hint(format!("nothing was written; change {path} by hand"))
        })?;
        held.after = cut.rest;
        Ok(cut.document)
    }

    /// Takes an entity out of its file and adds it to the file at a path, which is made if it is not there.
    pub fn carry(&mut self, entity: &Entity, path: &str) -> Result<(), Failure> {
        let document = self.cut(entity)?;
        self.carried.push((self.path(entity).to_owned(), path.to_owned()));
        if !self.files.contains_key(path) {
            let before = self.present(path).then(|| edit::read(self.root, path)).transpose()?;
            let held = Held { source: None, after: before.clone(), before };
            self.files.insert(path.to_owned(), held);
        }
        if let Some(held) = self.files.get_mut(path) {
            held.after = Some(yaml::edit::join(held.after.as_deref().unwrap_or_default(), &document));
        }
        Ok(())
    }

    /// Whether there is a file at a path, as it stands now.
    pub fn present(&self, path: &str) -> bool {
        if self.moved.values().any(|to| to == path) {
            return true;
        }
        match self.files.get(path) {
            Some(held) => held.after.is_some() && !self.moved.contains_key(path),
            None => fs::exists(&self.root.join(path)),
        }
    }

    /// Moves a file. What it names relative to itself, and the Locations that name it, follow.
    pub fn move_file(&mut self, source: SourceId, to: &str) -> Result<(), Failure> {
        let from = self.catalog.sources().path(source).to_owned();
        let moved = Move { from: &from, to };
        let leaves_folder = folder(&from) != folder(to);
        if leaves_folder && self.catalog.entities_in(source).iter().any(|entity| self.has_skeleton(entity)) {
            return Err(Failure::new(Exit::No, format!("{from} cannot move alone"))
                .because("the template in it copies files from beside it")
                .hint(format!("git mv {} {}", folder(&from), folder(to))));
        }
        self.respell_file(source, &|entity, _, pointer, text| carried(entity, moved, pointer, text))?;
        self.moved.insert(from.clone(), to.to_owned());
        self.follow(moved)
    }

    fn has_skeleton(&self, entity: &Entity) -> bool {
        let value = (entity.kind == "Template").then(|| self.catalog.value_of(entity)).flatten();
        value.is_some_and(|value| copies_from_beside(&value))
    }

    /// Locations that name a file by its path name it at its new place.
    fn follow(&mut self, moved: Move<'_>) -> Result<(), Failure> {
        for (source, from) in self
            .locations(|path, target| resolve_target(path, target) == Resolved::Inside(moved.from.to_owned()))
        {
            let now = self.moved.get(&from).cloned().unwrap_or_else(|| from.clone());
            self.respell_file(source, &|entity, _, pointer, text| {
                followed(entity, &from, &now, moved, pointer, text)
            })?;
        }
        Ok(())
    }

    /// The sources, with their paths, of Locations that have such a target.
    fn locations(&self, fits: impl Fn(&str, &str) -> bool) -> BTreeMap<SourceId, String> {
        let entities =
            self.catalog.entities().filter_map(|entity| Some((entity, entity.location.as_deref()?)));
        let fitting = entities.filter(|(entity, location)| {
            location.targets.iter().any(|target| fits(self.path(entity), &target.value))
        });
        fitting.map(|(entity, _)| (entity.span.source, self.path(entity).to_owned())).collect()
    }

    /// Takes out of Locations the targets that lead to nothing now that files are gone. Goes before cuts in
    /// the files of the Locations.
    pub fn forget(&mut self, gone: &[String], kept: &dyn Fn(&Entity) -> bool) -> Result<(), Failure> {
        let all: Paths = self.catalog.sources().iter().map(|(_, source)| (*source.path).into()).collect();
        let catalog = self.catalog;
        for entity in catalog.entities().filter(|entity| kept(entity)) {
            let Some(location) = entity.location.as_deref() else { continue };
            let path = self.path(entity);
            let leads_nowhere = |target: &str| match resolve_target(path, target) {
                Resolved::Inside(place) => {
                    let matching = all.matching(&place);
                    !matching.is_empty() && matching.iter().all(|found| gone.iter().any(|gone| gone == found))
                }
                _ => false,
            };
            if !location.targets.iter().any(|target| leads_nowhere(&target.value)) {
                continue;
            }
            let value = catalog.value_of(entity).unwrap_or_default();
            let leads = |place: &str| value.pointer(place).and_then(Value::as_str).is_some_and(leads_nowhere);
            let count = value.pointer("/spec/targets").and_then(Value::as_array).map_or(0, Vec::len);
            let items = (0..count).rev().map(|index| format!("/spec/targets/{index}"));
            for pointer in items.chain(["/spec/target".to_owned()]).filter(|place| leads(place)) {
                self.change(entity, &Change::Remove { pointer })?;
            }
        }
        Ok(())
    }

    /// The files that are different now, each with its entities before and after.
    pub fn touched(&self) -> Vec<Touched<'a>> {
        let different = self.files.iter().filter(|(_, held)| held.before != held.after);
        let touched = different.filter_map(|(path, held)| {
            let source = held.source?;
            let text = held.after.as_deref()?;
            let (tree, _) = yaml::parse(source, text);
            let after = tree.documents(text).filter_map(|document| entity::decode(&document).0).collect();
            Some(Touched { source, path: path.clone(), before: self.catalog.entities_in(source), after })
        });
        touched.collect()
    }

    /// Checks the whole catalog with the changes and returns what would be written.
    pub fn finish(
        self,
        validation: &validate::Request,
        entities: &[&Entity],
        mut consequences: Consequences,
    ) -> Result<Prepared, Failure> {
        consequences.moved = self.moved.clone().into_iter().collect();
        let mut files = self.new_files()?;
        files.extend(rendered::follow(validation, &files)?);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut after = validation.clone();
        let before = files.iter().map(|file| {
            let text = file.before.as_deref().map(|bytes| String::from_utf8_lossy(bytes).into());
            (file.path.clone(), text)
        });
        after.before = Some(before.collect());
        after.lay_over(&files);
        let mut report = validate::validate(&after);
        self.forgive(validation, &mut report);
        consequences.objects = super::consequences::objects(self.catalog, &catalog_after(&after), validation);
        let entities = entities.iter().map(|entity| entity.reference.clone()).collect();
        Ok(Prepared { entities, files, report, consequences })
    }

    /// Leaves out what was wrong before: as often, by the same rule and in the same file, whatever it is
    /// called now. What goes through several files may be told in another one of them.
    fn forgive(&self, validation: &validate::Request, report: &mut validate::Report) {
        if report.findings.is_empty() {
            return;
        }
        let before = validate::validate(validation);
        let mut known: BTreeMap<(RuleId, String), usize> = BTreeMap::new();
        for finding in before.findings {
            let path = before.sources.path(finding.primary.span.source);
            let path = self.moved.get(path).map_or(path, String::as_str);
            *known.entry((finding.rule, path.to_owned())).or_default() += 1;
        }
        for (from, to) in &self.carried {
            let there = known.iter().filter(|((_, path), _)| path == from);
            let here: Vec<_> = there.map(|((rule, _), count)| ((rule.clone(), to.clone()), *count)).collect();
            for (key, count) in here {
                *known.entry(key).or_default() += count;
            }
        }
        let mut found: BTreeMap<(RuleId, String), usize> = BTreeMap::new();
        let mut findings = std::mem::take(&mut report.findings);
        let key = |finding: &Diagnostic| {
            (finding.rule.clone(), report.sources.path(finding.primary.span.source).to_owned())
        };
        for finding in &findings {
            *found.entry(key(finding)).or_default() += 1;
        }
        findings.retain(|finding| {
            let key = key(finding);
            let all = |counts: &BTreeMap<(RuleId, String), usize>| -> usize {
                counts.iter().filter(|((rule, _), _)| *rule == key.0).map(|(_, count)| *count).sum()
            };
            let grew = known.get(&key).is_none_or(|known| found.get(&key) > Some(known));
            let is_circle = finding.rule.as_str().ends_with("-cycle");
            grew && !(is_circle && all(&found) <= all(&known))
        });
        report.findings = findings;
    }

    fn new_files(&self) -> Result<Vec<NewFile>, Failure> {
        let mut files: BTreeMap<String, NewFile> = BTreeMap::new();
        let bytes = |text: &Option<String>| text.as_ref().map(|text| text.clone().into_bytes());
        let mut put = |path: &str, before: Option<Vec<u8>>, after: Option<Vec<u8>>| {
            let file = NewFile { path: path.to_owned(), after, executable: false, before };
            if file.before != file.after {
                files.insert(path.to_owned(), file);
            }
        };
        for (path, held) in &self.files {
            fs::confined(self.root, Path::new(path)).map_err(|error| super::file_failure(&error))?;
            match self.moved.get(path) {
                Some(to) => {
                    fs::confined(self.root, Path::new(to)).map_err(|error| super::file_failure(&error))?;
                    put(path, bytes(&held.before), None);
                    put(to, None, bytes(&held.after));
                }
                None => put(path, bytes(&held.before), bytes(&held.after)),
            }
        }
        Ok(files.into_values().collect())
    }
}

/// A file that is different now.
pub struct Touched<'a> {
    /// Its source.
    pub source: SourceId,
    /// Its path before.
    pub path: String,
    /// Its entities before.
    pub before: &'a [Entity],
    /// Its entities after.
    pub after: Vec<Entity>,
}

/// The folder of a path, without the last `/`.
pub fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}

/// The catalog as it would be.
fn catalog_after(validation: &validate::Request) -> Catalog {
    let loaded = catalog::load(&catalog::Request {
        root: validation.root.clone(),
        catalog_paths: validation.catalog_paths.clone(),
        keep_texts: true,
        settings: validation.settings.clone(),
        now: validation.now,
        overlay: validation.overlay.clone(),
        absent: validation.absent.clone(),
        rendering: None,
        reported: None,
        cache: None,
    });
    loaded.catalog
}
