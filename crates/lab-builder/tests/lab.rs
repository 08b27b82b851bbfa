//! Choosing, changing and refusing: what a user does with a lab before anything is written.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace};
use lab_builder::components::{ArgoCd, Cilium, DemoApp, GATEWAY, Istio, Kind, Kong, Platform};
use lab_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Environment, Lab, Place, Profile,
    Registry,
};
use serde_json::{Value, json};

/// A component of a user's, which contributes whatever a test wants.
#[derive(Clone, Debug)]
struct Custom {
    id: &'static str,
    requires: &'static [&'static str],
    config_map: Option<(&'static str, &'static str)>,
    file: Option<Place>,
    image: Option<&'static str>,
}

const CUSTOM: Custom = Custom {
    id: "mine",
    requires: &["demo-app"],
    config_map: None,
    file: None,
    image: None,
};

impl Component for Custom {
    fn id(&self) -> &str {
        self.id
    }
    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some("demo".to_owned()))
    }
    fn requires(&self) -> Vec<&str> {
        self.requires.to_vec()
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        if let Some((namespace, name)) = self.config_map {
            let mut config = ConfigMap::default();
            config.metadata.namespace = Some(namespace.to_owned());
            config.metadata.name = Some(name.to_owned());
            out.object("config.yaml", config)?;
        }
        if let Some(place) = &self.file {
            out.file(place.clone(), "text")?;
        }
        if let Some(image) = self.image {
            out.image("mine", image)?;
        }
        Ok(())
    }
}

fn dev() -> Lab {
    Lab::new(Environment::Dev)
}

fn ids(bundle: &Bundle) -> Vec<String> {
    bundle.parts().iter().map(|part| part.folder()).collect()
}

#[test]
fn folders_carry_the_documented_numbers() {
    let expected = [
        "00-kind",
        "01-cilium",
        "02-kong",
        "02-istio",
        "03-argocd",
        "04-gatekeeper",
        "05-lgtm",
        "06-demo-app",
        "07-platform",
    ];
    assert_eq!(ids(&dev().build().unwrap()), expected);
    let without: Vec<&str> = expected
        .into_iter()
        .filter(|folder| *folder != "02-istio")
        .collect();
    assert_eq!(ids(&dev().skip_istio().build().unwrap()), without);
}

#[test]
fn everything_of_istio_goes_with_skip_istio() {
    let bundle = dev().skip_istio().build().unwrap();
    // Cilium keeps the settings that make room for Istio: they are documented for both.
    let rendered = format!("{}{}", bundle.stream(), bundle.to_json()["releases"]).to_lowercase();
    assert!(
        !rendered.contains("istio"),
        "{}",
        rendered
            .lines()
            .find(|line| line.contains("istio"))
            .unwrap_or_default()
    );
    assert!(bundle.objects_of::<Namespace>().count() > 0);
    // Twice is once.
    assert_eq!(
        dev().skip_istio().skip_istio().build().unwrap().to_json(),
        bundle.to_json()
    );
}

#[test]
fn the_order_of_components_does_not_matter() {
    let documented = dev().build().unwrap();
    let shuffled = Lab::empty(Environment::Dev)
        .with(Platform::default())
        .with(DemoApp::default())
        .with(lab_builder::components::Lgtm::default())
        .with(ArgoCd::default())
        .with(Istio::default())
        .with(lab_builder::components::Gatekeeper::default())
        .with(Kong::default())
        .with(Kind::default())
        .with(Cilium::default())
        .build()
        .unwrap();
    assert_eq!(shuffled.files(), documented.files());
    assert_eq!(shuffled.stream(), documented.stream());
}

#[test]
fn the_order_of_an_overlay_does_not_matter() {
    let with = |keys: [&str; 3]| {
        dev()
            .configure(|cilium: &mut Cilium| {
                for key in keys {
                    cilium
                        .overlay
                        .insert(key.to_owned(), json!({"b": 1, "a": [2]}));
                }
            })
            .build()
            .unwrap()
            .files()
    };
    assert_eq!(
        with(["zeta", "alpha", "mid"]),
        with(["mid", "zeta", "alpha"])
    );
}

