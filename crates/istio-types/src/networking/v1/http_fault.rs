//! Errors and delays that a VirtualService puts in on purpose.

use crd_core::GoDuration;
use serde::{Deserialize, Serialize};

use super::destination::Percent;

/// Errors and delays that are put in on purpose, to see how callers cope. Delays come first.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HttpFaultInjection {
    /// Holds requests back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<Delay>,

    /// Answers with an error in place of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abort: Option<Abort>,
}

crd_core::object! {
    /// Holds a share of the requests back.
    #[derive(Default)]
    pub struct Delay {
        /// The share in whole percent: the older form of `percentage`.
        pub percent: Option<i32>,

        /// How long.
        #[embed]
        pub time: Option<DelayTime>,

        /// The share of requests. Left out with `percent`, none.
        pub percentage: Option<Percent>,
    }
}

crd_core::union! {
    /// How long a request is held back.
    pub enum DelayTime {
        /// Always this long; at least 1 ms.
        #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
        FixedDelay(GoDuration) = "fixedDelay",
        /// Reserved by upstream: on average this long; at least 1 ms.
        #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
        ExponentialDelay(GoDuration) = "exponentialDelay",
    }
}

crd_core::object! {
    /// Answers a share of the requests with an error.
    #[derive(Default)]
    pub struct Abort {
        /// The error.
        #[embed]
        pub error: Option<AbortError>,

        /// The share of requests. Left out, none.
        pub percentage: Option<Percent>,
    }
}

crd_core::union! {
    /// The error that a request is answered with.
    pub enum AbortError {
        /// An HTTP status, 200 to 600.
        HttpStatus(i32) = "httpStatus",
        /// Name of a gRPC status, such as `UNAVAILABLE`.
        GrpcStatus(String) = "grpcStatus",
        /// Reserved by upstream: an HTTP/2 error.
        Http2Error(String) = "http2Error",
    }
}
