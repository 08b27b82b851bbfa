//! `stackctl policies`: what policies say of manifests, without a cluster.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use crd_validate::reader;
use gatekeeper_rego::{PolicySet, Review, Verdict};
use gatekeeper_types::constraints::Constraint;
use gatekeeper_types::templates::v1::ConstraintTemplate;
use lab_builder::{Environment, Lab, Object};
use lab_cli::charts::Charts;
use lab_cli::text::{counted, one_line};
use lab_cli::{Console, Failure, Progress};
use serde_json::Value;
use stack_model::{Model, Scope};
use stack_policy::{Outcome, PolicyRow, Report, Verdict as Said};

use crate::charts;
use crate::check;
use crate::files::{self, Exclude};
use crate::recognise;

/// Say what policies would say to the creation of objects, without a cluster
///
/// The policies are those among the files: Pod Security levels of namespaces, ValidatingAdmissionPolicies with their bindings,
/// Kyverno's, Gatekeeper's templates and constraints. Each is told with what it says; a Deployment answers for its pods, too.
///
/// Where there are none among the files, the documented lab's are asked: one line per object, admitted or denied, then what is
/// wrong with it. An object that lives in a namespace and names none is judged as `kubectl apply` would send it, in the
/// namespace `default`. For a namespaceSelector, put the Namespace into one of the files.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl policies pod.yaml
  helm template my-chart | stackctl policies -
  stackctl policies policies/ manifests/           your own policies over your own objects
  stackctl policies --lab manifests/               the lab's policies, whatever else is there
  stackctl policies --charts rendered/ lab/        a tree with what its charts make

Exit code: 0 when all is admitted, 1 when something is denied, 2 when a file cannot be read or a policy cannot be evaluated.")]
pub struct Arguments {
    /// Files, folders, or - for standard input; YAML or JSON, of one or several documents.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Judge with the files what charts make: a folder with what `helm template` printed, RELEASE.yaml each; or `helm`, which
    /// renders the releases of a tree that `stackctl render` wrote. Hooks are judged, too.
    #[arg(long, value_name = "helm|DIR")]
    pub charts: Option<Charts>,

    /// Ask the documented lab's policies, also where the files hold others.
    #[arg(long)]
    pub lab: bool,
}

/// Judges the objects in the files, and says whether something is denied.
///
/// # Errors
/// When a file cannot be read, a policy cannot be evaluated, or the answer cannot be written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let objects = read(arguments, console)?;
    let model = Model::read(objects.iter().cloned());
    let own = check::policies::of(&model);
    if !arguments.lab && !own.rows().is_empty() {
        let report = own.judge(&model);
        console.print(&table(&own.rows(), &report))?;
        return Ok(report.denials().next().is_some());
    }
    let policies = lab_policies()?;
    let mut denied = false;
    for object in &objects {
        let placed = placed(object, &model);
        let verdict = review(&policies, placed.as_ref().unwrap_or(object), &objects)?;
        denied |= verdict.is_denied();
        if !console.print(&said(object, placed.is_some(), &verdict))? {
            break;
        }
    }
    Ok(denied)
}

/// Each policy with what it says, then how many objects all of them let pass.
fn table(rows: &[PolicyRow], report: &Report) -> String {
    let mut out = String::new();
    for row in rows {
        let of_row: Vec<&Said> = report
            .verdicts
            .iter()
            .filter(|verdict| verdict.engine == row.engine && verdict.policy_id == row.id)
            .collect();
        let broken = of_row
            .iter()
            .filter(|one| one.outcome == Outcome::Broken)
            .count();
        let verdict = match (&row.unknown, broken, of_row.len()) {
            (Some(reason), ..) => format!("unknown: {reason}"),
            (None, 0, 0) => "kept".to_owned(),
            (None, 0, unknown) => format!("{unknown} unknown"),
            (None, broken, all) if broken == all => format!("{broken} broken"),
            (None, broken, all) => format!("{broken} broken, {} unknown", all - broken),
        };
        out.push_str(&format!(
            "{}: {} ({})\n",
            one_line(&row.id.to_string()),
            one_line(&verdict),
            row.engine
        ));
        for one in of_row {
            let word = match one.outcome {
                Outcome::Broken => one.action.as_str(),
                Outcome::Unknown => "unknown",
            };
            let place = match one.path.is_root() {
                true => one.object.to_string(),
                false => format!("{}: {}", one.object, one.path),
            };
            let line = format!("{word:7}  {place}: {}: {}", one.policy, one.message);
            out.push_str(&format!("  {}\n", one_line(&line)));
        }
    }
    let refused: BTreeSet<_> = report.denials().map(|one| one.entry).collect();
    out.push_str(&format!(
        "{} and pods judged, {} refused\n",
        counted(report.judged, "object"),
        counted(refused.len(), "object"),
    ));
    out
}

