use stack_builder::Stack;
use stack_catalog::components::falco::{
    Driver, Metadata, Priority, Receiver, ReceiverKind, Rule, Sidekick, SidekickUi, Talon,
    UpstreamRules,
};
use stack_catalog::components::{Falco, KubePrometheusStack};
use stack_catalog::lab_builder::components::Kind;
use stack_catalog::{Home, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "falco",
    release: "falco",
    inner: &[],
    // Values of the charts that lie inside.
    unlisted: &[
        "falco-talon",
        "falcosidekick.webui",
        "k8s-metacollector",
        "falcosidekick.config",
        "falcosidekick.image",
        "falcosidekick.replicaCount",
        "falcosidekick.resources",
        "falcosidekick.serviceMonitor",
    ],
    // The chart would find out on the node which driver works.
    without: &["docker.io/falcosecurity/falco-driver-loader:0.44.1"],
    with: &[
        "docker.io/falcosecurity/falcosidekick:2.32.0",
        "ghcr.io/falcosecurity/rules/falco-rules:5",
        "ghcr.io/falcosecurity/plugins/plugin/container:0.7.1",
    ],
};

fn rule() -> Rule {
    let condition = "spawned_process and container and proc.name = nc";
    Rule::new("Netcat", condition, "nc: %proc.cmdline", Priority::Critical)
}

fn plain(stack: Stack) -> Stack {
    stack.with(Falco::default())
}

fn everything(stack: Stack) -> Stack {
    let receiver = |to| Receiver {
        to,
        from: Priority::Warning,
    };
    stack.with(KubePrometheusStack::default()).with(Falco {
        home: Home::own("runtime"),
        driver: Driver::KernelModule,
        least_priority: Priority::Notice,
        upstream_rules: UpstreamRules::AtStart,
        rules: vec![rule()],
        rule_files: [("lists.yaml".into(), "- list: x\n  items: [a]\n".into())].into(),
        on_every_node: false,
        sidekick: Some(Sidekick {
            receivers: vec![
                receiver(ReceiverKind::Alertmanager(
                    "http://kube-prometheus-stack-alertmanager.monitoring:9093".into(),
                )),
                receiver(ReceiverKind::Loki("http://loki.example.com".into())),
                receiver(ReceiverKind::Webhook("https://hooks.example.com".into())),
            ],
            settings_secret: Some("falco-receivers".into()),
            ui: Some(SidekickUi::new("falco-ui")),
            ..Sidekick::default()
        }),
        metadata: Some(Metadata::default()),
        talon: Some(Talon {
            rules: Some("- action: Cut off\n  actionner: kubernetes:networkpolicy\n".into()),
            ..Talon::default()
        }),
        ..Falco::default()
    })
}

fn alone(stack: Stack) -> Stack {
    stack.with(Falco {
        sidekick: None,
        ..Falco::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything, alone] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("falco").unwrap());
    }
    for bundle in proof::environments(everything) {
        let with_module = Chart {
            without: &[],
            with: &[
                "docker.io/falcosecurity/falcosidekick:2.32.0",
                "docker.io/falcosecurity/falcosidekick-ui:2.2.0",
                "docker.io/redis/redis-stack:7.2.0-v11",
                "docker.io/falcosecurity/k8s-metacollector:0.1.1",
                "falco.docker.scarf.sh/falcosecurity/falco-talon:0.3.0",
                "ghcr.io/falcosecurity/rules/falco-rules:5",
                "ghcr.io/falcosecurity/plugins/plugin/container:0.7.1",
                "ghcr.io/falcosecurity/plugins/plugin/k8smeta:0.4.1",
            ],
            ..CHART
        };
        with_module.runs_the_images_of(bundle.part("falco").unwrap());
    }
    proof::pulls_from_the_mirror(everything);
}

