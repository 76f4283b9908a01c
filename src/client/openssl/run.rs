//! One verification from the trust file to the last check: the certificates, the
//! chain as it grows, and the notes of what went wrong (`X509_verify_cert`,
//! `verify_chain`).

use super::key::{signature_strength, wanted_strength};
use super::parameters::{Host, Parameters, Version};
use super::x509::X509;
use super::{Anchor, chain, checks, codes, constraints, host, signatures};
use crate::client::{Error, Place, Stage, Verdict};
use crate::facts::Certificate;

/// The state of a verification.
pub(super) struct Run<'p, 'a> {
    pub(super) parameters: &'p Parameters,
    pub(super) store: Vec<X509<'a>>,
    pub(super) presented: Vec<X509<'a>>,
    /// Where each of them was presented.
    positions: Vec<usize>,
    pub(super) verdict: Verdict,
}

/// What `openssl verify` says of a trust file that it cannot read, without its name.
pub(in crate::client) const LOADING: &str = "Error loading file";

/// OpenSSL gives up here, whatever the callback says.
pub(super) struct Abort;

impl<'p, 'a> Run<'p, 'a> {
    pub(super) fn new(parameters: &'p Parameters) -> Self {
        Self {
            parameters,
            store: Vec::new(),
            presented: Vec::new(),
            positions: Vec::new(),
            verdict: Verdict::default(),
        }
    }

    /// Loads the trust file: one certificate that does not parse refuses them all.
    pub(super) fn load(&mut self, store: &[Anchor<'a>]) {
        let python = self.parameters.python;
        for (at, anchor) in store.iter().enumerate() {
            let parsed = X509::parse(anchor.certificate, anchor.trusted_label, self.parameters.version);
            match parsed {
                Some(certificate) => self.store.push(certificate),
                None if python => self.refuse(Stage::Load, Place::Store(at), "PEM lib", "[X509] PEM lib"),
                None => self.refuse(Stage::Load, Place::Store(at), "PEM lib", LOADING),
            }
        }
        if store.is_empty() && !self.parameters.unnamed_store {
            let text = "[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found";
            let text = if python { text } else { LOADING };
            self.refuse(Stage::Load, Place::File, "NO_CERTIFICATE_OR_CRL_FOUND", text);
        }
    }

    /// Reads what the server presents. `openssl verify` passes over certificates
    /// above the leaf that do not parse; that of 1.1.1 refuses the file, and reads
    /// what follows the leaf as trust settings.
    pub(super) fn receive(&mut self, presented: &[&'a Certificate<'a>]) {
        let python = self.parameters.python;
        let old_program = !python && self.parameters.version == Version::V1_1_1;
        let stage = if python { Stage::Handshake } else { Stage::Load };
        for (at, certificate) in presented.iter().enumerate() {
            let place = Place::Presented(at);
            match X509::parse(certificate, old_program && at == 0, self.parameters.version) {
                Some(parsed) if python && parsed.der.len() < certificate.octets.len() => {
                    let text = "[SSL: CERT_LENGTH_MISMATCH] cert length mismatch";
                    self.refuse(stage, place, "CERT_LENGTH_MISMATCH", text);
                }
                Some(parsed) => {
                    self.presented.push(parsed);
                    self.positions.push(at);
                }
                None if python => self.refuse(stage, place, "ASN1 lib", "[SSL] ASN1 lib"),
                None if at == 0 => self.refuse(stage, place, "ASN1 lib", "unable to load certificate"),
                None if old_program => self.refuse(stage, place, "PEM lib", "unable to load certificates"),
                None => {}
            }
        }
        if presented.is_empty() {
            self.refuse(stage, Place::Presented(0), "PEER_DID_NOT_RETURN_A_CERTIFICATE", "no certificate");
        }
    }

    /// The steps in OpenSSL's order.
    pub(super) fn verify(&mut self) {
        self.verdict.chain.push(Place::Presented(0));
        self.verdict.untrusted = 1;
        self.check_leaf_key();
        if chain::build(self).is_err() {
            return;
        }
        checks::check_extensions(self);
        self.check_strength();
        self.check_names();
        if self.check_leaf_readable().is_err() {
            return;
        }
        signatures::verify(self);
        constraints::check(self);
        self.note_resources();
    }

    /// The verdict, with certificates named by where they were presented.
    pub(super) fn finish(mut self) -> Verdict {
        let verified = self.verdict.errors.iter_mut().filter(|error| error.stage == Stage::Verify);
        let places = verified.map(|error| &mut error.certificate);
        for place in places.chain(&mut self.verdict.chain) {
            if let Place::Presented(at) = place {
                *at = self.positions.get(*at).copied().unwrap_or(*at);
            }
        }
        self.verdict
    }

    /// The certificate of a place in the chain.
    pub(super) fn certificate(&self, place: Place) -> &X509<'a> {
        match place {
            Place::Presented(at) => &self.presented[at],
            Place::Store(at) => &self.store[at],
            Place::File => unreachable!("the chain holds certificates only"),
        }
    }

