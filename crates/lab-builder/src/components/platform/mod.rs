//! The guard rails: priorities, quota, defaults and disruption budget.

mod verify;

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    LimitRange, LimitRangeItem, LimitRangeSpec, ResourceQuota, ResourceQuotaSpec,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::api::scheduling::v1::PriorityClass as KubePriorityClass;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::environment::Profile;
use crate::ids::{DEMO_APP, PLATFORM};
use crate::scope::Scope;
use crate::scope::named;
use crate::versions;
use crate::wiring::Wiring;
use stack_builder::verify::Questions;
use stack_builder::{Bundle, Component, ComponentError, Context, Contribution};

/// Guard rails of the cluster and of the demo namespace (step 9).
#[derive(Clone, Debug, PartialEq)]
pub struct Platform {
    /// Priorities of pods. Documented: `lab-critical`, `lab-high`, and `lab-normal` as the default of all pods.
    pub priority_classes: Vec<PriorityClass>,
    /// The name of the ResourceQuota *(ours: `demo-quota`)*.
    pub quota_name: String,
    /// What all pods of the demo namespace may ask for together.
    pub quota: Quota,
    /// The name of the LimitRange *(ours: `demo-limits`)*.
    pub limit_range_name: String,
    /// What a container gets that does not say. Documented: limits 2 CPU and 4Gi, requests 250m and 512Mi; no maxima.
    pub defaults: ContainerDefaults,
    /// The name of the backend's PodDisruptionBudget. Documented: `backend-pdb`.
    pub disruption_budget_name: String,
    /// How many backend pods a drain leaves running. Documented: 1.
    pub backend_min_available: u16,
}

/// A rank by which pods are scheduled, and make room for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriorityClass {
    /// The name that pods give as `priorityClassName`.
    pub name: String,
    /// Higher goes first; up to 1,000,000,000.
    pub value: i32,
    /// Whether pods without a class get it; at most one may.
    pub global_default: bool,
    /// For which workloads the class is meant; shown by `kubectl describe` *(ours)*.
    pub description: String,
}

/// What all pods of a namespace may ask for together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// `requests.cpu`: bound of the sum of all pods' CPU requests.
    pub requests_cpu: String,
    /// `requests.memory`: bound of the sum of all pods' memory requests.
    pub requests_memory: String,
    /// `limits.cpu`: bound of the sum of all pods' CPU limits.
    pub limits_cpu: String,
    /// `limits.memory`: bound of the sum of all pods' memory limits.
    pub limits_memory: String,
    /// `pods`: how many pods may exist that have not finished.
    pub pods: String,
}

impl Quota {
    /// The documented quota of a profile.
    pub fn documented(profile: Profile) -> Self {
        let of = |requests_cpu: &str,
                  limits_cpu: &str,
                  requests_memory: &str,
                  limits_memory: &str,
                  pods: &str| Quota {
            requests_cpu: requests_cpu.into(),
            requests_memory: requests_memory.into(),
            limits_cpu: limits_cpu.into(),
            limits_memory: limits_memory.into(),
            pods: pods.into(),
        };
        match profile {
            Profile::Lab => of("4", "8", "8Gi", "16Gi", "20"),
            Profile::DataCenter => of("64", "128", "256Gi", "512Gi", "100"),
        }
    }
}

/// What a container gets that does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerDefaults {
    /// `default.cpu`, for a container without a CPU limit.
    pub limit_cpu: String,
    /// `default.memory`, for a container without a memory limit.
    pub limit_memory: String,
    /// `defaultRequest.cpu`, for a container that neither asks for CPU nor limits it.
    pub request_cpu: String,
    /// `defaultRequest.memory`, for a container that neither asks for memory nor limits it.
    pub request_memory: String,
}

