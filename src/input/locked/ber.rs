//! BER to DER, as far as PKCS#12 files need it: Java, NSS and Windows write
//! lengths that are found by an end mark, and strings in pieces. Knows nothing
//! of what the elements mean.

use super::Fault;
use crate::der::tag;
use crate::limits;

/// Bit of an identifier that says that elements stand inside.
const CONSTRUCTED: u8 = 0x20;

/// The same elements with lengths that are stated and strings that are whole.
/// Octets behind the first element are left out.
///
/// # Errors
/// Where an element is cut off or nested too deeply.
pub(super) fn definite(octets: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>, Fault> {
    let mut out = zeroize::Zeroizing::new(Vec::with_capacity(octets.len() + 16));
    element(octets, 0, &mut out)?;
    Ok(out)
}

fn cut_off() -> Fault {
    Fault::Malformed("the file is cut off, or a length in it is wrong".into())
}

/// Writes one element and returns how many octets it took.
fn element(octets: &[u8], depth: usize, out: &mut Vec<u8>) -> Result<usize, Fault> {
    if depth > limits::DER_DEPTH {
        return Err(Fault::Malformed(format!(
            "elements stand inside one another more than {} deep",
            limits::DER_DEPTH
        )));
    }
    let (header, length) = header(octets)?;
    let identifier = octets[0];
    if let (Some(length), true) = (length, identifier & CONSTRUCTED == 0) {
        let end = header.checked_add(length).filter(|end| *end <= octets.len()).ok_or_else(cut_off)?;
        out.extend_from_slice(&octets[..end]);
        return Ok(end);
    }
    if identifier & CONSTRUCTED == 0 {
        return Err(cut_off());
    }
    // Reserved where the length is known, so that nothing stays behind in a buffer that was outgrown.
    let known = length.map_or(0, |length| length.min(octets.len()));
    let mut inner = zeroize::Zeroizing::new(Vec::with_capacity(known));
    let mut at = header;
    let end = match length {
        Some(length) => {
            let end = header.checked_add(length).filter(|end| *end <= octets.len()).ok_or_else(cut_off)?;
            while at < end {
                at += element(&octets[at..end], depth + 1, &mut inner)?;
            }
            end
        }
        None => loop {
            match octets.get(at..at + 2) {
                Some([0, 0]) => break at + 2,
                Some(_) => at += element(&octets[at..], depth + 1, &mut inner)?,
                None => return Err(cut_off()),
            }
        },
    };
    if identifier == tag::OCTET_STRING | CONSTRUCTED {
        let whole = joined(&inner)?;
        write(tag::OCTET_STRING, &whole, out);
    } else {
        write(identifier, &inner, out);
    }
    Ok(end)
}

/// The content of the OCTET STRINGs that stand one after another.
pub(super) fn joined(pieces: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>, Fault> {
    let mut whole = zeroize::Zeroizing::new(Vec::with_capacity(pieces.len()));
    let mut at = 0;
    while at < pieces.len() {
        let piece = &pieces[at..];
        let (header, length) = header(piece)?;
        let end = length.and_then(|length| header.checked_add(length)).ok_or_else(cut_off)?;
        if piece[0] != tag::OCTET_STRING {
            return Err(Fault::Malformed("a string in pieces has a piece that is no OCTET STRING".into()));
        }
        whole.extend_from_slice(piece.get(header..end).ok_or_else(cut_off)?);
        at += end;
    }
    Ok(whole)
}

/// Length of the header, and the length that it states.
fn header(octets: &[u8]) -> Result<(usize, Option<usize>), Fault> {
    let (Some(identifier), Some(first)) = (octets.first(), octets.get(1)) else {
        return Err(cut_off());
    };
    if identifier & 0x1f == 0x1f {
        return Err(Fault::Malformed("an element has a tag that no such file has".into()));
    }
    match *first {
        0x80 => Ok((2, None)),
        short if short < 0x80 => Ok((2, Some(usize::from(short)))),
        long => {
            let count = usize::from(long & 0x7f);
            let digits = octets.get(2..2 + count).ok_or_else(cut_off)?;
            if count > 8 {
                return Err(cut_off());
            }
            let length = digits.iter().fold(0_u64, |length, octet| length << 8 | u64::from(*octet));
            Ok((2 + count, Some(usize::try_from(length).map_err(|_| cut_off())?)))
        }
    }
}

fn write(identifier: u8, content: &[u8], out: &mut Vec<u8>) {
    out.push(identifier);
    let digits = content.len().to_be_bytes();
    match content.len() {
        short @ 0..0x80 => out.push(u8::try_from(short).expect("it is below 128")),
        long => {
            let zeros = usize::try_from(long.leading_zeros() / 8).expect("it is at most 8");
            out.push(0x80 | u8::try_from(digits.len() - zeros).expect("it is at most 8"));
            out.extend_from_slice(&digits[zeros..]);
        }
    }
    out.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_become_lengths_and_pieces_become_one() {
        let ber = [0x30, 0x80, 2, 1, 3, 0xa0, 0x80, 0x24, 0x80, 4, 2, 1, 2, 4, 1, 3, 0, 0, 0, 0, 0, 0, 9];
        assert_eq!(**definite(&ber).unwrap(), [0x30, 10, 2, 1, 3, 0xa0, 5, 4, 3, 1, 2, 3]);
    }

    #[test]
    fn long_lengths_are_written_as_der_writes_them() {
        let content = vec![7; 300];
        let mut der = Vec::new();
        write(4, &content, &mut der);
        assert_eq!(der[..4], [4, 0x82, 1, 44]);
        assert_eq!(**definite(&der).unwrap(), *der);
    }

    #[test]
    fn what_is_cut_off_or_too_deep_is_refused() {
        for octets in [&[][..], &[0x30], &[0x30, 0x80, 2], &[4, 0x80, 0, 0], &[4, 5, 1], &[0x30, 0x89]] {
            assert!(matches!(definite(octets), Err(Fault::Malformed(_))), "{octets:?}");
        }
        let deep = [0x30, 0x80].repeat(1_000);
        assert!(matches!(definite(&deep), Err(Fault::Malformed(text)) if text.contains("deep")));
    }
}
