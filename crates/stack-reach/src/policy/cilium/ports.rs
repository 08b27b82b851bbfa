//! Ports and ICMP messages of Cilium's rules.

use cilium_types::v2::{
    IcmpRule, IcmpType, IpFamily, L4Proto, Port, PortDenyRule, PortProtocol, PortRule,
};

use crate::Protocol;
use crate::flow::IcmpFamily;
use crate::policy::l7::L7Rule;
use crate::policy::port::{IcmpMatch, PortMatch, Ports};
use crate::policy::rule::PortGroup;

pub(super) fn port_groups(rules: &[PortRule]) -> Vec<PortGroup> {
    let groups = rules.iter().map(|rule| PortGroup {
        ports: port_matches(rule.ports.as_deref()),
        l7: L7Rule::read(
            rule.rules.as_ref(),
            rule.server_names.as_deref(),
            rule.terminating_tls.is_some(),
        ),
    });
    groups.collect()
}

pub(super) fn deny_groups(rules: &[PortDenyRule]) -> Vec<PortGroup> {
    rules
        .iter()
        .map(|rule| PortGroup {
            ports: port_matches(rule.ports.as_deref()),
            l7: None,
        })
        .collect()
}

fn port_matches(ports: Option<&[PortProtocol]>) -> Vec<PortMatch> {
    ports.unwrap_or_default().iter().map(port_match).collect()
}

fn port_match(port: &PortProtocol) -> PortMatch {
    let protocols = match &port.protocol {
        None | Some(L4Proto::Any) => Protocol::WITH_PORTS.to_vec(),
        Some(L4Proto::Tcp) => vec![Protocol::Tcp],
        Some(L4Proto::Udp) => vec![Protocol::Udp],
        // Protocols that no flow here has, such as VRRP, match nothing.
        Some(other) => Protocol::parse(other.as_str()).into_iter().collect(),
    };
    let ports = match &port.port {
        None | Some(Port::Number(0)) => Ports::All,
        Some(Port::Number(first)) => {
            let last = port
                .end_port
                .and_then(|last| u16::try_from(last).ok())
                .filter(|last| *last > 0);
            Ports::Range(*first, last.unwrap_or(*first))
        }
        // Cilium writes names in small letters.
        Some(Port::Name(name)) => Ports::Name(name.to_ascii_lowercase()),
    };
    PortMatch { ports, protocols }
}

pub(super) fn icmp_matches(rules: &[IcmpRule]) -> Vec<IcmpMatch> {
    let fields = rules.iter().flat_map(|rule| &rule.fields);
    fields
        .filter_map(|field| {
            let family = match field.family {
                Some(IpFamily::IPv6) => IcmpFamily::IPv6,
                Some(IpFamily::IPv4) | None => IcmpFamily::IPv4,
            };
            Some(IcmpMatch {
                family,
                message: icmp_code(&field.icmp_type, family)?,
            })
        })
        .collect()
}

/// The number of a message type; its names mean different numbers in the two families.
fn icmp_code(message: &IcmpType, family: IcmpFamily) -> Option<u8> {
    let v4 = family == IcmpFamily::IPv4;
    Some(match message {
        IcmpType::Code(code) => *code,
        IcmpType::EchoReply => {
            if v4 {
                0
            } else {
                129
            }
        }
        IcmpType::DestinationUnreachable => {
            if v4 {
                3
            } else {
                1
            }
        }
        IcmpType::Redirect | IcmpType::RedirectMessage => {
            if v4 {
                5
            } else {
                137
            }
        }
        IcmpType::Echo | IcmpType::EchoRequest => {
            if v4 {
                8
            } else {
                128
            }
        }
        IcmpType::RouterAdvertisement => {
            if v4 {
                9
            } else {
                134
            }
        }
        IcmpType::RouterSelection => 10,
        IcmpType::TimeExceeded => {
            if v4 {
                11
            } else {
                3
            }
        }
        IcmpType::ParameterProblem => {
            if v4 {
                12
            } else {
                4
            }
        }
        IcmpType::Timestamp => 13,
        IcmpType::TimestampReply => 14,
        IcmpType::PacketTooBig => 2,
        _ => return None,
    })
}
