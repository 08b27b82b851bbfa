//! Quotas against what a namespace asks for.

use kube_vocab::Quantity;
use stack_model::Value;
use stack_model::{ContainerAmounts, Entry, Model, Replicas, ServiceType, Workload, WorkloadKind};

/// A resource of a quota, and what is asked of it.
#[derive(Clone, Debug)]
pub struct QuotaUse<'m> {
    /// The ResourceQuota that sets the amount.
    pub entry: &'m Entry,
    /// The resource as the quota names it: `requests.cpu`, `pods`, `count/secrets`.
    pub resource: &'m str,
    /// The `hard` amount of the quota.
    pub allowed: Quantity,
    /// What is asked for at rest.
    pub asked: Quantity,
    /// What is asked for during the greediest rolling update of one workload.
    pub at_rollout: Quantity,
    /// What is asked for with all replicas that autoscalers may run.
    pub at_most: Quantity,
}

impl QuotaUse<'_> {
    /// Whether more may be asked for than is allowed, now or at some other time.
    fn is_too_much(&self) -> bool {
        self.asked.max(self.at_rollout).max(self.at_most) > self.allowed
    }
}

/// A workload whose pods a quota refuses, since they do not say what they ask for.
#[derive(Clone, Debug)]
pub struct SilentWorkload<'m> {
    /// The workload whose pods ask for it.
    pub workload: Workload<'m>,
    /// The quota that demands it.
    pub quota: &'m Entry,
    /// The resource that is not said: `limits.memory`.
    pub resource: &'m str,
}

/// A pod for a quota.
#[derive(Debug)]
pub(super) struct Pod<'m> {
    pub(super) workload: Workload<'m>,
    /// What each of its containers asks for, in the order in which they start.
    containers: Vec<ContainerAmounts<'m>>,
    pub(super) amounts: ContainerAmounts<'m>,
    replicas: Replicas,
    /// How many pods a rolling update runs above the wanted number.
    surge: u32,
}

/// The pods of a namespace, one per workload.
pub(super) fn pods_of<'m>(model: &'m Model, namespace: &str) -> Vec<Pod<'m>> {
    let all = model.select_workloads(namespace, &stack_model::Selector::everything());
    let limits = model.limits_of(namespace);
    all.into_iter()
        .map(|workload| {
            let containers = workload.containers_amounts_within(&limits);
            let replicas = workload.replicas();
            Pod {
                workload,
                amounts: workload.amounts_together(&containers),
                containers,
                replicas,
                surge: surge(&workload, replicas.min),
            }
        })
        .collect()
}

impl Pod<'_> {
    /// What one pod takes of a quota's resource; `None` where the resource is not one of pods.
    pub(super) fn takes(&self, resource: &str) -> Option<Option<Quantity>> {
        if matches!(resource, "pods" | "count/pods") {
            return Some(Some(Quantity::new(1)));
        }
        if let Some(name) = resource.strip_prefix("limits.") {
            return Some(self.amounts.limits.get(name));
        }
        let name = match resource.strip_prefix("requests.") {
            Some("storage") => return None,
            Some(name) => name,
            None if matches!(resource, "cpu" | "memory" | "ephemeral-storage") => resource,
            None => return None,
        };
        Some(self.amounts.requests.get(name))
    }

    /// Whether a quota with scopes speaks of it.
    pub(super) fn is_in(&self, quota: &Entry) -> bool {
        let spec = self.workload.pod_spec();
        let priority = spec
            .and_then(|spec| spec.get("priorityClassName"))
            .and_then(Value::as_str);
        let ends = spec.is_some_and(|spec| spec.get("activeDeadlineSeconds").is_some());
        let best_effort = self.amounts.requests.is_empty() && self.amounts.limits.is_empty();
        let holds = |scope: &str| match scope {
            "Terminating" => ends,
            "NotTerminating" => !ends,
            "BestEffort" => best_effort,
            "NotBestEffort" => !best_effort,
            "PriorityClass" => priority.is_some(),
            _ => true,
        };
        let plain = quota
            .items_at("spec.scopes")
            .iter()
            .filter_map(Value::as_str)
            .all(holds);
        plain
            && quota
                .items_at("spec.scopeSelector.matchExpressions")
                .iter()
                .all(|expression| {
                    let text = |member: &str| {
                        expression
                            .get(member)
                            .and_then(Value::as_str)
                            .unwrap_or_default()
                    };
                    let scope = text("scopeName");
                    let values = expression.get("values").and_then(Value::as_array);
                    let listed = values
                        .into_iter()
                        .flatten()
                        .any(|value| value.as_str() == priority);
                    match (scope, text("operator")) {
                        ("PriorityClass", "In") => priority.is_some() && listed,
                        ("PriorityClass", "NotIn") => !listed,
                        (_, "DoesNotExist") => !holds(scope),
                        _ => holds(scope),
                    }
                })
    }
}

