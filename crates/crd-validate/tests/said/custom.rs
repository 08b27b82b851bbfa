//! What is said of a custom resource: `custom.txt` has the schema of its member `spec.v` in a line, and below it values, each
//! with its findings after `=>`. `A -> B` is a change.

use crd_validate::{Report, Validator};
use serde_json::{Value, json};

use super::{parse, shortened, written_out};

fn lamps(schema: &str) -> Validator {
    let schema = parse(&format!("{{type: object, properties: {{v: {schema}}}}}"));
    Validator::new(&json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "example.com", "scope": "Namespaced", "names": {"kind": "Lamp", "plural": "lamps"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
                "type": "object", "properties": {"spec": schema}
            }}}]
        }
    }))
    .unwrap()
}

fn lamp(value: &str) -> Value {
    let spec = parse(&format!("{{v: {}}}", written_out(value)));
    json!({"apiVersion": "example.com/v1", "kind": "Lamp", "metadata": {"name": "desk"}, "spec": spec})
}

fn said(report: &Report) -> String {
    let notes = report.notes.iter().map(|note| ("note ", note));
    let findings = report.findings.iter().map(|finding| ("", finding));
    let all = findings.chain(notes).map(|(sort, fault)| {
        let path = fault.path.to_string();
        let path = path.strip_prefix("spec.v").unwrap_or(&path);
        format!("{sort}{path}: {}", shortened(&fault.message.to_string()))
    });
    all.collect::<Vec<_>>().join("; ")
}

#[test]
fn findings_on_values_have_their_words() {
    let mut wrong = String::new();
    let mut count = 0;
    for block in include_str!("custom.txt").trim_end().split("\n\n") {
        let (schema, values) = block.split_once('\n').unwrap();
        let lamps = lamps(schema);
        let mut found = String::new();
        for line in values.lines() {
            let value = line
                .split_once(" =>")
                .map_or(line, |(value, _)| value)
                .trim();
            let report = match value.split_once(" -> ") {
                Some((old, new)) => lamps.update(&lamp(new), &lamp(old)),
                None => lamps.create(&lamp(value)),
            };
            let line = format!("  {value} => {}", said(&report));
            found += &format!("{}\n", line.trim_end());
            count += 1;
        }
        if found.trim_end() != values.trim_end() {
            wrong += &format!("{schema}\n{found}\n");
        }
    }
    assert!(wrong.is_empty(), "otherwise than written:\n{wrong}");
    assert!(count > 300, "only {count} values");
}
