//! Text to syntax trees. What is lowered is read back where it is shown, in all other tests.

use crate::parse::{MAX_QUERY_DEPTH, parse};
use insta::assert_snapshot;

/// How the query is printed, in place of how it was written; or why it is not read.
fn read(text: &str) -> String {
    match parse(text) {
        Ok(query) => {
            let printed = query.to_string();
            assert_eq!(parse(&printed).as_ref(), Ok(&query), "{printed}");
            printed
        }
        Err(error) => error.to_string(),
    }
}

/// How a condition is printed.
fn condition(text: &str) -> String {
    let shown = read(&format!("T | where {text}"));
    shown.strip_prefix("T\n| where ").map_or(shown.clone(), str::to_owned)
}

#[test]
fn conditions_are_printed_as_they_are_written() {
    for text in [
        "a == 1 and b == 2 and (c =~ \"x\" or not(d contains \"y\"))",
        "a !~ \"x\" or a !contains_cs \"x\" or a !startswith \"x\" or a !endswith_cs \"x\"",
        "a has \"x\" and a !has_cs \"x\" and a hasprefix \"x\" and a hassuffix_cs \"x\"",
        "a in (1) and b !in (1, 2) and c in~ (\"x\") and d !in~ (\"x\", \"y\")",
        "a has_any (\"x\", \"y\") and a has_all (\"x\", \"y\")",
        "a matches regex @\"(?i)\\d+\"",
        "n between (1 .. 5) and t !between (ago(1d) .. now())",
        "t > datetime(2026-01-02T03:04:05.0000000Z) and s == 90s and s < timespan(00:00:00.1000000)",
        "(a + 1) * 2 == -b - (c - d) and a / b % c != -1",
        "(a == b) == c < d",
        "a < b == true",
        "a contains \"x\" == (c and d)",
        "a =~ \"x\" == true",
        "(a + b) =~ \"x\"",
        "strcat(a, b) =~ \"x\" and tostring(a.b['c d'][0].e) == \"x\"",
        "* contains \"x\"",
        "a and not(b) or true",
        "iff(a == 1, \"x\", \"y\") == \"x\"",
        "coalesce(a > 1, false)",
        "isnull(long(null)) and x in (dynamic([1, \"a\", {\"b\": null, \"c\": -1.5}]))",
        "['odd name'] == 1 and ['where'] == 2 and a['b c'] == 3",
    ] {
        let shown = condition(text);
        assert_eq!(shown.split_whitespace().collect::<String>(), {
            let written = text.split_whitespace().collect::<String>();
            // Connectives of two kinds are told apart by parentheses.
            written.replace("aandnot(b)ortrue", "(aandnot(b))ortrue")
        });
    }
}

#[test]
fn binding_is_that_of_the_published_grammar() {
    for (text, same) in [
        ("a or b and c or d", "a or (b and c) or d"),
        ("a == 1 or b < 2 and c contains \"x\"", "(a == 1) or ((b < 2) and (c contains \"x\"))"),
        ("a - b - c == 1", "((a - b) - c) == 1"),
        ("a + b * c == 1", "(a + (b * c)) == 1"),
        ("a + b < c == d", "((a + b) < c) == d"),
        ("-a + b == 1", "(-a) + b == 1"),
        ("a and (b and (c and d))", "a and b and c and d"),
        ("a <> b", "a != b"),
        ("iif(a, 1, 2) == 0x1F", "iff(a, 1, 2) == 31"),
        ("a matches\n  regex 'x'", "a matches regex \"x\""),
        ("x == timespan(1.02:03:04)", "x == 93784s"),
        ("x == 1.5h and y == 24h and z == 1500ms", "x == 90m and y == 1d and z == timespan(00:00:01.5)"),
    ] {
        assert_eq!(condition(text), condition(same), "{text}");
        assert!(parse(&format!("T | where {text}")).is_ok(), "{text}");
    }
}

