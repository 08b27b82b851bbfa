//! The demo app's Helm chart says what the raw manifests say.
#![allow(clippy::unwrap_used, clippy::panic)]

mod real_helm;
mod template;

use std::collections::BTreeMap;

use lab_builder::components::DemoApp;
use lab_builder::components::demo_app::{ChartOverride, Resources};
use lab_builder::{Bundle, Environment, Lab, overlay};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use template::Engine;

const FOLDER: &str = "03-argocd/apps/demo-app/";
const SYNC_WAVE: &str = "argocd.argoproj.io/sync-wave";
/// What makes the chart render everything that the raw manifests have.
const ALL: &str = "{namespace: {create: true}, loadGenerator: {enabled: true}}";

/// The files of the chart, below its folder.
fn chart(bundle: &Bundle) -> BTreeMap<String, String> {
    bundle
        .files()
        .into_iter()
        .filter_map(|file| Some((file.path.strip_prefix(FOLDER)?.to_owned(), file.text)))
        .collect()
}

/// Does what `helm template demo-app . -f ...` does, and gives the objects.
fn helm_template(bundle: &Bundle, overrides: &[&str]) -> Vec<Value> {
    let chart = chart(bundle);
    let mut values: Value = serde_yaml::from_str(&chart["values.yaml"]).unwrap();
    for text in overrides {
        let text = chart.get(*text).map_or(*text, String::as_str);
        let over: Map<String, Value> = serde_yaml::from_str(text).unwrap();
        overlay::merge(&mut values, &over).unwrap();
    }
    let context = json!({"Values": values, "Release": {"Namespace": "default"}});
    let mut engine = Engine::default();
    engine.define(&chart["templates/_helpers.tpl"]);
    let mut objects = Vec::new();
    for (path, text) in &chart {
        if path.starts_with("templates/") && path.ends_with(".yaml") {
            for document in serde_yaml::Deserializer::from_str(&engine.render(text, &context)) {
                let object = Value::deserialize(document).unwrap();
                objects.extend((!object.is_null()).then_some(object));
            }
        }
    }
    objects
}

fn id(object: &Value) -> String {
    format!(
        "{} {}",
        object["kind"].as_str().unwrap(),
        object["metadata"]["name"].as_str().unwrap()
    )
}

fn waves(objects: &[Value]) -> BTreeMap<String, i32> {
    let wave = |object: &Value| {
        object["metadata"]["annotations"][SYNC_WAVE]
            .as_str()
            .unwrap()
            .parse()
            .unwrap()
    };
    objects
        .iter()
        .map(|object| (id(object), wave(object)))
        .collect()
}

/// The objects without what only the chart has.
fn without_waves(objects: Vec<Value>) -> BTreeMap<String, Value> {
    objects
        .into_iter()
        .map(|mut object| {
            let metadata = object["metadata"].as_object_mut().unwrap();
            let annotations = metadata
                .get_mut("annotations")
                .unwrap()
                .as_object_mut()
                .unwrap();
            annotations.shift_remove(SYNC_WAVE).unwrap();
            if annotations.is_empty() {
                metadata.shift_remove("annotations");
            }
            (id(&object), object)
        })
        .collect()
}

/// The raw manifests of what the chart holds.
fn raw(bundle: &Bundle) -> BTreeMap<String, Value> {
    const KINDS: [&str; 5] = [
        "Namespace",
        "ServiceAccount",
        "Deployment",
        "Service",
        "Job",
    ];
    let part = bundle.part("demo-app").unwrap();
    part.objects()
        .map(|(_, object)| object.value())
        .filter(|object| KINDS.contains(&object["kind"].as_str().unwrap()))
        .map(|object| (id(object), object.clone()))
        .collect()
}

#[test]
fn it_has_the_documented_files() {
    let bundle = Lab::new(Environment::Dev).build().unwrap();
    let files = chart(&bundle);
    assert_eq!(
        files.keys().map(String::as_str).collect::<Vec<_>>(),
        [
            "Chart.yaml",
            "templates/_helpers.tpl",
            "templates/backend-deployment.yaml",
            "templates/backend-service.yaml",
            "templates/frontend-deployment.yaml",
            "templates/frontend-sa.yaml",
            "templates/load-generator-job.yaml",
            "templates/namespace.yaml",
            "values-prod.yaml",
            "values-stg.yaml",
            "values.yaml",
        ]
    );
    let metadata: Value = serde_yaml::from_str(&files["Chart.yaml"]).unwrap();
    assert_eq!(metadata["name"], "demo-app");
    assert_eq!(metadata["version"], "0.1.0");
    assert_eq!(metadata["appVersion"], "1.0.0");
    assert!(metadata.get("icon").is_none());
}

