//! What stands in certificates and keys, as far as a stack needs it: hosts, and which key belongs to which certificate.
//!
//! Nothing is verified: neither signatures nor dates.

use std::net::IpAddr;

use crate::Entry;

/// What a Secret or ConfigMap holds under a key: `stringData` before `data`, which is base64 in a Secret, then `binaryData`.
/// `None` where there is no such key, or its base64 is broken.
pub fn content(object: &Entry, key: &str) -> Option<Vec<u8>> {
    let written = |member: &str| object.at(member)?.get(key)?.as_str();
    if object.kind() == "Secret" {
        return match written("stringData") {
            Some(text) => Some(text.as_bytes().to_vec()),
            None => from_base64(written("data")?),
        };
    }
    written("data")
        .map(|text| text.as_bytes().to_vec())
        .or_else(|| from_base64(written("binaryData")?))
}

/// The bytes that a text in base64 stands for, with or without padding and line breaks.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
    {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(digit)) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).unwrap_or_default());
        }
    }
    Some(bytes)
}

/// The blocks of a PEM text: what each says that it is, such as `CERTIFICATE`, and what is in it; `None` for a block that cannot
/// be decoded. Empty where the text is no PEM.
pub fn pem_blocks(text: &[u8]) -> Vec<(String, Option<Vec<u8>>)> {
    let text = String::from_utf8_lossy(text);
    let mut blocks = Vec::new();
    let mut rest = &*text;
    while let Some((_, behind)) = rest.split_once("-----BEGIN ") {
        let Some((label, behind)) = behind.split_once("-----") else {
            break;
        };
        let end = format!("-----END {label}-----");
        let (body, behind) = behind.split_once(&end).unwrap_or((behind, ""));
        blocks.push((label.to_owned(), from_base64(body)));
        rest = behind;
    }
    blocks
}

/// What a certificate says of hosts and of its key. Dates are not read: there is no clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    names: Vec<String>,
    addresses: Vec<IpAddr>,
    key: Public,
}

/// A private key, as far as it says to which public key it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateKey(Public);

/// What tells one public key from another.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Public {
    /// The modulus.
    Rsa(Vec<u8>),
    /// The point; empty where a private key does not state it.
    Curve(Vec<u8>),
    Other,
}

impl Certificate {
    /// The first certificate of a PEM text: the one that is presented. `None` where there is none, or it cannot be read.
    pub fn first(text: &[u8]) -> Option<Self> {
        let mut blocks = pem_blocks(text).into_iter();
        let (_, der) = blocks.find(|(label, _)| label == "CERTIFICATE")?;
        Self::read(&der?)
    }

    /// The names of hosts that it is for, in lower case; those of wildcards begin with `*.`.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether clients take it for a host: a wildcard stands for one label.
    pub fn covers(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        if let Ok(address) = host.parse::<IpAddr>() {
            return self.addresses.contains(&address);
        }
        self.names.iter().any(|name| {
            *name == host
                || name.strip_prefix("*.").is_some_and(|parent| {
                    host.split_once('.')
                        .is_some_and(|(label, rest)| label != "*" && rest == parent)
                })
        })
    }

    /// Whether a private key belongs to it; `None` where the two do not say enough.
    pub fn fits(&self, key: &PrivateKey) -> Option<bool> {
        match (&self.key, &key.0) {
            (Public::Rsa(own), Public::Rsa(other)) => Some(own == other),
            (Public::Curve(own), Public::Curve(other)) if own.len() == other.len() => {
                Some(own == other)
            }
            (Public::Rsa(_), Public::Curve(_)) | (Public::Curve(_), Public::Rsa(_)) => Some(false),
            _ => None,
        }
    }

    fn read(der: &[u8]) -> Option<Self> {
        let signed = Element::read(der)?.0.inside(SEQUENCE)?;
        let mut fields = Element::read(signed)?.0.elements(SEQUENCE)?.into_iter();
        let first = fields.next()?;
        // A certificate of version 1 begins with its number.
        if first.tag == 0xa0 {
            fields.next()?;
        }
        let (_algorithm, _issuer, _validity) = (fields.next()?, fields.next()?, fields.next()?);
        let subject = fields.next()?;
        let key = Public::of_info(&fields.next()?)?;
        let mut certificate = Self {
            names: Vec::new(),
            addresses: Vec::new(),
            key,
        };
        if let Some(extensions) = fields.find(|field| field.tag == 0xa3) {
            certificate.read_names(&extensions)?;
        }
        if certificate.names.is_empty() && certificate.addresses.is_empty() {
            certificate.names.extend(common_name(&subject));
        }
        Some(certificate)
    }

