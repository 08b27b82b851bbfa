//! Short constructors for what people write daily.

use k8s_openapi::api::core::v1::EnvVar;

use crate::v1alpha1::{
    ApplicationKind, ApplicationParams, ChaosEngineSpec, ChaosExperimentSpec, CmdProbeInputs,
    ComparatorInfo, ComparatorType, EngineState, ExperimentAttributes, ExperimentComponents,
    ExperimentDef, ExperimentList, ExperimentScope, GetMethod, HttpMethod, HttpProbeInputs,
    K8sProbeInputs, K8sProbeOperation, ProbeAttributes, ProbeMode, ProbeType, PromComparatorInfo,
    PromProbeInputs, RunProperty,
};

impl ChaosEngineSpec {
    /// Runs these experiments on a workload, as this ServiceAccount.
    pub fn of(
        workload: ApplicationParams,
        service_account: impl Into<String>,
        experiments: impl IntoIterator<Item = ExperimentList>,
    ) -> Self {
        Self {
            appinfo: Some(workload),
            engine_state: Some(EngineState::Active),
            chaos_service_account: Some(service_account.into()),
            experiments: experiments.into_iter().collect(),
            ..Self::default()
        }
    }

    /// The same, broken off.
    #[must_use]
    pub fn stopped(mut self) -> Self {
        self.engine_state = Some(EngineState::Stop);
        self
    }
}

impl ApplicationParams {
    /// Deployments with this label, such as `app=frontend`.
    pub fn deployment(namespace: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of(ApplicationKind::Deployment, namespace, label)
    }

    /// StatefulSets with this label, such as `app=postgres`.
    pub fn stateful_set(namespace: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of(ApplicationKind::Statefulset, namespace, label)
    }

    /// Workloads of a kind with this label.
    pub fn of(
        kind: ApplicationKind,
        namespace: impl Into<String>,
        label: impl Into<String>,
    ) -> Self {
        Self {
            appkind: Some(kind),
            applabel: Some(label.into()),
            appns: Some(namespace.into()),
        }
    }
}

impl ExperimentList {
    /// This ChaosExperiment, as it is.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            spec: None,
        }
    }

    /// Kills pods of the workload, for so many seconds, and again after each interval.
    pub fn pod_delete(seconds: u32, interval: u32) -> Self {
        Self::named("pod-delete")
            .with_env("TOTAL_CHAOS_DURATION", seconds.to_string())
            .with_env("CHAOS_INTERVAL", interval.to_string())
            .with_env("FORCE", "false")
    }

    /// Delays what pods of the workload send by so many milliseconds, for so many seconds.
    pub fn pod_network_latency(seconds: u32, milliseconds: u32) -> Self {
        Self::named("pod-network-latency")
            .with_env("TOTAL_CHAOS_DURATION", seconds.to_string())
            .with_env("NETWORK_LATENCY", milliseconds.to_string())
    }

    /// Keeps so many CPUs of pods of the workload busy, for so many seconds.
    pub fn pod_cpu_hog(seconds: u32, cpus: u32) -> Self {
        Self::named("pod-cpu-hog")
            .with_env("TOTAL_CHAOS_DURATION", seconds.to_string())
            .with_env("CPU_CORES", cpus.to_string())
    }

    /// The same with this setting, beside those of before.
    #[must_use]
    pub fn with_env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let spec = self.spec_mut();
        let components = spec
            .components
            .get_or_insert_with(ExperimentComponents::default);
        components.env.push(EnvVar {
            name: name.into(),
            value: Some(value.into()),
            value_from: None,
        });
        self
    }

    /// The same with this probe, beside those of before.
    #[must_use]
    pub fn with_probe(mut self, probe: ProbeAttributes) -> Self {
        self.spec_mut().probe.push(probe);
        self
    }

    fn spec_mut(&mut self) -> &mut ExperimentAttributes {
        self.spec.get_or_insert_with(ExperimentAttributes::default)
    }
}

