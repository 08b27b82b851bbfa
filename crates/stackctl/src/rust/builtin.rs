//! The kinds that every cluster knows, in k8s-openapi's types.

use crd_core::parse::{self, ParseError};
use k8s_openapi::api::{
    admissionregistration, apps, autoscaling, batch, certificates, coordination, core, discovery,
    networking, node, policy, rbac, scheduling, storage,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration;
use kube_vocab::FieldPath;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What was read of a document.
pub(super) struct Read {
    pub(super) debug: String,
    pub(super) value: Value,
    pub(super) seeds: Vec<(FieldPath, &'static str)>,
    /// The type's path.
    pub(super) root: &'static str,
    pub(super) reads: fn(&Value) -> bool,
}

type Reader = fn(&Value) -> Result<Read, ParseError>;

/// How documents of a kind are read; `None` for kinds that are not built in.
pub(super) fn reader(api_version: &str, kind: &str) -> Option<Reader> {
    let known = KINDS
        .iter()
        .find(|(group, known, _)| *group == api_version && *known == kind);
    known.map(|(_, _, reader)| *reader)
}

fn read<K: DeserializeOwned + Serialize + std::fmt::Debug>(
    document: &Value,
) -> Result<Read, ParseError> {
    let object: K = parse::strict(document)?;
    // What k8s-openapi cannot write, it did not read.
    let value = serde_json::to_value(&object).unwrap_or_else(|_| document.clone());
    Ok(Read {
        debug: format!("{object:?}"),
        seeds: parse::seeds::<K>(&value)?,
        value,
        root: std::any::type_name::<K>(),
        reads: |value| parse::seeds::<K>(value).is_ok(),
    })
}

macro_rules! kinds {
    ($($version:literal { $($group:ident::$v:ident::{$($Kind:ident),* $(,)?};)* })*) => {
        &[$($($(($version, stringify!($Kind), read::<$group::$v::$Kind> as Reader),)*)*)*]
    };
}

const KINDS: &[(&str, &str, Reader)] = kinds! {
    "v1" { core::v1::{
        ConfigMap, Endpoints, Event, LimitRange, Namespace, Node, PersistentVolume, PersistentVolumeClaim, Pod, PodTemplate,
        ReplicationController, ResourceQuota, Secret, Service, ServiceAccount,
    }; }
    "apps/v1" { apps::v1::{ControllerRevision, DaemonSet, Deployment, ReplicaSet, StatefulSet}; }
    "batch/v1" { batch::v1::{CronJob, Job}; }
    "autoscaling/v1" { autoscaling::v1::{HorizontalPodAutoscaler}; }
    "autoscaling/v2" { autoscaling::v2::{HorizontalPodAutoscaler}; }
    "networking.k8s.io/v1" { networking::v1::{IPAddress, Ingress, IngressClass, NetworkPolicy, ServiceCIDR}; }
    "policy/v1" { policy::v1::{PodDisruptionBudget}; }
    "rbac.authorization.k8s.io/v1" { rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding}; }
    "storage.k8s.io/v1" { storage::v1::{CSIDriver, CSINode, StorageClass, VolumeAttachment}; }
    "scheduling.k8s.io/v1" { scheduling::v1::{PriorityClass}; }
    "coordination.k8s.io/v1" { coordination::v1::{Lease}; }
    "discovery.k8s.io/v1" { discovery::v1::{EndpointSlice}; }
    "node.k8s.io/v1" { node::v1::{RuntimeClass}; }
    "certificates.k8s.io/v1" { certificates::v1::{CertificateSigningRequest}; }
    "admissionregistration.k8s.io/v1" { admissionregistration::v1::{
        MutatingWebhookConfiguration, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding,
        ValidatingWebhookConfiguration,
    }; }
    "apiextensions.k8s.io/v1" { apiextensions::v1::{CustomResourceDefinition}; }
    "apiregistration.k8s.io/v1" { apiregistration::v1::{APIService}; }
};
