//! The main job as a user types it: what it prints, what it writes, and how it refuses.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn render(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stackctl"));
    command.arg("render").args(arguments).current_dir(folder);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

#[test]
fn the_tree_is_written_where_the_readme_says() {
    let folder = tempfile::tempdir().unwrap();
    let output = render(folder.path(), &["--env", "dev"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let summary = text(&output.stdout);
    for part in [
        "cilium",
        "kube-system",
        "platform",
        "files in target/lab/dev",
        "Next: ",
    ] {
        assert!(summary.contains(part), "{part} is not in:\n{summary}");
    }
    assert!(
        folder
            .path()
            .join("target/lab/dev/06-demo-app/namespace.yaml")
            .is_file()
    );
}

#[test]
fn stream_and_json_write_to_standard_output_only() {
    let folder = tempfile::tempdir().unwrap();
    let stream = render(
        folder.path(),
        &["--env", "stg", "--light", "--format", "stream"],
    );
    assert!(stream.status.success());
    assert!(text(&stream.stdout).starts_with("---\napiVersion: v1\nkind: Namespace\n"));
    assert!(text(&stream.stdout).contains("api.lab-stg.local"));
    let json = render(
        folder.path(),
        &["--env", "prod", "--skip-istio", "--format", "json"],
    );
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["environment"]["domain"], "lab-prod.local");
    assert!(entries(folder.path()).is_empty());
}

#[test]
fn what_cannot_be_done_ends_with_exit_code_2_and_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    for (arguments, part) in [
        (&["--env", "live"][..], "unknown environment `live`"),
        (&["--registry", "https://registry.example.com"], "registry"),
        (&["--registry", "not a host"], "registry"),
        (&["--out", "file"], "file is a file"),
        (&["--out", "file/below"], "file"),
        (&["--out", "/proc/nowhere/lab"], "/proc"),
        (&["--format", "xml"], "xml"),
        (&["--profile", "huge"], "huge"),
        (&["--unknown"], "--unknown"),
        (
            &["--format", "stream", "--out", "lab"],
            "--out has no effect",
        ),
        (&["--format", "json", "--out", "lab"], "--out has no effect"),
        (&["--format", "stream", "--force"], "--force has no effect"),
        (&["--format", "json", "--force"], "--force has no effect"),
    ] {
        let output = render(folder.path(), arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(part), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert_eq!(
            entries(folder.path()),
            std::slice::from_ref(&file),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_foreign_folder_is_only_written_into_by_force_and_keeps_its_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    let out = folder.path().to_str().unwrap();
    let refused = render(Path::new("/"), &["--out", out]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("--force"));
    assert_eq!(entries(folder.path()).len(), 1);
    assert!(
        render(Path::new("/"), &["--out", out, "--force"])
            .status
            .success()
    );
    let kept = fs::read_to_string(folder.path().join("mine.txt"));
    assert_eq!(kept.unwrap(), "mine");
    assert!(folder.path().join("setup.sh").exists());
}

#[test]
fn help_teaches() {
    let help = text(&render(Path::new("/"), &["--help"]).stdout);
    for part in [
        "--env",
        "--out",
        "--skip-istio",
        "--light",
        "--profile",
        "--registry",
        "--format",
        "--force",
        "Examples:",
    ] {
        assert!(help.contains(part), "{part} is not in:\n{help}");
    }
}

#[test]
fn a_full_disk_is_a_failure_with_a_message_and_a_reader_that_leaves_is_none() {
    let folder = tempfile::tempdir().unwrap();
    for format in ["stream", "json"] {
        let arguments = ["--format", format];
        if let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
            let output = command(folder.path(), &arguments)
                .stdout(full)
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(2), "{format}");
            let said = text(&output.stderr);
            assert!(
                said.starts_with("error: standard output: "),
                "{format}: {said}"
            );
        }
        let mut child = command(folder.path(), &arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{format}"
        );
    }
}

#[test]
fn warnings_are_told_and_the_demo_repository_can_be_said() {
    let folder = tempfile::tempdir().unwrap();
    let output = render(folder.path(), &["--env", "dev"]);
    let told = text(&output.stdout);
    let warning = "warning: Application argocd/demo-app-helm: spec.source.repoURL: `<your-repo>`";
    assert!(output.status.success() && told.contains(warning), "{told}");

    let repository = "https://git.example.com/lab.git";
    let output = render(folder.path(), &["--demo-repository", repository]);
    let told = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(!told.contains("placeholders"), "{told}");
    let application = folder
        .path()
        .join("target/lab/dev/03-argocd/apps/demo-app-helm.yaml");
    assert!(
        fs::read_to_string(application)
            .unwrap()
            .contains(repository)
    );
}
