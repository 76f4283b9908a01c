//! Which modules a source file uses, found in its text: comments, strings and
//! characters are taken out, and every path that begins with `crate`, `super`,
//! `self` or the name of the package is followed to the module that it names.

/// A path of one file that leads to a module or to something in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Use {
    /// Line of the path's first word, from 1.
    pub(crate) line: usize,
    /// Its words from the root of the crate on, `crate` left out.
    pub(crate) path: Vec<String>,
}

/// A word or a mark of Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    /// `::`
    Path,
    Mark(char),
}

/// The paths that a file uses; `module` is its own module, such as `["expr", "compile"]`.
pub(crate) fn uses(text: &str, package: &str, module: &[&str]) -> Vec<Use> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut here: Vec<String> = module.iter().map(|part| (*part).to_owned()).collect();
    // Depths of braces at which inline modules were opened.
    let (mut opened, mut depth) = (Vec::new(), 0_usize);
    let mut at = 0;
    while let Some((line, token)) = tokens.get(at) {
        match token {
            Token::Mark('{') => depth += 1,
            Token::Mark('}') => {
                depth = depth.saturating_sub(1);
                if opened.last() == Some(&depth) {
                    opened.pop();
                    here.pop();
                }
            }
            Token::Word(word) if word == "mod" => {
                if let (Some(Token::Word(name)), Some(Token::Mark('{'))) =
                    (token_at(&tokens, at + 1), token_at(&tokens, at + 2))
                {
                    opened.push(depth);
                    here.push(name.clone());
                }
            }
            Token::Word(word) if begins_path(&tokens, at) => {
                let base = base(word, package, &here);
                if let Some(base) = base {
                    at = follow(&tokens, at + 1, *line, base, &mut found);
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The modules that `lib.rs` declares, in order.
pub(crate) fn declared(text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let names = tokens.windows(3).filter_map(|three| match three {
        [(_, Token::Word(word)), (_, Token::Word(name)), (_, Token::Mark(';'))] if word == "mod" => {
            Some(name.clone())
        }
        _ => None,
    });
    names.collect()
}

fn token_at(tokens: &[(usize, Token)], at: usize) -> Option<&Token> {
    tokens.get(at).map(|(_, token)| token)
}

/// Whether the word at `at` is the first of a path of several.
fn begins_path(tokens: &[(usize, Token)], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| token_at(tokens, before));
    before != Some(&Token::Path) && token_at(tokens, at + 1) == Some(&Token::Path)
}

/// Where a path starts; `None` if it leads out of the crate or to a name in scope.
fn base(word: &str, package: &str, here: &[String]) -> Option<Vec<String>> {
    match word {
        "crate" => Some(Vec::new()),
        "self" => Some(here.to_vec()),
        "super" => Some(here[..here.len().saturating_sub(1)].to_vec()),
        _ => (word == package).then(Vec::new),
    }
}

/// Follows a path from behind one of its words; gives the place behind it.
fn follow(
    tokens: &[(usize, Token)],
    mut at: usize,
    line: usize,
    mut path: Vec<String>,
    found: &mut Vec<Use>,
) -> usize {
    while token_at(tokens, at) == Some(&Token::Path) {
        match token_at(tokens, at + 1) {
            Some(Token::Word(word)) if word == "super" => {
                path.pop();
            }
            Some(Token::Word(word)) if word == "self" => {}
            Some(Token::Word(word)) => path.push(word.clone()),
            Some(Token::Mark('{')) => return follow_group(tokens, at + 2, &path, found),
            // `*`, or the type arguments of an expression.
            _ => {
                at += 1;
                break;
            }
        }
        at += 2;
    }
    found.push(Use { line, path });
    at
}

/// Follows the paths of a group from behind its brace; gives the place behind it.
fn follow_group(tokens: &[(usize, Token)], mut at: usize, path: &[String], found: &mut Vec<Use>) -> usize {
    loop {
        match tokens.get(at) {
            None => return at,
            Some((_, Token::Mark('}'))) => return at + 1,
            Some((line, Token::Word(word))) => {
                let mut inner = path.to_vec();
                match word.as_str() {
                    "self" => {}
                    "super" => {
                        inner.pop();
                    }
                    _ => inner.push(word.clone()),
                }
                at = follow(tokens, at + 1, *line, inner, found);
                if token_at(tokens, at) == Some(&Token::Word("as".into())) {
                    at += 2;
                }
            }
            Some((line, Token::Mark('*'))) => {
                found.push(Use { line: *line, path: path.to_vec() });
                at += 1;
            }
            Some(_) => at += 1,
        }
    }
}

/// The words and marks of a source file with their lines.
fn tokens(text: &str) -> Vec<(usize, Token)> {
    let mut rest = text;
    let mut line = 1;
    let mut tokens = Vec::new();
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '"' => 1 + string_body(&rest[1..]),
            '\'' => character(rest),
            'r' | 'b' | 'c' if literal(rest).is_some() => literal(rest).unwrap_or(1),
            _ if c.is_alphanumeric() || c == '_' => {
                let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                tokens.push((line, Token::Word(rest[..length].to_owned())));
                length
            }
            ':' if rest.starts_with("::") => {
                tokens.push((line, Token::Path));
                2
            }
            _ => {
                if !c.is_whitespace() {
                    tokens.push((line, Token::Mark(c)));
                }
                c.len_utf8()
            }
        };
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

/// Length of a comment between `/*` and its `*/`; they nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// Length of the body of a string with its closing quote.
fn string_body(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Length of a character literal, or of the quote that begins a lifetime.
fn character(text: &str) -> usize {
    let mut letters = text[1..].char_indices();
    match letters.next() {
        Some((_, '\\')) => {
            let close = text[2..].char_indices().skip(1).find(|(_, c)| *c == '\'');
            close.map_or(text.len(), |(at, _)| 2 + at + 1)
        }
        Some((_, c)) if text[1 + c.len_utf8()..].starts_with('\'') => 2 + c.len_utf8(),
        _ => 1,
    }
}

/// Length of a string or character literal with a prefix (`r#""#`, `b""`, `br""`, `b''`).
fn literal(text: &str) -> Option<usize> {
    let prefix = text.find(|c: char| !matches!(c, 'r' | 'b' | 'c'))?;
    let rest = &text[prefix..];
    if !text[..prefix].contains('r') {
        return match rest.chars().next()? {
            '"' => Some(prefix + 1 + string_body(&rest[1..])),
            '\'' if text.starts_with("b'") => Some(prefix + character(rest)),
            _ => None,
        };
    }
    let hashes = rest.bytes().take_while(|octet| *octet == b'#').count();
    let body = rest[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = body.find(&close).map_or(body.len(), |at| at + close.len());
    Some(prefix + hashes + 1 + end)
}
