use lab_builder::components::{ArgoCd, Cilium, Gatekeeper, Istio, Lgtm};
use serde_json::json;

use super::{assert_found, dev};

#[test]
fn charts_and_images_out_of_step_are_found() {
    let check = "version-pairs";
    assert_found(
        check,
        vec![
            ("as documented", dev(), &[]),
            (
                "from a registry",
                dev().registry("registry.example.com".parse().unwrap()),
                &[],
            ),
            (
                "an older chart of Cilium",
                dev().configure(|cilium: &mut Cilium| cilium.version = "1.18.7".into()),
                &[
                    "image.tag: chart cilium 1.18.7",
                    "operator.image.tag",
                    "hubble.relay.image.tag",
                    "note: release cilium: envoy.image.tag",
                ],
            ),
            (
                "a newer agent",
                dev().configure(|cilium: &mut Cilium| {
                    cilium.images.agent = "quay.io/cilium/cilium:v1.19.2".into();
                }),
                &[
                    "warning: release cilium: image.tag: chart cilium 1.19.1 is made for 1.19.1, and v1.19.2 is what runs",
                ],
            ),
            (
                "a newer agent by an overlay",
                dev().configure(|cilium: &mut Cilium| {
                    cilium
                        .overlay
                        .insert("image".into(), json!({"tag": "v1.19.2"}));
                }),
                &["v1.19.2 is what runs"],
            ),
            (
                "one of Istio's images",
                dev().configure(|istio: &mut Istio| {
                    istio.ztunnel_image = "docker.io/istio/ztunnel:1.28.3".into()
                }),
                &["release istio-ztunnel: tag"],
            ),
            (
                "a variant of the same version",
                dev().configure(|istio: &mut Istio| {
                    istio.ztunnel_image = "docker.io/istio/ztunnel:1.29.0-distroless".into();
                }),
                &[],
            ),
            (
                "Istio as a whole",
                dev().configure(|istio: &mut Istio| {
                    istio.version = "1.29.1".into();
                    for image in [
                        &mut istio.pilot_image,
                        &mut istio.cni_image,
                        &mut istio.ztunnel_image,
                    ] {
                        *image = image.replace("1.29.0", "1.29.1");
                    }
                }),
                &[],
            ),
            (
                "Gatekeeper's CRDs",
                dev().configure(|gatekeeper: &mut Gatekeeper| {
                    gatekeeper.crds_image =
                        "docker.io/openpolicyagent/gatekeeper-crds:v3.20.0".into();
                }),
                &["preInstall.crdRepository.image.tag"],
            ),
            (
                "another Argo CD",
                dev().configure(|argocd: &mut ArgoCd| {
                    argocd.image = "quay.io/argoproj/argocd:v3.2.0".into()
                }),
                &[
                    "warning: release argocd: global.image.tag: chart argo-cd 9.4.5 is made for v3.3.2, and v3.2.0",
                ],
            ),
            (
                "another chart of Argo CD",
                dev().configure(|argocd: &mut ArgoCd| argocd.version = "9.5.0".into()),
                &["note: release argocd: global.image.tag: v3.3.2 belongs to chart argo-cd 9.4.5"],
            ),
            (
                "both of one's own choice",
                dev().configure(|argocd: &mut ArgoCd| {
                    argocd.version = "9.5.0".into();
                    argocd.image = "quay.io/argoproj/argocd:v3.4.0".into();
                }),
                &[],
            ),
            (
                "a tag that is no version",
                dev().configure(|argocd: &mut ArgoCd| {
                    argocd.image = "quay.io/argoproj/argocd:latest".into()
                }),
                &[],
            ),
            (
                "the observability stack",
                dev().configure(|lgtm: &mut Lgtm| {
                    lgtm.loki.canary_image = "docker.io/grafana/loki-canary:3.5.0".into();
                    lgtm.tempo.image = "docker.io/grafana/tempo:2.8.0".into();
                    lgtm.mimir.version = "6.1.0".into();
                }),
                &["lokiCanary.image.tag", "tempo.tag", "note: release mimir"],
            ),
        ],
    );
}
