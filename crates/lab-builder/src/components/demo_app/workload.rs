//! One workload of the demo app, and the pod that it becomes.

use stack_builder::{ImageRef, Port, Probe as Ask};

/// One workload of the demo app.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// The image, as upstream publishes it.
    pub image: String,
    /// How many pods; a Job ignores it.
    pub replicas: i32,
    /// What runs instead of the image's own command.
    pub command: Vec<String>,
    /// The port on which it listens.
    pub port: Option<u16>,
    /// The user it runs as *(ours: 1000, as the pods of the exercises)*. The images run as root or as a named user, and
    /// `runAsNonRoot` needs a number.
    pub run_as_user: i64,
    /// What it asks for and may use.
    pub resources: Resources,
    /// When it takes requests.
    pub readiness: Option<Probe>,
    /// When it is restarted.
    pub liveness: Option<Probe>,
}

/// What a container asks for and may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resources {
    /// CPU that it asks for.
    pub request_cpu: String,
    /// Memory that it asks for.
    pub request_memory: String,
    /// CPU that it may use.
    pub limit_cpu: String,
    /// Memory that it may use.
    pub limit_memory: String,
}

impl Resources {
    /// Requests and limits, each CPU and memory.
    pub fn new(requests: (&str, &str), limits: (&str, &str)) -> Self {
        Resources {
            request_cpu: requests.0.to_owned(),
            request_memory: requests.1.to_owned(),
            limit_cpu: limits.0.to_owned(),
            limit_memory: limits.1.to_owned(),
        }
    }

    pub(super) fn requests(&self) -> [(&'static str, &str); 2] {
        [("cpu", &self.request_cpu), ("memory", &self.request_memory)]
    }

    pub(super) fn limits(&self) -> [(&'static str, &str); 2] {
        [("cpu", &self.limit_cpu), ("memory", &self.limit_memory)]
    }
}

/// An HTTP probe of the workload's own port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The path that must answer with a 2xx or 3xx.
    pub path: String,
    /// Seconds after the start until it is asked first.
    pub initial_delay_seconds: i32,
}

impl Workload {
    /// The workload in the cluster, under a name and as a ServiceAccount; its pods satisfy the four policies.
    pub(super) fn in_cluster(
        &self,
        namespace: &str,
        name: &str,
        service_account: &str,
        image: &ImageRef,
    ) -> stack_builder::Workload {
        let probe = |probe: &Option<Probe>| {
            let (probe, port) = (probe.as_ref()?, self.port?);
            Some(Ask::http(&probe.path, port).after(probe.initial_delay_seconds))
        };
        let workload = stack_builder::Workload::new(namespace, name, image)
            .replicas(self.replicas)
            .command(&self.command)
            .ready(probe(&self.readiness))
            .live(probe(&self.liveness))
            .requests(self.resources.requests())
            .limits(self.resources.limits())
            .user(self.run_as_user)
            .service_account(service_account);
        match self.port {
            Some(port) => workload.port(Port::new("http", port)),
            None => workload,
        }
    }
}
