//! Which requests a webhook or policy is asked about.

use std::collections::HashSet;

use kube_vocab::names;

use super::super::expression::{self, Made, Names};
use super::super::faults::Faults;
use super::super::labels;
use super::super::node::Node;

const MOST_CONDITIONS: usize = 64;

/// Groups, versions and resources that a webhook or policy is asked about, and on which operations.
pub(super) fn rule(rule: &Node<'_, '_>, out: &mut Faults) {
    let operations = rule.get("operations");
    if operations.is_empty() {
        out.required(operations.path);
    }
    alone(&operations, out);
    let known = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
    for operation in operations.items() {
        if !known.contains(&operation.str()) {
            out.unsupported(operation.path, operation.str(), &known);
        }
    }
    let groups = rule.get("apiGroups");
    if groups.is_empty() {
        out.required(groups.path);
    }
    alone(&groups, out);
    let versions = rule.get("apiVersions");
    if versions.is_empty() {
        out.required(versions.path);
    }
    alone(&versions, out);
    for version in versions.items() {
        out.required_text(&version);
    }
    resources(&rule.get("resources"), out);
    out.one_of(&rule.get("scope"), &["*", "Cluster", "Namespaced"]);
}

fn alone(list: &Node<'_, '_>, out: &mut Faults) {
    if list.list().len() > 1 && list.items().any(|item| item.str() == "*") {
        out.invalid(list.path, "'*' stands alone");
    }
}

fn resources(list: &Node<'_, '_>, out: &mut Faults) {
    if list.is_empty() {
        out.required(list.path);
    }
    let (mut with_star, mut star_with) = (HashSet::new(), HashSet::new());
    let (mut all, mut every, mut plain) = (false, false, false);
    for resource in list.items() {
        let text = resource.str();
        if text.is_empty() {
            out.required(resource.path);
            continue;
        }
        all |= text == "*/*";
        every |= text == "*";
        let Some((name, sub)) = text.split_once('/') else {
            plain = text != "*";
            continue;
        };
        if with_star.contains(name) {
            out.invalid(
                resource.path,
                format!("{name}/* is there already, which includes \"{text}\""),
            );
        }
        if star_with.contains(sub) {
            out.invalid(
                resource.path,
                format!("*/{sub} is there already, which includes \"{text}\""),
            );
        }
        if sub == "*" {
            with_star.insert(name);
        }
        if name == "*" {
            star_with.insert(sub);
        }
    }
    if all && list.list().len() > 1 {
        out.invalid(list.path, "'*/*' stands alone");
    }
    if every && plain {
        out.invalid(
            list.path,
            "'*' goes with no other resources, but with their subresources",
        );
    }
}

/// What a policy or its binding matches.
pub(super) fn resources_of(node: &Node<'_, '_>, out: &mut Faults) {
    labels::selector(&node.get("namespaceSelector"), out);
    labels::selector(&node.get("objectSelector"), out);
    for list in ["resourceRules", "excludeResourceRules"] {
        for named in node.get(list).items() {
            let names_of = named.get("resourceNames");
            let mut seen = HashSet::new();
            for name in names_of.items() {
                out.named(&name, names::path_segment);
                if !seen.insert(name.str()) {
                    out.duplicate(name.path, name.str());
                }
            }
            rule(&named, out);
        }
    }
    out.one_of(&node.get("matchPolicy"), &["Equivalent", "Exact"]);
}

/// `matchConditions`: names, each once, and expressions that make true or false.
pub(super) fn conditions(list: &Node<'_, '_>, names: Names<'_>, out: &mut Faults) {
    if list.list().len() > MOST_CONDITIONS {
        out.invalid(
            list.path,
            format!(
                "must have at most {MOST_CONDITIONS} items, has {}",
                list.list().len()
            ),
        );
    }
    let mut seen = HashSet::new();
    for condition in list.items() {
        let (name, text) = (condition.get("name"), condition.get("expression"));
        if text.str().trim().is_empty() {
            out.required(text.path);
        } else {
            expression::of_policy(&text, names, Made::Answer, out);
        }
        if name.str().is_empty() {
            out.required(name.path);
        } else {
            out.named(&name, names::qualified_name);
            if !seen.insert(name.str()) {
                out.duplicate(name.path, name.str());
            }
        }
    }
}
