//! Falco: what programs on the nodes do, watched by rules.

mod additions;
mod images;
mod rules;
mod sidekick;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Finding, Overlay, Pods,
    Questions, Release, Severity,
};

pub use additions::{Metadata, Talon};
pub use images::FalcoImages;
pub use rules::{Priority, Rule, UpstreamRules};
pub use sidekick::{Receiver, ReceiverKind, Sidekick, SidekickUi};

use crate::chart_release::{ChartRelease, Upstream};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::FALCO;
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size};
use crate::surroundings::Surroundings;

/// The chart that is known.
pub const UPSTREAM: Upstream =
    Upstream::new("https://falcosecurity.github.io/charts", "falco", "9.1.0")
        .aliased("falcosecurity");

/// Falco on each node, and Falcosidekick, which hands its events on; where it is wanted also a page of events, the metacollector and
/// Falco Talon.
///
/// It reads the files and processes of its node, so its namespace takes privileged pods; policies that forbid these must leave
/// the namespace out. When it starts it loads rules and a plugin from a registry. It has no kinds of its own: rules are files.
///
/// ```
/// use stack_catalog::components::Falco;
/// use stack_catalog::components::falco::{Priority, Rule};
///
/// let shell = Rule::new(
///     "Shell in the shop",
///     "spawned_process and container and proc.name in (bash, sh) and k8s.ns.name = shop",
///     "A shell was started (user=%user.name pod=%k8s.pod.name command=%proc.cmdline)",
///     Priority::Warning,
/// );
/// let falco = Falco { rules: vec![shell], ..Falco::default() };
/// let bundle = stack_catalog::platform("dev", "dev.example.com").with(falco).build()?;
/// let rules = &bundle.release("falco").unwrap().values["customRules"]["stack.yaml"];
/// assert!(rules.as_str().unwrap().starts_with("- rule: Shell in the shop"));
/// # Ok::<(), stack_catalog::stack_builder::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Falco {
    /// Where it runs. Default: a namespace `falco` of its own, at the level `privileged`.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// How it sees what the kernel does. Default: by eBPF, with the few rights that this needs.
    pub driver: Driver,
    /// From which priority on there are events. Default: [`Priority::Debug`], all.
    pub least_priority: Priority,
    /// Where the rules of the Falco project come from.
    pub upstream_rules: UpstreamRules,
    /// Rules of one's own; they are read after those of the project.
    pub rules: Vec<Rule>,
    /// Files of rules, lists and macros as text, by their name.
    pub rule_files: BTreeMap<String, String>,
    /// Whether it runs on all nodes, whatever their taints. Default: yes; else not on nodes with taints of one's own.
    pub on_every_node: bool,
    /// What one pod asks for and may use.
    pub resources: Resources,
    /// Falcosidekick; `None` for none: events are then lines of the log alone. Default: with no receiver but the metrics.
    pub sidekick: Option<Sidekick>,
    /// What knows the cluster beyond pods; `None` for nothing. Default: none.
    pub metadata: Option<Metadata>,
    /// What acts on events; `None` for nothing. Default: none.
    pub talon: Option<Talon>,
    /// Whether Prometheus gets a ServiceMonitor for it.
    pub monitoring: Monitoring,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images and artifacts come from.
    pub images: FalcoImages,
}

/// How Falco sees what the kernel does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// By a program in the kernel that comes with Falco: needs a kernel with BTF, 5.8 or later.
    ModernEbpf {
        /// Whether the container has the rights that this needs, rather than all.
        least_privileged: bool,
    },
    /// By a module that is loaded or built for the kernel when a pod starts, by a privileged container.
    KernelModule,
}

impl Default for Driver {
    fn default() -> Self {
        Driver::ModernEbpf {
            least_privileged: true,
        }
    }
}

