//! Each family: the CRDs generated from the types say what upstream's say.
//!
//! Families come from the registry. An inventory lies in `inventory/<family>`, or for each release channel in
//! `inventory/<family>/<channel>`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crd_conformance::{Inventory, Listed, compare, load};
use crd_families::{Channel, Family, families};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;

/// More deliberate differences than this, and a family no longer follows upstream.
const MOST_LISTED: usize = 10;

#[test]
fn the_definitions_of_every_family_say_what_upstreams_say() {
    let inventories = Path::new(env!("CARGO_MANIFEST_DIR")).join("inventory");
    let mut faults = String::new();
    for family in families() {
        let name = family.name();
        let by_channel = [Channel::Standard, Channel::Experimental]
            .map(|channel| (format!("{name}/{}", channel.as_str()), channel))
            .into_iter()
            .filter(|(folder, _)| inventories.join(folder).is_dir());
        let mut inventory: Vec<_> = by_channel.collect();
        if inventory.is_empty() {
            inventory.push((name.to_owned(), Channel::Standard));
        }
        for (folder, channel) in inventory {
            faults += &check(&folder, &family.crds(channel));
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn every_inventory_belongs_to_a_family() {
    let inventories = Path::new(env!("CARGO_MANIFEST_DIR")).join("inventory");
    let known = families();
    let mut names: Vec<&str> = known.iter().map(Family::name).collect();
    names.sort_unstable();
    let mut found: Vec<String> = fs::read_dir(inventories)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort_unstable();
    assert_eq!(found, names);
}

/// What is wrong, for people; nothing when all is well.
fn check(family: &str, crds: &[CustomResourceDefinition]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let upstream = load(&root.join("inventory").join(family)).unwrap();
    let list = root
        .join("differences")
        .join(format!("{}.tsv", family.replace('/', "-")));
    let listed = Listed::parse(&fs::read_to_string(list).unwrap_or_default());
    let ours: BTreeMap<String, Inventory> = crds
        .iter()
        .map(|crd| {
            let name = crd.metadata.name.clone().unwrap();
            (name, Inventory::of_crd(&serde_json::to_value(crd).unwrap()))
        })
        .collect();

    let nothing = Inventory::default();
    let mut unexplained = Vec::new();
    let mut used = vec![false; listed.len()];
    let mut places = 0;
    for name in upstream
        .keys()
        .chain(ours.keys().filter(|name| !upstream.contains_key(*name)))
    {
        let theirs = upstream.get(name).unwrap_or(&nothing);
        places += theirs.len();
        for difference in compare(theirs, ours.get(name).unwrap_or(&nothing)) {
            match listed
                .iter()
                .position(|entry| entry.covers(name, &difference.place))
            {
                Some(position) => used[position] = true,
                None => unexplained.push(format!("{name} {difference}")),
            }
        }
    }
    for (entry, used) in listed.iter().zip(used) {
        if !used {
            unexplained.push(format!("listed, but no difference: {entry:?}"));
        }
    }
    let mut faults = String::new();
    if !unexplained.is_empty() {
        let lines = unexplained.join("\n");
        writeln!(
            faults,
            "{family}: {} of {places} places differ from upstream (- upstream only, + ours only, ~ upstream -> ours):\n{lines}",
            unexplained.len(),
        )
        .unwrap();
    }
    if listed.len() > MOST_LISTED {
        writeln!(faults, "{family}: {} listed differences", listed.len()).unwrap();
    }
    faults
}
