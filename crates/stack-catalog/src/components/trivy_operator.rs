//! The Trivy Operator: what is known to be wrong with the images and objects of a cluster.

use std::collections::BTreeSet;

use kube_vocab::{ObjectId, Severity as Weight};
use serde_json::json;
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Expectation, Finding,
    ImageRef, Overlay, Pods, Release,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::TRIVY_OPERATOR;
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size, Volume, quantity, refused};

/// The chart that is known; its app has the version 0.32.0.
pub const UPSTREAM: Upstream = Upstream::new(
    "https://aquasecurity.github.io/helm-charts/",
    "trivy-operator",
    "0.34.0",
)
.aliased("aqua");

/// The Trivy Operator. It starts a Job for each image and writes reports as objects beside the workloads.
///
/// Its definitions lie in the chart's folder `crds`: Helm installs them once and never upgrades them; apply those of a new
/// version before the upgrade. The reports are objects that nobody wrote: leave their kinds out of what is synced from Git. The
/// Jobs must end, so its namespace must not be one where sidecars are injected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrivyOperator {
    /// Where it and its Jobs run. Default: a namespace `trivy-system` of its own, at the level `baseline`, or `privileged` with
    /// the scanner of nodes.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// The namespaces that are looked at; empty for all. Default: empty.
    pub namespaces: Vec<String>,
    /// Namespaces that are left out. Default: `kube-system`.
    pub excluded_namespaces: Vec<String>,
    /// Images that are left out, with `*` for any text. Default: none.
    pub excluded_images: Vec<String>,
    /// What it looks for; each of them fills a kind of reports.
    pub scanners: Scanners,
    /// The compliance reports; `None` for none. Default: none.
    pub compliance: Option<Compliance>,
    /// Where the database of vulnerabilities is kept. Default: in a server, which loads it once.
    pub database: Database,
    /// Which vulnerabilities are reported. Default: all.
    pub severities: BTreeSet<Severity>,
    /// Whether those are left out for which there is no fixed version. Default: no.
    pub ignore_unfixed: bool,
    /// Whether nothing is looked up outside the cluster but the databases. Default: no.
    pub offline: bool,
    /// How many Jobs run at once. Default: 5; 3 in a small stack, 10 in a large one.
    pub concurrent_jobs: u32,
    /// After how many minutes a Job is given up. Default: 10.
    pub job_timeout_minutes: u32,
    /// After how many hours a report is made again. Default: 24.
    pub report_hours: u32,
    /// Whether it may read the Secrets of all namespaces, to pull private images. Default: yes.
    pub reads_pull_secrets: bool,
    /// What the operator asks for and may use.
    pub resources: Resources,
    /// What the container of a Job asks for and may use.
    pub job_resources: Resources,
    /// Whether Prometheus gets a ServiceMonitor for the operator, which counts what reports hold.
    pub monitoring: Monitoring,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images and databases come from.
    pub images: TrivyOperatorImages,
}

/// What the operator looks for; each of them fills a kind of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scanners {
    /// Vulnerabilities of what is in images. Default: yes.
    pub vulnerabilities: bool,
    /// What images consist of, as a bill of materials. Default: yes.
    pub bill_of_materials: bool,
    /// Secrets that were left in images. Default: yes.
    pub exposed_secrets: bool,
    /// Mistakes in workloads. Default: yes.
    pub configuration: bool,
    /// Rights that are too wide. Default: yes.
    pub rbac: bool,
    /// Settings of nodes and of the control plane, by pods that read the node's files and see its processes. Default: no.
    pub nodes: bool,
}

impl Default for Scanners {
    fn default() -> Self {
        Scanners {
            vulnerabilities: true,
            bill_of_materials: true,
            exposed_secrets: true,
            configuration: true,
            rbac: true,
            nodes: false,
        }
    }
}

/// How bad a vulnerability is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nobody has rated it yet.
    Unknown,
    /// It hardly matters.
    Low,
    /// It matters together with others.
    Medium,
    /// It opens something.
    High,
    /// It opens all to whoever reaches the program.
    Critical,
}

