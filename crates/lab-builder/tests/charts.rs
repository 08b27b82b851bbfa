//! The lab with what its charts make: real Helm's output, from the folder that `CHARTS_DIR` names.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use fidelity::data_folder;
use k8s_openapi::api::core::v1::ConfigMap;
use lab_builder::components::Istio;
use lab_builder::stack_builder::Part;
use lab_builder::stack_builder::charts::RenderedFolder;
use lab_builder::stack_model::{Extent, WorkloadKind};
use lab_builder::{Bundle, Environment, Lab, Profile, Whole};

fn rendered() -> Option<RenderedFolder> {
    Some(RenderedFolder::new(
        data_folder("CHARTS_DIR")?.join("rendered"),
    ))
}

fn with_charts(lab: Lab) -> Option<Bundle> {
    Some(lab.build().unwrap().with_charts(&rendered()?).unwrap())
}

/// Pods by namespace: those of the model that do not end, and those that the cluster itself runs.
fn pods(whole: &Whole<'_>) -> BTreeMap<String, u32> {
    let mut pods: BTreeMap<String, u32> = BTreeMap::new();
    for workload in whole.model.workloads() {
        if !matches!(workload.kind(), WorkloadKind::Job | WorkloadKind::CronJob) {
            *pods.entry(workload.namespace().to_owned()).or_default() += workload.replicas().min;
        }
    }
    for (namespace, more) in whole
        .bundle
        .parts()
        .iter()
        .flat_map(Part::pods_of_the_cluster)
    {
        *pods.entry(namespace.to_owned()).or_default() += whole.bundle.count(more).least;
    }
    pods
}

#[test]
fn with_its_charts_the_lab_runs_the_documented_pods() {
    let Some(lab) = with_charts(Lab::new(Environment::Dev)) else {
        return;
    };
    let documented = [
        ("argocd", 7),
        ("demo", 3),
        ("gatekeeper-system", 2),
        ("istio-system", 7),
        ("kong", 2),
        ("kube-system", 16),
        ("local-path-storage", 1),
        ("monitoring", 19),
    ];
    let whole = Whole::of(&lab);
    let pods = pods(&whole);
    let documented = documented.map(|(namespace, number)| (namespace.to_owned(), number));
    assert_eq!(pods, documented.into());
    assert_eq!(pods.values().sum::<u32>(), 57);
    assert_eq!(whole.extent, Extent::Whole);
    // Whatever comes from a chart knows its release, and nothing that only lives for a while is counted.
    let releases: Vec<&str> = lab
        .releases()
        .map(|release| release.name.as_str())
        .collect();
    let charts = lab.charts().unwrap();
    assert!(
        charts
            .objects()
            .iter()
            .all(|object| releases.contains(&&*object.release))
    );
    let hooks: Vec<_> = charts
        .objects()
        .iter()
        .filter(|object| !object.stays())
        .collect();
    assert!(
        hooks
            .iter()
            .any(|hook| hook.id().name == "argocd-redis-secret-init"),
        "{hooks:?}"
    );
}

/// MIM-012: nine pods carry Mimir's label, and the tenth its own.
#[test]
fn mimirs_rollout_operator_has_a_label_of_its_own() {
    let Some(lab) = with_charts(Lab::new(Environment::Dev)) else {
        return;
    };
    let whole = Whole::of(&lab);
    let mut pods: BTreeMap<String, u32> = BTreeMap::new();
    for workload in whole.model.workloads() {
        let of_mimir = workload.entry().origin().release.as_deref() == Some("mimir");
        if of_mimir && !matches!(workload.kind(), WorkloadKind::Job | WorkloadKind::CronJob) {
            let name = workload
                .labels()
                .get("app.kubernetes.io/name")
                .unwrap_or_default()
                .to_owned();
            *pods.entry(name).or_default() += workload.replicas().min;
        }
    }
    let documented = [("mimir".to_owned(), 9), ("rollout-operator".to_owned(), 1)];
    assert_eq!(pods, documented.into());
}

