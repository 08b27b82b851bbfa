//! Everybody to everybody, what a change opens and closes, and expectations.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

const PODS: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: a, labels: {app: client}}
spec: {containers: [{name: c, image: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: server, namespace: a, labels: {app: server}}
spec: {containers: [{name: c, image: c, ports: [{containerPort: 80}]}]}
";

const POLICY: &str = "\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: a}
spec: {podSelector: {matchLabels: {app: server}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}
";

fn stackctl(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stackctl"))
        .arg("reach")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn open_and_closed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("open.yaml"), PODS).unwrap();
    fs::write(folder.path().join("closed.yaml"), format!("{PODS}{POLICY}")).unwrap();
    folder
}

fn pair<'v>(rows: &'v Value, from: &str, to: &str) -> Option<&'v Value> {
    let mut rows = rows.as_array().unwrap().iter();
    rows.find(|row| row["src"] == from && row["dst"] == to)
}

#[test]
fn the_matrix_is_one_array_a_table_or_a_graph() {
    let folder = open_and_closed();
    let of = |format: &str| {
        let output = stackctl(
            folder.path(),
            &["--matrix", "--format", format, "closed.yaml"],
        );
        assert_eq!(output.status.code(), Some(0));
        out(&output)
    };
    let matrix: Value = serde_json::from_str(&of("json")).unwrap();
    let conn = |from, to| pair(&matrix, from, to).map(|row| row["conn"].clone());
    assert_eq!(
        conn("a/client[Pod]", "a/server[Pod]"),
        Some(json!("TCP 80"))
    );
    assert_eq!(
        conn("a/server[Pod]", "a/client[Pod]"),
        Some(json!("All Connections"))
    );
    assert_eq!(conn("0.0.0.0-255.255.255.255", "a/server[Pod]"), None);
    assert!(of("table").starts_with("FROM "));
    assert!(of("dot").starts_with("digraph "));
    assert!(of("mermaid").starts_with("flowchart "));
    let table = stackctl(folder.path(), &["--matrix", "closed.yaml"]);
    assert_eq!(out(&table), of("table"));
}

#[test]
fn a_difference_names_the_pairs_that_change() {
    let folder = open_and_closed();
    let of = |arguments: &[&str]| {
        let output = stackctl(folder.path(), &[&["--diff"], arguments].concat());
        assert_eq!(output.status.code(), Some(0));
        out(&output)
    };
    let changes: Value =
        serde_json::from_str(&of(&["open.yaml", "closed.yaml", "--format", "json"])).unwrap();
    assert_eq!(
        pair(&changes, "a/client[Pod]", "a/server[Pod]"),
        Some(
            &json!({"type": "changed", "src": "a/client[Pod]", "dst": "a/server[Pod]",
                "a": "All Connections", "b": "TCP 80"})
        )
    );
    let lines = of(&["open.yaml", "closed.yaml"]);
    for line in [
        "changed  a/client[Pod] → a/server[Pod]: All Connections → TCP 80\n",
        "closed   0.0.0.0-255.255.255.255 → a/server[Pod]: All Connections\n",
    ] {
        assert!(lines.contains(line), "{lines}");
    }
    assert_eq!(
        of(&["open.yaml", "open.yaml"]),
        "nothing is opened or closed\n"
    );
}

#[test]
fn an_expectation_that_is_not_kept_is_shown_with_its_reason() {
    let folder = open_and_closed();
    let expectations = "\
expect:
- {from: a/client, to: a/server, port: 80}
- {from: world, to: a/server, port: 80, allowed: false, why: nothing is public}
";
    fs::write(folder.path().join("expect.yaml"), expectations).unwrap();
    let of = |file: &str, arguments: &[&str]| {
        stackctl(
            folder.path(),
            &[&["--require", "expect.yaml", file], arguments].concat(),
        )
    };
    let kept = of("closed.yaml", &[]);
    assert_eq!(kept.status.code(), Some(0));
    assert_eq!(out(&kept), "2 flows asked about, 0 not as expected\n");
    let broken = of("open.yaml", &[]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(
        out(&broken).contains("because: nothing is public"),
        "{}",
        out(&broken)
    );
    let report: Value =
        serde_json::from_str(&out(&of("open.yaml", &["--format", "json"]))).unwrap();
    assert_eq!(report["failures"][0]["expectation"], 1);
    assert_eq!(report["failures"][0]["outcome"], "broken");
}

#[test]
fn questions_that_do_not_go_together_are_refused() {
    let folder = open_and_closed();
    for arguments in [
        &[
            "--matrix",
            "--from",
            "a/client",
            "--to",
            "a/server",
            "open.yaml",
        ][..],
        &["--matrix"],
        &["--diff", "open.yaml"],
        &["--diff", "open.yaml", "closed.yaml", "--format", "dot"],
        &["--require", "missing.yaml", "open.yaml"],
        &["--require", "open.yaml", "open.yaml"],
        &["--matrix", "missing.yaml"],
        &["open.yaml"],
    ] {
        let output = stackctl(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}

/// A tree as `stackctl render` writes it: two pods, a Service of `monitoring`, and a chart that is installed there.
fn with_tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let tree = folder.path().join("tree");
    fs::create_dir(&tree).unwrap();
    let own = "---\napiVersion: v1\nkind: Service\nmetadata: {name: own, namespace: monitoring}\nspec: {ports: [{port: 9}]}\n";
    fs::write(tree.join("pods.yaml"), format!("{PODS}{POLICY}{own}")).unwrap();
    let table = "component\trelease\tchart\tversion\trepository\tpull\tcomment\nlgtm\ttempo\ttempo\t1.0.0\thttps://example.com\t\t\n";
    fs::write(tree.join("charts.tsv"), table).unwrap();
    let values = "# Release tempo, namespace monitoring, chart tempo/tempo 1.0.0\nreplicas: 1\n";
    fs::write(tree.join("values.yaml"), values).unwrap();
    let chart = "apiVersion: v1\nkind: Service\nmetadata: {name: tempo, namespace: monitoring}\nspec: {selector: {app: tempo}, ports: [{port: 9}]}\n";
    fs::write(folder.path().join("chart.yaml"), chart).unwrap();
    let expectations = "\
expect:
- {from: a/client, to: a/server, port: 80}
- {from: a/client, to: 'service:monitoring/tempo', port: 4317}
- {from: kong/gateway, to: a/server, port: 80, allowed: false}
";
    fs::write(folder.path().join("expect.yaml"), expectations).unwrap();
    folder
}

#[test]
fn what_charts_install_is_unknown_to_a_tree_alone_and_asked_about_beside_it() {
    let folder = with_tree();
    let require = |paths: &[&str]| {
        let output = stackctl(
            folder.path(),
            &[&["--require", "expect.yaml"], paths].concat(),
        );
        (output.status.code(), out(&output))
    };
    let (code, text) = require(&["tree"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("service monitoring/tempo lies outside of the input"),
        "{text}"
    );
    assert!(
        text.ends_with("1 flows asked about, 0 not as expected, 2 unknown\n"),
        "{text}"
    );
    let (code, text) = require(&["tree", "chart.yaml"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("the Service has no port 4317"), "{text}");
    assert!(
        text.ends_with("2 flows asked about, 1 not as expected, 1 unknown\n"),
        "{text}"
    );
}
