//! Who makes the pods, and what stands beside them.
#![allow(
    clippy::useless_conversion,
    reason = "in some versions of Kubernetes a `spec` is an `Option`, in others it is not"
)]

use k8s_openapi::api::apps::v1::{
    DaemonSet, DaemonSetSpec, Deployment, DeploymentSpec, StatefulSet, StatefulSetSpec,
};
use k8s_openapi::api::batch::v1::{CronJob, CronJobSpec, Job, JobSpec, JobTemplateSpec};
use k8s_openapi::api::core::v1::{
    ConfigMap, ConfigMapVolumeSource, PersistentVolumeClaim, PersistentVolumeClaimSpec, PodSpec,
    PodTemplateSpec, Service, ServiceSpec, Volume, VolumeMount, VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};

use super::container::{Port, container};
use super::{CHECKSUM, Workload};

impl Workload {
    /// Pods that are all alike and may be replaced at any time.
    pub fn deployment(&self) -> Deployment {
        Deployment {
            metadata: self.metadata(),
            spec: DeploymentSpec {
                replicas: Some(self.replicas),
                selector: self.label_selector(),
                template: self.template(false),
                ..DeploymentSpec::default()
            }
            .into(),
            ..Deployment::default()
        }
    }

    /// Pods with names and storage of their own; the Service of the workload's name gives them host names.
    pub fn stateful_set(&self) -> StatefulSet {
        let claims: Vec<PersistentVolumeClaim> = self
            .claims
            .iter()
            .map(|(name, _, storage)| PersistentVolumeClaim {
                metadata: ObjectMeta {
                    name: Some(name.clone()),
                    ..ObjectMeta::default()
                },
                spec: Some(PersistentVolumeClaimSpec {
                    access_modes: Some(vec!["ReadWriteOnce".into()]),
                    resources: Some(VolumeResourceRequirements {
                        requests: Some([("storage".to_owned(), storage.clone())].into()),
                        ..VolumeResourceRequirements::default()
                    }),
                    ..PersistentVolumeClaimSpec::default()
                }),
                ..PersistentVolumeClaim::default()
            })
            .collect();
        StatefulSet {
            metadata: self.metadata(),
            spec: StatefulSetSpec {
                replicas: Some(self.replicas),
                selector: self.label_selector(),
                service_name: Some(self.name.clone()).into(),
                template: self.template(true),
                volume_claim_templates: (!claims.is_empty()).then_some(claims),
                ..StatefulSetSpec::default()
            }
            .into(),
            ..StatefulSet::default()
        }
    }

    /// One pod on each node that lets it in.
    pub fn daemon_set(&self) -> DaemonSet {
        DaemonSet {
            metadata: self.metadata(),
            spec: DaemonSetSpec {
                selector: self.label_selector(),
                template: self.template(false),
                ..DaemonSetSpec::default()
            }
            .into(),
            ..DaemonSet::default()
        }
    }

    /// Pods that run until as many as there are replicas have succeeded, one after the other; one that fails is tried again
    /// so many times.
    pub fn job(&self, retries: i32) -> Job {
        Job {
            metadata: self.metadata(),
            spec: self.job_spec(retries).into(),
            ..Job::default()
        }
    }

    /// Such a Job at the times of a schedule, in cron's notation; not while the last one still runs.
    pub fn cron_job(&self, schedule: impl Into<String>, retries: i32) -> CronJob {
        CronJob {
            metadata: self.metadata(),
            spec: CronJobSpec {
                schedule: schedule.into(),
                concurrency_policy: Some("Forbid".into()),
                job_template: JobTemplateSpec {
                    spec: self.job_spec(retries).into(),
                    ..JobTemplateSpec::default()
                },
                ..CronJobSpec::default()
            }
            .into(),
            ..CronJob::default()
        }
    }

    fn job_spec(&self, retries: i32) -> JobSpec {
        let mut template = self.template(false);
        if let Some(pod) = &mut template.spec {
            pod.restart_policy = Some("Never".into());
        }
        JobSpec {
            completions: Some(self.replicas),
            parallelism: Some(1),
            backoff_limit: Some(retries),
            template,
            ..JobSpec::default()
        }
    }

    /// The Service in front of the pods, with all of their ports.
    pub fn service(&self) -> Service {
        Service {
            metadata: self.metadata(),
            spec: ServiceSpec {
                type_: Some("ClusterIP".into()),
                selector: Some(self.selector.clone()),
                ports: Some(self.ports.iter().map(Port::of_service).collect()),
                ..ServiceSpec::default()
            }
            .into(),
            ..Service::default()
        }
    }

