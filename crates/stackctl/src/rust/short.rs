//! Short constructors in place of structs: `Endpoint::port("web")` rather than all that it sets.
//!
//! What a constructor makes is not told here a second time: it is called with samples for its arguments, what comes of it is
//! written as an expression like any other, and wherever that expression is found, with other values in place of the samples,
//! the constructor's call stands for it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::expression::{Expression, Method, Name};

/// The constructors and methods that are known, by the paths of their types.
#[derive(Debug, Default)]
pub(super) struct Shorts {
    of: BTreeMap<String, OfType>,
}

/// What is known of a type.
#[derive(Debug, Default)]
pub(super) struct OfType {
    pub(super) constructors: Vec<Constructor>,
    pub(super) methods: Vec<WithMethod>,
}

/// A constructor.
#[derive(Debug)]
pub(super) struct Constructor {
    pub(super) name: &'static str,
    /// What it makes of the samples.
    pub(super) made: Expression,
    pub(super) arguments: Vec<Argument>,
}

/// A method that changes what a constructor made.
#[derive(Debug)]
pub(super) struct WithMethod {
    pub(super) name: &'static str,
    /// The fields that it sets.
    pub(super) set: Vec<(String, Expression)>,
    pub(super) arguments: Vec<Argument>,
    /// Whether it adds an element, and is called once for each.
    pub(super) adds: bool,
}

/// A sample, and what an argument in its place is like.
#[derive(Debug)]
pub(super) struct Argument {
    pub(super) sample: Expression,
    pub(super) kind: Kind,
}

/// What an argument is like in a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Whatever stands there.
    Whole,
    /// A text, which a literal is enough for.
    Text,
    /// A number that the constructor writes as text.
    NumberInText,
    /// Several of something, in an array.
    List,
    /// Several texts, in an array.
    Texts,
    /// Texts with their keys, as an array of pairs.
    Pairs,
}

/// More fields than this beside a constructor, and the struct as a whole reads better.
const MOST_BESIDE: usize = 3;

impl Shorts {
    pub(super) fn of(&mut self, ty: &str) -> &mut OfType {
        self.of.entry(ty.to_owned()).or_default()
    }

    /// The constructors whose own call is not found in what they make.
    #[cfg(test)]
    pub(super) fn unknown(&self) -> Vec<String> {
        let mut unknown = Vec::new();
        for (ty, known) in &self.of {
            for constructor in &known.constructors {
                if constructor.fit(&constructor.made).is_none() {
                    unknown.push(format!(
                        "{ty}::{}: {}",
                        constructor.name,
                        constructor.made.print(0, 0)
                    ));
                }
            }
            for method in &known.methods {
                let values: Vec<&Expression> = method.set.iter().map(|(_, value)| value).collect();
                if values.is_empty() || method.calls(&values).is_none() {
                    unknown.push(format!("{ty}.{}: {:?}", method.name, method.set));
                }
            }
        }
        unknown
    }

    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.of
            .values()
            .map(|known| known.constructors.len() + known.methods.len())
            .sum()
    }

    /// The expression with constructors wherever one fits.
    pub(super) fn shorten(&self, expression: Expression) -> Expression {
        let mut short = self.here(expression);
        for part in short.parts() {
            let inner = std::mem::replace(part, Expression::Text(String::new()));
            *part = self.shorten(inner);
        }
        short
    }

    /// The expression with a constructor at its top, where one fits; its parts are as they were.
    fn here(&self, expression: Expression) -> Expression {
        let Some((ty, known)) = type_of(&expression).and_then(|ty| self.of.get_key_value(ty))
        else {
            return expression;
        };
        // A kind's own constructor stands there already.
        if let Expression::Struct {
            ty: name,
            fields,
            rest: Some(made),
        } = &expression
            && matches!(**made, Expression::Call(..) | Expression::Chain(..))
        {
            let (methods, left) = known.methods(fields.clone());
            return together(name, left, (**made).clone(), methods);
        }
        let fits = known.constructors.iter().filter_map(|constructor| {
            let fit = constructor.fit(&expression)?;
            Some((constructor, fit))
        });
        // The one that says most, and of these the first.
        let best = fits.min_by_key(|(_, fit)| Reverse(fit.said));
        let Some((constructor, fit)) = best else {
            return expression;
        };
        let (methods, left) = known.methods(fit.left);
        let has_default = matches!(&expression, Expression::Struct { rest: Some(_), .. });
        if has_default && left.len() > MOST_BESIDE {
            return expression;
        }
        let call = Expression::call(ty, &format!("::{}", constructor.name), fit.arguments);
        together(&Name::of(ty, ""), left, call, methods)
    }
}

