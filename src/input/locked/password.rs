//! Passwords in the encodings that key derivation wants. They are wiped when
//! dropped and never shown, not even their length.

use std::fmt;

use zeroize::Zeroizing;

/// A password, as octets.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Zeroizing<Vec<u8>>);

impl Password {
    /// A password of these octets, in UTF-8 where it is text.
    #[must_use]
    pub fn new(octets: Vec<u8>) -> Self {
        Self(Zeroizing::new(octets))
    }

    /// The octets, as PKCS#5 takes them.
    pub(super) fn octets(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(not shown)")
    }
}

/// The passwords of a run, in the order in which they are tried.
#[derive(Clone, Debug, Default)]
pub struct Passwords(Vec<Password>);

impl Passwords {
    /// Adds a password, unless it is there.
    pub fn add(&mut self, password: Password) {
        if !self.0.contains(&password) {
            self.0.push(password);
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The passwords in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Password> {
        self.0.iter()
    }
}

impl FromIterator<Password> for Passwords {
    fn from_iter<I: IntoIterator<Item = Password>>(passwords: I) -> Self {
        let mut all = Self::default();
        passwords.into_iter().for_each(|password| all.add(password));
        all
    }
}

/// The forms that PKCS#12 may have given a password (RFC 7292, B.1): a BMPString
/// with a NUL of two octets. No password is no octet for some programs and the
/// empty text for others. Text beyond ASCII is UTF-16, but old OpenSSL widened
/// each octet of it.
pub(super) fn wide_forms(password: Option<&Password>) -> Vec<Zeroizing<Vec<u8>>> {
    let Some(password) = password.filter(|password| !password.0.is_empty()) else {
        return vec![Zeroizing::new(Vec::new()), Zeroizing::new(vec![0, 0])];
    };
    let mut forms = Vec::with_capacity(2);
    if let Ok(text) = std::str::from_utf8(&password.0) {
        forms.push(wide(text.encode_utf16()));
    }
    if !password.0.is_ascii() {
        forms.push(wide(password.0.iter().map(|octet| u16::from(*octet))));
    }
    forms
}

/// Big-endian, with a NUL behind.
fn wide(units: impl Iterator<Item = u16> + Clone) -> Zeroizing<Vec<u8>> {
    // Reserved whole, so that no part stays behind where it was before.
    let mut octets = Zeroizing::new(Vec::with_capacity(units.clone().count() * 2 + 2));
    units.chain([0]).for_each(|unit| octets.extend_from_slice(&unit.to_be_bytes()));
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &[u8]) -> Vec<Vec<u8>> {
        let password = Password::new(text.to_vec());
        wide_forms(Some(&password)).into_iter().map(|form| form.to_vec()).collect()
    }

    #[test]
    fn pkcs12_has_its_own_form_of_passwords() {
        assert_eq!(forms(b"ab"), [[0, b'a', 0, b'b', 0, 0]]);
        assert_eq!(forms("é".as_bytes()), [vec![0, 0xe9, 0, 0], vec![0, 0xc3, 0, 0xa9, 0, 0]]);
        assert_eq!(forms(&[0xe9]), [[0, 0xe9, 0, 0]]);
        assert_eq!(forms("😀".as_bytes())[0], [0xd8, 0x3d, 0xde, 0, 0, 0]);
        assert_eq!(forms(b""), [vec![], vec![0, 0]]);
    }

    #[test]
    fn a_password_is_not_shown() {
        let passwords: Passwords = [Password::new(b"correct horse".to_vec())].into_iter().collect();
        let shown = format!("{passwords:?}");
        assert!(!shown.contains("horse") && !shown.contains("99, 111") && !shown.contains("13"), "{shown}");
    }
}
