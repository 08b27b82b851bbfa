//! Workloads: the pods that would run.

use std::fmt;

use kube_value::Value;
use kube_vocab::FieldPath;

use crate::autoscaling::count;
use crate::entry::value_at;
use crate::model::Model;
use crate::{
    Autoscaler, Container, ContainerRole, Entry, EntryId, Labels, NodeRole, Operator, Protocol,
    Requirement, Selector,
};

/// The kinds that run pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WorkloadKind {
    /// A single pod.
    Pod,
    /// `apps` Deployment.
    Deployment,
    /// `apps` ReplicaSet.
    ReplicaSet,
    /// `apps` StatefulSet.
    StatefulSet,
    /// `apps` DaemonSet.
    DaemonSet,
    /// `batch` Job.
    Job,
    /// `batch` CronJob.
    CronJob,
    /// The core group's ReplicationController.
    ReplicationController,
    /// Argo Rollouts' Rollout.
    Rollout,
}

const KINDS: [(&str, &str, WorkloadKind); 9] = [
    ("", "Pod", WorkloadKind::Pod),
    ("apps", "Deployment", WorkloadKind::Deployment),
    ("apps", "ReplicaSet", WorkloadKind::ReplicaSet),
    ("apps", "StatefulSet", WorkloadKind::StatefulSet),
    ("apps", "DaemonSet", WorkloadKind::DaemonSet),
    ("batch", "Job", WorkloadKind::Job),
    ("batch", "CronJob", WorkloadKind::CronJob),
    (
        "",
        "ReplicationController",
        WorkloadKind::ReplicationController,
    ),
    ("argoproj.io", "Rollout", WorkloadKind::Rollout),
];

impl WorkloadKind {
    /// The workload kind of an API kind.
    pub fn of(group: &str, kind: &str) -> Option<Self> {
        KINDS
            .iter()
            .find(|row| row.1 == kind && row.0 == group)
            .map(|row| row.2)
    }

    /// Where the pod template stands in an object of this kind; empty for a Pod, which is its own.
    pub const fn pod_path(self) -> &'static str {
        match self {
            Self::Pod => "",
            Self::CronJob => "spec.jobTemplate.spec.template",
            _ => "spec.template",
        }
    }
}

#[derive(Debug)]
pub(crate) struct WorkloadData {
    pub(crate) entry: EntryId,
    pub(crate) kind: WorkloadKind,
    pub(crate) template: Template,
    pub(crate) autoscaler: Option<EntryId>,
}

/// What makes the pods of a workload. Nearly every check asks for it, so that its parts are found once; they share their memory
/// with the object.
#[derive(Debug)]
pub(crate) struct Template {
    /// The object in which it stands: another one for a Rollout that refers to a Deployment.
    pub(crate) entry: EntryId,
    pub(crate) path: &'static str,
    pod: Option<Value>,
    spec: Option<Value>,
    labels: Option<Value>,
    annotations: Option<Value>,
    init_containers: Option<Value>,
    containers: Option<Value>,
}

impl Template {
    /// The template in an object of a kind.
    pub(crate) fn of(entry: &Entry, kind: WorkloadKind) -> Self {
        let path = kind.pod_path();
        let pod = entry.at(path);
        let part = |path: &str| value_at(pod?, path).cloned();
        Self {
            entry: entry.id,
            path,
            spec: part("spec"),
            labels: part("metadata.labels"),
            annotations: part("metadata.annotations"),
            init_containers: part("spec.initContainers"),
            containers: part("spec.containers"),
            pod: pod.cloned(),
        }
    }
}

/// How many pods of a workload run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Replicas {
    /// At least so many, while nothing is disturbed.
    pub min: u32,
    /// At most so many, without those that a rollout adds for a while.
    pub max: u32,
    /// Whether the input says it. A DaemonSet runs once per node, and few inputs have nodes: the numbers are 1 then.
    pub known: bool,
}

/// Which pods of a workload a selector means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PodMatch {
    /// All.
    Every,
    /// Some: the selector asks for a label that the controller gives to each pod on its own, such as
    /// `statefulset.kubernetes.io/pod-name`.
    Some,
    /// None.
    None,
}

/// A view of an object that runs pods, and of the pods that it would run.
#[derive(Clone, Copy, Debug)]
pub struct Workload<'m> {
    pub(crate) model: &'m Model,
    pub(crate) data: &'m WorkloadData,
}

