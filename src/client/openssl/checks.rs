//! Step 3: the extensions of each certificate, leaf first: what strict checking
//! adds, the purpose, and the length of the path (`check_extensions`,
//! `check_purpose`; `check_chain_extensions` of 1.1.1).

use super::cached::{CERT_SIGN, CRL_SIGN, DIGITAL_SIGNATURE, KEY_AGREEMENT, KEY_ENCIPHERMENT};
use super::codes;
use super::parameters::Version;
use super::run::Run;
use super::trust::{self, Trust};
use super::x509::X509;

/// What a certificate must be, by what stands below it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// The leaf may be either.
    Either,
    /// Below a proxy certificate's holder.
    NotCa,
    Ca,
}

/// Checks all certificates of the chain.
pub(super) fn check_extensions(run: &mut Run<'_, '_>) {
    let mut wanted = Wanted::Either;
    let mut below = 0;
    let mut proxies = 0;
    for depth in 0..run.verdict.chain.len() {
        check_critical(run, depth);
        if run.parameters.version == Version::V1_1_1 {
            check_role_1_1_1(run, depth, wanted);
        } else {
            check_role(run, depth, wanted);
            check_curve(run, depth);
            if run.parameters.strict && run.verdict.chain.len() > 1 {
                check_strict(run, depth);
            }
        }
        check_purpose(run, depth, wanted);
        let cached = &run.at(depth).cached;
        let (limit, proxy, proxy_limit) = (cached.path_length, cached.proxy, cached.proxy_path_length);
        let counts = depth > 0 && !cached.self_issued;
        if depth > 1 && limit != -1 && below > limit.saturating_add(proxies) {
            run.fail(codes::PATH_LENGTH_EXCEEDED, depth);
        }
        below += i64::from(counts);
        wanted = if proxy { Wanted::NotCa } else { Wanted::Ca };
        if proxy && proxy_limit != -1 {
            if proxies > proxy_limit {
                run.fail(codes::PROXY_PATH_LENGTH_EXCEEDED, depth);
            }
            proxies = proxy_limit;
        }
        proxies += i64::from(proxy);
    }
}

fn check_critical(run: &mut Run<'_, '_>, depth: usize) {
    if run.at(depth).cached.unhandled_critical {
        run.fail(codes::UNHANDLED_CRITICAL, depth);
    }
    if run.at(depth).cached.proxy {
        run.fail(codes::PROXY_NOT_ALLOWED, depth);
    }
}

/// The class of `check_ca`: 0 no CA, 1 a CA by its basicConstraints, above that
/// a CA by older signs. Malformed certificates are none from 3.0 on.
fn ca_class(certificate: &X509<'_>, version: Version) -> u8 {
    let cached = &certificate.cached;
    if cached.invalid && version > Version::V1_1_1 {
        return 0;
    }
    plain_ca_class(certificate)
}

fn plain_ca_class(certificate: &X509<'_>) -> u8 {
    const ANY_CA: u8 = 0x07;
    let cached = &certificate.cached;
    if cached.refuses_usage(CERT_SIGN) {
        0
    } else if cached.constrained {
        u8::from(cached.ca)
    } else if certificate.version == 0 && cached.self_signed {
        3
    } else if cached.key_usage.is_some() {
        4
    } else if cached.netscape_type.is_some_and(|kind| kind & ANY_CA != 0) {
        5
    } else {
        0
    }
}

/// The code for a certificate that is no CA where one must stand, or the reverse.
fn role_fault(run: &Run<'_, '_>, depth: usize, wanted: Wanted) -> Option<i64> {
    let class = ca_class(run.at(depth), run.parameters.version);
    let strict = run.parameters.strict;
    let last = depth + 1 == run.verdict.chain.len();
    match wanted {
        Wanted::Either => (strict && class > 1).then_some(codes::INVALID_CA),
        Wanted::NotCa => (class != 0).then_some(codes::INVALID_NON_CA),
        Wanted::Ca => (class == 0 || ((!last || strict) && class != 1)).then_some(codes::INVALID_CA),
    }
}

fn check_role(run: &mut Run<'_, '_>, depth: usize, wanted: Wanted) {
    if let Some(code) = role_fault(run, depth, wanted) {
        run.fail(code, depth);
    }
}

/// 1.1.1 notes at most one of role, curve and path length.
fn check_role_1_1_1(run: &mut Run<'_, '_>, depth: usize, wanted: Wanted) {
    let strict = run.parameters.strict;
    let certificate = run.at(depth);
    let curve = || match certificate.key() {
        _ if !strict || run.verdict.chain.len() == 1 => None,
        None => Some(codes::UNSPECIFIED),
        Some(key) => key.explicit.then_some(codes::CURVE_EXPLICIT),
    };
    let length = || {
        let stray = strict && !certificate.cached.ca && certificate.cached.path_length != -1;
        stray.then_some(codes::INVALID_EXTENSION)
    };
    if let Some(code) = role_fault(run, depth, wanted).or_else(curve).or_else(length) {
        run.fail(code, depth);
    }
}

fn check_curve(run: &mut Run<'_, '_>, depth: usize) {
    if run.verdict.chain.len() == 1 {
        return;
    }
    match run.at(depth).key() {
        None => run.fail(codes::UNSPECIFIED, depth),
        Some(key) if key.explicit => run.fail(codes::CURVE_EXPLICIT, depth),
        Some(_) => {}
    }
}

