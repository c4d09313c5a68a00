//! Which modifiers may stand together, and what a legal chain asks for.
//!
//! Source: Sigma specification 2.1, appendix "Modifiers", and the requirements table of its 2.2 draft.

use super::encode::Encoding;
use super::problem;
use crate::regex::RegexFlags;
use crate::{Case, Comparison, TimePart};
use rulecast_diagnostics::{Diagnostic, Span, Spanned};
use rulecast_rule::ast::Modifier;

/// A legal chain of modifiers.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// What is asked of each value.
    pub(super) ask: Ask,
    /// All values must hold, not any.
    pub(super) all: bool,
    /// The item must not hold.
    pub(super) neq: bool,
}

/// What is asked of a value.
#[derive(Clone, Debug)]
pub(super) enum Ask {
    Text(Text),
    Regex { flags: RegexFlags, affix: Affix, expand: bool },
    Cidr,
    Exists,
    Compare { part: Option<TimePart>, comparison: Comparison },
    FieldRef { affix: Affix, case: Case },
}

/// What is asked of a text value, in the order of its application.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    pub(super) expand: bool,
    pub(super) windash: bool,
    pub(super) encoding: Encoding,
    pub(super) base64: Base64,
    pub(super) affix: Affix,
    pub(super) case: Case,
}

