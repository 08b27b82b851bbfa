//! What was made, and what was unsure.

use std::collections::BTreeMap;
use std::fmt;

/// What was made of the definitions, and what a person should look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// How many kinds there are.
    pub kinds: usize,
    /// How many objects with members all schemas have together: the structs of a generator that writes one for each.
    pub objects: usize,
    /// How many structs there are, roots included.
    pub structs: usize,
    /// How many unions became enums.
    pub unions: usize,
    /// How many sets of texts or numbers became enums.
    pub sets: usize,
    /// The types of k8s-openapi that are used.
    pub core_types: Vec<String>,
    /// All names of types, each with the first place where it stands.
    pub names: BTreeMap<String, String>,
    /// What people may want to decide in the overrides: places, and why.
    pub unsure: Vec<(String, String)>,
}

impl Report {
    /// The longest name of a type.
    pub fn longest(&self) -> &str {
        let longest = self
            .names
            .keys()
            .max_by_key(|name| name.rsplit("::").next().map(str::len));
        longest
            .and_then(|name| name.rsplit("::").next())
            .unwrap_or_default()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} kinds; {} objects in the schemas became {} structs, {} unions, {} sets; {} core types; longest name {} ({})",
            self.kinds,
            self.objects,
            self.structs,
            self.unions,
            self.sets,
            self.core_types.len(),
            self.longest().len(),
            self.longest()
        )?;
        for (place, what) in &self.unsure {
            writeln!(f, "unsure: {place}: {what}")?;
        }
        Ok(())
    }
}

/// Steps as they are written: `spec.a[].b`.
pub(crate) fn path_text(steps: &[String]) -> String {
    let mut text = String::new();
    for step in steps {
        if !text.is_empty() && step != "[]" && step != "{}" {
            text.push('.');
        }
        text.push_str(step);
    }
    text
}
