//! Truth, nulls and texts.

use super::{check_values, rows, run};
use serde_json::json;

/// "Null values": equality, order, and what is built of them.
#[test]
fn nulls() {
    check_values(&[
        ("int(null) == 5", "false"),
        ("int(null) != 5", "true"),
        ("5 == long(null)", "false"),
        ("int(null) == int(null)", "null"),
        ("int(null) != int(null)", "null"),
        ("int(null) > 3", "null"),
        ("int(null) > 3 or isnull(int(null))", "true"),
        ("3 <= real(null)", "null"),
        ("long(null) between (1 .. 5)", "null"),
        ("9 between (long(null) .. 5)", "false"),
        ("not(bool(null))", "null"),
        ("not(int(null) > 3)", "null"),
        ("not(int(null) == 3)", "true"),
        ("bool(null) and true", "null"),
        ("bool(null) and false", "false"),
        ("false and bool(null)", "false"),
        ("bool(null) or true", "true"),
        ("bool(null) or false", "null"),
        ("iff(bool(null) and true, true, false)", "false"),
        ("long(null) + 1", "null"),
        ("long(null) in (1, 2)", "false"),
        ("long(null) !in (1, 2)", "true"),
    ]);
}

/// "where operator": rows for which the predicate is true; "null values": a string is never null.
#[test]
fn a_row_that_lacks_a_column() {
    let (rows, schema) = rows(&[
        (1, 0, json!({"Name": "a", "Number": 5, "Flag": true, "Share": 0.5, "Bag": {"k": "v", "n": 7}})),
        (2, 1, json!({})),
    ]);
    for (condition, expected) in [
        ("Name == 'a'", vec![1]),
        ("Name != 'a'", vec![2]),
        ("not(Name =~ 'A')", vec![2]),
        ("isempty(Name)", vec![2]),
        ("Name == ''", vec![2]),
        ("isnull(Name)", vec![]),
        ("isnotnull(Name)", vec![1, 2]),
        ("not(Name matches regex 'a')", vec![2]),
        ("Missing =~ 'x'", vec![]),
        ("not(Missing contains 'x')", vec![1, 2]),
        ("Number == 5", vec![1]),
        ("Number != 5", vec![2]),
        ("Number > 3", vec![1]),
        ("not(Number > 3)", vec![]),
        ("not(coalesce(Number > 3, false))", vec![2]),
        ("isnull(Number)", vec![2]),
        ("isempty(Number)", vec![2]),
        ("Number in (5, 6)", vec![1]),
        ("Share < 1 and Share == 0.5", vec![1]),
        ("Flag", vec![1]),
        ("not(Flag)", vec![]),
        ("Flag == true", vec![1]),
        ("not(Flag == true)", vec![2]),
        ("Flag != true", vec![2]),
        ("tostring(Bag.k) =~ 'V'", vec![1]),
        ("Bag.k == 'v'", vec![1]),
        ("not(tostring(Bag.k) =~ 'V')", vec![2]),
        ("isempty(tostring(Bag.other))", vec![1, 2]),
        ("tolong(Bag.n) > 6", vec![1]),
        ("isnull(Bag.k.deeper)", vec![1, 2]),
        ("isnotnull(Bag)", vec![1]),
        ("Time == datetime(1970-01-01T00:00:01)", vec![2]),
        ("Time > datetime(1970-01-01) and Time - datetime(1970-01-01) <= 1s", vec![2]),
        ("not(coalesce(ipv6_is_match(Name, '10.0.0.0/8'), false))", vec![1, 2]),
        ("not(ipv6_is_match(Name, '10.0.0.0/8'))", vec![]),
        ("not(ipv4_is_in_range(Name, 'fe80::/10'))", vec![]),
        ("* contains 'A'", vec![1]),
        ("* matches regex '^a$'", vec![1]),
        ("case(Number > 3, 'x', 'y') == 'y'", vec![2]),
        ("iff(Number > 3, 'x', 'y') == 'y'", vec![2]),
        ("true", vec![1, 2]),
        ("false", vec![]),
    ] {
        let ids = run(&format!("T | where {condition}"), &rows, &schema)
            .map(|rows| rows.into_iter().flat_map(|row| row.ids).collect::<Vec<_>>());
        assert_eq!(ids, Ok(expected), "{condition}");
    }
}