impl Default for Platform {
    fn default() -> Self {
        let class = |name: &str, value, global_default, description: &str| PriorityClass {
            name: name.into(),
            value,
            global_default,
            description: description.into(),
        };
        Platform {
            priority_classes: vec![
                class(
                    "lab-critical",
                    1_000_000,
                    false,
                    "Services that everything else needs.",
                ),
                class("lab-high", 100_000, false, "Services that users wait for."),
                class(
                    "lab-normal",
                    10_000,
                    true,
                    "Everything that does not say otherwise.",
                ),
            ],
            quota_name: "demo-quota".into(),
            quota: Quota::documented(Profile::Lab),
            limit_range_name: "demo-limits".into(),
            defaults: ContainerDefaults {
                limit_cpu: "2".into(),
                limit_memory: "4Gi".into(),
                request_cpu: "250m".into(),
                request_memory: "512Mi".into(),
            },
            disruption_budget_name: "backend-pdb".into(),
            backend_min_available: 1,
        }
    }
}

fn quantities(entries: &[(&str, &String)]) -> BTreeMap<String, Quantity> {
    let entries = entries.iter();
    let entries = entries.map(|(name, quantity)| (name.to_string(), Quantity((*quantity).clone())));
    entries.collect()
}

impl Platform {
    fn quota(&self, namespace: &str) -> ResourceQuota {
        let quota = &self.quota;
        ResourceQuota {
            metadata: named(namespace, &self.quota_name),
            spec: Some(ResourceQuotaSpec {
                hard: Some(quantities(&[
                    ("requests.cpu", &quota.requests_cpu),
                    ("requests.memory", &quota.requests_memory),
                    ("limits.cpu", &quota.limits_cpu),
                    ("limits.memory", &quota.limits_memory),
                    ("pods", &quota.pods),
                ])),
                ..ResourceQuotaSpec::default()
            }),
            ..ResourceQuota::default()
        }
    }

    fn limit_range(&self, namespace: &str) -> LimitRange {
        let defaults = &self.defaults;
        LimitRange {
            metadata: named(namespace, &self.limit_range_name),
            spec: Some(LimitRangeSpec {
                limits: vec![LimitRangeItem {
                    type_: "Container".into(),
                    default: Some(quantities(&[
                        ("cpu", &defaults.limit_cpu),
                        ("memory", &defaults.limit_memory),
                    ])),
                    default_request: Some(quantities(&[
                        ("cpu", &defaults.request_cpu),
                        ("memory", &defaults.request_memory),
                    ])),
                    ..LimitRangeItem::default()
                }],
            }),
        }
    }

    fn disruption_budget(&self, namespace: &str, app: &str) -> PodDisruptionBudget {
        PodDisruptionBudget {
            metadata: named(namespace, &self.disruption_budget_name),
            spec: Some(PodDisruptionBudgetSpec {
                min_available: Some(IntOrString::Int(self.backend_min_available.into())),
                selector: Some(LabelSelector {
                    match_labels: Some([("app".to_owned(), app.to_owned())].into()),
                    ..LabelSelector::default()
                }),
                ..PodDisruptionBudgetSpec::default()
            }),
            ..PodDisruptionBudget::default()
        }
    }
}

impl Component for Platform {
    fn id(&self) -> &str {
        PLATFORM
    }

    fn namespace(&self, context: &Context<'_>) -> Result<Option<String>, ComponentError> {
        let wiring: &Wiring = context.wiring()?;
        Ok(Some(wiring.demo.namespace.clone()))
    }

    fn requires(&self) -> Vec<&str> {
        vec![DEMO_APP]
    }

    fn step(&self) -> Option<u8> {
        Some(9)
    }

    fn resize(&mut self, profile: &str) {
        let Some(profile) = Profile::named(profile) else {
            return;
        };
        self.quota = Quota::documented(profile);
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let context = &Scope::of(context)?;
        let demo = &context.wiring.demo;
        for class in &self.priority_classes {
            out.object(
                "priority-classes.yaml",
                KubePriorityClass {
                    metadata: ObjectMeta {
                        name: Some(class.name.clone()),
                        ..ObjectMeta::default()
                    },
                    global_default: Some(class.global_default),
                    description: Some(class.description.clone()),
                    ..versions::priority_class(class.value)
                },
            )?;
        }
        out.object("resource-quota.yaml", self.quota(&demo.namespace))?;
        out.object("limit-range.yaml", self.limit_range(&demo.namespace))?;
        out.object(
            "pod-disruption-budget.yaml",
            self.disruption_budget(&demo.namespace, &demo.backend),
        )
    }

    fn verify(&self, bundle: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        verify::ask(bundle, questions);
        Ok(())
    }
}
