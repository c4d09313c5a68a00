//! What is read, and what is said of what is not.

use crate::{Command, Expr, Macros, Query, SearchTerm, SearchValue, Start, WherePredicate, evaluate, parse};
use insta::assert_snapshot;
use rulecast_ir::{Comparison, Logic, Name};

/// The installer detection that the project began with, up to its last command.
pub(super) const INSTALLER: &str = include_str!("installer.spl");

/// The query as it is printed again, which must read as the same; or the error.
fn read(text: &str) -> String {
    match parse(text) {
        Ok(query) => {
            let printed = query.to_string();
            assert_eq!(parse(&printed), Ok(query), "{printed}");
            printed
        }
        Err(error) => format!("{error}"),
    }
}

fn all(texts: &[&str]) -> String {
    texts.iter().map(|text| read(text)).collect::<Vec<_>>().join("\n")
}

#[test]
fn search_binds_or_tighter_than_and() {
    assert_snapshot!(all(&[
        "a=1 b=2 OR c=3 NOT d=4",
        "a=1 AND b=2 OR c=3 AND d=4",
        "NOT a=1 OR b=2",
        "(a=1 b=2) OR c=3",
        "NOT NOT a=1",
        "NOT (a=1 b=2)",
        "or and not",
        "*",
        "NOT *",
        "* a=1",
    ]), @r#"
        a=1 AND (b=2 OR c=3) AND NOT d=4
        a=1 AND (b=2 OR c=3) AND d=4
        NOT a=1 OR b=2
        (a=1 AND b=2) OR c=3
        a=1
        NOT (a=1 AND b=2)
        "or" AND "and" AND "not"
        *
        NOT *
        a=1
    "#);
}

#[test]
fn where_binds_and_tighter_than_or() {
    assert_snapshot!(all(&[
        "* | where a=1 OR b=2 AND c=3",
        "* | where NOT a=1 AND b=2",
        "* | where NOT (a=1 AND b=2)",
        "* | where a=1 or not b=2 and c=3",
        "* | where a=1 XOR b=2 OR c=3",
        "* | where a=1 XOR b=2 XOR c=3",
        "* | where a+1*2-b/3%4 > -5",
        "* | where (a+1)*2=--c",
        "* | where a . \"x\" . 1.5 == \"\"",
        "* | where -a = -1.5",
        "* | where a-1-1=a-(1-1)",
    ]), @r#"
        *
        | where a=1 OR (b=2 AND c=3)
        *
        | where NOT a=1 AND b=2
        *
        | where NOT (a=1 AND b=2)
        *
        | where a=1 OR (NOT b=2 AND c=3)
        *
        | where (a=1 XOR (b=2 OR c=3))
        *
        | where ((a=1 XOR b=2) XOR c=3)
        *
        | where a+(1*2)-(b/3%4)>-5
        *
        | where (a+1)*2=c
        *
        | where a . "x" . 1.5=""
        *
        | where 0-a=-1.5
        *
        | where a-1-1=a-(1-1)
    "#);
}

#[test]
fn terms_and_values() {
    assert_snapshot!(all(&[
        r#"index=win sourcetype="XmlWinEventLog:Security" source=WinEventLog:Security"#,
        r#""my field"="x" "my term" error fail* 10.0.0.1"#,
        r#"f=C:\\Windows\\* g="C:\\Te\"mp\\x" h="\d""#,
        "f!=a g!=* h>=5 i<-1.5 j=007 k=1.50 l=1e3 m=-0",
        r#"f IN (a, "b c", 5, x*) NOT f IN (a)"#,
        r#"CASE(Error) f=CASE("Ab") f = "spaced""#,
        "`sysmon` `f(1, \"x\")` user@example.com",
        r#"search index=a search="b""#,
        "ANDROID=1 ORDER NOTE INN",
        "a ```the `comment` here``` b",
        "f=* f=** f=\"*\"",
    ]), @r#"
        index="win" AND sourcetype="XmlWinEventLog:Security" AND source="WinEventLog:Security"
        "my field"="x" AND "my term" AND "error" AND "fail*" AND "10.0.0.1"
        f="C:\\Windows\\*" AND g="C:\\Te\"mp\\x" AND h="\\d"
        f!="a" AND g!="*" AND h>=5 AND i<-1.5 AND j="007" AND k="1.50" AND l="1e3" AND m=-0
        f IN ("a", "b c", 5, "x*") AND NOT f IN ("a")
        CASE("Error") AND f=CASE("Ab") AND f="spaced"
        `sysmon` AND `f(1, "x")` AND "user@example.com"
        index="a" AND search="b"
        ANDROID=1 AND "ORDER" AND "NOTE" AND "INN"
        "a" AND "b"
        f=* AND f="**" AND f="*"
    "#);
}

#[test]
fn functions() {
    assert_snapshot!(all(&[
        r#"* | where match(f, "(?i)\\\\cmd\.exe\"$")"#,
        r#"* | where like(f, "a%") OR f LIKE "b_" AND f IN ("x", "y") XOR in(g, 1)"#,
        r#"* | eval a=if(isnull(x) OR isnotnull('y.z'), coalesce(x, "", null()), case(true(), 1, false(), "\1"))"#,
        r#"* | eval n=len(lower(upper(x))), s=substr(x, 1, 2), r=replace(x, "(a)\s", "\1")"#,
        r#"* | eval c=mvcount(x), i=mvfind(x, "a"), m=max(1, x, min(2, y)), t=strftime(_time, "%F")"#,
        r#"* | where cidrmatch("10.0.0.0/8", ip) AND tonumber(x, 16)=tonumber(tostring(y))"#,
    ]), @r#"
        *
        | where match(f, "(?i)\x5ccmd\.exe\x22$")
        *
        | where ((like(f, "a%") OR (like(f, "b_") AND in(f, "x", "y"))) XOR in(g, 1))
        *
        | eval a=if(isnull(x) OR isnotnull('y.z'), coalesce(x, "", null()), case(true(), 1, false(), "\\1"))
        *
        | eval n=len(lower(upper(x))),
            s=substr(x, 1, 2),
            r=replace(x, "(a)\s", "\\1")
        *
        | eval c=mvcount(x),
            i=mvfind(x, "a"),
            m=max(1, x, min(2, y)),
            t=strftime(_time, "%F")
        *
        | where cidrmatch("10.0.0.0/8", ip) AND tonumber(x, 16)=tonumber(tostring(y))
    "#);
}

#[test]
fn commands() {
    assert_snapshot!(all(&[
        r#"* | regex f="a\\\\b" | regex f!="x" | regex "y""#,
        r#"* | rex field=f "(?<name>\w+)" | rex "(?<n>a)""#,
        "* | sort - _time | sort 0 +a, -b | sort 5 c",
        "* | dedup a b, c | table a, \"b c\" d* | fields a | fields - b, c | fields + d",
        "* | rename a as b, \"c d\" AS e",
        "* | bin _time span=5m | bucket span=10 size as s",
        "* | head | head 5 | head limit=3 | mvexpand f",
        "* | stats count by a, b | stats count(x) as n dc(y), sum(eval(if(a=1, 1, 0))) as s",
        "* | streamstats count | streamstats current=f window=3 global=f last(x) as l by k",
        "* | streamstats current=false window=0 max(x) as m by k",
        "* | streamstats avg(foo) by bar window=5 global=f | streamstats count current=f",
        "* | transaction k maxspan=30s startswith=(a=1) endswith=\"b c\" keepevicted=f",
        "* | search a=1 OR b=2 c=3",
        "| multisearch [search a=1 | where b=1] [search `m` | eval x=1] | dedup k",
        "  |  multisearch [ `a` ] [b=\"]\"]",
    ]), @r#"
        *
        | regex f="a\x5cb"
        | regex f!="x"
        | regex "y"
        *
        | rex field=f "(?<name>\w+)"
        | rex field=_raw "(?<n>a)"
        *
        | sort 10000 -_time
        | sort 0 a, -b
        | sort 5 c
        *
        | dedup a, b, c
        | table a, "b c", "d*"
        | fields a
        | fields - b, c
        | fields d
        *
        | rename a as b, "c d" as e
        *
        | bin _time span=300s
        | bin size span=10 as s
        *
        | head 10
        | head 5
        | head 3
        | mvexpand f
        *
        | stats count by a, b
        | stats count(x) as n, dc(y), sum(eval(if(a=1, 1, 0))) as s
        *
        | streamstats count
        | streamstats current=f window=3 global=f last(x) as l by k
        *
        | streamstats current=f window=0 max(x) as m by k
        *
        | streamstats window=5 global=f avg(foo) by bar
        | streamstats current=f count
        *
        | transaction k maxspan=30s startswith=(a=1) endswith="b c" keepevicted=f
        *
        | search (a=1 OR b=2) AND c=3
        | multisearch
          [search a=1
          | where b=1]
          [search `m`
          | eval x=1]
        | dedup k
        | multisearch
          [search `a`]
          [search b="]"]
    "#);
}

#[test]
fn problems() {
    assert_snapshot!(all(&[
        "",
        "a=",
        "a=1 AND",
        "(a=1",
        "a=1)",
        "a=\"x",
        "a=1 [search b=2]",
        "`m",
        "* | lookup x y",
        "* | where a",
        "* | where foo(a)=1",
        "* | where a=b=c",
        "* | where true",
        "* | eval a=isnull(b)",
        "* | eval a=(b=1)+1",
        "* | where match(a, \"x\\\\\")",
        "* | where substr(a)=1",
        "* | where case(a=1)=1",
        "* | where cidrmatch(a, b)",
        "* | stats sum by a",
        "* | stats p95(x)",
        "* | streamstats time_window=30 count",
        "* | dedup 3 host",
        "* | bin _time",
        "* | bin _time span=1mon",
        "* | sort num(a)",
        "a=1 | multisearch [b=1] [c=1]",
        "| multisearch [b=1 | where c=\"\n\"] [c=1]",
        "* |\n  where a==\n  ä b",
        "TERM(a.b)",
        "f<*",
        "f=a(b)",
        "* | rex mode=sed \"s/a/b/\"",
    ]), @r#"
        1:1: expected a search, found the end of the query
        1:3: expected a value, found the end of the query
        1:8: expected a search, found the end of the query
        1:5: expected a search, AND or OR, found the end of the query
        1:4: expected the end of the query, a search, AND or OR, found `)`
        1:3: expected a value, found `"`
        1:5: a subsearch stands in `multisearch` alone
        1:1: a macro stands in a search alone, and ends with a backquote
        1:5: the command `lookup` is not read
        1:11: expected a condition, found a value
        1:11: the function `foo` is not read
        1:14: expected the end of the query, an operator, AND, OR or XOR, found `=`
        1:11: expected an expression, found `t`
        1:12: expected a value, found a condition; write if(condition, 1, 0)
        1:12: expected a value, found a condition; write if(condition, 1, 0)
        1:20: the pattern ends in a backslash
        1:11: substr does not take 1 arguments
        1:11: case takes pairs of a condition and a value
        1:21: cidrmatch is read with a network in quotes alone
        1:11: sum takes a field
        1:11: the aggregate `p95` is not read
        1:17: `time_window` is read with a unit alone
        1:11: `3` is not expected here
        1:5: `bin` is read with `span=` alone
        1:20: a span in `mon` is not read
        1:13: a parenthesis behind a word is read for functions of `eval` alone
        1:7: `multisearch` must be the first command
        1:31: a text with a line feed is not read in a subsearch
        3:3: expected an expression, found `ä`
        1:5: a parenthesis behind a word is read for functions of `eval` alone
        1:2: `<` and `>` do not compare with a wildcard
        1:3: expected a value, found `a`
        1:9: the option `mode` is not read
    "#);
}

#[test]
fn a_search_is_read_into_its_tree() {
    let name = |name: &str| Name::from(name);
    let compare =
        |field: &str, comparison, value| Logic::Test(SearchTerm::Compare { field: name(field), comparison, value });
    let text = |text: &str| SearchValue::Text(text.to_owned());
    let search = Logic::And(vec![
        compare("index", Comparison::Equal, text("wineventlog")),
        Logic::Or(vec![
            compare("sourcetype", Comparison::Equal, text("a")),
            Logic::Not(Box::new(Logic::Test(SearchTerm::Present(name("b"))))),
        ]),
    ]);
    let field = Expr::field("c");
    let condition = Logic::Test(WherePredicate::equal(field, Expr::Text(r"\x".into())));
    let query = Query { start: Start::Search(search), commands: vec![Command::Where(condition)] };
    assert_eq!(parse(r#"index=wineventlog (sourcetype="a" OR NOT b=*) | where c="\\x""#), Ok(query));
}

#[test]
fn the_installer_detection_is_read_as_it_is_written() {
    let query = parse(INSTALLER).unwrap();
    assert_eq!(query.commands.len(), 8);
    assert_snapshot!(read(INSTALLER), @r#"
        index="wineventlog"
          AND (
            sourcetype="XmlWinEventLog:Microsoft-Windows-Sysmon/Operational"
            OR sourcetype="WinEventLog:Security"
          )
        | eval IsInstallerParent=if((EventCode=1 OR EventCode=4688)
              AND match(lower(coalesce(ParentImage, "", ParentProcessName, "")), "(msiexec|installer|pkgutil|dpkg|rpm|chocolatey|winget)"), 1, 0)
        | eval IsScriptChild=if(IsInstallerParent=1
              AND match(lower(coalesce(Image, NewProcessName, "")), "(powershell|pwsh|cmd\.exe|wscript|cscript|mshta|certutil|bitsadmin|bash|python)"), 1, 0)
        | eval HasSuspiciousArgs=if(match(lower(coalesce(CommandLine, "", NewProcessCommandLine, "")), "(invoke-webrequest|downloadstring|net\.webclient|curl\s|wget\s|-encodedcommand|certutil.*urlcache)"), 1, 0)
        | eval IsNetworkInstaller=if(EventCode=3
              AND match(lower(coalesce(Image, "")), "(msiexec|installer)")
              AND NOT match(DestinationIp, "(10\.|172\.16\.|192\.168\.|127\.)"), 1, 0)
        | where IsScriptChild=1 OR (HasSuspiciousArgs=1 AND IsInstallerParent=1) OR IsNetworkInstaller=1
        | eval DetectionType=case(
              HasSuspiciousArgs=1 AND IsScriptChild=1, "INSTALLER_DOWNLOAD_CRADLE",
              IsScriptChild=1, "INSTALLER_SCRIPT_CHILD",
              IsNetworkInstaller=1, "INSTALLER_NETWORK_CALLBACK",
              1=1, "INSTALLER_SUSPICIOUS_ACTIVITY")
        | table _time, host, User, EventCode, DetectionType, Image, CommandLine, ParentImage
        | sort 10000 -_time
    "#);
}

#[test]
fn nesting_has_an_end() {
    let nested = |open: &str, inner: &str, close: &str, n: usize| open.repeat(n) + inner + &close.repeat(n);
    for n in [100, 10_000] {
        let texts = [
            nested("(", "a=1", ")", n),
            format!("* | where {}", nested("(", "a=1", ")", n)),
            format!("* | eval a={}", nested("lower(", "a", ")", n)),
            format!("* | where {}", nested("if(", "a=1", ",1,0)=1", n)),
        ];
        for text in texts {
            let query = parse(&text);
            assert_eq!(query.is_ok(), n == 100, "{}", &text[..50]);
            let Ok(query) = query else { continue };
            assert_eq!(parse(&query.to_string()).as_ref(), Ok(&query));
            let rows = [super::evaluate::row(1, &[("a", "1")])];
            assert_eq!(evaluate(&query, &rows, &Macros::new()).unwrap().len(), 1, "{}", &text[..50]);
        }
    }
    for text in ["NOT ".repeat(100_000) + "a=1", format!("* | where {} a=1", "NOT ".repeat(100_000))] {
        assert!(parse(&text).is_ok());
    }
    assert!(parse(&format!("* | eval a=1{}", "+1".repeat(10_000))).is_err());
    assert!(parse(&format!("* | eval a={}1", "-".repeat(10_000))).is_ok());
    assert!(parse(&format!("* | where a=1{}", " XOR a=1".repeat(10_000))).is_err());
    assert!(parse(&format!("* | transaction a startswith={}", nested("(", "", ")", 10_000))).is_err());
    assert!(parse(&format!("* | where a=1{}", " OR a=1".repeat(10_000))).is_ok());
    assert!(parse(&nested("| multisearch [", "a", "]", 10_000)).is_err());
}

#[test]
fn no_text_panics() {
    // A text is cut everywhere, and every mark is put everywhere.
    let text = "`m` a=\"b\\\"\" c IN (1, d*) | eval x='y z'-if(isnull(z), \"ä\", -1.5) | stats count by x";
    for (at, _) in text.char_indices() {
        let (before, after) = text.split_at(at);
        let _ = parse(before);
        for mark in ["(", ")", "\"", "\\", "`", "'", "|", "[", "]", "*", "-", "=", ",", "\0", "ä", "```"] {
            if let Ok(query) = parse(&format!("{before}{mark}{after}")) {
                assert_eq!(parse(&query.to_string()), Ok(query));
            }
        }
    }
}

#[test]
fn a_filter_stands_before_what_arranges() {
    let filtered = |text: &str| parse(text).unwrap().filtered("x_filter").to_string();
    assert_eq!(filtered("a=1"), "a=1\n| `x_filter`");
    assert_eq!(
        filtered("a=1 | where isnotnull(b) | sort 0 -_time | table _time, b"),
        "a=1\n| where isnotnull(b)\n| `x_filter`\n| sort 0 -_time\n| table _time, b"
    );
    assert_eq!(filtered("a=1 | sort 0 _time | dedup b"), "a=1\n| sort 0 _time\n| dedup b\n| `x_filter`");
    let query = parse("a=1 | `x_filter` | table b").unwrap();
    assert_eq!(parse(&query.to_string()).as_ref(), Ok(&query));
    assert_eq!(query.shown(), Some(vec![Name::from("b")]));
    let narrowed = query.narrowed("b c", "$b \"c$");
    assert_eq!(narrowed.to_string(), "a=1\n| `x_filter`\n| table b\n| search \"b c\"=\"$b \\\"c$\"");
    let error = evaluate(&narrowed, &[], &Macros::new()).unwrap_err();
    assert_eq!(error.to_string(), "the macro `x_filter` as a command is not evaluated");
}
