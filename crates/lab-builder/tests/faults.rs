//! What each check of the lab finds, and what only looks like a fault.

use k8s_openapi::api::core::v1::ConfigMap;
use lab_builder::components::kind::{PortMapping, PortProtocol};
use lab_builder::components::{
    ArgoCd, Cilium, DemoApp, Gatekeeper, Istio, Kind, Kong, Lgtm, Platform,
};
use lab_builder::istio_types::security::v1::PeerAuthentication;
use lab_builder::{
    Component, ComponentError, Context, Contribution, Environment, Lab, Provided, Severity,
};
use serde_json::{Value, json};

/// Objects of a user, each in a file of its own.
#[derive(Clone, Debug)]
struct Objects(Vec<Value>);

impl Component for Objects {
    fn id(&self) -> &str {
        "objects"
    }
    fn requires(&self) -> Vec<&str> {
        vec!["demo-app"]
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let mut objects = self.0.iter().enumerate();
        objects
            .try_for_each(|(at, object)| out.dynamic_object(format!("{at}.yaml"), object.clone()))
    }
}

fn dev() -> Lab {
    Lab::new(Environment::Dev)
}

fn with(objects: Value) -> Lab {
    dev().with(Objects(objects.as_array().unwrap().clone()))
}

/// What a check finds in a lab.
fn found(check: &str, lab: Lab) -> Vec<String> {
    let findings = lab.build().unwrap().check().findings;
    let of_check = findings.iter().filter(|finding| finding.code == check);
    of_check.map(ToString::to_string).collect()
}

/// Each lab has this many findings of the check, and each finding says one of the texts.
fn assert_found(check: &str, labs: Vec<(&str, Lab, &[&str])>) {
    for (what, lab, parts) in labs {
        let messages = found(check, lab);
        assert_eq!(messages.len(), parts.len(), "{what}: {messages:#?}");
        for part in parts {
            assert!(
                messages.iter().any(|message| message.contains(part)),
                "{what}: {part} in {messages:#?}"
            );
        }
    }
}

fn mimir(overlay: Value) -> Lab {
    dev().configure(|lgtm: &mut Lgtm| lgtm.mimir.overlay = overlay.as_object().unwrap().clone())
}

#[test]
fn mimir_without_its_classic_write_path_is_found() {
    let configured = |own: Value| mimir(json!({"mimir": {"structuredConfig": own}}));
    assert_found(
        "ingest-storage",
        vec![
            ("as documented", dev(), &[]),
            (
                "Kafka",
                mimir(json!({"kafka": {"enabled": true}})),
                &["kafka.enabled"],
            ),
            (
                "the switch",
                configured(json!({"ingest_storage": {"enabled": true}})),
                &["ingest_storage.enabled"],
            ),
            (
                "gRPC",
                configured(json!({"ingester": {"push_grpc_method_enabled": false}})),
                &["push_grpc_method_enabled: there is no Kafka"],
            ),
            (
                "an address",
                configured(json!({"ingest_storage": {"kafka": {"address": "kafka:9092"}}})),
                &["ingest_storage.kafka.address"],
            ),
            (
                "no address",
                configured(json!({"ingest_storage": {"kafka": {"address": null}}})),
                &[],
            ),
            ("no Mimir", dev().without("lgtm"), &[]),
        ],
    );
}

/// The lab with texts of the collector's configuration replaced.
fn collector(changes: &'static [(&'static str, &'static str)]) -> Lab {
    dev().patch("lgtm", "otel-collector", move |config: &mut ConfigMap| {
        for text in config.data.iter_mut().flat_map(|data| data.values_mut()) {
            for (old, new) in changes {
                assert!(text.contains(old), "{old} in {text}");
                *text = text.replace(old, new);
            }
        }
    })
}

fn tempo(idle: &str) -> Lab {
    let overlay = json!({"tempo": {"ingester": {"trace_idle_period": idle}}});
    dev().configure(|lgtm: &mut Lgtm| lgtm.tempo.overlay = overlay.as_object().unwrap().clone())
}

