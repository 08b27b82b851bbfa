//! Expressions of Rust, laid out much as rustfmt does.

use std::fmt;

use serde_json::Value;

use super::imports::Imports;

/// A type, or what belongs to it, as a program calls it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Name {
    /// The type's whole path; its short name once it is imported.
    pub(super) ty: String,
    /// What of it, such as `::new`; empty for the type itself.
    pub(super) item: String,
}

impl Name {
    pub(super) fn of(ty: &str, item: &str) -> Self {
        Self {
            ty: ty.to_owned(),
            item: item.to_owned(),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.ty, self.item)
    }
}

/// A method and its arguments.
pub(super) type Method = (String, Vec<Expression>);

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    /// What fits on a line, or has its lines already.
    Text(String),
    /// An arm, a constant, or the like.
    Name(Name),
    /// `name(arguments)`.
    Call(Name, Vec<Expression>),
    /// `vec![elements]`.
    List(Vec<Expression>),
    /// `[elements]`.
    Array(Vec<Expression>),
    /// `(elements)`.
    Tuple(Vec<Expression>),
    /// `Type { fields, ..rest }`.
    Struct {
        ty: Name,
        fields: Vec<(String, Expression)>,
        rest: Option<Box<Expression>>,
    },
    /// `receiver.method(arguments)`, as often as there are methods.
    Chain(Box<Expression>, Vec<Method>),
    /// `json!(value)`.
    Json(Value),
}

/// The widest line.
const WIDTH: usize = 100;
/// The widest struct on one line, the widest arguments and elements, and the widest chain: rustfmt's own.
const STRUCT: usize = 18;
const ARGUMENTS: usize = 60;

impl Expression {
    /// `ty::item(arguments)`.
    pub(super) fn call(ty: &str, item: &str, arguments: Vec<Self>) -> Self {
        Self::Call(Name::of(ty, item), arguments)
    }

    /// `Some(inner)`.
    pub(super) fn some(inner: Self) -> Self {
        Self::call("Some", "", vec![inner])
    }

    /// `BTreeMap::from([entries])`.
    pub(super) fn map(entries: Vec<Self>) -> Self {
        const MAP: &str = "std::collections::BTreeMap";
        match entries.is_empty() {
            true => Self::call(MAP, "::new", Vec::new()),
            false => Self::call(MAP, "::from", vec![Self::Array(entries)]),
        }
    }

    /// What is directly inside of it.
    pub(super) fn parts(&mut self) -> Vec<&mut Self> {
        match self {
            Self::Text(_) | Self::Name(_) | Self::Json(_) => Vec::new(),
            Self::Call(_, parts) | Self::List(parts) | Self::Array(parts) | Self::Tuple(parts) => {
                parts.iter_mut().collect()
            }
            Self::Struct { fields, rest, .. } => {
                let fields = fields.iter_mut().map(|(_, value)| value);
                fields.chain(rest.as_deref_mut()).collect()
            }
            Self::Chain(receiver, methods) => {
                let arguments = methods.iter_mut().flat_map(|(_, arguments)| arguments);
                std::iter::once(&mut **receiver).chain(arguments).collect()
            }
        }
    }

    /// Calls all types by the names by which they are imported.
    pub(super) fn import(&mut self, imports: &mut Imports) {
        match self {
            Self::Name(name) | Self::Call(name, _) | Self::Struct { ty: name, .. } => {
                name.ty = imports.name(&name.ty);
            }
            Self::Json(_) => {
                imports.name("serde_json::json");
            }
            _ => {}
        }
        for part in self.parts() {
            part.import(imports);
        }
    }

    /// `text.to_owned()`.
    pub(super) fn owned(text: &str) -> Self {
        Self::Chain(
            Self::literal(text).into(),
            vec![("to_owned".to_owned(), Vec::new())],
        )
    }

