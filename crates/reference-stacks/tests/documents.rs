//! Each printed piece is built as it is printed; where it is wrong, a check of ours says so, and the corrected form passes it.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

use crd_families::Channel;
use crd_validate::{Registry, UnknownFields, Validator, Verdict};
use fidelity::data_folder;
use kube_vocab::Finding;
use reference_stacks::documents::{Change, Content, Document, all};
use reference_stacks::documents::{landscape, observability, policies, service_mesh};
use reference_stacks::script;
use serde_json::{Value, json};
use stack_check::{Config, Level};
use stack_config::{collector, grafana, prometheus, promql, promtail, workflow};
use stack_model::Model;
use stack_policy::Policies;
use stack_policy_rego::Gatekeeper;
use stack_reach::{Flow, Reach};

/// Pieces that are pictures and lists for readers: there is nothing to build.
const PICTURES: [&str; 6] = [
    "000-1-Diagram-maturity-levels.mmd",
    "000-1-Outline-project-categories.txt",
    "000-2-Outline-gitops-operating-model.txt",
    "000-3-Outline-service-mesh-and-observability.txt",
    "001-10.2-Layout-kustomize.txt",
    "001-14-Layout-reference-architecture.txt",
];

/// Built elsewhere: with what a stack needs of its cluster.
const ELSEWHERE: [&str; 1] = ["001-3.1-Terraform-eks.tf"];

fn printed(folder: &Path, file: &str) -> String {
    std::fs::read_to_string(folder.join("documents").join(file)).unwrap()
}

/// A file as a value; the files inside a ConfigMap are values, too.
fn value_of(file: &str, text: &str) -> Value {
    let mut value: Value = match file.ends_with(".json") {
        true => serde_json::from_str(text).unwrap(),
        // `on` without quotes is what GitHub reads as a text.
        false => kube_yaml::from_str(&text.replace("\non: ", "\n\"on\": ")).unwrap(),
    };
    parse_inner(&mut value);
    value
}

fn parse_inner(value: &mut Value) {
    if value["kind"] == "ConfigMap" {
        for text in value["data"]
            .as_object_mut()
            .into_iter()
            .flat_map(|data| data.values_mut())
        {
            *text = kube_yaml::from_str(text.as_str().unwrap()).unwrap();
        }
    }
}

/// Text without comments and blank ends.
fn plain(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// The commands of a script as words; single and double quotes group, and `$( )` is one word.
fn commands(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(words).collect()
}

fn words(line: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), String::new());
    let (mut quote, mut depth) = (None, 0);
    for c in line.chars() {
        match c {
            '"' | '\'' if quote.is_none() => quote = Some(c),
            _ if quote == Some(c) => quote = None,
            ' ' if quote.is_none() && depth == 0 => words.push(std::mem::take(&mut word)),
            _ => {
                depth += i32::from(c == '(') - i32::from(c == ')');
                word.push(c);
            }
        }
    }
    words.push(word);
    words
}

fn changed(mut value: Value, changes: &[Change]) -> Value {
    for change in changes {
        let (Change::Set(pointer, _) | Change::Remove(pointer)) = change;
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        let parent = value.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match change {
            Change::Set(_, new) => drop(parent.insert(member.into(), new.clone())),
            Change::Remove(_) => assert!(parent.remove(member).is_some(), "{pointer} is not there"),
        }
    }
    value
}

