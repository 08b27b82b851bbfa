use k8s_openapi::api::core::v1::ConfigMap;
use lab_builder::Lab;
use lab_builder::components::Lgtm;
use serde_json::{Value, json};

use super::{assert_found, dev};

fn mimir(overlay: Value) -> Lab {
    dev().configure(|lgtm: &mut Lgtm| lgtm.mimir.overlay = overlay.as_object().unwrap().clone())
}

#[test]
fn mimir_without_its_classic_write_path_is_found() {
    let configured = |own: Value| mimir(json!({"mimir": {"structuredConfig": own}}));
    assert_found(
        "ingest-storage",
        vec![
            ("as documented", dev(), &[]),
            (
                "Kafka",
                mimir(json!({"kafka": {"enabled": true}})),
                &["kafka.enabled"],
            ),
            (
                "the switch",
                configured(json!({"ingest_storage": {"enabled": true}})),
                &["ingest_storage.enabled"],
            ),
            (
                "gRPC",
                configured(json!({"ingester": {"push_grpc_method_enabled": false}})),
                &["push_grpc_method_enabled: there is no Kafka"],
            ),
            (
                "an address",
                configured(json!({"ingest_storage": {"kafka": {"address": "kafka:9092"}}})),
                &["ingest_storage.kafka.address"],
            ),
            (
                "no address",
                configured(json!({"ingest_storage": {"kafka": {"address": null}}})),
                &[],
            ),
            ("no Mimir", dev().without("lgtm"), &[]),
        ],
    );
}

/// The lab with texts of the collector's configuration replaced.
fn collector(changes: &'static [(&'static str, &'static str)]) -> Lab {
    dev().patch("lgtm", "otel-collector", move |config: &mut ConfigMap| {
        for text in config.data.iter_mut().flat_map(|data| data.values_mut()) {
            for (old, new) in changes {
                assert!(text.contains(old), "{old} in {text}");
                *text = text.replace(old, new);
            }
        }
    })
}

fn tempo(idle: &str) -> Lab {
    let overlay = json!({"tempo": {"ingester": {"trace_idle_period": idle}}});
    dev().configure(|lgtm: &mut Lgtm| lgtm.tempo.overlay = overlay.as_object().unwrap().clone())
}

#[test]
fn traces_that_tempo_would_cut_are_found() {
    let cut: &[&str] = &["set it above 31s"];
    assert_found(
        "trace-completeness",
        vec![
            ("as documented", dev(), &[]),
            ("as long", tempo("31s"), cut),
            ("shorter", tempo("30s"), cut),
            ("in minutes", tempo("0.5m"), cut),
            ("a little longer", tempo("31001ms"), &[]),
            ("minutes and seconds", tempo("1m30s"), &[]),
            ("an hour", tempo("1h"), &[]),
            ("from the environment", tempo("${IDLE}"), &[]),
            (
                "a longer wait",
                collector(&[("decision_wait: 30s", "decision_wait: 1m")]),
                &["Tempo waits for 60s, and the collector holds them back for 61s"],
            ),
            (
                "a longer batch",
                collector(&[("timeout: 1s", "timeout: 30s")]),
                &["set it above 60s"],
            ),
            (
                "half a second less than allowed",
                collector(&[("timeout: 1s", "timeout: 29500ms")]),
                &[],
            ),
            (
                "no wait is the default wait",
                collector(&[
                    ("decision_wait: 30s", "num_traces_: 1"),
                    ("timeout: 1s", "timeout: 40s"),
                ]),
                &["set it above 70s"],
            ),
            (
                "traces that nobody holds back",
                collector(&[
                    ("decision_wait: 30s", "decision_wait: 10m"),
                    ("      - tail_sampling\n", ""),
                ]),
                &[],
            ),
            ("no collector and no Tempo", dev().without("lgtm"), &[]),
        ],
    );
}

#[test]
fn attributes_of_a_process_that_reach_mimir_are_found() {
    let kept: &[&str] = &["processors.resource.attributes"];
    assert_found(
        "attribute-cardinality",
        vec![
            ("as documented", dev(), &[]),
            (
                "process.pid",
                collector(&[("key: process.pid\n", "key: process.id\n")]),
                kept,
            ),
            (
                "service.instance.id",
                collector(&[("key: service.instance.id\n", "key: service.id\n")]),
                kept,
            ),
            (
                "the documented spelling",
                collector(&[("key: service_instance_id\n", "key: service_id\n")]),
                &["delete `service_instance_id`"],
            ),
            (
                "inserted instead",
                dev().configure(|lgtm: &mut Lgtm| lgtm.collector.dropped_attributes.clear()),
                &[
                    "`process.pid`",
                    "`service.instance.id`",
                    "`service_instance_id`",
                ],
            ),
            (
                "by a pattern",
                collector(&[(
                    "key: service_instance_id\n",
                    "pattern: ^service_instance.*\n",
                )]),
                &[],
            ),
            (
                "pipelines without the processor",
                collector(&[("      - resource\n", "")]),
                &[
                    "service.pipelines.metrics.processors",
                    "service.pipelines.metrics/rates.processors",
                ],
            ),
            (
                "another name of the processor",
                collector(&[
                    ("      - resource\n", "      - resource/clean\n"),
                    ("  resource:\n", "  resource/clean:\n"),
                ]),
                &[],
            ),
        ],
    );
}
