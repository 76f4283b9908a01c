//! What a program printed, as one line for a table: no control characters, and nothing that may be a private key.

use crate::source::{secret_runs, shown};

/// Characters of a reason.
const LENGTH: usize = 240;

/// Words of lines that give a reason.
const TELLING: [&str; 6] = ["error", "fail", "not trusted", "invalid", "refused", "reject"];

/// Base64 characters in a row that are not shown: a line of a key has 64. Shorter runs are names of errors.
const SECRET: usize = 40;

/// The first line that tells why, else the last that is not empty.
#[must_use]
pub fn reason(output: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(output);
    let mut is_key = false;
    let lines = text.lines().map(str::trim).filter(|line| {
        let begins = line.contains("PRIVATE KEY") && line.contains("-----BEGIN");
        let hidden = is_key || begins;
        is_key = hidden && !line.contains("-----END");
        !line.is_empty() && !hidden
    });
    let lines: Vec<&str> = lines.collect();
    let tells = |line: &&&str| {
        let lower = line.to_lowercase();
        TELLING.iter().any(|word| lower.contains(word))
    };
    let line = lines.iter().find(tells).or_else(|| lines.last())?;
    let safe = shown(&without_secrets(line)).into_owned();
    match safe.char_indices().nth(LENGTH) {
        Some((end, _)) => Some(format!("{}…", &safe[..end])),
        None => Some(safe),
    }
}

/// The line with every run that may be of a private key replaced.
fn without_secrets(line: &str) -> String {
    let (mut safe, mut from) = (String::new(), 0);
    for run in secret_runs(line.as_bytes()).filter(|run| run.len() >= SECRET) {
        safe.push_str(&line[from..run.start]);
        safe.push_str("[not shown]");
        from = run.end;
    }
    safe + &line[from..]
}

#[cfg(test)]
mod tests {
    use super::reason;

    #[test]
    fn the_line_that_tells_why_is_found_and_made_safe() {
        let said = |text: &str| reason(text.as_bytes());
        assert_eq!(said("\n CN = x\nerror 10 at 0\nerror y").as_deref(), Some("error 10 at 0"));
        assert_eq!(said("first\nsecond\n").as_deref(), Some("second"));
        assert_eq!(said("\n \n"), None);
        assert_eq!(said("an error \u{1b}[31m").as_deref(), Some("an error \\u{1b}[31m"));
        assert_eq!(
            said("error MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg!").as_deref(),
            Some("error [not shown]!")
        );
        assert_eq!(
            said("-----BEGIN PRIVATE KEY-----\nerror\n-----END PRIVATE KEY-----\nb").as_deref(),
            Some("b")
        );
        assert_eq!(said(&"é".repeat(300)).map(|text| text.chars().count()), Some(241));
        assert_eq!(reason(b"\xff\xfe").as_deref(), Some("\u{fffd}\u{fffd}"));
    }
}
