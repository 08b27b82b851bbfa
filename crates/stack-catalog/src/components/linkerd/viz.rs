//! The dashboard.

use serde_json::json;
use stack_builder::{
    Component, ComponentError, Context, Contribution, Count, Expectation, Overlay, Pods, Release,
};

use super::{Certificates, VIZ_UPSTREAM, resources};
use crate::chart_release::ChartRelease;
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::{CERT_MANAGER, LINKERD, LINKERD_CNI, LINKERD_VIZ};
use crate::licences::licences;
use crate::provide;
use crate::sizes::{Resources, Size, refused};

/// Linkerd's dashboard, with what counts requests and what shows them as they come (`linkerd viz tap`).
///
/// Its pods are in the mesh. The API `tap.linkerd.io` shows requests of all pods to whoever may ask it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkerdViz {
    /// Where it runs. Default: a namespace `linkerd-viz` of its own, at the level `privileged`, or `baseline` where Linkerd has
    /// its CNI plugin. One that is not its own must have the label `linkerd.io/extension=viz`.
    pub home: Home,
    /// The chart's version. Default: that of [`VIZ_UPSTREAM`](super::VIZ_UPSTREAM).
    pub version: String,
    /// The namespace of Linkerd's control plane. Default: `linkerd`.
    pub control_plane: String,
    /// Who keeps what is measured. Default: a Prometheus of its own, for six hours.
    pub prometheus: VizPrometheus,
    /// Where certificates come from. Default: cert-manager.
    pub certificates: Certificates,
    /// How many pods of each part but Prometheus. Default: 2; one in a small stack.
    pub replicas: u32,
    /// The address of a Grafana that has Linkerd's dashboards, as browsers know it. Default: none.
    pub grafana_url: Option<String>,
    /// What each container asks for and may use.
    pub resources: Resources,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where the images come from.
    pub images: LinkerdVizImages,
}

/// Who keeps what is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VizPrometheus {
    /// One of its own, without a volume.
    Own {
        /// For how many hours.
        hours: u32,
        /// What it asks for and may use.
        resources: Resources,
    },
    /// One that scrapes Linkerd anyway: `http://prometheus-operated.monitoring:9090`.
    At(String),
}

impl Default for VizPrometheus {
    fn default() -> Self {
        VizPrometheus::Own {
            hours: 6,
            resources: Resources::new("300m", "300Mi").memory_limit("8Gi"),
        }
    }
}

/// The images, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkerdVizImages {
    /// `metricsAPI.image`.
    pub metrics_api: String,
    /// `tap.image` and `tapInjector.image`.
    pub tap: String,
    /// `dashboard.image`.
    pub web: String,
    /// `prometheus.image`.
    pub prometheus: String,
}

impl Default for LinkerdVizImages {
    fn default() -> Self {
        let image = |name: &str| format!("cr.l5d.io/linkerd/{name}:edge-26.6.3");
        LinkerdVizImages {
            metrics_api: image("metrics-api"),
            tap: image("tap"),
            web: image("web"),
            prometheus: "docker.io/prom/prometheus:v2.55.1".into(),
        }
    }
}

impl Default for LinkerdViz {
    fn default() -> Self {
        LinkerdViz {
            home: Home::own("linkerd-viz").labelled("linkerd.io/extension", "viz"),
            version: VIZ_UPSTREAM.version.into(),
            control_plane: "linkerd".into(),
            prometheus: VizPrometheus::default(),
            certificates: Certificates::default(),
            replicas: 2,
            grafana_url: None,
            resources: Resources::new("50m", "50Mi").memory_limit("250Mi"),
            overlay: Overlay::new(),
            images: LinkerdVizImages::default(),
        }
    }
}

/// The parts that there are several of: the key of their values.
const PARTS: [&str; 4] = ["metricsAPI", "tap", "tapInjector", "dashboard"];

