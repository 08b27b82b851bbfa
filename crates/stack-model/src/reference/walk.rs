//! Walking to the values that rows mean: once for all rows that begin alike.

use std::fmt;

use kube_value::Value;
use kube_vocab::{FieldPath, Segment};

use super::rule::ReferenceRule;

/// Where a reference stands: written out only when somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReferencePath {
    prefix: &'static str,
    pattern: &'static str,
    indices: Indices,
}

/// Positions in the lists on the way, outermost first.
pub(super) type Indices = [u32; 4];

impl ReferencePath {
    pub(super) const fn new(prefix: &'static str, pattern: &'static str, indices: Indices) -> Self {
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
        for step in steps(self.pattern) {
            match step {
                Step::Key(key) => path.push(Segment::Key(key.to_owned())),
                Step::Field(name) => path.push(Segment::Field(name.to_owned())),
                Step::Items(name) => {
                    path.push(Segment::Field(name.to_owned()));
                    let index = indices.next().map_or(0, |index| *index as usize);
                    path.push(Segment::Index(index));
                }
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

/// A part of a row's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// `name`
    Field(&'static str),
    /// `name[]`
    Items(&'static str),
    /// `[key]`
    Key(&'static str),
}

impl Step {
    const fn member(self) -> &'static str {
        match self {
            Self::Field(name) | Self::Items(name) | Self::Key(name) => name,
        }
    }
}

fn steps(pattern: &'static str) -> impl Iterator<Item = Step> {
    let mut rest = pattern;
    std::iter::from_fn(move || {
        rest = rest.strip_prefix('.').unwrap_or(rest);
        if let Some((key, behind)) = rest
            .strip_prefix('[')
            .and_then(|inner| inner.split_once(']'))
        {
            rest = behind;
            return Some(Step::Key(key));
        }
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        let items = behind.strip_prefix("[]");
        rest = items.unwrap_or(behind);
        (!name.is_empty()).then_some(match items {
            Some(_) => Step::Items(name),
            None => Step::Field(name),
        })
    })
}

/// Rows by the steps of their paths.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The rows whose path ends here.
    rules: Vec<ReferenceRule>,
    further: Vec<(Step, Tree)>,
}

impl Tree {
    pub(super) fn add(&mut self, rule: ReferenceRule) {
        let mut at = self;
        for step in steps(rule.path) {
            let position = at.further.iter().position(|(known, _)| *known == step);
            let position = position.unwrap_or_else(|| {
                at.further.push((step, Self::default()));
                at.further.len() - 1
            });
            at = &mut at.further[position].1;
        }
        at.rules.push(rule);
    }

    /// Calls `found` with each row, the value at its path, the value around that, and the positions in lists on the way.
    pub(super) fn walk<'v>(&self, root: &'v Value, found: &mut Found<'_, 'v>) {
        self.descend(root, [0; 4], 0, found);
    }

    fn descend<'v>(
        &self,
        value: &'v Value,
        indices: Indices,
        depth: usize,
        found: &mut Found<'_, 'v>,
    ) {
        let Some(members) = value.as_object() else {
            return;
        };
        for (step, tree) in &self.further {
            let inner = members.get(step.member()).filter(|inner| !inner.is_null());
            let Some(inner) = inner else { continue };
            let Step::Items(_) = step else {
                tree.arrive(inner, value, indices, depth, found);
                continue;
            };
            for (position, item) in inner.as_array().into_iter().flatten().enumerate() {
                let mut indices = indices;
                if let (Some(slot), Ok(position)) =
                    (indices.get_mut(depth), u32::try_from(position))
                {
                    *slot = position;
                }
                tree.arrive(item, value, indices, depth + 1, found);
            }
        }
    }

    fn arrive<'v>(
        &self,
        value: &'v Value,
        around: &'v Value,
        indices: Indices,
        depth: usize,
        found: &mut Found<'_, 'v>,
    ) {
        for rule in &self.rules {
            found(rule, value, around, indices);
        }
        self.descend(value, indices, depth, found);
    }
}

/// What is called for each value that a row means.
pub(super) type Found<'f, 'v> = dyn FnMut(&ReferenceRule, &'v Value, &'v Value, Indices) + 'f;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_fields_lists_and_keys() {
        let path = ReferencePath::new("spec.template", "spec.rules[].paths[].name", [1, 2, 0, 0]);
        assert_eq!(
            path.to_string(),
            "spec.template.spec.rules[1].paths[2].name"
        );
        let path = ReferencePath::new("", "metadata.annotations[a.io/b]", [0; 4]);
        assert_eq!(path.to_string(), "metadata.annotations[a.io/b]");
    }
}
