//! Regex text to its tree.
//!
//! `regex-syntax` reads the text; this walks what it read, applies the flags where they hold, and refuses what has no
//! meaning that every reader would agree on. Two of its readings differ from PCRE's, which rules are written in, and
//! are set right here: `\<` is a literal, and `&&`, `--`, `~~` and `[` inside a class are refused, not operators.

use super::set::CharSet;
use super::{Regex, RegexNode};
use regex_syntax::ast::{self, Ast};

/// The deepest nesting of groups that is read.
const NEST_LIMIT: u32 = 100;

/// The flags that modifiers give a whole regex.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegexFlags {
    /// `i`: case does not count.
    pub ignore_case: bool,
    /// `m`: `^` and `$` match beside line feeds too.
    pub multi_line: bool,
    /// `s`: `.` matches a line feed too.
    pub dot_all: bool,
}

/// Why a regex was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegexError {
    /// One sentence.
    pub message: String,
    /// The bytes of the regex text that it is about.
    pub range: std::ops::Range<usize>,
}

impl Regex {
    /// Reads a regex.
    pub fn parse(text: &str, flags: RegexFlags) -> Result<Regex, RegexError> {
        let tree = ast::parse::ParserBuilder::new()
            .nest_limit(NEST_LIMIT)
            .empty_min_range(true)
            .build()
            .parse(text)
            .map_err(|error| syntax_error(&error))?;
        let node = Walk { flags }.node(&tree)?;
        Ok(Regex { text: text.to_owned(), node, template: None })
    }
}

fn syntax_error(error: &ast::Error) -> RegexError {
    let message = match error.kind() {
        ast::ErrorKind::UnsupportedLookAround => "lookaround is not part of Sigma's regexes".to_owned(),
        ast::ErrorKind::UnsupportedBackreference => "a back-reference is not part of Sigma's regexes".to_owned(),
        kind => kind.to_string(),
    };
    at(error.span(), message)
}

fn at(span: &ast::Span, message: impl Into<String>) -> RegexError {
    RegexError { message: message.into(), range: span.start.offset..span.end.offset }
}

struct Walk {
    /// As they hold at the place the walk has reached: a group restores them at its end.
    flags: RegexFlags,
}

impl Walk {
    fn node(&mut self, tree: &Ast) -> Result<RegexNode, RegexError> {
        Ok(match tree {
            Ast::Empty(_) => RegexNode::Empty,
            Ast::Flags(flags) => {
                self.set(&flags.flags)?;
                RegexNode::Empty
            }
            Ast::Literal(literal) => self.char(literal.c),
            Ast::Dot(_) => RegexNode::Any { newline: self.flags.dot_all },
            Ast::Assertion(assertion) => self.assertion(assertion)?,
            Ast::ClassPerl(class) => self.class(&class.span, perl(class))?,
            Ast::ClassBracketed(class) => {
                let set = self.bracketed(class)?;
                self.class(&class.span, set)?
            }
            Ast::ClassUnicode(class) => return Err(at(&class.span, "a Unicode class is not part of Sigma's regexes")),
            Ast::Repetition(repetition) => self.repetition(repetition)?,
            Ast::Group(group) => self.group(group)?,
            Ast::Alternation(alternation) => {
                let branches = alternation.asts.iter().map(|branch| self.node(branch)).collect::<Result<_, _>>()?;
                RegexNode::Alternation(branches)
            }
            Ast::Concat(concat) => {
                let mut nodes = Vec::with_capacity(concat.asts.len());
                for tree in &concat.asts {
                    match self.node(tree)? {
                        RegexNode::Empty => {}
                        RegexNode::Concat(inner) => nodes.extend(inner),
                        node => nodes.push(node),
                    }
                }
                match nodes.len() {
                    0 => RegexNode::Empty,
                    1 => nodes.swap_remove(0),
                    _ => RegexNode::Concat(nodes),
                }
            }
        })
    }

    fn char(&self, c: char) -> RegexNode {
        RegexNode::Char { c, fold: self.flags.ignore_case && c.is_ascii_alphabetic() }
    }

    fn assertion(&self, assertion: &ast::Assertion) -> Result<RegexNode, RegexError> {
        use ast::AssertionKind as Kind;
        Ok(match assertion.kind {
            Kind::StartLine if self.flags.multi_line => RegexNode::LineStart,
            Kind::EndLine if self.flags.multi_line => RegexNode::LineEnd,
            Kind::StartLine | Kind::StartText => RegexNode::TextStart,
            Kind::EndLine | Kind::EndText => RegexNode::TextEnd,
            Kind::WordBoundary => RegexNode::WordBoundary,
            Kind::NotWordBoundary => RegexNode::NotWordBoundary,
            Kind::WordBoundaryStartAngle => self.char('<'),
            Kind::WordBoundaryEndAngle => self.char('>'),
            Kind::WordBoundaryStart
            | Kind::WordBoundaryEnd
            | Kind::WordBoundaryStartHalf
            | Kind::WordBoundaryEndHalf => {
                return Err(at(&assertion.span, "a one-sided word boundary is not part of Sigma's regexes"));
            }
        })
    }

