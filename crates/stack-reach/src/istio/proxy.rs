//! Rules of an AuthorizationPolicy at a proxy that reads requests: a sidecar, a waypoint, a gateway.

use std::net::IpAddr;

use istio_types::security::v1::{AuthorizationAction, Condition, Operation, Rule, Source};

use super::conversation::{Conversation, Identity};
use super::policy::Policy;
use super::request_auth::Token;
use super::text::{matches, matches_host, matches_path, normalize_path};
use crate::address::Block;
use crate::policy::Truth;

/// What a proxy that reads requests makes of a rule. On a plain TCP connection a rule of an ALLOW policy that names something
/// of a request cannot match; one of a DENY policy matches without it.
pub(super) fn rule_matches(
    policy: &Policy,
    rule: &Rule,
    conversation: &Conversation<'_>,
    remote_ips: &[IpAddr],
    token: Token,
) -> Truth {
    let check = Check {
        conversation,
        remote_ips,
        lenient: policy.action == AuthorizationAction::Deny,
        namespace: &policy.namespace,
        token,
    };
    let sources = match rule.from.as_deref().filter(|from| !from.is_empty()) {
        None => Truth::Yes,
        Some(from) => Truth::any(from.iter().map(|from| {
            from.source
                .as_ref()
                .map_or(Truth::Yes, |source| check.source(source))
        })),
    };
    let operations = || match rule.to.as_deref().filter(|to| !to.is_empty()) {
        None => Truth::Yes,
        Some(to) => Truth::any(to.iter().map(|to| {
            to.operation
                .as_ref()
                .map_or(Truth::Yes, |operation| check.operation(operation))
        })),
    };
    let conditions = || {
        rule.when.iter().flatten().fold(Truth::Yes, |so_far, when| {
            so_far.and(|| check.condition(when))
        })
    };
    sources.and(operations).and(conditions)
}

pub(super) struct Check<'a> {
    pub(super) conversation: &'a Conversation<'a>,
    /// From where the request came before it came by other proxies.
    pub(super) remote_ips: &'a [IpAddr],
    /// Whether attributes of requests are passed over where there is no request.
    pub(super) lenient: bool,
    /// The policy's: that of service accounts which name none.
    pub(super) namespace: &'a str,
    pub(super) token: Token,
}

