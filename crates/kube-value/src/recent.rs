//! What a thread made last, to be found again.

/// Things in slots by their fingerprint. One that has been found again stays where another wants its slot, once: what is unique does
/// not drive out what comes often, and whoever chooses things to collide gains nothing but room that is not shared.
pub(crate) struct Recent<T>(Vec<Slot<T>>);

struct Slot<T> {
    held: Option<T>,
    found: bool,
}

impl<T: Clone> Recent<T> {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// The thing of this fingerprint for which `is` holds.
    #[inline]
    pub(crate) fn find(&mut self, fingerprint: u64, is: impl FnOnce(&T) -> bool) -> Option<T> {
        let slot = self.0.get_mut(place(fingerprint))?;
        let held = slot.held.as_ref().filter(|held| is(held))?;
        slot.found = true;
        Some(held.clone())
    }

    /// Keeps a thing that was not found, if there is room for it.
    pub(crate) fn offer(&mut self, fingerprint: u64, thing: &T) {
        if self.0.is_empty() {
            self.0.resize_with(SLOTS, || Slot {
                held: None,
                found: false,
            });
        }
        let slot = &mut self.0[place(fingerprint)];
        match slot.found {
            true => slot.found = false,
            false => slot.held = Some(thing.clone()),
        }
    }
}

/// The high bits depend on all others.
const fn place(fingerprint: u64) -> usize {
    (fingerprint >> (u64::BITS - SLOTS.ilog2())) as usize
}

/// How many things of one sort a thread remembers: more texts than there are field names in common use, and few enough to stay in
/// its cache.
pub(crate) const SLOTS: usize = 1 << 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_again_outlives_what_is_not() {
        let mut recent = Recent::new();
        let mut ask = |thing: u32| {
            // All of one slot.
            let found = recent.find(7, |held| *held == thing);
            if found.is_none() {
                recent.offer(7, &thing);
            }
            found.is_some()
        };
        assert!(!ask(1) && ask(1));
        for unique in 2..9 {
            assert!(!ask(unique) && ask(1), "{unique}");
        }
        // Once nobody asks for it, it goes.
        assert!(!ask(10) && !ask(10) && ask(10) && !ask(1));
    }
}
