//! Peers as sets: pods by labels, addresses by intervals, and what is neither.

use std::collections::BTreeMap;

use stack_model::Selector;
use stack_model::kube_value::Text;

use super::labels::{Cube, Unreadable};
use crate::address::{Block, BlockRule};
use crate::policy::cilium::NamePattern;
use crate::policy::peer::{EntityMatch, Namespaces};
use crate::policy::rule::Who;
use crate::policy::{Context, PeerMatch};
use crate::world::LabelMap;

/// The name of a pod's namespace, as a label.
const HOME: &str = "\0namespace";
/// Before the labels of a pod's namespace.
const HOME_LABELS: &str = "\0namespace/";
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// What labels mean in this cluster.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Naming<'a> {
    /// Whether Cilium's own labels mean something.
    cilium: bool,
    /// Whether blocks of addresses mean nodes, too.
    blocks_mean_nodes: bool,
    /// The labels of the namespaces that the input declares.
    namespaces: &'a BTreeMap<&'a str, &'a LabelMap>,
}

impl<'a> Naming<'a> {
    pub(crate) fn of(
        context: &Context<'_>,
        namespaces: &'a BTreeMap<&'a str, &'a LabelMap>,
    ) -> Self {
        Self {
            cilium: context.is_cilium(),
            blocks_mean_nodes: context.blocks_match_nodes(false),
            namespaces,
        }
    }

    /// The key of a pod's label, as cubes have it.
    fn pod_key(&self, key: &str) -> Text {
        if !self.cilium {
            return key.into();
        }
        match key.strip_prefix("io.cilium.k8s.namespace.labels.") {
            Some(key) => namespace_key(key),
            None if key == "io.kubernetes.pod.namespace" => HOME.into(),
            None => key.into(),
        }
    }

    fn pods(&self, selector: &Selector) -> Result<Option<Cube>, Unreadable> {
        Cube::of(selector, |key| self.pod_key(key))
    }

    fn in_namespaces(
        &self,
        namespaces: &Namespaces,
        pods: &Selector,
    ) -> Result<Option<Cube>, Unreadable> {
        let pods = self.pods(pods)?;
        let homes = match namespaces {
            Namespaces::Named(name) => Cube::default().fixed(HOME, Some(name)),
            Namespaces::Labelled(selector) => Cube::of(selector, namespace_key)?,
        };
        Ok(pods.zip(homes).and_then(|(pods, homes)| pods.and(&homes)))
    }

    /// The pods that a peer means; `None` for a peer that means others.
    fn cube(&self, peer: &PeerMatch) -> Option<Result<Option<Cube>, Unreadable>> {
        match peer {
            PeerMatch::Pods { namespaces, pods } => Some(self.in_namespaces(namespaces, pods)),
            PeerMatch::Endpoints(selector) if !asks_for_reserved(selector) => {
                Some(self.pods(selector))
            }
            _ => None,
        }
    }

    /// The same pods, with what is known of the labels of their namespace.
    fn told(&self, cube: &Cube, asked: &Cube) -> Option<Cube> {
        let labels = cube.value(HOME).and_then(|home| self.namespaces.get(home));
        let Some(labels) = labels else {
            return Some(cube.clone());
        };
        let mut keys = asked.keys().filter_map(|key| key.strip_prefix(HOME_LABELS));
        keys.try_fold(cube.clone(), |cube, key| {
            cube.fixed(&namespace_key(key), labels.get(key))
        })
    }
}

fn namespace_key(key: &str) -> Text {
    match key {
        NAME_LABEL => HOME.into(),
        key => format!("{HOME_LABELS}{key}").into(),
    }
}

fn asks_for_reserved(selector: &Selector) -> bool {
    let mut requirements = selector.requirements().iter();
    requirements.any(|requirement| requirement.key.starts_with("reserved:"))
}

/// Peers of one form.
#[derive(Clone, Debug)]
pub(super) enum Atom {
    Pods(Cube),
    Outside(Block),
    /// Nodes, and perhaps pods, by their addresses.
    Inside {
        block: Block,
        pods: bool,
    },
    /// Peers that have neither labels nor addresses here; the whole cluster stands for what is no pod in it.
    Entity(EntityMatch),
    /// Addresses of a name.
    Named(NamePattern),
}

impl Atom {
    /// The peers of a list in pieces; `None` where the list means what cannot be told.
    pub(super) fn of(peers: Option<&[PeerMatch]>, naming: &Naming<'_>) -> Option<Vec<Self>> {
        let Some(peers) = peers else {
            return Some(Self::everybody());
        };
        let mut atoms = Vec::new();
        for peer in peers {
            if let Some(cube) = naming.cube(peer) {
                atoms.extend(cube.ok()?.map(Self::Pods));
                continue;
            }
            match peer {
                PeerMatch::Block { rule, pods } => {
                    for block in blocks(rule) {
                        atoms.push(Self::Outside(block));
                        if *pods || naming.blocks_mean_nodes {
                            atoms.push(Self::Inside { block, pods: *pods });
                        }
                    }
                }
                PeerMatch::Entity(entity) => match entity {
                    EntityMatch::All => atoms.extend(Self::everybody()),
                    EntityMatch::World => {
                        atoms.extend([Self::Outside(Block::IPV4), Self::Outside(Block::IPV6)]);
                    }
                    EntityMatch::WorldIpv4 => atoms.push(Self::Outside(Block::IPV4)),
                    EntityMatch::WorldIpv6 => atoms.push(Self::Outside(Block::IPV6)),
                    EntityMatch::Cluster => {
                        atoms.extend([Self::Pods(Cube::default()), Self::Entity(*entity)]);
                    }
                    EntityMatch::Host
                    | EntityMatch::RemoteNode
                    | EntityMatch::KubeApiserver
                    | EntityMatch::Ingress => atoms.push(Self::Entity(*entity)),
                    EntityMatch::Other | EntityMatch::None => return None,
                },
                PeerMatch::Fqdn(name) => atoms.push(Self::Named(name.clone())),
                _ => return None,
            }
        }
        Some(atoms)
    }

