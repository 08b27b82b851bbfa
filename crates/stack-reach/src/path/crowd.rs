//! Questions about several pods or addresses at once.

use std::net::IpAddr;

use crate::Reach;
use crate::address::Block;
use crate::answer::{Answer, Layer, Trace};
use crate::flow::{Flow, Labelled, Place};

/// Asks for each pair of those that are meant; of what fares alike the first answer stands for all.
pub(super) fn answer(reach: &Reach<'_>, flow: &Flow, ask: impl Fn(&Flow) -> Answer) -> Answer {
    let (from, to) = (members(reach, &flow.from), members(reach, &flow.to));
    if from.is_none() && to.is_none() {
        return ask(flow);
    }
    let from = from.unwrap_or_else(|| vec![flow.from.clone()]);
    let to = to.unwrap_or_else(|| vec![flow.to.clone()]);
    let mut found: Option<(String, Answer)> = None;
    for source in &from {
        for destination in to.iter().filter(|destination| *destination != source) {
            let one = Flow {
                from: source.clone(),
                to: destination.clone(),
                ..flow.clone()
            };
            let answer = ask(&one);
            match &found {
                None => found = Some((one.to_string(), answer)),
                Some((_, first)) if first.allowed == answer.allowed => {}
                Some((name, first)) => {
                    // The steps are those of the one that does not get through.
                    let refused = match first.allowed {
                        Some(true) => answer,
                        _ => first.clone(),
                    };
                    return Answer {
                        allowed: None,
                        at: None,
                        depends: Some(format!("which one is meant: {name} and {one} differ")),
                        steps: refused.steps,
                    };
                }
            }
        }
    }
    found.map_or_else(
        || {
            let mut trace = Trace::default();
            trace.depend(Layer::Service, "who is meant: nobody of the input");
            trace.answer()
        },
        |(_, answer)| answer,
    )
}

/// Those that a place means, where it may mean several: pods, and one address of each block that nothing tells apart.
fn members(reach: &Reach<'_>, place: &Place) -> Option<Vec<Place>> {
    match place {
        Place::Pods { pods } => Some(labelled(reach, pods)),
        Place::Block { block } => Some(pieces(reach, *block)),
        _ => None,
    }
}

/// The workloads of a namespace that have some labels.
pub(crate) fn labelled(reach: &Reach<'_>, wanted: &Labelled) -> Vec<Place> {
    let pods = reach.world.pods.iter().filter(|pod| {
        let here = wanted.namespace == "*" || wanted.namespace == pod.name.namespace;
        let mut labels = wanted.labels.iter();
        !pod.implied
            && here
            && labels.all(|(key, value)| pod.labels.get(key) == Some(value.as_str()))
    });
    pods.map(|pod| Place::Workload(pod.name.clone())).collect()
}

fn pieces(reach: &Reach<'_>, block: Block) -> Vec<Place> {
    let world = &reach.world;
    let pods = world.pods.iter().flat_map(|pod| &pod.ips);
    let nodes = world.nodes.iter().flat_map(|node| &node.addresses);
    let services = world.services.iter().flat_map(|service| &service.addresses);
    let known = pods.chain(nodes).chain(services).map(|&ip| Block::one(ip));
    let named = reach.policies.blocks().into_iter();
    let named = named.chain(reach.mesh.authorization.blocks());
    let mut starts = vec![block.first()];
    for cut in known.chain(named) {
        if let Some(both) = block.and(&cut) {
            starts.push(both.first());
            // What follows the block is another piece.
            let after = block.without(&cut).into_iter().map(|rest| rest.first());
            starts.extend(after.filter(|first| *first > both.last()));
        }
    }
    starts.sort_unstable();
    starts.dedup();
    let place = |ip: IpAddr| Place::Ip { ip };
    starts.into_iter().map(place).collect()
}
