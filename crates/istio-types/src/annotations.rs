//! Annotations that Istio reads or writes, and their values.

use crd_core::StringEnum;

/// Of a pod, written by the CNI node agent: `enabled` once the pod's traffic is redirected to ztunnel.
pub const REDIRECTION: &str = "ambient.istio.io/redirection";

/// Of a pod, value `true`: inbound traffic goes past ztunnel, outbound traffic is still captured.
///
/// For pods that only serve clients outside the mesh, such as an ingress controller.
pub const BYPASS_INBOUND_CAPTURE: &str = "ambient.istio.io/bypass-inbound-capture";

/// Of a pod, `true` or `false`: whether ztunnel answers its DNS queries.
pub const DNS_CAPTURE: &str = "ambient.istio.io/dns-capture";

/// Of a Service or namespace: which endpoints are preferred. Values: [`TrafficDistribution`].
pub const TRAFFIC_DISTRIBUTION: &str = "networking.istio.io/traffic-distribution";

/// Of a Service: the namespaces that may see it, separated by commas; `*` all, `.` its own, `~` none.
pub const EXPORT_TO: &str = "networking.istio.io/exportTo";

/// Of a Gateway (Gateway API): type of the Service that Istio makes for it, `ClusterIP`, `LoadBalancer` or `NodePort`.
pub const SERVICE_TYPE: &str = "networking.istio.io/service-type";

/// Of an AuthorizationPolicy, value `true`: it is evaluated and counted, and has no effect.
pub const DRY_RUN: &str = "istio.io/dry-run";

/// Of a pod: proxy configuration, as YAML text, for its sidecar alone.
pub const PROXY_CONFIG: &str = "proxy.istio.io/config";

/// Of any object: codes of the messages that `istioctl analyze` is not to report, separated by commas; `*` all.
pub const ANALYZE_SUPPRESS: &str = "galley.istio.io/analyze-suppress";

/// Of a pod, `true` or `false`: whether the proxy merges the application's Prometheus metrics into its own.
pub const MERGE_METRICS: &str = "prometheus.istio.io/merge-metrics";

/// Of a pod: inbound ports, separated by commas, that a sidecar does not capture.
pub const EXCLUDE_INBOUND_PORTS: &str = "traffic.sidecar.istio.io/excludeInboundPorts";

/// Of a pod: outbound ports, separated by commas, that a sidecar does not capture.
pub const EXCLUDE_OUTBOUND_PORTS: &str = "traffic.sidecar.istio.io/excludeOutboundPorts";

/// Of a pod: CIDR blocks, separated by commas, to which a sidecar does not capture traffic.
pub const EXCLUDE_OUTBOUND_IP_RANGES: &str = "traffic.sidecar.istio.io/excludeOutboundIPRanges";

/// Value of [`TRAFFIC_DISTRIBUTION`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum TrafficDistribution {
    /// Endpoints in the same network, region and zone first, then further away.
    PreferClose,
    /// Endpoints in the same zone first.
    PreferSameZone,
    /// Endpoints on the same node first.
    PreferSameNode,
    /// A text that this version of the types does not know.
    Other(String),
}

impl TrafficDistribution {
    /// Key and value of the annotation.
    pub fn annotation(&self) -> (&'static str, &str) {
        (TRAFFIC_DISTRIBUTION, self.as_str())
    }
}
