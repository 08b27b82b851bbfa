//! What derived `Debug` prints, read back as a tree: the names of structs, fields and arms stand nowhere else in a program.

/// A value as `Debug` shows it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Text(String),
    /// A number, or whatever else is neither text nor name: a point in time.
    Raw(String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
    /// A struct, an arm or a word such as `true`.
    Named(String, Body),
}

/// What stands behind a name.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Body {
    Nothing,
    Tuple(Vec<Node>),
    Fields(Vec<(String, Node)>),
}

impl Node {
    /// Reads what `{:?}` printed; `None` where a `Debug` by hand prints something else.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text };
        let node = reader.node()?;
        reader.rest.trim().is_empty().then_some(node)
    }

    /// What is inside of `Some(...)`, or the value itself.
    pub(super) fn inside(&self) -> &Self {
        match self {
            Self::Named(name, Body::Tuple(items)) if name == "Some" && items.len() == 1 => {
                &items[0]
            }
            other => other,
        }
    }

    /// Whether it is `None`, or a list or map without elements.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::List(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            Self::Named(name, Body::Nothing) => name == "None",
            _ => false,
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn node(&mut self) -> Option<Node> {
        self.rest = self.rest.trim_start();
        match self.rest.chars().next()? {
            '"' => self.text().map(Node::Text),
            '[' => self.items('[', ']').map(Node::List),
            '{' => self.entries().map(Node::Map),
            letter if letter.is_ascii_alphabetic() || letter == '_' => self.named(),
            _ => self.raw(),
        }
    }

    fn named(&mut self) -> Option<Node> {
        let name = self.word()?;
        let body = match self.rest.trim_start().chars().next() {
            Some('(') => Body::Tuple(self.items('(', ')')?),
            Some('[') => Body::Tuple(vec![Node::List(self.items('[', ']')?)]),
            Some('{') => {
                let inside = self.rest.trim_start()[1..].trim_start();
                match inside.starts_with('"') || (inside.starts_with('}') && name == "Object") {
                    true => Body::Tuple(vec![Node::Map(self.entries()?)]),
                    false => Body::Fields(self.fields()?),
                }
            }
            _ => Body::Nothing,
        };
        Some(Node::Named(name, body))
    }

    fn word(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        let end = self
            .rest
            .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then(|| word.to_owned())
    }

    fn raw(&mut self) -> Option<Node> {
        let end = self.rest.find([',', ')', ']', '}', ' '])?;
        // A key of a map ends with a colon and a space; an address may end with a colon.
        let key = self.rest[..end].strip_suffix(':');
        let end = match key {
            Some(key) if self.rest[end..].starts_with(' ') => key.len(),
            _ => end,
        };
        let (raw, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!raw.is_empty()).then(|| Node::Raw(raw.to_owned()))
    }

    /// Takes the sign if it is the next.
    fn take(&mut self, sign: char) -> bool {
        let rest = self.rest.trim_start();
        match rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn items(&mut self, open: char, close: char) -> Option<Vec<Node>> {
        if !self.take(open) {
            return None;
        }
        let mut items = Vec::new();
        while !self.take(close) {
            items.push(self.node()?);
            self.take(',');
        }
        Some(items)
    }

    fn entries(&mut self) -> Option<Vec<(Node, Node)>> {
        if !self.take('{') {
            return None;
        }
        let mut entries = Vec::new();
        while !self.take('}') {
            let key = self.node()?;
            if !self.take(':') {
                return None;
            }
            entries.push((key, self.node()?));
            self.take(',');
        }
        Some(entries)
    }

    fn fields(&mut self) -> Option<Vec<(String, Node)>> {
        if !self.take('{') {
            return None;
        }
        let mut fields = Vec::new();
        while !self.take('}') {
            let name = self.word()?;
            if !self.take(':') {
                return None;
            }
            fields.push((name, self.node()?));
            self.take(',');
        }
        Some(fields)
    }

    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut letters = self.rest.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Some(text);
                }
                '\\' => match letters.next()?.1 {
                    'n' => text.push('\n'),
                    'r' => text.push('\r'),
                    't' => text.push('\t'),
                    '0' => text.push('\0'),
                    'u' => {
                        let digits = letters.by_ref().map(|(_, letter)| letter);
                        let digits: String = digits.take_while(|letter| *letter != '}').collect();
                        let code = u32::from_str_radix(digits.trim_start_matches('{'), 16).ok()?;
                        text.push(char::from_u32(code)?);
                    }
                    other => text.push(other),
                },
                other => text.push(other),
            }
        }
        None
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    #[derive(Debug)]
    #[allow(dead_code)]
    struct Kite {
        name: Option<&'static str>,
        tail: Vec<(u8, f64)>,
        labels: BTreeMap<&'static str, Wind>,
        any: serde_json::Value,
        r#type: Empty,
    }

    #[derive(Debug)]
    #[allow(dead_code)]
    enum Wind {
        Calm,
        Strong(i8),
    }

    #[derive(Debug)]
    struct Empty {}

    #[test]
    fn what_is_printed_is_read() {
        let text = "a \"b\" \\ \n\u{1} é 'c' {";
        let kite = Kite {
            name: Some(text),
            tail: vec![],
            labels: BTreeMap::from([("x", Wind::Calm), ("y", Wind::Strong(-3))]),
            any: json!({"a": [1, null, "s"], "b": {}}),
            r#type: Empty {},
        };
        let Node::Named(name, Body::Fields(fields)) = Node::read(&format!("{kite:?}")).unwrap()
        else {
            panic!("a struct is a struct");
        };
        assert_eq!(name, "Kite");
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["name", "tail", "labels", "any", "type"]);
        assert_eq!(*fields[0].1.inside(), Node::Text(text.to_owned()));
        assert!(fields[1].1.is_empty());
        let Node::Map(labels) = &fields[2].1 else {
            panic!("a map is a map");
        };
        let strong = Body::Tuple(vec![Node::Raw("-3".to_owned())]);
        assert_eq!(labels[1].1, Node::Named("Strong".to_owned(), strong));
        assert_eq!(fields[4].1, Node::Named("Empty".to_owned(), Body::Nothing));
    }

    #[test]
    fn what_is_no_such_thing_is_nothing() {
        for text in ["", "Kite {", "Kite { name }", "[1, 2", "\"a", "Kite(1))"] {
            assert_eq!(Node::read(text), None, "{text}");
        }
    }
}