/// What is to be said of all quotas of a model, worked out together: what pods ask for is most of it.
#[derive(Debug, Default)]
pub(crate) struct Quotas<'m> {
    /// Some of what [`quotas`] tells.
    pub(crate) uses: Vec<QuotaUse<'m>>,
    /// As [`silent_workloads`] tells.
    pub(crate) silent: Vec<SilentWorkload<'m>>,
}

impl<'m> Quotas<'m> {
    /// What checks tell of: of resources only those of which too much may be asked for.
    pub(crate) fn of(model: &'m Model) -> Self {
        Self::read(model, QuotaUse::is_too_much)
    }

    fn read(model: &'m Model, is_wanted: fn(&QuotaUse<'m>) -> bool) -> Self {
        let mut found = Self::default();
        // Quotas of one namespace mostly stand together.
        let mut last: Option<(&str, Vec<Pod<'_>>)> = None;
        for entry in model.objects("", "ResourceQuota") {
            let namespace = entry.namespace().unwrap_or_default();
            let pods = match last.take().filter(|(of, _)| *of == namespace) {
                Some((_, pods)) => pods,
                None => pods_of(model, namespace),
            };
            found.add(model, entry, &pods, is_wanted);
            last = Some((namespace, pods));
        }
        found
    }

    /// Adds what there is to say of one quota, in whose namespace these pods are.
    fn add(
        &mut self,
        model: &'m Model,
        entry: &'m Entry,
        pods: &[Pod<'m>],
        is_wanted: fn(&QuotaUse<'m>) -> bool,
    ) {
        let namespace = entry.namespace().unwrap_or_default();
        let pods: Vec<&Pod<'_>> = pods.iter().filter(|pod| pod.is_in(entry)).collect();
        let hard = entry.at("spec.hard").and_then(Value::as_object);
        for (resource, allowed) in hard.into_iter().flatten() {
            let Some(allowed) = amount(allowed) else {
                continue;
            };
            let counted = count_objects(model, namespace, resource);
            let (asked, at_rollout, at_most) = match counted {
                Some(count) => (count, count, count),
                None if pods.iter().all(|pod| pod.takes(resource).is_some()) => {
                    pods_use(pods.iter().copied(), resource)
                }
                None => continue,
            };
            let row = QuotaUse {
                entry,
                resource,
                allowed,
                asked,
                at_rollout,
                at_most,
            };
            self.uses.extend(Some(row).filter(is_wanted));
        }
        // Of these alone a pod must say something; of others, such as GPUs, silence means none.
        let must = |resource: &&str| {
            let name = resource.strip_prefix("limits.");
            matches!(name.unwrap_or(requested(resource)), "cpu" | "memory")
        };
        let resources = hard.into_iter().flatten();
        let resources = resources.map(|(resource, _)| resource.as_str());
        let demanded: Vec<&str> = resources.filter(must).collect();
        for pod in pods {
            let containers = said_by_containers(pod);
            let silent = demanded
                .iter()
                .copied()
                .find(|resource| is_silent(containers, resource));
            self.silent.extend(silent.map(|resource| SilentWorkload {
                workload: pod.workload,
                quota: entry,
                resource,
            }));
        }
    }
}

/// Every resource of every quota, in the order of the input. Resources that are counted in no known way are left out.
pub fn quotas(model: &Model) -> Vec<QuotaUse<'_>> {
    Quotas::read(model, |_| true).uses
}

pub(super) fn pods_use<'p, 'm: 'p>(
    pods: impl Iterator<Item = &'p Pod<'m>>,
    resource: &str,
) -> (Quantity, Quantity, Quantity) {
    let zero = Quantity::ZERO;
    let (mut asked, mut most, mut greediest) = (zero, zero, zero);
    for pod in pods {
        let one = pod.takes(resource).flatten().unwrap_or(zero);
        asked = asked + one * i64::from(pod.replicas.min);
        most = most + one * i64::from(pod.replicas.max);
        greediest = greediest.max(one * i64::from(pod.surge));
    }
    (asked, asked + greediest, most)
}

