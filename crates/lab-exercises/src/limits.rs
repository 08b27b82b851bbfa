//! Quotas and budgets: exercises 8-1 and 8-2.

use lab_builder::Bundle;
use serde_json::json;
use stack_check::capacity;
use stack_model::{Selector, Value};

use crate::cluster::{Cluster, missing, pod, wiring};
use crate::{ExerciseError, Lesson, Step};

/// Exercise 8-1. The load generator has run and is gone, as the exercise supposes.
pub(crate) fn exhaust_the_quota(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    const EXERCISE: &str = "8-1";
    let demo = &wiring(lab, EXERCISE)?.demo;
    let mut cluster = Cluster::of(lab, EXERCISE)?;
    cluster.delete("Job", &demo.load_generator);
    for number in 0..=10 {
        let mut pod = pod(lab, EXERCISE, &format!("quota-test-{number}"))?;
        pod["metadata"]["labels"]["app"] = "quota-test".into();
        pod["spec"]["containers"][0]["resources"] = json!({
            "requests": {"cpu": "500m", "memory": "256Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"}});
        cluster.apply(pod);
    }
    let model = cluster.model();
    let mut steps: Vec<Step> = capacity::admissions(&model)
        .into_iter()
        .filter(|admission| admission.workload.name().starts_with("quota-test-"))
        .map(|admission| {
            let name = admission.workload.name();
            let action = format!("kubectl apply: Pod {name}");
            match admission.reason {
                None => Step::new(action, "admitted", ""),
                Some(reason) => Step::new(
                    action,
                    "refused",
                    format!("pods \"{name}\" is forbidden: {reason}"),
                ),
            }
        })
        .collect();
    let refused: Vec<String> = capacity::admissions(&model)
        .iter()
        .filter(|admission| admission.refused > 0)
        .map(|admission| admission.workload.name().to_owned())
        .collect();
    refused.iter().for_each(|name| cluster.delete("Pod", name));
    let model = cluster.model();
    for used in capacity::quotas(&model) {
        let action = format!("{} of the quota", used.resource);
        steps.push(Step::new(
            action,
            format!("{} of {}", used.asked, used.allowed),
            "",
        ));
    }
    Ok(Lesson {
        exercise: EXERCISE,
        title: "Exhaust the quota",
        steps,
    })
}

/// Exercise 8-2.
pub(crate) fn budget_of_disruptions(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    const EXERCISE: &str = "8-2";
    let demo = &wiring(lab, EXERCISE)?.demo;
    let model = Cluster::of(lab, EXERCISE)?.model();
    let mut budgets = model.objects_in("policy", "PodDisruptionBudget", &demo.namespace);
    let budget = budgets
        .next()
        .ok_or_else(|| missing(EXERCISE, "PodDisruptionBudget"))?;
    let selector = Selector::read(budget.at("spec.selector").unwrap_or(&Value::Null))
        .unwrap_or_else(|_| Selector::nothing());
    let pods: u32 = model
        .select_workloads(&demo.namespace, &selector)
        .iter()
        .map(|workload| workload.replicas().min)
        .sum();
    let number = |path: &str| {
        budget
            .at(path)
            .and_then(Value::as_u64)
            .and_then(|number| u32::try_from(number).ok())
    };
    let allowed = |running: u32| match (number("spec.minAvailable"), number("spec.maxUnavailable"))
    {
        (Some(least), _) => running.saturating_sub(least),
        (None, most) => most.unwrap_or(0).saturating_sub(pods - running),
    };
    let reason = |running: u32| {
        format!(
            "{running} of {pods} pods run; the budget wants {} at least",
            number("spec.minAvailable").unwrap_or(0)
        )
    };
    let about = format!("allowed disruptions of {}", budget.name());
    let steps = vec![
        Step::new("pods that the budget is about", pods.to_string(), ""),
        Step::new(&about, allowed(pods).to_string(), reason(pods)),
        Step::new(
            format!("{about}, while one pod is gone"),
            allowed(pods - 1).to_string(),
            reason(pods - 1),
        ),
        Step::new(
            format!("{about}, when the pod is back"),
            allowed(pods).to_string(),
            reason(pods),
        ),
    ];
    Ok(Lesson {
        exercise: EXERCISE,
        title: "A budget of disruptions",
        steps,
    })
}
