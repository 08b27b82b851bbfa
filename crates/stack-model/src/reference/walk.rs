//! Walking to the values that a row means.

use std::fmt;

use kube_vocab::{FieldPath, Segment};
use serde_json::Value;

/// Where a reference stands: written out only when somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReferencePath {
    prefix: &'static str,
    pattern: &'static str,
    indices: [u32; 4],
}

impl ReferencePath {
    pub(super) const fn new(
        prefix: &'static str,
        pattern: &'static str,
        indices: [u32; 4],
    ) -> Self {
        Self {
            prefix,
            pattern,
            indices,
        }
    }

    /// The path in the object.
    pub fn to_field_path(&self) -> FieldPath {
        let mut path = FieldPath::parse(self.prefix);
        let mut indices = self.indices.iter();
        for step in self.pattern.split('.') {
            let member = step.strip_suffix("[]");
            path.push(Segment::Field(member.unwrap_or(step).to_owned()));
            if let Some(index) = member.and_then(|_| indices.next()) {
                path.push(Segment::Index(*index as usize));
            }
        }
        path
    }
}

impl fmt::Display for ReferencePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_field_path().fmt(f)
    }
}

/// Calls `found` with each value at a path, the value around it, and the positions in lists on the way.
pub(super) fn walk<'v>(
    pattern: &str,
    root: &'v Value,
    found: &mut dyn FnMut(&'v Value, &'v Value, [u32; 4]),
) {
    step(pattern, root, [0; 4], 0, found);
}

fn step<'v>(
    pattern: &str,
    value: &'v Value,
    indices: [u32; 4],
    depth: usize,
    found: &mut dyn FnMut(&'v Value, &'v Value, [u32; 4]),
) {
    let (first, rest) = match pattern.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (pattern, None),
    };
    let mut next = |inner: &'v Value, indices: [u32; 4], depth: usize| match rest {
        _ if inner.is_null() => {}
        Some(rest) => step(rest, inner, indices, depth, found),
        None => found(inner, value, indices),
    };
    match first.strip_suffix("[]") {
        None => {
            if let Some(inner) = value.get(first) {
                next(inner, indices, depth);
            }
        }
        Some(member) => {
            let items = value.get(member).and_then(Value::as_array);
            for (position, item) in items.into_iter().flatten().enumerate() {
                let mut indices = indices;
                if let (Some(slot), Ok(position)) =
                    (indices.get_mut(depth), u32::try_from(position))
                {
                    *slot = position;
                }
                next(item, indices, depth + 1);
            }
        }
    }
}
