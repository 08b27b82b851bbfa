//! What stands in the pod: the container, its ports, probes and rights.

use k8s_openapi::api::core::v1::{
    Capabilities, Container, ContainerPort, HTTPGetAction, PodSecurityContext, Probe as KubeProbe,
    ResourceRequirements, SeccompProfile, SecurityContext, ServicePort, TCPSocketAction,
    VolumeMount,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::Workload;

/// A TCP port of the container, and of the Service in front of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    name: String,
    container: u16,
    service: u16,
    spelled_out: bool,
}

impl Port {
    /// A port of one number in the container and in the Service.
    pub fn new(name: impl Into<String>, number: u16) -> Self {
        Port {
            name: name.into(),
            container: number,
            service: number,
            spelled_out: false,
        }
    }

    /// The same port with another number in the Service.
    #[must_use]
    pub fn served_on(mut self, number: u16) -> Self {
        self.service = number;
        self
    }

    /// The same port with the container's protocol spelled out, which the Service finds by its name.
    #[must_use]
    pub fn spelled_out(mut self) -> Self {
        self.spelled_out = true;
        self
    }

    fn of_container(&self) -> ContainerPort {
        ContainerPort {
            name: Some(self.name.clone()),
            container_port: self.container.into(),
            protocol: self.spelled_out.then(|| "TCP".to_owned()),
            ..ContainerPort::default()
        }
    }

    pub(super) fn of_service(&self) -> ServicePort {
        ServicePort {
            name: Some(self.name.clone()),
            port: self.service.into(),
            target_port: Some(match self.spelled_out {
                true => IntOrString::String(self.name.clone()),
                false => IntOrString::Int(self.container.into()),
            }),
            protocol: Some("TCP".into()),
            ..ServicePort::default()
        }
    }
}

/// A question that the kubelet asks the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// `None` for a connection alone.
    path: Option<String>,
    port: u16,
    delay: Option<i32>,
}

impl Probe {
    /// A path on a port of the container that must answer with a 2xx or 3xx.
    pub fn http(path: impl Into<String>, port: u16) -> Self {
        Probe {
            path: Some(path.into()),
            port,
            delay: None,
        }
    }

    /// A port of the container that must take connections.
    pub fn tcp(port: u16) -> Self {
        Probe {
            path: None,
            port,
            delay: None,
        }
    }

    /// Asked first so many seconds after the start.
    #[must_use]
    pub fn after(mut self, seconds: i32) -> Self {
        self.delay = Some(seconds);
        self
    }

    fn written(&self) -> KubeProbe {
        let port = IntOrString::Int(self.port.into());
        let (http, tcp) = match &self.path {
            Some(path) => (Some((path.clone(), port)), None),
            None => (None, Some(port)),
        };
        KubeProbe {
            http_get: http.map(|(path, port)| HTTPGetAction {
                path: Some(path),
                port,
                ..HTTPGetAction::default()
            }),
            tcp_socket: tcp.map(|port| TCPSocketAction {
                port,
                ..TCPSocketAction::default()
            }),
            initial_delay_seconds: self.delay,
            ..KubeProbe::default()
        }
    }
}

/// What the restricted Pod Security Standard asks of a pod.
pub(super) fn restricted_pod() -> PodSecurityContext {
    PodSecurityContext {
        run_as_non_root: Some(true),
        seccomp_profile: Some(SeccompProfile {
            type_: "RuntimeDefault".into(),
            ..SeccompProfile::default()
        }),
        ..PodSecurityContext::default()
    }
}

/// What it asks of a container. Ports below 1024 need no capability: containerd 2 lets every user bind them.
pub(super) fn restricted() -> SecurityContext {
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: Some(Capabilities {
            drop: Some(vec!["ALL".into()]),
            ..Capabilities::default()
        }),
        ..SecurityContext::default()
    }
}

/// `None` for nothing, so that empty lists and maps are not written.
fn some<T: IntoIterator + Clone>(list: &T) -> Option<T> {
    list.clone().into_iter().next().map(|_| list.clone())
}

pub(super) fn container(workload: &Workload, mounts: Vec<VolumeMount>) -> Container {
    let ports: Vec<ContainerPort> = workload.ports.iter().map(Port::of_container).collect();
    let resources = ResourceRequirements {
        requests: some(&workload.requests),
        limits: some(&workload.limits),
        ..ResourceRequirements::default()
    };
    Container {
        name: workload.name.clone(),
        image: Some(workload.image.clone()),
        command: some(&workload.command),
        args: some(&workload.args),
        env: some(&workload.env),
        ports: some(&ports),
        readiness_probe: workload.readiness.as_ref().map(Probe::written),
        liveness_probe: workload.liveness.as_ref().map(Probe::written),
        resources: (resources != ResourceRequirements::default()).then_some(resources),
        security_context: Some(workload.security.clone()),
        volume_mounts: some(&mounts),
        ..Container::default()
    }
}
