//! Evaluates expressions with the interpreter of crate `cel`, which shares
//! nothing with the compiled closures but the parser. Facts are records; a
//! message that is absent has the zero values of its fields, and `has(x.y)`
//! becomes the field `has_y`, since to the interpreter the two would be one.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, LazyLock};

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, ListExpr, SelectExpr};
use cel::common::traits::Indexer;
use cel::common::types::{CelBool, CelBytes, CelInt, CelList, CelString, CelTimestamp, Type as CelType};
use cel::common::value::{CowVal, Val};
use cel::extractors::This;
use cel::{Context, Env, ExecutionError, Value as Cel};
use pemlint::expr::{Code, Param, Scope};
use pemlint::facts::internet;
use pemlint::facts::schema::{self, ROOTS};
use pemlint::facts::value::{Datum, Kind, Node, Out, Record, Scalar, Type, Value};
use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

/// The facts that expressions read.
#[derive(Clone, Debug)]
pub(crate) struct World {
    /// Message variables by name.
    pub(crate) roots: BTreeMap<&'static str, Record>,
    /// The instant of evaluation.
    pub(crate) now: i64,
}

/// A value of either side.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Plain {
    Bool(bool),
    Int(i64),
    String(String),
    Bytes(Vec<u8>),
    Timestamp(i64),
    Duration(i64),
    List(Vec<Plain>),
    Message,
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::String(value) => write!(f, "{value:?}"),
            Self::Bytes(value) => write!(f, "b{value:?}"),
            Self::Timestamp(value) => write!(f, "@{value}"),
            Self::Duration(value) => write!(f, "{value}s"),
            Self::List(values) => {
                let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", texts.join(", "))
            }
            Self::Message => write!(f, "message"),
        }
    }
}

/// The scope in which compiled closures read a world.
pub(crate) fn scope(world: &World) -> Scope<'_> {
    let scope = Scope::new(world.now);
    world.roots.iter().fold(scope, |scope, (name, record)| scope.with(name, Node::Record(record)))
}

/// What a compiled expression gives.
pub(crate) fn compiled(code: &Code, scope: &mut Scope<'_>) -> Out<Plain> {
    Ok(match code {
        Code::List(_, list) => {
            let list = list(scope)?;
            Plain::List((0..list.len()).map(|at| from_value(&list.element(at))).collect())
        }
        code => from_value(&code.value(scope)?),
    })
}

fn from_value(value: &Value<'_>) -> Plain {
    match value {
        Value::Bool(value) => Plain::Bool(*value),
        Value::Int(value) => Plain::Int(*value),
        Value::String(value) => Plain::String(value.to_string()),
        Value::Bytes(value) => Plain::Bytes(value.to_vec()),
        Value::Timestamp(value) => Plain::Timestamp(*value),
        Value::Duration(value) => Plain::Duration(*value),
        Value::Message(_) => Plain::Message,
    }
}

/// What the interpreter gives for a tree that [`prepared`] has gone over.
pub(crate) fn interpreted(tree: &IdedExpr, context: &Context<'_, '_>) -> Result<Plain, ExecutionError> {
    Cel::resolve_val(tree, context).map(|value| from_val(value.as_ref()))
}

/// The elements of the list that the interpreter gives, messages too.
pub(crate) fn elements<'v>(
    tree: &IdedExpr,
    context: &Context<'_, 'v>,
) -> Result<Vec<Box<dyn Val + 'v>>, ExecutionError> {
    let list = Cel::resolve_val(tree, context)?;
    let mut items = list.as_iterable().expect("each is a list").iter();
    let mut copied = Vec::new();
    while let Some(item) = items.next() {
        copied.push(item.clone_as_boxed());
    }
    Ok(copied)
}

