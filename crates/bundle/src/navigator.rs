//! Coverage of ATT&CK, and layers of the ATT&CK Navigator.
//!
//! Promises: a technique stands under the tactics that a rule names for it; layers are sorted by technique and tactic, and
//! show every sub-technique that they hold. Lacks: techniques of other domains than Enterprise, and of other versions than
//! [`rulecast_attack::VERSION`].

mod coverage;
mod difference;
mod gaps;
mod layer;

pub use coverage::{Coverage, Covering, Spot};
pub use difference::{Change, ChangeKind, changes};
pub use gaps::{Gap, WantedError, gaps, wanted};
pub use layer::Layer;

use crate::Content;
use crate::package::{Entry, LeftOut, Packing, Reason};
use layer::{Item, LayerTechnique, LegendItem};

/// Where the layer stands in a bundle.
const PATH: &str = "attack/layer.json";
const NO_RULE: &str = "#d64545";
const PARENT_ALONE: &str = "#f5c28b";

/// Makes the package.
pub(crate) fn pack(content: &Content) -> Packing {
    let coverage = Coverage::new(content.rules.iter().map(|rule| Covering::of(&rule.metadata)));
    let mut packing = Packing::default();
    for (at, (rule, covering)) in content.rules.iter().zip(&coverage.rules).enumerate() {
        if covering.spots.is_empty() {
            packing.left_out.push(LeftOut {
                rule: at,
                target: None,
                reason: Reason::NoTechnique,
                message: format!("it names no technique that ATT&CK {} has", rulecast_attack::VERSION),
                help: None,
                span: rule.span,
            });
        } else {
            let entry = Entry { rule: at, target: String::new(), kind: "layer", path: PATH.to_owned(), name: None };
            packing.entries.push(entry);
        }
    }
    let identity = &content.identity;
    let layer = of_coverage(&coverage, &format!("{} {}", identity.name, identity.version));
    packing.files.push((PATH.to_owned(), layer.text().into_bytes()));
    packing
}

/// How many rules name each technique.
pub fn of_coverage(coverage: &Coverage, name: &str) -> Layer {
    let technique = |(spot, rules): (&Spot, &Vec<usize>)| LayerTechnique {
        score: Some(rules.len()),
        comment: count(rules.len()),
        metadata: rules.iter().map(|at| Item::new("rule", &coverage.rules[*at].title)).collect(),
        ..LayerTechnique::of(spot.technique.clone(), Some(spot.tactic))
    };
    let techniques = coverage.by_spot.iter().map(technique).collect();
    let with = coverage.rules.len() - coverage.without_techniques();
    let description = format!("The techniques that {} of {} name.", with, count(coverage.rules.len()));
    Layer::new((name.to_owned(), description), techniques, Vec::new())
}

/// What of a list no rule names.
pub fn of_gaps(gaps: &[Gap], wanted: usize, name: &str) -> Layer {
    let mut techniques = Vec::new();
    for gap in gaps {
        let (color, comment) = if gap.parent_covered {
            (PARENT_ALONE, "rules on the technique above it alone")
        } else {
            (NO_RULE, "no rule")
        };
        // A later version's technique is not known to stand under any tactic.
        let tactics: Vec<Option<&'static str>> = match gap.known {
            Some(known) => known.tactics().map(Some).collect(),
            None => vec![None],
        };
        techniques.extend(tactics.into_iter().map(|tactic| LayerTechnique {
            color: Some(color),
            comment: comment.to_owned(),
            ..LayerTechnique::of(gap.technique.clone(), tactic)
        }));
    }
    let legend = vec![
        LegendItem { label: "no rule".to_owned(), color: NO_RULE },
        LegendItem { label: "rules on the technique above it alone".to_owned(), color: PARENT_ALONE },
    ];
    let description = format!("{} of {wanted} techniques are named by no rule.", gaps.len());
    Layer::new((name.to_owned(), description), techniques, legend)
}

/// What changed.
pub fn of_changes(changes: &[Change], name: &str) -> Layer {
    let technique = |change: &Change| LayerTechnique {
        score: Some(change.after),
        color: Some(change.kind().colour()),
        comment: format!("{}: {} before, {} now", change.kind().word(), count(change.before), change.after),
        ..LayerTechnique::of(change.spot.technique.clone(), Some(change.spot.tactic))
    };
    let legend = ChangeKind::ALL.map(|kind| LegendItem {
        label: match kind {
            ChangeKind::Added => "named by rules now",
            ChangeKind::More => "named by more rules",
            ChangeKind::Fewer => "named by fewer rules",
            ChangeKind::Removed => "named by no rule any more",
        }
        .to_owned(),
        color: kind.colour(),
    });
    let description = "The techniques that another number of rules name.".to_owned();
    Layer::new((name.to_owned(), description), changes.iter().map(technique).collect(), legend.into())
}

fn count(rules: usize) -> String {
    format!("{rules} rule{}", if rules == 1 { "" } else { "s" })
}
