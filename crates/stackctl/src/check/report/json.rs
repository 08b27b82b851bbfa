//! For programs: one object per document and line.

use serde_json::{Map, Value, json};

use super::{Document, Part, Report, Shown};

pub(super) struct Json {
    pub shown: Shown,
}

impl Report for Json {
    fn input(&self, part: &Part) -> String {
        let mut text = String::new();
        for document in &part.documents {
            if !self.shown.quiet || document.findings.iter().any(|found| found.fails) {
                text.push_str(&self.document(&part.file, document).to_string());
                text.push('\n');
            }
        }
        text
    }
}

impl Json {
    fn document(&self, file: &str, document: &Document) -> Value {
        let optional = |value: &Option<String>| value.clone().map_or(Value::Null, Value::from);
        // That the kind is not known is said by the verdict.
        let findings: Vec<Value> = document
            .findings
            .iter()
            .filter(|found| self.shown.is_shown(found) && !found.is_unknown())
            .map(|found| {
                let mut out = json!({
                    "path": found.path,
                    "message": found.message,
                    "source": found.code,
                    "severity": found.severity.as_str(),
                    "line": found.line,
                });
                if let (false, Some(members)) = (found.remedy.is_empty(), out.as_object_mut()) {
                    members.insert("remedy".into(), found.remedy.clone().into());
                }
                out
            })
            .collect();
        let mut out = Map::new();
        out.insert("file".into(), file.into());
        out.insert("index".into(), document.index.into());
        out.insert("line".into(), document.line.into());
        out.insert("apiVersion".into(), optional(&document.api_version));
        out.insert("kind".into(), optional(&document.kind));
        out.insert("namespace".into(), optional(&document.namespace));
        out.insert("name".into(), optional(&document.name));
        out.insert("verdict".into(), document.outcome.as_str().into());
        out.insert("findings".into(), findings.into());
        if let Some(object) = &document.object {
            out.insert("object".into(), object.clone());
        }
        out.into()
    }
}
