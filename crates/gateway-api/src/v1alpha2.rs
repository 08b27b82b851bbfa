//! Version `v1alpha2` of `gateway.networking.k8s.io`. Of its kinds, servers of the standard channel
//! know TLSRoute alone, and do not serve it.

#[cfg(feature = "experimental")]
use crate::v1::GatewayDefaultScope;
use crate::v1::{ParentReference, RouteStatus, TlsRouteRule};

crd_core::resource! {
    /// Which TLS connections go where, by the server name that the client asks for.
    ///
    /// See <https://gateway-api.sigs.k8s.io/reference/spec/#tlsroute>.
    #[resource(
        group = "gateway.networking.k8s.io", version = "v1alpha2", kind = "TLSRoute", plural = "tlsroutes", scope = Namespaced,
        categories = ["gateway-api"],
        status_subresource = true,
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
        deprecated = "TLSRoute v1alpha2 is on its way out; write v1",
    )]
    pub struct TlsRoute {
        /// What is wanted.
        pub spec: TlsRouteSpec,
        /// What controllers made of it.
        pub status: Option<RouteStatus>,
    }
}

crd_core::object! {
    /// Which TLS connections go where. Looser than [`v1::TlsRouteSpec`](crate::v1::TlsRouteSpec): several rules, and no
    /// need for host names.
    pub struct TlsRouteSpec {
        /// Whose connections: Gateways, or Services of a mesh; at most 32. A parent may be named twice with different sections.
        #[schemars(
            length(max = 32),
            extend("x-kubernetes-list-type" = "atomic", "x-kubernetes-validations" = crate::schema::parent_refs()),
        )]
        pub parent_refs: Vec<ParentReference>,
        /// Which default Gateways the route attaches to besides; none if absent.
        #[cfg(feature = "experimental")]
        pub use_default_gateways: Option<GatewayDefaultScope>,
        /// For which server names, exact or with a wildcard as first label, at most 16; those of the listener if empty.
        #[schemars(schema_with = "crate::schema::hostnames")]
        pub hostnames: Vec<String>,
        /// Where they go, 1 to 16 rules.
        #[required]
        #[schemars(schema_with = "rules::<TlsRouteRule>")]
        pub rules: Vec<TlsRouteRule>,
    }
}

#[cfg(feature = "schema")]
fn rules<R: schemars::JsonSchema>(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let mut schema = generator.subschema_for::<Vec<R>>();
    schema.insert("minItems".to_owned(), 1.into());
    schema.insert("maxItems".to_owned(), 16.into());
    schema.insert("x-kubernetes-list-type".to_owned(), "atomic".into());
    #[cfg(feature = "experimental")]
    schema.insert(
        "x-kubernetes-validations".to_owned(),
        crate::schema::plain_rules(),
    );
    schema
}

#[cfg(feature = "experimental")]
pub use experimental::{
    TcpRoute, TcpRouteRule, TcpRouteSpec, UdpRoute, UdpRouteRule, UdpRouteSpec,
};

#[cfg(feature = "experimental")]
mod experimental {
    #[cfg(feature = "schema")]
    use super::rules;
    use crate::v1::{BackendRef, GatewayDefaultScope, ParentReference, RouteStatus};

    crd_core::resource! {
        /// Where the TCP connections of a listener go.
        ///
        /// See <https://gateway-api.sigs.k8s.io/reference/spec/#tcproute>.
        #[resource(
            group = "gateway.networking.k8s.io", version = "v1alpha2", kind = "TCPRoute", plural = "tcproutes", scope = Namespaced,
            categories = ["gateway-api"],
            status_subresource = true,
            printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
        )]
        pub struct TcpRoute {
            /// What is wanted.
            pub spec: TcpRouteSpec,
            /// What controllers made of it.
            pub status: Option<RouteStatus>,
        }
    }

    crd_core::object! {
        /// Where TCP connections go.
        pub struct TcpRouteSpec {
            /// Whose connections: Gateways, or Services of a mesh; at most 32. A parent may be named twice with different sections.
            #[schemars(
                length(max = 32),
                extend("x-kubernetes-list-type" = "atomic", "x-kubernetes-validations" = crate::schema::parent_refs()),
            )]
            pub parent_refs: Vec<ParentReference>,
            /// Which default Gateways the route attaches to besides; none if absent.
            pub use_default_gateways: Option<GatewayDefaultScope>,
            /// Where they go, 1 to 16 rules.
            #[required]
            #[schemars(schema_with = "rules::<TcpRouteRule>")]
            pub rules: Vec<TcpRouteRule>,
        }
    }

    crd_core::object! {
        /// Where TCP connections go.
        #[derive(Eq)]
        pub struct TcpRouteRule {
            /// A name for the rule, unique within the route: lower-case letters, digits, hyphens and dots.
            #[schemars(schema_with = "crate::schema::section_name")]
            pub name: Option<String>,
            /// The backends, 1 to 16, shared out by weight.
            #[required]
            #[schemars(length(min = 1, max = 16), extend("x-kubernetes-list-type" = "atomic"))]
            pub backend_refs: Vec<BackendRef>,
        }
    }

    crd_core::resource! {
        /// Where the UDP packets of a listener go.
        ///
        /// See <https://gateway-api.sigs.k8s.io/reference/spec/#udproute>.
        #[resource(
            group = "gateway.networking.k8s.io", version = "v1alpha2", kind = "UDPRoute", plural = "udproutes", scope = Namespaced,
            categories = ["gateway-api"],
            status_subresource = true,
            printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
        )]
        pub struct UdpRoute {
            /// What is wanted.
            pub spec: UdpRouteSpec,
            /// What controllers made of it.
            pub status: Option<RouteStatus>,
        }
    }

    crd_core::object! {
        /// Where UDP packets go.
        pub struct UdpRouteSpec {
            /// Whose packets: Gateways, or Services of a mesh; at most 32. A parent may be named twice with different sections.
            #[schemars(
                length(max = 32),
                extend("x-kubernetes-list-type" = "atomic", "x-kubernetes-validations" = crate::schema::parent_refs()),
            )]
            pub parent_refs: Vec<ParentReference>,
            /// Which default Gateways the route attaches to besides; none if absent.
            pub use_default_gateways: Option<GatewayDefaultScope>,
            /// Where they go, 1 to 16 rules.
            #[required]
            #[schemars(schema_with = "rules::<UdpRouteRule>")]
            pub rules: Vec<UdpRouteRule>,
        }
    }

    crd_core::object! {
        /// Where UDP packets go.
        #[derive(Eq)]
        pub struct UdpRouteRule {
            /// A name for the rule, unique within the route: lower-case letters, digits, hyphens and dots.
            #[schemars(schema_with = "crate::schema::section_name")]
            pub name: Option<String>,
            /// The backends, 1 to 16, shared out by weight.
            #[required]
            #[schemars(length(min = 1, max = 16), extend("x-kubernetes-list-type" = "atomic"))]
            pub backend_refs: Vec<BackendRef>,
        }
    }
}
