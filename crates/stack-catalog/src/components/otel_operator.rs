//! The OpenTelemetry Operator: collectors as objects, and instrumentation of pods.

use opentelemetry_operator_types::v1alpha1::{Instrumentation, InstrumentationSpec, Java};
use opentelemetry_operator_types::v1beta1::OpenTelemetryCollector;
use serde_json::json;
use stack_builder::{
    Component, ComponentError, Context, Contribution, Count, Overlay, Pods, Release,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::{CERT_MANAGER, OTEL_OPERATOR};
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size};

/// The chart that is known.
pub const UPSTREAM: Upstream = Upstream::new(
    "https://open-telemetry.github.io/opentelemetry-helm-charts",
    "opentelemetry-operator",
    "0.122.0",
)
.aliased("open-telemetry");

/// The operator of the kinds of `opentelemetry.io`.
///
/// Its definitions are templates of the release: it upgrades them, and they stay when it goes. Its webhooks fail closed for its own
/// kinds and open for pods, and get their `caBundle` from cert-manager, which comes first.
#[derive(Clone, Debug, PartialEq)]
pub struct OtelOperator {
    /// Where it runs. Default: a namespace `opentelemetry-operator-system` of its own; its pods meet the level `restricted`.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// How many managers; one leads. Default: 2; one in a small stack.
    pub replicas: u32,
    /// Whether its definitions come with the release. Default: yes.
    pub definitions: bool,
    /// What one manager asks for and may use.
    pub resources: Resources,
    /// Whether Prometheus gets a ServiceMonitor for the manager.
    pub monitoring: Monitoring,
    /// Collectors that it runs; one without a namespace is put into that of the component, and so are the objects below.
    pub collectors: Vec<OpenTelemetryCollector>,
    /// How pods are instrumented that ask for it.
    pub instrumentations: Vec<Instrumentation>,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: OtelOperatorImages,
}

/// The images of the OpenTelemetry Operator, by the key that carries each. Those with which it instruments pods are written
/// into the objects that ask for it (`Instrumentation`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtelOperatorImages {
    /// `manager.image`.
    pub manager: String,
    /// `manager.collectorImage`: of collectors that do not say theirs.
    pub collector: String,
    /// `testFramework.image`: of `helm test`, which no installation runs. The chart's own is `busybox:latest`.
    pub test: String,
}

impl Default for OtelOperatorImages {
    fn default() -> Self {
        OtelOperatorImages {
            manager: "ghcr.io/open-telemetry/opentelemetry-operator/opentelemetry-operator:0.158.0"
                .into(),
            collector:
                "ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s:0.158.0"
                    .into(),
            test: "docker.io/library/busybox:1.37.0".into(),
        }
    }
}

impl Default for OtelOperator {
    fn default() -> Self {
        OtelOperator {
            home: Home::own("opentelemetry-operator-system"),
            version: UPSTREAM.version.into(),
            replicas: 2,
            definitions: true,
            resources: Resources::new("100m", "128Mi").memory_limit("256Mi"),
            monitoring: Monitoring::default(),
            collectors: Vec::new(),
            instrumentations: Vec::new(),
            overlay: Overlay::new(),
            images: OtelOperatorImages::default(),
        }
    }
}

impl OtelOperator {
    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        let mut release = ChartRelease::new(
            OTEL_OPERATOR,
            &UPSTREAM,
            &self.version,
            &json!({
                "replicaCount": self.replicas,
                "crds": {"create": self.definitions},
                "manager": {"resources": self.resources.to_value("resources")?},
                // The certificate of Helm would be another one at each rendering.
                "admissionWebhooks": {"certManager": {"enabled": true}},
            }),
        )?;
        if self.replicas > 1 {
            release.set("pdb.create", true);
        }
        if self.monitoring.is_on(context) {
            release.set("manager.serviceMonitor.enabled", true);
        }
        let (images, default) = (&self.images, OtelOperatorImages::default());
        let form = ImageForm::Repository;
        let (manager, known) = (&images.manager, &default.manager);
        release.image(out, "manager.image", form, manager, known)?;
        let (collector, known) = (&images.collector, &default.collector);
        release.image(out, "manager.collectorImage", form, collector, known)?;
        let (test, known) = (&images.test, &default.test);
        release.image(out, "testFramework.image", form, test, known)?;
        release.finish(self.home.name(), &self.overlay)
    }
}

