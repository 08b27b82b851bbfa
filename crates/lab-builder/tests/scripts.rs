//! The programs at the root of the tree, really run: with programs in place of kind, kubectl and helm that write down
//! how they are called, and answer what the test tells them.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::{Command, Output};

use lab_builder::components::{Kind, Platform};
use lab_builder::{Environment, Lab, Profile};
use tempfile::TempDir;

/// A rendered lab, and a machine on which nothing is installed but what a test asks for.
struct Machine {
    folder: TempDir,
}

/// What every machine has.
const BASICS: [&str; 10] = [
    "bash", "sh", "cat", "cut", "dirname", "grep", "head", "sed", "sleep", "tr",
];

/// Writes down its call, and answers what lies under the call's name; a call without an answer fails.
const STUB: &str = r#"#!/bin/bash
printf '%s' "${0##*/}" >>"$CALLS"
printf ' %s' "$@" >>"$CALLS"
printf '\n' >>"$CALLS"
name=$(printf '%s' "${0##*/} $*" | tr -c 'A-Za-z0-9' '_' | cut -c 1-200)
if [ -e "$ANSWERS/$name" ]; then
  cat "$ANSWERS/$name"
  exit 0
fi
[ -e "$ANSWERS/EVERYTHING_WORKS" ]
"#;

impl Machine {
    fn new(lab: Lab, programs: &[&str]) -> Self {
        let machine = Machine {
            folder: tempfile::tempdir().unwrap(),
        };
        lab.build()
            .unwrap()
            .write_tree(machine.path("tree of the lab"))
            .unwrap();
        for folder in ["bin", "answers", "elsewhere"] {
            fs::create_dir(machine.path(folder)).unwrap();
        }
        for program in BASICS {
            let found = ["/usr/bin", "/bin"]
                .iter()
                .map(|folder| PathBuf::from(folder).join(program))
                .find(|p| p.exists());
            symlink(found.unwrap(), machine.path("bin").join(program)).unwrap();
        }
        for program in programs {
            let path = machine.path("bin").join(program);
            fs::write(&path, STUB).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Lets a call of a stub succeed with an answer.
    fn answer(&self, call: &str, text: &str) {
        let name: String = call
            .bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() {
                    b as char
                } else {
                    '_'
                }
            })
            .take(200)
            .collect();
        fs::write(self.path("answers").join(name), text).unwrap();
    }

