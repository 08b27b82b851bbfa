//! Typed bindings of the Kubernetes Gateway API v1.5.0: a first sketch of the kinds that the lab uses.
#![allow(missing_docs)]
pub mod v1 {
    use serde::{Deserialize, Serialize};
    macro_rules! s { ($(#[$m:meta])* $n:ident { $($f:ident : $t:ty),* $(,)? }) => {
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct $n { $(#[serde(default, skip_serializing_if = "skip")] pub $f: $t),* } } }
    trait Skip { fn sk(&self) -> bool; }
    impl<T> Skip for Option<T> { fn sk(&self) -> bool { self.is_none() } }
    impl<T> Skip for Vec<T> { fn sk(&self) -> bool { self.is_empty() } }
    impl Skip for String { fn sk(&self) -> bool { self.is_empty() } }
    fn skip<T: Skip>(t: &T) -> bool { t.sk() }
    s!(GatewayClassSpec { controller_name: String });
    s!(GatewaySpec { gateway_class_name: String, listeners: Vec<Listener> });
    s!(Listener { name: String, port: Option<u16>, protocol: String, tls: Option<Tls>, allowed_routes: Option<AllowedRoutes> });
    s!(Tls { certificate_refs: Vec<SecretObjectReference> });
    s!(SecretObjectReference { name: String });
    s!(AllowedRoutes { namespaces: Option<Ns> });
    s!(Ns { from: String });
    s!(HttpRouteSpec { parent_refs: Vec<ParentReference>, hostnames: Vec<String>, rules: Vec<HttpRouteRule> });
    s!(ParentReference { namespace: Option<String>, name: String });
    s!(HttpRouteRule { matches: Vec<HttpRouteMatch>, backend_refs: Vec<HttpBackendRef> });
    s!(HttpRouteMatch { path: Option<P> });
    s!(P { r#type: String, value: String });
    s!(HttpBackendRef { name: String, port: Option<u16> });
    impl ParentReference { pub fn gateway(n: impl Into<String>) -> Self { Self { name: n.into(), namespace: None } } pub fn in_namespace(mut self, n: impl Into<String>) -> Self { self.namespace = Some(n.into()); self } }
    impl HttpRouteMatch { pub fn path_prefix(n: impl Into<String>) -> Self { Self { path: Some(P { r#type: "PathPrefix".into(), value: n.into() }) } } }
    impl HttpBackendRef { pub fn service(n: impl Into<String>, port: u16) -> Self { Self { name: n.into(), port: Some(port) } } }
    impl Listener { pub fn http(n: &str, port: u16) -> Self { Self { name: n.into(), port: Some(port), protocol: "HTTP".into(), ..Self::default() } }
      pub fn https(n: &str, port: u16, c: SecretObjectReference) -> Self { Self { name: n.into(), port: Some(port), protocol: "HTTPS".into(), tls: Some(Tls { certificate_refs: vec![c] }), ..Self::default() } } }
    impl SecretObjectReference { pub fn secret(n: &str) -> Self { Self { name: n.into() } } }
    impl AllowedRoutes { pub fn from_all_namespaces() -> Self { Self { namespaces: Some(Ns { from: "All".into() }) } } }
    crd_core::resource! { #[resource(group = "gateway.networking.k8s.io", version = "v1", kind = "GatewayClass", plural = "gatewayclasses", scope = Cluster)] pub struct GatewayClass { pub spec: GatewayClassSpec, } }
    crd_core::resource! { #[resource(group = "gateway.networking.k8s.io", version = "v1", kind = "Gateway", plural = "gateways", scope = Namespaced)] pub struct Gateway { pub spec: GatewaySpec, } }
    crd_core::resource! { #[resource(group = "gateway.networking.k8s.io", version = "v1", kind = "HTTPRoute", plural = "httproutes", scope = Namespaced)] pub struct HttpRoute { pub spec: HttpRouteSpec, } }
}

/// None yet.
#[cfg(feature = "schema")]
pub fn crds() -> Vec<crd_core::crd::CustomResourceDefinition> {
    Vec::new()
}
