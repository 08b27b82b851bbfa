//! RequestAuthentication: which tokens proxies look at. A token that is not valid ends the request; without one it goes on.

use istio_types::security::v1::RequestAuthentication;
use stack_model::Model;

use super::attachment::{Attached, Target, holds};
use super::conversation::Enforcer;
use crate::answer::{Step, Verdict};
use crate::flow::Request;
use crate::requests::{Cube, HeaderSet, RequestSet, Texts};
use crate::world::LabelMap;
use crate::{Settings, Unread};

/// All RequestAuthentications.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestAuthentications {
    policies: Vec<Policy>,
    root_namespace: String,
}

#[derive(Clone, Debug)]
struct Policy {
    object: String,
    namespace: String,
    selector: LabelMap,
    targets: Vec<Target>,
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    issuer: String,
    /// Headers, each with what stands before the token.
    headers: Vec<(String, String)>,
    params: Vec<String>,
    cookies: Vec<String>,
}

/// What a proxy knows of the token of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// No rule says which tokens to honour, so none is looked at.
    NotLookedAt,
    /// The request carries none.
    Absent,
    /// It carries one, of which the input does not tell what it says.
    Shown,
}

impl RequestAuthentications {
    pub(crate) fn read(model: &Model, settings: &Settings, unread: &mut Vec<Unread>) -> Self {
        let policies = super::reading::read_all::<RequestAuthentication>(
            model,
            "security.istio.io",
            "RequestAuthentication",
            unread,
        )
        .map(|(object, policy)| {
            let spec = policy.spec.unwrap_or_default();
            let namespace = object.namespace().unwrap_or("default").to_owned();
            let targets = spec.target_refs.iter().chain(&spec.target_ref);
            Policy {
                object: format!("RequestAuthentication {namespace}/{}", object.name()),
                namespace,
                targets: targets.map(Target::of).collect(),
                selector: spec
                    .selector
                    .and_then(|selector| selector.match_labels)
                    .into_iter()
                    .flatten()
                    .collect(),
                rules: spec
                    .jwt_rules
                    .into_iter()
                    .map(|rule| {
                        let headers = rule.from_headers.into_iter();
                        Rule {
                            issuer: rule.issuer.unwrap_or_default(),
                            headers: headers
                                .map(|header| (header.name, header.prefix.unwrap_or_default()))
                                .collect(),
                            params: rule.from_params,
                            cookies: rule.from_cookies,
                        }
                    })
                    .collect(),
            }
        })
        .collect();
        Self {
            policies,
            root_namespace: settings.root_namespace.clone(),
        }
    }

    /// What a proxy knows of the token, and the step that the token's validity is.
    pub(super) fn look(
        &self,
        enforcer: &Enforcer<'_>,
        request: Option<&Request>,
    ) -> (Token, Option<Step>) {
        // ztunnel reads no requests.
        if matches!(enforcer, Enforcer::Ztunnel(_)) {
            return (Token::NotLookedAt, None);
        }
        let mut token = Token::NotLookedAt;
        for policy in &self.policies {
            let attached = Attached {
                namespace: &policy.namespace,
                selector: &policy.selector,
                targets: &policy.targets,
            };
            if !holds(&attached, enforcer, &self.root_namespace) {
                continue;
            }
            for (index, rule) in policy.rules.iter().enumerate() {
                if request.is_some_and(|request| rule.finds(request)) {
                    let reason = match rule.issuer.as_str() {
                        "" => "the token of the request is valid".to_owned(),
                        issuer => format!("the token of the request is valid and of {issuer}"),
                    };
                    let step = Step::new(enforcer.layer(), Verdict::Depends, reason)
                        .by(&policy.object, format!("spec.jwtRules[{index}]"));
                    return (Token::Shown, Some(step));
                }
                token = Token::Absent;
            }
        }
        (token, None)
    }
}

impl RequestAuthentications {
    /// The requests that carry a token where a proxy looks for one; `None` where it looks for none.
    pub(super) fn carriers(&self, enforcer: &Enforcer<'_>) -> Option<RequestSet> {
        if matches!(enforcer, Enforcer::Ztunnel(_)) {
            return None;
        }
        let held = self.policies.iter().filter(|policy| {
            let attached = Attached {
                namespace: &policy.namespace,
                selector: &policy.selector,
                targets: &policy.targets,
            };
            holds(&attached, enforcer, &self.root_namespace)
        });
        let mut rules = held.flat_map(|policy| &policy.rules).peekable();
        rules.peek()?;
        Some(rules.fold(RequestSet::none(), |sum, rule| sum.union(&rule.carriers())))
    }
}

impl Rule {
    /// The requests that carry a token where the rule looks for one.
    fn carriers(&self) -> RequestSet {
        let header = |name: &str, expression: &str| {
            let values = Texts::regex(expression);
            RequestSet::of(Cube::header(
                name,
                HeaderSet {
                    values,
                    absent: false,
                },
            ))
        };
        let param = |name: &str| {
            let name = regex::escape(name);
            RequestSet::of(Cube {
                target: Texts::regex(&format!("(?s)[^?]*\\?(?:.*&)?{name}=.*")),
                ..Cube::all()
            })
        };
        let bearer = || header("authorization", "(?s)Bearer .*");
        if self.headers.is_empty() && self.params.is_empty() && self.cookies.is_empty() {
            return bearer().union(&param("access_token"));
        }
        let headers = self
            .headers
            .iter()
            .map(|(name, prefix)| header(name, &format!("(?s){}.*", regex::escape(prefix))));
        let params = self.params.iter().map(|name| param(name));
        let cookies = self.cookies.iter().map(|name| {
            let name = regex::escape(name);
            header("cookie", &format!("(?s)(?:.*;)?\\s*{name}=.*"))
        });
        headers
            .chain(params)
            .chain(cookies)
            .fold(RequestSet::none(), |sum, set| sum.union(&set))
    }

    /// Whether a request carries a token where the rule looks for one.
    fn finds(&self, request: &Request) -> bool {
        let bearer = || {
            request
                .header("authorization")
                .is_some_and(|value| value.starts_with("Bearer "))
        };
        let query = request.target().split_once('?').map(|(_, query)| query);
        let param = |name: &str| {
            let pairs = query.into_iter().flat_map(|query| query.split('&'));
            pairs
                .into_iter()
                .any(|pair| pair.split_once('=').is_some_and(|(key, _)| key == name))
        };
        let cookie = |name: &String| {
            let cookies = request.header("cookie").unwrap_or_default();
            cookies.split(';').any(|pair| {
                pair.trim()
                    .split_once('=')
                    .is_some_and(|(key, _)| key == name)
            })
        };
        if self.headers.is_empty() && self.params.is_empty() && self.cookies.is_empty() {
            return bearer() || param("access_token");
        }
        let header = |(name, prefix): &(String, String)| {
            request
                .header(name)
                .is_some_and(|value| value.starts_with(prefix.as_str()))
        };
        self.headers.iter().any(header)
            || self.params.iter().any(|name| param(name))
            || self.cookies.iter().any(cookie)
    }
}