impl ProbeAttributes {
    /// An address must answer GET with this code.
    pub fn http(
        name: impl Into<String>,
        mode: ProbeMode,
        url: impl Into<String>,
        code: u16,
        run: RunProperty,
    ) -> Self {
        let get = GetMethod {
            criteria: "==".to_owned(),
            response_code: code.to_string(),
        };
        let inputs = HttpProbeInputs {
            url: url.into(),
            method: HttpMethod {
                get: Some(get),
                post: None,
            },
            insecure_skip_verify: None,
        };
        Self {
            http_probe_inputs: Some(inputs),
            ..Self::of(name, ProbeType::HttpProbe, mode, run)
        }
    }

    /// Objects with these labels must be there: of a resource such as `pods` in its group, `""` for that of pods, and version.
    pub fn present(
        name: impl Into<String>,
        mode: ProbeMode,
        resource: (&str, &str, &str),
        namespace: impl Into<String>,
        labels: impl Into<String>,
        run: RunProperty,
    ) -> Self {
        let (group, version, resource) = resource;
        let inputs = K8sProbeInputs {
            version: version.to_owned(),
            resource: resource.to_owned(),
            operation: K8sProbeOperation::Present,
            group: (!group.is_empty()).then(|| group.to_owned()),
            namespace: Some(namespace.into()),
            resource_names: None,
            field_selector: None,
            label_selector: Some(labels.into()),
        };
        Self {
            k8s_probe_inputs: Some(inputs),
            ..Self::of(name, ProbeType::K8sProbe, mode, run)
        }
    }

    /// A command in the experiment's own pod must print this text.
    pub fn command(
        name: impl Into<String>,
        mode: ProbeMode,
        command: impl Into<String>,
        output: impl Into<String>,
        run: RunProperty,
    ) -> Self {
        let inputs = CmdProbeInputs {
            command: command.into(),
            comparator: ComparatorInfo {
                type_: ComparatorType::String,
                criteria: "equal".to_owned(),
                value: output.into(),
            },
            source: None,
        };
        Self {
            cmd_probe_inputs: Some(inputs),
            ..Self::of(name, ProbeType::CmdProbe, mode, run)
        }
    }

    /// The result of a query to Prometheus must compare so: `("<=", "0.5")`.
    pub fn prometheus(
        name: impl Into<String>,
        mode: ProbeMode,
        endpoint: impl Into<String>,
        query: impl Into<String>,
        bound: (&str, &str),
        run: RunProperty,
    ) -> Self {
        let inputs = PromProbeInputs {
            endpoint: endpoint.into(),
            comparator: PromComparatorInfo {
                criteria: bound.0.to_owned(),
                value: bound.1.to_owned(),
            },
            query: Some(query.into()),
            query_path: None,
        };
        Self {
            prom_probe_inputs: Some(inputs),
            ..Self::of(name, ProbeType::PromProbe, mode, run)
        }
    }

    /// A probe without its question.
    fn of(name: impl Into<String>, type_: ProbeType, mode: ProbeMode, run: RunProperty) -> Self {
        Self {
            name: name.into(),
            type_,
            run_properties: run,
            mode,
            k8s_probe_inputs: None,
            cmd_probe_inputs: None,
            http_probe_inputs: None,
            prom_probe_inputs: None,
            slo_probe_inputs: None,
            data: None,
        }
    }
}

impl RunProperty {
    /// An answer within `timeout`; if it does not fit, it is asked again after `interval`. Both are written as `5s`.
    pub fn within(timeout: impl Into<String>, interval: impl Into<String>) -> Self {
        Self {
            probe_timeout: timeout.into(),
            interval: interval.into(),
            evaluation_timeout: None,
            retry: None,
            attempt: None,
            probe_polling_interval: None,
            initial_delay_seconds: None,
            initial_delay: None,
            verbosity: None,
            stop_on_failure: None,
        }
    }

    /// The same, asked so often before it has failed.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempt = Some(attempts.into());
        self
    }
}

impl ChaosExperimentSpec {
    /// A fault in a namespace that this image makes, by a program of its own with arguments.
    pub fn of<S: Into<String>>(
        image: impl Into<String>,
        command: impl IntoIterator<Item = S>,
        args: impl IntoIterator<Item = S>,
    ) -> Self {
        let definition = ExperimentDef {
            args: args.into_iter().map(Into::into).collect(),
            command: command.into_iter().map(Into::into).collect(),
            image: Some(image.into()),
            scope: Some(ExperimentScope::Namespaced),
            ..ExperimentDef::default()
        };
        Self {
            definition: Some(definition),
        }
    }
}
