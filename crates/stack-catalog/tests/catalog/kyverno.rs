use serde_json::json;
use stack_builder::Stack;
use stack_catalog::components::KubePrometheusStack;
use stack_catalog::components::kyverno::{Action, Kyverno, PodSecurityPolicies};
use stack_catalog::kyverno_types::v1::{
    ClusterPolicy, PolicySpec, Rule, RuleMatch, RuleValidation,
};
use stack_catalog::kyverno_types::v2::PolicyException;
use stack_catalog::{Home, PodSecurity, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "kyverno",
    release: "kyverno",
    inner: &[],
    unlisted: &[],
    // That of `helm test` has a version here.
    without: &["ghcr.io/kyverno/readiness-checker:latest"],
    with: &[],
};

const POLICIES: Chart = Chart {
    folder: "kyverno-policies",
    release: "kyverno-policies",
    inner: &[],
    unlisted: &[],
    without: &[],
    with: &[],
};

fn plain(stack: Stack) -> Stack {
    stack.with(Kyverno::default())
}

fn no_latest() -> ClusterPolicy {
    let pattern = json!({"spec": {"containers": [{"image": "!*:latest & *:*"}]}});
    let validation = RuleValidation::pattern("an image needs a tag", pattern).enforced();
    let rule = Rule::validate("no-latest", RuleMatch::kinds(["Pod"]), validation);
    ClusterPolicy::new("no-latest", PolicySpec::of_rules([rule]))
}

fn everything(stack: Stack) -> Stack {
    stack.with(KubePrometheusStack::default()).with(Kyverno {
        home: Home::own("policies"),
        fail_open: true,
        left_alone: vec!["kube-system".into(), "monitoring".into()],
        exceptions_in: Some("policies".into()),
        pod_security: Some(PodSecurityPolicies {
            action: Action::Enforce,
            level: PodSecurity::Restricted,
            left_alone: vec!["kube-system".into(), "monitoring".into()],
            ..PodSecurityPolicies::default()
        }),
        policies: vec![no_latest()],
        ..Kyverno::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
    }
    for bundle in proof::environments(everything) {
        POLICIES.knows_the_values_of(&bundle);
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("kyverno").unwrap());
    }
    proof::pulls_from_the_mirror(everything);
}

#[test]
fn what_is_declared_is_what_the_chart_makes() {
    for bundle in proof::environments(plain) {
        CHART.makes_what_is_declared_by(&bundle);
    }
}

#[test]
fn each_environment_is_clean() {
    for build in [plain, everything] {
        for bundle in proof::environments(build) {
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}

#[test]
fn policies_do_not_refuse_the_platforms_own_agents() {
    let codes = |action, left_alone: &[&str]| {
        let policies = PodSecurityPolicies {
            action,
            left_alone: left_alone.iter().map(|name| (*name).to_owned()).collect(),
            ..PodSecurityPolicies::default()
        };
        let kyverno = Kyverno {
            pod_security: Some(policies),
            ..Kyverno::default()
        };
        let stack = platform("dev", "dev.example.com").with(KubePrometheusStack::default());
        proof::codes(stack.with(kyverno)).contains_key("policies-refuse-namespace")
    };
    assert!(codes(Action::Enforce, &["kube-system"]));
    assert!(!codes(Action::Enforce, &["monitoring"]));
    assert!(!codes(Action::Audit, &[]));
}

#[test]
fn the_privileged_level_is_no_policy() {
    let kyverno = Kyverno {
        pod_security: Some(PodSecurityPolicies {
            level: PodSecurity::Privileged,
            ..PodSecurityPolicies::default()
        }),
        ..Kyverno::default()
    };
    let error = platform("dev", "dev.example.com")
        .with(kyverno)
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("pod_security.level"), "{error}");
}

#[test]
fn exceptions_count_where_they_are_switched_on() {
    let codes = |exceptions_in: Option<&str>| {
        let spec = serde_json::from_value(json!({
            "exceptions": [{"policyName": "no-latest", "ruleNames": ["no-latest"]}],
            "match": {"any": [{"resources": {"kinds": ["Pod"]}}]},
        }));
        let exception = PolicyException::new("old-app", spec.unwrap()).in_namespace("kyverno");
        let kyverno = Kyverno {
            exceptions_in: exceptions_in.map(str::to_owned),
            exceptions: vec![exception],
            ..Kyverno::default()
        };
        proof::codes(platform("dev", "dev.example.com").with(kyverno))
    };
    assert!(codes(None).contains_key("exceptions-unread"));
    assert_eq!(codes(Some("kyverno")), [].into());
}
