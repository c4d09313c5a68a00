use super::{sarif, uri};
use crate::render::{Batch, Catalogue, Description, Tool};
use crate::{Diagnostic, Edit, Severity, SourceMap, Span};

struct One;

impl Catalogue for One {
    fn describe(&self, name: &str) -> Option<Description> {
        (name == "unknown-level").then(|| Description {
            summary: "A level that is none".to_owned(),
            reason: "Nobody knows how grave it is.".to_owned(),
            page: "Nobody knows how *grave* it is.".to_owned(),
            severity: Severity::Error,
        })
    }
}

const TOOL: Tool<'_> = Tool { name: "rulecast", version: "1.2.3" };

#[test]
fn a_run_with_kinds_results_places_and_fixes() {
    let mut sources = SourceMap::new();
    let file = sources.add("rules/a b/é.yml", "title: é → x\nlevel: \"hoch\"\n");
    let at = Span::new(file, 22, 28);
    let diagnostics = [
        Diagnostic::error("unknown-level", at, "`hoch` is not a level")
            .label("not a level")
            .also(Span::new(file, 0, 5), "in this rule")
            .help("write `high`")
            .note("levels are lower case")
            .fix(vec![Edit::replace(at, "high"), Edit::delete(Span::new(file, 9, 13))]),
        Diagnostic::warning("unheard-of", Span::new(file, 7, 9), "of no catalogue"),
    ];
    let batch = Batch { diagnostics: &diagnostics, sources: &sources, ids: &[] };
    insta::assert_snapshot!(sarif(&[batch], TOOL, &One), @r#"
    {
      "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
      "version": "2.1.0",
      "runs": [
        {
          "tool": {
            "driver": {
              "name": "rulecast",
              "version": "1.2.3",
              "rules": [
                {
                  "id": "unheard-of"
                },
                {
                  "id": "unknown-level",
                  "shortDescription": {
                    "text": "A level that is none"
                  },
                  "fullDescription": {
                    "text": "Nobody knows how grave it is."
                  },
                  "help": {
                    "text": "Nobody knows how grave it is.",
                    "markdown": "Nobody knows how *grave* it is."
                  },
                  "defaultConfiguration": {
                    "level": "error"
                  }
                }
              ]
            }
          },
          "columnKind": "unicodeCodePoints",
          "results": [
            {
              "ruleId": "unknown-level",
              "ruleIndex": 1,
              "level": "error",
              "message": {
                "text": "`hoch` is not a level\nhelp: write `high`\nnote: levels are lower case\nsee: [in this rule](1)"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "rules/a%20b/%C3%A9.yml"
                    },
                    "region": {
                      "startLine": 2,
                      "startColumn": 7,
                      "endLine": 2,
                      "endColumn": 13
                    }
                  },
                  "message": {
                    "text": "not a level"
                  }
                }
              ],
              "relatedLocations": [
                {
                  "id": 1,
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "rules/a%20b/%C3%A9.yml"
                    },
                    "region": {
                      "startLine": 1,
                      "startColumn": 1,
                      "endLine": 1,
                      "endColumn": 6
                    }
                  },
                  "message": {
                    "text": "in this rule"
                  }
                }
              ],
              "partialFingerprints": {
                "rulecastFinding/v1": "eae2948ff325f0b0001ccad6c03cfce8"
              },
              "fixes": [
                {
                  "description": {
                    "text": "write `high`"
                  },
                  "artifactChanges": [
                    {
                      "artifactLocation": {
                        "uri": "rules/a%20b/%C3%A9.yml"
                      },
                      "replacements": [
                        {
                          "deletedRegion": {
                            "startLine": 2,
                            "startColumn": 7,
                            "endLine": 2,
                            "endColumn": 13
                          },
                          "insertedContent": {
                            "text": "high"
                          }
                        },
                        {
                          "deletedRegion": {
                            "startLine": 1,
                            "startColumn": 9,
                            "endLine": 1,
                            "endColumn": 11
                          }
                        }
                      ]
                    }
                  ]
                }
              ]
            },
            {
              "ruleId": "unheard-of",
              "ruleIndex": 0,
              "level": "warning",
              "message": {
                "text": "of no catalogue"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "rules/a%20b/%C3%A9.yml"
                    },
                    "region": {
                      "startLine": 1,
                      "startColumn": 8,
                      "endLine": 1,
                      "endColumn": 9
                    }
                  }
                }
              ],
              "partialFingerprints": {
                "rulecastFinding/v1": "fc361791df7208c640fcd96e97930fee"
              }
            }
          ]
        }
      ]
    }
    "#);
}

#[test]
fn without_problems_there_are_still_a_tool_and_an_empty_list() {
    insta::assert_snapshot!(sarif(&[], TOOL, &One), @r#"
    {
      "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
      "version": "2.1.0",
      "runs": [
        {
          "tool": {
            "driver": {
              "name": "rulecast",
              "version": "1.2.3",
              "rules": []
            }
          },
          "columnKind": "unicodeCodePoints",
          "results": []
        }
      ]
    }
    "#);
}

#[test]
fn names_of_files_become_addresses() {
    assert_eq!(uri("rules/x.yml"), "rules/x.yml");
    assert_eq!(uri("../a b/ä%#?.yml"), "../a%20b/%C3%A4%25%23%3F.yml");
    // Not a scheme.
    assert_eq!(uri("a:b/x.yml"), "a%3Ab/x.yml");
    assert_eq!(uri("/srv/my rules/x.yml"), "file:///srv/my%20rules/x.yml");
    assert_eq!(uri("C:/rules/x y.yml"), "file:///C:/rules/x%20y.yml");
    assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
}