    fn read_names(&mut self, extensions: &Element<'_>) -> Option<()> {
        for extension in Element::read(extensions.content)?.0.elements(SEQUENCE)? {
            let parts = extension.elements(SEQUENCE)?;
            let (id, value) = (parts.first()?, parts.last()?);
            if id.content != SUBJECT_ALTERNATIVE_NAME {
                continue;
            }
            for name in Element::read(value.content)?.0.elements(SEQUENCE)? {
                match (name.tag, name.content) {
                    (0x82, text) => {
                        let text = String::from_utf8_lossy(text).to_ascii_lowercase();
                        self.names.push(text.trim_end_matches('.').to_owned());
                    }
                    (0x87, bytes) => {
                        let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
                        let sixteen = || <[u8; 16]>::try_from(bytes).map(IpAddr::from);
                        self.addresses.extend(four.or_else(|_| sixteen()).ok());
                    }
                    _ => {}
                }
            }
        }
        Some(())
    }
}

/// The name of a subject that has no others.
fn common_name(subject: &Element<'_>) -> Option<String> {
    let sets = subject.elements(SEQUENCE)?;
    let pairs = sets.iter().filter_map(|set| set.elements(SET)).flatten();
    let mut names = pairs.filter_map(|pair| {
        let parts = pair.elements(SEQUENCE)?;
        let [id, name] = parts.as_slice() else {
            return None;
        };
        let is_name = id.content == COMMON_NAME;
        is_name.then(|| String::from_utf8_lossy(name.content).to_ascii_lowercase())
    });
    names.next()
}

impl PrivateKey {
    /// The first private key of a PEM text; `None` where there is none that can be read, as where it is encrypted.
    pub fn first(text: &[u8]) -> Option<Self> {
        let mut blocks = pem_blocks(text).into_iter();
        let (label, der) = blocks.find(|(label, _)| label.ends_with("PRIVATE KEY"))?;
        let der = der?;
        let fields = Element::read(&der)?.0.elements(SEQUENCE)?;
        let key = match label.as_str() {
            "RSA PRIVATE KEY" => Public::of_rsa(fields.get(1)?),
            "EC PRIVATE KEY" => Public::of_curve(&fields)?,
            "PRIVATE KEY" => {
                let algorithm = fields.get(1)?.elements(SEQUENCE)?;
                let inner = fields.get(2)?.inside(OCTETS)?;
                let inner = Element::read(inner)?.0;
                match algorithm.first()?.content {
                    RSA => Public::of_rsa(inner.elements(SEQUENCE)?.get(1)?),
                    CURVE => Public::of_curve(&inner.elements(SEQUENCE)?)?,
                    _ => Public::Other,
                }
            }
            _ => return None,
        };
        Some(Self(key))
    }
}

impl Public {
    /// The key of a certificate.
    fn of_info(info: &Element<'_>) -> Option<Self> {
        let parts = info.elements(SEQUENCE)?;
        let [algorithm, bits] = parts.as_slice() else {
            return None;
        };
        let algorithm = algorithm.elements(SEQUENCE)?;
        // The first byte of a bit string says how many bits are unused.
        let bits = bits.inside(BITS)?.get(1..)?;
        Some(match algorithm.first()?.content {
            RSA => Self::of_rsa(Element::read(bits)?.0.elements(SEQUENCE)?.first()?),
            CURVE => Self::Curve(bits.to_vec()),
            _ => Self::Other,
        })
    }

    fn of_rsa(modulus: &Element<'_>) -> Self {
        let zeros = modulus.content.iter().take_while(|byte| **byte == 0);
        let zeros = zeros.count();
        Self::Rsa(modulus.content.iter().skip(zeros).copied().collect())
    }

    /// The point of a private key on a curve.
    fn of_curve(fields: &[Element<'_>]) -> Option<Self> {
        let Some(stated) = fields.iter().find(|field| field.tag == 0xa1) else {
            return Some(Self::Curve(Vec::new()));
        };
        let bits = Element::read(stated.content)?.0.inside(BITS)?;
        Some(Self::Curve(bits.get(1..)?.to_vec()))
    }
}

const BITS: u8 = 0x03;
const OCTETS: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x11];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const CURVE: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// An element of DER: one byte that says what it is, its length, its content.
#[derive(Clone, Copy, Debug)]
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
}

impl<'a> Element<'a> {
    /// The first element, and what follows it.
    fn read(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (tag, rest) = bytes.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = match usize::from(*first) {
            short if short < 0x80 => (short, rest),
            long => {
                let count = long & 0x7f;
                if count == 0 || count > 4 || rest.len() < count {
                    return None;
                }
                let (digits, rest) = rest.split_at(count);
                let length = digits
                    .iter()
                    .fold(0_usize, |length, digit| length << 8 | usize::from(*digit));
                (length, rest)
            }
        };
        if rest.len() < length {
            return None;
        }
        let (content, rest) = rest.split_at(length);
        Some((Self { tag: *tag, content }, rest))
    }

    fn inside(&self, tag: u8) -> Option<&'a [u8]> {
        (self.tag == tag).then_some(self.content)
    }

    /// The elements of a sequence or set.
    fn elements(&self, tag: u8) -> Option<Vec<Self>> {
        let mut rest = self.inside(tag)?;
        let mut found = Vec::new();
        while !rest.is_empty() {
            let (element, behind) = Self::read(rest)?;
            found.push(element);
            rest = behind;
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests;
