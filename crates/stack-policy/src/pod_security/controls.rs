//! The controls, one function each.

use kube_vocab::FieldPath;
use stack_model::Value;

use super::containers::{Container, Pod, named, set, spec};
use super::{Level, Violation};

/// A control of a level, in the versions in which it holds.
pub(super) struct Control {
    pub level: Level,
    /// The first minor version of Kubernetes in which it holds.
    pub since: u32,
    /// The first minor version in which it holds no more.
    pub until: Option<u32>,
    /// The first minor version in which the restricted level asks for more in its place.
    pub replaced: Option<u32>,
    pub check: fn(&Pod<'_>, u32) -> Option<Violation>,
}

const fn baseline(check: fn(&Pod<'_>, u32) -> Option<Violation>) -> Control {
    Control {
        level: Level::Baseline,
        since: 0,
        until: None,
        replaced: None,
        check,
    }
}

const fn restricted(since: u32, check: fn(&Pod<'_>, u32) -> Option<Violation>) -> Control {
    Control {
        level: Level::Restricted,
        since,
        until: None,
        replaced: None,
        check,
    }
}

/// All controls, those of the baseline first.
pub(super) const ALL: &[Control] = &[
    baseline(host_process),
    baseline(host_namespaces),
    baseline(privileged),
    Control {
        replaced: Some(22),
        ..baseline(capabilities)
    },
    Control {
        replaced: Some(0),
        ..baseline(host_paths)
    },
    baseline(host_ports),
    Control {
        since: 34,
        ..baseline(probe_hosts)
    },
    baseline(app_armor),
    baseline(se_linux),
    baseline(proc_mount),
    Control {
        until: Some(19),
        ..baseline(seccomp_annotations)
    },
    Control {
        since: 19,
        replaced: Some(19),
        ..baseline(seccomp)
    },
    baseline(sysctls),
    restricted(0, volumes),
    restricted(8, privilege_escalation),
    restricted(0, run_as_non_root),
    restricted(23, run_as_user),
    restricted(19, seccomp_required),
    restricted(22, dropped_capabilities),
];

fn violation(control: &'static str, path: FieldPath, detail: String) -> Option<Violation> {
    Some(Violation {
        control,
        path,
        detail,
    })
}

/// The containers of which something is true.
fn those<'p>(pod: &Pod<'p>, is: impl Fn(&Container<'p>) -> bool) -> Vec<Container<'p>> {
    let containers = pod.containers.iter().copied();
    containers.filter(|container| is(container)).collect()
}

fn names<'p>(containers: &[Container<'p>]) -> Vec<&'p str> {
    containers.iter().map(|container| container.name).collect()
}

/// `"a", "b"`, each once.
fn quoted(values: impl IntoIterator<Item = String>) -> String {
    let mut values: Vec<String> = values
        .into_iter()
        .map(|value| format!("\"{value}\""))
        .collect();
    values.sort();
    values.dedup();
    values.join(", ")
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

/// Pods of Windows are let off controls of Linux, since 1.25.
fn is_windows(pod: &Pod<'_>, minor: u32) -> bool {
    minor >= 25
        && pod
            .value
            .pointer("/spec/os/name")
            .is_some_and(|name| name == "windows")
}

/// Pods in a user namespace of their own are let off some controls, since 1.35.
fn has_own_users(pod: &Pod<'_>, minor: u32) -> bool {
    minor >= 35 && pod.value.pointer("/spec/hostUsers") == Some(&Value::Bool(false))
}

fn host_process(pod: &Pod<'_>, _: u32) -> Option<Violation> {
    let found = those(pod, |one| {
        one.secured("/windowsOptions/hostProcess") == Some(&true.into())
    });
    let of_pod = pod.secured("/windowsOptions/hostProcess") == Some(&true.into());
    let members = ["securityContext", "windowsOptions", "hostProcess"];
    let path = match found.first() {
        _ if of_pod => members
            .iter()
            .fold(spec(), |path, member| path.field(*member)),
        Some(first) => first.at(&members),
        None => return None,
    };
    let mut who = Vec::new();
    if of_pod {
        who.push("pod".to_owned());
    }
    if !found.is_empty() {
        who.push(named(names(&found)));
    }
    let detail = format!(
        "{} must not set securityContext.windowsOptions.hostProcess=true",
        who.join(" and ")
    );
    violation("hostProcess", path, detail)
}

fn host_namespaces(pod: &Pod<'_>, _: u32) -> Option<Violation> {
    let fields = ["hostNetwork", "hostPID", "hostIPC"];
    let mut used = fields
        .into_iter()
        .filter(|field| pod.value["spec"][*field] == true)
        .peekable();
    let first = spec().field(*used.peek()?);
    let detail: Vec<String> = used.map(|field| format!("{field}=true")).collect();
    violation("host namespaces", first, detail.join(", "))
}

fn privileged(pod: &Pod<'_>, _: u32) -> Option<Violation> {
    let found = those(pod, |one| one.secured("/privileged") == Some(&true.into()));
    let path = found.first()?.at(&["securityContext", "privileged"]);
    let detail = format!(
        "{} must not set securityContext.privileged=true",
        named(names(&found))
    );
    violation("privileged", path, detail)
}

/// Capabilities that the default of container runtimes has.
const DEFAULT_CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

fn capabilities(pod: &Pod<'_>, _: u32) -> Option<Violation> {
    let forbidden = |one: &Container<'_>| -> Vec<String> {
        items(one.secured("/capabilities/add"))
            .map(text)
            .filter(|added| !DEFAULT_CAPABILITIES.contains(&added.as_str()))
            .collect()
    };
    let found = those(pod, |one| !forbidden(one).is_empty());
    let path = found
        .first()?
        .at(&["securityContext", "capabilities", "add"]);
    let added = quoted(found.iter().flat_map(forbidden));
    let who = named(names(&found));
    let detail = format!("{who} must not include {added} in securityContext.capabilities.add");
    violation("non-default capabilities", path, detail)
}

fn host_paths(pod: &Pod<'_>, _: u32) -> Option<Violation> {
    let volumes = items(pod.value.pointer("/spec/volumes")).enumerate();
    let found: Vec<(usize, &Value)> = volumes
        .filter(|(_, volume)| set(volume.get("hostPath")).is_some())
        .collect();
    let path = spec()
        .field("volumes")
        .index(found.first()?.0)
        .field("hostPath");
    let names = quoted(found.iter().map(|(_, volume)| text(&volume["name"])));
    let word = if found.len() == 1 {
        "volume"
    } else {
        "volumes"
    };
    violation("hostPath volumes", path, format!("{word} {names}"))
}

fn host_ports(pod: &Pod<'_>, _: u32) -> Option<Violation> {
    let of = |one: &Container<'_>| -> Vec<(usize, u64)> {
        items(one.value.get("ports"))
            .enumerate()
            .filter_map(|(at, port)| Some((at, port.get("hostPort")?.as_u64()?)))
            .filter(|(_, port)| *port != 0)
            .collect()
    };
    let found = those(pod, |one| !of(one).is_empty());
    let first = found.first()?;
    let path = first
        .at(&["ports"])
        .index(of(first).first()?.0)
        .field("hostPort");
    let mut ports: Vec<u64> = found.iter().flat_map(of).map(|(_, port)| port).collect();
    ports.sort_unstable();
    ports.dedup();
    let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
    let word = if ports.len() == 1 {
        "hostPort"
    } else {
        "hostPorts"
    };
    let who = named(names(&found));
    let verb = if found.len() == 1 { "uses" } else { "use" };
    violation(
        "hostPort",
        path,
        format!("{who} {verb} {word} {}", ports.join(", ")),
    )
}

