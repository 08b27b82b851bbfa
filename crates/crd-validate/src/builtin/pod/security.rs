//! What the processes of a pod may do.

use super::super::faults::Faults;
use super::super::node::Node;
use super::super::text;
use super::each;

/// Where annotations once named a container's AppArmor profile.
pub(in super::super) const APP_ARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";

/// The security context of the pod, and what depends on its namespaces.
pub(super) fn pod(spec: &Node<'_, '_>, out: &mut Faults) {
    let context = spec.get("securityContext");
    identities(&context, &["runAsUser", "runAsGroup", "fsGroup"], out);
    for group in context.get("supplementalGroups").items() {
        out.within(&group, 0, i32::MAX.into());
    }
    seccomp(&context.get("seccompProfile"), out);
    app_armor(&context.get("appArmorProfile"), out);
    out.one_of(
        &context.get("fsGroupChangePolicy"),
        &["Always", "OnRootMismatch"],
    );
    out.one_of(
        &context.get("supplementalGroupsPolicy"),
        &["Merge", "Strict"],
    );
    out.one_of(
        &context.get("seLinuxChangePolicy"),
        &["MountOption", "Recursive"],
    );
    super::windows::options(&context.get("windowsOptions"), out);
    sysctls(spec, &context.get("sysctls"), out);
    if spec.flag("shareProcessNamespace") && spec.flag("hostPID") {
        out.invalid(
            // The server has it among the members of the security context.
            context.path.field("shareProcessNamespace"),
            "excludes hostPID: the pod has the processes of the node already",
        );
    }
    if spec.has("hostUsers") && !spec.flag("hostUsers") {
        // The server writes these names with a capital letter.
        for (name, called) in [("hostPID", "HostPID"), ("hostIPC", "HostIPC")] {
            if spec.flag(name) {
                out.forbidden(spec.path.field(called), "hostUsers is false");
            }
        }
        if spec.flag("hostNetwork") && out.version < crate::version::KubernetesVersion::V1_37 {
            out.forbidden(spec.get("hostNetwork").path, "hostUsers is false");
        }
        if out.version >= crate::version::KubernetesVersion::V1_35 {
            each::container(spec, &mut |_, container| {
                let devices = container.get("volumeDevices");
                if !devices.is_empty() {
                    out.forbidden(devices.path, "hostUsers is false");
                }
            });
        }
    }
}

fn identities(context: &Node<'_, '_>, members: &[&str], out: &mut Faults) {
    for name in members {
        let id = context.get(name);
        if id.is_set() {
            out.within(&id, 0, i32::MAX.into());
        }
    }
}

fn sysctls(spec: &Node<'_, '_>, list: &Node<'_, '_>, out: &mut Faults) {
    let mut seen = std::collections::HashSet::new();
    for sysctl in list.items() {
        let name = sysctl.get("name");
        let plain = name.str().replace('/', ".");
        if name.str().is_empty() {
            out.required(name.path);
        } else if name.str().len() > 253 || !is_sysctl(name.str()) {
            let message = format!(
                "\"{}\" must be lower-case words joined by '.' or '/'",
                name.str()
            );
            out.invalid(name.path, message);
        } else if seen.contains(name.str()) {
            out.duplicate(name.path, name.str());
        }
        seen.insert(name.str());
        let of_ipc = plain == "kernel.sem"
            || ["fs.mqueue.", "kernel.shm", "kernel.msg"]
                .iter()
                .any(|start| plain.starts_with(start));
        if of_ipc && spec.flag("hostIPC") {
            out.invalid(name.path, "belongs to the node where hostIPC is true");
        }
        if plain.starts_with("net.") && spec.flag("hostNetwork") {
            out.invalid(name.path, "belongs to the node where hostNetwork is true");
        }
    }
}

fn is_sysctl(name: &str) -> bool {
    name.split(['.', '/']).all(|part| {
        let bytes = part.as_bytes();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        bytes.first().is_some_and(|byte| plain(*byte))
            && bytes.last().is_some_and(|byte| plain(*byte))
            && bytes
                .iter()
                .all(|byte| plain(*byte) || matches!(byte, b'-' | b'_'))
    })
}

