//! How the server shares itself among its clients.

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::node::Node;

pub(in super::super) fn flow_schema(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    if !spec.is_set() {
        return;
    }
    let precedence = spec.get("matchingPrecedence");
    if precedence.int() <= 0 {
        out.invalid(precedence.path, "must be more than 0");
    } else if precedence.int() > 10_000 {
        out.invalid(precedence.path, "must be at most 10000");
    }
    let distinguisher = spec.get("distinguisherMethod");
    if distinguisher.is_set() {
        out.must_be_supported(&distinguisher.get("type"), &["ByNamespace", "ByUser"]);
    }
    let level = spec.get("priorityLevelConfiguration");
    let name = level.get("name");
    if name.str().is_empty() {
        out.required(name.path);
    } else {
        out.named(&name, names::dns_subdomain);
    }
    for rule in spec.get("rules").items() {
        let subjects = rule.get("subjects");
        if subjects.is_empty() {
            out.required_as(subjects.path, "a subject at least");
        }
        for subject in subjects.items() {
            check_subject(&subject, out);
        }
        let (resources, urls) = (rule.get("resourceRules"), rule.get("nonResourceRules"));
        if resources.is_empty() && urls.is_empty() {
            out.required_as(rule.path, "one of resourceRules, nonResourceRules");
        }
        for rule in resources.items() {
            star(&rule, "verbs", out);
            star(&rule, "apiGroups", out);
            star(&rule, "resources", out);
            if rule.get("namespaces").is_empty() && !rule.flag("clusterScope") {
                out.required_as(
                    rule.get("namespaces").path,
                    "a namespace, unless clusterScope is true",
                );
            }
        }
        for rule in urls.items() {
            star(&rule, "verbs", out);
            star(&rule, "nonResourceURLs", out);
        }
    }
}

fn check_subject(subject: &Node<'_, '_>, out: &mut Faults) {
    let kind = subject.get("kind");
    let member = match kind.str() {
        "ServiceAccount" => "serviceAccount",
        "User" => "user",
        "Group" => "group",
        other => {
            out.unsupported(kind.path, other, &["Group", "ServiceAccount", "User"]);
            return;
        }
    };
    let node = subject.get(member);
    if !node.is_set() {
        out.required(node.path);
        return;
    }
    out.required_text(&node.get("name"));
    if member == "serviceAccount" {
        out.required_text(&node.get("namespace"));
    }
}

fn star(rule: &Node<'_, '_>, member: &str, out: &mut Faults) {
    let list = rule.get(member);
    if list.is_empty() {
        out.required_as(list.path, "an item at least");
    } else if list.list().len() > 1 && list.items().any(|item| item.str() == "*") {
        out.invalid(list.path, "'*' stands alone");
    }
}

pub(in super::super) fn priority_level(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    if !spec.is_set() {
        return;
    }
    let (kind, limited, exempt) = (spec.get("type"), spec.get("limited"), spec.get("exempt"));
    match kind.str() {
        "Exempt" => {
            if limited.is_set() {
                out.forbidden(limited.path, "the type is Exempt");
            }
        }
        "Limited" => {
            if exempt.is_set() {
                out.forbidden(exempt.path, "the type is Limited");
            }
            if !limited.is_set() {
                out.required(limited.path);
                return;
            }
            out.not_negative(&limited.get("nominalConcurrencyShares"));
            let response = limited.get("limitResponse");
            let queuing = response.get("queuing");
            match response.text("type") {
                "Reject" => {
                    if queuing.is_set() {
                        out.forbidden(queuing.path, "the type is Reject");
                    }
                }
                "Queue" => {
                    if !queuing.is_set() {
                        out.required(queuing.path);
                    }
                }
                other => out.unsupported(response.get("type").path, other, &["Queue", "Reject"]),
            }
        }
        other => out.unsupported(kind.path, other, &["Exempt", "Limited"]),
    }
}
