//! Places as people write them, in files and on command lines.

use std::fmt;
use std::str::FromStr;

use crate::flow::{Entity, Labelled, Name, Place};

/// A text that names no place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no place: write `namespace/name`, an IP address or CIDR block, `pods:namespace/key=value`, `service:namespace/name`, `name:dns-name`, `host-port:number`, \
     `world`, `host`, `remote-node` or `kube-apiserver`"
)]
pub struct PlaceError(String);

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let fail = || PlaceError(text.to_owned());
        let entity = |entity| Ok(Self::Entity { entity, node: None });
        match text {
            "world" => return entity(Entity::World),
            "host" => return entity(Entity::Host),
            "remote-node" => return entity(Entity::RemoteNode),
            "kube-apiserver" => return entity(Entity::KubeApiserver),
            _ => {}
        }
        if let Ok(ip) = text.parse() {
            return Ok(Self::Ip { ip });
        }
        if let Ok(block) = text.parse() {
            return Ok(Self::Block { block });
        }
        let name = |text: &str| match text.split_once('/') {
            // A block of addresses with a wrong length is no workload.
            Some((namespace, _)) if namespace.parse::<std::net::IpAddr>().is_ok() => Err(fail()),
            Some((namespace, name))
                if !namespace.is_empty() && !name.is_empty() && !name.contains('/') =>
            {
                Ok(Name::new(namespace, name))
            }
            _ => Err(fail()),
        };
        match text.split_once(':') {
            Some(("service", service)) => Ok(Self::Service {
                service: name(service)?,
            }),
            Some(("pods", labels)) => Ok(Self::Pods {
                pods: Labelled::parse(labels).ok_or_else(fail)?,
            }),
            Some(("name", dns)) if !dns.is_empty() => Ok(Self::Name {
                name: dns.to_owned(),
            }),
            Some(("host-port", port)) => Ok(Self::HostPort {
                host_port: port.parse().map_err(|_| fail())?,
            }),
            Some(_) => Err(fail()),
            None => Ok(Self::Workload(name(text)?)),
        }
    }
}

impl Place {
    /// The place in the one-word form that [`from_str`](FromStr::from_str) reads back.
    pub fn notation(&self) -> impl fmt::Display + '_ {
        Notation(self)
    }
}

struct Notation<'a>(&'a Place);

impl fmt::Display for Notation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Place::Workload(name) => name.fmt(f),
            Place::Service { service } => write!(f, "service:{service}"),
            Place::Ip { ip } => ip.fmt(f),
            Place::Name { name } => write!(f, "name:{name}"),
            Place::Pods { pods } => write!(f, "pods:{pods}"),
            Place::Block { block } => block.fmt(f),
            Place::HostPort { host_port } => write!(f, "host-port:{host_port}"),
            Place::Entity { entity, .. } => f.write_str(match entity {
                Entity::World => "world",
                Entity::Host => "host",
                Entity::RemoteNode => "remote-node",
                Entity::KubeApiserver => "kube-apiserver",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_as_it_is_read() {
        for text in [
            "demo/web",
            "service:demo/web",
            "10.0.0.7",
            "fd00::1",
            "world",
            "kube-apiserver",
            "host-port:80",
            "name:example.com",
            "pods:demo/app=web,tier=front",
            "pods:*/app=web",
            "10.0.0.0-10.255.255.255",
        ] {
            let place: Place = text.parse().unwrap();
            assert_eq!(place.notation().to_string(), text);
        }
        for text in [
            "web",
            "/web",
            "demo/",
            "a/b/c",
            "svc:demo/web",
            "service:web",
            "host-port:http",
            "pods:demo",
            "pods:demo/app",
            "10.0.0.0/33",
            "",
        ] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }
}
