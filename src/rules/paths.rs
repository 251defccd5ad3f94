//! The files of a repository, by name.

use std::sync::Arc;

use globset::GlobBuilder;

/// The paths of all files of a repository, relative to its root, with `/` between their parts.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    sorted: Vec<Arc<str>>,
}

impl FromIterator<Arc<str>> for Paths {
    fn from_iter<I: IntoIterator<Item = Arc<str>>>(paths: I) -> Self {
        let mut sorted: Vec<Arc<str>> = paths.into_iter().collect();
        sorted.sort_unstable();
        Self { sorted }
    }
}

impl Paths {
    /// Whether there is a file at `path`.
    pub fn contains(&self, path: &str) -> bool {
        self.sorted.binary_search_by(|known| (**known).cmp(path)).is_ok()
    }

    /// The files that a Location's target names: those that a glob matches, else the one at the path.
    pub fn matching(&self, target: &str) -> Vec<&str> {
        if !is_glob(target) {
            let at = self.sorted.binary_search_by(|known| (**known).cmp(target));
            return at.ok().map(|at| &*self.sorted[at]).into_iter().collect();
        }
        // `*` stays within a folder, as in minimatch, which Backstage uses for GitHub
        let Ok(glob) = GlobBuilder::new(target).literal_separator(true).build() else { return Vec::new() };
        let matcher = glob.compile_matcher();
        let fixed = &target[..target.find(['*', '?', '[', '{']).unwrap_or_default()];
        let start = self.sorted.partition_point(|path| &**path < fixed);
        let below = self.sorted[start..].iter().take_while(|path| path.starts_with(fixed));
        below.map(|path| &**path).filter(|path| matcher.is_match(path)).collect()
    }

    /// The files in a folder, not those further below.
    pub fn in_folder<'p>(&'p self, folder: &'p str) -> impl Iterator<Item = &'p str> {
        let start = self.sorted.partition_point(|path| &**path < folder);
        let below = self.sorted[start..].iter().take_while(move |path| path.starts_with(folder));
        below.map(|path| &**path).filter(move |path| !path[folder.len()..].contains('/'))
    }
}

/// Whether a target is a pattern.
fn is_glob(target: &str) -> bool {
    target.contains(['*', '?', '[', '{'])
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Paths;

    fn check(target: &str, expected: &[&str]) {
        let all = ["a.yaml", "b/a.yaml", "b/b.yml", "b/c/a.yaml", "b-c/a.yaml"];
        let paths: Paths = all.into_iter().map(Arc::from).collect();
        assert_eq!(paths.matching(target), expected, "{target}");
    }

    #[test]
    fn targets_name_files() {
        check("a.yaml", &["a.yaml"]);
        check("b", &[]);
        check("*.yaml", &["a.yaml"]);
        check("b/*", &["b/a.yaml", "b/b.yml"]);
        check("b/**/*.yaml", &["b/a.yaml", "b/c/a.yaml"]);
        check("**/a.yaml", &["a.yaml", "b-c/a.yaml", "b/a.yaml", "b/c/a.yaml"]);
        check("b/{a,x}.yaml", &["b/a.yaml"]);
        check("b/[a-b].y*ml", &["b/a.yaml", "b/b.yml"]);
        check("b/[", &[]);
    }
}
