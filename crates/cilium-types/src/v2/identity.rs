//! Identities that policies are enforced by.

use std::collections::BTreeMap;

use crate::label::LabelKey;
use crd_core::{ObjectMeta, Resource};

/// A set of labels that policies treat as one identity. Its name is the number under which
/// the datapath knows it. Made by Cilium; people only read it.
///
/// <https://docs.cilium.io/en/stable/internals/security-identities/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumIdentity",
    plural = "ciliumidentities", scope = Cluster,
    short_names = ["ciliumid"],
    categories = ["cilium"],
    status_subresource,
    printer_columns = [
        ("Namespace", "string", ".metadata.labels.io\\.kubernetes\\.pod\\.namespace"),
        ("Age", "date", ".metadata.creationTimestamp"),
    ],
)]
pub struct CiliumIdentity {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The labels that all endpoints of the identity share, with their sources. Those in
    /// the metadata are a copy that has no say.
    #[field(rename = "security-labels", required)]
    pub security_labels: BTreeMap<LabelKey, String>,
}