impl Default for Falco {
    fn default() -> Self {
        Falco {
            home: Home::own("falco"),
            version: UPSTREAM.version.into(),
            driver: Driver::default(),
            least_priority: Priority::Debug,
            upstream_rules: UpstreamRules::default(),
            rules: Vec::new(),
            rule_files: BTreeMap::new(),
            on_every_node: true,
            resources: Resources::new("100m", "512Mi").memory_limit("1Gi"),
            sidekick: Some(Sidekick::default()),
            metadata: None,
            talon: None,
            monitoring: Monitoring::default(),
            overlay: Overlay::new(),
            images: FalcoImages::default(),
        }
    }
}

impl Falco {
    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        // The chart has a bound of processors that would make it lose events.
        let mut resources = self.resources.to_value("resources")?;
        if self.resources.cpu_limit.is_none() {
            resources["limits"]["cpu"] = Value::Null;
        }
        let small = Resources::new("10m", "32Mi").memory_limit("128Mi");
        let small = small.to_value("falcoctl")?;
        let mut release = ChartRelease::new(
            FALCO,
            &UPSTREAM,
            &self.version,
            &json!({
                "resources": resources,
                // Events are written when they happen, not when a buffer is full.
                "tty": true,
                "falco": {"priority": self.least_priority.name(), "json_output": true},
                "falcoctl": {"artifact": {"install": {"resources": small}}},
            }),
        )?;
        match self.driver {
            Driver::ModernEbpf { least_privileged } => {
                release.set("driver.kind", "modern_ebpf");
                release.set("driver.modernEbpf.leastPrivileged", least_privileged);
            }
            Driver::KernelModule => release.set("driver.kind", "kmod"),
        }
        match self.upstream_rules {
            UpstreamRules::Followed => release.set("falcoctl.artifact.follow.resources", small),
            UpstreamRules::AtStart => release.set("falcoctl.artifact.follow.enabled", false),
        }
        if self.on_every_node {
            release.set("tolerations", json!([{"operator": "Exists"}]));
        }
        let files = self.files()?;
        if !files.is_empty() {
            release.set("customRules", json!(files));
        }
        if self.monitoring.is_on(context) {
            release.set("metrics.enabled", true);
            release.set("serviceMonitor.create", true);
        }
        self.add_metadata(context, &mut release)?;
        self.add_talon(context, &mut release)?;
        self.images(&mut release, out)?;
        if let Some(sidekick) = &self.sidekick {
            self.add_sidekick(sidekick, context, &mut release, out)?;
        }
        release.finish(self.home.name(), &self.overlay)
    }

    /// A module cannot be built where the kernel is another machine's.
    fn check(&self) -> impl Fn(&Bundle, &mut Vec<Finding>) + Send + Sync + 'static {
        let driver = self.driver;
        move |bundle, findings| {
            if driver == Driver::KernelModule && Surroundings::of(bundle).is_kind() {
                findings.push(provide::finding(
                    FALCO,
                    "kernel-module-on-kind",
                    Severity::Warning,
                    "driver.kind",
                    "a node of kind has no headers of the kernel, which is that of the machine: the module cannot be built",
                    "use Driver::ModernEbpf on kind",
                ));
            }
        }
    }

    /// The pods that are not on each node.
    fn fixed_pods(&self, release: &Release) -> u32 {
        let sidekick = self.sidekick.as_ref();
        let number = |is: bool, pointer: &str| if is { release.number(pointer, 2) } else { 0 };
        let ui = sidekick.is_some_and(|sidekick| sidekick.ui.is_some());
        number(sidekick.is_some(), "/falcosidekick/replicaCount")
            + number(ui, "/falcosidekick/webui/replicaCount")
            + u32::from(ui)
            + u32::from(self.metadata.is_some())
            + number(self.talon.is_some(), "/falco-talon/replicaCount")
    }

    fn provide(&self, out: &mut Contribution) {
        let namespace = self.home.name();
        provide::accounts(out, namespace, [FALCO]);
        if let Some(sidekick) = &self.sidekick {
            provide::service(out, namespace, "falco-falcosidekick", &[2801]);
            provide::accounts(out, namespace, ["falco-falcosidekick"]);
            if let Some(secret) = &sidekick.settings_secret {
                provide::secret(out, namespace, secret);
            }
            if let Some(ui) = &sidekick.ui {
                provide::service(out, namespace, "falco-falcosidekick-ui", &[2802]);
                provide::service(out, namespace, "falco-falcosidekick-ui-redis", &[6379]);
                provide::accounts(out, namespace, ["falco-falcosidekick-ui"]);
                provide::secret(out, namespace, &ui.secret);
            }
        }
        if self.metadata.is_some() {
            let name = "falco-k8s-metacollector";
            provide::service(out, namespace, name, &[8080, 8081, 45000]);
            provide::accounts(out, namespace, [name]);
        }
        if self.talon.is_some() {
            provide::service(out, namespace, additions::TALON, &[2803]);
            provide::accounts(out, namespace, [additions::TALON]);
        }
    }
}

