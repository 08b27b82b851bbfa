//! `graph` and `report` on the command line, and the pictures that the project's documentation shows.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn stackctl(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stackctl"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pictures")
}

/// They are made by `stackctl graph --what WHAT --out docs/pictures/lab-WHAT.svg env:dev`. `INSTA_UPDATE=always` makes them again.
#[test]
fn the_committed_pictures_are_those_of_the_lab() {
    let folder = tempfile::tempdir().unwrap();
    for what in ["architecture", "install", "traffic", "telemetry"] {
        let committed = pictures().join(format!("lab-{what}.svg"));
        let made = folder.path().join("made.svg");
        let out = made.to_str().unwrap();
        let output = stackctl(&["graph", "--quiet", "--what", what, "--out", out, "env:dev"]);
        assert!(output.status.success(), "{output:?}");
        if std::env::var("INSTA_UPDATE").as_deref() == Ok("always") {
            std::fs::copy(&made, &committed).unwrap();
        }
        let (made, committed) = (
            std::fs::read_to_string(&made).unwrap(),
            std::fs::read_to_string(&committed).unwrap(),
        );
        assert!(
            made == committed,
            "docs/pictures/lab-{what}.svg is old: run this test with INSTA_UPDATE=always"
        );
    }
}

#[test]
fn every_picture_is_written_in_every_form() {
    for what in [
        "architecture",
        "install",
        "traffic",
        "telemetry",
        "policies",
        "capacity",
        "documented-install",
        "maturity",
    ] {
        for (format, begins) in [
            ("svg", "<svg "),
            ("mermaid", "flowchart "),
            ("dot", "digraph "),
            ("text", ""),
        ] {
            let output = stackctl(&[
                "graph", "--quiet", "--what", what, "--format", format, "env:dev",
            ]);
            assert_eq!(output.status.code(), Some(0), "{what} {format}: {output:?}");
            assert!(
                text(&output).starts_with(begins) && output.stderr.is_empty(),
                "{what} {format}"
            );
        }
    }
}

#[test]
fn a_diff_shows_what_differs_between_two_environments() {
    let output = stackctl(&["graph", "--quiet", "--what", "diff", "env:dev", "env:prod"]);
    assert!(text(&output).contains("~ backend"), "{output:?}");
    let output = stackctl(&["graph", "--quiet", "--what", "diff", "env:dev"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn an_object_that_is_not_there_is_said_not_to_be() {
    let of = |name: &str| stackctl(&["graph", "--what", "references", "--of", name, "env:dev"]);
    assert!(text(&of("Service/demo/backend")).contains("• backend"));
    let missing = of("Service/demo/nowhere");
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("not among the inputs"));
}

#[test]
fn a_report_of_the_lab_is_one_small_file_without_scripts() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("report.html");
    let arguments = [
        "report",
        "--out",
        out.to_str().unwrap(),
        "--compare",
        "env:prod",
        "env:dev",
    ];
    let output = stackctl(&arguments);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let page = std::fs::read_to_string(&out).unwrap();
    assert!(page.len() < 1_000_000 && !page.contains("<script"));
    for id in [
        "summary",
        "pictures",
        "findings",
        "images",
        "releases",
        "policies",
        "exercises",
        "reach",
        "capacity",
        "differences",
    ] {
        assert!(page.contains(&format!("<section id=\"{id}\"")), "{id}");
    }
    let quiet = stackctl(&[&["report", "--quiet"], &arguments[1..]].concat());
    assert!(quiet.stderr.is_empty() && quiet.stdout.is_empty());
    assert_eq!(page, std::fs::read_to_string(&out).unwrap());
}

#[test]
fn a_report_of_manifests_has_errors_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (manifest, out) = (
        folder.path().join("web.yaml"),
        folder.path().join("report.html"),
    );
    std::fs::write(&manifest, "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: demo}\nspec: {ports: [{port: 80, wrong: 1}]}\n").unwrap();
    let output = stackctl(&[
        "report",
        "--quiet",
        "--out",
        out.to_str().unwrap(),
        manifest.to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let page = std::fs::read_to_string(&out).unwrap();
    assert!(
        page.contains("Not ready: 1 error")
            && page.contains("spec.ports[0].wrong")
            && page.contains("web.yaml:4")
    );
}
