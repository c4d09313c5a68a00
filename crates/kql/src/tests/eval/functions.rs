//! Scalar functions and arithmetic.

use super::{check_values, value};

/// The pages of each function.
#[test]
fn functions() {
    check_values(&[
        ("coalesce(tolong('not a number'), tolong('42'), 33)", "42"),
        ("coalesce('', 'a')", "a"),
        ("coalesce(bool(null), false)", "false"),
        ("case(3 <= 3, 'Small', 3 <= 10, 'Medium', 'Large')", "Small"),
        ("case(bool(null), 'a', 'b')", "b"),
        ("iif(1 == 1, 'a', 'b')", "a"),
        ("isempty('') and isempty(long(null)) and not(isempty(' '))", "true"),
        ("isnull('') or isnull(dynamic(''))", "false"),
        ("isnull(dynamic(null)) and isnull(parse_json('null'))", "true"),
        ("strlen('⒦⒰⒮⒯⒪')", "5"),
        ("strcat('a', 1, true, long(null), dynamic({'a': 1}))", "a1true{\"a\":1}"),
        ("strcat_delim('-', 1, '2', 'A')", "1-2-A"),
        ("tolower('ABC')", "abc"),
        ("toupper('abc')", "ABC"),
        ("tostring(123)", "123"),
        ("tostring(long(null)) == ''", "true"),
        ("tostring(parse_json('{\"a\":[1,\"x\"]}').a)", "[1,\"x\"]"),
        ("tostring(parse_json('{\"a\":\"x\"}').a)", "x"),
        ("tostring(parse_json('no json'))", "no json"),
        ("isnull(parse_json('no json').a)", "true"),
        ("tostring(dynamic({'a b': {'c': [10, 20]}})['a b'].c[-1])", "20"),
        ("tolong('5') == 5 and isnull(tolong('a'))", "true"),
        ("toreal('5.5') == 5.5 and toreal('1e2') == 100", "true"),
        ("tobool('true') and not(tobool('false')) and tobool(123) and isnull(tobool('abc'))", "true"),
        ("isnull(todatetime('abc'))", "true"),
        ("todatetime('2015-12-31 23:59:59.9') == datetime(2015-12-31 23:59:59.9)", "true"),
        ("max_of(10, 1, -3, 17)", "17"),
        ("min_of(10, 1, -3, 17)", "-3"),
        ("bin(4, 3)", "3"),
        ("bin(datetime(1970-05-11 13:45:07), 1d)", "1970-05-11T00:00:00.0000000Z"),
        ("bin(-1, 3)", "-3"),
        ("ago(1d)", "2025-12-31T00:00:00.0000000Z"),
        ("hourofday(datetime(2015-12-14 18:54))", "18"),
        ("dayofweek(datetime(1947-11-30 10:00:05))", "00:00:00"),
        ("dayofweek(datetime(1970-05-11))", "1.00:00:00"),
        ("dayofyear(datetime(2015-12-14))", "348"),
        ("getmonth(datetime(2015-10-12)) + getyear(datetime(2015-10-12)) + dayofmonth(datetime(2015-12-14))", "2039"),
        ("week_of_year(datetime(2017-10-30 01:02:03))", "44"),
        ("week_of_year(datetime(2021-01-03)) == 53 and week_of_year(datetime(2024-12-30)) == 1", "true"),
        ("datetime_part('week_of_year', datetime(2017-10-30 01:02:03.7654321))", "44"),
        ("datetime_part('minute', datetime(2017-10-30 01:02:03.7654321))", "2"),
        ("datetime_part('hour', datetime(2017-10-30 01:02:03)) == hourofday(datetime(2017-10-30 01:02:03))", "true"),
        ("datetime_part('dayOfYear', datetime(2017-10-30))", "303"),
        ("datetime_part('Year', datetime(2017-10-30)) + datetime_part('Month', datetime(2017-10-30))", "2027"),
        ("isnull(hourofday(datetime(null))) and isnull(datetime_part('minute', datetime(null)))", "true"),
        ("datetime_diff('day', datetime(2017-10-30 23:55), datetime(2017-10-31 01:00))", "-1"),
        ("datetime_diff('minute', datetime(2017-10-30 23:05:01), datetime(2017-10-30 23:59:00))", "-54"),
        ("datetime_diff('hour', datetime(2017-10-31 01:00), datetime(2017-10-30 23:55))", "2"),
        ("array_length(dynamic([1, 2])) == 2 and isnull(array_length(dynamic('a')))", "true"),
        ("set_has_element(dynamic(['a', 'b']), 'b')", "true"),
        ("substring('123456', 1) == '23456' and substring('123456', 2, 2) == '34'", "true"),
        ("indexof('abcdefg', 'cde') == 2 and indexof('abc', 'x') == -1", "true"),
        ("replace_string('abab', 'a', 'x')", "xbxb"),
        ("replace_strings('&amp;lt;&lt;é&', dynamic(['&lt;', '&amp;']), dynamic(['<', '&']))", "&lt;<é&"),
        ("replace_strings('This is', dynamic(['is', 'This']), dynamic(['was', 'x']))", "x was"),
        ("replace_strings('abc', dynamic(['a', 'ab']), dynamic(['', 'x']))", "bc"),
        ("extract('x=([0-9]+)', 1, 'hello x=45.6|wo')", "45"),
        ("extract('x=([0-9]+)', 0, 'hello x=45.6|wo')", "x=45"),
        ("extract('x=([0-9]+)', 1, 'hello') == ''", "true"),
        ("abs(-5)", "5"),
        ("ipv4_is_match('192.168.1.1/24', '192.168.1.255')", "true"),
        ("ipv6_is_match('10.1.2.3', '10.0.0.0/8') and not(ipv6_is_match('::1', '10.0.0.0/8'))", "true"),
        ("ipv6_is_match('host', '10.0.0.0/8')", "null"),
    ]);
}

