//! Mappings: what a query may ask of a field.

use super::{answers, row, schema};
use rulecast_ir::{ColumnType, Schema};

/// `:` takes texts, numbers compare with numeric fields: all else is a verification error.
#[test]
fn a_declared_type_decides() {
    let schema = schema(&[
        ("code", ColumnType::Text),
        ("port", ColumnType::Long),
        ("ratio", ColumnType::Real),
        ("signed", ColumnType::Bool),
        ("ip", ColumnType::Ip),
        ("body", ColumnType::FullText),
        ("created", ColumnType::DateTime),
        ("empty", ColumnType::Text),
    ]);
    let rows = [
        row(
            1,
            1,
            &[("code", "4624"), ("port", "\"443\""), ("ratio", "1"), ("signed", "\"true\""), ("ip", "\"10.0.0.1\"")],
        ),
        row(2, 2, &[("code", "\"4624\""), ("port", "80.9"), ("ratio", "\"0.5\""), ("ip", "\"::ffff:10.0.0.1\"")]),
    ];
    answers(
        &rows,
        &schema,
        &[
            // A keyword holds the text of whatever is indexed.
            (r#"code : "4624""#, "1 2"),
            ("code == 4624", "Elasticsearch refuses this: `code` holds text, and is compared as numbers"),
            // "coerce": text becomes a number, a decimal is cut to a whole one.
            ("port == 443", "1"),
            ("port == 80", "2"),
            (r#"port : "443""#, "Elasticsearch refuses this: `port` holds numbers, and is compared as text"),
            ("ratio < 1", "2"),
            ("ratio == 1.0", "1"),
            ("signed", "1"),
            (r#"signed == "true""#, "Elasticsearch refuses this: `signed` holds booleans, and is compared as text"),
            (r#"ip == "10.0.0.1""#, "1 2"),
            (r#"ip != "10.0.0.2""#, "1 2"),
            (r#"ip == "10.0.0.*""#, "not evaluated: `ip` compared with what is no IP address"),
            (r#"ip : "10.0.0.1""#, "Elasticsearch refuses this: `ip` holds IP addresses, and is compared as text"),
            (
                r#"cidrMatch(code, "10.0.0.0/8")"#,
                "Elasticsearch refuses this: `code` holds text, and is compared as IP addresses",
            ),
            (r#"body : "x""#, "Elasticsearch refuses this: `body` is a text field"),
            ("?created == null", "1 2"),
            (r#"created > "now""#, "not evaluated: `created` holds dates"),
            (r#"not empty : "x""#, "1 2"),
        ],
    );
}

/// "Optional fields": a field that is mapped nowhere is `null` if it is optional, else an error.
#[test]
fn an_unmapped_field_must_be_optional() {
    let schema = schema(&[("f", ColumnType::Text)]);
    let rows = [row(1, 1, &[("f", "\"x\"")]), row(2, 2, &[("dynamic", "\"y\"")])];
    answers(
        &rows,
        &schema,
        &[
            ("g == 1", "Elasticsearch refuses this: unknown column `g`"),
            ("g == null", "Elasticsearch refuses this: unknown column `g`"),
            ("?g == null", "1 2"),
            ("?g != null", ""),
            (r#"?g : "x""#, ""),
            (r#"not ?g : "x""#, ""),
            (r#"?g == null or not ?g : "x""#, "1 2"),
            (r#"not (?g : "x" and f : "x")"#, "2"),
            (r#"not (?g : "x" or f : "x")"#, ""),
            ("not length(?g) > 1", ""),
            ("length(?g) == null", "1 2"),
            // What has values is mapped, if dynamically.
            (r#"dynamic : "y""#, "2"),
            (r#"not ?dynamic : "y""#, "1"),
        ],
    );
}

/// Without a schema some mapping must fit all that the query asks of a field and all that is in it.
#[test]
fn an_undeclared_type_is_what_the_query_needs() {
    let rows = [row(1, 1, &[("n", "5"), ("t", "\"5\""), ("b", "true")]), row(2, 2, &[("n", "6")])];
    answers(
        &rows,
        &Schema::default(),
        &[
            ("n == 5", "1"),
            (r#"n : "5""#, "1"),
            (r#"n : "5" or n == 5"#, "Elasticsearch refuses this: `n` is compared as text, and is compared as numbers"),
            ("t == 5", "Elasticsearch refuses this: `t` is compared as a number and holds `5`"),
            ("t == true", "Elasticsearch refuses this: `t` is compared as a boolean and holds `5`"),
            (r#"b : "TRUE""#, "1"),
            (r#"n in (5, "6")"#, "not evaluated: `n` in a list of neither texts nor numbers"),
        ],
    );
}

/// One field mapped as two types in the indices that are searched.
#[test]
fn types_that_disagree_are_refused() {
    let mut schema = schema(&[("f", ColumnType::Text)]);
    schema.relations.insert("other-*".to_owned(), [("f".to_owned(), ColumnType::Long)].into());
    let mut rows = vec![row(1, 1, &[("f", "\"x\"")]), row(2, 1, &[])];
    answers(&rows, &schema, &[(r#"f : "x""#, "1")]);
    rows[1].relation = "other-*".into();
    answers(&rows, &schema, &[(r#"f : "x""#, "Elasticsearch refuses this: `f` is mapped as different types")]);
}
