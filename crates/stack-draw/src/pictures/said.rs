//! What policies and the mesh say of one way.

use std::collections::BTreeSet;

use stack_model::Service;
use stack_reach::{Answer, Flow, Layer, Name, Reach, Verdict};

use crate::graph::EdgeKind;

/// What stands at an arrow.
pub(super) struct Said {
    /// Whether it is let through.
    pub kind: EdgeKind,
    /// Words beside it: `mesh`, `policy`, `refused`, `depends`.
    pub marks: Vec<&'static str>,
    /// Who says so.
    pub tip: String,
}

impl Said {
    /// An arrow of which nobody says anything.
    pub fn nothing() -> Self {
        Self {
            kind: EdgeKind::Flow,
            marks: Vec::new(),
            tip: String::new(),
        }
    }

    /// What an answer comes to.
    pub fn of(answer: &Answer) -> Self {
        let is_mesh = |layer| matches!(layer, Layer::Ztunnel | Layer::Sidecar | Layer::Waypoint);
        let meshed = answer
            .steps
            .iter()
            .any(|step| is_mesh(step.layer) && step.verdict != Verdict::Refused);
        let is_policy = |layer| {
            is_mesh(layer)
                || matches!(
                    layer,
                    Layer::EgressPolicy
                        | Layer::IngressPolicy
                        | Layer::L7Proxy
                        | Layer::Authentication
                        | Layer::Gateway
                )
        };
        let policies: BTreeSet<&str> = answer
            .steps
            .iter()
            .filter(|step| is_policy(step.layer))
            .filter_map(|step| step.object.as_deref())
            .collect();
        let last = answer
            .steps
            .last()
            .map(ToString::to_string)
            .unwrap_or_default();
        let mut marks = Vec::new();
        if answer.allowed != Some(false) {
            marks.extend(meshed.then_some("mesh"));
            marks.extend((!policies.is_empty()).then_some("policy"));
        }
        let by = || match policies.is_empty() {
            true => String::new(),
            false => {
                let all: Vec<&str> = policies.iter().copied().collect();
                format!("allowed by {}", all.join(", "))
            }
        };
        let (kind, mark, tip) = match answer.allowed {
            Some(true) => (EdgeKind::Flow, None, by()),
            Some(false) => (EdgeKind::Refused, Some("refused"), last),
            None => (
                EdgeKind::Depends,
                Some("depends"),
                answer.depends.clone().unwrap_or(last),
            ),
        };
        marks.extend(mark);
        Self { kind, marks, tip }
    }

    /// What holds for several ways that one arrow stands for.
    fn both(self, other: Self) -> Self {
        if self.kind == other.kind {
            let mut marks = self.marks;
            marks.extend(other.marks);
            marks.dedup();
            return Self { marks, ..self };
        }
        let refused = if self.kind == EdgeKind::Refused {
            self.tip
        } else {
            other.tip
        };
        Self {
            kind: EdgeKind::Depends,
            marks: vec!["depends"],
            tip: format!("not from every gateway: {refused}"),
        }
    }
}

/// What is said of the way from the gateways of a route to a Service: by connection, since requests differ.
pub(super) fn from_gates(
    reach: &Reach<'_>,
    gates: &[(Name, Vec<Name>)],
    service: &Service<'_>,
    port: Option<u16>,
) -> Said {
    let first = service.ports().next().map(|port| port.port);
    let (Some(port), Some(_)) = (port.or(first), service.workloads().next()) else {
        return Said::nothing();
    };
    let mut said: Option<Said> = None;
    for (gateway, served_by) in gates {
        if served_by.is_empty() {
            return Said {
                tip: format!(
                    "the pods of Gateway {gateway} are not in the input: what policies say of them is not known"
                ),
                ..Said::nothing()
            };
        }
        for pods in served_by {
            let flow = Flow::from_workload(&*pods.namespace, &*pods.name).to_service(
                service.namespace(),
                service.name(),
                port,
            );
            let one = Said::of(&reach.flow(&flow));
            said = Some(match said {
                Some(known) => known.both(one),
                None => one,
            });
        }
    }
    said.unwrap_or_else(Said::nothing)
}
