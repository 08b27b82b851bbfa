//! Blocks of addresses.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Addresses of one family from `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Block {
    first: IpAddr,
    last: IpAddr,
}

impl Block {
    /// All IPv4 addresses.
    pub const IPV4: Self = Self {
        first: IpAddr::V4(Ipv4Addr::new(0, 0, 0, 0)),
        last: IpAddr::V4(Ipv4Addr::new(255, 255, 255, 255)),
    };

    /// All IPv6 addresses.
    pub const IPV6: Self = Self {
        first: IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        last: IpAddr::V6(Ipv6Addr::from_bits(u128::MAX)),
    };

    /// The block of a single address.
    pub const fn one(address: IpAddr) -> Self {
        Self {
            first: address,
            last: address,
        }
    }

    /// A range; `None` where the ends are of different families or in the wrong order.
    pub fn range(first: IpAddr, last: IpAddr) -> Option<Self> {
        (first.is_ipv4() == last.is_ipv4() && first <= last).then_some(Self { first, last })
    }

    /// The block of a prefix length; bits below it in `address` do not matter. `None` where the length is too great.
    pub fn prefix(address: IpAddr, length: u8) -> Option<Self> {
        match address {
            IpAddr::V4(v4) => {
                let mask = if length == 0 {
                    0
                } else {
                    u32::MAX.checked_shl(32u32.checked_sub(length.into())?)?
                };
                let first = u32::from(v4) & mask;
                Self::range(IpAddr::V4(first.into()), IpAddr::V4((first | !mask).into()))
            }
            IpAddr::V6(v6) => {
                let mask = if length == 0 {
                    0
                } else {
                    u128::MAX.checked_shl(128u32.checked_sub(length.into())?)?
                };
                let first = u128::from(v6) & mask;
                Self::range(IpAddr::V6(first.into()), IpAddr::V6((first | !mask).into()))
            }
        }
    }

    /// The lowest address, which is in the block.
    pub const fn first(&self) -> IpAddr {
        self.first
    }

    /// The highest address, which is in the block, too.
    pub const fn last(&self) -> IpAddr {
        self.last
    }

    /// Whether `address` is in the block; one of the other family never is.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.first.is_ipv4() == address.is_ipv4() && self.first <= address && address <= self.last
    }

    /// The addresses of both; `None` where they have none in common.
    pub(crate) fn and(&self, other: &Self) -> Option<Self> {
        let common = self.first.is_ipv4() == other.first.is_ipv4();
        common
            .then(|| Self::range(self.first.max(other.first), self.last.min(other.last)))
            .flatten()
    }

    /// What is left without the addresses of another one: nothing, one block, or two.
    pub(crate) fn without(&self, other: &Self) -> Vec<Self> {
        let Some(both) = self.and(other) else {
            return vec![*self];
        };
        let before = before(both.first).and_then(|last| Self::range(self.first, last));
        let after = after(both.last).and_then(|first| Self::range(first, self.last));
        before.into_iter().chain(after).collect()
    }

    /// Whether it holds every address of its family.
    pub fn is_whole_family(&self) -> bool {
        match (self.first, self.last) {
            (IpAddr::V4(first), IpAddr::V4(last)) => {
                u32::from(first) == 0 && u32::from(last) == u32::MAX
            }
            (IpAddr::V6(first), IpAddr::V6(last)) => {
                u128::from(first) == 0 && u128::from(last) == u128::MAX
            }
            _ => false,
        }
    }
}

fn before(address: IpAddr) -> Option<IpAddr> {
    Some(match address {
        IpAddr::V4(v4) => IpAddr::V4(v4.to_bits().checked_sub(1)?.into()),
        IpAddr::V6(v6) => IpAddr::V6(v6.to_bits().checked_sub(1)?.into()),
    })
}

fn after(address: IpAddr) -> Option<IpAddr> {
    Some(match address {
        IpAddr::V4(v4) => IpAddr::V4(v4.to_bits().checked_add(1)?.into()),
        IpAddr::V6(v6) => IpAddr::V6(v6.to_bits().checked_add(1)?.into()),
    })
}

/// A text that is neither an address nor a block in CIDR notation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither an IP address nor a CIDR block")]
pub struct BlockError(String);

impl serde::Serialize for Block {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Block {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Reads `192.0.2.7`, `10.0.0.0/8`, `10.0.0.1-10.0.0.9` and the same of IPv6.
impl FromStr for Block {
    type Err = BlockError;

