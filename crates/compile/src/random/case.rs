//! Generated rules and events themselves, for those who ask others about them.

use super::assume::Assumed;
use super::dice::Dice;
use super::run::{Run, resolved};
use rulecast_ir::{Record, Rule, Sigma};

/// A generated rule and events that have something to do with it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The rule's text.
    pub yaml: String,
    /// The rule.
    pub rule: Rule<Sigma>,
    /// As they were generated.
    pub events: Vec<Record>,
    /// As the queries of the target assume events to be; none if it has no queries.
    pub assumed: Vec<Record>,
}

impl Run {
    /// The rules and events that a run goes through, without end.
    pub fn cases(self) -> impl Iterator<Item = Case> {
        let mut dice = Dice::new(self.seed);
        (0..).map(move |index| {
            let setting = self.setting(index);
            let wish = setting.wish(&mut dice);
            let events = setting.events(&mut dice, &wish);
            let yaml = wish.yaml(setting.log_source);
            let rule = resolved(&yaml).expect("the generator writes rules");
            let assumed = self.known(&rule).map_or_else(Vec::new, |(assumptions, schema)| {
                let (target, setting, wish) = (self.target, &setting, &wish);
                let as_assumed = Assumed { target, setting, wish, assumptions: &assumptions, schema: &schema };
                let mut events = events.clone();
                events.iter_mut().for_each(|event| as_assumed.repair(event));
                events
            });
            Case { yaml, rule, events, assumed }
        })
    }
}
