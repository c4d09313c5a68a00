//! T01–T23: strings, escapes and wildcards.

use super::{Item, breaking, item, on, texts};

pub(super) fn items() -> Vec<Item> {
    let long: Vec<String> = (0..4432).map(|number| format!("value{number}")).collect();
    vec![
        item(
            1,
            "a value that ends in a backslash, under `contains`",
            [texts(r"f|contains: '\Temp\'", &[r"C:\Temp\x", r"\temp\"], &[r"C:\Temp*", r"C:\Temp"])],
        ),
        item(
            2,
            "an escaped star at the end is a star, under `contains`",
            [texts(r"f|contains: 'foo\*'", &["foo*", "a foo* b"], &["foo", "foobar"])],
        ),
        item(
            3,
            "stars at the ends of a value change nothing under `contains`",
            [texts("f|contains: '*foo*'", &["foo", "xfoox"], &["fo"])],
        ),
        item(
            4,
            "wildcards inside a value stay wildcards under `contains`",
            [texts("f|contains: 'a*b?c'", &["abxc", "_a__b_c_"], &["abc", "a*bc"])],
        ),
        item(
            5,
            "one backslash and two before a letter are the same",
            [
                texts(r"f: 'C:\\Windows\\x'", &[r"C:\Windows\x"], &[r"C:\\Windows\\x"]),
                texts(r"f: 'C:\Windows\x'", &[r"C:\Windows\x"], &[r"C:\\Windows\\x"]),
            ],
        ),
        item(
            6,
            "two backslashes and a star: a backslash, then anything",
            [texts(r"f: 'a\\*b'", &[r"a\b", r"a\XXb"], &["a*b", "ab"])],
        ),
        item(
            7,
            "three backslashes and a star: a backslash and a star",
            [texts(r"f: 'a\\\*b'", &[r"a\*b"], &[r"a\b", r"a\\*b", "a*b"])],
        ),
        item(
            8,
            "three backslashes and four before a letter are two",
            [
                texts(r"f: 'a\\\b'", &[r"a\\b"], &[r"a\b", r"a\\\b"]),
                texts(r"f: 'a\\\\b'", &[r"a\\b"], &[r"a\b", r"a\\\\b"]),
            ],
        ),
        item(
            9,
            "two backslashes at the start are one; a UNC path needs four",
            [
                texts(r"f|startswith: '\\server'", &[r"\server\x"], &[r"\\server\x"]),
                texts(r"f|startswith: '\\\\server'", &[r"\\server\x"], &[r"\server\x"]),
            ],
        ),
        item(
            10,
            "a path that ends in backslash and star ends in a star alone",
            [texts(r"f: 'C:\Temp\*'", &[r"C:\Temp*"], &[r"C:\Temp\x", r"C:\Temp\*"])],
        ),
        item(
            11,
            "a star after two backslashes, and a backslash before a dot",
            [texts(
                r"f|endswith: '\\Modules\\*\.ps'",
                &[r"C:\Modules\x\.ps", r"\Modules\\.ps"],
                &[r"C:\Modules\x.ps", r"C:\Modules*.ps"],
            )],
        ),
        item(
            12,
            "two spellings of a share differ by one backslash",
            [
                texts(r"f: '\\\*\IPC$'", &[r"\*\IPC$"], &[r"\\*\IPC$", r"\x\IPC$"]),
                texts(r"f: '\\\\\*\\IPC$'", &[r"\\*\IPC$"], &[r"\*\IPC$", r"\\x\IPC$"]),
            ],
        ),
        item(
            13,
            "an escaped question mark is one",
            [texts(r"f|endswith: '\?manifest=wac'", &["/x?manifest=wac"], &["/xymanifest=wac", "manifest=wac"])],
        ),
        item(
            14,
            "a question mark at the end asks for one more character",
            [texts("f|contains: 'adlog.php?'", &["/adlog.php?a", "/adlog.phpx"], &["/adlog.php"])],
        ),
        item(
            15,
            "a question mark at the start asks for one before",
            [texts("f|contains: '?Event='", &["?Event=1", "xEvent="], &["Event=1"])],
        ),
        item(
            16,
            "a star alone: any value, but a value",
            [
                on("f: '*'", &["{f: x}", "{f: 'a b'}"], &["{g: x}", "{f: null}"]),
                on("f|contains: '*'", &["{f: x}"], &["{g: x}"]),
                breaking("empty-is-missing", "f: '*'", &["{f: ''}"], &["{g: x}"]),
            ],
        ),
        item(
            17,
            "a question mark alone: one character",
            [texts("f: '?'", &["x", "?"], &["", "xy"]), texts(r"f: '\?'", &["?"], &["x"])],
        ),
        item(
            18,
            "the empty text under `contains` is in any value; alone, it is a value",
            [
                on("f|contains: ''", &["{f: x}"], &["{g: x}"]),
                breaking("empty-is-missing", "f|contains: ''", &["{f: ''}"], &["{g: x}"]),
                on("f: ''", &["{f: ''}"], &["{f: x}"]),
                breaking("empty-is-missing", "f: ''", &["{f: ''}"], &["{g: x}", "{f: x}", "{f: null}"]),
            ],
        ),
        item(19, "a star spans a line break", [on("f: 'a*b'", &[r#"{f: "a\nb"}"#, r#"{f: "a\r\n\tb"}"#], &["{f: a}"])]),
        item(
            20,
            "quotes, percent, underscore, dollar, backtick, spaces at the ends are what they are",
            [
                texts(r#"f: ' "a'' '"#, &[r#" "a'' "#], &[r#""a''"#]),
                texts("f|contains: '%a_b(c$d`e'", &["x%a_b(c$d`ex"], &["a_b(c$d`e", "xxa_b(c$d`e", "%axb(c$d`e"]),
                texts("f|contains: ' -a '", &["x -a y"], &["x -a", "-a y"]),
                texts(r#"f|startswith: '"\'"#, &[r#""\"#, r#""\x"#], &[r#"""#, r"\"]),
                texts("f|endswith: ' | head -1 // x # y'", &["a | head -1 // x # y"], &["| head -1 // x # y"]),
                texts(
                    "f: ['<a>&b;', 'a, b', '$x$', '@\"x', '=1+1', '*''?']",
                    &["<A>&b;", "a, b", "$x$", "@\"x", "=1+1", "''x"],
                    &["a", "b", "x"],
                ),
                on(r#"f: "a\tb\u0001c""#, &[r#"{f: "a\tb\u0001c"}"#], &["{f: a b c}"]),
                texts("f: 'a{b}[c]|d'", &["a{b}[c]|d"], &["abc", "d"]),
            ],
        ),
        item(
            21,
            "letters fold within ASCII only (the specification leaves it open)",
            [texts("f: 'aÖ'", &["aÖ", "AÖ"], &["aO"]), breaking("ascii", "f: 'aÖ'", &["{f: AÖ}"], &["{f: aö}"])],
        ),
        item(
            22,
            "characters beyond the first plane, and look-alikes, are themselves",
            [texts("f|contains: ['😀', 'а']", &["x😀y", "xа"], &["😁", "a"])],
        ),
        item(
            23,
            "a list of thousands of values stays a query",
            [on(
                format!("f: [{}]", long.join(", ")),
                &["{f: value0}", "{f: VALUE2000}", "{f: value4431}"],
                &["{f: value4432}", "{f: value}"],
            )],
        ),
    ]
}
