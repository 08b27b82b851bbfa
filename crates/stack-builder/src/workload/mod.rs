//! A program in the cluster, in a few lines: pods, their controller, Service and configuration.

mod container;
mod controller;

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{EnvVar, PodSecurityContext, SecurityContext, Volume};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

pub use container::{Port, Probe};

/// One program: an image, how it runs, and where it listens. What it does not say is left to the cluster, but for this: its
/// pods satisfy the restricted Pod Security Standard, and carry the label `app.kubernetes.io/name`.
///
/// ```
/// use stack_builder::{Port, Probe, Workload};
///
/// let web = Workload::new("demo", "web", "ghcr.io/example/web:1.2")
///     .replicas(2)
///     .port(Port::new("http", 8080).served_on(80))
///     .ready(Probe::http("/healthz", 8080))
///     .requests([("cpu", "100m"), ("memory", "64Mi")])
///     .limits([("memory", "128Mi")])
///     .env("LOG_LEVEL", "info")
///     .config("/etc/web", "web.toml", "answer = 42\n")
///     .user(1000);
/// let deployment = web.deployment();
/// assert_eq!(deployment.metadata.name.as_deref(), Some("web"));
/// let service = web.service().spec.unwrap();
/// assert_eq!(service.ports.unwrap()[0].port, 80);
/// assert_eq!(web.config_map().unwrap().data.unwrap()["web.toml"], "answer = 42\n");
/// ```
///
/// Objects come typed, so whatever has no method here is set on them: `deployment.spec`, `service.metadata` and so on.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    namespace: String,
    name: String,
    image: String,
    labels: BTreeMap<String, String>,
    selector: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
    replicas: i32,
    command: Vec<String>,
    args: Vec<String>,
    env: Vec<EnvVar>,
    ports: Vec<Port>,
    readiness: Option<Probe>,
    liveness: Option<Probe>,
    requests: BTreeMap<String, Quantity>,
    limits: BTreeMap<String, Quantity>,
    pod_security: PodSecurityContext,
    security: SecurityContext,
    service_account: Option<String>,
    api_token: Option<bool>,
    restart: Option<String>,
    config: Option<Config>,
    volumes: Vec<(Volume, String)>,
    claims: Vec<(String, String, Quantity)>,
}

/// Files that the program reads, in one folder.
#[derive(Clone, Debug, PartialEq)]
struct Config {
    folder: String,
    files: BTreeMap<String, String>,
}

/// The annotation that changes with the configuration, so that a new one restarts the pods.
const CHECKSUM: &str = "checksum/config";

impl Workload {
    /// A program of one image, as it is to be pulled; one pod, no port.
    pub fn new(
        namespace: impl Into<String>,
        name: impl Into<String>,
        image: impl ToString,
    ) -> Self {
        let name = name.into();
        let labels: BTreeMap<String, String> =
            [("app.kubernetes.io/name".to_owned(), name.clone())].into();
        Workload {
            namespace: namespace.into(),
            name,
            image: image.to_string(),
            selector: labels.clone(),
            labels,
            annotations: BTreeMap::new(),
            replicas: 1,
            command: Vec::new(),
            args: Vec::new(),
            env: Vec::new(),
            ports: Vec::new(),
            readiness: None,
            liveness: None,
            requests: BTreeMap::new(),
            limits: BTreeMap::new(),
            pod_security: container::restricted_pod(),
            security: container::restricted(),
            service_account: None,
            api_token: None,
            restart: None,
            config: None,
            volumes: Vec::new(),
            claims: Vec::new(),
        }
    }

    /// The labels of the objects and pods, and those by which the pods are found; in place of the default ones.
    #[must_use]
    pub fn labelled(
        mut self,
        labels: BTreeMap<String, String>,
        selector: BTreeMap<String, String>,
    ) -> Self {
        self.labels = labels;
        self.selector = selector;
        self
    }

    /// Adds an annotation to the pods.
    #[must_use]
    pub fn annotated(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.annotations.insert(key.into(), value.into());
        self
    }

    /// How many pods a Deployment or StatefulSet has, and a Job completes.
    #[must_use]
    pub fn replicas(mut self, replicas: i32) -> Self {
        self.replicas = replicas;
        self
    }

    /// What runs instead of the image's own command.
    #[must_use]
    pub fn command<S: Into<String>>(mut self, command: impl IntoIterator<Item = S>) -> Self {
        self.command = command.into_iter().map(Into::into).collect();
        self
    }

