//! Whether the classes of a rule leave no match without one.
//!
//! Promises: the answer yes is right. Lacks: every other yes, of classes that cover a rule for reasons beyond the shape of
//! their conditions; such a rule says `otherwise`.

use rulecast_ir::{Event, Logic, Predicate, Sigma};

/// How many cases are looked at before the answer is no.
const CASES: usize = 10_000;

/// Whether every event that the rule matches is of a class.
pub(crate) fn covered(event: &Event<Sigma>) -> bool {
    let Some(classes) = &event.classification else { return false };
    let mut cases = CASES;
    classes.otherwise.is_some()
        || event.arms.iter().all(|arm| {
            let of_classes = classes.branches.iter().flat_map(|branch| &branch.arms);
            let of_source: Vec<_> =
                of_classes.filter(|one| one.source == arm.source).map(|one| &one.predicate).collect();
            covers(&mut vec![&arm.predicate], &of_source, &mut cases)
        })
}

/// Whether one of the classes holds wherever all of `known` does: by itself, or in each case of an alternative.
fn covers<'p>(known: &mut Vec<&'p Predicate<Sigma>>, classes: &[&'p Predicate<Sigma>], cases: &mut usize) -> bool {
    let Some(left) = cases.checked_sub(1) else { return false };
    *cases = left;
    if let Some(at) = known.iter().position(|part| matches!(part, Logic::And(_))) {
        let Logic::And(parts) = known.swap_remove(at) else { unreachable!("it is a conjunction") };
        known.extend(parts);
        return covers(known, classes, cases);
    }
    if classes.iter().any(|class| holds(class, known)) {
        return true;
    }
    let alternatives = (0..known.len()).filter(|at| matches!(known[*at], Logic::Or(_)));
    alternatives.collect::<Vec<_>>().into_iter().any(|at| {
        let mut rest = known.clone();
        let Logic::Or(parts) = rest.swap_remove(at) else { unreachable!("it is an alternative") };
        parts.iter().all(|part| {
            let mut one = rest.clone();
            one.push(part);
            covers(&mut one, classes, cases)
        })
    })
}

/// Whether a condition holds wherever all of `known` does, by its shape.
fn holds(condition: &Predicate<Sigma>, known: &[&Predicate<Sigma>]) -> bool {
    known.contains(&condition)
        || match condition {
            Logic::True => true,
            Logic::And(parts) => parts.iter().all(|part| holds(part, known)),
            Logic::Or(parts) => parts.iter().any(|part| holds(part, known)),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::covered;
    use rulecast_compile::Unit;
    use rulecast_diagnostics::FileId;
    use rulecast_ir::Body;

    fn check(condition: &str, classes: &str) -> bool {
        let rule = format!(
            "title: x\nlogsource: {{category: process_creation, product: windows}}\n\
             detection: {{a: {{Image: [a1, a2]}}, b: {{CommandLine: [b1, b2]}}, c: {{User: c}}, condition: {condition}}}\n\
             classification: {classes}\n"
        );
        let resolved = Unit::new(rulecast_rule::parse(FileId(0), &rule).documents).resolve();
        let Body::Event(event) = &resolved.rules[0].body else { panic!("one event") };
        assert!(event.classification.is_some(), "{rule}");
        covered(event)
    }

    #[test]
    fn classes_cover_a_rule_where_their_shape_shows_it() {
        assert!(check(
            "a and (b or c)",
            "[{name: A, condition: b and c}, {name: B, condition: b}, {name: C, condition: c}]"
        ));
        assert!(check("a", "[{name: A, condition: c}, {name: B, condition: a}]"));
        assert!(check("a", "[{name: A, condition: c}, {otherwise: B}]"));
        assert!(check("a or (b and not c)", "[{name: A, condition: a}, {name: B, condition: b}]"));
        assert!(!check("a and (b or c)", "[{name: A, condition: b}]"));
        assert!(!check("a or b", "[{name: A, condition: a and c}, {name: B, condition: b}]"));
        assert!(!check("a", "[{name: A, condition: not c}]"));
    }
}
