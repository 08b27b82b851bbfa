//! Objects that differ in their names alone. What a server says of all else is the same, and is worked out once: large stacks are
//! largely the same objects under many names.

use std::cell::RefCell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use kube_value::{Map, Memo, Text, Value, fingerprint, mixed};
use kube_vocab::names;

use crate::metadata::NameRule;

/// Members of the metadata that tell objects of the same content apart.
const NAMES: [&str; 3] = ["name", "namespace", "labels"];

/// What is judged of names, of a kind in which nothing else depends on them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    pub(crate) rule: NameRule,
    pub(crate) namespaced: bool,
}

impl Names {
    /// Whether there is surely nothing to say of the names of an object.
    fn accept(self, object: &Map) -> bool {
        let Some(Value::Object(metadata)) = object.get("metadata") else {
            return false;
        };
        let is_label = |(key, value): (&Text, &Value)| {
            let value = value.as_str().map(names::label_value);
            value.is_some_and(|verdict| verdict.is_ok()) && names::qualified_name(key).is_ok()
        };
        let mut is_named = false;
        let mut has = |key: &str, value: &Value| match (key, value) {
            ("name", Value::String(name)) => {
                is_named = !name.is_empty();
                is_named && self.rule.judge(name).is_ok()
            }
            ("namespace", Value::String(namespace)) => {
                !namespace.is_empty() && (!self.namespaced || names::dns_label(namespace).is_ok())
            }
            ("labels", Value::Object(labels)) => labels.iter().all(is_label),
            // Content, which was judged.
            (key, _) => !NAMES.contains(&key),
        };
        metadata.iter().all(|(key, value)| has(key, value)) && is_named
    }
}

/// How many contents are known at most.
const PLACES: usize = 1 << 10;
/// In how many places a content may be.
const TRIES: usize = 4;

/// What was accepted, without a word, by its content. Contents that came once are known by a number only, so that objects that are
/// all different cost no memory.
#[derive(Default)]
pub(crate) struct Seen(OnceLock<Box<[Place]>>);

#[derive(Default)]
struct Place {
    /// The [`print`] of a content that came lately.
    once: AtomicU64,
    /// One that came twice. It stays.
    often: OnceLock<Known>,
}

struct Known {
    print: u64,
    /// The object as it came, under names of its own.
    object: Map,
    names: Names,
}

impl Seen {
    fn places(&self, print: u64) -> impl Iterator<Item = &Place> {
        let all = self
            .0
            .get_or_init(|| (0..PLACES).map(|_| Place::default()).collect());
        // The high bits depend on all others.
        let first = (print >> (u64::BITS - PLACES.ilog2())) as usize;
        (first..first + TRIES).map(|place| &all[place % PLACES])
    }

    /// Whether an object is sure to be accepted, since only its names are new and nothing is wrong with them.
    pub(crate) fn accept(&self, object: &Map, print: u64) -> bool {
        let mut known = self.places(print).map_while(|place| place.often.get());
        known
            .find(|known| known.print == print && is_same_content(&known.object, object))
            .is_some_and(|known| known.names.accept(object))
    }

    /// Takes note of an object that was accepted; `names` says how names are judged, where nothing else depends on them.
    pub(crate) fn note(&self, object: &Map, print: u64, names: impl FnOnce() -> Option<Names>) {
        // The newest comes first, and the oldest goes: two contents do not drive out each other in turns.
        let mut next = print;
        let is_known = self.places(print).any(|place| {
            next = place.once.swap(next, Ordering::Relaxed);
            next == print
        });
        if !is_known {
            return;
        }
        let free = self.places(print).find(|place| place.often.get().is_none());
        if let (Some(place), Some(names)) = (free, names()) {
            // Where another thread was faster, this one comes again.
            let _ = place.often.set(Known {
                print,
                object: object.clone(),
                names,
            });
        }
    }
}

thread_local! {
    /// The numbers of what stands below a root, which objects of one content mostly share.
    static PRINTS: RefCell<Memo<u64>> = const { RefCell::new(Memo::new()) };
}

