//! Of whatever the schemas of the generated families allow, nothing is lost. `RANDOM_OBJECTS` says how many objects of each kind
//! are tried; 1000 take minutes.

use crate::common;

use common::{Whole, sound};
use crd_families::Channel;
use crd_validate::{UnknownFields, Validator};
use fidelity::losses;
use fidelity::random::{Random, object};

#[test]
fn random_objects_of_each_kind_come_back_as_they_were() {
    let (families, objects) = common::generated("RANDOM_OBJECTS", 20);
    for family in families {
        for (definition, crd) in &Whole::of(&family, Channel::Standard).definitions {
            let judge = Validator::new(crd).unwrap();
            let versions = crd["spec"]["versions"].as_array().unwrap();
            for version in versions {
                let name = version["name"].as_str().unwrap();
                let api_version = format!("{}/{name}", definition.group());
                let known = family.version(&api_version, definition.kind()).unwrap();
                let mut compared = 0;
                for seed in 0..objects.div_ceil(versions.len() as u64) {
                    let mut document = object(crd, version, &mut Random(seed));
                    let mut read = known.strict(&document);
                    if read.is_err() {
                        // What a rule forbids need not be read; what a server would take must be.
                        document = sound(&judge, document);
                        read = known.strict(&document);
                        let report = judge.judge(&document, None, UnknownFields::Refuse);
                        if read.is_err() && !report.is_accepted() {
                            continue;
                        }
                    }
                    compared += 1;
                    let read = read.unwrap_or_else(|error| panic!("{error}\n{document}"));
                    let mut lost = losses(&document, &read.to_value().unwrap());
                    lost.retain(|loss| !is_normal(loss));
                    assert!(lost.is_empty(), "{api_version} {lost:?}\n{document}");
                }
                assert!(compared > 0, "{api_version} {}", definition.kind());
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
