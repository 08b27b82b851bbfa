//! The moving of stored objects to another version.

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::node::Node;
use crate::version::KubernetesVersion;

pub(in super::super) fn migration(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let of = spec.get("resource");
    let (group, resource) = (of.get("group"), of.get("resource"));
    out.required_text(&resource);
    if out.version < KubernetesVersion::V1_35 {
        out.required_text(&of.get("version"));
        return;
    }
    if !resource.is_empty() {
        out.named(&resource, names::dns_1035_label);
    }
    if !group.is_empty() {
        out.named(&group, names::dns_subdomain);
    }
}
