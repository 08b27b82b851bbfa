use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use stack_builder::{Component, ComponentError, Context, Contribution, Stack};
use stack_catalog::components::linkerd::{
    Certificates, InboundPolicy, LinkerdCni, LinkerdViz, VizPrometheus,
};
use stack_catalog::components::{CertManager, KubePrometheusStack, Linkerd, LinkerdMulticluster};
use stack_catalog::lab_builder::components::{Cilium, Kind};
use stack_catalog::linkerd_types::policy::v1alpha1::{
    AuthenticationRef, AuthorizationPolicy, AuthorizationPolicySpec, MeshTlsAuthentication,
    MeshTlsAuthenticationSpec,
};
use stack_catalog::linkerd_types::policy::v1beta3::{Server, ServerSpec};
use stack_catalog::{Home, k8s_openapi, platform};

use crate::proof::{self, Chart};

const DEFINITIONS: Chart = Chart {
    folder: "linkerd-crds",
    release: "linkerd-crds",
    inner: &[],
    unlisted: &[],
    without: &[],
    with: &[],
};

const CONTROL_PLANE: Chart = Chart {
    folder: "linkerd-control-plane",
    release: "linkerd-control-plane",
    inner: &[],
    // They stand commented in the values, and upstream's values for high availability set them.
    unlisted: &[
        "destinationResources",
        "heartbeatResources",
        "identityResources",
        "proxyInjectorResources",
        "spValidatorResources",
    ],
    without: &[],
    with: &[],
};

const CNI: Chart = Chart {
    folder: "linkerd2-cni",
    release: "linkerd-cni",
    inner: &[],
    unlisted: &[],
    without: &[],
    with: &[],
};

const VIZ: Chart = Chart {
    folder: "linkerd-viz",
    release: "linkerd-viz",
    inner: &[],
    unlisted: &[],
    // Of a Job that labels the namespace, which has the label here.
    without: &["cr.l5d.io/linkerd/extension-init:v0.1.11"],
    with: &[],
};

fn plain(stack: Stack) -> Stack {
    let stack = stack.with(CertManager::default());
    stack.with(Linkerd::default()).with(LinkerdViz::default())
}

fn everything(stack: Stack) -> Stack {
    let frontend = MeshTlsAuthenticationSpec::service_accounts([("demo", "frontend")]);
    let linkerd = Linkerd {
        home: Home::own("mesh"),
        gateway_api: true,
        cni: Some(LinkerdCni::default()),
        fails_closed: true,
        default_policy: InboundPolicy::ClusterAuthenticated,
        reports_usage: true,
        servers: vec![Server::new(
            "backend",
            ServerSpec::of_pods(("app", "backend"), IntOrString::Int(8080)),
        )],
        mesh_tls_authentications: vec![MeshTlsAuthentication::new("frontend", frontend)],
        authorization_policies: vec![AuthorizationPolicy::new(
            "frontend",
            AuthorizationPolicySpec::to_server(
                "backend",
                [AuthenticationRef::mesh_tls("frontend")],
            ),
        )],
        ..Linkerd::default()
    };
    let viz = LinkerdViz {
        control_plane: "mesh".into(),
        prometheus: VizPrometheus::At("http://prometheus-operated.monitoring:9090".into()),
        grafana_url: Some("https://grafana.example.com".into()),
        ..LinkerdViz::default()
    };
    let stack = stack.with(KubePrometheusStack::default());
    stack.with(CertManager::default()).with(linkerd).with(viz)
}