    /// The certificate at a depth of the chain.
    pub(super) fn at(&self, depth: usize) -> &X509<'a> {
        self.certificate(self.verdict.chain[depth])
    }

    /// Notes a verify error.
    pub(super) fn fail(&mut self, code: i64, depth: usize) {
        let version = self.parameters.version;
        let message = match (&self.parameters.host, code) {
            (Some(Host::Name(name)), codes::HOST_MISMATCH) if self.parameters.python => {
                format!("Hostname mismatch, certificate is not valid for '{name}'.")
            }
            (Some(Host::Address(_, address)), codes::ADDRESS_MISMATCH) if self.parameters.python => {
                format!("IP address mismatch, certificate is not valid for '{address}'.")
            }
            _ => codes::text(code, version).to_owned(),
        };
        self.verdict.errors.push(Error {
            code: Some(codes::number(code, version)),
            name: codes::name(code).into(),
            message,
            depth: Some(depth),
            certificate: self.verdict.chain[depth],
            stage: Stage::Verify,
        });
    }

    fn refuse(&mut self, stage: Stage, certificate: Place, name: &'static str, message: &str) {
        let message = message.to_owned();
        self.verdict.errors.push(Error {
            code: None,
            name: name.into(),
            message,
            depth: None,
            certificate,
            stage,
        });
    }

    fn is_key_weak(&self, depth: usize) -> bool {
        wanted_strength(self.parameters.level)
            .is_some_and(|wanted| self.at(depth).key().is_none_or(|key| key.strength < wanted))
    }

    /// Step 1: `x509_verify_x509`.
    fn check_leaf_key(&mut self) {
        if self.is_key_weak(0) {
            self.fail(codes::LEAF_KEY_WEAK, 0);
        }
    }

    /// Step 4: keys of all but the leaf, signatures of all but the last.
    fn check_strength(&mut self) {
        let Some(wanted) = wanted_strength(self.parameters.level) else {
            return;
        };
        let length = self.verdict.chain.len();
        for depth in 0..length {
            if depth > 0 && self.is_key_weak(depth) {
                self.fail(codes::CA_KEY_WEAK, depth);
            }
            let weak = || signature_strength(self.at(depth), self.parameters.version) < wanted;
            if depth + 1 < length && weak() {
                self.fail(codes::DIGEST_WEAK, depth);
            }
        }
    }

    /// Step 5: `check_id`.
    fn check_names(&mut self) {
        let leaf = self.at(0);
        let code = match &self.parameters.host {
            Some(Host::Name(name)) => {
                let found = host::matches_name(leaf, name.as_bytes(), self.parameters.no_partial_wildcards);
                (!found).then_some(codes::HOST_MISMATCH)
            }
            Some(Host::Address(address, _)) => {
                (!host::matches_address(leaf, *address)).then_some(codes::ADDRESS_MISMATCH)
            }
            None => None,
        };
        if let Some(code) = code {
            self.fail(code, 0);
        }
    }

    /// Where parameters could be inherited, OpenSSL 3 decodes the leaf's key and
    /// gives up where it cannot (`X509_get_pubkey_parameters`).
    fn check_leaf_readable(&mut self) -> Result<(), Abort> {
        if self.parameters.version > Version::V1_1_1 && self.at(0).key().is_none() {
            self.fail(codes::UNSPECIFIED, 0);
            return Err(Abort);
        }
        Ok(())
    }

    /// Step 9, the paths of RFC 3779, is not modelled.
    fn note_resources(&mut self) {
        let any = (0..self.verdict.chain.len()).any(|depth| self.at(depth).cached.resources);
        if any {
            let text = "the RFC 3779 resources of each certificate lie within those of its issuer";
            self.verdict.assumptions.push(text.to_owned());
        }
    }
}
