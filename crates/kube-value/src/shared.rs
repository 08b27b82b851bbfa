//! Equal lists and objects that stand in memory once.
//!
//! A collection is looked for among those that the same thread made before if it is a small one, and if all that stands in it is
//! known to stand elsewhere, too: then no part has to be looked into. A text that nobody else holds is a long one, a collection that
//! nobody else holds has such a text or is large. So whatever is remembered is small.

use std::cell::RefCell;
use std::sync::Arc;
use std::thread::LocalKey;

use serde_json::Number;

use crate::fingerprint::mixed;
use crate::recent::Recent;
use crate::{Text, Value};

type Member = (Text, Value);
type RecentParts<T> = RefCell<Recent<Arc<[T]>>>;

thread_local! {
    static LISTS: RecentParts<Value> = const { RefCell::new(Recent::new()) };
    static OBJECTS: RecentParts<Member> = const { RefCell::new(Recent::new()) };
}

/// More parts are hardly ever the same twice.
const MOST: usize = 16;

/// The items from `first` on, which are taken out of `items`.
pub(crate) fn list(items: &mut Vec<Value>, first: usize) -> Arc<[Value]> {
    shared(&LISTS, items, first, word, alike)
}

/// The members from `first` on, which are taken out of `members`.
pub(crate) fn object(members: &mut Vec<Member>, first: usize) -> Arc<[Member]> {
    let word = |(key, value): &Member| Some(mixed(key.shared_place()? as u64, word(value)?));
    let same =
        |one: &Member, other: &Member| one.0.place() == other.0.place() && alike(&one.1, &other.1);
    shared(&OBJECTS, members, first, word, same)
}

fn shared<T>(
    recent: &'static LocalKey<RecentParts<T>>,
    parts: &mut Vec<T>,
    first: usize,
    word: impl Fn(&T) -> Option<u64>,
    alike: impl Fn(&T, &T) -> bool,
) -> Arc<[T]> {
    let last = &parts[first..];
    let fingerprint = match last.len() {
        0..=MOST => last
            .iter()
            .try_fold(last.len() as u64, |all, part| Some(mixed(all, word(part)?))),
        _ => None,
    };
    let Some(fingerprint) = fingerprint else {
        return parts.drain(first..).collect();
    };
    let is = |known: &Arc<[T]>| {
        known.len() == last.len() && known.iter().zip(last).all(|(one, other)| alike(one, other))
    };
    match recent.with_borrow_mut(|recent| recent.find(fingerprint, is)) {
        Some(known) => {
            parts.truncate(first);
            known
        }
        None => {
            let made = parts.drain(first..).collect();
            recent.with_borrow_mut(|recent| recent.offer(fingerprint, &made));
            made
        }
    }
}

/// A number for a value that may be shared as part of another; equal for those that are [`alike`].
#[inline]
fn word(value: &Value) -> Option<u64> {
    Some(match value {
        Value::Null => 1,
        Value::Bool(value) => 2 | u64::from(*value),
        Value::Number(number) => bits(number),
        Value::String(text) => text.shared_place()? as u64,
        Value::Array(items) if Arc::strong_count(items) > 1 => place(items) as u64,
        Value::Array(_) => return None,
        Value::Object(members) => members.shared_place()? as u64,
    })
}

/// Whether two values are the same at a glance: what stands in the same place.
#[inline]
fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(one), Value::Bool(other)) => one == other,
        // Zero has two signs.
        (Value::Number(one), Value::Number(other)) => one == other && bits(one) == bits(other),
        (Value::String(one), Value::String(other)) => one.place() == other.place(),
        (Value::Array(one), Value::Array(other)) => place(one) == place(other),
        (Value::Object(one), Value::Object(other)) => one.place() == other.place(),
        _ => false,
    }
}

fn bits(number: &Number) -> u64 {
    match (number.as_u64(), number.as_i64(), number.as_f64()) {
        (Some(number), ..) => number,
        (_, Some(number), _) => number.cast_unsigned(),
        (.., number) => number.map_or(0, f64::to_bits),
    }
}

/// Where a collection stands.
pub(crate) fn place<T>(parts: &Arc<[T]>) -> usize {
    Arc::as_ptr(parts).addr()
}