fn probe_hosts(pod: &Pod<'_>, _: u32) -> Option<Violation> {
    const PLACES: [&[&str]; 5] = [
        &["livenessProbe"],
        &["readinessProbe"],
        &["startupProbe"],
        &["lifecycle", "postStart"],
        &["lifecycle", "preStop"],
    ];
    let of = |one: &Container<'_>| -> Option<(FieldPath, String)> {
        PLACES.iter().find_map(|place| {
            let mut at = one.value;
            for member in *place {
                at = at.get(member)?;
            }
            ["httpGet", "tcpSocket"].iter().find_map(|handler| {
                let host = at.get(handler)?.get("host")?.as_str()?;
                let path = one.at(place).field(*handler).field("host");
                (!host.is_empty()).then(|| (path, host.to_owned()))
            })
        })
    };
    let found = those(pod, |one| of(one).is_some());
    let (path, _) = of(found.first()?)?;
    let hosts = quoted(found.iter().filter_map(of).map(|(_, host)| host));
    let who = named(names(&found));
    violation(
        "probe or lifecycle host",
        path,
        format!("{who} must not use {hosts} as a host"),
    )
}

fn app_armor(pod: &Pod<'_>, _: u32) -> Option<Violation> {
    let allowed = ["RuntimeDefault", "Localhost"];
    let bad = |value: Option<&Value>| {
        let kind = value.map(text);
        kind.filter(|kind| !allowed.contains(&kind.as_str()))
    };
    let members = ["securityContext", "appArmorProfile", "type"];
    if let Some(kind) = bad(pod.secured("/appArmorProfile/type")) {
        let path = members
            .iter()
            .fold(spec(), |path, member| path.field(*member));
        let detail = format!("pod must not set AppArmor profile type to \"{kind}\"");
        return violation("forbidden AppArmor profile", path, detail);
    }
    let found = those(pod, |one| {
        bad(one.secured("/appArmorProfile/type")).is_some()
    });
    if let Some(first) = found.first() {
        let kinds = quoted(
            found
                .iter()
                .filter_map(|one| bad(one.secured("/appArmorProfile/type"))),
        );
        let who = named(names(&found));
        let detail = format!("{who} must not set AppArmor profile type to {kinds}");
        return violation("forbidden AppArmor profile", first.at(&members), detail);
    }
    let annotations = pod
        .value
        .pointer("/metadata/annotations")
        .and_then(Value::as_object);
    let mut annotations = annotations.into_iter().flatten().filter(|(key, value)| {
        let profile = value.as_str().unwrap_or_default();
        key.starts_with("container.apparmor.security.beta.kubernetes.io/")
            && !profile.is_empty()
            && profile != "runtime/default"
            && !profile.starts_with("localhost/")
    });
    let (key, value) = annotations.next()?;
    let path = FieldPath::root()
        .field("metadata")
        .field("annotations")
        .key(key.as_str());
    let detail = format!("annotation {key}={value}");
    violation("forbidden AppArmor profile", path, detail)
}

