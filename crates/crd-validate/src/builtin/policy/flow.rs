//! How the server shares itself among its clients.

use std::sync::LazyLock;

use crate::value::{Value, json};
use kube_vocab::names;

use super::super::faults::Faults;
use super::super::node::Node;
use super::super::update::same;

/// The schema and the level of those whom nothing limits.
const EXEMPT: &str = "exempt";
/// Those of the requests that nobody else takes.
const CATCH_ALL: &str = "catch-all";
/// The schemas that a server has from its start, and keeps as they are.
static SCHEMAS: LazyLock<[(&str, Value); 2]> = LazyLock::new(|| {
    let group = |name: &str| json!({"kind": "Group", "group": {"name": name}});
    let everything = |subjects: Vec<Value>| {
        json!([{
            "subjects": subjects,
            "resourceRules": [{
                "verbs": ["*"],
                "apiGroups": ["*"],
                "resources": ["*"],
                "clusterScope": true,
                "namespaces": ["*"],
            }],
            "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}],
        }])
    };
    let others = vec![
        group("system:unauthenticated"),
        group("system:authenticated"),
    ];
    [
        (
            EXEMPT,
            json!({
                "priorityLevelConfiguration": {"name": EXEMPT},
                "matchingPrecedence": 1,
                "rules": everything(vec![group("system:masters")]),
            }),
        ),
        (
            CATCH_ALL,
            json!({
                "priorityLevelConfiguration": {"name": CATCH_ALL},
                "matchingPrecedence": 10_000,
                "distinguisherMethod": {"type": "ByUser"},
                "rules": everything(others),
            }),
        ),
    ]
});

/// The level that a server has from its start, and keeps as it is.
static LEVELS: LazyLock<[(&str, Value); 1]> = LazyLock::new(|| {
    let spec = json!({
        "type": "Limited",
        "limited": {
            "nominalConcurrencyShares": 5,
            "lendablePercent": 0,
            "limitResponse": {"type": "Reject"},
        },
    });
    [(CATCH_ALL, spec)]
});

const VERBS: [&str; 9] = [
    "create",
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "proxy",
    "update",
    "watch",
];
const MOST_QUEUES: i64 = 10_000_000;
/// The bits of the number by which a request is dealt its queues.
const MOST_BITS: f64 = 60.0;

fn name_of<'v>(object: &Node<'_, 'v>) -> &'v str {
    object
        .at(&["metadata", "name"])
        .as_str()
        .unwrap_or_default()
}

/// An object that is the server's own has what the server gave it.
fn mandatory(object: &Node<'_, '_>, own: &[(&str, Value)], out: &mut Faults) {
    let name = name_of(object);
    let spec = object.get("spec");
    if let Some((_, fixed)) = own.iter().find(|(own, _)| *own == name)
        && !same(spec.value, fixed)
    {
        out.invalid(
            spec.path,
            format!("of \"{name}\", which is the server's own, must be: {fixed}"),
        );
    }
}

pub(in super::super) fn flow_schema(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    mandatory(object, &*SCHEMAS, out);
    let precedence = spec.get("matchingPrecedence");
    if precedence.int() <= 0 {
        out.invalid(precedence.path, "must be more than 0");
    } else if precedence.int() > 10_000 {
        out.invalid(precedence.path, "must be at most 10000");
    } else if precedence.int() == 1 && name_of(object) != EXEMPT {
        out.invalid(
            precedence.path,
            "1 is for the FlowSchema \"exempt\" alone; must be from 2 to 10000",
        );
    }
    let distinguisher = spec.get("distinguisherMethod");
    if distinguisher.is_set() {
        out.must_be_supported(&distinguisher.get("type"), &["ByNamespace", "ByUser"]);
    }
    let level = spec.get("priorityLevelConfiguration");
    out.required_subdomain(&level.get("name"));
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
            resource_rule(&rule, out);
        }
        for rule in urls.items() {
            verbs(&rule.get("verbs"), out);
            let urls = rule.get("nonResourceURLs");
            if is_list(&urls, out) {
                for url in urls.items() {
                    check_url(&url, out);
                }
            }
        }
    }
}

fn check_subject(subject: &Node<'_, '_>, out: &mut Faults) {
    const MEMBERS: [(&str, &str); 3] = [
        ("Group", "group"),
        ("ServiceAccount", "serviceAccount"),
        ("User", "user"),
    ];
    let kind = subject.get("kind");
    let Some((_, member)) = MEMBERS.iter().find(|(known, _)| *known == kind.str()) else {
        let known = MEMBERS.map(|(known, _)| known);
        out.unsupported(kind.path, kind.str(), &known);
        return;
    };
    for (_, other) in MEMBERS.iter().filter(|(_, other)| other != member) {
        let node = subject.get(other);
        if node.is_set() {
            out.forbidden(node.path, &format!("the kind is {}", kind.str()));
        }
    }
    let node = subject.get(member);
    if !node.is_set() {
        out.required_as(node.path, &format!("the kind is {}", kind.str()));
        return;
    }
    let name = node.get("name");
    if *member != "serviceAccount" || matches!(name.str(), "" | "*") {
        out.required_text(&name);
    } else {
        out.named(&name, names::dns_subdomain);
    }
    if *member == "serviceAccount" {
        out.required_label(&node.get("namespace"));
    }
}

