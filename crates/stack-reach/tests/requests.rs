//! What the matrix tells of requests.

use serde_json::{Value, json};
use stack_model::Model;
use stack_reach::{ChangeKind, Line, Matrix, Protocol, Reach, Request, diff};

fn pod(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "demo", "labels": {"app": name}},
        "spec": {"containers": [{"name": "c", "ports": [{"containerPort": 8080}]}]}})
}

fn matrix(rules: Value) -> Matrix {
    let policy = json!({"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": {"name": "web", "namespace": "demo"},
        "spec": {"endpointSelector": {"matchLabels": {"app": "web"}}, "ingress": [{"fromEndpoints": [{"matchLabels": {"app": "client"}}],
            "toPorts": [{"ports": [{"port": "8080", "protocol": "TCP"}], "rules": {"http": rules}}]}]}});
    let model = Model::read([pod("web"), pod("client"), policy]);
    Reach::of(&model).matrix()
}

fn line(matrix: &Matrix) -> &Line {
    let mut lines = matrix.lines().iter();
    lines
        .find(|line| {
            line.from.to_string() == "demo/client[Pod]" && line.to.to_string() == "demo/web[Pod]"
        })
        .unwrap()
}

#[test]
fn a_line_tells_which_requests_pass() {
    let matrix = matrix(json!([{"method": "GET", "path": "/api/.*"}]));
    let line = line(&matrix);
    let asked = |method: &str, path: &str| {
        line.answer(Protocol::Tcp, 8080, Some(&Request::new(method, path)))
    };
    assert_eq!(asked("GET", "/api/x"), Some(true));
    assert_eq!(asked("PUT", "/api/x"), Some(false));
    assert_eq!(line.answer(Protocol::Tcp, 8080, None), None);
    assert_eq!(
        line.answer(Protocol::Tcp, 9090, Some(&Request::new("GET", "/api/x"))),
        Some(false)
    );
    let written = serde_json::to_value(line).unwrap();
    assert_eq!(
        written["requests"][0]["allowed"],
        "method GET, target /api/.*"
    );
    assert_eq!(
        line.requests[0].allowed.example(),
        Some(Request::new("GET", "/api/"))
    );
}

#[test]
fn sets_of_requests_are_compared_whatever_their_patterns_look_like() {
    for (narrow, wide, within) in [
        (
            json!([{"method": "GET"}]),
            json!([{"method": "GET|PUT"}]),
            true,
        ),
        (
            json!([{"path": "/api/v1/.*"}]),
            json!([{"path": "/api/.*"}]),
            true,
        ),
        (
            json!([{"path": "/api/.*"}]),
            json!([{"path": "/api/v1/.*"}]),
            false,
        ),
        (
            json!([{"path": "/a"}, {"path": "/b"}]),
            json!([{"path": "/[ab]"}]),
            true,
        ),
        (
            json!([{"path": "/[ab]"}]),
            json!([{"path": "/a"}, {"path": "/b"}]),
            true,
        ),
        (
            json!([{"method": "GET", "headers": ["X-Team: blue"]}]),
            json!([{"headers": ["X-Team"]}]),
            true,
        ),
        (
            json!([{"headers": ["X-Team"]}]),
            json!([{"headers": ["X-Team: blue"]}]),
            false,
        ),
    ] {
        let (narrow_matrix, wide_matrix) = (matrix(narrow.clone()), matrix(wide.clone()));
        let set = |matrix: &Matrix| line(matrix).requests[0].allowed.clone();
        let found = set(&narrow_matrix).is_within(&set(&wide_matrix));
        assert_eq!(found, Some(within), "{narrow} {wide}");
    }
}

#[test]
fn a_change_of_what_is_asked_of_requests_is_a_change() {
    let changes = diff(&matrix(json!([{}])), &matrix(json!([{"method": "GET"}])));
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0].kind, ChangeKind::Changed);
    assert_eq!(changes[0].old, changes[0].new);
    assert_eq!(
        changes[0].new_requests[0].to_string(),
        "TCP 8080: method GET"
    );
}
