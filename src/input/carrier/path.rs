//! Where a value stands in a carrier: `result[0].certificates`, `data."tls.crt"`.

use std::fmt::Write as _;

/// One step into a carrier.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// The value of a key.
    Key(String),
    /// An element of a list, from 0.
    Element(usize),
}

/// The path of steps.
pub(super) fn path_of(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                if is_plain(key) {
                    path.push_str(key);
                } else {
                    let _ = write!(path, "{key:?}");
                }
            }
            Step::Element(at) => {
                let _ = write!(path, "[{at}]");
            }
        }
    }
    path
}

/// The path of the object that a value belongs to: all but its last key, and the elements behind that.
pub(super) fn object_of(steps: &[Step]) -> String {
    let last = steps.iter().rposition(|step| matches!(step, Step::Key(_))).unwrap_or(0);
    path_of(&steps[..last])
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_no_words_are_quoted() {
        let steps = [Step::Key("data".into()), Step::Key("tls.crt".into())];
        assert_eq!(path_of(&steps), "data.\"tls.crt\"");
        assert_eq!(object_of(&steps), "data");
    }

    #[test]
    fn elements_of_a_list_belong_to_its_object() {
        let steps = [Step::Key("keys".into()), Step::Element(3), Step::Key("x5c".into()), Step::Element(0)];
        assert_eq!(path_of(&steps), "keys[3].x5c[0]");
        assert_eq!(object_of(&steps), "keys[3]");
    }
}
