//! APIs that other servers bring.

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::meta::composed_name;
use super::super::node::Node;

pub(in super::super) fn api_service(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let metadata = object.get("metadata");
    let (group, version) = (spec.get("group"), spec.get("version"));
    let wanted = format!("{}.{}", version.str(), group.str());
    composed_name(&metadata, &wanted, "spec.version and spec.group", out);
    if !group.is_empty() {
        out.named(&group, names::dns_subdomain);
    } else if version.str() != "v1" {
        out.required_as(group.path, "the core group has v1 alone");
    }
    out.named(&version, names::dns_1035_label);
    for (name, most) in [("groupPriorityMinimum", 20_000), ("versionPriority", 1000)] {
        let number = spec.get(name);
        if !(1..=most).contains(&number.int()) {
            out.invalid(
                number.path,
                format!("{} must be from 1 to {most}", number.int()),
            );
        }
    }
    let (service, bundle, insecure) = (
        spec.get("service"),
        spec.get("caBundle"),
        spec.get("insecureSkipTLSVerify"),
    );
    if !service.is_set() {
        if !bundle.is_empty() {
            out.invalid(
                bundle.path,
                "is for an API that a service brings, and spec.service is not set",
            );
        }
        if insecure.bool() {
            out.invalid(
                insecure.path,
                "is for an API that a service brings, and spec.service is not set",
            );
        }
        return;
    }
    out.required_text(&service.get("namespace"));
    out.required_text(&service.get("name"));
    let port = service.get("port");
    if port.is_set() {
        out.port(&port);
    }
    if insecure.bool() && !bundle.is_empty() {
        out.invalid(insecure.path, "must not be true where there is a caBundle");
    }
}
