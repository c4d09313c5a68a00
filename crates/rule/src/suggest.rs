//! "Did you mean …?"

use std::borrow::Cow;

/// The candidate that `word` is most likely a misspelling of.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = normalise(word);
    let len = word.chars().count();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let allowed = match len.max(candidate.len()) {
                0..=2 => 0,
                3..=5 => 1,
                6..=9 => 2,
                _ => 3,
            };
            let candidate_word = normalise(candidate);
            if is_abbreviation(&word, &candidate_word) {
                return Some((1, candidate));
            }
            if len.abs_diff(candidate_word.len()) > allowed {
                return None;
            }
            let distance = strsim::osa_distance(&word, &candidate_word);
            (distance <= allowed).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Whether `word` is `full` with some letters left out: `lvl` for `level`.
fn is_abbreviation(word: &str, full: &str) -> bool {
    let mut rest = full.chars();
    word.len() >= 3
        && word.len() * 2 > full.len()
        && word.chars().next() == full.chars().next()
        && word.chars().all(|letter| rest.any(|other| other == letter))
}

/// Without case, spaces, and the marks that people join words with.
fn normalise(word: &str) -> Cow<'_, str> {
    let is_noise = |c: char| c.is_whitespace() || matches!(c, '_' | '-');
    if word.chars().any(|c| c.is_uppercase() || is_noise(c)) {
        Cow::Owned(word.chars().filter(|c| !is_noise(*c)).flat_map(char::to_lowercase).collect())
    } else {
        Cow::Borrowed(word)
    }
}
