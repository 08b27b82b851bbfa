//! The lab's policies over manifests of yours: `cargo run --example gatekeeper_policies -- pod.yaml`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use crd_validate::reader;
use gatekeeper_types::constraints::Constraint;
use gatekeeper_types::rego::{PolicySet, Review, Verdict};
use gatekeeper_types::templates::v1::ConstraintTemplate;
use lab_builder::{Environment, Lab};
use serde_json::Value;

/// Says what the lab's Gatekeeper policies would say to the creation of objects, without a cluster.
///
/// One line per object: admitted or denied, then what is wrong with it. For a namespaceSelector, put the Namespace into one
/// of the files.
#[derive(Parser)]
#[command(after_help = "\
Exit code: 0 when all is admitted, 1 when something is denied, 2 when a file cannot be read or a policy cannot be evaluated.")]
struct Arguments {
    /// Manifests, YAML or JSON, of one or several documents.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(denied) => ExitCode::from(u8::from(denied)),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether something is denied.
fn run(arguments: &Arguments) -> Result<bool, Box<dyn Error>> {
    let policies = lab_policies()?;
    let mut objects = Vec::new();
    for file in &arguments.files {
        objects.extend(read(file).map_err(|error| format!("{}: {error}", file.display()))?);
    }
    let mut denied = false;
    for object in &objects {
        let verdict = review(&policies, object, &objects)?;
        denied |= verdict.is_denied();
        print(object, &verdict);
    }
    Ok(denied)
}

fn read(file: &Path) -> Result<Vec<Value>, Box<dyn Error>> {
    let bytes = std::fs::read(file)?;
    let documents = reader::read(&bytes).into_iter();
    documents
        .map(|document| {
            document
                .content
                .map_err(|error| format!("line {}: {error}", error.line).into())
        })
        .collect()
}

/// The templates and constraints of the lab, ready to be asked.
fn lab_policies() -> Result<PolicySet, Box<dyn Error>> {
    let bundle = Lab::new(Environment::Dev).build()?;
    let mut policies = PolicySet::default();
    for template in bundle.objects_of::<ConstraintTemplate>() {
        policies.add_template(template)?;
    }
    for constraint in bundle.objects_of::<Constraint>() {
        policies.add_constraint(constraint)?;
    }
    Ok(policies)
}

/// What the webhook would say to the creation of an object.
fn review(policies: &PolicySet, object: &Value, all: &[Value]) -> Result<Verdict, Box<dyn Error>> {
    let review = Review::create(object.clone());
    let name = &object["metadata"]["namespace"];
    let namespace = all.iter().find(|other| {
        other["kind"] == "Namespace" && !name.is_null() && other["metadata"]["name"] == *name
    });
    Ok(policies.review(&match namespace {
        Some(namespace) => review.with_namespace(namespace.clone()),
        None => review,
    })?)
}

fn print(object: &Value, verdict: &Verdict) {
    let text = |pointer: &str| {
        object
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or("-")
    };
    let word = if verdict.is_denied() {
        "denied  "
    } else {
        "admitted"
    };
    println!(
        "{word} {} {}/{}",
        text("/kind"),
        text("/metadata/namespace"),
        text("/metadata/name")
    );
    for violation in &verdict.violations {
        let actions: Vec<&str> = violation.actions.iter().map(AsRef::as_ref).collect();
        println!("  {}: {violation}", actions.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pod(change: impl Fn(&mut Value)) -> Value {
        let mut pod = json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "p", "namespace": "demo", "labels": {"app": "test", "env": "dev", "team": "platform"}},
            "spec": {"securityContext": {"runAsNonRoot": true, "runAsUser": 1000}, "containers": [
                {"name": "test", "image": "busybox", "resources": {"limits": {"cpu": "100m", "memory": "64Mi"}}}]},
        });
        change(&mut pod);
        pod
    }

    fn messages(object: &Value) -> Vec<String> {
        let verdict = review(&lab_policies().unwrap(), object, &[]).unwrap();
        verdict
            .denials()
            .map(|violation| violation.message.clone())
            .collect()
    }

    /// Exercise 6-1.
    #[test]
    fn the_lab_refuses_what_it_should_with_the_documented_words() {
        assert!(messages(&pod(|_| {})).is_empty());
        let privileged = pod(|pod| {
            pod["spec"]["containers"][0]["securityContext"] = json!({"privileged": true})
        });
        assert_eq!(
            messages(&privileged),
            ["컨테이너 'test'가 privileged 모드로 실행됩니다."]
        );
        let unlabelled = pod(|pod| pod["metadata"]["labels"] = Value::Null);
        let missing =
            ["app", "env", "team"].map(|label| format!("필수 라벨 '{label}'이(가) 없습니다."));
        assert_eq!(messages(&unlabelled), missing);
        let root = pod(|pod| pod["spec"]["securityContext"] = Value::Null);
        assert_eq!(
            messages(&root),
            ["Pod securityContext에 runAsNonRoot: true가 설정되지 않았습니다."]
        );
        let unlimited = pod(|pod| pod["spec"]["containers"][0]["resources"] = Value::Null);
        assert_eq!(
            messages(&unlimited),
            ["컨테이너 'test'에 memory/cpu limits가 설정되지 않았습니다."]
        );
        for mut object in [privileged, unlabelled, root, unlimited] {
            object["metadata"]["namespace"] = json!("elsewhere");
            assert!(messages(&object).is_empty());
        }
    }
}