#[test]
fn traces_that_tempo_would_cut_are_found() {
    let cut: &[&str] = &["set it above 31s"];
    assert_found(
        "trace-completeness",
        vec![
            ("as documented", dev(), &[]),
            ("as long", tempo("31s"), cut),
            ("shorter", tempo("30s"), cut),
            ("in minutes", tempo("0.5m"), cut),
            ("a little longer", tempo("31001ms"), &[]),
            ("minutes and seconds", tempo("1m30s"), &[]),
            ("an hour", tempo("1h"), &[]),
            ("from the environment", tempo("${IDLE}"), &[]),
            (
                "a longer wait",
                collector(&[("decision_wait: 30s", "decision_wait: 1m")]),
                &["Tempo waits for 60s, and the collector holds them back for 61s"],
            ),
            (
                "a longer batch",
                collector(&[("timeout: 1s", "timeout: 30s")]),
                &["set it above 60s"],
            ),
            (
                "half a second less than allowed",
                collector(&[("timeout: 1s", "timeout: 29500ms")]),
                &[],
            ),
            (
                "no wait is the default wait",
                collector(&[
                    ("decision_wait: 30s", "num_traces_: 1"),
                    ("timeout: 1s", "timeout: 40s"),
                ]),
                &["set it above 70s"],
            ),
            (
                "traces that nobody holds back",
                collector(&[
                    ("decision_wait: 30s", "decision_wait: 10m"),
                    ("      - tail_sampling\n", ""),
                ]),
                &[],
            ),
            ("no collector and no Tempo", dev().without("lgtm"), &[]),
        ],
    );
}

#[test]
fn attributes_of_a_process_that_reach_mimir_are_found() {
    let kept: &[&str] = &["processors.resource.attributes"];
    assert_found(
        "attribute-cardinality",
        vec![
            ("as documented", dev(), &[]),
            (
                "process.pid",
                collector(&[("key: process.pid\n", "key: process.id\n")]),
                kept,
            ),
            (
                "service.instance.id",
                collector(&[("key: service.instance.id\n", "key: service.id\n")]),
                kept,
            ),
            (
                "the documented spelling",
                collector(&[("key: service_instance_id\n", "key: service_id\n")]),
                &["delete `service_instance_id`"],
            ),
            (
                "inserted instead",
                dev().configure(|lgtm: &mut Lgtm| lgtm.collector.dropped_attributes.clear()),
                &[
                    "`process.pid`",
                    "`service.instance.id`",
                    "`service_instance_id`",
                ],
            ),
            (
                "by a pattern",
                collector(&[(
                    "key: service_instance_id\n",
                    "pattern: ^service_instance.*\n",
                )]),
                &[],
            ),
            (
                "pipelines without the processor",
                collector(&[("      - resource\n", "")]),
                &[
                    "service.pipelines.metrics.processors",
                    "service.pipelines.metrics/rates.processors",
                ],
            ),
            (
                "another name of the processor",
                collector(&[
                    ("      - resource\n", "      - resource/clean\n"),
                    ("  resource:\n", "  resource/clean:\n"),
                ]),
                &[],
            ),
        ],
    );
}

fn kong(overlay: Value) -> Lab {
    dev().configure(|kong: &mut Kong| kong.overlay = overlay.as_object().unwrap().clone())
}

fn mapping(host: u16, node: u16, protocol: PortProtocol, address: Option<&str>) -> Lab {
    let address = address.map(str::to_owned);
    dev().configure(|kind: &mut Kind| {
        kind.extra_port_mappings.push(PortMapping {
            container_port: node,
            host_port: host,
            listen_address: address,
            protocol,
        });
    })
}

fn node_port(port: u16) -> Value {
    json!([{
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "mine", "namespace": "demo"},
        "spec": {"type": "NodePort", "ports": [{"port": 80, "nodePort": port}]},
    }])
}

#[test]
fn ports_that_do_not_lead_to_their_service_are_found() {
    assert_found(
        "published-ports",
        vec![
            ("as documented", dev(), &[]),
            (
                "swapped node ports",
                kong(json!({"gateway": {"proxy": {
                    "http": {"nodePort": 30443}, "tls": {"nodePort": 30080},
                }}})),
                &[
                    "port 80 of the machine leads to node port 30080, and gateway.proxy.http.nodePort answers on 30443",
                    "port 443 of the machine leads to node port 30443, and gateway.proxy.tls.nodePort answers on 30080",
                ],
            ),
            (
                "swapped in the wiring, which both sides follow",
                dev().rewire(|wiring| {
                    wiring.gateway.http.node = 30443;
                    wiring.gateway.https.node = 30080;
                }),
                &[],
            ),
            (
                "a Service inside of the cluster",
                kong(json!({"gateway": {"proxy": {"type": "ClusterIP"}}})),
                &[
                    "node port 30080: kind publishes it",
                    "node port 30443: kind publishes it",
                ],
            ),
            (
                "a Service inside of the cluster, as a typed value",
                dev().configure(|kong: &mut Kong| {
                    kong.values.gateway.manager.service_type = "ClusterIP".into();
                }),
                &["node port 30329: kind publishes it"],
            ),
            (
                "no plain HTTP",
                kong(json!({"gateway": {"proxy": {"http": {"enabled": false}}}})),
                &["node port 30080: kind publishes it"],
            ),
            (
                "a load balancer has node ports too",
                kong(json!({"gateway": {"proxy": {"type": "LoadBalancer"}}})),
                &[],
            ),
            (
                "a node port twice",
                with(node_port(30080)),
                &["used by release kong gateway.proxy.http.nodePort and Service mine"],
            ),
            (
                "no node port",
                with(node_port(8080)),
                &["between 30000 and 32767"],
            ),
            ("a node port of its own", with(node_port(30090)), &[]),
        ],
    );
}

