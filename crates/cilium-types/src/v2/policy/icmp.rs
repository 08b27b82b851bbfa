//! ICMP messages.

use std::fmt;

use crd_core::{Object, StringEnum};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// ICMP messages that a rule lets through (or denies).
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct IcmpRule {
    /// The messages meant, at most 40. Empty and absent are the same: none.
    #[schemars(length(max = 40))]
    pub fields: Vec<IcmpField>,
}

impl IcmpRule {
    /// Ping, over IPv4 and IPv6.
    pub fn echo_request() -> Self {
        Self {
            fields: vec![
                IcmpField {
                    family: Some(IpFamily::IPv4),
                    icmp_type: IcmpType::EchoRequest,
                },
                IcmpField {
                    family: Some(IpFamily::IPv6),
                    icmp_type: IcmpType::EchoRequest,
                },
            ],
        }
    }
}

/// One kind of ICMP message.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct IcmpField {
    /// ICMP of IPv4 or of IPv6. Absent is IPv4.
    #[schemars(extend("default" = "IPv4"))]
    pub family: Option<IpFamily>,
    /// The message, by number or by name. Names mean the number of the family at hand:
    /// `EchoRequest` is 8 for IPv4 and 128 for IPv6.
    #[field(rename = "type")]
    pub icmp_type: IcmpType,
}

/// Version of the Internet Protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum IpFamily {
    /// ICMP, over IPv4.
    #[default]
    IPv4,
    /// ICMPv6, over IPv6.
    IPv6,
}

macro_rules! icmp_types {
    (@text $variant:ident) => { stringify!($variant) };
    (@text $variant:ident $text:literal) => { $text };
    ($($(#[$meta:meta])* $variant:ident $(= $text:literal)?,)+) => {
        /// Type of an ICMP message. Each variant says for which family Cilium knows the name.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum IcmpType {
            /// The number itself, 0 to 255.
            Code(u8),
            $($(#[$meta])* $variant,)+
            /// Any other text, for instance a number written as a string.
            Other(String),
        }

        impl IcmpType {
            /// Names that Cilium knows.
            pub const NAMES: &'static [&'static str] = &[$(icmp_types!(@text $variant $($text)?)),+];

            fn from_name(name: &str) -> Self {
                $(
                    if name == icmp_types!(@text $variant $($text)?) {
                        return Self::$variant;
                    }
                )+
                Self::Other(name.to_owned())
            }

            fn name(&self) -> Option<&str> {
                match self {
                    Self::Code(_) => None,
                    $(Self::$variant => Some(icmp_types!(@text $variant $($text)?)),)+
                    Self::Other(name) => Some(name),
                }
            }
        }
    };
}

icmp_types! {
    /// Answer to a ping: 0 or 129. Both families.
    EchoReply,
    /// The packet could not be delivered: 3 or 1. Both families.
    DestinationUnreachable,
    /// A better route exists: 5. IPv4.
    Redirect,
    /// Ping: 8. IPv4, see also `EchoRequest`.
    Echo,
    /// Ping: 8 or 128. Both families.
    EchoRequest,
    /// A router makes itself known: 9 or 134. Both families.
    RouterAdvertisement,
    /// A host looks for a router: 10. IPv4.
    RouterSelection,
    /// The packet's lifetime ran out: 11 or 3. Both families.
    TimeExceeded,
    /// A header could not be read: 12 or 4. Both families.
    ParameterProblem,
    /// Asks for the time: 13. IPv4.
    Timestamp,
    /// Answers with the time: 14. IPv4.
    TimestampReply,
    /// Security failure of Photuris: 40. IPv4.
    Photuris,
    /// Probes an interface of a node: 42 or 160. Both families.
    ExtendedEchoRequest,
    /// Answers such a probe: 43 or 161. Both families. Cilium spells it with a blank,
    /// `ExtendedEcho Reply`, and knows no other spelling.
    ExtendedEchoReply = "ExtendedEcho Reply",
    /// The packet is larger than the link allows: 2. IPv6.
    PacketTooBig,
    /// Asks who listens to a multicast group: 130. IPv6.
    MulticastListenerQuery,
    /// Tells of listening to a multicast group: 131. IPv6.
    MulticastListenerReport,
    /// Tells of leaving a multicast group: 132. IPv6.
    MulticastListenerDone,
    /// A host looks for routers: 133. IPv6.
    RouterSolicitation,
    /// Asks for a neighbour's link address: 135. IPv6.
    NeighborSolicitation,
    /// Tells a link address: 136. IPv6.
    NeighborAdvertisement,
    /// A better first hop exists: 137. IPv6.
    RedirectMessage,
    /// Changes the prefixes of routers: 138. IPv6.
    RouterRenumbering,
    /// Asks for a node's names or addresses: 139. IPv6.
    ICMPNodeInformationQuery,
    /// Tells a node's names or addresses: 140. IPv6.
    ICMPNodeInformationResponse,
    /// Asks for the addresses of a link address: 141. IPv6.
    InverseNeighborDiscoverySolicitation,
    /// Tells the addresses of a link address: 142. IPv6.
    InverseNeighborDiscoveryAdvertisement,
    /// Mobile IPv6 looks for home agents: 144. IPv6.
    HomeAgentAddressDiscoveryRequest,
    /// Mobile IPv6 names home agents: 145. IPv6.
    HomeAgentAddressDiscoveryReply,
    /// Mobile IPv6 asks for the home network's prefixes: 146. IPv6.
    MobilePrefixSolicitation,
    /// Mobile IPv6 tells the home network's prefixes: 147. IPv6.
    MobilePrefixAdvertisement,
    /// Asks whether an address is taken: 157. IPv6.
    DuplicateAddressRequestCodeSuffix,
    /// Confirms whether an address is taken: 158. IPv6.
    DuplicateAddressConfirmationCodeSuffix,
}

impl Serialize for IcmpType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self, self.name()) {
            (Self::Code(code), _) => serializer.serialize_u8(*code),
            (_, name) => serializer.serialize_str(name.unwrap_or_default()),
        }
    }
}