licences! {
    "https://github.com/falcosecurity/falcosidekick-ui", unknown: ["docker.io/falcosecurity/falcosidekick-ui"];
    "https://github.com/falcosecurity/k8s-metacollector", "Apache-2.0": ["docker.io/falcosecurity/k8s-metacollector"];
    "https://redis.io/legal/licenses/", unknown: ["docker.io/redis/redis-stack"];
    "https://github.com/falcosecurity/falco-talon", "Apache-2.0": ["falco.docker.scarf.sh/falcosecurity/falco-talon"];
    "https://github.com/falcosecurity/plugins", "Apache-2.0": [
        "ghcr.io/falcosecurity/plugins/plugin/k8smeta",
        "ghcr.io/falcosecurity/plugins/plugin/container",
    ];
    "https://hub.docker.com/r/appropriate/curl", unknown: ["docker.io/appropriate/curl"];
    "https://github.com/falcosecurity/falco", "Apache-2.0": [
        "docker.io/falcosecurity/falco",
        "docker.io/falcosecurity/falco-driver-loader",
    ];
    "https://github.com/falcosecurity/falcoctl", "Apache-2.0": ["docker.io/falcosecurity/falcoctl"];
    "https://github.com/falcosecurity/falcosidekick", "Apache-2.0 AND MIT": ["docker.io/falcosecurity/falcosidekick"];
    "https://github.com/falcosecurity/rules", "Apache-2.0": ["ghcr.io/falcosecurity/rules/falco-rules"];
}

impl Component for Falco {
    at_home!(FALCO, requires: home);

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    fn resize(&mut self, profile: &str) {
        let Some(size) = Size::named(profile) else {
            return;
        };
        let replicas = if size == Size::Small { 1 } else { 2 };
        if let Some(sidekick) = &mut self.sidekick {
            sidekick.replicas = replicas;
            if let Some(ui) = &mut sidekick.ui {
                ui.replicas = replicas;
            }
        }
        if let Some(talon) = &mut self.talon {
            talon.replicas = replicas;
        }
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        self.home.contribute(PodSecurity::Privileged, out)?;
        let release = self.release(context, out)?;
        let pods = Pods::exactly(self.fixed_pods(&release));
        out.release(release.running(Pods::each_node() + pods));
        self.provide(out);
        out.check(self.check());
        Ok(())
    }

    fn verify(&self, bundle: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        let namespace = self.home.name();
        questions.pods(
            "FALCO-1",
            "Falco runs on each node",
            namespace,
            "app.kubernetes.io/name=falco",
            bundle.count(Pods::each_node()),
            None,
        );
        if let Some(sidekick) = &self.sidekick {
            questions.pods(
                "FALCO-2",
                "Falcosidekick runs",
                namespace,
                "app.kubernetes.io/name=falcosidekick",
                Count::exactly(sidekick.replicas),
                None,
            );
        }
        Ok(())
    }
}
