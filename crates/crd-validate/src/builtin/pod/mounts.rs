//! Where a container sees the volumes of its pod.

use std::collections::HashSet;

use super::super::faults::Faults;
use super::super::node::Node;
use super::super::text;
use super::mountable::Volumes;

/// The mounts and the devices of a container.
pub(super) fn check(container: &Node<'_, '_>, volumes: &Volumes<'_>, out: &mut Faults) {
    let (mounts, devices) = (
        container.get("volumeMounts"),
        container.get("volumeDevices"),
    );
    let device_names: Vec<&str> = devices.items().map(|device| device.text("name")).collect();
    let device_paths: Vec<&str> = devices
        .items()
        .map(|device| device.text("devicePath"))
        .collect();
    let mut seen = HashSet::new();
    for mount in mounts.items() {
        let (name, path) = (mount.get("name"), mount.get("mountPath"));
        out.required_text(&name);
        if !volumes.has(name.str()) && !name.is_empty() {
            out.not_found(name.path, name.str(), "a volume of the pod");
        }
        out.required_text(&path);
        if !seen.insert(path.str()) {
            out.invalid(
                path.path,
                format!("\"{}\" is taken by an earlier mount", path.str()),
            );
        }
        if device_names.contains(&name.str()) {
            out.invalid(
                name.path,
                "is listed in volumeDevices too: a volume is mounted, or is a device",
            );
        }
        if device_paths.contains(&path.str()) {
            out.invalid(path.path, "is the path of a device too");
        }
        // The server does not say which mount.
        let (below, expression) = (mount.text("subPath"), mount.get("subPathExpr"));
        text::descending_path(mounts.path.field("subPath"), below, out);
        if !expression.is_empty() {
            if !below.is_empty() {
                out.invalid(
                    expression.path,
                    "must not stand beside subPath: give one of the two",
                );
            }
            text::descending_path(mounts.path.field("subPathExpr"), expression.str(), out);
        }
        propagation(&mounts, &mount, container, out);
        read_only(&mounts, &mount, out);
    }
    check_devices(&devices, &mounts, volumes, out);
}

fn propagation(
    mounts: &Node<'_, '_>,
    mount: &Node<'_, '_>,
    container: &Node<'_, '_>,
    out: &mut Faults,
) {
    let path = mounts.path.field("mountPropagation");
    let privileged = container.at(&["securityContext", "privileged"]).as_bool();
    match mount.text("mountPropagation") {
        "" if !mount.has("mountPropagation") => {}
        "None" | "HostToContainer" => {}
        "Bidirectional" if privileged == Some(true) => {}
        "Bidirectional" => out.forbidden(path, "Bidirectional is for privileged containers"),
        other => out.unsupported(path, other, &["Bidirectional", "HostToContainer", "None"]),
    }
}

fn read_only(mounts: &Node<'_, '_>, mount: &Node<'_, '_>, out: &mut Faults) {
    let path = mounts.path.field("recursiveReadOnly");
    match mount.text("recursiveReadOnly") {
        "" if !mount.has("recursiveReadOnly") => {}
        "Disabled" => {}
        "Enabled" | "IfPossible" => {
            if !mount.flag("readOnly") {
                out.forbidden(path, "readOnly is not true");
            }
            if !matches!(mount.text("mountPropagation"), "" | "None") {
                out.forbidden(path, "mountPropagation is not None");
            }
        }
        other => out.unsupported(path, other, &["Disabled", "Enabled", "IfPossible"]),
    }
}

fn check_devices(
    devices: &Node<'_, '_>,
    mounts: &Node<'_, '_>,
    volumes: &Volumes<'_>,
    out: &mut Faults,
) {
    let mount_names: Vec<&str> = mounts.items().map(|mount| mount.text("name")).collect();
    let mount_paths: Vec<&str> = mounts
        .items()
        .map(|mount| mount.text("mountPath"))
        .collect();
    let (mut names, mut paths) = (HashSet::new(), HashSet::new());
    for device in devices.items() {
        let (name, path) = (device.get("name"), device.get("devicePath"));
        if name.str().is_empty() {
            out.required(name.path);
        }
        if !names.insert(name.str()) {
            out.invalid(
                name.path,
                format!("\"{}\" is used by an earlier device", name.str()),
            );
        }
        match volumes.is_claim(name.str()) {
            None if name.is_empty() => {}
            None => out.not_found(name.path, name.str(), "a volume of the pod"),
            Some(false) => out.invalid(
                name.path,
                "must be a volume that is a claim, to be used as a device",
            ),
            Some(true) => {}
        }
        out.required_text(&path);
        if !paths.insert(path.str()) {
            out.invalid(
                path.path,
                format!("\"{}\" is taken by an earlier device", path.str()),
            );
        }
        text::no_backsteps(path.path, path.str(), out);
        if mount_names.contains(&name.str()) {
            out.invalid(
                name.path,
                "is listed in volumeMounts too: a volume is mounted, or is a device",
            );
        }
        if mount_paths.contains(&path.str()) {
            out.invalid(path.path, "is the path of a mount too");
        }
    }
}
