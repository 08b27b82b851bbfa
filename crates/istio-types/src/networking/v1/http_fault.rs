//! Errors and delays that a VirtualService puts in on purpose.

use super::destination::Percent;
use crd_core::{GoDuration, Object, Union};

/// Errors and delays that are put in on purpose, to see how callers cope. Delays come first.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HttpFaultInjection {
    /// How long a share of the requests is held back. Left out, none is.
    pub delay: Option<Delay>,

    /// Answers with an error in place of the service.
    pub abort: Option<Abort>,
}

/// Holds a share of the requests back.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Delay {
    /// The share in whole percent: the older form of `percentage`.
    pub percent: Option<i32>,

    /// How long each is held back; upstream demands one.
    #[field(embed)]
    pub time: Option<DelayTime>,

    /// The share of requests. Left out with `percent`, none.
    pub percentage: Option<Percent>,
}

/// How long a request is held back.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum DelayTime {
    /// Always this long; at least 1 ms.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    FixedDelay(GoDuration),
    /// Reserved by upstream: on average this long; at least 1 ms.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    ExponentialDelay(GoDuration),
}

/// Answers a share of the requests with an error.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Abort {
    /// The error that the caller gets; upstream demands one.
    #[field(embed)]
    pub error: Option<AbortError>,

    /// The share of requests. Left out, none.
    pub percentage: Option<Percent>,
}

/// The error that a request is answered with.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum AbortError {
    /// An HTTP status, 200 to 600.
    HttpStatus(i32),
    /// Name of a gRPC status, such as `UNAVAILABLE`.
    GrpcStatus(String),
    /// Reserved by upstream: an HTTP/2 error.
    Http2Error(String),
}
