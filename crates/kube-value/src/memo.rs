//! What was worked out of objects that stand in memory once.

use crate::Map;

/// What was worked out of the objects that came last, to be had again for those that share their memory with one of them. Equal
/// objects in other places are worked out anew: no member is looked at to find one.
///
/// ```
/// use kube_value::{Map, Memo};
///
/// let mut memo = Memo::new();
/// let map = Map::of_distinct([("a".into(), "b".into())]);
/// assert_eq!(memo.of(&map, Map::len), 1);
/// assert_eq!(memo.of(&map.clone(), |_| unreachable!()), 1);
/// ```
#[derive(Debug)]
pub struct Memo<R>([Option<(Map, R)>; SLOTS]);

/// How many objects are remembered at most: what large stacks have many times are few things.
const SLOTS: usize = 64;

impl<R: Clone> Memo<R> {
    /// Remembers nothing yet.
    pub const fn new() -> Self {
        Self([const { None }; SLOTS])
    }

    /// What `work` makes of an object, or made of it before.
    pub fn of(&mut self, map: &Map, work: impl FnOnce(&Map) -> R) -> R {
        let place = map.place();
        // Memory is given out in steps of some bytes.
        let slot = &mut self.0[(place >> 4 ^ place >> 10) % SLOTS];
        match slot {
            // While it is held here, nothing else stands in its place.
            Some((known, made)) if known.place() == place => made.clone(),
            _ => {
                let made = work(map);
                *slot = Some((map.clone(), made.clone()));
                made
            }
        }
    }
}

impl<R: Clone> Default for Memo<R> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_elsewhere_is_worked_out_anew() {
        let maps: Vec<Map> = (0..3 * SLOTS)
            .map(|number| Map::of_distinct([("a".into(), number.to_string().as_str().into())]))
            .collect();
        let mut memo = Memo::new();
        for _ in 0..2 {
            for (number, map) in maps.iter().enumerate() {
                let made = memo.of(map, |map| {
                    map.get("a")
                        .unwrap()
                        .as_str()
                        .unwrap()
                        .parse::<usize>()
                        .ok()
                });
                assert_eq!(made, Some(number));
            }
        }
    }
}
