//! PCRE patterns, run by the `regex` crate.
//!
//! Splunk matches with PCRE, unanchored, on UTF-8 text (Search Manual, "SPL and regular expressions"). What PCRE reads
//! otherwise than the crate is rewritten: `\d`, `\w`, `\s` and `\b` are ASCII; `$` and `\Z` also stand before a last
//! newline; a class has no sets inside. Under `m`, PCRE's `^` does not stand behind a newline that ends the text, and the
//! crate's does: our printer asks for neither there. What cannot be rewritten is an error, never another pattern: lookaround,
//! backreferences, atomic groups, possessive repetition, `$` in the middle, Unicode properties.
//!
//! Unchecked: that Splunk sets PCRE's UTF mode and not UCP.

use super::EvalError;
use regex::bytes::{Regex, RegexBuilder};
use std::cell::RefCell;
use std::collections::HashMap;
use std::iter::Peekable;
use std::rc::Rc;
use std::str::Chars;

/// A pattern may become this large, in bytes: lists of thousands of values do.
const SIZE_LIMIT: usize = 64 << 20;

/// The patterns of one evaluation, each compiled once.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    compiled: RefCell<HashMap<String, Rc<Regex>>>,
}

impl Patterns {
    pub(super) fn get(&self, pattern: &str) -> Result<Rc<Regex>, EvalError> {
        if let Some(regex) = self.compiled.borrow().get(pattern) {
            return Ok(regex.clone());
        }
        let error = |reason: String| EvalError::Pattern { pattern: pattern.to_owned(), reason };
        let text = Translator::new(pattern).translate().map_err(|reason| error(reason.to_owned()))?;
        let regex = RegexBuilder::new(&text).size_limit(SIZE_LIMIT).build();
        let regex = Rc::new(regex.map_err(|found| error(found.to_string()))?);
        self.compiled.borrow_mut().insert(pattern.to_owned(), regex.clone());
        Ok(regex)
    }
}

struct Translator<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
    /// Whether `$` stands at the end of a line.
    multiline: bool,
}

type Result<T, E = &'static str> = std::result::Result<T, E>;

impl<'a> Translator<'a> {
    fn new(pattern: &'a str) -> Self {
        Self { rest: pattern.chars().peekable(), out: String::with_capacity(pattern.len() + 16), multiline: false }
    }

    fn translate(mut self) -> Result<String> {
        while let Some(c) = self.rest.next() {
            match c {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.group()?,
                '$' if self.multiline => self.out.push('$'),
                '$' => self.end()?,
                '*' | '+' | '?' => {
                    self.out.push(c);
                    self.repetition()?;
                }
                '{' => self.braces()?,
                ']' | '}' => self.literal(c),
                c => self.out.push(c),
            }
        }
        Ok(self.out)
    }

    fn literal(&mut self, c: char) {
        self.out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
    }

