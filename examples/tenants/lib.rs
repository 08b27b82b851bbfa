//! W(n): n tenants of eleven objects each, every tenant a component of its own. What rendering and checking are measured with.

use std::collections::BTreeMap;

use cilium_types::v2::{
    CiliumNetworkPolicy, EndpointSelector, IngressRule, PortRule, PortRuleHttp, Rule,
};
use gateway_api::v1::{
    HttpBackendRef, HttpRoute, HttpRouteMatch, HttpRouteRule, HttpRouteSpec, ParentReference,
};
use istio_types::security::v1::AuthorizationPolicy;
use istio_types::{Principal, WorkloadSelector};
use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec};
use k8s_openapi::api::core::v1::{
    Capabilities, ConfigMap, Container, ContainerPort, EnvVar, EnvVarSource, HTTPGetAction,
    LimitRange, LimitRangeItem, LimitRangeSpec, Namespace, ObjectFieldSelector, PodSpec,
    PodTemplateSpec, Probe, ResourceQuota, ResourceQuotaSpec, ResourceRequirements,
    SecurityContext, Service, ServiceAccount, ServicePort, ServiceSpec,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde::Serialize;
use stack_builder::{Component, ComponentError, Context, Contribution, KnownKind};

/// How many objects a tenant has.
pub const OBJECTS: usize = 11;
const PORT: i32 = 8080;

/// Takes the objects of a tenant, one after the other.
pub trait Take {
    /// What may go wrong.
    type Error;

    /// Takes one, and the file in which it belongs.
    ///
    /// # Errors
    /// Whatever stands in the way.
    fn take<T>(&mut self, file: &'static str, object: T) -> Result<(), Self::Error>
    where
        T: KnownKind + Serialize + Send + Sync + 'static;
}

impl Take for Contribution {
    type Error = ComponentError;

    fn take<T>(&mut self, file: &'static str, object: T) -> Result<(), ComponentError>
    where
        T: KnownKind + Serialize + Send + Sync + 'static,
    {
        self.object(file, object)
    }
}

/// A namespace with limits, an app in it, and what may reach the app.
#[derive(Clone, Debug)]
pub struct Tenant {
    name: String,
}

impl Tenant {
    /// The tenant of a number.
    pub fn new(number: usize) -> Self {
        Self {
            name: format!("tenant-{number:06}"),
        }
    }

    /// Makes all its objects.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn objects<T: Take>(&self, out: &mut T) -> Result<(), T::Error> {
        out.take("namespace.yaml", self.namespace())?;
        out.take("namespace.yaml", self.quota())?;
        out.take("namespace.yaml", self.limits())?;
        out.take("app.yaml", self.account())?;
        out.take("app.yaml", self.config())?;
        out.take("app.yaml", self.deployment())?;
        out.take("app.yaml", self.service())?;
        out.take("app.yaml", self.budget())?;
        out.take("traffic.yaml", self.route())?;
        out.take("traffic.yaml", self.network_policy())?;
        out.take("traffic.yaml", self.authorization())
    }

    fn metadata(&self, name: &str) -> ObjectMeta {
        ObjectMeta {
            name: Some(name.to_owned()),
            namespace: Some(self.name.clone()),
            labels: Some(texts([("app", "web"), ("tenant", &self.name)])),
            ..ObjectMeta::default()
        }
    }

    fn namespace(&self) -> Namespace {
        Namespace {
            metadata: ObjectMeta {
                name: Some(self.name.clone()),
                labels: Some(texts([
                    ("env", "dev"),
                    ("istio.io/dataplane-mode", "ambient"),
                    ("pod-security.kubernetes.io/enforce", "restricted"),
                ])),
                ..ObjectMeta::default()
            },
            ..Namespace::default()
        }
    }

    fn quota(&self) -> ResourceQuota {
        ResourceQuota {
            metadata: self.metadata("quota"),
            spec: Some(ResourceQuotaSpec {
                hard: Some(amounts([
                    ("limits.cpu", "8"),
                    ("limits.memory", "16Gi"),
                    ("pods", "20"),
                    ("requests.cpu", "4"),
                    ("requests.memory", "8Gi"),
                ])),
                ..ResourceQuotaSpec::default()
            }),
            ..ResourceQuota::default()
        }
    }

    fn limits(&self) -> LimitRange {
        LimitRange {
            metadata: self.metadata("limits"),
            spec: Some(LimitRangeSpec {
                limits: vec![LimitRangeItem {
                    type_: "Container".to_owned(),
                    default: Some(amounts([("cpu", "500m"), ("memory", "256Mi")])),
                    default_request: Some(amounts([("cpu", "50m"), ("memory", "64Mi")])),
                    ..LimitRangeItem::default()
                }],
            }),
        }
    }

    fn account(&self) -> ServiceAccount {
        ServiceAccount {
            metadata: self.metadata("web"),
            automount_service_account_token: Some(false),
            ..ServiceAccount::default()
        }
    }

    fn config(&self) -> ConfigMap {
        ConfigMap {
            metadata: self.metadata("web"),
            data: Some(texts([
                ("LOG_LEVEL", "info"),
                ("RETRIES", "3"),
                (
                    "app.toml",
                    "[server]\nlisten = \"0.0.0.0:8080\"\n\n[limits]\nrequests = 100\n# per second\nburst = 20\n",
                ),
            ])),
            ..ConfigMap::default()
        }
    }

    fn deployment(&self) -> Deployment {
        let app = texts([("app", "web")]);
        Deployment {
            metadata: self.metadata("web"),
            spec: Some(DeploymentSpec {
                replicas: Some(2),
                selector: LabelSelector {
                    match_labels: Some(app.clone()),
                    ..LabelSelector::default()
                },
                template: PodTemplateSpec {
                    metadata: Some(ObjectMeta {
                        labels: Some(app),
                        ..ObjectMeta::default()
                    }),
                    spec: Some(PodSpec {
                        service_account_name: Some("web".to_owned()),
                        containers: vec![
                            container("web", "registry.example.com/shop/web:1.27.4", PORT),
                            container("metrics", "registry.example.com/shop/exporter:0.9.1", 9090),
                        ],
                        ..PodSpec::default()
                    }),
                },
                ..DeploymentSpec::default()
            }),
            ..Deployment::default()
        }
    }

    fn service(&self) -> Service {
        Service {
            metadata: self.metadata("web"),
            spec: Some(ServiceSpec {
                selector: Some(texts([("app", "web")])),
                ports: Some(vec![ServicePort {
                    name: Some("http".to_owned()),
                    port: 80,
                    target_port: Some(IntOrString::Int(PORT)),
                    ..ServicePort::default()
                }]),
                ..ServiceSpec::default()
            }),
            ..Service::default()
        }
    }

    fn budget(&self) -> PodDisruptionBudget {
        PodDisruptionBudget {
            metadata: self.metadata("web"),
            spec: Some(PodDisruptionBudgetSpec {
                min_available: Some(IntOrString::Int(1)),
                selector: Some(LabelSelector {
                    match_labels: Some(texts([("app", "web")])),
                    ..LabelSelector::default()
                }),
                ..PodDisruptionBudgetSpec::default()
            }),
            ..PodDisruptionBudget::default()
        }
    }

    /// Requests inside the mesh, so that a tenant needs nothing from outside.
    fn route(&self) -> HttpRoute {
        HttpRoute::new(
            "web",
            HttpRouteSpec {
                parent_refs: vec![ParentReference {
                    group: Some(String::new()),
                    kind: Some("Service".to_owned()),
                    name: "web".to_owned(),
                    port: Some(80),
                    ..ParentReference::default()
                }],
                rules: vec![HttpRouteRule {
                    matches: vec![HttpRouteMatch::path_prefix("/api")],
                    backend_refs: vec![HttpBackendRef::service("web", 80)],
                    ..HttpRouteRule::default()
                }],
                ..HttpRouteSpec::default()
            },
        )
        .in_namespace(&self.name)
    }

    fn network_policy(&self) -> CiliumNetworkPolicy {
        let requests = [PortRuleHttp::get("/api/.*"), PortRuleHttp::get("/health")];
        let port = u16::try_from(PORT).unwrap_or_default();
        CiliumNetworkPolicy::new(
            "web",
            Rule::endpoints(EndpointSelector::labels([("app", "web")]))
                .allow_ingress([IngressRule::from_labels([("app", "web")])
                    .on([PortRule::tcp(port).http(requests)])]),
        )
        .in_namespace(&self.name)
    }

    fn authorization(&self) -> AuthorizationPolicy {
        AuthorizationPolicy::allow_service_accounts(
            "web",
            &self.name,
            WorkloadSelector::labels([("app", "web")]),
            [Principal::new(&self.name, "web")],
        )
    }
}

impl Component for Tenant {
    fn id(&self) -> &str {
        &self.name
    }

    fn namespace(&self, _context: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some(self.name.clone()))
    }

    fn contribute(
        &self,
        _context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        self.objects(out)
    }
}

fn texts<const N: usize>(entries: [(&str, &str); N]) -> BTreeMap<String, String> {
    entries
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
}

fn amounts<const N: usize>(entries: [(&str, &str); N]) -> BTreeMap<String, Quantity> {
    entries
        .map(|(key, value)| (key.to_owned(), Quantity(value.to_owned())))
        .into()
}

fn container(name: &str, image: &str, port: i32) -> Container {
    Container {
        name: name.to_owned(),
        image: Some(image.to_owned()),
        args: Some(vec![format!("--listen=:{port}"), "--verbose".to_owned()]),
        env: Some(vec![
            EnvVar {
                name: "MODE".to_owned(),
                value: Some("production".to_owned()),
                ..EnvVar::default()
            },
            EnvVar {
                name: "POD".to_owned(),
                value_from: Some(EnvVarSource {
                    field_ref: Some(ObjectFieldSelector {
                        field_path: "metadata.name".to_owned(),
                        ..ObjectFieldSelector::default()
                    }),
                    ..EnvVarSource::default()
                }),
                ..EnvVar::default()
            },
        ]),
        ports: Some(vec![ContainerPort {
            container_port: port,
            ..ContainerPort::default()
        }]),
        readiness_probe: Some(Probe {
            http_get: Some(HTTPGetAction {
                path: Some("/health".to_owned()),
                port: IntOrString::Int(port),
                ..HTTPGetAction::default()
            }),
            period_seconds: Some(5),
            ..Probe::default()
        }),
        resources: Some(ResourceRequirements {
            requests: Some(amounts([("cpu", "100m"), ("memory", "128Mi")])),
            limits: Some(amounts([("cpu", "500m"), ("memory", "256Mi")])),
            ..ResourceRequirements::default()
        }),
        security_context: Some(SecurityContext {
            allow_privilege_escalation: Some(false),
            capabilities: Some(Capabilities {
                drop: Some(vec!["ALL".to_owned()]),
                ..Capabilities::default()
            }),
            read_only_root_filesystem: Some(true),
            run_as_non_root: Some(true),
            ..SecurityContext::default()
        }),
        ..Container::default()
    }
}
