//! A definition that the types make judges as upstream's does: sound objects, and what small changes make of them. `CRDS_DIR`
//! names the folder with upstream's definitions; `MUTATIONS` says how many changes each family gets.

use crate::common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use common::sound;
use crd_families::{Channel, Family};
use crd_validate::{Report, UnknownFields, Validator};
use fidelity::random::{Random, object};
use serde_json::{Value, json};

#[test]
fn our_definitions_judge_as_those_of_upstream() {
    let Some(root) = fidelity::data_folder("CRDS_DIR") else {
        return;
    };
    let (families, mutations) = common::generated("MUTATIONS", 150);
    for family in families {
        compare(&family, &root.join(family.name()), mutations);
    }
}

fn compare(family: &Family, folder: &Path, mutations: u64) {
    let upstream = definitions(folder);
    let ours = family.definitions(Channel::Standard);
    let mut versions = Vec::new();
    for crd in &upstream {
        let kind = crd["spec"]["names"]["kind"].as_str().unwrap();
        let group = crd["spec"]["group"].as_str().unwrap();
        let mut known = ours.iter();
        let known = known.find(|known| known.kind() == kind && known.group() == group);
        let known = known.unwrap_or_else(|| panic!("{}: no kind {kind}", family.name()));
        for version in crd["spec"]["versions"].as_array().unwrap() {
            if version["served"] == true {
                versions.push((crd, version, known));
            }
        }
    }
    let each = mutations.div_ceil(versions.len() as u64);
    let (mut accepted, mut refused) = (0_u64, 0_u64);
    for (crd, version, known) in versions {
        let theirs = Validator::new(crd).unwrap();
        let ours = Validator::new(&known.to_json().unwrap()).unwrap();
        let mut base = Value::Null;
        for seed in 0..each {
            let mut random = Random(seed);
            // A few changes to each of a few objects: most of the cost is making a sound one.
            if seed % 5 == 0 {
                base = sound(&theirs, object(crd, version, &mut random));
            }
            let mut changed = base.clone();
            if seed % 5 != 0 {
                change(&mut changed, &mut random);
            }
            let said = [&theirs, &ours]
                .map(|by| summary(&by.judge(&changed, None, UnknownFields::Refuse)));
            match said[0].is_empty() {
                true => accepted += 1,
                false => refused += 1,
            }
            assert!(
                said[0] == said[1],
                "{} {}: upstream's definition says {:?}, ours {:?}\n{changed}",
                family.name(),
                known.kind(),
                said[0],
                said[1]
            );
        }
    }
    // A comparison of nothing but refusals, or of none, would prove little.
    assert!(
        accepted > 0 && refused > 0,
        "{}: {accepted} accepted, {refused} refused",
        family.name()
    );
}

fn definitions(folder: &Path) -> Vec<Value> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let texts = files.iter().map(|path| fs::read_to_string(path).unwrap());
    texts
        .map(|text| serde_yaml::from_str(&text).unwrap())
        .collect()
}

/// Where something is wrong, or cannot be judged.
fn summary(report: &Report) -> BTreeSet<String> {
    let found = report.findings.iter().chain(&report.notes);
    found.map(|finding| finding.path.to_string()).collect()
}

/// One small change somewhere below the root.
fn change(document: &mut Value, random: &mut Random) {
    let mut at = document;
    // Down to some place; each step may be the last.
    loop {
        let steps: Vec<String> = match &*at {
            Value::Object(members) => members
                .keys()
                .filter(|key| !matches!(key.as_str(), "apiVersion" | "kind" | "metadata"))
                .cloned()
                .collect(),
            Value::Array(elements) => (0..elements.len()).map(|index| index.to_string()).collect(),
            _ => Vec::new(),
        };
        if steps.is_empty() || random.below(6) == 0 {
            break;
        }
        let step = random.pick(&steps);
        at = match at {
            Value::Object(members) => &mut members[step.as_str()],
            Value::Array(elements) => &mut elements[step.parse::<usize>().unwrap()],
            _ => return,
        };
    }
    match at {
        Value::Object(members) if random.below(3) > 0 => {
            let keys: Vec<String> = members.keys().cloned().collect();
            match random.below(3) {
                0 => {
                    members.insert("unheardOf".to_owned(), json!(1));
                }
                1 if !keys.is_empty() => {
                    members.shift_remove(random.pick(&keys));
                }
                _ if !keys.is_empty() => {
                    let value = other(random);
                    members.insert(random.pick(&keys).clone(), value);
                }
                _ => {}
            }
        }
        Value::Array(elements) if !elements.is_empty() && random.below(2) == 0 => {
            let again = random.pick(elements).clone();
            elements.push(again);
        }
        Value::String(text) if random.below(2) == 0 => text.push_str("_ x"),
        Value::Number(number) if random.below(2) == 0 => {
            let moved = number.as_f64().unwrap_or_default() - 1_000_000.0;
            *at = json!(moved.trunc() as i64);
        }
        _ => *at = other(random),
    }
}

fn other(random: &mut Random) -> Value {
    random
        .pick(&[
            json!(null),
            json!(true),
            json!(-1),
            json!(0.5),
            json!(9_999_999_999_i64),
            json!(""),
            json!("100"),
            json!("https://a.b/c"),
            json!([]),
            json!({}),
            json!([{}, "x"]),
            json!({"a": {"b": []}}),
        ])
        .clone()
}
