//! What Gatekeeper says of pods: exercises 6-1 and 6-2.

use lab_builder::Bundle;
use serde_json::{Value, json};
use stack_model::Model;
use stack_policy::{Action, Outcome, Policies, Verdict};
use stack_policy_rego::Gatekeeper;

use crate::cluster::{Cluster, missing, pod, wiring};
use crate::{ExerciseError, Lesson, Step};

/// What becomes of a pod that is sent to the cluster.
fn send(cluster: &Cluster, pod: Value, what: &str) -> Step {
    let name = pod["metadata"]["name"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let namespace = pod["metadata"]["namespace"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let mut cluster = cluster.clone();
    cluster.apply(pod);
    let model: Model = cluster.model();
    let report = Policies::of(&model)
        .with(Gatekeeper::of(&model))
        .judge(&model);
    let is_ours = |verdict: &&Verdict| verdict.object.kind == "Pod" && verdict.object.name == name;
    let of_pod: Vec<&Verdict> = report.verdicts.iter().filter(is_ours).collect();
    let broken = |action| {
        of_pod
            .iter()
            .any(|one| one.outcome == Outcome::Broken && one.action == action)
    };
    let outcome = match () {
        () if of_pod.iter().any(|one| one.outcome == Outcome::Unknown) => "unknown",
        () if broken(Action::Deny) => "denied",
        () if broken(Action::Warn) => "allowed with a warning",
        () => "allowed",
    };
    let said = of_pod
        .iter()
        .map(|one| format!("[{}] {}", one.policy, one.message));
    Step::new(
        format!("kubectl apply: Pod {namespace}/{name}{what}"),
        outcome,
        said.collect::<Vec<_>>().join("\n"),
    )
}

/// Exercise 6-1.
pub(crate) fn break_each_policy(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    const EXERCISE: &str = "6-1";
    let demo = &wiring(lab, EXERCISE)?.demo;
    let mut cluster = Cluster::of(lab, EXERCISE)?;
    let with = |name: &str, change: fn(&mut Value)| -> Result<Value, ExerciseError> {
        let mut pod = pod(lab, EXERCISE, name)?;
        change(&mut pod);
        Ok(pod)
    };
    let mut steps = vec![
        send(&cluster, with("test-compliant", |_| {})?, ""),
        send(
            &cluster,
            with("test-privileged", |pod| {
                pod["spec"]["containers"][0]["securityContext"] = json!({"privileged": true});
            })?,
            ", privileged",
        ),
        send(
            &cluster,
            with("test-no-labels", |pod| {
                pod["metadata"]["labels"] = json!({})
            })?,
            ", without labels",
        ),
        send(
            &cluster,
            with("test-root", |pod| {
                pod["spec"]["securityContext"] = json!({})
            })?,
            ", without runAsNonRoot",
        ),
    ];
    // The policy on limits in a namespace of its own, which no LimitRange fills in.
    let namespace = "gatekeeper-test";
    cluster
        .apply(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}));
    let limits = limits_policy(lab).ok_or_else(|| missing(EXERCISE, "policy on limits"))?;
    let mut constraint = limits;
    constraint["metadata"]["name"] = "require-resource-limits-test".into();
    constraint["spec"]["match"]["namespaces"] = json!([namespace]);
    cluster.apply(constraint);
    let unlimited = |name: &str| {
        with(name, |pod| {
            pod["spec"]["containers"][0]["resources"] = json!({});
        })
    };
    let mut elsewhere = unlimited("test-no-limits")?;
    elsewhere["metadata"]["namespace"] = namespace.into();
    steps.push(send(
        &cluster,
        elsewhere,
        ", without limits, where nothing fills them in",
    ));
    let mut here = send(
        &cluster,
        unlimited("test-filled-in")?,
        ", without limits, where a LimitRange fills them in",
    );
    here.reason = filled_in(&cluster, lab, unlimited("test-filled-in")?);
    steps.push(here);
    let mut printed = unlimited("test-no-limits")?;
    printed["metadata"]["namespace"] = demo.namespace.clone().into();
    printed["metadata"]["labels"] = json!({});
    steps.push(send(&cluster, printed, ", as printed: without labels, too"));
    Ok(Lesson {
        exercise: EXERCISE,
        title: "Break each of the four policies",
        steps,
    })
}

/// The lab's constraint on resource limits.
fn limits_policy(lab: &Bundle) -> Option<Value> {
    let mut objects = lab.objects().map(|object| object.value());
    let found = objects.find(|value| value["kind"] == "K8sRequireResourceLimits");
    found.cloned()
}

/// What the pod may use once the LimitRange has filled in what it leaves out.
fn filled_in(cluster: &Cluster, lab: &Bundle, pod: Value) -> String {
    let name = pod["metadata"]["name"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let mut cluster = cluster.clone();
    cluster.apply(pod);
    let model = cluster.model();
    let namespace = lab
        .wiring::<lab_builder::Wiring>()
        .map_or("", |wiring| &wiring.demo.namespace);
    let Some(pod) = model.workload_of_pod(namespace, &name) else {
        return String::new();
    };
    let amounts = pod.amounts();
    let of = |amounts: &stack_model::Amounts<'_>| {
        let each = amounts
            .iter()
            .map(|(resource, amount)| format!("{resource} {amount}"));
        each.collect::<Vec<_>>().join(", ")
    };
    format!(
        "the LimitRange sets limits {} and requests {}",
        of(&amounts.limits),
        of(&amounts.requests)
    )
}

/// Exercise 6-2.
pub(crate) fn change_the_action(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    const EXERCISE: &str = "6-2";
    const CONSTRAINT: (&str, &str) = ("K8sDenyPrivileged", "deny-privileged-container");
    let mut cluster = Cluster::of(lab, EXERCISE)?;
    let mut steps = Vec::new();
    for action in [None, Some("warn"), Some("dryrun"), Some("deny")] {
        if let Some(action) = action {
            cluster.change(CONSTRAINT.0, CONSTRAINT.1, |object| {
                object["spec"]["enforcementAction"] = action.into();
            });
        }
        let constraint = cluster
            .get(CONSTRAINT.0, CONSTRAINT.1)
            .ok_or_else(|| missing(EXERCISE, format!("{} {}", CONSTRAINT.0, CONSTRAINT.1)))?;
        // What is not said means deny.
        let now = constraint["spec"]["enforcementAction"]
            .as_str()
            .unwrap_or("deny")
            .to_owned();
        steps.push(Step::new(
            "enforcementAction of deny-privileged-container",
            now.clone(),
            "",
        ));
        let mut pod = pod(lab, EXERCISE, &format!("test-privileged-{now}"))?;
        pod["spec"]["containers"][0]["securityContext"] = json!({"privileged": true});
        steps.push(send(&cluster, pod, ", privileged"));
    }
    Ok(Lesson {
        exercise: EXERCISE,
        title: "Deny, warn, and only look",
        steps,
    })
}
