//! Kyverno: policies as objects, and the Pod Security Standards as policies.

use kyverno_types::policies::v1::ValidatingPolicy;
use kyverno_types::v1::ClusterPolicy;
use kyverno_types::v2::PolicyException;
use serde_json::{Value, json};
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Finding, ObjectId, Overlay,
    Pods, Release, Severity, Subject,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{ENFORCE, Home, PodSecurity, at_home};
use crate::ids::KYVERNO;
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size, refused};

/// The chart that is known.
pub const UPSTREAM: Upstream =
    Upstream::new("https://kyverno.github.io/kyverno/", "kyverno", "3.9.0");

/// The chart of policies that is known.
pub const POLICIES: Upstream = Upstream::new(
    "https://kyverno.github.io/kyverno/",
    "kyverno-policies",
    "3.9.0",
)
.aliased("kyverno");

/// The release of the policies.
const POLICIES_RELEASE: &str = "kyverno-policies";

/// Kyverno's four controllers, policies of the stack, and the Pod Security Standards.
///
/// Its definitions are templates of the release, which upgrades them. The release's Secret is near the megabyte that Kubernetes
/// allows: there is no room for large values. The controllers register the webhooks at run time, by what policies are there; a
/// policy that fails closed stops what it is about while no admission controller runs, so three of them are the default.
#[derive(Clone, Debug, PartialEq)]
pub struct Kyverno {
    /// Where it runs. Default: a namespace `kyverno` of its own; its pods meet the level `restricted`.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// The admission controller, which requests wait for. Default: 3 pods; one in a small stack.
    pub admission: Controller,
    /// The controller of rules that generate objects and change those that are there. Default: 2 pods.
    pub background: Controller,
    /// The controller that deletes by policy. Default: 2 pods.
    pub cleanup: Controller,
    /// The controller of reports. Default: 2 pods.
    pub reports: Controller,
    /// Whether every policy that fails closed is taken for one that fails open. Default: no.
    pub fail_open: bool,
    /// Namespaces of which no request is judged, beside its own. Default: `kube-system`.
    pub left_alone: Vec<String>,
    /// The namespace in which exceptions count; `None` counts none. Default: none.
    pub exceptions_in: Option<String>,
    /// The Pod Security Standards as policies; `None` leaves them to the labels of namespaces. Default: none.
    pub pod_security: Option<PodSecurityPolicies>,
    /// ClusterPolicies, the older form of rules in YAML.
    pub policies: Vec<ClusterPolicy>,
    /// Policies of one's own, in CEL.
    pub validating_policies: Vec<ValidatingPolicy>,
    /// Exceptions from policies; one without a namespace is put where exceptions count.
    pub exceptions: Vec<PolicyException>,
    /// Whether Prometheus gets ServiceMonitors for its controllers.
    pub monitoring: Monitoring,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: KyvernoImages,
}

/// One of Kyverno's controllers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Controller {
    /// How many pods, at least one: more than one go on while a node is drained.
    pub replicas: u32,
    /// What one pod asks for and may use.
    pub resources: Resources,
}

/// The Pod Security Standards as policies of the release `kyverno-policies`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodSecurityPolicies {
    /// The chart's version. Default: that of [`POLICIES`].
    pub version: String,
    /// The level that pods must meet: `Baseline` or `Restricted`. Default: `Baseline`.
    pub level: PodSecurity,
    /// What happens to pods that do not. Default: a report.
    pub action: Action,
    /// Namespaces that are not judged. Default: `kube-system`.
    pub left_alone: Vec<String>,
}

/// What happens to what a policy does not like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// What violates a policy is let in, and stands in a report.
    #[default]
    Audit,
    /// What violates a policy is refused.
    Enforce,
}

/// The images of Kyverno, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KyvernoImages {
    /// `admissionController.container.image`.
    pub admission: String,
    /// `admissionController.initContainer.image`.
    pub init: String,
    /// `backgroundController.image`.
    pub background: String,
    /// `cleanupController.image`.
    pub cleanup: String,
    /// `reportsController.image`.
    pub reports: String,
    /// `crds.migration.image`: a Job after an upgrade.
    pub migration: String,
    /// `webhooksCleanup.image`: Jobs before the release goes; `test.image`: the pods of `helm test`.
    pub readiness_checker: String,
}

impl Default for KyvernoImages {
    fn default() -> Self {
        let image = |name: &str| format!("reg.kyverno.io/kyverno/{name}:v1.19.0");
        KyvernoImages {
            admission: image("kyverno"),
            init: image("kyvernopre"),
            background: image("background-controller"),
            cleanup: image("cleanup-controller"),
            reports: image("reports-controller"),
            migration: image("kyverno-cli"),
            readiness_checker: "ghcr.io/kyverno/readiness-checker:v1.19.0".into(),
        }
    }
}

