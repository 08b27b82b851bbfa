//! Rules in the form in which they are answered: variables are found, operators told apart and names resolved once for all objects.

use std::sync::{Arc, OnceLock};

use super::names::RESERVED;
use super::patterns;
use super::tree::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, SelectExpr, op};
use crate::pattern::Regex;

/// Deeper expressions are left to the evaluator, which has a stack of its own for them.
const MAX_DEPTH: usize = 40;

/// An expression of which the common part of the language is made.
#[derive(Debug)]
pub(super) enum Program {
    Bool(bool),
    Int(i64),
    Text(String),
    /// The variable so many scopes further out.
    Variable(usize),
    Select(Box<Self>, String),
    Has(Box<Self>, String),
    Conditional(Box<[Self; 3]>),
    Or(Box<[Self; 2]>),
    And(Box<[Self; 2]>),
    Not(Box<Self>),
    /// What must be a truth value.
    Truth(Box<Self>),
    Equals(Box<[Self; 2]>),
    Compare(fn(&i64, &i64) -> bool, Box<[Self; 2]>),
    Add(Box<[Self; 2]>),
    Negate(Box<Self>),
    Sum(Box<Self>),
    Size(Box<Self>),
    /// The number that a text writes.
    Integer(Box<Self>),
    /// An item of a list by its position.
    Item(Box<[Self; 2]>),
    /// Whether a text is one of a list.
    In(Box<[Self; 2]>),
    IndexOf(Box<[Self; 2]>),
    StartsWith(Box<[Self; 2]>),
    EndsWith(Box<[Self; 2]>),
    Contains(Box<[Self; 2]>),
    Matches(Box<[Self; 2]>, Known),
    List(Vec<Self>),
    Loop(Box<Loop>),
    Made(Box<Made>),
    /// What only the evaluator knows.
    Beyond,
}

/// The pattern of a rule that writes it out, compiled when it is first asked about; `None` inside where it cannot be read.
pub(super) type Known = OnceLock<Option<Arc<Regex>>>;

/// `all`, `exists` and `exists_one`. In all but the first two there is the result so far, and in the step the element, too.
#[derive(Debug)]
pub(super) struct Loop {
    pub(super) range: Program,
    pub(super) init: Program,
    pub(super) condition: Program,
    pub(super) step: Program,
    pub(super) result: Program,
}

/// `map` and `filter`, which add one element after the other to a list.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) range: Program,
    pub(super) condition: Option<Program>,
    pub(super) added: Program,
}

/// The names of variables, from the innermost to the outermost.
#[derive(Clone, Copy)]
struct Names<'n> {
    name: &'n str,
    outer: Option<&'n Names<'n>>,
    /// How much deeper expressions may be nested here.
    depth: usize,
}

impl Program {
    /// A rule about `self`.
    pub(super) fn of(rule: &IdedExpr) -> Self {
        let own = Names {
            name: "self",
            outer: None,
            depth: MAX_DEPTH,
        };
        own.program(rule)
    }
}

impl<'n> Names<'n> {
    fn with<'i>(&'i self, name: &'i str) -> Names<'i> {
        Names {
            name,
            outer: Some(self),
            depth: self.depth,
        }
    }

    fn place(&self, name: &str) -> Option<usize> {
        match self.name == name {
            true => Some(0),
            false => Some(1 + self.outer?.place(name)?),
        }
    }

    fn program(&self, expression: &IdedExpr) -> Program {
        let Some(depth) = self.depth.checked_sub(1) else {
            return Program::Beyond;
        };
        let inner = Names { depth, ..*self };
        inner.read(expression).unwrap_or(Program::Beyond)
    }

    fn read(&self, expression: &IdedExpr) -> Option<Program> {
        Some(match &expression.expr {
            Expr::Literal(LiteralValue::Boolean(flag)) => Program::Bool(*flag.inner()),
            Expr::Literal(LiteralValue::Int(number)) => Program::Int(*number.inner()),
            Expr::Literal(LiteralValue::String(text)) => Program::Text(text.inner().to_owned()),
            Expr::Ident(name) => Program::Variable(self.place(name)?),
            Expr::Select(select) => self.select(select)?,
            Expr::Call(call) => self.call(call)?,
            Expr::Comprehension(each) if each.iter_var2.is_none() => match &each.accu_init.expr {
                Expr::List(_) => Program::Made(Box::new(self.made(each)?)),
                _ => Program::Loop(Box::new(self.comprehension(each))),
            },
            Expr::List(list) if list.optional_indices.is_empty() => {
                let elements = list.elements.iter();
                Program::List(elements.map(|element| self.program(element)).collect())
            }
            _ => return None,
        })
    }

    fn select(&self, select: &SelectExpr) -> Option<Program> {
        let field = select.field.as_str();
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
        let of = Box::new(self.program(&select.operand));
        Some(match select.test {
            true => Program::Has(of, field.to_owned()),
            false => Program::Select(of, field.to_owned()),
        })
    }