impl Severity {
    /// All of them.
    pub const ALL: [Severity; 5] = [
        Self::Unknown,
        Self::Low,
        Self::Medium,
        Self::High,
        Self::Critical,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Unknown => "UNKNOWN",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Critical => "CRITICAL",
        }
    }
}

/// Reports of how far the cluster keeps to a standard. They are made of what the scanners find, those of nodes among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compliance {
    /// When they are made, as cron says it. Default: every six hours.
    pub cron: String,
    /// The standards, by the names that the chart has for them.
    pub standards: Vec<String>,
}

impl Default for Compliance {
    fn default() -> Self {
        Compliance {
            cron: "0 */6 * * *".into(),
            standards: ["k8s-nsa-1.0", "k8s-pss-baseline-0.1"]
                .map(Into::into)
                .into(),
        }
    }
}

/// Where the database of vulnerabilities is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// Each Job loads it: much traffic, and registries refuse it after some time.
    EachJob,
    /// A server loads it and answers the Jobs.
    Server {
        /// Where it is kept over a restart; `None` for nowhere.
        volume: Option<Volume>,
        /// What the server asks for and may use.
        resources: Resources,
    },
}

impl Default for Database {
    fn default() -> Self {
        Database::Server {
            volume: Some(Volume::new("5Gi")),
            resources: Resources::new("200m", "512Mi").memory_limit("1Gi"),
        }
    }
}

/// Images and databases, by the keys that carry each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrivyOperatorImages {
    /// `image`.
    pub operator: String,
    /// `trivy.image`: in Jobs, and the server.
    pub trivy: String,
    /// `nodeCollector`: in Jobs on each node where nodes are looked at; the operator's configuration names it in any case.
    pub node_collector: String,
    /// `policiesBundle`: the rules for objects, an artifact that the operator loads.
    pub checks: String,
    /// `trivy.dbRegistry` and `trivy.dbRepository`: the database of vulnerabilities, an artifact.
    pub database: String,
    /// `trivy.javaDbRegistry` and `trivy.javaDbRepository`: the database of Java packages, an artifact.
    pub java_database: String,
}

impl Default for TrivyOperatorImages {
    fn default() -> Self {
        TrivyOperatorImages {
            operator: "mirror.gcr.io/aquasec/trivy-operator:0.32.0".into(),
            trivy: "mirror.gcr.io/aquasec/trivy:0.72.0".into(),
            node_collector: "ghcr.io/aquasecurity/node-collector:0.3.1".into(),
            checks: "mirror.gcr.io/aquasec/trivy-checks:1".into(),
            database: "mirror.gcr.io/aquasec/trivy-db:2".into(),
            java_database: "mirror.gcr.io/aquasec/trivy-java-db:1".into(),
        }
    }
}

impl Default for TrivyOperator {
    fn default() -> Self {
        TrivyOperator {
            home: Home::own("trivy-system"),
            version: UPSTREAM.version.into(),
            namespaces: Vec::new(),
            excluded_namespaces: vec!["kube-system".into()],
            excluded_images: Vec::new(),
            scanners: Scanners::default(),
            compliance: None,
            database: Database::default(),
            severities: Severity::ALL.into(),
            ignore_unfixed: false,
            offline: false,
            concurrent_jobs: 5,
            job_timeout_minutes: 10,
            report_hours: 24,
            reads_pull_secrets: true,
            resources: Resources::new("100m", "256Mi").memory_limit("512Mi"),
            job_resources: Resources::new("100m", "128Mi").memory_limit("512Mi"),
            monitoring: Monitoring::default(),
            overlay: Overlay::new(),
            images: TrivyOperatorImages::default(),
        }
    }
}

