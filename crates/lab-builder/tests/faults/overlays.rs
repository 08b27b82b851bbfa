use lab_builder::components::Cilium;
use serde_json::{Value, json};

use super::{dev, found};

#[test]
fn what_an_overlay_hardly_means_is_found() {
    let overlaid = |overlay: Value| {
        dev().configure(|cilium: &mut Cilium| {
            cilium.overlay = overlay.as_object().unwrap().clone();
        })
    };
    let overlay =
        lab_builder::overlay::parse("kubeProxyReplacment: true\nhubble: {enabled: 'true'}\n")
            .unwrap();
    assert_eq!(
        found("overlay", overlaid(Value::Object(overlay))),
        [
            "warning: release cilium: hubble.enabled: the overlay has a string at `hubble.enabled`, where the values have a boolean (overlay): write a boolean",
            "warning: release cilium: kubeProxyReplacment: the overlay sets `kubeProxyReplacment`; the values have `kubeProxyReplacement` (overlay): write `kubeProxyReplacement`, if that is meant",
        ]
    );
    let plain = json!({"kubeProxyReplacement": true, "hubble": {"ui": {"replicas": 2}}, "debug": {"enabled": true}});
    assert_eq!(found("overlay", overlaid(plain)), [""; 0]);
}
