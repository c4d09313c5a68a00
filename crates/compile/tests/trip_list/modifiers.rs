//! T40–T59 and T83–T94: modifiers, encodings, placeholders.

use super::{Item, item, on, problem, refused, texts};

pub(super) fn items() -> Vec<Item> {
    let dashes = &[" -foo", " /foo", " \u{2013}foo", " \u{2014}foo", " \u{2015}foo"];
    let mut all = vec![
        item(40, "a dash has five forms", [texts("f|windash: ' -foo'", dashes, &[" foo", " +foo", "-foo"])]),
        item(41, "a slash has the same five", [texts("f|windash: ' /foo'", dashes, &[" foo", " +foo"])]),
        item(42, "a dash within a word stays", [texts("f|windash: 'a-b'", &["a-b"], &["a/b", "a\u{2013}b"])]),
        item(
            43,
            "of two dashes the second varies",
            [texts("f|windash: ' --foo'", &[" --foo", " -/foo"], &[" /-foo", " //foo"])],
        ),
        item(
            44,
            "a dash before no word stays",
            [
                texts("f|windash: ' - '", &[" - "], &[" / "]),
                texts("f|windash: 'foo -'", &["foo -"], &["foo /"]),
                texts("f|windash: ' -*'", &[" -x"], &[" /x"]),
            ],
        ),
        item(
            45,
            "two dashes vary on their own",
            [texts("f|windash: '-a -b'", &["-a -b", "/a -b", "-a \u{2015}b", "/a /b"], &["a b", "-a b"])],
        ),
        item(
            46,
            "`windash` with `all`: each value in one of its forms",
            [
                texts("f|windash|contains|all: ['-a', '-b']", &["/b x -a"], &["/a", "a b"]),
                texts("f|contains|windash|all: ['-a', '-b']", &["/b x -a"], &["/a", "a b"]),
            ],
        ),
        item(
            47,
            "`windash` keeps `cased`, and varies keywords and slashes in paths",
            [
                texts("f|cased|windash: -A", &["-A", "/A"], &["-a", "/a"]),
                on("'|windash': '-foo'", &["{f: 'x /foo'}", "{g: '-foo'}"], &["{f: foo}"]),
                texts("f|windash: 'http://foo'", &["http://foo", "http:/-foo"], &["http:-/foo"]),
                texts("f|windash: 'C:/Windows /c'", &["C:/Windows -c", "C:-Windows /c"], &["C:Windows c"]),
            ],
        ),
        item(
            48,
            "`base64offset`: three encodings without their unstable ends",
            [texts(
                "f|base64offset|contains: foobar",
                &["Zm9vYmFy", "eGZvb2Jhcg==", "eHhmb29iYXI=", "eHhmb29iYXJ4"],
                &["Zm9vYmF", "foobar"],
            )],
        ),
        item(
            49,
            "the cuts of `base64offset` count bytes",
            [texts("f|base64offset|contains: 'föö'", &["ZsO2w7Y=", "eGbDtsO2", "eHhmw7bDtg=="], &["ZsO2", "mw7bD"])],
        ),
        item(
            50,
            "an escape is resolved before the encoding",
            [texts(r"f|base64|contains: 'who\?'", &["d2hvPw=="], &["d2hvXD8="])],
        ),
        item(
            51,
            "a value too short for `base64offset` is an error",
            [problem("f|base64offset|contains: a", "value-too-short")],
        ),
        item(
            52,
            "`wide` before `base64offset`, and not after",
            [
                texts("f|wide|base64offset|contains: IEX", &["SQBFAFgA", "xkARQBYAx", "JAEUAWA"], &["SUVY"]),
                problem("f|base64offset|wide: IEX", "illegal-modifier-chain"),
            ],
        ),
        item(
            53,
            "`utf16` has a byte order mark, `utf16le` none; a wildcard cannot be encoded",
            [
                texts("f|utf16|base64: cmd", &["//5jAG0AZAA="], &["YwBtAGQA"]),
                texts("f|utf16le|base64: cmd", &["YwBtAGQA"], &["//5jAG0AZAA="]),
                problem("f|base64: 'foo*'", "wrong-value-type"),
            ],
        ),
        item(
            54,
            "encoded text is compared without case unless `cased`",
            [
                texts("f|base64|contains: foo", &["Zm9v", "zM9V"], &["Zm9"]),
                texts("f|base64|cased|contains: foo", &["Zm9v"], &["zM9V"]),
            ],
        ),
        item(55, "percent signs are text without `expand`", [texts("f: '%srv%'", &["%srv%"], &["srv", "x"])]),
        item(
            56,
            "a placeholder without a value is refused; with values it is any of them",
            [
                refused("f|expand: '%srv%'", "placeholder"),
                refused("f|re|expand: 'a%srv%'", "placeholder"),
                texts("f|expand: [x, '%given%']", &["x", "one", "twoX*"], &["two", "twoX", "%given%", "given"]),
                texts("f|expand|neq: '%given%'", &["two", "x"], &["one", "two*"]),
                texts("f|contains|expand|all: ['%given%', b]", &["b two y*", "aoneb"], &["one", "b", "b two"]),
                texts("f|re|expand: '^%given%$'", &["one", "tw*", "two*"], &["xone"]),
                on("'|expand': '%given%'", &["{f: xonex}"], &["{f: x}"]),
                problem("f|expand|windash: ' -%given%'", "wrong-value-type"),
            ],
        ),
        item(
            57,
            "an escaped percent sign and a placeholder",
            [
                refused(r"f|expand: '\%plain%name%'", "placeholder"),
                texts(r"f|expand: '\%plain%given%'", &["%plainone", "%plaintwo*"], &["plainone", "%plain%given%"]),
            ],
        ),
        item(
            58,
            "a backslash before a percent sign escapes it, and is escaped by another",
            [
                texts(r"f|expand: 'C:\Users\%given%\x'", &[r"C:\Users%given%\x"], &[r"C:\Users\one\x"]),
                texts(r"f|expand: 'C:\Users\\%given%\x'", &[r"C:\Users\one\x"], &[r"C:\Users%given%\x"]),
            ],
        ),
        item(
            59,
            "percent signs around no name are text; a name may have spaces and dots",
            [
                texts("f|expand: '100% sure'", &["100% sure"], &["100"]),
                texts("f|expand: 'a%%b'", &["a%%b"], &["ab"]),
                texts("f|expand: 'a%given name.too%%given%'", &["a3one", "A3two!*"], &["a3", "a3two"]),
                refused("f|expand: '%a b%'", "placeholder"),
                refused("f|expand: '%var.name%'", "placeholder"),
            ],
        ),
    ];
    all.extend(lists());
    all
}

