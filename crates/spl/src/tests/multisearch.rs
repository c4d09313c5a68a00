//! Events of several macros.

use crate::ast::{Assignment, Command, Expr, Function, Query, SearchTerm, Start, Subsearch, WherePredicate};
use insta::assert_snapshot;
use rulecast_ir::Logic;

#[test]
fn subsearches_are_indented() {
    let finds = |pattern: &str| {
        let call = Expr::call(Function::Mvfind, [Expr::field("Image"), Expr::Regex(pattern.into())]);
        Logic::Test(WherePredicate::NotNull(call))
    };
    let reads = |name: &str| Logic::Test(SearchTerm::Macro(name.into()));
    let class = |value| Command::Eval(vec![Assignment { name: "class".into(), value }]);
    let case = Expr::Case(vec![(finds("x"), Expr::Text("X".into())), (Logic::True, Expr::Text("Y".into()))]);
    let present = || Logic::Test(SearchTerm::Present("a_field_with_quite_a_long_name".into()));
    let search = Logic::all([reads("one"), Logic::any([present(), present(), Logic::all([present(), present()])])]);
    let condition = Logic::any([finds("a rather long pattern [0-9]"), Logic::all([finds("b"), finds("c{200}")])]);
    let subsearches = vec![
        Subsearch { search, commands: vec![Command::Where(condition), class(case)] },
        Subsearch { search: reads("two"), commands: Vec::new() },
    ];
    let commands = vec![Command::Table(vec!["_time".into(), "class".into()])];
    assert_snapshot!(Query { start: Start::Multisearch(subsearches), commands }, @r#"
    | multisearch
      [search `one`
        AND (
          a_field_with_quite_a_long_name=*
          OR a_field_with_quite_a_long_name=*
          OR (a_field_with_quite_a_long_name=* AND a_field_with_quite_a_long_name=*)
        )
      | where isnotnull(mvfind(Image, "a rather long pattern [0-9]"))
          OR (isnotnull(mvfind(Image, "b")) AND isnotnull(mvfind(Image, "c{200}")))
      | eval class=case(
            isnotnull(mvfind(Image, "x")), "X",
            true(), "Y")]
      [search `two`]
    | table _time, class
    "#);
}