    /// Lets a call fail again.
    fn forget(&self, call: &str) {
        let name: String = call
            .bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() {
                    b as char
                } else {
                    '_'
                }
            })
            .take(200)
            .collect();
        fs::remove_file(self.path("answers").join(name)).unwrap();
    }

    fn run(&self, script: &str, arguments: &[&str]) -> Output {
        Command::new("/bin/bash")
            .arg(self.path("tree of the lab").join(script))
            .args(arguments)
            .current_dir(self.path("elsewhere"))
            .env_clear()
            .env("PATH", self.path("bin"))
            .env("CALLS", self.path("calls"))
            .env("ANSWERS", self.path("answers"))
            .output()
            .unwrap()
    }

    /// Runs a program that must succeed, and gives what it prints.
    fn output(&self, script: &str, arguments: &[&str]) -> String {
        let output = self.run(script, arguments);
        assert!(
            output.status.success(),
            "{script} {arguments:?}: {}",
            text(&output)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// The calls of stubs so far.
    fn calls(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path("calls")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// The lab in a cluster of the user's own.
fn without_kind() -> Lab {
    dev()
        .without("kind")
        .detach("cilium", "kind")
        .rewire(|wiring| wiring.cluster.api_server = Some("10.0.0.1".into()))
}

fn dev() -> Lab {
    Lab::new(Environment::Dev)
}

/// How the scripts ask which environment the kind cluster holds.
const HELD: &str = "kubectl --context kind-lab --request-timeout=10s get configmap lab-builder-environment \
    --namespace kube-system --ignore-not-found -o jsonpath={.data.environment}";

/// How the scripts ask whether the kind cluster answers.
const ANSWERS_AT_ALL: &str = "kubectl --context kind-lab --request-timeout=10s version";

/// A command as it is called once it is pinned to the kind cluster.
fn pinned(command: &str) -> String {
    match command.split_once(' ') {
        Some(("kubectl", rest)) => format!("kubectl --context kind-lab {rest}"),
        Some(("helm", rest)) => format!("helm --kube-context kind-lab {rest}"),
        _ => command.to_owned(),
    }
}

const ALL: [&str; 6] = ["kind", "kubectl", "helm", "docker", "openssl", "curl"];

#[test]
fn dry_run_prints_every_command_and_needs_no_program() {
    let machine = Machine::new(dev(), &[]);
    insta::assert_snapshot!(
        "setup_dry_run",
        machine.output("setup.sh", &["--env", "dev", "--light", "--dry-run"])
    );
    insta::assert_snapshot!(
        "teardown_dry_run",
        machine.output("teardown.sh", &["--env=dev", "--dry-run"])
    );
}

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

#[test]
fn setup_runs_what_the_dry_run_says_and_can_be_run_again() {
    let machine = Machine::new(dev(), &ALL);
    machine.answer("EVERYTHING_WORKS", "");
    let dry: Vec<String> = machine
        .output("setup.sh", &["--dry-run"])
        .lines()
        .filter_map(|line| {
            line.strip_prefix("  ")
                .filter(|line| !line.starts_with('#'))
        })
        .map(str::to_owned)
        .collect();
    assert_eq!(machine.calls(), Vec::<String>::new());

    let printed = machine.output("setup.sh", &["--env", "dev"]);
    for part in [
        "[3/9] kong",
        "[3/9] kong: done in ",
        "waiting until release kong is ready",
        "Lab dev is installed",
    ] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
    // Programs of the tree call some more.
    let called: Vec<String> = machine.calls();
    let mut rest = called.iter();
    for command in dry.iter().filter(|command| !command.starts_with("bash ")) {
        let plain = command.replace('\'', "");
        assert!(
            rest.any(|call| *call == plain),
            "{plain} is not called, or too early"
        );
    }

    machine.answer("kind get clusters", "other\nlab\n");
    machine.answer(HELD, "dev");
    let again = machine.output("setup.sh", &[]);
    assert!(again.contains("the cluster lab is there already"));
    let calls = machine.calls();
    assert_eq!(
        calls
            .iter()
            .filter(|call| call.starts_with("kind create"))
            .count(),
        1
    );
    assert!(calls.contains(&"kind export kubeconfig --name lab".to_owned()));
}

#[test]
fn setup_stops_at_the_first_error_and_names_the_command() {
    let machine = Machine::new(dev(), &ALL);
    machine.answer("kind get clusters", "");
    machine.answer("kind create cluster --config 00-kind/kind-config.yaml", "");
    machine.answer(
        "kubectl --context kind-lab create configmap lab-builder-environment --namespace kube-system \
         --from-literal=environment=dev",
        "",
    );
    let output = machine.run("setup.sh", &[]);
    assert_eq!(code(&output), 1);
    let text = text(&output);
    assert!(
        text.contains("error: step 2 (cilium) stopped after")
            && text.contains("helm --kube-context kind-lab upgrade --install cilium")
    );
    assert!(!text.contains("[3/9]") && !text.contains("[2/9] cilium: done"));
    assert_eq!(
        machine
            .calls()
            .iter()
            .filter(|call| call.starts_with("helm --kube-context"))
            .count(),
        1
    );
}

#[test]
fn skip_istio_leaves_out_istio_and_nothing_else() {
    let machine = Machine::new(dev(), &[]);
    let commands = |arguments: &[&str]| -> Vec<String> {
        let text = machine.output("setup.sh", arguments);
        text.lines()
            .filter(|line| line.starts_with("  ") && !line.starts_with("  #"))
            .map(str::to_owned)
            .collect()
    };
    let (all, some) = (
        commands(&["--dry-run"]),
        commands(&["--dry-run", "--skip-istio"]),
    );
    let gone: Vec<&String> = all.iter().filter(|line| !some.contains(line)).collect();
    assert!(
        gone.iter()
            .all(|line| line.contains("02-istio/") || line.contains("authorization-policy.yaml")),
        "{gone:?}"
    );
    assert!(
        gone.iter()
            .any(|line| line.contains("authorization-policy.yaml"))
    );
    assert!(!some.iter().any(|line| line.contains("istio")));
    assert_eq!(all.len(), some.len() + gone.len());

    // A lab without Istio takes the option too.
    let without = Machine::new(dev().skip_istio(), &[]);
    assert_eq!(
        without.output("setup.sh", &["--dry-run", "--skip-istio"]),
        without.output("setup.sh", &["--dry-run"])
    );
}

#[test]
fn calls_that_cannot_be_right_are_refused() {
    let machine = Machine::new(dev(), &[]);
    for script in ["setup.sh", "verify-all.sh", "teardown.sh"] {
        for (arguments, part) in [
            (&["--env", "stg"][..], "environment dev, not stg"),
            (&["--env=prod"], "environment dev, not prod"),
            (&["--env"], "--env needs a name"),
            (&["--enviroment", "dev"], "unknown argument --enviroment"),
        ] {
            let output = machine.run(script, arguments);
            assert_eq!(code(&output), 2, "{script} {arguments:?}");
            assert!(
                text(&output).contains(part),
                "{script} {arguments:?}: {}",
                text(&output)
            );
        }
        let help = machine.output(script, &["--help"]);
        assert!(help.contains("--env NAME") && help.contains("dev"));
    }
    let output = machine.run("setup.sh", &[]);
    assert_eq!(code(&output), 2);
    for program in ["kind", "kubectl", "helm", "openssl"] {
        assert!(
            text(&output).contains(&format!(" {program}")),
            "{program} in {}",
            text(&output)
        );
    }
    let output =
        Machine::new(dev(), &["kind", "kubectl", "helm", "openssl", "curl"]).run("setup.sh", &[]);
    assert_eq!(
        (
            code(&output),
            text(&output).contains("docker, podman or nerdctl")
        ),
        (2, true)
    );
}

#[test]
fn teardown_is_safe() {
    let machine = Machine::new(dev(), &["kind", "kubectl"]);
    machine.answer("kind get clusters", "other\n");
    assert!(
        machine
            .output("teardown.sh", &[])
            .contains("There is no cluster lab")
    );

    machine.answer("kind get clusters", "lab\nother\n");
    machine.answer("kind delete cluster --name lab", "");
    // Another environment's, nobody's, and one that does not answer: none is removed, whatever is said.
    for (held, part) in [
        (Some("stg"), "the lab of environment stg"),
        (Some(""), "was not set up by setup.sh"),
        (None, "does not answer"),
    ] {
        match held {
            Some(held) => machine.answer(HELD, held),
            None => machine.forget(HELD),
        }
        let output = machine.run("teardown.sh", &["--env", "dev", "--yes"]);
        assert_eq!(code(&output), 2, "{}", text(&output));
        assert!(text(&output).contains(part), "{}", text(&output));
    }
    let deleted = || {
        let calls = machine.calls();
        calls
            .iter()
            .filter(|call| call.starts_with("kind delete"))
            .count()
    };
    assert_eq!(deleted(), 0);
    machine.answer(HELD, "dev");
    machine.output("teardown.sh", &["--env", "dev"]);
    assert_eq!(deleted(), 1);
}

#[test]
fn setup_takes_no_cluster_of_another_environment() {
    let machine = Machine::new(dev(), &ALL);
    machine.answer("EVERYTHING_WORKS", "");
    machine.answer("kind get clusters", "lab\n");
    let installs = || {
        let calls = machine.calls();
        calls
            .iter()
            .any(|call| call.contains(" upgrade --install ") || call.contains(" apply "))
    };
    machine.answer(HELD, "stg");
    let output = machine.run("setup.sh", &["--yes"]);
    assert_eq!(code(&output), 2);
    assert!(
        text(&output).contains("holds the lab of environment stg"),
        "{}",
        text(&output)
    );

    // Nobody has marked it: asked, and there is nobody to answer.
    machine.answer(HELD, "");
    let output = machine.run("setup.sh", &[]);
    assert_eq!(code(&output), 2);
    assert!(
        text(&output).contains("was not set up by this lab"),
        "{}",
        text(&output)
    );
    assert!(!installs());
    machine.output("setup.sh", &["--yes"]);
    assert!(installs());
    assert!(machine.calls().contains(
        &"kubectl --context kind-lab create configmap lab-builder-environment --namespace kube-system \
          --from-literal=environment=dev"
            .to_owned()
    ));
}

#[test]
fn every_command_is_pinned_to_one_cluster_that_is_named_first() {
    let machine = Machine::new(dev(), &ALL);
    machine.answer("EVERYTHING_WORKS", "");
    let printed = machine.output("setup.sh", &[]);
    assert!(printed.find("context kind-lab").unwrap() < printed.find("[1/").unwrap());
    for call in machine.calls() {
        let pinned = call.starts_with("kubectl --context kind-lab ")
            || call.starts_with("helm --kube-context kind-lab ");
        let asks = call.starts_with("kubectl version") || call.starts_with("helm version");
        let other = !call.starts_with("kubectl") && !call.starts_with("helm");
        assert!(pinned || asks || other, "{call}");
    }
    let secret = "kubectl --context kind-lab get secret --namespace kong kong-gateway-tls";
    assert!(
        machine.calls().contains(&secret.to_owned()),
        "programs of the tree are pinned too"
    );
}

#[test]
fn without_kind_the_cluster_is_named_and_asked_for() {
    let machine = Machine::new(without_kind(), &ALL);
    machine.answer("EVERYTHING_WORKS", "");
    machine.answer("kubectl config current-context", "production\n");
    machine.answer(
        "kubectl --context production config view --minify -o jsonpath={.clusters[0].cluster.server}",
        "https://10.0.0.1:6443",
    );
    let changes = || {
        let calls = machine.calls();
        calls.iter().any(|call| {
            ["apply", "install", "delete", "create"]
                .iter()
                .any(|word| call.contains(&format!(" {word} ")))
        })
    };
    for script in ["setup.sh", "teardown.sh"] {
        let output = machine.run(script, &[]);
        assert_eq!(code(&output), 2, "{script}: {}", text(&output));
        assert!(
            text(&output).contains("context production, API server https://10.0.0.1:6443"),
            "{}",
            text(&output)
        );
    }
    let output = machine.run("teardown.sh", &["--yes"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output).contains("was not set up by setup.sh: nothing is removed"));
    assert!(!changes());

    let held = HELD.replace("kind-lab", "other");
    machine.answer(&held, "dev");
    machine.answer(
        "kubectl --context other config view --minify -o jsonpath={.clusters[0].cluster.server}",
        "https://10.0.0.2:6443",
    );
    machine.output("setup.sh", &["--context", "other"]);
    let output = machine.run("teardown.sh", &["--context=other"]);
    assert_eq!(
        code(&output),
        2,
        "it asks, and nobody answers: {}",
        text(&output)
    );
    machine.output("teardown.sh", &["--context=other", "--yes"]);
    assert!(
        machine
            .calls()
            .iter()
            .any(|call| call.starts_with("helm --kube-context other uninstall "))
    );
    assert_eq!(
        machine.calls().last().unwrap(),
        "kubectl --context other delete configmap lab-builder-environment --namespace kube-system --ignore-not-found"
    );
}

#[test]
fn programs_that_are_too_old_are_refused() {
    let machine = Machine::new(dev(), &ALL);
    machine.answer("kind get clusters", "");
    for (call, old, new, part) in [
        (
            "helm version --short",
            "v3.9.4+gdbc6d8e\n",
            "v4.0.0+g99cd196\n",
            "helm is of version 3.9, and must be 3.13 or later: https://",
        ),
        (
            "kind version",
            "kind v0.30.0 go1.24.6 linux/amd64\n",
            "kind v0.31.0 go1.25.5 linux/amd64\n",
            "kind is of version 0.30, and must be 0.31 or later: https://",
        ),
        (
            "kubectl version --client",
            "Client Version: v1.30.14\nKustomize Version: v5.0.4\n",
            "Client Version: v1.31.0\nKustomize Version: v5.4.2\n",
            "kubectl is of version 1.30, and must be 1.31 or later: https://",
        ),
    ] {
        machine.answer(call, old);
        let output = machine.run("setup.sh", &[]);
        assert_eq!(code(&output), 2, "{}", text(&output));
        assert!(text(&output).contains(part), "{}", text(&output));
        machine.answer(call, new);
    }
    for (call, old, new) in [
        ("helm version --short", "v3.12.9\n", "v3.13.0\n"),
        (
            "kubectl version --client",
            "Client Version: v1.30.14\n",
            "Client Version: v1.31.0\n",
        ),
    ] {
        machine.answer(call, old);
        let output = machine.run("verify-all.sh", &[]);
        assert_eq!(code(&output), 2, "{}", text(&output));
        assert!(
            text(&output).contains(" or later: https://"),
            "{}",
            text(&output)
        );
        machine.answer(call, new);
    }
    assert!(!text(&machine.run("verify-all.sh", &[])).contains("or later"));
    let output = machine.run("setup.sh", &[]);
    assert_eq!(code(&output), 1, "goes on: {}", text(&output));
    assert!(!text(&output).contains("must be"));
    assert!(
        machine
            .output("setup.sh", &["--help"])
            .contains("kubectl    1.31 or later: https://kubernetes.io/")
    );
}

#[test]
fn teardown_fails_where_kind_cannot_be_asked() {
    // kind is there and fails: no answer is known to it.
    let machine = Machine::new(dev(), &["kind", "kubectl"]);
    let output = machine.run("teardown.sh", &[]);
    assert_eq!(code(&output), 2, "{}", text(&output));
    assert!(text(&output).contains("error: kind cannot say which clusters there are"));
    assert!(!text(&output).contains("There is no cluster"));

    let output = Machine::new(dev(), &["kubectl"]).run("teardown.sh", &[]);
    assert_eq!(code(&output), 2, "{}", text(&output));
    assert!(text(&output).contains("not installed: kind"));

    // The same holds before anything is installed.
    let machine = Machine::new(dev(), &ALL);
    let output = machine.run("setup.sh", &[]);
    assert_eq!(code(&output), 2, "{}", text(&output));
    assert!(text(&output).contains("error: kind cannot say which clusters there are"));
}

#[test]
fn without_kind_teardown_takes_everything_back_last_first() {
    let machine = Machine::new(without_kind(), &[]);
    let printed = machine.output("teardown.sh", &["--dry-run"]);
    let at = |part: &str| {
        printed
            .find(part)
            .unwrap_or_else(|| panic!("{part} in {printed}"))
    };
    assert!(at("platform/limit-range.yaml") < at("uninstall kong"));
    assert!(at("uninstall istio-ztunnel") < at("uninstall istio-base"));
    assert!(at("uninstall istio-base") < at("uninstall cilium"));
    assert!(!printed.contains("kind delete"));
}

/// What a lab in order answers, by check, and one answer that is not in order.
const ANSWERS: [(&str, &str, &str); 43] = [
    ("STATUS argocd-admin", "password", "LENIENT"),
    (
        "STATUS violations",
        "Name:         deny-privileged-container\nStatus:\n  Audit Timestamp:  2026-02-28T09:12:33Z\n  Total Violations:  0\nEvents:  <none>\n",
        "Name:         deny-privileged-container\nStatus:\nEvents:  <none>\n",
    ),
    (
        "STATUS ruler",
        "mimir-ruler-6d8f9c7b5-x2x4z   1/1   Running   0     1d\n",
        "No resources found in monitoring namespace.\n",
    ),
    (
        "STATUS collector-logs",
        "2026-02-28T09:12:33.123Z\tinfo\tservice/service.go:265\tEverything is ready. Begin running and processing data.\n",
        "",
    ),
    (
        "VFY-001",
        "cilium-a 1/1 Running 0 1d\ncilium-b 1/1 Running 0 1d\ncilium-c 1/1 Running 0 1d\n",
        "cilium-a 1/1 Running 0 1d\n",
    ),
    (
        "VFY-002",
        "cilium-operator-a 1/1 Running 0 1d\ncilium-operator-b 1/1 Running 0 1d\n",
        "cilium-operator-a 1/1 Running 0 1d\ncilium-operator-b 0/1 CrashLoopBackOff 9 1d\n",
    ),
    (
        "VFY-003",
        "a 1/1 Running 0 1d\nb 1/1 Running 0 1d\nc 1/1 Running 2 (3h ago) 1d\n",
        "a 1/1 Running 0 1d\nb 1/1 Running 0 1d\nc 0/1 Running 0 1d\n",
    ),
    (
        "VFY-004",
        "KVStore: Disabled\nKubeProxyReplacement:    True   [eth0 172.18.0.3]\n",
        "KubeProxyReplacement:    False\n",
    ),
    ("VFY-005", "45 LINES", "12 LINES"),
    (
        "VFY-006",
        "Encryption: Wireguard\nInterface: cilium_wg0\n\tPublic key: x\n\tNumber of peers: 2\n",
        "Encryption: Disabled\n",
    ),
    (
        "VFY-007",
        "hubble-relay-a 1/1 Running 0 1d\n",
        "No resources found in kube-system namespace.\n",
    ),
    (
        "VFY-008",
        "kong   konghq.com/kic-gateway-controller   True       1d\n",
        "kong   konghq.com/kic-gateway-controller   Unknown   1d\n",
    ),
    (
        "VFY-009",
        "kong-gateway   kong   172.18.0.2   True         1d\n",
        "kong-gateway   kong      False   1d\n",
    ),
    (
        "VFY-010",
        "test-route\nhubble-ui\nargocd\ngrafana\ndemo-api\n",
        "hubble-ui\nargocd\ngrafana\n",
    ),
    (
        "VFY-011",
        "kong-gateway-proxy NodePort 10.96.1.1 <none> 80:30080/TCP,443:30443/TCP 1d\n",
        "kong-gateway-proxy LoadBalancer 10.96.1.1 <pending> 80:31080/TCP,443:30443/TCP 1d\n",
    ),
    (
        "VFY-012",
        "10.0.0.1 - - [28/Feb/2026] \"GET /get HTTP/1.1\" 200 12\n",
        "LENIENT",
    ),
    (
        "VFY-013",
        "istiod-a 1/1 Running 0 1d\n",
        "istiod-a 0/1 Pending 0 1d\n",
    ),
    (
        "VFY-014",
        "a 1/1 Running 0 1d\nb 1/1 Running 0 1d\nc 1/1 Running 0 1d\n",
        "a 1/1 Running 0 1d\nb 1/1 Running 0 1d\n",
    ),
    (
        "VFY-015",
        "a 1/1 Running 0 1d\nb 1/1 Running 0 1d\nc 1/1 Running 0 1d\n",
        "a 1/1 Running 0 1d\nb 1/1 Running 0 1d\nc 1/1 Running 0 1d\nd 1/1 Running 0 1d\n",
    ),
    (
        "VFY-016",
        "default   STRICT   1d\n",
        "default   PERMISSIVE   1d\n",
    ),
    (
        "VFY-017",
        "demo Active 1d env=dev,istio.io/dataplane-mode=ambient,team=platform\n",
        "demo Active 1d env=dev,istioXio/dataplane-mode=ambient\n",
    ),
    (
        "VFY-018",
        "info access connection complete src.addr=10.0.1.2 dst.hbone_addr=10.0.2.3:80\n",
        "LENIENT",
    ),
    ("VFY-019", "7 PODS", "8 PODS"),
    (
        "VFY-020",
        "No resources found in argocd namespace.\n",
        "FAILS",
    ),
    ("VFY-021", "2 PODS", "1 PODS"),
    (
        "VFY-022",
        "k8sdenyprivileged\nk8srequirelabels\nk8srequirenonroot\nk8srequireresourcelimits\n",
        "k8sdenyprivileged\nk8srequirelabels\nk8srequirenonroot\n",
    ),
    (
        "VFY-023",
        "deny-privileged-container\nrequire-labels\nrequire-non-root\nrequire-resource-limits\n",
        "require-labels\n",
    ),
    (
        "VFY-024",
        "otel-collector-a 1/1 Running 0 1d\n",
        "otel-collector-a 1/2 Running 0 1d\n",
    ),
    ("VFY-025", "9 PODS", "10 PODS"),
    (
        "VFY-026",
        "loki-0 2/2 Running 0 1d\nloki-canary-a 1/1 Running 0 1d\nloki-canary-b 1/1 Running 0 1d\n",
        "loki-0 1/2 Running 0 1d\nloki-canary-a 1/1 Running 0 1d\nloki-canary-b 1/1 Running 0 1d\n",
    ),
    ("VFY-027", "tempo-0 1/1 Running 0 1d\n", ""),
    (
        "VFY-028",
        "alloy-a 2/2 Running 0 1d\nalloy-b 2/2 Running 0 1d\n",
        "alloy-a 1/1 Running 0 1d\nalloy-b 1/1 Running 0 1d\n",
    ),
    (
        "VFY-030",
        "lab-critical 1000000 false 1d\nlab-high 100000 false 1d\nlab-normal 10000 true 1d\nsystem-node-critical 2000001000 false 1d\n",
        "lab-critical 1000000 false 1d\nlab-high 100000 false 1d\nlab-normal 10000 false 1d\n",
    ),
    (
        "VFY-031",
        "Name: demo-quota\nResource Used Hard\n-------- ---- ----\nlimits.cpu  500m  8\npods        3     20\nrequests.cpu  250m  4\nrequests.memory  288Mi  8Gi\n",
        "pods        3     20\nrequests.cpu  2250m  4\nrequests.memory  288Mi  8Gi\n",
    ),
    (
        "VFY-032",
        "Type  Resource  Min  Max  Default Request  Default Limit  Max Limit/Request Ratio\nContainer   cpu       -    -    250m   2   -\nContainer   memory    -    -    512Mi  4Gi -\n",
        "Container   cpu       -    -    250m   2   -\nContainer   memory    -    -    512Mi  2Gi -\n",
    ),
    (
        "VFY-033",
        "Name: backend-pdb\nMin available:  1\nSelector: app=backend\nStatus:\n    Allowed disruptions:  1\n",
        "Min available:  1\n    Allowed disruptions:  0\n",
    ),
    ("VFY-034", "", "demo-app\n"),
    ("VFY-035", "True", "False"),
    ("VFY-036", "True", "False"),
    ("VFY-037", "200", "FAILS"),
    (
        "VFY-038",
        "nginx.......running\n\nKong is healthy at /kong_prefix\n",
        "Kong is not running\n",
    ),
    (
        "VFY-039",
        "==> Linting .\n[INFO] Chart.yaml: icon is recommended\n\n1 chart(s) linted, 0 chart(s) failed\n",
        "1 chart(s) linted, 1 chart(s) failed\n",
    ),
    (
        "RELEASE cilium",
        // The members and their order are those of Helm's `releaseElement`; it prints one line.
        r#"[{"name":"cilium","namespace":"kube-system","revision":"1","updated":"2026-02-28 09:12:33.123456789 +0900 KST","status":"deployed","chart":"cilium-1.19.1","app_version":"1.19.1"}]"#,
        r#"[{"name":"cilium","namespace":"kube-system","revision":"2","updated":"2026-02-28 09:15:01.987654321 +0900 KST","status":"failed","chart":"cilium-1.19.1","app_version":"1.19.1"}]"#,
    ),
];

/// The answer for a short form.
fn spelled(answer: &str) -> String {
    let pods = |count: &str| -> String {
        (0..count.parse().unwrap())
            .map(|at| format!("pod-{at} 1/1 Running 0 1d\n"))
            .collect()
    };
    match answer.split_once(' ') {
        Some((count, "PODS")) => format!("{}done-a 0/1 Completed 0 1d\n", pods(count)),
        Some((count, "LINES")) => pods(count),
        _ => answer.to_owned(),
    }
}

#[test]
fn verdicts_follow_the_answers() {
    let machine = Machine::new(dev(), &ALL);
    machine.answer(ANSWERS_AT_ALL, "v1.35.0");
    let list = machine.output("verify-all.sh", &["--list"]);
    let commands: BTreeMap<&str, String> = ANSWERS
        .iter()
        .map(|(id, ..)| {
            let rest = list.split(&format!("\n{id}  ")).nth(1).unwrap();
            (
                *id,
                pinned(&rest.lines().nth(1).unwrap().trim().replace('\'', "")),
            )
        })
        .collect();
    let verdict = |printed: &str, id: &str| -> String {
        let line = printed.lines().find(|line| {
            line.split_whitespace()
                .skip(1)
                .collect::<Vec<_>>()
                .join(" ")
                .starts_with(id)
        });
        line.unwrap_or_else(|| panic!("{id} in {printed}"))
            .split_whitespace()
            .next()
            .unwrap()
            .to_owned()
    };

    for (id, good, _) in ANSWERS {
        machine.answer(&commands[id], &spelled(good));
    }
    let printed = text(&machine.run("verify-all.sh", &["--env", "dev"]));
    for (id, ..) in ANSWERS {
        assert_eq!(verdict(&printed, id), "ok", "{id} in {printed}");
    }

    for (id, _, bad) in ANSWERS {
        if bad == "FAILS" {
            let name: String = commands[id]
                .bytes()
                .map(|b| {
                    if b.is_ascii_alphanumeric() {
                        b as char
                    } else {
                        '_'
                    }
                })
                .take(200)
                .collect();
            fs::remove_file(machine.path("answers").join(name)).unwrap();
        } else {
            machine.answer(&commands[id], &spelled(bad));
        }
    }
    let output = machine.run("verify-all.sh", &[]);
    let printed = text(&output);
    for (id, _, bad) in ANSWERS {
        let expected = if bad == "LENIENT" { "skip" } else { "FAIL" };
        assert_eq!(verdict(&printed, id), expected, "{id} in {printed}");
    }
    assert_eq!(code(&output), 1);
    assert!(
        printed.contains("expected  3 pods, 1/1 Running") && printed.contains("found     1 pods")
    );
    // kubectl says that there is nothing, which is no pod.
    assert!(printed.contains("found     0 pods") && !printed.contains("No is"));
}

#[test]
fn every_release_is_judged_by_its_chart_and_status() {
    let bundle = dev().build().unwrap();
    let machine = Machine::new(dev(), &["kubectl", "helm"]);
    machine.answer(ANSWERS_AT_ALL, "v1.35.0");
    let verdicts = |status: &str, version: &str| -> Vec<String> {
        for release in bundle.releases() {
            let (name, namespace, chart) = (&release.name, &release.namespace, &release.chart);
            let version = if version.is_empty() {
                &chart.version
            } else {
                version
            };
            machine.answer(
                &pinned(&format!("helm list -n {namespace} --filter ^{name}$ -o json")),
                &format!(
                    r#"[{{"name":"{name}","namespace":"{namespace}","revision":"1","updated":"2026-02-28 09:12:33.1 +0000 UTC","status":"{status}","chart":"{}-{version}","app_version":""}}]"#,
                    chart.name
                ),
            );
        }
        let printed = text(&machine.run("verify-all.sh", &[]));
        let lines = printed.lines().filter(|line| line.contains(" RELEASE "));
        lines
            .map(|line| line.split_whitespace().next().unwrap().to_owned())
            .collect()
    };
    let all = bundle.releases().count();
    assert_eq!(all, 13);
    assert_eq!(verdicts("deployed", ""), vec!["ok"; all]);
    assert_eq!(verdicts("pending-upgrade", ""), vec!["FAIL"; all]);
    assert_eq!(verdicts("deployed", "0.0.1"), vec!["FAIL"; all]);
}

#[test]
fn the_exit_code_says_whether_the_lab_is_in_order() {
    // Everything succeeds and prints nothing: an empty lab has nothing to be checked but that it answers.
    let empty = || {
        Machine::new(
            Lab::empty(Environment::Dev).with(Kind::default()),
            &["kubectl"],
        )
    };
    let machine = empty();
    machine.answer(ANSWERS_AT_ALL, "v1.35.0");
    let output = machine.run("verify-all.sh", &[]);
    assert_eq!(code(&output), 1);
    assert!(
        text(&output).contains("0 ok, 3 failed, 0 skipped"),
        "{}",
        text(&output)
    );
    let pods = |count| {
        (0..count)
            .map(|at| format!("p{at} 1/1 Running 0 1d\n"))
            .collect::<String>()
    };
    for (command, count) in [
        ("kubectl get pods -n kube-system --no-headers", 6),
        ("kubectl get pods -n local-path-storage --no-headers", 1),
        (
            "kubectl get pods --all-namespaces --field-selector=status.phase=Running --no-headers",
            7,
        ),
    ] {
        machine.answer(&pinned(command), &pods(count));
    }
    assert!(
        machine
            .output("verify-all.sh", &[])
            .contains("3 ok, 0 failed, 0 skipped")
    );

    machine.answer(HELD, "stg");
    let output = machine.run("verify-all.sh", &[]);
    assert_eq!(code(&output), 2);
    assert!(text(&output).contains("holds the lab of environment stg, not dev"));
    machine.answer(HELD, "dev");
    assert_eq!(code(&machine.run("verify-all.sh", &[])), 0);

    machine.forget(ANSWERS_AT_ALL);
    let output = machine.run("verify-all.sh", &[]);
    assert_eq!(code(&output), 2);
    assert!(text(&output).contains("0 ok, 0 failed, 3 skipped"));
    assert!(text(&output).contains("kind export kubeconfig --name lab"));
    assert_eq!(
        text(&output).matches("skip").count(),
        1,
        "said once: {}",
        text(&output)
    );

    let output = Machine::new(dev(), &[]).run("verify-all.sh", &[]);
    assert_eq!(code(&output), 2);
    assert!(text(&output).contains("kubectl is not installed"));
}

#[test]
fn shellcheck_has_nothing_to_say() {
    let Ok(version) = Command::new("shellcheck").arg("--version").output() else {
        println!("shellcheck is not installed");
        return;
    };
    assert!(version.status.success());
    let registry = "registry.example.com/lab".parse().unwrap();
    for lab in [
        dev(),
        dev().skip_istio(),
        dev().registry(registry),
        without_kind(),
    ] {
        let machine = Machine::new(lab, &[]);
        let tree = machine.path("tree of the lab");
        let scripts = fs::read_dir(&tree)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let scripts: Vec<PathBuf> = scripts
            .filter(|path| path.extension().is_some_and(|end| end == "sh"))
            .collect();
        assert!(scripts.len() >= 3);
        let output = Command::new("shellcheck").args(scripts).output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
    }
}
