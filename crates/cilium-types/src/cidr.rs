//! Address blocks in CIDR notation.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};

/// A block of IP addresses, `address/prefix length`: `10.0.0.0/8`, `2001:db8::/32`,
/// `192.0.2.7/32` for a single address.
///
/// The text is kept as written (`10.1.2.3/8` stays so), and is what two values are compared by.
///
/// ```
/// use cilium_types::v2::Cidr;
///
/// let block: Cidr = "10.0.0.0/8".parse()?;
/// assert!(block.contains([10, 96, 0, 1].into()));
/// assert!(!block.contains([11, 0, 0, 1].into()));
/// assert_eq!(Cidr::from(std::net::IpAddr::from([192, 0, 2, 7])).as_str(), "192.0.2.7/32");
/// assert!("10.0.0.0".parse::<Cidr>().is_err());
/// # Ok::<(), cilium_types::v2::CidrError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Cidr {
    text: String,
    address: IpAddr,
    prefix_len: u8,
}

/// Why a text is not a block of addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CidrError {
    /// There is no slash in the text.
    #[error("`{0}` is not a CIDR: write address/prefix length, such as 10.0.0.0/8 or 192.0.2.7/32")]
    NoPrefix(String),
    /// What stands before the slash is no IPv4 or IPv6 address.
    #[error("`{0}` is not a CIDR: the part before the slash is no IP address")]
    Address(String),
    /// What stands after the slash is no number, or more than the address has bits.
    #[error("`{text}` is not a CIDR: the prefix length must be a number from 0 to {max}")]
    PrefixLength {
        /// The text as given.
        text: String,
        /// Number of bits of the address: 32 or 128.
        max: u8,
    },
}

impl Cidr {
    /// The text that stands in the manifest.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The address before the slash, host bits included.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// Number of leading bits that the addresses of the block share.
    pub fn prefix_len(&self) -> u8 {
        self.prefix_len
    }

    /// Whether the address lies in the block. Addresses of the other family never do.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(a), IpAddr::V4(b)) => {
                let differ = u32::from(a) ^ u32::from(b);
                differ
                    .checked_shr(32 - u32::from(self.prefix_len))
                    .unwrap_or(0)
                    == 0
            }
            (IpAddr::V6(a), IpAddr::V6(b)) => {
                let differ = u128::from(a) ^ u128::from(b);
                differ
                    .checked_shr(128 - u32::from(self.prefix_len))
                    .unwrap_or(0)
                    == 0
            }
            _ => false,
        }
    }

    /// Whether each address of the other block lies in this one.
    pub fn covers(&self, other: &Cidr) -> bool {
        self.prefix_len <= other.prefix_len && self.contains(other.address)
    }
}

/// IPv4 as an API server reads it: four decimal numbers, leading zeros allowed.
fn ipv4(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0u8; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        *octet = decimal(parts.next()?).and_then(|n| u8::try_from(n).ok())?;
    }
    parts.next().is_none().then(|| Ipv4Addr::from(octets))
}

/// A number of digits only: no sign, no blanks.
fn decimal(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Self, CidrError> {
        let (before, after) = text
            .split_once('/')
            .ok_or_else(|| CidrError::NoPrefix(text.to_owned()))?;
        let address = ipv4(before)
            .map(IpAddr::V4)
            .or_else(|| before.parse::<Ipv6Addr>().ok().map(IpAddr::V6))
            .ok_or_else(|| CidrError::Address(text.to_owned()))?;
        let max = if address.is_ipv4() { 32 } else { 128 };
        let prefix_len = decimal(after)
            .and_then(|n| u8::try_from(n).ok())
            .filter(|n| *n <= max)
            .ok_or_else(|| CidrError::PrefixLength {
                text: text.to_owned(),
                max,
            })?;
        Ok(Self {
            text: text.to_owned(),
            address,
            prefix_len,
        })
    }
}

impl TryFrom<String> for Cidr {
    type Error = CidrError;

    fn try_from(text: String) -> Result<Self, CidrError> {
        text.parse()
    }
}

impl TryFrom<&str> for Cidr {
    type Error = CidrError;

    fn try_from(text: &str) -> Result<Self, CidrError> {
        text.parse()
    }
}

/// The block that holds this one address.
impl From<IpAddr> for Cidr {
    fn from(address: IpAddr) -> Self {
        let prefix_len = if address.is_ipv4() { 32 } else { 128 };
        Self {
            text: format!("{address}/{prefix_len}"),
            address,
            prefix_len,
        }
    }
}

impl Serialize for Cidr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

crd_core::if_schema! {
impl crd_core::schema::JsonSchema for Cidr {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Cidr".into()
    }

    fn json_schema(_: &mut crd_core::schema::SchemaGenerator) -> crd_core::schema::Schema {
        crd_core::schema::json_schema!({ "type": "string", "format": "cidr" })
    }
}
}
