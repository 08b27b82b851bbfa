//! Calls of constructors with samples, and what comes of them.

use std::collections::BTreeMap;

use crd_core::parse;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::builder::{Builder, Reading, Root};
use super::expression::Expression;
use super::short::{Argument, Constructor, Kind, Shorts, WithMethod};
use super::type_name::Ty;

/// What can be written as an expression.
pub(super) trait Sample: Serialize + DeserializeOwned + std::fmt::Debug {}

impl<T: Serialize + DeserializeOwned + std::fmt::Debug> Sample for T {}

/// Learns what constructors make.
pub(super) struct Learner<'a> {
    pub(super) shorts: &'a mut Shorts,
    pub(super) defaults: &'a mut BTreeMap<String, bool>,
}

/// The samples of one call.
pub(super) struct Samples<'a> {
    defaults: &'a mut BTreeMap<String, bool>,
    arguments: Vec<Argument>,
}

/// The constructors of one type; methods are called on what the last one made.
pub(super) struct Of<'l, 'a, T> {
    learner: &'l mut Learner<'a>,
    made: Option<T>,
}

impl<'a> Learner<'a> {
    pub(super) fn of<T: Sample + Clone>(&mut self) -> Of<'_, 'a, T> {
        Of {
            learner: self,
            made: None,
        }
    }
}

impl<T: Sample + Clone> Of<'_, '_, T> {
    /// What methods are called on, where no constructor of its own is known.
    pub(super) fn on(mut self, made: T) -> Self {
        self.made = Some(made);
        self
    }

