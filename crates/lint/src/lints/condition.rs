//! Conditions as they are written.

use crate::lint::{Fixes, Lint};
use rulecast_diagnostics::{Diagnostic, Severity, Spanned};
use rulecast_rule::ast::{Condition, Detection, Quantifier, Selector};

pub(crate) static LINTS: &[&Lint] = &[&THEM, &SELECTOR_OF_ONE, &SELECTOR_WITHOUT_STAR, &POSITIVE_FILTER];

static THEM: Lint = Lint {
    name: "them",
    severity: Severity::Note,
    summary: "`1 of them` or `all of them`, which takes in every selection there will ever be",
    reason: "Whoever adds a filter to the rule later makes it a requirement, or an alternative, without a word in the condition.",
    bad: "detection:\n    selection_image:\n        Image|endswith: '\\whoami.exe'\n    selection_command:\n        CommandLine|contains: '/all'\n    condition: all of them",
    good: "detection:\n    selection_image:\n        Image|endswith: '\\whoami.exe'\n    selection_command:\n        CommandLine|contains: '/all'\n    condition: all of selection_*",
    fix: Fixes::None,
};

static SELECTOR_OF_ONE: Lint = Lint {
    name: "selector-of-one",
    severity: Severity::Note,
    summary: "`1 of` or `all of` over a single selection",
    reason: "Perhaps a selection is missing, or is called otherwise. If not, its name alone says the same.",
    bad: "detection:\n    selection_image:\n        Image|endswith: '\\whoami.exe'\n    condition: all of selection_*",
    good: "detection:\n    selection_image:\n        Image|endswith: '\\whoami.exe'\n    condition: selection_image",
    fix: Fixes::None,
};

static SELECTOR_WITHOUT_STAR: Lint = Lint {
    name: "selector-without-star",
    severity: Severity::Warning,
    summary: "`1 of` or `all of` a name without `*`",
    reason: "It names that one selection alone; `selection_img` is no `selection`.",
    bad: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    condition: 1 of selection",
    good: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    condition: selection",
    fix: Fixes::None,
};

static POSITIVE_FILTER: Lint = Lint {
    name: "positive-filter",
    severity: Severity::Warning,
    summary: "a selection called `filter…` that is required, not excluded",
    reason: "By custom a filter takes away. Either a `not` is missing, or the name misleads.",
    bad: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    filter_main_service:\n        ParentImage|endswith: '\\services.exe'\n    condition: selection and filter_main_service",
    good: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    filter_main_service:\n        ParentImage|endswith: '\\services.exe'\n    condition: selection and not filter_main_service",
    fix: Fixes::None,
};

pub(crate) fn check(detection: &Detection, is_rule: bool, to: &mut Vec<Diagnostic>) {
    let names: Vec<&str> = detection.selections.iter().map(|one| one.name.node.as_str()).collect();
    for condition in &detection.conditions {
        Look { names: &names, is_rule, to }.condition(condition, false);
    }
}

struct Look<'a> {
    names: &'a [&'a str],
    is_rule: bool,
    to: &'a mut Vec<Diagnostic>,
}

impl Look<'_> {
    fn condition(&mut self, condition: &Condition, negated: bool) {
        match condition {
            Condition::Selection(name) => {
                if name.starts_with("filter") {
                    self.positive(name, negated);
                }
            }
            Condition::Selector(selector) => self.selector(selector, negated),
            Condition::Not(inner) => self.condition(inner, !negated),
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().for_each(|part| self.condition(part, negated));
            }
        }
    }

    fn positive(&mut self, name: &Spanned<String>, negated: bool) {
        // A rule of filters alone has nothing to take away from.
        if self.is_rule && !negated && self.names.iter().any(|other| !other.starts_with("filter")) {
            self.to.push(
                POSITIVE_FILTER
                    .at(name.span, format!("`{}` is required here, not excluded", name.node))
                    .help("write `not` before it, or call it otherwise"),
            );
        }
    }

    fn selector(&mut self, selector: &Spanned<Selector>, negated: bool) {
        let word = match selector.quantifier {
            Quantifier::Any => "1 of",
            Quantifier::All => "all of",
        };
        let taking_part = |name: &&&str| !name.starts_with('_');
        let Some(pattern) = &selector.pattern else {
            let members = self.names.iter().filter(taking_part).count();
            if members == 1 {
                let finding = SELECTOR_OF_ONE.at(selector.span, format!("`{word} them` over a single selection"));
                self.to.push(finding.help("write its name"));
            } else {
                self.to.push(
                    THEM.at(selector.span, format!("`{word} them` takes in whatever selection is added later"))
                        .help("write a pattern, such as `selection_*`"),
                );
            }
            return;
        };
        if !pattern.contains('*') {
            self.to.push(
                SELECTOR_WITHOUT_STAR
                    .at(selector.span, format!("`{word} {pattern}` names one selection alone"))
                    .help(format!("write `{pattern}`, or `{word} {pattern}*`")),
            );
            return;
        }
        if self.is_rule && !negated && pattern.starts_with("filter") {
            self.positive(&Spanned::new(pattern.clone(), selector.span), negated);
        }
        // It is the field's custom to write `not 1 of filter_main_*`, so that a filter can be added without a change there.
        let is_open = negated && pattern.starts_with("filter");
        if let Some(prefix) = pattern.strip_suffix('*').filter(|prefix| !is_open && !prefix.contains('*')) {
            let mut members = self.names.iter().filter(|name| name.starts_with(prefix));
            if let (Some(only), None) = (members.next(), members.next()) {
                self.to.push(
                    SELECTOR_OF_ONE
                        .at(selector.span, format!("`{word} {pattern}` over a single selection"))
                        .help(format!("write `{only}`, unless a selection is missing")),
                );
            }
        }
    }
}
