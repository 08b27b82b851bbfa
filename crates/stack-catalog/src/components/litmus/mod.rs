//! Litmus: faults on purpose, to see what they do.

mod agent;
mod portal;

use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::api::rbac::v1::{PolicyRule, Role, RoleBinding, RoleRef, Subject};
use litmus_types::v1alpha1::{ChaosEngine, ChaosExperiment};
use serde_json::json;
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Finding, Object, Overlay,
    Pods, Release, Severity,
};

pub use agent::{AGENT_UPSTREAM, LitmusAgent, LitmusAgentImages};
pub use portal::{LitmusDatabase, LitmusPortal, LitmusPortalImages, PORTAL_UPSTREAM};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{ENFORCE, Home, PodSecurity, at_home};
use crate::ids::LITMUS;
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::Resources;

/// The chart that is known: Litmus' operator and definitions, without its portal.
pub const UPSTREAM: Upstream =
    Upstream::new(REPOSITORY, "litmus-core", "3.28.1").aliased("litmuschaos");

/// The repository of the three charts.
const REPOSITORY: &str = "https://litmuschaos.github.io/litmus-helm/";

/// Litmus' operator, and the experiments that come with the stack.
///
/// Engines and experiments are objects in Git; who wants a portal has [`LitmusPortal`] and [`LitmusAgent`] in its place. The definitions lie in the chart's
/// folder `crds`: Helm installs them once and never upgrades them; apply those of a new version before the upgrade.
///
/// ```
/// use stack_catalog::components::Litmus;
/// use stack_catalog::components::litmus::ChaosAccount;
/// use stack_catalog::litmus_types::v1alpha1::{ApplicationParams, ChaosEngine, ChaosEngineSpec, ExperimentList};
///
/// let target = ApplicationParams::deployment("demo", "app=web");
/// let spec = ChaosEngineSpec::of(target, "chaos", [ExperimentList::pod_delete(30, 10)]);
/// let litmus = Litmus {
///     accounts: vec![ChaosAccount::new("chaos", "demo")],
///     engines: vec![ChaosEngine::new("web", spec).in_namespace("demo")],
///     ..Litmus::default()
/// };
/// let bundle = stack_catalog::platform("dev", "dev.example.com").with(litmus).build()?;
/// assert!(bundle.object("Role", Some("demo"), "chaos").is_some());
/// # Ok::<(), stack_catalog::stack_builder::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Litmus {
    /// Where the operator runs. Default: a namespace `litmus` of its own, at the level `baseline`.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// Whose engines the operator starts. Default: those of all namespaces.
    pub scope: Scope,
    /// What the operator asks for and may use.
    pub resources: Resources,
    /// What counts experiments for Prometheus; `None` for nothing. Default: there, where it is scraped.
    pub exporter: Option<Resources>,
    /// Whether the makers are told of each experiment. Default: no.
    pub reports_usage: bool,
    /// Whether Prometheus gets a ServiceMonitor for the exporter, which comes only then.
    pub monitoring: Monitoring,
    /// Accounts by which experiments act, each with rights in one namespace.
    pub accounts: Vec<ChaosAccount>,
    /// What can go wrong; without a namespace, they stand in the component's, where no engine of another one finds them.
    pub experiments: Vec<ChaosExperiment>,
    /// What does go wrong, from the moment at which it is applied.
    pub engines: Vec<ChaosEngine>,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: LitmusImages,
}

/// Whose engines the operator starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Those of all namespaces.
    #[default]
    Cluster,
    /// Those of its own namespace, which may be about workloads of others.
    Admin,
    /// Those of its own namespace, about workloads there, with rights there alone.
    Namespace,
}

/// An account by which experiments act, with the rights that faults of pods need in its namespace: to delete pods, to run
/// commands in them, to start Jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChaosAccount {
    /// Its name, and that of the Role and the RoleBinding: what an engine names as `chaosServiceAccount`.
    pub name: String,
    /// The namespace in which experiments run as this account.
    pub namespace: String,
}

