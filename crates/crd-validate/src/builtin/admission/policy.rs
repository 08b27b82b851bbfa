//! Admission policies and their bindings.

use std::collections::HashSet;

use kube_vocab::names;

use super::super::expression::{self, Made, Names};
use super::super::faults::Faults;
use super::super::labels;
use super::super::node::Node;
use super::matching;

/// So many audit annotations a policy may have.
const MOST_NOTES: usize = 20;

pub(in super::super) fn validating_policy(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    common(&spec, out);
    let (validations, notes) = (spec.get("validations"), spec.get("auditAnnotations"));
    let what = "a validation or an audit annotation at least";
    if validations.is_empty() && notes.is_empty() {
        out.required_as(validations.path, what);
        out.required_as(notes.path, what);
        return;
    }
    let variables = variable_names(&spec);
    let names = Names {
        variables: Some(&variables),
        ..names_of(&spec)
    };
    for validation in validations.items() {
        check_validation(&validation, names, out);
    }
    out.at_most(&notes, MOST_NOTES);
    let mut seen = HashSet::new();
    for note in notes.items() {
        let (key, value) = (note.get("key"), note.get("valueExpression"));
        let policy = object
            .at(&["metadata", "name"])
            .as_str()
            .unwrap_or_default();
        if key.str().is_empty() {
            out.required(key.path);
        } else {
            let full = format!("{policy}/{}", key.str());
            if let Err(reason) = names::qualified_name(&full) {
                out.invalid(key.path, format!("\"{}\": {reason}", key.str()));
            }
        }
        if !seen.insert(key.str()) {
            out.duplicate(key.path, key.str());
        }
        if value.str().trim().is_empty() {
            out.required(value.path);
        } else if value.str().trim().len() > 5 * 1024 {
            out.required_as(value.path, "an expression of at most 5120 bytes");
        } else {
            expression::of_policy(&value, names, Made::Note, out);
        }
    }
}

/// What the expressions of a policy may speak of, besides variables.
fn names_of(spec: &Node<'_, '_>) -> Names<'static> {
    Names {
        params: spec.has("paramKind"),
        authorizer: true,
        variables: None,
    }
}

fn variable_names<'v>(spec: &Node<'_, 'v>) -> Vec<&'v str> {
    let list = spec
        .at(&["variables"])
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    list.iter()
        .filter_map(|variable| variable.get("name")?.as_str())
        .collect()
}

fn check_validation(node: &Node<'_, '_>, names: Names<'_>, out: &mut Faults) {
    let (rule, message, computed) = (
        node.get("expression"),
        node.get("message"),
        node.get("messageExpression"),
    );
    if rule.str().trim().is_empty() {
        out.required(rule.path);
    } else {
        expression::of_policy(&rule, names, Made::Answer, out);
    }
    if !computed.is_empty() && computed.str().trim().is_empty() {
        out.invalid(computed.path, "must not be blank");
    } else if !computed.is_empty() {
        let names = Names {
            authorizer: false,
            ..names
        };
        expression::of_policy(&computed, names, Made::Text, out);
    }
    if !message.is_empty() && message.str().trim().is_empty() {
        out.invalid(message.path, "must not be blank");
    } else if message.str().trim().contains(['\n', '\r']) {
        out.invalid(message.path, "must be one line");
    }
    out.one_of(
        &node.get("reason"),
        &[
            "Forbidden",
            "Invalid",
            "RequestEntityTooLarge",
            "Unauthorized",
        ],
    );
}

/// The parts that validating and mutating policies share: parameters, matching, conditions, variables.
fn common(spec: &Node<'_, '_>, out: &mut Faults) {
    out.must_be_one_of(&spec.get("failurePolicy"), &["Fail", "Ignore"]);
    let kind = spec.get("paramKind");
    if kind.is_set() {
        param_kind(&kind, out);
    }
    let constraints = spec.get("matchConstraints");
    if !constraints.is_set() {
        out.required(constraints.path);
    } else {
        matching::resources_of(&constraints, out);
        let rules = constraints.get("resourceRules");
        if rules.is_empty() {
            out.required(rules.path);
        }
    }
    matching::conditions(&spec.get("matchConditions"), names_of(spec), out);
    let mut known: Vec<&str> = Vec::new();
    for variable in spec.get("variables").items() {
        let (name, text) = (variable.get("name"), variable.get("expression"));
        if name.str().trim().is_empty() {
            out.required(name.path);
        } else if !expression::is_identifier(name.str()) {
            out.invalid(
                name.path,
                format!(
                    "\"{}\" must be letters, digits and '_', and no word of CEL",
                    name.str()
                ),
            );
        }
        if text.str().trim().is_empty() {
            out.required(text.path);
        } else {
            let names = Names {
                variables: Some(&known),
                ..names_of(spec)
            };
            expression::of_policy(&text, names, Made::Anything, out);
        }
        known.push(variable.text("name"));
    }
}

