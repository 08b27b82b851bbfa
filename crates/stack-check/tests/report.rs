//! What counts as a finding, and how it is told.

use kube_vocab::{Finding, ObjectId, Severity};
use serde_json::{Value, json};
use stack_check::{Allowance, Config, Level, Report, run};
use stack_model::{Model, Origin, SourceObject};

fn stack(annotations: Value) -> Vec<Value> {
    vec![
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "demo"},
               "spec": {"selector": {"matchLabels": {"app": "web"}},
                        "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web"}]}}}}),
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "demo", "annotations": annotations},
               "spec": {"selector": {"app": "wbe"}, "ports": [{"port": 80}]}}),
    ]
}

fn report(annotations: Value, config: &Config) -> Report {
    run(&Model::read(stack(annotations)), config)
}

#[test]
fn an_object_allows_itself_a_finding_with_a_reason_only() {
    let key = "allow.stack-check/service-without-pods";
    let with_reason = report(json!({key: "the operator makes them"}), &Config::default());
    assert_eq!((with_reason.findings.len(), with_reason.allowed), (0, 1));
    let without = report(json!({key: " "}), &Config::default());
    assert_eq!((without.findings.len(), without.allowed), (1, 0));
}

#[test]
fn the_configuration_changes_severities_by_code_and_namespace() {
    let level = |all: Option<Level>, own: Option<Level>| {
        let code = "service-without-pods".to_owned();
        let mut config = Config::default();
        config.checks.extend(all.map(|level| (code.clone(), level)));
        let own = own.map(|level| ("demo".to_owned(), [(code, level)].into()));
        config.namespaces.extend(own);
        report(json!({}), &config).worst()
    };
    assert_eq!(level(None, None), Some(Severity::Error));
    assert_eq!(level(Some(Level::Warn), None), Some(Severity::Warning));
    assert_eq!(level(Some(Level::Allow), None), None);
    assert_eq!(
        level(Some(Level::Allow), Some(Level::Deny)),
        Some(Severity::Error)
    );
}

#[test]
fn a_level_for_a_group_counts_less_than_one_for_a_code_and_wakes_posture() {
    let worst = |rows: &[(&str, Level)]| {
        let rows = rows
            .iter()
            .map(|(name, level)| ((*name).to_owned(), *level));
        let config = Config {
            checks: rows.collect(),
            ..Config::default()
        };
        report(json!({}), &config)
    };
    assert_eq!(worst(&[("references", Level::Allow)]).worst(), None);
    let both = [
        ("references", Level::Allow),
        ("service-without-pods", Level::Warn),
    ];
    assert_eq!(worst(&both).worst(), Some(Severity::Warning));
    let codes = |report: &Report| -> Vec<String> {
        report
            .findings
            .iter()
            .map(|finding| finding.code.to_string())
            .collect()
    };
    assert_eq!(codes(&worst(&[])), ["service-without-pods"]);
    assert!(codes(&worst(&[("posture", Level::Warn)])).contains(&"default-account".to_owned()));
    assert!(
        !codes(&worst(&[
            ("posture", Level::Warn),
            ("default-account", Level::Allow)
        ]))
        .contains(&"default-account".to_owned())
    );
}

#[test]
fn the_baseline_forgives_what_was_there_and_tells_what_is_gone() {
    let mut config = Config {
        baseline: report(json!({}), &Config::default()).baseline(),
        ..Config::default()
    };
    config
        .baseline
        .insert("backend-port HTTPRoute demo/old spec".to_owned());
    let again = report(json!({}), &config);
    assert_eq!((again.findings.len(), again.allowed), (0, 1));
    assert_eq!(again.settled, ["backend-port HTTPRoute demo/old spec"]);
}

#[test]
fn a_finding_names_the_file_and_line_of_its_object() {
    let objects = stack(json!({}))
        .into_iter()
        .map(|value| SourceObject::new(value, Origin::file("web.yaml", 7)));
    // Of these only the first line is known.
    let report = run(&Model::read(objects), &Config::default());
    let row = serde_json::to_value(&report.rows()[0]).unwrap();
    assert_eq!(
        row,
        json!({
            "code": "service-without-pods", "severity": "error", "kind": "Service", "namespace": "demo", "name": "web",
            "path": "spec.selector", "file": "web.yaml", "line": 7,
            "message": "no pod of namespace demo has the labels app=wbe",
            "remedy": "select labels of the pod template (`spec.template.metadata.labels`), not of the Deployment",
        })
    );
}

#[test]
fn a_finding_stands_on_the_line_of_its_field() {
    let text = "\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: demo, labels: {app: web}}
spec: {containers: [{name: web, image: 'web:1'}]}
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: demo
spec:
  ports:
  - port: 80
  selector:
    app: wbe
";
    let documents = kube_yaml::Manifests::new(text);
    let objects = documents.map(|document| SourceObject::read("web.yaml", document.unwrap()));
    let report = run(&Model::read(objects), &Config::default());
    let rows = report.rows();
    assert_eq!(
        (rows[0].path.as_str(), rows[0].line),
        ("spec.selector", Some(14))
    );
}

#[test]
fn a_baseline_forgives_findings_of_others_too() {
    let finding = |name: &str| {
        let id = ObjectId::new("v1", "Pod", Some("demo"), name);
        Finding::new("policy-denies", Severity::Error, id, "no").at("spec")
    };
    let model = Model::read([] as [Value; 0]);
    let mut report = run(&model, &Config::default());
    report.add([finding("a")], &model, &Config::default());
    let config = Config {
        baseline: report.baseline(),
        ..Config::default()
    };
    let mut later = run(&model, &config);
    assert_eq!(later.settled, ["policy-denies Pod demo/a spec"]);
    later.add([finding("a"), finding("b")], &model, &config);
    assert_eq!((later.allowed, later.settled.len()), (1, 0));
    assert_eq!(later.findings, [finding("b")]);
}

#[test]
fn a_row_with_a_reason_allows_a_finding_of_checks_and_of_others() {
    let allowances = "service-without-pods\tService demo/web\tits pods come later\npolicy-denies\tService demo/*\tfor now\n";
    let config = Config {
        allowances: Allowance::parse_all(allowances).unwrap(),
        ..Config::default()
    };
    let model = Model::read(stack(json!({"allow.stack-check/policy-warns": "known"})));
    let mut report = run(&model, &config);
    assert_eq!((report.findings.len(), report.allowed), (0, 1));
    let said = |code: &'static str, name: &str| {
        let service = ObjectId::new("v1", "Service", Some("demo"), name);
        Finding::new(code, Severity::Error, service, "no")
    };
    report.add(
        [
            said("policy-denies", "web"),
            said("policy-warns", "web"),
            said("policy-warns", "other"),
        ],
        &model,
        &config,
    );
    assert_eq!(report.findings, [said("policy-warns", "other")]);
    assert_eq!(report.allowed, 3);
}

#[test]
fn what_is_allowed_is_counted_in_a_large_stack_too() {
    let key = "allow.stack-check/service-without-pods";
    let mut objects = stack(json!({key: "the operator makes them"}));
    for number in 0..600 {
        let name = format!("account-{number}");
        objects.push(json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": "demo"}}));
    }
    let report = run(&Model::read(objects), &Config::default());
    assert_eq!((report.findings.len(), report.allowed), (0, 1));
}
