//! Generated rules and events themselves, for those who ask others about them.

use super::dice::Dice;
use super::run::{Run, resolved};
use super::setting::Setting;
use crate::square::Corners;
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
        std::iter::repeat_with(move || {
            let setting = &Setting::of(self.target, &mut dice);
            let wish = setting.wish(self.target.language, &mut dice);
            let events = setting.events(&mut dice, &wish);
            let yaml = wish.yaml(setting);
            let rule = resolved(&yaml).expect("the generator writes rules");
            let assumed = Corners::new(&rule, self.target).map_or_else(
                |_| Vec::new(),
                |corners| {
                    let mut events = events.clone();
                    self.repair(&corners, setting, &wish, &mut events);
                    events
                },
            );
            Case { yaml, rule, events, assumed }
        })
    }
}
