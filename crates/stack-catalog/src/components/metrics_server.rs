//! metrics-server: what nodes and pods use now, for `kubectl top` and autoscalers.

use serde_json::json;
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Expectation, Finding, Overlay,
    Pods, Provided, Severity, Subject,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::{CERT_MANAGER, METRICS_SERVER};
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::sizes::{Resources, Size};
use crate::surroundings::Surroundings;

/// The chart that is known.
pub const UPSTREAM: Upstream = Upstream::new(
    "https://kubernetes-sigs.github.io/metrics-server/",
    "metrics-server",
    "3.13.1",
);

/// The aggregated API `metrics.k8s.io`. Managed clusters often have it already: then leave it out.
///
/// It has no definitions and no webhooks. While its API does not answer, discovery is incomplete for everybody and no
/// namespace can be deleted: hence two pods and a budget of disruptions by default.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricsServer {
    /// Where it runs. Default: `kube-system`, as everywhere.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// How it knows that a kubelet is the one it asks. Default: by the cluster's CA.
    pub kubelet_tls: KubeletTls,
    /// The certificate with which it answers the API server. Default: its own.
    pub certificate: ServingCertificate,
    /// How many pods. Default: 2; one in a small stack.
    pub replicas: u32,
    /// Whether it uses the network of its node: where the API server cannot reach pods. Default: no.
    pub host_network: bool,
    /// The port of the container. Default: 10250, which the kubelet has on the network of the node.
    pub port: u16,
    /// What one pod asks for and may use. Default: for about a hundred nodes.
    pub resources: Resources,
    /// Whether it is scraped itself.
    pub monitoring: Monitoring,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// `image`: of the one container.
    pub image: String,
}

/// How metrics-server knows that a kubelet is the one it asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KubeletTls {
    /// By the certificate of the kubelet, signed by the cluster's CA. Needs kubelets that ask for one (`serverTLSBootstrap`).
    #[default]
    Verified,
    /// Not at all: for kind, and for kubeadm without `serverTLSBootstrap`, whose kubelets sign their own.
    Insecure,
}

/// The certificate with which metrics-server answers the API server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ServingCertificate {
    /// One that it makes itself; the API server does not verify it.
    #[default]
    SelfSigned,
    /// One of cert-manager, which the API server verifies.
    CertManager,
    /// One in a Secret of its namespace, which the API server verifies by the CA in it.
    Secret(String),
}

const IMAGE: &str = "registry.k8s.io/metrics-server/metrics-server:v0.8.1";

impl Default for MetricsServer {
    fn default() -> Self {
        MetricsServer {
            home: Home::existing("kube-system"),
            version: UPSTREAM.version.into(),
            kubelet_tls: KubeletTls::default(),
            certificate: ServingCertificate::default(),
            replicas: 2,
            host_network: false,
            port: 10250,
            resources: Resources::new("100m", "200Mi"),
            monitoring: Monitoring::default(),
            overlay: Overlay::new(),
            image: IMAGE.into(),
        }
    }
}

impl MetricsServer {
    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<ChartRelease, ComponentError> {
        let mut release = ChartRelease::new(
            METRICS_SERVER,
            &UPSTREAM,
            &self.version,
            &json!({
                "replicas": self.replicas,
                "containerPort": self.port,
                "resources": self.resources.to_value("resources")?,
            }),
        )?;
        if self.replicas > 1 {
            release.set(
                "podDisruptionBudget",
                json!({"enabled": true, "minAvailable": 1}),
            );
            release.set(
                "topologySpreadConstraints",
                json!([{
                    "maxSkew": 1,
                    "topologyKey": "kubernetes.io/hostname",
                    "whenUnsatisfiable": "ScheduleAnyway",
                    "labelSelector": {"matchLabels": {"app.kubernetes.io/name": METRICS_SERVER}},
                }]),
            );
        }
        if self.kubelet_tls == KubeletTls::Insecure {
            release.set("args", json!(["--kubelet-insecure-tls"]));
        }
        if self.host_network {
            release.set("hostNetwork.enabled", true);
        }
        match &self.certificate {
            ServingCertificate::SelfSigned => {}
            ServingCertificate::CertManager => {
                release.set("tls.type", "cert-manager");
                release.set("apiService.insecureSkipTLSVerify", false);
            }
            ServingCertificate::Secret(name) => {
                release.set("tls.type", "existingSecret");
                release.set("tls.existingSecret.name", name.as_str());
                release.set("apiService.insecureSkipTLSVerify", false);
            }
        }
        if self.monitoring.is_on(context) {
            release.set("metrics.enabled", true);
            release.set("serviceMonitor.enabled", true);
        }
        release.image(out, "image", ImageForm::Repository, &self.image, IMAGE)?;
        Ok(release)
    }

