//! What the documentation lists of the component's images, to compare with what it really pulls.

use stack_builder::{AirGap, ComponentError, Licence, OptionalImage};

use crate::documented;

/// The images of section 12-2, as printed.
const IMAGES: &[&str] = &[
    "docker.io/grafana/mimir:3.0.1",
    "docker.io/nginxinc/nginx-unprivileged:1.29-alpine",
    "docker.io/grafana/loki:3.6.5",
    "docker.io/grafana/tempo:2.9.0",
    "docker.io/grafana/grafana:12.3.1",
    "docker.io/grafana/alloy:v1.13.0",
    "docker.io/otel/opentelemetry-collector-contrib:0.146.1",
    "docker.io/prom/alertmanager:v0.30.1",
    "docker.io/grafana/loki-canary:3.6.5",
    "docker.io/kiwigrid/k8s-sidecar:1.30.9",
    "quay.io/prometheus-operator/prometheus-config-reloader:v0.81.0",
    "docker.io/grafana/rollout-operator:v0.32.0",
];

/// Images hidden in charts at the documented versions, found by reading their values.
const HIDDEN: &[OptionalImage] = &[
    OptionalImage {
        release: "loki",
        source: "docker.io/library/memcached:1.6.39-alpine",
        switches: CACHES,
        default: true,
        purpose: "Loki's caches",
    },
    OptionalImage {
        release: "loki",
        source: "docker.io/prom/memcached-exporter:v0.15.4",
        switches: CACHES,
        default: true,
        purpose: "metrics of Loki's caches",
    },
    OptionalImage {
        release: "loki",
        source: "docker.io/grafana/loki-helm-test:latest",
        switches: &["/test/enabled"],
        default: true,
        purpose: "the pod of `helm test`",
    },
    OptionalImage {
        release: "grafana",
        source: "docker.io/bats/bats:v1.4.1",
        switches: &["/testFramework/enabled"],
        default: true,
        purpose: "the pod of `helm test`",
    },
    OptionalImage {
        release: "grafana",
        source: "docker.io/library/busybox:1.31.1",
        switches: &["/persistence/enabled"],
        default: false,
        purpose: "prepares Grafana's volume, where there is one",
    },
];

const CACHES: &[&str] = &["/chunksCache/enabled", "/resultsCache/enabled"];

/// What the makers of the images' programs state.
const LICENCES: &[Licence<'_>] = &[
    Licence::of(
        "docker.io/grafana/grafana",
        "AGPL-3.0-only",
        "https://github.com/grafana/grafana",
    ),
    Licence::of(
        "docker.io/grafana/loki",
        "AGPL-3.0-only",
        "https://github.com/grafana/loki",
    ),
    Licence::of(
        "docker.io/grafana/loki-canary",
        "AGPL-3.0-only",
        "https://github.com/grafana/loki",
    ),
    Licence::of(
        "docker.io/grafana/loki-helm-test",
        "AGPL-3.0-only",
        "https://github.com/grafana/loki",
    ),
    Licence::of(
        "docker.io/grafana/mimir",
        "AGPL-3.0-only",
        "https://github.com/grafana/mimir",
    ),
    Licence::of(
        "docker.io/grafana/tempo",
        "AGPL-3.0-only",
        "https://github.com/grafana/tempo",
    ),
    Licence::of(
        "docker.io/grafana/alloy",
        "Apache-2.0",
        "https://github.com/grafana/alloy",
    ),
    Licence::of(
        "docker.io/grafana/rollout-operator",
        "Apache-2.0",
        "https://github.com/grafana/rollout-operator",
    ),
    Licence::of(
        "docker.io/nginxinc/nginx-unprivileged",
        "BSD-2-Clause",
        "https://github.com/nginx/nginx",
    ),
    Licence::of(
        "docker.io/otel/opentelemetry-collector-contrib",
        "Apache-2.0",
        "https://github.com/open-telemetry/opentelemetry-collector-contrib",
    ),
    Licence::of(
        "docker.io/prom/alertmanager",
        "Apache-2.0",
        "https://github.com/prometheus/alertmanager",
    ),
    Licence::of(
        "docker.io/prom/memcached-exporter",
        "Apache-2.0",
        "https://github.com/prometheus/memcached_exporter",
    ),
    Licence::of(
        "quay.io/prometheus-operator/prometheus-config-reloader",
        "Apache-2.0",
        "https://github.com/prometheus-operator/prometheus-operator",
    ),
    Licence::of(
        "docker.io/kiwigrid/k8s-sidecar",
        "MIT",
        "https://github.com/kiwigrid/k8s-sidecar",
    ),
    Licence::of(
        "docker.io/library/memcached",
        "BSD-3-Clause",
        "https://github.com/memcached/memcached",
    ),
    Licence::of(
        "docker.io/library/busybox",
        "GPL-2.0-only",
        "https://busybox.net/license.html",
    ),
    Licence::of(
        "docker.io/bats/bats",
        "MIT",
        "https://github.com/bats-core/bats-core",
    ),
    Licence::of(
        "docker.io/curlimages/curl",
        "curl",
        "https://curl.se/docs/copyright.html",
    ),
];

pub(super) fn add(air_gap: &mut AirGap) -> Result<(), ComponentError> {
    documented::images(air_gap, IMAGES)?;
    air_gap.licences(LICENCES)?;
    for image in HIDDEN {
        air_gap.optional_image(image.clone())?;
    }
    Ok(())
}
