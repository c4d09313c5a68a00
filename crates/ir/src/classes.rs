//! Classes that exclude each other, for languages that cannot compute a class: each becomes a rule of its own.

use crate::{
    Arm, Atom, Classification, Column, Comparison, Logic, Mapped, Predicate, Reads, Shape, Source, Subject, Test,
};

/// Arms of one class, with none of the events of earlier classes.
#[derive(Clone, Debug, PartialEq)]
pub struct DisjointArms {
    /// Together they match what the class matches and no earlier class does.
    pub arms: Vec<Arm<Mapped>>,
    /// Whether that rests on an event being of one category only.
    pub one_category: bool,
}

/// How the events of two sources relate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    Same,
    Apart,
    /// Apart, if an event is of one category only.
    OtherCategory,
    Unknown,
}

impl Classification<Mapped> {
    /// The events of `arms` that are in none of the first `count` classes. `None` where two sources may share events in
    /// a way that this cannot tell: then the earlier classes must be negated as they are.
    ///
    /// Each arm is narrowed by the earlier arms over the same events only, and by no more of them than it does not know
    /// already: of `B and not (A and x)`, where B implies A, what is left is `B and not x`.
    pub fn without_first(&self, count: usize, arms: &[Arm<Mapped>]) -> Option<DisjointArms> {
        let mut result = DisjointArms { arms: Vec::with_capacity(arms.len()), one_category: false };
        for arm in arms {
            let mut excluded = Vec::new();
            for earlier in self.branches[..count].iter().flat_map(|branch| &branch.arms) {
                match relation(&arm.source, &earlier.source) {
                    Relation::Same => {
                        let rest = earlier.predicate.clone().given(&arm.predicate);
                        if !excluded.contains(&rest) {
                            excluded.push(rest);
                        }
                    }
                    Relation::Apart => {}
                    Relation::OtherCategory => result.one_category = true,
                    Relation::Unknown => return None,
                }
            }
            let predicate = Predicate::all([arm.predicate.clone(), Predicate::any(excluded).negate()]);
            if predicate != Logic::False {
                result.arms.push(Arm { source: arm.source.clone(), predicate });
            }
        }
        Some(result)
    }
}

fn relation(one: &Source, other: &Source) -> Relation {
    if one.reads == other.reads && one.scope == other.scope {
        return Relation::Same;
    }
    if conjuncts(&one.scope).iter().any(|part| conjuncts(&other.scope).iter().any(|with| exclude(part, with))) {
        return Relation::Apart;
    }
    match (&one.reads, &other.reads) {
        (Reads::Table(one), Reads::Table(other)) if one != other => Relation::Apart,
        (Reads::Category(Some(one)), Reads::Category(Some(other))) if one != other => Relation::OtherCategory,
        _ => Relation::Unknown,
    }
}

fn conjuncts(tree: &Predicate<Mapped>) -> &[Predicate<Mapped>] {
    match tree {
        Logic::And(parts) => parts,
        one => std::slice::from_ref(one),
    }
}

/// Whether no event satisfies both, because one column cannot have both values.
fn exclude(one: &Predicate<Mapped>, other: &Predicate<Mapped>) -> bool {
    match (allowed(one), allowed(other)) {
        (Some((column, values)), Some((same, others))) => {
            column.expr == same.expr && !column.many && values.iter().all(|value| !others.contains(value))
        }
        _ => false,
    }
}

/// The only values, folded, that a test lets its column have.
fn allowed(tree: &Predicate<Mapped>) -> Option<(&Column, Vec<String>)> {
    match tree {
        Logic::Test(Atom { subject: Subject::Field(column), test, .. }) => match test {
            Test::Text { pattern, .. } => match pattern.shape() {
                Shape::Exact(text) => Some((column, vec![text.to_ascii_lowercase()])),
                _ => None,
            },
            Test::Number { comparison: Comparison::Equal, number } => Some((column, vec![number.to_string()])),
            _ => None,
        },
        Logic::Or(parts) => {
            let mut parts = parts.iter().map(allowed);
            let (column, mut values) = parts.next()??;
            for part in parts {
                let (same, more) = part?;
                if same.expr != column.expr {
                    return None;
                }
                values.extend(more);
            }
            Some((column, values))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Arm, Atom, Branch, Case, Classification, Column, LogSource, Logic, Mapped, Notes, Pattern, Predicate, Reads,
        Source, Subject, Test,
    };
    use rulecast_diagnostics::Span;
    use std::sync::Arc;

    fn is(column: &str, value: &str) -> Predicate<Mapped> {
        Logic::Test(Atom {
            subject: Subject::Field(Arc::new(Column::text(column))),
            test: Test::Text { pattern: Pattern::literal(value), case: Case::Insensitive },
            span: Span::default(),
            notes: Notes::default(),
        })
    }

    fn arm(category: &str, system: &str, predicate: Predicate<Mapped>) -> Arm<Mapped> {
        let log_source =
            LogSource { category: None, product: None, service: None, scopes: Vec::new(), span: Span::default() };
        let source = Source {
            log_source,
            reads: Reads::Category(Some(category.into())),
            scope: is("system", system),
            time: Arc::new(Column::text("time")),
            id: Vec::new(),
            scan: false,
        };
        Arm { source: Arc::new(source), predicate }
    }

    fn classes(arms: Vec<Arm<Mapped>>) -> Classification<Mapped> {
        let branch = |arm| Branch { name: "x".into(), arms: vec![arm], level: None, span: Span::default() };
        Classification { branches: arms.into_iter().map(branch).collect(), otherwise: None, span: Span::default() }
    }

    #[test]
    fn an_arm_excludes_only_what_it_does_not_know_of_earlier_arms_over_the_same_events() {
        let (a, x, y) = (|| is("a", "a"), || is("x", "x"), || is("y", "y"));
        let classes = classes(vec![
            arm("process", "windows", Logic::all([a(), x()])),
            arm("process", "macos", y()),
            arm("network", "windows", y()),
        ]);
        let rest = classes.without_first(3, &[arm("process", "windows", a())]).unwrap();
        assert_eq!(rest.arms, [arm("process", "windows", Logic::all([a(), x().negate()]))]);
        assert!(rest.one_category);
        let rest = classes.without_first(2, &[arm("process", "windows", Logic::all([x(), a()]))]).unwrap();
        assert_eq!(rest.arms, []);
        assert!(!rest.one_category);
    }

    #[test]
    fn sources_that_may_share_events_are_not_told_apart() {
        let mut other = arm("process", "windows", is("a", "a"));
        let mut source = (*other.source).clone();
        source.scope = is("kind", "start");
        other.source = Arc::new(source);
        let classes = classes(vec![other]);
        assert_eq!(classes.without_first(1, &[arm("process", "windows", is("a", "a"))]), None);
    }
}