#[test]
fn every_printed_piece_is_built_as_it_is_printed() {
    let Some(folder) = data_folder("SPEC_DIR") else {
        return;
    };
    let documents = all().unwrap();
    for document in &documents {
        let text = printed(&folder, document.file);
        match (&document.printed, &document.corrected) {
            (Some(Content::Value(built)), _) => {
                let mut built = built.clone();
                parse_inner(&mut built);
                assert_eq!(built, value_of(document.file, &text), "{}", document.file);
            }
            (Some(Content::Text(built)), _) => {
                assert_eq!(plain(built), plain(&text), "{}", document.file);
            }
            (Some(Content::Commands(built)), _) => {
                assert_eq!(*built, commands(&text), "{}", document.file);
            }
            (None, Some(Content::Value(corrected))) => {
                let expected = changed(value_of(document.file, &text), &document.changes);
                assert_eq!(*corrected, expected, "{}", document.file);
            }
            _ => panic!("{}: neither printed nor corrected", document.file),
        }
    }

    let built: BTreeSet<&str> = documents.iter().map(|document| document.file).collect();
    assert_eq!(built.len(), documents.len(), "each once");
    let names = std::fs::read_dir(folder.join("documents")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let of_guides = names.filter(|name| name.starts_with("000-") || name.starts_with("001-"));
    let left: Vec<String> = of_guides
        .filter(|name| !built.contains(name.as_str()))
        .filter(|name| !PICTURES.contains(&name.as_str()) && !ELSEWHERE.contains(&name.as_str()))
        .collect();
    assert_eq!(left, [""; 0], "not built");
}

/// All that an API server would be asked with.
fn registry() -> Registry {
    let mut registry = Registry::new();
    crd_families::add_definitions(Channel::Standard, &mut registry);
    // Gatekeeper makes the constraint's kind of the template.
    let made = policies::required_labels_template()
        .constraint_crd()
        .unwrap();
    registry.add(Validator::new(&serde_json::to_value(made).unwrap()).unwrap());
    registry
}

fn is_object(value: &Value) -> bool {
    value.get("apiVersion").is_some() && value.get("kind").is_some()
}

/// The codes under which the checks of ours speak of a form.
fn found(file: &str, content: &Content, registry: &Registry) -> BTreeSet<String> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut codes = BTreeSet::new();
    match content {
        Content::Commands(commands) => findings.extend(script::check(commands, file)),
        Content::Text(text) if file.ends_with(".tpl") => {
            let judgement = registry.judge(&rendered(text), UnknownFields::Refuse);
            if judgement.verdict == Verdict::Rejected {
                codes.insert("admission".to_owned());
            }
        }
        Content::Text(text) => findings.extend(promql::check(text, "", file)),
        Content::Value(value) if is_object(value) => {
            let judgement = registry.judge(value, UnknownFields::Refuse);
            assert_ne!(judgement.verdict, Verdict::Unknown, "{file}: {judgement:?}");
            if judgement.verdict == Verdict::Rejected {
                codes.insert("admission".to_owned());
            }
            let config = Config {
                checks: [("posture".to_owned(), Level::Warn)].into(),
                ..Config::default()
            };
            let model = Model::read([value.clone()]);
            findings.extend(stack_check::run(&model, &config).findings);
            findings.extend(inner(value, file));
        }
        Content::Value(value) => findings.extend(file_findings(value, file)),
    }
    codes.extend(
        findings
            .into_iter()
            .map(|finding| finding.code.into_owned()),
    );
    codes
}

/// The queries of rules, and the files in a ConfigMap.
fn inner(object: &Value, file: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let groups = object["spec"]["groups"].as_array();
    for group in groups.into_iter().flatten() {
        for rule in group["rules"].as_array().unwrap() {
            findings.extend(promql::check(rule["expr"].as_str().unwrap(), "", file));
        }
    }
    if object["kind"] == "ConfigMap" {
        for text in object["data"].as_object().unwrap().values() {
            let value: Value = kube_yaml::from_str(text.as_str().unwrap()).unwrap();
            findings.extend(file_findings(&value, file));
        }
    }
    findings
}

fn file_findings(value: &Value, file: &str) -> Vec<Finding> {
    let has = |name: &str| value.get(name).is_some();
    if has("scrape_configs") && has("global") {
        prometheus::check(value, file)
    } else if has("scrape_configs") {
        promtail::check(value, file, Some("containerd"))
    } else if has("exporters") {
        collector::check(value, file)
    } else if has("dashboard") || has("panels") {
        grafana::check(value, file)
    } else if has("jobs") {
        workflow::check(value, file)
    } else {
        Vec::new()
    }
}

