//! PersistentVolumes.

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::labels;
use super::super::node::Node;
use super::{access_modes, source};

/// The members that say what a volume is, in the server's order, and what the server calls them.
const SOURCES: [(&str, &str, &str); 22] = [
    ("hostPath", "hostPath", "hostPath"),
    ("gcePersistentDisk", "gcePersistentDisk", "persistentDisk"),
    (
        "awsElasticBlockStore",
        "awsElasticBlockStore",
        "awsElasticBlockStore",
    ),
    ("glusterfs", "glusterfs", "glusterfs"),
    ("flocker", "flocker", "flocker"),
    ("nfs", "nfs", "nfs"),
    ("rbd", "rbd", "rbd"),
    ("quobyte", "quobyte", "quobyte"),
    ("cephfs", "cephFS", "cephfs"),
    ("iscsi", "iscsi", "iscsi"),
    ("cinder", "cinder", "cinder"),
    ("fc", "fc", "fc"),
    ("flexVolume", "flexVolume", "flexVolume"),
    ("azureFile", "azureFile", "azureFile"),
    ("vsphereVolume", "vsphereVolume", "vsphereVolume"),
    (
        "photonPersistentDisk",
        "photonPersistentDisk",
        "photonPersistentDisk",
    ),
    ("portworxVolume", "portworxVolume", "portworxVolume"),
    ("azureDisk", "azureDisk", "azureDisk"),
    ("scaleIO", "scaleIO", "scaleIO"),
    ("local", "local", "local"),
    ("storageos", "storageos", "storageos"),
    ("csi", "csi", "csi"),
];

pub(in super::super) fn volume(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    portal(object, out);
    let modes = spec.get("accessModes");
    if modes.is_empty() {
        out.required(modes.path);
    }
    access_modes(&modes, out);
    capacity(&spec.get("capacity"), out);
    let affinity = spec.get("nodeAffinity");
    if affinity.is_set() {
        let required = affinity.get("required");
        if required.is_set() {
            labels::node_selector(&required, out);
        } else {
            out.required(required.path);
        }
    }
    one_source(&spec, affinity.is_set(), out);
    let reclaim = spec.get("persistentVolumeReclaimPolicy");
    out.one_of(&reclaim, &["Delete", "Recycle", "Retain"]);
    let host = spec.at(&["hostPath", "path"]).as_str();
    if host.is_some_and(|path| path.starts_with('/') && path.trim_matches('/').is_empty())
        && reclaim.str() == "Recycle"
    {
        out.forbidden(
            reclaim.path,
            "it would empty the whole file system of the node",
        );
    }
    let class = spec.get("storageClassName");
    if !class.is_empty() {
        out.named(&class, names::dns_subdomain);
    }
    out.one_of(&spec.get("volumeMode"), &["Block", "Filesystem"]);
    attributes_class(&spec, out);
}

/// What an attachment says of a volume that is no object of its own: a source of csi, and how it is used.
pub(super) fn inline(spec: &Node<'_, '_>, out: &mut Faults) {
    let why = "the volume is no object of its own";
    for name in ["capacity", "claimRef", "nodeAffinity", "storageClassName"] {
        let node = spec.get(name);
        if !node.is_empty() {
            out.forbidden(node.path, why);
        }
    }
    for (name, only) in [
        ("persistentVolumeReclaimPolicy", "Retain"),
        ("volumeMode", "Filesystem"),
    ] {
        let node = spec.get(name);
        if !node.is_empty() && node.str() != only {
            out.forbidden(node.path, &format!("{why}, so that it can be {only} alone"));
        }
    }
    let modes = spec.get("accessModes");
    if modes.is_empty() {
        out.required(modes.path);
    }
    access_modes(&modes, out);
    if !spec.has("csi") {
        out.required_as(spec.get("csi").path, why);
    }
    one_source(spec, false, out);
    attributes_class(spec, out);
}

/// The class that says how good a volume is, which only those of csi have.
fn attributes_class(spec: &Node<'_, '_>, out: &mut Faults) {
    let class = spec.get("volumeAttributesClassName");
    if class.is_set() {
        out.required_subdomain(&class);
        if !spec.has("csi") {
            out.required_as(
                spec.get("csi").path,
                "only a volume of csi has a volumeAttributesClassName",
            );
        }
    }
}

/// A server makes one name of the volume's and of its portal, where an initiator has a name.
fn portal(object: &Node<'_, '_>, out: &mut Faults) {
    let own = object.at(&["metadata", "name"]).as_str();
    let spec = object.get("spec");
    let iscsi = spec.get("iscsi");
    let together = own.map_or(0, str::len) + 1 + iscsi.text("targetPortal").len();
    if iscsi.has("initiatorName") && together > 64 {
        out.invalid(
            // The server writes this name without a capital letter.
            iscsi.path.field("targetportal"),
            "is too long together with the name of the volume: at most 64 characters",
        );
    }
}

fn capacity(node: &Node<'_, '_>, out: &mut Faults) {
    if node.is_empty() {
        out.required(node.path);
    } else if !node.has("storage") || node.map().is_some_and(|members| members.len() > 1) {
        let names: Vec<&str> = node.entries().map(|(name, _)| name).collect();
        out.unsupported(node.path, names.join(", "), &["storage"]);
    }
    for (_, amount) in node.entries() {
        if amount
            .quantity()
            .is_some_and(|amount| amount.is_negative() || amount.is_zero())
        {
            out.invalid(amount.path, "must be more than 0");
        }
    }
}

fn one_source(spec: &Node<'_, '_>, placed: bool, out: &mut Faults) {
    let mut count = 0;
    for (member, refused, called) in SOURCES {
        let node = spec.get(member);
        if !node.is_set() {
            continue;
        }
        count += 1;
        // A server does not count a flexVolume that comes after another source.
        if count > 1 && member != "flexVolume" {
            out.forbidden(
                spec.path.field(refused),
                "the volume has another source already",
            );
            continue;
        }
        let node = Node {
            value: node.value,
            path: spec.path.field(called),
        };
        source::check(member, &node, true, out);
        if member == "local" && !placed {
            out.required_as(
                spec.get("nodeAffinity").path,
                "a local volume is on one node",
            );
        }
    }
    if count == 0 {
        out.required_as(spec.path, "one source of the volume, such as csi or nfs");
    }
}