fn se_linux(pod: &Pod<'_>, minor: u32) -> Option<Violation> {
    let is_known = |kind: &str| {
        matches!(
            kind,
            "" | "container_t" | "container_init_t" | "container_kvm_t"
        ) || minor >= 31 && kind == "container_engine_t"
    };
    let bad = |options: &Value| -> Option<(&'static str, String)> {
        let member = |name: &'static str| options.get(name).and_then(Value::as_str);
        let kind = member("type").filter(|kind| !is_known(kind));
        let kind = kind.map(|kind| ("type", format!("type \"{kind}\"")));
        let set = |name| {
            member(name)
                .filter(|text| !text.is_empty())
                .map(|_| (name, format!("{name} may not be set")))
        };
        kind.or_else(|| set("user")).or_else(|| set("role"))
    };
    let members = ["securityContext", "seLinuxOptions"];
    if let Some((field, detail)) = pod.secured("/seLinuxOptions").and_then(bad) {
        let path = members
            .iter()
            .fold(spec(), |path, member| path.field(*member));
        return violation(
            "seLinuxOptions",
            path.field(field),
            format!("pod set forbidden securityContext.seLinuxOptions: {detail}"),
        );
    }
    let of = |one: &Container<'_>| one.secured("/seLinuxOptions").and_then(bad);
    let found = those(pod, |one| of(one).is_some());
    let (field, detail) = of(found.first()?)?;
    let who = named(names(&found));
    let path = found.first()?.at(&members).field(field);
    violation(
        "seLinuxOptions",
        path,
        format!("{who} set forbidden securityContext.seLinuxOptions: {detail}"),
    )
}

fn proc_mount(pod: &Pod<'_>, minor: u32) -> Option<Violation> {
    if has_own_users(pod, minor) {
        return None;
    }
    let bad = |one: &Container<'_>| {
        one.secured("/procMount")
            .map(text)
            .filter(|mount| mount != "Default")
    };
    let found = those(pod, |one| bad(one).is_some());
    let path = found.first()?.at(&["securityContext", "procMount"]);
    let mounts = quoted(found.iter().filter_map(bad));
    let who = named(names(&found));
    violation(
        "procMount",
        path,
        format!("{who} must not set securityContext.procMount to {mounts}"),
    )
}

