//! One workload of the demo app, and the pod that it becomes.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Capabilities, Container, ContainerPort, HTTPGetAction, PodSecurityContext, PodSpec,
    Probe as KubeProbe, ResourceRequirements, SeccompProfile, SecurityContext,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use stack_builder::ImageRef;

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

    pub(super) fn requirements(&self) -> ResourceRequirements {
        let quantities = |cpu: &str, memory: &str| -> Option<BTreeMap<String, Quantity>> {
            Some(
                [("cpu", cpu), ("memory", memory)]
                    .map(|(name, text)| (name.to_owned(), Quantity(text.to_owned())))
                    .into(),
            )
        };
        ResourceRequirements {
            requests: quantities(&self.request_cpu, &self.request_memory),
            limits: quantities(&self.limit_cpu, &self.limit_memory),
            ..ResourceRequirements::default()
        }
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
    /// A pod that satisfies the four policies and the restricted Pod Security Standard.
    pub(super) fn pod_spec(&self, name: &str, service_account: &str, image: &ImageRef) -> PodSpec {
        let probe = |probe: &Option<Probe>| {
            let (probe, port) = (probe.as_ref()?, self.port?);
            Some(KubeProbe {
                http_get: Some(HTTPGetAction {
                    path: Some(probe.path.clone()),
                    port: IntOrString::Int(port.into()),
                    ..HTTPGetAction::default()
                }),
                initial_delay_seconds: Some(probe.initial_delay_seconds),
                ..KubeProbe::default()
            })
        };
        let container = Container {
            name: name.to_owned(),
            image: Some(image.to_string()),
            command: (!self.command.is_empty()).then(|| self.command.clone()),
            ports: self.port.map(|port| {
                vec![ContainerPort {
                    name: Some("http".into()),
                    container_port: port.into(),
                    ..ContainerPort::default()
                }]
            }),
            resources: Some(self.resources.requirements()),
            readiness_probe: probe(&self.readiness),
            liveness_probe: probe(&self.liveness),
            security_context: Some(SecurityContext {
                allow_privilege_escalation: Some(false),
                // Port 80 needs no capability: containerd 2 lets every user bind it.
                capabilities: Some(Capabilities {
                    drop: Some(vec!["ALL".into()]),
                    ..Capabilities::default()
                }),
                ..SecurityContext::default()
            }),
            ..Container::default()
        };
        PodSpec {
            service_account_name: Some(service_account.to_owned()),
            security_context: Some(PodSecurityContext {
                run_as_non_root: Some(true),
                run_as_user: Some(self.run_as_user),
                seccomp_profile: Some(SeccompProfile {
                    type_: "RuntimeDefault".into(),
                    ..SeccompProfile::default()
                }),
                ..PodSecurityContext::default()
            }),
            containers: vec![container],
            ..PodSpec::default()
        }
    }
}
