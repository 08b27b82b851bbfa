//! The sources that volumes of pods and PersistentVolumes share.

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::node::Node;
use super::super::text;

/// Judges a source by the name of its member. One of a PersistentVolume must name the namespace of its secrets.
pub(in super::super) fn check(kind: &str, node: &Node<'_, '_>, persistent: bool, out: &mut Faults) {
    match kind {
        "hostPath" => {
            let path = node.get("path");
            if path.str().is_empty() {
                out.required(path.path);
                return;
            }
            text::no_backsteps(path.path, path.str(), out);
            let types = [
                "",
                "BlockDevice",
                "CharDevice",
                "Directory",
                "DirectoryOrCreate",
                "File",
                "FileOrCreate",
                "Socket",
            ];
            out.one_of(&node.get("type"), &types);
        }
        "gcePersistentDisk" => {
            out.required_text(&node.get("pdName"));
            partition(node, out);
        }
        "awsElasticBlockStore" => {
            out.required_text(&node.get("volumeID"));
            partition(node, out);
        }
        "nfs" => {
            out.required_text(&node.get("server"));
            let path = node.get("path");
            out.required_text(&path);
            text::absolute(path.path, path.str(), out);
        }
        "iscsi" => iscsi(node, persistent, out),
        "glusterfs" => {
            out.required_text(&node.get("endpoints"));
            let path = node.get("path");
            out.required_text(&path);
            let namespace = node.get("endpointsNamespace");
            if persistent && namespace.is_set() {
                out.named(&namespace, names::dns_label);
            }
        }
        "flocker" => {
            let (name, uuid) = (node.text("datasetName"), node.text("datasetUUID"));
            if name.is_empty() && uuid.is_empty() {
                out.required_as(node.path, "one of datasetName, datasetUUID");
            } else if !name.is_empty() && !uuid.is_empty() {
                out.invalid(node.path, "must have only one of: datasetName, datasetUUID");
            }
            if name.contains('/') {
                out.invalid(node.get("datasetName").path, "must not contain '/'");
            }
        }
        "rbd" => {
            let monitors = node.get("monitors");
            if monitors.is_empty() {
                out.required(monitors.path);
            }
            out.required_text(&node.get("image"));
        }
        "cinder" => {
            out.required_text(&node.get("volumeID"));
            secret(&node.get("secretRef"), persistent, out);
        }
        "cephfs" => {
            let monitors = node.get("monitors");
            if monitors.is_empty() {
                out.required(monitors.path);
            }
        }
        "quobyte" => quobyte(node, out),
        "fc" => fibre_channel(node, out),
        "flexVolume" => {
            out.required_text(&node.get("driver"));
            for (key, option) in node.get("options").entries() {
                let domain = key.split('/').next().unwrap_or(key).to_lowercase();
                let reserved = ["kubernetes.io", "k8s.io"];
                if reserved.iter().any(|own| {
                    let rest = domain.strip_suffix(own);
                    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
                }) {
                    let message = "the domains kubernetes.io and k8s.io belong to Kubernetes";
                    out.invalid(option.path, message);
                }
            }
        }
        "azureFile" => {
            out.required_text(&node.get("secretName"));
            out.required_text(&node.get("shareName"));
            let namespace = node.get("secretNamespace");
            if persistent && namespace.is_set() && namespace.is_empty() {
                out.required(namespace.path);
            }
        }
        "vsphereVolume" => out.required_text(&node.get("volumePath")),
        "azureDisk" => azure_disk(node, out),
        "storageos" => storage_os(node, persistent, out),
        "portworxVolume" => out.required_text(&node.get("volumeID")),
        "scaleIO" => {
            for name in ["gateway", "system", "volumeName"] {
                out.required_text(&node.get(name));
            }
        }
        "photonPersistentDisk" => out.required_text(&node.get("pdID")),
        "local" => {
            let path = node.get("path");
            if path.str().is_empty() {
                out.required(path.path);
            }
            text::no_backsteps(path.path, path.str(), out);
        }
        "csi" => csi(node, out),
        _ => {}
    }
}

fn partition(node: &Node<'_, '_>, out: &mut Faults) {
    let number = node.get("partition");
    if number.is_set() {
        out.within(&number, 0, 255);
    }
}

fn secret(node: &Node<'_, '_>, persistent: bool, out: &mut Faults) {
    if !node.is_set() {
        return;
    }
    out.required_text(&node.get("name"));
    if persistent {
        out.required_text(&node.get("namespace"));
    }
}

fn iscsi(node: &Node<'_, '_>, persistent: bool, out: &mut Faults) {
    out.required_text(&node.get("targetPortal"));
    let iqn = node.get("iqn");
    if iqn.str().is_empty() {
        out.required(iqn.path);
    } else if !is_iscsi_name(iqn.str()) {
        out.invalid(
            iqn.path,
            format!(
                "\"{}\" must be a name such as iqn.2001-04.com.example:disk",
                iqn.str()
            ),
        );
    }
    out.within(&node.get("lun"), 0, 255);
    let secret = node.get("secretRef");
    let chap = node.flag("chapAuthDiscovery") || node.flag("chapAuthSession");
    if chap && !secret.is_set() {
        out.required(secret.path);
    }
    if persistent && secret.is_set() {
        out.required_text(&secret.get("name"));
    }
    let initiator = node.get("initiatorName");
    if initiator.is_set() && !is_iscsi_name(initiator.str()) {
        out.invalid(
            node.path.field("initiatorname"),
            format!(
                "\"{}\" must be a name such as iqn.2001-04.com.example:host",
                initiator.str()
            ),
        );
    }
}

