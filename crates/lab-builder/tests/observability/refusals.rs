//! What is refused, and how the error says it.

use super::*;

#[test]
fn overlays_are_merged_and_bad_ones_name_release_and_key() {
    let overlay = |value: Value| value.as_object().unwrap().clone();
    let bundle = dev()
        .configure(|lgtm: &mut Lgtm| {
            lgtm.loki.overlay =
                overlay(json!({"loki": {"limits_config": {"retention_period": "24h"}}}));
            lgtm.mimir.overlay =
                overlay(json!({"ingester": {"resources": {"requests": {"cpu": "1"}}}}));
        })
        .build()
        .unwrap();
    let limits = &values(&bundle, "loki")["loki"]["limits_config"];
    assert_eq!(
        (&limits["retention_period"], &limits["ingestion_rate_mb"]),
        (&json!("24h"), &json!(25))
    );
    assert_eq!(values(&bundle, "mimir")["ingester"]["replicas"], 1);

    type Change = fn(&mut Lgtm, lab_builder::Overlay);
    let table: [(Change, Value, &str); 5] = [
        (
            |lgtm, o| lgtm.loki.overlay = o,
            json!({"loki": {"limits_config": "25"}}),
            "release `loki`: `loki.limits_config` is a map",
        ),
        (
            |lgtm, o| lgtm.mimir.overlay = o,
            json!({"mimir": []}),
            "release `mimir`: `mimir` is a map",
        ),
        (
            |lgtm, o| lgtm.tempo.overlay = o,
            json!({"tempo": {"storage": 1}}),
            "release `tempo`: `tempo.storage` is a map",
        ),
        (
            |lgtm, o| lgtm.alloy.overlay = o,
            json!({"alloy": {"configMap": "x"}}),
            "release `alloy`: `alloy.configMap` is a map",
        ),
        (
            |lgtm, o| lgtm.grafana.overlay = o,
            json!({"grafana.ini": "x"}),
            "release `grafana`: `\"grafana.ini\"` is a map",
        ),
    ];
    for (change, value, part) in table {
        let error = dev()
            .configure(|lgtm: &mut Lgtm| change(lgtm, overlay(value.clone())))
            .build()
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("component `lgtm`: "), "{error}");
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn values_that_cannot_work_are_refused_by_field() {
    type Change = fn(&mut Lgtm);
    let table: [(Change, &str); 14] = [
        (
            |lgtm| lgtm.collector.memory_limiter_mib = 512,
            "collector.memory_limiter_mib",
        ),
        (
            |lgtm| lgtm.collector.memory_spike_mib = 384,
            "collector.memory_spike_mib",
        ),
        (|lgtm| lgtm.collector.replicas = 2, "collector.replicas"),
        (|lgtm| lgtm.collector.policies.clear(), "collector.policies"),
        (
            |lgtm| lgtm.mimir.ingestion_burst = 1,
            "mimir.ingestion_burst",
        ),
        (
            |lgtm| lgtm.mimir.rules.error_ratio = 1.0,
            "mimir.rules.error_ratio",
        ),
        (
            |lgtm| lgtm.mimir.rules.latency_factor = f64::NAN,
            "mimir.rules.latency_factor",
        ),
        (
            |lgtm| {
                let rules = vec![Rule::new("Mine", Severity::Warning, " ", "x")];
                let group = RuleGroup {
                    name: "mine".into(),
                    interval: None,
                    rules,
                };
                let file = RuleFile {
                    groups: vec![group],
                };
                lgtm.mimir.rules.more.insert("mine.yaml".into(), file);
            },
            "mimir.rules.more.mine.yaml: Mine.expr",
        ),
        (
            |lgtm| lgtm.loki.ingestion_burst_mb = 1,
            "loki.ingestion_burst_mb",
        ),
        (|lgtm| lgtm.loki.retention_days = 0, "loki.retention_days"),
        (
            |lgtm| lgtm.grafana.dashboards[1].name = "kubernetes-overview".into(),
            "grafana.dashboards[1].name",
        ),
        (
            |lgtm| lgtm.grafana.dashboards[0].name = "../x".into(),
            "grafana.dashboards[0].name",
        ),
        (
            |lgtm| lgtm.alertmanager.config.route = AlertRoute::default(),
            "alertmanager.config.route.receiver",
        ),
        (
            |lgtm| {
                lgtm.alertmanager.config.receivers = vec![Receiver {
                    name: "other".into(),
                    ..Receiver::default()
                }]
            },
            "alertmanager.config.route.receiver",
        ),
    ];
    for (change, field) in table {
        let error = dev().configure(change).build().unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("component `lgtm`: `{field}` is ")),
            "{field}: {error}"
        );
    }
    let image = dev()
        .configure(|lgtm: &mut Lgtm| lgtm.tempo.image = "https://x/y".into())
        .build()
        .unwrap_err();
    assert!(
        image
            .to_string()
            .starts_with("component `lgtm`: image of tempo: "),
        "{image}"
    );
    for id in ["", "a b", "a/b", "loki"] {
        let error = dev()
            .rewire(|wiring| wiring.telemetry.data_sources.mimir = id.into())
            .build()
            .unwrap_err();
        assert!(
            error
                .to_string()
                .contains("wiring.telemetry.data_sources.mimir"),
            "{error}"
        );
    }
}

#[test]
fn tempo_waits_longer_than_the_collector() {
    for (idle, wait, batch, works) in [
        (60, 30, 1, true),
        (32, 30, 1, true),
        (31, 30, 1, false),
        (60, 60, 1, false),
        (60, 30, 30, false),
        (60, u32::MAX, 1, false),
    ] {
        let built = dev()
            .configure(|lgtm: &mut Lgtm| lgtm.tempo.trace_idle_seconds = idle)
            .rewire(|wiring| {
                wiring.telemetry.sampling_wait_seconds = wait;
                wiring.telemetry.batch_timeout_seconds = batch;
            })
            .build();
        match built {
            Ok(_) => assert!(works, "{idle} {wait} {batch}"),
            Err(error) => {
                assert!(!works, "{idle} {wait} {batch}: {error}");
                let error = error.to_string();
                assert!(
                    error.starts_with("component `lgtm`: `tempo.trace_idle_seconds`"),
                    "{error}"
                );
            }
        }
    }
}