#[test]
fn a_port_of_the_machine_is_given_away_once() {
    let mine = |lab: Lab| lab.with(Objects(node_port(30090).as_array().unwrap().clone()));
    let tcp = PortProtocol::Tcp;
    assert_found(
        "published-ports",
        vec![
            (
                "two of the gateway",
                dev().rewire(|wiring| wiring.gateway.https.host = 80),
                &["port 80 of the machine: wanted for node port 30080 and for node port 30443"],
            ),
            (
                "one more",
                mine(mapping(80, 30090, tcp, None)),
                &["port 80 of the machine: wanted for node port 30080 and for node port 30090"],
            ),
            (
                "one address of all",
                mine(mapping(80, 30090, tcp, Some("127.0.0.1"))),
                &["port 80 of the machine"],
            ),
            (
                "another protocol",
                mine(mapping(80, 30090, PortProtocol::Udp, None)),
                &[],
            ),
            ("another port", mine(mapping(8080, 30090, tcp, None)), &[]),
            (
                "the forwarded port",
                dev().rewire(|wiring| wiring.gateway.forwarded_admin_port = 30329),
                &[
                    "port 30329 of the machine: wanted for node port 30329 and for the forwarded Admin API",
                ],
            ),
            (
                "the API server",
                dev().configure(|kind: &mut Kind| kind.networking.api_server_port = Some(443)),
                &["port 443 of the machine: wanted for node port 30443 and for the API server"],
            ),
            (
                "the API server on a free port",
                dev().configure(|kind: &mut Kind| kind.networking.api_server_port = Some(0)),
                &[],
            ),
        ],
    );
    // Other addresses of one port do not meet.
    let two = |first: &'static str, second: &'static str| {
        mine(dev()).configure(move |kind: &mut Kind| {
            for address in [first, second] {
                kind.extra_port_mappings.push(PortMapping {
                    container_port: 30090,
                    host_port: 9000,
                    listen_address: Some(address.to_owned()),
                    protocol: PortProtocol::Tcp,
                });
            }
        })
    };
    assert_eq!(
        found("published-ports", two("127.0.0.1", "10.0.0.1")),
        [""; 0]
    );
    assert_eq!(
        found("published-ports", two("10.0.0.1", "10.0.0.1")).len(),
        1
    );
}

fn policy(namespace: &str, spec: Value) -> Value {
    json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": "mine", "namespace": namespace}, "spec": spec,
    })
}

/// A backend `api` of pods with these labels, a route to it, and policies.
fn guarded(labels: Value, policies: impl IntoIterator<Item = Value>) -> Lab {
    let mut objects = vec![
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "mine", "namespace": "demo"},
            "spec": {"selector": {"matchLabels": labels}, "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "mine", "image": "mine:1", "ports": [{"containerPort": 80}]}]},
            }},
        }),
        json!({
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": "api", "namespace": "demo"},
            "spec": {"selector": labels, "ports": [{"port": 80}]},
        }),
        json!({
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
            "metadata": {"name": "mine", "namespace": "demo"},
            "spec": {
                "parentRefs": [{"name": "kong-gateway", "namespace": "kong"}],
                "rules": [{"backendRefs": [{"name": "api", "port": 80}]}],
            },
        }),
    ];
    objects.extend(policies);
    dev().with(Objects(objects))
}