    fn repetition(&mut self, repetition: &ast::Repetition) -> Result<RegexNode, RegexError> {
        use ast::{RepetitionKind as Kind, RepetitionRange as Range};
        let (min, max) = match &repetition.op.kind {
            Kind::ZeroOrOne => (0, Some(1)),
            Kind::ZeroOrMore => (0, None),
            Kind::OneOrMore => (1, None),
            Kind::Range(Range::Exactly(count)) => (*count, Some(*count)),
            Kind::Range(Range::AtLeast(min)) => (*min, None),
            Kind::Range(Range::Bounded(min, max)) => (*min, Some(*max)),
        };
        Ok(RegexNode::Repeat { node: Box::new(self.node(&repetition.ast)?), min, max })
    }

    fn group(&mut self, group: &ast::Group) -> Result<RegexNode, RegexError> {
        let outside = self.flags;
        if let ast::GroupKind::NonCapturing(flags) = &group.kind {
            self.set(flags)?;
        }
        let node = self.node(&group.ast);
        self.flags = outside;
        node
    }

    fn set(&mut self, flags: &ast::Flags) -> Result<(), RegexError> {
        let mut on = true;
        for item in &flags.items {
            match item.kind {
                ast::FlagsItemKind::Negation => on = false,
                ast::FlagsItemKind::Flag(ast::Flag::CaseInsensitive) => self.flags.ignore_case = on,
                ast::FlagsItemKind::Flag(ast::Flag::MultiLine) => self.flags.multi_line = on,
                ast::FlagsItemKind::Flag(ast::Flag::DotMatchesNewLine) => self.flags.dot_all = on,
                // `U` is about which match is found, not whether one is; the reader has applied `x` already.
                ast::FlagsItemKind::Flag(ast::Flag::SwapGreed | ast::Flag::IgnoreWhitespace) => {}
                ast::FlagsItemKind::Flag(ast::Flag::Unicode | ast::Flag::CRLF) => {
                    return Err(at(&item.span, "this flag is not part of Sigma's regexes"));
                }
            }
        }
        Ok(())
    }

    fn class(&self, span: &ast::Span, mut set: CharSet) -> Result<RegexNode, RegexError> {
        if self.flags.ignore_case {
            set.fold();
        }
        let class = set.into_class();
        match (class.ranges.is_empty(), class.negated) {
            (true, true) => Ok(RegexNode::Any { newline: true }),
            (true, false) => Err(at(span, "this class matches no character")),
            (false, _) => Ok(RegexNode::Class(class)),
        }
    }

    fn bracketed(&self, class: &ast::ClassBracketed) -> Result<CharSet, RegexError> {
        let mut set = match &class.kind {
            ast::ClassSet::Item(item) => class_item(item)?,
            ast::ClassSet::BinaryOp(operation) => {
                return Err(at(
                    &operation.span,
                    "`&&`, `--` and `~~` in a class mean different things to different engines; escape them",
                ));
            }
        };
        if class.negated {
            // Folding comes before negation: `(?i)[^a]` is neither `a` nor `A`.
            if self.flags.ignore_case {
                set.fold();
            }
            set = set.complement();
        }
        Ok(set)
    }
}

fn class_item(item: &ast::ClassSetItem) -> Result<CharSet, RegexError> {
    Ok(match item {
        ast::ClassSetItem::Empty(_) => CharSet::default(),
        ast::ClassSetItem::Literal(literal) => CharSet::range(literal.c, literal.c),
        ast::ClassSetItem::Range(range) => CharSet::range(range.start.c, range.end.c),
        ast::ClassSetItem::Ascii(class) => posix(class),
        ast::ClassSetItem::Perl(class) => perl(class),
        ast::ClassSetItem::Unicode(class) => {
            return Err(at(&class.span, "a Unicode class is not part of Sigma's regexes"));
        }
        ast::ClassSetItem::Bracketed(class) => {
            return Err(at(
                &class.span,
                "`[` in a class means different things to different engines; write `\\[` for the character",
            ));
        }
        ast::ClassSetItem::Union(union) => {
            let mut set = CharSet::default();
            for item in &union.items {
                set.extend(class_item(item)?);
            }
            set
        }
    })
}

