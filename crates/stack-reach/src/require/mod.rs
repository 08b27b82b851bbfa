//! Expectations about who reaches whom, to be held in CI.

mod check;
mod party;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use check::{Failure, Outcome, Outside, Report};
pub use party::{Parties, PartyError};

use crate::Protocol;
use crate::flow::{PortRef, Request};

/// A file of expectations. The [crate documentation](crate#requirements) shows one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirements {
    /// The expectations; a failure names one by its position here.
    pub expect: Vec<Expectation>,
    /// Namespaces of which the input has only a part, such as those into which charts are installed that were not rendered: what
    /// is not found in them lies outside.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub outside: BTreeSet<String>,
}

/// One expectation: every source reaches every destination, or none does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expectation {
    /// The sources: all of them must fare alike.
    pub from: Parties,
    /// The destinations: every source is asked about each.
    pub to: Parties,
    /// The port. Absent only for ICMP, and for expectations that nothing at all is reached: those hold for every port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<PortRef>,
    /// The protocol of all its flows. Default: TCP.
    #[serde(default)]
    pub protocol: Protocol,
    /// The request that is sent; absent: a bare connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestText>,
    /// Whether it must be let through, or refused. Default: let through.
    #[serde(default = "yes")]
    pub allowed: bool,
    /// Of what is let through: that every other workload, and the world, is refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nobody_else: bool,
    /// Sources and destinations of which nothing is expected.
    #[serde(default, skip_serializing_if = "Parties::is_empty")]
    pub except: Parties,
    /// The reason, for whoever reads a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

const fn yes() -> bool {
    true
}

/// A request in a file: `GET /path`, or with all its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RequestText {
    /// Method and path; the path alone means GET.
    Line(String),
    /// All members of a request, for those that need a host or headers.
    Full(Request),
}

impl RequestText {
    /// The request, whichever way it is written.
    pub fn request(&self) -> Request {
        match self {
            Self::Full(request) => request.clone(),
            Self::Line(line) => match line.trim().split_once(char::is_whitespace) {
                Some((method, path)) => Request::new(method, path.trim()),
                None => Request::new("GET", line.trim()),
            },
        }
    }
}