#[test]
fn with_default_values_it_gives_the_raw_manifests() {
    let custom = Environment::custom("qa", "qa.example.com").unwrap();
    let labs = [
        Environment::Dev,
        Environment::Stg,
        Environment::Prod,
        custom,
    ]
    .into_iter()
    .flat_map(|environment| {
        let lab = || Lab::new(environment.clone());
        [
            lab(),
            lab().skip_istio(),
            lab().registry("registry.example.com:5000/lab".parse().unwrap()),
        ]
    });
    let odd = Lab::new(Environment::Dev).configure(|app: &mut DemoApp| {
        app.backend.image = "registry.example.com/httpbin@sha256:\
                             0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
            .into();
        app.backend.run_as_user = 1_000_650_000;
        app.frontend.image = "yes:3.10".into();
        app.frontend.command = vec![
            "echo".into(),
            "{{ .Values.backend }} }} {{`".into(),
            "no".into(),
        ];
        app.frontend.resources = Resources::new(("0.5", "1.5Gi"), ("1", "2Gi"));
        app.load_generator.resources = Resources::new(("1", "1Gi"), ("1", "1Gi"));
        app.east_west_requests = 2_000_000;
    });
    for lab in labs.chain([odd]) {
        let bundle = lab.build().unwrap();
        assert_eq!(
            without_waves(helm_template(&bundle, &[ALL])),
            raw(&bundle),
            "{}",
            bundle.environment()
        );
    }
}

#[test]
fn namespace_and_load_generator_are_off_by_default() {
    let bundle = Lab::new(Environment::Dev).build().unwrap();
    let rendered = waves(&helm_template(&bundle, &[]));
    let expected = [
        ("Deployment backend", 1),
        ("Deployment frontend", 1),
        ("Service backend", 1),
        ("ServiceAccount backend", 0),
        ("ServiceAccount frontend", 0),
    ];
    assert_eq!(
        rendered,
        expected.map(|(id, wave)| (id.to_owned(), wave)).into()
    );
    let all = waves(&helm_template(&bundle, &[ALL]));
    assert_eq!(all.len(), 7);
    assert_eq!((all["Namespace demo"], all["Job load-generator"]), (-1, 2));
}

#[test]
fn every_resource_has_the_labels_of_the_policy() {
    let bundle = Lab::new(Environment::Dev).build().unwrap();
    for object in helm_template(&bundle, &[ALL]) {
        let of_pods = object.pointer("/spec/template/metadata/labels");
        for labels in [Some(&object["metadata"]["labels"]), of_pods]
            .into_iter()
            .flatten()
        {
            for key in ["app", "env", "team"] {
                let label = labels[key].as_str();
                assert!(
                    label.is_some_and(|label| !label.is_empty()),
                    "{}: {key}",
                    id(&object)
                );
            }
        }
    }
}

/// Documented: Namespace (-1), ConfigMap (0), Deployment (1), Job (2). The chart has no ConfigMap; what pods need before they
/// start is in its wave.
#[test]
fn waves_go_from_the_namespace_to_the_job() {
    let bundle = Lab::new(Environment::Dev).build().unwrap();
    let rendered = waves(&helm_template(&bundle, &[ALL]));
    let of_kind: BTreeMap<&str, Vec<i32>> =
        rendered
            .iter()
            .fold(BTreeMap::new(), |mut kinds, (id, wave)| {
                let kind = id.split(' ').next().unwrap();
                kinds.entry(kind).or_insert_with(Vec::new).push(*wave);
                kinds
            });
    let expected = [
        ("Deployment", vec![1, 1]),
        ("Job", vec![2]),
        ("Namespace", vec![-1]),
        ("Service", vec![1]),
        ("ServiceAccount", vec![0, 0]),
    ];
    assert_eq!(of_kind, expected.into());
}

#[test]
fn the_defaults_are_those_of_dev() {
    let values = |environment: Environment| {
        let bundle = Lab::new(environment).build().unwrap();
        chart(&bundle)["values.yaml"].clone()
    };
    let dev = values(Environment::Dev);
    for (environment, name) in [(Environment::Stg, "stg"), (Environment::Prod, "prod")] {
        // Names are the tree's own; numbers, sizes and images are dev's.
        let renamed = values(environment)
            .replace(&format!("lab-{name}.local"), "lab-dev.local")
            .replace(&format!("environment {name}"), "environment dev")
            .replace(&format!("env: {name}\n"), "env: dev\n");
        assert_eq!(renamed, dev, "{name}");
    }
}

#[test]
fn in_prod_every_image_is_pinned() {
    let bundle = Lab::new(Environment::Prod).build().unwrap();
    let images = |files: &[&str]| -> Vec<String> {
        helm_template(&bundle, &[&[ALL], files].concat())
            .iter()
            .filter_map(|object| object.pointer("/spec/template/spec/containers/0/image"))
            .map(|image| image.as_str().unwrap().to_owned())
            .collect()
    };
    let is_pinned = |image: &String| {
        let (_, tag) = image.rsplit_once(':').unwrap();
        tag.starts_with(|c: char| c.is_ascii_digit())
    };
    let pinned = images(&["values-prod.yaml"]);
    assert_eq!(pinned.len(), 3);
    assert!(pinned.iter().all(is_pinned), "{pinned:?}");
    assert!(
        !images(&[]).iter().any(is_pinned),
        "documented: the defaults float"
    );
}

