//! What the chart makes up anew with each rendering.

use stack_builder::charts::Generates;

/// Hubble's authority, and the certificates that it signs, where Helm makes them: the chart's default.
pub(super) const GENERATED: &[Generates] = &[
    Generates {
        kind: "Secret",
        name: "cilium-ca",
        path: "data",
        unless: "/tls/ca/cert",
    },
    Generates {
        kind: "Secret",
        name: "hubble-*-certs",
        path: "data",
        unless: "",
    },
];
