use super::{rewritten_by, rule, step};
use insta::assert_snapshot;

#[test]
fn a_field_is_renamed_also_where_another_is_compared_with_it() {
    let mapping = "type: field_name_mapping\nmapping: {CommandLine: cmd, ParentImage: parent}";
    assert_snapshot!(step(mapping, "s: {CommandLine|contains: x, Image|fieldref: ParentImage}\ncondition: s"), @"windows/process_creation: cmd = '*x*' and Image = parent");
}

#[test]
fn a_field_that_several_columns_may_hold_is_any_of_them() {
    let mapping = "type: field_name_mapping\nmapping: {User: [a, b]}";
    assert_snapshot!(step(mapping, "s: {User: [x, y]}\ncondition: s"), @"windows/process_creation: a = 'x' or a = 'y' or b = 'x' or b = 'y'");
    assert_snapshot!(step(mapping, "s: {User|contains|all: [x, y]}\ncondition: s"), @"windows/process_creation: (a = '*x*' and a = '*y*') or (b = '*x*' and b = '*y*')");
    // The negation is of the whole, and what is missing is missing in all.
    assert_snapshot!(step(mapping, "s: {User|neq: x}\ncondition: s"), @"windows/process_creation: not (a = 'x' or b = 'x')");
    assert_snapshot!(step(mapping, "s: {User: null}\ncondition: s"), @"windows/process_creation: a missing and b missing");
    assert_snapshot!(step(mapping, "s: {User: ['', null]}\ncondition: not s"), @r#"
    warning null-in-list: null stands in a list of values
    windows/process_creation: not ((a missing and b missing) or a = '' or b = '')
    "#);
}

#[test]
fn a_keyword_gets_a_field_and_stays_anywhere_in_it() {
    let mapping = "type: field_name_mapping\nmapping: {null: message}";
    assert_snapshot!(step(mapping, "s: [evil, 'b*d']\ncondition: s"), @"windows/process_creation: message = '*evil*' or message = '*b*d*'");
    assert_snapshot!(step("type: field_name_prefix\nprefix: x.", "s: [evil]\ncondition: s"), @"windows/process_creation: * = '*evil*'");
}

#[test]
fn prefixes_suffixes_and_functions() {
    let detection = "s: {proc.name: a, win.proc.id: 1}\ncondition: s";
    let prefixes = "type: field_name_prefix_mapping\nmapping: {win.: [windows., w.], proc.: process.}";
    assert_snapshot!(step(prefixes, detection), @"windows/process_creation: process.name = 'a' and (windows.proc.id = 1 or w.proc.id = 1)");
    assert_snapshot!(step("type: field_name_prefix\nprefix: ev.", detection), @"windows/process_creation: ev.proc.name = 'a' and ev.win.proc.id = 1");
    assert_snapshot!(step("type: field_name_suffix\nsuffix: .keyword", detection), @"windows/process_creation: proc.name.keyword = 'a' and win.proc.id.keyword = 1");
    let function = |name: &str| {
        step(
            &format!("type: field_name_transform\ntransform_func: {name}\nmapping: {{EventID: code}}"),
            "s: {ProcessGuid: a, EventID: 1}\ncondition: s",
        )
    };
    assert_snapshot!(function("lower"), @"windows/process_creation: processguid = 'a' and code = 1");
    assert_snapshot!(function("upper"), @"windows/process_creation: PROCESSGUID = 'a' and code = 1");
    assert_snapshot!(function("title"), @"windows/process_creation: Processguid = 'a' and code = 1");
    assert_snapshot!(function("snake_case"), @"windows/process_creation: process_guid = 'a' and code = 1");
}

#[test]
fn hashes_go_to_the_fields_of_their_algorithms() {
    let hashes = "type: hashes_fields\nvalid_hash_algos: [MD5, SHA1]\nfield_prefix: File";
    let md5 = "987B65CD9B9F4E9A1AFD8F8B48CF64A7";
    let (one, other) = (format!("MD5={md5}"), "SHA1=5F1CBC3D99558307BC1250D084FA968521482025");
    assert_snapshot!(step(hashes, &format!("s: {{Hashes|contains: [{one}, {other}]}}\ncondition: s")), @"windows/process_creation: FileMD5 = '987B65CD9B9F4E9A1AFD8F8B48CF64A7' or FileSHA1 = '5F1CBC3D99558307BC1250D084FA968521482025'");
    assert_snapshot!(step(hashes, &format!("s: {{Hashes|contains|all: [{one}, {other}]}}\ncondition: s")), @"windows/process_creation: FileMD5 = '987B65CD9B9F4E9A1AFD8F8B48CF64A7' and FileSHA1 = '5F1CBC3D99558307BC1250D084FA968521482025'");
    assert_snapshot!(step(hashes, &format!("s: {{Hashes|contains: [{one}, IMPHASH=00ff]}}\ncondition: s")), @r#"
    note pipeline-drops: the pipeline drops this hash: its algorithm is not among `valid_hash_algos`
    windows/process_creation: FileMD5 = '987B65CD9B9F4E9A1AFD8F8B48CF64A7'
    "#);
    assert_snapshot!(step(hashes, "s: {Hashes|contains: IMPHASH=00ff}\ncondition: s"), @"error pipeline-fails: no value of `Hashes` is a hash of MD5, SHA1");
    let bare = "type: hashes_fields\nvalid_hash_algos: [MD5]\nfield_prefix: hash\ndrop_algo_prefix: true\nfield_to_parse: [md5]";
    assert_snapshot!(step(bare, &format!("s: {{md5: {md5}, Hashes: x}}\ncondition: s")), @"windows/process_creation: hash = '987B65CD9B9F4E9A1AFD8F8B48CF64A7' and Hashes = 'x'");
}

#[test]
fn named_groups_go_to_fields() {
    let extract = "type: extract_fields\nregex: '(?P<type>\\w+):(?P<value>\\w+)'\nfield_prefix: reg\n\
                   field_name_conditions: [{type: include_fields, fields: [Details]}]";
    assert_snapshot!(step(extract, "s: {Details: ['Dword:1', 'Qword:0x1'], Image: 'a:b'}\ncondition: s"), @"windows/process_creation: ((reg.type = 'Dword' and reg.value = 1) or (reg.type = 'Qword' and reg.value = '0x1')) and Image = 'a:b'");
    assert_snapshot!(step(extract, "s: {Details: ['Dword:001', 'x']}\ncondition: s"), @r#"
    note pipeline-drops: the pipeline drops this value: the regex of `extract_fields` does not match it
    windows/process_creation: reg.type = 'Dword' and reg.value = '001'
    "#);
    let kept = format!("{extract}\npreserve_unmatched: true");
    assert_snapshot!(step(&kept, "s: {Details: ['Dword:null', 'x']}\ncondition: s"), @"windows/process_creation: (reg.type = 'Dword' and reg.value missing) or Details = 'x'");
}

#[test]
fn the_fields_that_a_rule_shows_are_renamed_added_and_taken_away() {
    let rule = rule("s: {CommandLine: x}\ncondition: s") + "fields: [CommandLine, User]\n";
    let fields = |steps: &str| {
        let (resolved, _) = super::resolved(&super::pipelines(&[&format!("transformations:\n{steps}")]), &rule);
        let metadata = &resolved.rules[0].metadata.0;
        metadata.fields.iter().map(|field| field.node.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_snapshot!(fields("- {type: field_name_mapping, mapping: {CommandLine: [a, b]}}"), @"a b User");
    assert_snapshot!(fields("- {type: add_field, field: host}\n- {type: add_field, field: [x, y]}"), @"CommandLine User host x y");
    assert_snapshot!(fields("- {type: remove_field, field: [User, none]}"), @"CommandLine");
    assert_snapshot!(fields("- {type: set_field, fields: [only]}"), @"only");
}

#[test]
fn what_one_pipeline_names_another_may_rename() {
    let sysmon = "priority: 10\ntransformations:\n- {type: add_condition, conditions: {EventID: 1}}";
    let names = "priority: 20\ntransformations:\n- {type: field_name_mapping, mapping: {EventID: event.code}}";
    let rule = rule("s: {CommandLine: x}\ncondition: s");
    // By priority, whatever the order of the files.
    assert_snapshot!(rewritten_by(&[names, sysmon], &rule), @"windows/process_creation: event.code = 1 and CommandLine = 'x'");
    assert_snapshot!(rewritten_by(&[&names.replace("20", "1"), sysmon], &rule), @"windows/process_creation: EventID = 1 and CommandLine = 'x'");
}
