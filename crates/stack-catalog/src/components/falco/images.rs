//! Images, and artifacts that are pulled as images are.

use serde_json::json;
use stack_builder::{ComponentError, Contribution};

use super::{Driver, Falco, UpstreamRules};
use crate::chart_release::{ChartRelease, ImageForm};

/// The page of artifacts that falcoctl looks names up in.
const INDEX: &str = "https://falcosecurity.github.io/falcoctl/index.yaml";

/// Images and artifacts, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FalcoImages {
    /// `image`.
    pub falco: String,
    /// `falcoctl.image`: loads rules and plugins.
    pub falcoctl: String,
    /// `driver.loader.initContainer.image`: loads the kernel module.
    pub driver_loader: String,
    /// `falcosidekick.image`.
    pub sidekick: String,
    /// `falcosidekick.webui.image`.
    pub ui: String,
    /// `falcosidekick.webui.redis.image`, and of the container that waits for it.
    pub redis: String,
    /// What `helm test` asks Falcosidekick with; the chart takes it from no key.
    pub sidekick_test: String,
    /// `k8s-metacollector.image`.
    pub metacollector: String,
    /// `falco-talon.image`.
    pub talon: String,
    /// `collectors.kubernetes.pluginRef`: the plugin that asks the metacollector, an artifact.
    pub metadata_plugin: String,
    /// `falcoctl.config.artifact.install.refs`: the rules, an artifact.
    pub rules: String,
    /// `collectors.containerEngine.pluginRef`: the plugin that knows containers, an artifact.
    pub container_plugin: String,
}

impl Default for FalcoImages {
    fn default() -> Self {
        FalcoImages {
            falco: "docker.io/falcosecurity/falco:0.44.1".into(),
            falcoctl: "docker.io/falcosecurity/falcoctl:0.13.0".into(),
            driver_loader: "docker.io/falcosecurity/falco-driver-loader:0.44.1".into(),
            sidekick: "docker.io/falcosecurity/falcosidekick:2.32.0".into(),
            ui: "docker.io/falcosecurity/falcosidekick-ui:2.2.0".into(),
            redis: "docker.io/redis/redis-stack:7.2.0-v11".into(),
            sidekick_test: "docker.io/appropriate/curl:latest".into(),
            metacollector: "docker.io/falcosecurity/k8s-metacollector:0.1.1".into(),
            talon: "falco.docker.scarf.sh/falcosecurity/falco-talon:0.3.0".into(),
            metadata_plugin: "ghcr.io/falcosecurity/plugins/plugin/k8smeta:0.4.1".into(),
            rules: "ghcr.io/falcosecurity/rules/falco-rules:5".into(),
            container_plugin: "ghcr.io/falcosecurity/plugins/plugin/container:0.7.1".into(),
        }
    }
}

impl Falco {
    pub(super) fn images(
        &self,
        release: &mut ChartRelease,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let (images, default) = (&self.images, FalcoImages::default());
        let split = ImageForm::Split;
        release.image(out, "image", split, &images.falco, &default.falco)?;
        let (image, known) = (&images.falcoctl, &default.falcoctl);
        release.image(out, "falcoctl.image", split, image, known)?;
        if self.driver == Driver::KernelModule {
            let key = "driver.loader.initContainer.image";
            let (image, known) = (&images.driver_loader, &default.driver_loader);
            release.image(out, key, split, image, known)?;
            out.air_gap().reach(
                "https://download.falco.org",
                "kernel modules of Falco, built for known kernels",
            );
        }
        let artifact = "an artifact, which falcoctl pulls as an image is pulled";
        let config = "falcoctl.config.artifact";
        let rules = out
            .commented_image(config, &images.rules, artifact)?
            .to_string();
        release.set(&format!("{config}.install.refs"), json!([rules]));
        if self.upstream_rules == UpstreamRules::Followed {
            release.set(&format!("{config}.follow.refs"), json!([rules]));
        }
        let plugin = "collectors.containerEngine.pluginRef";
        let image = out.commented_image(plugin, &images.container_plugin, artifact)?;
        release.set(plugin, image.to_string());
        if self.metadata.is_some() {
            let plugin = "collectors.kubernetes.pluginRef";
            let image = out.commented_image(plugin, &images.metadata_plugin, artifact)?;
            release.set(plugin, image.to_string());
            let key = "k8s-metacollector.image";
            let (image, known) = (&images.metacollector, &default.metacollector);
            release.image(out, key, split, image, known)?;
        }
        if self.talon.is_some() {
            let (image, known) = (&images.talon, &default.talon);
            release.image(out, "falco-talon.image", split, image, known)?;
        }
        match out.registry() {
            // Whole references need no index, and a network that is closed has none.
            Some(_) => release.set("falcoctl.config.indexes", json!([])),
            None => out.air_gap().reach(INDEX, "the index of Falco's artifacts"),
        }
        Ok(())
    }
}