/// How many pods a rolling update runs above the wanted number.
fn surge(workload: &Workload<'_>, replicas: u32) -> u32 {
    let entry = workload.entry();
    let rolling = entry
        .text_at("spec.strategy.type")
        .is_none_or(|kind| kind == "RollingUpdate");
    if workload.kind() != WorkloadKind::Deployment || !rolling {
        return 0;
    }
    let default = Value::from("25%");
    let written = entry
        .at("spec.strategy.rollingUpdate.maxSurge")
        .unwrap_or(&default);
    crate::context::scaled(written, replicas).unwrap_or(0)
}

/// Workloads whose pods do not say an amount that a quota demands. One row per quota and workload.
pub fn silent_workloads(model: &Model) -> Vec<SilentWorkload<'_>> {
    Quotas::of(model).silent
}

/// What each container of a pod says; none where the pod as a whole says it.
fn said_by_containers<'p, 'm>(pod: &'p Pod<'m>) -> &'p [ContainerAmounts<'m>] {
    let spec = pod.workload.pod_spec();
    match spec.and_then(|spec| spec.get("resources")) {
        Some(_) => &[],
        None => &pod.containers,
    }
}

/// Whether some container says nothing: the sum of the others does not help.
fn is_silent(containers: &[ContainerAmounts<'_>], resource: &str) -> bool {
    let (limits, name) = match resource.strip_prefix("limits.") {
        Some(name) => (true, name),
        None => (false, requested(resource)),
    };
    containers.iter().any(|own| {
        let amounts = if limits { &own.limits } else { &own.requests };
        amounts.get(name).is_none()
    })
}

/// A resource without the word for requests, which may be left out.
fn requested(resource: &str) -> &str {
    resource.strip_prefix("requests.").unwrap_or(resource)
}

/// The number of objects, or the storage of claims, that a quota counts.
fn count_objects(model: &Model, namespace: &str, resource: &str) -> Option<Quantity> {
    let objects =
        |group: &'static str, kind: &'static str| model.objects_in(group, kind, namespace).count();
    let services = |wanted: &[ServiceType]| {
        let names = model.objects_in("", "Service", namespace).map(Entry::name);
        let own = names.filter_map(|name| model.service(namespace, name));
        own.filter(|service| wanted.contains(&service.service_type()))
            .count()
    };
    let count = match resource.strip_prefix("count/").unwrap_or(resource) {
        "configmaps" => objects("", "ConfigMap"),
        "secrets" => objects("", "Secret"),
        "services" => objects("", "Service"),
        "persistentvolumeclaims" => objects("", "PersistentVolumeClaim"),
        "replicationcontrollers" => objects("", "ReplicationController"),
        "resourcequotas" => objects("", "ResourceQuota"),
        "deployments.apps" => objects("apps", "Deployment"),
        "statefulsets.apps" => objects("apps", "StatefulSet"),
        "jobs.batch" => objects("batch", "Job"),
        "cronjobs.batch" => objects("batch", "CronJob"),
        "ingresses.networking.k8s.io" => objects("networking.k8s.io", "Ingress"),
        "services.loadbalancers" => services(&[ServiceType::LoadBalancer]),
        "services.nodeports" => services(&[ServiceType::NodePort, ServiceType::LoadBalancer]),
        "requests.storage" => return Some(storage_of(model, namespace)),
        _ => return None,
    };
    Some(Quantity::new(i64::try_from(count).unwrap_or(i64::MAX)))
}

/// The storage that claims ask for, also those that StatefulSets make.
fn storage_of(model: &Model, namespace: &str) -> Quantity {
    let asked = |claim: &Value| {
        let storage = claim
            .get("spec")
            .and_then(|spec| spec.get("resources")?.get("requests")?.get("storage"));
        storage.and_then(amount).unwrap_or(Quantity::ZERO)
    };
    let claims = model.objects_in("", "PersistentVolumeClaim", namespace);
    let own: Quantity = claims.map(|claim| asked(claim.value())).sum();
    let sets = model.objects_in("apps", "StatefulSet", namespace);
    let made = sets.map(|set| {
        let workload = model.workload(set.entry_id());
        let replicas = workload.map_or(1, |workload| workload.replicas().min);
        let templates = set.items_at("spec.volumeClaimTemplates").iter();
        let per_pod: Quantity = templates.map(asked).sum();
        per_pod * i64::from(replicas)
    });
    own + made.sum()
}

/// A quantity as manifests write it.
pub(super) fn amount(value: &Value) -> Option<Quantity> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}