/// What X509_STRICT asks of each certificate of a chain of two and more.
fn check_strict(run: &mut Run<'_, '_>, depth: usize) {
    let version = run.parameters.version;
    let last = depth + 1 == run.verdict.chain.len();
    let certificate = run.at(depth);
    let mut faults = Vec::new();
    strict_constraints(certificate, version, &mut faults);
    strict_names(certificate, version, &mut faults);
    if certificate.outer != certificate.signature {
        faults.push(codes::ALGORITHM_INCONSISTENT);
    }
    if certificate.version < 2 {
        if !certificate.extensions.is_empty() {
            faults.push(codes::VERSION_3_REQUIRED);
        }
    } else {
        strict_authority(certificate, version, last, &mut faults);
        if certificate.cached.ca && certificate.cached.key_identifier.is_none() {
            faults.push(codes::SUBJECT_KEY_MISSING);
        }
    }
    for code in faults {
        run.fail(code, depth);
    }
}

fn strict_constraints(certificate: &X509<'_>, version: Version, faults: &mut Vec<i64>) {
    let cached = &certificate.cached;
    let signs = cached.key_usage.is_some_and(|usage| usage & CERT_SIGN != 0);
    if cached.path_length != -1 {
        if !cached.ca {
            faults.push(codes::PATH_LENGTH_WITHOUT_CA);
        }
        if !signs {
            faults.push(codes::PATH_LENGTH_WITHOUT_USAGE);
        }
    }
    if cached.ca && !cached.constraints_critical && version < Version::V4_0 {
        faults.push(codes::CONSTRAINTS_NOT_CRITICAL);
    }
    if cached.ca && cached.key_usage.is_none() {
        faults.push(codes::USAGE_MISSING);
    }
    if !cached.ca && signs {
        faults.push(codes::CERT_SIGN_WITHOUT_CA);
    }
}

fn strict_names(certificate: &X509<'_>, version: Version, faults: &mut Vec<i64>) {
    let cached = &certificate.cached;
    let signs_lists = cached.key_usage.is_some_and(|usage| usage & CRL_SIGN != 0);
    let nameless = certificate.subject.entries.is_empty();
    if certificate.issuer.entries.is_empty() {
        faults.push(codes::ISSUER_EMPTY);
    }
    if nameless && (cached.ca || signs_lists || cached.names.is_none()) {
        faults.push(codes::SUBJECT_EMPTY);
    }
    if nameless && cached.names.is_some() && !cached.names_critical && version < Version::V4_0 {
        faults.push(codes::NAMES_NOT_CRITICAL);
    }
    if cached.names.as_ref().is_some_and(Vec::is_empty) {
        faults.push(codes::NAMES_EMPTY);
    }
}

fn strict_authority(certificate: &X509<'_>, version: Version, last: bool, faults: &mut Vec<i64>) {
    let authority = certificate.cached.authority.as_ref();
    if version < Version::V4_0 {
        if !last && authority.is_none_or(|authority| authority.key.is_none()) {
            faults.push(codes::AUTHORITY_KEY_MISSING);
        }
        return;
    }
    let asked = !last && !certificate.cached.self_signed;
    match authority {
        None if asked => faults.push(codes::AUTHORITY_KEY_MISSING),
        Some(authority) => {
            if asked && authority.key.is_none() && authority.issuer.is_none() && authority.serial.is_none() {
                faults.push(codes::AUTHORITY_KEY_EMPTY);
            }
            if authority.issuer.is_some() != authority.serial.is_some() {
                faults.push(codes::AUTHORITY_UNPAIRED);
            }
        }
        None => {}
    }
}

/// Trust settings of the store come before the certificate's own purposes. A
/// malformed certificate has the wrong purpose under strict checking only.
fn check_purpose(run: &mut Run<'_, '_>, depth: usize, wanted: Wanted) {
    if !run.parameters.server_purpose {
        return;
    }
    let certificate = run.at(depth);
    let settings = if depth >= run.verdict.untrusted {
        trust::check(certificate, run.parameters, false)
    } else {
        Trust::Open
    };
    let fits = match settings {
        Trust::Trusted => true,
        Trust::Rejected => false,
        Trust::Open if certificate.cached.invalid => !run.parameters.strict,
        // 1.1.1 hands on the class of a CA, and takes any but 1 for damage.
        Trust::Open if is_unusual_1_1_1(run, depth, wanted) => !run.parameters.strict,
        Trust::Open => serves_tls(certificate, wanted == Wanted::Ca),
    };
    if !fits {
        run.fail(codes::INVALID_PURPOSE, depth);
    }
}

/// Whether 1.1.1 finds a CA of a class above 1 that serves TLS.
fn is_unusual_1_1_1(run: &Run<'_, '_>, depth: usize, wanted: Wanted) -> bool {
    let certificate = run.at(depth);
    run.parameters.version == Version::V1_1_1
        && wanted == Wanted::Ca
        && plain_ca_class(certificate) > 1
        && serves_tls(certificate, true)
}

/// `check_purpose_ssl_server`.
fn serves_tls(certificate: &X509<'_>, as_ca: bool) -> bool {
    const TLS_SERVER: u8 = 0x40;
    const TLS_CA: u8 = 0x04;
    let cached = &certificate.cached;
    let kind = cached.netscape_type.unwrap_or(0);
    if cached.serves_tls == Some(false) {
        return false;
    }
    if as_ca {
        return match plain_ca_class(certificate) {
            0 => false,
            5 => kind & TLS_CA != 0,
            _ => true,
        };
    }
    (cached.netscape_type.is_none() || kind & TLS_SERVER != 0)
        && !cached.refuses_usage(DIGITAL_SIGNATURE | KEY_ENCIPHERMENT | KEY_AGREEMENT)
}
