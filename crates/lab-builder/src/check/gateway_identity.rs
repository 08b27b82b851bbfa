use std::collections::BTreeSet;

use stack_builder::Finding;
use stack_model::{Entry, Labels, Selector, Value};

use super::error;
use super::mesh::{self, Mesh};
use crate::model::Whole;
use crate::wiring::{GatewayWiring, Wiring};

/// A backend that only some identities may call must let the gateway in whose routes lead to it.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let Some(Wiring { gateway, mesh, .. }) = whole.bundle.wiring() else {
        return;
    };
    let caller = Caller {
        gateway,
        trust_domain: &mesh.trust_domain,
    };
    let Some(in_mesh) = Mesh::of(whole) else {
        return;
    };
    let mut said = BTreeSet::new();
    for route in whole
        .model
        .objects("gateway.networking.k8s.io", "HTTPRoute")
        .filter(|route| hangs_on_a_gateway(route))
    {
        for (namespace, pods) in backends(whole, route) {
            if !in_mesh.has(namespace, pods.get(istio_types::labels::DATAPLANE_MODE)) {
                continue;
            }
            let policies = policies(whole, &mesh.root_namespace, namespace, &pods);
            if let Some(policy) = caller.stopped_by(&policies)
                && said.insert(policy.entry_id())
            {
                findings.push(error(
                    "gateway-identity",
                    policy.id(),
                    "spec.rules",
                    "routes of the gateway lead here, and its ServiceAccount is not let in: they answer 502",
                    format!("add a principal that ends in `{}`", caller.account()),
                ));
            }
        }
    }
}

/// Whether requests come to a route from a Gateway: those of a route that hangs on a Service are the mesh's own.
fn hangs_on_a_gateway(route: &Entry) -> bool {
    let mut parents = route.items_at("spec.parentRefs").iter();
    parents.any(|parent| parent["kind"].as_str().unwrap_or("Gateway") == "Gateway")
}

/// The pods to which a route leads: their namespace and labels. Of a Service whose pods are not known, the labels that it selects.
fn backends<'m>(whole: &'m Whole<'_>, route: &'m Entry) -> Vec<(&'m str, Labels<'m>)> {
    let own = route.namespace().unwrap_or_default();
    let rules = route.items_at("spec.rules").iter();
    let mut found = Vec::new();
    for backend in rules.flat_map(|rule| rule["backendRefs"].as_array().unwrap_or_default()) {
        let namespace = backend["namespace"].as_str().unwrap_or(own);
        let name = backend["name"].as_str().unwrap_or_default();
        let Some(service) = whole.model.service(namespace, name) else {
            continue;
        };
        let before = found.len();
        found.extend(
            service
                .workloads()
                .map(|pods| (pods.namespace(), pods.labels())),
        );
        if found.len() == before {
            let selected = service.selected_labels();
            found.extend(selected.map(|labels| (service.namespace(), labels)));
        }
    }
    found
}

/// The policies on pods with these labels.
fn policies<'m>(
    whole: &'m Whole<'_>,
    root: &'m str,
    namespace: &'m str,
    pods: &Labels<'m>,
) -> Vec<&'m Entry> {
    let of = |namespace| {
        let kind = "AuthorizationPolicy";
        whole.model.objects_in("security.istio.io", kind, namespace)
    };
    let mut found: Vec<&Entry> = of(namespace).collect();
    if root != namespace {
        found.extend(of(root));
    }
    found.retain(|policy| {
        let selects = |selector: Selector| selector.matches(pods);
        // A policy for a Gateway or a Service is asked elsewhere.
        policy.at("spec.targetRefs").is_none() && mesh::selector(policy).is_none_or(selects)
    });
    found
}

/// The gateway, as it stands before a policy.
struct Caller<'a> {
    gateway: &'a GatewayWiring,
    trust_domain: &'a str,
}

impl Caller<'_> {
    fn account(&self) -> String {
        format!(
            "/ns/{}/sa/{}",
            self.gateway.namespace, self.gateway.service_account
        )
    }

    /// The policy that stops the gateway: one that denies it, or the first of those of which none lets it in.
    fn stopped_by<'m>(&self, policies: &[&'m Entry]) -> Option<&'m Entry> {
        let with = |action: &'static str| {
            policies
                .iter()
                .filter(move |policy| policy.text_at("spec.action").unwrap_or("ALLOW") == action)
        };
        let denies = |policy: &&&Entry| {
            let mut rules = policy.items_at("spec.rules").iter();
            rules.any(|rule| {
                rule.get("to").is_none() && rule.get("when").is_none() && self.surely(rule)
            })
        };
        if let Some(policy) = with("DENY").find(denies) {
            return Some(policy);
        }
        let lets_in = |policy: &&Entry| {
            let mut rules = policy.items_at("spec.rules").iter();
            rules.any(|rule| self.perhaps(rule))
        };
        match with("ALLOW").any(lets_in) {
            true => None,
            false => with("ALLOW").next().copied(),
        }
    }

    /// Whether a rule may be about the gateway. What is asked of it beside where it comes from is not known here.
    fn perhaps(&self, rule: &Value) -> bool {
        let Some(from) = rule.get("from").and_then(Value::as_array) else {
            return true;
        };
        from.iter().any(|from| {
            let source = &from["source"];
            self.is_in(
                &source["principals"],
                &source["namespaces"],
                &source["serviceAccounts"],
            )
        })
    }

    /// Whether a rule is about the gateway whatever it asks.
    fn surely(&self, rule: &Value) -> bool {
        let Some(from) = rule.get("from").and_then(Value::as_array) else {
            return true;
        };
        let known = ["principals", "namespaces", "serviceAccounts"];
        from.iter().any(|from| {
            let source = &from["source"];
            let members = source.as_object().into_iter().flatten();
            members
                .into_iter()
                .all(|(member, _)| known.contains(&member.as_str()))
                && self.perhaps(rule)
        })
    }

    fn is_in(&self, principals: &Value, namespaces: &Value, accounts: &Value) -> bool {
        let gateway = self.gateway;
        let any = |list: &Value, is: &dyn Fn(&str) -> bool| {
            let mut texts = list
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            list.is_null() || texts.any(is)
        };
        // `cluster.local` stands for the trust domain whatever that is.
        let identities = [self.trust_domain, "cluster.local"]
            .map(|domain| format!("{domain}{}", self.account()));
        any(principals, &|pattern| {
            identities.iter().any(|identity| fits(pattern, identity))
        }) && any(namespaces, &|pattern| fits(pattern, &gateway.namespace))
            && any(accounts, &|account| {
                // Without a namespace it is one of the policy's own namespace, where the gateway is not.
                account == format!("{}/{}", gateway.namespace, gateway.service_account)
            })
    }
}

/// Whether a text fits a pattern of Istio: exact, with `*` at its beginning or its end, or `*` alone for anything.
fn fits(pattern: &str, text: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => text.ends_with(end),
        (None, Some(start)) => text.starts_with(start),
        (None, None) => pattern == text,
    }
}