impl ChaosAccount {
    /// An account of a namespace.
    pub fn new(name: &str, namespace: &str) -> Self {
        ChaosAccount {
            name: name.to_owned(),
            namespace: namespace.to_owned(),
        }
    }

    fn add(&self, out: &mut Contribution) -> Result<(), ComponentError> {
        let file = "accounts.yaml";
        let mut account = ServiceAccount::default();
        account.metadata.name = Some(self.name.clone());
        account.metadata.namespace = Some(self.namespace.clone());
        let role = Role {
            metadata: account.metadata.clone(),
            rules: Some(RIGHTS.iter().map(Right::rule).collect()),
        };
        // From Kubernetes 1.37 on the type has an Option here.
        #[allow(clippy::useless_conversion)]
        let api_group = "rbac.authorization.k8s.io".to_owned().into();
        let binding = RoleBinding {
            metadata: account.metadata.clone(),
            role_ref: RoleRef {
                api_group,
                kind: "Role".into(),
                name: self.name.clone(),
            },
            subjects: Some(vec![Subject {
                kind: "ServiceAccount".into(),
                name: self.name.clone(),
                namespace: Some(self.namespace.clone()),
                ..Subject::default()
            }]),
        };
        out.object(file, account)?;
        out.object(file, role)?;
        out.object(file, binding)
    }
}

struct Right {
    group: &'static str,
    resources: &'static [&'static str],
    verbs: &'static [&'static str],
}

impl Right {
    fn rule(&self) -> PolicyRule {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        PolicyRule {
            api_groups: Some(vec![self.group.to_owned()]),
            resources: Some(texts(self.resources)),
            verbs: texts(self.verbs),
            ..PolicyRule::default()
        }
    }
}

/// What faults of pods need.
const RIGHTS: [Right; 6] = [
    Right {
        group: "",
        resources: &["pods"],
        verbs: &[
            "create",
            "delete",
            "get",
            "list",
            "patch",
            "update",
            "deletecollection",
        ],
    },
    Right {
        group: "",
        resources: &["events"],
        verbs: &["create", "get", "list", "patch", "update"],
    },
    Right {
        group: "",
        resources: &["configmaps", "pods/log", "pods/exec"],
        verbs: &["get", "list", "create"],
    },
    Right {
        group: "apps",
        resources: &["deployments", "statefulsets", "replicasets", "daemonsets"],
        verbs: &["list", "get"],
    },
    Right {
        group: "batch",
        resources: &["jobs"],
        verbs: &["create", "list", "get", "delete", "deletecollection"],
    },
    Right {
        group: "litmuschaos.io",
        resources: &["chaosengines", "chaosexperiments", "chaosresults"],
        verbs: &["create", "list", "get", "patch", "update", "delete"],
    },
];

/// The images, by the key that carries each; those of experiments stand in the experiments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LitmusImages {
    /// `operator.image`.
    pub operator: String,
    /// `runner.image`: in a pod for each engine.
    pub runner: String,
    /// `exporter.image`.
    pub exporter: String,
}

impl Default for LitmusImages {
    fn default() -> Self {
        let image =
            |name: &str| format!("litmuschaos.docker.scarf.sh/litmuschaos/chaos-{name}:3.28.0");
        LitmusImages {
            operator: image("operator"),
            runner: image("runner"),
            exporter: image("exporter"),
        }
    }
}

impl Default for Litmus {
    fn default() -> Self {
        Litmus {
            home: Home::own("litmus"),
            version: UPSTREAM.version.into(),
            scope: Scope::default(),
            resources: Resources::new("50m", "64Mi").memory_limit("128Mi"),
            exporter: Some(Resources::new("10m", "32Mi").memory_limit("128Mi")),
            reports_usage: false,
            monitoring: Monitoring::default(),
            accounts: Vec::new(),
            experiments: Vec::new(),
            engines: Vec::new(),
            overlay: Overlay::new(),
            images: LitmusImages::default(),
        }
    }
}

