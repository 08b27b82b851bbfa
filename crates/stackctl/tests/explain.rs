//! What `explain` says, held to by `check`.
#![allow(clippy::unwrap_used)]

use crate::place;

use std::process::Command;

use lab_builder::components::{ArgoCd, Cilium, DemoApp, Istio, Kong, Lgtm};
use lab_builder::{Environment, Lab};
use place::Place;
use serde_json::json;

fn explain(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(place::program())
        .arg("explain")
        .args(arguments)
        .output()
        .unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

/// The indented example below a heading.
fn example(text: &str, heading: &str) -> Option<String> {
    let (_, rest) = text.split_once(heading)?;
    let lines = rest.trim_start_matches('\n').lines();
    let lines = lines.take_while(|line| line.is_empty() || line.starts_with("    "));
    Some(
        lines
            .map(|line| format!("{}\n", line.get(4..).unwrap_or("")))
            .collect(),
    )
}

/// Codes of the list: the first word of each line, with the group behind it.
fn codes() -> Vec<(String, String)> {
    let (status, list) = explain(&["--list"]);
    assert_eq!(status, Some(0));
    let rows = list.lines().map(|line| {
        let mut words = line
            .split("  ")
            .map(str::trim)
            .filter(|word| !word.is_empty());
        let code = words.next().unwrap().to_owned();
        (code, words.next().unwrap_or_default().to_owned())
    });
    rows.collect()
}

#[test]
fn every_code_has_an_explanation_and_a_remedy() {
    let codes = codes();
    assert!(codes.len() > 140, "{}", codes.len());
    for (code, _) in codes {
        let (status, text) = explain(&[&code]);
        assert_eq!(status, Some(0), "{code}");
        assert!(text.starts_with(&code), "{text}");
        assert!(text.contains("\nWhat to do: "), "{text}");
        let examples = ["With the fault:", "Without:"].map(|heading| example(&text, heading));
        assert!(examples.iter().all(Option::is_some), "{text}");
    }
    assert_eq!(explain(&["no-such-code"]).0, Some(2));
}

#[test]
fn examples_of_what_single_objects_and_policies_are_told_have_the_fault_and_lack_it() {
    let place = Place::new();
    let groups = ["references", "conflicts", "capacity", "posture", "lab"];
    // The examples of the checks between objects are run where they are written.
    let alone = codes()
        .into_iter()
        .filter(|(_, group)| !groups.contains(&group.as_str()));
    let mut seen = 0;
    for (code, _) in alone {
        let (_, text) = explain(&[&code]);
        for (heading, expected) in [("With the fault:", true), ("Without:", false)] {
            place.write("example.yaml", example(&text, heading).unwrap());
            let run = place.check(&["--format", "json", "--allow-empty", "example.yaml"]);
            let mark = format!("\"source\":\"{code}\"");
            let found = match code.as_str() {
                // Not judged, and therefore without a finding.
                "no-object" | "unknown-kind" => run.out.contains("\"verdict\":\"unknown\""),
                _ => run.out.contains(&mark),
            };
            assert_eq!(
                found, expected,
                "{code}: {heading}\n{}\n{}",
                run.out, run.err
            );
        }
        seen += 1;
    }
    assert_eq!(seen, 13);
}

/// The labs of a code: with the fault, and without.
macro_rules! labs {
    ($($code:literal),* $(,)?) => {
        [$((
            $code,
            include_str!(concat!("../fixtures/lab/", $code, "/failing.rs")),
            [
                || include!(concat!("../fixtures/lab/", $code, "/failing.rs")),
                || include!(concat!("../fixtures/lab/", $code, "/passing.rs")),
            ],
        )),*]
    };
}

/// A code of the lab, the text of its failing example, and the labs of both examples.
type Labs = (&'static str, &'static str, [fn() -> Lab; 2]);

#[test]
fn examples_of_the_checks_of_the_lab_are_labs_with_the_fault_and_without() {
    let labs: [Labs; 15] = labs![
        "admission",
        "api-groups",
        "attribute-cardinality",
        "cni-chaining",
        "external-plain-text",
        "floating-images",
        "gateway-identity",
        "ingest-storage",
        "overlay",
        "placeholders",
        "plain-text-callers",
        "published-ports",
        "socket-balancing",
        "trace-completeness",
        "version-pairs",
    ];
    let known: Vec<String> = codes()
        .into_iter()
        .filter(|(_, group)| group == "lab")
        .map(|(code, _)| code)
        .collect();
    assert_eq!(known, labs.map(|(code, ..)| code));
    let mut wrong = Vec::new();
    for (code, failing, labs) in labs {
        let (_, text) = explain(&[code]);
        let shown = example(&text, "With the fault:").unwrap();
        assert_eq!(shown.trim_end(), failing.trim_end());
        let has_it = labs.map(|lab| match lab().build() {
            Ok(bundle) => {
                let mut findings = bundle.check().findings.into_iter();
                Ok(findings.any(|finding| finding.code == code))
            }
            Err(error) => Err(error.to_string()),
        });
        if has_it != [Ok(true), Ok(false)] {
            wrong.push((code, has_it));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