#[test]
fn a_backend_that_refuses_the_gateway_is_found() {
    let labels = || json!({"app": "mine"});
    let selecting = |mut spec: Value| {
        spec["selector"] = json!({"matchLabels": {"app": "mine"}});
        spec
    };
    let one = |spec: Value| guarded(labels(), [policy("demo", selecting(spec))]);
    let from = |source: Value| json!([{"from": [{"source": source}]}]);
    let of_kong = "cluster.local/ns/kong/sa/kong-gateway";
    let frontend = from(json!({"principals": ["cluster.local/ns/demo/sa/frontend"]}));
    let refused: &[&str] = &["answer 502"];
    assert_found(
        "gateway-identity",
        vec![
            ("as documented", dev(), &[]),
            ("nobody is asked", guarded(labels(), []), &[]),
            (
                "only the frontend",
                one(json!({"action": "ALLOW", "rules": frontend})),
                refused,
            ),
            (
                "ALLOW is the default action",
                one(json!({"rules": frontend})),
                refused,
            ),
            (
                "Kong's identity denied",
                one(json!({"action": "DENY", "rules": from(json!({"principals": [of_kong]}))})),
                refused,
            ),
            (
                "Kong's namespace denied",
                one(json!({"action": "DENY", "rules": from(json!({"namespaces": ["kong"]}))})),
                refused,
            ),
            (
                "somebody else denied",
                one(json!({"action": "DENY", "rules": from(json!({"namespaces": ["other"]}))})),
                &[],
            ),
            (
                "another trust domain",
                one(
                    json!({"rules": from(json!({"principals": ["other.example/ns/kong/sa/kong-gateway"]}))}),
                ),
                refused,
            ),
            (
                "another account of Kong's namespace",
                one(
                    json!({"rules": from(json!({"principals": ["cluster.local/ns/kong/sa/default"]}))}),
                ),
                refused,
            ),
            ("nothing is let in", one(json!({})), refused),
            // The Service is called `api`, and its pods `mine`: the policy selects pods.
            (
                "labels that are not the Service's name",
                guarded(
                    json!({"app.kubernetes.io/name": "mine"}),
                    [policy(
                        "demo",
                        json!({
                            "selector": {"matchLabels": {"app.kubernetes.io/name": "mine"}}, "rules": frontend,
                        }),
                    )],
                ),
                refused,
            ),
            (
                "a policy of the root namespace",
                guarded(
                    labels(),
                    [policy(
                        "istio-system",
                        selecting(json!({"rules": frontend})),
                    )],
                ),
                refused,
            ),
            (
                "a policy of the root namespace for other pods",
                guarded(
                    labels(),
                    [policy(
                        "istio-system",
                        json!({
                            "selector": {"matchLabels": {"app": "another"}}, "rules": frontend,
                        }),
                    )],
                ),
                &[],
            ),
            (
                "a policy of another namespace",
                guarded(
                    labels(),
                    [policy("kong", selecting(json!({"rules": frontend})))],
                ),
                &[],
            ),
            (
                "Kong by its namespace",
                one(json!({"rules": from(json!({"namespaces": ["kong"]}))})),
                &[],
            ),
            (
                "Kong by its identity",
                one(json!({"rules": from(json!({"principals": [of_kong]}))})),
                &[],
            ),
            (
                "Kong by the end of its identity",
                one(json!({"rules": from(json!({"principals": ["*/sa/kong-gateway"]}))})),
                &[],
            ),
            (
                "anybody with an identity",
                one(json!({"rules": from(json!({"principals": ["*"]}))})),
                &[],
            ),
            (
                "a rule without from",
                one(json!({"rules": [{"to": [{"operation": {"ports": ["80"]}}]}]})),
                &[],
            ),
            ("an empty rule", one(json!({"rules": [{}]})), &[]),
            (
                "a second policy lets it in",
                guarded(
                    labels(),
                    [policy("demo", selecting(json!({"rules": frontend}))), {
                        let mut second = policy(
                            "demo",
                            selecting(json!({"rules": from(json!({"namespaces": ["kong"]}))})),
                        );
                        second["metadata"]["name"] = "second".into();
                        second
                    }],
                ),
                &[],
            ),
            (
                "a policy that only watches",
                one(json!({"action": "AUDIT", "rules": frontend})),
                &[],
            ),
        ],
    );
    // The policy is named, and not the route.
    let messages = found("gateway-identity", one(json!({"rules": frontend})));
    assert!(
        messages[0].starts_with("error: AuthorizationPolicy demo/mine"),
        "{messages:#?}"
    );
    // Without the mesh nobody is refused.
    let lab = one(json!({"rules": frontend})).skip_istio();
    assert_eq!(found("gateway-identity", lab), [""; 0]);
}

