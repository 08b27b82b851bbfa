//! The API itself: its pods, Service and route, its volumes, and what is run by hand.

use gateway_api::v1::{
    HttpBackendRef, HttpRoute, HttpRouteMatch, HttpRouteRule, HttpRouteSpec, ParentReference,
};
use k8s_openapi::api::apps::v1::{
    Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment,
};
use k8s_openapi::api::core::v1::{
    Container, ContainerPort, HTTPGetAction, PodSecurityContext, PodSpec, PodTemplateSpec, Probe,
    ResourceRequirements, Service, ServicePort, ServiceSpec, TopologySpreadConstraint,
};
use k8s_openapi::api::storage::v1::StorageClass;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use stack_cluster::StorageNeed;
use std::collections::BTreeMap;

use super::{Document, DocumentError};

/// The image of the concept's API.
pub const IMAGE: &str = "ghcr.io/acme/api:1.4.7";
/// The port on which its pods listen.
pub const PORT: i32 = 8080;

fn labels() -> BTreeMap<String, String> {
    [("app".to_owned(), "api".to_owned())].into()
}

fn selector() -> LabelSelector {
    LabelSelector {
        match_labels: Some(labels()),
        ..LabelSelector::default()
    }
}

fn probe(path: &str, delay: i32, period: i32) -> Probe {
    Probe {
        http_get: Some(HTTPGetAction {
            path: Some(path.into()),
            port: IntOrString::Int(PORT),
            ..HTTPGetAction::default()
        }),
        initial_delay_seconds: Some(delay),
        period_seconds: Some(period),
        ..Probe::default()
    }
}

fn container() -> Container {
    let amounts = |cpu: &str, memory: &str| {
        let amounts = [("cpu", cpu), ("memory", memory)];
        let amounts = amounts.map(|(name, amount)| (name.to_owned(), Quantity(amount.into())));
        Some(BTreeMap::from(amounts))
    };
    Container {
        name: "api".into(),
        image: Some(IMAGE.into()),
        resources: Some(ResourceRequirements {
            requests: amounts("200m", "256Mi"),
            limits: amounts("1", "512Mi"),
            ..ResourceRequirements::default()
        }),
        ports: Some(vec![ContainerPort {
            container_port: PORT,
            ..ContainerPort::default()
        }]),
        readiness_probe: Some(probe("/healthz/ready", 10, 5)),
        liveness_probe: Some(probe("/healthz/live", 20, 10)),
        ..Container::default()
    }
}

/// Three pods of the API, replaced one by one, as they are printed.
pub fn deployment_as_printed() -> Deployment {
    Deployment {
        metadata: ObjectMeta {
            name: Some("api".into()),
            labels: Some(labels()),
            ..ObjectMeta::default()
        },
        spec: Some(DeploymentSpec {
            replicas: Some(3),
            strategy: Some(DeploymentStrategy {
                type_: Some("RollingUpdate".into()),
                rolling_update: Some(RollingUpdateDeployment {
                    max_surge: Some(IntOrString::Int(1)),
                    max_unavailable: Some(IntOrString::Int(0)),
                }),
            }),
            selector: selector(),
            template: PodTemplateSpec {
                metadata: Some(ObjectMeta {
                    labels: Some(labels()),
                    ..ObjectMeta::default()
                }),
                spec: Some(PodSpec {
                    containers: vec![container()],
                    node_selector: Some([("workload".to_owned(), "general".to_owned())].into()),
                    ..PodSpec::default()
                }),
            },
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    }
}

/// The same pods over zones and nodes, and not as root, which the concept's own policy demands.
pub fn deployment() -> Deployment {
    let mut deployment = deployment_as_printed();
    let spread = |key: &str| TopologySpreadConstraint {
        max_skew: 1,
        topology_key: key.into(),
        when_unsatisfiable: "ScheduleAnyway".into(),
        label_selector: Some(selector()),
        ..TopologySpreadConstraint::default()
    };
    let spec = deployment.spec.as_mut();
    if let Some(pod) = spec.and_then(|spec| spec.template.spec.as_mut()) {
        pod.security_context = Some(PodSecurityContext {
            run_as_non_root: Some(true),
            run_as_user: Some(1000),
            ..PodSecurityContext::default()
        });
        // It asks the API server for nothing.
        pod.automount_service_account_token = Some(false);
        let keys = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"];
        pod.topology_spread_constraints = Some(keys.map(spread).into());
    }
    deployment
}

/// The Service that the route, the monitor and the overlays name and nobody prints. Its port is called as the monitor calls it.
pub fn service() -> Service {
    Service {
        metadata: ObjectMeta {
            name: Some("api".into()),
            labels: Some(labels()),
            ..ObjectMeta::default()
        },
        spec: Some(ServiceSpec {
            selector: Some(labels()),
            ports: Some(vec![ServicePort {
                name: Some("http".into()),
                port: PORT,
                target_port: Some(IntOrString::Int(PORT)),
                ..ServicePort::default()
            }]),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }
}

/// `/api` of the public gateway.
pub fn route() -> HttpRoute {
    let rule = HttpRouteRule {
        matches: vec![HttpRouteMatch::path_prefix("/api")],
        backend_refs: vec![HttpBackendRef::service("api", PORT)],
        ..HttpRouteRule::default()
    };
    HttpRoute::new(
        "api-route",
        HttpRouteSpec {
            parent_refs: vec![ParentReference::gateway("public-gw")],
            rules: vec![rule],
            ..HttpRouteSpec::default()
        },
    )
}

/// Volumes of AWS EBS, made in the zone of the first pod that wants one.
pub fn storage_class() -> StorageClass {
    StorageNeed::gp3("fast-gp3").object()
}

/// A backup of one namespace now, named after the day, which the shell fills in.
pub fn backup_command() -> Vec<String> {
    let words = ["velero", "backup", "create", "daily-$(date +%F)"];
    let options = ["--include-namespaces", "prod", "--wait"];
    words
        .into_iter()
        .chain(options)
        .map(str::to_owned)
        .collect()
}

/// A backup of one namespace each night.
pub fn schedule_command() -> Vec<String> {
    let words = ["velero", "schedule", "create", "daily"];
    let options = ["--schedule=0 2 * * *", "--include-namespaces", "prod"];
    words
        .into_iter()
        .chain(options)
        .map(str::to_owned)
        .collect()
}

/// What is known to be wrong inside an image.
pub fn scan_command() -> Vec<String> {
    let words = ["trivy", "image", IMAGE, "--severity", "CRITICAL,HIGH"];
    words.map(str::to_owned).into()
}

pub(super) fn documents() -> Result<Vec<Document>, DocumentError> {
    Ok(vec![
        Document::printed("001-4.1-Deployment-api.yaml", &deployment_as_printed())?
            .with_fault(
                "policy-denies",
                "the printed policy against root refuses the printed pods",
            )
            .with_fault(
                "default-account",
                "the pods carry a token of the namespace's default account, which they do not need",
            )
            .with_fault(
                "single-failure-domain",
                "nothing spreads the three pods: one node or zone may hold them all",
            )
            .with_corrected(&deployment())?,
        Document::printed("001-6.2-HTTPRoute-api-route.yaml", &route())?,
        Document::printed("001-7.1-StorageClass-fast-gp3.yaml", &storage_class())?,
        Document::commands("001-7.3-Commands-velero-backup.txt", vec![backup_command()]),
        Document::commands("001-9.1-Commands-trivy-image.txt", vec![scan_command()]),
        Document::commands(
            "001-appendix-Commands-velero-schedule.txt",
            vec![schedule_command()],
        ),
    ])
}
