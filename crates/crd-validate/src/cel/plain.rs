//! Rules of plain logic, answered on the JSON value itself.
//!
//! Most rules ask whether members are there, and what they are. The evaluator wants a copy of the value in its own form for that,
//! and a context for each rule. Here the common part of the language is read off the value as it stands. What is not plain, and
//! whatever would be an error, is left to the evaluator: an answer here is one that it gives, too.

use kube_cel::cel::IdedExpr;
use kube_cel::cel::common::ast::operators as op;
use kube_cel::cel::common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, SelectExpr};
use serde_json::Value;

use super::convert::{RESERVED, integer, is_unfit};
use super::environment;
use crate::format::{Format, Types};
use crate::schema::Schema;

/// Whether the rule surely holds. `false` says nothing: neither that it is broken nor that it can be read.
pub(super) fn is_kept(rule: &IdedExpr, value: &Value, shape: &Schema) -> bool {
    let own = Scope {
        name: "self",
        value: Plain::Json(value, shape),
        outer: None,
    };
    own.answer(rule).and_then(Plain::truth) == Some(true)
}

/// Whether a value that a rule [cannot read](is_unfit) stands inside.
pub(super) fn has_unfit(value: &Value, schema: &Schema) -> bool {
    let within = |value: &Value, schema: &Schema| {
        let is_hidden = value.is_null() && schema.nullable;
        !is_hidden && (is_unfit(value, schema) || has_unfit(value, schema))
    };
    match value {
        Value::Object(members) => members.iter().any(|(name, member)| {
            let schema = schema.member(name);
            schema.is_some_and(|schema| within(member, schema))
        }),
        Value::Array(items) => match &schema.items {
            Some(each) => items.iter().any(|item| within(item, each)),
            None => false,
        },
        _ => false,
    }
}

/// A result without the evaluator: a value of the object as it stands, or one that was made.
#[derive(Clone, Copy)]
enum Plain<'v> {
    Bool(bool),
    Int(i64),
    Text(&'v str),
    /// Part of the value, and what its schema says of it.
    Json(&'v Value, &'v Schema),
}

impl<'v> Plain<'v> {
    /// The same as a text, number or truth value, if it is one to a rule.
    fn scalar(self) -> Option<Self> {
        let Self::Json(value, schema) = self else {
            return Some(self);
        };
        match value {
            Value::Bool(flag) => Some(Self::Bool(*flag)),
            Value::Number(number) if schema.types != Types::NUMBER => {
                integer(number).map(Self::Int)
            }
            Value::String(text) => match schema.format {
                Some(Format::Duration | Format::DateTime | Format::Date | Format::Byte) => None,
                _ => Some(Self::Text(text)),
            },
            _ => None,
        }
    }

    fn truth(self) -> Option<bool> {
        match self.scalar()? {
            Self::Bool(flag) => Some(flag),
            _ => None,
        }
    }

    fn int(self) -> Option<i64> {
        match self.scalar()? {
            Self::Int(number) => Some(number),
            _ => None,
        }
    }

    fn text(self) -> Option<&'v str> {
        match self.scalar()? {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn equals(self, other: Self) -> Option<bool> {
        match (self.scalar()?, other.scalar()?) {
            (Self::Bool(one), Self::Bool(other)) => Some(one == other),
            (Self::Int(one), Self::Int(other)) => Some(one == other),
            (Self::Text(one), Self::Text(other)) => Some(one == other),
            _ => None,
        }
    }

    /// The items of a list, with their schema.
    fn items(self) -> Option<(&'v [Value], &'v Schema)> {
        match self {
            Self::Json(Value::Array(items), schema) => Some((items, schema.items.as_deref()?)),
            _ => None,
        }
    }

    fn size(self) -> Option<i64> {
        let length = match self.scalar() {
            // Letters are counted, not bytes: here they are the same.
            Some(Self::Text(text)) if text.is_ascii() => text.len(),
            Some(_) => return None,
            None => self.items()?.0.len(),
        };
        i64::try_from(length).ok()
    }
}

/// A variable, and those around it.
struct Scope<'s, 'v> {
    name: &'s str,
    value: Plain<'v>,
    outer: Option<&'s Scope<'s, 'v>>,
}

impl<'s, 'v> Scope<'s, 'v> {
    fn with<'i>(&'i self, name: &'i str, value: Plain<'v>) -> Scope<'i, 'v>
    where
        's: 'i,
    {
        Scope {
            name,
            value,
            outer: Some(self),
        }
    }

