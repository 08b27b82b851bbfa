//! CustomResourceDefinitions: what a server asks of them before it serves their kind.

mod defaults;
mod field_path;
mod keywords;
mod names;
mod said;
mod schema;
mod selectable;
mod structural;

use crate::value::Value;
use kube_vocab::names as rules;

use super::admission;
use super::faults::Faults;
use super::meta::composed_name;
use super::node::Node;
use super::update::same;

const APPROVED: &str = "api-approved.kubernetes.io";

pub(super) fn definition(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let metadata = object.get("metadata");
    let wanted = format!(
        "{}.{}",
        spec.at(&["names", "plural"]).as_str().unwrap_or_default(),
        spec.text("group")
    );
    // What a name was made of, an update cannot change, which is told apart.
    if !out.updating {
        composed_name(&metadata, &wanted, "spec.names.plural and spec.group", out);
    }
    group(&spec, out);
    approval(object, out);
    let scope = spec.get("scope");
    if scope.str().is_empty() {
        out.required_as(scope.path, "Cluster or Namespaced");
    } else {
        out.one_of(&scope, &["Cluster", "Namespaced"]);
    }
    let preserve = spec.get("preserveUnknownFields");
    if preserve.bool() {
        out.invalid(
            preserve.path,
            "must not be true: set x-kubernetes-preserve-unknown-fields in the schemas",
        );
    }
    versions(&spec, out);
    names::check(&spec.get("names"), out);
    conversion(&spec.get("conversion"), preserve.bool(), out);
}

fn group(spec: &Node<'_, '_>, out: &mut Faults) {
    let group = spec.get("group");
    if group.str().is_empty() {
        out.required(group.path);
    } else if out.named(&group, rules::dns_subdomain) && !group.str().contains('.') {
        out.invalid(
            group.path,
            format!(
                "\"{}\" must be a domain with a dot, such as example.com",
                group.str()
            ),
        );
    }
}

/// Groups of the Kubernetes community need the address of their approval.
fn approval(object: &Node<'_, '_>, out: &mut Faults) {
    let group = object.at(&["spec", "group"]).as_str().unwrap_or_default();
    let protected = ["k8s.io", "kubernetes.io"].iter().any(|domain| {
        group == *domain
            || group
                .strip_suffix(domain)
                .is_some_and(|rest| rest.ends_with('.'))
    });
    if !protected {
        return;
    }
    let metadata = object.get("metadata");
    let annotations = metadata.get("annotations");
    let path = annotations.path.key(APPROVED);
    match annotations.value.get(APPROVED).and_then(Value::as_str) {
        None => out.required_as(
            path,
            "groups below k8s.io and kubernetes.io name their approval",
        ),
        Some(text) if text.starts_with("unapproved") => {}
        Some(text) => {
            let host = text.split_once("://").map(|(_, rest)| rest);
            if host.is_none_or(|host| host.is_empty() || host.starts_with('/')) {
                out.invalid(
                    path,
                    format!(
                        "\"{text}\" must be the address of the approval, or begin with unapproved"
                    ),
                );
            }
        }
    }
}

fn versions(spec: &Node<'_, '_>, out: &mut Faults) {
    let versions = spec.get("versions");
    let mut seen = std::collections::HashSet::new();
    let mut repeated = false;
    let stored: Vec<&str> = versions
        .items()
        .filter(|version| version.flag("storage"))
        .map(|version| version.text("name"))
        .collect();
    // Where all versions have one schema, the server moves it up, and says so in its paths.
    let schemas: Vec<&Value> = versions
        .items()
        .map(|version| version.at(&["schema"]))
        .collect();
    let shared = !schemas.is_empty() && schemas.windows(2).all(|pair| pair[0] == pair[1]);
    let selectable = |version: &Value| version.get("selectableFields").cloned().unwrap_or_default();
    let same_fields = versions
        .list()
        .windows(2)
        .all(|pair| same(&selectable(&pair[0]), &selectable(&pair[1])));
    for (index, version) in versions.items().enumerate() {
        let name = version.get("name");
        repeated |= !seen.insert(name.str());
        if !out.named(&name, rules::dns_1035_label) && index == 0 && !name.is_empty() {
            out.name(
                spec.path.field("version"),
                name.str(),
                rules::dns_1035_label,
            );
        }
        let warning = version.get("deprecationWarning");
        if warning.is_set() {
            if !version.flag("deprecated") {
                out.invalid(warning.path, "is only for a version that is deprecated");
            }
            let printable =
                |sign: char| !sign.is_control() && (sign == ' ' || !sign.is_whitespace());
            if warning.is_empty()
                || warning.str().len() > 256
                || !warning.str().chars().all(printable)
            {
                out.invalid(
                    warning.path,
                    "must be one line of printable characters, of at most 256 bytes",
                );
            }
        }
        let with_status = version.get("subresources").has("status");
        let schema = version.get("schema");
        let root = schema.get("openAPIV3Schema");
        if !root.is_set() {
            out.required(root.path);
        } else if shared {
            if index == 0 {
                let moved = spec.path.field("validation");
                let node = Node {
                    value: root.value,
                    path: moved.field("openAPIV3Schema"),
                };
                let any = |other: Node<'_, '_>| other.get("subresources").has("status");
                schema::check(&node, versions.items().any(any), out);
            }
        } else {
            schema::check(&root, with_status, out);
        }
        for (member, judge) in PER_VERSION {
            match (is_shared(&versions, member), index) {
                (false, _) => judge(&version.get(member), out),
                (true, 0) => judge(
                    &Node {
                        value: version.at(&[member]),
                        path: spec.path.field(member),
                    },
                    out,
                ),
                (true, _) => {}
            }
        }
        let selectable = version.get("selectableFields");
        match (shared, same_fields, index) {
            (false, ..) => selectable::check(&selectable, root.value, out),
            (true, true, 0) => {
                let moved = Node {
                    value: selectable.value,
                    path: spec.path.field("selectableFields"),
                };
                selectable::check(&moved, root.value, out);
            }
            (true, true, _) => {}
            // To the server, the schema of the version stands elsewhere by now.
            (true, false, _) if !selectable.is_empty() => out.invalid(
                selectable.path,
                "must be the same in all versions, where these have one schema",
            ),
            (true, false, _) => {}
        }
    }
    if repeated {
        out.invalid(versions.path, "must have different names");
    }
    if stored.len() != 1 {
        out.invalid(
            versions.path,
            format!(
                "must have exactly one version with storage true, has {}",
                stored.len()
            ),
        );
    }
    let status = kube_vocab::FieldPath::root()
        .field("status")
        .field("storedVersions");
    if stored.is_empty() {
        out.invalid(
            status.clone(),
            "is made of the version with storage true, and there is none",
        );
    }
    for other in stored.iter().skip(1) {
        out.invalid(
            status.clone(),
            format!("is the first version with storage true, and {other} is one too"),
        );
    }
}

