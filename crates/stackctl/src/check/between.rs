//! Findings between objects, where the judge of each document looks for them.

use std::collections::HashMap;

use kube_vocab::{Finding, Location, Subject};
use stack_model::Value;

/// Up to how many findings of a line are looked through for those of an object.
const FEW: usize = 16;

/// The findings between objects, by the file and the line on which the document of their object starts.
#[derive(Default)]
pub(super) struct Between(HashMap<String, HashMap<usize, AtLine>>);

/// What is found of the objects that start on one line.
#[derive(Default)]
struct AtLine {
    findings: Vec<Finding>,
    /// Of more than [`FEW`], as in a list that stands on one line: which of them are of an object, by its namespace and name and
    /// by its name alone.
    of_objects: HashMap<(Option<String>, String), Vec<usize>>,
    /// Those of something else.
    of_others: Vec<usize>,
}

impl Between {
    /// Takes all findings; of those that have no place, `placeless` is told.
    pub fn new(
        findings: impl IntoIterator<Item = Finding>,
        mut placeless: impl FnMut(Finding),
    ) -> Self {
        let mut between = Self::default();
        for finding in findings {
            // Objects are read without the lines of their values: all that is known is where they start.
            let Some(Location { file, line }) = &finding.location else {
                placeless(finding);
                continue;
            };
            let lines = match between.0.get_mut(file) {
                Some(lines) => lines,
                None => between.0.entry(file.clone()).or_default(),
            };
            lines.entry(*line).or_default().findings.push(finding);
        }
        let lines = between.0.values_mut().flat_map(HashMap::values_mut);
        lines
            .filter(|line| line.findings.len() > FEW)
            .for_each(AtLine::index);
        between
    }

    /// Whether there is something to say of what starts there.
    pub fn is_at(&self, file: &str, line: usize) -> bool {
        self.0
            .get(file)
            .is_some_and(|lines| lines.contains_key(&line))
    }

    /// The findings of the object of the document that starts there, in the order in which they were given.
    pub fn of(&self, file: &str, line: usize, object: &Value) -> Vec<&Finding> {
        let at_line = self.0.get(file).and_then(|lines| lines.get(&line));
        at_line.map_or_else(Vec::new, |at_line| at_line.of(object))
    }
}

impl AtLine {
    fn index(&mut self) {
        for (position, finding) in self.findings.iter().enumerate() {
            let Subject::Object(id) = &finding.subject else {
                self.of_others.push(position);
                continue;
            };
            // An object that does not write its namespace is looked for by its name alone.
            let namespace = id.namespace.clone().map(Some);
            for namespace in std::iter::once(None).chain(namespace) {
                let key = (namespace, id.name.clone());
                self.of_objects.entry(key).or_default().push(position);
            }
        }
    }

    fn of(&self, object: &Value) -> Vec<&Finding> {
        let is_of = |finding: &&Finding| is_of(finding, object);
        if self.findings.len() <= FEW {
            return self.findings.iter().filter(is_of).collect();
        }
        let key = (
            text(object, "/metadata/namespace").map(str::to_owned),
            text(object, "/metadata/name")
                .unwrap_or_default()
                .to_owned(),
        );
        let own = self.of_objects.get(&key).into_iter().flatten();
        let mut positions: Vec<usize> = own.chain(&self.of_others).copied().collect();
        positions.sort_unstable();
        let findings = positions.iter().map(|position| &self.findings[*position]);
        findings.filter(is_of).collect()
    }
}

/// Objects of a list may stand on one line.
fn is_of(finding: &Finding, object: &Value) -> bool {
    match &finding.subject {
        Subject::Object(id) => {
            let namespace = text(object, "/metadata/namespace");
            text(object, "/kind") == Some(&*id.kind)
                && text(object, "/metadata/name").unwrap_or_default() == id.name
                && namespace.is_none_or(|namespace| id.namespace.as_deref() == Some(namespace))
        }
        _ => true,
    }
}

fn text<'v>(object: &'v Value, pointer: &str) -> Option<&'v str> {
    object.pointer(pointer).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use kube_vocab::{ObjectId, Severity};
    use serde_json::json;

    use super::*;

    /// Findings of objects of two namespaces and of none, and of a file, all on one line.
    fn findings(count: usize) -> Vec<Finding> {
        (0..count)
            .map(|number| {
                let namespace = [Some("a"), Some("b"), None][number % 3];
                let name = format!("web-{}", number % 4);
                let subject = match number % 7 {
                    6 => Subject::File("x.yaml".to_owned()),
                    _ => Subject::Object(ObjectId::new("v1", "Service", namespace, name)),
                };
                let place = Location {
                    file: "x.yaml".to_owned(),
                    line: 3,
                };
                let message = number.to_string();
                Finding::new("code", Severity::Error, subject, message).located(Some(place))
            })
            .collect()
    }

    #[test]
    fn an_object_has_the_same_findings_among_many_as_among_few() {
        for count in [1, FEW, FEW + 1, 200] {
            let all = findings(count);
            let between = Between::new(all.clone(), |_| panic!("all have a place"));
            for namespace in [None, Some("a"), Some("b"), Some("c")] {
                for name in ["web-0", "web-3", "web-9"] {
                    let mut object = json!({"kind": "Service", "metadata": {"name": name}});
                    if let Some(namespace) = namespace {
                        object["metadata"]["namespace"] = namespace.into();
                    }
                    let object = Value::from(object);
                    let expected: Vec<_> = all.iter().filter(|one| is_of(one, &object)).collect();
                    assert_eq!(between.of("x.yaml", 3, &object), expected, "{count} {name}");
                    assert!(between.of("x.yaml", 4, &object).is_empty());
                }
            }
        }
    }
}
