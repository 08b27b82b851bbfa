//! Addresses and ranges of them, as a server reads them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address, as the server reads it in fields that are older than its strictness: leading zeros are taken.
pub(super) fn legacy_address(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        return text.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    }
    let mut bytes = [0; 4];
    let mut parts = text.split('.');
    for byte in &mut bytes {
        let part = parts.next()?;
        if part.is_empty()
            || part.len() > 3 && !part.starts_with('0')
            || !part.bytes().all(|b| b.is_ascii_digit())
        {
            return None;
        }
        *byte = part.parse().ok()?;
    }
    parts
        .next()
        .is_none()
        .then(|| IpAddr::V4(Ipv4Addr::from(bytes)))
}

/// A range of addresses: the first one and the length of the mask.
pub(super) fn legacy_range(text: &str) -> Option<(IpAddr, u8)> {
    let (address, mask) = text.split_once('/')?;
    let address = legacy_address(address)?;
    if mask.is_empty() || mask.len() > 3 || !mask.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mask: u8 = mask.parse().ok()?;
    (mask <= if address.is_ipv4() { 32 } else { 128 }).then_some((address, mask))
}

/// What a server refuses since 1.36 of an address that it took before.
pub(super) fn loose_address(text: &str) -> Option<&'static str> {
    let padded = |part: &str| part.len() > 1 && part.starts_with('0');
    if text.contains(':') {
        let mapped = text
            .parse::<Ipv6Addr>()
            .is_ok_and(|address| address.to_ipv4_mapped().is_some());
        return mapped.then_some("must be written as an IPv4 address");
    }
    text.split('.')
        .any(padded)
        .then_some("must have no leading zeros")
}

/// The same for a range: its address is the first one of it.
pub(super) fn loose_range(text: &str, (address, mask): (IpAddr, u8)) -> Option<&'static str> {
    let (written, length) = text.split_once('/')?;
    if let Some(reason) = loose_address(written) {
        return Some(reason);
    }
    if length.len() > 1 && length.starts_with('0') {
        return Some("must have no leading zeros");
    }
    let rest = match address {
        IpAddr::V4(v4) => u128::from(u32::from(v4).checked_shl(mask.into()).unwrap_or(0)),
        IpAddr::V6(v6) => u128::from(v6).checked_shl(mask.into()).unwrap_or(0),
    };
    (rest != 0).then_some("must begin with the first address of the range")
}

/// Whether the first range lies in the second and is not the whole of it.
pub(super) fn is_within(inner: (IpAddr, u8), outer: (IpAddr, u8)) -> bool {
    let bits = |address: IpAddr| match address {
        IpAddr::V4(v4) => u128::from(u32::from(v4)) << 96,
        IpAddr::V6(v6) => u128::from(v6),
    };
    let mask = |length: u8| u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
    inner.0.is_ipv4() == outer.0.is_ipv4()
        && inner.1 > outer.1
        && bits(inner.0) & mask(outer.1) == bits(outer.0) & mask(outer.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_lie_in_ranges() {
        let range = |text: &str| legacy_range(text).unwrap();
        assert!(is_within(range("10.1.0.0/16"), range("10.0.0.0/8")));
        assert!(is_within(range("10.0.0.0/9"), range("0.0.0.0/0")));
        assert!(!is_within(range("10.0.0.0/8"), range("10.0.0.0/8")));
        assert!(!is_within(range("11.0.0.0/16"), range("10.0.0.0/8")));
        assert!(!is_within(range("2001:db8::/64"), range("0.0.0.0/0")));
        assert!(is_within(range("2001:db8::/64"), range("2001::/16")));
    }

    #[test]
    fn addresses_are_read_as_ever() {
        for good in ["10.0.0.1", "010.000.0.1", "::1", "::ffff:1.2.3.4"] {
            assert!(legacy_address(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "10.0.0",
            "10.0.0.256",
            "a.b.c.d",
            "1.2.3.4.5",
            "10.0.0.1/8",
            "+1.2.3.4",
        ] {
            assert!(legacy_address(bad).is_none(), "{bad}");
        }
    }
}