#[test]
fn a_gateway_that_nobody_outside_reaches_is_found() {
    let exception = |namespace: &'static str, change: fn(&mut Value)| {
        dev()
            .configure(|istio: &mut Istio| istio.plain_text_for_kong = false)
            .with(Objects(vec![{
                let mut policy = json!({
                    "apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication",
                    "metadata": {"name": "mine", "namespace": namespace},
                    "spec": {
                        "selector": {"matchLabels": {
                            "app.kubernetes.io/name": "gateway", "app.kubernetes.io/instance": "kong",
                        }},
                        "portLevelMtls": {"8000": {"mode": "PERMISSIVE"}, "8443": {"mode": "PERMISSIVE"}},
                    },
                });
                change(&mut policy["spec"]);
                policy
            }]))
    };
    let both: &[&str] = &["portLevelMtls[8000], portLevelMtls[8443]"];
    assert_found(
        "external-plain-text",
        vec![
            ("as documented", dev(), &[]),
            ("a policy of one's own", exception("kong", |_| {}), &[]),
            (
                "a policy for other pods",
                exception("kong", |spec| {
                    spec["selector"]["matchLabels"] = json!({"app": "other"})
                }),
                both,
            ),
            (
                "a policy of the root namespace has no effect with a selector",
                exception("istio-system", |_| {}),
                both,
            ),
            (
                "one port only",
                exception("kong", |spec| {
                    spec["portLevelMtls"]["8443"]["mode"] = "STRICT".into()
                }),
                &["spec.portLevelMtls[8443]:"],
            ),
            (
                "a moved container port",
                kong(json!({"gateway": {"proxy": {"http": {"containerPort": 9000}}}})),
                &["spec.portLevelMtls[9000]:"],
            ),
            (
                "a moved container port that the wiring knows",
                dev().rewire(|wiring| wiring.gateway.http.container = 9000),
                &[],
            ),
            (
                "a mesh that takes plain text",
                dev()
                    .configure(|istio: &mut Istio| istio.plain_text_for_kong = false)
                    .patch("istio", "default", |mesh: &mut PeerAuthentication| {
                        *mesh = serde_json::from_value(json!({
                            "apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication",
                            "metadata": {"name": "default", "namespace": "istio-system"},
                            "spec": {"mtls": {"mode": "PERMISSIVE"}},
                        }))
                        .unwrap();
                    }),
                &[],
            ),
            ("no mesh", dev().skip_istio(), &[]),
        ],
    );
}

#[test]
fn a_webhook_port_that_moves_in_the_values_is_found() {
    let moved = json!({"controller": {"ingressController": {"admissionWebhook": {"port": 9080}}}});
    let messages = found("plain-text-callers", kong(moved));
    assert_eq!(messages.len(), 1, "{messages:#?}");
    assert!(messages[0].contains("portLevelMtls[9080]"), "{messages:#?}");
}