    /// A text as Rust writes it; of several lines as a raw one.
    pub(super) fn literal(text: &str) -> Self {
        let shows = |letter: char| !letter.is_control() || letter == '\n';
        if !text.contains('\n') || !text.chars().all(shows) {
            return Self::Text(format!("{text:?}"));
        }
        let mut signs = String::new();
        while text.contains(&format!("\"{signs}")) {
            signs.push('#');
        }
        Self::Text(format!("r{signs}\"{text}\"{signs}"))
    }

    /// The text, of which the first line begins at column `used` and all others are indented by `indent`.
    pub(super) fn print(&self, indent: usize, used: usize) -> String {
        if let Some(line) = self.line().filter(|line| used + line.len() < WIDTH) {
            return line;
        }
        let inner = indent + 4;
        match self {
            Self::Text(text) => text.clone(),
            Self::Name(name) => name.to_string(),
            Self::Call(name, arguments) => {
                let head = name.to_string();
                let arguments = listed(arguments, indent, used + head.len() + 1);
                format!("{head}({arguments})")
            }
            Self::Tuple(elements) => format!("({})", listed(elements, indent, used + 1)),
            Self::List(elements) => format!("vec![{}]", listed(elements, indent, used + 5)),
            Self::Array(elements) => format!("[{}]", listed(elements, indent, used + 1)),
            Self::Struct { ty, fields, rest } => {
                let mut out = format!("{ty} {{\n");
                for (name, value) in fields {
                    let head = format!("{}{name}: ", " ".repeat(inner));
                    out.push_str(&format!("{head}{},\n", value.print(inner, head.len() + 1)));
                }
                if let Some(rest) = rest {
                    let head = format!("{}..", " ".repeat(inner));
                    out.push_str(&format!("{head}{}\n", rest.print(inner, head.len())));
                }
                out.push_str(&format!("{}}}", " ".repeat(indent)));
                out
            }
            Self::Chain(receiver, methods) => {
                let made = receiver.print(indent, used);
                // Behind a receiver of several lines, methods stand below its beginning.
                let several = made.contains('\n');
                let at = if several { indent } else { inner };
                let method = |(name, arguments): &Method, at: usize| {
                    let head = format!(".{name}(");
                    format!("{head}{})", listed(arguments, at, at + head.len()))
                };
                if let [only] = methods.as_slice()
                    && !several
                {
                    let beside = format!("{made}{}", method(only, indent));
                    let first = beside.lines().next().map_or(0, str::len);
                    if used + first < WIDTH {
                        return beside;
                    }
                }
                let beside = matches!(**receiver, Self::Text(_));
                let methods = methods.iter().map(|each| match beside {
                    true => method(each, at),
                    false => format!("\n{}{}", " ".repeat(at), method(each, at)),
                });
                format!("{made}{}", methods.collect::<String>())
            }
            Self::Json(value) => format!("json!({})", json(value, indent, used + 6)),
        }
    }

    /// The expression on one line, where rustfmt would leave it there.
    fn line(&self) -> Option<String> {
        let lines = |items: &[Self], most: usize| {
            let items: Option<Vec<String>> = items.iter().map(Self::line).collect();
            items
                .map(|items| items.join(", "))
                .filter(|line| line.len() <= most)
        };
        match self {
            Self::Text(text) => (!text.contains('\n')).then(|| text.clone()),
            Self::Name(name) => Some(name.to_string()),
            Self::Call(head, arguments) => {
                Some(format!("{head}({})", lines(arguments, ARGUMENTS)?))
            }
            Self::List(elements) => Some(format!("vec![{}]", lines(elements, ARGUMENTS)?)),
            Self::Array(elements) => Some(format!("[{}]", lines(elements, ARGUMENTS)?)),
            Self::Tuple(elements) => Some(format!("({})", lines(elements, ARGUMENTS)?)),
            Self::Struct { ty, fields, rest } => {
                let mut parts: Vec<String> = Vec::new();
                for (name, value) in fields {
                    parts.push(format!("{name}: {}", value.line()?));
                }
                if let Some(rest) = rest {
                    parts.push(format!("..{}", rest.line()?));
                }
                let inside = parts.join(", ");
                match inside.is_empty() {
                    true => Some(format!("{ty} {{}}")),
                    false => (inside.len() <= STRUCT).then(|| format!("{ty} {{ {inside} }}")),
                }
            }
            Self::Chain(receiver, methods) => {
                let mut out = receiver.line()?;
                for (name, arguments) in methods {
                    out.push_str(&format!(".{name}({})", lines(arguments, ARGUMENTS)?));
                }
                (methods.len() == 1 || out.len() <= ARGUMENTS).then_some(out)
            }
            Self::Json(value) => {
                let text = format!("json!({})", json_line(value));
                (text.len() <= WIDTH - 10).then_some(text)
            }
        }
    }
}

