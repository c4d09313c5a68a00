//! A regex that still has placeholders: text, to be read once they have values.

use super::{Regex, RegexError, RegexFlags, RegexNode};
use crate::Part;
use crate::placeholder::{Piece, pieces};

/// Which ends of the text a regex stands at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum RegexEnds {
    /// Neither, unless the regex itself says so.
    #[default]
    Neither,
    /// Its start.
    Start,
    /// Its end.
    End,
}

/// A regex before its placeholders have values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Template {
    /// Literals, which are regex text, and placeholders.
    parts: Vec<Part>,
    flags: RegexFlags,
    ends: RegexEnds,
}

impl Regex {
    /// Reads a regex, and has it stand at an end of the text.
    pub fn parse_at(text: &str, flags: RegexFlags, ends: RegexEnds) -> Result<Regex, RegexError> {
        let mut regex = Self::parse(text, flags)?;
        regex.node = match ends {
            RegexEnds::Neither => regex.node,
            RegexEnds::Start => RegexNode::Concat(vec![RegexNode::TextStart, regex.node]),
            RegexEnds::End => RegexNode::Concat(vec![regex.node, RegexNode::TextEnd]),
        };
        Ok(regex)
    }

    /// The same under `expand`, where `%name%` is a placeholder.
    pub fn parse_with_placeholders(text: &str, flags: RegexFlags, ends: RegexEnds) -> Result<Regex, RegexError> {
        let parts: Vec<Part> = pieces(text)
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) => Part::Literal(text),
                Piece::Placeholder(name) => Part::Placeholder(name.to_owned()),
            })
            .collect();
        Self::of_parts(parts, flags, ends).map_err(|(_, error)| error)
    }

    fn of_parts(parts: Vec<Part>, flags: RegexFlags, ends: RegexEnds) -> Result<Regex, (String, RegexError)> {
        let mut text = String::new();
        for part in &parts {
            match part {
                Part::Literal(piece) => text.push_str(piece),
                Part::Placeholder(name) => text.extend(["%", name, "%"]),
                Part::AnyRun | Part::AnyOne => unreachable!("a regex has no wildcards"),
            }
        }
        if parts.iter().all(|part| part.placeholder().is_none()) {
            return Self::parse_at(&text, flags, ends).map_err(|error| (text, error));
        }
        // Nothing stands behind the end.
        let never = RegexNode::Concat(vec![RegexNode::TextEnd, RegexNode::Any { newline: true }]);
        Ok(Regex { text, node: never, template: Some(Box::new(Template { parts, flags, ends })) })
    }

    /// The first placeholder, if any is left.
    pub fn placeholder(&self) -> Option<&str> {
        self.placeholders().next()
    }

    /// The placeholders that are left, in order.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.parts().iter().filter_map(Part::placeholder)
    }

    /// How the text of a regex with placeholders is to be read once they have values; nothing without any.
    pub fn unread(&self) -> Option<(RegexFlags, RegexEnds)> {
        self.template.as_deref().map(|template| (template.flags, template.ends))
    }

    /// The pieces of a regex with placeholders; none without.
    pub(crate) fn parts(&self) -> &[Part] {
        self.template.as_deref().map_or(&[], |template| &template.parts)
    }

    /// This regex with other pieces; its text, if that cannot be read.
    pub(crate) fn with_parts(&self, parts: Vec<Part>) -> Result<Regex, (String, RegexError)> {
        let (flags, ends) = self.template.as_deref().map_or_else(Default::default, |one| (one.flags, one.ends));
        Self::of_parts(parts, flags, ends)
    }
}
