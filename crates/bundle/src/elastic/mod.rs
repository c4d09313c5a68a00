//! Rules of Elastic Security: as Kibana imports them, and as Elastic's detection-rules repository holds them.
//!
//! Promises: what either would refuse is left out here, with its place in the rule. A rule with classes becomes one rule
//! for each of them, with the level and an id of its own. Lacks: `ecs` of required fields, which Kibana fills in itself.
//!
//! Sources: Kibana's `rule_schemas.schema.yaml` and `rule_to_import.ts`; detection-rules, `rule.py` and `definitions.py`.

pub(crate) mod detection_rules;
mod id;
pub(crate) mod kibana;
mod parts;
mod read;
#[cfg(test)]
mod tests;
mod threat;

pub(crate) use parts::{Part, parts};
