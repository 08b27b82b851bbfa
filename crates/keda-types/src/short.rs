//! Short constructors for what people write daily.

use k8s_openapi::api::batch::v1::JobSpec;

use crate::v1alpha1::{
    AuthTargetRef, AuthenticationRef, AuthenticationRefKind, Fallback, ScaleTarget, ScaleTriggers,
    ScaledJobSpec, ScaledObjectSpec, TriggerAuthenticationSpec,
};

impl ScaledObjectSpec {
    /// Scales a Deployment of the same namespace, between none and 100 pods.
    pub fn of_deployment(
        name: impl Into<String>,
        triggers: impl IntoIterator<Item = ScaleTriggers>,
    ) -> Self {
        let target = ScaleTarget {
            name: name.into(),
            api_version: None,
            env_source_container_name: None,
            kind: None,
        };
        Self::of(target, triggers)
    }

    /// Scales anything of the same namespace that has a scale endpoint, between none and 100.
    pub fn of(target: ScaleTarget, triggers: impl IntoIterator<Item = ScaleTriggers>) -> Self {
        Self {
            scale_target_ref: target,
            triggers: triggers.into_iter().collect(),
            advanced: None,
            cooldown_period: None,
            fallback: None,
            idle_replica_count: None,
            initial_cooldown_period: None,
            max_replica_count: None,
            min_replica_count: None,
            polling_interval: None,
        }
    }

    /// The same between these numbers of pods.
    #[must_use]
    pub fn between(mut self, fewest: i32, most: i32) -> Self {
        self.min_replica_count = Some(fewest);
        self.max_replica_count = Some(most);
        self
    }

    /// The same; when a trigger could not be asked so many times in a row, there are so many pods.
    #[must_use]
    pub fn falling_back(mut self, failures: i32, replicas: i32) -> Self {
        self.fallback = Some(Fallback {
            failure_threshold: failures,
            replicas,
            behavior: None,
        });
        self
    }
}

impl ScaleTarget {
    /// A StatefulSet.
    pub fn stateful_set(name: impl Into<String>) -> Self {
        Self::of("apps/v1", "StatefulSet", name)
    }

    /// Anything with a scale endpoint.
    pub fn of(
        api_version: impl Into<String>,
        kind: impl Into<String>,
        name: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            api_version: Some(api_version.into()),
            env_source_container_name: None,
            kind: Some(kind.into()),
        }
    }
}

impl ScaledJobSpec {
    /// Starts this Job for each piece of work that a trigger tells of.
    pub fn of(job: JobSpec, triggers: impl IntoIterator<Item = ScaleTriggers>) -> Self {
        Self {
            job_target_ref: job,
            triggers: triggers.into_iter().collect(),
            env_source_container_name: None,
            failed_jobs_history_limit: None,
            max_replica_count: None,
            min_replica_count: None,
            polling_interval: None,
            rollout: None,
            rollout_strategy: None,
            scaling_strategy: None,
            successful_jobs_history_limit: None,
        }
    }
}

impl ScaleTriggers {
    /// A scaler with its settings.
    pub fn new<'a>(
        scaler: impl Into<String>,
        settings: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let settings = settings.into_iter();
        let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned()));
        Self {
            metadata: settings.collect(),
            type_: scaler.into(),
            authentication_ref: None,
            metric_type: None,
            name: None,
            use_cached_metrics: None,
        }
    }

    /// A query to Prometheus, whose result is what all pods together have to bear; one pod bears `threshold`.
    pub fn prometheus(server: &str, query: &str, threshold: &str) -> Self {
        let settings = [
            ("serverAddress", server),
            ("query", query),
            ("threshold", threshold),
        ];
        Self::new("prometheus", settings)
    }

    /// So many pods from one time to another, each written as cron does, in a time zone such as `Europe/Zurich`.
    pub fn cron(zone: &str, start: &str, end: &str, pods: u32) -> Self {
        let pods = pods.to_string();
        let settings = [
            ("timezone", zone),
            ("start", start),
            ("end", end),
            ("desiredReplicas", pods.as_str()),
        ];
        Self::new("cron", settings)
    }

    /// The share of the requested CPU that pods use on average, in percent. Cannot scale to none.
    pub fn cpu(percent: u32) -> Self {
        let value = percent.to_string();
        Self {
            metric_type: Some("Utilization".to_owned()),
            ..Self::new("cpu", [("value", value.as_str())])
        }
    }

    /// The same, with secret settings from this TriggerAuthentication.
    #[must_use]
    pub fn authenticated_by(mut self, name: impl Into<String>) -> Self {
        self.authentication_ref = Some(AuthenticationRef {
            name: name.into(),
            kind: None,
        });
        self
    }

    /// The same, with secret settings from this ClusterTriggerAuthentication.
    #[must_use]
    pub fn authenticated_by_cluster(mut self, name: impl Into<String>) -> Self {
        self.authentication_ref = Some(AuthenticationRef {
            name: name.into(),
            kind: Some(AuthenticationRefKind::ClusterTriggerAuthentication),
        });
        self
    }

    /// The same with a name, for formulas and metrics.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

impl TriggerAuthenticationSpec {
    /// Parameters from keys of a Secret: what the trigger calls it, and the key.
    pub fn from_secret<'a>(
        secret: &str,
        parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let parameters = parameters.into_iter();
        let parameters = parameters.map(|(parameter, key)| AuthTargetRef {
            key: key.to_owned(),
            name: secret.to_owned(),
            parameter: parameter.to_owned(),
        });
        Self {
            secret_target_ref: parameters.collect(),
            ..Self::default()
        }
    }
}