impl LinkerdViz {
    fn release(&self, out: &mut Contribution) -> Result<Release, ComponentError> {
        let mut release = ChartRelease::new(
            LINKERD_VIZ,
            &VIZ_UPSTREAM,
            &self.version,
            &json!({
                "linkerdNamespace": self.control_plane,
                // The namespace has the label from the start.
                "createNamespaceMetadataJob": false,
            }),
        )?;
        let asked = resources(&self.resources, "resources")?;
        for part in PARTS {
            release.set(&format!("{part}.replicas"), self.replicas);
            release.set(&format!("{part}.resources"), asked.clone());
        }
        if self.replicas > 1 {
            release.set("enablePodAntiAffinity", true);
            release.set("enablePodDisruptionBudget", true);
        }
        for (key, name) in [("tap", "tap"), ("tapInjector", "tap-injector")] {
            self.certificates.write(&mut release, &self.home, key, name);
        }
        match &self.prometheus {
            VizPrometheus::Own {
                hours,
                resources: asked,
            } => {
                if *hours == 0 {
                    return Err(refused("prometheus.hours", 0, "at least 1"));
                }
                let arguments = json!({"storage.tsdb.retention.time": format!("{hours}h")});
                let mut args = json!({});
                args["args"] = arguments;
                args["resources"] = resources(asked, "prometheus.resources")?;
                release.set("prometheus", args);
            }
            VizPrometheus::At(url) => {
                if !url.starts_with("http://") && !url.starts_with("https://") {
                    return Err(refused("prometheus", url, "a URL with http:// or https://"));
                }
                release.set("prometheus.enabled", false);
                release.set("prometheusUrl", url.as_str());
            }
        }
        release.set_some("grafana.externalUrl", self.grafana_url.as_deref());
        let images = &self.images;
        let mut keys = vec![
            ("metricsAPI", &images.metrics_api),
            ("tap", &images.tap),
            ("tapInjector", &images.tap),
            ("dashboard", &images.web),
        ];
        if matches!(self.prometheus, VizPrometheus::Own { .. }) {
            keys.push(("prometheus", &images.prometheus));
        }
        for (part, image) in keys {
            let key = format!("{part}.image");
            let image = out.image(&key, image)?;
            if let Some((registry, name)) = image.name().rsplit_once('/') {
                release.set(&format!("{key}.registry"), registry);
                release.set(&format!("{key}.name"), name);
            }
            release.set_some(&format!("{key}.tag"), image.tag());
        }
        release.finish(self.home.name(), &self.overlay)
    }

    fn provide(&self, out: &mut Contribution) {
        let namespace = self.home.name();
        for (name, ports) in [
            ("metrics-api", &[8085_u16][..]),
            ("tap", &[8088, 443]),
            ("tap-injector", &[443]),
            ("web", &[8084, 9994]),
        ] {
            provide::service(out, namespace, name, ports);
        }
        if matches!(self.prometheus, VizPrometheus::Own { .. }) {
            provide::service(out, namespace, "prometheus", &[9090]);
        }
        let accounts = ["metrics-api", "tap", "tap-injector", "web"];
        provide::accounts(out, namespace, accounts);
        provide::groups(out, ["tap.linkerd.io"]);
        for (part, port, what) in [
            ("tap", 8089, "the aggregated API tap.linkerd.io"),
            (
                "tap-injector",
                8443,
                "the webhook that prepares pods for tap",
            ),
        ] {
            provide::called(out, namespace, ("component", part), port, what);
        }
    }
}

licences! {
    "https://github.com/linkerd/linkerd2", "Apache-2.0": [
        "cr.l5d.io/linkerd/metrics-api",
        "cr.l5d.io/linkerd/tap",
        "cr.l5d.io/linkerd/web",
    ];
    "https://github.com/prometheus/prometheus", "Apache-2.0": ["docker.io/prom/prometheus"];
}

impl Component for LinkerdViz {
    at_home!(LINKERD_VIZ);

    fn requires(&self) -> Vec<&str> {
        let issuer = self.certificates.are_made().then_some(CERT_MANAGER);
        self.home
            .requires()
            .chain([LINKERD])
            .chain(issuer)
            .collect()
    }

    fn resize(&mut self, profile: &str) {
        if let Some(size) = Size::named(profile) {
            self.replicas = if size == Size::Small { 1 } else { 2 };
        }
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        if self.replicas == 0 {
            return Err(refused("replicas", 0, "at least 1"));
        }
        let level = match context.has(LINKERD_CNI) {
            true => PodSecurity::Baseline,
            false => PodSecurity::Privileged,
        };
        self.home.contribute(level, out)?;
        self.certificates.of_viz(&self.home, out)?;
        let release = self.release(out)?;
        let pods = PARTS.map(|part| release.number(&format!("/{part}/replicas"), 1));
        let own = matches!(self.prometheus, VizPrometheus::Own { .. });
        let all = pods.iter().sum::<u32>() + u32::from(own);
        out.release(release.running(Pods::exactly(all)));
        self.provide(out);
        let namespace = self.home.name();
        let questions = out.questions();
        let parts = ["metrics-api", "tap", "tap-injector", "web"];
        for ((at, part), number) in (1..).zip(parts).zip(pods) {
            questions.pods(
                &format!("VIZ-{at}"),
                &format!("`{part}` runs"),
                namespace,
                &format!("component={part}"),
                Count::exactly(number),
                None,
            );
        }
        questions.kubectl(
            "VIZ-5",
            "the API server reaches tap",
            &[
                "get",
                "apiservice",
                "v1alpha1.tap.linkerd.io",
                "--no-headers",
            ],
            Expectation::like("Available", [" True ".to_owned()]),
        );
        Ok(())
    }
}