impl<'m> Workload<'m> {
    /// The object that runs the pods.
    pub fn entry(&self) -> &'m Entry {
        self.model.entry(self.data.entry)
    }

    /// What makes the pods: a Deployment, a bare Pod and so on.
    pub const fn kind(&self) -> WorkloadKind {
        self.data.kind
    }

    /// The name of the object that makes the pods.
    pub fn name(&self) -> &'m str {
        self.entry().name()
    }

    /// The namespace that the object and its pods lie in.
    pub fn namespace(&self) -> &'m str {
        self.entry().namespace().unwrap_or_default()
    }

    /// The object that holds the pod template: the workload itself, but for a Rollout that refers to a Deployment.
    pub fn template_entry(&self) -> &'m Entry {
        self.model.entry(self.data.template.entry)
    }

    /// Where the pod template stands in [`template_entry`](Self::template_entry): `spec.template`; empty for a Pod.
    pub const fn pod_path(&self) -> &'static str {
        self.data.template.path
    }

    /// The pod template, or the pod: an object with `metadata` and `spec`.
    pub fn pod(&self) -> Option<&'m Value> {
        self.data.template.pod.as_ref()
    }

    /// The `spec` of the pods.
    pub fn pod_spec(&self) -> Option<&'m Value> {
        self.data.template.spec.as_ref()
    }

    /// The path of a member of the pods' `spec` in [`template_entry`](Self::template_entry): `spec.template.spec.volumes`.
    pub fn pod_field(&self, member: &str) -> FieldPath {
        FieldPath::parse(self.pod_path())
            .field("spec")
            .field(member)
    }

    /// The labels of its pods. Those that differ from pod to pod are not among them: see [`matched_by`](Self::matched_by).
    pub fn labels(&self) -> Labels<'m> {
        let labels = Labels::of(self.data.template.labels.as_ref());
        match self.kind() {
            WorkloadKind::Job => labels.with_implied([
                Some(("batch.kubernetes.io/job-name", self.name())),
                Some(("job-name", self.name())),
            ]),
            _ => labels,
        }
    }

    /// The annotations of its pods.
    pub fn annotations(&self) -> Labels<'m> {
        Labels::of(self.data.template.annotations.as_ref())
    }

    /// The autoscaler that sets its replicas.
    pub fn autoscaler(&self) -> Option<Autoscaler<'m>> {
        self.data
            .autoscaler
            .and_then(|id| Autoscaler::of(self.model.entry(id)))
    }

    /// How many pods run: an autoscaler's bounds before the number in the object, and 1 where nothing is said.
    pub fn replicas(&self) -> Replicas {
        let entry = self.entry();
        if let Some(autoscaler) = self.autoscaler() {
            let min = autoscaler.min();
            return Replicas {
                min,
                max: autoscaler.max().max(min),
                known: true,
            };
        }
        let fixed = |number| Replicas {
            min: number,
            max: number,
            known: true,
        };
        match self.kind() {
            WorkloadKind::Pod => fixed(1),
            WorkloadKind::DaemonSet => match self.nodes_of_daemons() {
                0 => Replicas {
                    known: false,
                    ..fixed(1)
                },
                nodes => fixed(nodes),
            },
            WorkloadKind::Job | WorkloadKind::CronJob => {
                let path = |member: &str| match self.kind() {
                    WorkloadKind::Job => format!("spec.{member}"),
                    _ => format!("spec.jobTemplate.spec.{member}"),
                };
                let parallel = count(entry.at(&path("parallelism"))).unwrap_or(1);
                let completions = count(entry.at(&path("completions"))).unwrap_or(u32::MAX);
                fixed(parallel.min(completions))
            }
            _ => fixed(count(entry.at("spec.replicas")).unwrap_or(1)),
        }
    }

    /// The nodes that take a pod of a DaemonSet: workers, and the others too where it tolerates them or nothing else is there.
    fn nodes_of_daemons(&self) -> u32 {
        let (mut workers, mut others) = (0, 0);
        for node in self.model.nodes() {
            match node.role() {
                NodeRole::Worker => workers += 1,
                NodeRole::ControlPlane => others += 1,
            }
        }
        let tolerations = self.pod_spec().and_then(|spec| spec.get("tolerations"));
        let tolerant = tolerations.and_then(Value::as_array).is_some_and(|list| {
            list.iter().any(|toleration| {
                let key = toleration
                    .get("key")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                matches!(
                    key,
                    "" | "node-role.kubernetes.io/control-plane" | "node-role.kubernetes.io/master"
                )
            })
        });
        if tolerant || workers == 0 {
            workers + others
        } else {
            workers
        }
    }

    /// The service account of its pods; `default` where nothing is said.
    pub fn service_account(&self) -> &'m str {
        let text = |member: &str| {
            self.pod_spec()
                .and_then(|spec| spec.get(member))
                .and_then(Value::as_str)
                .filter(|name| !name.is_empty())
        };
        text("serviceAccountName")
            .or_else(|| text("serviceAccount"))
            .unwrap_or("default")
    }

    /// Whether its pods use the network of their node.
    pub fn host_network(&self) -> bool {
        self.pod_spec()
            .and_then(|spec| spec.get("hostNetwork"))
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }

    /// All containers, in the order in which they start.
    pub fn containers(&self) -> impl Iterator<Item = Container<'m>> + use<'m> {
        let template = &self.data.template;
        let pod_path = template.path;
        let list = |written: &'m Option<Value>| {
            written
                .as_ref()
                .and_then(Value::as_array)
                .unwrap_or_default()
        };
        let init = list(&template.init_containers)
            .iter()
            .enumerate()
            .map(move |(index, value)| {
                let always = value.get("restartPolicy").and_then(Value::as_str) == Some("Always");
                let role = if always {
                    ContainerRole::Sidecar
                } else {
                    ContainerRole::Init
                };
                Container {
                    value,
                    role,
                    index,
                    pod_path,
                }
            });
        let main = list(&template.containers)
            .iter()
            .enumerate()
            .map(move |(index, value)| Container {
                value,
                role: ContainerRole::Main,
                index,
                pod_path,
            });
        init.chain(main)
    }

    /// The number of the port with this name. Containers that end before the pod is ready do not count.
    pub fn port_named(&self, name: &str, protocol: Protocol) -> Option<u16> {
        self.containers()
            .filter(|container| container.role() != ContainerRole::Init)
            .flat_map(Container::ports)
            .find(|port| port.name == Some(name) && port.protocol == protocol)
            .map(|port| port.port)
    }

    /// Which of its pods a selector means; the namespace is the caller's to compare.
    pub fn matched_by(&self, selector: &Selector) -> PodMatch {
        if selector.is_nothing() {
            return PodMatch::None;
        }
        let labels = self.labels();
        let mut found = PodMatch::Every;
        for requirement in selector.requirements() {
            match self.own_label(requirement) {
                Some(PodMatch::None) => return PodMatch::None,
                Some(PodMatch::Some) => found = PodMatch::Some,
                Some(PodMatch::Every) => {}
                None if requirement.accepts(labels.get(&requirement.key)) => {}
                None => return PodMatch::None,
            }
        }
        found
    }

    /// What becomes of a requirement on a label that the controller sets per pod; `None` for all other labels.
    fn own_label(&self, requirement: &Requirement) -> Option<PodMatch> {
        if !is_per_pod(self.kind(), &requirement.key) {
            return None;
        }
        let of_a_pod = |value: &str| match &*requirement.key {
            "statefulset.kubernetes.io/pod-name" => value
                .strip_prefix(self.name())
                .and_then(|rest| rest.strip_prefix('-'))
                .is_some_and(is_ordinal),
            "apps.kubernetes.io/pod-index" | "batch.kubernetes.io/job-completion-index" => {
                is_ordinal(value)
            }
            _ => true,
        };
        Some(match requirement.operator {
            Operator::Exists => PodMatch::Every,
            Operator::DoesNotExist => PodMatch::None,
            Operator::NotIn | Operator::Gt | Operator::Lt => PodMatch::Some,
            Operator::In if requirement.values.iter().any(|value| of_a_pod(value)) => {
                PodMatch::Some
            }
            Operator::In => PodMatch::None,
        })
    }
}