    /// What cannot work beside the rest of the stack.
    fn check(&self) -> impl Fn(&Bundle, &mut Vec<Finding>) + Send + Sync + 'static {
        let (kubelet_tls, on_host, port) = (self.kubelet_tls, self.host_network, self.port);
        move |bundle, findings| {
            let mut add = |code, path: &str, message: &str, remedy: &str| {
                let subject = Subject::Release(METRICS_SERVER.into());
                let finding = Finding::new(code, Severity::Error, subject, message.to_owned());
                findings.push(finding.at(path).remedy(remedy));
            };
            if Surroundings::of(bundle).is_kind() && kubelet_tls == KubeletTls::Verified {
                add(
                    "kubelet-certificates",
                    "args",
                    "kind's kubelets sign their own certificates: no pod of metrics-server becomes ready",
                    "set kubelet_tls to KubeletTls::Insecure on kind",
                );
            }
            if on_host && port == 10250 {
                add(
                    "host-port-taken",
                    "containerPort",
                    "on the network of the node port 10250 is the kubelet's",
                    "choose another port, 4443 for one",
                );
            }
        }
    }
}

licences! {
    "https://github.com/kubernetes-sigs/metrics-server", "Apache-2.0": [
        "registry.k8s.io/metrics-server/metrics-server",
    ];
}

impl Component for MetricsServer {
    at_home!(METRICS_SERVER);

    fn requires(&self) -> Vec<&str> {
        let issuer = matches!(self.certificate, ServingCertificate::CertManager);
        let issuer = issuer.then_some(CERT_MANAGER);
        self.home.requires().chain(issuer).collect()
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
        let level = match self.host_network {
            true => PodSecurity::Privileged,
            false => PodSecurity::Restricted,
        };
        self.home.contribute(level, out)?;
        let release = self
            .release(context, out)?
            .finish(namespace, &self.overlay)?;
        let number = release.number("/replicas", 1);
        let pods = Pods::exactly(number);
        let pods = match self.host_network {
            true => pods.on_host_network(),
            false => pods,
        };
        out.release(release.running(pods));
        out.provides(Provided::Service {
            namespace: namespace.into(),
            name: METRICS_SERVER.into(),
            ports: vec![443],
        });
        out.provides(Provided::ServiceAccount {
            namespace: namespace.into(),
            name: METRICS_SERVER.into(),
        });
        out.provides(Provided::ApiGroup("metrics.k8s.io".into()));
        out.provides(Provided::Callee {
            namespace: namespace.into(),
            labels: [("app.kubernetes.io/name".into(), METRICS_SERVER.into())].into(),
            port: self.port,
            purpose: "the aggregated API metrics.k8s.io, which the API server calls".into(),
        });
        out.check(self.check());
        let questions = out.questions();
        questions.pods(
            "METRICS-1",
            "metrics-server runs",
            namespace,
            "app.kubernetes.io/name=metrics-server",
            Count::exactly(number),
            None,
        );
        questions.kubectl(
            "METRICS-2",
            "the API server reaches it",
            &[
                "get",
                "apiservice",
                "v1beta1.metrics.k8s.io",
                "--no-headers",
            ],
            Expectation::like("Available", [" True ".to_owned()]),
        );
        questions.kubectl(
            "METRICS-3",
            "it knows the nodes",
            &["top", "nodes", "--no-headers"],
            Expectation::Lines {
                of: "nodes".into(),
                count: Count::at_least(1),
            },
        );
        Ok(())
    }
}
