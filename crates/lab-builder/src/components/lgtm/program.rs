//! A program with one configuration file: ConfigMap, Deployment and Service.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec};
use k8s_openapi::api::core::v1::{
    Capabilities, ConfigMap, ConfigMapVolumeSource, Container, ContainerPort, EmptyDirVolumeSource,
    EnvVar, HTTPGetAction, PodSecurityContext, PodSpec, PodTemplateSpec, Probe,
    ResourceRequirements, SeccompProfile, SecurityContext, Service, ServicePort, ServiceSpec,
    Volume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::scope::named;
use stack_builder::ImageRef;
use stack_builder::{ComponentError, Contribution};

/// What a program asks for, and how much memory it may use. It may use any CPU that is free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footprint {
    /// CPU that it asks for.
    pub request_cpu: String,
    /// Memory that it asks for, in MiB.
    pub request_memory_mib: u32,
    /// Memory beyond which it is killed, in MiB.
    pub limit_memory_mib: u32,
}

impl Footprint {
    fn requirements(&self) -> ResourceRequirements {
        let mib = |mib: u32| Quantity(format!("{mib}Mi"));
        ResourceRequirements {
            requests: Some(
                [
                    ("cpu".to_owned(), Quantity(self.request_cpu.clone())),
                    ("memory".to_owned(), mib(self.request_memory_mib)),
                ]
                .into(),
            ),
            limits: Some([("memory".to_owned(), mib(self.limit_memory_mib))].into()),
            ..ResourceRequirements::default()
        }
    }
}

/// A port of the container and of the Service.
pub(super) struct Port {
    pub name: &'static str,
    pub number: u16,
}

/// What is asked to find out whether the program lives and works.
pub(super) struct Health {
    pub port: u16,
    pub ready: &'static str,
    pub live: &'static str,
}

/// A program with one configuration file.
pub(super) struct Program<'a> {
    pub namespace: &'a str,
    pub name: &'a str,
    pub image: &'a ImageRef,
    pub replicas: i32,
    /// The user of the image, by number, so that `runAsNonRoot` can be checked.
    pub user: i64,
    pub args: Vec<String>,
    pub env: Vec<(&'static str, String)>,
    /// Folder, name and content of the configuration file.
    pub config: (&'static str, &'static str, String),
    /// A folder for data that may be lost with the pod.
    pub scratch: Option<&'static str>,
    pub ports: Vec<Port>,
    pub health: Health,
    pub footprint: &'a Footprint,
    pub annotations: BTreeMap<String, String>,
}

/// The annotation that changes with the configuration, so that a new one restarts the pods.
const CHECKSUM: &str = "checksum/config";

