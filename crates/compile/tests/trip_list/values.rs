//! T24–T39 and T60–T66: types, null, existence, and what YAML makes of a plain value.

use super::{Item, breaking, item, on, problem};

pub(super) fn items() -> Vec<Item> {
    vec![
        item(
            24,
            "null: absent or null, not empty",
            [
                on("f: null", &["{g: x}"], &["{f: x}"]),
                breaking("empty-is-missing", "f: null", &["{g: x}", "{f: null}"], &["{f: x}", "{f: ''}"]),
            ],
        ),
        item(
            25,
            "not null: there is a value",
            [breaking(
                "empty-is-missing",
                "sel: {f: null}\ncondition: not sel",
                &["{f: x}", "{f: ''}"],
                &["{g: x}", "{f: null}"],
            )],
        ),
        item(
            26,
            "a negated filter on an absent field lets the event pass",
            [on(
                "sel: {a: x}\nfilter: {f|startswith: y}\ncondition: sel and not filter",
                &["{a: x}", "{a: x, f: z}"],
                &["{a: x, f: yy}", "{f: yy}"],
            )],
        ),
        item(
            27,
            "null in a list: or no value, with a warning",
            [
                on("f: ['a', null, '']", &["{f: a}", "{g: x}", "{f: ''}"], &["{f: b}"]),
                problem("f: ['a', null, '']", "null-in-list"),
            ],
        ),
        item(
            28,
            "an empty YAML value is null; an empty list is an error",
            [on("f:", &["{g: x}"], &["{f: x}"]), problem("f: []", "empty-list")],
        ),
        item(
            29,
            "`exists: true`: an empty value is one; null is none (decided so)",
            [
                on("sel: {f: null}\ncondition: not sel", &["{f: x}"], &["{g: x}"]),
                on("f|exists: true", &["{f: x}"], &["{g: x}"]),
                breaking("empty-is-missing", "f|exists: true", &["{f: x}", "{f: ''}"], &["{g: x}", "{f: null}"]),
            ],
        ),
        item(
            30,
            "`exists: false`: absent, or null (decided so)",
            [
                on("f|exists: false", &["{g: x}"], &["{f: x}"]),
                breaking("empty-is-missing", "f|exists: false", &["{g: x}", "{f: null}"], &["{f: x}", "{f: ''}"]),
            ],
        ),
        item(31, "`exists` with a text is an error", [problem("f|exists: 'true'", "wrong-value-type")]),
        item(
            32,
            "a number matches the number and its digits",
            [
                on("f: 4688", &["{f: 4688}"], &["{f: 46880}", "{f: 468}", "{g: 4688}"]),
                on("f: 4688", &["{f: '4688'}"], &["{f: '46880'}", "{f: x}"]),
                on("f: '4688'", &["{f: '4688'}"], &["{f: '46880'}"]),
                on("f: '4688'", &["{f: 4688}"], &["{f: 46880}"]),
            ],
        ),
        item(
            33,
            "true matches the boolean and the word",
            [
                on("f: true", &["{f: true}", "{f: 'true'}", "{f: 'True'}"], &["{f: false}", "{f: 1}"]),
                on("f: 'true'", &["{f: true}", "{f: 'True'}"], &["{f: false}"]),
                on("f: 'true'", &["{f: 'True'}"], &["{f: 'false'}"]),
            ],
        ),
        item(
            34,
            "a hexadecimal number is a number; in quotes a text",
            [on("f: 0x10", &["{f: 16}"], &["{f: 17}"]), on("f: '0x10'", &["{f: '0x10'}"], &["{f: '16'}"])],
        ),
        item(35, "a number under `contains` is its digits", [on("f|contains: 10", &["{f: 'x10'}"], &["{f: 'x1'}"])]),
        item(
            36,
            "a number among keywords",
            [on(
                "'|all': ['POST', 200]",
                &["{f: POST, g: 'a 200'}", "{f: 'post 200'}"],
                &["{f: POST}", "{f: GET, g: '200'}"],
            )],
        ),
        item(
            37,
            "two comparisons of one field in a map are a range",
            [on("a|gte: 5\na|lt: 10", &["{a: 5}", "{a: 9}"], &["{a: 4}", "{a: 10}"])],
        ),
        item(38, "a comparison with a text is an error", [problem("a|gt: '5'", "wrong-value-type")]),
        item(
            39,
            "a part of a point in time is not lost, and comes before the comparison",
            [
                on(
                    "t|hour: [0, 1, 2]",
                    &["{t: '2024-03-05T01:59:00Z'}", "{t: '2024-03-05 00:00:00.000'}"],
                    &["{t: '2024-03-05T03:01:02Z'}", "{t: x}", "{u: x}"],
                ),
                breaking("mapping:t", "t|hour: [0, 1, 2]", &["{t: '2024-03-05T23:30:00-02:00'}"], &["{t: 1}"]),
                on("t|hour|gt: 3", &["{t: '2024-03-05T04:00:00Z'}"], &["{t: '2024-03-05T03:59:00Z'}"]),
                on("t|hour|neq: 3", &["{t: '2024-03-05T04:00:00Z'}", "{u: x}"], &["{t: '2024-03-05T03:59:00Z'}"]),
                on("t|minute|lte: 4", &["{t: '2024-03-05T04:04:59Z'}"], &["{t: '2024-03-05T04:05:00Z'}", "{u: x}"]),
                on("t|day|gte: 6", &["{t: '2024-03-06'}"], &["{t: '2024-03-05T23:59:59Z'}"]),
                on(
                    "t|week: [1, 53]",
                    &["{t: '2024-12-30'}", "{t: '2021-01-03 23:59'}", "{t: '2024-01-01'}"],
                    &["{t: '2021-01-11'}", "{t: '2024-12-29'}", "{u: x}"],
                ),
                on("t|month|lt: 3", &["{t: '2024-02-29'}"], &["{t: '2024-03-01'}"]),
                on("t|year: 2024", &["{t: '2024-12-31T23:59:59Z'}"], &["{t: '2025-01-01'}", "{t: '2023-12-31'}"]),
                problem("t|hour: 24", "time-part-out-of-range"),
                problem("t|day: 1.5", "time-part-out-of-range"),
                problem("t|gt|hour: 3", "illegal-modifier-chain"),
            ],
        ),
        item(
            60,
            "digits with a leading zero are text",
            [on("f|contains: 00000429", &["{f: 'x00000429'}"], &["{f: '429'}", "{f: '0429'}"])],
        ),
        item(
            61,
            "`exists` takes yes and no",
            [on("f|exists: yes", &["{f: x}"], &["{g: x}"]), on("f|exists: no", &["{g: x}"], &["{f: x}"])],
        ),
        item(
            62,
            "a leading zero makes no octal number",
            [on("f: 0777", &["{f: '0777'}"], &["{f: '511'}", "{f: '777'}"])],
        ),
        item(63, "minutes and seconds are text", [on("f: 12:30", &["{f: '12:30'}"], &["{f: '750'}"])]),
        item(
            64,
            "a date without quotes is the date in quotes",
            [
                on("f: 2024-01-02", &["{f: '2024-01-02'}"], &["{f: '2024-01-03'}"]),
                on("f: '2024-01-02'", &["{f: '2024-01-02'}"], &["{f: '2024-01-03'}"]),
            ],
        ),
        item(
            65,
            "a key that stands twice is an error",
            [
                problem("f|contains: a\nf|contains: b", "duplicate-key"),
                problem("sel: {f: a}\nsel: {f: b}\ncondition: sel", "duplicate-key"),
            ],
        ),
        item(
            66,
            "a number as a key is its text; comments and block texts are read",
            [
                on("1: a", &["{1: a}"], &["{1: b}", "{f: a}"]),
                on("1: {f: a}\n2: {g: b}\ncondition: 1 of them", &["{f: a}", "{g: b}"], &["{f: b}"]),
                on(
                    "f: # why\n  - a # this\n  - 'b # not'\n  - |-\n    c",
                    &["{f: a}", "{f: 'b # not'}", "{f: c}"],
                    &["{f: b}"],
                ),
            ],
        ),
    ]
}
