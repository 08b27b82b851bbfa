//! Telling contents apart.

/// A checksum that tells contents apart: FNV-1a, 128 bits, the same everywhere. It is no proof against forgery, and need not
/// be: who can write what is summed can write what is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Checksum(pub(crate) u128);

impl Checksum {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

    pub(crate) fn of(content: &[u8]) -> Self {
        Checksum(Self::OFFSET).and(content)
    }

    /// The sum of what was there before and more content.
    pub(crate) fn and(self, content: &[u8]) -> Self {
        Checksum(content.iter().fold(self.0, |sum, byte| {
            (sum ^ u128::from(*byte)).wrapping_mul(Self::PRIME)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_fnv_1a() {
        assert_eq!(Checksum::of(b"").0, Checksum::OFFSET);
        assert_eq!(
            Checksum::of(b"a").0,
            0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964
        );
    }
}
