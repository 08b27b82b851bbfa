//! What a schema asks for, in a few words: the alternatives of a union in a message.

use super::{Additional, ListType, Schema};
use crate::fault::cut;

/// The description of one alternative is cut after this many characters.
const LIMIT: usize = 100;
/// So many alternatives are named; of the others, only how many they are.
const MOST_NAMED: usize = 8;
/// So many values of an enumeration are named.
const MOST_VALUES: usize = 12;
/// How far a description goes into the members of members.
const DEPTH: usize = 3;

impl Schema {
    /// What the schema asks for, or an empty text where it asks for nothing that could be said.
    pub(crate) fn describe(&self) -> String {
        cut(&self.parts(DEPTH).join(", "), LIMIT)
    }

    fn parts(&self, depth: usize) -> Vec<String> {
        let mut parts = Vec::new();
        if !self.required.is_empty() {
            parts.push(format!("with {}", self.required.join(" and ")));
        }
        if let Some(not) = &self.not {
            parts.extend(not.describe_absence(depth));
        }
        if let Some(format) = self.format {
            parts.push(format.allowed().to_owned());
        } else if !self.types.is_empty() {
            parts.push(self.types.names());
        }
        if !self.allowed.is_empty() {
            let named = self.allowed.iter().take(MOST_VALUES);
            let mut values: Vec<String> = named.map(ToString::to_string).collect();
            if self.allowed.len() > MOST_VALUES {
                values.push(format!("{} others", self.allowed.len() - MOST_VALUES));
            }
            parts.push(values.join(" or "));
        }
        if let Some(pattern) = &self.pattern {
            parts.push(pattern.quality());
        }
        self.bounds(&mut parts);
        let Some(depth) = depth.checked_sub(1) else {
            return parts;
        };
        for (name, property) in &self.properties {
            let inner = property.parts(depth).join(", ");
            if !inner.is_empty() {
                parts.push(format!("{name} {inner}"));
            }
        }
        if let Some(each) = &self.items {
            let inner = each.parts(depth).join(", ");
            if !inner.is_empty() {
                parts.push(format!("each item {inner}"));
            }
        }
        for (branches, word) in [
            (&self.all_of, " and "),
            (&self.any_of, " or "),
            (&self.one_of, " or "),
        ] {
            let inner: Vec<String> = branches
                .iter()
                .map(|branch| branch.parts(depth).join(", "))
                .filter(|text| !text.is_empty())
                .collect();
            if !inner.is_empty() {
                parts.push(inner.join(word));
            }
        }
        parts
    }

    fn bounds(&self, parts: &mut Vec<String>) {
        if let Some(bound) = self.minimum {
            let relation = if bound.exclusive {
                "more than"
            } else {
                "at least"
            };
            parts.push(format!("{relation} {}", bound.value));
        }
        if let Some(bound) = self.maximum {
            let relation = if bound.exclusive {
                "less than"
            } else {
                "at most"
            };
            parts.push(format!("{relation} {}", bound.value));
        }
        for (least, most, what) in [
            (self.min_length, self.max_length, "character"),
            (self.min_items, self.max_items, "item"),
            (self.min_properties, self.max_properties, "member"),
        ] {
            if let Some(least) = least {
                parts.push(format!("at least {}", counted(least, what)));
            }
            if let Some(most) = most {
                parts.push(format!("at most {}", counted(most, what)));
            }
        }
        if self.unique_items || self.list_type == ListType::Set {
            parts.push("each item once".to_owned());
        }
        if matches!(self.additional, Additional::Allowed(false)) {
            parts.push("no other members".to_owned());
        }
    }

    fn describe_absence(&self, depth: usize) -> Option<String> {
        let any: Vec<String> = self
            .any_of
            .iter()
            .filter(|branch| !branch.required.is_empty())
            .map(|branch| branch.required.join(" and "))
            .collect();
        if !self.required.is_empty() {
            return Some(format!("without {}", self.required.join(" and ")));
        }
        if !any.is_empty() {
            return Some(format!("without {}", any.join(" or ")));
        }
        let inner = self.parts(depth.checked_sub(1)?).join(", ");
        (!inner.is_empty()).then(|| format!("not {inner}"))
    }
}

/// The alternatives `chosen` of `all`, joined. One of which nothing can be said has its number, from 1.
pub(crate) fn alternatives<'s>(
    all: &'s [Schema],
    chosen: impl IntoIterator<Item = &'s Schema>,
) -> String {
    let number = |branch: &Schema| {
        let at = all.iter().position(|other| std::ptr::eq(other, branch));
        at.map_or(0, |index| index + 1)
    };
    let mut texts: Vec<String> = chosen
        .into_iter()
        .map(|branch| match branch.describe() {
            text if text.is_empty() => format!("number {}", number(branch)),
            text => text,
        })
        .collect();
    texts.dedup();
    let more = texts.len().saturating_sub(MOST_NAMED);
    texts.truncate(MOST_NAMED);
    if more > 0 {
        texts.push(format!("{more} more"));
    }
    texts.join("; ")
}

/// A count in words, with the plural where it is due: `1 item`, `2 items`.
pub(super) fn counted(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}
