//! Texts out of texts: by regular expressions, and with several texts replaced at once.
//!
//! Source: the reference's pages on `extract` and `replace_strings`.

use super::super::bind::Bound;
use super::super::value::{Ty, Value};
use super::super::{EvalError, Result, compare};
use serde_json::Value as Json;

/// `extract(pattern, group, text)`: what a group matches; the empty text where nothing does.
pub(super) fn extract(bound: Vec<Bound>) -> Result<Bound> {
    let (Some(Value::Text(pattern)), Some(Value::Long(group))) = (&bound[0].constant, &bound[1].constant) else {
        return Err(EvalError::new("a pattern or a group that is not constant"));
    };
    let regex = compare::regex(pattern.as_str())?;
    let group = usize::try_from(*group).ok().filter(|group| *group < regex.captures_len());
    let group = group.ok_or_else(|| EvalError::new("the pattern has no such group"))?;
    Bound::of(Ty::Text, bound, move |values| {
        let text = values[2].as_text()?;
        let found = regex.captures(text.as_str()).and_then(|captures| captures.get(group));
        Ok(Value::text(found.map_or("", |found| found.as_str())))
    })
}

/// `replace_strings(text, lookups, rewrites)`: in one pass, an earlier text before a later one; what is put in is not looked
/// at again.
pub(super) fn replace_strings(bound: Vec<Bound>) -> Result<Bound> {
    let list = |bound: &Bound| match &bound.constant {
        Some(Value::Dynamic(json)) => texts(json).ok_or_else(|| EvalError::new("a list of texts was expected")),
        _ => Err(EvalError::new("a list that is not constant")),
    };
    let (lookups, rewrites) = (list(&bound[1])?, list(&bound[2])?);
    if lookups.len() != rewrites.len() || lookups.iter().any(String::is_empty) {
        return Err(EvalError::new("each text is replaced by one, and none is empty"));
    }
    Bound::of(Ty::Text, bound, move |values| {
        let text = values[0].as_text()?;
        let mut rest = text.as_str();
        let mut replaced = String::with_capacity(rest.len());
        while let Some(next) = rest.chars().next() {
            let found = lookups.iter().zip(&rewrites).find(|(lookup, _)| rest.starts_with(lookup.as_str()));
            let taken = if let Some((lookup, rewrite)) = found {
                replaced.push_str(rewrite);
                lookup.len()
            } else {
                replaced.push(next);
                next.len_utf8()
            };
            rest = &rest[taken..];
        }
        Ok(Value::text(&replaced))
    })
}

fn texts(json: &Json) -> Option<Vec<String>> {
    json.as_array()?.iter().map(|one| one.as_str().map(str::to_owned)).collect()
}