    /// A constructor.
    #[allow(clippy::wrong_self_convention)] // The table calls it as it calls the constructor.
    pub(super) fn new(
        mut self,
        name: &'static str,
        call: impl FnOnce(&mut Samples<'_>) -> T,
    ) -> Self {
        let (made, arguments) = self.call(call);
        if let Some(expression) = expression(&made, self.learner.defaults) {
            let of = self.learner.shorts.of(&path::<T>());
            of.constructors.push(Constructor {
                name,
                made: expression,
                arguments,
            });
        }
        self.made = Some(made);
        self
    }

    /// A method that sets fields.
    pub(super) fn with(
        self,
        name: &'static str,
        call: impl FnOnce(T, &mut Samples<'_>) -> T,
    ) -> Self {
        self.method(name, false, call)
    }

    /// A method that adds an element to a list or a map.
    pub(super) fn adds(
        self,
        name: &'static str,
        call: impl FnOnce(T, &mut Samples<'_>) -> T,
    ) -> Self {
        self.method(name, true, call)
    }

    fn method(
        self,
        name: &'static str,
        adds: bool,
        call: impl FnOnce(T, &mut Samples<'_>) -> T,
    ) -> Self {
        let Some(before) = self.made.clone() else {
            return self;
        };
        let is = expression(&before, self.learner.defaults);
        let mut this = self;
        let (after, arguments) = this.call(|samples| call(before, samples));
        if let (Some(is), Some(Expression::Struct { fields, .. })) =
            (is, expression(&after, this.learner.defaults))
        {
            let was = match &is {
                Expression::Struct { fields, .. } => fields.as_slice(),
                _ => &[],
            };
            let set = fields.into_iter().filter(|field| !was.contains(field));
            let of = this.learner.shorts.of(&path::<T>());
            of.methods.push(WithMethod {
                name,
                set: set.collect(),
                arguments,
                adds,
            });
        }
        this
    }

    fn call(&mut self, call: impl FnOnce(&mut Samples<'_>) -> T) -> (T, Vec<Argument>) {
        let mut samples = Samples {
            defaults: self.learner.defaults,
            arguments: Vec::new(),
        };
        let made = call(&mut samples);
        (made, samples.arguments)
    }
}

impl Samples<'_> {
    /// A text that nobody writes.
    pub(super) fn text(&mut self) -> &'static str {
        let text = TEXTS[self.arguments.len()];
        self.add(Expression::owned(text), Kind::Text);
        text
    }

    /// A text of a type that has a name of its own.
    pub(super) fn named<T: Sample>(&mut self, of: impl FnOnce(&'static str) -> T) -> T {
        let named = of(TEXTS[self.arguments.len()]);
        self.sample(named, Kind::Text)
    }

    /// Several texts.
    pub(super) fn texts(&mut self) -> [&'static str; 1] {
        let text = TEXTS[self.arguments.len()];
        self.add(Expression::List(vec![Expression::owned(text)]), Kind::Texts);
        [text]
    }

    /// A key and a text.
    pub(super) fn pairs(&mut self) -> [(&'static str, &'static str); 1] {
        let text = TEXTS[self.arguments.len()];
        let pair = Expression::Tuple(vec![Expression::owned(text), Expression::owned(text)]);
        self.add(Expression::map(vec![pair]), Kind::Pairs);
        [(text, text)]
    }

    /// Texts with keys of a type that has a name of its own.
    pub(super) fn pairs_by<K: Sample + Ord>(
        &mut self,
        key: impl FnOnce(&'static str) -> K,
    ) -> [(&'static str, &'static str); 1] {
        let text = TEXTS[self.arguments.len()];
        self.sample(BTreeMap::from([(key(text), text.to_owned())]), Kind::Pairs);
        [(text, text)]
    }

    /// A number, which fits into any type of number.
    pub(super) fn number<N: From<u8>>(&mut self) -> N {
        let number = 101 + u8::try_from(self.arguments.len()).unwrap_or_default();
        self.add(Expression::Text(number.to_string()), Kind::Whole);
        N::from(number)
    }

    /// A number that is written as text.
    pub(super) fn number_in_text<N: From<u8>>(&mut self) -> N {
        let number = 101 + u8::try_from(self.arguments.len()).unwrap_or_default();
        self.add(Expression::owned(&number.to_string()), Kind::NumberInText);
        N::from(number)
    }

    /// Any JSON.
    pub(super) fn json(&mut self) -> Value {
        let text = Value::from(TEXTS[self.arguments.len()]);
        self.add(Expression::Json(text.clone()), Kind::Whole);
        text
    }

    /// A value like this one, which must be unlike all other samples.
    pub(super) fn value<T: Sample>(&mut self, like: T) -> T {
        self.sample(like, Kind::Whole)
    }

    /// A list of values like this one.
    pub(super) fn list<T: Sample>(&mut self, like: T) -> Vec<T> {
        self.sample(vec![like], Kind::List)
    }

    fn sample<T: Sample>(&mut self, like: T, kind: Kind) -> T {
        // What cannot be written is found nowhere.
        let nowhere = Expression::Text(String::new());
        let sample = expression(&like, self.defaults).unwrap_or(nowhere);
        self.add(sample, kind);
        like
    }

    fn add(&mut self, sample: Expression, kind: Kind) {
        self.arguments.push(Argument { sample, kind });
    }
}

const TEXTS: [&str; 8] = ["⟨0⟩", "⟨1⟩", "⟨2⟩", "⟨3⟩", "⟨4⟩", "⟨5⟩", "⟨6⟩", "⟨7⟩"];

fn path<T>() -> String {
    let ty = Ty::read(std::any::type_name::<T>());
    ty.map(|ty| ty.public()).unwrap_or_default()
}

/// A value as an expression, with all types by their whole paths.
fn expression<T: Sample>(value: &T, defaults: &mut BTreeMap<String, bool>) -> Option<Expression> {
    let json = serde_json::to_value(value).ok()?;
    let is_object = json.get("apiVersion").is_some() && json.get("metadata").is_some();
    let reading = Reading {
        debug: format!("{value:?}"),
        seeds: parse::seeds::<T>(&json).ok()?,
        value: json,
        root: path::<T>(),
        is: if is_object {
            Root::Kind { namespaced: true }
        } else {
            Root::Part
        },
        reads: &|value| parse::seeds::<T>(value).is_ok(),
    };
    let mut builder = Builder::new(&reading, defaults);
    let made = match is_object {
        true => builder.object(),
        false => builder.part(std::any::type_name::<T>())?,
    };
    (builder.opaque == 0).then_some(made)
}
