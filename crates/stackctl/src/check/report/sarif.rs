//! SARIF 2.1.0, the format of code scanning.

use kube_vocab::Severity;
use serde_json::{Value, json};

use stack_check::Check;

use super::{Counts, Document, Found, Part, Report, Shown, with_remedy};
use crate::check::document::CODES;
use crate::check::policies;

pub(super) struct Sarif {
    pub shown: Shown,
}

impl Report for Sarif {
    fn begin(&self) -> String {
        let rules: Vec<Value> = CODES
            .iter()
            .chain(&policies::CODES)
            .map(|(id, text)| json!({"id": id, "shortDescription": {"text": text}}))
            .chain(stack_check::all().iter().map(rule))
            .collect();
        let driver = json!({
            "name": "stackctl",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        });
        format!(
            "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{{\
             \"tool\":{{\"driver\":{driver}}},\"columnKind\":\"unicodeCodePoints\",\"results\":[\n"
        )
    }

    fn input(&self, part: &Part) -> String {
        let mut results = Vec::new();
        for document in &part.documents {
            for found in self.shown.by_line(document) {
                results.push(result(&part.file, document, found).to_string());
            }
        }
        results.join(self.separator())
    }

    fn separator(&self) -> &'static str {
        ",\n"
    }

    fn end(&self, _: &Counts, complaints: &[String]) -> String {
        let notifications: Vec<Value> = complaints
            .iter()
            .map(|text| json!({"level": "error", "message": {"text": text}}))
            .collect();
        let invocation = json!({
            "executionSuccessful": complaints.is_empty(),
            "toolExecutionNotifications": notifications,
        });
        format!("\n],\"invocations\":[{invocation}]}}]}}\n")
    }
}

/// A check between objects, as code scanning shows it.
fn rule(check: &Check) -> Value {
    json!({
        "id": check.code,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.explanation},
        "help": {"text": check.remedy},
        "defaultConfiguration": {"level": check.severity.as_str()},
    })
}

fn result(file: &str, document: &Document, found: &Found) -> Value {
    let level = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let codes = CODES.iter().chain(&policies::CODES).map(|(code, _)| *code);
    let checks = stack_check::all().iter().map(|check| check.code);
    let rule = codes.chain(checks).position(|code| code == found.code);
    let subject = document.subject();
    let place = [subject.as_str(), &found.path].join(" ");
    let fingerprint = [file, &subject, &found.code, &found.path, &found.message].join("|");
    let mut result = json!({
        "ruleId": found.code,
        "level": level,
        "message": {"text": with_remedy(document.sentence(found), found)},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": uri(file)},
                "region": {"startLine": found.line.max(1)},
            },
            "logicalLocations": [{"fullyQualifiedName": place.trim()}],
        }],
        // Which finding it is, also after it moved to another line.
        "partialFingerprints": {"object/v1": fingerprint},
    });
    if let (Some(rule), Some(members)) = (rule, result.as_object_mut()) {
        members.insert("ruleIndex".into(), rule.into());
    }
    result
}

/// A relative reference, or a `file:` address of an absolute path.
fn uri(file: &str) -> String {
    let relative = file.strip_prefix("./").unwrap_or(file);
    let mut out = String::from(if relative.starts_with('/') {
        "file://"
    } else {
        ""
    });
    for byte in relative.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte))
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_becomes_a_uri() {
        assert_eq!(uri("./a b/ü#.yaml"), "a%20b/%C3%BC%23.yaml");
        assert_eq!(uri("/tmp/a:b.yaml"), "file:///tmp/a%3Ab.yaml");
    }
}
