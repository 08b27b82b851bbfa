//! Go templates, as far as the demo app's chart uses them: `define`, `if`, `with`, `end`, comments, trim markers,
//! pipelines, parentheses, and the functions `include`, `dict`, `toYaml`, `nindent`, `quote`, `int64` and `default`.
//! Whatever else stands in a template panics, so that the chart cannot grow past what is tested.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

enum Node {
    Text(String),
    Emit(Pipe),
    If(Pipe, Vec<Node>),
    With(Pipe, Vec<Node>),
}

/// Commands, each given the result of the one before as its last argument.
type Pipe = Vec<Vec<Term>>;

enum Term {
    Function(String),
    Path(Vec<String>),
    Text(String),
    Number(usize),
    Group(Pipe),
}

/// Templates that can be rendered, with the helpers that they share.
#[derive(Default)]
pub struct Engine {
    helpers: BTreeMap<String, Vec<Node>>,
}

impl Engine {
    /// Reads the definitions of a file of helpers.
    pub fn define(&mut self, text: &str) {
        let mut pieces = split(text).into_iter();
        let rest = self.parse(&mut pieces, false);
        assert!(
            rest.iter()
                .all(|node| matches!(node, Node::Text(text) if text.trim().is_empty())),
            "a file of helpers renders something"
        );
    }

    /// Renders a template.
    pub fn render(&mut self, text: &str, context: &Value) -> String {
        let mut pieces = split(text).into_iter();
        let nodes = self.parse(&mut pieces, false);
        self.write(&nodes, context)
    }

    fn parse(&mut self, pieces: &mut std::vec::IntoIter<Piece>, nested: bool) -> Vec<Node> {
        let mut nodes = Vec::new();
        while let Some(piece) = pieces.next() {
            let action = match piece {
                Piece::Text(text) => {
                    nodes.push(Node::Text(text));
                    continue;
                }
                Piece::Action(action) => action,
            };
            if action.starts_with("/*") && action.ends_with("*/") {
                continue;
            }
            if action == "end" {
                assert!(nested, "`end` without a beginning");
                return nodes;
            }
            match action.split_once(' ') {
                Some(("define", name)) => {
                    let name = name.trim().trim_matches('"').to_owned();
                    let body = self.parse(pieces, true);
                    assert!(self.helpers.insert(name, body).is_none(), "defined twice");
                }
                Some(("if", condition)) => {
                    let condition = pipe(condition);
                    nodes.push(Node::If(condition, self.parse(pieces, true)));
                }
                Some(("with", value)) => {
                    let value = pipe(value);
                    nodes.push(Node::With(value, self.parse(pieces, true)));
                }
                _ => nodes.push(Node::Emit(pipe(&action))),
            }
        }
        assert!(!nested, "`end` is missing");
        nodes
    }

    fn write(&self, nodes: &[Node], dot: &Value) -> String {
        let mut text = String::new();
        for node in nodes {
            match node {
                Node::Text(plain) => text.push_str(plain),
                Node::Emit(pipe) => text.push_str(&printed(&self.eval(pipe, dot))),
                Node::If(pipe, body) => {
                    if truth(&self.eval(pipe, dot)) {
                        text.push_str(&self.write(body, dot));
                    }
                }
                Node::With(pipe, body) => {
                    let value = self.eval(pipe, dot);
                    if truth(&value) {
                        text.push_str(&self.write(body, &value));
                    }
                }
            }
        }
        text
    }

    fn eval(&self, pipe: &Pipe, dot: &Value) -> Value {
        let mut result: Option<Value> = None;
        for command in pipe {
            let last = result.take();
            let (first, arguments) = command.split_first().expect("a command");
            result = Some(match first {
                Term::Function(name) => {
                    let mut arguments: Vec<Value> =
                        arguments.iter().map(|term| self.term(term, dot)).collect();
                    arguments.extend(last);
                    self.call(name, &arguments)
                }
                term => {
                    assert!(
                        arguments.is_empty() && last.is_none(),
                        "a value takes no arguments"
                    );
                    self.term(term, dot)
                }
            });
        }
        result.expect("an expression")
    }

