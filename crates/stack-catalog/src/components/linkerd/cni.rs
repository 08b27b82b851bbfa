//! The CNI plugin.

use serde_json::json;
use stack_builder::{ComponentError, Contribution, Overlay, Pods};

use super::{CNI_UPSTREAM, resources};
use crate::chart_release::ChartRelease;
use crate::home::{Home, PodSecurity};
use crate::provide;
use crate::sizes::Resources;

/// The plugin that leads the traffic of pods through their sidecars, in place of a container in each pod that would need the
/// right to do so. It runs on each node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkerdCni {
    /// Where it runs. Default: a namespace `linkerd-cni` of its own, at the level `privileged`.
    pub home: Home,
    /// The folder of nodes with the configuration of their network. Default: `/etc/cni/net.d`.
    pub config_path: String,
    /// The folder of nodes with CNI programs. Default: `/opt/cni/bin`.
    pub program_path: String,
    /// Whether pods are started again that came to a node before the plugin did. Default: yes.
    pub repairs: bool,
    /// What one pod asks for and may use.
    pub resources: Resources,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// `image`.
    pub image: String,
}

impl Default for LinkerdCni {
    fn default() -> Self {
        LinkerdCni {
            home: Home::own("linkerd-cni")
                .labelled("linkerd.io/cni-resource", "true")
                .labelled("config.linkerd.io/admission-webhooks", "disabled"),
            config_path: "/etc/cni/net.d".into(),
            program_path: "/opt/cni/bin".into(),
            repairs: true,
            resources: Resources::new("10m", "32Mi").memory_limit("128Mi"),
            overlay: Overlay::new(),
            image: "cr.l5d.io/linkerd/cni-plugin:v1.6.8".into(),
        }
    }
}

impl LinkerdCni {
    pub(super) fn contribute(
        &self,
        version: &str,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        self.home.contribute(PodSecurity::Privileged, out)?;
        let resources = resources(&self.resources, "cni.resources")?;
        let mut release = ChartRelease::new(
            "linkerd-cni",
            &CNI_UPSTREAM,
            version,
            &json!({
                "destCNINetDir": self.config_path,
                "destCNIBinDir": self.program_path,
                "priorityClassName": "system-node-critical",
                "resources": resources,
            }),
        )?;
        if self.repairs {
            let on = json!({"enabled": true, "resources": resources});
            release.set("repairController", on);
        }
        let image = out.image("image", &self.image)?;
        release.set("image.name", image.name());
        release.set_some("image.version", image.tag());
        let release = release.finish(self.home.name(), &self.overlay)?;
        // The repair controller is a container of the same pods.
        out.release(release.running(Pods::each_node().on_host_network()));
        provide::accounts(out, self.home.name(), ["linkerd-cni"]);
        Ok(())
    }
}
