//! Names of Rust types, as `std::any::type_name` gives them, and the paths under which programs know them.

/// A type with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ty {
    /// The path where it is declared, through private modules too.
    path: String,
    pub(super) args: Vec<Ty>,
}

impl Ty {
    /// Reads `a::B<c::D, e::F<G>>`; `None` for references, tuples and what is declared inside of functions.
    pub(super) fn read(name: &str) -> Option<Self> {
        let mut rest = name;
        let ty = Self::next(&mut rest)?;
        rest.is_empty().then_some(ty)
    }

    fn next(rest: &mut &str) -> Option<Self> {
        let end = rest.find(['<', '>', ',']).unwrap_or(rest.len());
        let path = rest[..end].trim().to_owned();
        *rest = &rest[end..];
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == ':';
        if path.is_empty() || !path.chars().all(plain) {
            return None;
        }
        let mut args = Vec::new();
        if let Some(inside) = rest.strip_prefix('<') {
            *rest = inside;
            loop {
                args.push(Self::next(rest)?);
                if let Some(after) = rest.strip_prefix('>') {
                    *rest = after;
                    break;
                }
                *rest = rest.strip_prefix(',')?.trim_start();
            }
        }
        Some(Self { path, args })
    }

    /// The last part of its path.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit("::").next().unwrap_or_default()
    }

    /// Whether it is declared in one of Rust's own crates, or is a type that Rust has without any.
    pub(super) fn is_std(&self) -> bool {
        let first = self.path.split("::").next().unwrap_or_default();
        !self.path.contains("::") || matches!(first, "std" | "core" | "alloc")
    }

    pub(super) fn krate(&self) -> &str {
        self.path.split("::").next().unwrap_or_default()
    }

    /// The path by which programs name it.
    pub(super) fn public(&self) -> String {
        let mut parts: Vec<&str> = self.path.split("::").collect();
        if parts.first() == Some(&"k8s_openapi")
            && parts.get(1).is_some_and(|part| part.starts_with("v1_"))
        {
            parts.remove(1);
        }
        let Some(name) = parts.pop() else {
            return String::new();
        };
        let home = parts.join("::");
        if let Some((_, public)) = ELSEWHERE.iter().find(|(declared, _)| *declared == home) {
            return format!("{public}::{name}");
        }
        match parts.iter().rposition(|part| is_version(part)) {
            // A version is a module, and whatever lies in it is known there.
            Some(at) => {
                let file = parts.get(at + 1).copied().unwrap_or_default();
                parts.truncate(at + 1);
                // The derive declares older versions beside the newest.
                let older = file
                    .rsplit('_')
                    .next()
                    .filter(|last| *last != file && is_version(last));
                if let (Some(older), Some(version)) = (older, parts.last_mut()) {
                    *version = older;
                }
            }
            None if parts.len() > 1 => {
                parts.pop();
            }
            None => {}
        }
        parts.push(name);
        parts.join("::")
    }
}

/// Modules whose types are known elsewhere than one module further out, or just there.
const ELSEWHERE: &[(&str, &str)] = &[
    ("cilium_types::cidr", "cilium_types::v2"),
    ("cilium_types::label", "cilium_types::v2"),
    ("gatekeeper_types::matching", "gatekeeper_types::matching"),
    ("gatekeeper_types::selection", "gatekeeper_types::selection"),
    ("istio_types::status", "istio_types::status"),
    ("litmus_types::result", "litmus_types::result"),
];

/// Whether it is `v1`, `v2beta1` and the like.
fn is_version(part: &str) -> bool {
    let Some(rest) = part.strip_prefix('v') else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let stage = ["alpha", "beta"]
        .iter()
        .find_map(|stage| rest.split_once(stage));
    match stage {
        Some((major, minor)) => digits(major) && digits(minor),
        None => digits(rest),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_known_where_its_version_is() {
        for (declared, public) in [
            (
                "keda_types::v1alpha1::scaled_object::ScaledObject",
                "keda_types::v1alpha1::ScaledObject",
            ),
            (
                "istio_types::networking::v1::virtual_service::virtual_service_v1beta1::VirtualService",
                "istio_types::networking::v1::VirtualService",
            ),
            (
                "gateway_api::v1::http_route_v1beta1::HttpRoute",
                "gateway_api::v1beta1::HttpRoute",
            ),
            (
                "k8s_openapi::v1_35::api::core::v1::pod_spec::PodSpec",
                "k8s_openapi::api::core::v1::PodSpec",
            ),
            ("crd_core::duration::GoDuration", "crd_core::GoDuration"),
            (
                "gatekeeper_types::templates::spec::Target",
                "gatekeeper_types::templates::Target",
            ),
            (
                "litmus_types::result::TestStatus",
                "litmus_types::result::TestStatus",
            ),
        ] {
            assert_eq!(Ty::read(declared).unwrap().public(), public);
        }
    }

    #[test]
    fn arguments_are_read() {
        let ty = Ty::read(
            "core::option::Option<alloc::collections::btree::map::BTreeMap<alloc::string::String, a::B>>",
        );
        let map = &ty.unwrap().args[0];
        assert_eq!(
            (
                map.name(),
                map.args[0].name(),
                map.args[1].public().as_str()
            ),
            ("BTreeMap", "String", "a::B")
        );
        assert_eq!(Ty::read("a::<impl b::C for d::E>::f::Read"), None);
        assert_eq!(Ty::read("(a::B, c::D)"), None);
    }
}
