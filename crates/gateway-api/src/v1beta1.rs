//! Version `v1beta1` of `gateway.networking.k8s.io`: the types of [`v1`](crate::v1) under their former version.

use crate::v1::{
    GatewayClassSpec, GatewayClassStatus, GatewaySpec, GatewayStatus, HttpRouteSpec,
    ReferenceGrantSpec, RouteStatus,
};

crd_core::resource! {
    /// A kind of Gateway that the cluster offers; see [`v1::GatewayClass`](crate::v1::GatewayClass).
    ///
    /// See <https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclass>.
    #[resource(
        group = "gateway.networking.k8s.io", version = "v1beta1", kind = "GatewayClass", plural = "gatewayclasses", scope = Cluster,
        short_names = ["gc"],
        categories = ["gateway-api"],
        status_subresource = true,
        printer_columns = [
            ("Controller", "string", ".spec.controllerName"),
            ("Accepted", "string", ".status.conditions[?(@.type==\"Accepted\")].status"),
            ("Age", "date", ".metadata.creationTimestamp"),
            ("Description", "string", ".spec.description", 1),
        ],
    )]
    pub struct GatewayClass {
        /// Who makes Gateways of this class, and how.
        pub spec: GatewayClassSpec,
        /// Whether the controller took the class on.
        #[schemars(extend("default" = {"conditions": crate::schema::pending(&["Accepted"])}))]
        pub status: Option<GatewayClassStatus>,
    }
}

crd_core::resource! {
    /// Where traffic enters; see [`v1::Gateway`](crate::v1::Gateway).
    ///
    /// See <https://gateway-api.sigs.k8s.io/reference/spec/#gateway>.
    #[resource(
        group = "gateway.networking.k8s.io", version = "v1beta1", kind = "Gateway", plural = "gateways", scope = Namespaced,
        short_names = ["gtw"],
        categories = ["gateway-api"],
        status_subresource = true,
        printer_columns = [
            ("Class", "string", ".spec.gatewayClassName"),
            ("Address", "string", ".status.addresses[*].value"),
            ("Programmed", "string", ".status.conditions[?(@.type==\"Programmed\")].status"),
            ("Age", "date", ".metadata.creationTimestamp"),
        ],
    )]
    pub struct Gateway {
        /// What is wanted.
        pub spec: GatewaySpec,
        /// What is there.
        #[schemars(extend("default" = {"conditions": crate::schema::pending(&["Accepted", "Programmed"])}))]
        pub status: Option<GatewayStatus>,
    }
}

crd_core::resource! {
    /// Which HTTP requests go where; see [`v1::HttpRoute`](crate::v1::HttpRoute).
    ///
    /// See <https://gateway-api.sigs.k8s.io/reference/spec/#httproute>.
    #[resource(
        group = "gateway.networking.k8s.io", version = "v1beta1", kind = "HTTPRoute", plural = "httproutes", scope = Namespaced,
        categories = ["gateway-api"],
        status_subresource = true,
        printer_columns = [
            ("Hostnames", "string", ".spec.hostnames"),
            ("Age", "date", ".metadata.creationTimestamp"),
        ],
    )]
    pub struct HttpRoute {
        /// What is wanted.
        pub spec: HttpRouteSpec,
        /// What controllers made of it.
        pub status: Option<RouteStatus>,
    }
}

crd_core::resource! {
    /// Lets objects of other namespaces refer to objects of its own; see [`v1::ReferenceGrant`](crate::v1::ReferenceGrant).
    ///
    /// See <https://gateway-api.sigs.k8s.io/reference/spec/#referencegrant>.
    #[resource(
        group = "gateway.networking.k8s.io", version = "v1beta1", kind = "ReferenceGrant", plural = "referencegrants", scope = Namespaced,
        short_names = ["refgrant"],
        categories = ["gateway-api"],
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    )]
    pub struct ReferenceGrant {
        /// Who may refer to what. Without it, nobody may.
        pub spec: Option<ReferenceGrantSpec>,
    }
}

impl ReferenceGrant {
    /// The same grant with this content.
    #[must_use]
    pub fn with_spec(mut self, spec: ReferenceGrantSpec) -> Self {
        self.spec = Some(spec);
        self
    }
}
