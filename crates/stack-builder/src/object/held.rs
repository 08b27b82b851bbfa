//! The value of an object in the form in which many are held, straight from the type.

use std::cell::Cell;

use kube_value::{Map, Text, Value};
use kube_yaml::{Emit, Events, MapKind, WriteError};
use serde_json::Number;

thread_local! {
    /// What the last value of this thread was built with: its lists have room for the next one.
    static LAST: Cell<Builder> = Cell::default();
}

/// The value of an object, with its keys in the order of its type.
pub(super) fn of(object: &dyn Emit) -> Result<Value, WriteError> {
    // A value that is asked for while another is being built has lists of its own.
    let mut builder = LAST.take();
    object.emit(&mut builder)?;
    builder.finish()
}

/// As [`of`], of an object that is being written: it tells what it consists of once, to both.
pub(super) fn of_written(
    object: &dyn Emit,
    write: impl FnOnce(&dyn Emit) -> Result<(), WriteError>,
) -> Result<Value, WriteError> {
    let overheard = Overheard {
        object,
        builder: Cell::new(LAST.take()),
    };
    write(&overheard)?;
    overheard.builder.into_inner().finish()
}

/// Tells a builder what the object tells somebody else.
struct Overheard<'o> {
    object: &'o dyn Emit,
    builder: Cell<Builder>,
}

impl Emit for Overheard<'_> {
    fn emit(&self, events: &mut dyn Events) -> Result<(), WriteError> {
        let mut both = Both {
            builder: self.builder.take(),
            other: events,
        };
        let told = self.object.emit(&mut both);
        self.builder.set(both.builder);
        told
    }
}

struct Both<'e> {
    builder: Builder,
    other: &'e mut dyn Events,
}

/// Hands what is told to both.
macro_rules! both {
    ($($event:ident($($name:ident: $type:ty),*) $(-> $told:ty)?;)*) => {$(
        fn $event(&mut self, $($name: $type),*) $(-> $told)? {
            both!(@second self.other.$event($($name),*) $(, $told)?);
            self.builder.$event($($name),*)
        }
    )*};
    (@second $told:expr, $type:ty) => { $told? };
    (@second $told:expr) => { $told };
}

impl Events for Both<'_> {
    both! {
        null() -> Result<(), WriteError>;
        boolean(value: bool) -> Result<(), WriteError>;
        signed(value: i64) -> Result<(), WriteError>;
        unsigned(value: u64) -> Result<(), WriteError>;
        float(value: f64) -> Result<(), WriteError>;
        single(value: f32) -> Result<(), WriteError>;
        number(digits: &str) -> Result<(), WriteError>;
        text(text: &str) -> Result<(), WriteError>;
        open_map(kind: MapKind, length: usize);
        key(key: &str) -> Result<(), WriteError>;
        close_map();
        open_list(length: usize);
        item() -> Result<(), WriteError>;
        close_list();
    }
}

/// Members and items of all open collections stand in two lists, those of the innermost at the end: nothing grows twice.
#[derive(Default)]
struct Builder {
    members: Vec<(Text, Value)>,
    items: Vec<Value>,
    open: Vec<Level>,
    /// Why a collection found no place when it closed.
    lost: Option<WriteError>,
}

enum Level {
    /// Where its members begin, and the key of the next one.
    Map(usize, Option<Text>),
    /// Where its items begin.
    List(usize),
}

impl Builder {
    /// The value that was told, and room for the next one.
    fn finish(mut self) -> Result<Value, WriteError> {
        self.lost.take().map_or(Ok(()), Err)?;
        let value = self.items.pop().ok_or(WriteError::Key)?;
        self.members.clear();
        self.items.clear();
        self.open.clear();
        LAST.set(self);
        Ok(value)
    }

    /// Puts a collection that is complete in its place.
    fn close(&mut self, collection: Value) {
        if let Err(error) = self.put(collection) {
            self.lost = Some(error);
        }
    }

    fn put(&mut self, value: Value) -> Result<(), WriteError> {
        match self.open.last_mut() {
            Some(Level::Map(_, key)) => {
                let key = key.take().ok_or(WriteError::Key)?;
                self.members.push((key, value));
            }
            Some(Level::List(_)) | None => self.items.push(value),
        }
        Ok(())
    }
}

