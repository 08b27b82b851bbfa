//! Sections 5, 6, 8, 9 and 11: Argo CD, Gatekeeper, the demo app and its chart, the guard rails.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::{LimitRange, PodSpec, ResourceQuota};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::scheduling::v1::PriorityClass;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{Checks, Expectation, columns, like, literal, size};
use crate::components::demo_app::chart::{self, quantity::Quantity};
use crate::components::{ARGOCD, DEMO_APP, GATEKEEPER, KONG, PLATFORM};
use crate::versions;

pub(super) fn add(checks: &mut Checks<'_>) {
    match checks.component.as_str() {
        ARGOCD => argocd(checks),
        GATEKEEPER => gatekeeper(checks),
        DEMO_APP => demo_app(checks),
        PLATFORM => platform(checks),
        _ => {}
    }
}

fn argocd(checks: &mut Checks<'_>) {
    let bundle = checks.bundle;
    let Some(release) = bundle.release("argocd") else {
        return;
    };
    let count = size::release(bundle, release);
    checks.pods(
        "VFY-019",
        "server, controller, repo server and the others",
        &release.namespace,
        "",
        count,
        None,
    );
    checks.kubectl(
        "VFY-020",
        "Applications can be listed",
        &["get", "applications", "-n", &release.namespace],
        Expectation::Success,
    );
}

fn gatekeeper(checks: &mut Checks<'_>) {
    let bundle = checks.bundle;
    let Some(release) = bundle.release("gatekeeper") else {
        return;
    };
    let count = size::release(bundle, release);
    checks.pods(
        "VFY-021",
        "webhook and audit",
        &release.namespace,
        "",
        count,
        None,
    );
    let named = |keep: &dyn Fn(&kube_vocab::ObjectId) -> bool| -> Vec<String> {
        bundle
            .objects()
            .map(crate::object::Object::id)
            .filter(|id| keep(id))
            .map(|id| id.name.clone())
            .collect()
    };
    let templates = named(&|id| id.kind == "ConstraintTemplate");
    checks.names(
        "VFY-022",
        "the ConstraintTemplates",
        &["constrainttemplates"],
        templates,
    );
    let constraints = named(&|id| id.group() == "constraints.gatekeeper.sh");
    checks.names("VFY-023", "the constraints", &["constraints"], constraints);
}

fn demo_app(checks: &mut Checks<'_>) {
    let bundle = checks.bundle;
    let wiring = bundle.wiring();
    let namespace = wiring.demo.namespace.as_str();
    checks.ask(
        "VFY-034",
        "the demo app is no release: it was applied",
        &["helm", "cluster"],
        &["helm", "list", "-n", namespace, "-q"],
        Expectation::Nothing,
    );
    if bundle.part(KONG).is_some() {
        let routes = bundle
            .objects()
            .filter(|object| object.id().kind == "HTTPRoute");
        for route in routes.filter(|route| route.id().namespace.as_deref() == Some(namespace)) {
            checks.kubectl(
                "VFY-036",
                "the Gateway has accepted the route",
                &[
                    "get",
                    "httproute",
                    "-n",
                    namespace,
                    &route.id().name,
                    "-o",
                    r#"jsonpath={.status.parents[*].conditions[?(@.type=="Accepted")].status}"#,
                ],
                like("Accepted=True", ["^True( True)*$".to_owned()]),
            );
        }
        let host = format!("Host: {}", bundle.environment().host(&wiring.hosts.api));
        let frontend = format!("deploy/{}", wiring.demo.frontend);
        let url = format!("{}/status/200", wiring.gateway.proxy_url());
        checks.kubectl(
            "VFY-037",
            "Kong routes by host, asked from inside",
            &[
                "exec",
                "-n",
                namespace,
                &frontend,
                "--",
                "curl",
                "-sf",
                "-w",
                "%{http_code}",
                "-H",
                &host,
                &url,
            ],
            like("HTTP 200", ["200$".to_owned()]),
        );
    }
    if let Some(argocd) = bundle.part(ARGOCD) {
        let folder = format!("{}/{}", argocd.folder(), chart::FOLDER);
        checks.ask(
            "VFY-039",
            "the demo app's chart is sound",
            &["helm"],
            &["helm", "lint", &folder],
            like(
                "1 chart(s) linted, 0 chart(s) failed",
                [literal("1 chart(s) linted, 0 chart(s) failed")],
            ),
        );
    }
}