#[test]
fn what_is_declared_is_what_the_chart_makes() {
    for bundle in proof::environments(alone) {
        CHART.makes_what_is_declared_by(&bundle);
    }
}

#[test]
fn each_environment_is_clean() {
    for build in [plain, everything, alone] {
        for bundle in proof::environments(build) {
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}

#[test]
fn a_module_cannot_be_built_on_kind() {
    let found = |driver| {
        let falco = Falco {
            driver,
            ..Falco::default()
        };
        let stack = platform("dev", "dev.example.com");
        let codes = proof::codes(stack.with(Kind::default()).with(falco));
        codes.contains_key("kernel-module-on-kind")
    };
    assert!(found(Driver::KernelModule));
    assert!(!found(Driver::default()));
}

#[test]
fn rules_are_written_as_falco_reads_them() {
    let falco = Falco {
        rules: vec![Rule {
            tags: vec!["shell".into()],
            ..rule()
        }],
        ..Falco::default()
    };
    let bundle = platform("dev", "dev.example.com")
        .with(falco)
        .build()
        .unwrap();
    let text = &bundle.release("falco").unwrap().values["customRules"]["stack.yaml"];
    let read: serde_json::Value = serde_yaml::from_str(text.as_str().unwrap()).unwrap();
    let expected = serde_json::json!([{
        "rule": "Netcat",
        "desc": "Netcat",
        "condition": "spawned_process and container and proc.name = nc",
        "output": "nc: %proc.cmdline",
        "priority": "CRITICAL",
        "tags": ["shell"],
    }]);
    assert_eq!(read, expected);
}

#[test]
fn what_cannot_work_is_refused() {
    let to = |url: &str| Receiver {
        to: ReceiverKind::Loki(url.into()),
        from: Priority::Debug,
    };
    let with = |receivers| Falco {
        sidekick: Some(Sidekick {
            receivers,
            ..Sidekick::default()
        }),
        ..Falco::default()
    };
    for (falco, field) in [
        (with(vec![to("loki:3100")]), "sidekick.receivers[0]"),
        (
            with(vec![to("http://a"), to("http://b")]),
            "sidekick.receivers[1]",
        ),
        (
            Falco {
                rules: vec![rule()],
                rule_files: [("stack.yaml".into(), String::new())].into(),
                ..Falco::default()
            },
            "rule_files",
        ),
        (
            Falco {
                sidekick: None,
                talon: Some(Talon::default()),
                ..Falco::default()
            },
            "talon",
        ),
        (
            Falco {
                rules: vec![Rule::new("", "a", "b", Priority::Debug)],
                ..Falco::default()
            },
            "rules[0].rule",
        ),
    ] {
        let stack = platform("dev", "dev.example.com").with(falco);
        let error = stack.build().unwrap_err().to_string();
        assert!(error.contains(&format!("`{field}`")), "{error}");
    }
}

#[test]
fn events_reach_those_who_act_and_those_who_look() {
    let bundle = everything(platform("dev", "dev.example.com"))
        .build()
        .unwrap();
    let values = &bundle.release("falco").unwrap().values;
    let sidekick = &values["falcosidekick"];
    assert_eq!(
        sidekick["config"]["talon"]["address"],
        "http://falco-talon:2803"
    );
    // Not the chart's `admin:admin`.
    assert_eq!(sidekick["webui"]["user"], "");
    assert_eq!(sidekick["webui"]["existingSecret"], "falco-ui");
}

#[test]
fn the_image_of_its_helm_test_is_in_the_list() {
    let listed = |falco: Falco| {
        let bundle = platform("dev", "dev.example.com")
            .with(falco)
            .build()
            .unwrap();
        let files = bundle.files();
        let list = files.iter().find(|file| file.path == "images.tsv").unwrap();
        list.text.contains("appropriate/curl")
    };
    assert!(listed(Falco::default()));
    assert!(!listed(Falco {
        sidekick: None,
        ..Falco::default()
    }));
}
