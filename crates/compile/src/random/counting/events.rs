//! What the events of correlations have beside: few values, so that some come twice.

use super::Counting;
use crate::random::dice::Dice;
use crate::random::setting::Setting;
use rulecast_ir::{Record, Scalar};

impl Setting {
    /// Gives an event what a correlation groups by, counts and computes with.
    pub(in crate::random) fn count(&self, dice: &mut Dice, counting: &Counting, record: &mut Record) {
        for one in counting.all() {
            for field in one.keys.iter().flat_map(super::Key::fields) {
                self.give(dice, record, field, 12, &["x", "x", "x", "y", "X", "5"]);
            }
            for field in &one.fields {
                if one.kind.is_numeric() {
                    let texts = ["1", "2", "2", "5", "-1", "0.5", "10", "2.0", "none", ""];
                    self.give(dice, record, field, 12, &texts);
                    if self.is_free() && dice.percent(40) && record.fields.contains_key(*field) {
                        let number = dice.one_of(&[0, 1, 2, 3, 7, -4]);
                        record.fields.insert((*field).to_owned(), vec![Scalar::Integer(number)]);
                    }
                } else {
                    self.give(dice, record, field, 12, &["x", "x", "X", "y", "1", ""]);
                }
            }
        }
    }

    /// A value of a data model, or one of these, now and then none, and often what was there already.
    fn give(&self, dice: &mut Dice, record: &mut Record, field: &str, missing: usize, values: &[&str]) {
        if dice.percent(15) {
            return;
        }
        if dice.percent(missing) {
            record.fields.remove(field);
            return;
        }
        let known = self.values.iter().find(|(name, _)| *name == field).map(|(_, known)| *known);
        // The first few of them, so that some come twice.
        let value = dice.one_of(known.map_or(values, |known| &known[..known.len().min(3)]));
        record.fields.insert(field.to_owned(), vec![Scalar::Text(value.to_owned())]);
    }
}