    fn from_str(text: &str) -> Result<Self, BlockError> {
        let fail = || BlockError(text.to_owned());
        if let Some((first, last)) = text.split_once('-') {
            let ends = (first.parse().ok(), last.parse().ok());
            let block = ends.0.zip(ends.1);
            return block
                .and_then(|(first, last)| Self::range(first, last))
                .ok_or_else(fail);
        }
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u8>().map_err(|_| fail())?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| fail())?;
        match length {
            Some(length) => Self::prefix(address, length).ok_or_else(fail),
            None => Ok(Self::one(address)),
        }
    }
}

/// `10.0.0.0-10.0.0.255`.
impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

/// A block without some blocks inside it: what `cidr` and `except` of a policy say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BlockRule {
    pub(crate) block: Block,
    pub(crate) except: Vec<Block>,
}

impl BlockRule {
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.block.contains(address) && !self.except.iter().any(|except| except.contains(address))
    }
}

/// Cuts the IPv4 addresses at the ends of `blocks`, so that each block is a union of the pieces.
pub(crate) fn pieces_v4(blocks: impl IntoIterator<Item = Block>) -> Vec<Block> {
    let mut starts = std::collections::BTreeSet::from([0u32]);
    for block in blocks {
        if let (IpAddr::V4(first), IpAddr::V4(last)) = (block.first, block.last) {
            starts.insert(first.into());
            if let Some(next) = u32::from(last).checked_add(1) {
                starts.insert(next);
            }
        }
    }
    let starts: Vec<u32> = starts.into_iter().collect();
    let ends = starts
        .iter()
        .skip(1)
        .map(|start| start - 1)
        .chain([u32::MAX]);
    starts
        .iter()
        .zip(ends)
        .map(|(&first, last)| Block {
            first: IpAddr::V4(first.into()),
            last: IpAddr::V4(last.into()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_cut_at_its_length() {
        let block: Block = "10.1.2.3/8".parse().unwrap();
        assert_eq!(block.to_string(), "10.0.0.0-10.255.255.255");
        assert_eq!("0.0.0.0/0".parse(), Ok(Block::IPV4));
        assert!("::/0".parse::<Block>().unwrap().is_whole_family());
        assert!("10.0.0.0/33".parse::<Block>().is_err());
        assert!("".parse::<Block>().is_err());
    }

    #[test]
    fn a_block_of_one_family_holds_nothing_of_the_other() {
        assert!(!Block::IPV4.contains("2001:db8::1".parse().unwrap()));
    }

    #[test]
    fn what_is_left_of_a_block_is_before_and_after_the_other() {
        let cases: [(&str, &str, &[&str]); 6] = [
            (
                "10.0.0.0/30",
                "10.0.0.1",
                &["10.0.0.0-10.0.0.0", "10.0.0.2-10.0.0.3"],
            ),
            ("10.0.0.0/30", "10.0.0.0/31", &["10.0.0.2-10.0.0.3"]),
            ("10.0.0.0/30", "10.0.0.0/8", &[]),
            ("10.0.0.0/30", "11.0.0.0/8", &["10.0.0.0-10.0.0.3"]),
            ("0.0.0.0/0", "0.0.0.0/0", &[]),
            ("10.0.0.0/30", "::/0", &["10.0.0.0-10.0.0.3"]),
        ];
        for (own, other, expected) in cases {
            let (own, other): (Block, Block) = (own.parse().unwrap(), other.parse().unwrap());
            let left: Vec<_> = own
                .without(&other)
                .iter()
                .map(ToString::to_string)
                .collect();
            assert_eq!(left, expected, "{own} {other}");
        }
        assert_eq!("::/0".parse(), Ok(Block::IPV6));
    }

    #[test]
    fn pieces_cover_all_addresses_without_overlap() {
        let pieces = pieces_v4([
            "10.0.0.0/8".parse().unwrap(),
            "10.1.0.0/16".parse().unwrap(),
        ]);
        let written: Vec<_> = pieces.iter().map(ToString::to_string).collect();
        assert_eq!(
            written,
            [
                "0.0.0.0-9.255.255.255",
                "10.0.0.0-10.0.255.255",
                "10.1.0.0-10.1.255.255",
                "10.2.0.0-10.255.255.255",
                "11.0.0.0-255.255.255.255",
            ],
        );
    }
}