#[test]
fn every_field_can_be_set_and_overlaid() {
    let overlay = json!({"operator": {"replicas": 1}, "hubble": {"ui": {"enabled": false}}, "debug": {"enabled": true}});
    let Value::Object(overlay) = overlay else {
        unreachable!()
    };
    let bundle = dev()
        .configure(|cilium: &mut Cilium| {
            cilium.values.cni.exclusive = true;
            cilium.overlay = overlay.clone();
        })
        .configure(|demo: &mut DemoApp| demo.backend.replicas = 5)
        .rewire(|wiring| wiring.gateway.http.node = 31080)
        .build()
        .unwrap();
    let values = &bundle.release("cilium").unwrap().values;
    assert_eq!(values["cni"]["exclusive"], true);
    assert_eq!(values["operator"]["replicas"], 1);
    assert_eq!(
        values["hubble"]["ui"],
        json!({"enabled": false, "replicas": 1})
    );
    assert_eq!(values["debug"]["enabled"], true);
    assert_eq!(
        bundle
            .object("Deployment", Some("demo"), "backend")
            .unwrap()
            .value()["spec"]["replicas"],
        5
    );
    // What two components share is written once: both sides follow.
    assert_eq!(
        bundle.release("kong").unwrap().values["gateway"]["proxy"]["http"]["nodePort"],
        31080
    );
    assert_eq!(
        bundle.cluster().unwrap()["nodes"][0]["extraPortMappings"][0]["containerPort"],
        31080
    );
}

#[test]
fn a_custom_environment_changes_domain_and_label_only() {
    let qa = Lab::new(Environment::custom("qa", "qa.example.com").unwrap())
        .build()
        .unwrap();
    let dev = dev().build().unwrap();
    let renamed = dev
        .stream()
        .replace("lab-dev.local", "qa.example.com")
        .replace("env: dev", "env: qa");
    assert_eq!(qa.stream(), renamed);
}

#[test]
fn the_data_center_profile_has_the_documented_sizes() {
    let bundle = Lab::new(Environment::Prod)
        .profile(Profile::DataCenter)
        .build()
        .unwrap();
    let quota = bundle
        .object("ResourceQuota", Some("demo"), "demo-quota")
        .unwrap()
        .value();
    assert_eq!(
        quota["spec"]["hard"],
        json!({"limits.cpu": "128", "limits.memory": "512Gi", "pods": "100", "requests.cpu": "64", "requests.memory": "256Gi"})
    );
    let argocd = &bundle.release("argocd").unwrap().values;
    for part in ["server", "controller", "repoServer"] {
        assert_eq!(argocd[part]["replicas"], 2, "{part}");
    }
    // TLS is a must there, so Kong speaks TLS to the server's TLS port.
    assert_eq!(argocd["configs"]["params"]["server.insecure"], false);
    assert_eq!(
        argocd["server"]["service"]["annotations"]["konghq.com/protocol"],
        "https"
    );
    let route = bundle
        .object("HTTPRoute", Some("argocd"), "argocd")
        .unwrap()
        .value();
    assert_eq!(route["spec"]["rules"][0]["backendRefs"][0]["port"], 443);
    // And back again.
    let lab = Lab::new(Environment::Prod)
        .profile(Profile::DataCenter)
        .profile(Profile::Lab)
        .build()
        .unwrap();
    assert_eq!(
        lab.files(),
        Lab::new(Environment::Prod).build().unwrap().files()
    );
}

#[test]
fn a_component_can_be_added_replaced_and_removed() {
    let added = dev()
        .with(Custom {
            config_map: Some(("demo", "mine")),
            ..CUSTOM
        })
        .build()
        .unwrap();
    assert!(ids(&added).contains(&"07-mine".to_owned()));
    assert_eq!(added.part("mine").unwrap().step(), 8);
    assert!(added.object("ConfigMap", Some("demo"), "mine").is_some());

    let replaced = dev()
        .replace(ArgoCd {
            version: "9.9.9".into(),
            ..ArgoCd::default()
        })
        .build()
        .unwrap();
    assert_eq!(replaced.release("argocd").unwrap().chart.version, "9.9.9");

    let removed = dev().without("platform").build().unwrap();
    assert!(removed.part("platform").is_none());

    let detached = dev().without("argocd").build().unwrap();
    assert!(ids(&detached).contains(&"00-gatekeeper".to_owned()));
}

