//! Command lines with places to fill: split into words as a shell splits them, but no shell ever sees them.

use std::ffi::OsString;
use std::path::Path;

use crate::document::closest;

/// A command line with places to fill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    words: Vec<Vec<Part>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Place(Place),
}

/// What a place is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Chain,
    Leaf,
    Intermediates,
    Trust,
    Key,
    Host,
    Time,
    Program,
    Script,
}

/// What a case puts in the places.
#[derive(Clone, Copy, Debug)]
pub struct Values<'v> {
    /// File with what the server sends.
    pub chain: &'v Path,
    /// File with the first certificate of it.
    pub leaf: &'v Path,
    /// File with the others.
    pub intermediates: &'v Path,
    /// File with what the client trusts.
    pub trust: &'v Path,
    /// File with the private key of the first certificate.
    pub key: &'v Path,
    /// What the client asks for.
    pub host: &'v str,
    /// The instant of verification, seconds since 1970.
    pub time: i64,
    /// The program of a ready-made definition.
    pub program: &'v str,
    /// The script of a ready-made definition.
    pub script: &'v Path,
}

/// What is wrong with a command line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// It cannot be split into words.
    #[error("a quote is opened and never closed")]
    Quote,
    /// There is nothing in it.
    #[error("the command line is empty")]
    Empty,
    /// A brace that opens or closes nothing.
    #[error("a single `{brace}` in `{word}`; write `{brace}{brace}` for the character itself")]
    Brace {
        /// The brace.
        brace: char,
        /// The word it stands in.
        word: String,
    },
    /// A place that is not known.
    #[error("there is no `{{{name}}}`; {help}")]
    Unknown {
        /// Its name.
        name: String,
        /// What may be meant.
        help: String,
    },
    /// No chain in it: every case would get the same answer.
    #[error(
        "the command line names neither `{{chain}}` nor `{{leaf}}`, so every chain would get the same answer"
    )]
    NoChain,
}

/// Places that everybody may use.
const PLACES: [(&str, Place); 7] = [
    ("chain", Place::Chain),
    ("leaf", Place::Leaf),
    ("intermediates", Place::Intermediates),
    ("trust", Place::Trust),
    ("key", Place::Key),
    ("host", Place::Host),
    ("time", Place::Time),
];

/// Places that ready-made definitions have besides.
const OWN: [(&str, Place); 2] = [("program", Place::Program), ("script", Place::Script)];

impl Template {
    /// Reads a command line of a user.
    ///
    /// # Errors
    /// [`TemplateError`].
    pub fn parse(line: &str) -> Result<Self, TemplateError> {
        Self::with(line, &PLACES)
    }

    /// Reads the command line of a ready-made definition.
    pub(super) fn ready_made(line: &str) -> Result<Self, TemplateError> {
        Self::with(line, &[&PLACES[..], &OWN[..]].concat())
    }

    fn with(line: &str, places: &[(&str, Place)]) -> Result<Self, TemplateError> {
        let words = shell_words::split(line).map_err(|_| TemplateError::Quote)?;
        if words.first().is_none_or(String::is_empty) {
            return Err(TemplateError::Empty);
        }
        let words: Result<Vec<_>, _> = words.iter().map(|word| parts(word, places)).collect();
        let template = Self { words: words? };
        if !template.names(Place::Chain) && !template.names(Place::Leaf) {
            return Err(TemplateError::NoChain);
        }
        Ok(template)
    }

    fn names(&self, place: Place) -> bool {
        self.words.iter().flatten().any(|part| *part == Part::Place(place))
    }

    /// Whether it names the private key of the server.
    #[must_use]
    pub fn needs_key(&self) -> bool {
        self.names(Place::Key)
    }

    /// The first word, where it has no place to fill: the name of the program.
    #[must_use]
    pub fn program(&self) -> Option<&str> {
        match self.words.first().map(Vec::as_slice) {
            Some([Part::Text(text)]) => Some(text),
            _ => None,
        }
    }

