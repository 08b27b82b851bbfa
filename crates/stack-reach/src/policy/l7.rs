//! Rules of Cilium about requests.

use std::sync::OnceLock;

use cilium_types::v2::{FqdnSelector, HeaderMatch, L7Rules, MismatchAction, PortRuleHttp};
use regex::bytes::{Regex, RegexBuilder};

use super::Truth;
use super::cilium::NamePattern;
use crate::Request;
use crate::requests::{Cube, HeaderSet, RequestSet, Texts};

/// What is asked of requests on a port.
#[derive(Clone, Debug)]
pub(crate) struct L7Rule {
    pub(crate) rules: L7,
    /// Server names of the TLS handshake; empty: any.
    pub(crate) server_names: Vec<NamePattern>,
    /// Whether the proxy ends TLS, and so reads what is in it.
    pub(crate) opens_tls: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum L7 {
    /// Nothing but the server name.
    Any,
    /// One of these; empty: any request.
    Http(Vec<HttpRule>),
    /// Lookups of these names.
    Dns(Vec<NamePattern>),
    /// Another protocol.
    Other(String),
}

/// One kind of request.
#[derive(Clone, Debug)]
pub(crate) struct HttpRule {
    method: Option<Pattern>,
    path: Option<Pattern>,
    host: Option<Pattern>,
    headers: Vec<(String, Option<String>)>,
    /// Headers whose value stands in a Secret, or that are put right instead of refused.
    matches: Vec<HeaderMatch>,
}

/// An expression over a whole value. Envoy does not know a broken one, so it matches nothing.
#[derive(Clone, Debug)]
struct Pattern {
    text: String,
    /// Made when the first value comes: most questions are about connections, and look at no request.
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            compiled: OnceLock::new(),
        }
    }

    fn matches(&self, value: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| {
            RegexBuilder::new(&format!("^(?:{})$", self.text))
                .unicode(false)
                .build()
                .ok()
        });
        compiled
            .as_ref()
            .is_some_and(|regex| regex.is_match(value.as_bytes()))
    }
}

impl L7Rule {
    /// `None` where nothing is asked of requests.
    pub(super) fn read(
        rules: Option<&L7Rules>,
        server_names: Option<&[String]>,
        opens_tls: bool,
    ) -> Option<Self> {
        let server_names: Vec<_> = server_names
            .unwrap_or_default()
            .iter()
            .map(|name| NamePattern::new(name))
            .collect();
        let rules = match rules {
            Some(L7Rules::Http(rules)) if !rules.is_empty() => {
                L7::Http(rules.iter().map(HttpRule::read).collect())
            }
            Some(L7Rules::Dns(names)) if !names.is_empty() => {
                L7::Dns(names.iter().map(name_pattern).collect())
            }
            Some(L7Rules::Kafka(rules)) if !rules.is_empty() => L7::Other("Kafka".to_owned()),
            Some(L7Rules::Generic(_)) => L7::Other("a protocol of a proxy extension".to_owned()),
            _ => L7::Any,
        };
        let asks = !matches!(rules, L7::Any) || !server_names.is_empty();
        asks.then_some(Self {
            rules,
            server_names,
            opens_tls,
        })
    }

    /// Whether a request passes.
    pub(crate) fn admits(&self, request: Option<&Request>) -> Truth {
        let Some(request) = request else {
            return Truth::If(format!("{} passes the proxy", self.kind()));
        };
        let server_name = match &request.sni {
            _ if self.server_names.is_empty() => true,
            Some(sni) => self.server_names.iter().any(|pattern| pattern.matches(sni)),
            None => false,
        };
        Truth::from(server_name).and(|| match &self.rules {
            L7::Any => Truth::Yes,
            // The proxy sees ciphertext, which is no request.
            L7::Http(_) if request.sni.is_some() && !self.opens_tls => Truth::No,
            L7::Http(rules) => Truth::any(rules.iter().map(|rule| rule.admits(request))),
            L7::Dns(_) => Truth::No,
            L7::Other(protocol) => Truth::If(format!(
                "the message of {protocol} is one that the rule lets through"
            )),
        })
    }

