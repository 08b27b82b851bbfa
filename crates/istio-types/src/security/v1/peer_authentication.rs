//! PeerAuthentication: which workloads insist on mTLS.

use std::collections::BTreeMap;

use crate::WorkloadSelector;
use crate::names::ROOT_NAMESPACE;
use crate::status::IstioStatus;
use crd_core::{Object, ObjectMeta, Resource, StringEnum};

/// Says whether workloads accept plain text, insist on mutual TLS, or refuse it.
///
/// The narrowest policy wins: port, then workload (with a selector), then namespace (without),
/// then mesh (without a selector, in the root namespace). At most one policy per namespace may
/// be without a selector; of several the oldest counts. In ambient mode ztunnel enforces it;
/// `DISABLE` has no effect there.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/security/peer_authentication/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "security.istio.io",
    version = "v1",
    kind = "PeerAuthentication",
    plural = "peerauthentications",
    scope = Namespaced,
    short_names = ["pa"],
    categories = ["istio-io", "security-istio-io"],
    status_subresource,
    printer_columns = [
        ("Mode", "string", ".spec.mtls.mode"),
        ("Age", "date", ".metadata.creationTimestamp"),
    ],
    older(version = "v1beta1"),
)]
pub struct PeerAuthentication {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What is demanded, and of whom. Left out, the policy demands nothing of its own and
    /// inherits.
    pub spec: Option<PeerAuthenticationSpec>,
    /// What the control plane says about the object.
    pub status: Option<IstioStatus>,
}

impl PeerAuthentication {
    /// Everything in the mesh must speak mTLS: the policy `default` in `istio-system`.
    ///
    /// ```
    /// use istio_types::security::v1::PeerAuthentication;
    ///
    /// let policy = PeerAuthentication::mesh_wide_strict();
    /// assert_eq!(policy.metadata.namespace.as_deref(), Some("istio-system"));
    /// ```
    pub fn mesh_wide_strict() -> Self {
        Self::new("default", PeerAuthenticationSpec::strict()).in_namespace(ROOT_NAMESPACE)
    }

    /// The workloads that `selector` picks accept plain text on `ports` and keep to the wider
    /// policies elsewhere.
    ///
    /// The ports are those of the container, not of the Service. This is the exception that an
    /// ingress controller outside the mesh needs under a STRICT mesh.
    ///
    /// ```
    /// use istio_types::{WorkloadSelector, security::v1::PeerAuthentication};
    ///
    /// let proxy = WorkloadSelector::labels([("app", "kong-gateway")]);
    /// let policy = PeerAuthentication::permissive_ports("kong-proxy", "kong", proxy, [8000, 8443]);
    /// let ports = &policy.spec.unwrap_or_default().port_level_mtls;
    /// assert_eq!(ports.keys().copied().collect::<Vec<_>>(), [8000, 8443]);
    /// ```
    pub fn permissive_ports(
        name: impl Into<String>,
        namespace: impl Into<String>,
        selector: WorkloadSelector,
        ports: impl IntoIterator<Item = u16>,
    ) -> Self {
        Self::new(
            name,
            PeerAuthenticationSpec::permissive_ports(selector, ports),
        )
        .in_namespace(namespace)
    }
}

/// What a [`PeerAuthentication`] demands, and of whom.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(
        extend("x-kubernetes-validations" = crd_core::schema::rules(&[
            (
                "!has(self.portLevelMtls) || (has(self.selector) && has(self.selector.matchLabels) && size(self.selector.matchLabels) > 0)",
                "settings per port need a selector with labels",
            ),
        ]))
    )]
pub struct PeerAuthenticationSpec {
    /// The workloads that the policy is for. Left out, the whole namespace, or in the root
    /// namespace the whole mesh.
    pub selector: Option<WorkloadSelector>,

    /// The demand on all ports. Left out, it is inherited from the next wider policy; without any,
    /// `PERMISSIVE`.
    pub mtls: Option<MutualTls>,

    /// Demands that differ per port: port number of the workload (1 to 65535, the container's port,
    /// not the Service's) to its demand.
    ///
    /// Needs a selector with at least one label. On the wire the numbers are strings, as all keys
    /// in JSON are.
    #[field(with = crate::port_map)]
    #[schemars(schema_with = "crate::schema::port_levels")]
    pub port_level_mtls: BTreeMap<u16, MutualTls>,
}

impl PeerAuthenticationSpec {
    /// mTLS or nothing, for everything in the object's reach.
    pub fn strict() -> Self {
        Self {
            mtls: Some(MutualTls::new(MutualTlsMode::Strict)),
            ..Self::default()
        }
    }

    /// Plain text and mTLS on `ports` of the workloads that `selector` picks, the inherited demand
    /// on their other ports.
    pub fn permissive_ports(
        selector: WorkloadSelector,
        ports: impl IntoIterator<Item = u16>,
    ) -> Self {
        let mut port_level_mtls = BTreeMap::new();
        // To collect them would compile a sort for each type of `ports`.
        for port in ports {
            port_level_mtls.insert(port, MutualTls::new(MutualTlsMode::Permissive));
        }
        Self {
            selector: Some(selector),
            port_level_mtls,
            ..Self::default()
        }
    }
}

/// The demand on connections to a workload or to one of its ports.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MutualTls {
    /// What is accepted. Left out, the same as `UNSET`.
    pub mode: Option<MutualTlsMode>,
}

impl MutualTls {
    /// A demand of this mode.
    pub fn new(mode: MutualTlsMode) -> Self {
        Self { mode: Some(mode) }
    }
}

/// What a workload accepts on its ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "UPPERCASE")]
pub enum MutualTlsMode {
    /// Whatever the next wider policy says; `PERMISSIVE` where there is none.
    Unset,
    /// Plain text only. Has no effect in ambient mode.
    Disable,
    /// Plain text and mTLS are both taken.
    Permissive,
    /// mTLS with a client certificate only.
    Strict,
}