    /// The words with all places filled.
    #[must_use]
    pub fn fill(&self, values: &Values<'_>) -> Vec<OsString> {
        let word = |parts: &Vec<Part>| {
            let mut word = OsString::new();
            for part in parts {
                match part {
                    Part::Text(text) => word.push(text),
                    Part::Place(place) => word.push(values.of(*place)),
                }
            }
            word
        };
        self.words.iter().map(word).collect()
    }
}

impl Values<'_> {
    fn of(&self, place: Place) -> OsString {
        match place {
            Place::Chain => self.chain.into(),
            Place::Leaf => self.leaf.into(),
            Place::Intermediates => self.intermediates.into(),
            Place::Trust => self.trust.into(),
            Place::Key => self.key.into(),
            Place::Host => self.host.into(),
            Place::Time => self.time.to_string().into(),
            Place::Program => self.program.into(),
            Place::Script => self.script.into(),
        }
    }
}

/// Text and places of a word.
fn parts(word: &str, places: &[(&str, Place)]) -> Result<Vec<Part>, TemplateError> {
    let single = |brace| TemplateError::Brace { brace, word: word.to_owned() };
    let (mut parts, mut text, mut rest) = (Vec::new(), String::new(), word);
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("{{").or_else(|| rest.strip_prefix("}}")) {
            text.push_str(&rest[..1]);
            rest = after;
            continue;
        }
        let inside = rest.strip_prefix('{').ok_or_else(|| single('}'))?;
        let (name, after) = inside.split_once('}').ok_or_else(|| single('{'))?;
        if !text.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut text)));
        }
        parts.push(Part::Place(place(name, places)?));
        rest = after;
    }
    text.push_str(rest);
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Ok(parts)
}

fn place(name: &str, places: &[(&str, Place)]) -> Result<Place, TemplateError> {
    if let Some((_, place)) = places.iter().find(|(known, _)| *known == name) {
        return Ok(*place);
    }
    let names = || PLACES.iter().map(|(known, _)| *known);
    let all = || names().map(|known| format!("{{{known}}}")).collect::<Vec<_>>().join(", ");
    let help = closest(name, names()).map_or_else(
        || format!("there are {}; braces themselves are written `{{{{` and `}}}}`", all()),
        |close| format!("did you mean `{{{close}}}`?"),
    );
    Err(TemplateError::Unknown { name: name.to_owned(), help })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(line: &str) -> Vec<String> {
        let path = Path::new;
        let values = Values {
            chain: path("c d.pem"),
            leaf: path("l"),
            intermediates: path("i"),
            trust: path("t"),
            key: path("k"),
            host: "$(h)",
            time: 7,
            program: "p",
            script: path("s"),
        };
        let words = Template::parse(line).expect("it is sound").fill(&values);
        words.into_iter().map(|word| word.into_string().expect("it is UTF-8")).collect()
    }

    #[test]
    fn words_are_split_as_a_shell_splits_them_before_places_are_filled() {
        assert_eq!(
            filled("sh -c 'a \"b\"' --in={chain} {host}{time}"),
            ["sh", "-c", "a \"b\"", "--in=c d.pem", "$(h)7"]
        );
        assert_eq!(filled("awk '{{print}}' {leaf}"), ["awk", "{print}", "l"]);
        assert_eq!(filled("x {chain} '' {intermediates} {trust} {key}"), ["x", "c d.pem", "", "i", "t", "k"]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let said = |line: &str| Template::parse(line).expect_err(line).to_string();
        assert!(said("x {chian}").contains("did you mean `{chain}`?"));
        assert!(said("x {0} {chain}").contains("there are {chain}, {leaf}"));
        assert!(said("x {chain").contains("single `{`"));
        assert!(said("x chain} {chain}").contains("single `}`"));
        assert!(said("x {trust}").contains("neither `{chain}` nor `{leaf}`"));
        assert!(said("x '{chain}").contains("quote"));
        assert!(said(" ").contains("empty"));
        assert!(said("x {chain} {script}").contains("there is no `{script}`"));
    }
}
