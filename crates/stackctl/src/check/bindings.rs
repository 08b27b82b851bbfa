//! The kinds that this workspace binds: reading an object into its type and back.

use std::collections::HashMap;
use std::sync::LazyLock;

use crd_core::parse::{Problem, lenient, strict};
use crd_core::{FieldPath, Kind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

type RoundTrip = fn(&Value, bool) -> Option<Value>;

fn through<T: Kind + DeserializeOwned + Serialize>(
    object: &Value,
    leniently: bool,
) -> Option<Value> {
    let parse = if leniently { lenient::<T> } else { strict::<T> };
    let typed = parse(object).or_else(|error| {
        // Where status is a subresource, a server takes no notice of the one that comes with a new object.
        let of_status =
            |problem: &Problem| problem.path.is_within(&FieldPath::root().field("status"));
        if !T::INFO.status_subresource || !error.problems().iter().all(of_status) {
            return Err(error);
        }
        let mut object = object.clone();
        if let Some(members) = object.as_object_mut() {
            members.shift_remove("status");
        }
        parse(&object)
    });
    serde_json::to_value(typed.ok()?).ok()
}

/// A type's apiVersion and kind, and its way through.
fn binding<T: Kind + DeserializeOwned + Serialize>() -> ((String, &'static str), RoundTrip) {
    let info = T::INFO;
    let api_version = format!("{}/{}", info.group, info.version);
    ((api_version, info.kind), through::<T>)
}

macro_rules! bindings {
    ($($($module:ident)::+ => $($Kind:ident),+;)+) => {{
        let mut all = HashMap::new();
        $({
            use $($module)::+ as module;
            all.extend([$(binding::<module::$Kind>()),+]);
        })+
        all
    }};
}

fn all() -> HashMap<(String, &'static str), RoundTrip> {
    bindings! {
        gateway_api::v1 => BackendTlsPolicy, Gateway, GatewayClass, GrpcRoute, HttpRoute, ListenerSet, ReferenceGrant, TlsRoute;
        gateway_api::v1alpha2 => TcpRoute, TlsRoute, UdpRoute;
        gateway_api::v1alpha3 => BackendTlsPolicy, TlsRoute;
        gateway_api::v1beta1 => Gateway, GatewayClass, HttpRoute, ReferenceGrant;
        gateway_api::x_k8s::v1alpha1 => XBackendTrafficPolicy, XMesh;
        istio_types::extensions::v1alpha1 => WasmPlugin;
        istio_types::networking::v1 => DestinationRule, Gateway, ServiceEntry, Sidecar, VirtualService, WorkloadEntry, WorkloadGroup;
        istio_types::networking::v1alpha3 => DestinationRule, EnvoyFilter, Gateway, ServiceEntry, Sidecar, VirtualService, WorkloadEntry, WorkloadGroup;
        istio_types::networking::v1beta1 => DestinationRule, Gateway, ProxyConfig, ServiceEntry, Sidecar, VirtualService, WorkloadEntry, WorkloadGroup;
        istio_types::security::v1 => AuthorizationPolicy, PeerAuthentication, RequestAuthentication;
        istio_types::security::v1beta1 => AuthorizationPolicy, PeerAuthentication, RequestAuthentication;
        istio_types::telemetry::v1 => Telemetry;
        istio_types::telemetry::v1alpha1 => Telemetry;
        cilium_types::v2 => CiliumBgpAdvertisement, CiliumBgpClusterConfig, CiliumBgpNodeConfig, CiliumBgpNodeConfigOverride, CiliumBgpPeerConfig, CiliumCidrGroup, CiliumClusterwideEnvoyConfig, CiliumClusterwideNetworkPolicy, CiliumEgressGatewayPolicy, CiliumEndpoint, CiliumEnvoyConfig, CiliumIdentity, CiliumLoadBalancerIpPool, CiliumLocalRedirectPolicy, CiliumNetworkPolicy, CiliumNode, CiliumNodeConfig;
        cilium_types::v2alpha1 => CiliumBgpAdvertisement, CiliumBgpClusterConfig, CiliumBgpNodeConfig, CiliumBgpNodeConfigOverride, CiliumBgpPeerConfig, CiliumCidrGroup, CiliumEndpointSlice, CiliumGatewayClassConfig, CiliumL2AnnouncementPolicy, CiliumLoadBalancerIpPool, CiliumNodeConfig, CiliumPodIpPool;
        argocd_types::v1alpha1 => AppProject, Application, ApplicationSet;
        lab_builder::components::kong => KongPlugin;
        gatekeeper_types::config::v1alpha1 => Config;
        gatekeeper_types::connection::v1alpha1 => Connection;
        gatekeeper_types::expansion::v1alpha1 => ExpansionTemplate;
        gatekeeper_types::expansion::v1beta1 => ExpansionTemplate;
        gatekeeper_types::externaldata::v1alpha1 => Provider;
        gatekeeper_types::externaldata::v1beta1 => Provider;
        gatekeeper_types::mutations::v1 => Assign, AssignMetadata, ModifySet;
        gatekeeper_types::mutations::v1alpha1 => Assign, AssignImage, AssignMetadata, ModifySet;
        gatekeeper_types::mutations::v1beta1 => Assign, AssignMetadata, ModifySet;
        gatekeeper_types::status::v1alpha1 => ConnectionPodStatus;
        gatekeeper_types::status::v1beta1 => ConfigPodStatus, ConstraintPodStatus, ConstraintTemplatePodStatus, ExpansionTemplatePodStatus, MutatorPodStatus, ProviderPodStatus;
        gatekeeper_types::syncset::v1alpha1 => SyncSet;
        gatekeeper_types::templates::v1 => ConstraintTemplate;
        gatekeeper_types::templates::v1alpha1 => ConstraintTemplate;
        gatekeeper_types::templates::v1beta1 => ConstraintTemplate;
    }
}

/// The object, read into its type and written back; `None` where no type is bound or the object does not fit it. A status
/// that does not fit is left out, as a server does that creates the object.
pub fn round_trip(object: &Value, leniently: bool) -> Option<Value> {
    static BINDINGS: LazyLock<HashMap<(String, &'static str), RoundTrip>> = LazyLock::new(all);
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let key = (text("apiVersion")?.to_owned(), text("kind")?);
    BINDINGS
        .get(&key)
        .and_then(|through| through(object, leniently))
}