impl Events for Builder {
    fn null(&mut self) -> Result<(), WriteError> {
        self.put(Value::Null)
    }

    fn boolean(&mut self, value: bool) -> Result<(), WriteError> {
        self.put(Value::Bool(value))
    }

    fn signed(&mut self, value: i64) -> Result<(), WriteError> {
        self.put(Value::Number(value.into()))
    }

    fn unsigned(&mut self, value: u64) -> Result<(), WriteError> {
        self.put(Value::Number(value.into()))
    }

    fn float(&mut self, value: f64) -> Result<(), WriteError> {
        self.put(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn single(&mut self, value: f32) -> Result<(), WriteError> {
        // As serde_json has it.
        self.float(value.into())
    }

    fn number(&mut self, digits: &str) -> Result<(), WriteError> {
        let number = digits.parse::<Number>();
        let number = number.map_err(|_| WriteError::Type(format!("{digits} is no number")))?;
        self.put(Value::Number(number))
    }

    fn text(&mut self, text: &str) -> Result<(), WriteError> {
        self.put(text.into())
    }

    fn open_map(&mut self, _kind: MapKind, _length: usize) {
        self.open.push(Level::Map(self.members.len(), None));
    }

    fn key(&mut self, name: &str) -> Result<(), WriteError> {
        match self.open.last_mut() {
            Some(Level::Map(_, key)) => {
                *key = Some(name.into());
                Ok(())
            }
            _ => Err(WriteError::Key),
        }
    }

    fn close_map(&mut self) {
        if let Some(Level::Map(first, _)) = self.open.pop() {
            let members = Map::shared(&mut self.members, first);
            self.close(Value::Object(members));
        }
    }

    fn open_list(&mut self, _length: usize) {
        self.open.push(Level::List(self.items.len()));
    }

    fn item(&mut self) -> Result<(), WriteError> {
        Ok(())
    }

    fn close_list(&mut self) {
        if let Some(Level::List(first)) = self.open.pop() {
            let items = Value::shared_list(&mut self.items, first);
            self.close(items);
        }
    }
}

#[cfg(test)]
mod tests {
    use kube_yaml::Order;
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    use super::*;

    fn any_value() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            any::<f64>().prop_map(Json::from),
            "[a-z]{0,80}".prop_map(Json::from),
        ];
        leaf.prop_recursive(4, 60, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
                prop::collection::btree_map("[a-z]{0,3}", inner, 0..20)
                    .prop_map(|members| members.into_iter().collect::<Json>()),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_is_the_value_of_serde_json(value in any_value()) {
            prop_assert_eq!(of(&value).unwrap(), Value::from(&value));
        }

        #[test]
        fn it_is_the_same_beside_the_text(value in any_value()) {
            let mut text = Vec::new();
            let held = of_written(&value, |it| kube_yaml::append_emitted(&mut text, Order::Given, it));
            prop_assert_eq!(held.unwrap(), Value::from(&value));
            prop_assert_eq!(String::from_utf8(text).unwrap(), kube_yaml::to_string(&value).unwrap());
        }
    }

    #[test]
    fn types_are_told_as_serde_json_has_them() {
        #[derive(serde::Serialize)]
        enum Each {
            Unit,
            Wrapped(u8),
            Named { one: Option<f32>, other: (char, i8) },
        }
        let all = [
            Each::Unit,
            Each::Wrapped(7),
            Each::Named {
                one: Some(0.1),
                other: ('x', -1),
            },
        ];
        let value = of(&all).unwrap();
        assert_eq!(value.to_json(), serde_json::to_value(&all).unwrap());
        let mut text = Vec::new();
        let written = of_written(&all, |it| {
            kube_yaml::append_emitted(&mut text, Order::Given, it)
        });
        assert_eq!(written.unwrap(), value);
        assert_eq!(text, kube_yaml::to_string(&all).unwrap().as_bytes());
        assert_eq!(value[1].to_json(), json!({"Wrapped": 7}));
    }
}
