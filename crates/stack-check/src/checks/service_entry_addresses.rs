//! ServiceEntries for TCP without addresses.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::text;
use crate::group::Group;
use crate::mesh::MODE;
use kube_vocab::Severity;
use stack_model::Extent;

pub(super) const CHECK: Check = Check {
    code: "service-entry-addresses",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "A ServiceEntry for TCP has no addresses",
    explanation: "For plain TCP the mesh knows a connection by its address alone. Without one the entry catches \
        every connection to its port.",
    remedy: "add `addresses`, or a protocol that names hosts (HTTP, TLS)",
    silent: "Parts of a stack; meshes that give such entries addresses of their own (ambient mode, DNS capture).",
    failing: include_str!("../../fixtures/service-entry-addresses/failing.yaml"),
    passing: include_str!("../../fixtures/service-entry-addresses/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    // Whether the mesh gives such entries addresses of its own stands in its configuration.
    if context.extent == Extent::Part || gives_addresses(context) {
        return;
    }
    for entry in context.model.objects("networking.istio.io", "ServiceEntry") {
        if !entry.items_at("spec.addresses").is_empty()
            || entry.text_at("spec.resolution") == Some("NONE")
        {
            continue;
        }
        for (number, port) in entry.items_at("spec.ports").iter().enumerate() {
            let protocol = text(port, "protocol").unwrap_or("TCP");
            if protocol.eq_ignore_ascii_case("TCP") {
                let at = path(&format!("spec.ports[{number}]"));
                sink.report(entry, at, "TCP, and the entry has no addresses");
            }
        }
    }
}

/// Ambient meshes do, and those that capture the lookups of names.
fn gives_addresses(context: &Context<'_>) -> bool {
    let model = context.model;
    let mut namespaces = model.namespaces();
    let is_ambient = namespaces.any(|namespace| namespace.labels().get(MODE) == Some("ambient"));
    let mut maps = model.objects("", "ConfigMap");
    let captures = maps.any(|map| {
        map.text_at("data.mesh")
            .is_some_and(|mesh| mesh.contains("DNS_CAPTURE") || mesh.contains("DNS_AUTO_ALLOCATE"))
    });
    is_ambient || captures
}
