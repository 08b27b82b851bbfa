//! Fixtures of our own: what is read, what is refused, at which path and in which words.

use crate::kinds;

#[cfg(feature = "schema")]
use crd_core::{Channel, crd::CustomResourceDefinition};
use fidelity::losses;
use kinds::reread;
use serde_json::{Value, json};

fn document(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

fn route(rule: Value) -> Value {
    json!({
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": "shop", "namespace": "demo"},
        "spec": {"rules": [rule]},
    })
}

fn problems(document: &Value) -> Vec<String> {
    match reread(document).unwrap() {
        Ok(_) => Vec::new(),
        Err(error) => error.problems().iter().map(ToString::to_string).collect(),
    }
}

const KINDS: [&str; 9] = [
    r#"
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: edge}
spec:
  controllerName: example.com/edge
  parametersRef: {group: example.com, kind: EdgeConfig, name: main}
  description: for the outside
status:
  conditions:
  - {type: Accepted, status: "True", reason: Accepted, message: "", lastTransitionTime: "2026-01-02T03:04:05Z"}
  supportedFeatures: [{name: HTTPRoute}]
"#,
    r#"
apiVersion: gateway.networking.k8s.io/v1beta1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec:
  gatewayClassName: edge
  listeners:
  - name: web
    port: 443
    protocol: HTTPS
    hostname: "*.example.com"
    tls: {mode: Terminate, certificateRefs: [{name: web-tls, namespace: certs}], options: {example.com/min: "1.3"}}
    allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {routes: "yes"}}}, kinds: [{kind: HTTPRoute}]}
  - {name: odd, port: 9, protocol: example.com/odd}
  addresses: [{type: Hostname, value: edge.example.com}, {value: 192.0.2.1}]
  infrastructure: {labels: {a: b}, annotations: {c: d}, parametersRef: {group: "", kind: ConfigMap, name: x}}
  allowedListeners: {namespaces: {from: Same}}
  tls:
    backend: {clientCertificateRef: {name: client}}
    frontend:
      default: {validation: {caCertificateRefs: [{group: "", kind: ConfigMap, name: ca}], mode: AllowInsecureFallback}}
      perPort: [{port: 443, tls: {}}]
"#,
    r#"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: edge, namespace: infra, sectionName: web, port: 443}, {group: "", kind: Service, name: shop}]
  hostnames: [shop.example.com]
  rules:
  - name: all
    matches:
    - path: {value: /cart}
      method: POST
      headers: [{name: x-a, value: b, type: RegularExpression}]
      queryParams: [{name: q, value: v}]
    filters:
    - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: b}], add: [{name: c, value: d}], remove: [e]}}
    - {type: RequestMirror, requestMirror: {backendRef: {name: copy, port: 80}, fraction: {numerator: 1, denominator: 3}}}
    - {type: URLRewrite, urlRewrite: {hostname: x.example.com, path: {type: ReplaceFullPath, replaceFullPath: /}}}
    - {type: CORS, cors: {allowOrigins: ["*"], allowMethods: ["*"], allowCredentials: false, maxAge: 100}}
    - {type: ExtensionRef, extensionRef: {group: example.com, kind: Plugin, name: p}}
    backendRefs: [{name: shop, port: 80, weight: 0}]
    timeouts: {request: 1h0m, backendRequest: 60s}
  - filters: [{type: RequestRedirect, requestRedirect: {scheme: https, port: 8443, statusCode: 308}}]
"#,
    r#"
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: basket}
spec:
  rules:
  - matches: [{method: {type: Exact, service: shop.Basket, method: Add}, headers: [{name: a, value: b}]}]
    filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {remove: [server]}}]
    backendRefs: [{name: basket, port: 9000, filters: [{type: ExtensionRef, extensionRef: {group: g, kind: K, name: n}}]}]
"#,
    r#"
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: TLSRoute
metadata: {name: raw}
spec: {rules: [{backendRefs: [{name: raw, port: 443}]}]}
"#,
    r#"
apiVersion: gateway.networking.k8s.io/v1alpha3
kind: TLSRoute
metadata: {name: raw}
spec: {hostnames: [raw.example.com], rules: [{name: r, backendRefs: [{name: raw, port: 443, weight: 2}]}]}
"#,
    r#"
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: grant}
spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: a}], to: [{group: "", kind: Service, name: s}]}
"#,
    r#"
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: policy}
spec:
  targetRefs: [{group: "", kind: Service, name: shop, sectionName: https}]
  validation:
    wellKnownCACertificates: System
    hostname: shop.internal
    subjectAltNames: [{type: URI, uri: "spiffe://a/b"}, {type: Hostname, hostname: a.b}]
  options: {a: b}