/// "String operators", with its own examples.
#[test]
fn texts() {
    check_values(&[
        ("'aBc' == 'aBc'", "true"),
        ("'abc' != 'ABC'", "true"),
        ("'abc' =~ 'ABC'", "true"),
        ("'aBc' !~ 'xyz'", "true"),
        ("'North America' has 'america'", "true"),
        ("'North America' !has 'amer'", "true"),
        ("'North America' has_cs 'America'", "true"),
        ("'North America' !has_cs 'amer'", "true"),
        ("'North America' has_cs 'america'", "false"),
        ("'North America' hasprefix 'ame'", "true"),
        ("'North America' !hasprefix 'mer'", "true"),
        ("'North America' hasprefix_cs 'Ame'", "true"),
        ("'North America' !hasprefix_cs 'CA'", "true"),
        ("'North America' hassuffix 'ica'", "true"),
        ("'North America' !hassuffix 'americ'", "true"),
        ("'North America' hassuffix_cs 'ica'", "true"),
        ("'North America' !hassuffix_cs 'icA'", "true"),
        ("'FabriKam' contains 'BRik'", "true"),
        ("'Fabrikam' !contains 'xyz'", "true"),
        ("'FabriKam' contains_cs 'Kam'", "true"),
        ("'Fabrikam' !contains_cs 'Kam'", "true"),
        ("'Fabrikam' startswith 'fab'", "true"),
        ("'Fabrikam' !startswith 'kam'", "true"),
        ("'Fabrikam' startswith_cs 'Fab'", "true"),
        ("'Fabrikam' !startswith_cs 'fab'", "true"),
        ("'Fabrikam' endswith 'Kam'", "true"),
        ("'Fabrikam' !endswith 'brik'", "true"),
        ("'Fabrikam' endswith_cs 'Kam'", "false"),
        ("'Fabrikam' matches regex 'b.*k'", "true"),
        ("'abc' in ('123', '345', 'abc')", "true"),
        ("'bca' !in ('123', '345', 'abc')", "true"),
        ("'Abc' in ('abc')", "false"),
        ("'abc' in~ ('123', '345', 'ABC')", "true"),
        ("'bCa' !in~ ('123', '345', 'ABC')", "true"),
        ("'b' in (dynamic(['a', 'b']))", "true"),
        ("'North America' has_any ('south', 'north')", "true"),
        ("'North America' has_all ('south', 'north')", "false"),
        ("'abc' contains ''", "true"),
        ("'' contains 'a'", "false"),
    ]);
    // Terms: the page's own text.
    let text = "'Kusto:  ad67d136-c1db-4f9f-88ef-d94f3b6b0b5a;;WilliamGates3rd'";
    for (term, expected) in [
        ("Kusto", "true"),
        ("ad67d136", "true"),
        ("d94f3b6b0b5a", "true"),
        ("WilliamGates3rd", "true"),
        ("Gates", "false"),
        ("ad67", "false"),
        ("c1db-4f9f", "true"),
        ("c1db-4f9", "false"),
    ] {
        check_values(&[(&format!("{text} has '{term}'"), expected)]);
    }
}

/// "Case-insensitive operators are currently supported only for ASCII text."
#[test]
fn case_counts_beyond_ascii() {
    check_values(&[
        ("'ÄB' =~ 'Äb'", "true"),
        ("'ÄB' =~ 'äb'", "false"),
        ("'ÄB' contains 'ä'", "false"),
        ("'ÄB' in~ ('äb')", "false"),
        ("'\\u212A' =~ 'k'", "false"),
        // Not so in a regular expression, whose flag folds as Unicode does.
        ("'ÄB' matches regex '(?i)äb'", "true"),
    ]);
}

/// "Regex syntax": that of the Rust crate.
#[test]
fn regular_expressions() {
    check_values(&[
        (r"'a1' matches regex @'\d'", "true"),
        (r"'a\u0661' matches regex @'\d'", "true"),
        (r"'a\u0661' matches regex @'[0-9]'", "false"),
        (r"'abc' matches regex 'B'", "false"),
        (r"'abc' matches regex '(?i)B'", "true"),
        (r"'a\nb' matches regex 'a.b'", "false"),
        (r"'a\nb' matches regex '(?s)a.b'", "true"),
        (r"'a\nb' matches regex '^b'", "false"),
        (r"'a\nb' matches regex '(?m)^b'", "true"),
        (r"'a\n' matches regex 'a$'", "false"),
        (r"'x' matches regex '((((((((((((((((x))))))))))))))))'", "true"),
    ]);
    assert_eq!(super::value("'a' has ''"), "no term is sought");
    let groups = format!("'x' matches regex '{}x{}'", "(".repeat(17), ")".repeat(17));
    assert_eq!(super::value(&groups), "17 groups capture; 16 may");
    assert!(super::value("'x' matches regex '(?=x)'").starts_with("no regular expression: "));
}

#[test]
fn what_the_language_refuses_is_an_error() {
    let (rows, schema) = rows(&[]);
    for (query, expected) in [
        ("T | where Number =~ '5'", "`=~` of a long and a string"),
        ("T | where Number in~ ('5')", "`in~` of a long and a string"),
        ("T | where Number contains '5'", "`contains` of a long and a string"),
        ("T | where Name == 5", "`==` of a string and a long"),
        ("T | where Name > 5", "`>` of a string and a long"),
        ("T | where Flag > true", "`>` of a bool and a bool"),
        ("T | where Bag.k =~ 'v'", "`=~` of a dynamic and a string"),
        ("T | where Name", "a condition is a bool, not a string"),
        ("T | where ipv6_is_match(Number, '::1')", "`ipv6_is_match` of (long, string) is not evaluated"),
        ("T | where Name matches regex Other", "a regular expression that is not a constant string"),
        ("T | where coalesce(Number, Name) == 1", "`coalesce` takes 2 to 64 values of one type"),
        ("T | extend x = case(Flag, 1, 'a')", "a choice between a long and a string"),
        ("T | project x = Name | where y == ''", "there is no column `y`"),
        ("T | project x = Name, x = Other", "two columns are named `x`"),
        ("T | extend n = prev(Name)", "`prev` needs rows in order"),
        ("let x = 1; x", "`x` is no table"),
        ("let Name = 'a'; T | extend Name = 'x' | where Name == 'a'", "`Name` is a column and a value of a `let`"),
        ("T | mv-expand Bag", "`mv-expand` is not evaluated"),
        ("T | join kind=inner (T) on $left.Number == $right.Name", "a join of `Number`, a long, on a string"),
        ("T | union (T | project Number = Name)", "tables of a union hold `Number` in unlike types"),
    ] {
        assert_eq!(run(query, &rows, &schema), Err(expected.to_owned()), "{query}");
    }
}
