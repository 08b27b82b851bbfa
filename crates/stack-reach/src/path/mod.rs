//! The way of a flow: from its source, through whatever stands between, to its destination.

mod deliver;
mod edge;
mod handshake;
mod hop;
mod ingress_proxy;
mod lookup;
mod mesh;
mod node;
mod outbound;
mod places;

pub(crate) use handshake::{Handshake, Source, Told};
pub(crate) use lookup::reaches_dns;
pub(crate) use mesh::{HBONE, around_waypoint, between_networks};
pub(crate) use places::PROBE_ADDRESS;

use crate::Reach;
use crate::answer::{Answer, Trace};
use crate::flow::{Flow, Request};
use crate::policy::KnownName;

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Pod(usize),
    /// A node; `local` where the question says whether it is the node of the other end.
    Node {
        node: Option<usize>,
        local: Option<bool>,
    },
    Outside(Option<std::net::IpAddr>),
    /// The API server, where no node of the input runs it.
    ApiServer,
    /// Cilium's proxy of Ingress objects.
    IngressProxy,
}

/// What is asked, beside the two ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) reach: &'a Reach<'a>,
    pub(crate) flow: &'a Flow,
    pub(crate) request: Option<&'a Request>,
    /// Whether a proxy has already chosen where the call goes.
    pub(crate) routed: bool,
    /// Whether the client's proxy knows nothing of the destination, and passes the call on as it is.
    pub(crate) passed_on: bool,
    /// The Service whose waypoint stands in the way, where it is not the one that is reached.
    pub(crate) called: Option<usize>,
    /// The part of a Service's pods that is meant.
    pub(crate) subset: Option<&'a str>,
    /// The node whose pods alone are meant.
    pub(crate) on_node: Option<usize>,
    /// Whether an Ingress of a controller that nobody knows here has been thought of.
    pub(crate) past_ingress: bool,
    /// Whether the last proxy speaks TLS of its own to the backend, which is none of the mesh.
    pub(crate) own_tls: bool,
}

impl<'a> Asked<'a> {
    pub(crate) fn about(reach: &'a Reach<'a>, flow: &'a Flow) -> Self {
        Self {
            reach,
            flow,
            request: flow.request.as_ref(),
            routed: false,
            passed_on: false,
            called: None,
            subset: None,
            on_node: None,
            past_ingress: false,
            own_tls: false,
        }
    }
}

/// Follows a flow.
pub(crate) fn answer(reach: &Reach<'_>, flow: &Flow) -> Answer {
    let asked = Asked::about(reach, flow);
    let mut trace = Trace::default();
    let Some(source) = places::source(&asked, &mut trace) else {
        return trace.answer();
    };
    let Some(lookup) = lookup::of(&asked, source) else {
        return deliver::to_place(&asked, source, KnownName::None, trace).answer();
    };
    let name = match lookup.learned {
        true => KnownName::Learned(&lookup.name),
        false => KnownName::NotLearned(&lookup.name),
    };
    let delivered = deliver::to_place(&asked, source, name, trace.clone());
    if delivered.is_refused() {
        return delivered.answer();
    }
    // Where a connection would be let through, the client still has to learn the address.
    trace.append(lookup.steps);
    trace.append(delivered);
    trace.answer()
}

/// Joins what becomes of a flow that may go several ways: the same everywhere, or it depends.
fn join(traces: Vec<(String, Trace)>) -> Trace {
    let mut traces = traces.into_iter();
    let Some((first_way, first)) = traces.next() else {
        return Trace::default();
    };
    let verdict = first.clone().answer().allowed;
    for (way, trace) in traces {
        if trace.clone().answer().allowed != verdict {
            let mut joined = if verdict == Some(false) { trace } else { first };
            joined.forget_refusal();
            joined.depend(
                crate::Layer::Service,
                format!("which one answers: {first_way} and {way} differ"),
            );
            return joined;
        }
    }
    first
}
