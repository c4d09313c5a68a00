//! What can be wrong with a rule whose YAML and conditions were read.
//!
//! One function a kind of problem, so that names and wording stand side by side.

use crate::TimePart;
use rulecast_diagnostics::{Diagnostic, Span, Spanned};
use rulecast_rule::ast::Modifier;

/// "did you mean `x`?", for the name most like the unknown one.
fn did_you_mean<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    rulecast_rule::closest(unknown, known).map(|nearest| format!("did you mean `{nearest}`?"))
}

fn with_help(diagnostic: Diagnostic, help: Option<String>) -> Diagnostic {
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

pub(super) fn unknown_selection<'a>(
    name: &Spanned<String>,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let names = known.clone().into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let diagnostic = Diagnostic::error("unknown-selection", name.span, format!("undefined selection `{}`", name.node))
        .label("not a selection of this rule");
    match did_you_mean(name, known) {
        Some(help) => diagnostic.help(help),
        None => diagnostic.help(format!("the rule defines {names}")),
    }
}

pub(super) fn selector_matches_nothing<'a>(
    span: Span,
    pattern: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let names = known.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Diagnostic::error("empty-selector", span, format!("no selection matches `{pattern}`"))
        .label("matches nothing")
        .help(format!("the rule defines {names}"))
}

pub(super) fn unused_selection(name: &Spanned<String>) -> Diagnostic {
    Diagnostic::warning("unused-selection", name.span, format!("the condition never uses `{}`", name.node))
        .label("not part of what the rule matches")
}

pub(super) fn illegal_chain(modifier: &Spanned<Modifier>, why: impl Into<String>) -> Diagnostic {
    let message = format!("modifier `{}` is not allowed here", modifier.node.name());
    Diagnostic::error("illegal-modifier-chain", modifier.span, message).label(why)
}

pub(super) fn wrong_value(span: Span, message: impl Into<String>, label: impl Into<String>) -> Diagnostic {
    Diagnostic::error("wrong-value-type", span, message).label(label)
}

pub(super) fn no_such_part(span: Span, part: TimePart, number: &str) -> Diagnostic {
    let (name, range) = (part.name(), part.range());
    Diagnostic::error("time-part-out-of-range", span, format!("no time has the {name} {number}")).label(format!(
        "expected a whole number from {} to {}",
        range.start(),
        range.end()
    ))
}

pub(super) fn changed_placeholder(span: Span, name: &str, modifier: &Spanned<Modifier>) -> Diagnostic {
    let modifier = modifier.node.name();
    let message = format!("`{modifier}` cannot change the values of a placeholder");
    Diagnostic::error("wrong-value-type", span, message)
        .label(format!("`%{name}%` has its values only later"))
        .help(format!("write the values out, or give the placeholder values that `{modifier}` has changed"))
}

pub(super) fn null_in_list(span: Span) -> Diagnostic {
    Diagnostic::warning("null-in-list", span, "null stands in a list of values")
        .label("read as: or the field has no value")
        .help("the specification wants null in a selection of its own")
}

pub(super) fn invalid_regex(span: Span, message: &str) -> Diagnostic {
    Diagnostic::error("invalid-regex", span, format!("invalid regex: {message}")).label("not a regex that Sigma has")
}

pub(super) fn invalid_cidr(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error("invalid-cidr", span, format!("`{text}` is not a network in CIDR notation"))
        .label("expected an address and a prefix length, as in `10.0.0.0/8` or `fe80::/10`")
}

pub(super) fn host_bits(span: Span, text: &str, network: &str) -> Diagnostic {
    Diagnostic::error("invalid-cidr", span, format!("`{text}` has bits set beyond its prefix length"))
        .label("an address within a network, not a network")
        .help(format!("the network is `{network}`"))
}

pub(super) fn too_many_variants(span: Span, modifier: &str, limit: usize) -> Diagnostic {
    Diagnostic::error("expansion-limit", span, format!("`{modifier}` makes more than {limit} variants of this value"))
        .label("too many places to vary")
        .help("split the value into several that must all occur, with `contains|all`")
}

pub(super) fn too_short_to_encode(span: Span) -> Diagnostic {
    Diagnostic::error("value-too-short", span, "too short for `base64offset`")
        .label("one of its three encodings has no stable character, so it would match everything")
        .help("use at least two characters")
}

pub(super) fn unknown_rule<'a>(name: &Spanned<String>, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let diagnostic = Diagnostic::error("unknown-rule", name.span, format!("no rule is called `{}`", name.node))
        .label("neither the id nor the name of a rule that was read");
    with_help(diagnostic, did_you_mean(name, known))
}

pub(super) fn unknown_member<'a>(name: &Spanned<String>, rules: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let message = format!("`{}` is none of the rules of this correlation", name.node);
    let diagnostic = Diagnostic::error("unknown-rule", name.span, message).label("not listed in `rules`");
    with_help(diagnostic, did_you_mean(name, rules))
}

