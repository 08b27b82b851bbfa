//! Expressions of Rust, laid out much as rustfmt does.

use serde_json::Value;

/// An expression.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    /// What fits on a line, or has its lines already.
    Text(String),
    /// `head(arguments)`.
    Call(String, Vec<Expression>),
    /// `vec![elements]`.
    List(Vec<Expression>),
    /// `[elements]`.
    Array(Vec<Expression>),
    /// `(elements)`.
    Tuple(Vec<Expression>),
    /// `Path { fields, ..rest }`.
    Struct {
        path: String,
        fields: Vec<(String, Expression)>,
        rest: Option<Box<Expression>>,
    },
    /// `receiver.method(arguments)`, as often as there are methods.
    Chain(Box<Expression>, Vec<(String, Vec<Expression>)>),
    /// `json!(value)`.
    Json(Value),
}

/// The widest line.
const WIDTH: usize = 100;
/// The widest struct on one line, the widest arguments and elements, and the widest chain: rustfmt's own.
const STRUCT: usize = 18;
const ARGUMENTS: usize = 60;

impl Expression {
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
            Self::Call(head, arguments) => {
                format!(
                    "{head}({})",
                    listed(arguments, indent, used + head.len() + 1)
                )
            }
            Self::Tuple(elements) => format!("({})", listed(elements, indent, used + 1)),
            Self::List(elements) => format!("vec![{}]", listed(elements, indent, used + 5)),
            Self::Array(elements) => format!("[{}]", listed(elements, indent, used + 1)),
            Self::Struct { path, fields, rest } => {
                let mut out = format!("{path} {{\n");
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
                let mut out = receiver.print(indent, used);
                // Behind a receiver of several lines, methods stand below its beginning.
                let several = out.contains('\n');
                let at = if several { indent } else { inner };
                let beside =
                    matches!(**receiver, Self::Text(_)) || (methods.len() == 1 && !several);
                for (name, arguments) in methods {
                    if !beside {
                        out.push_str(&format!("\n{}", " ".repeat(at)));
                    }
                    let head = format!(".{name}(");
                    let arguments = listed(arguments, at, at + head.len());
                    out.push_str(&format!("{head}{arguments})"));
                }
                out
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
            Self::Call(head, arguments) => {
                Some(format!("{head}({})", lines(arguments, ARGUMENTS)?))
            }
            Self::List(elements) => Some(format!("vec![{}]", lines(elements, ARGUMENTS)?)),
            Self::Array(elements) => Some(format!("[{}]", lines(elements, ARGUMENTS)?)),
            Self::Tuple(elements) => Some(format!("({})", lines(elements, ARGUMENTS)?)),
            Self::Struct { path, fields, rest } => {
                let mut parts: Vec<String> = Vec::new();
                for (name, value) in fields {
                    parts.push(format!("{name}: {}", value.line()?));
                }
                if let Some(rest) = rest {
                    parts.push(format!("..{}", rest.line()?));
                }
                let inside = parts.join(", ");
                match inside.is_empty() {
                    true => Some(format!("{path} {{}}")),
                    false => (inside.len() <= STRUCT).then(|| format!("{path} {{ {inside} }}")),
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