#[test]
fn stg_doubles_and_prod_quadruples_the_resources() {
    let bundle = Lab::new(Environment::Dev).build().unwrap();
    let of = |files: &[&str], app: &str| {
        let objects = without_waves(helm_template(&bundle, &[&[ALL], files].concat()));
        let deployment = objects[&format!("Deployment {app}")].clone();
        let container = &deployment["spec"]["template"]["spec"]["containers"][0];
        let resources = &container["resources"];
        let shape = |part: &str| {
            format!(
                "{} {}",
                resources[part]["cpu"].as_str().unwrap(),
                resources[part]["memory"].as_str().unwrap()
            )
        };
        let job = &objects["Job load-generator"];
        [
            shape("requests"),
            shape("limits"),
            container["image"].as_str().unwrap().to_owned(),
            deployment["spec"]["replicas"].to_string(),
            deployment["metadata"]["labels"]["env"]
                .as_str()
                .unwrap()
                .to_owned(),
            job["spec"]["template"]["spec"]["containers"][0]["image"]
                .as_str()
                .unwrap()
                .to_owned(),
        ]
    };
    let (httpbin, curl) = ("kennethreitz/httpbin:latest", "curlimages/curl:latest");
    let (stg, prod) = (["values-stg.yaml"], ["values-prod.yaml"]);
    let pinned = "curlimages/curl:8.5.0";
    assert_eq!(
        of(&[], "backend"),
        ["100m 128Mi", "200m 256Mi", httpbin, "2", "dev", curl]
    );
    assert_eq!(
        of(&stg, "backend"),
        ["200m 256Mi", "400m 512Mi", httpbin, "2", "stg", curl]
    );
    assert_eq!(
        of(&prod, "backend"),
        [
            "400m 512Mi",
            "800m 1Gi",
            "kennethreitz/httpbin:0.9.2",
            "4",
            "prod",
            pinned
        ]
    );
    assert_eq!(
        of(&[], "frontend"),
        ["50m 32Mi", "100m 64Mi", curl, "1", "dev", curl]
    );
    assert_eq!(
        of(&stg, "frontend"),
        ["100m 64Mi", "200m 128Mi", curl, "1", "stg", curl]
    );
    assert_eq!(
        of(&prod, "frontend"),
        ["200m 128Mi", "400m 256Mi", pinned, "1", "prod", pinned]
    );

    // The load generator asks for the environment's host.
    let script = |files: &[&str]| {
        let objects = without_waves(helm_template(&bundle, &[&[ALL], files].concat()));
        objects["Job load-generator"]["spec"]["template"]["spec"]["containers"][0]["command"][2]
            .to_string()
    };
    assert!(script(&[]).contains("api.lab-dev.local"));
    assert!(script(&stg).contains("api.lab-stg.local") && !script(&stg).contains("lab-dev"));
}

#[test]
fn values_decide_at_install_time() {
    let bundle = Lab::new(Environment::Dev).build().unwrap();
    let objects = helm_template(
        &bundle,
        &["{backend: {replicas: 3}, namespace: {name: ''}, global: {team: 'yes'}}"],
    );
    let backend = objects
        .iter()
        .find(|object| id(object) == "Deployment backend")
        .unwrap();
    assert_eq!(backend["spec"]["replicas"], 3);
    assert_eq!(backend["metadata"]["namespace"], "default");
    assert_eq!(backend["metadata"]["labels"]["team"], "yes");
}

#[test]
fn environments_of_ones_own_get_a_file() {
    let bundle = Lab::new(Environment::Dev)
        .configure(|app: &mut DemoApp| {
            app.chart.overrides.push(ChartOverride {
                environment: Environment::custom("qa", "qa.example.com").unwrap(),
                resource_factor: 3,
                backend_replicas: Some(1),
                backend_tag: None,
                curl_tag: None,
            });
        })
        .build()
        .unwrap();
    let objects = without_waves(helm_template(&bundle, &["values-qa.yaml"]));
    let backend = &objects["Deployment backend"];
    assert_eq!(backend["spec"]["replicas"], 1);
    assert_eq!(
        backend["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]["memory"],
        "768Mi"
    );
}

#[test]
fn resources_that_cannot_be_multiplied_are_named() {
    let error = Lab::new(Environment::Dev)
        .configure(|app: &mut DemoApp| app.frontend.resources.limit_memory = "plenty".into())
        .build()
        .unwrap_err()
        .to_string();
    for part in ["demo-app", "frontend.resources.limit_memory", "`plenty`"] {
        assert!(error.contains(part), "{error}");
    }
}