    /// The end of the text, or before a newline that ends it.
    fn end(&mut self) -> Result<()> {
        match self.rest.peek() {
            None | Some('|' | ')') => self.out.push_str(r"(?:\n?\z)"),
            Some(_) => return Err("`$` is not at the end"),
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<()> {
        match self.rest.next().ok_or("it ends in a backslash")? {
            c @ ('d' | 'D' | 'w' | 'W' | 's' | 'S') => {
                let negated = if c.is_ascii_uppercase() { "^" } else { "" };
                self.out.extend(["(?-i:[", negated, ascii(c), "])"]);
            }
            c @ ('b' | 'B') => self.out.extend([r"(?-u:\", if c == 'b' { "b" } else { "B" }, ")"]),
            c @ ('A' | 'z' | 'n' | 'r' | 't' | 'f' | 'a') => self.out.extend(['\\', c]),
            'Z' => self.end()?,
            'Q' => self.quoted(),
            'E' => {}
            c => {
                let c = self.escaped_char(c)?;
                self.literal(c);
            }
        }
        Ok(())
    }

    /// Behind `\Q`: all is literal up to `\E`, or to the end.
    fn quoted(&mut self) {
        while let Some(c) = self.rest.next() {
            if c == '\\' && self.rest.peek() == Some(&'E') {
                self.rest.next();
                return;
            }
            self.literal(c);
        }
    }

    /// The character of an escape that stands for one.
    fn escaped_char(&mut self, c: char) -> Result<char> {
        let digits = |rest: &mut Peekable<Chars<'a>>, radix: u32, most: usize| {
            let mut code = 0;
            for _ in 0..most {
                let Some(digit) = rest.peek().and_then(|c| c.to_digit(radix)) else { break };
                code = code * radix + digit;
                rest.next();
            }
            code
        };
        let code = match c {
            'e' => 0x1b,
            '0' => digits(&mut self.rest, 8, 2),
            'x' if self.rest.peek() == Some(&'{') => {
                self.rest.next();
                let code = digits(&mut self.rest, 16, 6);
                if self.rest.next() != Some('}') {
                    return Err("a code in braces does not end");
                }
                code
            }
            'x' => digits(&mut self.rest, 16, 2),
            '1'..='9' => return Err("it has a backreference"),
            c if c.is_ascii_alphanumeric() => return Err("it has an escape that is not known here"),
            c => return Ok(c),
        };
        char::from_u32(code).ok_or("it has a code that is no character")
    }

    fn group(&mut self) -> Result<()> {
        match self.rest.peek() {
            Some('*') => return Err("it has a control verb"),
            Some('?') => {}
            _ => {
                self.out.push('(');
                return Ok(());
            }
        }
        // The one look behind that the crate has a word for: no character but a line feed stands before.
        let line_start = crate::regex::LINE_START.trim_start_matches('(');
        if self.rest.clone().take(line_start.len()).eq(line_start.chars()) {
            self.rest.by_ref().take(line_start.len()).for_each(drop);
            self.out.push_str("(?m:^)");
            return Ok(());
        }
        self.rest.next();
        if self.rest.peek() == Some(&'P') {
            self.rest.next();
            if self.rest.peek() != Some(&'<') {
                return Err("it has a group that is not known here");
            }
        }
        let first = self.out.is_empty();
        self.out.push_str("(?");
        let mut on = true;
        loop {
            let c = self.rest.next().ok_or("a group does not end")?;
            self.out.push(c);
            match c {
                ':' if self.out.contains('m') && first => return Err("lines are turned on for a group"),
                ':' | ')' => return Ok(()),
                '<' if self.out.ends_with("(?<") => {
                    return match self.rest.peek() {
                        Some(c) if c.is_ascii_alphabetic() || *c == '_' => Ok(()),
                        _ => Err("it looks behind"),
                    };
                }
                'i' | 's' => {}
                '-' => on = false,
                'm' if on && first => self.multiline = true,
                _ => return Err("it has a group that is not known here"),
            }
        }
    }

    fn repetition(&mut self) -> Result<()> {
        match self.rest.peek() {
            Some('+') => Err("it repeats possessively"),
            Some('?') => {
                self.rest.next();
                self.out.push('?');
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// `{2}`, `{2,}` and `{2,3}` repeat; all other braces are themselves.
    fn braces(&mut self) -> Result<()> {
        let inside: String = self.rest.clone().take_while(|c| *c != '}').take(16).collect();
        let closed = self.rest.clone().nth(inside.chars().count()) == Some('}');
        let (least, most) = inside.split_once(',').unwrap_or((inside.as_str(), ""));
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !closed || least.is_empty() || !number(least) || !number(most) {
            self.literal('{');
            return Ok(());
        }
        for _ in 0..=inside.len() {
            self.rest.next();
        }
        self.out.extend(["{", &inside, "}"]);
        self.repetition()
    }

    fn class(&mut self) -> Result<()> {
        self.out.push('[');
        if self.rest.peek() == Some(&'^') {
            self.rest.next();
            self.out.push('^');
        }
        // Whether `-` makes a range of what stands before it.
        let mut single = false;
        let mut first = true;
        let mut open = false;
        loop {
            let c = self.rest.next().ok_or("a class does not end")?;
            let ends = self.rest.peek() == Some(&']');
            match c {
                ']' if !first => {
                    self.out.push(']');
                    return Ok(());
                }
                '-' if single && !ends => {
                    self.out.push('-');
                    (single, open, first) = (false, true, false);
                    continue;
                }
                '[' if self.rest.peek() == Some(&':') => {
                    self.posix()?;
                    single = false;
                }
                '\\' => match self.rest.next().ok_or("it ends in a backslash")? {
                    c @ ('d' | 'w' | 's') if !open => {
                        self.out.push_str(ascii(c));
                        single = false;
                    }
                    c @ ('D' | 'W' | 'S') if !open => {
                        self.out.extend(["[^", ascii(c), "]"]);
                        single = false;
                    }
                    'd' | 'w' | 's' | 'D' | 'W' | 'S' => return Err("a range ends in a class"),
                    'b' => {
                        self.out.push_str(r"\x08");
                        single = !open;
                    }
                    c @ ('n' | 'r' | 't' | 'f' | 'a') => {
                        self.out.extend(['\\', c]);
                        single = !open;
                    }
                    c => {
                        let c = self.escaped_char(c)?;
                        self.literal(c);
                        single = !open;
                    }
                },
                c => {
                    self.literal(c);
                    single = !open;
                }
            }
            (open, first) = (false, false);
        }
    }

    /// `[:alpha:]`, behind its bracket.
    fn posix(&mut self) -> Result<()> {
        self.out.push('[');
        for c in self.rest.by_ref() {
            match c {
                ':' | '^' | 'a'..='z' => self.out.push(c),
                ']' if self.out.ends_with(':') => {
                    self.out.push(']');
                    return Ok(());
                }
                _ => break,
            }
        }
        Err("it has a class of a name that does not end")
    }
}

/// What stands in the brackets of a class of PCRE without UCP.
fn ascii(c: char) -> &'static str {
    match c.to_ascii_lowercase() {
        'd' => "0-9",
        'w' => "0-9A-Za-z_",
        _ => r"\t\n\x0b\x0c\r ",
    }
}
