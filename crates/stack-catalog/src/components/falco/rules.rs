//! What Falco looks for, and how grave it is.

use std::collections::BTreeMap;

use serde::Serialize;
use stack_builder::ComponentError;

use super::Falco;
use crate::sizes::refused;

/// How grave an event is, as syslog has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Priority {
    /// Nothing works any more.
    Emergency,
    /// Somebody must act at once.
    Alert,
    /// Something is broken that others need.
    Critical,
    /// Something was changed that should not be.
    Error,
    /// Something may be wrong.
    Warning,
    /// Something that is rare, and may be in order.
    Notice,
    /// Something usual that one wants to see.
    Informational,
    /// For those who write rules.
    Debug,
}

impl Priority {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::Alert => "alert",
            Self::Critical => "critical",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
            Self::Informational => "informational",
            Self::Debug => "debug",
        }
    }
}

/// Where the rules of the Falco project come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UpstreamRules {
    /// They are loaded when a pod starts, and looked for again each week: what is watched changes by itself.
    #[default]
    Followed,
    /// They are loaded when a pod starts.
    AtStart,
}

/// A condition on system calls or audit events, and what is said when it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its name, which a later rule of this name changes.
    pub rule: String,
    /// What it finds, for people.
    pub desc: String,
    /// When there is an event, in Falco's language.
    pub condition: String,
    /// The event's text, with fields such as `%proc.cmdline`.
    pub output: String,
    /// How grave it is.
    pub priority: Priority,
    /// Words by which events are sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl Rule {
    /// A rule without tags, described by its name.
    pub fn new(name: &str, condition: &str, output: &str, priority: Priority) -> Self {
        Rule {
            rule: name.to_owned(),
            desc: name.to_owned(),
            condition: condition.to_owned(),
            output: output.to_owned(),
            priority,
            tags: Vec::new(),
        }
    }
}

/// The file of [`Falco::rules`].
const OWN_RULES: &str = "stack.yaml";

impl Falco {
    /// The files of rules of one's own.
    pub(super) fn files(&self) -> Result<BTreeMap<String, String>, ComponentError> {
        let mut files = self.rule_files.clone();
        if self.rules.is_empty() {
            return Ok(files);
        }
        if files.contains_key(OWN_RULES) {
            let expected = "another name: this is that of the field `rules`";
            return Err(refused("rule_files", OWN_RULES, expected));
        }
        for (at, rule) in self.rules.iter().enumerate() {
            for (field, text) in [("rule", &rule.rule), ("condition", &rule.condition)] {
                if text.trim().is_empty() {
                    return Err(refused(&format!("rules[{at}].{field}"), "empty", "a text"));
                }
            }
        }
        let text = kube_yaml::to_string(&self.rules)
            .map_err(|error| refused("rules", error, "rules that can be written as YAML"))?;
        files.insert(OWN_RULES.into(), text);
        Ok(files)
    }
}