fn seccomp_annotations(pod: &Pod<'_>, _: u32) -> Option<Violation> {
    let annotations = pod
        .value
        .pointer("/metadata/annotations")
        .and_then(Value::as_object);
    let mut annotations = annotations.into_iter().flatten().filter(|(key, value)| {
        let profile = value.as_str().unwrap_or_default();
        let about = key.as_str() == "seccomp.security.alpha.kubernetes.io/pod"
            || key.starts_with("container.seccomp.security.alpha.kubernetes.io/");
        let allowed = matches!(profile, "" | "runtime/default" | "docker/default")
            || profile.starts_with("localhost/");
        about && !allowed
    });
    let (key, value) = annotations.next()?;
    let path = FieldPath::root()
        .field("metadata")
        .field("annotations")
        .key(key.as_str());
    violation("seccompProfile", path, format!("annotation {key}={value}"))
}

const SECCOMP: [&str; 3] = ["securityContext", "seccompProfile", "type"];

fn bad_seccomp(kind: Option<&Value>) -> Option<String> {
    kind.map(text)
        .filter(|kind| !matches!(kind.as_str(), "RuntimeDefault" | "Localhost"))
}

fn seccomp(pod: &Pod<'_>, _: u32) -> Option<Violation> {
    if let Some(kind) = bad_seccomp(pod.secured("/seccompProfile/type")) {
        let path = SECCOMP
            .iter()
            .fold(spec(), |path, member| path.field(*member));
        let detail = format!("pod must not set securityContext.seccompProfile.type to \"{kind}\"");
        return violation("seccompProfile", path, detail);
    }
    let of = |one: &Container<'_>| bad_seccomp(one.secured("/seccompProfile/type"));
    let found = those(pod, |one| of(one).is_some());
    let path = found.first()?.at(&SECCOMP);
    let kinds = quoted(found.iter().filter_map(of));
    let who = named(names(&found));
    violation(
        "seccompProfile",
        path,
        format!("{who} must not set securityContext.seccompProfile.type to {kinds}"),
    )
}

/// Settings of the kernel that touch nobody else, with the minor version since which they are allowed.
const SAFE_SYSCTLS: [(&str, u32); 12] = [
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
];

fn sysctls(pod: &Pod<'_>, minor: u32) -> Option<Violation> {
    let safe = |name: &str| {
        SAFE_SYSCTLS
            .iter()
            .any(|(known, since)| *known == name && *since <= minor)
    };
    let all = items(pod.value.pointer("/spec/securityContext/sysctls")).enumerate();
    let found: Vec<(usize, String)> = all
        .map(|(at, one)| (at, text(&one["name"])))
        .filter(|(_, name)| !safe(name))
        .collect();
    let path = spec()
        .field("securityContext")
        .field("sysctls")
        .index(found.first()?.0);
    let names: Vec<String> = found.into_iter().map(|(_, name)| name).collect();
    violation("forbidden sysctls", path.field("name"), names.join(", "))
}

/// Sources of volumes that are no part of the node.
const RESTRICTED_VOLUMES: [&str; 8] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

fn volumes(pod: &Pod<'_>, _: u32) -> Option<Violation> {
    let all = items(pod.value.pointer("/spec/volumes")).enumerate();
    let found: Vec<(usize, &Value)> = all
        .filter(|(_, volume)| {
            let members = volume.as_object().into_iter().flatten();
            let mut sources = members.filter(|(key, value)| *key != "name" && !value.is_null());
            // Without a source it is an empty directory.
            let first = sources.next();
            first.is_some_and(|(key, _)| !RESTRICTED_VOLUMES.contains(&key.as_str()))
        })
        .collect();
    let path = spec().field("volumes").index(found.first()?.0);
    let names = quoted(found.iter().map(|(_, volume)| text(&volume["name"])));
    let (word, verb) = match found.len() {
        1 => ("volume", "uses restricted volume type"),
        _ => ("volumes", "use restricted volume types"),
    };
    let kinds = quoted(found.iter().filter_map(|(_, volume)| {
        let members = volume.as_object()?;
        let source = members
            .iter()
            .find(|(key, value)| *key != "name" && !value.is_null());
        source.map(|(key, _)| key.to_string())
    }));
    violation(
        "restricted volume types",
        path,
        format!("{word} {names} {verb} {kinds}"),
    )
}

fn privilege_escalation(pod: &Pod<'_>, minor: u32) -> Option<Violation> {
    if is_windows(pod, minor) {
        return None;
    }
    let found = those(pod, |one| {
        one.secured("/allowPrivilegeEscalation") != Some(&false.into())
    });
    let path = found
        .first()?
        .at(&["securityContext", "allowPrivilegeEscalation"]);
    let who = named(names(&found));
    let detail = format!("{who} must set securityContext.allowPrivilegeEscalation=false");
    violation("allowPrivilegeEscalation != false", path, detail)
}

