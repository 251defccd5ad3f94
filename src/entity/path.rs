//! Where a target that is written in an entity file leads.

use url::Url;

/// Where a target leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// To this path relative to the root of the repository, with `/` between its parts. May hold glob
    /// characters when the target does; the root itself is the empty path.
    Inside(String),
    /// Above the root of the repository.
    Outside,
    /// To a URL of its own.
    Elsewhere,
}

/// Stands for the URL of the repository's root: as deep as `/owner/name/tree/branch/`.
const BASE: &str = "https://repository.invalid/0/0/0/0/";

/// Resolves `target` as Backstage resolves it against the URL of the file `from`: relative to the
/// file's folder, from the root of the repository when it starts with `/`, percent-encoding undone.
pub fn resolve(from: &str, target: &str) -> Resolved {
    if Url::parse(target).is_ok() {
        return Resolved::Elsewhere;
    }
    let Some(base) = base(from) else { return Resolved::Elsewhere };
    let (base, target) = match target.strip_prefix('/') {
        Some(rest) => match Url::parse(BASE) {
            Ok(root) => (root, format!("./{}", rest.trim_start_matches('/'))),
            Err(_) => return Resolved::Elsewhere,
        },
        None => (base, target.to_owned()),
    };
    match base.join(&target) {
        Err(_) => Resolved::Elsewhere,
        Ok(url) if url.host_str() != base.host_str() => Resolved::Elsewhere,
        Ok(url) => match url.path().strip_prefix("/0/0/0/0/") {
            Some(path) => Resolved::Inside(decode(path)),
            None => Resolved::Outside,
        },
    }
}

fn base(from: &str) -> Option<Url> {
    let mut base = Url::parse(BASE).ok()?;
    base.path_segments_mut().ok()?.pop_if_empty().extend(from.split('/'));
    Some(base)
}

/// Undoes percent-encoding; what is not UTF-8 then, is left as it was.
fn decode(path: &str) -> String {
    if !path.contains('%') {
        return path.to_owned();
    }
    let hex = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if let (b'%', [high, low, after @ ..]) = (first, tail)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            bytes.push(high << 4 | low);
            rest = after;
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Resolved, resolve};

    fn check(from: &str, target: &str, expected: &Resolved) {
        assert_eq!(&resolve(from, target), expected, "{target} from {from}");
    }

    #[test]
    fn targets_lead_where_backstage_goes() {
        let inside = |path: &str| Resolved::Inside(path.to_owned());
        check("catalog/a.yaml", "./b.yaml", &inside("catalog/b.yaml"));
        check("catalog/a.yaml", "b.yaml", &inside("catalog/b.yaml"));
        check("catalog/a.yaml", "../b.yaml", &inside("b.yaml"));
        check("catalog/a.yaml", "/b.yaml", &inside("b.yaml"));
        check("catalog/a b/a.yaml", "./c d.yaml", &inside("catalog/a b/c d.yaml"));
        check("catalog/a.yaml", "./%C3%A4.yaml", &inside("catalog/ä.yaml"));
        check("catalog/a.yaml", "./**/*.yaml", &inside("catalog/**/*.yaml"));
        check("a.yaml", "./", &inside(""));
        check("catalog/a.yaml", "../../b.yaml", &Resolved::Outside);
        check("a.yaml", "https://example.com/a.yaml", &Resolved::Elsewhere);
        check("a.yaml", "//example.com/a.yaml", &inside("example.com/a.yaml"));
    }
}
