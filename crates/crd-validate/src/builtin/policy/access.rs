//! Roles and who has them.

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::labels;
use super::super::node::Node;

const GROUP: &str = "rbac.authorization.k8s.io";

pub(in super::super) fn role(object: &Node<'_, '_>, out: &mut Faults) {
    for rule in object.get("rules").items() {
        check_rule(&rule, true, out);
    }
}

pub(in super::super) fn cluster_role(object: &Node<'_, '_>, out: &mut Faults) {
    for rule in object.get("rules").items() {
        check_rule(&rule, false, out);
    }
    let aggregation = object.get("aggregationRule");
    if !aggregation.is_set() {
        return;
    }
    let selectors = aggregation.get("clusterRoleSelectors");
    if selectors.is_empty() {
        out.required_as(selectors.path, "a selector at least");
    }
    for selector in selectors.items() {
        labels::selector(&selector, out);
    }
}

fn check_rule(rule: &Node<'_, '_>, namespaced: bool, out: &mut Faults) {
    let verbs = rule.get("verbs");
    if verbs.is_empty() {
        out.required_as(verbs.path, "a verb at least");
    }
    let (urls, groups, resources, named) = (
        rule.get("nonResourceURLs"),
        rule.get("apiGroups"),
        rule.get("resources"),
        rule.get("resourceNames"),
    );
    if !urls.is_empty() {
        if namespaced {
            out.invalid(urls.path, "is not for a role of a namespace");
        }
        if !groups.is_empty() || !resources.is_empty() || !named.is_empty() {
            out.invalid(
                urls.path,
                "goes with no apiGroups, resources and resourceNames",
            );
        }
        return;
    }
    if groups.is_empty() {
        out.required_as(groups.path, "a group at least; \"\" is the core group");
    }
    if resources.is_empty() {
        out.required_as(resources.path, "a resource at least");
    }
}

pub(in super::super) fn binding(object: &Node<'_, '_>, out: &mut Faults) {
    bound(object, &["Role", "ClusterRole"], true, out);
}

pub(in super::super) fn cluster_binding(object: &Node<'_, '_>, out: &mut Faults) {
    bound(object, &["ClusterRole"], false, out);
}

fn bound(object: &Node<'_, '_>, kinds: &[&str], namespaced: bool, out: &mut Faults) {
    let role = object.get("roleRef");
    out.must_be_supported(&role.get("apiGroup"), &[GROUP]);
    out.must_be_supported(&role.get("kind"), kinds);
    let name = role.get("name");
    if name.str().is_empty() {
        out.required(name.path);
    } else {
        out.named(&name, names::path_segment);
    }
    for subject in object.get("subjects").items() {
        let (kind, group, name) = (
            subject.get("kind"),
            subject.get("apiGroup"),
            subject.get("name"),
        );
        if name.str().is_empty() {
            out.required(name.path);
        }
        match kind.str() {
            "ServiceAccount" => {
                if !name.is_empty() {
                    out.named(&name, names::dns_subdomain);
                }
                if !group.is_empty() {
                    out.unsupported(group.path, group.str(), &["\"\""]);
                }
                if !namespaced && subject.text("namespace").is_empty() {
                    out.required(subject.get("namespace").path);
                }
            }
            "User" | "Group" => {
                out.must_be_supported(&group, &[GROUP]);
            }
            other => out.unsupported(kind.path, other, &["ServiceAccount", "User", "Group"]),
        }
    }
}
