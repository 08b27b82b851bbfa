//! Peers behind a Kubernetes Service, or in a group of a cloud provider.

use std::collections::BTreeMap;

use crd_core::Object;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

/// Services whose backends are meant. What is set of the two counts each for itself.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Service {
    /// Services by their labels, in one namespace or in all.
    pub k8s_service_selector: Option<K8sServiceSelectorNamespace>,
    /// One Service, by its name and namespace.
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct K8sServiceNamespace {
    /// The Service's name, exactly.
    pub service_name: Option<String>,
    /// Namespace of the Service. Absent is every namespace.
    pub namespace: Option<String>,
}

/// Services by their labels.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct K8sServiceSelectorNamespace {
    /// Labels of the Services; the empty selector picks all.
    #[schemars(with = "crate::v2::EndpointSelector")]
    pub selector: LabelSelector,
    /// Namespace of the Services. Absent is every namespace.
    pub namespace: Option<String>,
}

/// Addresses that the Cilium operator looks up at a provider. Only AWS so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct Groups {
    /// Machines of Amazon EC2.
    pub aws: Option<AwsGroup>,
}

/// Machines of Amazon EC2 for which all that is set holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct AwsGroup {
    /// Tags of the machine.
    pub labels: BTreeMap<String, String>,
    /// Security groups by identifier (`sg-...`); one of them is enough.
    pub security_groups_ids: Vec<String>,
    /// Security groups by name; one of them is enough.
    pub security_groups_names: Vec<String>,
    /// AWS region. Absent is the operator's own.
    pub region: Option<String>,
}
