//! T67–T82: the structure of a detection, and its condition.

use super::{Item, item, on, problem};

pub(super) fn items() -> Vec<Item> {
    let many: String = (0..34).map(|number| format!("s{number}: {{f{number}: x}}\n")).collect();
    let all: Vec<String> = (0..34).map(|number| format!("s{number}")).collect();
    let deep = format!("a: {{f: x}}\nb: {{g: y}}\ncondition: {}a{}", "(b or ".repeat(40), ")".repeat(40));
    vec![
        item(
            67,
            "a list of maps: any of them, each whole",
            [on("sel: [{a: x, b: y}, {c: z}]\ncondition: sel", &["{a: x, b: y}", "{c: z}"], &["{a: x}", "{b: y}"])],
        ),
        item(
            68,
            "a list in a map: any value, and the rest of the map",
            [on("a: [x, y]\nb: z", &["{a: x, b: z}", "{a: y, b: z}"], &["{a: x}", "{b: z}", "{a: w, b: z}"])],
        ),
        item(
            69,
            "one field under two modifiers: both hold",
            [on("f|startswith: x\nf|endswith: y", &["{f: xy}", "{f: x1y}"], &["{f: x}", "{f: y}", "{f: yx}"])],
        ),
        item(
            70,
            "keywords with `all` may stand in different fields",
            [on(
                "k: [aa, bb]\nl:\n  '|all': [cc, dd]\ncondition: k and l",
                &["{f: aa, g: cc, h: dd}", "{f: 'bb cc dd'}"],
                &["{f: aa, g: cc}", "{f: 'cc dd'}"],
            )],
        ),
        item(
            71,
            "a number as a keyword",
            [on("sel: [4688]\ncondition: sel", &["{f: '4688'}", "{f: 4688}"], &["{f: '468'}"])],
        ),
        item(
            72,
            "`not` binds before `and`, and before `or`",
            [
                on(
                    "a: {f: x}\nb: {g: x}\nc: {h: x}\ncondition: a or b and c",
                    &["{f: x}", "{g: x, h: x}"],
                    &["{g: x}", "{h: x}"],
                ),
                on("a: {f: x}\nb: {g: x}\ncondition: not a and b", &["{g: x}"], &["{f: x}", "{f: x, g: x}", "{f: y}"]),
                on(
                    "x1: {f: x}\nx2: {g: x}\ncondition: not 1 of x*",
                    &["{f: y}"],
                    &["{f: x}", "{g: x}", "{f: x, g: x}"],
                ),
            ],
        ),
        item(
            73,
            "`all of` a pattern that one selection matches",
            [on("selection_a: {f: x}\ncondition: all of selection*", &["{f: x}"], &["{f: y}"])],
        ),
        item(
            74,
            "a selector without a star names one selection",
            [on("selection: {f: x}\nselection_extra: {g: x}\ncondition: 1 of selection", &["{f: x}"], &["{g: x}"])],
        ),
        item(
            75,
            "`them` leaves out names with an underscore first, which can be named",
            [
                on("a: {f: x}\n_x: {g: x}\ncondition: 1 of them", &["{f: x}"], &["{g: x}"]),
                on("_x: {g: x}\ncondition: _x", &["{g: x}"], &["{f: x}"]),
            ],
        ),
        item(
            76,
            "a selector that matches no selection is an error",
            [problem("s: {f: x}\ncondition: s and not 1 of filter_*", "empty-selector")],
        ),
        item(
            77,
            "names that begin with an operator",
            [on(
                "notes: {a: x}\norder: {b: x}\nandroid: {c: x}\nall_files: {d: x}\ncondition: notes and order and android and all_files",
                &["{a: x, b: x, c: x, d: x}"],
                &["{a: x, b: x, c: x}", "{b: x, c: x, d: x}"],
            )],
        ),
        item(
            78,
            "a name with a dot or a bar is reached by a pattern",
            [on(
                "sel.a: {f: x}\nsel_b|endswith: {g: x}\ncondition: 1 of sel*",
                &["{f: x}", "{g: x}"],
                &["{f: y}", "{g: yx}"],
            )],
        ),
        item(
            79,
            "a list of conditions: any of them",
            [on("a: {f: x}\nb: {g: x}\ncondition: [a, b]", &["{f: x}", "{g: x}"], &["{f: y}"])],
        ),
        item(
            80,
            "an aggregation in the condition is an error that names correlations",
            [problem("selection: {f: x}\ncondition: selection | count() > 5", "aggregation-pipe")],
        ),
        item(
            81,
            "a condition of negations alone keeps to its log source",
            [on("sel: {f: x}\ncondition: not sel", &["{f: y}", "{g: x}"], &["{f: x}", "{f: y, category: other}"])],
        ),
        item(
            82,
            "conditions of many selections and much depth",
            [
                on(format!("{many}condition: {}", all.join(" or ")), &["{f0: x}", "{f33: x}"], &["{f34: x}"]),
                on(deep, &["{f: x}", "{g: y}"], &["{f: y}"]),
            ],
        ),
    ]
}