#[test]
fn every_image_moves_to_the_registry() {
    let registry: Registry = "registry.example.com/lab".parse().unwrap();
    let bundle = dev().registry(registry).build().unwrap();
    let images = bundle.to_json()["images"].clone();
    for image in images.as_array().unwrap() {
        let mirrored = image["mirrored"].as_str().unwrap();
        let component = image["component"].as_str().unwrap();
        assert!(
            mirrored.starts_with(&format!("registry.example.com/lab/{component}/")),
            "{image}"
        );
    }
    let backend = bundle
        .object("Deployment", Some("demo"), "backend")
        .unwrap()
        .value();
    assert_eq!(
        backend["spec"]["template"]["spec"]["containers"][0]["image"],
        "registry.example.com/lab/demo-app/httpbin:latest"
    );
    let cilium = &bundle.release("cilium").unwrap().values;
    assert_eq!(
        cilium["image"],
        json!({"repository": "registry.example.com/lab/cilium/cilium", "tag": "v1.19.1", "useDigest": false})
    );
    // The chart itself appends `-generic`.
    assert_eq!(
        cilium["operator"]["image"]["repository"],
        "registry.example.com/lab/cilium/operator"
    );
    assert_eq!(
        bundle.release("istio-ztunnel").unwrap().values["hub"],
        "registry.example.com/lab/istio"
    );
}

#[test]
fn what_cannot_be_built_is_named_with_its_remedy() {
    let twice = Custom {
        config_map: Some(("demo", "mine")),
        ..CUSTOM
    };
    let table: Vec<(Lab, &[&str])> = vec![
        (
            dev().without("cilium"),
            &[
                "`istio` requires `cilium`",
                "Stack::detach(\"istio\", \"cilium\")",
            ],
        ),
        (
            dev().without("nginx"),
            &["no component `nginx`", "kind, cilium, kong"],
        ),
        (
            Lab::empty(Environment::Dev).configure(|_: &mut Kong| {}),
            &["no component", "Kong"],
        ),
        (dev().detach("nginx", "kong"), &["no component `nginx`"]),
        (
            dev().with(Kong::default()),
            &["two components own the folder `kong`", "Stack::replace"],
        ),
        (
            dev()
                .with(Custom {
                    requires: &["yours"],
                    ..CUSTOM
                })
                .with(Custom {
                    id: "yours",
                    requires: &["mine"],
                    ..CUSTOM
                }),
            &["cycle", "mine -> yours -> mine"],
        ),
        (
            dev().with(Custom {
                id: "no/slash",
                ..CUSTOM
            }),
            &["`no/slash` is invalid"],
        ),
        (
            dev().with(twice.clone()).with(Custom {
                id: "yours",
                ..twice
            }),
            &["ConfigMap demo/mine is owned by both `mine` and `yours`"],
        ),
        (
            dev().with(Custom {
                config_map: Some(("demo", "Bad_Name")),
                ..CUSTOM
            }),
            &["component `mine`", "metadata.name `Bad_Name`"],
        ),
        (
            dev().with(Custom {
                file: Some(Place::Own("../x".into())),
                ..CUSTOM
            }),
            &["component `mine`", "`../x`"],
        ),
        (
            dev().with(Custom {
                file: Some(Place::Root("README.md".into())),
                ..CUSTOM
            }),
            &["README.md", "`mine`"],
        ),
        (
            dev().with(Custom {
                file: Some(Place::Of("cilium".into(), "values.yaml".into())),
                ..CUSTOM
            }),
            &["01-cilium/values.yaml", "`cilium` and `mine`"],
        ),
        (
            dev().with(Custom {
                image: Some("x:y:z"),
                ..CUSTOM
            }),
            &["component `mine`", "x:y:z"],
        ),
        (
            dev().configure(|kind: &mut Kind| kind.control_planes = 0),
            &["component `kind`", "control_planes"],
        ),
        (
            dev().configure(|istio: &mut Istio| istio.pilot_image = "pilot@sha256:1".into()),
            &["component `istio`", "pilot"],
        ),
        (
            dev().configure(|cilium: &mut Cilium| {
                cilium.overlay.insert("hubble".into(), json!("off"));
            }),
            &["component `cilium`", "release `cilium`", "hubble"],
        ),
    ];
    for (lab, parts) in table {
        let error = lab.build().unwrap_err().to_string();
        for part in parts {
            assert!(error.contains(part), "{part:?} is not in {error:?}");
        }
    }
}

