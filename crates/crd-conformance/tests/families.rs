//! Each family: the CRDs generated from the types say what upstream's say.
//!
//! A new family is one more line in `families!` below; see the README.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crd_conformance::{Inventory, Listed, compare, load};
use gateway_api::Channel;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;

/// More deliberate differences than this, and a family no longer follows upstream.
const MOST_LISTED: usize = 10;

macro_rules! families {
    ($($name:ident: $inventory:expr, $crds:expr;)*) => {
        $(#[test]
        fn $name() {
            check($inventory, $crds);
        })*
    };
}

families! {
    argocd: "argocd", argocd_types::crds();
    gateway_api_standard: "gateway-api/standard", gateway_api::crds(Channel::Standard);
    gateway_api_experimental: "gateway-api/experimental", gateway_api::crds(Channel::Experimental);
    cilium: "cilium", cilium_types::crds();
    gatekeeper: "gatekeeper", gatekeeper_types::crds();
    istio: "istio", istio_types::crds();
    prometheus_operator: "prometheus-operator", prometheus_operator_types::crds();
}

fn check(family: &str, crds: Vec<CustomResourceDefinition>) {
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
    assert!(
        unexplained.is_empty(),
        "{family}: {} of {places} places differ from upstream (- upstream only, + ours only, ~ upstream -> ours):\n{}",
        unexplained.len(),
        unexplained.join("\n")
    );
    assert!(
        listed.len() <= MOST_LISTED,
        "{family}: {} listed differences",
        listed.len()
    );
}