fn platform(checks: &mut Checks<'_>) {
    let bundle = checks.bundle;
    let classes: Vec<&PriorityClass> = bundle.objects_of().collect();
    let line = |class: &&PriorityClass| {
        let name = class.metadata.name.as_deref().unwrap_or_default();
        [
            name.to_owned(),
            versions::priority(class).unwrap_or(0).to_string(),
            class.global_default.unwrap_or(false).to_string(),
        ]
    };
    checks.kubectl(
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
        quota_used(checks, quota);
    }
    for range in bundle.objects_of::<LimitRange>() {
        limits(checks, range);
    }
    for budget in bundle.objects_of::<PodDisruptionBudget>() {
        disruptions(checks, budget);
    }
}

/// Pods, CPU and memory that all Deployments of a namespace ask for together, and the same while the Job runs too.
fn asked(checks: &Checks<'_>, namespace: &str) -> Option<[[String; 3]; 2]> {
    let zero = || {
        Some([
            Quantity::parse("0")?,
            Quantity::parse("0m")?,
            Quantity::parse("0Mi")?,
        ])
    };
    let add = |sum: [Quantity; 3], pod: &PodSpec, replicas: u32| -> Option<[Quantity; 3]> {
        let [mut pods, mut cpu, mut memory] = sum;
        pods = pods.plus(Quantity::parse(&replicas.to_string())?)?;
        for container in &pod.containers {
            let requests = container.resources.as_ref()?.requests.as_ref()?;
            cpu = cpu.plus(Quantity::parse(&requests.get("cpu")?.0)?.times(replicas)?)?;
            memory = memory.plus(Quantity::parse(&requests.get("memory")?.0)?.times(replicas)?)?;
        }
        Some([pods, cpu, memory])
    };
    let here = |of: &Option<String>| of.as_deref() == Some(namespace);
    let mut sum = zero()?;
    for deployment in checks
        .bundle
        .objects_of::<Deployment>()
        .filter(|object| here(&object.metadata.namespace))
    {
        let spec = versions::deployment_spec(deployment)?;
        let replicas = u32::try_from(spec.replicas.unwrap_or(1)).ok()?;
        sum = add(sum, spec.template.spec.as_ref()?, replicas)?;
    }
    let mut with_jobs = sum;
    for job in checks
        .bundle
        .objects_of::<Job>()
        .filter(|object| here(&object.metadata.namespace))
    {
        with_jobs = add(with_jobs, job.spec.as_ref()?.template.spec.as_ref()?, 1)?;
    }
    Some([sum, with_jobs].map(|sum| sum.map(Quantity::canonical)))
}

fn quota_used(checks: &mut Checks<'_>, quota: &ResourceQuota) {
    let namespace = quota.metadata.namespace.as_deref().unwrap_or_default();
    let hard = quota
        .spec
        .as_ref()
        .and_then(|spec| spec.hard.clone())
        .unwrap_or_default();
    let Some([used, with_jobs]) = asked(checks, namespace) else {
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
        let (used, with_jobs) = (&used[at], &with_jobs[at]);
        patterns.push(format!(
            "{} +({}|{}) +{}( |$)",
            literal(name),
            literal(used),
            literal(with_jobs),
            literal(&limit.0)
        ));
        meaning.push(format!("{name}: {used}/{}", limit.0));
    }
    checks.kubectl(
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

fn limits(checks: &mut Checks<'_>, range: &LimitRange) {
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
    checks.kubectl(
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

fn disruptions(checks: &mut Checks<'_>, budget: &PodDisruptionBudget) {
    let namespace = budget.metadata.namespace.as_deref().unwrap_or_default();
    let name = budget.metadata.name.as_deref().unwrap_or_default();
    let spec = budget.spec.as_ref();
    let Some(IntOrString::Int(least)) = spec.and_then(|spec| spec.min_available.clone()) else {
        return;
    };
    let selected = spec
        .and_then(|spec| spec.selector.as_ref())
        .and_then(|selector| selector.match_labels.as_ref());
    let guarded = checks.bundle.objects_of::<Deployment>().find(|deployment| {
        let spec = versions::deployment_spec(deployment);
        spec.and_then(|spec| spec.selector.match_labels).as_ref() == selected
    });
    let replicas = guarded
        .and_then(|deployment| versions::deployment_spec(deployment)?.replicas)
        .unwrap_or(1);
    let allowed = replicas.saturating_sub(least).max(0);
    checks.kubectl(
        "VFY-033",
        "how many pods a drain may take at a time",
        &["describe", "pdb", "-n", namespace, name],
        like(
            &format!("minAvailable={least}, allowedDisruptions={allowed}"),
            [
                format!("Min available: +{least}$"),
                format!("Allowed disruptions: +{allowed}$"),
            ],
        ),
    );
}
