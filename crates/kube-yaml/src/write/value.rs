//! From events to a JSON value whose keys are in order.

use serde::Serialize;
use serde_json::{Map, Number, Value};

use super::arrange::{Order, Place, Table};
use super::error::WriteError;
use super::events::{Emit, Events, MapKind};
use super::tell::Teller;

/// The value of an object as JSON, with its keys in the order in which they are written. As `serde_json::to_value` otherwise.
///
/// ```
/// #[derive(serde::Serialize)]
/// struct Container {
///     args: Vec<&'static str>,
///     name: &'static str,
/// }
///
/// let container = [Container { args: vec!["-v"], name: "web" }];
/// let value = kube_yaml::to_value_in(kube_yaml::Order::BuiltIn, &container)?;
/// assert_eq!(value[0].to_string(), r#"{"name":"web","args":["-v"]}"#);
/// # Ok::<(), kube_yaml::WriteError>(())
/// ```
///
/// # Errors
/// A key that cannot be one, a whole number that JSON cannot hold, or a type that refuses to be serialised.
pub fn to_value_in<T: Serialize + ?Sized>(order: Order, value: &T) -> Result<Value, WriteError> {
    let mut builder = Builder::new(order);
    value.serialize(Teller::new(&mut builder))?;
    Ok(builder.done)
}

/// As [`to_value_in`], of a trait object.
///
/// # Errors
/// As [`to_value_in`].
pub fn emitted_value(order: Order, value: &dyn Emit) -> Result<Value, WriteError> {
    let mut builder = Builder::new(order);
    value.emit(&mut builder)?;
    Ok(builder.done)
}

/// A collection that is not complete.
enum Level {
    Members {
        members: Map<String, Value>,
        key: String,
        table: Option<Table>,
        /// One for each member, where there is a table.
        ranks: Vec<u8>,
    },
    Items(Vec<Value>),
}

struct Builder {
    order: Order,
    open: Vec<Level>,
    done: Value,
}

impl Builder {
    fn new(order: Order) -> Self {
        Self {
            order,
            open: Vec::new(),
            done: Value::Null,
        }
    }

    fn place(&self) -> Place {
        match self.open.last() {
            None => Place::Root,
            Some(Level::Members {
                key,
                table: Some(Table::Root),
                ..
            }) if key == "metadata" => Place::Metadata,
            Some(_) => Place::Inside,
        }
    }

    fn put(&mut self, value: Value) {
        match self.open.last_mut() {
            None => self.done = value,
            Some(Level::Items(items)) => items.push(value),
            Some(Level::Members {
                members,
                key,
                table,
                ranks,
            }) => {
                let key = std::mem::take(key);
                let rank = table.map(|table| table.rank(&key));
                if members.insert(key, value).is_none() {
                    ranks.extend(rank);
                }
            }
        }
    }
}

impl Events for Builder {
    fn null(&mut self) -> Result<(), WriteError> {
        self.put(Value::Null);
        Ok(())
    }

    fn boolean(&mut self, value: bool) -> Result<(), WriteError> {
        self.put(Value::Bool(value));
        Ok(())
    }

    fn signed(&mut self, value: i64) -> Result<(), WriteError> {
        self.put(Value::from(value));
        Ok(())
    }

    fn unsigned(&mut self, value: u64) -> Result<(), WriteError> {
        self.put(Value::from(value));
        Ok(())
    }

    fn float(&mut self, value: f64) -> Result<(), WriteError> {
        self.put(Value::from(value));
        Ok(())
    }

    fn single(&mut self, value: f32) -> Result<(), WriteError> {
        // As serde_json has it.
        self.float(value.into())
    }

    fn number(&mut self, digits: &str) -> Result<(), WriteError> {
        let number: Number = digits
            .parse()
            .map_err(|_| WriteError::Type(format!("{digits} is no number")))?;
        if number.is_f64() && !digits.contains(['.', 'e', 'E']) {
            return Err(WriteError::Type(format!("{digits} is too large for JSON")));
        }
        self.put(Value::Number(number));
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), WriteError> {
        self.put(Value::from(text));
        Ok(())
    }

    fn open_map(&mut self, kind: MapKind, length: usize) {
        let table = match kind {
            MapKind::Variant => None,
            kind => self.order.table(self.place(), kind == MapKind::Struct),
        };
        self.open.push(Level::Members {
            members: Map::with_capacity(length),
            key: String::new(),
            table,
            ranks: Vec::new(),
        });
    }

    fn key(&mut self, name: &str) -> Result<(), WriteError> {
        match self.open.last_mut() {
            Some(Level::Members { key, .. }) => {
                name.clone_into(key);
                Ok(())
            }
            _ => Err(WriteError::Key),
        }
    }

    fn close_map(&mut self) {
        let Some(Level::Members {
            mut members, ranks, ..
        }) = self.open.pop()
        else {
            return;
        };
        if !ranks.is_sorted() {
            let mut ranked: Vec<(u8, (String, Value))> = ranks
                .into_iter()
                .zip(std::mem::take(&mut members))
                .collect();
            ranked.sort_by_key(|(rank, _)| *rank);
            members = ranked.into_iter().map(|(_, member)| member).collect();
        }
        self.put(Value::Object(members));
    }

    fn open_list(&mut self, length: usize) {
        self.open.push(Level::Items(Vec::with_capacity(length)));
    }

    fn item(&mut self) -> Result<(), WriteError> {
        Ok(())
    }

    fn close_list(&mut self) {
        if let Some(Level::Items(items)) = self.open.pop() {
            self.put(Value::Array(items));
        }
    }
}
