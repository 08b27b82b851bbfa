//! ServiceEntries: hosts that the cluster's own registry does not know.

use std::collections::BTreeMap;
use std::net::IpAddr;

use istio_types::networking::v1::{Resolution, ServiceEntry as Kind};
use stack_model::Model;

use super::hosts::{exported, host_matches, specificity};
use crate::Unread;
use crate::address::Block;
use crate::flow::Name;
use crate::world::LabelMap;

/// All ServiceEntries, the older first.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServiceEntries(Vec<ServiceEntry>);

#[derive(Clone, Debug)]
pub(crate) struct ServiceEntry {
    pub(crate) object: String,
    pub(crate) name: Name,
    pub(crate) labels: LabelMap,
    pub(crate) hosts: Vec<String>,
    addresses: Vec<Block>,
    ports: Vec<(u16, u16)>,
    pub(crate) leads: Leads,
    export_to: Vec<String>,
}

/// Where a ServiceEntry leads.
#[derive(Clone, Debug)]
pub(crate) enum Leads {
    /// Where the client wants to go anyway.
    Straight,
    /// To pods of its namespace with these labels.
    Pods(BTreeMap<String, String>),
    /// To these addresses and names, each with a port by number.
    Endpoints(Vec<(String, BTreeMap<u16, u16>)>),
}

impl ServiceEntries {
    pub(crate) fn read(model: &Model, unread: &mut Vec<Unread>) -> Self {
        let mut all: Vec<_> =
            super::reading::read_all::<Kind>(model, "networking.istio.io", "ServiceEntry", unread)
                .map(|(object, entry)| {
                    let spec = entry.spec;
                    let name = Name::new(object.namespace().unwrap_or("default"), object.name());
                    let number = |port: u32| u16::try_from(port).unwrap_or(0);
                    let ports: Vec<_> = spec
                        .ports
                        .iter()
                        .map(|port| {
                            let target = port.target_port.unwrap_or(port.number);
                            (number(port.number), number(target))
                        })
                        .collect();
                    let resolution = spec.resolution.unwrap_or(Resolution::None);
                    let leads = if let Some(labels) =
                        spec.workload_selector.and_then(|selector| selector.labels)
                    {
                        Leads::Pods(labels)
                    } else if spec.endpoints.is_empty() || resolution == Resolution::None {
                        Leads::Straight
                    } else {
                        let endpoints = spec.endpoints.into_iter().map(|endpoint| {
                            let own = spec.ports.iter().filter_map(|port| {
                                let target = endpoint.ports.get(&port.name)?;
                                Some((number(port.number), number(*target)))
                            });
                            let own = own.collect();
                            (endpoint.address.unwrap_or_default(), own)
                        });
                        Leads::Endpoints(endpoints.collect())
                    };
                    let created = object
                        .text_at("metadata.creationTimestamp")
                        .unwrap_or_default();
                    let entry = ServiceEntry {
                        object: format!("ServiceEntry {name}"),
                        name,
                        labels: object
                            .labels()
                            .iter()
                            .map(|(key, value)| (key.to_owned(), value.to_owned()))
                            .collect(),
                        hosts: spec.hosts,
                        addresses: spec
                            .addresses
                            .iter()
                            .filter_map(|address| address.parse().ok())
                            .collect(),
                        ports,
                        leads,
                        export_to: spec.export_to,
                    };
                    (created.to_owned(), entry)
                })
                .collect();
        all.sort_by(|(a, x), (b, y)| (a, &x.name).cmp(&(b, &y.name)));
        Self(all.into_iter().map(|(_, entry)| entry).collect())
    }

    /// The entry for a host, or else for an address, that a namespace sees.
    pub(crate) fn find(
        &self,
        host: Option<&str>,
        address: Option<IpAddr>,
        viewer: &str,
    ) -> Option<&ServiceEntry> {
        let seen = || {
            self.0
                .iter()
                .filter(|entry| exported(&entry.export_to, &entry.name.namespace, viewer))
        };
        let named = host.and_then(|host| {
            let mut best: Option<(usize, &ServiceEntry)> = None;
            for entry in seen() {
                let fit = entry.fit(host);
                if let Some(fit) = fit
                    && best.is_none_or(|(before, _)| fit > before)
                {
                    best = Some((fit, entry));
                }
            }
            best.map(|(_, entry)| entry)
        });
        let addressed = || {
            let address = address?;
            seen().find(|entry| entry.addresses.iter().any(|block| block.contains(address)))
        };
        named.or_else(addressed)
    }
}

impl ServiceEntry {
    fn fit(&self, host: &str) -> Option<usize> {
        let fitting = self
            .hosts
            .iter()
            .filter(|pattern| host_matches(pattern, host));
        fitting.map(|pattern| specificity(pattern)).max()
    }

    /// The port behind a port of the host; `None` where the entry does not have it. Without ports it has all.
    pub(crate) fn target(&self, port: u16) -> Option<u16> {
        if self.ports.is_empty() {
            return Some(port);
        }
        let found = self.ports.iter().find(|(number, _)| *number == port);
        found.map(|(_, target)| *target)
    }
}
