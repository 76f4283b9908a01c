//! Strings of JSON: one document, or one a line. Tokens come from jsonc-parser; a document that
//! is cut off or wrong somewhere still gives what stands before.

use std::ops::Range;

use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};

use super::path::{Step, object_of, path_of};
use super::unescape::unescape;
use super::{Value, is_wanted};
use crate::limits;

/// What the scanner stands in.
enum Inside {
    /// An object; the key whose value comes next.
    Object(Option<String>),
    /// A list; the number of the element that comes next.
    List(usize),
}

pub(super) fn values(text: &str) -> Vec<Value> {
    let mut scanner = Scanner::new(text, &ScannerOptions::default());
    let mut found = Vec::new();
    let mut stack: Vec<Inside> = Vec::new();
    let mut documents = 0;
    while let Ok(Some(token)) = scanner.scan() {
        if stack.is_empty() && !matches!(token, Token::CommentLine(_) | Token::CommentBlock(_)) {
            documents += 1;
        }
        match token {
            Token::OpenBrace | Token::OpenBracket if stack.len() == limits::CARRIER_DEPTH => break,
            Token::OpenBrace => stack.push(Inside::Object(None)),
            Token::OpenBracket => stack.push(Inside::List(0)),
            Token::CloseBrace | Token::CloseBracket => {
                stack.pop();
            }
            Token::Comma => match stack.last_mut() {
                Some(Inside::Object(key)) => *key = None,
                Some(Inside::List(at)) => *at += 1,
                None => {}
            },
            Token::String(string) => {
                if let Some(Inside::Object(key @ None)) = stack.last_mut() {
                    *key = Some(string.into_owned());
                } else if is_wanted(string.as_bytes()) {
                    let range = scanner.token_start() + 1..scanner.token_end().saturating_sub(1);
                    found.push(value(text, range, documents, &stack));
                }
            }
            _ => {}
        }
    }
    // Of several documents each path names its own, from 0.
    if documents > 1 {
        return found;
    }
    for value in &mut found {
        value.path = without_document(&value.path);
        value.object = without_document(&value.object);
    }
    found
}

fn value(text: &str, range: Range<usize>, document: usize, stack: &[Inside]) -> Value {
    let into = |inside: &Inside| match inside {
        Inside::Object(key) => Step::Key(key.clone().unwrap_or_default()),
        Inside::List(at) => Step::Element(*at),
    };
    let steps: Vec<Step> =
        std::iter::once(Step::Element(document - 1)).chain(stack.iter().map(into)).collect();
    let draft = unescape(text.as_bytes(), range.clone());
    Value { path: path_of(&steps), object: object_of(&steps), draft, range }
}

fn without_document(path: &str) -> String {
    let rest = path.split_once(']').map_or("", |(_, rest)| rest);
    rest.strip_prefix('.').unwrap_or(rest).to_owned()
}
