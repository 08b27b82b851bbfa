//! Hosts as Istio's objects name them, and who sees an object of another namespace.

use crate::flow::Name;
use crate::world::World;

/// A host as Istio completes a short one: in the namespace of the object that names it.
pub(crate) fn full_host(host: &str, namespace: &str) -> String {
    if host.contains('.') || host.starts_with('*') {
        host.to_owned()
    } else {
        format!("{host}.{namespace}.svc.cluster.local")
    }
}

/// The full host of a Service.
pub(crate) fn host_of(service: &Name) -> String {
    format!("{}.{}.svc.cluster.local", service.name, service.namespace)
}

/// The Service that a host means, as seen from a namespace, by its form alone.
pub(crate) fn service_of_host(host: &str, namespace: &str) -> Option<Name> {
    let mut parts = host.split('.');
    let name = parts.next().filter(|name| !name.is_empty())?;
    match (parts.next(), parts.next()) {
        (None, _) => Some(Name::new(namespace, name)),
        (Some(namespace), None | Some("svc")) => Some(Name::new(namespace, name)),
        _ => None,
    }
}

/// The Service that a host means. A host of two labels that no Service has is a name outside of the cluster.
pub(crate) fn resolve(host: &str, namespace: &str, world: &World) -> Option<Name> {
    let name = service_of_host(host, namespace)?;
    let is_short = host.split('.').count() == 2;
    (!is_short || world.service_named(&name).is_some()).then_some(name)
}

/// Whether a host is the one that is meant; `*` at the start stands for anything.
pub(crate) fn host_matches(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(suffix) => host.ends_with(suffix),
        None => pattern.eq_ignore_ascii_case(host),
    }
}

/// An exact host before a pattern, a long pattern before a short one.
pub(crate) fn specificity(pattern: &str) -> usize {
    if pattern.starts_with('*') {
        pattern.len()
    } else {
        usize::MAX
    }
}

/// Whether an object of one namespace is seen in another, by its `exportTo`; without one everywhere.
pub(crate) fn exported(to: &[String], home: &str, viewer: &str) -> bool {
    to.is_empty()
        || to.iter().any(|namespace| match namespace.as_str() {
            "*" => true,
            "." => home == viewer,
            "~" => false,
            name => name == viewer,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_hosts_are_of_the_namespace_that_names_them() {
        assert_eq!(full_host("web", "demo"), "web.demo.svc.cluster.local");
        assert_eq!(full_host("*.local", "demo"), "*.local");
        for (host, service) in [
            ("web", Some("demo/web")),
            ("web.other", Some("other/web")),
            ("web.other.svc.cluster.local", Some("other/web")),
            ("www.example.com", None),
        ] {
            let found = service_of_host(host, "demo").map(|name| name.to_string());
            assert_eq!(found.as_deref(), service, "{host}");
        }
    }

    #[test]
    fn objects_are_seen_where_they_are_exported_to() {
        for (to, seen) in [
            (&[][..], true),
            (&["*"], true),
            (&["."], false),
            (&["~"], false),
            (&["other"], true),
            (&[".", "other"], true),
        ] {
            let to: Vec<String> = to.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(exported(&to, "demo", "other"), seen, "{to:?}");
        }
        assert!(exported(&[".".to_owned()], "demo", "demo"));
    }
}
