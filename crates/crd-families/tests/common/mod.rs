//! Which families are generated, and objects that a server would take.

pub mod difference;

use std::path::Path;
use std::sync::LazyLock;

use crd_core::crd::Definition;
use crd_families::{Channel, Family, families};
use crd_validate::{UnknownFields, Validator};
use serde_json::Value;

/// How often what a server refuses of a random object is taken out of it.
const REPAIRS: usize = 12;

/// A family in one channel, with each of its definitions and what its types say of it in JSON.
pub struct Whole {
    pub family: &'static str,
    pub channel: Channel,
    pub definitions: Vec<(Definition, Value)>,
}

impl Whole {
    /// Of a family in a channel.
    pub fn of(family: &Family, channel: Channel) -> &'static Whole {
        let mut all = WHOLE.iter();
        let found = all.find(|one| (one.family, one.channel) == (family.name(), channel));
        found.unwrap()
    }
}

/// Every family in each of its channels. Made once: the schemas are large.
pub static WHOLE: LazyLock<Vec<Whole>> = LazyLock::new(|| {
    let all = families().into_iter().flat_map(|family| {
        channels(&family).iter().map(move |channel| {
            let definitions = family.definitions(*channel).into_iter();
            Whole {
                family: family.name(),
                channel: *channel,
                definitions: definitions
                    .map(|definition| {
                        let json = definition.to_json().unwrap();
                        (definition, json)
                    })
                    .collect(),
            }
        })
    });
    all.collect()
});

/// Of the other families, all channels are the same.
pub fn channels(family: &Family) -> &'static [Channel] {
    match family.name() {
        "gateway-api" => &[Channel::Standard, Channel::Experimental],
        _ => &[Channel::Standard],
    }
}

/// The families whose crates `crd-gen` makes, and how many of something each test asks for: what the variable says, or `few`.
pub fn generated(variable: &str, few: u64) -> (Vec<Family>, u64) {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let is_generated = |family: &Family| {
        let home = crates.join(format!("{}-types", family.name()));
        home.join("crd-gen.toml").exists()
    };
    let mut found = families();
    found.retain(is_generated);
    assert!(!found.is_empty());
    let number = std::env::var(variable).map_or(few, |number| number.parse().unwrap());
    (found, number)
}

/// The object without what a server would refuse in it, as far as that comes to an end.
pub fn sound(judge: &Validator, mut document: Value) -> Value {
    for _ in 0..REPAIRS {
        let report = judge.judge(&document, None, UnknownFields::Refuse);
        if report.findings.is_empty() {
            break;
        }
        for finding in &report.findings {
            remove(&mut document, &finding.path.to_string());
        }
    }
    document
}

/// Takes away what stands at the path, or the nearest thing around it that is there.
fn remove(document: &mut Value, path: &str) {
    let steps: Vec<&str> = path
        .split(['.', '[', ']'])
        .filter(|step| !step.is_empty())
        .collect();
    let mut at = document;
    for (number, step) in steps.iter().enumerate() {
        let last = number + 1 == steps.len();
        at = match at {
            Value::Object(members) => {
                if matches!(*step, "apiVersion" | "kind" | "metadata") && number == 0 {
                    return;
                }
                if last
                    || members
                        .get(*step)
                        .is_none_or(|member| !member.is_object() && !member.is_array())
                {
                    members.shift_remove(*step);
                    return;
                }
                &mut members[*step]
            }
            Value::Array(elements) => {
                let Some(index) = step
                    .parse::<usize>()
                    .ok()
                    .filter(|index| *index < elements.len())
                else {
                    return;
                };
                if last || (!elements[index].is_object() && !elements[index].is_array()) {
                    elements.remove(index);
                    return;
                }
                &mut elements[index]
            }
            _ => return,
        };
    }
}
