//! Of whatever the schemas of the generated families allow, nothing is lost. `RANDOM_OBJECTS` says how many objects of each kind
//! are tried; 1000 take minutes.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use crd_families::Channel;
use fidelity::losses;
use fidelity::random::{Random, object};

#[test]
fn random_objects_of_each_kind_come_back_as_they_were() {
    let (families, objects) = common::generated("RANDOM_OBJECTS", 20);
    for family in families {
        for definition in family.definitions(Channel::Standard) {
            let crd = definition.to_json().unwrap();
            let versions = crd["spec"]["versions"].as_array().unwrap();
            for version in versions {
                let name = version["name"].as_str().unwrap();
                let api_version = format!("{}/{name}", definition.group());
                let known = family.version(&api_version, definition.kind()).unwrap();
                for seed in 0..objects.div_ceil(versions.len() as u64) {
                    let document = object(&crd, version, &mut Random(seed));
                    let read = known.strict(&document);
                    let read = read.unwrap_or_else(|error| panic!("{error}\n{document}"));
                    let mut lost = losses(&document, &read.to_value().unwrap());
                    lost.retain(|loss| !is_normal(loss));
                    assert!(lost.is_empty(), "{api_version} {lost:?}\n{document}");
                }
            }
        }
    }
}

/// What a server does as well: names in references are empty by default, and amounts become texts.
fn is_normal(loss: &str) -> bool {
    let (_, change) = loss.rsplit_once(": ").unwrap_or_default();
    let amount = change.split_once(" became ");
    loss.ends_with(".name: invented \"\"")
        || amount.is_some_and(|(before, after)| after == format!("\"{before}\""))
}
