//! The string and number formats that an API server knows. It ignores every other.

mod base64;
mod known;
mod mail;
mod time;
mod types;
mod uri;

use std::net::{IpAddr, Ipv6Addr};

use kube_vocab::{Quantity, names};

pub(crate) use base64::{base64_decode, base64_encode};
use mail::is_email;
pub(crate) use time::parse_duration;
use time::{is_date, is_date_time};
pub(crate) use types::Types;
use uri::is_request_uri;

/// What a `format` of a schema asks of a string; formats that the server ignores are not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Int32,
    Int64,
    Float,
    Double,
    BsonObjectId,
    Uri,
    Email,
    Hostname,
    Ipv4,
    Ipv6,
    Cidr,
    Mac,
    Uuid,
    Uuid3,
    Uuid4,
    Uuid5,
    Isbn,
    Isbn10,
    Isbn13,
    CreditCard,
    Ssn,
    HexColor,
    RgbColor,
    Byte,
    /// Base64 as a built-in kind takes it: empty, and broken into lines.
    GoBytes,
    /// An amount of a resource: a number or a text.
    Quantity,
    Password,
    Date,
    Duration,
    DateTime,
    ShortName,
    LongName,
}

const LABEL: &str = "at most 63 characters: lower-case letters, digits and '-', with a letter or digit at the start and the end";
const SUBDOMAIN: &str = "at most 253 characters: lower-case letters, digits, '-' and '.', with a letter or digit at the start and end of each part";

const STRINGS: [(&str, Format, &str); 28] = [
    (
        "bsonobjectid",
        Format::BsonObjectId,
        "24 hexadecimal digits",
    ),
    ("uri", Format::Uri, "an absolute URI"),
    ("email", Format::Email, "an e-mail address"),
    ("hostname", Format::Hostname, "a host name"),
    ("ipv4", Format::Ipv4, "an IPv4 address"),
    ("ipv6", Format::Ipv6, "an IPv6 address"),
    ("cidr", Format::Cidr, "an address range such as 10.0.0.0/8"),
    ("mac", Format::Mac, "a MAC address"),
    ("uuid", Format::Uuid, "a UUID"),
    ("uuid3", Format::Uuid3, "a UUID of version 3"),
    ("uuid4", Format::Uuid4, "a UUID of version 4"),
    ("uuid5", Format::Uuid5, "a UUID of version 5"),
    ("isbn", Format::Isbn, "an ISBN"),
    ("isbn10", Format::Isbn10, "an ISBN of ten digits"),
    ("isbn13", Format::Isbn13, "an ISBN of thirteen digits"),
    ("creditcard", Format::CreditCard, "a credit card number"),
    (
        "ssn",
        Format::Ssn,
        "a social security number such as 123-45-6789",
    ),
    ("hexcolor", Format::HexColor, "a colour such as #00ff00"),
    (
        "rgbcolor",
        Format::RgbColor,
        "a colour such as rgb(0,255,0)",
    ),
    ("byte", Format::Byte, "base64, not empty"),
    ("gobytes", Format::GoBytes, "base64"),
    (
        "quantity",
        Format::Quantity,
        "a quantity such as 500m, 2, 1.5Gi or 1e3",
    ),
    ("password", Format::Password, "a password"),
    ("date", Format::Date, "a date such as 2006-01-02"),
    ("duration", Format::Duration, "a duration such as 1h30m"),
    (
        "datetime",
        Format::DateTime,
        "a date and time such as 2006-01-02T15:04:05Z",
    ),
    ("k8sshortname", Format::ShortName, LABEL),
    ("k8slongname", Format::LongName, SUBDOMAIN),
];

impl Format {
    /// The format of a schema node, or `None` where the server would ignore it on a node of these types.
    pub(crate) fn of(name: &str, types: Types) -> Option<Self> {
        match types {
            Types::INTEGER => match name {
                "int32" => Some(Self::Int32),
                "int64" => Some(Self::Int64),
                _ => None,
            },
            Types::NUMBER => match name {
                "float" => Some(Self::Float),
                "double" => Some(Self::Double),
                _ => None,
            },
            Types::OBJECT | Types::ARRAY | Types::BOOLEAN => None,
            _ => {
                let name = name.replace('-', "");
                STRINGS
                    .iter()
                    .find(|(known, ..)| *known == name)
                    .map(|(_, format, _)| *format)
            }
        }
    }

    /// Whether the format belongs to strings, not to numbers.
    pub(crate) fn is_for_strings(self) -> bool {
        !matches!(self, Self::Int32 | Self::Int64 | Self::Float | Self::Double)
    }

