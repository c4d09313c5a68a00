//! Files of which a platform takes so much at once: where one ends, the next goes on.

/// The most that a platform takes at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Most {
    /// Of items.
    pub(crate) items: usize,
    /// Of their bytes together.
    pub(crate) bytes: usize,
}

/// Parts items in their order, each with its size; one that is too large is alone.
pub(crate) fn parted<T>(items: impl IntoIterator<Item = (T, usize)>, most: Most) -> Vec<Vec<T>> {
    let mut parts: Vec<(Vec<T>, usize)> = Vec::new();
    for (item, size) in items {
        match parts.last_mut() {
            Some((part, bytes)) if part.len() < most.items && *bytes + size <= most.bytes => {
                part.push(item);
                *bytes += size;
            }
            _ => parts.push((vec![item], size)),
        }
    }
    parts.into_iter().map(|(part, _)| part).collect()
}

/// The path of a file after the `first`, counted from 0: `rules.ndjson`, `rules-2.ndjson`, `rules-3.ndjson`.
pub(crate) fn numbered(first: &str, at: usize) -> String {
    match first.rsplit_once('.') {
        Some((stem, extension)) if at > 0 => format!("{stem}-{}.{extension}", at + 1),
        _ => first.to_owned(),
    }
}

/// Which of those files a path is, counted from 1; nothing for another file.
pub fn number(path: &str, first: &str) -> Option<u32> {
    let (stem, extension) = first.split_at(first.rfind('.')?);
    let between = path.strip_prefix(stem)?.strip_suffix(extension)?;
    if between.is_empty() { Some(1) } else { between.strip_prefix('-')?.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::{Most, number, numbered, parted};

    #[test]
    fn files_of_one_package_have_numbers() {
        let of = |path: &str| number(path, "a/rules.json");
        let all = ["a/rules.json", "a/rules-2.json", "a/rules-10.json"].map(of);
        assert_eq!(all, [Some(1), Some(2), Some(10)]);
        let others = ["a/rules-.json", "a/rules-x.json", "a/rules2.json", "a/rules.yaml", "b/rules.json"].map(of);
        assert_eq!(others, [None; 5]);
        for at in [0, 1, 9] {
            assert_eq!(of(&numbered("a/rules.json", at)), u32::try_from(at + 1).ok());
        }
    }

    #[test]
    fn parts_are_full_and_in_order() {
        let sizes = |sizes: &[usize]| {
            let items = sizes.iter().map(|size| (*size, *size));
            parted(items, Most { items: 3, bytes: 10 })
        };
        assert_eq!(sizes(&[]), Vec::<Vec<usize>>::new());
        assert_eq!(sizes(&[1, 2, 3, 4]), [vec![1, 2, 3], vec![4]]);
        assert_eq!(sizes(&[5, 5, 1, 99, 1]), [vec![5, 5], vec![1], vec![99], vec![1]]);
    }
}