impl<'de> Deserialize<'de> for IcmpType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrName;

        impl serde::de::Visitor<'_> for NumberOrName {
            type Value = IcmpType;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an ICMP type: a number from 0 to 255, or a name such as EchoRequest")
            }

            fn visit_u64<E: serde::de::Error>(self, code: u64) -> Result<IcmpType, E> {
                u8::try_from(code)
                    .map(IcmpType::Code)
                    .map_err(|_| E::invalid_value(serde::de::Unexpected::Unsigned(code), &self))
            }

            fn visit_i64<E: serde::de::Error>(self, code: i64) -> Result<IcmpType, E> {
                u8::try_from(code)
                    .map(IcmpType::Code)
                    .map_err(|_| E::invalid_value(serde::de::Unexpected::Signed(code), &self))
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<IcmpType, E> {
                Ok(IcmpType::from_name(name))
            }
        }

        deserializer.deserialize_any(NumberOrName)
    }
}

crd_core::if_schema! {
/// What a server accepts as text: a number from 0 to 255, or one of the names.
const TYPE_PATTERN: &str = concat!(
    "^([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]|EchoReply|DestinationUnreachable|",
    "Redirect|Echo|RouterAdvertisement|RouterSelection|TimeExceeded|ParameterProblem|",
    "Timestamp|TimestampReply|Photuris|ExtendedEchoRequest|ExtendedEcho Reply|",
    "PacketTooBig|ParameterProblem|EchoRequest|MulticastListenerQuery|",
    "MulticastListenerReport|MulticastListenerDone|RouterSolicitation|",
    "RouterAdvertisement|NeighborSolicitation|NeighborAdvertisement|RedirectMessage|",
    "RouterRenumbering|ICMPNodeInformationQuery|ICMPNodeInformationResponse|",
    "InverseNeighborDiscoverySolicitation|InverseNeighborDiscoveryAdvertisement|",
    "HomeAgentAddressDiscoveryRequest|HomeAgentAddressDiscoveryReply|",
    "MobilePrefixSolicitation|MobilePrefixAdvertisement|",
    "DuplicateAddressRequestCodeSuffix|DuplicateAddressConfirmationCodeSuffix)$",
);

impl crd_core::schema::JsonSchema for IcmpType {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "IcmpType".into()
    }

    fn json_schema(_: &mut crd_core::schema::SchemaGenerator) -> crd_core::schema::Schema {
        crd_core::schema::json_schema!({
            "x-kubernetes-int-or-string": true,
            "anyOf": [{ "type": "integer" }, { "type": "string" }],
            "pattern": TYPE_PATTERN,
        })
    }
}
}
