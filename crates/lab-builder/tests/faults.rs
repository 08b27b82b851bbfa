//! What each check of the lab finds, and what only looks like a fault: a file for each matter.
#![allow(clippy::unwrap_used)]

mod gateway;
mod mesh;
mod missing;
mod observability;
mod overlays;
mod ports;
mod quotas;
mod versions;

use lab_builder::components::Kong;
use lab_builder::{Component, ComponentError, Context, Contribution, Environment, Lab};
use serde_json::Value;

/// Objects of a user, each in a file of its own.
#[derive(Clone, Debug)]
struct Objects(Vec<Value>);

impl Component for Objects {
    fn id(&self) -> &str {
        "objects"
    }
    fn requires(&self) -> Vec<&str> {
        vec!["demo-app"]
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let mut objects = self.0.iter().enumerate();
        objects
            .try_for_each(|(at, object)| out.dynamic_object(format!("{at}.yaml"), object.clone()))
    }
}

fn dev() -> Lab {
    Lab::new(Environment::Dev)
}

fn with(objects: Value) -> Lab {
    dev().with(Objects(objects.as_array().unwrap().clone()))
}

/// What a check finds in a lab.
fn found(check: &str, lab: Lab) -> Vec<String> {
    let findings = lab.build().unwrap().check().findings;
    let of_check = findings.iter().filter(|finding| finding.code == check);
    of_check.map(ToString::to_string).collect()
}

/// Each lab has this many findings of the check, and each finding says one of the texts.
fn assert_found(check: &str, labs: Vec<(&str, Lab, &[&str])>) {
    for (what, lab, parts) in labs {
        let messages = found(check, lab);
        assert_eq!(messages.len(), parts.len(), "{what}: {messages:#?}");
        for part in parts {
            assert!(
                messages.iter().any(|message| message.contains(part)),
                "{what}: {part} in {messages:#?}"
            );
        }
    }
}

fn kong(overlay: Value) -> Lab {
    dev().configure(|kong: &mut Kong| kong.overlay = overlay.as_object().unwrap().clone())
}
