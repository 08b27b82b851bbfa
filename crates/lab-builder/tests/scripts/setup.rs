//! `setup.sh`: what it runs, in which order, and what it refuses.

use super::machine::{ALL, HELD, Machine, code, dev, text, without_kind};

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