    fn variable(&self, name: &str) -> Option<Plain<'v>> {
        match self.name == name {
            true => Some(self.value),
            false => self.outer?.variable(name),
        }
    }

    /// What an expression makes; `None` where only the evaluator knows.
    fn answer<'e: 'v>(&self, expression: &'e IdedExpr) -> Option<Plain<'v>> {
        match &expression.expr {
            Expr::Literal(LiteralValue::Boolean(flag)) => Some(Plain::Bool(*flag.inner())),
            Expr::Literal(LiteralValue::Int(number)) => Some(Plain::Int(*number.inner())),
            Expr::Literal(LiteralValue::String(text)) => Some(Plain::Text(text.inner())),
            Expr::Ident(name) => self.variable(name),
            Expr::Select(select) => self.select(select),
            Expr::Call(call) => self.call(call),
            Expr::Comprehension(each) => self.comprehension(each),
            _ => None,
        }
    }

    fn select<'e: 'v>(&self, select: &'e SelectExpr) -> Option<Plain<'v>> {
        let field = select.field.as_str();
        let Plain::Json(Value::Object(members), schema) = self.answer(&select.operand)? else {
            return None;
        };
        let inner = field
            .strip_prefix("__")
            .and_then(|rest| rest.strip_suffix("__"));
        let field = match inner {
            Some(word) if RESERVED.contains(&word) => word,
            // Other names stand for another member, and of metadata a rule sees more or less than is declared.
            _ if field.contains("__") || RESERVED.contains(&field) || field == "metadata" => {
                return None;
            }
            _ => field,
        };
        let property = schema.properties.get(field)?;
        match members.get(field) {
            None => select.test.then_some(Plain::Bool(false)),
            Some(Value::Null) => None,
            Some(_) if select.test => Some(Plain::Bool(true)),
            Some(member) => Some(Plain::Json(member, property)),
        }
    }

    fn call<'e: 'v>(&self, call: &'e CallExpr) -> Option<Plain<'v>> {
        let truth = |expression: &'e IdedExpr| self.answer(expression)?.truth();
        let target = call.target.as_deref();
        let answer = match (call.func_name.as_str(), target, call.args.as_slice()) {
            (op::CONDITIONAL, None, [condition, yes, no]) => {
                return self.answer(if truth(condition)? { yes } else { no });
            }
            // Each decides alone, even beside an error.
            (op::LOGICAL_OR, None, [one, other]) => match truth(one) {
                Some(false) => truth(other)?,
                Some(true) => true,
                None => truth(other).filter(|holds| *holds)?,
            },
            (op::LOGICAL_AND, None, [one, other]) => match truth(one) {
                Some(true) => truth(other)?,
                Some(false) => false,
                None => truth(other).filter(|holds| !*holds)?,
            },
            (op::LOGICAL_NOT, None, [one]) => !truth(one)?,
            (op::NOT_STRICTLY_FALSE, None, [one]) => truth(one)?,
            (op::EQUALS, None, [one, other]) => self.answer(one)?.equals(self.answer(other)?)?,
            (op::NOT_EQUALS, None, [one, other]) => {
                !self.answer(one)?.equals(self.answer(other)?)?
            }
            (op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS, None, [one, other]) => {
                let (one, other) = (self.answer(one)?.int()?, self.answer(other)?.int()?);
                match call.func_name.as_str() {
                    op::LESS => one < other,
                    op::LESS_EQUALS => one <= other,
                    op::GREATER => one > other,
                    _ => one >= other,
                }
            }
            (op::ADD, None, [one, other]) => {
                let sum = self
                    .answer(one)?
                    .int()?
                    .checked_add(self.answer(other)?.int()?);
                return sum.map(Plain::Int);
            }
            (op::INDEX, None, [list, at]) => {
                let (items, each) = self.answer(list)?.items()?;
                let at = usize::try_from(self.answer(at)?.int()?).ok()?;
                return Some(Plain::Json(items.get(at)?, each));
            }
            (op::IN, None, [one, list]) => self.is_in(self.answer(one)?.text()?, list)?,
            ("size", Some(of), []) | ("size", None, [of]) => {
                return self.answer(of)?.size().map(Plain::Int);
            }
            ("startsWith", Some(of), [start]) => {
                let (text, start) = (self.answer(of)?.text()?, self.answer(start)?.text()?);
                text.starts_with(start)
            }
            ("endsWith", Some(of), [end]) => {
                let (text, end) = (self.answer(of)?.text()?, self.answer(end)?.text()?);
                text.ends_with(end)
            }
            ("contains", Some(of), [part]) => {
                let (text, part) = (self.answer(of)?.text()?, self.answer(part)?.text()?);
                text.contains(part)
            }
            ("matches", Some(of), [pattern]) => {
                let (text, pattern) = (self.answer(of)?.text()?, self.answer(pattern)?.text()?);
                environment::pattern(pattern)?.is_match(text)
            }
            _ => return None,
        };
        Some(Plain::Bool(answer))
    }

    /// Whether a text is one of a list of texts.
    fn is_in<'e: 'v>(&self, text: &str, list: &'e IdedExpr) -> Option<bool> {
        let mut is_there = false;
        if let Expr::List(list) = &list.expr {
            for element in &list.elements {
                is_there |= self.answer(element)?.text()? == text;
            }
            return list.optional_indices.is_empty().then_some(is_there);
        }
        let (items, each) = self.answer(list)?.items()?;
        for item in items {
            is_there |= Plain::Json(item, each).text()? == text;
        }
        Some(is_there)
    }

    /// `all`, `exists` and `exists_one` over a list.
    fn comprehension<'e: 'v>(&self, each: &'e ComprehensionExpr) -> Option<Plain<'v>> {
        let (items, schema) = self.answer(&each.iter_range)?.items()?;
        if each.iter_var2.is_some() {
            return None;
        }
        let mut result = self.answer(&each.accu_init)?;
        for item in items {
            let outer = self.with(&each.accu_var, result);
            if !outer.answer(&each.loop_cond)?.truth()? {
                break;
            }
            let inner = outer.with(&each.iter_var, Plain::Json(item, schema));
            result = inner.answer(&each.loop_step)?;
        }
        self.with(&each.accu_var, result).answer(&each.result)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use serde_json::json;

    use super::super::rule::resolves_to_true;
    use super::super::text::parse;
    use super::*;

    fn shape() -> Schema {
        let item = json!({"type": "object", "properties": {
            "name": {"type": "string"}, "n": {"type": "integer"}}});
        let schema = json!({"type": "object", "properties": {
            "a": {"type": "string"}, "namespace": {"type": "string"}, "b": {"type": "integer"}, "c": {"type": "boolean"},
            "t": {"type": "string", "format": "duration"},
            "o": item, "l": {"type": "array", "items": item},
            "s": {"type": "array", "items": {"type": "string"}}}});
        Schema::compile(&schema).unwrap()
    }

    const RULES: [&str; 41] = [
        "has(self.a)",
        "!has(self.a)",
        "has(self.a) == has(self.b)",
        "self.a == 'x'",
        "self.a != 'x'",
        "self.b > 1 && self.b <= 3",
        "self.b >= 2 || self.b < 0",
        "self.c ? has(self.a) : has(self.b)",
        "self.c",
        "!self.c",
        "self.a in ['x', 'y']",
        "!(self.a in ['x', 'y'])",
        "self.a in self.s",
        "size(self.a) == 1",
        "self.s.size() < 2",
        "size(self.l) > 0",
        "self.a.startsWith('x')",
        "self.a.endsWith('y') || self.a.contains('xy')",
        "self.a.matches('^[a-x]+$')",
        "self.a.matches('(')",
        "has(self.o.name)",
        "!has(self.o) || self.o.name == self.a",
        "self.o.n + 1 == self.b",
        "self.l.all(i, has(i.name))",
        "self.l.exists(i, i.n > 1)",
        "self.l.exists_one(i, i.name == 'x')",
        "self.l.all(i, self.l.exists_one(j, j.name == i.name))",
        "self.l.all(i, !has(i.n) || i.n < self.b)",
        "self.s.all(x, x == self.a)",
        "self.l.filter(i, has(i.n)).size() == 1",
        "self.l.map(i, i.n).sum() > 2",
        "self.l[0].name == 'x'",
        "size(self.l) > 1 ? self.l[1].n == 1 : true",
        "!has(self.__namespace__) || self.__namespace__ == self.a",
        "self.__namespace__ != ''",
        "self.t == duration('1s')",
        "has(self.t)",
        "self.missing == 'x' || self.c",
        "self.a == 'x' || self.a == self.b",
        "false || self.a > 'w'",
        "self == self",
    ];

    fn text() -> impl Strategy<Value = Value> {
        prop_oneof!["[xyü]{0,2}".prop_map(Value::from), Just("1s".into())]
    }

    fn item() -> impl Strategy<Value = Value> {
        let members = (prop::option::of(text()), prop::option::of(-1i64..4));
        members.prop_map(|(name, n)| object([("name", name), ("n", n.map(Value::from))]))
    }

    fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
        let members = members.into_iter();
        members
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    }

    fn value() -> impl Strategy<Value = Value> {
        let members = (
            prop::option::of(text()),
            prop::option::of(-1i64..4),
            prop::option::of(any::<bool>()),
            prop::option::of(item()),
            prop::option::of(prop::collection::vec(item(), 0..3)),
            prop::option::of(prop::collection::vec(text(), 0..3)),
        );
        members.prop_map(|(a, b, c, o, l, s)| {
            let period = a.as_ref().filter(|text| **text == "1s").cloned();
            object([
                ("a", a),
                ("b", b.map(Value::from)),
                ("c", c.map(Value::from)),
                ("namespace", o.as_ref().and_then(|o| o.get("name")).cloned()),
                ("t", period),
                ("o", o),
                ("l", l.map(Value::from)),
                ("s", s.map(Value::from)),
            ])
        })
    }

    proptest! {
        #[test]
        fn what_is_kept_here_is_kept_by_the_evaluator(value in value()) {
            // Reading a rule takes longer than all that is asked here.
            static READ: LazyLock<Vec<IdedExpr>> =
                LazyLock::new(|| RULES.map(|text| parse(text).unwrap().0).into());
            let shape = shape();
            for (text, rule) in RULES.iter().zip(&*READ) {
                if is_kept(rule, &value, &shape) {
                    prop_assert!(resolves_to_true(rule, &value, &shape), "{text}: {value}");
                }
            }
        }
    }

    #[test]
    fn most_rules_that_hold_are_answered_here() {
        let shape = shape();
        let value = json!({"a": "x", "b": 2, "c": true, "namespace": "x", "o": {"name": "x", "n": 1}, "s": ["x"],
            "l": [{"name": "x", "n": 1}, {"name": "y"}]});
        let beyond: Vec<&str> = RULES
            .into_iter()
            .filter(|text| {
                let (rule, _) = parse(text).unwrap();
                resolves_to_true(&rule, &value, &shape) && !is_kept(&rule, &value, &shape)
            })
            .collect();
        let expected = [
            "self.l.filter(i, has(i.n)).size() == 1",
            "false || self.a > 'w'",
            "self == self",
        ];
        assert_eq!(beyond, expected);
    }

    #[test]
    fn what_rules_cannot_read_is_found_wherever_it_stands() {
        let shape = shape();
        for (value, unfit) in [
            (json!({"a": "x", "l": [{"n": 1}]}), false),
            (json!({"l": [{"n": 1.5}]}), true),
            (json!({"s": ["x", 1]}), true),
            (json!({"unknown": {"n": 1.5}}), false),
        ] {
            assert_eq!(has_unfit(&value, &shape), unfit, "{value}");
        }
    }
}
