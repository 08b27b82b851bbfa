//! Which listeners of one gateway clash.

use std::collections::{HashMap, HashSet};

use crate::condition::Problem;
use crate::listener::{Listener, ListenerProtocol};

/// Protocols that can share a port if the hosts differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Layer {
    Http,
    Tls,
    Tcp,
    Hbone,
    Udp,
}

impl Layer {
    const fn of(protocol: ListenerProtocol) -> Option<Self> {
        Some(match protocol {
            ListenerProtocol::Http => Self::Http,
            ListenerProtocol::Https
            | ListenerProtocol::TlsTerminate
            | ListenerProtocol::TlsPassthrough => Self::Tls,
            ListenerProtocol::Tcp => Self::Tcp,
            ListenerProtocol::Udp => Self::Udp,
            ListenerProtocol::Hbone => Self::Hbone,
            ListenerProtocol::Unknown => return None,
        })
    }

    /// UDP ports are other ports.
    const fn is_udp(self) -> bool {
        matches!(self, Self::Udp)
    }

    /// Whether hosts tell several listeners on one port apart.
    const fn has_hosts(self) -> bool {
        matches!(self, Self::Http | Self::Tls)
    }
}

/// Ports that are taken by listeners that stand earlier in precedence.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    layers: HashMap<Place, Layer>,
    hosts: HashSet<HostPlace>,
}

impl Taken {
    /// Marks the clashes of one owner's listeners: among themselves, where all lose, and with those before them, where these
    /// lose. Those that clash keep their ports from others all the same.
    pub(crate) fn add(&mut self, listeners: &mut [Listener<'_>]) {
        let mut layers: HashMap<Place, HashSet<Layer>> = HashMap::new();
        let mut hosts: HashMap<HostPlace, usize> = HashMap::new();
        for listener in listeners.iter() {
            if let Some((layer, place, key)) = place_of(listener) {
                layers.entry(place).or_default().insert(layer);
                *hosts.entry(key).or_default() += 1;
            }
        }
        for listener in listeners.iter_mut() {
            let Some((layer, place, key)) = place_of(listener) else {
                continue;
            };
            let port = listener.port;
            let several_protocols = match self.layers.get(&place) {
                Some(before) => *before != layer,
                None => layers.get(&place).is_some_and(|layers| layers.len() > 1),
            };
            let same_host =
                hosts.get(&key).is_some_and(|count| *count > 1) || self.hosts.contains(&key);
            listener.conflict = if several_protocols {
                Some(Problem::new(
                    "ProtocolConflict",
                    format!("port {port} has listeners of several protocols"),
                ))
            } else if same_host && !layer.has_hosts() {
                Some(Problem::new(
                    "ProtocolConflict",
                    format!("port {port} has several listeners"),
                ))
            } else if same_host {
                let host = listener.hostname.as_deref().unwrap_or("every host");
                Some(Problem::new(
                    "HostnameConflict",
                    format!("port {port} has several listeners for {host}"),
                ))
            } else {
                None
            };
        }
        for listener in listeners.iter() {
            if let Some((layer, place, key)) = place_of(listener) {
                self.layers.entry(place).or_insert(layer);
                self.hosts.insert(key);
            }
        }
    }
}

/// A port, and whether it is one of UDP.
type Place = (u16, bool);
/// A host at a port.
type HostPlace = (u16, bool, Option<String>);

fn place_of(listener: &Listener<'_>) -> Option<(Layer, Place, HostPlace)> {
    let layer = Layer::of(listener.protocol)?;
    let place = (listener.port, layer.is_udp());
    let host = listener.hostname.clone().filter(|_| layer.has_hosts());
    Some((layer, place, (place.0, place.1, host)))
}
