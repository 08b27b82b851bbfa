//! The observability stack: its configurations are read back and checked for what they mean.
#![allow(clippy::unwrap_used, clippy::panic)]

mod alerts;
mod alloy;
mod collector;
mod grafana;
mod refusals;
mod shared_values;
mod traffic;

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, PersistentVolumeClaim, Service};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use lab_builder::components::Lgtm;
use lab_builder::components::lgtm::alertmanager::{AlertRoute, Receiver};
use lab_builder::components::lgtm::mimir::{Rule, RuleFile, RuleGroup, Severity};
use lab_builder::{Action, Bundle, Environment, Lab, Part, Provided, Wiring};
use regex::Regex;
use serde_json::{Value, json};

const REGISTRY: &str = "registry.example.com/lab";

fn dev() -> Lab {
    Lab::new(Environment::Dev)
}

fn built() -> Bundle {
    dev().build().unwrap()
}

fn lgtm(bundle: &Bundle) -> &Part {
    bundle.part("lgtm").unwrap()
}

/// One file of a ConfigMap, parsed.
fn configuration(bundle: &Bundle, map: &str, file: &str) -> Value {
    let found = bundle
        .objects_of::<ConfigMap>()
        .find(|candidate| candidate.metadata.name.as_deref() == Some(map))
        .unwrap_or_else(|| panic!("no ConfigMap {map}"));
    serde_yaml::from_str(&found.data.as_ref().unwrap()[file]).unwrap()
}

fn collector(bundle: &Bundle) -> Value {
    configuration(bundle, "otel-collector", "config.yaml")
}

fn values<'a>(bundle: &'a Bundle, release: &str) -> &'a Value {
    &bundle.release(release).unwrap().values
}

fn data_sources(bundle: &Bundle) -> &[Value] {
    values(bundle, "grafana")["datasources"]["datasources.yaml"]["datasources"]
        .as_array()
        .unwrap()
}

fn alloy(bundle: &Bundle) -> &str {
    values(bundle, "alloy")["alloy"]["configMap"]["content"]
        .as_str()
        .unwrap()
}

/// The files of the component, by their path below its folder.
fn files(bundle: &Bundle) -> BTreeMap<String, String> {
    let below = |path: &str| path.strip_prefix("05-lgtm/").map(str::to_owned);
    bundle
        .files()
        .into_iter()
        .filter_map(|file| Some((below(&file.path)?, file.text)))
        .collect()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .map(|map| map.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

fn strings(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .map(|items| items.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default()
}

/// Calls a function with each member of each map, at any depth.
fn each_member<'a>(value: &'a Value, visit: &mut impl FnMut(&'a str, &'a Value)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| each_member(item, visit)),
        Value::Object(members) => {
            for (key, member) in members {
                visit(key, member);
                each_member(member, visit);
            }
        }
        _ => {}
    }
}

/// What the collector makes of a text: `$$` is a dollar, and a single one would begin a variable.
fn expanded(text: &str) -> String {
    let rest = text.replace("$$", "\u{0}");
    assert!(!rest.contains('$'), "{text} has a variable");
    rest.replace('\u{0}', "$")
}

