//! Smaller rules and events that show the same.

use super::wish::{Leaf, Tree, Value, Wish};
use rulecast_ir::{Record, Scalar};

/// The smallest rule and events that one step after another leads to, while `open` holds.
pub(super) fn shrink(
    mut wish: Wish,
    mut events: Vec<Record>,
    open: impl Fn(&Wish, &[Record]) -> bool,
) -> (Wish, Vec<Record>) {
    loop {
        if let Some(smaller) = fewer(&events).into_iter().find(|smaller| open(&wish, smaller)) {
            events = smaller;
        } else if let Some(smaller) = wishes(&wish).into_iter().find(|smaller| open(smaller, &events)) {
            wish = smaller;
        } else if let Some(smaller) = poorer(&events).into_iter().find(|smaller| open(&wish, smaller)) {
            events = smaller;
        } else {
            return (wish, events);
        }
    }
}

/// Without each of several.
pub(super) fn without<T: Clone>(all: &[T], least: usize) -> Vec<Vec<T>> {
    if all.len() <= least {
        return Vec::new();
    }
    let omit = |at: usize| [&all[..at], &all[at + 1..]].concat();
    (0..all.len()).map(omit).collect()
}

/// Each of several made smaller.
pub(super) fn each<T: Clone>(all: &[T], smaller: impl Fn(&T) -> Vec<T>) -> Vec<Vec<T>> {
    let mut found = Vec::new();
    for (at, one) in all.iter().enumerate() {
        for one in smaller(one) {
            let mut all = all.to_vec();
            all[at] = one;
            found.push(all);
        }
    }
    found
}

fn fewer(events: &[Record]) -> Vec<Vec<Record>> {
    without(events, 1)
}

fn poorer(events: &[Record]) -> Vec<Vec<Record>> {
    each(events, |event| {
        let mut found = Vec::new();
        for (field, values) in &event.fields {
            let mut poorer = event.clone();
            poorer.fields.remove(field);
            found.push(poorer);
            let values = without(values, 1).into_iter().chain(each(values, shorter));
            found.extend(values.map(|values| {
                let mut poorer = event.clone();
                poorer.fields.insert(field.clone(), values);
                poorer
            }));
        }
        found
    })
}

fn shorter(value: &Scalar) -> Vec<Scalar> {
    let Scalar::Text(text) = value else { return Vec::new() };
    let chars: Vec<char> = text.chars().collect();
    without(&chars, 1).into_iter().map(|chars| Scalar::Text(chars.into_iter().collect())).collect()
}

fn wishes(wish: &Wish) -> Vec<Wish> {
    match wish {
        Wish::Event(tree) => trees(tree).into_iter().map(Wish::Event).collect(),
        Wish::Sequence { steps, until, timespan } => {
            let with = |steps: Vec<Tree>, until: Option<Tree>| Wish::Sequence { steps, until, timespan: *timespan };
            let mut found: Vec<Wish> = steps.iter().map(|step| Wish::Event(step.clone())).collect();
            found.extend(until.iter().map(|_| with(steps.clone(), None)));
            found.extend(without(steps, 2).into_iter().map(|steps| with(steps, until.clone())));
            found.extend(each(steps, trees).into_iter().map(|steps| with(steps, until.clone())));
            found.extend(until.iter().flat_map(trees).map(|until| with(steps.clone(), Some(until))));
            found
        }
        Wish::Counting { rules, counting } => {
            let with = |rules, counting| Wish::Counting { rules, counting };
            let alone = counting.rules().into_iter().map(|rule| &rules[rule]).filter(|(source, _)| *source == 0);
            let mut found: Vec<Wish> = alone.map(|(_, tree)| Wish::Event(tree.clone())).collect();
            found.extend(counting.smaller().into_iter().map(|counting| with(rules.clone(), counting)));
            let read = counting.rules();
            let smaller = each(rules, |(source, tree)| trees(tree).into_iter().map(|tree| (*source, tree)).collect());
            // A rule that is not read makes no difference.
            let smaller = smaller.into_iter().filter(|less| read.iter().any(|rule| less[*rule] != rules[*rule]));
            found.extend(smaller.map(|rules| with(rules, counting.clone())));
            found
        }
        Wish::Classified { tree, branches, otherwise } => {
            let with = |tree: Tree, branches, otherwise| Wish::Classified { tree, branches, otherwise };
            let mut found = vec![Wish::Event(tree.clone())];
            found.extend(otherwise.then(|| with(tree.clone(), branches.clone(), false)));
            let fewer = without(branches, 1).into_iter().chain(each(branches, trees));
            found.extend(fewer.map(|branches| with(tree.clone(), branches, *otherwise)));
            found.extend(trees(tree).into_iter().map(|tree| with(tree, branches.clone(), *otherwise)));
            found
        }
        Wish::Union { members, branches } => {
            let with = |members, branches| Wish::Union { members, branches };
            let alone = members.iter().filter(|(source, _)| *source == 0);
            let mut found: Vec<Wish> = alone.map(|(_, tree)| Wish::Event(tree.clone())).collect();
            if branches.is_empty() {
                found.extend(without(members, 2).into_iter().map(|members| with(members, Vec::new())));
            }
            found.extend(without(branches, 0).into_iter().map(|branches| with(members.clone(), branches)));
            let smaller = |(member, tree): &(usize, Option<Tree>)| {
                let trees = tree.iter().flat_map(trees).map(Some).chain(tree.is_some().then_some(None));
                trees.map(|tree| (*member, tree)).collect()
            };
            found.extend(each(branches, smaller).into_iter().map(|branches| with(members.clone(), branches)));
            let smaller =
                |(source, tree): &(usize, Tree)| trees(tree).into_iter().map(|tree| (*source, tree)).collect();
            found.extend(each(members, smaller).into_iter().map(|members| with(members, branches.clone())));
            found
        }
    }
}

fn trees(tree: &Tree) -> Vec<Tree> {
    match tree {
        Tree::Leaf(leaf) => leaves(leaf).into_iter().map(Tree::Leaf).collect(),
        Tree::Not(inner) => {
            let mut found = vec![(**inner).clone()];
            found.extend(trees(inner).into_iter().map(|inner| Tree::Not(Box::new(inner))));
            found
        }
        Tree::And(parts) | Tree::Or(parts) => {
            let join = |parts| if matches!(tree, Tree::And(_)) { Tree::And(parts) } else { Tree::Or(parts) };
            let mut found = parts.clone();
            found.extend(without(parts, 2).into_iter().chain(each(parts, trees)).map(join));
            found
        }
    }
}

fn leaves(leaf: &Leaf) -> Vec<Leaf> {
    let fewer = without(&leaf.values, 1).into_iter().chain(each(&leaf.values, values));
    fewer.map(|values| Leaf { all: leaf.all && values.len() > 1, values, ..leaf.clone() }).collect()
}

fn values(value: &Value) -> Vec<Value> {
    match value {
        Value::Text(pieces) => without(pieces, 1).into_iter().map(Value::Text).collect(),
        Value::Plain(_) => Vec::new(),
    }
}
