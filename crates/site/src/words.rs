//! What every page says in the same words.

use rulecast_ir::{Fidelity, Verdict};
use std::fmt::Write;

/// Words of a rule in a heading: on one line, and without control characters, which a terminal would obey.
pub fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// `exact`, `exact; assumes ascii, presence`, `over: …`, …
pub fn fidelity(fidelity: &Fidelity) -> String {
    let mut text = verdict(fidelity);
    if !fidelity.left_out.is_empty() {
        let _ = write!(text, "; leaves out a test, as {}", left_out(fidelity).join(", as "));
    }
    let assumptions = assumptions(fidelity);
    if !assumptions.is_empty() {
        let _ = write!(text, "; assumes {}", assumptions.join(", "));
    }
    text
}

/// The same, without what it leaves out or assumes.
pub(crate) fn verdict(fidelity: &Fidelity) -> String {
    match fidelity.verdict {
        _ if fidelity.unchecked => {
            "unchecked: a pipeline rewrote the text of the query, and before it was ".to_owned()
                + fidelity.verdict.word()
        }
        Verdict::Exact => "exact".to_owned(),
        Verdict::Over => "over: may match more than the rule".to_owned(),
        Verdict::Under => "under: may miss what the rule matches".to_owned(),
        Verdict::Both => "over and under: may match more than the rule, and miss what it matches".to_owned(),
    }
}

/// Why each of the tests that the query leaves out cannot be said, in the order of the rule.
pub fn left_out(fidelity: &Fidelity) -> Vec<String> {
    fidelity.left_out.iter().map(|refusal| one_line(&refusal.message)).collect()
}

/// The names of the assumptions, in order.
pub fn assumptions(fidelity: &Fidelity) -> Vec<String> {
    fidelity.assumptions.iter().map(ToString::to_string).collect()
}

/// `30s`, `5m`, `1h`: by the largest whole unit.
pub(crate) fn duration(seconds: u64) -> String {
    let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
    let whole = units.into_iter().find(|(length, _)| seconds >= *length && seconds.is_multiple_of(*length));
    whole.map_or_else(|| format!("{seconds}s"), |(length, unit)| format!("{}{unit}", seconds / length))
}

/// `1 rule`, `2 rules`.
pub(crate) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_use_the_largest_whole_unit() {
        assert_eq!([30, 300, 540, 3_600, 5_400, 86_400, 0].map(duration), ["30s", "5m", "9m", "1h", "90m", "1d", "0s"]);
    }
}