/// `Type { left, ..made.methods() }`, or what of it is there.
fn together(
    ty: &Name,
    left: Vec<(String, Expression)>,
    made: Expression,
    methods: Vec<Method>,
) -> Expression {
    let made = match (methods.is_empty(), made) {
        (true, made) => made,
        (false, Expression::Chain(receiver, mut before)) => {
            before.extend(methods);
            Expression::Chain(receiver, before)
        }
        (false, made) => Expression::Chain(made.into(), methods),
    };
    match left.is_empty() {
        true => made,
        false => Expression::Struct {
            ty: ty.clone(),
            fields: left,
            rest: Some(made.into()),
        },
    }
}

/// The path of the type that an expression makes.
fn type_of(expression: &Expression) -> Option<&str> {
    match expression {
        Expression::Name(name)
        | Expression::Call(name, _)
        | Expression::Struct { ty: name, .. } => Some(&name.ty),
        _ => None,
    }
}

/// How a constructor fits.
struct Fit {
    arguments: Vec<Expression>,
    /// The fields that it leaves to be set.
    left: Vec<(String, Expression)>,
    /// How many fields it sets.
    said: usize,
}

impl Constructor {
    fn fit(&self, expression: &Expression) -> Option<Fit> {
        let mut found = Found::new(&self.arguments);
        let (mut left, mut said) = (Vec::new(), 0);
        match (&self.made, expression) {
            (Expression::Struct { fields: set, .. }, Expression::Struct { fields, .. }) => {
                for (name, value) in fields {
                    match set.iter().find(|(known, _)| known == name) {
                        Some((_, made)) if found.matches(made, value) => {
                            said += usize::from(!is_nothing(value))
                        }
                        Some((_, made)) if !is_nothing(made) => return None,
                        _ => left.push((name.clone(), value.clone())),
                    }
                }
                // Whatever it sets must be there.
                let there = |name: &String| fields.iter().any(|(known, _)| known == name);
                if said == 0
                    || !set
                        .iter()
                        .all(|(name, made)| is_nothing(made) || there(name))
                {
                    return None;
                }
            }
            (made, whole) => {
                if !found.matches(made, whole) {
                    return None;
                }
                said = usize::MAX;
            }
        }
        Some(Fit {
            arguments: found.all()?,
            left,
            said,
        })
    }
}

impl OfType {
    /// The methods that set some of the fields, and the fields that none sets.
    fn methods(
        &self,
        mut left: Vec<(String, Expression)>,
    ) -> (Vec<Method>, Vec<(String, Expression)>) {
        let mut calls = Vec::new();
        for method in &self.methods {
            let all = method.set.iter();
            let at: Option<Vec<usize>> = all
                .map(|(name, _)| left.iter().position(|(known, _)| known == name))
                .collect();
            let Some(at) = at.filter(|at| !at.is_empty()) else {
                continue;
            };
            let values: Vec<&Expression> = at.iter().map(|at| &left[*at].1).collect();
            let Some(found) = method.calls(&values) else {
                continue;
            };
            calls.extend(
                found
                    .into_iter()
                    .map(|arguments| (method.name.to_owned(), arguments)),
            );
            left.retain(|(name, _)| !method.set.iter().any(|(set, _)| set == name));
        }
        (calls, left)
    }
}

impl WithMethod {
    /// The arguments of each call that is needed.
    fn calls(&self, values: &[&Expression]) -> Option<Vec<Vec<Expression>>> {
        let once = |pairs: &[(&Expression, &Expression)]| {
            let mut found = Found::new(&self.arguments);
            let mut pairs = pairs.iter();
            pairs
                .all(|(made, value)| found.matches(made, value))
                .then(|| found.all())?
        };
        match (self.adds, values, self.set.as_slice()) {
            (true, [value], [(_, made)]) => {
                let (made, values) = (elements(made)?, elements(value)?);
                let [made] = made else { return None };
                values.iter().map(|value| once(&[(made, value)])).collect()
            }
            _ => {
                let set = self.set.iter().map(|(_, made)| made);
                let pairs: Vec<_> = set.zip(values.iter().copied()).collect();
                Some(vec![once(&pairs)?])
            }
        }
    }
}

