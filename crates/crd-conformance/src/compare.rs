//! What two inventories disagree about.

use std::collections::BTreeMap;
use std::fmt;

use crate::Inventory;

/// A place about which two inventories disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The place, as in the inventory.
    pub place: String,
    /// The facts of the first inventory; `None` if it lacks the place.
    pub old: Option<String>,
    /// The facts of the second inventory; `None` if it lacks the place.
    pub new: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => write!(f, "~ {}: {old} -> {new}", self.place),
            (Some(old), None) => write!(f, "- {}: {old}", self.place),
            (None, Some(new)) => write!(f, "+ {}: {new}", self.place),
            (None, None) => write!(f, "  {}", self.place),
        }
    }
}

/// All places about which the two disagree, in order.
pub fn compare(old: &Inventory, new: &Inventory) -> Vec<Difference> {
    let mut places: BTreeMap<&str, (Option<&str>, Option<&str>)> = BTreeMap::new();
    for (place, facts) in old.iter() {
        places.entry(place).or_default().0 = Some(facts);
    }
    for (place, facts) in new.iter() {
        places.entry(place).or_default().1 = Some(facts);
    }
    places
        .into_iter()
        .filter(|(_, (old, new))| old != new)
        .map(|(place, (old, new))| Difference {
            place: place.to_owned(),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
        })
        .collect()
}
