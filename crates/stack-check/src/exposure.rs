//! What the world can reach, and what accounts may do that nobody from outside should.

use std::collections::BTreeMap;

use stack_model::Value;
use stack_model::{Entry, Model, Purpose, Service, ServiceType, Workload};

use crate::context::Context;
use crate::fields::{list, text, texts};

/// The workloads to which traffic from outside leads, with the object that lets it in; each once.
pub(crate) fn exposed<'m>(context: &Context<'m>) -> Vec<(Workload<'m>, String)> {
    let model = context.model;
    let mut found: BTreeMap<_, (Workload<'m>, String)> = BTreeMap::new();
    let mut note = |service: Service<'m>, way: String| {
        let workloads = service.workloads();
        for workload in workloads.filter(|found| context.are_near(service.entry(), found.entry())) {
            let place = (workload.namespace(), workload.kind(), workload.name());
            found
                .entry(place)
                .and_modify(|known| known.1 = known.1.clone().min(way.clone()))
                .or_insert_with(|| (workload, way.clone()));
        }
    };
    for service in model.services() {
        if matches!(
            service.service_type(),
            ServiceType::LoadBalancer | ServiceType::NodePort
        ) {
            note(service, service.to_string());
        }
    }
    let ways = [
        ("networking.k8s.io", "Ingress"),
        ("gateway.networking.k8s.io", "HTTPRoute"),
        ("gateway.networking.k8s.io", "GRPCRoute"),
        ("gateway.networking.k8s.io", "TLSRoute"),
        ("gateway.networking.k8s.io", "TCPRoute"),
    ];
    for (group, kind) in ways {
        for entry in model.objects(group, kind) {
            for reference in model.references_of(entry) {
                let service = reference
                    .namespace
                    .and_then(|namespace| model.service(namespace, reference.name));
                let leads = |service: &Service<'m>| {
                    reference.purpose == Purpose::Backend
                        && context.are_near(entry, service.entry())
                };
                if let Some(service) = service.filter(leads) {
                    note(service, entry.to_string());
                }
            }
        }
    }
    found.into_values().collect()
}

/// Accounts by namespace and name that may take over a namespace or the cluster, how, and the binding that lets them.
pub(crate) fn powers(model: &Model) -> BTreeMap<(&str, &str), (String, &Entry)> {
    let mut found = BTreeMap::new();
    for kind in ["ClusterRoleBinding", "RoleBinding"] {
        for binding in model.objects("rbac.authorization.k8s.io", kind) {
            let role = binding.text_at("roleRef.name").unwrap_or_default();
            let of_cluster = binding.text_at("roleRef.kind") == Some("ClusterRole");
            let (kind, namespace) = match of_cluster {
                true => ("ClusterRole", None),
                false => ("Role", binding.namespace()),
            };
            let power = match role {
                "cluster-admin" | "admin" => Some("do nearly everything"),
                "edit" => Some("make pods"),
                _ => model
                    .get("rbac.authorization.k8s.io", kind, namespace, role)
                    .and_then(|role| role.items_at("rules").iter().find_map(power_of)),
            };
            let Some(power) = power else { continue };
            for subject in binding.items_at("subjects") {
                let name = text(subject, "name")
                    .filter(|_| text(subject, "kind") == Some("ServiceAccount"));
                let namespace = text(subject, "namespace").or(binding.namespace());
                if let (Some(namespace), Some(name)) = (namespace, name) {
                    found
                        .entry((namespace, name))
                        .or_insert_with(|| (format!("{power} ({binding})"), binding));
                }
            }
        }
    }
    found
}

/// What a rule of a role allows that is as good as everything.
fn power_of(rule: &Value) -> Option<&'static str> {
    // Rights for some objects by name are no power over others.
    if !list(rule, "resourceNames").is_empty() {
        return None;
    }
    let has = |member: &str, words: &[&str]| {
        texts(rule, member).any(|word| word == "*" || words.contains(&word))
    };
    let core = has("apiGroups", &[""]);
    if core && has("resources", &["secrets"]) && has("verbs", &["get", "list", "watch"]) {
        return Some("read Secrets");
    }
    if core && has("resources", &["pods", "pods/exec"]) && has("verbs", &["create"]) {
        return Some("make pods or enter them");
    }
    let rbac = has("apiGroups", &["rbac.authorization.k8s.io"]);
    (rbac && has("verbs", &["escalate", "bind"])).then_some("give rights away")
}
