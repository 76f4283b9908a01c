//! A handshake of TLS 1.3 or 1.2 with rustls, which takes every certificate and
//! notes it. It goes on to its end, so that the server sees nothing unusual.

use std::io::Read as _;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, Resumption};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, Error, InvalidMessage, SignatureScheme};

use super::failure::Failure;
use super::guess::Guess;
use super::wire::Wire;
use super::{Presented, Request};

/// Shakes hands.
pub(super) fn run(wire: &mut Wire, request: &Request) -> Result<Presented, Failure> {
    let record = Arc::new(Record::default());
    let mut connection = connection(request, Arc::clone(&record))?;
    let ended = shake(wire, &mut connection);
    let seen = record.take();
    let Some(chain) = seen.chain else {
        return Err(ended.err().unwrap_or(Failure::NoCertificate));
    };
    let mut remarks = Vec::new();
    if seen.is_client_asked {
        remarks.push("asks for a client certificate".to_owned());
    }
    if let Err(failure) = ended {
        remarks.push(format!("the handshake fails behind the certificates: {}", failure.brief()));
    }
    Ok(Presented { chain, remarks })
}

fn connection(request: &Request, record: Arc<Record>) -> Result<ClientConnection, Failure> {
    let server = &request.server;
    let name = request.server_name.as_deref().unwrap_or_else(|| server.identity());
    let unusable = |_| Failure::ServerName(name.to_owned());
    let server_name =
        ServerName::try_from(name.to_owned()).map_err(|_| Failure::ServerName(name.to_owned()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(|error| Failure::Handshake { reason: error.to_string() })?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&record) as Arc<dyn ServerCertVerifier>)
        .with_client_cert_resolver(record);
    config.resumption = Resumption::disabled();
    ClientConnection::new(Arc::new(config), server_name).map_err(unusable)
}

/// Sends and receives until both sides are done, or one gives up.
fn shake(wire: &mut Wire, connection: &mut ClientConnection) -> Result<(), Failure> {
    let mut octets = [0; 16_384];
    while connection.is_handshaking() {
        while connection.wants_write() {
            connection.write_tls(wire).map_err(|error| wire.failure(&error))?;
        }
        if !connection.is_handshaking() {
            break;
        }
        let length = wire.read(&mut octets).map_err(|error| wire.failure(&error))?;
        if length == 0 {
            return Err(Failure::Closed(wire.step));
        }
        let mut received = &octets[..length];
        while !received.is_empty() {
            connection.read_tls(&mut received).map_err(|error| wire.failure(&error))?;
            if let Err(error) = connection.process_new_packets() {
                // The server is told why, if it still listens.
                let _ = connection.write_tls(wire);
                return Err(meaning(&error, wire));
            }
        }
    }
    connection.send_close_notify();
    while connection.wants_write() {
        // Everything is at hand; a server that has gone does no harm.
        if connection.write_tls(wire).is_err() {
            break;
        }
    }
    Ok(())
}

fn meaning(error: &Error, wire: &Wire) -> Failure {
    if let Some(guess) = Guess::of(wire.began()) {
        return Failure::NotTls(guess);
    }
    match error {
        Error::AlertReceived(alert) => Failure::Alert((*alert).into()),
        Error::NoCertificatesPresented => Failure::NoCertificate,
        Error::InvalidMessage(
            InvalidMessage::HandshakePayloadTooLarge | InvalidMessage::CertificatePayloadTooLarge,
        ) => Failure::Handshake {
            reason: "what the server presents is larger than 64 KiB, which rustls does not read".into(),
        },
        other => Failure::Handshake { reason: other.to_string() },
    }
}

/// Takes everything that the server says for valid, and notes it.
#[derive(Debug, Default)]
struct Record(Mutex<Seen>);

/// What was seen.
#[derive(Debug, Default)]
struct Seen {
    chain: Option<Vec<Vec<u8>>>,
    is_client_asked: bool,
}

impl Record {
    fn note(&self, write: impl FnOnce(&mut Seen)) {
        write(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn take(&self) -> Seen {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ServerCertVerifier for Record {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = std::iter::once(end_entity).chain(intermediates).map(|one| one.to_vec()).collect();
        self.note(|seen| seen.chain = Some(chain));
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    /// Those of OpenSSL 3.5 in its order, since servers choose among their
    /// certificates by it; then those that only old servers have.
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        super::hello::SIGNATURE_SCHEMES.iter().map(|scheme| SignatureScheme::from(*scheme)).collect()
    }
}

impl ResolvesClientCert for Record {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.note(|seen| seen.is_client_asked = true);
        None
    }

    fn has_certs(&self) -> bool {
        // Asked before a server is known; `false` would keep `resolve` from being asked.
        true
    }
}
