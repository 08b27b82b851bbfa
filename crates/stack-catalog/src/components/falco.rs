//! Falco: what programs on the nodes do, watched by rules.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Finding, Overlay, Pods,
    Questions, Release, Severity,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity};
use crate::ids::FALCO;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size, refused};
use crate::surroundings::Surroundings;

/// The chart that is known.
pub const UPSTREAM: Upstream =
    Upstream::new("https://falcosecurity.github.io/charts", "falco", "9.1.0")
        .aliased("falcosecurity");

/// Falco on each node, and Falcosidekick, which hands its events on.
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
    /// Whether it is scraped.
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

/// How grave an event is, as syslog has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Priority {
    /// Nothing works any more.
    Emergency,
    /// Somebody must act at once.
    Alert,
    /// Something is broken that others need.
    Critical,
    /// Something failed.
    Error,
    /// Something may be wrong.
    Warning,
    /// Something unusual.
    Notice,
    /// Something usual.
    Informational,
    /// For those who write rules.
    Debug,
}

impl Priority {
    fn name(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::Alert => "alert",
            Self::Critical => "critical",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
            Self::Informational => "informational",
            Self::Debug => "debug",
        }
    }
}

/// Where the rules of the Falco project come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UpstreamRules {
    /// They are loaded when a pod starts, and looked for again each week: what is watched changes by itself.
    #[default]
    Followed,
    /// They are loaded when a pod starts.
    AtStart,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its name, which a later rule of this name changes.
    pub rule: String,
    /// What it finds, for people.
    pub desc: String,
    /// When there is an event, in Falco's language.
    pub condition: String,
    /// The event's text, with fields such as `%proc.cmdline`.
    pub output: String,
    /// How grave it is.
    pub priority: Priority,
    /// Words by which events are sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl Rule {
    /// A rule without tags, described by its name.
    pub fn new(name: &str, condition: &str, output: &str, priority: Priority) -> Self {
        Rule {
            rule: name.to_owned(),
            desc: name.to_owned(),
            condition: condition.to_owned(),
            output: output.to_owned(),
            priority,
            tags: Vec::new(),
        }
    }
}

/// Falcosidekick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sidekick {
    /// How many pods. Default: 2; one in a small stack.
    pub replicas: u32,
    /// Who gets events.
    pub receivers: Vec<Receiver>,
    /// A Secret of the namespace with settings as environment variables, such as `SLACK_WEBHOOKURL`: what is secret of
    /// receivers. Default: none.
    pub settings_secret: Option<String>,
    /// What one pod asks for and may use.
    pub resources: Resources,
}

impl Default for Sidekick {
    fn default() -> Self {
        Sidekick {
            replicas: 2,
            receivers: Vec::new(),
            settings_secret: None,
            resources: Resources::new("20m", "64Mi").memory_limit("128Mi"),
        }
    }
}

/// Who gets events, from which priority on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// Who it is.
    pub to: ReceiverKind,
    /// The least priority.
    pub from: Priority,
}

/// Who gets events; one of each kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiverKind {
    /// Alertmanager: `http://kube-prometheus-stack-alertmanager.monitoring:9093`.
    Alertmanager(String),
    /// Loki: `http://loki-gateway.monitoring`.
    Loki(String),
    /// An address that takes JSON by POST.
    Webhook(String),
}

impl ReceiverKind {
    /// Its key, and its values.
    fn config(&self) -> (&'static str, Value) {
        match self {
            Self::Alertmanager(url) => (
                "alertmanager",
                json!({"hostport": url, "endpoint": "/api/v2/alerts"}),
            ),
            Self::Loki(url) => ("loki", json!({"hostport": url})),
            Self::Webhook(url) => ("webhook", json!({"address": url})),
        }
    }

    fn url(&self) -> &str {
        match self {
            Self::Alertmanager(url) | Self::Loki(url) | Self::Webhook(url) => url,
        }
    }
}

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
            rules: "ghcr.io/falcosecurity/rules/falco-rules:5".into(),
            container_plugin: "ghcr.io/falcosecurity/plugins/plugin/container:0.7.1".into(),
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
            monitoring: Monitoring::default(),
            overlay: Overlay::new(),
            images: FalcoImages::default(),
        }
    }
}

