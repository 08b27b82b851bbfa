//! What AuthorizationPolicies let through, as sets of requests: the same as [`judge`](Authorization::judge), for all requests at
//! once.

use istio_types::security::v1::{AuthorizationAction, Condition, Operation, Rule};

use super::authorization::Authorization;
use super::conversation::{Conversation, Enforcer};
use super::policy::{FORWARDED_FOR, Policy};
use super::proxy::Check;
use super::request_auth::Token;
use super::text::lowered;
use crate::policy::Truth;
use crate::requests::{Cube, HeaderSet, RequestSet, RequestSets, Texts, Verdicts};

impl Authorization {
    /// The requests that a proxy lets through which reads them. The conversation is that of a connection.
    pub(crate) fn requests(
        &self,
        enforcer: Enforcer<'_>,
        conversation: &Conversation<'_>,
        sets: &mut RequestSets,
    ) -> Verdicts {
        let carriers = self.tokens.carriers(&enforcer);
        let shown = match &carriers {
            Some(carriers) => sets.sure(carriers.clone()),
            None => Verdicts::NONE,
        };
        let mut found = Verdicts::ALL;
        // Whether a token is valid nobody knows.
        let unknown = Verdicts {
            sure: crate::requests::SetId::NONE,
            maybe: shown.maybe,
        };
        let valid = sets.complement(unknown);
        found = sets.intersection(found, valid);
        let mut allowed = Verdicts::NONE;
        let mut has_allow = false;
        for policy in self.of(enforcer) {
            let mut matched = Verdicts::NONE;
            for rule in &policy.rules {
                let one = matching(policy, rule, conversation, shown, sets);
                matched = sets.union(matched, one);
            }
            match policy.action {
                AuthorizationAction::Deny => {
                    let rest = sets.complement(matched);
                    found = sets.intersection(found, rest);
                }
                AuthorizationAction::Custom => {
                    // The external authorizer may say anything.
                    let perhaps = Verdicts {
                        sure: crate::requests::SetId::NONE,
                        maybe: matched.maybe,
                    };
                    let rest = sets.complement(perhaps);
                    found = sets.intersection(found, rest);
                }
                AuthorizationAction::Allow => {
                    has_allow = true;
                    allowed = sets.union(allowed, matched);
                }
                _ => {}
            }
        }
        match has_allow {
            true => sets.intersection(found, allowed),
            false => found,
        }
    }
}

fn of(truth: &Truth) -> Verdicts {
    match truth {
        Truth::Yes => Verdicts::ALL,
        Truth::No => Verdicts::NONE,
        Truth::If(_) => Verdicts::UNKNOWN,
    }
}

/// The requests that a rule matches.
fn matching(
    policy: &Policy,
    rule: &Rule,
    conversation: &Conversation<'_>,
    shown: Verdicts,
    sets: &mut RequestSets,
) -> Verdicts {
    let check = Check {
        conversation,
        remote_ips: conversation.source_ips,
        lenient: false,
        namespace: &policy.namespace,
        token: Token::NotLookedAt,
    };
    let mut found = Verdicts::ALL;
    if let Some(from) = rule.from.as_deref().filter(|from| !from.is_empty()) {
        let mut any = Verdicts::NONE;
        for source in from {
            let one = match &source.source {
                None => Verdicts::ALL,
                Some(source) => {
                    let mut known = of(&check.client(source));
                    if !source.remote_ip_blocks.is_empty()
                        || !source.not_remote_ip_blocks.is_empty()
                    {
                        known = unless_forwarded(known, sets);
                    }
                    let claims = (&source.request_principals, &source.not_request_principals);
                    let token = with_claims(claims.0, claims.1, shown, sets);
                    sets.intersection(known, token)
                }
            };
            any = sets.union(any, one);
        }
        found = sets.intersection(found, any);
    }
    if let Some(to) = rule.to.as_deref().filter(|to| !to.is_empty()) {
        let mut any = Verdicts::NONE;
        for operation in to {
            let one = match &operation.operation {
                None => Verdicts::ALL,
                Some(operation) if !check.is_port(operation) => Verdicts::NONE,
                Some(operation) => sets.sure(RequestSet::of(cube(operation))),
            };
            any = sets.union(any, one);
        }
        found = sets.intersection(found, any);
    }
    for when in rule.when.iter().flatten() {
        let one = condition(when, &check, shown, sets);
        found = sets.intersection(found, one);
    }
    found
}

/// Requests whose token has some claims: unknown for those that carry one; the others have none.
fn with_claims(
    wanted: &[String],
    unwanted: &[String],
    shown: Verdicts,
    sets: &mut RequestSets,
) -> Verdicts {
    if wanted.is_empty() && unwanted.is_empty() {
        return Verdicts::ALL;
    }
    let perhaps = Verdicts {
        sure: crate::requests::SetId::NONE,
        maybe: shown.maybe,
    };
    if !wanted.is_empty() {
        return perhaps;
    }
    sets.complement(perhaps)
}

fn allowed(wanted: &[String], unwanted: &[String], read: impl Fn(&str) -> Texts) -> Texts {
    let any = |list: &[String]| Texts::any(list.iter().map(|pattern| read(pattern)));
    let within = match wanted {
        [] => Texts::All,
        wanted => any(wanted),
    };
    within.intersection(&any(unwanted).complement())
}

fn cube(operation: &Operation) -> Cube {
    Cube {
        method: allowed(&operation.methods, &operation.not_methods, Texts::istio),
        path: allowed(&operation.paths, &operation.not_paths, Texts::istio_path),
        folded_host: allowed(&operation.hosts, &operation.not_hosts, |host| {
            Texts::istio(&lowered(host))
        }),
        ..Cube::all()
    }
}

fn condition(
    when: &Condition,
    check: &Check<'_>,
    shown: Verdicts,
    sets: &mut RequestSets,
) -> Verdicts {
    let header = when
        .key
        .strip_prefix("request.headers[")
        .and_then(|key| key.strip_suffix(']'));
    if let Some(header) = header {
        let any = |list: &[String]| Texts::any(list.iter().map(|value| Texts::istio(value)));
        let mut set = HeaderSet {
            values: any(&when.not_values).complement(),
            absent: true,
        };
        if !when.values.is_empty() {
            set.values = set.values.intersection(&any(&when.values));
            set.absent = false;
        }
        return sets.sure(RequestSet::of(Cube::header(header, set)));
    }
    if when.key.starts_with("request.auth.") {
        return with_claims(&when.values, &when.not_values, shown, sets);
    }
    if when.key.starts_with("request.") {
        return Verdicts::UNKNOWN;
    }
    let known = of(&check.condition(when));
    match when.key == "remote.ip" {
        true => unless_forwarded(known, sets),
        false => known,
    }
}

/// What is known of requests that came straight from the client: of others their header tells where they came from.
fn unless_forwarded(known: Verdicts, sets: &mut RequestSets) -> Verdicts {
    let straight = HeaderSet {
        values: Texts::None,
        absent: true,
    };
    let straight = sets.sure(RequestSet::of(Cube::header(FORWARDED_FOR, straight)));
    let others = sets.complement(straight);
    let known = sets.intersection(known, straight);
    let unknown = sets.intersection(Verdicts::UNKNOWN, others);
    sets.union(known, unknown)
}
