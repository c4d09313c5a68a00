//! A layer of the ATT&CK Navigator, as the layer format 4.5 has it.
//!
//! The format: <https://github.com/mitre-attack/attack-navigator/blob/master/layers/spec/v4.5/layerformat.md>.

use serde::Serialize;

/// The version of the format.
const LAYER: &str = "4.5";
/// The version of the Navigator that it came with.
const NAVIGATOR: &str = "5.1.0";
/// What techniques are taken of.
pub(super) const DOMAIN: &str = "enterprise-attack";

/// A layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Layer {
    pub(super) name: String,
    pub(super) versions: Versions,
    pub(super) domain: &'static str,
    pub(super) description: String,
    /// 3: by score, highest first.
    pub(super) sorting: u8,
    pub(super) layout: Layout,
    pub(super) hide_disabled: bool,
    pub(super) techniques: Vec<LayerTechnique>,
    pub(super) gradient: Gradient,
    pub(super) legend_items: Vec<LegendItem>,
    pub(super) metadata: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Versions {
    attack: &'static str,
    navigator: &'static str,
    layer: &'static str,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_field_names, reason = "the Navigator calls it so")]
pub(super) struct Layout {
    #[serde(rename = "layout")]
    kind: &'static str,
    #[serde(rename = "showID")]
    show_id: bool,
    show_name: bool,
    expanded_subtechniques: &'static str,
}

/// A technique under a tactic.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LayerTechnique {
    #[serde(rename = "techniqueID")]
    pub(super) technique_id: String,
    /// All of its tactics, where it names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tactic: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) score: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) color: Option<&'static str>,
    pub(super) comment: String,
    pub(super) enabled: bool,
    pub(super) metadata: Vec<Item>,
    pub(super) show_subtechniques: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Gradient {
    colors: [&'static str; 2],
    min_value: usize,
    max_value: usize,
}

/// What a colour stands for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct LegendItem {
    pub(super) label: String,
    pub(super) color: &'static str,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) value: String,
}

impl Item {
    pub(super) fn new(name: &str, value: &str) -> Self {
        // The Navigator takes an item without a value for a mistake.
        let value = if value.is_empty() { "(untitled)" } else { value };
        Self { name: name.to_owned(), value: value.to_owned() }
    }
}

impl Layer {
    /// A layer of techniques, which get an order, and whose parents are added: a sub-technique is seen only below a parent
    /// that the layer tells to show it.
    pub(super) fn new(
        (name, description): (String, String),
        mut techniques: Vec<LayerTechnique>,
        legend_items: Vec<LegendItem>,
    ) -> Self {
        let parents: Vec<_> = techniques
            .iter()
            .filter_map(|one| Some((one.technique_id.split_once('.')?.0.to_owned(), one.tactic)))
            .collect();
        for (parent, tactic) in parents {
            let same = |one: &&mut LayerTechnique| one.technique_id == parent && one.tactic == tactic;
            match techniques.iter_mut().find(same) {
                Some(known) => known.show_subtechniques = true,
                None => {
                    techniques.push(LayerTechnique { show_subtechniques: true, ..LayerTechnique::of(parent, tactic) })
                }
            }
        }
        techniques.sort_by(|one, other| (&one.technique_id, one.tactic).cmp(&(&other.technique_id, other.tactic)));
        let max_value = techniques.iter().filter_map(|one| one.score).max().unwrap_or(0).max(1);
        Self {
            name,
            versions: Versions { attack: major(), navigator: NAVIGATOR, layer: LAYER },
            domain: DOMAIN,
            description,
            sorting: 3,
            layout: Layout { kind: "side", show_id: true, show_name: true, expanded_subtechniques: "annotated" },
            hide_disabled: false,
            techniques,
            gradient: Gradient { colors: ["#dbe9f6", "#1f6fb4"], min_value: 0, max_value },
            legend_items,
            metadata: vec![Item::new(
                "ATT&CK",
                &format!("version {}, © The MITRE Corporation", rulecast_attack::VERSION),
            )],
        }
    }

    /// The text of the file, with a line end.
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("names, numbers and texts are JSON");
        text.push('\n');
        text
    }
}

/// Layers name the version without what follows its first point.
fn major() -> &'static str {
    rulecast_attack::VERSION.split('.').next().unwrap_or_default()
}

impl LayerTechnique {
    /// One of which nothing is said.
    pub(super) fn of(technique_id: String, tactic: Option<&'static str>) -> Self {
        Self {
            technique_id,
            tactic,
            score: None,
            color: None,
            comment: String::new(),
            enabled: true,
            metadata: Vec::new(),
            show_subtechniques: false,
        }
    }
}