#[test]
fn the_lab_with_its_charts_is_clean_or_says_why_not() {
    let Some(lab) = with_charts(Lab::new(Environment::Dev)) else {
        return;
    };
    let report = lab.check();
    let said: Vec<_> = report.findings.iter().map(ToString::to_string).collect();
    // The documented demo images float, and the documented repository of exercise 11-4 is for a person to say.
    assert!(
        report
            .findings
            .iter()
            .all(|finding| ["floating-images", "placeholders"].contains(&finding.code.as_ref())),
        "{said:#?}"
    );
    assert!(
        report
            .allowed
            .iter()
            .all(|allowed| !allowed.reason.is_empty())
    );
    let mut codes: Vec<_> = report
        .allowed
        .iter()
        .map(|allowed| allowed.finding.code.clone())
        .collect();
    codes.sort();
    codes.dedup();
    assert_eq!(
        codes,
        [
            "caller-outside-mesh",
            "disruption-budget-blocks",
            "stateful-set-service",
            "unknown-service-name",
        ]
    );
    // Every allowance is needed.
    for allowance in lab.allowances() {
        assert!(
            report
                .allowed
                .iter()
                .any(|one| allowance.covers(&one.finding)),
            "{allowance:?}"
        );
    }
}

/// The output of a chart with a change.
fn changed(release: &str, old: &str, new: &str, lab: Lab) -> Option<Vec<String>> {
    let source = data_folder("CHARTS_DIR")?.join("rendered");
    let folder = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(source).unwrap() {
        let file = file.unwrap();
        let mut text = std::fs::read_to_string(file.path()).unwrap();
        if file.file_name() == *format!("{release}.yaml") {
            assert!(text.contains(old), "{release} has no `{old}`");
            text = text.replace(old, new);
        }
        std::fs::write(folder.path().join(file.file_name()), text).unwrap();
    }
    let lab = lab.build().unwrap();
    let lab = lab
        .with_charts(&RenderedFolder::new(folder.path()))
        .unwrap();
    let findings = lab.check().findings.into_iter();
    let others = findings.filter(|finding| finding.code != "floating-images");
    Some(others.map(|finding| finding.to_string()).collect())
}

#[test]
fn the_compatibility_issues_are_found_in_what_the_charts_make() {
    fn dev() -> Lab {
        Lab::new(Environment::Dev)
    }
    let no_plain_text = || dev().configure(|istio: &mut Istio| istio.plain_text_for_kong = false);
    let other_wait = || {
        dev().patch("lgtm", "otel-collector", |config: &mut ConfigMap| {
            for text in config.data.iter_mut().flat_map(|data| data.values_mut()) {
                *text = text.replace("decision_wait: 30s", "decision_wait: 1m");
            }
        })
    };
    type Case = (
        &'static str,
        &'static str,
        &'static str,
        fn() -> Lab,
        &'static str,
    );
    let cases: [Case; 7] = [
        (
            "cilium",
            "cni-exclusive: 'false'",
            "cni-exclusive: 'true'",
            dev,
            "cni-chaining",
        ),
        (
            "cilium",
            "bpf-lb-sock-hostns-only: 'true'",
            "bpf-lb-sock-hostns-only: 'false'",
            dev,
            "socket-balancing",
        ),
        (
            "mimir",
            "grafana/mimir:",
            "example/kafka:",
            dev,
            "ingest-storage",
        ),
        ("mimir", "x", "x", other_wait, "trace-completeness"),
        (
            "kong",
            "nodePort: 30080",
            "nodePort: 30081",
            dev,
            "published-ports",
        ),
        (
            "kong",
            "type: NodePort",
            "type: ClusterIP",
            dev,
            "published-ports",
        ),
        ("kong", "x", "x", no_plain_text, "external-plain-text"),
    ];
    for (release, old, new, lab, code) in cases {
        let Some(found) = changed(release, old, new, lab()) else {
            return;
        };
        assert!(
            found.iter().any(|line| line.contains(&format!("({code})"))),
            "{code}: {found:#?}"
        );
    }
}

#[test]
fn what_a_component_declares_and_its_chart_does_not_make_is_found() {
    let Some(found) = changed(
        "kong",
        "name: kong-gateway-admin",
        "name: kong-gateway-other",
        Lab::new(Environment::Dev),
    ) else {
        return;
    };
    assert!(
        found.iter().any(|line| line
            .contains("no chart makes the Service kong/kong-gateway-admin (not-provided)")),
        "{found:#?}"
    );
}

#[test]
fn without_charts_what_is_missing_is_not_known() {
    for profile in [Profile::Lab, Profile::DataCenter] {
        let lab = Lab::new(Environment::Dev).profile(profile).build().unwrap();
        let whole = Whole::of(&lab);
        assert_eq!(whole.extent, Extent::Part);
        let declared = whole.model.service("kong", "kong-gateway-proxy").unwrap();
        assert!(whole.is_declared(&declared.entry().id()));
        let own = whole.model.service("demo", "backend").unwrap();
        assert!(!whole.is_declared(&own.entry().id()));
    }
}
