//! What the documentation lists, to compare with what the lab really needs.

use crate::components::{ARGOCD, CILIUM, DEMO_APP, GATEKEEPER, ISTIO, KONG, LGTM};

/// The images of section 12-2, as printed, each with our component.
pub(super) const IMAGES: [(&str, &str); 31] = [
    (CILIUM, "quay.io/cilium/cilium:v1.19.1"),
    (CILIUM, "quay.io/cilium/operator-generic:v1.19.1"),
    (CILIUM, "quay.io/cilium/hubble-relay:v1.19.1"),
    (CILIUM, "quay.io/cilium/hubble-ui-backend:v0.13.3"),
    (CILIUM, "quay.io/cilium/hubble-ui:v0.13.3"),
    (CILIUM, "quay.io/cilium/certgen:v0.3.2"),
    (
        CILIUM,
        "quay.io/cilium/cilium-envoy:v1.31.5-1742306043-95dcc258b0448b2ef1445466e60a0e7dcdc6b85f",
    ),
    (KONG, "docker.io/kong:3.9"),
    (KONG, "docker.io/kong/kubernetes-ingress-controller:3.5"),
    (ISTIO, "docker.io/istio/pilot:1.29.0"),
    (ISTIO, "docker.io/istio/ztunnel:1.29.0"),
    (ISTIO, "docker.io/istio/install-cni:1.29.0"),
    (ARGOCD, "quay.io/argoproj/argocd:v3.3.2"),
    (ARGOCD, "ghcr.io/dexidp/dex:v2.44.0"),
    (ARGOCD, "public.ecr.aws/docker/library/redis:8.2.3-alpine"),
    (GATEKEEPER, "docker.io/openpolicyagent/gatekeeper:v3.21.1"),
    (
        GATEKEEPER,
        "docker.io/openpolicyagent/gatekeeper-crds:v3.21.1",
    ),
    (LGTM, "docker.io/grafana/mimir:3.0.1"),
    (LGTM, "docker.io/nginxinc/nginx-unprivileged:1.29-alpine"),
    (LGTM, "docker.io/grafana/loki:3.6.5"),
    (LGTM, "docker.io/grafana/tempo:2.9.0"),
    (LGTM, "docker.io/grafana/grafana:12.3.1"),
    (LGTM, "docker.io/grafana/alloy:v1.13.0"),
    (
        LGTM,
        "docker.io/otel/opentelemetry-collector-contrib:0.146.1",
    ),
    (LGTM, "docker.io/prom/alertmanager:v0.30.1"),
    (LGTM, "docker.io/grafana/loki-canary:3.6.5"),
    (LGTM, "docker.io/kiwigrid/k8s-sidecar:1.30.9"),
    (
        LGTM,
        "quay.io/prometheus-operator/prometheus-config-reloader:v0.81.0",
    ),
    (LGTM, "docker.io/grafana/rollout-operator:v0.32.0"),
    (DEMO_APP, "docker.io/kennethreitz/httpbin:latest"),
    (DEMO_APP, "docker.io/curlimages/curl:latest"),
];

/// What there is to say about an image that the documentation lists, where its component does not say it.
pub(super) const NOTES: [(&str, &str); 5] = [
    (
        "public.ecr.aws/docker/library/redis:8.2.3-alpine",
        "the chart's own default is the same image at ecr-public.aws.com, which the documented firewall rules do not open",
    ),
    ("docker.io/istio/pilot:1.29.0", DISTROLESS),
    ("docker.io/istio/install-cni:1.29.0", DISTROLESS),
    (
        "docker.io/kennethreitz/httpbin:latest",
        "the tag moves; the chart's values-prod.yaml pins 0.9.2. Nodes on arm64 may need emulation",
    ),
    (
        "docker.io/curlimages/curl:latest",
        "the tag moves; the chart's values-prod.yaml pins 8.5.0",
    ),
];

const DISTROLESS: &str =
    "the ambient profile would pull 1.29.0-distroless; the values set no variant";

/// Images that the exercises run, besides those of the lab.
pub(super) const EXERCISES: [(&str, &str); 2] = [
    (
        "busybox",
        "exercises 6-1, 6-2 and 8-1; documented without a tag, which means latest",
    ),
    ("curlimages/curl:8.5.0", "exercise 2-1"),
];

/// An image that a chart names, and pulls only when something is switched on.
pub(super) struct Hidden {
    /// The release of the chart.
    pub(super) release: &'static str,
    /// The image.
    pub(super) source: &'static str,
    /// The values that switch it on, each by itself.
    pub(super) switches: &'static [&'static str],
    /// Whether it is on in the chart.
    pub(super) default: bool,
    /// What it is for.
    pub(super) purpose: &'static str,
}

