//! The commands on the lab: what differs between the environments, what its policies say, and that it is fit for a server.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

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

#[test]
fn the_rendered_tree_is_clean_whatever_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    for options in [&[][..], &["--skip-istio"], &["--profile", "data-center"]] {
        let rendered = stackctl(
            folder.path(),
            &[&["render", "--out", "lab"], options].concat(),
        );
        assert!(rendered.status.success(), "{}", text(&rendered.stderr));
        let check = ["check", "--fail-on", "unknown,warning", "lab"];
        let checked = stackctl(folder.path(), &check);
        let said = text(&checked.stdout);
        assert!(checked.status.success(), "{options:?}: {said}");
        assert!(
            said.contains(" 0 rejected, 0 unknown; 0 findings"),
            "{said}"
        );
        let quiet = stackctl(folder.path(), &[&check[..], &["--quiet"]].concat());
        assert!(quiet.status.success() && quiet.stdout.is_empty());
    }
}

#[test]
fn environments_differ_in_what_is_documented() {
    let output = stackctl(Path::new("/"), &["environments"]);
    assert!(output.status.success());
    let said = text(&output.stdout);
    for part in [
        "Environments\n",
        "lab-dev.local",
        "lab-prod.local",
        "\nProfiles\n",
        "data-center",
    ] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
}

#[cfg(feature = "policies")]
#[test]
fn policies_judge_what_kubectl_apply_would_send() {
    let folder = tempfile::tempdir().unwrap();
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: c, image: busybox, securityContext: {privileged: true}}\n";
    fs::write(folder.path().join("pod.yaml"), pod).unwrap();
    let of = |arguments: &[&str]| stackctl(folder.path(), &[&["policies"], arguments].concat());
    let output = of(&["pod.yaml"]);
    // The lab's policies are about the namespace `demo`.
    insta::assert_snapshot!(
        text(&output.stdout),
        @"admitted Pod default/p (it names no namespace: judged in `default`, as by kubectl apply)"
    );
    assert_eq!(output.status.code(), Some(0));
    let pod = pod.replace("{name: p}", "{name: p, namespace: demo}");
    fs::write(folder.path().join("pod.yaml"), pod).unwrap();
    let output = of(&["pod.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(text(&output.stdout), @r"
    denied   Pod demo/p
      deny: [deny-privileged-container] 컨테이너 'c'가 privileged 모드로 실행됩니다.
      deny: [require-labels] 필수 라벨 'app'이(가) 없습니다.
      deny: [require-labels] 필수 라벨 'env'이(가) 없습니다.
      deny: [require-labels] 필수 라벨 'team'이(가) 없습니다.
      deny: [require-non-root] Pod securityContext에 runAsNonRoot: true가 설정되지 않았습니다.
      deny: [require-resource-limits] 컨테이너 'c'에 memory/cpu limits가 설정되지 않았습니다.
    ");
    for (arguments, part) in [(&["missing.yaml"][..], "missing.yaml"), (&[], "FILE")] {
        let output = of(arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(part));
    }
}

/// Charts as the lab's releases might print them: one that keeps to the lab's policies, and one that does not.
#[cfg(feature = "policies")]
#[test]
fn policies_and_allowances_reach_what_charts_make() {
    let folder = tempfile::tempdir().unwrap();
    let rendered = stackctl(folder.path(), &["render", "--out", "lab"]);
    assert!(rendered.status.success(), "{}", text(&rendered.stderr));
    let charts = folder.path().join("charts");
    fs::create_dir(&charts).unwrap();
    let pod = |name: &str, privileged: bool| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: demo, labels: {{app: a, env: dev, team: t}}}}\nspec:\n  \
             securityContext: {{runAsNonRoot: true, runAsUser: 1000}}\n  containers:\n  - {{name: c, image: 'c:1', securityContext: \
             {{privileged: {privileged}}}, resources: {{limits: {{cpu: 10m, memory: 10Mi}}}}}}\n"
        )
    };
    let write = |privileged| {
        fs::write(charts.join("kong.yaml"), pod("made-by-chart", privileged)).unwrap();
    };
    write(false);
    let of = |arguments: &[&str]| {
        let output = stackctl(folder.path(), arguments);
        (output.status.code(), text(&output.stdout))
    };
    let policies = ["policies", "--charts", "charts", "lab"];
    let (code, said) = of(&policies);
    assert_eq!(code, Some(0), "{said}");
    write(true);
    let (code, said) = of(&policies);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("deny     Pod demo/made-by-chart"), "{said}");
    // `check` says so, too, until somebody answers for it.
    let check = [
        "check",
        "--short",
        "--charts",
        "charts",
        "--allow",
        "references,conflicts,capacity,policy-unknown",
        "lab",
    ];
    let (code, said) = of(&check);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("(policy-denies)"), "{said}");
    let known = fs::read_to_string(folder.path().join("lab/allowances.tsv")).unwrap();
    assert!(known.starts_with("code\tsubject\treason\n"), "{known}");
    let with_rows = |rows: &str| {
        fs::write(folder.path().join("more.tsv"), rows).unwrap();
        of(&[&check[..], &["--allowances", "more.tsv"]].concat())
    };
    let (code, said) = with_rows("policy-denies\tPod demo/made-*\tthe chart cannot be told\n");
    assert_eq!(code, Some(0), "{said}");
    let (code, _) = with_rows("policy-denies\tPod demo/made-*\n");
    assert_eq!(code, Some(2));
}

#[test]
fn help_teaches_and_the_version_is_told() {
    let run = |arguments: &[&str]| text(&stackctl(Path::new("/"), arguments).stdout);
    let help = run(&["--help"]);
    for part in [
        "check",
        "render",
        "environments",
        "policies",
        "Examples:",
        "Exit code",
    ] {
        assert!(help.contains(part), "{part} is not in:\n{help}");
    }
    assert_eq!(
        run(&["--version"]),
        format!("stackctl {}\n", env!("CARGO_PKG_VERSION"))
    );
    // Without a command, help is what is wanted.
    assert_eq!(stackctl(Path::new("/"), &[]).status.code(), Some(2));
    assert_eq!(stackctl(Path::new("/"), &["chekc"]).status.code(), Some(2));
}