/// A container's own security context, and what it must not say beside the pod's.
pub(super) fn container(context: &Node<'_, '_>, spec: &Node<'_, '_>, out: &mut Faults) {
    if !context.is_set() {
        return;
    }
    identities(context, &["runAsUser", "runAsGroup"], out);
    let mount = context.get("procMount");
    if out.one_of(&mount, &["Default", "Unmasked"])
        && mount.str() == "Unmasked"
        && (!spec.has("hostUsers") || spec.flag("hostUsers"))
    {
        out.invalid(mount.path, "Unmasked needs a pod with hostUsers false");
    }
    seccomp(&context.get("seccompProfile"), out);
    app_armor(&context.get("appArmorProfile"), out);
    super::windows::options(&context.get("windowsOptions"), out);
    if context.has("allowPrivilegeEscalation") && !context.flag("allowPrivilegeEscalation") {
        if context.flag("privileged") {
            out.invalid(
                context.path,
                "allowPrivilegeEscalation cannot be false where privileged is true",
            );
        }
        let capabilities = context.get("capabilities");
        let added = capabilities.get("add");
        if added.items().any(|name| name.str() == "CAP_SYS_ADMIN") {
            let message = "allowPrivilegeEscalation cannot be false where CAP_SYS_ADMIN is added";
            out.invalid(context.path, message);
        }
    }
}

fn seccomp(profile: &Node<'_, '_>, out: &mut Faults) {
    if !profile.is_set() {
        return;
    }
    let local = profile.get("localhostProfile");
    match profile.text("type") {
        "Localhost" if !local.is_set() => out.required_as(local.path, "type is Localhost"),
        "Localhost" => text::descending_path(local.path, local.str(), out),
        _ if local.is_set() => out.invalid(local.path, "is only for the type Localhost"),
        _ => {}
    }
    out.must_be_one_of(
        &profile.get("type"),
        &["Localhost", "RuntimeDefault", "Unconfined"],
    );
}

fn app_armor(profile: &Node<'_, '_>, out: &mut Faults) {
    if !profile.is_set() {
        return;
    }
    let local = profile.get("localhostProfile");
    match profile.text("type") {
        "Localhost" => {
            if local.str().trim().is_empty() {
                out.required_as(local.path, "type is Localhost");
            } else if local.str().trim() != local.str() {
                out.invalid(local.path, "must not begin or end with a space");
            } else if local.str().len() > 4095 {
                out.invalid(
                    local.path,
                    format!("must have at most 4095 bytes, has {}", local.str().len()),
                );
            }
        }
        "RuntimeDefault" | "Unconfined" if local.is_set() => {
            out.invalid(local.path, "is only for the type Localhost");
        }
        "" => out.required(profile.get("type").path),
        "RuntimeDefault" | "Unconfined" => {}
        other => out.unsupported(
            profile.get("type").path,
            other,
            &["Localhost", "RuntimeDefault", "Unconfined"],
        ),
    }
}

/// The annotations in which profiles stood before there was a field.
pub(super) fn app_armor_annotations(
    annotations: &Node<'_, '_>,
    spec: &Node<'_, '_>,
    compare: bool,
    out: &mut Faults,
) {
    for (key, value) in annotations.entries() {
        let Some(name) = key.strip_prefix(APP_ARMOR) else {
            continue;
        };
        let mut found = false;
        each::container(spec, &mut |_, container| {
            found |= container.text("name") == name;
            let windows = spec.at(&["os", "name"]) == "windows";
            if compare && container.text("name") == name && !windows {
                agree(value.str(), container, spec, out);
            }
        });
        if !found {
            out.not_found(value.path, name, "a container of the pod");
        }
        let profile = value.str();
        if !matches!(profile, "" | "runtime/default" | "unconfined")
            && !profile.starts_with("localhost/")
        {
            let message =
                format!("\"{profile}\" is not one of: runtime/default, unconfined, localhost/NAME");
            out.invalid(value.path, message);
        }
    }
}

/// The annotation and the field say the same: that of the container, or that of the pod where it has none.
fn agree(profile: &str, container: &Node<'_, '_>, spec: &Node<'_, '_>, out: &mut Faults) {
    let context = container.get("securityContext");
    let own = context.get("appArmorProfile");
    let field = Node {
        value: if own.is_set() {
            own.value
        } else {
            spec.at(&["securityContext", "appArmorProfile"])
        },
        path: own.path,
    };
    let file = profile.strip_prefix("localhost/");
    let same = match field.text("type") {
        "Unconfined" => profile == "unconfined",
        "RuntimeDefault" => profile == "runtime/default",
        "Localhost" => file.is_some(),
        _ => return,
    };
    let why = "the annotation for AppArmor says something else";
    let local = field.get("localhostProfile");
    if !same {
        out.forbidden(field.get("type").path, why);
    } else if file.is_some_and(|file| !local.is_set() || file != local.str()) {
        out.forbidden(local.path, why);
    }
}
