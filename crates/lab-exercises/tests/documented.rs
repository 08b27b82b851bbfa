//! Each exercise ends as the documentation says.
#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use lab_builder::components::DemoApp;
use lab_builder::{Environment, Lab};
use lab_exercises::{Lesson, all};

/// The exercises on the documented lab, done once for all tests.
static LESSONS: LazyLock<Vec<Lesson>> =
    LazyLock::new(|| all(&Lab::new(Environment::Dev).build().unwrap()).unwrap());

fn lesson(exercise: &str) -> &'static Lesson {
    LESSONS
        .iter()
        .find(|lesson| lesson.exercise == exercise)
        .unwrap()
}

/// What comes of each step, without those that only apply something.
fn outcomes(exercise: &str) -> Vec<String> {
    let steps = lesson(exercise).steps.iter();
    let outcomes = steps.map(|step| step.outcome.clone());
    outcomes
        .filter(|outcome| outcome != "applied" && outcome != "deleted")
        .collect()
}

fn reasons(exercise: &str) -> Vec<String> {
    lesson(exercise)
        .steps
        .iter()
        .map(|step| step.reason.clone())
        .collect()
}

#[test]
fn exercise_2_1_lets_the_frontend_and_kong_in_and_drops_the_other_pod() {
    assert_eq!(
        outcomes("2-1"),
        [
            "allowed",
            "allowed",
            "allowed",
            "refused at ingress-policy",
            "allowed"
        ]
    );
}

#[test]
fn exercise_2_3_lets_two_requests_through_and_no_other() {
    let l7 = "refused at l7-proxy";
    assert_eq!(
        outcomes("2-3"),
        [
            "allowed",
            "allowed",
            "allowed",
            "allowed",
            "allowed",
            l7,
            l7,
            l7,
            "refused at ingress-policy",
            "refused at ingress-policy"
        ]
    );
}

#[test]
fn exercise_3_1_routes_while_the_route_is_there() {
    assert_eq!(outcomes("3-1"), ["HTTP 200", "True", "HTTP 404"]);
}

#[test]
fn exercise_3_2_reaches_each_page_by_its_own_route() {
    assert_eq!(outcomes("3-2"), ["HTTP 200"; 5]);
    let routes: Vec<String> = reasons("3-2")
        .iter()
        .map(|reason| reason.split(',').next().unwrap().to_owned())
        .collect();
    assert_eq!(routes[..3], ["HTTPRoute demo/demo-api"; 3]);
    assert_eq!(
        routes[3..],
        ["HTTPRoute monitoring/grafana", "HTTPRoute argocd/argocd"]
    );
}

#[test]
fn exercise_4_1_refuses_plain_text_under_strict_alone() {
    assert_eq!(
        outcomes("4-1"),
        [
            "ambient",
            "allowed",
            "refused at ztunnel",
            "allowed",
            "not set",
            "allowed",
            "allowed"
        ]
    );
    assert!(reasons("4-1")[2].contains("STRICT"));
}

#[test]
fn exercise_6_1_denies_each_pod_for_one_policy_with_the_documented_words() {
    assert_eq!(
        outcomes("6-1"),
        [
            "allowed", "denied", "denied", "denied", "denied", "allowed", "denied"
        ]
    );
    let reasons = reasons("6-1");
    assert_eq!(
        reasons[1],
        "[deny-privileged-container] 컨테이너 'test'가 privileged 모드로 실행됩니다."
    );
    let labels = ["app", "env", "team"]
        .map(|label| format!("[require-labels] 필수 라벨 '{label}'이(가) 없습니다."));
    assert_eq!(reasons[2], labels.join("\n"));
    assert_eq!(
        reasons[3],
        "[require-non-root] Pod securityContext에 runAsNonRoot: true가 설정되지 않았습니다."
    );
    assert_eq!(
        reasons[4],
        "[require-resource-limits-test] 컨테이너 'test'에 memory/cpu limits가 설정되지 않았습니다."
    );
    assert_eq!(
        reasons[5],
        "the LimitRange sets limits cpu 2, memory 4Gi and requests cpu 250m, memory 512Mi"
    );
    assert_eq!(reasons[6], reasons[2]);
}

#[test]
fn exercise_6_2_denies_warns_and_only_looks() {
    assert_eq!(
        outcomes("6-2"),
        [
            "deny",
            "denied",
            "warn",
            "allowed with a warning",
            "dryrun",
            "allowed",
            "deny",
            "denied"
        ]
    );
}

#[test]
fn exercise_7_2_keeps_13_of_31_traces() {
    assert_eq!(outcomes("7-2"), ["10 kept", "1 kept", "2 kept", "13 kept"]);
    let steps = &lesson("7-2").steps;
    let about: Vec<&str> = steps.iter().map(|step| step.action.as_str()).collect();
    assert_eq!(
        about,
        [
            "10 traces meet the policy error-traces",
            "1 traces meet the policy slow-traces",
            "20 traces meet the policy normal-traces",
            "31 traces in all",
        ]
    );
}

#[test]
fn exercise_8_1_admits_seven_and_refuses_four() {
    let outcomes = outcomes("8-1");
    assert_eq!(outcomes[..7], ["admitted"; 7]);
    assert_eq!(outcomes[7..11], ["refused"; 4]);
    assert_eq!(
        outcomes[11..],
        [
            "4 of 8",
            "4160Mi of 16Gi",
            "10 of 20",
            "3750m of 4",
            "2080Mi of 8Gi"
        ]
    );
    assert!(reasons("8-1")[7].contains("is forbidden: exceeded quota"));
}

