//! Fuzzy search: which entries what was typed may mean, the likeliest first.

/// The indices of the texts that every word of `typed` is found in, best first; all of them in their
/// order when nothing is typed.
pub(super) fn search<'a>(typed: &str, texts: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let words: Vec<Vec<char>> =
        typed.to_lowercase().split_whitespace().map(|word| word.chars().collect()).collect();
    let mut found: Vec<(i64, usize)> = Vec::new();
    for (index, text) in texts.enumerate() {
        let text: Vec<char> = text.to_lowercase().chars().collect();
        let scores: Option<Vec<i64>> = words.iter().map(|word| score(word, &text)).collect();
        found.extend(scores.map(|scores| (-scores.iter().sum::<i64>(), index)));
    }
    found.sort_unstable();
    found.into_iter().map(|(_, index)| index).collect()
}

/// How well `text` has the letters of `word` in their order: each letter counts, more at the start of a
/// part of a name and behind the letter before. `None` when a letter is missing.
fn score(word: &[char], text: &[char]) -> Option<i64> {
    if let Some(at) = text.windows(word.len().max(1)).position(|window| window == word) {
        let start = i64::from(starts_part(text, at)) * 20;
        return Some(100 + start - i64::try_from(text.len().min(50)).unwrap_or(50));
    }
    let (mut at, mut total) = (0, 0);
    let mut before = None;
    for letter in word {
        let found = at + text.get(at..)?.iter().position(|c| c == letter)?;
        total += 1 + 4 * i64::from(starts_part(text, found));
        total += 4 * i64::from(before.is_some_and(|before| before + 1 == found));
        before = Some(found);
        at = found + 1;
    }
    Some(total)
}

fn starts_part(text: &[char], at: usize) -> bool {
    at == 0 || !text[at - 1].is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::search;

    fn check(typed: &str, expected: &[&str]) {
        let texts = [
            "group:default/payments",
            "group:default/platform",
            "user:default/pat",
            "group:default/shop-payments",
        ];
        let found: Vec<&str> = search(typed, texts.into_iter()).into_iter().map(|at| texts[at]).collect();
        assert_eq!(found, expected, "{typed}");
    }

    #[test]
    fn the_likeliest_comes_first() {
        check("payments", &["group:default/payments", "group:default/shop-payments"]);
        check(
            "PAT",
            &[
                "user:default/pat",
                "group:default/payments",
                "group:default/platform",
                "group:default/shop-payments",
            ],
        );
        check("tfm", &["group:default/platform"]);
        check("shop pay", &["group:default/shop-payments"]);
        check("xyz", &[]);
        check(
            "",
            &[
                "group:default/payments",
                "group:default/platform",
                "user:default/pat",
                "group:default/shop-payments",
            ],
        );
    }
}
