//! The volumes of a pod.

use std::collections::HashSet;

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::node::Node;
use super::super::storage::claim;
use super::super::storage::source;
use super::super::text;
use super::environment::{FILE_FIELDS, field_selector, resource_selector};
use super::mountable::Volumes;

/// The members of a volume that say what it is, in the server's order, with the name that the server calls them by where it
/// refuses a second one.
const SOURCES: [(&str, &str); 30] = [
    ("emptyDir", "emptyDir"),
    ("hostPath", "hostPath"),
    ("gitRepo", "gitRepo"),
    ("gcePersistentDisk", "gcePersistentDisk"),
    ("awsElasticBlockStore", "awsElasticBlockStore"),
    ("secret", "secret"),
    ("nfs", "nfs"),
    ("iscsi", "iscsi"),
    ("glusterfs", "glusterfs"),
    ("flocker", "flocker"),
    ("persistentVolumeClaim", "persistentVolumeClaim"),
    ("rbd", "rbd"),
    ("cinder", "cinder"),
    ("cephfs", "cephFS"),
    ("quobyte", "quobyte"),
    ("downwardAPI", "downwarAPI"),
    ("fc", "fc"),
    ("flexVolume", "flexVolume"),
    ("azureFile", "azureFile"),
    ("configMap", "configMap"),
    ("vsphereVolume", "vsphereVolume"),
    ("azureDisk", "azureDisk"),
    ("storageos", "storageos"),
    ("portworxVolume", "portworxVolume"),
    ("scaleIO", "scaleIO"),
    ("photonPersistentDisk", "photonPersistentDisk"),
    ("projected", "projected"),
    ("csi", "csi"),
    ("ephemeral", "ephemeral"),
    ("image", "image"),
];

/// Judges the volumes, and tells which can be mounted. `pod` is the name of the pod; empty in a template.
pub(super) fn check<'v>(list: &Node<'_, 'v>, pod: &str, out: &mut Faults) -> Volumes<'v> {
    let mut volumes = Volumes::default();
    for volume in list.items() {
        let before = out.found.len();
        one(&volume, out);
        if volume.has("ephemeral") {
            made_claim(&volume, pod, out);
        }
        let name = volume.get("name");
        if name.str().is_empty() {
            out.required(name.path);
        } else {
            out.named(&name, names::dns_label);
        }
        if volumes.has(name.str()) {
            out.duplicate(name.path, name.str());
        }
        if out.found.len() == before {
            let claim = volume.has("persistentVolumeClaim") || volume.has("ephemeral");
            volumes.add(volume.text("name"), claim);
        }
        let source = volume.get("persistentVolumeClaim");
        let claim = source.get("claimName");
        let made = list.items().any(|other| {
            let own = other.has("ephemeral").then(|| other.text("name"));
            own.is_some_and(|own| claim.str().strip_prefix(pod) == Some(&format!("-{own}")))
        });
        if !pod.is_empty() && made {
            out.invalid(
                claim.path,
                "must not be the claim that an ephemeral volume of this pod makes",
            );
        }
    }
    volumes
}

/// The claim that an ephemeral volume makes has the names of pod and volume together.
fn made_claim(volume: &Node<'_, '_>, pod: &str, out: &mut Faults) {
    let name = volume.get("name");
    if pod.is_empty() || name.is_empty() {
        return;
    }
    let made = format!("{pod}-{}", name.str());
    if let Err(reason) = names::dns_subdomain(&made) {
        out.invalid(
            name.path,
            format!("the claim would be called \"{made}\": {reason}"),
        );
    }
}

fn one(volume: &Node<'_, '_>, out: &mut Faults) {
    let mut count = 0;
    for (member, called) in SOURCES {
        let node = volume.get(member);
        if !node.is_set() {
            continue;
        }
        count += 1;
        if count > 1 {
            out.forbidden(
                volume.path.field(called),
                "the volume has another source already",
            );
            continue;
        }
        match member {
            "emptyDir" => {
                let limit = node.get("sizeLimit");
                if limit.quantity().is_some_and(|limit| limit.is_negative()) {
                    out.forbidden(limit.path, "it must not be negative");
                }
            }
            "secret" | "configMap" => {
                out.required_text(&node.get(if member == "secret" {
                    "secretName"
                } else {
                    "name"
                }));
                text::mode(&node.get("defaultMode"), out);
                keys(&node.get("items"), out);
            }
            "downwardAPI" => {
                text::mode(&node.get("defaultMode"), out);
                downward_files(&node, out);
            }
            "gitRepo" => {
                out.required_text(&node.get("repository"));
                let directory = node.get("directory");
                text::descending_path(directory.path, directory.str(), out);
            }
            "persistentVolumeClaim" => out.required_text(&node.get("claimName")),
            "projected" => projected(&node, out),
            "csi" => {
                text::driver_name(&node.get("driver"), out);
                let secret = node.get("nodePublishSecretRef");
                let name = secret.get("name");
                if secret.is_set() && name.is_empty() {
                    out.required(name.path);
                } else if secret.is_set() {
                    // The server leaves out the step over the reference.
                    out.name(node.path.field("name"), name.str(), names::dns_subdomain);
                }
            }
            "ephemeral" => ephemeral(&node, out),
            "image" => {
                out.required_text(&node.get("reference"));
                out.one_of(
                    &node.get("pullPolicy"),
                    &["Always", "IfNotPresent", "Never"],
                );
            }
            // The server has an older name for the path of its faults.
            "gcePersistentDisk" => {
                let called = Node {
                    value: node.value,
                    path: volume.path.field("persistentDisk"),
                };
                source::check(member, &called, false, out);
            }
            _ => source::check(member, &node, false, out),
        }
        if member == "iscsi" {
            let portal = node.text("targetPortal");
            if node.has("initiatorName") && volume.text("name").len() + portal.len() + 1 > 64 {
                out.invalid(
                    volume.get("name").path,
                    "is too long together with the target portal: at most 64 characters",
                );
            }
        }
    }
}