#[test]
fn arithmetic() {
    check_values(&[
        ("1 + 2 * 3 - 4", "3"),
        ("7 / 2", "3"),
        ("7 % 4", "3"),
        ("7 / 2.0", "3.5"),
        ("-(1 + 2)", "-3"),
        ("1h + 30m", "01:30:00"),
        ("-1h", "-01:00:00"),
        ("1h / 30m", "2"),
        ("30m * 3", "01:30:00"),
        ("datetime(2026-01-02) - datetime(2026-01-01)", "1.00:00:00"),
        ("datetime(2026-01-02) - 1h", "2026-01-01T23:00:00.0000000Z"),
        ("datetime(2026-01-02) > datetime(2026-01-01)", "true"),
        ("1 == 1.0 and 1 < 1.5", "true"),
        ("90s == 1.5m", "true"),
    ]);
}

/// What the pages leave open is an error, never a guess.
#[test]
fn what_is_not_documented_is_an_error() {
    for (expr, expected) in [
        ("tolong('0x1F')", "whether `0x1F` is a long is not documented"),
        ("tolong('5.0')", "whether `5.0` is a long is not documented"),
        ("toreal(' 5')", "whether ` 5` is a real is not documented"),
        ("tobool('True')", "whether `True` is a bool is not documented"),
        ("todatetime('1 Jan 2026')", "whether `1 Jan 2026` is a datetime is not known"),
        ("tolower('Ä')", "the case of letters beyond ASCII is changed"),
        ("-7 / 2", "a quotient of a negative number, or by zero"),
        ("1 / 0", "a quotient of a negative number, or by zero"),
        ("9223372036854775807 + 1", "a number overflows"),
        ("datetime_part('quarter', datetime(2017-10-30))", "`datetime_part` of `quarter` is not evaluated"),
        ("trim('x', 'xax')", "`trim` of (string, string) is not evaluated"),
        ("'a' + 'b'", "`+` of a string and a string"),
        ("ipv4_is_in_range('10.0.0.1', '10.0.0.0/8,11.0.0.0/8')", "a list of ranges, or a range in a range"),
        ("dynamic([1]) == 1", "a dynamic list or object is compared"),
    ] {
        assert_eq!(value(expr), expected, "{expr}");
    }
}