pub(super) fn unused_rule(name: &Spanned<String>) -> Diagnostic {
    Diagnostic::error("unused-rule", name.span, format!("rule `{}` is not used in the condition", name.node))
        .label("the condition does not ask for it")
}

pub(super) fn several_fields(second: &Spanned<String>, kind: &str) -> Diagnostic {
    Diagnostic::error("several-fields", second.span, format!("`{kind}` measures one field"))
        .label("a second field")
        .help("only `value_count` counts combinations of several fields")
}

pub(super) fn selector_of_no_rule<'a>(
    span: Span,
    pattern: &str,
    rules: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let names = rules.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Diagnostic::error("empty-selector", span, format!("no rule matches `{pattern}`"))
        .label("matches nothing")
        .help(format!("the rules of this correlation are {names}"))
}

pub(super) fn duplicate_rule(name: &Spanned<String>, first: Span) -> Diagnostic {
    Diagnostic::error("duplicate-rule", name.span, format!("two rules are called `{}`", name.node))
        .label("here again")
        .also(first, "first here")
}

pub(super) fn cyclic_correlation(name: &Spanned<String>) -> Diagnostic {
    Diagnostic::error("cyclic-correlation", name.span, format!("`{}` refers back to this correlation", name.node))
        .label("a correlation cannot contain itself")
}

pub(super) fn filter_as_rule(name: &Spanned<String>) -> Diagnostic {
    Diagnostic::error("unknown-rule", name.span, format!("`{}` is a filter, not a rule", name.node))
        .label("a filter matches nothing on its own")
}

pub(super) fn filter_of_nothing<'a>(name: &Spanned<String>, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let diagnostic =
        Diagnostic::warning("unknown-rule", name.span, format!("no rule that was read is called `{}`", name.node))
            .label("the filter does nothing for it");
    with_help(diagnostic, did_you_mean(name, known))
}

pub(super) fn filter_of_correlation(name: &Spanned<String>) -> Diagnostic {
    Diagnostic::warning("filter-of-correlation", name.span, format!("`{}` is a correlation, not a rule", name.node))
        .label("a filter does nothing for a correlation")
        .help("name the rules of the correlation")
}

pub(super) fn too_few_rules(span: Span, kind: &str) -> Diagnostic {
    Diagnostic::error("too-few-rules", span, format!("`{kind}` needs at least two rules"))
        .label("one event has no order")
}

pub(super) fn incomplete_alias(alias: &Spanned<String>, rule: &str) -> Diagnostic {
    let name = &alias.node;
    Diagnostic::warning("incomplete-alias", alias.span, format!("alias `{name}` has no field for rule `{rule}`"))
        .label(format!("events of that rule belong to a group only where they have a field `{name}`"))
        .help(format!("say which field of `{rule}` holds it"))
}

pub(super) fn inner_alias(name: &Spanned<String>, member: &Spanned<String>) -> Diagnostic {
    let message =
        format!("`{}` is an alias of `{}`, not a field of the events that complete it", name.node, member.node);
    Diagnostic::error("inner-alias", name.span, message)
        .label("names no field")
        .also(member.span, "this member is a correlation of its own")
        .help(format!("name the field of its completing event: `aliases: {{{}: {{{}: …}}}}`", name.node, member.node))
}

pub(super) fn measured_in_several(span: Span, field: &str) -> Diagnostic {
    Diagnostic::error(
        "measured-in-several",
        span,
        format!("a pipeline gives the measured field `{field}` several columns"),
    )
    .label("of the events of this rule")
    .help("map it to one column under a rule condition `is_sigma_correlation_rule`")
}

pub(super) fn missing_threshold(span: Span, kind: &str) -> Diagnostic {
    Diagnostic::error("missing-condition", span, format!("`{kind}` needs a condition"))
        .label("no threshold")
        .help("add, for example, `condition: {gte: 10}`")
}

pub(super) fn branch_names_a_rule(rule: &Spanned<String>) -> Diagnostic {
    Diagnostic::error("invalid-classification", rule.span, "a class names a rule, but this rule reads one log source")
        .label("only a class of a correlation names a rule")
}

pub(super) fn branch_lacks_a_rule(span: Span) -> Diagnostic {
    Diagnostic::error("invalid-classification", span, "a class of a correlation must name a rule")
        .label("add `rule: NAME`")
}

pub(super) fn branch_of_no_event(span: Span) -> Diagnostic {
    Diagnostic::error("invalid-classification", span, "only single events have classes")
        .label("this correlation is about several events")
        .help("a class needs an `event_count` correlation with `gte: 1` and no `group-by`")
}

pub(super) fn targets_of_filter(target: &Spanned<String>) -> Diagnostic {
    let message = "a filter has no query, so that its `targets` say nothing";
    Diagnostic::error("invalid-scope", target.span, message).help("say it in the rules")
}