impl Text {
    /// Whether the values are taken as they are, so that a number is a number.
    pub(super) fn is_plain(self) -> bool {
        !self.windash && self.base64 == Base64::No && self.affix == Affix::Whole && self.case == Case::Insensitive
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base64 {
    No,
    Whole,
    Offset,
}

/// Which part of the value must match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Affix {
    Whole,
    Start,
    End,
    Anywhere,
}

const PLAIN: Text = Text {
    expand: false,
    windash: false,
    encoding: Encoding::Utf8,
    base64: Base64::No,
    affix: Affix::Whole,
    case: Case::Insensitive,
};

/// Reads a chain. `None` if it is illegal, with every reason among the problems.
pub(super) fn read(modifiers: &[Spanned<Modifier>], keyword: bool, problems: &mut Vec<Diagnostic>) -> Option<Chain> {
    let mut reader =
        Reader { ask: Ask::Text(PLAIN), previous: None, expanded: false, current: Modifier::All, encoding: None };
    let mut chain = Chain { ask: Ask::Text(PLAIN), all: false, neq: false };
    let before = problems.len();
    for (i, modifier) in modifiers.iter().enumerate() {
        let result = if modifiers[..i].iter().any(|earlier| earlier.node == modifier.node) {
            Err("it stands here already".into())
        } else if let Some(first) = modifiers[..i].first().filter(|_| must_be_first(modifier.node)) {
            Err(out_of_order(modifier.node, first.node))
        } else if keyword && needs_field(modifier.node) {
            Err("it asks about a field, and keywords have none".into())
        } else {
            match modifier.node {
                Modifier::All => {
                    chain.all = true;
                    Ok(())
                }
                Modifier::Neq => {
                    chain.neq = true;
                    Ok(())
                }
                _ => reader.apply(modifier),
            }
        };
        if let Err(why) = result {
            problems.push(problem::illegal_chain(modifier, why));
        }
    }
    if let (Ask::Text(Text { base64: Base64::No, .. }), Some(modifier)) = (&reader.ask, reader.encoding) {
        let why = "it makes bytes, which need `base64` or `base64offset` after it";
        problems.push(problem::illegal_chain(&modifier, why));
    }
    chain.ask = reader.ask;
    (problems.len() == before).then_some(chain)
}

/// The modifiers that may stand behind these on a field. What they need behind themselves, as an encoding needs `base64`,
/// may follow later.
pub fn may_follow(chain: &[Modifier]) -> Vec<Modifier> {
    let is_legal = |chain: &[Modifier]| {
        let chain: Vec<_> = chain.iter().map(|modifier| Spanned::new(*modifier, Span::default())).collect();
        read(&chain, false, &mut Vec::new()).is_some()
    };
    let fits = |next: &&Modifier| {
        let with = [chain, &[**next]].concat();
        is_legal(&with) || is_legal(&[&with[..], &[Modifier::Base64]].concat())
    };
    Modifier::ALL.iter().filter(fits).copied().collect()
}

/// Why `modifier` may not follow `previous`.
fn out_of_order(modifier: Modifier, previous: Modifier) -> String {
    use Modifier as M;
    let turned = match modifier {
        _ if matches!(previous, M::All | M::Neq) => true,
        M::Re => matches!(previous, M::Contains | M::StartsWith | M::EndsWith | M::Expand),
        M::FieldRef => matches!(previous, M::Contains | M::StartsWith | M::EndsWith | M::Cased),
        M::Minute | M::Hour | M::Day | M::Week | M::Month | M::Year => {
            matches!(previous, M::Lt | M::Lte | M::Gt | M::Gte)
        }
        _ => false,
    };
    let words = if turned { "it must come before" } else { "it cannot be combined with" };
    format!("{words} `{}`", previous.name())
}

/// Modifiers that decide what kind of thing a value is.
fn must_be_first(modifier: Modifier) -> bool {
    matches!(modifier, Modifier::Re | Modifier::Cidr | Modifier::Exists)
}

/// Modifiers that say nothing of a text anywhere in an event.
fn needs_field(modifier: Modifier) -> bool {
    use Modifier as M;
    matches!(
        modifier,
        M::StartsWith
            | M::EndsWith
            | M::Exists
            | M::FieldRef
            | M::Cidr
            | M::Lt
            | M::Lte
            | M::Gt
            | M::Gte
            | M::Minute
            | M::Hour
            | M::Day
            | M::Week
            | M::Month
            | M::Year
    )
}

struct Reader {
    ask: Ask,
    /// The last modifier that changed what is asked, apart from `expand`.
    previous: Option<Modifier>,
    /// Whether `expand` stood before.
    expanded: bool,
    /// The one that is read.
    current: Modifier,
    /// The modifier that chose the encoding.
    encoding: Option<Spanned<Modifier>>,
}

impl Reader {
    fn apply(&mut self, modifier: &Spanned<Modifier>) -> Result<(), String> {
        use Modifier as M;
        self.current = modifier.node;
        match modifier.node {
            M::All | M::Neq => Ok(()),
            M::Contains => self.affix(Affix::Anywhere),
            M::StartsWith => self.affix(Affix::Start),
            M::EndsWith => self.affix(Affix::End),
            M::Cased => match &mut self.ask {
                Ask::Text(Text { case, .. }) | Ask::FieldRef { case, .. } => {
                    *case = Case::Sensitive;
                    Ok(())
                }
                _ => Err(self.after("case is of text, not of")),
            },
            M::Re => self.first(Ask::Regex { flags: RegexFlags::default(), affix: Affix::Whole, expand: false }),
            M::IgnoreCase => self.flag(|flags| flags.ignore_case = true),
            M::MultiLine => self.flag(|flags| flags.multi_line = true),
            M::DotAll => self.flag(|flags| flags.dot_all = true),
            M::Cidr => self.first(Ask::Cidr),
            M::Exists => self.first(Ask::Exists),
            M::FieldRef => self.first(Ask::FieldRef { affix: Affix::Whole, case: Case::Insensitive }),
            M::Expand => match &mut self.ask {
                Ask::Text(Text { expand, .. }) | Ask::Regex { expand, .. } => {
                    *expand = true;
                    Ok(())
                }
                _ => Err(self.after("placeholders stand in text, not in")),
            },
            M::WinDash => self.text(|text| {
                text.windash = true;
                if text.base64 == Base64::No { Ok(()) } else { Err("it comes before the encoding".into()) }
            }),
            M::Wide | M::Utf16Le => self.encoding(modifier, Encoding::Utf16Le),
            M::Utf16Be => self.encoding(modifier, Encoding::Utf16Be),
            M::Utf16 => self.encoding(modifier, Encoding::Utf16Bom),
            M::Base64 => self.base64(Base64::Whole),
            M::Base64Offset => self.base64(Base64::Offset),
            M::Lt => self.compare(Comparison::Less),
            M::Lte => self.compare(Comparison::LessOrEqual),
            M::Gt => self.compare(Comparison::Greater),
            M::Gte => self.compare(Comparison::GreaterOrEqual),
            M::Minute => self.time(TimePart::Minute),
            M::Hour => self.time(TimePart::Hour),
            M::Day => self.time(TimePart::Day),
            M::Week => self.time(TimePart::Week),
            M::Month => self.time(TimePart::Month),
            M::Year => self.time(TimePart::Year),
        }?;
        if modifier.node == M::Expand {
            self.expanded = true;
        } else {
            self.previous = Some(modifier.node);
        }
        Ok(())
    }

