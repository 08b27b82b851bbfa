//! Answers.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// What becomes of a request.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Answer {
    /// What the asker gave with the question; null where it gave nothing.
    pub id: Value,
    /// The HTTP status that the client sees, where the backend answers 200; none for a bare connection, and where none comes
    /// about.
    pub status: Option<u16>,
    /// The workload that answers: the prefix of the pod's name. The Service where its pods are unknown. None where several may.
    pub backend: Option<String>,
    /// The namespace of what answers; none where it is not the same for all.
    pub namespace: Option<String>,
    /// What may answer, with its share of the traffic. Less than 1 in all where some of it is lost.
    pub weights: BTreeMap<String, f64>,
    /// What reaches the backend.
    pub forwarded: Option<Forwarded>,
    /// Where the client is sent instead.
    pub redirect: Option<Redirect>,
    /// What is changed on the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<ResponseHeaders>,
    /// Who gets a copy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mirrored_to: Vec<Mirror>,
    /// `gateway` where no backend is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<&'static str>,
    /// Of a call of gRPC: `OK`, or `Unimplemented` where no route takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grpc_code: Option<&'static str>,
    /// Of a TLS connection: whether the backend still sees TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backend_sees_tls: Option<bool>,
    /// Of a TLS connection that is passed on: the name that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backend_sees_sni: Option<String>,
    /// Why no connection comes about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// Which rule decides: `HTTPRoute demo/web, rule 0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The same by position: of the route in [`Routing::routes`](crate::Routing::routes), of the rule in the route.
    #[serde(skip)]
    pub decided_by: Option<(usize, usize)>,
    /// What the input does not say, though the answer hangs on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
}

/// A request as it reaches a backend.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Forwarded {
    /// The Host header after rewriting; none where the client named none.
    pub host: Option<String>,
    /// Path and query after rewriting, with a leading `/`.
    pub path: String,
    /// The method, which no filter changes.
    pub method: String,
    /// The headers that the question names or the route changes.
    pub headers: BTreeMap<String, String>,
    /// Headers that are taken away.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub absent_headers: Vec<String>,
    /// The name for which the gateway begins TLS towards the backend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sni: Option<String>,
}

/// The parts of a `Location`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Redirect {
    /// `http` or `https`: the filter's, else the one by which the request came.
    pub scheme: String,
    /// The host; none where the gateway was asked by its address.
    pub host: Option<String>,
    /// The port, where it is not that of the scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
    /// Path and query after rewriting, with a leading `/`.
    pub path: String,
}

/// Headers of a response as a route changes them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ResponseHeaders {
    /// Headers that are set, whatever the backend says.
    pub headers: BTreeMap<String, String>,
    /// Headers whose value is put behind what the backend says.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub added: BTreeMap<String, String>,
    /// Headers that are taken away.
    pub absent_headers: Vec<String>,
}

/// A backend that gets a copy of the request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mirror {
    /// The workload, or the Service where its pods are unknown.
    pub name: String,
    /// The namespace that it lies in; never empty.
    pub namespace: String,
    /// The share of the requests that is copied, in percent; none for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
}
