//! An older version of the telemetry kinds, which is still served. Its schema is that of `v1`, and so are
//! its types.

pub use super::v1::*;
use crate::root::with_spec;
use crate::status::IstioStatus;

crd_core::resource! {
    /// [`v1::Telemetry`](super::v1::Telemetry) under the name of an older version.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/telemetry/>
    #[resource(
        group = "telemetry.istio.io",
        version = "v1alpha1",
        kind = "Telemetry",
        plural = "telemetries",
        scope = Namespaced,
        short_names = ["telemetry"],
        categories = ["istio-io", "telemetry-istio-io"],
        status_subresource = true,
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    )]
    pub struct Telemetry {
        /// What is made, and by whom.
        pub spec: Option<TelemetrySpec>,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

with_spec! {
    Telemetry: TelemetrySpec,
}
