//! What is different on Windows.

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::node::Node;
use super::each;

/// The options of a pod or container on Windows.
pub(super) fn options(node: &Node<'_, '_>, out: &mut Faults) {
    let spec_name = node.get("gmsaCredentialSpecName");
    if spec_name.is_set() {
        out.named(&spec_name, names::dns_subdomain);
    }
    let spec = node.get("gmsaCredentialSpec");
    if spec.is_set() && (spec.str().is_empty() || spec.str().len() > 64 * 1024) {
        out.invalid(spec.path, "must have from 1 to 65536 bytes");
    }
    let user = node.get("runAsUserName");
    if user.is_set() && !is_user(user.str()) {
        out.invalid(
            user.path,
            format!("\"{}\" must be [DOMAIN\\]USER", user.str()),
        );
    }
}

fn is_user(text: &str) -> bool {
    let (domain, user) = match text.split_once('\\') {
        Some((domain, user)) => (Some(domain), user),
        None => (None, text),
    };
    let forbidden = |c: char| c.is_control() || "\"/\\:|<>+=,?*@[];".contains(c);
    let domain_fits = domain.is_none_or(|domain| is_netbios(domain) || is_dns(domain));
    domain_fits
        && !user.is_empty()
        && user.chars().count() <= 104
        && !user.chars().all(|c| c == '.' || c == ' ')
        && !user.contains(forbidden)
}

/// At most fifteen characters, of which few are forbidden.
fn is_netbios(domain: &str) -> bool {
    (1..=15).contains(&domain.chars().count())
        && !domain.starts_with('.')
        && !domain.contains(['\\', '/', ':', '*', '?', '"', '<', '>', '|'])
}

/// A DNS name, with letters in upper case where one likes.
fn is_dns(domain: &str) -> bool {
    domain.len() < 256 && names::dns_subdomain(&domain.to_ascii_lowercase()).is_ok()
}

/// The operating system that the pod is for, and containers that are processes of the node.
pub(super) fn check(spec: &Node<'_, '_>, out: &mut Faults) {
    let os = spec.get("os");
    let name = os.get("name");
    if os.is_set() {
        match name.str() {
            "" => out.required(name.path),
            "linux" => linux(spec, out),
            "windows" => windows(spec, out),
            other => out.unsupported(os.path, other, &["linux", "windows"]),
        }
    }
    host_process(spec, out);
}

fn linux(spec: &Node<'_, '_>, out: &mut Faults) {
    let context = spec.get("securityContext");
    let refuse = |context: &Node<'_, '_>, out: &mut Faults| {
        let options = context.get("windowsOptions");
        if options.is_set() {
            out.forbidden(options.path, "the pod is for linux");
        }
    };
    refuse(&context, out);
    each::container(spec, &mut |_, container| {
        refuse(&container.get("securityContext"), out)
    });
}

fn windows(spec: &Node<'_, '_>, out: &mut Faults) {
    const OF_POD: [&str; 9] = [
        "appArmorProfile",
        "seLinuxOptions",
        "seccompProfile",
        "fsGroup",
        "fsGroupChangePolicy",
        "sysctls",
        "runAsUser",
        "runAsGroup",
        "supplementalGroups",
    ];
    const OF_CONTAINER: [&str; 10] = [
        "appArmorProfile",
        "seLinuxOptions",
        "seccompProfile",
        "capabilities",
        "readOnlyRootFilesystem",
        "privileged",
        "allowPrivilegeEscalation",
        "procMount",
        "runAsUser",
        "runAsGroup",
    ];
    let refuse =
        |node: Node<'_, '_>, out: &mut Faults| out.forbidden(node.path, "the pod is for windows");
    for name in ["hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"] {
        let node = spec.get(name);
        // A namespace that is not shared is what Windows has; the other two may not be mentioned at all.
        if node.bool() || (node.is_set() && matches!(name, "shareProcessNamespace" | "hostUsers")) {
            refuse(node, out);
        }
    }
    let context = spec.get("securityContext");
    for name in OF_POD
        .into_iter()
        .chain(["supplementalGroupsPolicy", "seLinuxChangePolicy"])
    {
        let node = context.get(name);
        if node.is_set() {
            refuse(node, out);
        }
    }
    each::container(spec, &mut |_, container| {
        let context = container.get("securityContext");
        for name in OF_CONTAINER {
            let node = context.get(name);
            if node.is_set() {
                refuse(node, out);
            }
        }
    });
}

/// Processes of the node: all containers of the pod, or none.
fn host_process(spec: &Node<'_, '_>, out: &mut Faults) {
    let of_pod = spec
        .at(&["securityContext", "windowsOptions", "hostProcess"])
        .as_bool();
    let (mut all, mut chosen) = (0, 0);
    each::container(spec, &mut |_, container| {
        all += 1;
        let context = container.get("securityContext");
        let options = context.get("windowsOptions");
        let own = options.get("hostProcess");
        if let (Some(pod), Some(own_flag)) = (of_pod, own.value.as_bool())
            && pod != own_flag
        {
            out.invalid(own.path, format!("must be {pod}, as in the pod"));
        }
        if own.value.as_bool().or(of_pod) == Some(true) {
            chosen += 1;
        }
    });
    if chosen == 0 {
        return;
    }
    if chosen != all {
        out.invalid(
            spec.path,
            "must have hostProcess for all containers, or for none",
        );
    }
    if !spec.flag("hostNetwork") {
        out.invalid(
            spec.get("hostNetwork").path,
            "must be true where containers are processes of the node",
        );
    }
}
