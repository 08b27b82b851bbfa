//! The images, and where the charts inside look for each.

use stack_builder::{ComponentError, Contribution};

use super::Spire;
use crate::chart_release::{ChartRelease, ImageForm};

/// The images, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpireImages {
    /// `spire-server.image`.
    pub server: String,
    /// `spire-server.controllerManager.image`.
    pub controller_manager: String,
    /// `spire-agent.image`.
    pub agent: String,
    /// `spiffe-csi-driver.image`.
    pub csi_driver: String,
    /// `spiffe-csi-driver.nodeDriverRegistrar.image`.
    pub registrar: String,
    /// `spiffe-oidc-discovery-provider.image`.
    pub oidc: String,
    /// `spiffe-oidc-discovery-provider.spiffeHelper.image`.
    pub helper: String,
    /// `spire-server.tools.kubectl.image` and that of the publisher of keys: in Jobs around installations.
    pub kubectl: String,
    /// `spire-agent.socketAlternate.image`: names the socket as others expect it. `helm test` runs it, too.
    pub bash: String,
    /// `spiffe-oidc-discovery-provider.tests.busybox.image`: as the two below, of `helm test`, which no installation runs.
    pub test_busybox: String,
    /// `spiffe-oidc-discovery-provider.tests.step.image`.
    pub test_step: String,
    /// `spiffe-oidc-discovery-provider.tests.toolkit.image`.
    pub test_toolkit: String,
}

impl Default for SpireImages {
    fn default() -> Self {
        SpireImages {
            server: "ghcr.io/spiffe/spire-server:1.15.2".into(),
            controller_manager: "ghcr.io/spiffe/spire-controller-manager:0.7.0".into(),
            agent: "ghcr.io/spiffe/spire-agent:1.15.2".into(),
            csi_driver: "ghcr.io/spiffe/spiffe-csi-driver:0.2.7".into(),
            registrar: "registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.15.0".into(),
            oidc: "ghcr.io/spiffe/oidc-discovery-provider:1.15.2".into(),
            helper: "ghcr.io/spiffe/spiffe-helper:0.11.0".into(),
            kubectl: "registry.k8s.io/kubectl:v1.35.0".into(),
            bash: "cgr.dev/chainguard/bash:latest@sha256:90041f375e30f41aa7e0390075d8a69dc61900771d52fa98d63ee5d03d866a58".into(),
            test_busybox: "docker.io/library/busybox:1.37.0-uclibc".into(),
            test_step: "docker.io/smallstep/step-cli:0.30.2".into(),
            test_toolkit: "cgr.dev/chainguard/min-toolkit-debug:latest@sha256:9e45e6836c28489a6e57ca1210ec66927e88eca2409e403616a1278e210e86c9".into(),
        }
    }
}

impl Spire {
    pub(super) fn images(
        &self,
        release: &mut ChartRelease,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let (images, default) = (&self.images, SpireImages::default());
        let mut keys = vec![
            ("spire-server.image", &images.server, &default.server),
            (
                "spire-server.controllerManager.image",
                &images.controller_manager,
                &default.controller_manager,
            ),
            (
                "spire-server.tools.kubectl.image",
                &images.kubectl,
                &default.kubectl,
            ),
            ("spire-agent.image", &images.agent, &default.agent),
            (
                "spiffe-csi-driver.image",
                &images.csi_driver,
                &default.csi_driver,
            ),
            (
                "spiffe-csi-driver.nodeDriverRegistrar.image",
                &images.registrar,
                &default.registrar,
            ),
        ];
        if self.oidc_replicas > 0 {
            keys.extend([
                (
                    "spiffe-oidc-discovery-provider.image",
                    &images.oidc,
                    &default.oidc,
                ),
                (
                    "spiffe-oidc-discovery-provider.spiffeHelper.image",
                    &images.helper,
                    &default.helper,
                ),
                (
                    "spiffe-oidc-discovery-provider.tools.kubectl.image",
                    &images.kubectl,
                    &default.kubectl,
                ),
            ]);
        }
        for (key, image, known) in keys {
            release.image(out, key, ImageForm::Split, image, known)?;
        }
        self.digested(
            release,
            out,
            "spire-agent.socketAlternate.image",
            &images.bash,
            "",
        )?;
        self.tests(release, out)
    }

    /// The pods of `helm test` are part of the release.
    fn tests(
        &self,
        release: &mut ChartRelease,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        const WHY: &str = "of `helm test`, which no installation runs";
        let images = &self.images;
        self.digested(
            release,
            out,
            "spire-server.tests.bash.image",
            &images.bash,
            WHY,
        )?;
        if self.oidc_replicas == 0 {
            return Ok(());
        }
        for (test, image) in [
            ("bash", &images.bash),
            ("busybox", &images.test_busybox),
            ("step", &images.test_step),
            ("toolkit", &images.test_toolkit),
            ("agent", &images.agent),
        ] {
            let key = format!("spiffe-oidc-discovery-provider.tests.{test}.image");
            self.digested(release, out, &key, image, WHY)?;
        }
        Ok(())
    }

    /// An image whose tag carries its digest, where it has one: the chart knows no key for that.
    fn digested(
        &self,
        release: &mut ChartRelease,
        out: &mut Contribution,
        key: &str,
        image: &str,
        why: &str,
    ) -> Result<(), ComponentError> {
        let image = out.commented_image(key, image, why)?;
        release.write_image(key, ImageForm::Split, &image);
        if let (Some(tag), Some(digest)) = (image.tag(), image.digest()) {
            release.set(&format!("{key}.tag"), format!("{tag}@{digest}"));
        }
        Ok(())
    }
}
