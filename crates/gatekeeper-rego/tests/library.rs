//! The suites of the Gatekeeper policy library give the verdicts that they assert.
//!
//! `CORPUS_DIR` names the folder of a corpus that holds the library; without it, a small suite of our own is run.

use std::path::{Path, PathBuf};

use fidelity::Corpus;
use gatekeeper_rego::{PolicySet, RegoError, Review};
use gatekeeper_types::constraints::Constraint;
use gatekeeper_types::templates::{v1, v1beta1};
use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Suite {
    tests: Vec<Test>,
}

#[derive(Deserialize)]
struct Test {
    name: String,
    template: PathBuf,
    constraint: PathBuf,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    object: PathBuf,
    #[serde(default)]
    inventory: Vec<PathBuf>,
    assertions: Vec<Assertion>,
}

#[derive(Deserialize)]
struct Assertion {
    /// `yes`, `no` or a number; absent means `yes`.
    violations: Option<Value>,
    /// A regular expression that selects violations.
    message: Option<String>,
}

impl Assertion {
    fn check(&self, messages: &[String]) -> Result<(), String> {
        let pattern = Regex::new(self.message.as_deref().unwrap_or("")).unwrap();
        let found = messages
            .iter()
            .filter(|message| pattern.is_match(message))
            .count();
        let holds = match &self.violations {
            None => found > 0,
            Some(Value::Bool(wanted)) => (found > 0) == *wanted,
            Some(Value::String(wanted)) => (found > 0) == (wanted == "yes"),
            Some(wanted) => wanted.as_u64() == Some(found as u64),
        };
        if holds {
            return Ok(());
        }
        Err(format!(
            "wanted {:?} violations of /{pattern}/, found {found} in {messages:?}",
            self.violations
        ))
    }
}

#[test]
fn the_library_gives_its_verdicts() {
    let corpus = Corpus::from_environment();
    let mut suites = Vec::new();
    find_suites(&corpus.root().join("gatekeeper/library"), &mut suites);
    let (mut run, mut failures) = (0, Vec::new());
    for path in &suites {
        let suite: Suite = serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let folder = path.parent().unwrap();
        for test in &suite.tests {
            for case in &test.cases {
                run += 1;
                if let Err(why) = run_case(folder, test, case) {
                    failures.push(format!(
                        "{} / {} / {}: {why}",
                        path.display(),
                        test.name,
                        case.name
                    ));
                }
            }
        }
    }
    eprintln!(
        "{} suites, {run} cases, {} failures",
        suites.len(),
        failures.len()
    );
    assert!(
        failures.is_empty(),
        "{} of {run} cases:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(
        suites.len() >= corpus.at_least(20) && run >= corpus.at_least(90),
        "only {} suites and {run} cases found",
        suites.len()
    );
}

fn run_case(folder: &Path, test: &Test, case: &Case) -> Result<(), String> {
    let mut policies = PolicySet::default();
    let template = read(&folder.join(&test.template));
    let added = if template["apiVersion"] == "templates.gatekeeper.sh/v1" {
        policies.add_template(&serde_json::from_value::<v1::ConstraintTemplate>(template).unwrap())
    } else {
        policies
            .add_template(&serde_json::from_value::<v1beta1::ConstraintTemplate>(template).unwrap())
    };
    added.map_err(|error: RegoError| error.to_string())?;
    let constraint: Constraint =
        serde_json::from_value(read(&folder.join(&test.constraint))).unwrap();
    policies
        .add_constraint(&constraint)
        .map_err(|error| error.to_string())?;
    for path in &case.inventory {
        policies
            .add_object(read(&folder.join(path)))
            .map_err(|error| error.to_string())?;
    }
    let object = read(&folder.join(&case.object));
    let review = if object["kind"] == "AdmissionReview" {
        Review::admission_review(&object).map_err(|error| error.to_string())?
    } else {
        Review::create(object)
    };
    let verdict = policies
        .review(&review)
        .map_err(|error| error.to_string())?;
    let messages: Vec<String> = verdict
        .violations
        .into_iter()
        .map(|found| found.message)
        .collect();
    case.assertions
        .iter()
        .try_for_each(|assertion| assertion.check(&messages))
}

fn read(path: &Path) -> Value {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn find_suites(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find_suites(&path, into);
        } else if path.file_name().is_some_and(|name| name == "suite.yaml") {
            into.push(path);
        }
    }
}