    /// What is allowed, for people.
    pub(crate) fn allowed(self) -> &'static str {
        match self {
            Self::Int32 => "an integer of 32 bits",
            Self::Int64 => "an integer of 64 bits",
            Self::Float => "a number of 32 bits",
            Self::Double => "a number of 64 bits",
            _ => STRINGS
                .iter()
                .find(|(_, format, _)| *format == self)
                .map_or("a known format", |(.., allowed)| allowed),
        }
    }

    /// Whether a string has the format. Formats of numbers say nothing about strings.
    pub(crate) fn accepts(self, text: &str) -> bool {
        match self {
            Self::Int32 | Self::Int64 | Self::Float | Self::Double | Self::Password => true,
            Self::BsonObjectId => {
                text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
            }
            Self::Uri => is_request_uri(text),
            Self::Email => is_email(text),
            Self::Hostname => is_hostname(text),
            Self::Ipv4 => text.contains('.') && parse_ip(text).is_some(),
            Self::Ipv6 => {
                text.contains(':') && !text.contains('%') && text.parse::<Ipv6Addr>().is_ok()
            }
            Self::Cidr => is_cidr(text),
            Self::Mac => is_mac(text),
            Self::Uuid => is_uuid(text, None),
            Self::Uuid3 => is_uuid(text, Some(b'3')),
            Self::Uuid4 => is_uuid(text, Some(b'4')),
            Self::Uuid5 => is_uuid(text, Some(b'5')),
            Self::Isbn => is_isbn10(text) || is_isbn13(text),
            Self::Isbn10 => is_isbn10(text),
            Self::Isbn13 => is_isbn13(text),
            Self::CreditCard => is_credit_card(text),
            Self::Ssn => text.len() == 11 && known::SSN.is_match(text),
            Self::HexColor => known::HEX.is_match(text),
            Self::RgbColor => is_rgb(text),
            Self::Byte => !text.is_empty() && base64_decode(text).is_some(),
            Self::GoBytes => base64_decode(&text.replace(['\n', '\r'], "")).is_some(),
            Self::Quantity => text.parse::<Quantity>().is_ok(),
            Self::Date => is_date(text),
            Self::Duration => parse_duration(text).is_some(),
            Self::DateTime => is_date_time(text),
            Self::ShortName => names::dns_label(text).is_ok(),
            Self::LongName => names::dns_subdomain(text).is_ok(),
        }
    }
}

fn is_hostname(text: &str) -> bool {
    known::HOSTNAME.is_match(text)
        && text.len() <= 255
        && text.split('.').all(|part| part.len() <= 63)
}

/// An address as older servers read it: decimal parts of IPv4 may have leading zeros.
fn parse_ip(text: &str) -> Option<IpAddr> {
    if let Some((head, tail)) = text.rsplit_once(':') {
        let address = match tail.contains('.') {
            true => format!("{head}:{}", parse_ip(tail)?),
            false => text.to_owned(),
        };
        return address.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    }
    let parts: Vec<&str> = text.split('.').collect();
    let octets: Vec<u8> = parts
        .iter()
        .filter(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        .filter_map(|part| match part.trim_start_matches('0') {
            "" => Some(0),
            digits => digits.parse().ok(),
        })
        .collect();
    match (parts.len(), octets.as_slice()) {
        (4, &[a, b, c, d]) => Some(IpAddr::from([a, b, c, d])),
        _ => None,
    }
}

fn is_cidr(text: &str) -> bool {
    let Some((address, length)) = text.split_once('/') else {
        return false;
    };
    let most = match parse_ip(address) {
        Some(IpAddr::V4(_)) => 32,
        Some(IpAddr::V6(_)) => 128,
        None => return false,
    };
    !length.is_empty()
        && length.bytes().all(|byte| byte.is_ascii_digit())
        && length.parse::<u32>().is_ok_and(|length| length <= most)
}

fn is_mac(text: &str) -> bool {
    let hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let bytes = |separator: char, length: usize| {
        let parts: Vec<&str> = text.split(separator).collect();
        parts
            .iter()
            .all(|part| hex(part, length))
            .then_some(parts.len() * length / 2)
    };
    let run = (text.len().is_multiple_of(2) && hex(text, text.len())).then_some(text.len() / 2);
    [bytes(':', 2), bytes('-', 2), bytes('.', 4), run]
        .iter()
        .any(|length| matches!(length, Some(6 | 8 | 20)))
}

/// Eight, four, four, four and twelve hexadecimal digits, each dash optional.
fn is_uuid(text: &str, version: Option<u8>) -> bool {
    let mut digits = Vec::with_capacity(32);
    for byte in text.bytes() {
        if byte == b'-' {
            if !matches!(digits.len(), 8 | 12 | 16 | 20) || digits.last() == Some(&b'-') {
                return false;
            }
        } else if byte.is_ascii_hexdigit() {
            digits.push(byte.to_ascii_lowercase());
        } else {
            return false;
        }
    }
    let variant = version.is_none_or(|version| {
        digits.get(12) == Some(&version)
            && (version == b'3' || matches!(digits.get(16), Some(b'8' | b'9' | b'a' | b'b')))
    });
    digits.len() == 32 && text.len() <= 36 && !text.contains("--") && variant
}

fn without_spaces_and_dashes(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect()
}

fn digit(byte: u8) -> u32 {
    u32::from(byte.wrapping_sub(b'0'))
}

fn is_isbn10(text: &str) -> bool {
    let text = without_spaces_and_dashes(text);
    let bytes = text.as_bytes();
    let Some((&last, head)) = bytes.split_last() else {
        return false;
    };
    if head.len() != 9
        || !head.iter().all(u8::is_ascii_digit)
        || !(last.is_ascii_digit() || last == b'X')
    {
        return false;
    }
    let last = if last == b'X' { 10 } else { digit(last) };
    let sum: u32 = (1u32..)
        .zip(head)
        .map(|(weight, &byte)| weight * digit(byte))
        .sum();
    (sum + 10 * last).is_multiple_of(11)
}

fn is_isbn13(text: &str) -> bool {
    let text = without_spaces_and_dashes(text);
    let bytes = text.as_bytes();
    bytes.len() == 13
        && bytes.iter().all(u8::is_ascii_digit)
        && bytes
            .iter()
            .zip([1, 3].iter().cycle())
            .map(|(&byte, weight)| weight * digit(byte))
            .sum::<u32>()
            .is_multiple_of(10)
}

fn is_credit_card(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, byte)| match (index % 2, digit(byte)) {
            (0, value) => value,
            (_, value) if value > 4 => value * 2 - 9,
            (_, value) => value * 2,
        })
        .sum();
    known::CARD.is_match(&digits) && sum.is_multiple_of(10)
}

