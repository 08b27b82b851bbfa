//! The generated CRDs judge objects as upstream's do, rule by rule. The verdicts in
//! `rules/verdicts.tsv` are those of a real API server with upstream's CRDs.
#![cfg(feature = "schema")]

use std::collections::{BTreeMap, BTreeSet};

use crd_validate::Validator;
use gateway_api::Channel;
use serde_json::{Value, json};

const VERDICTS: &str = include_str!("rules/verdicts.tsv");

fn definitions(channel: Channel) -> BTreeMap<String, Value> {
    gateway_api::crds(channel)
        .iter()
        .map(|crd| {
            (
                crd.spec.names.kind.clone(),
                serde_json::to_value(crd).unwrap(),
            )
        })
        .collect()
}

/// The verdict on each row in a channel, and the document.
fn rows(channel: Channel) -> impl Iterator<Item = (&'static str, Value)> {
    let rows = VERDICTS.lines().filter(|line| !line.starts_with('#'));
    rows.map(move |line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [standard, experimental, api_version, kind, spec] = cells.as_slice() else {
            panic!("{line}");
        };
        let verdict = match channel {
            Channel::Standard => standard,
            Channel::Experimental => experimental,
        };
        let document = json!({
            "apiVersion": api_version, "kind": kind,
            "metadata": {"name": "x", "namespace": "default"},
            "spec": serde_json::from_str::<Value>(spec).unwrap(),
        });
        (*verdict, document)
    })
}

#[test]
fn verdicts_are_those_of_upstream_in_the_standard_channel() {
    compare(Channel::Standard);
}

#[test]
fn verdicts_are_those_of_upstream_in_the_experimental_channel() {
    compare(Channel::Experimental);
}

fn compare(channel: Channel) {
    let definitions = definitions(channel);
    let validators: BTreeMap<&String, Validator> = definitions
        .iter()
        .map(|(kind, crd)| (kind, Validator::new(crd).unwrap()))
        .collect();
    let mut judged = 0;
    let mut said = BTreeSet::new();
    let mut wrong = Vec::new();
    for (verdict, document) in rows(channel).filter(|(verdict, _)| *verdict != "unknown-kind") {
        let kind = document["kind"].as_str().unwrap().to_owned();
        let report = validators[&kind].create(&document);
        judged += 1;
        if report.is_accepted() != (verdict == "accepted") {
            wrong.push(format!("{verdict}: {document}\n{:?}", report.findings));
        }
        let rules = report
            .findings
            .into_iter()
            .filter(|finding| finding.code == "cel");
        said.extend(rules.map(|finding| finding.message));
    }
    assert!(
        wrong.is_empty(),
        "{} of {judged}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(judged > 400, "{judged}");

    // Each rule was broken by some document.
    let mut messages = BTreeSet::new();
    for crd in definitions.values() {
        collect(&crd["spec"]["versions"], &mut messages);
    }
    let unbroken: Vec<_> = messages
        .iter()
        .filter(|message| !said.iter().any(|said| said.ends_with(*message)))
        .filter(|message| !BY_UPDATES_OR_STATUS.contains(&message.as_str()))
        .filter(|message| !BY_THE_SCHEMA.contains(&message.as_str()))
        .collect();
    assert!(unbroken.is_empty(), "{unbroken:#?}");
}

/// Rules that no creation can break.
const BY_UPDATES_OR_STATUS: [&str; 2] = [
    "the controller of a class never changes",
    "the controller of a mesh never changes",
];

/// Rules that the schema keeps from being broken; upstream has them all the same.
const BY_THE_SCHEMA: [&str; 2] = [
    "type is PathPrefix, Exact or RegularExpression",
    "listener names are unique",
];

fn collect(value: &Value, messages: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for rule in members
                .get("x-kubernetes-validations")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                messages.extend(rule["message"].as_str().map(str::to_owned));
            }
            members
                .values()
                .for_each(|member| collect(member, messages));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, messages)),
        _ => {}
    }
}