fn resource_rule(rule: &Node<'_, '_>, out: &mut Faults) {
    verbs(&rule.get("verbs"), out);
    for member in ["apiGroups", "resources"] {
        is_list(&rule.get(member), out);
    }
    let namespaces = rule.get("namespaces");
    if namespaces.is_empty() {
        if !rule.flag("clusterScope") {
            out.required_as(namespaces.path, "a namespace, unless clusterScope is true");
        }
    } else if is_list(&namespaces, out) {
        for namespace in namespaces.items() {
            out.named(&namespace, names::dns_label);
        }
    }
}

fn verbs(list: &Node<'_, '_>, out: &mut Faults) {
    if is_list(list, out) && list.items().any(|verb| !VERBS.contains(&verb.str())) {
        let found: Vec<&str> = list.items().map(|verb| verb.str()).collect();
        let message = format!(
            "{} must be '*', or some of: {}",
            found.join(", "),
            VERBS.join(", ")
        );
        out.invalid(list.path, message);
    }
}

/// Reports a list that is empty, or has a star that is not alone. Says whether its items are to be judged.
fn is_list(list: &Node<'_, '_>, out: &mut Faults) -> bool {
    if list.is_empty() {
        out.required_as(list.path, "an item at least");
        return false;
    }
    let all = list.items().any(|item| item.str() == "*");
    if all && list.list().len() > 1 {
        out.invalid(list.path, "'*' stands alone");
    }
    !all
}

fn check_url(node: &Node<'_, '_>, out: &mut Faults) {
    let url = node.str();
    let stars = url.matches('*').count();
    let why = match url {
        "/" => return,
        "" => "must not be empty",
        _ if !url.starts_with('/') => "must begin with '/'",
        _ if url.contains(' ') => "must not have a space",
        _ if url.contains("//") => "must not have '//'",
        _ if stars > 1 || (stars == 1 && !url.ends_with("/*")) => {
            "may have '*' as its last part alone, such as /healthz/*"
        }
        _ => return,
    };
    out.invalid(node.path, format!("\"{url}\" {why}"));
}

pub(in super::super) fn priority_level(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let (kind, limited, exempt) = (spec.get("type"), spec.get("limited"), spec.get("exempt"));
    mandatory(object, &*LEVELS, out);
    if (name_of(object) == EXEMPT) != (kind.str() == "Exempt") {
        out.invalid(
            kind.path,
            "must be Exempt for the level \"exempt\", and for no other",
        );
    }
    match kind.str() {
        "Exempt" => {
            if limited.is_set() {
                out.forbidden(limited.path, "the type is Exempt");
            }
            out.not_negative(&exempt.get("nominalConcurrencyShares"));
            percent(&exempt.get("lendablePercent"), out);
        }
        "Limited" => {
            if exempt.is_set() {
                out.forbidden(exempt.path, "the type is Limited");
            }
            if !limited.is_set() {
                out.required_as(limited.path, "the type is Limited");
                return;
            }
            out.not_negative(&limited.get("nominalConcurrencyShares"));
            percent(&limited.get("lendablePercent"), out);
            out.not_negative(&limited.get("borrowingLimitPercent"));
            response(&limited.get("limitResponse"), out);
        }
        other => out.unsupported(kind.path, other, &["Exempt", "Limited"]),
    }
}

fn percent(node: &Node<'_, '_>, out: &mut Faults) {
    if node.is_set() {
        out.within(node, 0, 100);
    }
}

/// What becomes of a request that is too much.
fn response(response: &Node<'_, '_>, out: &mut Faults) {
    let queuing = response.get("queuing");
    match response.text("type") {
        "Reject" => {
            if queuing.is_set() {
                out.forbidden(queuing.path, "the type is Reject");
            }
        }
        "Queue" if queuing.is_set() => queues(&queuing, out),
        "Queue" => out.required_as(queuing.path, "the type is Queue"),
        other => out.unsupported(response.get("type").path, other, &["Queue", "Reject"]),
    }
}

fn queues(queuing: &Node<'_, '_>, out: &mut Faults) {
    let (length, deck, hand) = (
        queuing.get("queueLengthLimit"),
        queuing.get("queues"),
        queuing.get("handSize"),
    );
    if length.int() <= 0 {
        out.invalid(length.path, format!("{} must be at least 1", length.int()));
    }
    if !(1..=MOST_QUEUES).contains(&deck.int()) {
        let message = format!("{} must be from 1 to {MOST_QUEUES}", deck.int());
        out.invalid(deck.path, message);
    }
    if hand.int() <= 0 {
        out.invalid(hand.path, format!("{} must be at least 1", hand.int()));
    } else if hand.int() > deck.int() {
        let message = format!("{} must be at most queues, {}", hand.int(), deck.int());
        out.invalid(hand.path, message);
    } else if ((deck.int() as f64).log2() * hand.int() as f64).ceil() > MOST_BITS {
        let message = format!(
            "{} is too many for {} queues: dealing them takes more than {MOST_BITS} bits",
            hand.int(),
            deck.int()
        );
        out.invalid(hand.path, message);
    }
}
