//! The way of a flow: from its source, through whatever stands between, to its destination.

mod asked;
mod crowd;
mod deliver;
mod edge;
mod handshake;
mod hop;
mod ingress_proxy;
mod local_redirect;
mod lookup;
mod mesh;
mod node;
mod outbound;
mod places;

pub(crate) use asked::{Asked, End};
pub(crate) use crowd::labelled;
pub(crate) use handshake::{HBONE, Handshake, Source, Told};
pub(crate) use lookup::reaches_dns;
pub(crate) use mesh::{around_waypoint, between_networks, network};
pub(crate) use places::PROBE_ADDRESS;

use crate::Reach;
use crate::answer::{Answer, Trace};
use crate::flow::Flow;
use crate::policy::KnownName;

impl Reach<'_> {
    /// Follows one flow from its source to its destination, and says at which step it ends.
    ///
    /// Where several pods or addresses are meant, the answer is that of all of them, or depends on which one is meant.
    pub fn flow(&self, flow: &Flow) -> Answer {
        let mut answer = crowd::answer(self, flow, |flow| answer(self, flow));
        for step in &mut answer.steps {
            self.locate(step);
        }
        answer
    }
}

/// Follows a flow.
fn answer(reach: &Reach<'_>, flow: &Flow) -> Answer {
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
