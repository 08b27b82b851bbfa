//! Reading a document as the kind that it names.
#![allow(dead_code, clippy::panic, clippy::unwrap_used)]

use crd_core::parse::strict;
use istio_types::{extensions, networking, security, telemetry};
use serde_json::Value;

/// Reads the document strictly as what it says it is, and writes it.
pub fn reread(document: &Value) -> Result<Value, String> {
    macro_rules! kinds {
        ($($group:ident: $($version:ident $kind:ident),*;)*) => {
            match (document["apiVersion"].as_str(), document["kind"].as_str()) {
                $($((Some(concat!(stringify!($group), ".istio.io/", stringify!($version))), Some(stringify!($kind))) => {
                    strict::<$group::$version::$kind>(document)
                        .map(|object| serde_json::to_value(object).unwrap())
                        .map_err(|error| error.to_string())
                })*)*
                other => panic!("{other:?} is no kind of Istio"),
            }
        };
    }
    kinds! {
        extensions: v1alpha1 WasmPlugin;
        networking:
            v1 DestinationRule, v1alpha3 DestinationRule, v1beta1 DestinationRule,
            v1alpha3 EnvoyFilter,
            v1 Gateway, v1alpha3 Gateway, v1beta1 Gateway,
            v1beta1 ProxyConfig,
            v1 ServiceEntry, v1alpha3 ServiceEntry, v1beta1 ServiceEntry,
            v1 Sidecar, v1alpha3 Sidecar, v1beta1 Sidecar,
            v1 VirtualService, v1alpha3 VirtualService, v1beta1 VirtualService,
            v1 WorkloadEntry, v1alpha3 WorkloadEntry, v1beta1 WorkloadEntry,
            v1 WorkloadGroup, v1alpha3 WorkloadGroup, v1beta1 WorkloadGroup;
        security:
            v1 AuthorizationPolicy, v1beta1 AuthorizationPolicy,
            v1 PeerAuthentication, v1beta1 PeerAuthentication,
            v1 RequestAuthentication, v1beta1 RequestAuthentication;
        telemetry: v1 Telemetry, v1alpha1 Telemetry;
    }
}
