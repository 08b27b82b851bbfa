//! The kinds that Kubernetes itself has, judged as its server does: decode, default, metadata, rules.
//!
//! What kinds and fields there are stands in two tables (`catalog`); what a server fills in, in `defaults`; what may not be,
//! in one module per area. A rule is a function over a [`node::Node`].

mod address;
mod admission;
mod catalog;
mod cluster;
mod decode;
mod defaults;
mod definition;
mod device;
mod expression;
mod faults;
mod image;
mod kinds;
mod known;
mod labels;
mod meta;
mod network;
mod node;
mod pod;
mod policy;
mod served;
mod spelling;
mod storage;
mod stored;
mod text;
mod update;
mod workload;

use std::sync::Arc;

use crate::value::{Map, Value};

use crate::metadata;
use crate::report::Outcome;
use crate::seen::Names;
use crate::validator::UnknownFields;
use crate::version::KubernetesVersion;
use catalog::{Scope, Served};
use faults::Faults;
pub(crate) use known::Known;
use node::Node;

/// A decoded object, with its defaults.
struct Read {
    object: Value,
    kind: &'static kinds::Kind,
}

/// Judges an object of a built-in kind, or `None` where its group is not one of Kubernetes' own.
pub(crate) fn judge(
    api_version: &str,
    kind: &str,
    object: Map,
    old: Option<Map>,
    version: KubernetesVersion,
    known: &Arc<Known>,
    unknown: UnknownFields,
) -> Option<Outcome> {
    let served = match served::find(api_version, kind, version) {
        served::Found::Served(served) => served,
        served::Found::Refused { path, message } => {
            return Some(Outcome::refused(crate::fault::Source::Type, path, message));
        }
        served::Found::Foreign => return None,
    };
    let mut outcome = Outcome::default();
    let Some(mut read) = read(served, object, version, unknown, &mut outcome) else {
        return Some(outcome);
    };
    let before = old.and_then(|old| {
        let status = old.get("status").cloned();
        let before = self::read(
            served,
            old,
            version,
            UnknownFields::Drop,
            &mut Outcome::default(),
        );
        let mut before = before?.object;
        // What became of it may decide what can change yet.
        if let (Value::Object(members), Some(status)) = (&mut before, status) {
            members.insert("status", status);
        }
        Some(before)
    });
    let mut faults = Faults::new(version, Arc::clone(known));
    faults.updating = before.is_some();
    if let Some(before) = &before {
        if let Value::Object(members) = &mut read.object {
            update::inherit(served.group, served.kind, members, before);
        }
        let of = |object: &Value| object.get("metadata").cloned().unwrap_or(Value::Null);
        metadata::check_update(&of(&read.object), &of(before), &mut faults.found);
        update::check(served.group, served.kind, &read.object, before, &mut faults);
    } else if served.scope != Scope::Subresource && !kinds::is_question(served.group, served.kind) {
        let names = names(served, read.kind, version);
        meta::check(
            &read.object,
            names.rule,
            read.kind.judges,
            names.namespaced,
            read.kind.numbered,
            &mut faults,
        );
    }
    if before.is_none() || !read.kind.once {
        (read.kind.check)(&Node::root(&read.object), &mut faults);
    }
    if let Some(before) = &before {
        update::forgive(&read.object, before, read.kind.check, &mut faults);
    }
    outcome.faults.append(&mut faults.found);
    outcome.notes.append(&mut faults.notes);
    Some(outcome)
}

fn names(served: &Served, kind: &kinds::Kind, version: KubernetesVersion) -> Names {
    let is_older =
        served.kind == "Service" && served.group.is_empty() && version < KubernetesVersion::V1_35;
    Names {
        rule: match is_older {
            true => metadata::NameRule::Label1035,
            false => kind.names,
        },
        namespaced: served.scope == Scope::Namespaced,
    }
}

/// How the names of a built-in kind are judged, where its rules ask for nothing of them.
pub(crate) fn names_of(api_version: &str, kind: &str, version: KubernetesVersion) -> Option<Names> {
    let served::Found::Served(served) = served::find(api_version, kind, version) else {
        return None;
    };
    let kind = kinds::find(served.group, served.version, served.kind);
    let are_apart = kind.nameless && served.scope != Scope::Subresource;
    are_apart.then(|| names(served, kind, version))
}

/// Whether objects of a built-in kind live in a namespace; `None` where the version does not serve it.
pub(crate) fn is_namespaced(
    api_version: &str,
    kind: &str,
    version: KubernetesVersion,
) -> Option<bool> {
    match served::find(api_version, kind, version) {
        served::Found::Served(served) => Some(served.scope != Scope::Cluster),
        _ => None,
    }
}

/// The form in which a server keeps an object of a built-in kind, or `None` where the kind is not served or the object cannot be
/// read.
pub(crate) fn stored(
    api_version: &str,
    kind: &str,
    sent: Map,
    version: KubernetesVersion,
    known: &Known,
) -> Option<Value> {
    let served::Found::Served(served) = served::find(api_version, kind, version) else {
        return None;
    };
    // The second name of a Service's address is the server's, unless it was sent.
    let addresses_were_sent = sent
        .get("spec")
        .is_some_and(|spec| spec.get("clusterIPs").is_some());
    let read = read(
        served,
        sent,
        version,
        UnknownFields::Drop,
        &mut Outcome::default(),
    )?;
    let mut object = read.object;
    if let Value::Object(members) = &mut object {
        stored::complete(served.group, served.kind, members, known);
        // What the server has changed it fills in again when it reads what it keeps.
        defaults::apply(served.group, served.version, served.kind, members);
    }
    stored::canonical(&mut object, served.root, version);
    if let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut)
        && served.kind == "Service"
        && !addresses_were_sent
    {
        spec.shift_remove("clusterIPs");
    }
    metadata::settle(&mut object);
    Some(object)
}

/// Decodes an object and fills in its defaults; `None` where it cannot be decoded.
fn read(
    served: &Served,
    mut object: Map,
    version: KubernetesVersion,
    unknown: UnknownFields,
    outcome: &mut Outcome,
) -> Option<Read> {
    let mut decoded = decode::decode(&mut object, served.root, version);
    outcome.faults.append(&mut decoded.malformed);
    let readable = outcome.faults.is_empty();
    if unknown == UnknownFields::Refuse {
        outcome.faults.append(&mut decoded.unknown);
    }
    let kind = kinds::find(served.group, served.version, served.kind);
    if !kind.keeps_status {
        object.shift_remove("status");
    }
    defaults::apply(served.group, served.version, served.kind, &mut object);
    readable.then_some(Read {
        object: Value::Object(object),
        kind,
    })
}
