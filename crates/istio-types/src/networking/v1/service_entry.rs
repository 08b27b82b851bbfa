//! ServiceEntry: services that the platform's registry does not know.

use crd_core::resource;
use serde::{Deserialize, Serialize};

use super::destination::Protocol;
use super::selector::LabelsSelector;
use super::workload_entry::WorkloadEntrySpec;
use crate::status::IstioStatus;

resource! {
    /// Adds a service to the mesh's registry: one outside the mesh, or one made of virtual machines
    /// or of pods.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/networking/service-entry/>
    #[resource(
        group = "networking.istio.io",
        version = "v1",
        kind = "ServiceEntry",
        plural = "serviceentries",
        scope = Namespaced,
        short_names = ["se"],
        categories = ["istio-io", "networking-istio-io"],
        status_subresource = true,
        printer_columns = [
            ("Hosts", "string", ".spec.hosts"),
            ("Location", "string", ".spec.location"),
            ("Resolution", "string", ".spec.resolution"),
            ("Age", "date", ".metadata.creationTimestamp"),
        ],
    )]
    pub struct ServiceEntry {
        /// The service.
        pub spec: ServiceEntrySpec,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

/// The service of a [`ServiceEntry`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "schema",
    schemars(
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
    )
)]
pub struct ServiceEntrySpec {
    /// Names of the service, 1 to 256, perhaps with a wildcard as first label but not `*` alone.
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::service_hosts")
    )]
    pub hosts: Vec<String>,

    /// Addresses or CIDR blocks of the service, at most 256 of at most 64 characters. Left out,
    /// traffic is told apart by name, or by port alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(
        feature = "schema",
        schemars(length(max = 256), inner(length(max = 64)))
    )]
    pub addresses: Vec<String>,

    /// Its ports, at most 256, no name and no number twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 256), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"], "x-kubernetes-validations" = crd_core::schema::rules(&[("self.all(port, self.filter(other, other.number == port.number).size() == 1)", "no port number may appear twice")]))))]
    pub ports: Vec<ServicePort>,

    /// Whether it belongs to the mesh. Left out, `MESH_EXTERNAL`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,

    /// How its endpoints are found. Left out, `NONE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,

    /// Its endpoints, at most 4096. Excludes `workload_selector`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::endpoints"))]
    pub endpoints: Vec<WorkloadEntrySpec>,

    /// Its endpoints, as WorkloadEntries and pods of the namespace. Excludes `endpoints`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workload_selector: Option<LabelsSelector>,

    /// Namespaces that may see the object: `*` all, `.` its own, `~` none. Left out, the mesh's
    /// default, which is all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub export_to: Vec<String>,

    /// Names of which the server's certificate must bear one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subject_alt_names: Vec<String>,
}

/// A port of a [`ServiceEntry`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ServicePort {
    /// The number, 1 to 65535.
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::port_number(), "maximum" = u32::MAX)))]
    pub number: u32,

    /// What is spoken on it, at most 256 characters. Left out, guessed from the name or the traffic.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = 256)))]
    pub protocol: Option<Protocol>,

    /// A label for the port, at most 256 characters.
    #[cfg_attr(feature = "schema", schemars(length(max = 256)))]
    pub name: String,

    /// The endpoints' port, 1 to 65535. Left out, `number`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::port_number(), "maximum" = u32::MAX)))]
    pub target_port: Option<u32>,
}

crd_core::string_enum! {
    /// Whether a service belongs to the mesh.
    pub enum Location {
        /// It does not: no mTLS, policies are those of the caller.
        MeshExternal = "MESH_EXTERNAL",
        /// It does, as a virtual machine would.
        MeshInternal = "MESH_INTERNAL",
    }
}

crd_core::string_enum! {
    /// How the endpoints of a service are found.
    #[open]
    #[schemars(extend("enum" = Resolution::ALL))]
    pub enum Resolution {
        /// Not at all: traffic goes to the address that the caller asked for.
        None = "NONE",
        /// They are given, as addresses.
        Static = "STATIC",
        /// By DNS, all the time; all addresses are used.
        Dns = "DNS",
        /// By DNS; the first address is used for new connections.
        DnsRoundRobin = "DNS_ROUND_ROBIN",
        /// By DNS, for the very name that the caller asked for, wildcards included.
        DynamicDns = "DYNAMIC_DNS",
    }
}