fn param_kind(node: &Node<'_, '_>, out: &mut Faults) {
    let (version, kind) = (node.get("apiVersion"), node.get("kind"));
    if version.str().is_empty() {
        out.required(version.path);
    } else {
        let (group, plain) = version.str().split_once('/').unwrap_or(("", version.str()));
        if plain.contains('/') {
            out.invalid(
                version.path,
                format!("\"{}\" must be VERSION or GROUP/VERSION", version.str()),
            );
        } else {
            if !group.is_empty() {
                out.name(version.path, group, names::dns_subdomain);
            }
            out.name(version.path, plain, names::dns_1035_label);
        }
    }
    if kind.str().is_empty() {
        out.required(kind.path);
    } else {
        out.name(kind.path, &kind.str().to_lowercase(), names::dns_1035_label);
    }
}

pub(in super::super) fn mutating_policy(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    common(&spec, out);
    let mutations = spec.get("mutations");
    if mutations.is_empty() {
        out.required_as(mutations.path, "a mutation at least");
    }
    let variables = variable_names(&spec);
    let names = Names {
        variables: Some(&variables),
        ..names_of(&spec)
    };
    for mutation in mutations.items() {
        let (apply, patch) = (
            mutation.get("applyConfiguration"),
            mutation.get("jsonPatch"),
        );
        let (wanted, other) = match mutation.text("patchType") {
            "ApplyConfiguration" => (apply, patch),
            "JSONPatch" => (patch, apply),
            "" => {
                out.required(mutation.get("patchType").path);
                continue;
            }
            other => {
                out.unsupported(
                    mutation.get("patchType").path,
                    other,
                    &["ApplyConfiguration", "JSONPatch"],
                );
                continue;
            }
        };
        if !wanted.is_set() {
            out.required_as(wanted.path, "it belongs to the patchType");
        } else {
            let text = wanted.get("expression");
            if text.str().trim().is_empty() {
                out.required(text.path);
            } else {
                expression::of_policy(&text, names, Made::Anything, out);
            }
        }
        if other.is_set() {
            out.invalid(other.path, "is not for this patchType");
        }
    }
    out.must_be_one_of(&spec.get("reinvocationPolicy"), &["IfNeeded", "Never"]);
    nothing_deleted(&spec.get("matchConstraints"), out);
}

/// What is deleted cannot be changed. The server says so of all rules together.
fn nothing_deleted(matched: &Node<'_, '_>, out: &mut Faults) {
    const MUTABLE: [&str; 4] = ["*", "CONNECT", "CREATE", "UPDATE"];
    let rules = matched.get("resourceRules");
    for rule in rules.items() {
        for operation in rule.get("operations").items() {
            if !MUTABLE.contains(&operation.str()) {
                out.unsupported(rules.path.field("operations"), operation.str(), &MUTABLE);
            }
        }
    }
}

pub(in super::super) fn binding(object: &Node<'_, '_>, out: &mut Faults) {
    bound(object, out);
    let spec = object.get("spec");
    let actions = spec.get("validationActions");
    if actions.is_empty() {
        out.required_as(actions.path, "an action at least");
    }
    let mut seen = HashSet::new();
    for action in actions.items() {
        if !["Audit", "Deny", "Warn"].contains(&action.str()) {
            out.unsupported(action.path, action.str(), &["Audit", "Deny", "Warn"]);
        }
        if !seen.insert(action.str()) {
            out.duplicate(action.path, action.str());
        }
    }
    if seen.contains("Deny") && seen.contains("Warn") {
        out.invalid(actions.path, "Deny and Warn exclude each other");
    }
}

pub(in super::super) fn mutating_binding(object: &Node<'_, '_>, out: &mut Faults) {
    bound(object, out);
    let spec = object.get("spec");
    nothing_deleted(&spec.get("matchResources"), out);
}

fn bound(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let policy = spec.get("policyName");
    if policy.str().is_empty() {
        out.required(policy.path);
    } else {
        out.named(&policy, names::dns_subdomain);
    }
    let param = spec.get("paramRef");
    if param.is_set() {
        let (name, selector) = (param.get("name"), param.get("selector"));
        match (!name.is_empty(), selector.is_set()) {
            (true, true) => {
                out.forbidden(name.path, "give one of name, selector");
                out.forbidden(selector.path, "give one of name, selector");
            }
            (false, false) => out.required_as(param.path, "one of name, selector"),
            _ => {}
        }
        if !name.is_empty() {
            out.named(&name, names::path_segment);
        }
        labels::selector(&selector, out);
        let action = param.get("parameterNotFoundAction");
        if action.is_set() {
            out.one_of(&action, &["Deny", "Allow"]);
        } else {
            out.required(action.path);
        }
    }
    let matched = spec.get("matchResources");
    if matched.is_set() {
        matching::resources_of(&matched, out);
    }
}