impl TrivyOperator {
    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        for (field, number) in [
            ("concurrent_jobs", self.concurrent_jobs),
            ("job_timeout_minutes", self.job_timeout_minutes),
            ("report_hours", self.report_hours),
        ] {
            if number == 0 {
                return Err(refused(field, 0, "at least 1"));
            }
        }
        if self.severities.is_empty() {
            return Err(refused("severities", "empty", "at least one"));
        }
        let scanners = self.scanners;
        let severities: Vec<&str> = self.severities.iter().map(|one| one.name()).collect();
        let mut release = ChartRelease::new(
            TRIVY_OPERATOR,
            &UPSTREAM,
            &self.version,
            &json!({
                "targetNamespaces": self.namespaces.join(","),
                "excludeNamespaces": self.excluded_namespaces.join(","),
                "operator": {
                    "scanJobsConcurrentLimit": self.concurrent_jobs,
                    "scanJobTimeout": format!("{}m", self.job_timeout_minutes),
                    "scannerReportTTL": format!("{}h", self.report_hours),
                    "vulnerabilityScannerEnabled": scanners.vulnerabilities,
                    "sbomGenerationEnabled": scanners.bill_of_materials,
                    "exposedSecretScannerEnabled": scanners.exposed_secrets,
                    "configAuditScannerEnabled": scanners.configuration,
                    "rbacAssessmentScannerEnabled": scanners.rbac,
                    "infraAssessmentScannerEnabled": scanners.nodes,
                    "clusterComplianceEnabled": self.compliance.is_some(),
                    "accessGlobalSecretsAndServiceAccount": self.reads_pull_secrets,
                },
                "resources": self.resources.to_value("resources")?,
                "trivy": {
                    "severity": severities.join(","),
                    "ignoreUnfixed": self.ignore_unfixed,
                    "offlineScan": self.offline,
                    "resources": self.job_resources.to_value("job_resources")?,
                },
            }),
        )?;
        if !self.excluded_images.is_empty() {
            let images = self.excluded_images.join(",");
            release.set("trivyOperator.excludeImages", images);
        }
        if let Some(compliance) = &self.compliance {
            release.set(
                "compliance",
                json!({"cron": compliance.cron, "specs": compliance.standards}),
            );
        }
        if let Database::Server { volume, resources } = &self.database {
            release.set("operator.builtInTrivyServer", true);
            let resources = resources.to_value("database.resources")?;
            release.set("trivy.server.resources", resources);
            match volume {
                None => release.set("trivy.storageClassEnabled", false),
                Some(volume) => {
                    quantity("database.volume.size", &volume.size)?;
                    release.set("trivy.storageSize", volume.size.as_str());
                    release.set_some("trivy.storageClassName", volume.class.as_deref());
                }
            }
        }
        if self.monitoring.is_on(context) {
            release.set("serviceMonitor.enabled", true);
        }
        self.images(&mut release, out)?;
        release.finish(self.home.name(), &self.overlay)
    }

    fn images(
        &self,
        release: &mut ChartRelease,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let (images, default) = (&self.images, TrivyOperatorImages::default());
        let split = ImageForm::Split;
        release.image(out, "image", split, &images.operator, &default.operator)?;
        release.image(out, "trivy.image", split, &images.trivy, &default.trivy)?;
        // The operator's configuration names it in any case, and a Job runs it where nodes are looked at.
        let (image, known) = (&images.node_collector, &default.node_collector);
        release.image(out, "nodeCollector", split, image, known)?;
        let artifact = "an artifact, which is pulled as an image is";
        let checks = out.commented_image("policiesBundle", &images.checks, artifact)?;
        release.write_image("policiesBundle", split, &checks);
        // The chart has a number there.
        let number = checks.tag().and_then(|tag| tag.parse::<u64>().ok());
        release.set_some("policiesBundle.tag", number);
        for (key, image) in [("db", &images.database), ("javaDb", &images.java_database)] {
            let image = out.commented_image(&format!("trivy.{key}Repository"), image, artifact)?;
            let (registry, repository) = parts(&image);
            release.set(&format!("trivy.{key}Registry"), registry);
            release.set(&format!("trivy.{key}Repository"), repository);
        }
        Ok(())
    }

    fn provide(&self, out: &mut Contribution) {
        let namespace = self.home.name();
        provide::service(out, namespace, TRIVY_OPERATOR, &[80]);
        provide::accounts(out, namespace, [TRIVY_OPERATOR]);
        provide::groups(out, ["aquasecurity.github.io"]);
    }

    /// Jobs with a sidecar never end.
    fn check(&self) -> impl Fn(&Bundle, &mut Vec<Finding>) + Send + Sync + 'static {
        let name = self.home.name().to_owned();
        move |bundle, findings| {
            let Some(namespace) = bundle.object("Namespace", None, &name) else {
                return;
            };
            let metadata = &namespace.value()["metadata"];
            for (of, key, value) in [
                ("labels", "istio-injection", "enabled"),
                ("annotations", "linkerd.io/inject", "enabled"),
            ] {
                if metadata[of][key] == value {
                    let id = ObjectId::new("v1", "Namespace", None, &name);
                    let message =
                        "the Jobs that scan get a sidecar here, wait for it, and are given up";
                    let finding =
                        Finding::new("scan-jobs-in-mesh", Weight::Warning, id, message.to_owned());
                    let path = format!("metadata.{of}[{key}]");
                    let remedy = "leave the namespace of the Trivy Operator out of the mesh";
                    findings.push(finding.at(path).remedy(remedy));
                }
            }
        }
    }

    fn ask(&self, servers: u32, out: &mut Contribution) {
        let namespace = self.home.name();
        let questions = out.questions();
        questions.pods(
            "TRIVY-1",
            "the operator runs",
            namespace,
            "app.kubernetes.io/name=trivy-operator",
            Count::exactly(1),
            None,
        );
        if servers > 0 {
            questions.pods(
                "TRIVY-2",
                "the server with the database runs",
                namespace,
                "app.kubernetes.io/name=trivy-server",
                Count::exactly(servers),
                None,
            );
        }
        if self.scanners.vulnerabilities {
            let of = "reports".to_owned();
            let count = Count::at_least(1);
            let reports = questions.kubectl(
                "TRIVY-3",
                "there are reports of vulnerabilities",
                &[
                    "get",
                    "vulnerabilityreports",
                    "--all-namespaces",
                    "--no-headers",
                ],
                Expectation::Lines { of, count },
            );
            reports.lenient = Some("the first Jobs may still be at work".into());
        }
    }
}