fn from_val(value: &dyn Val) -> Plain {
    match Cel::try_from(value) {
        Ok(value) => from_cel(&value),
        Err(_) => value.as_iterable().map_or(Plain::Message, |list| {
            let mut items = list.iter();
            let mut plain = Vec::new();
            while let Some(item) = items.next() {
                plain.push(from_val(item));
            }
            Plain::List(plain)
        }),
    }
}

fn from_cel(value: &Cel) -> Plain {
    match value {
        Cel::Bool(value) => Plain::Bool(*value),
        Cel::Int(value) => Plain::Int(*value),
        Cel::String(value) => Plain::String(value.to_string()),
        Cel::Bytes(value) => Plain::Bytes(value.to_vec()),
        Cel::Timestamp(value) => Plain::Timestamp(value.timestamp()),
        Cel::Duration(value) => Plain::Duration(value.num_seconds()),
        Cel::List(values) => Plain::List(values.iter().map(from_cel).collect()),
        other => panic!("rules have no values such as {other:?}"),
    }
}

/// A tree as the interpreter needs it: presence as fields, and `string` under
/// another name, since CEL's own takes bytes for text.
pub(crate) fn prepared(node: &IdedExpr) -> IdedExpr {
    let all = |nodes: &[IdedExpr]| nodes.iter().map(prepared).collect();
    let expr = match &node.expr {
        Expr::Select(select) => Expr::Select(SelectExpr {
            operand: Box::new(prepared(&select.operand)),
            field: if select.test { format!("has_{}", select.field) } else { select.field.clone() },
            test: false,
        }),
        Expr::Call(call) => Expr::Call(CallExpr {
            func_name: if call.func_name == "string" { "textOf".into() } else { call.func_name.clone() },
            target: call.target.as_ref().map(|target| Box::new(prepared(target))),
            args: all(&call.args),
        }),
        Expr::Comprehension(of) => Expr::Comprehension(Box::new(ComprehensionExpr {
            iter_range: prepared(&of.iter_range),
            accu_init: prepared(&of.accu_init),
            loop_cond: prepared(&of.loop_cond),
            loop_step: prepared(&of.loop_step),
            result: prepared(&of.result),
            ..(**of).clone()
        })),
        Expr::List(list) => Expr::List(ListExpr::new(all(&list.elements))),
        other => other.clone(),
    };
    IdedExpr { id: node.id, expr }
}

static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// What the interpreter reads: a world, and the functions of rules.
pub(crate) fn context(world: &World) -> Context<'_, '_> {
    let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
    for root in ROOTS {
        if let Some(record) = world.roots.get(root.name) {
            let message = Message { kind: root.kind, record: Some(record) };
            context.add_variable_as_val(root.name, Box::new(message));
        }
    }
    context.add_variable_as_val("now", timestamp(world.now));
    add_functions(&mut context);
    context
}

/// The parameters of a rule as the interpreter reads them.
pub(crate) fn params(params: &BTreeMap<String, Param>) -> Cel {
    let value = |param: &Param| match param {
        Param::Bool(value) => Cel::Bool(*value),
        Param::Int(value) => Cel::Int(*value),
        Param::String(value) => value.as_str().into(),
        Param::Strings(values) => {
            values.iter().map(|value| Cel::from(value.as_str())).collect::<Vec<_>>().into()
        }
        Param::Ints(values) => values.iter().map(|value| Cel::Int(*value)).collect::<Vec<_>>().into(),
    };
    let map: HashMap<String, Cel> = params.iter().map(|(name, param)| (name.clone(), value(param))).collect();
    map.into()
}

fn timestamp<'v>(seconds: i64) -> Box<dyn Val + 'v> {
    let instant = chrono::DateTime::from_timestamp(seconds, 0).expect("instants of tests are real ones");
    Box::new(CelTimestamp::from(instant.fixed_offset()))
}