impl Check<'_> {
    fn source(&self, source: &Source) -> Truth {
        self.client(source)
            .and(|| self.token(&source.request_principals, &source.not_request_principals))
    }

    /// What a source says of the client, whatever it sends.
    pub(super) fn client(&self, source: &Source) -> Truth {
        let identity = self.conversation.identity;
        let principal = identity.map(Identity::principal);
        let account = |pattern: &str, namespace: &str| match pattern.contains('/') {
            true => identity.is_some_and(|identity| matches(pattern, &identity.account())),
            false => identity.is_some_and(|identity| {
                identity.namespace == namespace && matches(pattern, &identity.service_account)
            }),
        };
        let in_text = |patterns: &[String], value: Option<&str>| {
            value.is_some_and(|value| patterns.iter().any(|pattern| matches(pattern, value)))
        };
        let known = Truth::from(
            allows(&source.principals, &source.not_principals, |list| {
                list.iter()
                    .any(|pattern| self.is_principal(pattern, principal.as_deref()))
            }) && allows(&source.namespaces, &source.not_namespaces, |list| {
                in_text(list, identity.map(|identity| identity.namespace.as_str()))
            }) && allows(
                &source.service_accounts,
                &source.not_service_accounts,
                |list| list.iter().any(|pattern| account(pattern, self.namespace)),
            ),
        );
        known
            .and(|| {
                self.blocks(
                    &source.ip_blocks,
                    &source.not_ip_blocks,
                    self.conversation.source_ips,
                )
            })
            .and(|| {
                self.blocks(
                    &source.remote_ip_blocks,
                    &source.not_remote_ip_blocks,
                    self.remote_ips,
                )
            })
    }

    /// Whether a pattern means an identity. `cluster.local` at its start is the trust domain of the mesh, whatever that is.
    fn is_principal(&self, pattern: &str, principal: Option<&str>) -> bool {
        let Some(principal) = principal else {
            return false;
        };
        let local = pattern.strip_prefix("cluster.local/");
        let rest = principal.split_once('/').map(|(_, rest)| rest);
        matches(pattern, principal)
            || local
                .zip(rest)
                .is_some_and(|(pattern, rest)| matches(pattern, rest))
    }

    /// Whether an operation is about the port.
    pub(super) fn is_port(&self, operation: &Operation) -> bool {
        let port = self.conversation.port.to_string();
        allows(&operation.ports, &operation.not_ports, |list| {
            list.contains(&port)
        })
    }

    fn operation(&self, operation: &Operation) -> Truth {
        if !self.is_port(operation) {
            return Truth::No;
        }
        let lists = [
            &operation.hosts,
            &operation.not_hosts,
            &operation.methods,
            &operation.not_methods,
            &operation.paths,
            &operation.not_paths,
        ];
        if lists.iter().all(|list| list.is_empty()) {
            return Truth::Yes;
        }
        let Some(request) = self.conversation.request else {
            return self.lenient.into();
        };
        let host = request.host.as_deref().unwrap_or_default();
        let path = normalize_path(request.path_only());
        let method = request.method();
        let any =
            |list: &[String], fits: &dyn Fn(&str) -> bool| list.iter().any(|pattern| fits(pattern));
        let hosts = || {
            allows(&operation.hosts, &operation.not_hosts, |list| {
                any(list, &|pattern| matches_host(pattern, host))
            })
        };
        let methods = || {
            allows(&operation.methods, &operation.not_methods, |list| {
                any(list, &|pattern| matches(pattern, method))
            })
        };
        let paths = || {
            allows(&operation.paths, &operation.not_paths, |list| {
                any(list, &|pattern| matches_path(pattern, &path))
            })
        };
        (hosts() && methods() && paths()).into()
    }

    pub(super) fn condition(&self, when: &Condition) -> Truth {
        let conversation = self.conversation;
        let text = |value: Option<&str>| {
            let fits = |list: &[String]| {
                value.is_some_and(|value| list.iter().any(|pattern| matches(pattern, value)))
            };
            Truth::from(allows(&when.values, &when.not_values, fits))
        };
        match when.key.as_str() {
            "source.ip" => self.blocks(&when.values, &when.not_values, conversation.source_ips),
            "remote.ip" => self.blocks(&when.values, &when.not_values, self.remote_ips),
            "destination.ip" => {
                self.blocks(&when.values, &when.not_values, conversation.destination_ips)
            }
            "destination.port" => text(Some(&conversation.port.to_string())),
            "source.namespace" => text(
                conversation
                    .identity
                    .map(|identity| identity.namespace.as_str()),
            ),
            "source.principal" => {
                let principal = conversation.identity.map(Identity::principal);
                let fits = |list: &[String]| {
                    list.iter()
                        .any(|pattern| self.is_principal(pattern, principal.as_deref()))
                };
                allows(&when.values, &when.not_values, fits).into()
            }
            "source.serviceAccount" => {
                text(conversation.identity.map(Identity::account).as_deref())
            }
            "connection.sni" => text(conversation.sni.as_deref()),
            key => match (
                key.strip_prefix("request.headers[")
                    .and_then(|key| key.strip_suffix(']')),
                conversation.request,
            ) {
                (_, None) if key.starts_with("request.") => self.lenient.into(),
                (Some(header), Some(request)) => text(request.header(header)),
                (None, Some(_)) if key.starts_with("request.auth.") => {
                    self.token(&when.values, &when.not_values)
                }
                _ => Truth::If(format!("`{key}` has one of the values that are asked for")),
            },
        }
    }

    /// Attributes of a token that the request carries. Without a token there are none.
    fn token(&self, wanted: &[String], unwanted: &[String]) -> Truth {
        if wanted.is_empty() && unwanted.is_empty() {
            return Truth::Yes;
        }
        if self.conversation.request.is_none() {
            return self.lenient.into();
        }
        match self.token {
            Token::Shown => {
                Truth::If("the token of the request has the claims that are asked for".to_owned())
            }
            // Who proves nothing has no claims.
            Token::Absent | Token::NotLookedAt => wanted.is_empty().into(),
        }
    }

    fn blocks(&self, wanted: &[String], unwanted: &[String], addresses: &[IpAddr]) -> Truth {
        blocks_match(wanted, unwanted, addresses)
    }
}

/// Whether something is in a list, if there is one, and not in the list of what is excluded.
fn allows(wanted: &[String], unwanted: &[String], fits: impl Fn(&[String]) -> bool) -> bool {
    (wanted.is_empty() || fits(wanted)) && (unwanted.is_empty() || !fits(unwanted))
}

pub(super) fn blocks_match(wanted: &[String], unwanted: &[String], addresses: &[IpAddr]) -> Truth {
    if wanted.is_empty() && unwanted.is_empty() {
        return Truth::Yes;
    }
    if addresses.is_empty() {
        return Truth::If(format!("the address is {}", describe(wanted, unwanted)));
    }
    let within = |list: &[String]| {
        let blocks = list.iter().filter_map(|text| text.parse::<Block>().ok());
        blocks
            .into_iter()
            .any(|block| addresses.iter().any(|address| block.contains(*address)))
    };
    allows(wanted, unwanted, within).into()
}

fn describe(wanted: &[String], unwanted: &[String]) -> String {
    match (wanted.is_empty(), unwanted.is_empty()) {
        (false, true) => format!("in {}", wanted.join(", ")),
        (true, _) => format!("not in {}", unwanted.join(", ")),
        (false, false) => format!(
            "in {} and not in {}",
            wanted.join(", "),
            unwanted.join(", ")
        ),
    }
}