type Judge = fn(&Node<'_, '_>, &mut Faults);

/// What each version has, and the server moves up where all versions have the same.
const PER_VERSION: [(&str, Judge); 2] = [
    ("subresources", subresources),
    ("additionalPrinterColumns", columns),
];

/// Whether all versions have the same here, and something.
fn is_shared(versions: &Node<'_, '_>, member: &str) -> bool {
    let first = versions.list().first().and_then(|first| first.get(member));
    let something = match first {
        Some(Value::Array(items)) => !items.is_empty(),
        other => other.is_some_and(Value::is_object),
    };
    something
        && versions
            .list()
            .iter()
            .all(|version| version.get(member) == first)
}

fn subresources(node: &Node<'_, '_>, out: &mut Faults) {
    let scale = node.get("scale");
    if !scale.is_set() {
        return;
    }
    for (member, start, optional) in [
        ("specReplicasPath", ".spec.", false),
        ("statusReplicasPath", ".status.", false),
        ("labelSelectorPath", ".", true),
    ] {
        let path = scale.get(member);
        if path.str().is_empty() {
            if !optional {
                out.required(path.path);
            }
            continue;
        }
        let placed = path.str().starts_with(start)
            && (member != "labelSelectorPath"
                || path.str().starts_with(".spec.")
                || path.str().starts_with(".status."));
        if !placed {
            out.invalid(
                path.path,
                format!("\"{}\" must be a path below {start}", path.str()),
            );
        }
    }
}

fn columns(list: &Node<'_, '_>, out: &mut Faults) {
    for column in list.items() {
        out.required_text(&column.get("name"));
        let path = column.get("jsonPath");
        // The name that this field had before there were versions.
        let at = column.path.field("JSONPath");
        if path.str().is_empty() {
            out.required(at);
        } else if !path.str().starts_with('.') {
            out.invalid(
                at,
                format!(
                    "\"{}\" must be a simple path that begins with a point",
                    path.str()
                ),
            );
        }
        let kind = column.get("type");
        if kind.str().is_empty() {
            out.required_as(kind.path, "one of boolean, date, integer, number, string");
        } else {
            out.one_of(&kind, &["boolean", "date", "integer", "number", "string"]);
        }
        let format = column.get("format");
        if !format.is_empty() {
            out.one_of(
                &format,
                &[
                    "byte",
                    "date",
                    "date-time",
                    "double",
                    "float",
                    "int32",
                    "int64",
                    "password",
                ],
            );
        }
    }
}

fn conversion(node: &Node<'_, '_>, preserves_unknown: bool, out: &mut Faults) {
    let strategy = node.get("strategy");
    out.one_of(&strategy, &["None", "Webhook"]);
    // In its paths the server has the members of the webhook where they stood before.
    let moved = |old: &'static str, name: &str| Node {
        value: node.at(&["webhook", name]),
        path: node.path.field(old),
    };
    let client = moved("webhookClientConfig", "clientConfig");
    let versions = moved("conversionReviewVersions", "conversionReviewVersions");
    if strategy.str() != "Webhook" {
        for (member, is_there) in [
            (&client, client.is_set()),
            (&versions, !versions.is_empty()),
        ] {
            if is_there {
                out.forbidden(member.path, "the strategy is not Webhook");
            }
        }
        return;
    }
    if preserves_unknown {
        out.invalid(
            strategy.path,
            "must be None where spec.preserveUnknownFields is true",
        );
    }
    if client.is_set() {
        admission::client_config(&client, out);
    } else {
        out.required(client.path);
    }
    if versions.is_empty() {
        out.required(versions.path);
        return;
    }
    let mut seen = std::collections::HashSet::new();
    for version in versions.items() {
        out.named(&version, rules::dns_1035_label);
        if !seen.insert(version.str()) {
            out.invalid(
                version.path,
                format!("\"{}\" is there already", version.str()),
            );
        }
    }
    if !seen.contains("v1") && !seen.contains("v1beta1") {
        out.invalid(versions.path, "must have one of v1, v1beta1");
    }
}