fn run_as_non_root(pod: &Pod<'_>, minor: u32) -> Option<Violation> {
    if has_own_users(pod, minor) {
        return None;
    }
    const CONTROL: &str = "runAsNonRoot != true";
    let members = ["securityContext", "runAsNonRoot"];
    let of_pod = pod.secured("/runAsNonRoot").and_then(Value::as_bool);
    let path_of_pod = || {
        members
            .iter()
            .fold(spec(), |path, member| path.field(*member))
    };
    let says = |one: &Container<'_>| one.secured("/runAsNonRoot").and_then(Value::as_bool);
    let explicit = those(pod, |one| says(one) == Some(false));
    let mut setters = Vec::new();
    if of_pod == Some(false) {
        setters.push("pod".to_owned());
    }
    if !explicit.is_empty() {
        setters.push(named(names(&explicit)));
    }
    if !setters.is_empty() {
        let path = match (of_pod, explicit.first()) {
            (Some(false), _) | (_, None) => path_of_pod(),
            (_, Some(first)) => first.at(&members),
        };
        let detail = format!(
            "{} must not set securityContext.runAsNonRoot=false",
            setters.join(" and ")
        );
        return violation(CONTROL, path, detail);
    }
    let silent = those(pod, |one| says(one).is_none() && of_pod != Some(true));
    silent.first()?;
    let who = named(names(&silent));
    let detail = format!("pod or {who} must set securityContext.runAsNonRoot=true");
    violation(CONTROL, path_of_pod(), detail)
}

fn run_as_user(pod: &Pod<'_>, minor: u32) -> Option<Violation> {
    if has_own_users(pod, minor) {
        return None;
    }
    let members = ["securityContext", "runAsUser"];
    let found = those(pod, |one| one.secured("/runAsUser") == Some(&0.into()));
    let of_pod = pod.secured("/runAsUser") == Some(&0.into());
    let path = match found.first() {
        _ if of_pod => members
            .iter()
            .fold(spec(), |path, member| path.field(*member)),
        Some(first) => first.at(&members),
        None => return None,
    };
    let mut who = Vec::new();
    if of_pod {
        who.push("pod".to_owned());
    }
    if !found.is_empty() {
        who.push(named(names(&found)));
    }
    let detail = format!("{} must not set runAsUser=0", who.join(" and "));
    violation("runAsUser=0", path, detail)
}

fn seccomp_required(pod: &Pod<'_>, minor: u32) -> Option<Violation> {
    if is_windows(pod, minor) {
        return None;
    }
    if let Some(mut found) = seccomp(pod, minor) {
        found.control = "seccompProfile";
        return Some(found);
    }
    let of_pod = pod.secured("/seccompProfile/type").is_some();
    let silent = those(pod, |one| {
        one.secured("/seccompProfile/type").is_none() && !of_pod
    });
    silent.first()?;
    let who = named(names(&silent));
    let path = SECCOMP
        .iter()
        .fold(spec(), |path, member| path.field(*member));
    let detail = format!(
        "pod or {who} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\""
    );
    violation("seccompProfile", path, detail)
}

fn dropped_capabilities(pod: &Pod<'_>, minor: u32) -> Option<Violation> {
    if is_windows(pod, minor) {
        return None;
    }
    let drops =
        |one: &Container<'_>| items(one.secured("/capabilities/drop")).any(|cap| cap == "ALL");
    let adds = |one: &Container<'_>| -> Vec<String> {
        items(one.secured("/capabilities/add"))
            .map(text)
            .filter(|added| added != "NET_BIND_SERVICE")
            .collect()
    };
    let undropped = those(pod, |one| !drops(one));
    let adding = those(pod, |one| !adds(one).is_empty());
    let mut details = Vec::new();
    if !undropped.is_empty() {
        let who = named(names(&undropped));
        details.push(format!(
            "{who} must set securityContext.capabilities.drop=[\"ALL\"]"
        ));
    }
    if !adding.is_empty() {
        let who = named(names(&adding));
        let added = quoted(adding.iter().flat_map(adds));
        details.push(format!(
            "{who} must not include {added} in securityContext.capabilities.add"
        ));
    }
    let path = match (undropped.first(), adding.first()) {
        (Some(first), _) => first.at(&["securityContext", "capabilities", "drop"]),
        (None, Some(first)) => first.at(&["securityContext", "capabilities", "add"]),
        (None, None) => return None,
    };
    violation("unrestricted capabilities", path, details.join("; "))
}
