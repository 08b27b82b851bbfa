//! The documented lab as Git would hold it.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crd_validate::{Registry, UnknownFields, Validator, Verdict};
use lab_builder::{Bundle, Environment, Lab};
use serde_json::{Map, Value, json};
use stack_builder::File;
use stack_gitops::{Cluster, GitOps, GitOpsError, SecretStore, Style};

const REPOSITORY: &str = "https://git.example/platform.git";

fn lab(environment: &str) -> Bundle {
    Lab::new(environment.parse::<Environment>().unwrap())
        .build()
        .unwrap()
}

fn registry() -> Registry {
    let mut registry = Registry::new();
    lab_builder::check::add_definitions(&mut registry);
    registry
}

fn gitops(style: Style) -> GitOps {
    let gitops = GitOps::new(REPOSITORY).style(style).bootstrap(["cilium"]);
    match style {
        Style::ApplicationSet => gitops
            .cluster("stg", Cluster::Name("stg".into()))
            .cluster("prod", Cluster::Server("https://prod.example:6443".into())),
        _ => gitops,
    }
}

fn files(style: Style) -> Vec<File> {
    let all = ["dev", "stg", "prod"].map(lab);
    gitops(style)
        .files(&all.iter().collect::<Vec<_>>(), &registry())
        .unwrap()
}

fn objects(file: &File) -> Vec<Value> {
    let documents = kube_yaml::Documents::new(&file.text);
    documents
        .map(|document| document.unwrap().value.clone())
        .collect()
}

/// Every object of files whose path says that they hold some.
fn all_objects(files: &[File]) -> Vec<(&str, Value)> {
    let holds = |file: &&File| {
        file.path.ends_with(".yaml")
            && !file.path.contains("/values/")
            && !file.path.contains("/units/")
            && !file.path.contains("/ci/")
    };
    let held = files.iter().filter(holds).flat_map(|file| {
        objects(file)
            .into_iter()
            .map(|object| (file.path.as_str(), object))
    });
    held.filter(|(_, object)| object["kind"] != "Kustomization" && object["kind"] != "Cluster")
        .collect()
}

fn identity(object: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    format!(
        "{} {} {}/{}",
        text(&object["apiVersion"]),
        text(&object["kind"]),
        text(&object["metadata"]["namespace"]),
        text(&object["metadata"]["name"])
    )
}

#[test]
fn an_api_server_takes_every_object() {
    let mut registry = registry();
    for style in [Style::Apps, Style::ApplicationSet] {
        let files = files(style);
        let objects = all_objects(&files);
        for (_, object) in &objects {
            if object["kind"] == "ConstraintTemplate" {
                let template: gatekeeper_types::templates::v1::ConstraintTemplate =
                    serde_json::from_value(object.clone()).unwrap();
                let crd = serde_json::to_value(template.constraint_crd().unwrap()).unwrap();
                registry.add(Validator::new(&crd).unwrap());
            }
        }
        for (path, object) in objects {
            let judgement = registry.judge(&object, UnknownFields::Refuse);
            assert_eq!(
                judgement.verdict,
                Verdict::Accepted,
                "{path}: {:?}",
                judgement.report
            );
        }
    }
}

#[test]
fn every_object_of_the_stack_stands_in_exactly_one_application() {
    let files = files(Style::Apps);
    for environment in ["dev", "stg", "prod"] {
        let below = format!("gitops/{environment}/objects/");
        let written: Vec<String> = all_objects(&files)
            .iter()
            .filter(|(path, _)| path.starts_with(&below))
            .map(|(_, object)| identity(object))
            .collect();
        let mut expected: Vec<String> = lab(environment)
            .objects()
            .map(|object| identity(object.value()))
            .collect();
        expected.sort();
        let mut sorted = written.clone();
        sorted.sort();
        assert_eq!(sorted, expected);
        let folders: BTreeSet<&str> = files
            .iter()
            .filter(|file| file.path.starts_with(&below))
            .filter_map(|file| Some(file.path.rsplit_once('/')?.0))
            .collect();
        let applications = applications(&files, environment);
        let mut sources: Vec<&str> = applications
            .iter()
            .filter_map(|app| app["spec"]["source"]["path"].as_str())
            .collect();
        sources.sort_unstable();
        assert_eq!(sources, folders.into_iter().collect::<Vec<_>>());
    }
}

fn applications(files: &[File], environment: &str) -> Vec<Value> {
    let below = format!("gitops/{environment}/root/apps/");
    let found = files.iter().filter(|file| file.path.starts_with(&below));
    found.flat_map(objects).collect()
}

