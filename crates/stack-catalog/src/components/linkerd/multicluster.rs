//! Services of other clusters, as if they were here.

use kube_vocab::names::dns_label;
use serde_json::json;
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Finding, ImageRef, Overlay,
    Pods, Release, Severity,
};

use super::MULTICLUSTER_UPSTREAM;
use super::certificates::TRUST_ANCHOR;
use crate::chart_release::{ChartRelease, ImageForm};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::{LINKERD, LINKERD_CNI, LINKERD_MULTICLUSTER};
use crate::licences::licences;
use crate::provide;
use crate::sizes::{Resources, Size, refused};

/// Linkerd's extension for several clusters: a gateway by which others reach the exported Services of this one, and for each linked
/// cluster a controller that mirrors that one's Services here.
///
/// All clusters must trust the same root: [`Certificates::SharedRoot`](super::Certificates::SharedRoot) or
/// [`Elsewhere`](super::Certificates::Elsewhere), since else cert-manager signs a root for each; a check says so. A Link holds the
/// address of the other cluster's gateway, and its Secret the way into that cluster, which are known when both are installed:
/// `link-clusters.sh` then writes both, once for each name in `links`. A Service is exported by the label
/// `mirror.linkerd.io/exported`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkerdMulticluster {
    /// Where it runs. Default: a namespace `linkerd-multicluster` of its own, at the level `privileged`, or `baseline` where Linkerd
    /// has its CNI plugin.
    pub home: Home,
    /// The chart's version. Default: that of [`MULTICLUSTER_UPSTREAM`].
    pub version: String,
    /// The namespace of Linkerd's control plane. Default: `linkerd`.
    pub control_plane: String,
    /// How many pods the gateway has, behind a Service of the type LoadBalancer; 0 for none, where no other cluster calls this one
    /// or pods reach each other without. Default: 2; one in a small stack.
    pub gateways: u32,
    /// The clusters whose Services are mirrored, by the names of their Links, which are those of their `kubectl` contexts, too.
    /// Default: none.
    pub links: Vec<String>,
    /// What each container asks for and may use, the gateway's aside: it is a proxy alone.
    pub resources: Resources,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// `gateway.pauseImage`: holds the gateway's pod open for its proxy.
    pub pause_image: String,
    /// `localServiceMirror.image` and `controllerDefaults.image`.
    pub controller_image: String,
}

impl Default for LinkerdMulticluster {
    fn default() -> Self {
        LinkerdMulticluster {
            home: Home::own("linkerd-multicluster")
                .labelled("linkerd.io/extension", "multicluster"),
            version: MULTICLUSTER_UPSTREAM.version.into(),
            control_plane: "linkerd".into(),
            gateways: 2,
            links: Vec::new(),
            resources: Resources::new("20m", "50Mi").memory_limit("250Mi"),
            overlay: Overlay::new(),
            pause_image: "registry.k8s.io/pause:3.10".into(),
            controller_image: "cr.l5d.io/linkerd/controller:edge-26.6.3".into(),
        }
    }
}

impl LinkerdMulticluster {
    fn release(&self, out: &mut Contribution) -> Result<Release, ComponentError> {
        let resources = self.resources.to_value("resources")?;
        let mut release = ChartRelease::new(
            LINKERD_MULTICLUSTER,
            &MULTICLUSTER_UPSTREAM,
            &self.version,
            &json!({
                "linkerdNamespace": self.control_plane,
                // The namespace has the label from the start.
                "createNamespaceMetadataJob": false,
                "gateway": {"enabled": self.gateways > 0},
                "localServiceMirror": {"resources": resources},
            }),
        )?;
        if self.gateways > 0 {
            release.set("gateway.replicas", self.gateways);
            let image = out.image("gateway.pauseImage", &self.pause_image)?;
            release.write_image("gateway.pauseImage", ImageForm::Text, &image);
        }
        let image = out.image("localServiceMirror.image", &self.controller_image)?;
        write(&mut release, "localServiceMirror.image", &image);
        if !self.links.is_empty() {
            let mut links = Vec::new();
            for (at, name) in self.links.iter().enumerate() {
                // It is part of the names of objects, and stands in a script.
                if dns_label(name).is_err() || self.links[..at].contains(name) {
                    let field = format!("links[{at}]");
                    return Err(refused(
                        &field,
                        name,
                        "the name of a Link, a DNS label, once",
                    ));
                }
                links.push(json!({"link": {"ref": {"name": name}}}));
            }
            release.set("controllers", links);
            write(&mut release, "controllerDefaults.image", &image);
            release.set("controllerDefaults.resources", resources);
        }
        release.finish(self.home.name(), &self.overlay)
    }
}

