//! What is particular to each kind: which names it allows, and its rules.

use super::faults::Faults;
use super::meta::Judges::{self, Everything, Names};
use super::node::Node;
use super::{admission, cluster, definition, device, network, pod, policy, storage, workload};
use crate::metadata::NameRule::{self, Label, PathSegment, Subdomain};

type Check = fn(&Node<'_, '_>, &mut Faults);

pub(super) struct Kind {
    group: &'static str,
    kind: &'static str,
    /// The version that the rules are for; empty for all.
    version: &'static str,
    pub(super) names: NameRule,
    pub(super) judges: Judges,
    /// Whether the server counts the generations of an object, and forgets the number that is sent.
    pub(super) numbered: bool,
    /// Whether a creation keeps the status that is sent.
    pub(super) keeps_status: bool,
    /// Whether the rules are for the creation alone: an update is judged by what may not change.
    pub(super) once: bool,
    /// Whether the rules ask for no name, namespace or label of the object itself.
    pub(super) nameless: bool,
    pub(super) check: Check,
}

const fn kind(group: &'static str, kind: &'static str, check: Check) -> Kind {
    Kind {
        group,
        kind,
        version: "",
        names: Subdomain,
        judges: Everything,
        numbered: false,
        keeps_status: false,
        once: false,
        nameless: false,
        check,
    }
}

impl Kind {
    const fn numbered(self) -> Self {
        Self {
            numbered: true,
            ..self
        }
    }

    const fn named(self, names: NameRule) -> Self {
        Self { names, ..self }
    }

    const fn plain(self) -> Self {
        Self {
            judges: Names,
            ..self
        }
    }

    const fn version(self, version: &'static str) -> Self {
        Self { version, ..self }
    }

    const fn once(self) -> Self {
        Self { once: true, ..self }
    }

    const fn nameless(self) -> Self {
        Self {
            nameless: true,
            ..self
        }
    }

    const fn keeps_status(self) -> Self {
        Self {
            keeps_status: true,
            ..self
        }
    }
}

const ADMISSION: &str = "admissionregistration.k8s.io";
const RBAC: &str = "rbac.authorization.k8s.io";
const STORAGE: &str = "storage.k8s.io";
const NETWORK: &str = "networking.k8s.io";
const FLOW: &str = "flowcontrol.apiserver.k8s.io";
const RESOURCE: &str = "resource.k8s.io";