#[test]
fn values_files_merge_to_the_values_of_each_release() {
    let files = files(Style::Apps);
    let by_path: BTreeMap<&str, &File> = files
        .iter()
        .map(|file| (file.path.as_str(), file))
        .collect();
    for environment in ["dev", "stg", "prod"] {
        let bundle = lab(environment);
        let mut seen = 0;
        for application in applications(&files, environment) {
            let source = &application["spec"]["sources"][0];
            let Some(name) = source["helm"]["releaseName"].as_str() else {
                continue;
            };
            let release = bundle.release(name).unwrap();
            let mut merged = json!({});
            for file in source["helm"]["valueFiles"].as_array().unwrap() {
                let path = file.as_str().unwrap().strip_prefix("$values/").unwrap();
                merge(&mut merged, &objects(by_path[path]).remove(0));
            }
            if name == "argocd" {
                let health = "resource.customizations.health.argoproj.io_Application";
                assert!(
                    merged["configs"]["cm"]
                        .as_object_mut()
                        .unwrap()
                        .remove(health)
                        .is_some()
                );
            }
            assert_eq!(merged, release.values, "{environment} {name}");
            assert_eq!(source["targetRevision"], release.chart.version.as_str());
            seen += 1;
        }
        assert_eq!(seen, bundle.releases().count());
    }
}

/// As Helm merges a later file of values over an earlier one.
fn merge(base: &mut Value, over: &Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                merge(base.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over.clone(),
    }
}

#[test]
fn what_is_written_is_what_a_server_stores() {
    let registry = registry();
    for (path, object) in all_objects(&files(Style::Apps)) {
        let is_hook = object["metadata"]["annotations"]
            .get("argocd.argoproj.io/hook")
            .is_some();
        if !path.contains("/objects/") || is_hook {
            continue;
        }
        if let Some(mut stored) = registry.stored(&object) {
            stored.as_object_mut().unwrap().remove("status");
            assert_eq!(stored, object, "{path}");
        }
    }
}

#[test]
fn the_application_set_makes_what_stands_in_apps() {
    let style = |style| {
        let all = ["dev", "stg", "prod"].map(lab);
        let mut settings = gitops(Style::ApplicationSet);
        settings.style = style;
        // Each environment in a cluster of its own, so that both styles have the same destinations.
        settings
            .files(&all.iter().collect::<Vec<_>>(), &registry())
            .unwrap()
    };
    let (apps, set) = (style(Style::Apps), style(Style::ApplicationSet));
    let application_set = set
        .iter()
        .find(|file| file.path == "gitops/root/applicationset.yaml")
        .unwrap();
    let application_set = objects(application_set).remove(0);
    let spec = &application_set["spec"];
    assert_eq!(spec["goTemplateOptions"], json!(["missingkey=error"]));
    let [list, git] = spec["generators"][0]["matrix"]["generators"]
        .as_array()
        .unwrap()
        .as_slice()
    else {
        panic!()
    };
    for element in list["list"]["elements"].as_array().unwrap() {
        let environment = element["environment"].as_str().unwrap();
        let pattern = filled(git["git"]["files"][0]["path"].as_str().unwrap(), element);
        let folder = pattern.strip_suffix("*.yaml").unwrap();
        let made: Vec<Value> = set
            .iter()
            .filter(|file| file.path.starts_with(folder))
            .map(|file| {
                let mut parameters = objects(file).remove(0);
                merge(&mut parameters, element);
                instance(spec, &parameters)
            })
            .collect();
        assert_eq!(made, applications(&apps, environment));
        assert!(made.len() > 20);
    }
    // Every Application is in a step, and each environment ends before the next begins.
    let steps = spec["strategy"]["rollingSync"]["steps"].as_array().unwrap();
    let order: Vec<&str> = steps
        .iter()
        .map(|step| step["matchExpressions"][0]["values"][0].as_str().unwrap())
        .collect();
    let mut distinct = order.clone();
    distinct.dedup();
    assert_eq!(distinct, ["dev", "stg", "prod"]);
}

/// The Application of one set of parameters: the template with texts filled in, then the patch.
fn instance(spec: &Value, parameters: &Value) -> Value {
    let mut application = json!({"apiVersion": "argoproj.io/v1alpha1", "kind": "Application"});
    merge(&mut application, &fill(&spec["template"], parameters));
    let patch = filled(spec["templatePatch"].as_str().unwrap(), parameters);
    let patch = kube_yaml::Documents::new(&patch)
        .next()
        .unwrap()
        .unwrap()
        .value
        .clone();
    merge(&mut application, &patch);
    application
}

fn fill(template: &Value, parameters: &Value) -> Value {
    match template {
        Value::String(text) => Value::from(filled(text, parameters)),
        Value::Array(items) => items.iter().map(|item| fill(item, parameters)).collect(),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(key, value)| (key.clone(), fill(value, parameters)))
                .collect::<Map<_, _>>(),
        ),
        other => other.clone(),
    }
}

