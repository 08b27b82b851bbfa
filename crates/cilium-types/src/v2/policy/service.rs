//! Peers behind a Kubernetes Service, or in a group of a cloud provider.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Serialize};

/// Services whose backends are meant. What is set of the two counts each for itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// Services by their labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub k8s_service_selector: Option<K8sServiceSelectorNamespace>,
    /// One Service by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub k8s_service: Option<K8sServiceNamespace>,
}

impl Service {
    /// One Service by name.
    pub fn named(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            k8s_service: Some(K8sServiceNamespace {
                service_name: Some(name.into()),
                namespace: Some(namespace.into()),
            }),
            k8s_service_selector: None,
        }
    }
}

/// A Service by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct K8sServiceNamespace {
    /// Name of the Service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_name: Option<String>,
    /// Namespace of the Service. Absent is every namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// Services by their labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct K8sServiceSelectorNamespace {
    /// Labels of the Services; the empty selector picks all.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::LabelSelector"))]
    pub selector: LabelSelector,
    /// Namespace of the Services. Absent is every namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// Addresses that the Cilium operator looks up at a provider. Only AWS so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Groups {
    /// Machines of Amazon EC2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws: Option<AwsGroup>,
}

/// Machines of Amazon EC2 for which all that is set holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AwsGroup {
    /// Tags of the machine.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Security groups by identifier (`sg-...`); one of them is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security_groups_ids: Vec<String>,
    /// Security groups by name; one of them is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security_groups_names: Vec<String>,
    /// AWS region. Absent is the operator's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}
