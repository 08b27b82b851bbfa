//! CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy.

mod ports;
mod selector;
mod specs;

use cilium_types::v2::{
    AuthenticationMode, Cidr, CidrBlock, CidrRule, CiliumCidrGroup, CiliumClusterwideNetworkPolicy,
    CiliumNetworkPolicy, EgressDenyRule, EgressRule, EndpointSelector, Entity, FqdnSelector,
    Groups, IcmpRule, IngressDenyRule, IngressRule, Rule as Spec, Service as ServicePeer, Subject,
};
use crd_core::parse;
use stack_model::{Entry as Object, Model, Operator, Requirement, Selector};

use self::ports::{deny_groups, icmp_matches, port_groups};
use self::selector::{NAMESPACE, NAMESPACE_LABELS, entity_match, equals, requirements};
use self::specs::Specs;
pub(crate) use super::pattern::NamePattern;
use super::peer::PeerMatch;
use super::rule::{Authentication, Entry, PortGroup, Rule, Side, Who};
use crate::Unread;
use crate::address::{Block, BlockRule};
use crate::world::World;

const GROUP: &str = "cilium.io";

/// Reads all policies of Cilium; what no server would take is listed instead.
pub(crate) fn read(model: &Model, world: &World, unread: &mut Vec<Unread>) -> Vec<Rule> {
    let mut reader = Reader {
        world,
        groups: Vec::new(),
        namespace: None,
        object: String::new(),
        rules: Vec::new(),
    };
    for object in model.objects(GROUP, "CiliumCIDRGroup") {
        match parse::lenient::<CiliumCidrGroup>(object.value()) {
            Ok(group) => reader.groups.push(CidrGroup::of(object, &group)),
            Err(error) => unread.push(Unread::new(object, &error)),
        }
    }
    let mut specs = Specs::default();
    for object in model.objects(GROUP, "CiliumNetworkPolicy") {
        match specs.read::<CiliumNetworkPolicy>(object) {
            Ok((policy, spec)) => {
                let namespace = object.namespace().unwrap_or("default").to_owned();
                reader.object = format!("CiliumNetworkPolicy {namespace}/{}", object.name());
                reader.namespace = Some(namespace);
                reader.add(
                    spec.as_deref().or(policy.spec.as_ref()),
                    policy.specs.as_deref().unwrap_or_default(),
                );
            }
            Err(error) => unread.push(Unread::new(object, &error)),
        }
    }
    for object in model.objects(GROUP, "CiliumClusterwideNetworkPolicy") {
        match specs.read::<CiliumClusterwideNetworkPolicy>(object) {
            Ok((policy, spec)) => {
                reader.object = format!("CiliumClusterwideNetworkPolicy {}", object.name());
                reader.namespace = None;
                reader.add(
                    spec.as_deref().or(policy.spec.as_ref()),
                    policy.specs.as_deref().unwrap_or_default(),
                );
            }
            Err(error) => unread.push(Unread::new(object, &error)),
        }
    }
    reader.rules
}

struct CidrGroup {
    name: String,
    labels: crate::world::LabelMap,
    blocks: Vec<Block>,
}

impl CidrGroup {
    fn of(object: &Object, group: &CiliumCidrGroup) -> Self {
        Self {
            name: object.name().to_owned(),
            labels: object.labels().texts().collect(),
            blocks: group.spec.external_cidrs.iter().filter_map(block).collect(),
        }
    }
}

fn block(cidr: &Cidr) -> Option<Block> {
    Block::prefix(cidr.address(), cidr.prefix_len())
}

/// What the four kinds of entries have in common.
#[derive(Default)]
struct Parts<'a> {
    endpoints: Option<&'a [EndpointSelector]>,
    cidrs: Option<&'a [Cidr]>,
    cidr_set: Option<&'a [CidrRule]>,
    entities: Option<&'a [Entity]>,
    groups: Option<&'a [Groups]>,
    nodes: Option<&'a [EndpointSelector]>,
    services: Option<&'a [ServicePeer]>,
    fqdns: Option<&'a [FqdnSelector]>,
    icmps: Option<&'a [IcmpRule]>,
}

