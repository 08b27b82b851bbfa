//! Rules of plain logic, answered on the JSON value itself.
//!
//! Most rules ask whether members are there, and what they are. The evaluator wants a copy of the value in its own form for that,
//! and a context for each rule. Here the common part of the language is read off the value as it stands. What is not plain, and
//! whatever would be an error, is left to the evaluator: an answer here is one that it gives, too.

use std::ops::ControlFlow;
use std::rc::Rc;

use crate::value::{Map, Value};

use super::program::{Loop, Made, Program, pattern};
use super::unfit::{integer, is_unfit};
use crate::format::{Format, Types};
use crate::schema::Schema;

/// Whether the rule holds; `None` where only the evaluator knows.
pub(super) fn answer(rule: &Program, value: &Value, shape: &Schema) -> Option<bool> {
    let own = Scope {
        value: Plain::Json(value, shape),
        outer: None,
    };
    own.answer(rule).and_then(Plain::truth)
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
#[derive(Clone)]
enum Plain<'v> {
    Bool(bool),
    Int(i64),
    Text(&'v str),
    /// Part of the value, and what its schema says of it.
    Json(&'v Value, &'v Schema),
    /// A list that the rule makes.
    List(Rc<[Plain<'v>]>),
}

impl<'v> Plain<'v> {
    /// The same as a text, number or truth value, if it is one to a rule.
    fn scalar(self) -> Option<Self> {
        let (value, schema) = match self {
            Self::Json(value, schema) => (value, schema),
            Self::List(_) => return None,
            scalar => return Some(scalar),
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

    /// What a macro goes through: the items of a list, or the keys of a map.
    fn elements(self) -> Option<Elements<'v>> {
        match self {
            Self::List(items) => Some(Elements::Made(items)),
            Self::Json(Value::Object(members), schema) => {
                // A rule does not see members that are null, and sees declared members as fields.
                let is_map = schema.properties.is_empty() && schema.additional.schema().is_some();
                let is_whole = members.values().all(|member| !member.is_null());
                (is_map && is_whole).then_some(Elements::Keys(members))
            }
            _ => self
                .items()
                .map(|(items, each)| Elements::Items(items, each)),
        }
    }

    fn size(self) -> Option<i64> {
        let length = match self {
            Self::List(items) => items.len(),
            _ => match self.clone().scalar() {
                // Letters are counted, not bytes: here they are the same.
                Some(Self::Text(text)) if text.is_ascii() => text.len(),
                Some(_) => return None,
                None => match self.elements()? {
                    Elements::Items(items, _) => items.len(),
                    Elements::Keys(members) => members.len(),
                    Elements::Made(items) => items.len(),
                },
            },
        };
        i64::try_from(length).ok()
    }
}

/// The number that a few digits write; signs and whatever may be too large are left to the evaluator.
fn whole_number(text: &str) -> Option<i64> {
    let is_small = (1..=18).contains(&text.len());
    let is_number = is_small && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// What a macro goes through.
enum Elements<'v> {
    Items(&'v [Value], &'v Schema),
    Keys(&'v Map),
    Made(Rc<[Plain<'v>]>),
}

impl<'v> Elements<'v> {
    /// Calls `visit` with each until it says that it has seen enough; `None` where it cannot tell.
    fn visit(self, mut visit: impl FnMut(Plain<'v>) -> Option<ControlFlow<()>>) -> Option<()> {
        let mut each = |element| visit(element).map(|flow| flow.is_continue());
        match self {
            Self::Items(items, schema) => {
                for item in items {
                    if !each(Plain::Json(item, schema))? {
                        break;
                    }
                }
            }
            Self::Keys(members) => {
                for key in members.keys() {
                    if !each(Plain::Text(key))? {
                        break;
                    }
                }
            }
            Self::Made(items) => {
                for item in &*items {
                    if !each(item.clone())? {
                        break;
                    }
                }
            }
        }
        Some(())
    }
}

/// A variable, and those around it.
struct Scope<'s, 'v> {
    value: Plain<'v>,
    outer: Option<&'s Scope<'s, 'v>>,
}

impl<'s, 'v> Scope<'s, 'v> {
    fn with<'i>(&'i self, value: Plain<'v>) -> Scope<'i, 'v>
    where
        's: 'i,
    {
        Scope {
            value,
            outer: Some(self),
        }
    }

    fn variable(&self, place: usize) -> Option<&Plain<'v>> {
        match place {
            0 => Some(&self.value),
            _ => self.outer?.variable(place - 1),
        }
    }

    /// What an expression makes; `None` where only the evaluator knows.
    fn answer<'e: 'v>(&self, program: &'e Program) -> Option<Plain<'v>> {
        let truth = |of: &'e Program| self.answer(of)?.truth();
        let int = |of: &'e Program| self.answer(of)?.int();
        let text = |of: &'e Program| self.answer(of)?.text();
        let answer = match program {
            Program::Bool(flag) => *flag,
            Program::Int(number) => return Some(Plain::Int(*number)),
            Program::Text(text) => return Some(Plain::Text(text)),
            Program::Variable(place) => return self.variable(*place).cloned(),
            Program::Select(of, field) => {
                let (members, schema) = self.object(of)?;
                let property = schema.properties.get(field.as_str())?;
                let member = members.get(field).filter(|member| !member.is_null())?;
                return Some(Plain::Json(member, property));
            }
            Program::Has(of, field) => {
                let (members, schema) = self.object(of)?;
                schema.properties.get(field.as_str())?;
                match members.get(field) {
                    Some(Value::Null) => return None,
                    member => member.is_some(),
                }
            }
            Program::Conditional(parts) => {
                let [condition, yes, no] = &**parts;
                return self.answer(if truth(condition)? { yes } else { no });
            }
            // Each decides alone, even beside an error.
            Program::Or(both) => {
                let [one, other] = &**both;
                match truth(one) {
                    Some(false) => truth(other)?,
                    Some(true) => true,
                    None => truth(other).filter(|holds| *holds)?,
                }
            }
            Program::And(both) => {
                let [one, other] = &**both;
                match truth(one) {
                    Some(true) => truth(other)?,
                    Some(false) => false,
                    None => truth(other).filter(|holds| !*holds)?,
                }
            }
            Program::Not(of) => !truth(of)?,
            Program::Truth(of) => truth(of)?,
            Program::Equals(both) => self.answer(&both[0])?.equals(self.answer(&both[1])?)?,
            Program::Compare(holds, both) => holds(&int(&both[0])?, &int(&both[1])?),
            Program::Add(both) => {
                let sum = int(&both[0])?.checked_add(int(&both[1])?);
                return sum.map(Plain::Int);
            }
            Program::Negate(of) => return int(of)?.checked_neg().map(Plain::Int),
            Program::Sum(of) => {
                let mut sum = 0_i64;
                self.answer(of)?.elements()?.visit(|number| {
                    sum = sum.checked_add(number.int()?)?;
                    Some(ControlFlow::Continue(()))
                })?;
                return Some(Plain::Int(sum));
            }
            Program::Size(of) => return self.answer(of)?.size().map(Plain::Int),
            Program::Integer(of) => return whole_number(text(of)?).map(Plain::Int),
            Program::Item(both) => {
                let (items, each) = self.answer(&both[0])?.items()?;
                let at = usize::try_from(int(&both[1])?).ok()?;
                return Some(Plain::Json(items.get(at)?, each));
            }
            Program::In(both) => self.is_in(text(&both[0])?, &both[1])?,
            Program::IndexOf(both) => {
                let (text, part) = (text(&both[0])?, text(&both[1])?);
                // Letters are counted, not bytes: here they are the same.
                let at = match text.is_ascii() {
                    true => text
                        .find(part)
                        .map_or(Some(-1), |at| i64::try_from(at).ok()),
                    false => None,
                };
                return at.map(Plain::Int);
            }
            Program::StartsWith(both) => text(&both[0])?.starts_with(text(&both[1])?),
            Program::EndsWith(both) => text(&both[0])?.ends_with(text(&both[1])?),
            Program::Contains(both) => text(&both[0])?.contains(text(&both[1])?),
            Program::Matches(both, known) => {
                let (text, wanted) = (text(&both[0])?, text(&both[1])?);
                let is_written_out = matches!(both[1], Program::Text(_));
                pattern(wanted, is_written_out, known)?.is_match(text)
            }
            Program::List(elements) => {
                let items = elements.iter().map(|element| self.answer(element));
                return Some(Plain::List(items.collect::<Option<_>>()?));
            }
            Program::Loop(each) => return self.comprehension(each),
            Program::Made(each) => return self.made(each),
            Program::Beyond => return None,
        };
        Some(Plain::Bool(answer))
    }

    /// The members of an object, and its schema.
    fn object<'e: 'v>(&self, of: &'e Program) -> Option<(&'v Map, &'v Schema)> {
        match self.answer(of)? {
            Plain::Json(Value::Object(members), schema) => Some((members, schema)),
            _ => None,
        }
    }

    /// Whether a text is one of a list of texts.
    fn is_in<'e: 'v>(&self, text: &str, list: &'e Program) -> Option<bool> {
        let mut is_there = false;
        if let Program::List(elements) = list {
            for element in elements {
                is_there |= self.answer(element)?.text()? == text;
            }
            return Some(is_there);
        }
        let (items, each) = self.answer(list)?.items()?;
        for item in items {
            is_there |= Plain::Json(item, each).text()? == text;
        }
        Some(is_there)
    }

    /// `all`, `exists` and `exists_one` over a list, or the keys of a map.
    fn comprehension<'e: 'v>(&self, each: &'e Loop) -> Option<Plain<'v>> {
        let elements = self.answer(&each.range)?.elements()?;
        let mut result = self.answer(&each.init)?;
        elements.visit(|element| {
            let outer = self.with(result.clone());
            if !outer.answer(&each.condition)?.truth()? {
                return Some(ControlFlow::Break(()));
            }
            result = outer.with(element).answer(&each.step)?;
            Some(ControlFlow::Continue(()))
        })?;
        self.with(result).answer(&each.result)
    }

    /// `map` and `filter`, which add one element after the other to a list.
    fn made<'e: 'v>(&self, each: &'e Made) -> Option<Plain<'v>> {
        let elements = self.answer(&each.range)?.elements()?;
        let mut items = Vec::new();
        elements.visit(|element| {
            let inner = self.with(element);
            let is_wanted = match &each.condition {
                Some(condition) => inner.answer(condition)?.truth()?,
                None => true,
            };
            if is_wanted {
                items.push(inner.answer(&each.added)?);
            }
            Some(ControlFlow::Continue(()))
        })?;
        Some(Plain::List(items.into()))
    }
}

#[cfg(test)]
#[cfg(feature = "cel")]
mod tests;
