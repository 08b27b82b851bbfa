//! Identities that policies are enforced by.

use std::collections::BTreeMap;

use crate::label::LabelKey;

crd_core::resource! {
    /// A set of labels that policies treat as one identity. Its name is the number under which
    /// the datapath knows it. Made by Cilium; people only read it.
    ///
    /// <https://docs.cilium.io/en/stable/internals/security-identities/>
    #[resource(
        group = "cilium.io", version = "v2", kind = "CiliumIdentity",
        plural = "ciliumidentities", scope = Cluster,
        short_names = ["ciliumid"],
        categories = ["cilium"],
        status_subresource = true,
        printer_columns = [
            ("Namespace", "string", ".metadata.labels.io\\.kubernetes\\.pod\\.namespace"),
            ("Age", "date", ".metadata.creationTimestamp"),
        ],
    )]
    pub struct CiliumIdentity {
        /// The labels that all endpoints of the identity share, with their sources. Those in
        /// the metadata are a copy that has no say.
        #[field("security-labels")]
        #[required]
        pub security_labels: BTreeMap<LabelKey, String>,
    }
}