    /// The pods that a rule is about; `None` where it is about nodes.
    pub(super) fn of_who(who: &Who, naming: &Naming<'_>) -> Option<Cube> {
        match who {
            Who::Namespaced { namespace, pods } => naming
                .in_namespaces(&Namespaces::Named(namespace.clone()), pods)
                .ok()?,
            Who::Pods(selector) => naming.pods(selector).ok()?,
            Who::Nodes(_) => None,
        }
    }

    fn everybody() -> Vec<Self> {
        vec![
            Self::Pods(Cube::default()),
            Self::Outside(Block::IPV4),
            Self::Outside(Block::IPV6),
            Self::Entity(EntityMatch::Cluster),
        ]
    }

    /// What is left of it without the peers of a list, and what is of both.
    pub(super) fn split(
        &self,
        peers: Option<&[PeerMatch]>,
        naming: &Naming<'_>,
    ) -> (Vec<Self>, Vec<Self>) {
        let Some(peers) = peers else {
            return (Vec::new(), vec![self.clone()]);
        };
        let (mut left, mut taken) = (vec![self.clone()], Vec::new());
        for peer in peers {
            let mut rest = Vec::new();
            for atom in left {
                let (outside, inside) = atom.split_by(peer, naming);
                rest.extend(outside);
                taken.extend(inside);
            }
            left = rest;
        }
        (left, taken)
    }

    fn split_by(self, peer: &PeerMatch, naming: &Naming<'_>) -> (Vec<Self>, Vec<Self>) {
        let whole = |atom: Self, is_in: bool| match is_in {
            true => (Vec::new(), vec![atom]),
            false => (vec![atom], Vec::new()),
        };
        if let PeerMatch::Entity(EntityMatch::All) = peer {
            return whole(self, true);
        }
        match (self, peer) {
            (Self::Pods(own), _) => {
                if let PeerMatch::Entity(EntityMatch::Cluster) = peer {
                    return whole(Self::Pods(own), true);
                }
                let Some(Ok(Some(other))) = naming.cube(peer) else {
                    return whole(Self::Pods(own), false);
                };
                let Some(told) = naming.told(&own, &other) else {
                    return (Vec::new(), Vec::new());
                };
                let left = told.without(&other).into_iter().map(Self::Pods).collect();
                let both = told.and(&other).map(Self::Pods).into_iter().collect();
                (left, both)
            }
            (Self::Outside(own), PeerMatch::Block { rule, .. }) => {
                let (left, both) = split_block(own, rule);
                let outside = |blocks: Vec<Block>| blocks.into_iter().map(Self::Outside).collect();
                (outside(left), outside(both))
            }
            (Self::Outside(own), PeerMatch::Entity(entity)) => {
                let is_in = match entity {
                    EntityMatch::World => true,
                    EntityMatch::WorldIpv4 => own.first().is_ipv4(),
                    EntityMatch::WorldIpv6 => own.first().is_ipv6(),
                    _ => false,
                };
                whole(Self::Outside(own), is_in)
            }
            (Self::Inside { block, pods }, PeerMatch::Block { rule, pods: wide })
                if *wide || (!pods && naming.blocks_mean_nodes) =>
            {
                let (left, both) = split_block(block, rule);
                let inside = |blocks: Vec<Block>| {
                    let atoms = blocks.into_iter().map(|block| Self::Inside { block, pods });
                    atoms.collect()
                };
                (inside(left), inside(both))
            }
            (atom @ Self::Inside { .. }, PeerMatch::Entity(EntityMatch::Cluster)) => {
                whole(atom, true)
            }
            (Self::Entity(own), PeerMatch::Entity(other)) => {
                let is_in = own == *other || *other == EntityMatch::Cluster;
                whole(Self::Entity(own), is_in)
            }
            (Self::Named(own), PeerMatch::Fqdn(other)) => {
                let is_in = own == *other;
                whole(Self::Named(own), is_in)
            }
            (atom @ Self::Named(_), PeerMatch::Entity(EntityMatch::World)) => whole(atom, true),
            (atom, _) => whole(atom, false),
        }
    }
}

/// The blocks that a rule means.
fn blocks(rule: &BlockRule) -> Vec<Block> {
    rule.except.iter().fold(vec![rule.block], |blocks, except| {
        let left = blocks.iter().flat_map(|block| block.without(except));
        left.collect()
    })
}

/// What of a block a rule does not mean, and what it means.
fn split_block(own: Block, rule: &BlockRule) -> (Vec<Block>, Vec<Block>) {
    let meant = blocks(rule);
    let left = meant.iter().fold(vec![own], |left, block| {
        left.iter().flat_map(|own| own.without(block)).collect()
    });
    let both = meant.iter().filter_map(|block| own.and(block)).collect();
    (left, both)
}