fn add_functions(context: &mut Context<'_, '_>) {
    let added = [
        context.add_function("days", |count: i64| -> Result<Cel, ExecutionError> {
            let seconds = count.checked_mul(86_400).and_then(chrono::Duration::try_seconds);
            seconds.map(Cel::Duration).ok_or_else(|| ExecutionError::function_error("days", "overflow"))
        }),
        context.add_function("hex", |octets: Arc<Vec<u8>>| hex(&octets)),
        context.add_function("lower", |This(text): This<Arc<String>>| text.to_ascii_lowercase()),
        context.add_function("octal", |number: i64| format!("0{number:o}")),
        context.add_function("join", |This(list): This<Arc<Vec<Cel>>>, separator: Arc<String>| {
            list.iter().map(text).collect::<Vec<_>>().join(&separator)
        }),
        context.add_function("textOf", |value: Cel| text(&value)),
        context
            .add_function("isHostName", |name: Arc<String>| name.len() <= 253 && HOST_NAME.is_match(&name)),
        context.add_function("hasControlOrInvisible", |text: Arc<String>| HIDDEN.is_match(&text)),
        context.add_function("isNfc", |text: Arc<String>| text.nfc().eq(text.chars())),
    ];
    assert!(added.iter().all(Result::is_ok), "{added:?}");
    add_name_functions(context);
}

/// What these mean is tested where it is written; here it matters that rules call the right ones.
fn add_name_functions(context: &mut Context<'_, '_>) {
    let added = [
        context.add_function("isDnsName", |text: Arc<String>| {
            text.len() <= 253 && HOST_NAME.is_match(&text.replace('*', "0"))
        }),
        context.add_function("isDnsConstraint", |text: Arc<String>| {
            let text = text.strip_prefix('.').unwrap_or(&text);
            text.len() <= 253 && HOST_NAME.is_match(text)
        }),
        context.add_function("isIpLiteral", |text: Arc<String>| text.parse::<std::net::IpAddr>().is_ok()),
        context.add_function("isMailbox", |text: Arc<String>| MAILBOX.is_match(&text)),
        context.add_function("isUtf8Mailbox", |text: Arc<String>| internet::is_utf8_mailbox(&text)),
        context.add_function("isAbsoluteUri", |text: Arc<String>| ABSOLUTE.is_match(&text)),
        context.add_function("uriScheme", |text: Arc<String>| {
            SCHEME.captures(&text).map_or_else(String::new, |found| found[1].to_ascii_lowercase())
        }),
        context.add_function("uriHost", |text: Arc<String>| {
            let found = HOST.captures(&text);
            found.map_or_else(String::new, |found| {
                [1, 2].into_iter().filter_map(|at| found.get(at)).map(|part| part.as_str()).collect()
            })
        }),
        context.add_function("labels", |text: Arc<String>| -> Cel {
            text.split('.').map(Cel::from).collect::<Vec<_>>().into()
        }),
        context.add_function("isIdn", |text: Arc<String>| internet::is_idn(&text)),
        context.add_function("idnToUnicode", |text: Arc<String>| internet::idn_to_unicode(&text)),
    ];
    assert!(added.iter().all(Result::is_ok), "{added:?}");
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("it is a pattern")
}

static MAILBOX: LazyLock<Regex> = LazyLock::new(|| pattern("^[^ @<>()]+@[^ @<>()]+$"));
static ABSOLUTE: LazyLock<Regex> = LazyLock::new(|| pattern("(?s)^[A-Za-z][A-Za-z0-9+.-]*:."));
static SCHEME: LazyLock<Regex> = LazyLock::new(|| pattern("^([A-Za-z][A-Za-z0-9+.-]*):"));
static HOST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#]*@)?(?:\[([^\]/?#]*)|([^\[:/?#@][^:/?#@]*))")
});

static HOST_NAME: LazyLock<Regex> = LazyLock::new(|| {
    let label = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
    Regex::new(&format!(r"^{label}(?:\.{label})*$")).expect("it is a pattern")
});

