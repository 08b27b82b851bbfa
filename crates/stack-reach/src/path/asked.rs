//! What is asked on the way, its ends, and how several ways are joined.

use crate::Reach;
use crate::answer::Trace;
use crate::flow::{Flow, Request};

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

/// Whether the question is about this pod; all pods, where it names none.
pub(super) fn is_wanted(asked: &Asked<'_>, pod: usize) -> bool {
    asked.flow.backend.as_ref().is_none_or(|wanted| {
        asked
            .reach
            .world
            .pods
            .get(pod)
            .is_some_and(|pod| pod.name == *wanted)
    })
}

/// Joins what becomes of a flow that may go several ways: the same everywhere, or it depends.
pub(super) fn join(traces: Vec<(String, Trace)>) -> Trace {
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
