//! Files that hold certificates and keys otherwise than as text, told by their
//! first octets. Keystores of Java 9 and later are PKCS#12; the older kinds, JKS
//! and JCEKS, are recognised and not read.

use super::pkcs12::is_pkcs12;

/// The kinds of containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// PKCS#12 (RFC 7292).
    Pkcs12,
    /// `JKS`, of `keytool` before Java 9.
    Jks,
    /// `JCEKS`, which holds secret keys too.
    Jceks,
}

impl Container {
    /// The kind of a file, by its octets; `None` where it is no container.
    #[must_use]
    pub fn of(octets: &[u8]) -> Option<Self> {
        // The magic number of a keystore is followed by its version, 1 or 2.
        match octets.first_chunk::<8>() {
            Some([0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 1 | 2]) => Some(Self::Jks),
            Some([0xce, 0xce, 0xce, 0xce, 0, 0, 0, 1 | 2]) => Some(Self::Jceks),
            _ => is_pkcs12(octets).then_some(Self::Pkcs12),
        }
    }

    /// The name that rules use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pkcs12 => "pkcs12",
            Self::Jks => "jks",
            Self::Jceks => "jceks",
        }
    }

    /// The name that people use.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Pkcs12 => "PKCS#12",
            Self::Jks => "JKS",
            Self::Jceks => "JCEKS",
        }
    }
}

/// Whether a file is a Java keystore of an old kind.
#[must_use]
pub fn is_java_keystore(octets: &[u8]) -> bool {
    matches!(Container::of(octets), Some(Container::Jks | Container::Jceks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_are_told_by_their_first_octets() {
        assert_eq!(Container::of(b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x01"), Some(Container::Jks));
        assert_eq!(Container::of(b"\xce\xce\xce\xce\0\0\0\x02"), Some(Container::Jceks));
        assert!(!is_java_keystore(b"\xfe\xed\xfe\xed") && !is_java_keystore(b"\xfe\xed\xfe\xed\0\0\0\x03"));
        let pfx = b"\x30\x80\x02\x01\x03\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80";
        assert_eq!(Container::of(pfx), Some(Container::Pkcs12));
        assert_eq!(Container::of(&pfx[..12]), None);
        assert_eq!(Container::of(b"\x30\x0a\x02\x01\x03\x30\x05\x06\x03\x2a\x03\x04"), None);
    }
}