static HIDDEN: LazyLock<Regex> = LazyLock::new(|| {
    let bidi = r"\u{ad}\u{61c}\u{180e}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}";
    Regex::new(&format!(r"[\p{{Cc}}{bidi}\u{{feff}}\u{{fff9}}-\u{{fffb}}\u{{e0000}}-\u{{e007f}}]"))
        .expect("it is a pattern")
});

fn hex(octets: &[u8]) -> String {
    octets.iter().fold(String::new(), |text, octet| text + &format!("{octet:02x}"))
}

fn text(value: &Cel) -> String {
    match value {
        Cel::Bool(value) => value.to_string(),
        Cel::Int(value) => value.to_string(),
        Cel::String(value) => value.to_string(),
        Cel::Bytes(value) => hex(value),
        Cel::Timestamp(value) => value.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        Cel::Duration(value) => format!("{}s", value.num_seconds()),
        other => panic!("{other:?} has no text"),
    }
}

static MESSAGE: CelType = CelType::new_unspecified_type("message");

/// A message whose fields are read when they are asked for.
#[derive(Clone, Copy, Debug)]
struct Message<'r> {
    kind: Kind,
    record: Option<&'r Record>,
}

impl<'r> Message<'r> {
    fn field(&self, name: &str) -> Option<Box<dyn Val + 'r>> {
        let datum = |name: &str| self.record.and_then(|record| record.fields.get(name));
        if let Some(name) = name.strip_prefix("has_") {
            return Some(Box::new(CelBool::from(datum(name).is_some())));
        }
        let field = schema::field(self.kind, name)?;
        Some(match field.type_() {
            Type::One(scalar) => value(scalar, datum(name)),
            Type::List(item) => {
                let items = match datum(name) {
                    Some(Datum::List(items)) => items.as_slice(),
                    _ => &[],
                };
                let values: Vec<Box<dyn Val + 'r>> = items.iter().map(|one| value(item, Some(one))).collect();
                Box::new(CelList::from(values))
            }
        })
    }
}

/// A fact, or the zero value of its type.
fn value<'r>(scalar: Scalar, datum: Option<&'r Datum>) -> Box<dyn Val + 'r> {
    match (scalar, datum) {
        (Scalar::Message(kind), Some(Datum::Message(record))) => {
            Box::new(Message { kind, record: Some(record) })
        }
        (Scalar::Message(kind), _) => Box::new(Message { kind, record: None }),
        (_, Some(Datum::Bool(value))) => Box::new(CelBool::from(*value)),
        (_, Some(Datum::Int(value))) => Box::new(CelInt::from(*value)),
        (_, Some(Datum::String(value))) => Box::new(CelString::from(value.as_str())),
        (_, Some(Datum::Bytes(value))) => Box::new(CelBytes::from(value.as_slice())),
        (_, Some(Datum::Timestamp(value))) => timestamp(*value),
        (Scalar::Bool, _) => Box::new(CelBool::from(false)),
        (Scalar::Int, _) => Box::new(CelInt::from(0)),
        (Scalar::String, _) => Box::new(CelString::from("")),
        (Scalar::Bytes, _) => Box::new(CelBytes::from(Vec::new())),
        (Scalar::Timestamp, _) => timestamp(0),
        (Scalar::Duration, _) => panic!("no fact is a duration"),
    }
}

impl Val for Message<'_> {
    fn get_type(&self) -> &CelType {
        &MESSAGE
    }

    fn cel_type() -> &'static CelType {
        &MESSAGE
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(*self)
    }
}

impl Indexer for Message<'_> {
    fn get<'b, 'v>(&'b self, name: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let name = name.downcast_ref::<CelString>().map_or("", CelString::inner);
        self.field(name).map(CowVal::Owned).ok_or_else(|| ExecutionError::no_such_key(name))
    }

    fn steal<'v>(self: Box<Self>, name: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(name).map(CowVal::into_owned)
    }
}