struct Reader<'a> {
    world: &'a World,
    groups: Vec<CidrGroup>,
    /// Of the policy that is being read; `None` for one of the whole cluster.
    namespace: Option<String>,
    object: String,
    rules: Vec<Rule>,
}

impl Reader<'_> {
    fn add(&mut self, spec: Option<&Spec>, specs: &[Spec]) {
        let numbered = specs
            .iter()
            .enumerate()
            .map(|(index, spec)| (format!("specs[{index}]"), spec));
        for (path, spec) in spec
            .map(|spec| ("spec".to_owned(), spec))
            .into_iter()
            .chain(numbered)
        {
            let rule = self.rule(&path, spec);
            self.rules.push(rule);
        }
    }

    fn rule(&self, path: &str, spec: &Spec) -> Rule {
        let who = match &spec.subject {
            Subject::Endpoints(selector) => Who::Pods(self.subject(selector)),
            Subject::Nodes(selector) => Who::Nodes(requirements(selector)),
        };
        let default_deny = spec.enable_default_deny.as_ref();
        let ingress = Side {
            isolates: default_deny
                .and_then(|config| config.ingress)
                .unwrap_or_else(|| {
                    any(spec.ingress.as_deref()) || any(spec.ingress_deny.as_deref())
                }),
            allow: entries(spec.ingress.as_deref(), path, "ingress", |path, rule| {
                self.ingress(path, rule)
            }),
            deny: entries(
                spec.ingress_deny.as_deref(),
                path,
                "ingressDeny",
                |path, rule| self.ingress_deny(path, rule),
            ),
        };
        let egress = Side {
            isolates: default_deny
                .and_then(|config| config.egress)
                .unwrap_or_else(|| any(spec.egress.as_deref()) || any(spec.egress_deny.as_deref())),
            allow: entries(spec.egress.as_deref(), path, "egress", |path, rule| {
                self.egress(path, rule)
            }),
            deny: entries(
                spec.egress_deny.as_deref(),
                path,
                "egressDeny",
                |path, rule| self.egress_deny(path, rule),
            ),
        };
        Rule {
            object: self.object.clone(),
            who,
            ingress,
            egress,
        }
    }

    /// The pods that a rule is about: of the policy's namespace, whatever else the selector says.
    fn subject(&self, selector: &EndpointSelector) -> Selector {
        let selector = requirements(selector);
        match &self.namespace {
            Some(namespace) => selector.and(equals(NAMESPACE, namespace)),
            None => selector,
        }
    }

    /// Peers that a selector means: of the policy's namespace, unless the selector itself speaks of namespaces.
    fn endpoints(&self, selector: &EndpointSelector) -> Selector {
        let selector = requirements(selector);
        let keys = || {
            selector
                .requirements()
                .iter()
                .map(|requirement| &*requirement.key)
        };
        if keys().any(|key| key.starts_with("reserved:")) {
            return selector;
        }
        if keys().any(|key| key == NAMESPACE || key.starts_with(NAMESPACE_LABELS)) {
            return selector;
        }
        match &self.namespace {
            Some(namespace) => selector.and(equals(NAMESPACE, namespace)),
            // Nothing but pods has a namespace.
            None => selector.and(Requirement::new(
                NAMESPACE,
                Operator::Exists,
                Vec::<String>::new(),
            )),
        }
    }

    fn ingress(&self, path: String, rule: &IngressRule) -> Option<Entry> {
        let parts = Parts {
            endpoints: rule.from_endpoints.as_deref(),
            cidrs: rule.from_cidr.as_deref(),
            cidr_set: rule.from_cidr_set.as_deref(),
            entities: rule.from_entities.as_deref(),
            groups: rule.from_groups.as_deref(),
            nodes: rule.from_nodes.as_deref(),
            icmps: rule.icmps.as_deref(),
            ..Parts::default()
        };
        let authentication = rule
            .authentication
            .as_ref()
            .map(|authentication| &authentication.mode);
        self.entry(
            path,
            &parts,
            rule.to_ports.as_deref().map(port_groups),
            authentication,
        )
    }

    fn ingress_deny(&self, path: String, rule: &IngressDenyRule) -> Option<Entry> {
        let parts = Parts {
            endpoints: rule.from_endpoints.as_deref(),
            cidrs: rule.from_cidr.as_deref(),
            cidr_set: rule.from_cidr_set.as_deref(),
            entities: rule.from_entities.as_deref(),
            groups: rule.from_groups.as_deref(),
            nodes: rule.from_nodes.as_deref(),
            icmps: rule.icmps.as_deref(),
            ..Parts::default()
        };
        self.entry(
            path,
            &parts,
            rule.to_ports.as_deref().map(deny_groups),
            None,
        )
    }

    fn egress(&self, path: String, rule: &EgressRule) -> Option<Entry> {
        let parts = Parts {
            endpoints: rule.to_endpoints.as_deref(),
            cidrs: rule.to_cidr.as_deref(),
            cidr_set: rule.to_cidr_set.as_deref(),
            entities: rule.to_entities.as_deref(),
            groups: rule.to_groups.as_deref(),
            nodes: rule.to_nodes.as_deref(),
            services: rule.to_services.as_deref(),
            fqdns: rule.to_fqdns.as_deref(),
            icmps: rule.icmps.as_deref(),
        };
        let authentication = rule
            .authentication
            .as_ref()
            .map(|authentication| &authentication.mode);
        self.entry(
            path,
            &parts,
            rule.to_ports.as_deref().map(port_groups),
            authentication,
        )
    }

    fn egress_deny(&self, path: String, rule: &EgressDenyRule) -> Option<Entry> {
        let parts = Parts {
            endpoints: rule.to_endpoints.as_deref(),
            cidrs: rule.to_cidr.as_deref(),
            cidr_set: rule.to_cidr_set.as_deref(),
            entities: rule.to_entities.as_deref(),
            groups: rule.to_groups.as_deref(),
            nodes: rule.to_nodes.as_deref(),
            services: rule.to_services.as_deref(),
            icmps: rule.icmps.as_deref(),
            ..Parts::default()
        };
        self.entry(
            path,
            &parts,
            rule.to_ports.as_deref().map(deny_groups),
            None,
        )
    }

    /// `None` for an entry that says nothing at all: it isolates, and lets nobody through.
    fn entry(
        &self,
        path: String,
        parts: &Parts<'_>,
        ports: Option<Vec<PortGroup>>,
        authentication: Option<&AuthenticationMode>,
    ) -> Option<Entry> {
        let peers = self.peers(parts);
        let ports = ports.filter(|ports| !ports.is_empty());
        let icmp = parts
            .icmps
            .filter(|icmps| !icmps.is_empty())
            .map(icmp_matches);
        if peers.is_none() && ports.is_none() && icmp.is_none() {
            return None;
        }
        let authentication = authentication.map(|mode| match mode {
            AuthenticationMode::Disabled => Authentication::Disabled,
            AuthenticationMode::Required => Authentication::Required,
            AuthenticationMode::TestAlwaysFail => Authentication::AlwaysFails,
        });
        Some(Entry {
            path,
            peers,
            ports,
            icmp,
            authentication,
        })
    }

    /// `None` where no list of peers is there, which means everybody. An empty list means nobody.
    fn peers(&self, parts: &Parts<'_>) -> Option<Vec<PeerMatch>> {
        let mut peers = Vec::new();
        let mut listed = false;
        if let Some(selectors) = parts.endpoints {
            listed = true;
            peers.extend(
                selectors
                    .iter()
                    .map(|selector| PeerMatch::Endpoints(self.endpoints(selector))),
            );
        }
        if let Some(cidrs) = parts.cidrs {
            listed = true;
            peers.extend(
                cidrs
                    .iter()
                    .filter_map(block)
                    .map(|block| outside(block, Vec::new())),
            );
        }
        if let Some(rules) = parts.cidr_set {
            listed = true;
            peers.extend(rules.iter().flat_map(|rule| self.cidr_rule(rule)));
        }
        if let Some(entities) = parts.entities {
            listed = true;
            peers.extend(
                entities
                    .iter()
                    .map(|entity| PeerMatch::Entity(entity_match(entity))),
            );
        }
        if let Some(groups) = parts.groups {
            listed = true;
            peers.extend(groups.iter().map(|_| {
                PeerMatch::Unknown("the address belongs to the cloud provider's group".to_owned())
            }));
        }
        if let Some(selectors) = parts.nodes {
            listed = true;
            peers.extend(
                selectors
                    .iter()
                    .map(|selector| PeerMatch::Nodes(requirements(selector))),
            );
        }
        if let Some(services) = parts.services {
            listed = true;
            peers.extend(services.iter().flat_map(|service| self.service(service)));
        }
        if let Some(names) = parts.fqdns {
            listed = true;
            peers.extend(names.iter().map(|name| {
                PeerMatch::Fqdn(match name {
                    FqdnSelector::MatchName(name) => NamePattern::exact(name),
                    FqdnSelector::MatchPattern(pattern) => NamePattern::new(pattern),
                })
            }));
        }
        listed.then_some(peers)
    }

    fn cidr_rule(&self, rule: &CidrRule) -> Vec<PeerMatch> {
        let except: Vec<_> = rule.except.iter().filter_map(block).collect();
        let of = |found: Vec<&CidrGroup>, what: String| match found.is_empty() {
            true => vec![PeerMatch::Unknown(what)],
            false => found
                .iter()
                .flat_map(|group| &group.blocks)
                .map(|&block| outside(block, except.clone()))
                .collect(),
        };
        match &rule.block {
            CidrBlock::Cidr(cidr) => block(cidr)
                .map(|block| outside(block, except))
                .into_iter()
                .collect(),
            CidrBlock::CidrGroupRef(name) => of(
                self.groups
                    .iter()
                    .filter(|group| group.name == *name)
                    .collect(),
                format!("the address is in the CiliumCIDRGroup {name}"),
            ),
            CidrBlock::CidrGroupSelector(selector) => {
                let read = serde_json::to_value(selector)
                    .ok()
                    .and_then(|selector| Selector::read(&selector.into()).ok());
                let selector = read.unwrap_or_else(Selector::nothing);
                of(
                    self.groups
                        .iter()
                        .filter(|group| selector.matches(&group.labels))
                        .collect(),
                    "the address is in one of the CiliumCIDRGroups that are selected".to_owned(),
                )
            }
        }
    }

    /// The pods behind Services, and the addresses of those that select none.
    fn service(&self, peer: &ServicePeer) -> Vec<PeerMatch> {
        let own = self.namespace.as_deref();
        let by_labels = peer.k8s_service_selector.as_ref().map(|selector| {
            let labels = serde_json::to_value(&selector.selector)
                .ok()
                .and_then(|value| Selector::read(&value.into()).ok());
            (
                labels.unwrap_or_else(Selector::nothing),
                selector.namespace.as_deref(),
            )
        });
        let found = self.world.services.iter().filter(|service| {
            let here = |namespace: Option<&str>| {
                namespace
                    .or(own)
                    .is_none_or(|namespace| service.name.namespace == namespace)
            };
            let named = peer.k8s_service.as_ref().is_some_and(|name| {
                name.service_name
                    .as_deref()
                    .is_none_or(|name| service.name.name == name)
                    && here(name.namespace.as_deref())
            });
            named
                || by_labels.as_ref().is_some_and(|(labels, namespace)| {
                    labels.matches(&service.labels) && here(*namespace)
                })
        });
        let mut peers = Vec::new();
        for service in found {
            peers.push(PeerMatch::Among(service.pods.clone()));
            peers.push(PeerMatch::Among(
                service
                    .endpoints
                    .iter()
                    .filter_map(|endpoint| endpoint.pod)
                    .collect(),
            ));
            let addresses = service
                .endpoints
                .iter()
                .filter_map(|endpoint| endpoint.address);
            peers.extend(addresses.map(|address| outside(Block::one(address), Vec::new())));
        }
        peers
    }
}

const fn outside(block: Block, except: Vec<Block>) -> PeerMatch {
    PeerMatch::Block {
        rule: BlockRule { block, except },
        pods: false,
    }
}

fn any<T>(list: Option<&[T]>) -> bool {
    list.is_some_and(|list| !list.is_empty())
}

fn entries<T>(
    rules: Option<&[T]>,
    path: &str,
    list: &str,
    read: impl Fn(String, &T) -> Option<Entry>,
) -> Vec<Entry> {
    let rules = rules.unwrap_or_default().iter().enumerate();
    rules
        .filter_map(|(index, rule)| read(format!("{path}.{list}[{index}]"), rule))
        .collect()
}
