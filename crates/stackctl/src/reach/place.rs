//! Places, ports and requests as they are written on the command line.

use stack_reach::{Entity, Name, Place, PortRef, Protocol};

use crate::values;

/// Reads a place; see the help of the command.
pub(super) fn parse(text: &str) -> Result<Place, String> {
    let entity = |entity| Ok(Place::Entity { entity, node: None });
    match text {
        "world" => return entity(Entity::World),
        "host" => return entity(Entity::Host),
        "remote-node" => return entity(Entity::RemoteNode),
        "kube-apiserver" => return entity(Entity::KubeApiserver),
        _ => {}
    }
    if let Ok(ip) = text.parse() {
        return Ok(Place::Ip { ip });
    }
    if let Ok(place @ Place::Block { .. }) = text.parse() {
        return Ok(place);
    }
    let name = |text: &str| values::namespaced(text).map(|text| Name::parse(&text));
    match text.split_once(':') {
        Some(("service", service)) => Ok(Place::Service {
            service: name(service)?,
        }),
        Some(("host-port", number)) => match number.parse() {
            Ok(host_port) => Ok(Place::HostPort { host_port }),
            Err(_) => Err(format!("`{number}` is no port")),
        },
        Some(("name", name)) => Ok(Place::Name {
            name: name.to_owned(),
        }),
        Some(("pods", _)) => text
            .parse()
            .map_err(|_| format!("`{text}` is not pods:NAMESPACE/KEY=VALUE")),
        Some((kind, _)) => Err(format!(
            "`{kind}:` is not known; there are `service:`, `pods:`, `host-port:` and `name:`"
        )),
        None => Ok(Place::Workload(name(text)?)),
    }
}

/// Reads a port by number or by name.
pub(super) fn port(text: &str) -> Result<PortRef, String> {
    match text.parse() {
        Ok(0) => Err("0 is no port".to_owned()),
        Ok(number) => Ok(PortRef::Number(number)),
        Err(_) if text.bytes().any(|byte| byte.is_ascii_alphabetic()) => {
            Ok(PortRef::Name(text.to_owned()))
        }
        Err(_) => Err("must be a number from 1 to 65535, or a name".to_owned()),
    }
}

/// Reads a protocol, in any case.
pub(super) fn protocol(text: &str) -> Result<Protocol, String> {
    Protocol::parse(&text.to_ascii_uppercase())
        .ok_or_else(|| "must be TCP, UDP, SCTP or ICMP".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_what_it_looks_like() {
        for (text, expected) in [
            ("demo/web", "demo/web"),
            ("service:demo/web", "service demo/web"),
            ("10.0.0.7", "10.0.0.7"),
            ("fd00::1", "fd00::1"),
            ("world", "the world"),
            ("host-port:80", "port 80 of the machine"),
            ("name:example.com", "example.com"),
            ("pods:demo/app=web", "pods demo/app=web"),
            ("10.0.0.0/8", "10.0.0.0-10.255.255.255"),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), expected);
        }
        for text in [
            "web",
            "/web",
            "demo/",
            "svc:demo/web",
            "service:web",
            "host-port:http",
            "pods:demo",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ports_and_protocols_are_read_or_refused() {
        assert_eq!(port("80"), Ok(PortRef::Number(80)));
        assert_eq!(port("http"), Ok(PortRef::Name("http".into())));
        assert!(port("0").is_err() && port("70000").is_err() && port("").is_err());
        assert_eq!(protocol("udp"), Ok(Protocol::Udp));
        assert!(protocol("quic").is_err());
    }
}
