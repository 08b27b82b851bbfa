//! One connection over the network, as policies of connections see it.

use super::asked::{Asked, End};
use super::places::peer;
use crate::Protocol;
use crate::answer::{Layer, Step, Trace, Verdict};
use crate::flow::Request;
use crate::policy::{
    Authentication, Direction, Gate, Judgement, KnownName, Subject, Traffic, Truth,
};

/// What goes over the wire.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wire {
    pub(super) traffic: Traffic,
    /// Whether nobody on the way can read it.
    pub(super) encrypted: bool,
}

/// Asks the policies of both ends.
pub(super) fn hop(
    asked: &Asked<'_>,
    from: End,
    to: End,
    wire: Wire,
    name: &KnownName<'_>,
    trace: &mut Trace,
) {
    leave(asked, from, to, wire, name, trace);
    if !trace.is_refused() {
        arrive(asked, from, to, wire, trace);
    }
}

/// Asks the policies of the source.
pub(super) fn leave(
    asked: &Asked<'_>,
    from: End,
    to: End,
    wire: Wire,
    name: &KnownName<'_>,
    trace: &mut Trace,
) {
    if let Some(subject) = subject(asked, from) {
        let context = asked.reach.context(name.clone());
        let other = peer(asked.reach, to, from);
        let judgement =
            asked
                .reach
                .policies
                .judge(Direction::Egress, subject, other, &wire.traffic, &context);
        settle(asked, judgement, wire, trace);
    }
}

/// Asks the policies of the destination.
pub(super) fn arrive(asked: &Asked<'_>, from: End, to: End, wire: Wire, trace: &mut Trace) {
    if let Some(subject) = subject(asked, to) {
        let context = asked.reach.context(KnownName::None);
        let other = peer(asked.reach, from, to);
        let judgement =
            asked
                .reach
                .policies
                .judge(Direction::Ingress, subject, other, &wire.traffic, &context);
        settle(asked, judgement, wire, trace);
    }
}

/// The end as something that policies select; the world has none, and nodes only those of Cilium.
pub(super) fn subject(asked: &Asked<'_>, end: End) -> Option<Subject> {
    match end {
        End::Pod(pod) => Some(Subject::Pod(pod)),
        End::Node { node, .. } if asked.reach.policies.has_host_firewall() => {
            Some(Subject::Node(node))
        }
        _ => None,
    }
}

fn settle(asked: &Asked<'_>, judgement: Judgement<'_>, wire: Wire, trace: &mut Trace) {
    let Judgement {
        step,
        l7,
        otherwise,
        authentication,
        ..
    } = judgement;
    let is_certain = step.verdict != Verdict::Depends;
    trace.push(step);
    match authentication {
        Authentication::Disabled => {}
        Authentication::Required => trace.allow(
            Layer::Authentication,
            "the rule asks for mutual authentication, which succeeds where it is set up",
        ),
        Authentication::AlwaysFails => trace.refuse(
            Layer::Authentication,
            "the authentication mode of the rule always fails",
        ),
    }
    match (l7, otherwise) {
        (Some(gates), otherwise) => through_proxy(asked, &gates, otherwise, wire, trace),
        // The rule that may hold looks at requests itself.
        (None, Some((_, gates))) if !is_certain && !gates.is_empty() => {
            through_proxy(asked, &gates, None, wire, trace);
        }
        _ => {}
    }
}

/// Asks the rules about requests; one of them must admit the request.
fn through_proxy(
    asked: &Asked<'_>,
    gates: &[Gate<'_>],
    otherwise: Option<(String, Vec<Gate<'_>>)>,
    wire: Wire,
    trace: &mut Trace,
) {
    let Some(first) = gates.first() else { return };
    // A rule that covers the port only perhaps, and lets the request through if it does.
    let perhaps = |request: Option<&Request>| {
        let (condition, gates) = otherwise.as_ref()?;
        let admits = gates.is_empty()
            || !wire.encrypted
                && gates
                    .iter()
                    .any(|gate| gate.rule.admits(request) != Truth::No);
        admits.then(|| condition.clone())
    };
    if wire.encrypted
        && let Some(condition) = perhaps(None)
    {
        return trace.depend(Layer::L7Proxy, condition);
    }
    if wire.encrypted {
        let reason = "the proxy sees the ciphertext of the mesh, which is no request";
        trace
            .push(Step::new(Layer::L7Proxy, Verdict::Refused, reason).by(first.object, first.path));
        return;
    }
    // The proxy looks for requests where there are none; without one it waits.
    let request = asked
        .request
        .filter(|_| wire.traffic.protocol == Protocol::Tcp);
    let mut depends = None;
    for gate in gates {
        match gate.rule.admits(request) {
            Truth::Yes => {
                trace.push(
                    Step::new(
                        Layer::L7Proxy,
                        Verdict::Allowed,
                        "the proxy lets the request through",
                    )
                    .by(gate.object, gate.path),
                );
                return;
            }
            Truth::If(condition) => depends = depends.or(Some((condition, gate))),
            Truth::No => {}
        }
    }
    trace.push(match depends {
        Some((condition, gate)) => {
            Step::new(Layer::L7Proxy, Verdict::Depends, condition).by(gate.object, gate.path)
        }
        None if perhaps(request).is_some() => Step::new(
            Layer::L7Proxy,
            Verdict::Depends,
            perhaps(request).unwrap_or_default(),
        ),
        None => Step::new(
            Layer::L7Proxy,
            Verdict::Refused,
            "no rule about requests lets this one through",
        )
        .by(first.object, first.path),
    });
}
