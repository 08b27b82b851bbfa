//! Writes Alloy's configuration syntax: blocks, attributes and expressions, everything escaped.
//!
//! See <https://grafana.com/docs/alloy/latest/get-started/configuration-syntax/>.

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    String(String),
    Bool(bool),
    List(Vec<Expr>),
    /// Keys need not be identifiers.
    Object(Vec<(String, Expr)>),
    /// Names with dots between them: what a component exports, or a constant.
    Reference(String),
    /// A function of the standard library and its arguments.
    Call(&'static str, Vec<Expr>),
    /// Two strings, one after the other.
    Join(Box<Expr>, Box<Expr>),
}

impl From<&str> for Expr {
    fn from(text: &str) -> Self {
        Expr::String(text.to_owned())
    }
}

impl From<String> for Expr {
    fn from(text: String) -> Self {
        Expr::String(text)
    }
}

impl From<bool> for Expr {
    fn from(value: bool) -> Self {
        Expr::Bool(value)
    }
}

impl<E: Into<Expr>> From<Vec<E>> for Expr {
    fn from(items: Vec<E>) -> Self {
        Expr::List(items.into_iter().map(Into::into).collect())
    }
}

impl<E: Into<Expr>, const N: usize> From<[E; N]> for Expr {
    fn from(items: [E; N]) -> Self {
        Expr::List(items.into_iter().map(Into::into).collect())
    }
}

impl Expr {
    fn write(&self, text: &mut String, depth: usize) {
        match self {
            Expr::String(value) => quote(text, value),
            Expr::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
            Expr::Reference(name) => text.push_str(name),
            Expr::List(items) => {
                text.push('[');
                separated(text, items, depth);
                text.push(']');
            }
            Expr::Call(function, arguments) => {
                text.push_str(function);
                text.push('(');
                separated(text, arguments, depth);
                text.push(')');
            }
            Expr::Join(left, right) => {
                left.write(text, depth);
                text.push_str(" + ");
                right.write(text, depth);
            }
            Expr::Object(members) if members.is_empty() => text.push_str("{}"),
            Expr::Object(members) => {
                text.push_str("{\n");
                for (key, value) in members {
                    indent(text, depth + 1);
                    if is_identifier(key) {
                        text.push_str(key)
                    } else {
                        quote(text, key)
                    }
                    text.push_str(" = ");
                    value.write(text, depth + 1);
                    text.push_str(",\n");
                }
                indent(text, depth);
                text.push('}');
            }
        }
    }
}

fn separated(text: &mut String, items: &[Expr], depth: usize) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push_str(", ");
        }
        item.write(text, depth);
    }
}

/// A block; at the top of a file with a label it is a component.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    name: &'static str,
    label: Option<&'static str>,
    body: Vec<Statement>,
}

#[derive(Clone, Debug, PartialEq)]
enum Statement {
    Attribute(&'static str, Expr),
    Block(Block),
}

impl Block {
    /// A block without a label.
    pub(super) fn new(name: &'static str) -> Self {
        Block {
            name,
            label: None,
            body: Vec::new(),
        }
    }

    /// A component: its kind with dots, and its label.
    pub(super) fn component(name: &'static str, label: &'static str) -> Self {
        Block {
            name,
            label: Some(label),
            body: Vec::new(),
        }
    }

    /// Adds an attribute.
    #[must_use]
    pub(super) fn set(mut self, name: &'static str, value: impl Into<Expr>) -> Self {
        self.body.push(Statement::Attribute(name, value.into()));
        self
    }

    /// Adds a block within.
    #[must_use]
    pub(super) fn with(mut self, block: Block) -> Self {
        self.body.push(Statement::Block(block));
        self
    }

    /// Adds blocks within.
    #[must_use]
    pub(super) fn with_all(self, blocks: impl IntoIterator<Item = Block>) -> Self {
        blocks.into_iter().fold(self, Block::with)
    }

    /// What the component exports under a name, for others to refer to.
    pub(super) fn export(&self, name: &str) -> Expr {
        let parts: Vec<&str> = [Some(self.name), self.label, Some(name)]
            .into_iter()
            .flatten()
            .collect();
        Expr::Reference(parts.join("."))
    }

