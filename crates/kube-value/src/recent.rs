//! What a thread made last, to be found again.

/// Things in slots by their fingerprint. One that has been found again stays where another wants its slot, once: what is unique does
/// not drive out what comes often, and whoever chooses things to collide gains nothing but room that is not shared.
///
/// The slots grow with what was offered, and start anew then: a program that makes few things does not pay for room for many.
pub(crate) struct Recent<T> {
    slots: Vec<Slot<T>>,
    /// How many things the slots may still be offered before they grow.
    left: usize,
}

struct Slot<T> {
    held: Option<T>,
    /// Of what it holds, the bits that do not say which slot: most things that are not the same are told without a look at them.
    print: u32,
    found: bool,
}

impl<T: Clone> Recent<T> {
    pub(crate) const fn new() -> Self {
        Self {
            slots: Vec::new(),
            left: 0,
        }
    }

    /// The thing of this fingerprint for which `is` holds.
    #[inline]
    pub(crate) fn find(&mut self, fingerprint: u64, is: impl FnOnce(&T) -> bool) -> Option<T> {
        let place = self.place(fingerprint)?;
        let slot = &mut self.slots[place];
        let held = slot
            .held
            .as_ref()
            .filter(|held| slot.print == fingerprint as u32 && is(held))?;
        slot.found = true;
        Some(held.clone())
    }

    /// Keeps a thing that was not found, if there is room for it.
    pub(crate) fn offer(&mut self, fingerprint: u64, thing: &T) {
        if self.left == 0 && self.slots.len() < SLOTS {
            self.grow();
        }
        self.left = self.left.saturating_sub(1);
        let Some(place) = self.place(fingerprint) else {
            return;
        };
        let slot = &mut self.slots[place];
        match slot.found {
            true => slot.found = false,
            false => {
                slot.held = Some(thing.clone());
                slot.print = fingerprint as u32;
            }
        }
    }

    fn grow(&mut self) {
        let count = (self.slots.len() * GROWTH).clamp(FIRST, SLOTS);
        self.slots.clear();
        self.slots.resize_with(count, || Slot {
            held: None,
            print: 0,
            found: false,
        });
        self.left = count;
    }

    /// The high bits depend on all others.
    #[inline]
    fn place(&self, fingerprint: u64) -> Option<usize> {
        let bits = self.slots.len().checked_ilog2()?;
        Some((fingerprint >> (u64::BITS - bits)) as usize)
    }
}

/// How many slots there are at first, and how many times more the next time: powers of two.
const FIRST: usize = 1 << 6;
const GROWTH: usize = 1 << 3;
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

    #[test]
    fn few_things_take_little_room_and_many_find_it() {
        let mut recent = Recent::new();
        // Fingerprints that differ in their high bits.
        let print = |thing: u64| thing.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (0..FIRST as u64).for_each(|thing| recent.offer(print(thing), &thing));
        assert_eq!(recent.slots.len(), FIRST);
        (0..2 * SLOTS as u64).for_each(|thing| recent.offer(print(thing), &thing));
        assert_eq!(recent.slots.len(), SLOTS);
        recent.offer(print(1), &1);
        assert_eq!(recent.find(print(1), |held| *held == 1), Some(1));
    }
}