#[test]
fn charts_and_images_out_of_step_are_found() {
    let check = "version-pairs";
    assert_found(
        check,
        vec![
            ("as documented", dev(), &[]),
            (
                "from a registry",
                dev().registry("registry.example.com".parse().unwrap()),
                &[],
            ),
            (
                "an older chart of Cilium",
                dev().configure(|cilium: &mut Cilium| cilium.version = "1.18.7".into()),
                &[
                    "image.tag: chart cilium 1.18.7",
                    "operator.image.tag",
                    "hubble.relay.image.tag",
                    "note: release cilium: envoy.image.tag",
                ],
            ),
            (
                "a newer agent",
                dev().configure(|cilium: &mut Cilium| {
                    cilium.images.agent = "quay.io/cilium/cilium:v1.19.2".into();
                }),
                &[
                    "warning: release cilium: image.tag: chart cilium 1.19.1 is made for 1.19.1, and v1.19.2 is what runs",
                ],
            ),
            (
                "a newer agent by an overlay",
                dev().configure(|cilium: &mut Cilium| {
                    cilium
                        .overlay
                        .insert("image".into(), json!({"tag": "v1.19.2"}));
                }),
                &["v1.19.2 is what runs"],
            ),
            (
                "one of Istio's images",
                dev().configure(|istio: &mut Istio| {
                    istio.ztunnel_image = "docker.io/istio/ztunnel:1.28.3".into()
                }),
                &["release istio-ztunnel: tag"],
            ),
            (
                "a variant of the same version",
                dev().configure(|istio: &mut Istio| {
                    istio.ztunnel_image = "docker.io/istio/ztunnel:1.29.0-distroless".into();
                }),
                &[],
            ),
            (
                "Istio as a whole",
                dev().configure(|istio: &mut Istio| {
                    istio.version = "1.29.1".into();
                    for image in [
                        &mut istio.pilot_image,
                        &mut istio.cni_image,
                        &mut istio.ztunnel_image,
                    ] {
                        *image = image.replace("1.29.0", "1.29.1");
                    }
                }),
                &[],
            ),
            (
                "Gatekeeper's CRDs",
                dev().configure(|gatekeeper: &mut Gatekeeper| {
                    gatekeeper.crds_image =
                        "docker.io/openpolicyagent/gatekeeper-crds:v3.20.0".into();
                }),
                &["preInstall.crdRepository.image.tag"],
            ),
            (
                "another Argo CD",
                dev().configure(|argocd: &mut ArgoCd| {
                    argocd.image = "quay.io/argoproj/argocd:v3.2.0".into()
                }),
                &[
                    "warning: release argocd: global.image.tag: chart argo-cd 9.4.5 is made for v3.3.2, and v3.2.0",
                ],
            ),
            (
                "another chart of Argo CD",
                dev().configure(|argocd: &mut ArgoCd| argocd.version = "9.5.0".into()),
                &["note: release argocd: global.image.tag: v3.3.2 belongs to chart argo-cd 9.4.5"],
            ),
            (
                "both of one's own choice",
                dev().configure(|argocd: &mut ArgoCd| {
                    argocd.version = "9.5.0".into();
                    argocd.image = "quay.io/argoproj/argocd:v3.4.0".into();
                }),
                &[],
            ),
            (
                "a tag that is no version",
                dev().configure(|argocd: &mut ArgoCd| {
                    argocd.image = "quay.io/argoproj/argocd:latest".into()
                }),
                &[],
            ),
            (
                "the observability stack",
                dev().configure(|lgtm: &mut Lgtm| {
                    lgtm.loki.canary_image = "docker.io/grafana/loki-canary:3.5.0".into();
                    lgtm.tempo.image = "docker.io/grafana/tempo:2.8.0".into();
                    lgtm.mimir.version = "6.1.0".into();
                }),
                &["lokiCanary.image.tag", "tempo.tag", "note: release mimir"],
            ),
        ],
    );
}

#[test]
fn what_a_person_must_fill_in_is_found() {
    let secret = |value: &str| {
        with(json!([{
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "mine", "namespace": "demo"},
            "stringData": {"token": value},
        }]))
    };
    let documented = "warning: Application argocd/demo-app-helm: spec.source.repoURL";
    assert_found(
        "placeholders",
        vec![
            ("as documented", dev(), &[documented]),
            (
                "a repository",
                dev().configure(|argocd: &mut ArgoCd| {
                    argocd.demo_repository = "https://git.example.com/lab.git".into();
                }),
                &[],
            ),
            (
                "a Secret",
                secret("<your-token>"),
                &[
                    documented,
                    "error: Secret demo/mine: stringData.token: `<your-token>`",
                ],
            ),
            ("a pattern", secret("(?<name>.*)"), &[documented]),
            (
                "values",
                kong(json!({"gateway": {"env": {"license_data": "<your-license>"}}})),
                &[documented, "error: release kong: gateway.env.license_data"],
            ),
            (
                "a page in a ConfigMap",
                with(json!([{
                    "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mine", "namespace": "demo"},
                    "data": {"index.html": "<html><body>x</body></html>", "usage": "cmd <file>"},
                }])),
                &[documented],
            ),
        ],
    );
}

fn plugin() -> Value {
    json!([{
        "apiVersion": "configuration.konghq.com/v1", "kind": "KongPlugin",
        "metadata": {"name": "mine", "namespace": "demo"}, "plugin": "cors",
    }])
}

/// A component that says what is there.
#[derive(Clone, Debug)]
struct Brings(&'static str, &'static str);

impl Component for Brings {
    fn id(&self) -> &str {
        self.0
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        out.provides(Provided::ApiGroup(self.1.to_owned()));
        Ok(())
    }
    fn step(&self) -> Option<u8> {
        Some(if self.0 == "late" { 9 } else { 1 })
    }
    fn after(&self) -> Vec<&str> {
        if self.0 == "late" {
            vec!["objects", "platform"]
        } else {
            Vec::new()
        }
    }
}