/// Go's templates as far as we write them: `{{ .name }}` and `{{ toJson .name }}`.
fn filled(text: &str, parameters: &Value) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{ ") {
        let (action, after) = after.split_once(" }}").unwrap();
        out.push_str(before);
        match action.strip_prefix("toJson .") {
            Some(name) => out.push_str(&parameters[name].to_string()),
            None => out.push_str(
                parameters[action.strip_prefix('.').unwrap()]
                    .as_str()
                    .unwrap(),
            ),
        }
        rest = after;
    }
    out + rest
}

#[test]
fn the_root_holds_projects_and_applications_only() {
    for style in [Style::Apps, Style::ApplicationSet] {
        let files = files(style);
        let roots: Vec<_> = all_objects(&files)
            .into_iter()
            .filter(|(path, _)| path.contains("/root/"))
            .collect();
        assert!(!roots.is_empty());
        for (path, object) in roots {
            assert_eq!(object["apiVersion"], "argoproj.io/v1alpha1", "{path}");
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_and_checksums_that_hold() {
    let first = files(Style::ApplicationSet);
    assert_eq!(first, files(Style::ApplicationSet));
    let folder = tempfile::tempdir().unwrap();
    for file in &first {
        let path = folder.path().join(&file.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.text).unwrap();
    }
    let check = || {
        let mut check = Command::new("sha256sum");
        check
            .args(["--check", "--quiet", "--strict", "MANIFEST.sha256"])
            .current_dir(folder.path().join("gitops"))
            .output()
            .unwrap()
    };
    assert!(check().status.success());
    std::fs::write(folder.path().join("gitops/README.md"), "edited").unwrap();
    assert!(!check().status.success());
}

#[test]
fn scripts_are_scripts() {
    for style in [Style::Apps, Style::ApplicationSet] {
        let files = files(style);
        let scripts: Vec<&File> = files.iter().filter(|file| file.executable).collect();
        assert!(
            scripts
                .iter()
                .any(|file| file.path == "gitops/stg/bootstrap/bootstrap.sh")
        );
        for script in scripts {
            let checked = Command::new("bash")
                .args(["-n", "-c", &script.text])
                .output()
                .unwrap();
            assert!(
                checked.status.success(),
                "{}: {}",
                script.path,
                String::from_utf8_lossy(&checked.stderr)
            );
        }
    }
}

#[test]
fn what_cannot_stand_in_git_is_refused() {
    let dev = lab("dev");
    let stg = lab("stg");
    let registry = registry();
    let refused =
        |gitops: GitOps, bundles: &[&Bundle]| gitops.files(bundles, &registry).unwrap_err();
    assert!(matches!(
        refused(gitops(Style::Apps).revision("HEAD"), &[&dev]),
        GitOpsError::Setting {
            setting: "revision",
            ..
        }
    ));
    assert!(matches!(
        refused(gitops(Style::Apps).path("../x"), &[&dev]),
        GitOpsError::Setting {
            setting: "path",
            ..
        }
    ));
    assert!(matches!(
        refused(GitOps::new("https://github.com/<you>/x"), &[&dev]),
        GitOpsError::Setting {
            setting: "repository",
            ..
        }
    ));
    assert!(matches!(
        refused(gitops(Style::Apps).bootstrap(["calico"]), &[&dev]),
        GitOpsError::NoComponent { .. }
    ));
    assert!(matches!(
        refused(gitops(Style::Rendered), &[&dev]),
        GitOpsError::NotRendered { .. }
    ));
    let one_cluster = GitOps::new(REPOSITORY).style(Style::ApplicationSet);
    assert!(matches!(
        refused(one_cluster, &[&dev, &stg]),
        GitOpsError::SameCluster { .. }
    ));
    let without = Lab::new(Environment::Dev)
        .without("argocd")
        .build()
        .unwrap();
    assert!(matches!(
        refused(gitops(Style::Apps), &[&without]),
        GitOpsError::NoArgoCd { .. }
    ));
}

#[test]
fn an_autoscaler_owns_the_replicas() {
    use k8s_openapi::api::autoscaling::v2::{
        CrossVersionObjectReference, HorizontalPodAutoscaler, HorizontalPodAutoscalerSpec,
    };
    #[derive(Debug)]
    struct Scaler;
    impl stack_builder::Component for Scaler {
        fn id(&self) -> &str {
            "scaler"
        }
        fn contribute(
            &self,
            _: &stack_builder::Context<'_>,
            out: &mut stack_builder::Contribution,
        ) -> Result<(), stack_builder::ComponentError> {
            let mut scaler = HorizontalPodAutoscaler::default();
            scaler.metadata.name = Some("backend".into());
            scaler.metadata.namespace = Some("demo".into());
            scaler.spec = Some(HorizontalPodAutoscalerSpec {
                max_replicas: 3,
                scale_target_ref: CrossVersionObjectReference {
                    api_version: Some("apps/v1".into()),
                    kind: "Deployment".into(),
                    name: "backend".into(),
                },
                ..Default::default()
            });
            out.object("scaler.yaml", scaler)
        }
    }
    let bundle = Lab::new(Environment::Dev).with(Scaler).build().unwrap();
    let files = gitops(Style::Apps).files(&[&bundle], &registry()).unwrap();
    let replicas = |name: &str| {
        let file = files
            .iter()
            .find(|file| file.path.ends_with(&format!("/deployment-{name}.yaml")))
            .unwrap();
        objects(file).remove(0)["spec"].get("replicas").cloned()
    };
    assert_eq!(replicas("backend"), None);
    assert_eq!(replicas("frontend"), Some(json!(1)));
}

/// The lab with what real Helm makes of its charts; nothing where that data is not at hand.
fn with_charts() -> Option<Bundle> {
    let charts = fidelity::data_folder("CHARTS_DIR")?;
    let rendered = stack_builder::charts::RenderedFolder::new(charts.join("rendered"));
    Some(lab("dev").with_charts(&rendered).unwrap())
}

#[test]
fn objects_go_with_their_application_in_a_cascading_environment_alone() {
    let bundles = [lab("dev"), lab("stg")];
    let files = gitops(Style::Apps)
        .cascading("dev")
        .files(&[&bundles[0], &bundles[1]], &registry())
        .unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for (path, object) in all_objects(&files) {
        // Whoever takes the root away still has what it brought.
        if object["kind"] == "Application" && !path.contains("/bootstrap/") {
            let is_dev = object["metadata"]["name"]
                .as_str()
                .unwrap()
                .starts_with("dev-");
            let finalizers = &object["metadata"]["finalizers"];
            assert_eq!(finalizers.is_array(), is_dev, "{path}: {finalizers}");
            seen.insert(is_dev);
        }
    }
    assert_eq!(seen.len(), 2);
}

#[test]
fn charts_are_rendered_into_objects_without_hooks_of_helm_and_without_secrets() {
    let Some(bundle) = with_charts() else { return };
    let registry = registry();
    let refused = gitops(Style::Rendered)
        .files(&[&bundle], &registry)
        .unwrap_err();
    assert!(matches!(refused, GitOpsError::Secret { .. }), "{refused}");
    let store = SecretStore {
        name: "vault".into(),
        prefix: String::new(),
    };
    let files = gitops(Style::Rendered)
        .secrets_from(store)
        .files(&[&bundle], &registry)
        .unwrap();
    let objects = all_objects(&files);
    assert!(objects.len() > 300, "{}", objects.len());
    for (path, object) in &objects {
        let has_data = object["data"].is_object() || object["stringData"].is_object();
        assert!(object["kind"] != "Secret" || !has_data, "{path}");
        let annotations = object["metadata"]["annotations"]
            .as_object()
            .into_iter()
            .flatten();
        assert!(
            !annotations
                .clone()
                .any(|(key, _)| key.starts_with("helm.sh/hook")),
            "{path}"
        );
    }
    let plan = stack_gitops::sync::SyncPlan::of(&stack_gitops::sync::Repository::read(
        files.iter().map(|file| (file.path.clone(), &file.text)),
    ));
    let found: Vec<String> = plan.findings.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn charts_that_are_known_make_projects_exact_and_leave_alone_what_controllers_fill_in() {
    let Some(bundle) = with_charts() else { return };
    let files = gitops(Style::Apps).files(&[&bundle], &registry()).unwrap();
    let project = files
        .iter()
        .find(|file| file.path == "gitops/dev/root/projects/dev-upstream.yaml")
        .unwrap();
    // The Gateway API's CRDs come from an address: what is in it is not known.
    assert!(
        objects(project)[0]["spec"]["clusterResourceWhitelist"]
            .as_array()
            .unwrap()
            .iter()
            .any(|rule| rule["kind"] == "*")
    );
    let application = applications(&files, "dev")
        .into_iter()
        .find(|app| app["metadata"]["name"] == "dev-istio-istiod")
        .unwrap();
    let ignored = application["spec"]["ignoreDifferences"].as_array().unwrap();
    assert!(
        ignored
            .iter()
            .any(|rule| rule["kind"] == "MutatingWebhookConfiguration"
                && rule["jsonPointers"][0] == "/webhooks/0/clientConfig/caBundle")
    );
}
