//! What a Service port speaks, as Istio reads its name.

use stack_model::ServicePort;

const KNOWN: [&str; 10] = [
    "grpc", "grpc-web", "http", "http2", "https", "mongo", "mysql", "redis", "tcp", "tls",
];

/// The protocol that a port states, by `appProtocol` or by the first word of its name; `None` where it states none.
pub(crate) fn of<'m>(port: &ServicePort<'m>) -> Option<&'m str> {
    let stated = port.app_protocol.map(|stated| {
        let (_, protocol) = stated.rsplit_once('/').unwrap_or(("", stated));
        protocol
    });
    let by_name = || {
        let name = port.name?;
        let word = match name.strip_prefix("grpc-web") {
            Some("") => name,
            Some(rest) if rest.starts_with('-') => "grpc-web",
            _ => name.split('-').next()?,
        };
        KNOWN.contains(&word).then_some(word)
    };
    stated.or_else(by_name)
}