fn read(arguments: &Arguments, console: &mut Console) -> Result<Vec<Value>, Failure> {
    let mut objects = Vec::new();
    let mut inputs = files::collect(&arguments.files, &Exclude::default(), console);
    if let Some(charts) = &arguments.charts {
        let progress = Progress::new(false);
        inputs.extend(charts::inputs(
            charts,
            &arguments.files,
            &progress,
            console,
        )?);
    }
    for input in inputs {
        let bytes = input
            .read()
            .map_err(|error| format!("{}: {error}", input.name))?;
        if recognise::is_helm_file(&bytes, input.path.as_deref()) {
            continue;
        }
        for document in reader::read(&bytes) {
            let mut object = document
                .content
                .map_err(|error| format!("{}: line {}: {error}", input.name, error.line))?;
            if let Some(chart) = &input.chart {
                check::place(&mut object, chart.namespace.as_deref());
            }
            objects.push(object);
        }
    }
    Ok(objects)
}

/// The templates and constraints of the lab, ready to be asked.
fn lab_policies() -> Result<PolicySet, Failure> {
    let bundle = Lab::new(Environment::Dev).build()?;
    let mut policies = PolicySet::default();
    for template in bundle.objects_of::<ConstraintTemplate>() {
        policies.add_template(template.as_ref())?;
    }
    for constraint in bundle.objects().filter_map(Object::get::<Constraint>) {
        policies.add_constraint(constraint)?;
    }
    Ok(policies)
}

fn text<'a>(object: &'a Value, pointer: &str) -> Option<&'a str> {
    object.pointer(pointer)?.as_str()
}

/// The object in the namespace `default`, where it needs a namespace and has none.
fn placed(object: &Value, model: &Model) -> Option<Value> {
    if text(object, "/metadata/namespace").is_some_and(|name| !name.is_empty()) {
        return None;
    }
    let version = text(object, "/apiVersion")?;
    let group = version.split_once('/').map_or("", |(group, _)| group);
    if model.scope_of(group, text(object, "/kind")?)? != Scope::Namespaced {
        return None;
    }
    let mut object = object.clone();
    object
        .get_mut("metadata")?
        .as_object_mut()?
        .insert("namespace".to_owned(), "default".into());
    Some(object)
}

/// What the webhook would say to the creation of an object.
fn review(policies: &PolicySet, object: &Value, all: &[Value]) -> Result<Verdict, Failure> {
    let review = Review::create(object.clone());
    let name = text(object, "/metadata/namespace");
    let namespace = all.iter().find(|other| {
        text(other, "/kind") == Some("Namespace")
            && name.is_some()
            && text(other, "/metadata/name") == name
    });
    Ok(policies.review(&match namespace {
        Some(namespace) => review.with_namespace(namespace.clone()),
        None => review,
    })?)
}

/// The verdict, and each violation in a line of its own.
fn said(object: &Value, placed: bool, verdict: &Verdict) -> String {
    let word = match verdict.is_denied() {
        true => "denied  ",
        false => "admitted",
    };
    let part = |pointer| text(object, pointer).unwrap_or("-");
    let (namespace, note) = match placed {
        true => (
            "default",
            " (it names no namespace: judged in `default`, as by kubectl apply)",
        ),
        false => (part("/metadata/namespace"), ""),
    };
    let subject = format!("{} {namespace}/{}", part("/kind"), part("/metadata/name"));
    let mut out = format!("{word} {}{note}\n", one_line(&subject));
    for violation in &verdict.violations {
        let actions: Vec<&str> = violation.actions.iter().map(AsRef::as_ref).collect();
        let line = format!("{}: {violation}", actions.join(", "));
        out.push_str(&format!("  {}\n", one_line(&line)));
    }
    out
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

    #[test]
    fn only_what_lives_in_a_namespace_and_names_none_is_placed() {
        let definition = |scope: &str| {
            json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": {"name": "lamps.example.com"},
                "spec": {"group": "example.com", "scope": scope, "names": {"kind": "Lamp", "plural": "lamps"},
                    "versions": [{"name": "v1", "served": true, "storage": true}]}})
        };
        let lamp =
            json!({"apiVersion": "example.com/v1", "kind": "Lamp", "metadata": {"name": "l"}});
        let of = |object: &Value, definitions: Vec<Value>| {
            let placed = placed(object, &Model::read(definitions));
            placed.map(|object| object["metadata"]["namespace"].clone())
        };
        let nowhere = pod(|pod| drop(pod["metadata"].as_object_mut().unwrap().remove("namespace")));
        assert_eq!(of(&nowhere, vec![]), Some("default".into()));
        assert_eq!(
            of(&pod(|pod| pod["metadata"]["namespace"] = "".into()), vec![]),
            Some("default".into())
        );
        assert_eq!(of(&pod(|_| {}), vec![]), None);
        let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "r"}});
        assert_eq!(of(&role, vec![]), None);
        assert_eq!(of(&lamp, vec![]), None);
        assert_eq!(of(&lamp, vec![definition("Cluster")]), None);
        assert_eq!(
            of(&lamp, vec![definition("Namespaced")]),
            Some("default".into())
        );
    }
}
