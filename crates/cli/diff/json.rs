//! A difference for programs: `docs/reference/diff.schema.json`.

use super::change::{Difference, Fate, Invalid, QueryDiff, RuleDiff, TargetDiff};
use super::side::Side;
use serde_json::{Map, Value, json};

pub(super) fn render(difference: &Difference, old: &Side, new: &Side) -> String {
    let side = |side: &Side| json!({ "name": side.label, "commit": side.commit, "targets": side.targets });
    let counts: Map<String, Value> =
        Fate::ALL.into_iter().map(|fate| (fate.word().to_owned(), difference.count(fate).into())).collect();
    let whole = json!({
        "format": 1,
        "from": side(old),
        "to": side(new),
        "targets": difference.targets,
        "counts": counts,
        "rules": difference.rules.iter().map(rule).collect::<Vec<_>>(),
        "invalid": difference.invalid.iter().map(invalid).collect::<Vec<_>>(),
    });
    rulecast_files::json_text(whole)
}

fn rule(rule: &RuleDiff) -> Value {
    json!({
        "change": rule.fate.word(),
        "id": rule.id,
        "title": rule.title,
        "path": rule.path,
        "old_id": rule.old_id,
        "moved_from": rule.moved_from,
        "parts": rule.parts.iter().map(|part| part.key()).collect::<Vec<_>>(),
        "targets": rule.targets.iter().map(target).collect::<Vec<_>>(),
    })
}

fn target(target: &TargetDiff) -> Value {
    let refusals: Vec<Value> =
        target.refusals.iter().map(|(message, line)| json!({ "message": message, "line": line })).collect();
    json!({
        "target": target.target,
        "changed": target.is_change(),
        "before": target.before,
        "after": target.after,
        "refusals": refusals,
        "new_assumptions": target.new_assumptions,
        "queries": target.queries.iter().map(query).collect::<Vec<_>>(),
    })
}

fn query(query: &QueryDiff) -> Value {
    json!({ "class": query.class, "before": query.before, "after": query.after, "diff": query.lines() })
}

fn invalid(file: &Invalid) -> Value {
    let problem = |problem: &Option<(String, usize)>| {
        problem.as_ref().map(|(message, line)| json!({ "message": message, "line": line }))
    };
    json!({ "path": file.path, "before": problem(&file.before), "after": problem(&file.after) })
}