impl Litmus {
    /// What asks for the exporter: there is one only where somebody reads it.
    fn exporter(&self, context: &Context<'_>) -> Option<&Resources> {
        let scraped = self.monitoring.is_on(context);
        self.exporter.as_ref().filter(|_| scraped)
    }

    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        let mode = match self.scope {
            Scope::Cluster => "standard",
            Scope::Admin => "admin",
            Scope::Namespace => "namespaced",
        };
        let mut release = ChartRelease::new(
            "litmus-core",
            &UPSTREAM,
            &self.version,
            &json!({
                "operatorMode": mode,
                "resources": self.resources.to_value("resources")?,
                "policies": {"monitoring": {"disabled": !self.reports_usage}},
                "operator": {"image": {"pullPolicy": "IfNotPresent"}},
            }),
        )?;
        let (images, default) = (&self.images, LitmusImages::default());
        let form = ImageForm::Repository;
        release.image(
            out,
            "operator.image",
            form,
            &images.operator,
            &default.operator,
        )?;
        release.image(out, "runner.image", form, &images.runner, &default.runner)?;
        if let Some(resources) = self.exporter(context) {
            release.set("exporter.enabled", true);
            release.set("exporter.serviceMonitor.enabled", true);
            release.set("exporter.resources", resources.to_value("exporter")?);
            release.image(
                out,
                "exporter.image",
                form,
                &images.exporter,
                &default.exporter,
            )?;
            release.set("exporter.image.pullPolicy", "IfNotPresent");
        }
        release.finish(self.home.name(), &self.overlay)
    }

    /// The experiments, with the images that their Jobs run.
    fn add_experiments(&self, out: &mut Contribution) -> Result<(), ComponentError> {
        let mut experiments = self.experiments.clone();
        for experiment in &mut experiments {
            let name = experiment.metadata.name.clone().unwrap_or_default();
            let definition = experiment
                .spec
                .as_mut()
                .and_then(|spec| spec.definition.as_mut());
            if let Some(image) = definition.and_then(|definition| definition.image.as_mut()) {
                *image = out
                    .image(&format!("the experiment {name}"), image)?
                    .to_string();
            }
        }
        provide::add_in(out, "experiments.yaml", &self.home, &experiments)
    }

    fn check(&self) -> impl Fn(&Bundle, &mut Vec<Finding>) + Send + Sync + 'static {
        let own = self.home.name().to_owned();
        let everywhere = self.scope == Scope::Cluster;
        move |bundle, findings| {
            for engine in bundle.of_kind("litmuschaos.io", "ChaosEngine") {
                let namespace = engine.id().namespace.as_deref();
                if !everywhere && namespace.is_some_and(|name| name != own) {
                    let message = format!("the operator starts engines of {own} alone");
                    let finding = Finding::new(
                        "engine-unseen",
                        Severity::Error,
                        engine.id().clone(),
                        message,
                    );
                    let remedy = "move the engine there, or set scope to Scope::Cluster";
                    findings.push(finding.at("metadata.namespace").remedy(remedy));
                }
                helpers(engine, bundle, findings);
            }
        }
    }
}

/// Experiments whose helper pods have all rights and paths of the node, by the start of their names.
const WITH_HELPERS: [&str; 9] = [
    "pod-network-",
    "pod-dns-",
    "pod-http-",
    "pod-cpu-hog",
    "pod-memory-hog",
    "pod-io-stress",
    "disk-fill",
    "container-kill",
    "pod-api-",
];

