//! Questions about what manifests would do: who can talk to whom, which backend answers, which status objects get.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn stackctl(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stackctl"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const GATEWAY: &str = "\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: demo}
spec: {gatewayClassName: any, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: demo}
spec:
  parentRefs: [{name: edge}]
  hostnames: [web.example.com]
  rules: [{matches: [{path: {type: PathPrefix, value: /api}}], backendRefs: [{name: api, port: 8080}, {name: gone, port: 80, weight: 0}]}]
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: demo}
spec: {ports: [{port: 8080}]}
";

#[test]
fn reach_answers_one_question_in_words_and_many_in_json() {
    let folder = tempfile::tempdir().unwrap();
    let manifests = "\
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: a, labels: {app: client}}
spec: {containers: [{name: c, image: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: server, namespace: a, labels: {app: server}}
spec: {containers: [{name: c, image: c, ports: [{containerPort: 80}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: a}
spec: {podSelector: {matchLabels: {app: server}}, ingress: [{ports: [{port: 80}]}]}
";
    fs::write(folder.path().join("all.yaml"), manifests).unwrap();
    let of = |arguments: &[&str]| {
        stackctl(
            folder.path(),
            &[&["reach"], arguments, &["all.yaml"]].concat(),
        )
    };
    let question = ["--from", "a/client", "--to", "a/server", "--port"];
    let open = of(&[&question[..], &["80"]].concat());
    assert_eq!(open.status.code(), Some(0));
    assert!(text(&open.stdout).starts_with("a/client → a/server port 80 TCP: allowed\n"));
    let shut = of(&[&question[..], &["81"]].concat());
    assert_eq!(shut.status.code(), Some(1));
    assert!(
        text(&shut.stdout).contains("NetworkPolicy a/closed"),
        "{}",
        text(&shut.stdout)
    );

    let flows = r#"{"features": ["trust-domain=example.org"], "flows": [
        {"src": "a/client", "dst": "a/server", "port": 80, "protocol": "TCP"},
        {"src": "a/client", "dst": "a/server", "port": 81, "protocol": "TCP"}]}"#;
    fs::write(folder.path().join("flows.json"), flows).unwrap();
    let many = of(&["--flows", "flows.json"]);
    assert_eq!(many.status.code(), Some(0));
    let answers: Vec<serde_json::Value> = text(&many.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), 2);
    assert_eq!(
        (&answers[0]["index"], &answers[0]["allowed"]),
        (&0.into(), &true.into())
    );
    assert_eq!(
        (&answers[1]["index"], &answers[1]["allowed"]),
        (&1.into(), &false.into())
    );
    assert_eq!(answers[1]["at"], "ingress-policy");
    for member in ["layer", "verdict", "object", "path", "reason"] {
        assert!(answers[1]["steps"][0].get(member).is_some(), "{member}");
    }
    for (arguments, part) in [
        (&["--flows", "missing.json"][..], "missing.json"),
        (&["--flows", "all.yaml"], "all.yaml: "),
        (&["--from", "a/client"], "--to"),
        (&["--from", "client", "--to", "a/server"], "NAMESPACE/NAME"),
        (&["--from", "a/client", "--to", "a/server"], "--port"),
        (
            &["--flows", "flows.json", "--policy-enforcement", "maybe"],
            "always",
        ),
    ] {
        let wrong = of(arguments);
        assert_eq!(wrong.status.code(), Some(2), "{arguments:?}");
        assert!(
            text(&wrong.stderr).contains(part),
            "{arguments:?}: {}",
            text(&wrong.stderr)
        );
    }
}

#[test]
fn route_says_which_backend_answers() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("all.yaml"), GATEWAY).unwrap();
    let requests = r#"{"requests": [
        {"id": "a", "gateway": "demo/edge", "port": 80, "request": {"path": "/api/users", "host": "web.example.com"}},
        {"id": "b", "gateway": "demo/edge", "port": 80, "request": {"path": "/", "host": "web.example.com"}}]}"#;
    fs::write(folder.path().join("requests.json"), requests).unwrap();
    let of = |arguments: &[&str]| {
        stackctl(
            folder.path(),
            &[&["route"], arguments, &["all.yaml"]].concat(),
        )
    };
    let many = of(&["--requests", "requests.json"]);
    assert_eq!(many.status.code(), Some(0));
    let answers: Vec<Value> = text(&many.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let summary: Vec<[&Value; 3]> = answers
        .iter()
        .map(|answer| [&answer["id"], &answer["status"], &answer["backend"]])
        .collect();
    assert_eq!(
        summary,
        [
            [&"a".into(), &200.into(), &"api".into()],
            [&"b".into(), &404.into(), &Value::Null]
        ]
    );
    let one = of(&[
        "--gateway",
        "demo/edge",
        "--request",
        "GET /api",
        "--host",
        "web.example.com",
        "--header",
        "x-a: b",
    ]);
    insta::assert_snapshot!(text(&one.stdout), @r"
    answered with 200
      by HTTPRoute demo/web, rule 0
      to demo/api
      as GET web.example.com/api
         x-a: b
    ");
    for (arguments, part) in [
        (&["--requests", "missing.json"][..], "missing.json"),
        (&["--gateway", "demo/edge"], "--request"),
        (&["--request", "GET /"], "--gateway"),
        (
            &["--gateway", "edge", "--request", "GET /"],
            "NAMESPACE/NAME",
        ),
    ] {
        let wrong = of(arguments);
        assert_eq!(wrong.status.code(), Some(2), "{arguments:?}");
        assert!(
            text(&wrong.stderr).contains(part),
            "{arguments:?}: {}",
            text(&wrong.stderr)
        );
    }
}

#[test]
fn status_tells_conditions_and_listeners() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("all.yaml"), GATEWAY).unwrap();
    let of = |arguments: &[&str]| {
        let output = stackctl(
            folder.path(),
            &[&["status"], arguments, &["all.yaml"]].concat(),
        );
        assert_eq!(output.status.code(), Some(0));
        text(&output.stdout)
    };
    insta::assert_snapshot!(of(&[]), @r"
    Gateway demo/edge: Accepted=True (Accepted)
    Gateway demo/edge listener http: Accepted=True (Accepted)
    Gateway demo/edge listener http: Conflicted=False (NoConflicts)
    Gateway demo/edge listener http: ResolvedRefs=True (ResolvedRefs)
    HTTPRoute demo/web for Gateway edge: Accepted=True (Accepted)
    HTTPRoute demo/web for Gateway edge: ResolvedRefs=False (BackendNotFound): spec.rules[0].backendRefs[1]: Service demo/gone does not exist
    Gateway demo/edge listener http: 1 route; takes GRPCRoute, HTTPRoute
    ");
    assert_eq!(of(&["--problems"]).lines().count(), 1);
    let status: Value = serde_json::from_str(&of(&["--format", "json"])).unwrap();
    assert_eq!(status["listeners"][0]["attachedRoutes"], 1);
    for member in ["object", "type", "status", "reason"] {
        assert!(status["conditions"][0].get(member).is_some(), "{member}");
    }
}

