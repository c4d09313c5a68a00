//! Literals: strings, quoted names, and where brackets nest.

use super::Problem;

/// Where an opening bracket first stands deeper than `limit`; brackets in strings, names and comments do not count.
pub(super) fn too_deep(text: &str, limit: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        at += match rest[0] {
            b'(' | b'[' => {
                depth += 1;
                if depth > limit {
                    return Some(at);
                }
                1
            }
            b')' | b']' => {
                depth = depth.saturating_sub(1);
                1
            }
            b'"' if rest.starts_with(b"\"\"\"") => 3 + through(&rest[3..], b"\"\"\""),
            b'"' => 1 + string_end(&rest[1..]),
            b'`' => 1 + through(&rest[1..], b"`"),
            b'/' if rest.starts_with(b"//") => through(rest, b"\n"),
            b'/' if rest.starts_with(b"/*") => 2 + through(&rest[2..], b"*/"),
            _ => 1,
        };
    }
    None
}

/// How many bytes up to the end of the first `end`, or of all.
fn through(bytes: &[u8], end: &[u8]) -> usize {
    bytes.windows(end.len()).position(|window| window == end).map_or(bytes.len(), |at| at + end.len())
}

fn string_end(bytes: &[u8]) -> usize {
    let mut escaped = false;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    bytes.len()
}

/// What the inside of a string, which stands at `at`, says.
///
/// Source: "Escape characters in a string".
pub(super) fn unescape(inside: &str, at: usize) -> Result<String, Problem> {
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(slash) = rest.find('\\') {
        out.push_str(&rest[..slash]);
        let here = at + (inside.len() - rest.len()) + slash;
        rest = &rest[slash + 1..];
        let mut chars = rest.chars();
        let c = match chars.next() {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('\\') => '\\',
            Some('"') => '"',
            Some('u') => {
                let (c, length) = unicode(chars.as_str()).ok_or_else(|| {
                    Problem::new(here, r"a character code is written \u{200f}: 2 to 8 hexadecimal digits")
                })?;
                out.push(c);
                rest = &chars.as_str()[length..];
                continue;
            }
            _ => return Err(Problem::new(here, r#"EQL knows the escapes \n \r \t \\ \" and \u{…} alone"#)),
        };
        out.push(c);
        rest = chars.as_str();
    }
    out.push_str(rest);
    Ok(out)
}

/// `{200f}`: the character and how long it is written.
fn unicode(text: &str) -> Option<(char, usize)> {
    let digits = text.strip_prefix('{')?;
    let digits = &digits[..digits.find('}')?];
    if !(2..=8).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, digits.len() + 2))
}
