//! Questions: requests, and where they are sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A file of questions.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Requests {
    /// The gateway of the questions that name none, as `namespace/name`. Where a file lists several, each question has to say
    /// which it means.
    #[serde(default, deserialize_with = "the_only")]
    pub gateway: Option<String>,
    /// The questions, in order.
    #[serde(default)]
    pub requests: Vec<Question>,
}

/// One name, or the only one of a list.
fn the_only<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Names {
        One(String),
        Several(Vec<String>),
    }
    Ok(match Option::<Names>::deserialize(deserializer)? {
        Some(Names::One(name)) => Some(name),
        Some(Names::Several(names)) => <[String; 1]>::try_from(names).ok().map(|[name]| name),
        None => None,
    })
}

/// A request and where it is sent.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Question {
    /// Whatever the asker tells answers apart by; comes back unchanged.
    #[serde(default)]
    pub id: Value,
    /// The gateway, as `namespace/name`.
    pub gateway: Option<String>,
    /// The gateway's port; 80, or 443 for what begins with TLS, where it is not given.
    pub port: Option<u16>,
    /// Of a call inside a mesh: the workload that calls, as `namespace/name`.
    pub client: Option<String>,
    /// The request or connection; a plain `GET /` where nothing is said.
    #[serde(default)]
    pub request: Request,
}

/// An HTTP request, or a bare connection.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Request {
    /// `http`, `https`, `tls`, `tcp` or `udp`; `http` where it is not given.
    pub scheme: Option<String>,
    /// The host that is asked for, perhaps with a port. Without one the gateway is asked by its address.
    pub host: Option<String>,
    /// The method; `GET` where it is not given.
    pub method: Option<String>,
    /// Path and query; `/` where it is not given.
    pub path: Option<String>,
    /// The headers, one value each.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// `grpc` for a call of gRPC.
    pub protocol: Option<String>,
    /// The name for which TLS is begun; the host where it is not given.
    pub sni: Option<String>,
    /// The certificate that the client shows, if it shows one.
    pub client_certificate: Option<Value>,
    /// Of a call of gRPC: the full name of the service.
    pub grpc_service: Option<String>,
    /// Of a call of gRPC: the method.
    pub grpc_method: Option<String>,
}

impl Request {
    pub(crate) fn scheme(&self) -> &str {
        self.scheme.as_deref().unwrap_or("http")
    }

    pub(crate) fn method(&self) -> &str {
        self.method.as_deref().unwrap_or("GET")
    }

    pub(crate) fn full_path(&self) -> &str {
        self.path.as_deref().unwrap_or("/")
    }

    /// The path without its query.
    pub(crate) fn path(&self) -> &str {
        let full = self.full_path();
        full.split_once('?').map_or(full, |(path, _)| path)
    }

    /// The query with its question mark; empty where there is none.
    pub(crate) fn query(&self) -> &str {
        &self.full_path()[self.path().len()..]
    }

    pub(crate) fn is_grpc(&self) -> bool {
        self.protocol
            .as_deref()
            .is_some_and(|protocol| protocol.eq_ignore_ascii_case("grpc"))
    }

    /// Service and method of a call of gRPC.
    pub(crate) fn grpc_call(&self) -> (&str, &str) {
        let (service, method) = self
            .path()
            .trim_start_matches('/')
            .split_once('/')
            .unwrap_or_default();
        (
            self.grpc_service.as_deref().unwrap_or(service),
            self.grpc_method.as_deref().unwrap_or(method),
        )
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(have, _)| have.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}