impl Default for PodSecurityPolicies {
    fn default() -> Self {
        PodSecurityPolicies {
            version: POLICIES.version.into(),
            level: PodSecurity::Baseline,
            action: Action::Audit,
            left_alone: vec!["kube-system".into()],
        }
    }
}

impl Default for Kyverno {
    fn default() -> Self {
        let controller = |replicas, cpu: &str, memory: &str, limit: &str| Controller {
            replicas,
            resources: Resources::new(cpu, memory).memory_limit(limit),
        };
        Kyverno {
            home: Home::own("kyverno"),
            version: UPSTREAM.version.into(),
            admission: controller(3, "100m", "256Mi", "1Gi"),
            background: controller(2, "100m", "64Mi", "256Mi"),
            cleanup: controller(2, "50m", "64Mi", "128Mi"),
            reports: controller(2, "100m", "128Mi", "512Mi"),
            fail_open: false,
            left_alone: vec!["kube-system".into()],
            exceptions_in: None,
            pod_security: None,
            policies: Vec::new(),
            validating_policies: Vec::new(),
            exceptions: Vec::new(),
            monitoring: Monitoring::default(),
            overlay: Overlay::new(),
            images: KyvernoImages::default(),
        }
    }
}

impl Kyverno {
    fn controllers(&self) -> [(&'static str, &Controller); 4] {
        [
            ("admissionController", &self.admission),
            ("backgroundController", &self.background),
            ("cleanupController", &self.cleanup),
            ("reportsController", &self.reports),
        ]
    }

    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        let mut left_alone = self.left_alone.clone();
        left_alone.push(self.home.name().to_owned());
        left_alone.dedup();
        let not_in = json!({
            "key": "kubernetes.io/metadata.name",
            "operator": "NotIn",
            "values": left_alone,
        });
        let mut release = ChartRelease::new(
            KYVERNO,
            &UPSTREAM,
            &self.version,
            &json!({
                "config": {"webhooks": {"namespaceSelector": {"matchExpressions": [not_in]}}},
                "features": {
                    "forceFailurePolicyIgnore": {"enabled": self.fail_open},
                    "policyExceptions": {"enabled": self.exceptions_in.is_some()},
                },
            }),
        )?;
        let namespace = self.exceptions_in.as_deref();
        release.set_some("features.policyExceptions.namespace", namespace);
        for (key, controller) in self.controllers() {
            if controller.replicas == 0 {
                let found = format!("{key}: 0");
                return Err(refused(
                    "replicas",
                    found,
                    "at least 1: leave the overlay to switch one off",
                ));
            }
            release.set(&format!("{key}.replicas"), controller.replicas);
            let resources = controller.resources.to_value(key)?;
            let place = match key {
                "admissionController" => "admissionController.container.resources".to_owned(),
                _ => format!("{key}.resources"),
            };
            release.set(&place, resources);
            if controller.replicas > 1 {
                release.set(&format!("{key}.podDisruptionBudget.enabled"), true);
            }
            if self.monitoring.is_on(context) {
                release.set(&format!("{key}.serviceMonitor.enabled"), true);
            }
        }
        type Key = (&'static str, fn(&KyvernoImages) -> &str);
        const IMAGES: [Key; 8] = [
            ("admissionController.container.image", |images| {
                &images.admission
            }),
            ("admissionController.initContainer.image", |images| {
                &images.init
            }),
            ("backgroundController.image", |images| &images.background),
            ("cleanupController.image", |images| &images.cleanup),
            ("reportsController.image", |images| &images.reports),
            ("crds.migration.image", |images| &images.migration),
            ("webhooksCleanup.image", |images| &images.readiness_checker),
            // Without a tag the chart takes `latest`.
            ("test.image", |images| &images.readiness_checker),
        ];
        let default = KyvernoImages::default();
        for (key, of) in IMAGES {
            release.image(out, key, ImageForm::Split, of(&self.images), of(&default))?;
        }
        release.finish(self.home.name(), &self.overlay)
    }

    fn policies_release(&self, policies: &PodSecurityPolicies) -> Result<Release, ComponentError> {
        if policies.level == PodSecurity::Privileged {
            let expected = "Baseline or Restricted; without policies leave pod_security out";
            return Err(refused("pod_security.level", "Privileged", expected));
        }
        let action = match policies.action {
            Action::Audit => "Audit",
            Action::Enforce => "Enforce",
        };
        let values = json!({
            "podSecurityStandard": policies.level.name(),
            "validationFailureAction": action,
            "vpolExclude": {"excludeNamespaces": policies.left_alone},
        });
        let release = ChartRelease::new(POLICIES_RELEASE, &POLICIES, &policies.version, &values)?;
        let release = release.finish(self.home.name(), &Overlay::new())?;
        Ok(release.running(Pods::default()))
    }

    fn objects(&self, out: &mut Contribution) -> Result<(), ComponentError> {
        provide::add(out, "policies.yaml", &self.policies)?;
        provide::add(out, "policies.yaml", &self.validating_policies)?;
        for exception in &self.exceptions {
            let mut exception = exception.clone();
            let namespace = &mut exception.metadata.namespace;
            if namespace.is_none() {
                namespace.clone_from(&self.exceptions_in);
            }
            out.object("exceptions.yaml", exception)?;
        }
        Ok(())
    }

    fn check(&self) -> impl Fn(&Bundle, &mut Vec<Finding>) + Send + Sync + 'static {
        let enforced = self.pod_security.clone();
        let enforced = enforced.filter(|policies| policies.action == Action::Enforce);
        let unread = !self.exceptions.is_empty() && self.exceptions_in.is_none();
        move |bundle, findings| {
            if unread {
                let finding = Finding::new(
                    "exceptions-unread",
                    Severity::Error,
                    Subject::Release(KYVERNO.into()),
                    "there are exceptions, and exceptions are off: they change nothing".to_owned(),
                );
                findings.push(
                    finding
                        .at("features.policyExceptions.enabled")
                        .remedy("set exceptions_in to the namespace in which they count"),
                );
            }
            let Some(enforced) = &enforced else { return };
            for namespace in bundle.of_kind("", "Namespace") {
                let name = &namespace.id().name;
                let level = &namespace.value()["metadata"]["labels"][ENFORCE];
                let allows = matches!(
                    (level.as_str(), enforced.level),
                    (Some("privileged"), _) | (Some("baseline"), PodSecurity::Restricted)
                );
                if allows && !enforced.left_alone.contains(name) {
                    findings.push(refuses(namespace.id(), level, enforced.level));
                }
            }
        }
    }
}

