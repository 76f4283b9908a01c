//! Functions on texts that name something on the Internet. What they mean is
//! written in `facts::internet`; here they get their names and types.

use super::code::{Code, StringFn, bool_code, list_code, string_code};
use crate::facts::internet;
use crate::facts::value::{List, Scalar, Value};

/// What a function makes of a text.
enum Gives {
    Bool(fn(&str) -> bool),
    Text(fn(&str) -> String),
    Texts(fn(&str) -> Vec<String>),
}

use Gives::{Bool, Text, Texts};

const IMPLEMENTATIONS: &[(&str, Gives)] = &[
    ("idnToUnicode", Text(internet::idn_to_unicode)),
    ("isAbsoluteUri", Bool(internet::is_absolute_uri)),
    ("isDnsConstraint", Bool(internet::is_dns_constraint)),
    ("isDnsName", Bool(internet::is_dns_name)),
    ("isHostName", Bool(internet::is_host_name)),
    ("isIdn", Bool(internet::is_idn)),
    ("isIpLiteral", Bool(internet::is_ip_literal)),
    ("isMailbox", Bool(internet::is_mailbox)),
    ("isUtf8Mailbox", Bool(internet::is_utf8_mailbox)),
    ("labels", Texts(|text| text.split('.').map(str::to_owned).collect())),
    ("uriHost", Text(|text| internet::uri_host(text).to_owned())),
    ("uriScheme", Text(internet::uri_scheme)),
];

/// Whether a function of this name is among them.
pub(super) fn has(name: &str) -> bool {
    IMPLEMENTATIONS.iter().any(|(known, _)| *known == name)
}

/// A call of the function `name` on a text; `None` where there is no such function.
pub(super) fn call(name: &str, text: StringFn) -> Option<Code> {
    let (_, gives) = IMPLEMENTATIONS.iter().find(|(known, _)| *known == name)?;
    Some(match *gives {
        Bool(holds) => bool_code(move |scope| Ok(holds(&text(scope)?))),
        Text(of) => string_code(move |scope| {
            let made = of(&text(scope)?);
            scope.pay_for_octets(made.len())?;
            Ok(made.into())
        }),
        Texts(of) => list_code(Scalar::String, move |scope| {
            let made = of(&text(scope)?);
            scope.pay(made.len())?;
            Ok(List::Values(made.into_iter().map(|one| Value::String(one.into())).collect()))
        }),
    })
}
