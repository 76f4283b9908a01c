//! A kind of certificate: how it is made, and what must be read of it.

use pemlint::corpus::{Member, Purpose, Shape};
use pemlint::facts::Certificate;
use pemlint::issue::{Description, Maker};

/// A kind of certificate.
pub(crate) struct Kind {
    /// Its name.
    pub(crate) name: &'static str,
    /// Who arranges its octets.
    pub(crate) maker: Maker,
    /// What it is made of.
    pub(crate) member: Member,
    /// Whether our reader tells what was described.
    pub(crate) is_told: fn(&Certificate<'_>) -> bool,
    /// What `openssl x509 -text` prints among the rest; `None` where it refuses.
    pub(crate) printed: Option<&'static str>,
    /// What `openssl asn1parse` prints among the rest.
    pub(crate) walked: &'static str,
}

impl Kind {
    /// A self-signed authority, changed.
    pub(crate) fn new(
        name: &'static str,
        maker: Maker,
        change: impl FnOnce(&mut Description),
        is_told: fn(&Certificate<'_>) -> bool,
    ) -> Self {
        Self::of_member(name, maker, |member| change(&mut member.description), is_told)
    }

    /// The same with what stands around its description.
    pub(crate) fn of_member(
        name: &'static str,
        maker: Maker,
        change: impl FnOnce(&mut Member),
        is_told: fn(&Certificate<'_>) -> bool,
    ) -> Self {
        let mut member = root();
        change(&mut member);
        Self { name, maker, member, is_told, printed: None, walked: "" }
    }

    /// What `openssl x509 -text` prints; it refuses the kind where nothing is said.
    pub(crate) fn printed(mut self, text: &'static str) -> Self {
        self.printed = Some(text);
        self
    }

    /// What `openssl asn1parse` prints.
    pub(crate) fn walked(mut self, text: &'static str) -> Self {
        self.walked = text;
        self
    }

    /// The certificate with what follows it.
    pub(crate) fn octets(&self) -> Vec<u8> {
        self.member.to_der().expect("the key can sign it")
    }
}

/// A good self-signed authority.
pub(crate) fn root() -> Member {
    Shape::plain(Purpose::Served, 1_793_491_200).chain().members.swap_remove(0)
}
