//! Glob patterns as npm `globby` 11 reads them: `*`, `?`, `**`, `[…]`, `{a,b}`, `!` in front of a
//! pattern takes away from those before it, the path of a folder stands for all that is in it. Names
//! with a dot in front match. Extended patterns (`@(…)`, `!(…)`) are refused, not guessed.

use regex::Regex;

/// Alternatives that `{…}` may expand to.
const MAX_EXPANSIONS: usize = 1000;
/// The longest pattern, in bytes.
const MAX_PATTERN: usize = 1000;

/// A list of patterns.
#[derive(Debug, Default)]
pub(super) struct Globs {
    tasks: Vec<Task>,
}

#[derive(Debug)]
struct Task {
    wanted: Vec<Regex>,
    unwanted: Vec<Regex>,
}

impl Globs {
    /// Patterns of which those with `!` take away from those before them.
    pub fn new(patterns: &[String], is_folder: impl Fn(&str) -> bool) -> Result<Self, String> {
        let mut globs = Self::default();
        for (index, pattern) in patterns.iter().enumerate() {
            if pattern.starts_with('!') {
                continue;
            }
            let later = patterns[index..].iter().filter_map(|pattern| pattern.strip_prefix('!'));
            let unwanted =
                later.map(|pattern| compile(pattern, &is_folder)).collect::<Result<Vec<_>, _>>()?;
            globs.tasks.push(Task { wanted: compile(pattern, &is_folder)?, unwanted: unwanted.concat() });
        }
        Ok(globs)
    }

    /// One pattern; a `!` in front means nothing.
    pub fn single(pattern: &str, is_folder: impl Fn(&str) -> bool) -> Result<Self, String> {
        Ok(Self { tasks: vec![Task { wanted: compile(pattern, &is_folder)?, unwanted: Vec::new() }] })
    }

    /// Whether a normalised path matches.
    pub fn matches(&self, path: &str) -> bool {
        let any = |patterns: &[Regex]| patterns.iter().any(|pattern| pattern.is_match(path));
        self.tasks.iter().any(|task| any(&task.wanted) && !any(&task.unwanted))
    }
}

fn compile(pattern: &str, is_folder: &impl Fn(&str) -> bool) -> Result<Vec<Regex>, String> {
    if pattern.len() > MAX_PATTERN {
        return Err(format!("a glob pattern is longer than {MAX_PATTERN} bytes"));
    }
    let mut plain = pattern.trim_end_matches('/').to_owned();
    while let Some(rest) = plain.strip_prefix("./") {
        plain = rest.to_owned();
    }
    let folder = if plain == "." { "" } else { plain.as_str() };
    if is_folder(folder) {
        let escaped = regex::escape(folder);
        let below = if folder.is_empty() { "^.+$".to_owned() } else { format!("^{escaped}/.+$") };
        return Ok(vec![regex(&below, pattern)?]);
    }
    let mut expanded = Vec::new();
    expand(&plain, &mut expanded, 0).map_err(|why| format!("glob pattern {pattern:?} {why}"))?;
    expanded
        .iter()
        .map(|glob| {
            regex(&translate(glob).map_err(|why| format!("glob pattern {pattern:?} {why}"))?, pattern)
        })
        .collect()
}

fn regex(expression: &str, pattern: &str) -> Result<Regex, String> {
    Regex::new(&format!("(?s){expression}")).map_err(|_| format!("glob pattern {pattern:?} is too complex"))
}

/// All patterns without braces that a pattern with braces stands for.
fn expand(pattern: &str, into: &mut Vec<String>, depth: usize) -> Result<(), &'static str> {
    if into.len() >= MAX_EXPANSIONS || depth > 16 {
        return Err("has too many alternatives");
    }
    let Some((start, end, commas)) = braces(pattern) else {
        into.push(pattern.to_owned());
        return Ok(());
    };
    let mut from = start + 1;
    for to in commas.into_iter().chain([end]) {
        expand(
            &format!("{}{}{}", &pattern[..start], &pattern[from..to], &pattern[end + 1..]),
            into,
            depth + 1,
        )?;
        from = to + 1;
    }
    Ok(())
}

/// The first braces with a comma at their level: where they start and end, and the commas.
fn braces(pattern: &str) -> Option<(usize, usize, Vec<usize>)> {
    let mut open: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut escaped = false;
    for (at, char) in pattern.char_indices() {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => open.push((at, Vec::new())),
            ',' => {
                if let Some((_, commas)) = open.last_mut() {
                    commas.push(at);
                }
            }
            '}' => match open.pop() {
                Some((start, commas)) if !commas.is_empty() && open.is_empty() => {
                    return Some((start, at, commas));
                }
                _ => {}
            },
            _ => {}
        }
    }
    None
}