/// The elements of a list, or the entries of a map.
fn elements(expression: &Expression) -> Option<&[Expression]> {
    match expression {
        Expression::List(elements) | Expression::Array(elements) => Some(elements),
        Expression::Call(_, arguments) => match arguments.as_slice() {
            [inner] => elements(inner),
            _ => None,
        },
        _ => None,
    }
}

/// The arguments that were found so far.
struct Found<'a> {
    wanted: &'a [Argument],
    found: Vec<Option<Expression>>,
}

impl<'a> Found<'a> {
    fn new(wanted: &'a [Argument]) -> Self {
        Self {
            wanted,
            found: vec![None; wanted.len()],
        }
    }

    fn all(self) -> Option<Vec<Expression>> {
        self.found.into_iter().collect()
    }

    /// Whether a value is what was made, with others in place of the samples.
    fn matches(&mut self, made: &Expression, value: &Expression) -> bool {
        if let Some(at) = self.wanted.iter().position(|wanted| wanted.sample == *made) {
            let Some(argument) = as_argument(value, self.wanted[at].kind) else {
                return false;
            };
            // A sample may stand in several places.
            return match &self.found[at] {
                Some(known) => *known == argument,
                None => {
                    self.found[at] = Some(argument);
                    true
                }
            };
        }
        match (made, value) {
            (Expression::Call(made, inner), Expression::Call(name, values)) => {
                made == name && self.all_match(inner, values)
            }
            (Expression::List(inner), Expression::List(values))
            | (Expression::Array(inner), Expression::Array(values))
            | (Expression::Tuple(inner), Expression::Tuple(values)) => {
                self.all_match(inner, values)
            }
            (
                Expression::Struct {
                    ty,
                    fields: inner,
                    rest,
                },
                Expression::Struct {
                    ty: name,
                    fields: values,
                    rest: other,
                },
            ) => {
                ty == name
                    && rest == other
                    && inner.len() == values.len()
                    && inner
                        .iter()
                        .zip(values)
                        .all(|((a, made), (b, value))| a == b && self.matches(made, value))
            }
            (Expression::Chain(made, inner), Expression::Chain(value, methods)) => {
                self.matches(made, value)
                    && inner.len() == methods.len()
                    && inner
                        .iter()
                        .zip(methods)
                        .all(|((a, inner), (b, values))| a == b && self.all_match(inner, values))
            }
            _ => made == value,
        }
    }

    fn all_match(&mut self, made: &[Expression], values: &[Expression]) -> bool {
        made.len() == values.len()
            && made
                .iter()
                .zip(values)
                .all(|(made, value)| self.matches(made, value))
    }
}

/// How a value is given to a constructor.
fn as_argument(value: &Expression, kind: Kind) -> Option<Expression> {
    let all = |values: &[Expression]| {
        let texts = values.iter().map(|value| as_argument(value, Kind::Text));
        texts.collect::<Option<Vec<Expression>>>()
    };
    match (kind, value) {
        (Kind::Whole, value) => Some(value.clone()),
        (Kind::Text, Expression::Chain(text, methods)) => {
            let owned = matches!(methods.as_slice(), [(name, _)] if name == "to_owned");
            owned.then(|| (**text).clone())
        }
        // A text with a name of its own.
        (Kind::Text, Expression::Call(name, arguments)) if name.item == "::from" => {
            match arguments.as_slice() {
                [text @ Expression::Text(_)] => Some(text.clone()),
                _ => None,
            }
        }
        (Kind::NumberInText, value) => {
            let Expression::Text(text) = as_argument(value, Kind::Text)? else {
                return None;
            };
            let number: u16 = text.trim_matches('"').parse().ok()?;
            (text == format!("\"{number}\"")).then(|| Expression::Text(number.to_string()))
        }
        (Kind::List, Expression::List(values)) => Some(Expression::Array(values.clone())),
        (Kind::Texts, Expression::List(values)) => Some(Expression::Array(all(values)?)),
        (Kind::Pairs, Expression::Call(_, arguments)) => {
            let [Expression::Array(pairs)] = arguments.as_slice() else {
                return None;
            };
            let pairs = pairs.iter().map(|pair| match pair {
                Expression::Tuple(pair) => Some(Expression::Tuple(all(pair)?)),
                _ => None,
            });
            Some(Expression::Array(pairs.collect::<Option<_>>()?))
        }
        _ => None,
    }
}

/// Whether it says no more than the field's absence.
fn is_nothing(expression: &Expression) -> bool {
    matches!(expression, Expression::Text(text) if ["None", "Vec::new()", "Default::default()"].contains(&text.as_str()))
}
