//! Boolean structure, shared by the IR and by every query language.

/// A boolean expression over leaves of type `L`. It is two-valued: a leaf is true or false, never unknown.
#[derive(Clone, Debug, PartialEq)]
pub enum Logic<L> {
    /// Always holds.
    True,
    /// Never holds.
    False,
    /// One test.
    Test(L),
    /// The operand does not hold.
    Not(Box<Logic<L>>),
    /// All operands hold. [`Logic::all`] keeps it at two or more.
    And(Vec<Logic<L>>),
    /// Any operand holds. [`Logic::any`] keeps it at two or more.
    Or(Vec<Logic<L>>),
}

impl<L> Logic<L> {
    /// The conjunction of `parts`, flat and without constants; none is [`Logic::True`].
    pub fn all(parts: impl IntoIterator<Item = Logic<L>>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Logic::True => {}
                Logic::False => return Logic::False,
                Logic::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Logic::True,
            1 => flat.swap_remove(0),
            _ => Logic::And(flat),
        }
    }

    /// The disjunction of `parts`, flat and without constants; none is [`Logic::False`].
    pub fn any(parts: impl IntoIterator<Item = Logic<L>>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Logic::False => {}
                Logic::True => return Logic::True,
                Logic::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Logic::False,
            1 => flat.swap_remove(0),
            _ => Logic::Or(flat),
        }
    }

    /// The negation, without a double one.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Logic::True => Logic::False,
            Logic::False => Logic::True,
            Logic::Not(inner) => *inner,
            other => Logic::Not(Box::new(other)),
        }
    }

    /// Rewrites every leaf, keeping the structure; constants that leaves become are folded away.
    pub fn map<M>(self, leaf: &mut impl FnMut(L) -> Logic<M>) -> Logic<M> {
        match self {
            Logic::True => Logic::True,
            Logic::False => Logic::False,
            Logic::Test(test) => leaf(test),
            Logic::Not(inner) => inner.map(leaf).negate(),
            Logic::And(parts) => Logic::all(parts.into_iter().map(|part| part.map(leaf)).collect::<Vec<_>>()),
            Logic::Or(parts) => Logic::any(parts.into_iter().map(|part| part.map(leaf)).collect::<Vec<_>>()),
        }
    }

    /// Like [`Logic::map`], by reference. A leaf may become a tree: a field that two columns hold becomes an `Or`.
    pub fn map_ref<M>(&self, leaf: &mut impl FnMut(&L) -> Logic<M>) -> Logic<M> {
        match self {
            Logic::True => Logic::True,
            Logic::False => Logic::False,
            Logic::Test(test) => leaf(test),
            Logic::Not(inner) => inner.map_ref(leaf).negate(),
            Logic::And(parts) => Logic::all(parts.iter().map(|part| part.map_ref(leaf)).collect::<Vec<_>>()),
            Logic::Or(parts) => Logic::any(parts.iter().map(|part| part.map_ref(leaf)).collect::<Vec<_>>()),
        }
    }

    /// Visits every leaf, in order.
    pub fn for_each<'a>(&'a self, visit: &mut impl FnMut(&'a L)) {
        match self {
            Logic::True | Logic::False => {}
            Logic::Test(test) => visit(test),
            Logic::Not(inner) => inner.for_each(visit),
            Logic::And(parts) | Logic::Or(parts) => parts.iter().for_each(|part| part.for_each(visit)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Logic::{self, And, False, Not, Or, Test, True};

    #[test]
    fn constants_fold_and_like_connectives_flatten() {
        assert_eq!(Logic::all([Test(1), True, And(vec![Test(2), Test(3)])]), And(vec![Test(1), Test(2), Test(3)]));
        assert_eq!(Logic::any([Test(1), False, Or(vec![Test(2), Test(3)])]), Or(vec![Test(1), Test(2), Test(3)]));
        assert_eq!(Logic::all([Test(1), False]), False);
        assert_eq!(Logic::any([Test(1), True]), True);
        assert_eq!(Logic::<u8>::all([]), True);
        assert_eq!(Logic::any([Test(1)]), Test(1));
        assert_eq!(Not(Box::new(Test(1))).negate(), Test(1));
    }

    #[test]
    fn a_leaf_that_becomes_a_constant_folds_its_parents() {
        let tree = And(vec![Test(1), Not(Box::new(Or(vec![Test(2), Test(3)])))]);
        assert_eq!(
            tree.map_ref(&mut |n| if *n == 2 { False } else { Test(*n) }),
            And(vec![Test(1), Not(Box::new(Test(3)))])
        );
        assert_eq!(tree.map_ref(&mut |n| if *n == 2 { True } else { Test(*n) }), False);
    }
}
