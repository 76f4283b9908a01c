//! Object identifiers: dotted text and names. The names that rules read are
//! RFC 5280's and stand in tables beside their facts; every other name comes
//! from `oid-registry`.

use std::fmt;
use std::sync::LazyLock;

use oid_registry::OidRegistry;

/// Content octets of an OBJECT IDENTIFIER, as they stand in the DER.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Oid<'a>(pub &'a [u8]);

impl Oid<'_> {
    /// Whether the octets are a well-formed identifier (X.690 8.19): not empty,
    /// the last octet ends an arc, no arc begins with a padding octet.
    #[must_use]
    pub fn is_well_formed(self) -> bool {
        let mut start = true;
        for &octet in self.0 {
            if start && octet == 0x80 {
                return false;
            }
            start = octet & 0x80 == 0;
        }
        !self.0.is_empty() && start
    }

    /// The name in the registry (short name, else description), if it has one.
    #[must_use]
    pub fn registered_name(self) -> Option<&'static str> {
        static REGISTRY: LazyLock<OidRegistry<'static>> =
            LazyLock::new(|| OidRegistry::default().with_all_crypto().with_x509());
        let entry = REGISTRY.iter().find(|(oid, _)| oid.as_bytes() == self.0).map(|(_, entry)| entry)?;
        Some(if entry.sn().is_empty() { entry.description() } else { entry.sn() })
    }
}

impl fmt::Display for Oid<'_> {
    /// Dotted decimal; arcs beyond 128 bits are shown as `?`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arc: Option<u128> = Some(0);
        let mut first = true;
        for &octet in self.0 {
            arc = arc
                .filter(|value| *value <= u128::MAX >> 7)
                .map(|value| value << 7 | u128::from(octet & 0x7f));
            if octet & 0x80 != 0 {
                continue;
            }
            match (arc, first) {
                (None, true) => f.write_str("?")?,
                (None, false) => f.write_str(".?")?,
                (Some(value), true) => {
                    let top = (value / 40).min(2);
                    write!(f, "{top}.{}", value - top * 40)?;
                }
                (Some(value), false) => {
                    f.write_str(".")?;
                    // Nearly all arcs are short, and 64 bits are written faster than 128.
                    match u64::try_from(value) {
                        Ok(short) => short.fmt(f)?,
                        Err(_) => value.fmt(f)?,
                    }
                }
            }
            first = false;
            arc = Some(0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_text() {
        assert_eq!(Oid(&[0x55, 0x1d, 0x0f]).to_string(), "2.5.29.15");
        assert_eq!(Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11]).to_string(), "1.2.840.113549.1.1.11");
        assert_eq!(Oid(&[0x88, 0x37, 3]).to_string(), "2.999.3");
    }

    #[test]
    fn names_come_from_the_registry() {
        assert_eq!(
            Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11]).registered_name(),
            Some("sha256WithRSAEncryption")
        );
        assert_eq!(Oid(&[0x2a, 0x03]).registered_name(), None);
    }

    #[test]
    fn padding_and_open_ends_are_seen() {
        assert!(Oid(&[0x55, 0x1d]).is_well_formed());
        assert!(!Oid(&[0x55, 0x80, 0x01]).is_well_formed());
        assert!(!Oid(&[0x55, 0x9d]).is_well_formed());
        assert!(!Oid(&[]).is_well_formed());
    }
}