#[test]
fn ports_agree_between_configuration_container_and_service() {
    let bundle = built();
    for name in ["otel-collector", "alertmanager"] {
        let named = |meta: &Option<String>| meta.as_deref() == Some(name);
        let deployment = bundle
            .objects_of::<Deployment>()
            .find(|d| named(&d.metadata.name))
            .unwrap();
        let service = bundle
            .objects_of::<Service>()
            .find(|s| named(&s.metadata.name))
            .unwrap();
        let template = &deployment.spec.as_ref().unwrap().template;
        let pod = template.spec.as_ref().unwrap();
        let container = &pod.containers[0];
        let labels = template.metadata.as_ref().unwrap().labels.as_ref().unwrap();
        let spec = service.spec.as_ref().unwrap();
        for (key, value) in spec.selector.as_ref().unwrap() {
            assert_eq!(labels.get(key), Some(value), "{name}: {key}");
        }
        let open: BTreeMap<&str, i32> = container
            .ports
            .iter()
            .flatten()
            .map(|port| (port.name.as_deref().unwrap(), port.container_port))
            .collect();
        for port in spec.ports.iter().flatten() {
            let Some(IntOrString::String(target)) = &port.target_port else {
                panic!("{name}: by name")
            };
            assert_eq!(
                open.get(target.as_str()),
                Some(&port.port),
                "{name}: {target}"
            );
        }
        // The configuration is where the program looks for it.
        let mount = &container.volume_mounts.as_ref().unwrap()[0];
        let map = pod.volumes.as_ref().unwrap()[0]
            .config_map
            .as_ref()
            .unwrap();
        let argument = &container.args.as_ref().unwrap()[0];
        let path = argument.split_once('=').unwrap().1;
        let file = path
            .strip_prefix(&format!("{}/", mount.mount_path))
            .unwrap();
        assert!(configuration(&bundle, &map.name, file).is_object());
    }

    let config = collector(&bundle);
    let telemetry = &bundle.wiring::<Wiring>().unwrap().telemetry;
    let object = bundle
        .object("Deployment", Some("monitoring"), "otel-collector")
        .unwrap();
    let template = &object.value()["spec"]["template"];
    let container = &template["spec"]["containers"][0];
    let listening = |pointer: &str| {
        let endpoint = config.pointer(pointer).unwrap().as_str().unwrap();
        endpoint.rsplit_once(':').unwrap().1.parse::<u16>().unwrap()
    };
    assert_eq!(
        listening("/receivers/otlp/protocols/grpc/endpoint"),
        telemetry.otlp_grpc_port
    );
    assert_eq!(
        listening("/receivers/otlp/protocols/http/endpoint"),
        telemetry.otlp_http_port
    );
    for probe in ["livenessProbe", "readinessProbe"] {
        assert_eq!(
            container[probe]["httpGet"]["port"],
            listening("/extensions/health_check/endpoint")
        );
    }
    let metrics = &config["service"]["telemetry"]["metrics"]["readers"][0]["pull"]["exporter"]["prometheus"]
        ["port"];
    assert_eq!(
        template["metadata"]["annotations"]["prometheus.io/port"],
        metrics.to_string()
    );
}

#[test]
fn five_pods_of_mimir_share_one_claim() {
    let bundle = built();
    let values = values(&bundle, "mimir");
    let claim = bundle.objects_of::<PersistentVolumeClaim>().next().unwrap();
    let name = claim.metadata.name.as_deref().unwrap();
    assert_eq!(
        claim.spec.as_ref().unwrap().access_modes.as_ref().unwrap(),
        &["ReadWriteOnce"]
    );
    let config = &values["mimir"]["structuredConfig"];
    let folder = config["blocks_storage"]["filesystem"]["dir"]
        .as_str()
        .unwrap();
    let mut sharing = BTreeSet::new();
    for (part, settings) in values.as_object().unwrap() {
        let volumes = settings["extraVolumes"].as_array().into_iter().flatten();
        for volume in volumes.filter(|v| v["persistentVolumeClaim"]["claimName"] == name) {
            let mount = settings["extraVolumeMounts"]
                .as_array()
                .unwrap()
                .iter()
                .find(|m| m["name"] == volume["name"]);
            let path = mount.unwrap()["mountPath"].as_str().unwrap();
            assert!(
                folder.starts_with(&format!("{path}/")),
                "{part}: {folder} is not below {path}"
            );
            assert_eq!(settings["replicas"], 1, "{part}");
            sharing.insert(part.as_str());
        }
    }
    assert_eq!(
        sharing,
        ["compactor", "ingester", "querier", "ruler", "store_gateway"].into()
    );
    // Rules lie in a folder of the tenant.
    let mounts = values["ruler"]["extraVolumeMounts"].as_array().unwrap();
    let rules = mounts
        .iter()
        .find(|mount| mount["name"] == "rules")
        .unwrap();
    let directory = config["ruler_storage"]["local"]["directory"]
        .as_str()
        .unwrap();
    assert_eq!(rules["mountPath"], format!("{directory}/anonymous"));
    assert_eq!(config["multitenancy_enabled"], false);
    // The claim and the rules are there before the pods that mount them.
    let plan = lgtm(&bundle).plan();
    let installed = plan
        .iter()
        .position(|a| *a == Action::Install("mimir".into()))
        .unwrap();
    let applied = plan[..installed]
        .iter()
        .filter(|a| matches!(a, Action::Apply(place) if format!("{place:?}").contains("/mimir/")));
    assert_eq!(applied.count(), 2);
}

