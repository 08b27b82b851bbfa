//! Which kinds of values a rule works on, as far as its text and the schema tell: enough to see the mistakes for which a server
//! refuses a rule. What cannot be told passes.

use crate::value::Value;

use super::names::escape;
use super::tree::{CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedExpr, LiteralValue, op};
use crate::pattern;

/// Marks an object that is no schema's: a rule writes its fields as they are, such as `namespace`, which is a word of CEL.
pub(crate) const PLAIN_NAMES: &str = "plainNames";

/// What is known of an expression's result before there is an object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind<'s> {
    /// Not known, or of any kind.
    Any,
    Bool,
    Int,
    Uint,
    Double,
    Text,
    Bytes,
    Duration,
    Time,
    Null,
    List(Box<Kind<'s>>),
    /// With keys that are data.
    Map(Box<Kind<'s>>),
    /// The fields of a schema.
    Object(&'s Value),
    /// What every object has.
    Metadata,
}

use Kind::{
    Any, Bool, Bytes, Double, Duration, Int, List, Map, Metadata, Null, Object, Text, Time, Uint,
};

impl<'s> Kind<'s> {
    /// Of the values of a schema; `None` where a rule cannot see them.
    pub(crate) fn of(schema: &'s Value) -> Option<Self> {
        if schema.get("x-kubernetes-int-or-string") == Some(&Value::Bool(true)) {
            return Some(Any);
        }
        let format = schema.get("format").and_then(Value::as_str);
        Some(match schema.get("type").and_then(Value::as_str)? {
            "boolean" => Bool,
            "integer" => Int,
            "number" => Double,
            "string" => match format {
                Some("byte") => Bytes,
                Some("date" | "date-time") => Time,
                Some("duration") => Duration,
                _ => Text,
            },
            "array" => List(Box::new(Self::of(schema.get("items")?)?)),
            "object" => match schema.get("additionalProperties") {
                Some(each) if each.is_object() => Map(Box::new(Self::of(each)?)),
                _ => Object(schema),
            },
            _ => return None,
        })
    }

    fn name(&self) -> &'static str {
        match self {
            Any => "any value",
            Bool => "a boolean",
            Int | Uint | Double => "a number",
            Text => "a text",
            Bytes => "bytes",
            Duration => "a duration",
            Time => "a time",
            Null => "null",
            List(_) => "a list",
            Map(_) | Object(_) | Metadata => "an object",
        }
    }

    /// Whether two values can be compared at all.
    fn fits(&self, other: &Self) -> bool {
        match (self, other) {
            (Any | Null, _) | (_, Any | Null) => true,
            (List(one), List(two)) | (Map(one), Map(two)) => one.fits(two),
            (Map(_) | Object(_) | Metadata, Map(_) | Object(_) | Metadata) => true,
            (one, two) => one == two,
        }
    }

    fn joined(self, other: Self) -> Self {
        match (self, other) {
            (one, two) if one == two => one,
            (List(one), List(two)) => List(Box::new(one.joined(*two))),
            _ => Any,
        }
    }

    fn is_number(&self) -> bool {
        matches!(self, Int | Uint | Double)
    }
}

/// Names of types, which are values too.
pub(super) const TYPES: [&str; 11] = [
    "bool",
    "bytes",
    "double",
    "int",
    "list",
    "map",
    "null_type",
    "optional_type",
    "string",
    "type",
    "uint",
];

/// Further names that are no variables: before functions.
const NAMES: [&str; 15] = [
    "dyn", "google", "optional", "ip", "cidr", "format", "sets", "math", "base64", "lists", "cel",
    "semver", "quantity", "strings", "regex",
];

/// Whether nobody need define it.
fn is_name(name: &str) -> bool {
    TYPES.contains(&name) || NAMES.contains(&name)
}

/// What an expression makes, or why a server refuses it. `names` are the variables with their kinds.
pub(crate) fn check<'s>(
    expression: &IdedExpr,
    names: &[(&str, Kind<'s>)],
) -> Result<Kind<'s>, String> {
    let names = names
        .iter()
        .map(|(name, kind)| ((*name).to_owned(), kind.clone()));
    Scope(names.collect()).kind(expression)
}

/// The variables that are there.
struct Scope<'s>(Vec<(String, Kind<'s>)>);

type Found<'s> = Result<Kind<'s>, String>;

