//! What is said of a built-in object, word for word: `builtin.txt` has a manifest in a line, and below it each finding.
//! A change there is to be true of a real server.
//!
//! `1.34 ` before a manifest is the version of the server, `A -> B` a change, and `schema ` stands before the schema of a
//! CustomResourceDefinition. `<5>` is a name of five letters, and `<3:k#: v>` are three items with their number in place of `#`.
use crd_validate::{KubernetesVersion, Registry, UnknownFields, Verdict};

use super::{parse, shortened, written_out};

fn said(registries: &[Registry], line: &str) -> String {
    let (version, line) = match line.split_once(' ') {
        Some((version, rest)) if version.starts_with("1.") => (version.parse().unwrap(), rest),
        _ => (KubernetesVersion::default(), line),
    };
    let line = match line.strip_prefix("schema ") {
        Some(schema) => format!(
            "{{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {{name: as.a.b}}, spec: {{group: a.b, scope: Namespaced, names: {{plural: as, kind: A}}, versions: [{{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {schema}}}}}]}}}}"
        ),
        None => line.to_owned(),
    };
    let mut registries = registries.iter();
    let registry = registries.find(|registry| registry.version() == version);
    let registry = registry.unwrap();
    let judgement = match line.split_once(" -> ") {
        Some((old, new)) => {
            let (old, new) = (parse(&written_out(old)), parse(&written_out(new)));
            registry.judge_update(&new, &old, UnknownFields::Refuse)
        }
        None => registry.judge(&parse(&written_out(&line)), UnknownFields::Refuse),
    };
    assert_ne!(judgement.verdict, Verdict::Unknown, "{line}");
    let report = &judgement.report;
    let notes = report.notes.iter().map(|note| ("note: ", note));
    let all = report.findings.iter().map(|finding| ("", finding));
    all.chain(notes)
        .map(|(sort, fault)| {
            let message = shortened(&fault.message.to_string());
            format!("  {sort}{}: {message}\n", fault.path)
        })
        .collect()
}

/// Whether a manifest has a text of hundreds of thousands of letters, which takes most of the time.
fn is_long(line: &str) -> bool {
    line.split('<').skip(1).any(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit);
        digits.count() > 5
    })
}

fn all_is_said(chosen: impl Fn(&str) -> bool, least: usize) {
    let registries = KubernetesVersion::ALL.map(Registry::for_version);
    let mut wrong = String::new();
    let mut count = 0;
    for block in include_str!("builtin.txt").trim_end().split("\n\n") {
        let (line, expected) = block.split_once('\n').unwrap_or((block, ""));
        if !chosen(line) {
            continue;
        }
        let found = said(&registries, line);
        if found.trim_end() != expected.trim_end() {
            wrong += &format!("{line}\n{found}\n");
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "otherwise than written:\n{wrong}");
    assert!(count >= least, "only {count} manifests");
}

#[test]
fn findings_have_their_path_and_their_words() {
    all_is_said(|line| !is_long(line), 250);
}

#[test]
fn sizes_are_those_of_all_values_together() {
    all_is_said(is_long, 10);
}
