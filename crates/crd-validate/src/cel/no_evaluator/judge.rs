//! Rules that are not answered on the value itself.

use super::NOT_BUILT_IN;
use crate::cel::Pair;
use crate::cel::compiled::{Outcome, Question};
use crate::schema::Schema;

/// In place of the value that rules are evaluated on.
pub(in crate::cel) struct Asked;

impl Asked {
    pub(in crate::cel) const fn new(_: Pair<'_>, _: &Schema, _: bool) -> Self {
        Self
    }

    /// That it is not known.
    pub(in crate::cel) fn outcome(&self, _: Question<'_>) -> Outcome {
        Outcome::Beyond(NOT_BUILT_IN.to_owned())
    }
}
