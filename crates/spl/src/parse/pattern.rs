//! PCRE patterns between the quotes of SPL.

/// The pattern of a string, in the form of [`Expr::Regex`](crate::Expr::Regex): without quotes, backquotes and pairs of
/// backslashes, which stand as `\x22`, `\x60` and `\x5c`. `None` if it ends in the middle of an escape.
///
/// The lexer takes one backslash of `\\`, `\"` and `\|`, and passes every other one on.
pub(super) fn pattern(inside: &str) -> Option<String> {
    let text = super::unescaped(inside);
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                '\\' => out.push_str(r"\x5c"),
                '"' => out.push_str(r"\x22"),
                '`' => out.push_str(r"\x60"),
                c => out.extend(['\\', c]),
            },
            '"' => out.push_str(r"\x22"),
            '`' => out.push_str(r"\x60"),
            c => out.push(c),
        }
    }
    Some(out)
}
