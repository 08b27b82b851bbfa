//! What a schema asks for, in a few words: the alternatives of a union in a message.

use super::Schema;

/// Longer descriptions than this are cut.
const LIMIT: usize = 60;

impl Schema {
    /// What this branch of a union allows, or an empty text where it is too much to say.
    pub(crate) fn describe(&self) -> String {
        let mut parts = Vec::new();
        if !self.required.is_empty() {
            parts.push(format!("with {}", self.required.join(" and ")));
        }
        if let Some(not) = &self.not {
            parts.extend(not.describe_absence());
        }
        if let Some(format) = self.format {
            parts.push(format.allowed().to_owned());
        } else if !self.types.is_empty() {
            parts.push(self.types.names());
        }
        if !self.allowed.is_empty() {
            let values: Vec<String> = self.allowed.iter().map(ToString::to_string).collect();
            parts.push(values.join(" or "));
        }
        if let Some(pattern) = &self.pattern {
            parts.push(format!("matching {}", pattern.text()));
        }
        for (name, property) in &self.properties {
            if !property.allowed.is_empty() {
                parts.push(format!("{name} {}", property.describe()));
            }
        }
        let text = parts.join(", ");
        if text.chars().count() > LIMIT {
            String::new()
        } else {
            text
        }
    }

    fn describe_absence(&self) -> Option<String> {
        let any: Vec<String> = self
            .any_of
            .iter()
            .filter(|branch| !branch.required.is_empty())
            .map(|branch| branch.required.join(" and "))
            .collect();
        if !self.required.is_empty() {
            Some(format!("without {}", self.required.join(" and ")))
        } else if !any.is_empty() {
            Some(format!("without {}", any.join(" or ")))
        } else {
            None
        }
    }
}

/// The alternatives, joined, or an empty text where one of them is too much to say.
pub(crate) fn alternatives(branches: &[Schema]) -> String {
    let mut texts: Vec<String> = branches.iter().map(Schema::describe).collect();
    texts.dedup();
    if texts.iter().any(String::is_empty) || texts.len() > 8 {
        String::new()
    } else {
        format!(": {}", texts.join("; "))
    }
}
