//! What a judge costs: no more than the kinds and versions that it is asked about.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crd_families::{Channel, Registry};
use crd_validate::UnknownFields;
use serde_json::json;

#[test]
fn only_the_version_that_is_asked_about_is_made() {
    let registry = Registry::new();
    let mut judge = crd_validate::Registry::new();
    let made = Arc::new(AtomicUsize::new(0));
    let mut kinds = 0;
    for definition in registry.definitions(Channel::Standard) {
        let (frames, schemas) = (Arc::clone(&made), Arc::clone(&made));
        let (group, kind) = (definition.group(), definition.kind());
        kinds += 1;
        let frame = definition.clone();
        judge.add_by_version(
            group,
            kind,
            move || {
                frames.fetch_add(1, Ordering::Relaxed);
                frame.to_json_without_schemas()
            },
            move |version| {
                schemas.fetch_add(100, Ordering::Relaxed);
                definition.shared_schema(version)
            },
        );
    }
    assert!(kinds > 100, "{kinds}");
    for number in 0..10 {
        let judgement = judge.judge(
            &json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
                "metadata": {"name": format!("route-{number}"), "namespace": "shop"}, "spec": {"hostnames": ["-"]}}),
            UnknownFields::Refuse,
        );
        let found = &judgement.report.findings[0];
        assert_eq!(found.path.to_string(), "spec.hostnames[0]");
    }
    // One definition, and the schema of one of its versions.
    assert_eq!(made.load(Ordering::Relaxed), 101);
}