#[test]
fn json_has_what_other_programs_build_on() {
    let json = dev().build().unwrap().to_json();
    let keys: Vec<&str> = json
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "environment",
            "profile",
            "registry",
            "kind",
            "objects",
            "releases",
            "images",
            "components",
            "exercises"
        ]
    );
    assert_eq!(json["kind"]["kind"], "Cluster");
    assert_eq!(json["components"][3]["dependsOn"], json!(["cilium"]));
    let names: Vec<&Value> = json["releases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|release| &release["name"])
        .collect();
    assert_eq!(
        names[..5],
        ["cilium", "kong", "istio-base", "istio-istiod", "istio-cni"]
    );
    // Nothing that an exercise applies is part of the running stack.
    for exercise in json["exercises"].as_array().unwrap() {
        assert!(
            !json["objects"]
                .as_array()
                .unwrap()
                .contains(&exercise["object"]),
            "{exercise}"
        );
    }
}

#[test]
fn the_stream_is_the_same_where_one_component_is_held_at_a_time() {
    let patched = || {
        dev().patch("demo-app", "backend", |backend: &mut Deployment| {
            backend.metadata.annotations = Some([("owner".to_owned(), "me".to_owned())].into());
        })
    };
    let registry: Registry = "registry.example.com/lab".parse().unwrap();
    let labs: [&dyn Fn() -> Lab; 3] = [&dev, &patched, &|| dev().registry(registry.clone())];
    for lab in labs {
        let mut streamed = Vec::new();
        lab().write_stream(&mut streamed).unwrap();
        let held = lab().build().unwrap().stream();
        assert!(String::from_utf8(streamed).unwrap() == held);
    }
    let refused = dev().patch("nobody", "x", |_: &mut Deployment| {});
    assert!(refused.write_stream(std::io::sink()).is_err());
}

/// A namespace stands before everything in it, and the stream holds what the JSON holds.
#[test]
fn the_stream_is_in_apply_order() {
    let bundle = dev().build().unwrap();
    let mut known: Vec<&str> = vec!["kube-system", "default"];
    for object in bundle.objects() {
        let id = object.id();
        if id.kind == "Namespace" {
            known.push(&id.name);
        } else if let Some(namespace) = &id.namespace {
            assert!(
                known.contains(&namespace.as_str()),
                "{id} comes before its namespace"
            );
        }
    }
    let read: Vec<Value> = serde_saphyr::from_multiple(&bundle.stream()).unwrap();
    let objects: Vec<Value> = bundle
        .objects()
        .map(|object| object.value().clone())
        .collect();
    assert_eq!(read, objects);
}

#[test]
fn a_rewired_namespace_is_the_components_own() {
    let bundle = dev()
        .rewire(|wiring| {
            wiring.demo.namespace = "shop".into();
            wiring.gateway.namespace = "edge".into();
        })
        .build()
        .unwrap();
    let namespace = |id: &str| bundle.part(id).unwrap().namespace().map(str::to_owned);
    assert_eq!(namespace("demo-app").as_deref(), Some("shop"));
    assert_eq!(namespace("platform").as_deref(), Some("shop"));
    assert_eq!(namespace("kong").as_deref(), Some("edge"));
    assert_eq!(bundle.to_json()["components"][2]["namespace"], "edge");
}

/// What two components of a user's agree on.
#[derive(Clone, Debug)]
struct Team {
    channel: String,
}

/// A gateway of a user's, and a reader of the user's own shared values.
#[derive(Clone, Debug)]
struct Edge;

impl Component for Edge {
    fn id(&self) -> &str {
        "edge"
    }
    fn roles(&self) -> Vec<&str> {
        vec![GATEWAY]
    }
    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let team: &Team = context.wiring()?;
        out.file("channel.txt", &team.channel)
    }
}

