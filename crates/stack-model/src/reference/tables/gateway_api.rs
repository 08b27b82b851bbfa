//! Gateway API.

use super::{name, object, table};

table! { GATEWAY_API:
    "gateway.networking.k8s.io" ["Gateway"] {
        "spec.gatewayClassName" => name("gateway.networking.k8s.io", "GatewayClass"), Class;
        "spec.infrastructure.parametersRef" => object("", ""), Settings;
        "spec.tls.backend.clientCertificateRef" => object("", "Secret"), Certificate;
        "metadata.annotations[cert-manager.io/issuer]" => name("cert-manager.io", "Issuer"), Issuer;
        "metadata.annotations[cert-manager.io/cluster-issuer]" => name("cert-manager.io", "ClusterIssuer"), Issuer;
    }
    "gateway.networking.k8s.io" ["Gateway", "ListenerSet"] {
        "spec.listeners[].tls.certificateRefs[]" => object("", "Secret"), Certificate;
        "spec.listeners[].tls.frontendValidation.caCertificateRefs[]" => object("", "ConfigMap"), Certificate;
    }
    "gateway.networking.k8s.io" ["ListenerSet"] {
        "spec.parentRef" => object("gateway.networking.k8s.io", "Gateway"), Parent;
    }
    "gateway.networking.k8s.io" ["GatewayClass"] {
        "spec.parametersRef" => object("", ""), Settings;
    }
    "gateway.networking.k8s.io" ["GRPCRoute", "HTTPRoute", "TCPRoute", "TLSRoute", "UDPRoute"] {
        "spec.parentRefs[]" => object("gateway.networking.k8s.io", "Gateway"), Parent;
        "spec.rules[].backendRefs[]" => object("", "Service"), Backend;
        "spec.rules[].filters[].requestMirror.backendRef" => object("", "Service"), Backend;
        "spec.rules[].filters[].extensionRef" => object("", ""), Settings;
        "spec.rules[].backendRefs[].filters[].requestMirror.backendRef" => object("", "Service"), Backend;
        "spec.rules[].backendRefs[].filters[].extensionRef" => object("", ""), Settings;
        "metadata.annotations[konghq.com/plugins]" => super::Form::Names { kinds: super::kong::PLUGINS }, Settings;
    }
    "gateway.networking.k8s.io" ["BackendTLSPolicy"] {
        "spec.targetRefs[]" => object("", "Service"), Parent;
        "spec.validation.caCertificateRefs[]" => object("", "ConfigMap"), Certificate;
    }
    "gateway.networking.x-k8s.io" ["XListenerSet"] {
        "spec.parentRef" => object("gateway.networking.k8s.io", "Gateway"), Parent;
        "spec.listeners[].tls.certificateRefs[]" => object("", "Secret"), Certificate;
    }
    "gateway.networking.x-k8s.io" ["XBackendTrafficPolicy"] {
        "spec.targetRefs[]" => object("", "Service"), Parent;
    }
}
