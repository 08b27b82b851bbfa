//! Section 9: the questions about the guard rails.

//!
//! What has pods is read as a value: to read types as large as theirs is felt at compile time.

use k8s_openapi::api::core::v1::{LimitRange, ResourceQuota};
use k8s_openapi::api::scheduling::v1::PriorityClass;
use kube_vocab::Quantity;
use serde_json::Value;
use stack_builder::verify::{Expectation, Questions, columns, literal};
use stack_builder::{Bundle, Object};

use crate::versions;

pub(super) fn ask(bundle: &Bundle, questions: &mut Questions) {
    let classes: Vec<_> = bundle.objects_of::<PriorityClass>().collect();
    let line = |class: &PriorityClass| {
        let name = class.metadata.name.as_deref().unwrap_or_default();
        [
            name.to_owned(),
            versions::priority(class).unwrap_or(0).to_string(),
            class.global_default.unwrap_or(false).to_string(),
        ]
    };
    questions.kubectl(
        "VFY-030",
        "the PriorityClasses",
        &["get", "priorityclasses", "--no-headers"],
        Expectation::Patterns {
            patterns: classes
                .iter()
                .map(|class| columns(&line(class).each_ref().map(String::as_str)))
                .collect(),
            meaning: classes
                .iter()
                .map(|class| line(class).join(" "))
                .collect::<Vec<_>>()
                .join(", "),
        },
    );
    for quota in bundle.objects_of::<ResourceQuota>() {
        quota_used(bundle, &quota, questions);
    }
    for range in bundle.objects_of::<LimitRange>() {
        limits(&range, questions);
    }
    for budget in bundle.of_kind("policy", "PodDisruptionBudget") {
        disruptions(bundle, budget, questions);
    }
}

/// Pods, CPU and memory that all Deployments of a namespace ask for together, and the same while the Job runs too.
fn asked(bundle: &Bundle, namespace: &str) -> Option<[[Quantity; 3]; 2]> {
    let add = |sum: [Quantity; 3], pod: &Value, replicas: i64| -> Option<[Quantity; 3]> {
        let [pods, mut cpu, mut memory] = sum;
        for container in pod["containers"].as_array()? {
            let requests = &container["resources"]["requests"];
            let asked = |name| requests[name].as_str()?.parse::<Quantity>().ok();
            cpu = cpu + asked("cpu")? * replicas;
            memory = memory + asked("memory")? * replicas;
        }
        Some([pods + Quantity::new(replicas), cpu, memory])
    };
    let here = |object: &&Object| object.id().namespace.as_deref() == Some(namespace);
    let mut sum = [Quantity::ZERO; 3];
    for deployment in bundle.of_kind("apps", "Deployment").filter(here) {
        let spec = &deployment.to_value()["spec"];
        let replicas = spec["replicas"].as_i64().unwrap_or(1);
        sum = add(sum, &spec["template"]["spec"], replicas)?;
    }
    let mut with_jobs = sum;
    for job in bundle.of_kind("batch", "Job").filter(here) {
        with_jobs = add(with_jobs, &job.to_value()["spec"]["template"]["spec"], 1)?;
    }
    Some([sum, with_jobs])
}

fn quota_used(bundle: &Bundle, quota: &ResourceQuota, questions: &mut Questions) {
    let namespace = quota.metadata.namespace.as_deref().unwrap_or_default();
    let hard = quota
        .spec
        .as_ref()
        .and_then(|spec| spec.hard.clone())
        .unwrap_or_default();
    let Some([used, with_jobs]) = asked(bundle, namespace) else {
        return;
    };
    let mut patterns = Vec::new();
    let mut meaning = Vec::new();
    for (at, name) in ["pods", "requests.cpu", "requests.memory"]
        .iter()
        .enumerate()
    {
        let Some(limit) = hard.get(*name) else {
            continue;
        };
        let most: Option<Quantity> = limit.0.parse().ok();
        // What the quota refuses is never used.
        let possible: Vec<String> = [used[at], with_jobs[at]]
            .into_iter()
            .filter(|asked| most.is_none_or(|most| *asked <= most))
            .map(|asked| asked.to_string())
            .collect();
        let wanted = match possible.as_slice() {
            [] => "[^ ]+".to_owned(),
            some => some
                .iter()
                .map(|asked| literal(asked))
                .collect::<Vec<_>>()
                .join("|"),
        };
        patterns.push(format!(
            "{} +({wanted}) +{}( |$)",
            literal(name),
            literal(&limit.0)
        ));
        meaning.push(match possible.first() {
            Some(used) => format!("{name}: {used}/{}", limit.0),
            None => format!(
                "{name}: at most {}, which is less than is asked for",
                limit.0
            ),
        });
    }
    questions.kubectl(
        "VFY-031",
        "what the demo app uses of its quota",
        &["describe", "resourcequota", "-n", namespace],
        Expectation::Patterns {
            patterns,
            meaning: format!(
                "{} (more while the load generator runs)",
                meaning.join(", ")
            ),
        },
    );
}

fn limits(range: &LimitRange, questions: &mut Questions) {
    let namespace = range.metadata.namespace.as_deref().unwrap_or_default();
    let items = range
        .spec
        .as_ref()
        .map(|spec| spec.limits.as_slice())
        .unwrap_or_default();
    let mut patterns = Vec::new();
    let mut meaning = Vec::new();
    for item in items {
        for name in ["cpu", "memory"] {
            let of = |map: &Option<std::collections::BTreeMap<String, _>>| {
                map.as_ref()
                    .and_then(|map| map.get(name))
                    .map_or("-".to_owned(), quantity)
            };
            let (request, limit) = (of(&item.default_request), of(&item.default));
            // Type, resource, minimum, maximum, default request, default limit.
            patterns.push(format!(
                "{} +{name} +[^ ]+ +[^ ]+ +{} +{} ",
                literal(&item.type_),
                literal(&request),
                literal(&limit)
            ));
            meaning.push(format!(
                "{} {name}: request {request}, limit {limit}",
                item.type_
            ));
        }
    }
    questions.kubectl(
        "VFY-032",
        "what a container gets that does not say",
        &["describe", "limitrange", "-n", namespace],
        Expectation::Patterns {
            patterns,
            meaning: meaning.join("; "),
        },
    );
}

fn quantity(quantity: &k8s_openapi::apimachinery::pkg::api::resource::Quantity) -> String {
    quantity.0.clone()
}

fn disruptions(bundle: &Bundle, budget: &Object, questions: &mut Questions) {
    let namespace = budget.id().namespace.as_deref().unwrap_or_default();
    let name = budget.id().name.as_str();
    let spec = &budget.to_value()["spec"];
    let Some(least) = spec["minAvailable"].as_i64() else {
        return;
    };
    let selected = &spec["selector"]["matchLabels"];
    let mut deployments = bundle.of_kind("apps", "Deployment");
    let replicas = deployments.find_map(|deployment| {
        let spec = &deployment.to_value()["spec"];
        let guarded = spec["selector"]["matchLabels"] == *selected;
        guarded.then(|| spec["replicas"].as_i64().unwrap_or(1))
    });
    let replicas = replicas.unwrap_or(1);
    let allowed = replicas.saturating_sub(least).max(0);
    questions.kubectl(
        "VFY-033",
        "how many pods a drain may take at a time",
        &["describe", "pdb", "-n", namespace, name],
        Expectation::like(
            &format!("minAvailable={least}, allowedDisruptions={allowed}"),
            [
                format!("Min available: +{least}$"),
                format!("Allowed disruptions: +{allowed}$"),
            ],
        ),
    );
}