/// The chart's Deployment with the chart's values: what Helm makes of the few expressions that it has.
fn rendered(template: &str) -> Value {
    let resources = "\n          requests: {cpu: 200m, memory: 256Mi}\n          limits: {cpu: \"1\", memory: 512Mi}";
    let text = template
        .replace(r#"{{ include "api.fullname" . }}"#, "api")
        .replace("{{ .Values.replicaCount }}", "3")
        .replace(
            "{{ .Values.image.repository }}:{{ .Values.image.tag }}",
            landscape::IMAGE,
        )
        .replace(" {{- toYaml .Values.resources | nindent 10 }}", resources);
    assert!(!text.contains("{{"), "{text}");
    kube_yaml::from_str(&text).unwrap()
}

/// Found between documents, not in one of them; each has a test of its own.
const BETWEEN: [&str; 3] = ["policy-denies", "job-not-scraped", "request-refused"];

#[test]
fn what_is_wrong_is_found_in_the_printed_form_and_not_in_the_corrected_one() {
    let folder = data_folder("SPEC_DIR");
    let registry = registry();
    for document in all().unwrap() {
        let file = document.file;
        let claimed: BTreeSet<&str> = document.faults.iter().map(|fault| fault.code).collect();
        let claimed: BTreeSet<&str> = claimed.difference(&BETWEEN.into()).copied().collect();
        if let Some(printed) = printed_form(&document, folder.as_deref()) {
            let found = found(file, &printed, &registry);
            let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
            assert_eq!(found, claimed, "{file}");
        }
        let sound = document.sound().unwrap();
        let found = found(file, sound, &registry);
        assert!(found.is_empty(), "{file}, corrected: {found:?}");
    }
}

/// The codes in the README's table, with what no document of this crate holds.
#[test]
fn the_list_in_the_readme_is_whole() {
    /// Of the printed Terraform, and between it and the Deployment, which `stack-cluster` judges.
    const OF_TERRAFORM: [&str; 4] = [
        "kubernetes-too-old",
        "module-argument-gone",
        "module-floats",
        "no-pool-fits",
    ];
    let readme = include_str!("../README.md");
    let table = readme
        .split("## What is wrong with the printed forms")
        .nth(1)
        .unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| "));
    let cells = rows.filter_map(|line| line.split('|').nth(2));
    let mut listed = BTreeSet::new();
    for cell in cells {
        if cell.trim() == "an API server's refusal" {
            listed.insert("admission");
        }
        listed.extend(cell.split('`').skip(1).step_by(2));
    }
    let documents = all().unwrap();
    let faults = documents.iter().flat_map(|document| &document.faults);
    let mut known: BTreeSet<&str> = faults.map(|fault| fault.code).collect();
    known.extend(OF_TERRAFORM);
    assert_eq!(listed, known);
}

/// What is wrong between printed objects of one guide is claimed of one of them.
#[test]
fn together_the_printed_objects_have_no_further_faults() {
    let folder = data_folder("SPEC_DIR");
    for guide in ["000-", "001-"] {
        let mut objects = Vec::new();
        let mut claimed: BTreeSet<&str> = BETWEEN.into();
        for document in all().unwrap() {
            if !document.file.starts_with(guide) {
                continue;
            }
            claimed.extend(document.faults.iter().map(|fault| fault.code));
            let printed = printed_form(&document, folder.as_deref());
            if let Some(Content::Value(value)) = printed
                && is_object(&value)
            {
                objects.push(value);
            }
        }
        let config = Config {
            checks: [("posture".to_owned(), Level::Warn)].into(),
            ..Config::default()
        };
        let report = stack_check::run(&Model::read(objects), &config);
        let further: Vec<String> = report
            .findings
            .iter()
            .filter(|finding| !claimed.contains(finding.code.as_ref()))
            .map(ToString::to_string)
            .collect();
        assert_eq!(further, [""; 0], "{guide}");
    }
}

/// What is printed: as we build it, or where our types cannot, as the guide has it.
fn printed_form(document: &Document, folder: Option<&Path>) -> Option<Content> {
    match (&document.printed, folder) {
        (Some(printed), _) => Some(printed.clone()),
        (None, Some(folder)) => {
            let text = printed(folder, document.file);
            Some(Content::Value(value_of(document.file, &text)))
        }
        (None, None) => None,
    }
}

fn value(object: &impl serde::Serialize) -> Value {
    serde_json::to_value(object).unwrap()
}

#[test]
fn the_printed_policy_refuses_the_printed_pods() {
    let denied = |pods: Value, policy: Value| {
        let model = Model::read([pods, policy]);
        !Policies::of(&model).judge(&model).findings().is_empty()
    };
    for policy in [
        value(&policies::disallow_root_as_printed()),
        value(&policies::disallow_root()),
    ] {
        assert!(denied(
            value(&landscape::deployment_as_printed()),
            policy.clone()
        ));
        assert!(!denied(value(&landscape::deployment()), policy));
    }
}

#[test]
fn the_printed_constraint_refuses_the_namespace_that_argo_cd_makes_without_labels() {
    let denied = |labels: Value| {
        let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "prod", "labels": labels}});
        let template = value(&policies::required_labels_template());
        let model = Model::read([namespace, template, value(&policies::required_labels())]);
        let report = Policies::of(&model)
            .with(Gatekeeper::of(&model))
            .judge(&model);
        report
            .findings()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    let without = denied(json!({}));
    assert_eq!(without.len(), 1);
    assert!(
        without[0].contains("missing required labels"),
        "{without:?}"
    );
    let policy = value(&reference_stacks::documents::delivery::api());
    let labels = &policy["spec"]["syncPolicy"]["managedNamespaceMetadata"]["labels"];
    assert_eq!(denied(labels.clone()), [""; 0]);
}