#[test]
fn objects_whose_kinds_nobody_brings_are_found() {
    let without_kong = |lab: Lab| lab.without("kong");
    let group = "configuration.konghq.com";
    assert_found(
        "api-groups",
        vec![
            ("as documented", dev(), &[]),
            ("without Istio", dev().skip_istio(), &[]),
            ("a plugin with Kong", with(plugin()), &[]),
            (
                "a plugin without Kong",
                without_kong(with(plugin())),
                &[
                    "error: KongPlugin demo/mine: apiVersion: no component brings the kinds of configuration.konghq.com",
                ],
            ),
            (
                "somebody else brings it",
                without_kong(with(plugin())).with(Brings("mine", group)),
                &[],
            ),
            (
                "somebody brings it too late",
                without_kong(with(plugin())).with(Brings("late", group)),
                &["come with component late, which is installed later"],
            ),
            (
                "a cluster of one's own may have it",
                without_kong(with(plugin()))
                    .without("kind")
                    .detach("cilium", "kind")
                    .rewire(|wiring| wiring.cluster.api_server = Some("10.0.0.1".into())),
                &["warning: KongPlugin demo/mine"],
            ),
            (
                "a definition in the stack",
                with(json!([
                    {
                        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                        "metadata": {"name": "lamps.example.com"},
                        "spec": {
                            "group": "example.com", "scope": "Namespaced",
                            "names": {"kind": "Lamp", "plural": "lamps", "singular": "lamp", "listKind": "LampList"},
                            "versions": [{"name": "v1", "served": true, "storage": true,
                                "schema": {"openAPIV3Schema": {"type": "object"}}}],
                        },
                    },
                    {"apiVersion": "example.com/v1", "kind": "Lamp", "metadata": {"name": "desk", "namespace": "demo"}},
                ])),
                &[],
            ),
            (
                "kinds of every server",
                with(json!([
                    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "a", "namespace": "demo"}, "rules": []},
                    {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "a"}, "value": 1},
                    {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "a", "namespace": "demo"},
                        "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "frontend"}}}},
                ])),
                &[],
            ),
        ],
    );
}

#[test]
fn quotas_and_budgets_that_the_stack_breaks_are_found() {
    let quota = |change: fn(&mut Platform)| dev().configure(change);
    assert_found(
        "quota-exceeded",
        vec![
            ("as documented", dev(), &[]),
            (
                "fewer pods than run",
                quota(|platform| platform.quota.pods = "2".into()),
                &["ResourceQuota demo/demo-quota"],
            ),
            (
                "less memory than is asked for",
                quota(|platform| platform.quota.requests_memory = "100Mi".into()),
                &["spec.hard"],
            ),
            (
                "more replicas than are allowed",
                dev().configure(|demo: &mut DemoApp| demo.backend.replicas = 40),
                &["pods", "requests.cpu", "limits.cpu"],
            ),
        ],
    );
    let budget = |least| {
        dev().configure(move |platform: &mut Platform| platform.backend_min_available = least)
    };
    assert_found(
        "disruption-budget-blocks",
        vec![
            ("as documented", budget(1), &[]),
            (
                "all of them",
                budget(2),
                &["PodDisruptionBudget demo/backend-pdb"],
            ),
            (
                "more than there are",
                budget(3),
                &["PodDisruptionBudget demo/backend-pdb"],
            ),
        ],
    );
    let report = quota(|platform| platform.quota.pods = "2".into())
        .build()
        .unwrap()
        .check();
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    );
}

fn deployment(namespace: &str, labels: Value, annotations: Value) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "hook", "namespace": namespace},
        "spec": {"selector": {"matchLabels": labels}, "template": {
            "metadata": {"labels": labels, "annotations": annotations},
            "spec": {"containers": [{"name": "hook", "image": "hook:1", "ports": [{"name": "hook", "containerPort": 9443}]}]},
        }},
    })
}

fn hook_service(namespace: &str, target: Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "hook", "namespace": namespace},
        "spec": {"selector": {"app": "hook"}, "ports": [{"port": 443, "targetPort": target}]},
    })
}

fn webhook(namespace: &str) -> Value {
    json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": "hook"},
        "webhooks": [{
            "name": "hook.example.com", "admissionReviewVersions": ["v1"], "sideEffects": "None",
            "clientConfig": {"service": {"name": "hook", "namespace": namespace}},
        }],
    })
}

fn aggregated(namespace: &str) -> Value {
    json!({
        "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name": "v1.hook.example.com"},
        "spec": {
            "group": "hook.example.com", "version": "v1", "groupPriorityMinimum": 1000, "versionPriority": 10,
            "service": {"name": "hook", "namespace": namespace},
        },
    })
}

fn peers(namespace: &str, name: &str, spec: Value) -> Value {
    json!({
        "apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication",
        "metadata": {"name": name, "namespace": namespace}, "spec": spec,
    })
}

