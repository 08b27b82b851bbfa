//! The components that a stack was given, in that order, each found by its id.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::component::Component;

/// A component of a stack that is being put together.
pub(crate) struct Chosen {
    pub(crate) component: Box<dyn Component>,
    /// Whether fields of it were set, which no profile may take back unsaid.
    pub(crate) configured: bool,
}

/// Components in order. One that is taken out leaves a gap, so that a stack of many can lose or replace each of them without
/// moving or asking all others.
#[derive(Default)]
pub(crate) struct Lineup {
    slots: Vec<Option<Chosen>>,
    gaps: usize,
    /// The places of each id; made when somebody first asks, and again when ids may have changed.
    by_id: OnceCell<HashMap<String, Vec<usize>>>,
}

impl Lineup {
    pub(crate) fn push(&mut self, component: Box<dyn Component>) {
        if let Some(by_id) = self.by_id.get_mut() {
            let places = by_id.entry(component.id().to_owned()).or_default();
            places.push(self.slots.len());
        }
        self.slots.push(Some(Chosen {
            component,
            configured: false,
        }));
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.by_id().contains_key(id)
    }

    /// Takes all components of an id out.
    pub(crate) fn remove(&mut self, id: &str) {
        self.by_id();
        let places = self.by_id.get_mut().and_then(|by_id| by_id.remove(id));
        for place in places.into_iter().flatten() {
            if self.slots[place].take().is_some() {
                self.gaps += 1;
            }
        }
        if self.gaps > self.slots.len() / 2 {
            self.slots.retain(Option::is_some);
            self.gaps = 0;
            self.by_id.take();
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Chosen> {
        self.slots.iter().flatten()
    }

    /// All of them, to be changed: their ids may be others afterwards.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Chosen> {
        self.by_id.take();
        self.slots.iter_mut().flatten()
    }

    fn by_id(&self) -> &HashMap<String, Vec<usize>> {
        self.by_id.get_or_init(|| {
            let mut by_id: HashMap<String, Vec<usize>> = HashMap::new();
            for (place, slot) in self.slots.iter().enumerate() {
                if let Some(chosen) = slot {
                    let places = by_id.entry(chosen.component.id().to_owned());
                    places.or_default().push(place);
                }
            }
            by_id
        })
    }
}