"#,
    r#"
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: set}
spec: {parentRef: {name: edge}, listeners: [{name: a, port: 80, protocol: HTTP}]}
"#,
];

#[test]
fn every_kind_comes_back_as_it_was() {
    for text in KINDS {
        let read = document(text);
        let written = reread(&read).unwrap().unwrap();
        assert_eq!(losses(&read, &written), Vec::<String>::new(), "{text}");
        assert_eq!(read["apiVersion"], written["apiVersion"]);
    }
}

#[test]
fn what_is_wrong_is_said_at_its_path() {
    let cases = [
        (
            json!({"filters": [{"type": "RequestMirror", "urlRewrite": {}}]}),
            "spec.rules[0].filters[0]: `type` is `RequestMirror`, but `urlRewrite` is set instead of `requestMirror`",
        ),
        (
            json!({"filters": [{"type": "URLRewrite", "urlRewrite": {}, "cors": {}}]}),
            "spec.rules[0].filters[0]: `urlRewrite` and `cors` exclude each other; set one of them",
        ),
        (
            json!({"filters": [{"type": "URLRewrite", "urlRewrite": {"path": {"replaceFullPath": "/"}}}]}),
            "spec.rules[0].filters[0].urlRewrite.path: `replaceFullPath` is set, which demands `type: ReplaceFullPath`; `type` is missing",
        ),
        (
            json!({"filters": [{"type": "RequestRedirect", "requestRedirect": {"statusCode": 300}}]}),
            "spec.rules[0].filters[0].requestRedirect.statusCode: invalid value: integer `300`, expected one of 301, 302, 303, 307, 308",
        ),
        (
            json!({"matches": [{"path": {"type": "Prefix"}}]}),
            "spec.rules[0].matches[0].path.type: `Prefix` is none of `Exact`, `PathPrefix`, `RegularExpression`",
        ),
        (
            json!({"matches": [{"method": "get"}]}),
            "spec.rules[0].matches[0].method: `get` is none of `GET`, `HEAD`, `POST`, `PUT`, `DELETE`, `CONNECT`, `OPTIONS`, `TRACE`, `PATCH`",
        ),
        (
            json!({"backendRefs": [{"port": 80}]}),
            "spec.rules[0].backendRefs[0].name: required field is missing",
        ),
        (
            json!({"backendRefs": [{"name": "a", "servicePort": 80}]}),
            "spec.rules[0].backendRefs[0].servicePort: unknown field",
        ),
        (
            json!({"timeouts": {"request": "1.5s"}}),
            "spec.rules[0].timeouts.request: `1.5s` is not a duration; one to four of a whole number of at most five digits and h, m, s or ms, such as 1h30m",
        ),
    ];
    for (rule, expected) in cases {
        assert_eq!(problems(&route(rule)), [expected]);
    }
}

#[test]
fn a_version_is_never_taken_for_another() {
    let mut route = route(json!({}));
    route["apiVersion"] = json!("gateway.networking.k8s.io/v1beta1");
    assert_eq!(
        reread(&route).unwrap().unwrap()["apiVersion"],
        route["apiVersion"]
    );
    assert!(crd_core::parse::lenient::<gateway_api::v1::HttpRoute>(&route).is_err());
}

#[test]
fn lists_and_objects_that_are_null_count_as_absent() {
    let read = route(
        json!({"matches": null, "filters": null, "timeouts": null, "backendRefs": [{"name": "a", "port": null}]}),
    );
    let written = reread(&read).unwrap().unwrap();
    assert_eq!(
        written["spec"]["rules"],
        json!([{"backendRefs": [{"name": "a"}]}])
    );
}

#[cfg(feature = "schema")]
#[test]
fn crds_carry_the_annotations_of_the_release() {
    for (channel, kinds) in [(Channel::Standard, 8), (Channel::Experimental, 12)] {
        let crds = gateway_api::crds(channel);
        assert_eq!(crds.len(), kinds);
        crds.iter().for_each(|crd| check_release(crd, channel));
    }
}

#[cfg(feature = "schema")]
fn check_release(crd: &CustomResourceDefinition, channel: Channel) {
    let annotations = crd.metadata.annotations.as_ref().unwrap();
    assert!(
        annotations["api-approved.kubernetes.io"]
            .starts_with("https://github.com/kubernetes-sigs/")
    );
    assert_eq!(
        annotations["gateway.networking.k8s.io/bundle-version"],
        "v1.5.0"
    );
    assert_eq!(
        annotations["gateway.networking.k8s.io/channel"],
        channel.as_str()
    );
    assert_eq!(
        crd.spec
            .versions
            .iter()
            .filter(|version| version.storage)
            .count(),
        1
    );
}