fn translate(glob: &str) -> Result<String, &'static str> {
    let mut expression = String::from("^");
    let segments: Vec<&str> = glob.split('/').collect();
    for (index, segment) in segments.iter().enumerate() {
        let last = index + 1 == segments.len();
        if *segment == "**" {
            expression.push_str(if last { ".+" } else { "(?:[^/]+/)*" });
            continue;
        }
        translate_segment(segment, &mut expression)?;
        if !last {
            expression.push('/');
        }
    }
    expression.push('$');
    Ok(expression)
}

fn translate_segment(segment: &str, expression: &mut String) -> Result<(), &'static str> {
    let mut chars = segment.chars().peekable();
    while let Some(char) = chars.next() {
        let extended = matches!(char, '@' | '+' | '!' | '?' | '*') && chars.peek() == Some(&'(');
        match char {
            _ if extended => return Err("uses an extended form that is not supported"),
            '*' => {
                while chars.next_if_eq(&'*').is_some() {}
                expression.push_str("[^/]*");
            }
            '?' => expression.push_str("[^/]"),
            '[' => expression.push_str(&class(&mut chars)),
            '\\' => expression.push_str(&regex::escape(&chars.next().unwrap_or('\\').to_string())),
            char => expression.push_str(&regex::escape(&char.to_string())),
        }
    }
    Ok(())
}

/// A class up to its `]`; a bracket without one stands for itself.
fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
    let rest: String = chars.clone().collect();
    let negated = rest.starts_with(['!', '^']);
    let from = usize::from(negated);
    let Some(end) =
        rest[from..].char_indices().skip(1).find(|(_, char)| *char == ']').map(|(at, _)| at + from)
    else {
        return r"\[".to_owned();
    };
    let mut inner = String::new();
    for char in rest[from..end].chars() {
        if matches!(char, '[' | ']' | '\\' | '^' | '&' | '~') {
            inner.push('\\');
        }
        inner.push(char);
    }
    for _ in rest[..=end].chars() {
        chars.next();
    }
    if negated { format!("[^/{inner}]") } else { format!("[{inner}]") }
}

#[cfg(test)]
mod tests {
    use super::Globs;

    fn check(patterns: &[&str], matching: &[&str], other: &[&str]) {
        let patterns: Vec<String> = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
        let globs = Globs::new(&patterns, |path| path == "dir" || path.is_empty()).unwrap();
        for path in matching {
            assert!(globs.matches(path), "{patterns:?} {path}");
        }
        for path in other {
            assert!(!globs.matches(path), "{patterns:?} {path}");
        }
    }

    #[test]
    fn patterns_match_as_in_globby() {
        check(&["*.txt"], &["a.txt", ".txt"], &["a/b.txt", "a.txtx"]);
        check(&["**/*.txt"], &["a.txt", "a/b/c.txt"], &["a.md"]);
        check(&["a/**"], &["a/b", "a/.b/c"], &["ab"]);
        check(&["a/**/z"], &["a/z", "a/b/c/z"], &["z"]);
        check(&["{a,b/{c,d}}.txt"], &["a.txt", "b/c.txt", "b/d.txt"], &["b.txt"]);
        check(&["[a-c]?[!x]"], &["a1y"], &["d1y", "a1x", "a/y"]);
        check(&["[x"], &["[x"], &["x"]);
        check(&["dir"], &["dir/a/b"], &["dirx", "other"]);
        check(&["./dir/"], &["dir/a"], &[]);
        check(&["."], &["a", "a/b"], &[]);
        check(&["**", "!*.md"], &["a.txt", "a/b.md"], &["a.md"]);
        check(&["!*.md", "*.md"], &["a.md"], &[]);
        check(&["a.b"], &["a.b"], &["axb"]);
        check(&["{a}"], &["{a}"], &["a"]);
    }

    #[test]
    fn what_is_not_supported_is_said() {
        let refuse = |pattern: &str| Globs::single(pattern, |_| false).unwrap_err();
        assert!(refuse("!(a).txt").contains("extended form"));
        assert!(refuse(&"{a,b}".repeat(20)).contains("too many alternatives"));
        assert!(refuse(&"a".repeat(2000)).contains("longer"));
    }
}
