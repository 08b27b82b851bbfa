//! Holding expectations against a cluster.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::{Expectation, Requirements};
use crate::answer::Answer;
use crate::flow::{Entity, Flow, Place, PortRef};
use crate::{Protocol, Reach};

/// What became of the expectations of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many flows were asked about.
    pub asked: usize,
    /// What is not as expected, in the order of the file.
    pub failures: Vec<Failure>,
    /// What could not be asked about, since one end lies outside of the input: of its namespace the input has neither workloads
    /// nor Services, or is said to have only a part, or nothing in it answers on the port of the machine. Charts that were not rendered are the usual reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outside: Vec<Outside>,
}

/// A flow that nothing can be said of, because one end lies outside of the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outside {
    /// The position of the expectation in the file, counted from 0.
    pub expectation: usize,
    /// The flow as its `Display` writes it.
    pub flow: String,
    /// The end that lies outside, as the file writes it.
    pub place: String,
}

/// One flow that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The position of the expectation in the file.
    pub expectation: usize,
    /// The reason that the file gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The flow as its `Display` writes it.
    pub flow: String,
    /// Whether it had to be let through.
    pub expected: bool,
    /// In what way it is not.
    pub outcome: Outcome,
    /// The answer as [`Reach::flow`] gives it; empty where nobody was meant.
    pub answer: Answer,
}

/// In what way a flow is not as expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is the other way round.
    Broken,
    /// It depends on something that the input does not tell.
    Unknown,
    /// The expectation is about nobody: no workload of the input is meant.
    AboutNobody,
}

impl Report {
    /// Whether nothing is otherwise than expected. What lies outside of the input is not held against it; see
    /// [`outside`](Self::outside).
    pub fn is_kept(&self) -> bool {
        self.failures.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for failure in &self.failures {
            writeln!(f, "{failure}")?;
        }
        for outside in &self.outside {
            writeln!(
                f,
                "expectation {}: {} is unknown: {} lies outside of the input",
                outside.expectation + 1,
                outside.flow,
                outside.place
            )?;
        }
        write!(
            f,
            "{} flows asked about, {} not as expected",
            self.asked,
            self.failures.len()
        )?;
        match self.outside.len() {
            0 => Ok(()),
            unknown => write!(f, ", {unknown} unknown"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wish = if self.expected {
            "must be let through"
        } else {
            "must be refused"
        };
        match self.outcome {
            Outcome::AboutNobody => {
                write!(f, "expectation {}: {}", self.expectation + 1, self.flow)?
            }
            _ => write!(
                f,
                "expectation {}: {} {wish}, but: {}",
                self.expectation + 1,
                self.flow,
                self.answer
            )?,
        }
        match &self.why {
            Some(why) => write!(f, "\n  because: {why}"),
            None => Ok(()),
        }
    }
}

impl Reach<'_> {
    /// Asks about every flow that the expectations mean, and reports those that are otherwise.
    pub fn require(&self, requirements: &Requirements) -> Report {
        let mut report = Report::default();
        for (position, expectation) in requirements.expect.iter().enumerate() {
            let mut check = Check {
                reach: self,
                expectation,
                position,
                outside: &requirements.outside,
                report: &mut report,
            };
            check.run();
        }
        report
    }
}

struct Check<'a> {
    reach: &'a Reach<'a>,
    expectation: &'a Expectation,
    position: usize,
    outside: &'a BTreeSet<String>,
    report: &'a mut Report,
}

