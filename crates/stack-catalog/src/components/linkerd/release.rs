//! The values of the control plane.

use serde_json::json;
use stack_builder::{ComponentError, Context, Contribution, Release};

use super::{Linkerd, UPSTREAM, certificates, resources};
use crate::chart_release::ChartRelease;

pub(super) fn of(
    linkerd: &Linkerd,
    context: &Context<'_>,
    out: &mut Contribution,
) -> Result<Release, ComponentError> {
    let asked = resources(&linkerd.resources, "resources")?;
    let mut release = ChartRelease::new(
        "linkerd-control-plane",
        &UPSTREAM,
        &linkerd.version,
        &json!({
            "identity": certificates::identity(),
            "cniEnabled": linkerd.cni.is_some(),
            "controllerReplicas": linkerd.replicas,
            "clusterNetworks": linkerd.cluster_networks.join(","),
            "disableHeartBeat": !linkerd.reports_usage,
            "policyController": {"resources": asked},
            "destinationResources": asked,
            "identityResources": asked,
            "proxyInjectorResources": asked,
            "spValidatorResources": asked,
            "proxy": {
                "resources": resources(&linkerd.proxy_resources, "proxy_resources")?,
                "defaultInboundPolicy": linkerd.default_policy.name(),
            },
        }),
    )?;
    if linkerd.reports_usage {
        release.set("heartbeatResources", asked);
    }
    if linkerd.replicas > 1 {
        release.set("enablePodAntiAffinity", true);
        release.set("enablePodDisruptionBudget", true);
    }
    if linkerd.fails_closed {
        release.set("webhookFailurePolicy", "Fail");
    }
    if linkerd.monitoring.is_on(context) {
        release.set("podMonitor.enabled", true);
    }
    for (key, name) in [
        ("proxyInjector", "linkerd-proxy-injector"),
        ("profileValidator", "linkerd-sp-validator"),
        ("policyValidator", "linkerd-policy-validator"),
    ] {
        let certificates = &linkerd.certificates;
        certificates.write(&mut release, &linkerd.home, key, name);
    }
    let controller = out.image("controllerImage", &linkerd.images.controller)?;
    release.set("controllerImage", controller.name());
    release.set_some("controllerImageVersion", controller.tag());
    let proxy = out.image("proxy.image", &linkerd.images.proxy)?;
    release.set("proxy.image.name", proxy.name());
    release.set_some("proxy.image.version", proxy.tag());
    release.finish(linkerd.home.name(), &linkerd.overlay)
}