/// The file of [`Falco::rules`].
const OWN_RULES: &str = "stack.yaml";
/// The page of artifacts that falcoctl looks names up in.
const INDEX: &str = "https://falcosecurity.github.io/falcoctl/index.yaml";

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
        self.images(&mut release, out)?;
        if let Some(sidekick) = &self.sidekick {
            self.add_sidekick(sidekick, context, &mut release, out)?;
        }
        release.finish(self.home.name(), &self.overlay)
    }

    fn files(&self) -> Result<BTreeMap<String, String>, ComponentError> {
        let mut files = self.rule_files.clone();
        if self.rules.is_empty() {
            return Ok(files);
        }
        if files.contains_key(OWN_RULES) {
            let expected = "another name: this is that of the field `rules`";
            return Err(refused("rule_files", OWN_RULES, expected));
        }
        for (at, rule) in self.rules.iter().enumerate() {
            for (field, text) in [("rule", &rule.rule), ("condition", &rule.condition)] {
                if text.trim().is_empty() {
                    return Err(refused(&format!("rules[{at}].{field}"), "empty", "a text"));
                }
            }
        }
        let text = kube_yaml::to_string(&self.rules)
            .map_err(|error| refused("rules", error, "rules that can be written as YAML"))?;
        files.insert(OWN_RULES.into(), text);
        Ok(files)
    }

    fn images(
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
        match out.registry() {
            // Whole references need no index, and a network that is closed has none.
            Some(_) => release.set("falcoctl.config.indexes", json!([])),
            None => out.air_gap().reach(INDEX, "the index of Falco's artifacts"),
        }
        Ok(())
    }

    fn add_sidekick(
        &self,
        sidekick: &Sidekick,
        context: &Context<'_>,
        release: &mut ChartRelease,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        if sidekick.replicas == 0 {
            return Err(refused("sidekick.replicas", 0, "at least 1"));
        }
        let mut config = serde_json::Map::new();
        for (at, receiver) in sidekick.receivers.iter().enumerate() {
            let field = format!("sidekick.receivers[{at}]");
            let url = receiver.to.url();
            if !url.starts_with("http://") && !url.starts_with("https://") {
                return Err(refused(&field, url, "a URL with http:// or https://"));
            }
            let (key, mut values) = receiver.to.config();
            values["minimumpriority"] = receiver.from.name().into();
            if config.insert(key.into(), values).is_some() {
                return Err(refused(&field, key, "one receiver of each kind"));
            }
        }
        if let Some(secret) = &sidekick.settings_secret {
            config.insert("existingSecret".into(), secret.as_str().into());
        }
        let mut values = json!({
            "enabled": true,
            "replicaCount": sidekick.replicas,
            "resources": sidekick.resources.to_value("sidekick.resources")?,
        });
        if !config.is_empty() {
            values["config"] = config.into();
        }
        if self.monitoring.is_on(context) {
            values["serviceMonitor"] = json!({"enabled": true});
        }
        release.set("falcosidekick", values);
        let (image, known) = (&self.images.sidekick, FalcoImages::default().sidekick);
        release.image(out, "falcosidekick.image", ImageForm::Split, image, &known)
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
}

impl Component for Falco {
    fn id(&self) -> &str {
        FALCO
    }

    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some(self.home.name().to_owned()))
    }

    fn roles(&self) -> Vec<&str> {
        self.home.roles().collect()
    }

    fn requires(&self) -> Vec<&str> {
        self.home.requires().collect()
    }

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    fn resize(&mut self, profile: &str) {
        if let (Some(size), Some(sidekick)) = (Size::named(profile), &mut self.sidekick) {
            sidekick.replicas = if size == Size::Small { 1 } else { 2 };
        }
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        self.home.contribute(PodSecurity::Privileged, out)?;
        let release = self.release(context, out)?;
        let sidekicks = match self.sidekick {
            Some(_) => release.number("/falcosidekick/replicaCount", 2),
            None => 0,
        };
        out.release(release.running(Pods::each_node() + Pods::exactly(sidekicks)));
        let namespace = self.home.name();
        provide::accounts(out, namespace, [FALCO]);
        if self.sidekick.is_some() {
            provide::accounts(out, namespace, ["falco-falcosidekick"]);
        }
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
