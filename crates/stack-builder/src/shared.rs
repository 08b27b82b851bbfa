//! What several components must agree on, as typed values that the engine does not know.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt::{self, Debug};

/// A value that components share: anything that can be cloned and printed.
pub trait Shared: Any + Debug + Send + Sync {
    #[doc(hidden)]
    fn boxed(&self) -> Box<dyn Shared>;
}

impl<T: Any + Clone + Debug + Send + Sync> Shared for T {
    fn boxed(&self) -> Box<dyn Shared> {
        Box::new(self.clone())
    }
}

/// The shared values of a stack, at most one of each type.
///
/// ```
/// use stack_builder::SharedValues;
///
/// #[derive(Clone, Debug)]
/// struct Ports {
///     metrics: u16,
/// }
///
/// let mut wiring = SharedValues::default();
/// wiring.insert(Ports { metrics: 9090 });
/// assert_eq!(wiring.get::<Ports>().map(|ports| ports.metrics), Some(9090));
/// assert!(wiring.get::<String>().is_none());
/// ```
#[derive(Default)]
pub struct SharedValues(HashMap<TypeId, Box<dyn Shared>>);

impl SharedValues {
    /// Adds a value; one of the same type that is there already is replaced.
    pub fn insert<T: Shared>(&mut self, value: T) {
        self.0.insert(TypeId::of::<T>(), Box::new(value));
    }

    /// The value that was wired for a type; `None` where nobody wired one.
    pub fn get<T: Shared>(&self) -> Option<&T> {
        let value: &dyn Any = self.0.get(&TypeId::of::<T>())?.as_ref();
        value.downcast_ref()
    }

    /// The value of a type, to change it.
    pub fn get_mut<T: Shared>(&mut self) -> Option<&mut T> {
        let value: &mut dyn Any = self.0.get_mut(&TypeId::of::<T>())?.as_mut();
        value.downcast_mut()
    }
}

impl Clone for SharedValues {
    fn clone(&self) -> Self {
        let values = self.0.iter();
        SharedValues(
            values
                .map(|(id, value)| (*id, value.as_ref().boxed()))
                .collect(),
        )
    }
}

impl Debug for SharedValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.values()).finish()
    }
}