#[test]
fn the_printed_dashboard_asks_for_a_job_that_the_printed_prometheus_lacks() {
    let board = value(&observability::dashboard_as_printed());
    let mut queries = grafana::queries(&board);
    for rule in &observability::alerts().spec.groups[0].rules {
        queries.push((
            "rules".to_owned(),
            value(&rule.expr).as_str().unwrap().to_owned(),
        ));
    }
    let missing = |config: &prometheus::PrometheusConfig| {
        let queries = queries
            .iter()
            .map(|(place, query)| (place.as_str(), query.as_str()));
        prometheus::check_jobs(&value(config), queries, "cncf-overview.json")
    };
    let found = missing(&observability::prometheus_as_printed());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].path.to_string(), "panels[0].targets[1].expr");
    assert_eq!(missing(&observability::prometheus()), []);
}

#[test]
fn the_printed_authorization_refuses_what_the_printed_route_and_monitor_lead_there() {
    let pod = |namespace: &str, name: &str| {
        json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "namespace": namespace, "labels": {"app": name}},
            "spec": {"serviceAccountName": name, "containers": [{"name": "app", "image": "a:1"}]},
        })
    };
    let namespace = |name: &str| {
        let labels = json!({"istio-injection": "enabled"});
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
    };
    let in_default = |mut object: Value| {
        object["metadata"]["namespace"] = "default".into();
        object
    };
    let route = value(&landscape::route());
    let prefix = route["spec"]["rules"][0]["matches"][0]["path"]["value"]
        .as_str()
        .unwrap();
    let allowed = |policy: Value| {
        let model = Model::read([
            namespace("default"),
            namespace("frontend"),
            namespace("monitoring"),
            in_default(value(&landscape::deployment_as_printed())),
            in_default(value(&landscape::service())),
            pod("default", "public-gw-istio"),
            pod("frontend", "web-sa"),
            pod("monitoring", "prometheus"),
            policy,
        ]);
        let reach = Reach::of(&model);
        let ask = |namespace: &str, name: &str, path: &str| {
            let flow = Flow::from_workload(namespace, name).to_service("default", "api", 8080);
            reach.flow(&flow.http("GET", path)).allowed
        };
        [
            ask("frontend", "web-sa", "/v1/orders"),
            ask("default", "public-gw-istio", &format!("{prefix}/orders")),
            ask("monitoring", "prometheus", "/metrics"),
            ask("monitoring", "prometheus", "/v1/orders"),
        ]
    };
    let printed = allowed(value(&service_mesh::authorization_policy_as_printed()));
    assert_eq!(printed, [Some(true), Some(false), Some(false), Some(false)]);
    let corrected = allowed(value(&service_mesh::authorization_policy()));
    assert_eq!(corrected, [Some(true), Some(true), Some(true), Some(false)]);
}

