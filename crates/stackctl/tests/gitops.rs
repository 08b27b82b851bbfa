//! A repository for Argo CD is written by one command and looked through by another.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn stackctl(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stackctl"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn what_is_written_is_planned_without_a_finding_and_edits_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let render = [
        "render",
        "--env",
        "dev,stg",
        "--format",
        "gitops",
        "--repo",
        "https://git.example/lab.git",
    ];
    let written = stackctl(&render, at);
    assert!(written.status.success(), "{}", text(&written.stderr));
    assert!(text(&written.stdout).contains("stackctl sync-plan target/gitops/gitops"));
    let plan = stackctl(&["sync-plan", "target/gitops/gitops"], at);
    assert_eq!(plan.status.code(), Some(0), "{}", text(&plan.stdout));
    let plan = text(&plan.stdout);
    assert!(
        plan.contains("dev-demo-app (wave 60)")
            && plan.contains("PostSync 1: Job demo/load-generator"),
        "{plan}"
    );
    let namespace =
        at.join("target/gitops/gitops/dev/objects/demo-app/demo-app/namespace-demo.yaml");
    let late = fs::read_to_string(&namespace).unwrap().replace(
        "name: demo\n",
        "name: demo\n  annotations:\n    argocd.argoproj.io/sync-wave: \"9\"\n",
    );
    // Argo CD itself moves a Namespace before its users, in the same Application; in another one it does not.
    fs::create_dir_all(at.join("target/gitops/gitops/dev/objects/platform/platform")).unwrap();
    fs::remove_file(&namespace).unwrap();
    fs::write(
        at.join("target/gitops/gitops/dev/objects/platform/platform/namespace-demo.yaml"),
        late,
    )
    .unwrap();
    let plan = stackctl(&["sync-plan", "--quiet", "target/gitops/gitops"], at);
    assert_eq!(plan.status.code(), Some(1));
    let found = text(&plan.stdout);
    assert!(found.contains("target/gitops/gitops/dev/objects/demo-app/demo-app/deployment-backend.yaml:1: error: Deployment demo/backend: its namespace `demo` comes in a later wave"), "{found}");
}

#[test]
fn options_of_one_format_are_refused_with_another() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, said) in [
        (
            &["render", "--format", "gitops"][..],
            "--format gitops needs --repo URL",
        ),
        (
            &["render", "--repo", "https://git.example/x"][..],
            "--repo has an effect with --format gitops only",
        ),
        (
            &[
                "render",
                "--format",
                "gitops",
                "--repo",
                "https://git.example/x",
                "--revision",
                "HEAD",
            ][..],
            "revision `HEAD` does not say what is followed",
        ),
        (
            &[
                "render",
                "--format",
                "gitops",
                "--repo",
                "https://git.example/x",
                "--style",
                "rendered",
            ][..],
            "nothing is known of what release",
        ),
        (
            &["sync-plan", "missing"][..],
            "missing: give the folder of a repository",
        ),
    ] {
        let refused = stackctl(arguments, folder.path());
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(
            text(&refused.stderr).contains(said),
            "{}",
            text(&refused.stderr)
        );
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_diff_is_of_meaning_with_images_and_connections_on_top() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let web = |image: &str, cpu: &str| {
        format!(
            "apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec: {{containers: [{{name: web, image: '{image}', ports: [{{containerPort: 80}}], resources: {{requests: {{cpu: {cpu}}}}}}}]}}
"
        )
    };
    let deny = "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {podSelector: {}, policyTypes: [Ingress]}\n";
    fs::write(at.join("a.yaml"), web("web:1", "1000m")).unwrap();
    fs::write(at.join("b.yaml"), web("web:1", "1")).unwrap();
    fs::write(at.join("c.yaml"), web("web:2", "1") + deny).unwrap();
    let same = stackctl(&["diff", "a.yaml", "b.yaml"], at);
    assert_eq!(
        (same.status.code(), text(&same.stdout)),
        (Some(0), String::new())
    );
    let changed = stackctl(&["diff", "a.yaml", "c.yaml"], at);
    assert_eq!(changed.status.code(), Some(1));
    let said = text(&changed.stdout);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines[0],
        "image: Deployment shop/web, container web: web:1 -> web:2"
    );
    assert_eq!(lines[1], "policy comes: NetworkPolicy shop/deny");
    assert!(lines[2].starts_with("reach: "), "{said}");
    assert!(
        lines.contains(&"~ Deployment shop/web") && lines.contains(&"+ NetworkPolicy shop/deny"),
        "{said}"
    );
    let markdown = stackctl(&["diff", "--format", "markdown", "a.yaml", "c.yaml"], at);
    let comment = text(&markdown.stdout);
    let at_heading = |heading: &str| comment.find(heading).unwrap();
    // What a reviewer must see comes before the long list.
    assert!(
        at_heading("### Images") < at_heading("### Policies")
            && at_heading("### Policies") < at_heading("### Connections")
            && at_heading("### Connections") < at_heading("### Objects"),
        "{comment}"
    );
    let environments = stackctl(&["diff", "--no-reach", "env:dev", "env:prod"], at);
    assert!(text(&environments.stdout).contains("api.lab-prod.local"));
    assert_eq!(
        stackctl(&["diff", "env:nowhere!", "a.yaml"], at)
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn versions_move_from_one_environment_to_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let render = [
        "render",
        "--env",
        "dev,stg",
        "--format",
        "gitops",
        "--repo",
        "https://git.example/lab.git",
    ];
    assert!(stackctl(&render, at).status.success());
    let gitops = at.join("target/gitops/gitops");
    let chart = gitops.join("dev/root/apps/056-grafana.yaml");
    let newer = fs::read_to_string(&chart)
        .unwrap()
        .replace("10.5.15", "10.6.0");
    fs::write(&chart, newer).unwrap();
    let promote = [
        "promote",
        "--from",
        "dev",
        "--to",
        "stg",
        "target/gitops/gitops",
    ];
    let shown = stackctl(&promote, at);
    assert_eq!(shown.status.code(), Some(1));
    assert_eq!(
        text(&shown.stdout),
        "stg/root/apps/056-grafana.yaml: chart grafana: 10.5.15 -> 10.6.0\n"
    );
    let mut moved = promote.to_vec();
    moved.push("--write");
    assert_eq!(stackctl(&moved, at).status.code(), Some(0));
    assert!(
        fs::read_to_string(gitops.join("stg/root/apps/056-grafana.yaml"))
            .unwrap()
            .contains("10.6.0")
    );
    assert_eq!(stackctl(&promote, at).status.code(), Some(0));
    let checked = Command::new("sha256sum")
        .args(["--check", "--quiet", "MANIFEST.sha256"])
        .current_dir(&gitops)
        .status()
        .unwrap();
    assert!(checked.success());
}
