//! Addresses, ports and names that several parts share.

use super::*;

#[test]
fn a_shared_value_changes_on_all_sides() {
    struct Case {
        change: fn(&mut Wiring),
        /// What must stand in which files afterwards.
        now: &'static [(&'static str, &'static [&'static str])],
        /// What must stand nowhere any more.
        gone: &'static [&'static str],
    }
    let cases = [
        Case {
            change: |w| w.telemetry.mimir_gateway = "metrics-in".into(),
            now: &[(
                "metrics-in",
                &[
                    "mimir/values.yaml",
                    "otel-collector/config.yaml",
                    "tempo/values.yaml",
                    "alloy/values.yaml",
                    "grafana/values.yaml",
                ],
            )],
            gone: &["mimir-gateway"],
        },
        Case {
            change: |w| w.telemetry.mimir_gateway_port = 8080,
            now: &[
                (
                    "mimir-gateway.monitoring.svc.cluster.local:8080/otlp",
                    &["otel-collector/config.yaml"],
                ),
                (
                    "mimir-gateway.monitoring.svc.cluster.local:8080/api/v1/push",
                    &["tempo/values.yaml", "alloy/values.yaml"],
                ),
                ("port: 8080", &["mimir/values.yaml"]),
            ],
            gone: &["mimir-gateway.monitoring.svc.cluster.local/"],
        },
        Case {
            change: |w| w.telemetry.loki = "logs".into(),
            now: &[
                ("fullnameOverride: logs", &["loki/values.yaml"]),
                (
                    "http://logs.monitoring",
                    &[
                        "otel-collector/config.yaml",
                        "alloy/values.yaml",
                        "grafana/values.yaml",
                    ],
                ),
            ],
            gone: &["//loki.monitoring"],
        },
        Case {
            change: |w| w.telemetry.loki_port = 3101,
            now: &[
                ("http_listen_port: 3101", &["loki/values.yaml"]),
                (
                    "cluster.local:3101",
                    &[
                        "otel-collector/config.yaml",
                        "alloy/values.yaml",
                        "grafana/values.yaml",
                    ],
                ),
            ],
            gone: &["3100"],
        },
        Case {
            change: |w| w.telemetry.tempo = "traces".into(),
            now: &[
                ("fullnameOverride: traces", &["tempo/values.yaml"]),
                (
                    "traces.monitoring",
                    &["otel-collector/config.yaml", "grafana/values.yaml"],
                ),
            ],
            gone: &["tempo.monitoring"],
        },
        Case {
            change: |w| w.telemetry.alertmanager = "alerts".into(),
            now: &[
                (
                    "name: alerts",
                    &["alertmanager/service.yaml", "alertmanager/deployment.yaml"],
                ),
                (
                    "//alerts.monitoring",
                    &["mimir/values.yaml", "grafana/values.yaml"],
                ),
            ],
            gone: &["alertmanager.monitoring"],
        },
        Case {
            change: |w| w.telemetry.alertmanager_port = 9999,
            now: &[
                (
                    "port: 9999",
                    &["alertmanager/service.yaml", "alertmanager/deployment.yaml"],
                ),
                ("listen-address=:9999", &["alertmanager/deployment.yaml"]),
                (
                    "cluster.local:9999",
                    &["mimir/values.yaml", "grafana/values.yaml"],
                ),
            ],
            gone: &["9093"],
        },
        Case {
            change: |w| w.telemetry.collector = "gateway".into(),
            now: &[
                (
                    "name: gateway",
                    &[
                        "otel-collector/service.yaml",
                        "otel-collector/deployment.yaml",
                    ],
                ),
                (
                    "http://gateway.monitoring",
                    &["../06-demo-app/tracing-plugin.yaml"],
                ),
            ],
            gone: &["name: otel-collector"],
        },
        Case {
            change: |w| w.telemetry.otlp_http_port = 4418,
            now: &[
                ("0.0.0.0:4418", &["otel-collector/config.yaml"]),
                ("port: 4418", &["otel-collector/service.yaml"]),
                (
                    "cluster.local:4418",
                    &["../06-demo-app/tracing-plugin.yaml"],
                ),
            ],
            gone: &["4318"],
        },
        Case {
            change: |w| w.telemetry.grafana = "boards".into(),
            now: &[
                ("fullnameOverride: boards", &["grafana/values.yaml"]),
                ("name: boards", &["grafana/route.yaml"]),
            ],
            gone: &["fullnameOverride: grafana"],
        },
        Case {
            change: |w| w.telemetry.grafana_port = 3000,
            now: &[("port: 3000", &["grafana/values.yaml", "grafana/route.yaml"])],
            gone: &[],
        },
        Case {
            change: |w| w.telemetry.hubble_metrics_port = 9966,
            now: &[
                ("\"9966\"", &["alloy/values.yaml"]),
                ("port: 9966", &["../01-cilium/values.yaml"]),
            ],
            gone: &["9965"],
        },
        Case {
            change: |w| w.telemetry.sampling_wait_seconds = 20,
            now: &[("decision_wait: 20s", &["otel-collector/config.yaml"])],
            gone: &["decision_wait: 30s"],
        },
        Case {
            change: |w| w.telemetry.data_sources.tempo = "t1".into(),
            now: &[
                ("uid: t1", &["grafana/values.yaml"]),
                ("datasourceUid: t1", &["grafana/values.yaml"]),
            ],
            gone: &["datasourceUid: tempo"],
        },
        Case {
            change: |w| w.telemetry.namespace = "observed".into(),
            now: &[(
                "namespace: observed",
                &[
                    "otel-collector/service.yaml",
                    "mimir/rules.yaml",
                    "grafana/route.yaml",
                ],
            )],
            gone: &["monitoring"],
        },
        Case {
            change: |w| w.cluster.dns_domain = "corp.internal".into(),
            now: &[
                (
                    "clusterDomain: corp.internal",
                    &["mimir/values.yaml", "loki/values.yaml"],
                ),
                (
                    "svc.corp.internal",
                    &[
                        "alloy/values.yaml",
                        "otel-collector/config.yaml",
                        "grafana/values.yaml",
                    ],
                ),
            ],
            gone: &["cluster.local"],
        },
    ];
    for (at, case) in cases.into_iter().enumerate() {
        let bundle = dev().rewire(case.change).build().unwrap();
        let whole: BTreeMap<String, String> = bundle
            .files()
            .into_iter()
            .map(|file| (file.path, file.text))
            .collect();
        for (text, names) in case.now {
            for name in *names {
                let path = name
                    .strip_prefix("../")
                    .map_or_else(|| format!("05-lgtm/{name}"), str::to_owned);
                assert!(
                    whole[&path].contains(text),
                    "case {at}: {path} lacks {text}:\n{}",
                    whole[&path]
                );
            }
        }
        for (path, text) in files(&bundle) {
            for gone in case.gone {
                assert!(!text.contains(gone), "case {at}: {path} still has {gone}");
            }
        }
    }
}