    fn call(&self, call: &CallExpr) -> Option<Program> {
        let one = |part: &IdedExpr| Box::new(self.program(part));
        let two = |first: &IdedExpr, second: &IdedExpr| {
            Box::new([self.program(first), self.program(second)])
        };
        let target = call.target.as_deref();
        Some(
            match (call.func_name.as_str(), target, call.args.as_slice()) {
                (op::CONDITIONAL, None, [condition, yes, no]) => {
                    let parts = [condition, yes, no].map(|part| self.program(part));
                    Program::Conditional(Box::new(parts))
                }
                (op::LOGICAL_OR, None, [a, b]) => Program::Or(two(a, b)),
                (op::LOGICAL_AND, None, [a, b]) => Program::And(two(a, b)),
                (op::LOGICAL_NOT, None, [of]) => Program::Not(one(of)),
                (op::NOT_STRICTLY_FALSE, None, [of]) => Program::Truth(one(of)),
                (op::EQUALS, None, [a, b]) => Program::Equals(two(a, b)),
                (op::NOT_EQUALS, None, [a, b]) => {
                    Program::Not(Box::new(Program::Equals(two(a, b))))
                }
                (op::LESS, None, [a, b]) => Program::Compare(i64::lt, two(a, b)),
                (op::LESS_EQUALS, None, [a, b]) => Program::Compare(i64::le, two(a, b)),
                (op::GREATER, None, [a, b]) => Program::Compare(i64::gt, two(a, b)),
                (op::GREATER_EQUALS, None, [a, b]) => Program::Compare(i64::ge, two(a, b)),
                (op::ADD, None, [a, b]) => Program::Add(two(a, b)),
                (op::NEGATE, None, [of]) => Program::Negate(one(of)),
                (op::INDEX, None, [list, at]) => Program::Item(two(list, at)),
                (op::IN, None, [text, list]) => Program::In(two(text, list)),
                ("sum", Some(of), []) => Program::Sum(one(of)),
                ("size", Some(of), []) | ("size", None, [of]) => Program::Size(one(of)),
                ("int", None, [of]) => Program::Integer(one(of)),
                ("indexOf", Some(of), [part]) => Program::IndexOf(two(of, part)),
                ("startsWith", Some(of), [start]) => Program::StartsWith(two(of, start)),
                ("endsWith", Some(of), [end]) => Program::EndsWith(two(of, end)),
                ("contains", Some(of), [part]) => Program::Contains(two(of, part)),
                ("matches", Some(of), [pattern]) => {
                    Program::Matches(two(of, pattern), Known::new())
                }
                _ => return None,
            },
        )
    }

    fn comprehension(&self, each: &ComprehensionExpr) -> Loop {
        let outer = self.with(&each.accu_var);
        Loop {
            range: self.program(&each.iter_range),
            init: self.program(&each.accu_init),
            condition: outer.program(&each.loop_cond),
            step: outer.with(&each.iter_var).program(&each.loop_step),
            result: outer.program(&each.result),
        }
    }

    fn made(&self, each: &ComprehensionExpr) -> Option<Made> {
        let (condition, added) = addition(each)?;
        let inner = self.with(&each.iter_var);
        Some(Made {
            range: self.program(&each.iter_range),
            condition: condition.map(|condition| inner.program(condition)),
            added: inner.program(added),
        })
    }
}

/// The condition on which `map` or `filter` adds an element, and what is added for it.
fn addition(each: &ComprehensionExpr) -> Option<(Option<&IdedExpr>, &IdedExpr)> {
    let is_result =
        |tree: &IdedExpr| matches!(&tree.expr, Expr::Ident(name) if *name == each.accu_var);
    let step = arguments(&each.loop_step)?;
    let (condition, more) = match step {
        (op::CONDITIONAL, [condition, more, same]) if is_result(same) => {
            (Some(condition), arguments(more)?)
        }
        step => (None, step),
    };
    let (op::ADD, [so_far, added]) = more else {
        return None;
    };
    let (Expr::List(init), Expr::List(added)) = (&each.accu_init.expr, &added.expr) else {
        return None;
    };
    let is_plain = init.elements.is_empty()
        && added.optional_indices.is_empty()
        && is_result(so_far)
        && is_result(&each.result);
    match added.elements.as_slice() {
        [added] if is_plain => Some((condition, added)),
        _ => None,
    }
}

/// The name of an operator and what it stands between.
fn arguments(tree: &IdedExpr) -> Option<(&str, &[IdedExpr])> {
    match &tree.expr {
        Expr::Call(call) if call.target.is_none() => Some((&call.func_name, &call.args)),
        _ => None,
    }
}

/// The pattern that a rule asks about.
pub(super) fn pattern(text: &str, is_written_out: bool, known: &Known) -> Option<Arc<Regex>> {
    match is_written_out {
        true => known.get_or_init(|| patterns::pattern(text)).clone(),
        false => patterns::pattern(text),
    }
}