fn is_rgb(text: &str) -> bool {
    let Some(inside) = text
        .strip_prefix("rgb(")
        .and_then(|rest| rest.strip_suffix(')'))
    else {
        return false;
    };
    let parts: Vec<&str> = inside.split(',').map(str::trim_ascii).collect();
    parts.len() == 3
        && parts.iter().all(|part| {
            part.bytes().all(|byte| byte.is_ascii_digit())
                && (*part == "0" || !part.starts_with('0'))
                && part.parse::<u8>().is_ok()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_accept_what_the_server_accepts() {
        let string = Types::STRING;
        for (format, good, bad) in [
            (
                "cidr",
                &["10.0.0.0/8", "010.0.0.1/32", "fe80::/64"][..],
                &["10.0.0.0", "10.0.0.0/33", "x/8", "1.2.3/8"][..],
            ),
            (
                "ipv4",
                &["1.2.3.4", "001.2.3.4", "::ffff:1.2.3.4"],
                &["1.2.3", "::1", "1.2.3.400", ""],
            ),
            (
                "ipv6",
                &["::1", "::ffff:1.2.3.4"],
                &["1.2.3.4", "fe80::1%eth0", ":::"],
            ),
            (
                "date-time",
                &["2006-01-02T15:04:05Z", "2006-01-02t15:04:05.1+01:00"],
                &["2006-01-02", "2006-01-02T25:04:05Z", "2006-02-30T15:04:05Z"],
            ),
            (
                "duration",
                &["1h", "1.5s", "0", "-2m", "2 days", "3 weeks"],
                &["", "1", "h", "10x"],
            ),
            ("byte", &["YQ==", "YWJj"], &["", "YQ", "Y===", "a b="]),
            (
                "uri",
                &[
                    "http://a.b/c?d",
                    "/a",
                    "urn:x:y",
                    "https://[::1]:80/",
                    "http://[fe80::1%25en0]/",
                ],
                &[
                    "",
                    "a/b",
                    "http://a b/",
                    ":x",
                    "http://a:x/",
                    "http://a:1:x/",
                    "http://%41",
                    "http://[fe80::1%en0]/",
                ],
            ),
            (
                "hostname",
                &["a", "a.example", "x-y.com"],
                &["", "-a", "a..b", "a_b"],
            ),
            (
                "mac",
                &["01:23:45:67:89:ab", "0123.4567.89ab", "0123456789ab"],
                &["01:23", "0123456789abc"],
            ),
            (
                "uuid",
                &[
                    "123e4567-e89b-12d3-a456-426614174000",
                    "123e4567e89b12d3a456426614174000",
                ],
                &["123e4567", "123e4567--e89b12d3a456426614174000"],
            ),
            (
                "email",
                &["a@b.c", "A B <a@b>", "\"A, B\" <a@b>", "a@b (home)"],
                &["a", "@b", "a b@c", "A, B <a@b>", "a@b>"],
            ),
            ("hex-color", &["#fff", "00ff00"], &["#ff", "red"]),
            (
                "rgbcolor",
                &["rgb(0, 255,0)"],
                &["rgb(0,256,0)", "rgb(00,1,1)"],
            ),
            (
                "isbn",
                &["0321751043", "978-0321751041"],
                &["0321751044", ""],
            ),
            (
                "creditcard",
                &["4111 1111 1111 1111"],
                &["4111 1111 1111 1112"],
            ),
            ("ssn", &["123-45-6789"], &["123456789"]),
            ("k8s-short-name", &["a-b"], &["A", "a.b"]),
        ] {
            let format = Format::of(format, string).expect(format);
            for text in good {
                assert!(format.accepts(text), "{format:?} refuses {text}");
            }
            for text in bad {
                assert!(!format.accepts(text), "{format:?} accepts {text}");
            }
        }
        assert_eq!(Format::of("semver", string), None);
        assert_eq!(Format::of("int32", string), None);
        assert_eq!(Format::of("uint8", Types::INTEGER), None);
    }
}
