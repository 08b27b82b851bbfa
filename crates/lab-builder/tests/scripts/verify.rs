//! `verify-all.sh`: what it asks, of which cluster, and what it expects.

use lab_builder::Profile;
use lab_builder::components::Kind;
use lab_builder::components::Platform;
use std::fs;

use super::machine::{ALL, ANSWERS_AT_ALL, Machine, code, dev, pinned, text, without_kind};

#[test]
fn checks_are_listed_without_a_cluster() {
    let machine = Machine::new(dev(), &[]);
    insta::assert_snapshot!("verify_list", machine.output("verify-all.sh", &["--list"]));
}

#[test]
fn every_documented_check_is_there() {
    let list = Machine::new(dev(), &[]).output("verify-all.sh", &["--list"]);
    // VFY-040 is verify-all.sh itself.
    for number in 1..40 {
        assert!(
            list.contains(&format!("\nVFY-{number:03}  ")),
            "VFY-{number:03}"
        );
    }
    let without = Machine::new(dev().skip_istio(), &[]).output("verify-all.sh", &["--list"]);
    for number in 1..40 {
        assert_eq!(
            without.contains(&format!("\nVFY-{number:03}  ")),
            !(13..19).contains(&number),
            "VFY-{number:03}"
        );
    }
    assert!(!without.contains("istio") && !without.contains("ztunnel"));
}

#[test]
fn the_documented_status_commands_are_asked() {
    let list = Machine::new(dev(), &[]).output("verify-all.sh", &["--list"]);
    for (id, command) in [
        (
            "STATUS argocd-admin",
            "kubectl get secret -n argocd argocd-initial-admin-secret ",
        ),
        (
            "STATUS violations",
            "kubectl describe K8sDenyPrivileged deny-privileged-container",
        ),
        (
            "STATUS ruler",
            "kubectl get pods -n monitoring -l app.kubernetes.io/component=ruler ",
        ),
        (
            "STATUS collector-logs",
            "kubectl logs -n monitoring deploy/otel-collector ",
        ),
    ] {
        let question = list.split(&format!("\n{id}  ")).nth(1).unwrap();
        let asked = question.lines().nth(1).unwrap().trim();
        assert!(asked.starts_with(command), "{id}: {asked}");
    }
}

#[test]
fn expectations_follow_the_lab() {
    let list = Machine::new(
        dev()
            .profile(Profile::DataCenter)
            .configure(|kind: &mut Kind| kind.workers = 4)
            .configure(|platform: &mut Platform| platform.quota.pods = "7".into()),
        &[],
    )
    .output("verify-all.sh", &["--list"]);
    let expected = |id: &str| {
        let rest = list.split(&format!("\n{id}  ")).nth(1).unwrap();
        rest.lines()
            .find_map(|line| line.strip_prefix("    expects "))
            .unwrap()
    };
    assert_eq!(expected("VFY-001"), "5 pods, 1/1 Running");
    assert_eq!(expected("VFY-028"), "4 pods, 2/2 Running");
    assert_eq!(
        expected("VFY-019"),
        "10 pods, all containers ready, Running"
    );
    assert!(expected("VFY-006").ends_with("Number of peers: 4"));
    assert!(expected("VFY-031").starts_with("pods: 3/7, "));
}

#[test]
fn no_target_is_beyond_the_quota() {
    let lab = || {
        dev().configure(|platform: &mut Platform| {
            platform.quota.pods = "2".into();
            // The Job's does not fit, the others do.
            platform.quota.requests_memory = "300Mi".into();
        })
    };
    let machine = Machine::new(lab(), &["kubectl"]);
    let list = machine.output("verify-all.sh", &["--list"]);
    let rest = list.split("\nVFY-031  ").nth(1).unwrap();
    let lines: Vec<&str> = rest.lines().map(str::trim).collect();
    let expected = lines[2];
    assert!(
        expected.starts_with(
            "expects pods: at most 2, which is less than is asked for, requests.cpu: "
        ),
        "{expected}"
    );
    assert!(!list.contains("3/2"));

    machine.answer(ANSWERS_AT_ALL, "v1.35.0");
    let command = pinned(lines[1]);
    let verdict = |pods: &str, memory: &str| -> String {
        machine.answer(
            &command,
            &format!("pods  {pods}  2\nrequests.cpu  250m  4\nrequests.memory  {memory}  300Mi\n"),
        );
        let printed = text(&machine.run("verify-all.sh", &[]));
        let line = printed.lines().find(|line| line.contains(" VFY-031 "));
        line.unwrap().split_whitespace().next().unwrap().to_owned()
    };
    assert_eq!(verdict("2", "288Mi"), "ok");
    assert_eq!(verdict("2", "352Mi"), "FAIL");
}