    /// Arguments for the command, or for the image's own where none is set. Replaces those set before.
    #[must_use]
    pub fn args<S: Into<String>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args = args.into_iter().map(Into::into).collect();
        self
    }

    /// Adds an environment variable with a value that stands in the manifest.
    #[must_use]
    pub fn env(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env_var(EnvVar {
            name: name.into(),
            value: Some(value.into()),
            ..EnvVar::default()
        })
    }

    /// Adds an environment variable whose value comes from elsewhere, such as a Secret.
    #[must_use]
    pub fn env_var(mut self, variable: EnvVar) -> Self {
        self.env.push(variable);
        self
    }

    /// Adds a port of the container and of the Service.
    #[must_use]
    pub fn port(mut self, port: Port) -> Self {
        self.ports.push(port);
        self
    }

    /// The probe that must succeed before Services send requests.
    #[must_use]
    pub fn ready(mut self, probe: impl Into<Option<Probe>>) -> Self {
        self.readiness = probe.into();
        self
    }

    /// The probe whose failing restarts the container.
    #[must_use]
    pub fn live(mut self, probe: impl Into<Option<Probe>>) -> Self {
        self.liveness = probe.into();
        self
    }

    /// The resources that a pod asks for, as quantities by name.
    #[must_use]
    pub fn requests<S: Into<String>>(
        mut self,
        requests: impl IntoIterator<Item = (&'static str, S)>,
    ) -> Self {
        self.requests = quantities(requests);
        self
    }

    /// The resources that a pod may use, as quantities by name.
    #[must_use]
    pub fn limits<S: Into<String>>(
        mut self,
        limits: impl IntoIterator<Item = (&'static str, S)>,
    ) -> Self {
        self.limits = quantities(limits);
        self
    }

    /// The user it runs as, by number, so that the kubelet can see that it is not root.
    #[must_use]
    pub fn user(mut self, user: i64) -> Self {
        self.pod_security.run_as_user = Some(user);
        self
    }

    /// The group it runs as, which also owns its volumes.
    #[must_use]
    pub fn group(mut self, group: i64) -> Self {
        self.pod_security.run_as_group = Some(group);
        self.pod_security.fs_group = Some(group);
        self
    }

    /// Lets it write nothing but its volumes.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.security.read_only_root_filesystem = Some(true);
        self
    }

    /// Changes what the pod and the container may do, for a program that cannot live with the restricted standard.
    #[must_use]
    pub fn security(
        mut self,
        change: impl FnOnce(&mut PodSecurityContext, &mut SecurityContext),
    ) -> Self {
        change(&mut self.pod_security, &mut self.security);
        self
    }

    /// The ServiceAccount as which it runs.
    #[must_use]
    pub fn service_account(mut self, name: impl Into<String>) -> Self {
        self.service_account = Some(name.into());
        self
    }

    /// Keeps the API server's token out of the pods.
    #[must_use]
    pub fn without_api_token(mut self) -> Self {
        self.api_token = Some(false);
        self
    }

    /// Adds a configuration file, in a ConfigMap of the workload's name. All such files are in one folder, the first one's;
    /// pods restart when one of them changes.
    #[must_use]
    pub fn config(
        mut self,
        folder: impl Into<String>,
        file: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        let config = self.config.get_or_insert_with(|| Config {
            folder: folder.into(),
            files: BTreeMap::new(),
        });
        config.files.insert(file.into(), text.into());
        self
    }

    /// Adds a volume, mounted at a path.
    #[must_use]
    pub fn volume(mut self, volume: Volume, path: impl Into<String>) -> Self {
        self.volumes.push((volume, path.into()));
        self
    }

    /// Adds an empty folder at a path, lost with the pod.
    #[must_use]
    pub fn scratch(self, name: impl Into<String>, path: impl Into<String>) -> Self {
        let volume = Volume {
            name: name.into(),
            empty_dir: Some(Default::default()),
            ..Volume::default()
        };
        self.volume(volume, path)
    }

    /// Adds a folder at a path that stays with each pod of a StatefulSet: `ReadWriteOnce`, of so much storage. Other
    /// controllers have none.
    #[must_use]
    pub fn claim(
        mut self,
        name: impl Into<String>,
        path: impl Into<String>,
        storage: impl Into<String>,
    ) -> Self {
        let storage = Quantity(storage.into());
        self.claims.push((name.into(), path.into(), storage));
        self
    }

    /// The name that workload and Service share.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The namespace of workload and Service.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Name, namespace and labels of its objects.
    fn metadata(&self) -> ObjectMeta {
        ObjectMeta {
            name: Some(self.name.clone()),
            namespace: Some(self.namespace.clone()),
            labels: Some(self.labels.clone()),
            ..ObjectMeta::default()
        }
    }
}

fn quantities<S: Into<String>>(
    amounts: impl IntoIterator<Item = (&'static str, S)>,
) -> BTreeMap<String, Quantity> {
    let mut quantities = BTreeMap::new();
    // To collect them would compile a sort for each type of `amounts`.
    for (name, amount) in amounts {
        quantities.insert(name.to_owned(), Quantity(amount.into()));
    }
    quantities
}