/// A namespace whose pods need more than the policies let them have.
fn refuses(namespace: &ObjectId, level: &Value, enforced: PodSecurity) -> Finding {
    let message = format!(
        "it is open to {} pods, and Kyverno refuses all that do not meet {}",
        level.as_str().unwrap_or_default(),
        enforced.name()
    );
    Finding::new(
        "policies-refuse-namespace",
        Severity::Error,
        namespace,
        message,
    )
    .at(format!("metadata.labels[{ENFORCE}]"))
    .remedy("name it in pod_security.left_alone, or let the policies report alone")
}

licences! {
    "https://github.com/kyverno/kyverno", "Apache-2.0": [
        "reg.kyverno.io/kyverno/kyverno",
        "reg.kyverno.io/kyverno/kyvernopre",
        "reg.kyverno.io/kyverno/background-controller",
        "reg.kyverno.io/kyverno/cleanup-controller",
        "reg.kyverno.io/kyverno/reports-controller",
        "reg.kyverno.io/kyverno/kyverno-cli",
    ];
    "https://github.com/kyverno/readiness-checker", unknown: ["ghcr.io/kyverno/readiness-checker"];
}

impl Component for Kyverno {
    at_home!(KYVERNO, requires: home);

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    fn resize(&mut self, profile: &str) {
        if let Some(size) = Size::named(profile) {
            let small = size == Size::Small;
            self.admission.replicas = if small { 1 } else { 3 };
            for controller in [&mut self.background, &mut self.cleanup, &mut self.reports] {
                controller.replicas = if small { 1 } else { 2 };
            }
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
        let all = self
            .controllers()
            .map(|(_, controller)| controller.replicas);
        out.release(release.running(Pods::exactly(all.iter().sum())));
        if let Some(policies) = &self.pod_security {
            out.release(self.policies_release(policies)?);
        }
        provide::service(out, namespace, "kyverno-svc", &[443]);
        provide::service(out, namespace, "kyverno-svc-metrics", &[8000]);
        provide::service(out, namespace, "kyverno-cleanup-controller", &[443]);
        provide::accounts(
            out,
            namespace,
            [
                "kyverno-admission-controller",
                "kyverno-background-controller",
                "kyverno-cleanup-controller",
                "kyverno-reports-controller",
            ],
        );
        provide::groups(
            out,
            [
                "kyverno.io",
                "policies.kyverno.io",
                "reports.kyverno.io",
                "wgpolicyk8s.io",
            ],
        );
        for component in ["admission-controller", "cleanup-controller"] {
            provide::called(
                out,
                namespace,
                ("app.kubernetes.io/component", component),
                9443,
                "the webhooks of Kyverno",
            );
        }
        self.objects(out)?;
        out.check(self.check());
        let questions = out.questions();
        for (at, (component, number)) in [
            "admission-controller",
            "background-controller",
            "cleanup-controller",
            "reports-controller",
        ]
        .into_iter()
        .zip(all)
        .enumerate()
        {
            questions.pods(
                &format!("KYVERNO-{}", at + 1),
                &format!("Kyverno's {component} runs"),
                namespace,
                &format!("app.kubernetes.io/component={component}"),
                Count::exactly(number),
                None,
            );
        }
        let names = provide::names(&self.policies);
        if !names.is_empty() {
            questions.names("KYVERNO-5", "the policies", &["clusterpolicies"], names);
        }
        Ok(())
    }
}