impl OtelOperator {
    /// The objects, with the images that they name of their own.
    fn objects(&self, out: &mut Contribution) -> Result<(), ComponentError> {
        let mut collectors = self.collectors.clone();
        for image in collectors.iter_mut().filter_map(|one| {
            let spec = one.spec.as_mut()?;
            spec.image.as_mut()
        }) {
            let written = out.commented_image("collectors", image, "a collector names it")?;
            *image = written.to_string();
        }
        let mut instrumentations = self.instrumentations.clone();
        for image in instrumentations
            .iter_mut()
            .filter_map(|one| one.spec.as_mut())
            .flat_map(agents)
        {
            let comment = "is put into pods that ask for it";
            let written = out.commented_image("instrumentations", image, comment)?;
            *image = written.to_string();
        }
        provide::add_in(out, "collectors.yaml", &self.home, &collectors)?;
        let file = "instrumentations.yaml";
        provide::add_in(out, file, &self.home, &instrumentations)
    }
}

/// The images that an instrumentation names.
fn agents(spec: &mut InstrumentationSpec) -> impl Iterator<Item = &mut String> {
    let InstrumentationSpec {
        apache_httpd,
        dotnet,
        go,
        java,
        nginx,
        nodejs,
        python,
        ..
    } = spec;
    let alike = [dotnet, nodejs, python].into_iter().flatten();
    let (java, extensions) = match java {
        Some(Java {
            image, extensions, ..
        }) => (image.as_mut(), extensions.as_mut_slice()),
        None => (None, [].as_mut_slice()),
    };
    let own = [
        apache_httpd.as_mut().and_then(|one| one.image.as_mut()),
        go.as_mut().and_then(|one| one.image.as_mut()),
        nginx.as_mut().and_then(|one| one.image.as_mut()),
        java,
    ];
    alike
        .filter_map(|one| one.image.as_mut())
        .chain(own.into_iter().flatten())
        .chain(extensions.iter_mut().map(|one| &mut one.image))
}

licences! {
    "https://busybox.net", "GPL-2.0-only": ["docker.io/library/busybox"];
    "https://github.com/open-telemetry/opentelemetry-operator", "Apache-2.0": [
        "ghcr.io/open-telemetry/opentelemetry-operator/opentelemetry-operator",
    ];
    "https://github.com/open-telemetry/opentelemetry-collector-releases", "Apache-2.0": [
        "ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s",
    ];
}

impl Component for OtelOperator {
    at_home!(OTEL_OPERATOR);

    fn requires(&self) -> Vec<&str> {
        self.home.requires().chain([CERT_MANAGER]).collect()
    }

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
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
        let namespace = self.home.name();
        self.home.contribute(PodSecurity::Restricted, out)?;
        let release = self.release(context, out)?;
        let number = release.number("/replicaCount", 1);
        out.release(release.running(Pods::exactly(number)));
        provide::service(out, namespace, OTEL_OPERATOR, &[8443]);
        provide::service(out, namespace, "opentelemetry-operator-webhook", &[443]);
        provide::accounts(out, namespace, [OTEL_OPERATOR]);
        provide::groups(out, ["opentelemetry.io"]);
        provide::called(
            out,
            namespace,
            ("app.kubernetes.io/name", OTEL_OPERATOR),
            9443,
            "the webhooks of the OpenTelemetry Operator",
        );
        self.objects(out)?;
        out.questions().pods(
            "OTELOP-1",
            "the OpenTelemetry Operator runs",
            namespace,
            "app.kubernetes.io/name=opentelemetry-operator",
            Count::exactly(number),
            None,
        );
        Ok(())
    }
}
