//! What a Service port speaks, as Istio reads its name.

use stack_model::ServicePort;

/// As the first word `grpc` also stands for `grpc-web`.
const KNOWN: [&str; 9] = [
    "grpc", "http", "http2", "https", "mongo", "mysql", "redis", "tcp", "tls",
];

/// The protocol that a port states, by `appProtocol` or by the first word of its name; `None` where it states none.
pub(crate) fn of<'m>(port: &ServicePort<'m>) -> Option<&'m str> {
    let stated = port.app_protocol.map(|stated| {
        let (_, protocol) = stated.rsplit_once('/').unwrap_or(("", stated));
        protocol
    });
    let by_name = || {
        let word = port.name?.split('-').next()?;
        KNOWN.contains(&word).then_some(word)
    };
    stated.or_else(by_name)
}
