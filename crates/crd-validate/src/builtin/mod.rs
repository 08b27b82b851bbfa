//! The kinds that Kubernetes itself has: the schema of k8s-openapi, and the rules that a schema cannot say.
//!
//! A rule is a function over the object. One file per concern: pods, workloads, network, policy, storage.

mod names;
mod network;
mod placement;
mod pod;
mod policy;
pub(crate) mod quantity;
mod resources;
mod rule;
mod schema;
mod security;
mod selector;
mod storage;
mod webhook;
mod workload;

use std::sync::OnceLock;

use k8s_openapi::api::storage as classes;
use k8s_openapi::api::{
    admissionregistration as admission, apps, autoscaling, batch, certificates, coordination, core,
    discovery, events, flowcontrol, networking, node, policy as budgets, rbac, scheduling,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration;
use serde_json::Value;

use crate::metadata::{self, NameRule};
use crate::report::Outcome;
use crate::schema::{self as structural, Schema, SchemaError};
use crate::validator::UnknownFields;
use kube_vocab::Path;
use rule::Findings;

type Rule = fn(&Value, &mut Findings<'_>);

struct Kind {
    api_version: &'static str,
    kind: &'static str,
    namespaced: bool,
    names: NameRule,
    make: fn() -> Result<Schema, SchemaError>,
    rule: Option<Rule>,
    schema: OnceLock<Result<Schema, SchemaError>>,
}

macro_rules! kinds {
    ($($api_version:literal $($Type:ident)::+ $namespaced:ident $names:ident $(=> $rule:path)?;)+) => {
        [$(Kind {
            api_version: $api_version,
            kind: <$($Type)::+ as k8s_openapi::Resource>::KIND,
            namespaced: stringify!($namespaced).len() == "namespaced".len(),
            names: NameRule::$names,
            make: schema::compile::<$($Type)::+>,
            rule: kinds!(@rule $($rule)?),
            schema: OnceLock::new(),
        }),+]
    };
    (@rule $rule:path) => { Some($rule) };
    (@rule) => { None };
}

/// Kinds in their stable versions, as far as all Kubernetes versions that may be chosen have them. Left out are those that no
/// one keeps as a manifest: questions to the server, such as a SubjectAccessReview, which have no name.
static KINDS: [Kind; 53] = kinds! {
    "admissionregistration.k8s.io/v1" admission::v1::MutatingWebhookConfiguration cluster Subdomain => webhook::configuration;
    "admissionregistration.k8s.io/v1" admission::v1::ValidatingAdmissionPolicy cluster Subdomain;
    "admissionregistration.k8s.io/v1" admission::v1::ValidatingAdmissionPolicyBinding cluster Subdomain;
    "admissionregistration.k8s.io/v1" admission::v1::ValidatingWebhookConfiguration cluster Subdomain => webhook::configuration;
    "apiregistration.k8s.io/v1" apiregistration::v1::APIService cluster PathSegment;
    "apps/v1" apps::v1::ControllerRevision namespaced Subdomain;
    "apps/v1" apps::v1::DaemonSet namespaced Subdomain => workload::daemon_set;
    "apps/v1" apps::v1::Deployment namespaced Subdomain => workload::deployment;
    "apps/v1" apps::v1::ReplicaSet namespaced Subdomain => workload::replica_set;
    "apps/v1" apps::v1::StatefulSet namespaced Subdomain => workload::stateful_set;
    "autoscaling/v1" autoscaling::v1::HorizontalPodAutoscaler namespaced Subdomain => policy::autoscaler;
    "autoscaling/v2" autoscaling::v2::HorizontalPodAutoscaler namespaced Subdomain => policy::autoscaler;
    "batch/v1" batch::v1::CronJob namespaced Subdomain => workload::cron_job;
    "batch/v1" batch::v1::Job namespaced Subdomain => workload::job;
    "certificates.k8s.io/v1" certificates::v1::CertificateSigningRequest cluster PathSegment;
    "coordination.k8s.io/v1" coordination::v1::Lease namespaced Subdomain;
    "discovery.k8s.io/v1" discovery::v1::EndpointSlice namespaced Subdomain;
    "events.k8s.io/v1" events::v1::Event namespaced Subdomain;
    "flowcontrol.apiserver.k8s.io/v1" flowcontrol::v1::FlowSchema cluster Subdomain;
    "flowcontrol.apiserver.k8s.io/v1" flowcontrol::v1::PriorityLevelConfiguration cluster Subdomain;
    "networking.k8s.io/v1" networking::v1::IPAddress cluster PathSegment;
    "networking.k8s.io/v1" networking::v1::Ingress namespaced Subdomain => network::ingress;
    "networking.k8s.io/v1" networking::v1::IngressClass cluster Subdomain => network::ingress_class;
    "networking.k8s.io/v1" networking::v1::NetworkPolicy namespaced Subdomain => network::network_policy;
    "networking.k8s.io/v1" networking::v1::ServiceCIDR cluster Subdomain;
    "node.k8s.io/v1" node::v1::RuntimeClass cluster Subdomain => policy::runtime_class;
    "policy/v1" budgets::v1::PodDisruptionBudget namespaced Subdomain => policy::disruption_budget;
    "rbac.authorization.k8s.io/v1" rbac::v1::ClusterRole cluster PathSegment => policy::cluster_role;
    "rbac.authorization.k8s.io/v1" rbac::v1::ClusterRoleBinding cluster PathSegment => policy::binding;
    "rbac.authorization.k8s.io/v1" rbac::v1::Role namespaced PathSegment => policy::role;
    "rbac.authorization.k8s.io/v1" rbac::v1::RoleBinding namespaced PathSegment => policy::binding;
    "scheduling.k8s.io/v1" scheduling::v1::PriorityClass cluster Subdomain => policy::priority_class;
    "storage.k8s.io/v1" classes::v1::CSIDriver cluster Subdomain;
    "storage.k8s.io/v1" classes::v1::CSINode cluster Subdomain;
    "storage.k8s.io/v1" classes::v1::CSIStorageCapacity namespaced Subdomain;
    "storage.k8s.io/v1" classes::v1::StorageClass cluster Subdomain => storage::storage_class;
    "storage.k8s.io/v1" classes::v1::VolumeAttachment cluster Subdomain;
    "apiextensions.k8s.io/v1" apiextensions::v1::CustomResourceDefinition cluster Subdomain => storage::definition;
    "v1" core::v1::ConfigMap namespaced Subdomain => storage::config_map;
    "v1" core::v1::Endpoints namespaced Subdomain;
    "v1" core::v1::Event namespaced Subdomain;
    "v1" core::v1::LimitRange namespaced Subdomain => policy::limit_range;
    "v1" core::v1::Namespace cluster Label;
    "v1" core::v1::Node cluster Subdomain;
    "v1" core::v1::PersistentVolume cluster Subdomain => storage::volume;
    "v1" core::v1::PersistentVolumeClaim namespaced Subdomain => storage::claim;
    "v1" core::v1::Pod namespaced Subdomain => workload::pod;
    "v1" core::v1::PodTemplate namespaced Subdomain => workload::pod_template;
    "v1" core::v1::ReplicationController namespaced Subdomain => workload::replication_controller;
    "v1" core::v1::ResourceQuota namespaced Subdomain => policy::resource_quota;
    "v1" core::v1::Secret namespaced Subdomain => storage::secret;
    "v1" core::v1::Service namespaced Label => network::service;
    "v1" core::v1::ServiceAccount namespaced Subdomain;
};

/// Judges an object of a built-in kind that is to be created, or `None` where the kind is not one that is known here.
pub(crate) fn judge(
    api_version: &str,
    kind: &str,
    object: &Value,
    unknown: UnknownFields,
) -> Option<Outcome> {
    let known = KINDS
        .iter()
        .find(|known| known.api_version == api_version && known.kind == kind)?;
    let schema = known.schema.get_or_init(known.make).as_ref().ok()?;
    let mut report = Outcome::default();
    let Some(mut object) = object
        .as_object()
        .and_then(|members| crate::validator::decode(members, schema, unknown, &mut report))
    else {
        return Some(report);
    };
    // Nobody creates a status.
    if let Some(members) = object.as_object_mut() {
        members.shift_remove("status");
    }
    let metadata = object.get("metadata").unwrap_or(&Value::Null);
    metadata::check(metadata, known.names, known.namespaced, &mut report.faults);
    structural::check(&object, None, schema, &Path::ROOT, &mut report.faults);
    if let Some(rule) = known.rule {
        let mut more = Vec::new();
        rule(&object, &mut Findings(&mut more));
        // What the schema has said, the rules need not say again.
        more.retain(|finding| report.faults.iter().all(|known| known.path != finding.path));
        report.faults.append(&mut more);
    }
    Some(report)
}
