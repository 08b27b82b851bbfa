//! WorkloadEntry: a workload that is not a pod.

use std::collections::BTreeMap;

use crate::status::IstioStatus;
use crd_core::{Object, ObjectMeta, Resource};

/// A workload that is not a pod, such as a virtual machine; a ServiceEntry makes a service of
/// it.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/workload-entry/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "networking.istio.io",
    version = "v1",
    kind = "WorkloadEntry",
    plural = "workloadentries",
    scope = Namespaced,
    short_names = ["we"],
    categories = ["istio-io", "networking-istio-io"],
    status_subresource,
    printer_columns = [
        ("Age", "date", ".metadata.creationTimestamp"),
        ("Address", "string", ".spec.address"),
    ],
    older(version = "v1alpha3"),
    older(version = "v1beta1"),
)]
pub struct WorkloadEntry {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The workload's address, labels and place.
    #[schemars(schema_with = "crate::schema::workload_entry")]
    pub spec: WorkloadEntrySpec,
    /// What the control plane says about the object.
    pub status: Option<IstioStatus>,
}

/// A workload that is not a pod. Also an endpoint of a ServiceEntry, and what a WorkloadGroup's
/// members have in common.
///
/// Everywhere but in a WorkloadGroup it has an address or a network.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(
        extend("x-kubernetes-validations" = crd_core::schema::rules(&[
            (
                "!has(self.address) || !self.address.startsWith('unix://') || !has(self.ports)",
                "a Unix domain socket has no ports",
            ),
        ]))
    )]
pub struct WorkloadEntrySpec {
    /// Address without port, at most 256 characters: IP, DNS name (where the service is resolved by
    /// DNS) or `unix://PATH` with an absolute path or an abstract socket (`@`).
    #[schemars(length(max = 256),
            extend("x-kubernetes-validations" = crd_core::schema::rules(&[
                (
                    "!self.startsWith('unix://') || self.startsWith('unix:///') || self.startsWith('unix://@')",
                    "a Unix domain socket has an absolute path, or begins with @",
                ),
                (
                    "!self.startsWith('unix://') || !self.endsWith('/')",
                    "a Unix domain socket is no directory",
                ),
            ]))
        )]
    pub address: Option<String>,

    /// The workload's number for each port name of the service, at most 128; names are DNS labels,
    /// numbers are 1 to 65535. Not for Unix domain sockets.
    #[schemars(schema_with = "crate::schema::workload_ports")]
    pub ports: BTreeMap<String, u32>,

    /// Labels, at most 256, for selectors and subsets.
    #[schemars(extend("maxProperties" = 256))]
    pub labels: BTreeMap<String, String>,

    /// Network that the workload is in, at most 2048 characters; workloads of one network reach
    /// each other directly. Left out, the mesh's.
    #[schemars(length(max = 2048))]
    pub network: Option<String>,

    /// Locality, at most 2048 characters: `REGION/ZONE/SUBZONE`.
    #[schemars(length(max = 2048))]
    pub locality: Option<String>,

    /// Weight against the other endpoints. Left out, 1.
    #[schemars(extend("maximum" = u32::MAX))]
    pub weight: Option<u32>,

    /// Service account in the same namespace, at most 253 characters, whose identity the workload
    /// has.
    #[schemars(length(max = 253))]
    pub service_account: Option<String>,
}
