//! From the description of a chain to the octets of its files.

use super::{Armour, Chain, Form, Member};
use crate::issue::{Error, pem};

/// The files of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// What a server sends, leaf first, or the certificates of an upload, root first.
    pub chain: Vec<u8>,
    /// What the client trusts.
    pub trust: Option<Vec<u8>>,
    /// The private key of an upload.
    pub key: Option<String>,
    /// The private key of the first certificate that a server sends, with which it shakes hands.
    pub leaf_key: Option<String>,
}

impl Chain {
    /// Signs the certificates and writes the files.
    ///
    /// # Errors
    /// Where a key cannot make the signature that a description asks for.
    pub fn make(&self) -> Result<Made, Error> {
        let is_used = |at: &usize| self.presented.contains(at) || self.trusted.contains(at);
        let mut ders = vec![Vec::new(); self.members.len()];
        for at in (0..self.members.len()).filter(is_used) {
            ders[at] = self.members[at].to_der()?;
        }
        let text: String = self.presented.iter().map(|at| pem::encode("CERTIFICATE", &ders[*at])).collect();
        let trust = self.host.is_some().then(|| self.trust_file(&ders));
        let mut text = self.armour.apply(text);
        let mut key = self.key.clone();
        if self.armour == Armour::WithKey {
            text.extend(key.take());
        }
        let first = self.presented.first().filter(|_| trust.is_some());
        let leaf_key = first.map(|at| self.members[*at].key.pem().to_owned());
        Ok(Made { chain: text.into_bytes(), trust, key, leaf_key })
    }

    fn trust_file(&self, ders: &[Vec<u8>]) -> Vec<u8> {
        let each = self.trusted.iter().map(|at| &ders[*at]);
        match &self.trust_form {
            Form::Pem => each.map(|der| pem::encode("CERTIFICATE", der)).collect::<String>().into_bytes(),
            Form::Der => each.flatten().copied().collect(),
            Form::Empty => Vec::new(),
            Form::Settings(settings) => each
                .map(|der| pem::encode("TRUSTED CERTIFICATE", &[der, settings.as_slice()].concat()))
                .collect::<String>()
                .into_bytes(),
        }
    }
}

impl Member {
    /// The certificate, DER, with what follows it.
    ///
    /// # Errors
    /// As [`Chain::make`].
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        let mut certificate = self.description.sign(self.signer.private())?;
        if self.is_signature_spoilt {
            certificate = certificate.with_signature_spoilt();
        }
        Ok(certificate.followed_by(&self.trailing).der().to_vec())
    }
}

impl Armour {
    fn apply(self, text: String) -> String {
        let (begin, end) = ("-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n");
        match self {
            Self::Sound | Self::WithKey => text,
            Self::BadCharacter => replace_last(&text, begin, &format!("{begin}!")),
            Self::Glued => text.replacen(&format!("{end}{begin}"), &format!("{}{begin}", end.trim_end()), 1),
            Self::Misspelt => replace_last(&text, begin, "-----BEGIN CERTIFICATE----\n"),
            Self::Indented => replace_last(&text, begin, &format!(" {begin}")),
            Self::BlankLine => {
                let (before, body) = text.rsplit_once(begin).unwrap_or(("", &text));
                let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
                format!("{before}{begin}{first}\n\n{rest}")
            }
            Self::WithoutEnd => text.strip_suffix(end).map(str::to_owned).unwrap_or(text),
            Self::UnknownLabel => text + &pem::encode("POSTCARD", b"wish you were here"),
        }
    }
}

/// The text with the last occurrence of a line replaced.
fn replace_last(text: &str, line: &str, by: &str) -> String {
    match text.rsplit_once(line) {
        Some((before, after)) => [before, by, after].concat(),
        None => text.to_owned(),
    }
}
