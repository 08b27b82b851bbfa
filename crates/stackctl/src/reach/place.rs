//! Places, ports and requests as they are written on the command line.

use stack_reach::{Entity, Name, Place, PortRef, Protocol, Request};

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
    let name = |text: &str| match text.split_once('/') {
        Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() => {
            Ok(Name::parse(text))
        }
        _ => Err("must be NAMESPACE/NAME".to_owned()),
    };
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
        Some((kind, _)) => Err(format!(
            "`{kind}:` is not known; there are `service:`, `host-port:` and `name:`"
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

/// Reads `METHOD PATH`.
pub(super) fn request(text: &str) -> Result<Request, String> {
    match text.split_once(' ') {
        Some((method, path)) if path.starts_with('/') => Ok(Request::new(method, path)),
        _ => Err("must be a method and a path, such as 'GET /get'".to_owned()),
    }
}

/// Reads `NAME: VALUE`.
pub(super) fn header(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("must be 'NAME: VALUE'".to_owned()),
    }
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
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ports_requests_and_headers_are_read_or_refused() {
        assert_eq!(port("80"), Ok(PortRef::Number(80)));
        assert_eq!(port("http"), Ok(PortRef::Name("http".into())));
        assert!(port("0").is_err() && port("70000").is_err() && port("").is_err());
        assert_eq!(protocol("udp"), Ok(Protocol::Udp));
        assert!(protocol("quic").is_err());
        assert_eq!(request("GET /a b"), Ok(Request::new("GET", "/a b")));
        assert!(request("GET").is_err() && request("/get").is_err());
        assert_eq!(header("x-a: b: c"), Ok(("x-a".into(), "b: c".into())));
        assert!(header("x-a").is_err());
    }
}
