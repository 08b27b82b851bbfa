//! Istio.

use super::{Form, SECRET, object, qualified, table};

table! { ISTIO:
    "networking.istio.io" ["VirtualService"] {
        "spec.gateways[]" => qualified("networking.istio.io", "Gateway"), Parent;
        "spec.http[].match[].gateways[]" => qualified("networking.istio.io", "Gateway"), Parent;
        "spec.tcp[].match[].gateways[]" => qualified("networking.istio.io", "Gateway"), Parent;
        "spec.tls[].match[].gateways[]" => qualified("networking.istio.io", "Gateway"), Parent;
        "spec.http[].route[].destination.host" => Form::Host, Backend;
        "spec.http[].mirror.host" => Form::Host, Backend;
        "spec.http[].mirrors[].destination.host" => Form::Host, Backend;
        "spec.http[].delegate" => object("networking.istio.io", "VirtualService"), Backend;
        "spec.tcp[].route[].destination.host" => Form::Host, Backend;
        "spec.tls[].route[].destination.host" => Form::Host, Backend;
    }
    "networking.istio.io" ["DestinationRule"] {
        "spec.host" => Form::Host, Backend;
    }
    "networking.istio.io" ["Gateway"] {
        "spec.servers[].tls.credentialName" => SECRET, GatewayCertificate;
    }
    "networking.istio.io" ["EnvoyFilter"] {
        "spec.targetRefs[]" => object("", ""), Parent;
    }
    "security.istio.io" ["AuthorizationPolicy", "RequestAuthentication"] {
        "spec.targetRef" => object("", ""), Parent;
        "spec.targetRefs[]" => object("", ""), Parent;
    }
    "security.istio.io" ["AuthorizationPolicy"] {
        "spec.rules[].from[].source.principals[]" => Form::Principal, Principal;
        "spec.rules[].from[].source.notPrincipals[]" => Form::Principal, Principal;
        "spec.rules[].from[].source.serviceAccounts[]" => qualified("", "ServiceAccount"), Principal;
    }
    "telemetry.istio.io" ["Telemetry"] {
        "spec.targetRef" => object("", ""), Parent;
        "spec.targetRefs[]" => object("", ""), Parent;
    }
    "extensions.istio.io" ["WasmPlugin"] {
        "spec.targetRef" => object("", ""), Parent;
        "spec.targetRefs[]" => object("", ""), Parent;
        "spec.imagePullSecret" => SECRET, PullSecret;
    }
}
