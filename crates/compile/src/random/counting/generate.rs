//! Correlations by chance.

use super::{Asked, Counting, KINDS, Key, Member};
use crate::Language;
use crate::random::dice::Dice;
use crate::random::setting::Setting;
use crate::random::wish::Wish;
use rulecast_rule::ast::{CorrelationKind, Operator};

const OPERATORS: [Operator; 6] =
    [Operator::Gte, Operator::Gt, Operator::Lt, Operator::Lte, Operator::Eq, Operator::Neq];

/// How many rules there are beside a correlation.
const RULES: usize = 3;

impl Setting {
    /// A correlation with the rules that it is about.
    pub(in crate::random) fn counting(&self, language: Language, dice: &mut Dice) -> Wish {
        let rules = (0..RULES).map(|_| self.member(dice)).collect();
        // What EQL refuses is asked for now and then, to see that it does.
        let plain = language == Language::Eql && !dice.percent(15);
        let depth = if plain || dice.percent(70) { 0 } else { 1 + dice.below(2) };
        Wish::Counting { rules, counting: self.correlation(dice, depth, plain) }
    }

    fn correlation(&self, dice: &mut Dice, depth: usize, plain: bool) -> Counting {
        let kind = match dice.below(3) {
            0 if plain => CorrelationKind::TemporalOrdered,
            _ if plain => CorrelationKind::EventCount,
            _ => dice.one_of(&KINDS),
        };
        let least = Counting::least(kind);
        let mut members: Vec<Member> = (0..RULES).map(Member::Rule).collect();
        if dice.percent(30) {
            members.swap(0, 1 + dice.below(RULES - 1));
        }
        members.truncate(least + dice.below(RULES + 1 - least));
        if depth > 0 {
            let place = dice.below(members.len());
            members[place] = Member::Inner(Box::new(self.correlation(dice, depth - 1, plain)));
        }
        let keys = self.grouping(dice, members.len());
        let mut counting = Counting {
            kind,
            keys,
            timespan: 1 + dice.below(10) as u64,
            bounds: Vec::new(),
            condition: None,
            fields: Vec::new(),
            percentile: None,
            members,
        };
        let pool: &[&'static str] = match kind {
            CorrelationKind::ValueSum => &["0", "1", "2", "5", "7.5", "12", "-1", "4000"],
            kind if kind.is_numeric() => &["0", "1", "2", "5", "2.5", "-1", "80"],
            _ => &["1", "2", "2", "3", "3", "4", "0", "2.5"],
        };
        match (kind, dice.below(3)) {
            (CorrelationKind::EventCount, _) if plain => {
                counting.bounds = vec![(Operator::Gte, dice.one_of(&["1", "2", "2", "3"]))];
            }
            (CorrelationKind::Temporal | CorrelationKind::TemporalOrdered, 0) => {}
            (CorrelationKind::TemporalOrdered, _) if plain => {}
            (CorrelationKind::Temporal | CorrelationKind::TemporalOrdered, 1) => {
                let places: Vec<usize> = (0..counting.members.len()).collect();
                counting.condition = Some(asked(dice, &places));
            }
            _ => counting.bounds = bounds(dice, pool),
        }
        match kind {
            CorrelationKind::ValueCount => {
                let values = self.counted();
                counting.fields = vec![dice.one_of(&values)];
                let second = dice.one_of(&values);
                if dice.percent(30) && !counting.fields.contains(&second) {
                    counting.fields.push(second);
                }
            }
            kind if kind.is_numeric() => counting.fields = vec![dice.one_of(&self.summed())],
            _ => {}
        }
        if kind == CorrelationKind::ValuePercentile {
            counting.percentile = Some(dice.one_of(&["0", "7", "25", "33.3", "50", "90", "99.9", "100"]));
        }
        counting
    }

    fn grouping(&self, dice: &mut Dice, members: usize) -> Vec<Key> {
        let keys = self.groups();
        match dice.below(6) {
            0 => Vec::new(),
            1 => vec![Key::Alias((0..members).map(|_| dice.one_of(&keys)).collect())],
            2 => keys.iter().take(2).map(|key| Key::Field(key)).collect(),
            _ => vec![Key::Field(self.key)],
        }
    }

    /// Fields that events are grouped by.
    fn groups(&self) -> Vec<&'static str> {
        // What a data model holds in parts, such as a path, is now and then asked for.
        vec![self.key, if self.is_free() { "j" } else { self.texts[self.texts.len() - 1] }]
    }

    /// Fields whose values are counted.
    fn counted(&self) -> Vec<&'static str> {
        if self.is_free() { vec!["v", "w", "v", self.texts[0]] } else { self.texts.to_vec() }
    }

    /// Fields whose numbers are computed with.
    fn summed(&self) -> Vec<&'static str> {
        match self.numbers {
            [first, ..] if self.is_free() => vec!["q", "q", *first],
            // Texts hold none, which is to be seen too.
            [] => self.texts.to_vec(),
            numbers => numbers.to_vec(),
        }
    }
}

fn bounds(dice: &mut Dice, pool: &[&'static str]) -> Vec<(Operator, &'static str)> {
    if dice.percent(20) {
        let (lower, upper) = (dice.one_of(&[Operator::Gt, Operator::Gte]), dice.one_of(&OPERATORS[2..]));
        return vec![(lower, dice.one_of(pool)), (upper, dice.one_of(pool))];
    }
    vec![(dice.one_of(&OPERATORS), dice.one_of(pool))]
}

fn asked(dice: &mut Dice, places: &[usize]) -> Asked {
    let asked = if let [one] = places {
        Asked::Member(*one)
    } else {
        let (left, right) = places.split_at(1 + dice.below(places.len() - 1));
        let (left, right) = (Box::new(asked(dice, left)), Box::new(asked(dice, right)));
        if dice.percent(65) { Asked::And(left, right) } else { Asked::Or(left, right) }
    };
    if dice.percent(25) { Asked::Not(Box::new(asked)) } else { asked }
}