impl Program<'_> {
    fn labels(&self) -> BTreeMap<String, String> {
        [("app.kubernetes.io/name".to_owned(), self.name.to_owned())].into()
    }

    fn metadata(&self) -> ObjectMeta {
        ObjectMeta {
            labels: Some(self.labels()),
            ..named(self.namespace, self.name)
        }
    }

    fn config_map(&self) -> ConfigMap {
        let (_, file, text) = &self.config;
        ConfigMap {
            metadata: self.metadata(),
            data: Some([((*file).to_owned(), text.clone())].into()),
            ..ConfigMap::default()
        }
    }

    fn probe(&self, path: &str) -> Probe {
        Probe {
            http_get: Some(HTTPGetAction {
                path: Some(path.to_owned()),
                port: IntOrString::Int(self.health.port.into()),
                ..HTTPGetAction::default()
            }),
            ..Probe::default()
        }
    }

    fn container(&self) -> Container {
        let mount = |name: &str, path: &str, read_only: bool| VolumeMount {
            name: name.to_owned(),
            mount_path: path.to_owned(),
            read_only: read_only.then_some(true),
            ..VolumeMount::default()
        };
        let mut mounts = vec![mount("config", self.config.0, true)];
        mounts.extend(self.scratch.map(|folder| mount("scratch", folder, false)));
        let variables = self.env.iter().map(|(name, value)| EnvVar {
            name: (*name).to_owned(),
            value: Some(value.clone()),
            ..EnvVar::default()
        });
        let ports = self.ports.iter().map(|port| ContainerPort {
            name: Some(port.name.to_owned()),
            container_port: port.number.into(),
            protocol: Some("TCP".into()),
            ..ContainerPort::default()
        });
        Container {
            name: self.name.to_owned(),
            image: Some(self.image.to_string()),
            args: Some(self.args.clone()),
            env: (!self.env.is_empty()).then(|| variables.collect()),
            ports: Some(ports.collect()),
            readiness_probe: Some(self.probe(self.health.ready)),
            liveness_probe: Some(self.probe(self.health.live)),
            resources: Some(self.footprint.requirements()),
            security_context: Some(SecurityContext {
                allow_privilege_escalation: Some(false),
                read_only_root_filesystem: Some(true),
                capabilities: Some(Capabilities {
                    drop: Some(vec!["ALL".into()]),
                    ..Capabilities::default()
                }),
                ..SecurityContext::default()
            }),
            volume_mounts: Some(mounts),
            ..Container::default()
        }
    }

    fn deployment(&self) -> Deployment {
        let mut annotations = self.annotations.clone();
        annotations.insert(CHECKSUM.to_owned(), fingerprint(&self.config.2));
        let mut volumes = vec![Volume {
            name: "config".into(),
            config_map: Some(ConfigMapVolumeSource {
                name: self.name.to_owned(),
                ..ConfigMapVolumeSource::default()
            }),
            ..Volume::default()
        }];
        volumes.extend(self.scratch.map(|_| Volume {
            name: "scratch".into(),
            empty_dir: Some(EmptyDirVolumeSource::default()),
            ..Volume::default()
        }));
        Deployment {
            metadata: self.metadata(),
            spec: DeploymentSpec {
                replicas: Some(self.replicas),
                selector: LabelSelector {
                    match_labels: Some(self.labels()),
                    ..LabelSelector::default()
                },
                template: PodTemplateSpec {
                    metadata: Some(ObjectMeta {
                        labels: Some(self.labels()),
                        annotations: Some(annotations),
                        ..ObjectMeta::default()
                    }),
                    spec: Some(PodSpec {
                        // Neither program asks the API server for anything.
                        automount_service_account_token: Some(false),
                        security_context: Some(PodSecurityContext {
                            run_as_non_root: Some(true),
                            run_as_user: Some(self.user),
                            run_as_group: Some(self.user),
                            fs_group: Some(self.user),
                            seccomp_profile: Some(SeccompProfile {
                                type_: "RuntimeDefault".into(),
                                ..SeccompProfile::default()
                            }),
                            ..PodSecurityContext::default()
                        }),
                        containers: vec![self.container()],
                        volumes: Some(volumes),
                        ..PodSpec::default()
                    }),
                },
                ..DeploymentSpec::default()
            }
            .into(),
            ..Deployment::default()
        }
    }

    fn service(&self) -> Service {
        let ports = self.ports.iter().map(|port| ServicePort {
            name: Some(port.name.to_owned()),
            port: port.number.into(),
            target_port: Some(IntOrString::String(port.name.to_owned())),
            protocol: Some("TCP".into()),
            ..ServicePort::default()
        });
        Service {
            metadata: self.metadata(),
            spec: Some(ServiceSpec {
                type_: Some("ClusterIP".into()),
                selector: Some(self.labels()),
                ports: Some(ports.collect()),
                ..ServiceSpec::default()
            }),
            ..Service::default()
        }
    }

    /// Adds its objects below a folder, and the wait for its pods.
    pub fn contribute(&self, folder: &str, out: &mut Contribution) -> Result<(), ComponentError> {
        out.object(format!("{folder}/config.yaml"), self.config_map())?;
        out.object(format!("{folder}/deployment.yaml"), self.deployment())?;
        out.object(format!("{folder}/service.yaml"), self.service())?;
        super::wait_for(out, self.namespace, &format!("deployment/{}", self.name));
        Ok(())
    }
}

/// 64 bits of FNV-1a in hexadecimal: the same text gives the same digits on every machine and in every version, which
/// the hashes of the standard library do not promise. It tells texts apart and protects nothing.
fn fingerprint(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn the_fingerprint_is_fnv_1a() {
        // From the test suite of the hash's authors.
        for (text, digits) in [
            ("", "cbf29ce484222325"),
            ("a", "af63dc4c8601ec8c"),
            ("foobar", "85944171f73967e8"),
        ] {
            assert_eq!(fingerprint(text), digits, "{text:?}");
        }
    }
}