/// Every image that a values tree or a manifest names, put together as the chart does it.
fn images_in(value: &Value, found: &mut BTreeSet<String>) {
    if let Some(repository) = value["repository"].as_str() {
        let host = value["registry"]
            .as_str()
            .map(|host| format!("{host}/"))
            .unwrap_or_default();
        let tag = value["tag"]
            .as_str()
            .unwrap_or_else(|| panic!("no tag: {value}"));
        found.insert(format!("{host}{repository}:{tag}"));
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| images_in(item, found)),
        Value::Object(members) => {
            if let Some(image) = members.get("image").and_then(Value::as_str) {
                found.insert(image.to_owned());
            }
            members.values().for_each(|member| images_in(member, found));
        }
        _ => {}
    }
}

#[test]
fn the_images_that_are_listed_are_those_that_are_pulled() {
    let upstream = Regex::new(r"\b(docker\.io|quay\.io|ghcr\.io|gcr\.io)\b").unwrap();
    for registry in [None, Some(REGISTRY)] {
        let lab = registry.map_or_else(dev, |registry| dev().registry(registry.parse().unwrap()));
        let bundle = lab.build().unwrap();
        let part = lgtm(&bundle);
        let mut pulled = BTreeSet::new();
        part.releases()
            .iter()
            .for_each(|release| images_in(&release.values, &mut pulled));
        part.objects()
            .for_each(|(_, object)| images_in(object.value(), &mut pulled));
        let listed: BTreeSet<String> = part
            .images()
            .iter()
            .map(|image| image.mirrored.as_ref().unwrap_or(&image.source).to_string())
            .collect();
        assert_eq!(pulled, listed);
        assert_eq!(listed.len(), if registry.is_some() { 12 } else { 13 });
        if registry.is_some() {
            for (path, text) in files(&bundle) {
                assert!(!upstream.is_match(&text), "{path}");
            }
        }
    }
}

#[test]
fn each_workload_is_waited_for_after_it_is_installed() {
    let bundle = built();
    let mut installed: Vec<&str> = Vec::new();
    let mut waited = BTreeSet::new();
    for action in lgtm(&bundle).plan() {
        match action {
            Action::Install(release) => installed.push(release),
            Action::Wait { command, .. } => {
                assert_eq!(&command[..3], ["kubectl", "rollout", "status"]);
                let workload = command.iter().find(|word| word.contains('/')).unwrap();
                waited.insert(workload.clone());
            }
            _ => {}
        }
    }
    assert_eq!(installed, ["mimir", "loki", "tempo", "alloy", "grafana"]);
    let expected = [
        "daemonset/alloy",
        "daemonset/loki-canary",
        "deployment/alertmanager",
        "deployment/grafana",
        "deployment/mimir-distributor",
        "deployment/mimir-gateway",
        "deployment/mimir-querier",
        "deployment/mimir-query-frontend",
        "deployment/mimir-query-scheduler",
        "deployment/mimir-rollout-operator",
        "deployment/mimir-ruler",
        "deployment/otel-collector",
        "statefulset/loki",
        "statefulset/mimir-compactor",
        "statefulset/mimir-ingester",
        "statefulset/mimir-store-gateway",
        "statefulset/tempo",
    ];
    assert_eq!(waited, expected.map(str::to_owned).into());
}

#[test]
fn a_new_configuration_restarts_its_pods_and_nothing_else_does() {
    let checksum = |bundle: &Bundle, name: &str| {
        let deployment = bundle
            .object("Deployment", Some("monitoring"), name)
            .unwrap()
            .value();
        let annotations = &deployment["spec"]["template"]["metadata"]["annotations"];
        annotations["checksum/config"].as_str().unwrap().to_owned()
    };
    let before = built();
    let after = dev()
        .configure(|lgtm: &mut Lgtm| lgtm.collector.batch_size = 1024)
        .build()
        .unwrap();
    assert_ne!(
        checksum(&before, "otel-collector"),
        checksum(&after, "otel-collector")
    );
    assert_eq!(
        checksum(&before, "alertmanager"),
        checksum(&after, "alertmanager")
    );
    let again = dev()
        .configure(|lgtm: &mut Lgtm| lgtm.collector.replicas = 0)
        .build()
        .unwrap();
    assert_eq!(
        checksum(&before, "otel-collector"),
        checksum(&again, "otel-collector")
    );
}
