//! Icons, drawn in lines on a square of twenty pixels. Each is a hint; the name stands beside it.

use crate::graph::NodeKind;

/// The outline of a kind's icon, and the name of the definition that holds it.
pub(super) fn icon(kind: NodeKind) -> (&'static str, &'static str) {
    match kind {
        NodeKind::Other => ("other", "M4 4h12v12H4z"),
        NodeKind::Client => ("client", "M2 4h16v10H2zM10 14v3M6 17h8"),
        NodeKind::Host => (
            "host",
            "M10 2a8 8 0 1 0 .01 0zM2 10h16M10 2c4 4 4 12 0 16M10 2c-4 4-4 12 0 16",
        ),
        NodeKind::Gateway => ("gateway", "M4 3v14M16 3v14M4 3h12M7 11h5M10 8l3 3-3 3"),
        NodeKind::Route => (
            "route",
            "M2 10h5l6-5h5M7 10l6 5h5M15 2.5L18 5l-3 2.5M15 12.5l3 2.5-3 2.5",
        ),
        NodeKind::Service => (
            "service",
            "M10 7a3 3 0 1 0 .01 0zM10 7V2M7.4 11.5L3 15M12.6 11.5L17 15M8 2h4M2 13.5l2 3M18 13.5l-2 3",
        ),
        NodeKind::Workload => ("workload", "M10 2l7 4v8l-7 4-7-4V6zM3 6l7 4 7-4M10 10v8"),
        NodeKind::PerNode => (
            "per-node",
            "M3 3h14v4H3zM3 8.5h14v4H3zM3 14h14v4H3zM6 5h1M6 10.5h1M6 16h1",
        ),
        NodeKind::Job => ("job", "M10 2a8 8 0 1 0 .01 0zM6.5 10l2.5 2.5 4.5-5"),
        NodeKind::Controller => (
            "controller",
            "M10 7a3 3 0 1 0 .01 0zM10 2v3M10 15v3M2 10h3M15 10h3M4.3 4.3l2.2 2.2M13.5 13.5l2.2 2.2M15.7 4.3l-2.2 2.2M6.5 13.5l-2.2 2.2",
        ),
        NodeKind::Collector => ("collector", "M2 3h16l-6 7v6l-4 2v-8z"),
        NodeKind::Store => (
            "store",
            "M3 5c0-4 14-4 14 0v10c0 4-14 4-14 0zM3 5c0 4 14 4 14 0M3 10c0 4 14 4 14 0",
        ),
        NodeKind::Dashboard => ("dashboard", "M2 3h16v14H2zM6 13v-3M10 13V6M14 13V9"),
        NodeKind::Alerts => ("alerts", "M5 14V9a5 5 0 0 1 10 0v5l2 1H3zM8.5 17.5h3"),
        NodeKind::Policy => (
            "policy",
            "M10 2l7 2.5v5c0 4.5-3 7-7 8.5-4-1.5-7-4-7-8.5v-5zM7 10l2.2 2.2L13 8",
        ),
        NodeKind::Config => ("config", "M5 2h7l4 4v12H5zM12 2v4h4M8 10h5M8 13h5"),
        NodeKind::Step => ("step", "M5 18V3h10l-2.5 3.5L15 10H5"),
        NodeKind::Folded => ("folded", "M10 3l8 4-8 4-8-4zM2 10.5l8 4 8-4M2 14l8 4 8-4"),
    }
}
