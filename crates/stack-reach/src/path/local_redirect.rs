//! A call that Cilium sends to a pod on the client's node, whatever it is that was called.

use super::asked::{Asked, End, is_wanted, join};
use super::mesh;
use crate::Cni;
use crate::answer::{Layer, Step, Trace, Verdict};
use crate::flow::PortRef;
use crate::policy::KnownName;
use crate::world::{Called, LocalRedirect, Pod};

/// Follows a call of a pod that a policy redirects; `None` where none does. `otherwise` is the way that the call takes where no
/// pod of the policy runs on the client's node.
pub(super) fn redirected(
    asked: &Asked<'_>,
    from: End,
    called: &Called,
    name: &KnownName<'_>,
    trace: &Trace,
    otherwise: impl FnOnce() -> Trace,
) -> Option<Trace> {
    let world = &asked.reach.world;
    let End::Pod(client) = from else { return None };
    if asked.reach.cni != Cni::Cilium {
        return None;
    }
    let (policy, port) = world.local_redirects.iter().find_map(|policy| {
        let own = policy.skips_own && policy.pods.contains(&client);
        (policy.called == *called && !own).then_some(())?;
        Some((policy, target(asked, policy)?))
    })?;
    let home = world.pods.get(client)?.node.as_deref();
    let is_local = |pod: &Pod| match (home, pod.node.as_deref()) {
        _ if pod.kind == "DaemonSet" => Some(true),
        (Some(home), Some(other)) => Some(home == other),
        _ => None,
    };
    let mut ways = Vec::new();
    let (mut surely, mut perhaps) = (false, false);
    for &index in &policy.pods {
        let Some(pod) = world.pods.get(index) else {
            continue;
        };
        match is_local(pod) {
            Some(false) => continue,
            Some(true) => surely = true,
            None => perhaps = true,
        }
        if !is_wanted(asked, index) {
            continue;
        }
        let reason = format!(
            "kept on the client's node: leads to port {port} of {}",
            pod.object()
        );
        let mut way = trace.clone();
        way.push(Step::new(Layer::Service, Verdict::Allowed, reason).by(&policy.object, BACKEND));
        mesh::to_pod(asked, from, index, port, None, name, &mut way);
        ways.push((pod.object(), way));
    }
    if surely || !perhaps {
        return surely.then(|| join(ways));
    }
    let (kept, straight) = (join(ways), otherwise());
    let verdict = |trace: &Trace| trace.clone().answer().allowed;
    if verdict(&kept) == verdict(&straight) {
        return Some(straight);
    }
    let mut way = match kept.is_refused() {
        true => straight,
        false => kept,
    };
    let reason = "whether a pod of the policy runs on the client's node, which then keeps the call";
    way.push(Step::new(Layer::Service, Verdict::Depends, reason).by(&policy.object, BACKEND));
    Some(way)
}

/// Where a policy names its pods.
const BACKEND: &str = "spec.redirectBackend.localEndpointSelector";

/// The port of the policy's pods, if the port that is called is one of the policy's.
fn target(asked: &Asked<'_>, policy: &LocalRedirect) -> Option<u16> {
    let world = &asked.reach.world;
    let protocol = asked.flow.protocol;
    let service = match &policy.called {
        Called::Service(name) => world
            .service_named(name)
            .and_then(|index| world.services.get(index)),
        Called::Address(_) => None,
    };
    let mut ports = service.into_iter().flat_map(|service| &service.ports);
    let port = ports.find(|port| {
        port.protocol == protocol
            && match &asked.flow.port {
                Some(PortRef::Number(number)) => port.port == *number,
                Some(PortRef::Name(name)) => port.name.as_ref() == Some(name),
                None => service.is_some_and(|service| service.ports.len() == 1),
            }
    });
    let number = match (&asked.flow.port, port) {
        (_, Some(port)) => port.port,
        (Some(PortRef::Number(number)), None) => *number,
        _ => return None,
    };
    policy.target(number, port.and_then(|port| port.name.as_deref()), protocol)
}