#[test]
fn exercise_8_2_allows_one_disruption_and_none_meanwhile() {
    assert_eq!(outcomes("8-2"), ["2", "1", "0", "1"]);
}

#[test]
fn exercise_9_calls_fifty_times_each_way() {
    assert_eq!(
        outcomes("9"),
        [
            "50", "50", "HTTP 200", "allowed", "HTTP 500", "HTTP 503", "1 kept"
        ]
    );
}

#[test]
fn exercise_11_1_has_the_documented_files_and_labels() {
    let steps = &lesson("11-1").steps;
    let mut files: Vec<&str> = steps
        .iter()
        .filter_map(|step| step.action.strip_prefix("chart file "))
        .collect();
    files.sort_unstable();
    assert_eq!(
        files,
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
    let labels = steps
        .iter()
        .filter(|step| step.action.starts_with("labels of "));
    assert!(
        labels.clone().count() > 4 && labels.clone().all(|step| step.outcome == "app, env, team")
    );
}

#[test]
fn exercise_11_2_goes_from_two_to_three_and_back() {
    assert_eq!(
        outcomes("11-2"),
        [
            "demo-app-0.1.0 (app 1.0.0)",
            "2",
            "revision 2",
            "3",
            "revision 3",
            "2"
        ]
    );
    assert_eq!(
        reasons("11-2")[2],
        "1 superseded Install complete\n2 deployed Upgrade complete"
    );
}

#[test]
fn exercise_11_3_doubles_and_quadruples_pins_and_makes_the_job_on_ask() {
    let of = |file: &str, resources: &str, replicas: &str, tag: &str| {
        let rows = [resources, resources, replicas, tag, tag];
        let actions = [
            "resources of the backend",
            "resources of the frontend",
            "replicas of the backend",
            "image tag of the backend",
            "image tag of the frontend",
        ];
        let with = actions.map(|action| format!("{action} with {file}"));
        with.into_iter().zip(rows.map(str::to_owned)).collect()
    };
    let mut expected: Vec<(String, String)> = of("values-stg.yaml", "x2", "2", "not pinned");
    expected.extend(of("values-prod.yaml", "x4", "4", "pinned"));
    let job = |how: &str, outcome: &str| (format!("kind: Job with {how}"), outcome.to_owned());
    expected.push(job("values.yaml", "not rendered"));
    expected.push(job("--set loadGenerator.enabled=true", "rendered"));
    let steps = lesson("11-3").steps.iter();
    let found: Vec<_> = steps
        .map(|step| (step.action.clone(), step.outcome.clone()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn exercise_11_4_is_healed_and_leaves_no_release() {
    assert_eq!(outcomes("11-4"), ["5", "2", "0 releases"]);
}

#[test]
fn exercise_12_6_mirrors_the_documented_images() {
    let steps = &lesson("12-6").steps;
    let of = |action: &str| {
        steps
            .iter()
            .find(|step| step.action == action)
            .map(|step| step.outcome.as_str())
    };
    assert_eq!(
        of("quay.io/cilium/cilium:v1.19.1"),
        Some("registry.example.com/cilium/cilium:v1.19.1")
    );
    assert_eq!(
        of("docker.io/istio/pilot:1.29.0"),
        Some("registry.example.com/istio/pilot:1.29.0")
    );
    assert_eq!(
        of("where charts are pushed"),
        Some("oci://registry.example.com/helm-charts")
    );
    assert_eq!(
        (of("images of cilium"), of("images of istio")),
        (Some("5"), Some("3"))
    );
    assert_eq!(
        of("image.repository of the release cilium"),
        Some("registry.example.com/cilium/cilium")
    );
    assert_eq!(of("image.useDigest of the release cilium"), Some("false"));
}

#[test]
fn one_request_in_ten_goes_to_the_canary() {
    assert_eq!(
        outcomes("canary"),
        ["stable 90 %, canary 10 %", "canary 100 %"]
    );
}

/// The outcomes are worked out: another lab has others.
#[test]
fn another_lab_ends_otherwise() {
    let of = |lab: Lab, exercise: &str| -> Vec<String> {
        let lessons = all(&lab.build().unwrap()).unwrap();
        let lesson = lessons
            .into_iter()
            .find(|lesson| lesson.exercise == exercise)
            .unwrap();
        lesson.steps.into_iter().map(|step| step.outcome).collect()
    };
    let three =
        Lab::new(Environment::Dev).configure(|demo: &mut DemoApp| demo.backend.replicas = 3);
    assert_eq!(of(three, "8-2")[..2], ["3", "2"]);
    let fewer =
        Lab::new(Environment::Dev).configure(|demo: &mut DemoApp| demo.east_west_requests = 7);
    assert!(of(fewer, "9")[..2].contains(&"7".to_owned()));
    let stg = all(&Lab::new(Environment::Stg).build().unwrap()).unwrap();
    assert!(
        stg.iter()
            .any(|lesson| lesson.to_string().contains("http://api.lab-stg.local/get"))
    );
}

#[test]
fn a_lab_without_what_an_exercise_is_about_says_so() {
    let lab = Lab::new(Environment::Dev).without("lgtm").build();
    if let Ok(lab) = lab {
        let error = all(&lab).unwrap_err().to_string();
        assert!(error.starts_with("exercise "), "{error}");
    }
}
