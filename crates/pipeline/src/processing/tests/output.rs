use super::{pipelines, problems, resolved, rule};
use insta::assert_snapshot;
use std::fmt::Write;

/// The query `q` of the test's rule after a pipeline's post-processing.
fn processed(post: &str) -> String {
    let text = format!(
        "name: own\nvars: {{app: search}}\ntransformations:\n- {{type: set_state, key: index, val: main}}\n\
         postprocessing:\n- {}",
        post.replace('\n', "\n  ")
    );
    let pipelines = pipelines(&[&text]);
    let (resolved, traces) = resolved(&pipelines, &(rule("s: {F: 1}\ncondition: s") + "team: blue\n"));
    match pipelines.postprocess("a = \"é\"", &resolved.rules[0].metadata, &traces[0]) {
        Ok(None) => "unchanged".to_owned(),
        Ok(Some(text)) => text,
        Err(reason) => format!("error: {reason}"),
    }
}

#[test]
fn queries_are_rewritten() {
    assert_snapshot!(processed("type: embed\nprefix: 'search '\nsuffix: ' | table'"), @r#"search a = "é" | table"#);
    assert_snapshot!(processed("type: replace\npattern: '(a) ='\nreplacement: '\\1 =='"), @r#"a == "é""#);
    assert_snapshot!(processed("type: json\njson_template: '{\"z\": [\"%QUERY%\"], \"a\": 1}'"), @r#"{"z": ["a = \"\u00e9\""], "a": 1}"#);
    let simple = "type: simple_template\n\
                  template: '{{{rule.title}}} {rule.level} {rule.tags[0]} {pipeline.state[index]} {query}'";
    assert_snapshot!(processed(simple), @r#"{Test} high attack.t1033 main a = "é""#);
    assert_snapshot!(processed("type: nest\nitems:\n- {type: embed, prefix: '<'}\n- {type: embed, suffix: '>'}"), @r#"<a = "é">"#);
    assert_snapshot!(processed("type: embed\nprefix: x\nrule_conditions: [{type: tag, tag: a.b}]"), @"unchanged");
}

#[test]
fn templates_see_the_rule_and_the_pipeline() {
    let template = |text: &str| processed(&format!("type: template\ntemplate: |-\n  {}", text.replace('\n', "\n  ")));
    let all = "\
{{ rule.title }} {{ rule.id }} {{ rule.level }} {{ rule.status.name }} {{ rule.author }} {{ rule.date }}
{{ rule.logsource.product }}/{{ rule.logsource.category }}/{{ rule.logsource.service }}
{% for tag in rule.tags if tag.namespace == 'attack' %}{{ tag.name }}{% endfor %} {{ rule.tags | join(', ') }}
{{ rule.custom_attributes.team }} {{ pipeline.state.index }} {{ pipeline.vars.app }} {{ pipeline.name }}
{{ query | replace('a', 'b') }} {{ query.upper() }} {{ query | tojson }}";
    assert_snapshot!(template(all), @r#"
    Test 5b7d6f0e-6c1e-4c1a-9b57-7a52f7e6a001 high TEST Ann 2024-05-06
    windows/process_creation/None
    t1033 attack.t1033, cve.2024-1
    blue main search own
    b = "é" A = "É" "a = \"é\""
    "#);
    assert_snapshot!(template("{% if rule.nothing %}x{% endif %}ok"), @"ok");
    assert_snapshot!(template("{{ rule.nothing }}"), @"error: line 1 of the template: undefined value");
    assert_snapshot!(processed("type: template\npath: templates\ntemplate: one.j2"), @r#"Test: a = "é""#);
    assert_snapshot!(processed("type: template\nautoescape: true\ntemplate: '{{ query }}'"), @"a = &quot;é&quot;");
    assert_snapshot!(problems("postprocessing:\n  - type: template\n    template: '{{ query'\n"), @r#"
    error[invalid-pipeline]: the template cannot be read
     --> p.yml:3:15
      |
    3 |     template: '{{ query'
      |               ^^^^^^^^^^ line 1 of the template: unexpected end of input, expected end of variable block
    "#);
    assert_snapshot!(problems("postprocessing:\n  - type: simple_template\n    template: '{query:>10}'\n"), @r#"
    error[invalid-pipeline]: `{query:>10}`: conversions and format specifications are not supported
     --> p.yml:3:15
      |
    3 |     template: '{query:>10}'
      |               ^^^^^^^^^^^^^
    "#);
    assert_snapshot!(problems("postprocessing:\n  - type: json\n    json_template: '{\"a\"'\n"), @r#"
    error[invalid-pipeline]: `json_template` is no JSON
     --> p.yml:3:20
      |
    3 |     json_template: '{"a"'
      |                    ^^^^^^ EOF while parsing an object at line 1 column 4
    "#);
}

#[test]
fn post_processing_has_conditions_on_steps_before_it() {
    let steps = "type: nest\nitems:\n\
                 - {id: once, type: embed, prefix: x, rule_conditions: [{type: processing_state, key: index, val: main}]}\n\
                 - type: embed\n  prefix: y\n  \
                 rule_conditions: [{type: processing_item_applied, processing_item_id: once}]";
    assert_eq!(processed(steps), "yxa = \"é\"");
}

#[test]
fn finalizers_make_one_output() {
    let queries = || vec!["one".to_owned(), "two: \"2\"\nline".to_owned()];
    let finalized = |text: &str| {
        let pipelines = pipelines(&[&format!("vars: {{app: s}}\nfinalizers:\n- {}", text.replace('\n', "\n  "))]);
        assert!(pipelines.finalizes());
        let mut out = pipelines.finalize(queries()).unwrap_or_else(|reason| format!("error: {reason}"));
        let _ = write!(out, " [{}]", pipelines.output_extension());
        out
    };
    assert_snapshot!(finalized("type: concat\nseparator: ' OR '\nprefix: '('\nsuffix: ')'"), @r#"
    (one OR two: "2"
    line) [txt]
    "#);
    assert_snapshot!(finalized("type: json"), @r#"["one", "two: \"2\"\nline"] [json]"#);
    assert_snapshot!(finalized("{type: json, indent: 2}"), @r#"
    [
      "one",
      "two: \"2\"\nline"
    ] [json]
    "#);
    assert_snapshot!(finalized("type: yaml"), @r#"
    - one
    - |-
        two: "2"
        line
     [yml]
    "#);
    assert_snapshot!(finalized("{type: yaml, indent: 4}"), @r#"
    -   one
    -   |-
          two: "2"
          line
     [yml]
    "#);
    assert_snapshot!(finalized("type: template\ntemplate: '{{ pipeline.vars.app }}: {{ queries | length }}'"), @"s: 2 [txt]");
    assert_snapshot!(finalized("type: nested\nfinalizers: [{type: concat}, {type: json}]"), @r#""one\ntwo: \"2\"\nline" [json]"#);
    assert_snapshot!(problems("finalizers:\n- type: json\n- type: concat\n"), @r#"
    error[invalid-pipeline]: `concat` joins queries, and the finalizer before it has made one text of them
     --> p.yml:3:9
      |
    3 | - type: concat
      |         ^^^^^^
    "#);
    assert_eq!(pipelines(&["name: x"]).finalize(queries()).unwrap(), "one\ntwo: \"2\"\nline");
}
