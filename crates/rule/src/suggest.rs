//! "Did you mean …?"

use std::borrow::Cow;

/// The candidate that `word` is most likely a misspelling of.
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = normalise(word);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let distance = strsim::osa_distance(&word, &normalise(candidate));
            let allowed = match word.chars().count().max(candidate.len()) {
                0..=2 => 0,
                3..=4 => 1,
                5..=9 => 2,
                _ => 3,
            };
            (distance <= allowed).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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