    fn after(&self, words: &str) -> String {
        self.previous.map_or_else(|| words.to_owned(), |previous| format!("{words} `{}`", previous.name()))
    }

    fn first(&mut self, ask: Ask) -> Result<(), String> {
        match self.previous.or(self.expanded.then_some(Modifier::Expand)) {
            None => {
                self.ask = ask;
                Ok(())
            }
            Some(previous) => Err(out_of_order(self.current, previous)),
        }
    }

    fn text(&mut self, change: impl FnOnce(&mut Text) -> Result<(), String>) -> Result<(), String> {
        match &mut self.ask {
            Ask::Text(text) => change(text),
            _ => Err(self.after("it changes text, not")),
        }
    }

    fn flag(&mut self, set: impl FnOnce(&mut RegexFlags)) -> Result<(), String> {
        match &mut self.ask {
            Ask::Regex { flags, .. } => {
                set(flags);
                Ok(())
            }
            _ => Err("it is a flag of `re` and comes after it".into()),
        }
    }

    fn affix(&mut self, new: Affix) -> Result<(), String> {
        match &mut self.ask {
            Ask::Text(Text { affix, .. }) | Ask::Regex { affix, .. } | Ask::FieldRef { affix, .. } => {
                if *affix != Affix::Whole {
                    return Err(self.after("it cannot be combined with"));
                }
                *affix = new;
                Ok(())
            }
            Ask::Cidr | Ask::Exists | Ask::Compare { .. } => Err(self.after("it is about a part of a text, not about")),
        }
    }

    fn encoding(&mut self, modifier: &Spanned<Modifier>, new: Encoding) -> Result<(), String> {
        let chosen = self.encoding.replace(modifier.clone());
        self.text(|text| {
            if let Some(chosen) = chosen {
                return Err(format!("`{}` has chosen the encoding", chosen.node.name()));
            }
            if text.base64 != Base64::No || text.affix != Affix::Whole {
                return Err("it comes before `base64`, `base64offset` and `contains`".into());
            }
            text.encoding = new;
            Ok(())
        })
    }

    fn base64(&mut self, new: Base64) -> Result<(), String> {
        self.text(|text| {
            if text.base64 != Base64::No {
                return Err("`base64` and `base64offset` cannot be combined".into());
            }
            if text.affix != Affix::Whole {
                return Err("it comes before `contains`, `startswith` and `endswith`".into());
            }
            text.base64 = new;
            Ok(())
        })
    }

    fn compare(&mut self, new: Comparison) -> Result<(), String> {
        match (&mut self.ask, self.previous.or(self.expanded.then_some(Modifier::Expand))) {
            (Ask::Compare { comparison: comparison @ Comparison::Equal, .. }, _) => {
                *comparison = new;
                Ok(())
            }
            (_, None) => {
                self.ask = Ask::Compare { part: None, comparison: new };
                Ok(())
            }
            (_, Some(previous)) => Err(out_of_order(self.current, previous)),
        }
    }

    fn time(&mut self, part: TimePart) -> Result<(), String> {
        self.first(Ask::Compare { part: Some(part), comparison: Comparison::Equal })
    }
}

/// The place of the modifier `all`, for messages.
pub(super) fn all_span(modifiers: &[Spanned<Modifier>]) -> Option<&Spanned<Modifier>> {
    modifiers.iter().find(|modifier| modifier.node == Modifier::All)
}