fn own_certificates(stack: Stack) -> Stack {
    let certificates = Certificates::Elsewhere {
        webhook_ca: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n".into(),
    };
    let linkerd = Linkerd {
        certificates: certificates.clone(),
        ..Linkerd::default()
    };
    stack.with(linkerd).with(LinkerdViz {
        certificates,
        ..LinkerdViz::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything, own_certificates] {
        for bundle in proof::environments(build) {
            for chart in [DEFINITIONS, CONTROL_PLANE, VIZ] {
                chart.knows_the_values_of(&bundle);
            }
            if bundle.release("linkerd-cni").is_some() {
                CNI.knows_the_values_of(&bundle);
            }
        }
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CONTROL_PLANE.runs_the_images_of(bundle.part("linkerd").unwrap());
        VIZ.runs_the_images_of(bundle.part("linkerd-viz").unwrap());
    }
    for bundle in proof::environments(everything) {
        let with_cni = Chart {
            with: &["cr.l5d.io/linkerd/cni-plugin:v1.6.8"],
            ..CONTROL_PLANE
        };
        with_cni.runs_the_images_of(bundle.part("linkerd").unwrap());
    }
    proof::pulls_from_the_mirror(plain);
    proof::pulls_from_the_mirror(everything);
}

#[test]
fn what_is_declared_is_what_the_chart_makes() {
    for bundle in proof::environments(plain) {
        CONTROL_PLANE.makes_what_is_declared_by(&bundle);
        VIZ.makes_what_is_declared_by(&bundle);
    }
}

#[test]
fn the_groups_of_the_definitions_are_declared() {
    let Some(folder) = fidelity::data_folder("CHARTS_DIR") else {
        return;
    };
    let facts = folder.join("catalog/linkerd-crds/facts.json");
    let facts = std::fs::read_to_string(facts).unwrap();
    let facts: serde_json::Value = serde_json::from_str(&facts).unwrap();
    let known = facts["crds"].as_array().unwrap().iter();
    let known = known.filter_map(|name| name.as_str()?.split_once('.'));
    let known: std::collections::BTreeSet<&str> = known.map(|(_, group)| group).collect();
    let bundle = plain(platform("dev", "dev.example.com")).build().unwrap();
    let part = bundle.part("linkerd").unwrap();
    let ours = part.provided().iter().filter_map(|one| match one {
        stack_builder::Provided::ApiGroup(group) => Some(group.as_str()),
        _ => None,
    });
    assert_eq!(ours.collect::<std::collections::BTreeSet<&str>>(), known);
}

#[test]
fn each_environment_is_clean() {
    for build in [plain, everything, own_certificates] {
        for bundle in proof::environments(build) {
            // Its definitions lie outside.
            proof::is_clean(&bundle, &["gateway-api-missing"]);
            proof::writes_a_tree(&bundle);
        }
    }
}

#[test]
fn the_same_stack_gives_the_same_objects() {
    // The charts draw certificates where they are not told of others.
    let bundle = plain(platform("dev", "dev.example.com")).build().unwrap();
    let values = &bundle.release("linkerd-control-plane").unwrap().values;
    for key in ["proxyInjector", "profileValidator", "policyValidator"] {
        assert_eq!(values[key]["externalSecret"], true, "{key}");
    }
    assert_eq!(values["identity"]["externalCA"], true);
    let values = &bundle.release("linkerd-viz").unwrap().values;
    for key in ["tap", "tapInjector"] {
        assert_eq!(values[key]["externalSecret"], true, "{key}");
    }
}

/// A namespace whose pods get a sidecar.
#[derive(Debug)]
struct Meshed(&'static [(&'static str, &'static str)]);

impl Component for Meshed {
    fn id(&self) -> &str {
        "meshed"
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let map = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter();
            pairs
                .map(|(key, value)| (key.to_string(), value.to_string()))
                .collect()
        };
        let mut namespace = Namespace::default();
        namespace.metadata.name = Some("demo".into());
        namespace.metadata.annotations = Some(map(&[("linkerd.io/inject", "enabled")]));
        namespace.metadata.labels = Some(map(self.0));
        out.object("namespace.yaml", namespace)
    }
}

fn beside(labels: &'static [(&'static str, &'static str)], cni: bool) -> Vec<String> {
    let linkerd = Linkerd {
        cni: cni.then(LinkerdCni::default),
        ..Linkerd::default()
    };
    let stack = platform("dev", "dev.example.com").with(CertManager::default());
    let codes = proof::codes(stack.with(Meshed(labels)).with(linkerd));
    codes.into_keys().collect()
}

#[test]
fn sidecars_need_rights_or_the_cni_plugin() {
    let code = "sidecar-needs-rights".to_owned();
    let baseline = &[("pod-security.kubernetes.io/enforce", "baseline")];
    let privileged = &[("pod-security.kubernetes.io/enforce", "privileged")];
    assert!(beside(baseline, false).contains(&code));
    assert!(!beside(baseline, true).contains(&code));
    assert!(!beside(privileged, false).contains(&code));
}

#[test]
fn a_namespace_is_in_one_mesh() {
    let code = "two-meshes".to_owned();
    assert!(beside(&[("istio.io/dataplane-mode", "ambient")], false).contains(&code));
    assert!(beside(&[("istio-injection", "enabled")], false).contains(&code));
    assert!(!beside(&[("istio-injection", "disabled")], false).contains(&code));
}

#[test]
fn the_gateway_api_comes_once() {
    #[derive(Debug)]
    struct Brings;
    impl Component for Brings {
        fn id(&self) -> &str {
            "brings"
        }
        fn contribute(
            &self,
            _: &Context<'_>,
            out: &mut Contribution,
        ) -> Result<(), ComponentError> {
            let group = "gateway.networking.k8s.io".to_owned();
            out.provides(stack_builder::Provided::ApiGroup(group));
            Ok(())
        }
    }
    let codes = |gateway_api, others: bool| {
        let linkerd = Linkerd {
            gateway_api,
            ..Linkerd::default()
        };
        let stack = platform("dev", "dev.example.com").with(CertManager::default());
        let stack = if others { stack.with(Brings) } else { stack };
        proof::codes(stack.with(linkerd))
    };
    assert!(codes(false, false).contains_key("gateway-api-missing"));
    assert!(!codes(false, true).contains_key("gateway-api-missing"));
    assert!(codes(true, true).contains_key("gateway-api-twice"));
    let alone = codes(true, false);
    assert!(!alone.contains_key("gateway-api-twice"), "{alone:?}");
    assert!(!alone.contains_key("gateway-api-missing"), "{alone:?}");
}

#[test]
fn cilium_must_leave_room_for_the_mesh() {
    let codes = |open: bool| {
        let mut cilium = Cilium::default();
        if open {
            let values = serde_json::json!({
                "cni": {"exclusive": false},
                "socketLB": {"hostNamespaceOnly": true},
            });
            cilium.overlay = values.as_object().unwrap().clone();
        } else {
            let values = serde_json::json!({
                "cni": {"exclusive": true},
                "socketLB": {"hostNamespaceOnly": false},
            });
            cilium.overlay = values.as_object().unwrap().clone();
        }
        let linkerd = Linkerd {
            cni: Some(LinkerdCni::default()),
            ..Linkerd::default()
        };
        let stack = platform("dev", "dev.example.com")
            .with(Kind::default())
            .with(cilium);
        proof::codes(stack.with(CertManager::default()).with(linkerd))
    };
    let closed = codes(false);
    assert!(closed.contains_key("cni-removed-by-cilium"), "{closed:?}");
    assert!(
        closed.contains_key("service-addresses-hidden"),
        "{closed:?}"
    );
    let open = codes(true);
    assert!(!open.contains_key("cni-removed-by-cilium"), "{open:?}");
    assert!(!open.contains_key("service-addresses-hidden"), "{open:?}");
}

#[test]
fn each_pod_of_a_part_has_a_node_of_its_own() {
    let found = |replicas| {
        let linkerd = Linkerd {
            replicas,
            ..Linkerd::default()
        };
        let stack = platform("dev", "dev.example.com").with(Kind::default());
        let codes = proof::codes(stack.with(CertManager::default()).with(linkerd));
        codes.contains_key("too-few-nodes")
    };
    assert!(found(99));
    assert!(!found(1));
}

/// The folder of facts has no chart of this name: its keys are held to the list alone.
#[test]
fn several_clusters_are_linked_by_their_names() {
    let build = |stack: Stack| {
        stack
            .with(CertManager::default())
            .with(Linkerd {
                certificates: Certificates::SharedRoot,
                ..Linkerd::default()
            })
            .with(LinkerdMulticluster {
                links: vec!["tokyo".into(), "seoul".into()],
                ..LinkerdMulticluster::default()
            })
    };
    for bundle in proof::environments(build) {
        let release = bundle.release("linkerd-multicluster").unwrap();
        crate::keys::are_known("linkerd-multicluster", &release.values);
        crate::unread::have_none("linkerd-multicluster", &release.values);
        assert_eq!(
            release.values["controllers"][1]["link"]["ref"]["name"],
            "seoul"
        );
        proof::is_clean(&bundle, &["gateway-api-missing"]);
        proof::writes_a_tree(&bundle);
    }
    proof::pulls_from_the_mirror(build);
    for wrong in [["a", "a"], ["a", "b; reboot"]] {
        let wrong = LinkerdMulticluster {
            links: wrong.map(str::to_owned).into(),
            ..LinkerdMulticluster::default()
        };
        let stack = platform("dev", "dev.example.com")
            .with(CertManager::default())
            .with(Linkerd::default());
        let error = stack.with(wrong).build().unwrap_err().to_string();
        assert!(error.contains("`links[1]`"), "{error}");
    }
}

#[test]
fn linked_clusters_trust_one_root_and_are_linked_by_a_script() {
    let stack = |certificates| {
        platform("dev", "dev.example.com")
            .with(CertManager::default())
            .with(Linkerd {
                certificates,
                ..Linkerd::default()
            })
            .with(LinkerdMulticluster {
                links: vec!["tokyo".into()],
                ..LinkerdMulticluster::default()
            })
    };
    let found = proof::codes(stack(Certificates::CertManager));
    assert!(found.contains_key("linked-without-trust"), "{found:?}");
    let found = proof::codes(stack(Certificates::SharedRoot));
    assert!(!found.contains_key("linked-without-trust"), "{found:?}");

    let bundle = stack(Certificates::SharedRoot).build().unwrap();
    let root = |kind| bundle.object(kind, Some("linkerd"), "linkerd-trust-anchor");
    assert!(root("Certificate").is_none(), "others bring the root");
    assert_eq!(
        root("Issuer").unwrap().value()["spec"]["ca"]["secretName"],
        "linkerd-trust-anchor"
    );
    let files = bundle.files();
    let script = files
        .iter()
        .find(|file| file.path.ends_with("link-clusters.sh"));
    let script = script.unwrap();
    assert!(
        script.text.contains("for there in tokyo; do"),
        "{}",
        script.text
    );
    assert!(
        script.text.contains("multicluster link-gen"),
        "{}",
        script.text
    );
}

/// One that answers calls only needs no controller, and one that calls only no gateway.
#[test]
fn parts_that_are_not_there_have_no_values() {
    let stack = platform("dev", "dev.example.com")
        .with(CertManager::default())
        .with(Linkerd::default());
    let multicluster = LinkerdMulticluster {
        gateways: 0,
        ..LinkerdMulticluster::default()
    };
    let bundle = stack.with(multicluster).build().unwrap();
    let values = &bundle.release("linkerd-multicluster").unwrap().values;
    assert_eq!(values["gateway"], serde_json::json!({"enabled": false}));
    assert!(values.get("controllers").is_none() && values.get("controllerDefaults").is_none());
}
