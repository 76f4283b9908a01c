//! What a block is found to be once its body is decoded: whole, cut off, a placeholder, or something else than its label
//! says. One fault is told once.

use super::{Armour, Damage, DamageKind, body, content, label, trimmed_len};
use crate::limits;

/// Settles a block labelled as a certificate; tells whether its octets are to be read as one.
pub(in crate::input) fn settle(
    bytes: &[u8],
    armour: &Armour,
    damage: &mut Vec<Damage>,
    decoded: Result<Option<Damage>, Damage>,
    der: &[u8],
) -> bool {
    let text = &bytes[armour.body.clone()];
    if armour.end.is_none()
        && !is_whole_without_end(bytes, armour, damage, decoded.is_ok() && body::is_sequence(der))
    {
        return false;
    }
    let is_headless = damage.iter().any(|one| one.kind == DamageKind::BeginMissing);
    if is_headless && !body::is_sequence(der) {
        return false;
    }
    if (decoded.is_err() || der.first() != Some(&0x30))
        && let Some(detail) = body::placeholder(text)
    {
        damage.push(placed(armour, bytes, DamageKind::Placeholder, detail));
        return false;
    }
    let (blank, long) = body::lines(bytes, &armour.body);
    // The blank line below a header goes with it, and what was put in makes a line longer.
    let is_below_header = |blank: &Damage| bytes[armour.body.start..blank.range.start].contains(&b':');
    let is_decoded = decoded.is_ok();
    match decoded {
        Ok(None) => damage.extend(blank.into_iter().chain(long)),
        Ok(found) => {
            super::add(damage, found);
            damage.extend(blank);
        }
        Err(fault) => {
            damage.push(fault);
            damage.extend(blank.filter(|blank| !is_below_header(blank)));
        }
    }
    if !is_decoded {
        return false;
    }
    if der.len() > limits::DER_OCTETS {
        damage.push(oversized(armour));
        return false;
    }
    if let Some(what) = content::other(der) {
        let detail = format!("it holds {what}");
        damage.push(Damage { kind: DamageKind::OtherContent, detail, range: armour.begin.clone() });
        return false;
    }
    true
}

/// Settles a block of another label, whose octets are looked at no further.
pub(in crate::input) fn settle_other(
    bytes: &[u8],
    armour: &Armour,
    damage: &mut Vec<Damage>,
    decoded: Result<Option<Damage>, Damage>,
    der: &[u8],
) {
    if armour.end.is_none()
        && !is_whole_without_end(bytes, armour, damage, decoded.is_ok() && body::is_sequence(der))
    {
        return;
    }
    match decoded {
        Ok(found) => damage.extend(found),
        Err(fault) => damage.push(fault),
    }
    let text = String::from_utf8_lossy(&bytes[armour.label.clone()]);
    if label::is_known_label(&text) && content::is_certificate(der) {
        let detail = "it holds a certificate".to_owned();
        damage.push(Damage { kind: DamageKind::OtherContent, detail, range: armour.begin.clone() });
    }
}

/// Settles a private key, of which `fault` is what its text cannot be decoded for.
pub(in crate::input) fn settle_key(
    bytes: &[u8],
    armour: &Armour,
    damage: &mut Vec<Damage>,
    fault: Option<Damage>,
    is_malformed: bool,
) {
    let is_whole = fault.is_none() && !is_malformed;
    if armour.end.is_none() && !is_whole_without_end(bytes, armour, damage, is_whole) {
        return;
    }
    let text = &bytes[armour.body.clone()];
    match fault {
        None => damage.extend(body::unseen_in(text, armour.body.start)),
        Some(fault) => damage.push(match body::placeholder(text) {
            Some(detail) => placed(armour, bytes, DamageKind::Placeholder, detail),
            None => fault,
        }),
    }
}

/// Whether a block without END holds everything else. Where it does not, that is one fault: at the end of a file it was
/// cut off, and before another block its END is missing.
fn is_whole_without_end(bytes: &[u8], armour: &Armour, damage: &mut [Damage], is_whole: bool) -> bool {
    if !is_whole && is_cut(bytes, armour.body.end, &bytes[armour.label.clone()]) {
        let end = armour.body.start + trimmed_len(&bytes[armour.body.clone()], b" \t\r\n");
        let last = end.saturating_sub(1).max(armour.begin.start)..end.max(armour.begin.end.min(bytes.len()));
        for one in damage.iter_mut().filter(|one| one.kind == DamageKind::EndMissing) {
            *one = cut_off(
                if last.is_empty() { armour.begin.clone() } else { last.clone() },
                "inside the block",
            );
        }
    }
    is_whole
}

/// Whether a file ends with what follows `at`, and that is nothing or the start of an END line.
pub(super) fn is_cut(bytes: &[u8], at: usize, label: &[u8]) -> bool {
    let rest = bytes[at..].trim_ascii();
    let wanted = [b"-----END ", label, b"-----"].concat();
    rest.len() < wanted.len() && wanted.starts_with(rest)
}

pub(super) fn cut_off(range: std::ops::Range<usize>, place: &str) -> Damage {
    Damage { kind: DamageKind::CutOff, detail: format!("the file ends {place}"), range }
}

/// A fault of a body, at its first line.
fn placed(armour: &Armour, bytes: &[u8], kind: DamageKind, detail: &str) -> Damage {
    let range = body::first_line(bytes, &armour.body).unwrap_or_else(|| armour.begin.clone());
    Damage { kind, detail: detail.to_owned(), range }
}

/// The damage of a block whose content is beyond `limits::DER_OCTETS`.
fn oversized(armour: &Armour) -> Damage {
    let detail = format!("the block holds more than {} octets", limits::DER_OCTETS);
    Damage { kind: DamageKind::Base64Invalid, detail, range: armour.begin.clone() }
}

/// What was done to a whole file is told of its first block, with the number of the others.
pub(in crate::input) fn tell_once<'a>(blocks: impl Iterator<Item = &'a mut Vec<Damage>>) {
    const WHOLE: [DamageKind; 6] = [
        DamageKind::BoundaryMisplaced,
        DamageKind::CarriageReturns,
        DamageKind::OtherDashes,
        DamageKind::LabelCase,
        DamageKind::LongLine,
        DamageKind::BodyGlued,
    ];
    let mut first: [Option<(&mut Damage, usize)>; WHOLE.len()] = std::array::from_fn(|_| None);
    for damage in blocks.filter(|damage| !damage.is_empty()) {
        damage.retain(|one| {
            let known = WHOLE.iter().position(|kind| *kind == one.kind).and_then(|at| first[at].as_mut());
            known.map(|(_, others)| *others += 1).is_none()
        });
        for one in damage {
            if let Some(at) = WHOLE.iter().position(|kind| *kind == one.kind) {
                first[at] = Some((one, 0));
            }
        }
    }
    for (damage, others) in first.into_iter().flatten().filter(|(_, others)| *others > 0) {
        let noun = if others == 1 { "another block" } else { "other blocks" };
        let count = if others == 1 { String::new() } else { format!("{others} ") };
        damage.detail = format!("{}, and in {count}{noun}", damage.detail);
    }
}
