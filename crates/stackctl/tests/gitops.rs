//! A repository for Argo CD is written by one command and looked through by another.

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