/// `iqn.2001-04.com.example:disk`, or `eui.` or `naa.` with a number.
fn is_iscsi_name(name: &str) -> bool {
    let alphanumeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if let Some(rest) = name.strip_prefix("iqn.") {
        let digits = |text: &str, length| {
            text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let (date, rest) = rest.split_once('.').unwrap_or((rest, ""));
        let (year, month) = date.split_once('-').unwrap_or((date, ""));
        let (domain, own) = rest.split_once(':').unwrap_or((rest, ""));
        let in_domain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        let in_own = |c: char| !c.is_ascii_whitespace() && !",;*&$|".contains(c);
        return digits(year, 4)
            && digits(month, 2)
            && !domain.is_empty()
            && domain.bytes().all(in_domain)
            && !own.is_empty()
            && own.chars().all(in_own);
    }
    [("eui.", 16), ("naa.", 32)].iter().any(|(start, length)| {
        let rest = name.strip_prefix(start);
        rest.is_some_and(|rest| rest.len() == *length && alphanumeric(rest))
    })
}

fn quobyte(node: &Node<'_, '_>, out: &mut Faults) {
    let (registry, tenant) = (node.get("registry"), node.get("tenant"));
    if registry.str().is_empty() {
        out.required_as(
            registry.path,
            "HOST:PORT, or several with commas between them",
        );
    } else if tenant.str().len() >= 65 {
        out.invalid(tenant.path, "must have at most 64 characters");
    } else if registry.str().split(',').any(|pair| !is_address(pair)) {
        out.invalid(
            registry.path,
            format!(
                "\"{}\" must be HOST:PORT, or several with commas between them",
                registry.str()
            ),
        );
    }
    out.required_text(&node.get("volume"));
}

/// `HOST:PORT`, where both may be empty, and only a host in brackets has colons of its own.
fn is_address(pair: &str) -> bool {
    let Some((host, port)) = pair.rsplit_once(':') else {
        return false;
    };
    let inner = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let (host, colons) = inner.map_or((host, false), |inner| (inner, true));
    !host.contains(['[', ']']) && !port.contains(['[', ']']) && (colons || !host.contains(':'))
}

fn fibre_channel(node: &Node<'_, '_>, out: &mut Faults) {
    let (targets, ids) = (node.get("targetWWNs"), node.get("wwids"));
    if targets.is_empty() && ids.is_empty() {
        out.required_as(targets.path, "one of targetWWNs, wwids");
    } else if !targets.is_empty() && !ids.is_empty() {
        out.invalid(targets.path, "must have only one of: targetWWNs, wwids");
    } else if !targets.is_empty() {
        let lun = node.get("lun");
        if lun.is_set() {
            out.within(&lun, 0, 255);
        } else {
            out.required_as(lun.path, "there are targetWWNs");
        }
    }
}

fn azure_disk(node: &Node<'_, '_>, out: &mut Faults) {
    out.required_text(&node.get("diskName"));
    let uri = node.get("diskURI");
    out.required_text(&uri);
    out.one_of(&node.get("cachingMode"), &["None", "ReadOnly", "ReadWrite"]);
    let kind = node.get("kind");
    out.one_of(&kind, &["Dedicated", "Managed", "Shared"]);
    if kind.str() == "Managed" {
        if !uri.str().starts_with("/subscriptions/") {
            out.unsupported(
                uri.path,
                uri.str(),
                &["/subscriptions/ID/resourcegroups/GROUP/providers/microsoft.compute/disks/DISK"],
            );
        }
    } else if !uri.str().starts_with("https://") {
        out.unsupported(
            uri.path,
            uri.str(),
            &["https://ACCOUNT.blob.core.windows.net/CONTAINER/DISK.vhd"],
        );
    }
}

fn storage_os(node: &Node<'_, '_>, persistent: bool, out: &mut Faults) {
    let (volume, namespace) = (node.get("volumeName"), node.get("volumeNamespace"));
    out.required_label(&volume);
    if !namespace.is_empty() {
        out.named(&namespace, names::dns_label);
    }
    secret(&node.get("secretRef"), persistent, out);
}

fn csi(node: &Node<'_, '_>, out: &mut Faults) {
    text::driver_name(&node.get("driver"), out);
    out.required_text(&node.get("volumeHandle"));
    for name in [
        "controllerPublishSecretRef",
        "controllerExpandSecretRef",
        "nodePublishSecretRef",
        "nodeExpandSecretRef",
    ] {
        let secret = node.get(name);
        if !secret.is_set() {
            continue;
        }
        out.required_subdomain(&secret.get("name"));
        out.required_label(&secret.get("namespace"));
    }
}
