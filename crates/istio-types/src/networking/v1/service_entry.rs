//! ServiceEntry: services that the platform's registry does not know.

use super::destination::Protocol;
use super::selector::LabelsSelector;
use super::workload_entry::WorkloadEntrySpec;
use crate::status::IstioStatus;
use crd_core::{Object, ObjectMeta, Resource, StringEnum};

/// Adds a service to the mesh's registry: one outside the mesh, or one made of virtual machines
/// or of pods.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/service-entry/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "networking.istio.io",
    version = "v1",
    kind = "ServiceEntry",
    plural = "serviceentries",
    scope = Namespaced,
    short_names = ["se"],
    categories = ["istio-io", "networking-istio-io"],
    status_subresource,
    printer_columns = [
        ("Hosts", "string", ".spec.hosts"),
        ("Location", "string", ".spec.location"),
        ("Resolution", "string", ".spec.resolution"),
        ("Age", "date", ".metadata.creationTimestamp"),
    ],
    older(version = "v1alpha3"),
    older(version = "v1beta1"),
)]
pub struct ServiceEntry {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// Hosts, ports and endpoints that the mesh learns of.
    pub spec: ServiceEntrySpec,
    /// What the control plane says about the object.
    pub status: Option<IstioStatus>,
}

/// The service of a [`ServiceEntry`].
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(
        extend("x-kubernetes-validations" = crd_core::schema::rules(&[
            (
                "!has(self.workloadSelector) || !has(self.endpoints)",
                "workloadSelector and endpoints exclude each other",
            ),
            (
                "!has(self.addresses) || !self.addresses.exists(address, address.contains('/')) || !has(self.resolution) || self.resolution in ['NONE', 'STATIC']",
                "CIDR blocks in addresses need the resolution NONE or STATIC",
            ),
            (
                "!has(self.endpoints) || (has(self.resolution) && self.resolution != 'NONE')",
                "endpoints need a resolution other than NONE",
            ),
            (
                "!has(self.resolution) || self.resolution != 'DNS_ROUND_ROBIN' || !has(self.endpoints) || size(self.endpoints) <= 1",
                "the resolution DNS_ROUND_ROBIN allows one endpoint at most",
            ),
        ]))
    )]
pub struct ServiceEntrySpec {
    /// Names of the service, 1 to 256, perhaps with a wildcard as first label but not `*` alone.
    #[field(required)]
    #[schemars(schema_with = "crate::schema::service_hosts")]
    pub hosts: Vec<String>,

    /// Addresses or CIDR blocks of the service, at most 256 of at most 64 characters. Left out,
    /// traffic is told apart by name, or by port alone.
    #[schemars(length(max = 256), inner(length(max = 64)))]
    pub addresses: Vec<String>,

    /// Its ports, at most 256, no name and no number twice.
    #[schemars(length(max = 256), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"], "x-kubernetes-validations" = crd_core::schema::rules(&[("self.all(port, self.filter(other, other.number == port.number).size() == 1)", "no port number may appear twice")])))]
    pub ports: Vec<ServicePort>,

    /// Whether it belongs to the mesh. Left out, `MESH_EXTERNAL`.
    pub location: Option<Location>,

    /// How its endpoints are found. Left out, `NONE`.
    pub resolution: Option<Resolution>,

    /// Its endpoints, at most 4096. Excludes `workload_selector`.
    #[schemars(schema_with = "crate::schema::endpoints")]
    pub endpoints: Vec<WorkloadEntrySpec>,

    /// Its endpoints, as WorkloadEntries and pods of the namespace. Excludes `endpoints`.
    pub workload_selector: Option<LabelsSelector>,

    /// Namespaces that may see the object: `*` all, `.` its own, `~` none. Left out, the mesh's
    /// default, which is all.
    pub export_to: Vec<String>,

    /// Names of which the server's certificate must bear one.
    pub subject_alt_names: Vec<String>,
}

/// A port of a [`ServiceEntry`].
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ServicePort {
    /// The number, 1 to 65535.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::port_number(), "maximum" = u32::MAX))]
    pub number: u32,

    /// What is spoken on it, at most 256 characters. Left out, guessed from the name or the traffic.
    #[schemars(length(max = 256))]
    pub protocol: Option<Protocol>,

    /// A label for the port, at most 256 characters.
    #[schemars(length(max = 256))]
    pub name: String,

    /// The endpoints' port, 1 to 65535. Left out, `number`.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::port_number(), "maximum" = u32::MAX))]
    pub target_port: Option<u32>,
}

/// Whether a service belongs to the mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Location {
    /// It does not: no mTLS, policies are those of the caller.
    MeshExternal,
    /// It does, as a virtual machine would.
    MeshInternal,
}

/// How the endpoints of a service are found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = Resolution::ALL))]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Resolution {
    /// Not at all: traffic goes to the address that the caller asked for.
    None,
    /// They are given, as addresses.
    Static,
    /// By DNS, all the time; all addresses are used.
    Dns,
    /// By DNS; the first address is used for new connections.
    DnsRoundRobin,
    /// By DNS, for the very name that the caller asked for, wildcards included.
    DynamicDns,
    /// A text that this version of the types does not know.
    Other(String),
}