static KINDS: [Kind; 75] = [
    kind("", "ConfigMap", cluster::config_map).nameless(),
    kind("", "Endpoints", network::endpoints),
    kind("", "Event", cluster::event).named(PathSegment).plain(),
    kind("", "LimitRange", policy::limits).nameless(),
    kind("", "Namespace", cluster::namespace)
        .nameless()
        .named(Label),
    kind("", "Node", cluster::node).keeps_status(),
    kind("", "PersistentVolume", storage::volume),
    kind("", "PersistentVolumeClaim", storage::claim).nameless(),
    kind("", "Pod", pod::pod).numbered(),
    kind("", "PodTemplate", workload::pod_template).numbered(),
    kind(
        "",
        "ReplicationController",
        workload::replication_controller,
    )
    .numbered(),
    kind("", "ResourceQuota", policy::quota).nameless(),
    kind("", "Secret", cluster::secret).nameless(),
    kind("", "Service", network::service)
        .nameless()
        .named(Label),
    kind("", "ServiceAccount", nothing).nameless(),
    kind("apps", "ControllerRevision", workload::controller_revision),
    kind("apps", "DaemonSet", workload::daemon_set)
        .nameless()
        .numbered(),
    kind("apps", "Deployment", workload::deployment)
        .nameless()
        .numbered(),
    kind("apps", "ReplicaSet", workload::replica_set)
        .nameless()
        .numbered(),
    kind("apps", "StatefulSet", workload::stateful_set)
        .nameless()
        .named(Label)
        .numbered(),
    kind(
        "autoscaling",
        "HorizontalPodAutoscaler",
        policy::autoscaler_v1,
    )
    .version("v1"),
    kind("autoscaling", "HorizontalPodAutoscaler", policy::autoscaler).nameless(),
    kind("autoscaling", "Scale", policy::scale),
    kind("batch", "CronJob", workload::cron_job).numbered(),
    kind("batch", "Job", workload::job).numbered(),
    kind(
        "certificates.k8s.io",
        "CertificateSigningRequest",
        cluster::request,
    )
    .named(PathSegment),
    kind(
        "certificates.k8s.io",
        "ClusterTrustBundle",
        cluster::trust_bundle,
    )
    .named(PathSegment),
    kind(
        "certificates.k8s.io",
        "PodCertificateRequest",
        cluster::pod_request,
    ),
    kind("coordination.k8s.io", "Lease", cluster::lease),
    kind("coordination.k8s.io", "LeaseCandidate", cluster::candidate),
    kind("discovery.k8s.io", "EndpointSlice", network::endpoint_slice).numbered(),
    kind("events.k8s.io", "Event", cluster::new_event),
    kind("policy", "PodDisruptionBudget", policy::budget)
        .nameless()
        .named(PathSegment)
        .plain()
        .numbered(),
    kind("scheduling.k8s.io", "PriorityClass", policy::priority)
        .numbered()
        .once(),
    kind("scheduling.k8s.io", "PodGroup", workload::pod_group),
    kind(
        "scheduling.k8s.io",
        "CompositePodGroup",
        workload::composite_group,
    ),
    kind("scheduling.k8s.io", "Workload", workload::workload),
    kind(
        "storagemigration.k8s.io",
        "StorageVersionMigration",
        cluster::migration,
    ),
    kind("node.k8s.io", "RuntimeClass", policy::runtime)
        .plain()
        .once(),
    kind("apiregistration.k8s.io", "APIService", cluster::api_service)
        .named(PathSegment)
        .plain(),
    kind(
        "apiextensions.k8s.io",
        "CustomResourceDefinition",
        definition::definition,
    )
    .plain()
    .numbered(),
    kind(
        ADMISSION,
        "MutatingWebhookConfiguration",
        admission::mutating,
    )
    .plain()
    .numbered(),
    kind(
        ADMISSION,
        "ValidatingWebhookConfiguration",
        admission::validating,
    )
    .plain()
    .numbered(),
    kind(
        ADMISSION,
        "ValidatingAdmissionPolicy",
        admission::validating_policy,
    )
    .plain()
    .numbered(),
    kind(
        ADMISSION,
        "ValidatingAdmissionPolicyBinding",
        admission::binding,
    )
    .plain()
    .numbered(),
    kind(
        ADMISSION,
        "MutatingAdmissionPolicy",
        admission::mutating_policy,
    )
    .plain()
    .numbered(),
    kind(
        ADMISSION,
        "MutatingAdmissionPolicyBinding",
        admission::mutating_binding,
    )
    .plain()
    .numbered(),
    kind(RBAC, "ClusterRole", policy::cluster_role)
        .nameless()
        .named(PathSegment),
    kind(RBAC, "ClusterRoleBinding", policy::cluster_binding)
        .nameless()
        .named(PathSegment),
    kind(RBAC, "Role", policy::role)
        .nameless()
        .named(PathSegment),
    kind(RBAC, "RoleBinding", policy::binding)
        .nameless()
        .named(PathSegment),
    kind(STORAGE, "CSIDriver", storage::driver),
    kind(STORAGE, "CSINode", storage::node),
    kind(STORAGE, "CSIStorageCapacity", storage::capacity).once(),
    kind(STORAGE, "StorageClass", storage::storage_class).once(),
    kind(STORAGE, "VolumeAttachment", storage::attachment),
    kind(STORAGE, "VolumeAttributesClass", storage::attributes_class).once(),
    kind(NETWORK, "Ingress", network::ingress)
        .nameless()
        .numbered(),
    kind(NETWORK, "IngressClass", network::class).numbered(),
    kind(NETWORK, "NetworkPolicy", network::policy)
        .nameless()
        .numbered(),
    kind(NETWORK, "IPAddress", network::address)
        .named(PathSegment)
        .once(),
    kind(NETWORK, "ServiceCIDR", network::service_range),
    kind(FLOW, "FlowSchema", policy::flow_schema).numbered(),
    kind(FLOW, "PriorityLevelConfiguration", policy::priority_level).numbered(),
    kind(RESOURCE, "ResourceClaim", device::claim).once(),
    kind(RESOURCE, "ResourceClaimTemplate", device::claim_template).once(),
    kind(RESOURCE, "DeviceClass", device::class).numbered(),
    kind(RESOURCE, "ResourceSlice", device::slice).numbered(),
    kind(RESOURCE, "DeviceTaintRule", device::taint_rule).numbered(),
    kind(
        RESOURCE,
        "ResourcePoolStatusRequest",
        device::pool_status_request,
    )
    .once(),
    kind("authentication.k8s.io", "TokenReview", cluster::token)
        .named(PathSegment)
        .plain(),
    kind(
        "authorization.k8s.io",
        "SubjectAccessReview",
        cluster::access,
    )
    .named(PathSegment)
    .plain(),
    kind(
        "authorization.k8s.io",
        "SelfSubjectAccessReview",
        cluster::own_access,
    )
    .named(PathSegment)
    .plain(),
    kind(
        "authorization.k8s.io",
        "LocalSubjectAccessReview",
        cluster::local_access,
    )
    .named(PathSegment)
    .plain(),
    kind("", "Binding", cluster::binding),
];

fn nothing(_: &Node<'_, '_>, _: &mut Faults) {}

/// What is known of a kind; one that has no rules here is judged by its fields and its name alone.
pub(super) fn find(group: &str, version: &str, name: &str) -> &'static Kind {
    static OTHERS: Kind = kind("", "", nothing).named(PathSegment);
    KINDS
        .iter()
        .find(|known| {
            known.kind == name
                && known.group == group
                && (known.version.is_empty() || known.version == version)
        })
        .unwrap_or(&OTHERS)
}

/// Kinds that are questions to the server: they have no name, and are not kept.
pub(super) fn is_question(group: &str, kind: &str) -> bool {
    matches!(group, "authentication.k8s.io" | "authorization.k8s.io") && kind.ends_with("Review")
}
