//! Reads any kind of the family strictly and writes it back.

use crd_core::ParseError;
use crd_core::parse::strict;
use gateway_api::{v1, v1alpha2, v1alpha3, v1beta1};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What comes of reading `document` as the type of its own apiVersion and kind, and writing it
/// again; `None` for a kind that this build does not have.
pub fn reread(document: &Value) -> Option<Result<Value, ParseError>> {
    fn through<T: DeserializeOwned + Serialize>(document: &Value) -> Result<Value, ParseError> {
        strict::<T>(document).map(|object| serde_json::to_value(object).unwrap())
    }
    let api_version = document["apiVersion"].as_str()?;
    let kind = document["kind"].as_str()?;
    let (group, version) = api_version.split_once('/')?;
    Some(match (group, version, kind) {
        ("gateway.networking.k8s.io", "v1", "GatewayClass") => {
            through::<v1::GatewayClass>(document)
        }
        ("gateway.networking.k8s.io", "v1", "Gateway") => through::<v1::Gateway>(document),
        ("gateway.networking.k8s.io", "v1", "HTTPRoute") => through::<v1::HttpRoute>(document),
        ("gateway.networking.k8s.io", "v1", "GRPCRoute") => through::<v1::GrpcRoute>(document),
        ("gateway.networking.k8s.io", "v1", "TLSRoute") => through::<v1::TlsRoute>(document),
        ("gateway.networking.k8s.io", "v1", "ReferenceGrant") => {
            through::<v1::ReferenceGrant>(document)
        }
        ("gateway.networking.k8s.io", "v1", "BackendTLSPolicy") => {
            through::<v1::BackendTlsPolicy>(document)
        }
        ("gateway.networking.k8s.io", "v1", "ListenerSet") => through::<v1::ListenerSet>(document),
        ("gateway.networking.k8s.io", "v1beta1", "GatewayClass") => {
            through::<v1beta1::GatewayClass>(document)
        }
        ("gateway.networking.k8s.io", "v1beta1", "Gateway") => {
            through::<v1beta1::Gateway>(document)
        }
        ("gateway.networking.k8s.io", "v1beta1", "HTTPRoute") => {
            through::<v1beta1::HttpRoute>(document)
        }
        ("gateway.networking.k8s.io", "v1beta1", "ReferenceGrant") => {
            through::<v1beta1::ReferenceGrant>(document)
        }
        ("gateway.networking.k8s.io", "v1alpha3", "TLSRoute") => {
            through::<v1alpha3::TlsRoute>(document)
        }
        ("gateway.networking.k8s.io", "v1alpha3", "BackendTLSPolicy") => {
            through::<v1alpha3::BackendTlsPolicy>(document)
        }
        ("gateway.networking.k8s.io", "v1alpha2", "TLSRoute") => {
            through::<v1alpha2::TlsRoute>(document)
        }
        #[cfg(feature = "experimental")]
        ("gateway.networking.k8s.io", "v1alpha2", "TCPRoute") => {
            through::<v1alpha2::TcpRoute>(document)
        }
        #[cfg(feature = "experimental")]
        ("gateway.networking.k8s.io", "v1alpha2", "UDPRoute") => {
            through::<v1alpha2::UdpRoute>(document)
        }
        #[cfg(feature = "experimental")]
        ("gateway.networking.x-k8s.io", "v1alpha1", "XMesh") => {
            through::<gateway_api::x_k8s::v1alpha1::XMesh>(document)
        }
        #[cfg(feature = "experimental")]
        ("gateway.networking.x-k8s.io", "v1alpha1", "XBackendTrafficPolicy") => {
            through::<gateway_api::x_k8s::v1alpha1::XBackendTrafficPolicy>(document)
        }
        _ => return None,
    })
}
