//! Short constructors for what people write daily.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde_json::{Map, Value};

use crate::v1alpha1::{
    Agent, Exporter, InstrumentationResource, InstrumentationSpec, Java, Propagator, Sampler,
    SamplerType,
};
use crate::v1beta1::{
    Config, Mode, OpenTelemetryCollectorSpec, Pipeline, Service, TargetAllocatorEmbedded,
    TargetAllocatorPrometheusCr,
};

impl OpenTelemetryCollectorSpec {
    /// A Deployment of collectors with this configuration.
    pub fn of(config: Config) -> Self {
        Self {
            config,
            additional_containers: Vec::new(),
            affinity: None,
            args: [].into(),
            autoscaler: None,
            command: Vec::new(),
            config_versions: None,
            configmaps: Vec::new(),
            daemon_set_update_strategy: None,
            deployment_update_strategy: None,
            dns_policy: None,
            env: Vec::new(),
            env_from: Vec::new(),
            host_aliases: Vec::new(),
            host_network: None,
            host_pid: None,
            host_users: None,
            http_route: None,
            image: None,
            image_pull_policy: None,
            ingress: None,
            init_containers: Vec::new(),
            ip_families: Vec::new(),
            ip_family_policy: None,
            lifecycle: None,
            liveness_probe: None,
            management_state: None,
            mode: None,
            network_policy: None,
            node_selector: [].into(),
            observability: None,
            persistent_volume_claim_retention_policy: None,
            pod_annotations: [].into(),
            pod_disruption_budget: None,
            pod_dns_config: None,
            pod_management_policy: None,
            pod_security_context: None,
            ports: Vec::new(),
            priority_class_name: None,
            readiness_probe: None,
            replicas: None,
            resources: None,
            security_context: None,
            service_account: None,
            service_name: None,
            session_affinity: None,
            session_affinity_config: None,
            share_process_namespace: None,
            startup_probe: None,
            target_allocator: None,
            termination_grace_period_seconds: None,
            tolerations: Vec::new(),
            topology_spread_constraints: Vec::new(),
            traffic_distribution: None,
            upgrade_strategy: None,
            volume_claim_templates: Vec::new(),
            volume_mounts: Vec::new(),
            volumes: Vec::new(),
        }
    }

    /// The same in another mode.
    #[must_use]
    pub fn as_mode(mut self, mode: Mode) -> Self {
        self.mode = Some(mode);
        self
    }

    /// The same with so many pods.
    #[must_use]
    pub fn with_replicas(mut self, replicas: i32) -> Self {
        self.replicas = Some(replicas);
        self
    }

    /// The same with this image.
    #[must_use]
    pub fn with_image(mut self, image: impl Into<String>) -> Self {
        self.image = Some(image.into());
        self
    }

    /// The same with an allocator that shares the targets of all ServiceMonitors and PodMonitors out among the pods of a
    /// StatefulSet.
    #[must_use]
    pub fn sharing_targets(mut self) -> Self {
        let all = || Some(LabelSelector::default());
        let monitors = TargetAllocatorPrometheusCr {
            enabled: Some(true),
            pod_monitor_selector: all(),
            service_monitor_selector: all(),
            ..TargetAllocatorPrometheusCr::default()
        };
        self.target_allocator = Some(TargetAllocatorEmbedded {
            enabled: Some(true),
            prometheus_cr: Some(monitors),
            ..TargetAllocatorEmbedded::default()
        });
        self.as_mode(Mode::Statefulset)
    }
}

impl Config {
    /// These receivers and exporters, each by name with its settings, and no pipelines yet.
    pub fn of<'a>(
        receivers: impl IntoIterator<Item = (&'a str, Value)>,
        exporters: impl IntoIterator<Item = (&'a str, Value)>,
    ) -> Self {
        Self {
            exporters: parts(exporters),
            receivers: parts(receivers),
            service: Service::default(),
            connectors: None,
            extensions: None,
            processors: None,
            others: [].into(),
        }
    }

    /// The same with these processors, each by name with its settings.
    #[must_use]
    pub fn with_processors<'a>(
        mut self,
        processors: impl IntoIterator<Item = (&'a str, Value)>,
    ) -> Self {
        self.processors = Some(parts(processors));
        self
    }

    /// The same with these extensions, each by name with its settings, all of them in use.
    #[must_use]
    pub fn with_extensions<'a>(
        mut self,
        extensions: impl IntoIterator<Item = (&'a str, Value)>,
    ) -> Self {
        let extensions: Vec<(&str, Value)> = extensions.into_iter().collect();
        let names = extensions.iter().map(|(name, _)| (*name).to_owned());
        self.service.extensions = names.collect();
        self.extensions = Some(parts(extensions));
        self
    }

    /// The same with this pipeline, for a signal such as `traces` or `metrics/internal`.
    #[must_use]
    pub fn with_pipeline(mut self, signal: impl Into<String>, pipeline: Pipeline) -> Self {
        self.service.pipelines.insert(signal.into(), pipeline);
        self
    }
}

impl Pipeline {
    /// From these receivers, by these processors in their order, to these exporters.
    pub fn of<const R: usize, const P: usize, const E: usize>(
        receivers: [&str; R],
        processors: [&str; P],
        exporters: [&str; E],
    ) -> Self {
        Self {
            exporters: exporters.map(str::to_owned).into(),
            receivers: receivers.map(str::to_owned).into(),
            processors: processors.map(str::to_owned).into(),
        }
    }
}

impl InstrumentationSpec {
    /// Agents that send to this address, and keep the trace of whoever calls in W3C's headers.
    pub fn sending_to(endpoint: impl Into<String>) -> Self {
        Self {
            exporter: Some(Exporter {
                endpoint: Some(endpoint.into()),
                tls: None,
            }),
            propagators: vec![Propagator::Tracecontext, Propagator::Baggage],
            ..Self::default()
        }
    }

    /// The same, but of traces that begin here only this share is kept, from 0 to 1: `0.25`.
    #[must_use]
    pub fn sampling(mut self, share: impl Into<String>) -> Self {
        self.sampler = Some(Sampler {
            argument: Some(share.into()),
            type_: Some(SamplerType::ParentbasedTraceidratio),
        });
        self
    }

    /// The same with this attribute of all programs: `deployment.environment`.
    #[must_use]
    pub fn with_attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let resource = self
            .resource
            .get_or_insert_with(InstrumentationResource::default);
        resource
            .resource_attributes
            .insert(name.into(), value.into());
        self
    }

    /// The same with this image of the agent for Java.
    #[must_use]
    pub fn with_java(mut self, image: impl Into<String>) -> Self {
        self.java = Some(Java {
            image: Some(image.into()),
            ..Java::default()
        });
        self
    }

    /// The same with this image of the agent for Python.
    #[must_use]
    pub fn with_python(mut self, image: impl Into<String>) -> Self {
        self.python = Some(Agent {
            image: Some(image.into()),
            ..Agent::default()
        });
        self
    }
}

fn parts<'a>(parts: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let parts = parts.into_iter();
    let parts = parts.map(|(name, settings)| (name.to_owned(), settings));
    Value::Object(parts.collect::<Map<String, Value>>())
}