#[test]
fn explain_adds_what_is_wrong_with_the_policies_on_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let manifests = "\
apiVersion: v1
kind: Namespace
metadata: {name: y, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: y, labels: {app: client}}
spec: {containers: [{name: c, image: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: server, namespace: y, labels: {app: server}}
spec: {containers: [{name: c, image: c}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: y}
spec:
  podSelector: {matchLabels: {app: server}}
  ingress:
  - from: [{podSelector: {matchLabels: {app: client}}}]
    ports: [{port: 80}]
";
    fs::write(folder.path().join("all.yaml"), manifests).unwrap();
    let question = [
        "reach", "--from", "y/client", "--to", "y/server", "--port", "80",
    ];
    let plain = stackctl(folder.path(), &[&question[..], &["all.yaml"]].concat());
    assert_eq!(plain.status.code(), Some(1));
    // The line of the rule, and the word that kubectl would not read as a name.
    assert!(!text(&plain.stdout).contains("mesh-port-closed"));
    assert!(
        text(&plain.stderr).contains("`y` is taken for a text"),
        "{}",
        text(&plain.stderr)
    );
    let told = stackctl(
        folder.path(),
        &[&question[..], &["--explain", "all.yaml"]].concat(),
    );
    let answer = text(&told.stdout);
    assert!(answer.contains("  ! "), "{answer}");
    assert!(answer.contains("mesh-port-closed"), "{answer}");
    assert!(answer.contains("all.yaml:"), "{answer}");
}