    /// The plain requests that it lets through: for sure, and perhaps.
    pub(crate) fn requests(&self) -> (RequestSet, RequestSet) {
        if !self.server_names.is_empty() {
            return (RequestSet::none(), RequestSet::none());
        }
        match &self.rules {
            L7::Any => (RequestSet::all(), RequestSet::all()),
            L7::Dns(_) => (RequestSet::none(), RequestSet::none()),
            L7::Other(_) => (RequestSet::none(), RequestSet::all()),
            L7::Http(rules) => {
                let mut sets = (RequestSet::none(), RequestSet::none());
                for rule in rules {
                    let (cube, is_sure) = rule.cube();
                    let set = RequestSet::of(cube);
                    sets.1 = sets.1.union(&set);
                    if is_sure {
                        sets.0 = sets.0.union(&set);
                    }
                }
                sets
            }
        }
    }

    fn kind(&self) -> &'static str {
        match self.rules {
            L7::Http(_) => "the HTTP request",
            L7::Dns(_) => "the DNS lookup",
            L7::Any => "the server name of the TLS handshake",
            L7::Other(_) => "the message",
        }
    }
}

fn name_pattern(selector: &FqdnSelector) -> NamePattern {
    match selector {
        FqdnSelector::MatchName(name) => NamePattern::exact(name),
        FqdnSelector::MatchPattern(pattern) => NamePattern::new(pattern),
    }
}

impl HttpRule {
    fn read(rule: &PortRuleHttp) -> Self {
        let pattern = |text: &Option<String>| {
            text.as_deref()
                .filter(|text| !text.is_empty())
                .map(Pattern::new)
        };
        Self {
            method: pattern(&rule.method),
            path: pattern(&rule.path),
            host: pattern(&rule.host),
            headers: rule
                .headers
                .iter()
                .map(
                    |header| match header.split_once(':').or_else(|| header.split_once(' ')) {
                        Some((name, value)) => {
                            (name.trim().to_owned(), Some(value.trim().to_owned()))
                        }
                        None => (header.trim().to_owned(), None),
                    },
                )
                .collect(),
            matches: rule.header_matches.clone(),
        }
    }

    /// The requests that it is about, and whether nothing else has to hold.
    fn cube(&self) -> (Cube, bool) {
        let texts = |pattern: &Option<Pattern>| {
            pattern
                .as_ref()
                .map_or(Texts::All, |pattern| Texts::regex(&pattern.text))
        };
        let mut cube = Cube {
            method: texts(&self.method),
            target: texts(&self.path),
            host: texts(&self.host),
            ..Cube::all()
        };
        let header = |name: &str, value: Option<&str>| {
            let values = value.map_or(Texts::All, Texts::exactly);
            Cube::header(
                name,
                HeaderSet {
                    values,
                    absent: false,
                },
            )
        };
        for (name, value) in &self.headers {
            cube = cube.intersection(&header(name, value.as_deref()));
        }
        let mut is_sure = true;
        for matched in self.matches.iter().filter(|matched| !goes_on(matched)) {
            let value = matched
                .value
                .as_deref()
                .filter(|_| matched.secret.is_none());
            is_sure &= matched.secret.is_none();
            cube = cube.intersection(&header(&matched.name, value));
        }
        (cube, is_sure)
    }

    fn admits(&self, request: &Request) -> Truth {
        let fits = |pattern: &Option<Pattern>, value: &str| {
            pattern
                .as_ref()
                .is_none_or(|pattern| pattern.matches(value))
        };
        let host = request.host.as_deref().unwrap_or_default();
        let headers =
            self.headers
                .iter()
                .all(|(name, value)| match (request.header(name), value) {
                    (Some(sent), Some(value)) => sent == value,
                    (Some(_), None) => true,
                    (None, _) => false,
                });
        let plain = fits(&self.method, request.method())
            && fits(&self.path, request.target())
            && fits(&self.host, host)
            && headers;
        self.matches
            .iter()
            .fold(Truth::from(plain), |so_far, header| {
                so_far.and(|| header_fits(header, request))
            })
    }
}

/// Whether a request goes on where the header is another: the proxy logs it, or puts it right.
fn goes_on(header: &HeaderMatch) -> bool {
    matches!(
        header.mismatch,
        Some(
            MismatchAction::Log
                | MismatchAction::Add
                | MismatchAction::Delete
                | MismatchAction::Replace
        )
    )
}

fn header_fits(header: &HeaderMatch, request: &Request) -> Truth {
    if goes_on(header) {
        return Truth::Yes;
    }
    match (request.header(&header.name), &header.value, &header.secret) {
        (None, ..) => Truth::No,
        (Some(_), _, Some(_)) => Truth::If(format!(
            "the header {} has the value of the Secret",
            header.name
        )),
        (Some(sent), Some(value), None) => (sent == value).into(),
        (Some(_), None, None) => Truth::Yes,
    }
}
