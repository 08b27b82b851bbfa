//! Short constructors for what people write daily.

use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::v1alpha1::{
    AnalysisRunArgument, AnalysisTemplateRef, AnalysisTemplateSpec, Argument, BlueGreenStrategy,
    CanaryStep, CanaryStrategy, IstioTrafficRouting, IstioVirtualService, Metric, MetricProvider,
    PrometheusMetric, RolloutAnalysis, RolloutPause, RolloutSpec, RolloutStrategy, TrafficRouting,
    WorkloadReference,
};

impl RolloutSpec {
    /// These pods, found by these labels, which their template must have.
    pub fn of_pods<'a>(
        labels: impl IntoIterator<Item = (&'a str, &'a str)>,
        template: PodTemplateSpec,
        strategy: RolloutStrategy,
    ) -> Self {
        let labels = labels.into_iter();
        let labels = labels.map(|(key, value)| (key.to_owned(), value.to_owned()));
        Self {
            selector: Some(LabelSelector {
                match_labels: Some(labels.collect()),
                ..LabelSelector::default()
            }),
            strategy: Some(strategy),
            template: Some(template),
            ..Self::default()
        }
    }

    /// The pods of a Deployment, which is scaled down once the Rollout is healthy.
    pub fn of_deployment(name: impl Into<String>, strategy: RolloutStrategy) -> Self {
        Self {
            strategy: Some(strategy),
            workload_ref: Some(WorkloadReference {
                api_version: Some("apps/v1".to_owned()),
                kind: Some("Deployment".to_owned()),
                name: Some(name.into()),
                scale_down: Some("onsuccess".to_owned()),
            }),
            ..Self::default()
        }
    }

    /// The same with so many pods.
    #[must_use]
    pub fn with_replicas(mut self, replicas: i32) -> Self {
        self.replicas = Some(replicas);
        self
    }
}

impl RolloutStrategy {
    /// Step by step.
    pub fn canary(steps: impl IntoIterator<Item = CanaryStep>) -> Self {
        CanaryStrategy {
            steps: steps.into_iter().collect(),
            ..CanaryStrategy::default()
        }
        .into()
    }

    /// All at once, from one of these Services to the other.
    pub fn blue_green(
        active_service: impl Into<String>,
        preview_service: impl Into<String>,
    ) -> Self {
        BlueGreenStrategy {
            active_service: active_service.into(),
            abort_scale_down_delay_seconds: None,
            active_metadata: None,
            anti_affinity: None,
            auto_promotion_enabled: None,
            auto_promotion_seconds: None,
            max_unavailable: None,
            post_promotion_analysis: None,
            pre_promotion_analysis: None,
            preview_metadata: None,
            preview_replica_count: None,
            preview_service: Some(preview_service.into()),
            scale_down_delay_revision_limit: None,
            scale_down_delay_seconds: None,
        }
        .into()
    }
}

impl From<CanaryStrategy> for RolloutStrategy {
    fn from(strategy: CanaryStrategy) -> Self {
        Self {
            canary: Some(strategy),
            ..Self::default()
        }
    }
}

impl From<BlueGreenStrategy> for RolloutStrategy {
    fn from(strategy: BlueGreenStrategy) -> Self {
        Self {
            blue_green: Some(strategy),
            ..Self::default()
        }
    }
}

impl CanaryStrategy {
    /// Traffic by the weights of an Istio VirtualService, between the Services of the new and the old version.
    pub fn with_istio(
        virtual_service: impl Into<String>,
        canary_service: impl Into<String>,
        stable_service: impl Into<String>,
        steps: impl IntoIterator<Item = CanaryStep>,
    ) -> Self {
        let virtual_service = IstioVirtualService {
            name: virtual_service.into(),
            routes: Vec::new(),
            tcp_routes: Vec::new(),
            tls_routes: Vec::new(),
        };
        Self {
            canary_service: Some(canary_service.into()),
            stable_service: Some(stable_service.into()),
            steps: steps.into_iter().collect(),
            traffic_routing: Some(TrafficRouting {
                istio: Some(IstioTrafficRouting {
                    virtual_service: Some(virtual_service),
                    ..IstioTrafficRouting::default()
                }),
                ..TrafficRouting::default()
            }),
            ..Self::default()
        }
    }
}

impl CanaryStep {
    /// The new version gets this share of the traffic, in percent.
    pub fn weight(percent: i32) -> Self {
        Self {
            set_weight: Some(percent),
            ..Self::default()
        }
    }

    /// Waits until somebody promotes.
    pub fn pause() -> Self {
        Self {
            pause: Some(RolloutPause::default()),
            ..Self::default()
        }
    }

    /// Waits this long: `10m`.
    pub fn pause_for(duration: impl Into<String>) -> Self {
        Self {
            pause: Some(RolloutPause {
                duration: Some(IntOrString::String(duration.into())),
            }),
            ..Self::default()
        }
    }

    /// Goes on when this has succeeded.
    pub fn analysis(analysis: RolloutAnalysis) -> Self {
        Self {
            analysis: Some(analysis),
            ..Self::default()
        }
    }
}

impl RolloutAnalysis {
    /// By this template of the same namespace, with these arguments.
    pub fn by<'a>(
        template: impl Into<String>,
        arguments: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let arguments = arguments.into_iter();
        let arguments = arguments.map(|(name, value)| AnalysisRunArgument {
            name: name.to_owned(),
            value: Some(value.to_owned()),
            value_from: None,
        });
        Self {
            args: arguments.collect(),
            templates: vec![AnalysisTemplateRef {
                cluster_scope: None,
                template_name: Some(template.into()),
            }],
            ..Self::default()
        }
    }
}

impl AnalysisTemplateSpec {
    /// These measurements, for which whoever uses the template gives these arguments.
    pub fn of<A: Into<String>>(
        arguments: impl IntoIterator<Item = A>,
        metrics: impl IntoIterator<Item = Metric>,
    ) -> Self {
        let arguments = arguments.into_iter().map(|name| Argument {
            name: name.into(),
            value: None,
            value_from: None,
        });
        Self {
            args: arguments.collect(),
            metrics: metrics.into_iter().collect(),
            ..Self::default()
        }
    }
}

impl Metric {
    /// A query to the Prometheus at this address, and when its result is good: `result[0] >= 0.95`.
    pub fn prometheus(
        name: impl Into<String>,
        address: impl Into<String>,
        query: impl Into<String>,
        success: impl Into<String>,
    ) -> Self {
        let prometheus = PrometheusMetric {
            address: Some(address.into()),
            query: Some(query.into()),
            ..PrometheusMetric::default()
        };
        Self {
            name: name.into(),
            provider: MetricProvider {
                prometheus: Some(prometheus),
                ..MetricProvider::default()
            },
            consecutive_error_limit: None,
            consecutive_success_limit: None,
            count: None,
            failure_condition: None,
            failure_limit: None,
            inconclusive_limit: None,
            initial_delay: None,
            interval: None,
            success_condition: Some(success.into()),
        }
    }

    /// The same, so many times with so long between.
    #[must_use]
    pub fn repeated(mut self, times: i32, interval: impl Into<String>) -> Self {
        self.count = Some(IntOrString::Int(times));
        self.interval = Some(interval.into());
        self
    }

    /// The same; so many bad results are allowed.
    #[must_use]
    pub fn allowing_failures(mut self, failures: i32) -> Self {
        self.failure_limit = Some(IntOrString::Int(failures));
        self
    }
}