/// The addresses in a text that lead to the machine of the reader.
fn addresses(text: &str) -> Vec<&str> {
    let begins = text.match_indices("http://").map(|(at, _)| at);
    begins
        .map(|at| {
            let rest = &text[at..];
            let end = rest.find(|c: char| c.is_whitespace() || "'\"`|)".contains(c));
            &rest[..end.unwrap_or(rest.len())]
        })
        .filter(|url| url.contains(".lab-dev.local"))
        .collect()
}

#[test]
fn every_address_carries_the_port_of_the_machine() {
    let lab = || {
        dev().rewire(|wiring| {
            wiring.gateway.http.host = 8080;
            wiring.gateway.https.host = 8443;
        })
    };
    let machine = Machine::new(lab(), &[]);
    let bundle = lab().build().unwrap();
    let mut seen = 0;
    for text in [
        machine.output("setup.sh", &["--dry-run"]),
        machine.output("verify-all.sh", &["--list"]),
        fs::read_to_string(machine.path("tree of the lab").join("README.md")).unwrap(),
        fs::read_to_string(machine.path("tree of the lab").join("setup.sh")).unwrap(),
        bundle.release("grafana").unwrap().values.to_string(),
    ] {
        for address in addresses(&text) {
            assert!(address.contains(".lab-dev.local:8080"), "{address}");
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen}");
    let list = machine.output("verify-all.sh", &["--list"]);
    assert!(
        list.contains("--resolve grafana.lab-dev.local:8080:127.0.0.1"),
        "{list}"
    );
    assert!(!list.contains(".local:80:"), "{list}");
    // With the usual port nothing changes.
    let plain = Machine::new(dev(), &[]).output("verify-all.sh", &["--list"]);
    assert!(
        addresses(&plain)
            .iter()
            .all(|address| !address.contains(".local:"))
    );
}

#[test]
fn verify_is_pinned_to_one_cluster() {
    let machine = Machine::new(dev(), &ALL);
    machine.answer("EVERYTHING_WORKS", "");
    machine.answer("kubectl config current-context", "production\n");
    let printed = text(&machine.run("verify-all.sh", &[]));
    assert!(printed.contains("Cluster: context kind-lab"), "{printed}");
    for call in machine.calls() {
        let pinned = call.starts_with("kubectl --context kind-lab ")
            || call.starts_with("helm --kube-context kind-lab ");
        let asks = call.starts_with("kubectl version") || call.starts_with("helm version");
        let other = !call.starts_with("kubectl") && !call.starts_with("helm");
        assert!(pinned || asks || other, "{call}");
        assert!(!call.contains("kind-lab --context"), "{call}");
    }
    // The script that asks Grafana calls kubectl from another shell.
    let inner = "kubectl --context kind-lab get secret -n monitoring grafana -o jsonpath={.data.admin-password}";
    assert!(machine.calls().iter().any(|call| call == inner));

    let machine = Machine::new(without_kind(), &["kubectl"]);
    machine.answer("EVERYTHING_WORKS", "");
    machine.answer("kubectl config current-context", "mine\n");
    let calls = |machine: &Machine, context: &str| {
        let part = format!("kubectl --context {context} get pods ");
        machine
            .calls()
            .iter()
            .filter(|call| call.starts_with(&part))
            .count()
    };
    machine.run("verify-all.sh", &[]);
    assert!(calls(&machine, "mine") > 0);
    machine.run("verify-all.sh", &["--context", "other"]);
    assert!(calls(&machine, "other") > 0);

    let machine = Machine::new(without_kind(), &["kubectl"]);
    let output = machine.run("verify-all.sh", &[]);
    assert_eq!(code(&output), 2);
    assert!(text(&output).contains("there is no current context: choose one with --context NAME"));
    let output = Machine::new(dev(), &[]).run("verify-all.sh", &["--context", "other"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output).contains("runs in the kind cluster lab"));
}
