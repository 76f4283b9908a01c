//! Who issued whom, in which order they stand, which key belongs where.
//! Fills in the plain data of `facts::bundle`; knows nothing of rules.

mod issuers;
mod keys;

use std::collections::HashMap;

use crate::facts::bundle::{Bundle, KeyFacts, Link, Standing};
use crate::facts::certificate::Certificate;

pub use keys::{find_matches, key_facts};

/// Works out how certificates of one bundle stand to each other.
///
/// `files` gives the file of each certificate: order counts within a file only.
#[must_use]
pub fn relate<'a>(
    certificates: Vec<Certificate<'a>>,
    files: &[usize],
    every_certificate_is_ca: bool,
) -> Bundle<'a> {
    let mut bundle = Bundle {
        standings: std::iter::repeat_with(Standing::default).take(certificates.len()).collect(),
        certificates,
        every_certificate_is_ca,
        order: "none",
        ..Bundle::default()
    };
    if bundle.certificates.len() == 1 {
        if bundle.certificates[0].is_self_issued() {
            bundle.standings[0].is_own_issuer = true;
            bundle.links.push(Link::new(0, 0, None));
        }
    } else {
        find_duplicates(&mut bundle);
        find_shared_serials(&mut bundle);
        issuers::find(&mut bundle);
        count_below(&mut bundle);
        find_order(&mut bundle, files);
    }
    find_roles(&mut bundle);
    bundle
}

/// Adds the private keys that belong to certificates of the bundle.
pub fn add_keys<'a>(bundle: &mut Bundle<'a>, keys: &'a [KeyFacts]) {
    for key in keys {
        let public = key.key.public.as_ref();
        let belongs = public.is_some_and(|public| {
            bundle.certificates.iter().any(|certificate| keys::has_key(certificate, public))
        });
        if belongs {
            bundle.keys.push(key);
        } else if key.matches.is_empty() {
            bundle.unplaced_keys += 1;
        }
    }
}

fn find_duplicates(bundle: &mut Bundle<'_>) {
    let mut first: HashMap<&[u8], usize> = HashMap::with_capacity(bundle.certificates.len());
    for (at, certificate) in bundle.certificates.iter().enumerate() {
        let original = *first.entry(certificate.octets).or_insert(at);
        if original != at {
            bundle.standings[at].duplicate_of = Some(original);
        }
    }
}

/// Finds certificates that claim to be the same one of their issuer.
fn find_shared_serials(bundle: &mut Bundle<'_>) {
    let mut first: HashMap<(&[u8], &[u8]), usize> = HashMap::with_capacity(bundle.certificates.len());
    for (at, certificate) in bundle.certificates.iter().enumerate() {
        let (Ok(issuer), Ok(serial)) = (&certificate.issuer, &certificate.serial_number) else {
            continue;
        };
        let earlier = *first.entry((issuer.der, serial.content)).or_insert(at);
        let is_another = bundle.certificates[earlier].octets != certificate.octets;
        let standing = &mut bundle.standings[at];
        if is_another && standing.duplicate_of.is_none() {
            standing.shares_serial_with = Some(earlier);
        }
    }
}

/// Whether a certificate is a CA by its own word or by what it did.
fn is_ca(bundle: &Bundle<'_>, at: usize) -> bool {
    let certificate = &bundle.certificates[at];
    // An extension that does not decode is taken as a sign of a CA: it is there.
    certificate.is_ca().unwrap_or(true)
        || certificate.signs_certificates().unwrap_or(true)
        || !bundle.standings[at].issued.is_empty()
}

/// Longest path of CAs below each certificate, from the leaves upward. Every
/// certificate has one best issuer at most, so each is passed once; those in a
/// circle are left at what hangs below it.
fn count_below(bundle: &mut Bundle<'_>) {
    let mut parent = vec![None; bundle.certificates.len()];
    let mut waiting = vec![0_usize; bundle.certificates.len()];
    for link in bundle.links.iter().filter(|link| link.child != link.issuer) {
        parent[link.child] = Some(link.issuer);
        waiting[link.issuer] += 1;
    }
    let mut ready: Vec<usize> = (0..waiting.len()).filter(|at| waiting[*at] == 0).collect();
    while let Some(at) = ready.pop() {
        let Some(above) = parent[at] else { continue };
        let counts = is_ca(bundle, at) && !bundle.certificates[at].is_self_issued();
        let below = bundle.standings[at].ca_certificates_below + i64::from(counts);
        let standing = &mut bundle.standings[above];
        standing.ca_certificates_below = standing.ca_certificates_below.max(below);
        waiting[above] -= 1;
        if waiting[above] == 0 {
            ready.push(above);
        }
    }
}

fn find_order(bundle: &mut Bundle<'_>, files: &[usize]) {
    let links: Vec<(usize, usize)> = bundle
        .links
        .iter()
        .filter(|link| link.child != link.issuer && files.get(link.child) == files.get(link.issuer))
        .map(|link| (link.child, link.issuer))
        .collect();
    let root_first = links.iter().filter(|(child, issuer)| issuer < child).count();
    bundle.order = match (root_first, links.len()) {
        (_, 0) => return,
        (count, all) if count == all => "root-first",
        (0, _) => "leaf-first",
        _ => "mixed",
    };
    let mostly_root_first = root_first * 2 >= links.len();
    bundle.first_out_of_order = if bundle.order == "mixed" {
        links
            .iter()
            .filter(|(child, issuer)| (issuer < child) != mostly_root_first)
            .map(|(child, _)| *child)
            .min()
    } else {
        links.iter().map(|(child, issuer)| *child.min(issuer)).min()
    };
}

fn find_roles(bundle: &mut Bundle<'_>) {
    let mut authorities = Vec::with_capacity(bundle.certificates.len());
    for at in 0..bundle.certificates.len() {
        let is_authority = is_ca(bundle, at);
        let standing = &mut bundle.standings[at];
        let in_role = is_authority || bundle.every_certificate_is_ca;
        standing.role = match (standing.is_own_issuer, in_role) {
            (true, true) => "root",
            (false, true) => "intermediate",
            (_, false) => "leaf",
        };
        authorities.push(is_authority);
    }
    let distinct = |at: &usize| bundle.standings[*at].duplicate_of.is_none();
    bundle.roots =
        (0..authorities.len()).filter(|at| bundle.standings[*at].is_own_issuer).filter(distinct).collect();
    let any = authorities.contains(&true);
    bundle.issuing = (0..authorities.len())
        .filter(distinct)
        .filter(|at| authorities[*at] || !any)
        .filter(|at| !bundle.standings[*at].issued.iter().any(|child| authorities[*child]))
        .collect();
}