#[test]
fn a_component_of_ones_own_takes_the_role_of_the_gateway_and_shares_values() {
    let lab = || dev().without("kong").with(Edge);
    let error = lab().build().unwrap_err().to_string();
    assert!(
        error.contains("component `edge`") && error.contains("Team"),
        "{error}"
    );
    let bundle = lab()
        .wire(Team {
            channel: "#edge".into(),
        })
        .build()
        .unwrap();
    assert_eq!(
        bundle.part("argocd").unwrap().depends_on(),
        ["edge", "istio"]
    );
    assert!(
        bundle
            .object("HTTPRoute", Some("demo"), "demo-api")
            .is_some()
    );
    assert!(
        bundle
            .object("KongPlugin", Some("demo"), "opentelemetry")
            .is_none()
    );
    let file = bundle
        .files()
        .into_iter()
        .find(|file| file.path.ends_with("channel.txt"));
    assert_eq!(file.unwrap().text, "#edge");
    // Without any gateway there are no routes.
    let bare = dev().without("kong").build().unwrap();
    assert!(bare.object("HTTPRoute", Some("argocd"), "argocd").is_none());
}

#[test]
fn an_object_is_patched_or_the_patch_is_refused() {
    let bundle = dev()
        .patch("demo-app", "backend", |backend: &mut Deployment| {
            backend.metadata.annotations = Some([("owner".to_owned(), "me".to_owned())].into());
        })
        .build()
        .unwrap();
    let backend = bundle
        .object("Deployment", Some("demo"), "backend")
        .unwrap();
    assert_eq!(backend.value()["metadata"]["annotations"]["owner"], "me");
    let rename = |name: &'static str| {
        move |backend: &mut Deployment| backend.metadata.name = Some(name.to_owned())
    };
    for (lab, part) in [
        (
            dev().patch("demo", "backend", rename("x")),
            "no component `demo`",
        ),
        (
            dev().patch("demo-app", "backed", rename("x")),
            "has 0 of it",
        ),
        (
            dev().patch("demo-app", "backend", rename("A_B")),
            "`A_B` is refused",
        ),
        (
            dev().patch("demo-app", "backend", rename("frontend")),
            "Deployment demo/frontend is owned by both",
        ),
    ] {
        let error = lab.build().unwrap_err().to_string();
        assert!(error.contains(part), "{part:?} is not in {error:?}");
    }
}

#[test]
fn a_profile_never_takes_back_what_was_configured() {
    let late = dev()
        .configure(|kong: &mut Kong| kong.values.gateway.replica_count = 5)
        .profile(Profile::DataCenter);
    let error = late.build().unwrap_err().to_string();
    assert!(
        error.contains("`data-center` would change `kong`"),
        "{error}"
    );
    let harmless = dev()
        .configure(|cilium: &mut Cilium| cilium.values.operator.replicas = 1)
        .profile(Profile::DataCenter);
    assert!(harmless.build().is_ok());
}

#[test]
fn without_kind_the_api_server_must_be_named() {
    let lab = || dev().without("kind").detach("cilium", "kind");
    let error = lab().build().unwrap_err().to_string();
    assert!(
        error.contains("cluster.api_server") && error.contains("without the component `kind`"),
        "{error}"
    );
    let bundle = lab()
        .rewire(|wiring| wiring.cluster.api_server = Some("10.1.2.3".into()))
        .build()
        .unwrap();
    assert_eq!(
        bundle.release("cilium").unwrap().values["k8sServiceHost"],
        "10.1.2.3"
    );
}

/// What a user's own components share.
#[derive(Clone, Debug, PartialEq)]
struct Shelf(u8);

#[test]
fn what_was_shared_is_read_back_from_the_bundle() {
    let lab = || Lab::new(Environment::Dev);
    let bundle = lab().build().unwrap();
    assert_eq!(
        bundle.wiring::<lab_builder::Wiring>(),
        Some(&lab_builder::Wiring::default())
    );
    assert_eq!(bundle.wiring::<Shelf>(), None);
    let bundle = lab()
        .wire(Shelf(1))
        .wire(Shelf(2))
        .rewire(|wiring| wiring.telemetry.loki_port = 3101)
        .build()
        .unwrap();
    assert_eq!(bundle.wiring::<Shelf>(), Some(&Shelf(2)));
    let wiring: &lab_builder::Wiring = bundle.wiring().unwrap();
    assert_eq!(wiring.telemetry.loki_port, 3101);
}