impl Check<'_> {
    fn run(&mut self) {
        let (reach, wanted) = (self.reach, self.expectation);
        let sources: Vec<_> = wanted
            .from
            .places(reach)
            .into_iter()
            .filter(|place| !wanted.except.contain(reach, place))
            .collect();
        let targets: Vec<_> = wanted
            .to
            .places(reach)
            .into_iter()
            .filter(|place| !wanted.except.contain(reach, place))
            .collect();
        if sources.is_empty() || targets.is_empty() {
            self.fail(
                "no workload of the input is meant".to_owned(),
                wanted.allowed,
                Outcome::AboutNobody,
                Answer::default(),
            );
            return;
        }
        for source in &sources {
            for target in &targets {
                if source != target {
                    self.ask(source, target, wanted.allowed);
                }
            }
        }
        if wanted.nobody_else {
            let world = Place::Entity {
                entity: Entity::World,
                node: None,
            };
            let workloads = reach
                .world
                .pods
                .iter()
                .filter(|pod| !pod.implied)
                .map(|pod| Place::Workload(pod.name.clone()));
            let others: Vec<_> = workloads
                .chain([world])
                .filter(|place| {
                    !wanted.from.contain(reach, place)
                        && !wanted.to.contain(reach, place)
                        && !wanted.except.contain(reach, place)
                })
                .collect();
            for other in &others {
                for target in &targets {
                    if !self.is_behind(other, target) {
                        self.ask(other, target, !wanted.allowed);
                    }
                }
            }
        }
    }

    /// Whether a workload itself stands behind the Service that is asked.
    fn is_behind(&self, place: &Place, target: &Place) -> bool {
        let (Place::Workload(name), Place::Service { service }) = (place, target) else {
            return false;
        };
        let world = &self.reach.world;
        let service = world
            .service_named(service)
            .and_then(|index| world.services.get(index));
        service.is_some_and(|service| {
            service
                .pods
                .iter()
                .any(|&pod| world.pods.get(pod).is_some_and(|pod| pod.name == *name))
        })
    }

    fn ask(&mut self, from: &Place, to: &Place, expected: bool) {
        for port in self.ports(to) {
            let mut flow = Flow::new(from.clone(), to.clone(), 0).over(self.expectation.protocol);
            flow.port = port;
            flow.request = self
                .expectation
                .request
                .as_ref()
                .map(super::RequestText::request);
            if let Some(place) = [from, to]
                .into_iter()
                .find(|place| self.lies_outside(place))
            {
                self.report.outside.push(Outside {
                    expectation: self.position,
                    flow: flow.to_string(),
                    place: place.to_string(),
                });
                continue;
            }
            let answer = self.reach.flow(&flow);
            self.report.asked += 1;
            let outcome = match answer.allowed {
                Some(allowed) if allowed == expected => continue,
                Some(_) => Outcome::Broken,
                None => Outcome::Unknown,
            };
            self.fail(flow.to_string(), expected, outcome, answer);
        }
    }

    /// Whether the input has nothing that could tell anything of a place. A workload that is missing among others of its
    /// namespace is not outside: it may have been renamed.
    fn lies_outside(&self, place: &Place) -> bool {
        let world = &self.reach.world;
        match place {
            Place::Workload(name) => world.pod_named(name).is_none() && self.is_empty_home(name),
            Place::Service { service } => {
                world.service_named(service).is_none() && self.is_empty_home(service)
            }
            Place::HostPort { host_port } => {
                let mut mappings = world.host_mappings.iter();
                let mapping = mappings.find(|mapping| mapping.host_port == *host_port);
                mapping.is_some_and(|mapping| !world.answers_on_node(mapping.container_port))
            }
            _ => false,
        }
    }

    /// Whether the input is said to have only a part of a name's namespace, or has neither workloads nor Services in it.
    fn is_empty_home(&self, name: &crate::Name) -> bool {
        if self.outside.contains(&name.namespace) {
            return true;
        }
        let world = &self.reach.world;
        let pods = world.pods.iter().filter(|pod| !pod.implied);
        let services = world.services.iter().map(|service| &service.name);
        let mut known = pods.map(|pod| &pod.name).chain(services);
        !known.any(|known| known.namespace == name.namespace)
    }

    /// The ports to ask about. Without one in the file: those that the destination declares, and one that it does not.
    fn ports(&self, to: &Place) -> Vec<Option<PortRef>> {
        let protocol = self.expectation.protocol;
        match &self.expectation.port {
            Some(port) => vec![Some(port.clone())],
            None if protocol == Protocol::Icmp => vec![None],
            None => {
                let world = &self.reach.world;
                let declared: BTreeSet<u16> = match to {
                    Place::Workload(name) => {
                        let pod = world
                            .pod_named(name)
                            .and_then(|index| world.pods.get(index));
                        pod.into_iter()
                            .flat_map(|pod| &pod.ports)
                            .filter(|port| port.protocol == protocol)
                            .map(|port| port.port)
                            .collect()
                    }
                    Place::Service { service } => {
                        let service = world
                            .service_named(service)
                            .and_then(|index| world.services.get(index));
                        service
                            .into_iter()
                            .flat_map(|service| &service.ports)
                            .filter(|port| port.protocol == protocol)
                            .map(|port| port.port)
                            .collect()
                    }
                    _ => BTreeSet::from([80, 443]),
                };
                let is_service = matches!(to, Place::Service { .. });
                let other = (!is_service).then_some(UNUSUAL_PORT);
                declared
                    .into_iter()
                    .chain(other)
                    .map(|port| Some(PortRef::Number(port)))
                    .collect()
            }
        }
    }

    fn fail(&mut self, flow: String, expected: bool, outcome: Outcome, answer: Answer) {
        self.report.failures.push(Failure {
            expectation: self.position,
            why: self.expectation.why.clone(),
            flow,
            expected,
            outcome,
            answer,
        });
    }
}

/// A port that stands for all that nobody names.
const UNUSUAL_PORT: u16 = 54321;
