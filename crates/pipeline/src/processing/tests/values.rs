use super::{rewritten_by, rule, step};
use insta::assert_snapshot;

#[test]
fn strings_are_replaced_by_regexes() {
    let image = r"s: {Image|endswith: '\x.exe', EventID: 4688}
condition: s";
    assert_snapshot!(step(r"type: replace_string
regex: '\\'
replacement: '/'", image), @"windows/process_creation: Image = '*/x.exe' and EventID = 4688");
    assert_snapshot!(step(r"type: replace_string
regex: '^\*\\(\w)'
replacement: '?\1'", image), @"windows/process_creation: Image = '?x.exe' and EventID = 4688");
    assert_snapshot!(step(r"type: replace_string
regex: '(4)(6)'
replacement: '\g<2>\g<1>'", image), @r#"windows/process_creation: Image = '*\x.exe' and EventID = '6488'"#);
    // In literal parts alone: the star before the name is none of them.
    let skip = r"type: replace_string
regex: '^.'
replacement: '*'
skip_special: true";
    assert_snapshot!(step(skip, image), @"windows/process_creation: Image = '**x.exe' and EventID = '*688'");
    assert_snapshot!(step(&format!("{skip}\ninterpret_special: true"), image), @"windows/process_creation: Image = '*x.exe' and EventID = '*688'");
}

#[test]
fn strings_are_mapped_also_to_several() {
    let map = "type: map_string\nmapping: {a: x, b: [y, 'z*'], '*c*': d}";
    assert_snapshot!(step(map, "s: {F: [a, b, q], G|contains: c}\ncondition: s"), @"windows/process_creation: (F = 'x' or F = 'y' or F = 'z*' or F = 'q') and G = 'd'");
    // One value that is mapped to two is either of them, also where all values must match.
    assert_snapshot!(step(map, "s: {F|all: [a, b]}\ncondition: s"), @"windows/process_creation: F = 'x' and (F = 'y' or F = 'z*')");
}

#[test]
fn strings_become_regexes_that_match_the_same() {
    let detection = "s: {A: 'x.e', B|contains: 'y', C: 'p*q?', D: '', E: '*'}\ncondition: s";
    assert_snapshot!(step("type: regex", detection), @r#"windows/process_creation: A ~ /^[xX]\.[eE]$/ and B ~ /[yY]/ and C ~ /^[pP].*[qQ].$/ and D = '' and E ~ //"#);
    assert_snapshot!(step("type: regex\nmethod: ignore_case_flag", detection), @r#"windows/process_creation: A ~ /^x\.e$/ and B ~ /y/ and C ~ /^p.*q.$/ and D = '' and E ~ //"#);
    assert_snapshot!(step("type: regex\nmethod: plain", detection), @r#"windows/process_creation: A ~ /^x\.e$/ and B ~ /y/ and C ~ /^p.*q.$/ and D = '' and E ~ //"#);
}

#[test]
fn values_are_set() {
    let detection = "s: {A: [x, y], B: 1}\ncondition: s";
    for (value, expected) in [
        ("z*", "windows/process_creation: A = 'z*' and B = 'z*'"),
        ("7", "windows/process_creation: A = 7 and B = 7"),
        ("null", "windows/process_creation: A missing and B missing"),
        ("true", "windows/process_creation: A = 'true' and B = 'true'"),
        ("7\nforce_type: str", "windows/process_creation: A = '7' and B = '7'"),
        ("'7'\nforce_type: num", "windows/process_creation: A = 7 and B = 7"),
    ] {
        assert_eq!(step(&format!("type: set_value\nvalue: {value}"), detection), expected);
    }
}

#[test]
fn types_are_converted() {
    let detection = "s: {A: ['1', 2], B: null}\ncondition: s";
    assert_snapshot!(step("type: convert_type\ntarget_type: num", detection), @"windows/process_creation: (A = 1 or A = 2) and B missing");
    assert_snapshot!(step("type: convert_type\ntarget_type: str", detection), @"windows/process_creation: (A = '1' or A = '2') and B missing");
    assert_snapshot!(step("type: convert_type\ntarget_type: num", "s: {A: 'x*'}\ncondition: s"), @"error pipeline-fails: `x*` is no number");
}

#[test]
fn letters_change_case() {
    let detection = "s: {A|contains: 'FooBar', B|cased: 'Ab?C'}\ncondition: s";
    assert_snapshot!(step("type: case", detection), @"windows/process_creation: A = '*foobar*' and B == 'ab?c'");
    assert_snapshot!(step("type: case\nmethod: upper", detection), @"windows/process_creation: A = '*FOOBAR*' and B == 'AB?C'");
    assert_snapshot!(step("type: case\nmethod: snake_case", detection), @"windows/process_creation: A = '*foo_bar*' and B == 'ab?c'");
}

#[test]
fn placeholders_get_values() {
    let rule = rule("s: {F|expand: '\\%admins%', G|expand|contains: 'a%hosts%b'}\ncondition: s").replace("\\%", "%");
    let vars = "vars: {admins: [root, 'adm*'], hosts: [1, x]}\ntransformations:\n";
    assert_snapshot!(rewritten_by(&[&format!("{vars}- type: value_placeholders")], &rule), @"windows/process_creation: (F = 'root' or F = 'adm*') and (G = '*a1b*' or G = '*axb*')");
    let one = format!("{vars}- {{type: value_placeholders, include: [admins]}}\n- type: wildcard_placeholders");
    assert_snapshot!(rewritten_by(&[&one], &rule), @"windows/process_creation: (F = 'root' or F = 'adm*') and G = '*a*b*'");
    let one = format!("{vars}- {{type: value_placeholders, exclude: [admins]}}");
    assert_snapshot!(rewritten_by(&[&one], &rule), @"the placeholder `%admins%` has no values");
    // Another pipeline's variables serve too.
    let (vars, step) = ("vars: {hosts: h, admins: a}", "transformations:\n- type: value_placeholders");
    assert_snapshot!(rewritten_by(&[step, vars], &rule), @"windows/process_creation: F = 'a' and G = '*ahb*'");
    assert_snapshot!(rewritten_by(&[step], &rule), @r#"
    error pipeline-fails: no `vars` of the pipeline has the placeholder `%admins%`
    error pipeline-fails: no `vars` of the pipeline has the placeholder `%hosts%`
    "#);
    // In a regex, a value is one, and a wildcard is anything.
    let regex = rule.replace("F|expand: '%admins%'", "F|re|expand: '^%admins%$'");
    let one = "vars: {hosts: h}\ntransformations:\n- {type: wildcard_placeholders, include: [admins]}\n\
               - type: value_placeholders";
    assert_snapshot!(rewritten_by(&[one], &regex), @"windows/process_creation: F ~ /^.*$/ and G = '*ahb*'");
}
