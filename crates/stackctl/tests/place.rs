//! A folder in which `check` runs, and the manifests that lie there.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

/// The program.
pub fn program() -> PathBuf {
    env!("CARGO_BIN_EXE_stackctl").into()
}

/// A folder with files, in which `check` runs.
pub struct Place(tempfile::TempDir);

/// How it ended.
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Place {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A place with these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let place = Self::new();
        for (name, text) in files {
            place.write(name, text);
        }
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .arg("check")
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("NO_COLOR")
            .stdin(Stdio::null());
        command
    }

    pub fn check(&self, arguments: &[&str]) -> Run {
        Run::of(&mut self.command(arguments))
    }

    pub fn check_stdin(&self, arguments: &[&str], text: &str) -> Run {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = child.stdin.take().unwrap();
        pipe.write_all(text.as_bytes()).unwrap();
        drop(pipe);
        Run::from(child.wait_with_output().unwrap())
    }

    /// What the JSON format says of one text.
    pub fn judge(&self, text: impl AsRef<[u8]>, more: &[&str]) -> Vec<Value> {
        self.write("judged.yaml", text);
        let arguments = [&["--format", "json", "--allow-empty", "judged.yaml"], more].concat();
        self.check(&arguments).documents()
    }
}

impl From<std::process::Output> for Run {
    fn from(output: std::process::Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    pub fn of(command: &mut Command) -> Self {
        Self::from(command.output().unwrap())
    }

    /// The lines of the JSON format.
    pub fn documents(&self) -> Vec<Value> {
        assert!(self.err.is_empty(), "{}", self.err);
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// A kind of our own, with a bound, a pattern and a rule.
pub const LAMPS: &str = r#"
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: lamps.example.com
spec:
  group: example.com
  scope: Namespaced
  names:
    kind: Lamp
    plural: lamps
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              watts:
                type: integer
                maximum: 60
              cord:
                type: string
              free:
                type: object
                x-kubernetes-preserve-unknown-fields: true
            x-kubernetes-validations:
            - rule: "!has(self.cord) || has(self.watts)"
              message: a lamp with a cord needs watts
"#;

/// A Lamp whose spec has these lines.
pub fn lamp(name: &str, spec: &str) -> String {
    let mut text = format!(
        "apiVersion: example.com/v1\nkind: Lamp\nmetadata:\n  name: {name}\n  namespace: den\nspec:\n"
    );
    for line in spec.lines() {
        writeln!(text, "  {line}").unwrap();
    }
    text
}

pub fn config_map(name: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n")
}

/// A ConfigMap with a number where a string belongs, in line 5 and nowhere else.
pub fn bad_config_map(name: &str) -> String {
    config_map(name) + "data:\n  k: 5\n"
}

/// Where findings are, and what they say: line, source, and whether each part is in the message.
pub fn assert_findings(document: &Value, expected: &[(u64, &str, &str)], hint: &str) {
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(findings.len(), expected.len(), "{hint}: {document}");
    for (finding, (line, source, part)) in findings.iter().zip(expected) {
        assert_eq!(finding["line"], *line, "{hint}: {finding}");
        assert_eq!(finding["source"], *source, "{hint}: {finding}");
        let message = finding["message"].as_str().unwrap();
        assert!(message.contains(part), "{hint}: {part} is not in {message}");
    }
}