    fn term(&self, term: &Term, dot: &Value) -> Value {
        match term {
            Term::Path(keys) => keys.iter().fold(dot.clone(), |at, key| {
                at.get(key).cloned().unwrap_or(Value::Null)
            }),
            Term::Text(text) => text.clone().into(),
            Term::Number(number) => (*number).into(),
            Term::Group(pipe) => self.eval(pipe, dot),
            Term::Function(name) => self.call(name, &[]),
        }
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Value {
        match (name, arguments) {
            ("include", [Value::String(helper), dot]) => {
                let body = self
                    .helpers
                    .get(helper)
                    .unwrap_or_else(|| panic!("no helper {helper}"));
                self.write(body, dot).into()
            }
            ("dict", pairs) if pairs.len().is_multiple_of(2) => {
                let pairs = pairs
                    .chunks(2)
                    .map(|pair| (pair[0].as_str().expect("a key").to_owned(), pair[1].clone()));
                Value::Object(pairs.collect::<Map<_, _>>())
            }
            ("toYaml", [value]) => serde_yaml::to_string(value).unwrap().trim_end().into(),
            ("nindent", [columns, Value::String(text)]) => {
                let margin = " ".repeat(columns.as_u64().expect("a number") as usize);
                format!("\n{margin}{}", text.replace('\n', &format!("\n{margin}"))).into()
            }
            // Go's %q and JSON agree on the plain texts that the values hold.
            ("quote", [value]) => Value::String(printed(value)).to_string().into(),
            ("int64", [value]) => (value.as_f64().expect("a number") as i64).into(),
            ("default", [otherwise, value]) => if truth(value) { value } else { otherwise }.clone(),
            _ => panic!(
                "the chart uses {name} with {} arguments, which is not tested",
                arguments.len()
            ),
        }
    }
}

enum Piece {
    Text(String),
    Action(String),
}

fn split(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut trim = false;
    while let Some(start) = rest.find("{{") {
        let (before, after) = rest.split_at(start);
        let end = closing(after);
        let inner = &after[2..end];
        let (inner, trim_before) = match inner.strip_prefix("- ") {
            Some(inner) => (inner, true),
            None => (inner, false),
        };
        let (inner, trim_after) = match inner.strip_suffix(" -") {
            Some(inner) => (inner, true),
            None => (inner, false),
        };
        let before = if trim { before.trim_start() } else { before };
        let before = if trim_before {
            before.trim_end()
        } else {
            before
        };
        pieces.push(Piece::Text(before.to_owned()));
        pieces.push(Piece::Action(inner.trim().to_owned()));
        rest = &after[end + 2..];
        trim = trim_after;
    }
    pieces.push(Piece::Text(
        if trim { rest.trim_start() } else { rest }.to_owned(),
    ));
    pieces
}

/// Where the action ends, past whatever stands in quotes.
fn closing(text: &str) -> usize {
    let mut quoted = false;
    let bytes = text.as_bytes();
    for at in 2..bytes.len() {
        match bytes[at] {
            b'"' => quoted = !quoted,
            b'}' if !quoted && bytes.get(at + 1) == Some(&b'}') => return at,
            _ => {}
        }
    }
    panic!("an action does not end: {text}")
}

fn pipe(text: &str) -> Pipe {
    let mut tokens = tokens(text).into_iter().peekable();
    let pipe = commands(&mut tokens);
    assert!(tokens.next().is_none(), "too many parentheses in {text}");
    pipe
}

type Tokens = std::iter::Peekable<std::vec::IntoIter<String>>;

fn commands(tokens: &mut Tokens) -> Pipe {
    let mut pipe = vec![Vec::new()];
    while let Some(token) = tokens.next_if(|token| token != ")") {
        let term = match token.as_str() {
            "|" => {
                pipe.push(Vec::new());
                continue;
            }
            "(" => {
                let inner = commands(tokens);
                assert_eq!(tokens.next().as_deref(), Some(")"));
                Term::Group(inner)
            }
            text if text.starts_with('"') => Term::Text(text.trim_matches('"').to_owned()),
            path if path.starts_with('.') => Term::Path(
                path.split('.')
                    .filter(|key| !key.is_empty())
                    .map(str::to_owned)
                    .collect(),
            ),
            word => word
                .parse()
                .map_or_else(|_| Term::Function(word.to_owned()), Term::Number),
        };
        pipe.last_mut().expect("a command").push(term);
    }
    pipe
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ' ' => {}
            '(' | ')' | '|' => tokens.push(c.to_string()),
            '"' => {
                let inner: String = chars.by_ref().take_while(|c| *c != '"').collect();
                tokens.push(format!("\"{inner}\""));
            }
            _ => {
                let mut word = c.to_string();
                while let Some(c) = chars.next_if(|c| !matches!(c, ' ' | '(' | ')' | '|')) {
                    word.push(c);
                }
                tokens.push(word);
            }
        }
    }
    tokens
}

fn truth(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

fn printed(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        other => panic!("{other} is printed as it is"),
    }
}
