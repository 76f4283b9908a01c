//! Who presents what and who trusts it, in terms of the bundle.

use std::collections::HashSet;

use super::{Given, Origin, Part};
use crate::facts::bundle::{Bundle, Served, Setting};

/// Fills in what the parts of the inputs say of each certificate.
pub(super) fn mark(bundle: &mut Bundle<'_>, given: &[Given], origins: &[Origin]) {
    for (standing, origin) in bundle.standings.iter_mut().zip(origins) {
        let input = &given[origin.input].input;
        standing.has_trusted_label = input.has_trusted_label(&input.blocks[origin.block]);
    }
    let part = |at: usize| given[origins[at].input].part;
    if (0..origins.len()).any(|at| part(at) == Part::Store) {
        bundle.setting = Setting::Store;
    }
    if let Some(first) = (0..origins.len()).find(|at| part(*at) == Part::Fetched) {
        bundle.setting = Setting::Fetched;
        bundle.standings[first].served.is_first = true;
        for at in (0..origins.len()).filter(|at| part(*at) == Part::Fetched) {
            bundle.standings[at].served.is_presented = true;
        }
    }
    let is_served = |at: &usize| matches!(part(*at), Part::Presented | Part::Trusted);
    if !(0..origins.len()).any(|at| is_served(&at)) {
        return;
    }
    bundle.is_served = true;
    let Bundle { certificates, standings, .. } = bundle;
    // Trust settings that follow a certificate do not make it another one.
    let octets = |at: usize| &certificates[at].octets[..certificates[at].span.end as usize];
    let of = |wanted: Part| -> HashSet<&[u8]> {
        (0..origins.len()).filter(|at| part(*at) == wanted).map(octets).collect()
    };
    let (presented, trusted) = (of(Part::Presented), of(Part::Trusted));
    let first = (0..origins.len()).find(|at| part(*at) == Part::Presented);
    for (at, standing) in standings.iter_mut().enumerate() {
        standing.served = Served {
            is_presented: presented.contains(octets(at)),
            is_trusted: trusted.contains(octets(at)),
            is_first: Some(at) == first,
        };
    }
}