impl<'s> Scope<'s> {
    fn variable(&self, name: &str) -> Option<&Kind<'s>> {
        let found = self.0.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, kind)| kind)
    }

    fn kind(&mut self, expression: &IdedExpr) -> Found<'s> {
        match &expression.expr {
            Expr::Literal(literal) => Ok(of_literal(literal)),
            Expr::Ident(name) => match self.variable(name) {
                Some(kind) => Ok(kind.clone()),
                None if is_name(name) || name.starts_with(['@', '_']) => Ok(Any),
                None => Err(format!("nothing is called `{name}`")),
            },
            Expr::Select(select) => {
                let operand = self.kind(&select.operand)?;
                let field = member(&operand, &select.field)?;
                Ok(if select.test { Bool } else { field })
            }
            Expr::List(list) => {
                let mut each: Option<Kind<'s>> = None;
                for (index, element) in list.elements.iter().enumerate() {
                    let mut kind = self.kind(element)?;
                    if list.optional_indices.contains(&index) {
                        kind = Any;
                    }
                    each = Some(match each {
                        None => kind,
                        Some(each) => each.joined(kind),
                    });
                }
                Ok(List(Box::new(each.unwrap_or(Any))))
            }
            Expr::Map(map) => {
                for entry in &map.entries {
                    if let EntryExpr::MapEntry(entry) = &entry.expr {
                        self.kind(&entry.key)?;
                        self.kind(&entry.value)?;
                    }
                }
                Ok(Map(Box::new(Any)))
            }
            Expr::Comprehension(all) => self.comprehension(all),
            Expr::Call(call) => self.call(call),
            Expr::Struct(_) | Expr::Unspecified => Ok(Any),
        }
    }

    fn comprehension(&mut self, all: &ComprehensionExpr) -> Found<'s> {
        let range = self.kind(&all.iter_range)?;
        let (first, second) = match (&range, &all.iter_var2) {
            (List(each), None) => ((**each).clone(), Any),
            (List(each), Some(_)) => (Int, (**each).clone()),
            (Map(each), Some(_)) => (Any, (**each).clone()),
            (Any | Map(_) | Object(_) | Metadata, _) => (Any, Any),
            (other, _) => return Err(format!("{} has no members to go through", other.name())),
        };
        let start = self.kind(&all.accu_init)?;
        let before = self.0.len();
        self.0.push((all.accu_var.clone(), widened(start.clone())));
        self.0.push((all.iter_var.clone(), first));
        if let Some(name) = &all.iter_var2 {
            self.0.push((name.clone(), second));
        }
        let step = self
            .kind(&all.loop_cond)
            .and_then(|_| self.kind(&all.loop_step));
        self.0.truncate(before);
        let step = step?;
        let kind = match start {
            Bool | Int => start,
            _ => step,
        };
        self.0.push((all.accu_var.clone(), kind));
        let result = self.kind(&all.result);
        self.0.truncate(before);
        result
    }

    fn call(&mut self, call: &CallExpr) -> Found<'s> {
        // What stands before a function may be a part of its name.
        let target = match &call.target {
            Some(target) => match &target.expr {
                Expr::Ident(name) if self.variable(name).is_none() => Some(Any),
                _ => Some(self.kind(target)?),
            },
            None => None,
        };
        let mut given = Vec::with_capacity(call.args.len());
        for argument in &call.args {
            given.push(self.kind(argument)?);
        }
        match (target, call.func_name.as_str()) {
            (None, name) => operation(name, &given).unwrap_or_else(|| function(name, &given, call)),
            (Some(target), name) => method(name, &target, &given, call),
        }
    }
}

/// What grows step by step is not yet what it will be.
fn widened(kind: Kind<'_>) -> Kind<'_> {
    match kind {
        Bool | Int => kind,
        _ => Any,
    }
}

fn of_literal<'s>(literal: &LiteralValue) -> Kind<'s> {
    match literal {
        LiteralValue::Boolean(_) => Bool,
        LiteralValue::Bytes(_) => Bytes,
        LiteralValue::Double(_) => Double,
        LiteralValue::Int(_) => Int,
        LiteralValue::Null => Null,
        LiteralValue::String(_) => Text,
        LiteralValue::UInt(_) => Uint,
    }
}

fn member<'s>(owner: &Kind<'s>, name: &str) -> Found<'s> {
    match owner {
        Any => Ok(Any),
        Map(each) => Ok((**each).clone()),
        Metadata => match name {
            "name" | "generateName" => Ok(Text),
            _ => Err(format!(
                "rules see name and generateName of the metadata, not `{name}`"
            )),
        },
        Object(schema) => {
            let named = schema.get("properties").and_then(Value::as_object);
            let found =
                named
                    .into_iter()
                    .flatten()
                    .find(|(known, _)| match schema.get(PLAIN_NAMES) {
                        Some(_) => known.as_str() == name,
                        None => escape(known).as_deref() == Some(name),
                    });
            let is_object =
                schema.get("x-kubernetes-embedded-resource") == Some(&Value::Bool(true));
            match (found.and_then(|(_, schema)| Kind::of(schema)), name) {
                (_, "metadata") if is_object => Ok(Metadata),
                (_, "apiVersion" | "kind") if is_object => Ok(Text),
                (Some(kind), _) => Ok(kind),
                (None, _) => Err(format!(
                    "the schema has no field `{name}` that a rule can see"
                )),
            }
        }
        other => Err(format!(
            "{} has no fields, and so no `{name}`",
            other.name()
        )),
    }
}

