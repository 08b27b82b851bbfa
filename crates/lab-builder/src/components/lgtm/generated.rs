//! What the charts make up anew with each rendering.

use stack_builder::Contribution;
use stack_builder::charts::Generates;

use super::{Alloy, Grafana, Loki, Mimir, Tempo};

/// The password of Grafana's administrator, and the checksum over it by which pods are renewed.
const GRAFANA: &[Generates] = &[
    Generates {
        kind: "Secret",
        name: "grafana",
        path: "data.admin-password",
        unless: "/adminPassword",
    },
    Generates {
        kind: "Deployment",
        name: "grafana",
        path: "spec.template.metadata.annotations.checksum/secret",
        unless: "/adminPassword",
    },
];

pub(super) fn add(out: &mut Contribution) {
    out.generates("grafana", &Grafana::default().version, GRAFANA);
    out.generates("loki", &Loki::default().version, &[]);
    out.generates("tempo", &Tempo::default().version, &[]);
    out.generates("mimir", &Mimir::default().version, &[]);
    out.generates("alloy", &Alloy::default().version, &[]);
}