#[test]
fn callers_without_an_identity_are_refused_by_a_strict_mesh() {
    let app = || json!({"app": "hook"});
    let out_of_mesh = json!({"app": "hook", "istio.io/dataplane-mode": "none"});
    let into_mesh = json!({"app": "hook", "istio.io/dataplane-mode": "ambient"});
    let pods = |namespace: &str| deployment(namespace, app(), json!({}));
    let scraped = |labels: Value, port: Value| deployment("demo", labels, port);
    let annotations = json!({"prometheus.io/scrape": "true", "prometheus.io/port": "9443"});
    let permissive = |port: &str| {
        peers(
            "demo",
            "hook",
            json!({
                "selector": {"matchLabels": {"app": "hook"}}, "portLevelMtls": {port: {"mode": "PERMISSIVE"}},
            }),
        )
    };
    let other = peers(
        "demo",
        "hook",
        json!({
            "selector": {"matchLabels": {"app": "other"}}, "portLevelMtls": {"9443": {"mode": "PERMISSIVE"}},
        }),
    );
    let whole = |namespace: &str| peers(namespace, "hook", json!({"mtls": {"mode": "PERMISSIVE"}}));
    #[rustfmt::skip]
    let table = [
        (1, vec![pods("demo"), hook_service("demo", json!("hook")), webhook("demo")]),
        (1, vec![pods("demo"), hook_service("demo", json!(9443)), webhook("demo")]),
        (1, vec![pods("demo"), hook_service("demo", json!("hook")), aggregated("demo")]),
        (1, vec![deployment("default", into_mesh, json!({})), hook_service("default", json!("hook")), webhook("default")]),
        (1, vec![pods("demo"), hook_service("demo", json!("hook")), webhook("demo"), permissive("443")]),
        (1, vec![pods("demo"), hook_service("demo", json!("hook")), webhook("demo"), other]),
        (1, vec![scraped(app(), annotations.clone())]),
        (1, vec![scraped(app(), json!({"prometheus.io/scrape": "true"}))]),
        // Let in, out of the mesh, not called, or not known.
        (0, vec![pods("demo"), hook_service("demo", json!("hook")), webhook("demo"), permissive("9443")]),
        (0, vec![pods("demo"), hook_service("demo", json!("hook")), webhook("demo"), whole("demo")]),
        (0, vec![pods("default"), hook_service("default", json!("hook")), webhook("default")]),
        (0, vec![deployment("demo", out_of_mesh, json!({})), hook_service("demo", json!("hook")), webhook("demo")]),
        (0, vec![pods("demo"), hook_service("demo", json!("hook"))]),
        (0, vec![hook_service("demo", json!("hook")), webhook("demo")]),
        (0, vec![pods("demo"), webhook("demo")]),
        (0, vec![scraped(app(), annotations.clone()), permissive("9443")]),
    ];
    for (at, (count, objects)) in table.into_iter().enumerate() {
        let messages = found("plain-text-callers", with(json!(objects)));
        assert_eq!(messages.len(), count, "{at}: {messages:#?}");
        assert!(
            messages
                .iter()
                .all(|message| message.contains("portLevelMtls[9443]")),
            "{messages:#?}"
        );
        // Without the mesh nobody is refused.
        let objects: Vec<Value> = objects
            .into_iter()
            .filter(|it| it["kind"] != "PeerAuthentication")
            .collect();
        let without = found("plain-text-callers", with(json!(objects)).skip_istio());
        assert_eq!(without, [""; 0], "{at}");
    }
}

#[test]
fn what_an_overlay_hardly_means_is_found() {
    let overlaid = |overlay: Value| {
        dev().configure(|cilium: &mut Cilium| {
            cilium.overlay = overlay.as_object().unwrap().clone();
        })
    };
    let overlay =
        lab_builder::overlay::parse("kubeProxyReplacment: true\nhubble: {enabled: 'true'}\n")
            .unwrap();
    assert_eq!(
        found("overlay", overlaid(Value::Object(overlay))),
        [
            "warning: release cilium: hubble.enabled: the overlay has a string at `hubble.enabled`, where the values have a boolean (overlay): write a boolean",
            "warning: release cilium: kubeProxyReplacment: the overlay sets `kubeProxyReplacment`; the values have `kubeProxyReplacement` (overlay): write `kubeProxyReplacement`, if that is meant",
        ]
    );
    let plain = json!({"kubeProxyReplacement": true, "hubble": {"ui": {"replicas": 2}}, "debug": {"enabled": true}});
    assert_eq!(found("overlay", overlaid(plain)), [""; 0]);
}