/// The reference's page on the string data type.
#[test]
fn literals_give_the_same_text() {
    for written in [
        r#""C:\\a \"b\"""#,
        r#"'C:\\a "b"'"#,
        r#"@"C:\a ""b""""#,
        r#"@'C:\a "b"'"#,
        r#"h@'C:\a "b"'"#,
        "```C:\\a \"b\"```",
        r#""C:\u005Ca " '"b"'"#,
    ] {
        assert_eq!(condition(&format!("a == {written}")), r#"a == @"C:\a ""b""""#, "{written}");
    }
    assert_eq!(condition(r#"a in ("x" "y", 'z')"#), r#"a in ("xy", "z")"#, "adjacent literals are one");
    assert_eq!(condition(r#"a == "\uD83D\uDE00\t""#), "a == \"😀\\t\"");
    assert_eq!(condition(r#"a == "x // y" // z"#), r#"a == "x // y""#);
}

#[test]
fn pipelines() {
    assert_snapshot!(read(
        "// what people write\n\
         let span = 5m; let names = dynamic(['a', 'b']);\n\
         let A = T | where x in (names) | project k, tA = Timestamp;\n\
         A | join kind=inner (U | where y | project k, tB = Timestamp) on k\n\
         | join (B) on $left.k == $right.j, x | join kind = leftanti C on k\n\
         | where tB - tA between (0s .. span)\n\
         | summarize count(), n = dcount(x), make_set(y), arg_max(tA, *), countif(x == 1), max(z) by k, bin(tB, 1h)\n\
         | summarize percentile(x, 95), s = sum(x * 2) | summarize by k | summarize min(t), max = max(t) by k\n\
         | extend a = case(x == 1, 'p', 'q'), b = o.p.q | project-away a, ['b c'] | project-rename d = e\n\
         | distinct x, y | take 5 | limit 6 | top 3 by x | sort by x | order by x desc nulls last, y asc nulls first\n\
         | union U, (V | count) | serialize n = row_number() | mv-expand x, y = z to typeof(string) | count;"
    ), @r#"
    let span = 5m;
    let names = dynamic(["a", "b"]);
    let A =
      T
      | where x in (names)
      | project k, tA = Timestamp;
    A
    | join kind=inner (
        U
        | where y
        | project k, tB = Timestamp
      ) on k
    | join kind=innerunique (
        B
      ) on $left.k == $right.j, x
    | join kind=leftanti (C) on k
    | where tB - tA between (0s .. span)
    | summarize count_ = count(), n = dcount(x), set_y = make_set(y), arg_max(tA, *), countif_ = countif(x == 1), max_z = max(z) by k, tB = bin(tB, 1h)
    | summarize percentile_x_95 = percentile(x, 95), s = sum(x * 2)
    | summarize by k
    | summarize min_t = min(t), max = max(t) by k
    | extend a = case(
        x == 1, "p",
        "q"
      ), b = o.p.q
    | project-away a, ['b c']
    | project-rename d = e
    | distinct x, y
    | take 5
    | take 6
    | top 3 by x desc
    | sort by x desc
    | sort by x desc, y asc
    | union
          (
            U
          ),
          (
            V
            | count
          )
    | serialize n = row_number()
    | mv-expand x, y = z to typeof(string)
    | count
    "#);
}

/// As Microsoft's parser names them (`@kusto/language-service-next` 12.4.1, asked).
#[test]
fn columns_without_a_name_are_named() {
    for (written, named) in [
        ("project z.a['b c'].d, tostring(z.x)", "project ['z_a_b c_d'] = z.a['b c'].d, z_x = tostring(z.x)"),
        ("summarize countif(v), sum(n) by k", "summarize countif_v = countif(v), sum_n = sum(n) by k"),
        ("summarize countif(n > 1) by bin(n, 5), k", "summarize countif_ = countif(n > 1) by n = bin(n, 5), k"),
        ("summarize take_any(n), make_list(n) by k", "summarize n = take_any(n), list_n = make_list(n) by k"),
    ] {
        assert_eq!(read(&format!("T | {written}")), format!("T\n| {named}"));
    }
}

#[test]
fn rows_in_place() {
    assert_snapshot!(read("union (datatable(a: string, b: long) ['x', 1, 'y', long(null)] | where b == 1), T"), @r#"
    union
      (
        datatable (a: string, b: long) ["x", 1, "y", long(null)]
        | where b == 1
      ),
      (
        T
      )
    "#);
    assert_eq!(read("print 1, x = 'a'"), r#"print print_0 = 1, x = "a""#);
    assert_eq!(read("((T | where a) | where b) | where c"), "T\n| where a\n| where b\n| where c");
}

/// The sequence that the reference page on `scan` finds.
#[test]
fn scans() {
    assert_snapshot!(read(
        "Events | sort by Ts asc | scan with_match_id=m_id declare (n: long = 0, t: datetime) with (\n\
           step s1: Event == 'Start' => n = 1;\n\
           step s2 output=last: Event != 'Start' and Ts - s1.Ts <= 5m => n = s1.n + 1, t = s1.Ts;\n\
         )"
    ), @r#"
    Events
    | sort by Ts asc
    | scan with_match_id = m_id declare (n: long = 0, t: datetime) with (
        step s1: Event == "Start" => n = 1;
        step s2 output = last: Event != "Start" and Ts - s1.Ts <= 5m => n = s1.n + 1, t = s1.Ts;
      )
    "#);
}

#[test]
fn what_is_not_read_is_refused_by_place() {
    let mut wrong = Vec::new();
    for (text, expected) in [
        ("", "1:1: expected a query"),
        ("T | where", "1:10: expected a value"),
        ("T\n| where a ==\n| take 1", "3:1: expected a value"),
        ("T | where a AND b", "1:13: expected"),
        ("T | wher a", "1:5: expected an operator"),
        ("T | where a == \"C:\\Windows\"", "1:16: unknown escape `\\W`; in @\"…\" a backslash stands for itself"),
        ("T | where a == \"x", "1:16: expected a value"),
        ("T | where by == 1", "1:11: `by` is a reserved word; as a name it is written ['by']"),
        ("T | where f(x)", "1:11: the function `f` is not read"),
        ("T | where case(a, b)", "1:11: wrong number of arguments to `case`"),
        ("T | where a in ()", "1:17: expected a value"),
        ("T | where a == b == c", "1:18: expected"),
        ("T | where 9223372036854775808 == a", "1:11: not a number that a long can hold"),
        ("T | where a > 5x", "1:15: not a length of time"),
        ("T | where a > datetime(2026-02-30)", "1:15: not a value of the type `datetime`"),
        ("T | extend strcat(a, b)", "1:12: a computed column needs a name"),
        ("T | summarize f(x) by y", "1:15: the aggregate `f` is not read"),
        ("T | summarize x = arg_max(a, b)", "1:15: `arg_max` is read with"),
        ("T | join kind=fullouter (U) on k", "1:15: the join kind `fullouter` is not read"),
        ("T | sort by x asc nulls last", "1:25: nulls stand last"),
        ("T | search 'x'", "1:5: expected an operator"),
        ("T | where * == *", "1:11: `*` stands before a text operator"),
        ("let f = (x: long) { x }; T", "1:11: expected"),
        ("datatable (a: string, b: long) ['x']", "1:1: 1 values do not fill rows of 2 columns"),
        ("T | where a == 'é' and €", "1:24: expected"),
    ] {
        let shown = read(text);
        if !shown.starts_with(expected) {
            wrong.push(format!("{text}\n  {shown}\n  {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn deep_nesting_is_refused_and_texts_do_not_nest() {
    let nested = |open: &str, depth: usize, close: &str| {
        parse(&format!("T | where {}a{}", open.repeat(depth), close.repeat(depth))).map_err(|error| error.message)
    };
    for (open, close) in [("(", ")"), ("not(", ")"), ("coalesce(", ")"), ("a[", "]"), ("(T | where ", ")")] {
        assert_eq!(
            nested(open, 10_000, close),
            Err(format!("nests more than {MAX_QUERY_DEPTH} levels deep")),
            "{open}"
        );
    }
    assert_eq!(nested("(", MAX_QUERY_DEPTH, ")"), parse("T | where a").map_err(|error| error.message));
    assert!(nested("not(", MAX_QUERY_DEPTH, ")").is_ok());
    for chain in [" - 1", " * 1", "[0]", ".a", " + a * a"] {
        let message = parse(&format!("T | where a{}", chain.repeat(20_000))).map_err(|error| error.message);
        assert_eq!(message, Err(format!("a chain of more than {MAX_QUERY_DEPTH} links")), "{chain}");
    }
    let many = |word: &str| format!("T | where a{}", format!(" {word} a").repeat(20_000));
    assert!(parse(&many("or")).is_ok() && parse(&many("and")).is_ok());
    let parentheses = "(".repeat(10_000);
    for text in [
        format!("T | where a == \"{parentheses}\""),
        format!("T | where a == @'{parentheses}\\'"),
        format!("T | where a == '\\'{parentheses}'"),
        format!("T | where a == ```{parentheses}```"),
        format!("T // {parentheses}"),
    ] {
        assert!(parse(&text).is_ok(), "{}", &text[..30]);
    }
}

#[test]
fn no_text_panics() {
    let base = "let x = T | where a =~ @'b\\' and ['c d'] in~ (\"e\\n\", 'f') | join kind=inner (U) on k | summarize m = max(t) by k; x";
    for (at, _) in base.char_indices() {
        let (before, after) = base.split_at(at);
        for inserted in ["", "(", ")", "'", "\"", "\\", "é", "|", "-", "..", "*", "=", "//", "```", "\n", "\u{0}", "1"]
        {
            let _ = parse(&format!("{before}{inserted}{after}"));
            let _ = parse(&format!("{before}{inserted}"));
        }
    }
}