/// Images hidden in charts at the documented versions, found by reading their values.
pub(super) const HIDDEN: [Hidden; 7] = [
    Hidden {
        release: "gatekeeper",
        source: "docker.io/curlimages/curl:8.12.0",
        switches: &["/postInstall/probeWebhook/enabled"],
        default: true,
        purpose: "a Job that asks the webhook after the installation",
    },
    Hidden {
        release: "argocd",
        source: "ghcr.io/oliver006/redis_exporter:v1.81.0",
        switches: &["/redis/exporter/enabled"],
        default: false,
        purpose: "metrics of Redis, which 12-1 names and 12-2 does not list",
    },
    Hidden {
        release: "loki",
        source: "docker.io/library/memcached:1.6.39-alpine",
        switches: CACHES,
        default: true,
        purpose: "Loki's caches",
    },
    Hidden {
        release: "loki",
        source: "docker.io/prom/memcached-exporter:v0.15.4",
        switches: CACHES,
        default: true,
        purpose: "metrics of Loki's caches",
    },
    Hidden {
        release: "loki",
        source: "docker.io/grafana/loki-helm-test:latest",
        switches: &["/test/enabled"],
        default: true,
        purpose: "the pod of `helm test`",
    },
    Hidden {
        release: "grafana",
        source: "docker.io/bats/bats:v1.4.1",
        switches: &["/testFramework/enabled"],
        default: true,
        purpose: "the pod of `helm test`",
    },
    Hidden {
        release: "grafana",
        source: "docker.io/library/busybox:1.31.1",
        switches: &["/persistence/enabled"],
        default: false,
        purpose: "prepares Grafana's volume, where there is one",
    },
];

const CACHES: &[&str] = &["/chunksCache/enabled", "/resultsCache/enabled"];

/// A domain of section 12-1.
pub(super) struct Domain {
    /// As printed.
    pub(super) name: &'static str,
    /// What it serves.
    pub(super) purpose: &'static str,
    /// The host of image references whose images come from it; empty where it serves none.
    pub(super) images: &'static str,
    /// How the documented list of its users differs from what the lab does.
    pub(super) comment: &'static str,
}

const fn domain(
    name: &'static str,
    purpose: &'static str,
    images: &'static str,
    comment: &'static str,
) -> Domain {
    Domain {
        name,
        purpose,
        images,
        comment,
    }
}

/// The six domains of section 12-1, and the two that its last row names inside.
pub(super) const DOMAINS: [Domain; 8] = [
    domain(
        "registry-1.docker.io",
        "images of Docker Hub",
        "docker.io",
        "the documented row leaves out Alloy, the images beside Mimir and Loki, and the demo app, which 12-2 has on docker.io",
    ),
    domain(
        "quay.io",
        "images of Quay",
        "quay.io",
        "the documented row names Grafana's sidecar; 12-2 has it on docker.io, and it is Loki's",
    ),
    domain(
        "ghcr.io",
        "images of GitHub",
        "ghcr.io",
        "the documented row names the Redis exporter, which is not in 12-2 and is off",
    ),
    domain(
        "public.ecr.aws",
        "public images of AWS",
        "public.ecr.aws",
        "",
    ),
    domain(
        "registry.k8s.io",
        "images of Kubernetes",
        "registry.k8s.io",
        "those of the control plane are inside kind's node image, so nothing is pulled from it",
    ),
    domain(
        "docker.io",
        "sign-in and files of Docker Hub",
        "docker.io",
        "documented for the two domains below it",
    ),
    domain(
        "auth.docker.io",
        "sign-in of Docker Hub",
        "docker.io",
        "named inside the row of docker.io",
    ),
    domain(
        "production.cloudflare.docker.com",
        "layers of Docker Hub",
        "docker.io",
        "named inside the row of docker.io",
    ),
];

/// Domains to which others redirect, from general knowledge.
pub(super) const REDIRECTS: [(&str, &str, &str); 3] = [
    (
        "cdn01.quay.io",
        "layers of Quay; cdn02 and cdn03 too",
        "quay.io",
    ),
    (
        "pkg-containers.githubusercontent.com",
        "layers of GitHub's images",
        "ghcr.io",
    ),
    (
        "release-assets.githubusercontent.com",
        "files of GitHub's releases",
        "github.com",
    ),
];