fn perl(class: &ast::ClassPerl) -> CharSet {
    let set = match class.kind {
        ast::ClassPerlKind::Digit => CharSet::of(&[('0', '9')]),
        ast::ClassPerlKind::Word => CharSet::of(&[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
        ast::ClassPerlKind::Space => CharSet::of(&[('\t', '\r'), (' ', ' ')]),
    };
    if class.negated { set.complement() } else { set }
}

fn posix(class: &ast::ClassAscii) -> CharSet {
    use ast::ClassAsciiKind as Kind;
    let set = CharSet::of(match class.kind {
        Kind::Alnum => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        Kind::Alpha => &[('A', 'Z'), ('a', 'z')],
        Kind::Ascii => &[('\0', '\x7f')],
        Kind::Blank => &[('\t', '\t'), (' ', ' ')],
        Kind::Cntrl => &[('\0', '\x1f'), ('\x7f', '\x7f')],
        Kind::Digit => &[('0', '9')],
        Kind::Graph => &[('!', '~')],
        Kind::Lower => &[('a', 'z')],
        Kind::Print => &[(' ', '~')],
        Kind::Punct => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        Kind::Space => &[('\t', '\r'), (' ', ' ')],
        Kind::Upper => &[('A', 'Z')],
        Kind::Word => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        Kind::Xdigit => &[('0', '9'), ('A', 'F'), ('a', 'f')],
    });
    if class.negated { set.complement() } else { set }
}

#[cfg(test)]
mod tests {
    use super::{Regex, RegexFlags};
    use crate::regex::RegexNode;

    /// The tree in a notation of its own: every group is explicit, a folded letter ends in `~`.
    fn shown(node: &RegexNode) -> String {
        let all = |nodes: &[RegexNode], by: &str| nodes.iter().map(shown).collect::<Vec<_>>().join(by);
        match node {
            RegexNode::Empty => "()".into(),
            RegexNode::Char { c, fold } => format!("{}{}", c.escape_debug(), if *fold { "~" } else { "" }),
            RegexNode::Any { newline } => if *newline { "ANY" } else { "." }.into(),
            RegexNode::Class(class) => {
                let ranges = class.ranges.iter().map(|(from, to)| {
                    if from == to {
                        format!("{}", from.escape_debug())
                    } else {
                        format!("{}-{}", from.escape_debug(), to.escape_debug())
                    }
                });
                format!("[{}{}]", if class.negated { "^" } else { "" }, ranges.collect::<String>())
            }
            RegexNode::TextStart => "<".into(),
            RegexNode::TextEnd => ">".into(),
            RegexNode::LineStart => "^".into(),
            RegexNode::LineEnd => "$".into(),
            RegexNode::WordBoundary => "\\b".into(),
            RegexNode::NotWordBoundary => "\\B".into(),
            RegexNode::Concat(nodes) => all(nodes, " "),
            RegexNode::Alternation(nodes) => format!("({})", all(nodes, "|")),
            RegexNode::Repeat { node, min, max } => {
                format!("({}){{{min},{}}}", shown(node), max.map_or(String::new(), |max| max.to_string()))
            }
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        check_with(text, RegexFlags::default(), expected);
    }

    #[track_caller]
    fn check_with(text: &str, flags: RegexFlags, expected: &str) {
        let shown = match Regex::parse(text, flags) {
            Ok(regex) => shown(&regex.node),
            Err(error) => format!("{}..{}: {}", error.range.start, error.range.end, error.message),
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn groups_and_laziness_leave_no_trace() {
        check("(?:ab)+?c", "(a b){1,} c");
        check("(a|b)*", "((a|b)){0,}");
        check("a(b(c))", "a b c");
        check("x{2}y{1,}z{,3}", "(x){2,2} (y){1,} (z){0,3}");
        check("", "()");
        check("(a|)", "(a|())");
    }

    #[test]
    fn flags_hold_from_where_they_stand_to_the_end_of_their_group() {
        check("(?i)a1b", "a~ 1 b~");
        check("a(?i:b)c", "a b~ c");
        check("(a(?i)b)c", "a b~ c");
        check("(?i)a(?-i)b", "a~ b");
        let all = RegexFlags { ignore_case: true, multi_line: true, dot_all: true };
        check_with("^a.$", all, "^ a~ ANY $");
        check("^a.$", "< a . >");
    }

    #[test]
    fn classes_are_ascii_sorted_and_folded() {
        check(r"\d\W", "[0-9] [^0-9A-Z_a-z]");
        check(r"[\s\-x]", r"[\t-\r -x]");
        check("(?i)[a-cX]", "[A-CXa-cx]");
        check("(?i)[^a]", "[^Aa]");
        check(r"[\W\d]", r"[^A-Z_a-z]");
        check("[[:alpha:]]", "[A-Za-z]");
        check(r"\<x\>", "< x >");
        check(r"[\s\S]", "ANY");
        check(r"[^\s\S]", "0..7: this class matches no character");
    }

    #[test]
    fn what_engines_read_differently_is_refused_where_it_stands() {
        check("a(?=b)", "1..4: lookaround is not part of Sigma's regexes");
        check(r"(a)\1", "3..5: a back-reference is not part of Sigma's regexes");
        check("[a&&b]", "1..5: `&&`, `--` and `~~` in a class mean different things to different engines; escape them");
        check(r"\p{L}", "0..5: a Unicode class is not part of Sigma's regexes");
        check("a(b", "1..2: unclosed group");
        check("[z-a]", "1..4: invalid character class range, the start must be <= the end");
    }
}
