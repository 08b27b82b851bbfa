//! Mutual TLS: what servers take (PeerAuthentication).

use std::collections::BTreeMap;

use istio_types::security::v1::{MutualTlsMode, PeerAuthentication};
use stack_model::Model;

use super::attachment::selected;
use super::by_selector::BySelector;
use crate::world::{LabelMap, Pod};
use crate::{Settings, Unread};

/// What a server takes on a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServerTls {
    /// Plain text alone. At ztunnel it means the same as `Permissive`.
    Disable,
    Permissive,
    Strict,
}

/// What a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientTls {
    Plain,
    /// TLS with the identity of the mesh.
    Mutual,
    /// TLS of another kind, which proves no identity of the mesh.
    Other,
}

/// All PeerAuthentications.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mtls {
    /// Oldest first: of two at one level the older holds.
    policies: Vec<Policy>,
    by_selector: BySelector,
    root_namespace: String,
}

#[derive(Clone, Debug)]
struct Policy {
    object: String,
    namespace: String,
    created: String,
    selector: LabelMap,
    mode: Option<ServerTls>,
    ports: BTreeMap<u16, Option<ServerTls>>,
}

impl Mtls {
    pub(crate) fn read(model: &Model, settings: &Settings, unread: &mut Vec<Unread>) -> Self {
        let mut policies: Vec<_> = super::reading::read_all::<PeerAuthentication>(
            model,
            "security.istio.io",
            "PeerAuthentication",
            unread,
        )
        .map(|(object, policy)| {
            let spec = policy.spec.unwrap_or_default();
            let namespace = object.namespace().unwrap_or("default").to_owned();
            Policy {
                object: format!("PeerAuthentication {namespace}/{}", object.name()),
                namespace,
                created: object
                    .text_at("metadata.creationTimestamp")
                    .unwrap_or_default()
                    .to_owned(),
                selector: spec
                    .selector
                    .and_then(|selector| selector.match_labels)
                    .into_iter()
                    .flatten()
                    .collect(),
                mode: spec.mtls.and_then(|mtls| server(mtls.mode.as_ref())),
                ports: spec
                    .port_level_mtls
                    .iter()
                    .map(|(port, mtls)| (*port, server(mtls.mode.as_ref())))
                    .collect(),
            }
        })
        .collect();
        policies.sort_by(|a, b| (&a.created, &a.object).cmp(&(&b.created, &b.object)));
        Self {
            by_selector: BySelector::of(
                policies
                    .iter()
                    .map(|policy| (policy.namespace.as_str(), &policy.selector)),
            ),
            policies,
            root_namespace: settings.root_namespace.clone(),
        }
    }

    /// The ports that policies set apart from others.
    pub(crate) fn named_ports(&self) -> impl Iterator<Item = u16> {
        self.policies
            .iter()
            .flat_map(|policy| policy.ports.keys().copied())
    }

    /// What a pod's proxy takes on a port of the pod, and the policy that says so.
    pub(crate) fn server(&self, pod: &Pod, port: u16) -> (ServerTls, Option<&str>) {
        let places = self.by_selector.of_pod(pod, &self.root_namespace);
        let policies = || places.iter().filter_map(|&place| self.policies.get(place));
        let of_workload = policies().find(|policy| {
            !policy.selector.is_empty()
                && policy.namespace == pod.name.namespace
                && selected(&policy.selector, &pod.labels)
        });
        let of_namespace = |namespace: &str| {
            policies().find(|policy| policy.selector.is_empty() && policy.namespace == namespace)
        };
        if let Some(policy) = of_workload
            && let Some(Some(mode)) = policy.ports.get(&port)
        {
            return (*mode, Some(&policy.object));
        }
        let levels = [
            of_workload,
            of_namespace(&pod.name.namespace),
            of_namespace(&self.root_namespace),
        ];
        for policy in levels.into_iter().flatten() {
            if let Some(mode) = policy.mode {
                return (mode, Some(&policy.object));
            }
        }
        (ServerTls::Permissive, None)
    }
}

fn server(mode: Option<&MutualTlsMode>) -> Option<ServerTls> {
    Some(match mode? {
        MutualTlsMode::Unset => return None,
        MutualTlsMode::Disable => ServerTls::Disable,
        MutualTlsMode::Permissive => ServerTls::Permissive,
        MutualTlsMode::Strict => ServerTls::Strict,
    })
}
