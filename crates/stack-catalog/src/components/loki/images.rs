//! The images, and the keys that carry them.

use stack_builder::{ComponentError, Contribution};

use super::Loki;
use crate::chart_release::{ChartRelease, ImageForm};

/// The images of Loki, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LokiImages {
    /// `loki.image`.
    pub loki: String,
    /// `lokiCanary.image`.
    pub canary: String,
    /// `sidecar.image`: gathers rules from ConfigMaps with the label `loki_rule`.
    pub sidecar: String,
    /// `gateway.image`.
    pub gateway: String,
    /// `gateway.metrics.image`.
    pub gateway_metrics: String,
    /// `memcached.image`.
    pub memcached: String,
    /// `memcachedExporter.image`.
    pub memcached_exporter: String,
}

impl Default for LokiImages {
    fn default() -> Self {
        LokiImages {
            loki: "docker.io/grafana/loki:3.7.6".into(),
            canary: "docker.io/grafana/loki-canary:3.7.6".into(),
            sidecar: "docker.io/kiwigrid/k8s-sidecar:2.10.1".into(),
            gateway: "docker.io/nginxinc/nginx-unprivileged:1.31-alpine".into(),
            gateway_metrics: "ghcr.io/jkroepke/access-log-exporter:0.4.11".into(),
            memcached: "docker.io/library/memcached:1.6.45-alpine".into(),
            memcached_exporter: "docker.io/prom/memcached-exporter:v0.17.0".into(),
        }
    }
}

impl Loki {
    pub(super) fn write_images(
        &self,
        release: &mut ChartRelease,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        type Key = (&'static str, fn(&LokiImages) -> &str);
        const ALWAYS: Key = ("loki.image", |images| &images.loki);
        const SIDECAR: Key = ("sidecar.image", |images| &images.sidecar);
        const CANARY: Key = ("lokiCanary.image", |images| &images.canary);
        const GATEWAY: [Key; 2] = [
            ("gateway.image", |images| &images.gateway),
            ("gateway.metrics.image", |images| &images.gateway_metrics),
        ];
        const CACHES: [Key; 2] = [
            ("memcached.image", |images| &images.memcached),
            ("memcachedExporter.image", |images| {
                &images.memcached_exporter
            }),
        ];
        let mut keys = vec![ALWAYS];
        keys.extend(self.mode.reads_rules().then_some(SIDECAR));
        keys.extend(self.canary.then_some(CANARY));
        keys.extend((self.gateways > 0).then_some(GATEWAY).into_iter().flatten());
        keys.extend(self.caches.iter().flat_map(|_| CACHES));
        let default = LokiImages::default();
        for (key, of) in keys {
            release.image(out, key, ImageForm::Split, of(&self.images), of(&default))?;
        }
        Ok(())
    }
}
