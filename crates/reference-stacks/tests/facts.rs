//! The documented facts of the concept stacks, one by one: those that the register of the lab's facts leaves to this crate.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

use reference_stacks::documents::{delivery, landscape};
use reference_stacks::stacks::{Mesh, Network, Plan, Policies, Size, Storage};
use serde_json::Value;
use stack_builder::Bundle;

/// A fact: its id, and whether it holds.
type Fact = (&'static str, Box<dyn Fn() -> bool>);

fn fact(id: &'static str, holds: impl Fn() -> bool + 'static) -> Fact {
    (id, Box::new(holds))
}

/// The commands of the printed script, without what is printed and set.
fn commands() -> Vec<String> {
    let commands = delivery::script_as_printed().commands();
    let commands = commands
        .iter()
        .filter(|command| !matches!(command[0].as_str(), "echo" | "set"));
    commands.map(|command| command.join(" ")).collect()
}

fn bundle(plan: impl Into<Plan>) -> Bundle {
    let bundles = plan.into().fleet("prod", "example.com").build().unwrap();
    bundles.members().next().unwrap().1.clone()
}

/// Whether components of a stack bring all these systems.
fn brings(plan: impl Into<Plan>, systems: &[&str]) -> bool {
    let plan = plan.into();
    let bundle = bundle(plan);
    let parts: BTreeSet<&str> = bundle.parts().iter().map(|part| part.id()).collect();
    systems.iter().all(|system| {
        plan.choices().iter().any(|choice| {
            let there = |component: &str| parts.contains(component);
            choice.system == *system && choice.component.is_some_and(there)
        })
    })
}

/// Whether a system is there without a component, and it is said how.
fn says(size: Size, system: &str) -> bool {
    let choices = size.choices();
    let mut of = choices.iter().filter(|choice| choice.system == system);
    of.any(|choice| choice.component.is_none() && !choice.note.is_empty())
}

fn files() -> Vec<(String, String)> {
    delivery::kustomize().unwrap()
}

fn file(path: &str) -> Value {
    let files = files();
    let (_, text) = files.iter().find(|(name, _)| name == path).unwrap();
    kube_yaml::from_str(text).unwrap()
}

fn facts() -> Vec<Fact> {
    const RAW: &str = "kubectl apply -f https://raw.githubusercontent.com";
    let mut facts = Vec::new();
    let printed: [(&str, String); 10] = [
        (
            "CST-001",
            "istioctl install --set values.defaultRevision=default -y".into(),
        ),
        (
            "CST-002",
            "kubectl label namespace default istio-injection=enabled".into(),
        ),
        (
            "CST-003",
            format!("{RAW}/prometheus-operator/prometheus-operator/main/bundle.yaml"),
        ),
        ("CST-004", "kubectl create namespace argocd".into()),
        (
            "CST-005",
            format!("{RAW}/argoproj/argo-cd/stable/manifests/install.yaml")
                .replace("apply -f", "apply -n argocd -f"),
        ),
        (
            "CST-006",
            format!(
                "{RAW}/jaegertracing/jaeger-operator/main/deploy/crds/jaegertracing.io_jaegers_crd.yaml"
            ),
        ),
        (
            "CST-007",
            format!("{RAW}/jaegertracing/jaeger-operator/main/deploy/operator.yaml"),
        ),
        (
            "CST-008",
            "kubectl apply -f ./manifests/observability/".into(),
        ),
        (
            "CST-009",
            "kubectl apply -f ./manifests/service-mesh/".into(),
        ),
        ("CST-010", "kubectl apply -f ./manifests/gitops/".into()),
    ];
    for (at, (id, command)) in printed.into_iter().enumerate() {
        facts.push(fact(id, move || commands()[at] == command));
    }
    let order = [
        "Istio",
        "Prometheus Operator",
        "Argo CD",
        "Jaeger",
        "integration configuration",
        "status check",
    ];
    facts.push(fact("CST-011", move || {
        let of = |script: reference_stacks::script::Script| {
            let titles = script
                .sections()
                .iter()
                .map(|section| section.title.clone());
            titles
                .filter(|title| title != "Namespaces")
                .collect::<Vec<_>>()
        };
        of(delivery::script_as_printed()) == order && of(delivery::script()) == order
    }));
    facts.push(fact("CST-012", || {
        ["istio-system", "argocd", "observability"]
            .iter()
            .all(|namespace| commands().contains(&format!("kubectl get pods -n {namespace}")))
    }));

    facts.push(fact("SEL-001", || {
        let systems = [
            "Argo CD",
            "Prometheus",
            "Grafana",
            "Loki",
            "Trivy",
            "Kyverno",
            "EBS",
            "Velero",
        ];
        let small = Plan::of(Size::Small);
        let flannel = Plan {
            network: Network::Flannel,
            ..small
        };
        let zones = Size::Small.clusters("prod", "example.com")[0].zones.len();
        brings(small, &systems)
            && brings(small, &["Calico"])
            && brings(flannel, &["Flannel"])
            && zones == 1
    }));
    facts.push(fact("SEL-002", || {
        let systems = [
            "Argo CD ApplicationSet",
            "Tempo",
            "OpenTelemetry Collector",
            "Falco",
            "Gatekeeper",
            "EBS",
            "Rook/Ceph",
        ];
        let medium = Plan::of(Size::Medium);
        let calico = Plan {
            network: Network::Calico,
            ..medium
        };
        let zones = Size::Medium.clusters("prod", "example.com")[0].zones.len();
        brings(medium, &systems)
            && brings(medium, &["Cilium"])
            && brings(calico, &["Calico"])
            && zones > 1
    }));
    facts.push(fact("SEL-003", || {
        let systems = [
            "Cilium",
            "Istio",
            "GitOps (multi-cluster)",
            "Thanos",
            "SPIRE",
            "mTLS",
            "Gatekeeper",
            "Velero",
        ];
        let regions: BTreeSet<String> = Size::Large
            .clusters("prod", "example.com")
            .into_iter()
            .map(|cluster| cluster.region)
            .collect();
        brings(Size::Large, &systems)
            && says(Size::Large, "PSA")
            && says(Size::Large, "Regional DR")
            && regions.len() > 1
    }));

    let terraform = || {
        let bundle = bundle(Size::Quick);
        let files = bundle.files();
        let file = files
            .iter()
            .find(|file| file.path == "00-cluster/main.tf")
            .unwrap();
        file.text.contains("terraform-aws-modules/eks/aws")
    };
    facts.push(fact("QKB-001", terraform));
    facts.push(fact("QKB-002", || {
        let chart = delivery::chart_template().unwrap();
        let application = serde_json::to_value(delivery::api()).unwrap();
        brings(Size::Quick, &["Helm chart", "Argo CD Application"])
            && chart.contains("{{ .Values.replicaCount }}")
            && application["spec"]["source"]["path"] == "helm/api"
    }));
    facts.push(fact("QKB-003", || {
        brings(
            Size::Quick,
            &[
                "kube-prometheus-stack",
                "Loki",
                "Tempo",
                "OpenTelemetry Collector",
            ],
        )
    }));
    facts.push(fact("QKB-004", || {
        let quick = Plan::of(Size::Quick);
        let gatekeeper = Plan {
            policies: Policies::Gatekeeper,
            ..quick
        };
        brings(quick, &["Kyverno"])
            && brings(gatekeeper, &["Gatekeeper"])
            && says(Size::Quick, "Trivy")
            && landscape::scan_command()[..2] == ["trivy", "image"]
    }));
    facts.push(fact("QKB-005", || {
        brings(Size::Quick, &["Cilium", "Gateway API"])
    }));
    facts.push(fact("QKB-006", || {
        brings(Size::Quick, &["Velero"])
            && landscape::schedule_command().contains(&"--schedule=0 2 * * *".to_owned())
    }));

    facts.push(fact("RFA-001", || {
        let workflow = serde_json::to_value(delivery::workflow().unwrap()).unwrap();
        let steps = workflow["jobs"]["build"]["steps"].as_array().unwrap();
        let pushes = steps.iter().any(|step| {
            step["run"]
                .as_str()
                .is_some_and(|run| run.contains("docker push"))
        });
        workflow["on"]["push"]["branches"][0] == "main" && pushes
    }));
    facts.push(fact("RFA-002", terraform));
    facts.push(fact("RFA-003", || {
        let set = serde_json::to_value(delivery::apps()).unwrap();
        let environments = set["spec"]["generators"][0]["list"]["elements"]
            .as_array()
            .unwrap()
            .len();
        brings(Size::Medium, &["Argo CD ApplicationSet"]) && environments > 1 && !files().is_empty()
    }));
    facts.push(fact("RFA-004", || {
        let linkerd = Plan {
            mesh: Mesh::Linkerd,
            ..Plan::of(Size::Quick)
        };
        brings(Size::Large, &["Cilium", "Istio"])
            && brings(linkerd, &["Cilium", "Gateway API", "Linkerd"])
    }));
    facts.push(fact("RFA-005", || {
        brings(
            Size::Medium,
            &[
                "Prometheus",
                "Loki",
                "Tempo",
                "OpenTelemetry Collector",
                "Grafana",
            ],
        )
    }));
    facts.push(fact("RFA-006", || {
        brings(Size::Medium, &["Gatekeeper", "cert-manager", "Falco"])
            && brings(Size::Small, &["Trivy", "Kyverno"])
    }));
    facts.push(fact("RFA-007", || {
        let ceph = Plan {
            storage: Storage::Ceph,
            ..Plan::of(Size::Large)
        };
        brings(ceph, &["EBS", "Rook/Ceph", "Velero"]) && brings(Size::Small, &["EBS", "Velero"])
    }));

    let three_parts = || {
        use stack_availability::{Availability, Part, System};
        let part = |name: &str| Part::new(name, Availability::percent(99.95).unwrap());
        let system = System::new()
            .with(part("a").needs("b").needs("c"))
            .with(part("b"))
            .with(part("c"));
        system.of("a").unwrap()
    };
    facts.push(fact("PRI-002", move || {
        (three_parts().as_share() - 0.9995_f64.powi(3)).abs() < 1e-12
    }));
    facts.push(fact("PRI-003", move || {
        three_parts().to_string() == "99.85 %"
    }));
    facts.push(fact("PRI-017", || {
        landscape::backup_command().join(" ")
            == "velero backup create daily-$(date +%F) --include-namespaces prod --wait"
    }));
    facts.push(fact("PRI-018", || {
        landscape::schedule_command().join(" ")
            == "velero schedule create daily --schedule=0 2 * * * --include-namespaces prod"
    }));
    facts.push(fact("PRI-019", || {
        landscape::scan_command().join(" ")
            == "trivy image ghcr.io/acme/api:1.4.7 --severity CRITICAL,HIGH"
    }));
    facts.push(fact("PRI-020", || {
        let base = file("base/kustomization.yaml");
        let prod = file("overlays/prod/kustomization.yaml");
        let more = prod["patches"][0]["patch"]
            .as_str()
            .unwrap()
            .contains("/resources/requests");
        base["resources"][0] == "deployment.yaml"
            && base["resources"][1] == "service.yaml"
            && file("overlays/dev/kustomization.yaml")["namePrefix"] == "dev-"
            && prod["replicas"][0]["count"].as_u64() > Some(3)
            && more
            && prod.get("commonAnnotations").is_some()
    }));
    facts.push(fact("ANT-003", || {
        use stack_check::{Config, Level};
        let codes = |object: Value| {
            let checks = [("single-failure-domain".to_owned(), Level::Warn)].into();
            let config = Config {
                checks,
                ..Config::default()
            };
            stack_check::run(&stack_model::Model::read([object]), &config)
                .findings
                .len()
        };
        let printed = serde_json::to_value(landscape::deployment_as_printed()).unwrap();
        let spread = serde_json::to_value(landscape::deployment()).unwrap();
        codes(printed) == 1 && codes(spread) == 0
    }));
    facts
}

#[test]
fn every_fact_holds() {
    let wrong: Vec<&str> = facts()
        .iter()
        .filter(|(_, holds)| !holds())
        .map(|(id, _)| *id)
        .collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn these_are_the_facts_that_the_register_leaves_to_this_crate() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../lab-builder/tests/facts/reference_stacks.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let class: Value = kube_yaml::from_str(&text).unwrap();
    let mut left = BTreeSet::new();
    for group in class["groups"].as_array().unwrap() {
        for entry in group["ids"].as_array().unwrap() {
            let entry = entry.as_str().unwrap();
            let (prefix, numbers) = entry.split_once('-').unwrap();
            let (first, last) = numbers.split_once("..").unwrap_or((numbers, numbers));
            let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
            left.extend((first..=last).map(|number| format!("{prefix}-{number:03}")));
        }
    }
    let ids: Vec<String> = facts().iter().map(|(id, _)| (*id).to_owned()).collect();
    let here: BTreeSet<String> = ids.iter().cloned().collect();
    assert_eq!(ids.len(), here.len(), "each once");
    assert_eq!(here, left);
    assert_eq!(here.len(), 35);
}