/// Registry and repository of an artifact.
fn parts(image: &ImageRef) -> (String, String) {
    let image = image.canonical();
    let host = image.host().to_owned();
    let rest = image.name().strip_prefix(&format!("{host}/"));
    (host, rest.unwrap_or(image.name()).to_owned())
}

licences! {
    "https://github.com/aquasecurity/trivy-operator", "Apache-2.0": ["mirror.gcr.io/aquasec/trivy-operator"];
    "https://github.com/aquasecurity/trivy", "Apache-2.0": ["mirror.gcr.io/aquasec/trivy"];
    "https://github.com/aquasecurity/trivy-checks", "MIT": ["mirror.gcr.io/aquasec/trivy-checks"];
    "https://github.com/aquasecurity/k8s-node-collector", "Apache-2.0": ["ghcr.io/aquasecurity/node-collector"];
    "https://github.com/aquasecurity/trivy-db", unknown: ["mirror.gcr.io/aquasec/trivy-db"];
    "https://github.com/aquasecurity/trivy-java-db", unknown: ["mirror.gcr.io/aquasec/trivy-java-db"];
}

impl Component for TrivyOperator {
    at_home!(TRIVY_OPERATOR, requires: home);

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    fn resize(&mut self, profile: &str) {
        if let Some(size) = Size::named(profile) {
            self.concurrent_jobs = match size {
                Size::Small => 3,
                Size::Medium => 5,
                Size::Large => 10,
            };
        }
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        let level = match self.scanners.nodes {
            true => PodSecurity::Privileged,
            false => PodSecurity::Baseline,
        };
        self.home.contribute(level, out)?;
        let release = self.release(context, out)?;
        let operators = release.number("/operator/replicas", 1);
        let servers = match self.database {
            Database::Server { .. } => release.number("/trivy/server/replicas", 1),
            Database::EachJob => 0,
        };
        out.release(release.running(Pods::exactly(operators + servers)));
        self.provide(out);
        out.check(self.check());
        self.ask(servers, out);
        Ok(())
    }
}
