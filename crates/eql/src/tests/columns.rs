//! Tests of columns that are not text.

use super::build::{cidr, column, equals, exists, literal, number, regex, test, typed};
use super::condition;
use rulecast_ir::ColumnType::{Bool, DateTime, Dynamic, FullText, Ip, Long, Real, Text};
use rulecast_ir::{Case, ColumnType, Comparison, Logic, Number, Pattern, Test};

fn texts(ty: ColumnType, patterns: &[&str]) -> String {
    let line = |pattern: &&str| format!("{pattern}: {}", condition(typed("f", ty, pattern)));
    patterns.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn rows_60_and_61_numbers_compare_as_numbers() {
    insta::assert_snapshot!(condition(equals("a", Long, 5)), @r#"a == 5"#);
    insta::assert_snapshot!(condition(Logic::any([equals("a", Long, 5), equals("a", Long, 6)])), @r#"a in (5, 6)"#);
    insta::assert_snapshot!(texts(Long, &["443", "-1", "0443", "0x3e7", "4*", "", "*"]), @r#"
    443: f == 443
    -1: f == -1
    0443: type @1: `f` holds a number, which never reads `0443`
    0x3e7: type @1: `f` holds a number, which never reads `0x3e7`
    4*: type @1: `f` holds a number, and EQL cannot test the text of one (write whole numbers, or compare under `lt`, `lte`, `gt`, `gte`)
    : type @1: `f` holds a number, which is never the empty text
    *: ?f != null
    "#);
    insta::assert_snapshot!(texts(Real, &["0.5", "5", "5.0", "1e3", "nan"]), @r#"
    0.5: f == 0.5
    5: f == 5
    5.0: type @1: `f` holds a number, which never reads `5.0`
    1e3: type @1: `f` holds a number, which never reads `1e3`
    nan: type @1: `f` holds a number, which never reads `nan`
    "#);
}

#[test]
fn numbers_print_in_a_form_that_eql_has() {
    let all = [
        (Long, Comparison::Equal, Number::Decimal(5.0)),
        (Long, Comparison::Less, Number::Decimal(5.5)),
        (Long, Comparison::Equal, Number::Decimal(1e300)),
        (Long, Comparison::Less, Number::Decimal(1e300)),
        (Long, Comparison::GreaterOrEqual, Number::Decimal(1e300)),
        (Long, Comparison::Greater, Number::Decimal(-1e300)),
        (Long, Comparison::LessOrEqual, Number::Integer(-3)),
        (Real, Comparison::Greater, Number::Decimal(1e300)),
        (Real, Comparison::Equal, Number::Decimal(0.1)),
        (Real, Comparison::Equal, Number::Decimal(1e-7)),
        (Text, Comparison::Equal, Number::Integer(5)),
        (Text, Comparison::Equal, Number::Decimal(2.50)),
        (Text, Comparison::Less, Number::Integer(5)),
        (Bool, Comparison::Equal, Number::Integer(1)),
        (Ip, Comparison::Equal, Number::Integer(1)),
        (DateTime, Comparison::Equal, Number::Integer(1)),
        (Dynamic, Comparison::Equal, Number::Integer(1)),
    ];
    let shown: String = all.map(|(ty, how, n)| condition(number("f", ty, how, n)) + "\n").concat();
    insta::assert_snapshot!(shown, @r#"
    f == 5
    f < 5.5
    false
    ?f != null
    false
    ?f != null
    f <= -3
    f > 1e300
    f == 0.1
    f == 1e-7
    // exact: mapping:f
    any where f : "5"
    // exact: mapping:f
    any where f : "2.5"
    type @1: `f` holds text, and EQL compares text by its characters (map the field to a numeric column)
    type @1: `f` holds true or false, and no number
    type @1: `f` holds an IP address, and no number
    type @1: `f` holds a point in time, and no number
    type @1: `f` has no type that EQL can compare
    "#);
}

#[test]
fn rows_62_and_63_a_boolean_is_no_text() {
    insta::assert_snapshot!(texts(Bool, &["true", "False", "yes", "t*", "*"]), @r#"
    true: f == true
    False: f == false
    yes: type @1: `f` holds true or false, and no other text
    t*: type @1: `f` holds true or false, and no other text
    *: ?f != null
    "#);
    let cased = |text| test(column("f", Bool), Test::Text { pattern: Pattern::literal(text), case: Case::Sensitive });
    insta::assert_snapshot!(condition(cased("true")), @r#"f == true"#);
    insta::assert_snapshot!(condition(cased("True")), @r#"type @1: `f` holds true or false, and no other text"#);
}

#[test]
fn addresses() {
    let texts = texts(Ip, &["10.1.2.3", "::1", "::ffff:1.2.3.4", "10.1", "fe80:*", "*.1", "-", "*"]);
    insta::assert_snapshot!(texts, @r#"
    10.1.2.3: f == "10.1.2.3"
    ::1: f == "::1"
    ::ffff:1.2.3.4: type @1: `f` holds an IP address, and EQL cannot test the text of one (write a whole address, whole octets as in `10.`, or a network under `cidr`)
    10.1: type @1: `f` holds an IP address, and EQL cannot test the text of one (write a whole address, whole octets as in `10.`, or a network under `cidr`)
    fe80:*: type @1: `f` holds an IP address, and EQL cannot test the text of one (write a whole address, whole octets as in `10.`, or a network under `cidr`)
    *.1: type @1: `f` holds an IP address, and EQL cannot test the text of one (write a whole address, whole octets as in `10.`, or a network under `cidr`)
    -: type @1: `f` holds an IP address, and EQL cannot test the text of one (write a whole address, whole octets as in `10.`, or a network under `cidr`)
    *: ?f != null
    "#);
    let prefixes: String = ["10.*", "192.168.*", "172.16.9.*", "10*", "256.*", "010.*", "1.2.3.4.*", ".*"]
        .map(|prefix| format!("{prefix}: {}\n", condition(typed("f", Ip, prefix))))
        .concat();
    insta::assert_snapshot!(prefixes, @r#"
    10.*: cidrMatch(f, "10.0.0.0/8")
    192.168.*: cidrMatch(f, "192.168.0.0/16")
    172.16.9.*: cidrMatch(f, "172.16.9.0/24")
    10*: type @1: `f` holds an IP address, and EQL cannot test the text of one (write a whole address, whole octets as in `10.`, or a network under `cidr`)
    256.*: type @1: `f` holds an IP address, and EQL cannot test the text of one (write a whole address, whole octets as in `10.`, or a network under `cidr`)
    010.*: type @1: `f` holds an IP address, and EQL cannot test the text of one (write a whole address, whole octets as in `10.`, or a network under `cidr`)
    1.2.3.4.*: type @1: `f` holds an IP address, and EQL cannot test the text of one (write a whole address, whole octets as in `10.`, or a network under `cidr`)
    .*: type @1: `f` holds an IP address, and EQL cannot test the text of one (write a whole address, whole octets as in `10.`, or a network under `cidr`)
    "#);
}

#[test]
fn networks() {
    let of = |networks: &[&str]| condition(Logic::any(networks.iter().map(|network| cidr("f", Ip, network))));
    insta::assert_snapshot!(of(&["10.0.0.0/8"]), @r#"cidrMatch(f, "10.0.0.0/8")"#);
    insta::assert_snapshot!(of(&["10.1.2.3/8", "fe80::/10", "127.0.0.1/32"]), @r#"cidrMatch(f, "10.0.0.0/8", "fe80::/10", "127.0.0.1/32")"#);
    insta::assert_snapshot!(of(&["10.0.0.1/32"]), @r#"f == "10.0.0.1""#);
    insta::assert_snapshot!(of(&["::/0"]), @r#"cidrMatch(f, "::/0") and not cidrMatch(f, "0.0.0.0/0")"#);
    insta::assert_snapshot!(of(&["::ffff:10.0.0.0/104"]), @r#"value @1: `::ffff:10.0.0.0/104` is of IPv4 addresses that are mapped to IPv6; `f` holds them as IPv4 (write the IPv4 network)"#);
    insta::assert_snapshot!(condition(Logic::any([cidr("f", Ip, "10.0.0.0/8"), typed("f", Ip, "1.2.3.4"), typed("f", Ip, "192.168.*")])), @r#"cidrMatch(f, "10.0.0.0/8", "1.2.3.4/32", "192.168.0.0/16")"#);
    insta::assert_snapshot!(condition(cidr("f", Text, "10.0.0.0/8")), @r#"type @1: `f` holds text, in which Elasticsearch finds no network (map the field to a column of type `ip`)"#);
    insta::assert_snapshot!(condition(cidr("f", Long, "10.0.0.0/8")), @r#"type @1: `f` does not hold IP addresses"#);
}

#[test]
fn what_a_type_does_not_allow_is_refused() {
    for ty in [Long, Ip, Bool, DateTime] {
        let refused = condition(regex("f", ty, literal("ab", false)));
        assert_eq!(refused, "type @1: `f` does not hold text, and EQL matches regexes with text alone");
    }
    insta::assert_snapshot!(condition(typed("t", DateTime, "2024*")), @r#"type @1: `t` holds a point in time, and EQL cannot test the text of one"#);
    insta::assert_snapshot!(condition(typed("d", Dynamic, "x")), @r#"type @1: `d` has no type that EQL can compare"#);
    insta::assert_snapshot!(condition(test(column("s", FullText), Test::Exists(true))), @r#"type @1: `s` is analysed text, which EQL cannot query (map the field to one of type `keyword` or `wildcard`)"#);
    insta::assert_snapshot!(condition(test(column("t", DateTime), Test::Exists(true))), @r#"?t != null"#);
    insta::assert_snapshot!(condition(Logic::all([exists("my-field", true), exists("where", false)])), @r#"?`my-field` != null and ?`where` == null"#);
}