fn lists() -> Vec<Item> {
    vec![
        item(83, "`neq` over a list: none of them", [texts("f|neq: [a, b]", &["c", ""], &["a", "B"])]),
        item(84, "`neq` on an absent field holds", [on("f|neq: a", &["{g: x}", "{f: b}"], &["{f: a}"])]),
        item(
            85,
            "`fieldref`: both fields need a value, and case does not count; `neq` negates it",
            [
                on("a|fieldref: b", &["{a: x, b: X}"], &["{a: x}", "{b: x}", "{c: x}", "{a: x, b: y}"]),
                on("a|fieldref|neq: b", &["{a: x, b: y}", "{a: x}"], &["{a: x, b: X}"]),
            ],
        ),
        item(
            86,
            "`fieldref` comes before `startswith`",
            [
                on("a|fieldref|startswith: b", &["{a: xyz, b: XY}"], &["{a: xyz, b: yz}", "{a: xyz}"]),
                on("a|fieldref|endswith: b", &["{a: xyz, b: YZ}"], &["{a: xyz, b: xy}", "{a: xyz}"]),
                on(
                    "a|fieldref|contains: b",
                    &["{a: 'C:\\ab.c', b: '\\AB.'}", "{a: 'x(y', b: '(Y'}"],
                    &["{a: xyz, b: 'x.z'}", "{a: xyz}", "{b: y}", "{a: y, b: xyz}"],
                ),
                problem("a|startswith|fieldref: b", "illegal-modifier-chain"),
            ],
        ),
        item(
            87,
            "regexes in a list, with `all`, with flags; a flag needs `re`",
            [
                texts("f|re: ['a', 'b']", &["xa", "b"], &["c", "A"]),
                texts("f|re|all: ['a', 'b']", &["ba"], &["a", "b"]),
                texts("f|re|i: x", &["aXb"], &["a"]),
                problem("f|i: x", "illegal-modifier-chain"),
            ],
        ),
        item(
            88,
            "a regex finds a part of the value",
            [texts("f|re: 'b+'", &["abbc"], &["ac"]), texts("f|re: '^b+$'", &["bb"], &["abbc"])],
        ),
        item(
            89,
            "a regex has no Sigma escapes",
            [
                texts(r"f|re: '\\\\server\\share'", &[r"\\server\share"], &[r"\server\share"]),
                texts("f|re: 'a*/b?c'", &["/c", "aa/bc"], &["ac"]),
            ],
        ),
        item(90, "a flag within a regex", [texts("f|re: '(?i)abc'", &["xABCx", "abc"], &["ab"])]),
        item(
            91,
            "networks: no host bits; one address; a list; IPv6 in capitals; what is no address",
            [
                problem("f|cidr: 10.0.0.1/8", "invalid-cidr"),
                texts("f|cidr: 10.0.0.1", &["10.0.0.1"], &["10.0.0.2"]),
                texts(
                    "f|cidr: [10.0.0.0/8, 'FE80::/10']",
                    &["10.9.9.9", "fe80::1", "FE80::1"],
                    &["11.0.0.1", "::1", "x", ""],
                ),
            ],
        ),
        item(
            92,
            "a prefix that ends inside a group of an IPv6 address",
            [texts(
                "f|cidr: '2603:1006::/40'",
                &["2603:1006::1", "2603:1006:ff::1"],
                &["2603:1006:100::1", "2603:1006:ffff::1", "2603:1007::1"],
            )],
        ),
        item(
            93,
            "`all` without `contains` still asks for every value; with one value it is an error",
            [texts("f|all: [a, b]", &[], &["a", "b", "ab"]), problem("f|all: a", "illegal-modifier-chain")],
        ),
        item(
            94,
            "`contains` and `all` in one of a list of maps",
            [on(
                "sel:\n  - f|contains|all: [x, y]\n  - g: z\ncondition: sel",
                &["{f: yx}", "{g: z}", "{f: x, g: z}"],
                &["{f: x}", "{f: y, g: w}"],
            )],
        ),
    ]
}
