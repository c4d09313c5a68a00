//! The name that one is likely a misspelling of.

use rulecast_ir::Name;
use std::collections::HashSet;

/// Of `known` the last that is most like `name`, by more than `least`, in whatever case. `letters` are those of each.
///
/// Likeness is that of Jaro and Winkler. It is computed only where it can exceed `least`: a corpus asks for the likeness
/// of thousands of pairs of names that share but a few letters.
pub(super) fn nearest<'a>(name: &str, known: &'a [Name], letters: &[Letters], least: f64) -> Option<&'a Name> {
    let name = name.to_ascii_lowercase();
    let of_name = Letters::of(&name);
    let near = known.iter().zip(letters).filter(|(known, letters)| bound(&name, of_name, known, **letters) > least);
    let near = near.map(|(known, _)| (strsim::jaro_winkler(&known.to_ascii_lowercase(), &name), known));
    let near = near.filter(|(score, _)| *score > least).max_by(|one, other| one.0.total_cmp(&other.0));
    near.map(|(_, known)| known)
}

/// What the likeness of two words does not exceed, from the letters that one of them lacks.
fn bound(name: &str, of_name: Letters, known: &str, of_known: Letters) -> f64 {
    if !name.is_ascii() || !known.is_ascii() || name.is_empty() || known.is_empty() {
        return 1.0;
    }
    let number = |count: usize| f64::from(count as u32);
    let matches = number((name.len() - of_name.without(of_known)).min(known.len() - of_known.without(of_name)));
    let jaro = (matches / number(name.len()) + matches / number(known.len()) + 1.0) / 3.0;
    let start = name.bytes().zip(known.bytes()).take(4).take_while(|(one, other)| one.eq_ignore_ascii_case(other));
    // A rounding must not hide what equals the bound.
    jaro + 0.1 * number(start.count()) * (1.0 - jaro) + 1e-9
}

/// The letters of a word, in whatever case; some share a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letters(u64);

impl Letters {
    pub(crate) fn of(word: &str) -> Self {
        Self(word.bytes().fold(0, |letters, byte| letters | 1 << (byte.to_ascii_lowercase() % 64)))
    }

    /// How many of them, at least, are none of the others.
    fn without(self, others: Self) -> usize {
        (self.0 & !others.0).count_ones() as usize
    }
}

/// Each once, in order.
pub(super) fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    names.filter(|name| seen.insert(*name)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Letters, bound};
    use crate::Model;

    #[test]
    fn no_name_is_more_like_another_than_the_bound_says() {
        let mut names: Vec<String> = Vec::new();
        for model in ["ecs", "sysmon", "xdr", "asim"] {
            let sources = &Model::builtin(model).unwrap().sources;
            names.extend(sources.iter().flat_map(|source| source.names.iter()).map(ToString::to_string));
        }
        names.extend(["", "a", "Ä", "CommandLien", "comandline", "EventID2", "x_y.z-Target"].map(str::to_owned));
        names.sort();
        names.dedup();
        assert!(names.len() > 100);
        for one in &names {
            let lower = one.to_ascii_lowercase();
            for other in &names {
                let score = strsim::jaro_winkler(&other.to_ascii_lowercase(), &lower);
                assert!(
                    bound(&lower, Letters::of(&lower), other, Letters::of(other)) >= score,
                    "{one} {other} {score}"
                );
            }
        }
    }
}