impl LinkerdMulticluster {
    /// What is done when all clusters are installed.
    fn script(&self) -> String {
        let links = self.links.join(" ");
        let (namespace, control_plane) = (self.home.name(), &self.control_plane);
        format!(
            r#"#!/usr/bin/env bash
# Links this cluster to those whose Services it mirrors. Run it when all of them are installed, with the kubectl context of this
# cluster; the others have contexts that are called as they are.
set -euo pipefail

here="${{1:?usage: link-clusters.sh CONTEXT}}"
for there in {links}; do
  linkerd --context "$there" --linkerd-namespace {control_plane} multicluster link-gen \
    --namespace {namespace} --cluster-name "$there" | kubectl --context "$here" apply -f -
done
linkerd --context "$here" --linkerd-namespace {control_plane} multicluster check
"#
        )
    }

    /// Clusters that are linked trust each other.
    fn check(&self) -> impl Fn(&Bundle, &mut Vec<Finding>) + Send + Sync + 'static {
        let control_plane = self.control_plane.clone();
        move |bundle, findings| {
            let root = bundle.object("Certificate", Some(&control_plane), TRUST_ANCHOR);
            if root.is_some() {
                findings.push(provide::finding(
                    LINKERD_MULTICLUSTER,
                    "linked-without-trust",
                    Severity::Error,
                    "controllers",
                    "this cluster signs a root of its own, and linked clusters refuse each other's sidecars",
                    "give all clusters one root: Linkerd::certificates as Certificates::SharedRoot",
                ));
            }
        }
    }
}

fn write(release: &mut ChartRelease, key: &str, image: &ImageRef) {
    release.set(&format!("{key}.name"), image.name());
    release.set_some(&format!("{key}.version"), image.tag());
}

licences! {
    "https://github.com/kubernetes/kubernetes", "Apache-2.0": ["registry.k8s.io/pause"];
    "https://github.com/linkerd/linkerd2", "Apache-2.0": ["cr.l5d.io/linkerd/controller"];
}

impl Component for LinkerdMulticluster {
    at_home!(LINKERD_MULTICLUSTER);

    fn requires(&self) -> Vec<&str> {
        self.home.requires().chain([LINKERD]).collect()
    }

    fn resize(&mut self, profile: &str) {
        if let Some(size) = Size::named(profile).filter(|_| self.gateways > 0) {
            self.gateways = if size == Size::Small { 1 } else { 2 };
        }
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        let namespace = self.home.name();
        let level = match context.has(LINKERD_CNI) {
            true => PodSecurity::Baseline,
            false => PodSecurity::Privileged,
        };
        self.home.contribute(level, out)?;
        let release = self.release(out)?;
        let links = u32::try_from(self.links.len()).unwrap_or(u32::MAX);
        let mirrors = links.saturating_add(1);
        out.release(release.running(Pods::exactly(self.gateways.saturating_add(mirrors))));
        provide::groups(out, ["multicluster.linkerd.io"]);
        provide::accounts(out, namespace, ["linkerd-local-service-mirror"]);
        for name in &self.links {
            provide::made(
                out,
                "multicluster.linkerd.io/v1alpha3",
                "Link",
                namespace,
                name,
                "link-clusters.sh, which is run when all clusters are installed",
            );
        }
        if !self.links.is_empty() {
            out.program("link-clusters.sh", self.script())?;
            out.check(self.check());
            let kinds = ["links.multicluster.linkerd.io", "-n", namespace];
            let what = "the Links to other clusters";
            let names = self.links.clone();
            out.questions().names("MULTICLUSTER-2", what, &kinds, names);
        }
        if self.gateways > 0 {
            provide::service(out, namespace, "linkerd-gateway", &[4143, 4191]);
            provide::accounts(out, namespace, ["linkerd-gateway"]);
            out.questions().pods(
                "MULTICLUSTER-1",
                "the gateway runs",
                namespace,
                "app=linkerd-gateway",
                Count::exactly(self.gateways),
                None,
            );
        }
        Ok(())
    }
}