fn is_ordinal(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Labels whose value each pod gets from its controller.
fn is_per_pod(kind: WorkloadKind, key: &str) -> bool {
    match kind {
        WorkloadKind::Pod => false,
        WorkloadKind::Deployment | WorkloadKind::ReplicaSet => key == "pod-template-hash",
        WorkloadKind::Rollout => key == "rollouts-pod-template-hash",
        WorkloadKind::DaemonSet => {
            matches!(key, "controller-revision-hash" | "pod-template-generation")
        }
        WorkloadKind::StatefulSet => matches!(
            key,
            "statefulset.kubernetes.io/pod-name"
                | "apps.kubernetes.io/pod-index"
                | "controller-revision-hash"
        ),
        WorkloadKind::Job => matches!(
            key,
            "controller-uid"
                | "batch.kubernetes.io/controller-uid"
                | "batch.kubernetes.io/job-completion-index"
        ),
        WorkloadKind::CronJob => matches!(
            key,
            "controller-uid"
                | "batch.kubernetes.io/controller-uid"
                | "batch.kubernetes.io/job-completion-index"
                | "job-name"
                | "batch.kubernetes.io/job-name"
        ),
        WorkloadKind::ReplicationController => false,
    }
}

/// `Deployment demo/web`.
impl fmt::Display for Workload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entry().fmt(f)
    }
}

impl PartialEq for Workload<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.model, other.model) && self.data.entry == other.data.entry
    }
}

impl Eq for Workload<'_> {}