#[test]
fn the_printed_workflow_is_read_otherwise_by_yaml_1_1_and_ours_is_not() {
    let warnings = |text: &str| {
        let document = kube_yaml::Manifests::new(text).next().unwrap().unwrap();
        document.warnings.len()
    };
    if let Some(folder) = data_folder("SPEC_DIR") {
        assert_eq!(
            warnings(&printed(&folder, "001-10.4-GitHubWorkflow-ci.yaml")),
            1
        );
    }
    let ours = reference_stacks::documents::delivery::workflow().unwrap();
    assert_eq!(warnings(&stack_config::to_yaml(&ours).unwrap()), 0);
}

#[test]
fn the_overlays_are_those_of_the_printed_layout() {
    let files = reference_stacks::documents::delivery::kustomize().unwrap();
    let read = |path: &str| -> Value {
        let (_, text) = files.iter().find(|(name, _)| name == path).unwrap();
        kube_yaml::from_str(text).unwrap()
    };
    let base = read("base/kustomization.yaml");
    assert_eq!(
        base["resources"],
        json!(["deployment.yaml", "service.yaml"])
    );
    for resource in base["resources"].as_array().unwrap() {
        let object = read(&format!("base/{}", resource.as_str().unwrap()));
        assert_eq!(
            registry().judge(&object, UnknownFields::Refuse).verdict,
            Verdict::Accepted
        );
    }
    assert_eq!(
        read("overlays/dev/kustomization.yaml")["namePrefix"],
        "dev-"
    );
    let prod = read("overlays/prod/kustomization.yaml");
    assert!(prod["replicas"][0]["count"].as_u64().unwrap() > 3);
    assert!(
        prod["patches"][0]["patch"]
            .as_str()
            .unwrap()
            .contains("resources/limits")
    );
    assert!(!prod["commonAnnotations"].as_object().unwrap().is_empty());
    if let Some(folder) = data_folder("SPEC_DIR") {
        let layout = printed(&folder, "001-10.2-Layout-kustomize.txt");
        for (path, _) in &files {
            let name = path.rsplit('/').next().unwrap();
            assert!(
                layout.contains(name) || name == "kustomization.yaml",
                "{path}"
            );
        }
        assert!(layout.contains("namePrefix: dev-"));
    }
}

#[test]
fn the_commands_of_velero_are_objects_too() {
    use reference_stacks::documents::resilience;
    let registry = registry();
    let schedule = value(&resilience::schedule());
    let backup = value(&resilience::backup("2026-11-21"));
    for object in [&schedule, &backup] {
        let judgement = registry.judge(object, UnknownFields::Refuse);
        assert_eq!(judgement.verdict, Verdict::Accepted, "{judgement:?}");
    }
    // The same namespace and the same time as the printed commands.
    let command = landscape::schedule_command().join(" ");
    assert!(command.contains(&format!(
        "--schedule={}",
        schedule["spec"]["schedule"].as_str().unwrap()
    )));
    assert!(
        command.ends_with(
            schedule["spec"]["template"]["includedNamespaces"][0]
                .as_str()
                .unwrap()
        )
    );
    assert_eq!(backup["spec"], schedule["spec"]["template"]);
}
