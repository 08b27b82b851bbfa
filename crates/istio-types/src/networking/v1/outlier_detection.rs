//! When a bad endpoint is left alone.

use crd_core::{GoDuration, Object};

/// When a bad endpoint is left alone for a while: a circuit breaker for each endpoint.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct OutlierDetection {
    /// Failures in a row, the older form of `consecutive_5xx_errors` and
    /// `consecutive_gateway_errors`.
    pub consecutive_errors: Option<i32>,

    /// Whether failures to connect are counted apart from errors of the service. Left out, false.
    pub split_external_local_origin_errors: Option<bool>,

    /// Failures to connect in a row, where they are counted apart. Left out, 5.
    #[schemars(extend("nullable" = true, "maximum" = u32::MAX))]
    pub consecutive_local_origin_failures: Option<u32>,

    /// Answers 502, 503 or 504 in a row; 0 turns this off. Left out, off.
    #[schemars(extend("nullable" = true, "maximum" = u32::MAX))]
    pub consecutive_gateway_errors: Option<u32>,

    /// Answers 5xx in a row, gateway errors included; 0 turns this off. Left out, 5.
    #[field(rename = "consecutive5xxErrors")]
    #[schemars(extend("nullable" = true, "maximum" = u32::MAX))]
    pub consecutive_5xx_errors: Option<u32>,

    /// Time between looks at the counters; at least 1 ms. Left out, 10 s.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    pub interval: Option<GoDuration>,

    /// How long an endpoint is left alone, times the number of its ejections; at least 1 ms. Left
    /// out, 30 s.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    pub base_ejection_time: Option<GoDuration>,

    /// The most endpoints that may be left alone at a time, in percent. Left out, 10.
    pub max_ejection_percent: Option<i32>,

    /// The least healthy endpoints, in percent, below which nobody is left alone. Left out, 0: it
    /// never stops.
    pub min_health_percent: Option<i32>,
}

impl OutlierDetection {
    /// An endpoint is left alone for `base_ejection_time` after `errors` answers 5xx in a row.
    pub fn after_5xx(errors: u32, base_ejection_time: GoDuration) -> Self {
        Self {
            consecutive_5xx_errors: Some(errors),
            base_ejection_time: Some(base_ejection_time),
            ..Self::default()
        }
    }
}
