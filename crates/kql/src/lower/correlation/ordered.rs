//! placeholder
use super::super::Lowering;
use super::super::result::Found;
use super::rows::Rows;
use rulecast_ir::{Correlation, Mapped};

impl Lowering {
    pub(super) fn ordered(&mut self, _correlation: &Correlation<Mapped>, _rows: Rows) -> Option<Found> {
        None
    }
}
