//! What a rule demands of the requests themselves, above ports and protocols.

use std::collections::BTreeMap;

use crd_core::{Object, StringEnum};
use serde::{Deserialize, Serialize};

use super::fqdn::FqdnSelector;
use super::tls::Secret;

/// Requests that are let through on the ports of a [`PortRule`](super::PortRule). Cilium sends
/// the traffic through a proxy that reads one protocol; a request that no entry of the list
/// matches is refused (HTTP 403, DNS refused).
///
/// An **empty list** demands nothing, as if there were no rules. A list with **one empty
/// entry** (`http: [{}]`) lets every request through, by way of the proxy, so that Hubble sees
/// each one.
///
/// Only TCP ports may have these rules, but for DNS, which also takes UDP and ANY.
///
/// The requests of a port are of one protocol:
///
/// ```compile_fail,E0308
/// # use cilium_types::v2::{FqdnSelector, L7Rules, PortRuleHttp};
/// let rules = L7Rules::Http(vec![PortRuleHttp::get("/"), FqdnSelector::new("example.com")]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "L7RulesWire")]
pub enum L7Rules {
    /// HTTP/1.1, HTTP/2 and gRPC requests.
    Http(Vec<PortRuleHttp>),
    /// Kafka messages. Deprecated: a later version of Cilium drops it.
    Kafka(Vec<PortRuleKafka>),
    /// DNS lookups; egress only, and a port must be named. These rules are also how Cilium
    /// learns which addresses a name has, see
    /// [`EgressRule::dns_lookups`](super::EgressRule::dns_lookups).
    Dns(Vec<FqdnSelector>),
    /// A protocol that an Envoy filter of one's own reads.
    // For writing only: reading goes by way of `L7RulesWire`.
    #[serde(untagged)]
    Generic(L7Generic),
}

/// Rules for a protocol that Cilium does not know itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct L7Generic {
    /// Name of the Envoy filter that reads the protocol. Not empty.
    pub l7proto: String,
    /// Requests that are let through, as pairs that the filter understands. Absent and empty
    /// are the same: the filter lets everything through.
    pub l7: Option<Vec<BTreeMap<String, String>>>,
}

#[derive(Object)]
#[schemars(extend("oneOf" = [
    { "required": ["http"] },
    { "required": ["kafka"] },
    { "required": ["dns"] },
    { "required": ["l7proto"] },
]))]
struct L7RulesWire {
    /// HTTP requests that are let through.
    http: Option<Vec<PortRuleHttp>>,
    /// Kafka messages that are let through.
    kafka: Option<Vec<PortRuleKafka>>,
    /// DNS lookups that are let through.
    dns: Option<Vec<FqdnSelector>>,
    /// Name of the Envoy filter that reads the protocol.
    l7proto: Option<String>,
    /// Requests that the filter lets through.
    l7: Option<Vec<BTreeMap<String, String>>>,
}

impl TryFrom<L7RulesWire> for L7Rules {
    type Error = &'static str;

    fn try_from(wire: L7RulesWire) -> Result<Self, Self::Error> {
        match (wire.http, wire.kafka, wire.dns, wire.l7proto, wire.l7) {
            (Some(http), None, None, None, None) => Ok(Self::Http(http)),
            (None, Some(kafka), None, None, None) => Ok(Self::Kafka(kafka)),
            (None, None, Some(dns), None, None) => Ok(Self::Dns(dns)),
            (None, None, None, Some(l7proto), l7) => Ok(Self::Generic(L7Generic { l7proto, l7 })),
            (_, _, _, None, Some(_)) => Err("`l7` is allowed only together with `l7proto`"),
            _ => Err("exactly one of `http`, `kafka`, `dns` and `l7proto` must be set"),
        }
    }
}

crd_core::if_schema! {
impl crd_core::schema::JsonSchema for L7Rules {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "L7Rules".into()
    }

    fn json_schema(generator: &mut crd_core::schema::SchemaGenerator) -> crd_core::schema::Schema {
        L7RulesWire::json_schema(generator)
    }
}
}

/// One kind of HTTP request that is let through. All that is set must match; an entry that
/// sets nothing matches every request.
///
/// Method, path and host are regular expressions (POSIX extended) that must match the **whole**
/// text: `/api` is not `/api/users`, `/api/.*` is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct PortRuleHttp {
    /// Pattern of the path, without scheme, host and query. Absent is every path.
    pub path: Option<String>,
    /// Pattern of the method: `GET`, or `GET|HEAD`. Absent is every method.
    pub method: Option<String>,
    /// Pattern of the host header; escape the dots (`api\.example\.com`). Absent is every host.
    #[schemars(extend("format" = "idn-hostname"))]
    pub host: Option<String>,
    /// Headers that the request must carry, as `Name: value`, or `Name` alone where the value
    /// does not matter. Empty and absent are the same: no demand.
    pub headers: Vec<String>,
    /// Headers that are compared with a text or a secret, and what becomes of the request if
    /// they differ. Empty and absent are the same: no demand.
    pub header_matches: Vec<HeaderMatch>,
}

impl PortRuleHttp {
    /// Requests with this method and a path of this form (regular expressions).
    pub fn new(method: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            method: Some(method.into()),
            path: Some(path.into()),
            ..Self::default()
        }
    }

    /// GET requests with a path of this form (a regular expression).
    pub fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    /// POST requests with a path of this form (a regular expression).
    pub fn post(path: impl Into<String>) -> Self {
        Self::new("POST", path)
    }
}

/// A header compared with a text, or with a text kept in a secret. With neither, the header
/// need only be there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct HeaderMatch {
    /// What to do where the header differs. Absent refuses the request; with an action the
    /// request counts as matching, and the action is taken.
    pub mismatch: Option<MismatchAction>,
    /// Name of the header. Not empty.
    #[schemars(length(min = 1))]
    pub name: String,
    /// Secret whose only entry is the value to compare with. Without such a secret `value`
    /// is used; without either the header never matches.
    pub secret: Option<Secret>,
    /// The exact value to compare with.
    pub value: Option<String>,
}

/// What becomes of a request whose header differs, see [`HeaderMatch::mismatch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "UPPERCASE")]
pub enum MismatchAction {
    /// The difference goes to the access log.
    Log,
    /// The header is added with the value that was expected.
    Add,
    /// The header is taken away.
    Delete,
    /// The header gets the value that was expected.
    Replace,
}

/// One kind of Kafka message that is let through. All that is set must match; an entry that
/// sets nothing matches every message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct PortRuleKafka {
    /// All requests that producing or consuming needs. Not together with `apiKey`.
    pub role: Option<KafkaRole>,
    /// Name of one request, such as `fetch`; upper and lower case are the same. Absent is
    /// every request.
    pub api_key: Option<String>,
    /// Version of the request: a whole number, as text. Absent is every version.
    pub api_version: Option<String>,
    /// Name by which the client calls itself. Absent is every client.
    #[field(rename = "clientID")]
    pub client_id: Option<String>,
    /// Topic of the message, at most 255 characters. Of a message with several topics all
    /// must be allowed. Absent is every topic.
    #[schemars(length(max = 255))]
    pub topic: Option<String>,
}

/// What a Kafka client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "camelCase")]
pub enum KafkaRole {
    /// Writes to the topic.
    Produce,
    /// Reads from the topic.
    Consume,
}
