//! PEM armour (RFC 7468): writing it strictly, and reading one block of text that is known to be sound.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::Error;

/// Characters of base64 in a line (RFC 7468, 2).
const COLUMNS: usize = 64;

/// A block that starts with its BEGIN line and ends with a line feed, 64 characters a line.
#[must_use]
pub fn encode(label: &str, content: &[u8]) -> String {
    let body = STANDARD.encode(content);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(COLUMNS));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str("-----END ");
    out.push_str(label);
    out.push_str("-----\n");
    out
}

/// The octets of the first block with this label.
///
/// # Errors
/// [`Error::NoPemBlock`] when there is none, when it has no end, or when its body is no base64.
pub fn decode(text: &str, label: &'static str) -> Result<Vec<u8>, Error> {
    let missing = Error::NoPemBlock(label);
    let begin = format!("-----BEGIN {label}-----");
    let end = format!("-----END {label}-----");
    let Some((_, after)) = text.split_once(&begin) else {
        return Err(missing);
    };
    let Some((body, _)) = after.split_once(&end) else {
        return Err(missing);
    };
    let body: String = body.split_ascii_whitespace().collect();
    STANDARD.decode(body).map_err(|_| missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_takes_back_what_encode_wrote() {
        let content: Vec<u8> = (0..100).collect();
        let text = encode("CERTIFICATE", &content);
        assert!(text.lines().all(|line| line.len() <= COLUMNS));
        assert_eq!(decode(&text, "CERTIFICATE"), Ok(content));
        assert_eq!(decode(&text, "PRIVATE KEY"), Err(Error::NoPemBlock("PRIVATE KEY")));
    }
}