    /// The configuration files; `None` without any.
    pub fn config_map(&self) -> Option<ConfigMap> {
        let config = self.config.as_ref()?;
        Some(ConfigMap {
            metadata: self.metadata(),
            data: Some(config.files.clone()),
            ..ConfigMap::default()
        })
    }

    fn label_selector(&self) -> LabelSelector {
        LabelSelector {
            match_labels: Some(self.selector.clone()),
            ..LabelSelector::default()
        }
    }

    fn template(&self, with_claims: bool) -> PodTemplateSpec {
        let mut annotations = self.annotations.clone();
        let mut volumes = Vec::new();
        let mut mounts = Vec::new();
        let mount = |name: &str, path: &str| VolumeMount {
            name: name.to_owned(),
            mount_path: path.to_owned(),
            ..VolumeMount::default()
        };
        if let Some(config) = &self.config {
            // What stands between the files stands in none of them.
            let texts: Vec<&str> = config.files.values().map(String::as_str).collect();
            annotations.insert(CHECKSUM.to_owned(), fingerprint(&texts.join("\0")));
            volumes.push(Volume {
                name: "config".into(),
                config_map: Some(ConfigMapVolumeSource {
                    name: self.name.clone(),
                    ..ConfigMapVolumeSource::default()
                }),
                ..Volume::default()
            });
            mounts.push(VolumeMount {
                read_only: Some(true),
                ..mount("config", &config.folder)
            });
        }
        for (volume, path) in &self.volumes {
            mounts.push(mount(&volume.name, path));
            volumes.push(volume.clone());
        }
        let claims = self.claims.iter().filter(|_| with_claims);
        mounts.extend(claims.map(|(name, path, _)| mount(name, path)));
        PodTemplateSpec {
            metadata: Some(ObjectMeta {
                labels: Some(self.labels.clone()),
                annotations: (!annotations.is_empty()).then_some(annotations),
                ..ObjectMeta::default()
            }),
            spec: Some(PodSpec {
                automount_service_account_token: self.api_token,
                service_account_name: self.service_account.clone(),
                security_context: Some(self.pod_security.clone()),
                containers: vec![container(self, mounts)],
                volumes: (!volumes.is_empty()).then_some(volumes),
                ..PodSpec::default()
            }),
        }
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
    use serde_json::{Value, json};

    use super::*;
    use crate::{Object, Probe, TypedObject};

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

    fn value(object: impl TypedObject) -> Value {
        Object::typed(object).unwrap().value().clone()
    }

    #[test]
    fn each_controller_finds_its_pods_and_gives_them_what_was_said() {
        let workload = Workload::new("demo", "web", "web:1")
            .replicas(3)
            .port(Port::new("http", 8080).served_on(80))
            .ready(Probe::tcp(8080).after(3))
            .claim("data", "/data", "1Gi")
            .scratch("tmp", "/tmp");
        let service = value(workload.service());
        let of_kinds = [
            (value(workload.deployment()), "/spec/template", 1),
            (value(workload.stateful_set()), "/spec/template", 2),
            (value(workload.daemon_set()), "/spec/template", 1),
            (value(workload.job(2)), "/spec/template", 1),
            (
                value(workload.cron_job("0 3 * * *", 2)),
                "/spec/jobTemplate/spec/template",
                1,
            ),
        ];
        for (object, template, mounts) in of_kinds {
            let kind = &object["kind"];
            let template = object.pointer(template).unwrap();
            let labels = &template["metadata"]["labels"];
            assert_eq!(labels, &service["spec"]["selector"], "{kind}");
            let container = &template["spec"]["containers"][0];
            assert_eq!(container["ports"][0]["containerPort"], 8080, "{kind}");
            assert_eq!(container["readinessProbe"]["tcpSocket"]["port"], 8080);
            let mounted = container["volumeMounts"].as_array().unwrap().len();
            assert_eq!(mounted, mounts, "{kind}");
        }
        let set = value(workload.stateful_set());
        assert_eq!(set["spec"]["serviceName"], "web");
        let claim = &set["spec"]["volumeClaimTemplates"][0];
        assert_eq!(claim["metadata"]["name"], "data");
        assert_eq!(
            claim["spec"]["resources"]["requests"],
            json!({"storage": "1Gi"})
        );
        assert_eq!(service["spec"]["ports"][0]["targetPort"], 8080);
    }

    #[test]
    fn another_configuration_restarts_the_pods() {
        let with = |text: &str| {
            let workload =
                Workload::new("demo", "web", "web:1").config("/etc/web", "web.toml", text);
            value(workload.deployment())["spec"]["template"]["metadata"]["annotations"].clone()
        };
        assert_eq!(with("a"), with("a"));
        assert_ne!(with("a"), with("b"));
    }
}