/// Every Service of the namespace, ours and the charts', and its ports.
fn services(bundle: &Bundle) -> BTreeMap<String, BTreeSet<u16>> {
    let namespace = &bundle.wiring::<Wiring>().unwrap().telemetry.namespace;
    let mut services: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
    for provided in lgtm(bundle).provided() {
        if let Provided::Service {
            namespace: its,
            name,
            ports,
        } = provided
            && its == namespace
        {
            services.entry(name.clone()).or_default().extend(ports);
        }
    }
    for service in bundle.objects_of::<Service>() {
        if service.metadata.namespace.as_ref() == Some(namespace) {
            let ports = service
                .spec
                .iter()
                .flat_map(|spec| spec.ports.iter().flatten());
            let ports = ports.map(|port| u16::try_from(port.port).unwrap());
            services
                .entry(service.metadata.name.clone().unwrap())
                .or_default()
                .extend(ports);
        }
    }
    services
}

#[test]
fn every_address_leads_to_a_service_that_has_the_port() {
    let bundle = built();
    let services = services(&bundle);
    let address =
        Regex::new(r"([a-z0-9-]+)\.monitoring\.svc\.cluster\.local(?::([0-9]+))?").unwrap();
    let mut seen = BTreeSet::new();
    for file in bundle.files() {
        for found in address.captures_iter(&file.text) {
            let port = found
                .get(2)
                .map_or(80, |port| port.as_str().parse().unwrap());
            let known = services
                .get(&found[1])
                .is_some_and(|ports| ports.contains(&port));
            assert!(known, "{}: {}", file.path, &found[0]);
            seen.insert(found[1].to_owned());
        }
    }
    let expected = [
        "alertmanager",
        "loki",
        "mimir-gateway",
        "otel-collector",
        "tempo",
    ];
    assert_eq!(seen, expected.map(str::to_owned).into());
}
