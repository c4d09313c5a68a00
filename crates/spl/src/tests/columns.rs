//! Which fields of events queries read, and which they read though nothing is left of them.

/// What is read of the events; behind `lost:`, what no row holds any more.
fn check(query: &str, expected: &str) {
    let columns = crate::parse(query).unwrap_or_else(|error| panic!("{query}\n{error}")).columns();
    let words = |names: &std::collections::BTreeSet<rulecast_ir::Name>| -> String {
        names.iter().map(|name| &**name).collect::<Vec<_>>().join(" ")
    };
    let lost = if columns.lost.is_empty() { String::new() } else { format!(" lost: {}", words(&columns.lost)) };
    assert_eq!(format!("{}{lost}", words(&columns.read)), expected, "{query}");
}

#[test]
fn terms_of_a_search_and_tests_of_where() {
    check(r#"`m` a="x" OR b IN ("1", "2") NOT c=* d>=5 "text""#, "a b c d");
    check(
        r#"`m` a="x" | where isnotnull(mvfind(b, "x")) AND if(lower(c)="x",1,0)=1 AND cidrmatch("10.0.0.0/8", d)"#,
        "a b c d",
    );
    check(r#"`m` earliest=-1h a="x""#, "a");
    check("`m` | where 'a.b'=5 XOR isnull(c)", "a.b c");
}

#[test]
fn what_a_query_makes_is_its_own_from_there_on() {
    check(r#"`m` | eval class=case(a="x","one",true(),"two") | where class="one""#, "a");
    check(r#"`m` | where class="one" | eval class=if(a="x",1,0) | sort 0 class"#, "a class");
    check("`m` | eval user=lower(user)", "user");
    check("`m` | streamstats current=f window=0 max(start) as last by host | where _time-last<=5", "_time host start");
    check("`m` | streamstats count as rows, dc(eval(lower(a))) as many by b | where rows>many", "a b");
    check(r#"`m` | rex field=a "(?<b>x+)(?:y)(?P<c>z)(?<=w)" | where b=c"#, "a");
    check("`m` | bin _time span=5m as slot | stats count by slot", "_time");
}

#[test]
fn rows_of_their_own_have_lost_the_rest() {
    check("`m` | stats max(a), min(b) as low by c | where low>5 AND 'max(a)'>6 AND c=1 AND a=b", "a b c lost: a b");
    check("`m` | rename a as b | where b=1 AND a=1", "a lost: a");
    check("`m` | table _time, a | sort 0 b", "_time a lost: b");
    check("`m` | fields a | where a=_time AND b=1", "_time a lost: b");
    check("`m` | fields - a | where a=b", "b lost: a");
    check("`m` | fields a* | where a1=b", "a1 b");
}

#[test]
fn fields_of_data_models_have_no_dataset_before_them() {
    let tstats = r#"| tstats summariesonly=false allow_old_summaries=true fillnull_value="unknown" count min(_time) as _time from datamodel=Endpoint.Processes where Processes.action="allowed" by Processes.dest, Processes.user | rename Processes.dest as dest, Processes.user as user"#;
    check(&format!(r#"{tstats} | where dest="x" AND count>1"#), "_time action dest user");
    check(
        &format!(r#"{tstats} | where action="x" OR 'Processes.dest'="y""#),
        "_time action dest user lost: Processes.dest action",
    );
}

#[test]
fn each_subsearch_reads_events() {
    check(
        r#"| multisearch [search `m` a="x" | eval class="one"] [search `n` b="x" | where class=c] | where class=d"#,
        "a b c class d",
    );
}
