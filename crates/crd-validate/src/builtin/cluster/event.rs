//! Events, in their old and their new form.

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::node::Node;

/// An Event of the core group: judged strictly only where it has a time with microseconds.
pub(in super::super) fn event(object: &Node<'_, '_>, out: &mut Faults) {
    if object.has("eventTime") {
        precise_namespace(object, "involvedObject", out);
        strict(object, "reportingComponent", "reportingInstance", out);
    } else {
        namespace(object, "involvedObject", out);
    }
}

/// With a time with microseconds, the namespace of what it is about may differ; and what has none is in one of two.
fn precise_namespace(object: &Node<'_, '_>, member: &str, out: &mut Faults) {
    let own = own_namespace(object);
    if object.get(member).text("namespace").is_empty() && own != "kube-system" {
        namespace(object, member, out);
    }
}

fn own_namespace<'v>(object: &Node<'_, 'v>) -> &'v str {
    let own = object.at(&["metadata", "namespace"]).as_str();
    own.unwrap_or("default")
}

fn namespace(object: &Node<'_, '_>, member: &str, out: &mut Faults) {
    let about = object.get(member);
    let namespace = about.get("namespace");
    let own = own_namespace(object);
    let path = kube_vocab::FieldPath::root()
        .field("involvedObject")
        .field("namespace");
    if namespace.is_empty() {
        if own != "default" && !own.is_empty() {
            out.invalid(
                path,
                format!("must be the namespace of the Event, \"{own}\""),
            );
        }
    } else if namespace.str() != own {
        out.invalid(
            path,
            format!("must be the namespace of the Event, \"{own}\""),
        );
    }
}

fn strict(object: &Node<'_, '_>, controller: &str, instance: &str, out: &mut Faults) {
    let reporter = object.get(controller);
    if reporter.str().is_empty() {
        out.required(reporter.path);
    } else {
        out.named(&reporter, names::qualified_name);
    }
    for name in [instance, "action", "reason"] {
        let node = object.get(name);
        if node.str().is_empty() {
            out.required(node.path);
        } else if node.str().len() > 128 {
            // The server misspells this one.
            let path = match name == instance {
                true => kube_vocab::FieldPath::root().field("repotingIntance"),
                false => node.path.into(),
            };
            out.invalid(path, "must have at most 128 characters");
        }
    }
    let message = object.get(if object.has("message") {
        "message"
    } else {
        "note"
    });
    if message.str().len() > 1024 {
        let path = kube_vocab::FieldPath::root().field("message");
        out.invalid(path, "must have at most 1024 characters");
    }
}

/// An Event of events.k8s.io.
pub(in super::super) fn new_event(object: &Node<'_, '_>, out: &mut Faults) {
    let time = object.get("eventTime");
    if time.is_set() {
        precise_namespace(object, "regarding", out);
    } else {
        namespace(object, "regarding", out);
        out.required(time.path);
    }
    strict(object, "reportingController", "reportingInstance", out);
    let kind = object.get("type");
    if !["Normal", "Warning"].contains(&kind.str()) {
        out.invalid(
            kind.path,
            format!("\"{}\" is not one of: Normal, Warning", kind.str()),
        );
    }
    for (name, called) in [
        ("deprecatedFirstTimestamp", "firstTimestamp"),
        ("deprecatedLastTimestamp", "lastTimestamp"),
        ("deprecatedCount", "count"),
        ("deprecatedSource", "source"),
    ] {
        let node = object.get(name);
        let empty = node.value.as_i64() == Some(0) || node.is_empty();
        if !empty {
            // The server names it as the older form of the kind does.
            let path = kube_vocab::FieldPath::root().field(called);
            out.invalid(path, format!("{name} is not for new events"));
        }
    }
    let series = object.get("series");
    if series.is_set() {
        let count = series.get("count");
        if count.int() < 2 {
            out.invalid(count.path, "must be at least 2");
        }
        let last = series.get("lastObservedTime");
        if !last.is_set() {
            out.required(last.path);
        }
    }
}