    fn write(&self, text: &mut String, depth: usize) {
        indent(text, depth);
        text.push_str(self.name);
        if let Some(label) = self.label {
            text.push(' ');
            quote(text, label);
        }
        if self.body.is_empty() {
            text.push_str(" { }\n");
            return;
        }
        text.push_str(" {\n");
        // The attributes of a run are aligned, as Alloy's own formatter does it.
        let mut width = 0;
        for (at, statement) in self.body.iter().enumerate() {
            match statement {
                Statement::Attribute(name, value) => {
                    if at == 0 || !matches!(self.body.get(at - 1), Some(Statement::Attribute(..))) {
                        width = run_width(self.body.get(at..).unwrap_or_default());
                    }
                    indent(text, depth + 1);
                    text.push_str(&format!("{name:<width$} = "));
                    value.write(text, depth + 1);
                    text.push('\n');
                }
                Statement::Block(block) => {
                    if at > 0 {
                        text.push('\n');
                    }
                    block.write(text, depth + 1);
                }
            }
        }
        indent(text, depth);
        text.push_str("}\n");
    }
}

/// How long the longest name of the attributes at the begin is.
fn run_width(body: &[Statement]) -> usize {
    let names = body.iter().map_while(|statement| match statement {
        Statement::Attribute(name, _) => Some(name.len()),
        Statement::Block(_) => None,
    });
    names.max().unwrap_or(0)
}

/// A file: sections, each of blocks below a comment.
pub(super) fn file<'a>(sections: impl IntoIterator<Item = (&'a str, &'a [Block])>) -> String {
    let mut text = String::new();
    for (comment, blocks) in sections {
        if !text.is_empty() {
            text.push('\n');
        }
        for line in comment.lines() {
            text.push_str("// ");
            text.push_str(line);
            text.push('\n');
        }
        for (at, block) in blocks.iter().enumerate() {
            if at > 0 {
                text.push('\n');
            }
            block.write(&mut text, 0);
        }
    }
    text
}

fn indent(text: &mut String, depth: usize) {
    (0..depth).for_each(|_| text.push_str("  "));
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    let begins = chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    begins && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn quote(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if c.is_control() => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(expr: impl Into<Expr>) -> String {
        let mut text = String::new();
        expr.into().write(&mut text, 0);
        text
    }

    #[test]
    fn expressions_are_written_and_escaped() {
        let join = Expr::Join(
            Box::new("a=".into()),
            Box::new(Expr::Reference("constants.hostname".into())),
        );
        let object = Expr::Object(vec![
            ("a_1".into(), "x".into()),
            ("b-c".into(), true.into()),
            ("1".into(), false.into()),
        ]);
        for (expr, expected) in [
            (
                Expr::from("a\"b\\c\n\t\r\u{1}é"),
                r#""a\"b\\c\n\t\r\u0001é""#,
            ),
            (Expr::from(["a", "b"]), r#"["a", "b"]"#),
            (Expr::List(vec![]), "[]"),
            (
                Expr::Call("sys.env", vec!["HOME".into()]),
                r#"sys.env("HOME")"#,
            ),
            (join, r#""a=" + constants.hostname"#),
            (Expr::Object(vec![]), "{}"),
            (
                object,
                "{\n  a_1 = \"x\",\n  \"b-c\" = true,\n  \"1\" = false,\n}",
            ),
        ] {
            assert_eq!(written(expr), expected);
        }
    }

    #[test]
    fn blocks_are_written_with_aligned_attributes() {
        let source = Block::component("loki.source.file", "pods")
            .set("targets", [Expr::Object(vec![])])
            .set("a", true);
        let block = source
            .with(Block::new("rule").set("action", "keep"))
            .set(
                "forward_to",
                [Block::component("loki.write", "x").export("receiver")],
            )
            .with(Block::new("stage.cri"));
        let text = file([
            ("First line.\nSecond line.", std::slice::from_ref(&block)),
            ("Next.", &[Block::new("logging")]),
        ]);
        let expected = "\
// First line.
// Second line.
loki.source.file \"pods\" {
  targets = [{}]
  a       = true

  rule {
    action = \"keep\"
  }
  forward_to = [loki.write.x.receiver]

  stage.cri { }
}

// Next.
logging { }
";
        assert_eq!(text, expected);
    }
}