fn keys(list: &Node<'_, '_>, out: &mut Faults) {
    for item in list.items() {
        let (key, path) = (item.get("key"), item.get("path"));
        out.required_text(&key);
        out.required_text(&path);
        text::file_path(&path, out);
        text::mode(&item.get("mode"), out);
    }
}

/// The files of a source. The server does not say which one a fault is in.
fn downward_files(source: &Node<'_, '_>, out: &mut Faults) {
    for value in source.get("items").list() {
        let path = source.path;
        downward_file(&Node { value, path }, out);
    }
}

fn downward_file(file: &Node<'_, '_>, out: &mut Faults) {
    let path = file.get("path");
    out.required_text(&path);
    text::file_path(&path, out);
    let (field, resource) = (file.get("fieldRef"), file.get("resourceFieldRef"));
    if field.is_set() {
        field_selector(&field, &FILE_FIELDS, out);
        if resource.is_set() {
            out.invalid(
                file.path,
                "must have only one of: fieldRef, resourceFieldRef",
            );
        }
    } else if resource.is_set() {
        resource_selector(&resource, true, out);
    } else {
        out.required_as(file.path, "one of fieldRef, resourceFieldRef");
    }
    text::mode(&file.get("mode"), out);
}

fn projected(node: &Node<'_, '_>, out: &mut Faults) {
    text::mode(&node.get("defaultMode"), out);
    let mut paths = HashSet::new();
    for source in node.get("sources").items() {
        let mut count = 0;
        for kind in [
            "secret",
            "configMap",
            "downwardAPI",
            "serviceAccountToken",
            "clusterTrustBundle",
            "podCertificate",
        ] {
            let part = source.get(kind);
            if !part.is_set() {
                continue;
            }
            count += 1;
            match kind {
                "secret" | "configMap" => {
                    out.required_text(&part.get("name"));
                    keys(&part.get("items"), out);
                }
                "downwardAPI" => downward_files(&part, out),
                "serviceAccountToken" => token(node, &part, out),
                "clusterTrustBundle" => trust_bundle(&part, out),
                _ => certificate(&part, out),
            }
            // A token may take the place of another file.
            if kind == "serviceAccountToken" {
                continue;
            }
            let items = part.get("items");
            let own = [
                "path",
                "credentialBundlePath",
                "keyPath",
                "certificateChainPath",
            ];
            let own = own.iter().map(|name| part.text(name));
            let files = items.items().map(|item| item.text("path")).chain(own);
            for path in files.filter(|path| !path.is_empty()) {
                if !paths.insert(path) {
                    out.invalid(node.path, format!("two sources write the file \"{path}\""));
                }
            }
        }
        if count > 1 {
            out.forbidden(
                source.path,
                "a source is one of secret, configMap, downwardAPI and the others",
            );
        }
    }
}

fn token(volume: &Node<'_, '_>, part: &Node<'_, '_>, out: &mut Faults) {
    let expiration = part.get("expirationSeconds");
    if expiration.is_set() && expiration.int() < 600 {
        out.invalid(expiration.path, "must be at least 600: ten minutes");
    } else if expiration.int() > 1 << 32 {
        out.invalid(expiration.path, "must be at most 4294967296");
    }
    // The server leaves out two steps.
    let path = Node {
        value: part.at(&["path"]),
        path: volume.path.field("path"),
    };
    out.required_text(&path);
    text::file_path(&path, out);
}

fn trust_bundle(part: &Node<'_, '_>, out: &mut Faults) {
    let (signer, name, selector) = (
        part.get("signerName"),
        part.get("name"),
        part.get("labelSelector"),
    );
    match (signer.is_set(), name.is_set()) {
        (true, true) => out.invalid(part.path, "must have only one of: name, signerName"),
        (false, false) => out.required_as(part.path, "one of name, signerName"),
        (true, false) => {
            if signer.is_empty() {
                out.required(signer.path);
            }
            super::super::labels::selector(&selector, out);
        }
        (false, true) => {
            if selector.is_set() {
                out.invalid(selector.path, "is only for signerName");
            }
            if name.is_empty() {
                out.required(name.path);
            }
        }
    }
    let path = part.get("path");
    out.required_text(&path);
    text::file_path(&path, out);
}

fn certificate(part: &Node<'_, '_>, out: &mut Faults) {
    let keys = [
        "RSA3072",
        "RSA4096",
        "ECDSAP256",
        "ECDSAP384",
        "ECDSAP521",
        "ED25519",
    ];
    out.must_be_one_of(&part.get("keyType"), &keys);
    let signer = part.get("signerName");
    if signer.is_empty() {
        out.required(signer.path);
    }
    let files = ["credentialBundlePath", "keyPath", "certificateChainPath"];
    if files.iter().all(|name| part.text(name).is_empty()) {
        out.required_as(
            part.path,
            "one of credentialBundlePath, keyPath, certificateChainPath",
        );
    }
    for name in files {
        let path = part.get(name);
        if path.is_set() {
            text::file_path(&path, out);
        }
    }
}

fn ephemeral(node: &Node<'_, '_>, out: &mut Faults) {
    let template = node.get("volumeClaimTemplate");
    if !template.is_set() {
        out.required(template.path);
        return;
    }
    claim::template_metadata(&template.get("metadata"), out);
    claim::spec(&template.get("spec"), out);
}