/// Arguments or elements between their brackets: one on the bracket's own line if it has lines of its own, else a line for each.
fn listed(items: &[Expression], indent: usize, used: usize) -> String {
    let opens = |item: &Expression| {
        matches!(
            item,
            Expression::Struct { .. }
                | Expression::Call(..)
                | Expression::List(_)
                | Expression::Array(_)
                | Expression::Json(_)
        )
    };
    let lines: Option<Vec<String>> = items.iter().map(Expression::line).collect();
    if let Some(line) = lines.map(|lines| lines.join(", "))
        && line.len() <= ARGUMENTS
        && used + line.len() < WIDTH
    {
        return line;
    }
    match items {
        [] => String::new(),
        [one] if opens(one) => one.print(indent, used),
        _ => {
            let inner = indent + 4;
            let lines = items
                .iter()
                .map(|item| format!("{}{},\n", " ".repeat(inner), item.print(inner, inner + 1)));
            format!("\n{}{}", lines.collect::<String>(), " ".repeat(indent))
        }
    }
}

/// A value between the brackets of `json!`.
fn json(value: &Value, indent: usize, used: usize) -> String {
    let line = json_line(value);
    if used + line.len() < WIDTH {
        return line;
    }
    let inner = indent + 4;
    let pad = " ".repeat(inner);
    let (open, lines, close): (_, Vec<String>, _) = match value {
        Value::Object(members) => {
            let lines = members.iter().map(|(key, member)| {
                let head = format!("{pad}{key:?}: ");
                format!("{head}{}", json(member, inner, head.len() + 1))
            });
            ('{', lines.collect(), '}')
        }
        Value::Array(elements) => {
            let lines = elements
                .iter()
                .map(|element| format!("{pad}{}", json(element, inner, inner + 1)));
            ('[', lines.collect(), ']')
        }
        _ => return line,
    };
    format!(
        "{open}\n{},\n{}{close}",
        lines.join(",\n"),
        " ".repeat(indent)
    )
}

fn json_line(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) => value.to_string(),
        // `json!` takes what Rust can write: whole numbers that are too large for `i32` say so.
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) if i32::try_from(whole).is_ok() => whole.to_string(),
            (Some(whole), _) => format!("{whole}_i64"),
            (_, Some(whole)) => format!("{whole}_u64"),
            _ => format!("{:?}", number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => format!("{text:?}"),
        Value::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(json_line).collect();
            format!("[{}]", elements.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, member)| format!("{key:?}: {}", json_line(member)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// `"text".parse().expect(...)`: the type is the field's.
pub(super) fn parsed(text: &str) -> Expression {
    let parse = vec![
        ("parse".to_owned(), Vec::new()),
        expect("it was read before"),
    ];
    Expression::Chain(Expression::literal(text).into(), parse)
}

pub(super) fn expect(why: &str) -> Method {
    ("expect".to_owned(), vec![Expression::literal(why)])
}

pub(super) fn default() -> Expression {
    Expression::Text("Default::default()".to_owned())
}

/// A field's name in a program; `Debug` leaves the sign of raw names out.
pub(super) fn field_name(name: &str) -> String {
    const KEYWORDS: [&str; 11] = [
        "as", "for", "if", "in", "loop", "match", "mod", "ref", "type", "use", "where",
    ];
    match KEYWORDS.contains(&name) {
        true => format!("r#{name}"),
        false => name.to_owned(),
    }
}