/// Signs between and before values; `None` for anything else.
fn operation<'s>(name: &str, given: &[Kind<'s>]) -> Option<Found<'s>> {
    let refuse = |what: &str| Some(Err(what.to_owned()));
    Some(Ok(match (name, given) {
        (op::LOGICAL_AND | op::LOGICAL_OR, [one, two]) => match [one, two]
            .iter()
            .find(|kind| !Bool.fits(kind))
        {
            Some(other) => return refuse(&format!("{} is neither true nor false", other.name())),
            None => Bool,
        },
        (op::LOGICAL_NOT, [one]) if !Bool.fits(one) => {
            return refuse(&format!("{} is neither true nor false", one.name()));
        }
        (op::LOGICAL_NOT | op::NOT_STRICTLY_FALSE, _) => Bool,
        (op::CONDITIONAL, [test, one, two]) => match Bool.fits(test) {
            true => one.clone().joined(two.clone()),
            false => return refuse(&format!("{} is neither true nor false", test.name())),
        },
        (op::EQUALS | op::NOT_EQUALS, [one, two]) => match one.fits(two) {
            true => Bool,
            false => return refuse(&format!("{} is never equal to {}", one.name(), two.name())),
        },
        (op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS, [one, two]) => {
            let ordered =
                |kind: &Kind<'_>| !matches!(kind, List(_) | Map(_) | Object(_) | Metadata | Null);
            let fits = one.fits(two) || (one.is_number() && two.is_number());
            match ordered(one) && ordered(two) && fits {
                true => Bool,
                false => {
                    return refuse(&format!("{} and {} have no order", one.name(), two.name()));
                }
            }
        }
        (op::ADD, [one, two]) => match (one, two) {
            (Any, _) | (_, Any) => Any,
            (List(_), List(_)) => one.clone().joined(two.clone()),
            (Duration, Time) | (Time, Duration) => Time,
            (Int | Uint | Double | Text | Bytes | Duration, _) if one == two => one.clone(),
            _ => return refuse(&format!("{} and {} have no sum", one.name(), two.name())),
        },
        (op::SUBSTRACT | op::MULTIPLY | op::DIVIDE | op::MODULO, [one, two]) => match (one, two) {
            (Any, _) | (_, Any) | (Time | Duration, Time | Duration) => Any,
            _ if one.is_number() && one == two => one.clone(),
            _ => {
                return refuse(&format!(
                    "{} and {} are not numbers of one sort",
                    one.name(),
                    two.name()
                ));
            }
        },
        (op::IN, [_, place]) => match place {
            Any | List(_) | Map(_) => Bool,
            other => return refuse(&format!("nothing is in {}", other.name())),
        },
        (op::INDEX, [owner, key]) => match (owner, key) {
            (List(each), Any | Int | Uint | Double) | (Map(each), _) => (**each).clone(),
            (Any, _) => Any,
            (other, _) => return refuse(&format!("{} has no items of that name", other.name())),
        },
        _ => return None,
    }))
}

fn function<'s>(name: &str, given: &[Kind<'s>], call: &CallExpr) -> Found<'s> {
    match (name, given) {
        ("size", [one]) => size(one),
        ("matches", [target, _]) => method(name, target, &given[1..], call),
        ("string", _) => Ok(Text),
        ("int", _) => Ok(Int),
        ("uint", _) => Ok(Uint),
        ("double", _) => Ok(Double),
        ("bool" | "isURL" | "isIP" | "isCIDR" | "isQuantity" | "isSemver", [one]) => {
            match Text.fits(one) || name == "bool" || one.is_number() {
                true => Ok(Bool),
                false => Err(format!("{name} takes a text, not {}", one.name())),
            }
        }
        ("duration", _) => Ok(Duration),
        ("timestamp", _) => Ok(Time),
        _ => Ok(Any),
    }
}

fn size<'s>(of: &Kind<'_>) -> Found<'s> {
    match of {
        Any | Text | Bytes | List(_) | Map(_) => Ok(Int),
        other => Err(format!("{} has no size", other.name())),
    }
}

fn method<'s>(name: &str, target: &Kind<'s>, given: &[Kind<'s>], call: &CallExpr) -> Found<'s> {
    let of_text = match name {
        "startsWith" | "endsWith" | "contains" | "matches" => Bool,
        "lowerAscii" | "upperAscii" | "trim" | "substring" | "replace" => Text,
        "split" => List(Box::new(Text)),
        "size" => return size(target),
        _ => return Ok(Any),
    };
    if !Text.fits(target) {
        return Err(format!("{name} is for texts, not for {}", target.name()));
    }
    if let ("startsWith" | "endsWith" | "contains" | "matches", [other]) = (name, given)
        && !Text.fits(other)
    {
        return Err(format!("{name} takes a text, not {}", other.name()));
    }
    if name == "matches"
        && let Some(Expr::Literal(LiteralValue::String(text))) =
            call.args.last().map(|last| &last.expr)
        && pattern::compile(text.inner()).is_none()
    {
        return Err(format!(
            "\"{}\" is no regular expression of Go",
            text.inner()
        ));
    }
    Ok(of_text)
}
