//! Reads the CEL that nearly all rules are written in, some fifty times faster than the evaluator's own parser. Everything else
//! is left to that one: other literals, maps, optional members, comments, and whatever is wrong.

use super::tree::{
    CallExpr, ComprehensionExpr, Expr, IdedExpr, ListExpr, LiteralValue, SelectExpr, op,
};

/// Deeper rules are left to the parser, which has a bound of its own.
const MAX_NESTED: usize = 40;

/// The tree that the parser would make; `None` where the text is more than this module reads.
pub(super) fn read(text: &str) -> Option<IdedExpr> {
    let mut reader = Reader {
        text,
        at: 0,
        nested: 0,
        ids: 0,
    };
    let tree = reader.conditional()?;
    reader.skip_space();
    (reader.at == text.len()).then_some(tree)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    nested: usize,
    ids: u64,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        let text = rest.trim_start_matches(['\t', ' ', '\r', '\n', '\u{c}']);
        self.at += rest.len() - text.len();
    }

    /// Takes a sign, unless it is the beginning of a longer one.
    fn takes(&mut self, sign: &str) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    fn takes_any<'s>(&mut self, signs: &[(&str, &'s str)]) -> Option<&'s str> {
        signs
            .iter()
            .find_map(|(sign, name)| self.takes(sign).then_some(*name))
    }

    /// Takes a word of letters, digits and underscores.
    fn word(&mut self) -> Option<&'t str> {
        self.skip_space();
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        let word = &rest[..end];
        if word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.at += end;
        Some(word)
    }

    fn node(&mut self, expr: Expr) -> IdedExpr {
        self.ids += 1;
        IdedExpr { id: self.ids, expr }
    }

    fn call(&mut self, name: &str, args: Vec<IdedExpr>) -> IdedExpr {
        self.node(Expr::Call(CallExpr {
            func_name: name.to_owned(),
            target: None,
            args,
        }))
    }

    fn conditional(&mut self) -> Option<IdedExpr> {
        self.nested += 1;
        if self.nested > MAX_NESTED {
            return None;
        }
        let mut tree = self.either()?;
        if self.takes("?") {
            let yes = self.either()?;
            if !self.takes(":") {
                return None;
            }
            let no = self.conditional()?;
            tree = self.call(op::CONDITIONAL, vec![tree, yes, no]);
        }
        self.nested -= 1;
        Some(tree)
    }

    fn either(&mut self) -> Option<IdedExpr> {
        let mut terms = vec![self.both()?];
        while self.takes("||") {
            terms.push(self.both()?);
        }
        Some(self.balanced(op::LOGICAL_OR, terms))
    }

    fn both(&mut self) -> Option<IdedExpr> {
        let mut terms = vec![self.relation()?];
        while self.takes("&&") {
            terms.push(self.relation()?);
        }
        Some(self.balanced(op::LOGICAL_AND, terms))
    }

    /// A chain of one operator as the parser makes it: a tree that is as deep on the left as on the right.
    fn balanced(&mut self, name: &str, mut terms: Vec<IdedExpr>) -> IdedExpr {
        match terms.len() {
            0 => IdedExpr::default(),
            1 => terms.remove(0),
            count => {
                let right = terms.split_off((count - 2).div_ceil(2) + 1);
                let (left, right) = (self.balanced(name, terms), self.balanced(name, right));
                self.call(name, vec![left, right])
            }
        }
    }

    fn relation(&mut self) -> Option<IdedExpr> {
        const SIGNS: [(&str, &str); 6] = [
            ("==", op::EQUALS),
            ("!=", op::NOT_EQUALS),
            ("<=", op::LESS_EQUALS),
            (">=", op::GREATER_EQUALS),
            ("<", op::LESS),
            (">", op::GREATER),
        ];
        let mut tree = self.sum()?;
        loop {
            let before = self.at;
            let name = match self.takes_any(&SIGNS) {
                Some(name) => name,
                None if self.word() == Some("in") => op::IN,
                None => {
                    self.at = before;
                    return Some(tree);
                }
            };
            let right = self.sum()?;
            tree = self.call(name, vec![tree, right]);
        }
    }

    fn sum(&mut self) -> Option<IdedExpr> {
        let mut tree = self.product()?;
        while let Some(name) = self.takes_any(&[("+", op::ADD), ("-", op::SUBSTRACT)]) {
            let right = self.product()?;
            tree = self.call(name, vec![tree, right]);
        }
        Some(tree)
    }

    fn product(&mut self) -> Option<IdedExpr> {
        const SIGNS: [(&str, &str); 3] =
            [("*", op::MULTIPLY), ("/", op::DIVIDE), ("%", op::MODULO)];
        let mut tree = self.unary()?;
        while let Some(name) = self.takes_any(&SIGNS) {
            // A comment.
            if self.rest().starts_with('/') {
                return None;
            }
            let right = self.unary()?;
            tree = self.call(name, vec![tree, right]);
        }
        Some(tree)
    }

    fn unary(&mut self) -> Option<IdedExpr> {
        if self.takes("!") {
            let inner = self.member()?;
            return Some(self.call(op::LOGICAL_NOT, vec![inner]));
        }
        if self.takes("-") {
            // A number below zero; other things are turned round by the parser.
            self.skip_space();
            let negative = self.number("-")?;
            let goes_on = self.rest().starts_with('[');
            return (!goes_on).then_some(negative);
        }
        self.member()
    }

    fn member(&mut self) -> Option<IdedExpr> {
        let mut tree = self.primary()?;
        loop {
            if self.takes(".") {
                let name = self.word().filter(|name| !is_reserved(name))?;
                if self.takes("(") {
                    let args = self.list(")")?;
                    tree = self.member_call(tree, name, args)?;
                } else {
                    tree = self.node(Expr::Select(SelectExpr {
                        operand: Box::new(tree),
                        field: name.to_owned(),
                        test: false,
                    }));
                }
            } else if self.takes("[") {
                let index = self.conditional()?;
                if !self.takes("]") {
                    return None;
                }
                tree = self.call(op::INDEX, vec![tree, index]);
            } else {
                return Some(tree);
            }
        }
    }

    fn primary(&mut self) -> Option<IdedExpr> {
        self.skip_space();
        match self.rest().bytes().next()? {
            b'(' => {
                self.at += 1;
                let inner = self.conditional()?;
                self.takes(")").then_some(inner)
            }
            b'[' => {
                self.at += 1;
                let items = self.list("]")?;
                Some(self.node(Expr::List(ListExpr::new(items))))
            }
            b'0'..=b'9' => self.number(""),
            b'\'' | b'"' => self.quoted(false),
            b'r' | b'R' if matches!(self.rest().as_bytes().get(1), Some(b'\'' | b'"')) => {
                self.at += 1;
                self.quoted(true)
            }
            _ => {
                let word = self.word()?;
                // A text of bytes.
                if self.rest().starts_with(['\'', '"']) {
                    return None;
                }
                match word {
                    "true" => Some(self.literal(LiteralValue::Boolean(true.into()))),
                    "false" => Some(self.literal(LiteralValue::Boolean(false.into()))),
                    "null" => Some(self.literal(LiteralValue::Null)),
                    "in" => None,
                    _ if self.takes("(") => {
                        let args = self.list(")")?;
                        self.global_call(word, args)
                    }
                    _ => Some(self.node(Expr::Ident(word.to_owned()))),
                }
            }
        }
    }

    fn literal(&mut self, value: LiteralValue) -> IdedExpr {
        self.node(Expr::Literal(value))
    }

    /// Items up to the bracket that closes them.
    fn list(&mut self, close: &str) -> Option<Vec<IdedExpr>> {
        let mut items = Vec::new();
        if self.takes(close) {
            return Some(items);
        }
        loop {
            items.push(self.conditional()?);
            if self.takes(close) {
                return Some(items);
            }
            if !self.takes(",") {
                return None;
            }
        }
    }

    fn number(&mut self, sign: &str) -> Option<IdedExpr> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        if rest[end..].starts_with(goes_on) {
            return None;
        }
        let number: i64 = format!("{sign}{}", &rest[..end]).parse().ok()?;
        self.at += end;
        Some(self.literal(LiteralValue::Int(number.into())))
    }

    /// A text in one pair of quotes, which is where the reader stands.
    fn quoted(&mut self, raw: bool) -> Option<IdedExpr> {
        let rest = self.rest();
        let quote = rest.chars().next()?;
        let inner = &rest[1..];
        let mut text = String::new();
        let mut characters = inner.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '\n' | '\r' => return None,
                '\\' if !raw => match characters.next()?.1 {
                    escaped @ ('\\' | '\'' | '"') => text.push(escaped),
                    _ => return None,
                },
                _ if character == quote => {
                    // Three quotes open a text of several lines.
                    if at == 0 && inner[1..].starts_with(quote) {
                        return None;
                    }
                    self.at += at + 2;
                    return Some(self.literal(LiteralValue::String(text.into())));
                }
                _ => text.push(character),
            }
        }
        None
    }

    fn global_call(&mut self, name: &str, mut args: Vec<IdedExpr>) -> Option<IdedExpr> {
        if name != op::HAS || args.len() != 1 {
            return Some(self.call(name, args));
        }
        match args.pop()?.expr {
            Expr::Select(select) => Some(self.node(Expr::Select(SelectExpr {
                test: true,
                ..select
            }))),
            _ => None,
        }
    }

    fn member_call(
        &mut self,
        target: IdedExpr,
        name: &str,
        mut args: Vec<IdedExpr>,
    ) -> Option<IdedExpr> {
        let is_macro = match name {
            op::ALL | op::EXISTS | op::EXISTS_ONE | "existsOne" | op::FILTER => args.len() == 2,
            op::MAP => matches!(args.len(), 2 | 3),
            _ => false,
        };
        if !is_macro {
            return Some(self.node(Expr::Call(CallExpr {
                func_name: name.to_owned(),
                target: Some(Box::new(target)),
                args,
            })));
        }
        let variable = args.remove(0);
        let Expr::Ident(each) = &variable.expr else {
            return None;
        };
        let each = each.clone();
        let last = args.pop()?;
        let (init, condition, step, result);
        match name {
            op::ALL => {
                init = self.literal(LiteralValue::Boolean(true.into()));
                let result_so_far = self.result();
                condition = self.call(op::NOT_STRICTLY_FALSE, vec![result_so_far]);
                let so_far = self.result();
                step = self.call(op::LOGICAL_AND, vec![so_far, last]);
                result = self.result();
            }
            op::EXISTS => {
                init = self.literal(LiteralValue::Boolean(false.into()));
                let so_far = self.result();
                let none = self.call(op::LOGICAL_NOT, vec![so_far]);
                condition = self.call(op::NOT_STRICTLY_FALSE, vec![none]);
                let so_far = self.result();
                step = self.call(op::LOGICAL_OR, vec![so_far, last]);
                result = self.result();
            }
            op::MAP | op::FILTER => {
                init = self.node(Expr::List(ListExpr::new(Vec::new())));
                condition = self.literal(LiteralValue::Boolean(true.into()));
                let (item, filter) = match name {
                    op::FILTER => (variable, Some(last)),
                    _ => (last, args.pop()),
                };
                let item = self.node(Expr::List(ListExpr::new(vec![item])));
                let so_far = self.result();
                let more = self.call(op::ADD, vec![so_far, item]);
                step = match filter {
                    Some(filter) => {
                        let so_far = self.result();
                        self.call(op::CONDITIONAL, vec![filter, more, so_far])
                    }
                    None => more,
                };
                result = self.result();
            }
            _ => {
                init = self.literal(LiteralValue::Int(0.into()));
                condition = self.literal(LiteralValue::Boolean(true.into()));
                let (so_far, one) = (self.result(), self.literal(LiteralValue::Int(1.into())));
                let more = self.call(op::ADD, vec![so_far, one]);
                let so_far = self.result();
                step = self.call(op::CONDITIONAL, vec![last, more, so_far]);
                let (so_far, one) = (self.result(), self.literal(LiteralValue::Int(1.into())));
                result = self.call(op::EQUALS, vec![so_far, one]);
            }
        }
        Some(self.node(Expr::Comprehension(Box::new(ComprehensionExpr {
            iter_range: target,
            iter_var: each,
            iter_var2: None,
            accu_var: RESULT.to_owned(),
            accu_init: init,
            loop_cond: condition,
            loop_step: step,
            result,
        }))))
    }

    fn result(&mut self) -> IdedExpr {
        self.node(Expr::Ident(RESULT.to_owned()))
    }
}

/// What a macro keeps while it goes through a list.
const RESULT: &str = "@result";

fn is_reserved(word: &str) -> bool {
    matches!(word, "true" | "false" | "null" | "in")
}

#[cfg(test)]
#[cfg(feature = "cel")]
mod tests;