/// Whether the helper pods of an engine's experiments may run where they are started.
fn helpers(engine: &Object, bundle: &Bundle, findings: &mut Vec<Finding>) {
    let Some(name) = engine.id().namespace.as_deref() else {
        return;
    };
    let Some(namespace) = bundle.object("Namespace", None, name) else {
        return;
    };
    let level = &namespace.value()["metadata"]["labels"][ENFORCE];
    let Some(level) = level.as_str().filter(|level| *level != "privileged") else {
        return;
    };
    let experiments = engine.value()["spec"]["experiments"].as_array();
    for (at, experiment) in experiments.into_iter().flatten().enumerate() {
        let Some(fault) = experiment["name"].as_str() else {
            continue;
        };
        // Two of them act by commands in the target's own containers, too.
        let by_exec = fault.ends_with("-exec");
        if !by_exec && WITH_HELPERS.iter().any(|start| fault.starts_with(start)) {
            let message = format!(
                "the helper pod of {fault} has all rights, and the namespace takes pods of the level {level} alone"
            );
            let finding = Finding::new(
                "helper-needs-rights",
                Severity::Error,
                engine.id().clone(),
                message,
            );
            let remedy = "run it in a namespace that takes privileged pods, or choose a fault such as pod-delete";
            findings.push(
                finding
                    .at(format!("spec.experiments[{at}].name"))
                    .remedy(remedy),
            );
        }
    }
}

licences! {
    "https://github.com/litmuschaos/litmus-go", "Apache-2.0": ["litmuschaos.docker.scarf.sh/litmuschaos/go-runner"];
    "https://github.com/litmuschaos/chaos-operator", "Apache-2.0": [
        "litmuschaos.docker.scarf.sh/litmuschaos/chaos-operator",
    ];
    "https://github.com/litmuschaos/chaos-runner", "Apache-2.0": [
        "litmuschaos.docker.scarf.sh/litmuschaos/chaos-runner",
    ];
    "https://github.com/litmuschaos/chaos-exporter", "Apache-2.0": [
        "litmuschaos.docker.scarf.sh/litmuschaos/chaos-exporter",
    ];
    "https://github.com/litmuschaos/litmus-helm-agent", "Apache-2.0": [
        "litmuschaos.docker.scarf.sh/litmuschaos/litmus-helm-agent",
    ];
    "https://github.com/litmuschaos/litmus", "Apache-2.0": [
        "litmuschaos.docker.scarf.sh/litmuschaos/litmusportal-event-tracker",
        "litmuschaos.docker.scarf.sh/litmuschaos/litmusportal-subscriber",
        "litmuschaos.docker.scarf.sh/litmuschaos/litmusportal-frontend",
        "litmuschaos.docker.scarf.sh/litmuschaos/litmusportal-server",
        "litmuschaos.docker.scarf.sh/litmuschaos/litmusportal-auth-server",
    ];
    "https://github.com/argoproj/argo-workflows", "Apache-2.0": [
        "litmuschaos.docker.scarf.sh/litmuschaos/workflow-controller",
        "litmuschaos.docker.scarf.sh/litmuschaos/argoexec",
    ];
    "https://github.com/mongodb/mongo", unknown: ["litmuschaos.docker.scarf.sh/litmuschaos/mongo"];
    "https://github.com/bitnami/containers", unknown: [
        "docker.io/bitnamilegacy/mongodb",
        "docker.io/bitnamilegacy/os-shell",
    ];
}

impl Component for Litmus {
    at_home!(LITMUS, requires: home);

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        self.home.contribute(PodSecurity::Baseline, out)?;
        let release = self.release(context, out)?;
        let operators = release.number("/replicaCount", 1);
        let exporters = u32::from(self.exporter(context).is_some());
        out.release(release.running(Pods::exactly(operators + exporters)));
        provide::accounts(out, self.home.name(), ["litmus"]);
        provide::groups(out, ["litmuschaos.io"]);
        for account in &self.accounts {
            account.add(out)?;
        }
        self.add_experiments(out)?;
        provide::add_in(out, "engines.yaml", &self.home, &self.engines)?;
        out.check(self.check());
        out.questions().pods(
            "LITMUS-1",
            "the operator runs",
            self.home.name(),
            "app=litmus",
            Count::exactly(operators),
            None,
        );
        Ok(())
    }
}