/// A number for the content of an object.
pub(crate) fn print(object: &Map) -> u64 {
    PRINTS.with_borrow_mut(|prints| {
        object.iter().fold(0, |print, (key, value)| match value {
            Value::Object(metadata) if key == "metadata" => {
                let content = beside_names(metadata);
                content.fold(print, |print, (_, value)| with(print, value))
            }
            Value::Object(members) => {
                mixed(print, prints.of(members, |members| of_members(0, members)))
            }
            value => with(print, value),
        })
    })
}

fn of_members(print: u64, members: &Map) -> u64 {
    let print = mixed(print, members.len() as u64);
    members.values().fold(print, with)
}

fn with(print: u64, value: &Value) -> u64 {
    let number = match value {
        Value::Null => 1,
        Value::Bool(value) => 2 + u64::from(*value),
        Value::Number(number) => number.as_u64().unwrap_or(4),
        Value::String(text) => fingerprint(text),
        Value::Array(items) => {
            return items.iter().fold(mixed(print, items.len() as u64), with);
        }
        Value::Object(members) => return of_members(print, members),
    };
    mixed(print, number)
}

fn beside_names(metadata: &Map) -> impl Iterator<Item = (&Text, &Value)> {
    let members = metadata.iter();
    members.filter(|(key, _)| !NAMES.contains(&key.as_str()))
}

/// Whether two objects are the same, in the same order, but for their names.
fn is_same_content(one: &Map, other: &Map) -> bool {
    one.len() == other.len()
        && one
            .iter()
            .zip(other)
            .all(|((key, one), (other_key, other))| {
                key == other_key
                    && match (one, other) {
                        (Value::Object(one), Value::Object(other)) if key == "metadata" => {
                            beside_names(one).eq(beside_names(other))
                        }
                        _ => one == other,
                    }
            })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(json: serde_json::Value) -> Map {
        match Value::from(json) {
            Value::Object(members) => members,
            _ => Map::default(),
        }
    }

    fn config(name: &str, value: &str) -> Map {
        object(json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "annotations": {"a": "b"}, "labels": {"app": name}},
            "data": {"key": value},
        }))
    }

    #[test]
    fn contents_are_known_from_the_second_time_on_whatever_the_names() {
        let names = Names {
            rule: NameRule::Subdomain,
            namespaced: true,
        };
        let seen = Seen::default();
        let is_known = |name, value| {
            let object = config(name, value);
            let print = print(&object);
            seen.accept(&object, print) || {
                seen.note(&object, print, || Some(names));
                false
            }
        };
        let found = [("a", "x"), ("b", "x"), ("c", "x"), ("c", "y"), ("C", "x")];
        let found = found.map(|(name, value)| is_known(name, value));
        assert_eq!(found, [false, false, true, false, false]);
    }

    #[test]
    fn contents_of_one_place_are_known_side_by_side() {
        let names = Names {
            rule: NameRule::Subdomain,
            namespaced: true,
        };
        let seen = Seen::default();
        let values: [String; TRIES] = std::array::from_fn(|value| value.to_string());
        // In turns, with prints of one place.
        for turn in 0..3 {
            for (number, value) in values.iter().enumerate() {
                let object = config("a", value);
                let print = number as u64 + 1;
                assert_eq!(seen.accept(&object, print), turn == 2, "{turn} {value}");
                seen.note(&object, print, || Some(names));
            }
        }
    }

    #[test]
    fn what_stands_elsewhere_is_another_content() {
        let base = json!({"metadata": {"name": "a"}, "data": {"key": "x"}, "names": ["a", "b"]});
        for (pointer, other) in [
            ("/data", json!({"key": "y"})),
            ("/data", json!({"kez": "x"})),
            ("/data", json!({"key": "x", "more": null})),
            ("/names", json!(["b", "a"])),
            ("/metadata", json!({"name": "a", "finalizers": []})),
        ] {
            let mut changed = base.clone();
            *changed.pointer_mut(pointer).unwrap() = other;
            assert!(
                !is_same_content(&object(base.clone()), &object(changed)),
                "{pointer}"
            );
        }
        let mut renamed = base.clone();
        renamed["metadata"] = json!({"labels": {"a": "b"}, "name": "b", "namespace": "c"});
        let (one, other) = (object(base), object(renamed));
        assert!(is_same_content(&one, &other) && print(&one) == print(&other));
    }
}
