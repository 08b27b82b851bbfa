//! How large things are: processors and memory, volumes, and the size of a whole stack.

use kube_vocab::Quantity;
use serde_json::{Value, json};
use stack_builder::ComponentError;

/// What a container asks for and may use. Every component of the catalogue asks for something, so that the scheduler knows.
///
/// ```
/// use stack_catalog::Resources;
///
/// // A quarter of a processor, or more where it is free; a gibibyte, and it is killed beyond two.
/// let resources = Resources::new("250m", "1Gi").memory_limit("2Gi");
/// assert_eq!(resources.cpu, "250m");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resources {
    /// Processors that it asks for.
    pub cpu: String,
    /// Memory that it asks for.
    pub memory: String,
    /// Processors beyond which it is slowed down; `None` lets it have what is free.
    pub cpu_limit: Option<String>,
    /// Memory beyond which it is killed; `None` for no bound.
    pub memory_limit: Option<String>,
}

impl Resources {
    /// Asks for so much, with the memory as its bound, too.
    pub fn new(cpu: &str, memory: &str) -> Self {
        Resources {
            cpu: cpu.to_owned(),
            memory: memory.to_owned(),
            cpu_limit: None,
            memory_limit: Some(memory.to_owned()),
        }
    }

    /// The same with another bound of memory.
    #[must_use]
    pub fn memory_limit(mut self, memory: &str) -> Self {
        self.memory_limit = Some(memory.to_owned());
        self
    }

    /// The same with a bound of processors.
    #[must_use]
    pub fn cpu_limit(mut self, cpu: &str) -> Self {
        self.cpu_limit = Some(cpu.to_owned());
        self
    }

    /// As Kubernetes and charts write it.
    ///
    /// # Errors
    /// [`ComponentError::Field`] when a text is no quantity, or a bound is below what is asked for; `field` is where the value
    /// stands in the component.
    pub fn to_value(&self, field: &str) -> Result<Value, ComponentError> {
        let mut value = json!({"requests": {}});
        for (name, request, limit) in [
            ("cpu", &self.cpu, &self.cpu_limit),
            ("memory", &self.memory, &self.memory_limit),
        ] {
            let asked = quantity(&format!("{field}.{name}"), request)?;
            value["requests"][name] = request.as_str().into();
            if let Some(limit) = limit {
                let field = format!("{field}.{name}_limit");
                if quantity(&field, limit)? < asked {
                    return Err(refused(
                        &field,
                        limit,
                        &format!("at least {request}, which it asks for"),
                    ));
                }
                value["limits"][name] = limit.as_str().into();
            }
        }
        Ok(value)
    }
}

/// A volume that a component claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// How much it holds.
    pub size: String,
    /// The StorageClass; `None` for the cluster's default one.
    pub class: Option<String>,
}

impl Volume {
    /// A volume of the cluster's default StorageClass.
    pub fn new(size: &str) -> Self {
        Volume {
            size: size.to_owned(),
            class: None,
        }
    }

    /// The same of a StorageClass.
    #[must_use]
    pub fn of_class(mut self, class: &str) -> Self {
        self.class = Some(class.to_owned());
        self
    }

    /// The spec of a PersistentVolumeClaim for one pod.
    ///
    /// # Errors
    /// [`ComponentError::Field`] when the size is no quantity; `field` is where the value stands in the component.
    pub fn claim(&self, field: &str) -> Result<Value, ComponentError> {
        quantity(&format!("{field}.size"), &self.size)?;
        let mut claim = json!({
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": self.size}},
        });
        if let Some(class) = &self.class {
            claim["storageClassName"] = class.as_str().into();
        }
        Ok(claim)
    }
}

/// The size of a stack, as the profile of [`Stack::profile`](stack_builder::Stack::profile): components take on the replicas that go
/// with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// One of everything: one zone, a laptop.
    Small,
    /// Two or three of everything that can be: several zones.
    Medium,
    /// As medium, for many nodes: several regions.
    Large,
}

impl Size {
    /// All sizes, the smallest first.
    pub const ALL: [Size; 3] = [Size::Small, Size::Medium, Size::Large];

    /// The name of the profile.
    pub fn name(self) -> &'static str {
        match self {
            Size::Small => "small",
            Size::Medium => "medium",
            Size::Large => "large",
        }
    }

    /// The size of this name; `None` for a profile that is none.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.name() == name)
    }
}

impl From<Size> for String {
    fn from(size: Size) -> Self {
        size.name().to_owned()
    }
}

/// A text that must be an amount that is not negative.
pub(crate) fn quantity(field: &str, text: &str) -> Result<Quantity, ComponentError> {
    let parsed: Option<Quantity> = text.parse().ok();
    parsed
        .filter(|quantity| !quantity.is_negative())
        .ok_or_else(|| refused(field, text, "a quantity such as 500m, 2 or 10Gi"))
}

/// A field of a component that cannot work.
pub(crate) fn refused(field: &str, found: impl ToString, expected: &str) -> ComponentError {
    ComponentError::Field {
        field: field.to_owned(),
        found: found.to_string(),
        expected: expected.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_that_cannot_work_are_refused_with_their_field() {
        for (resources, expected) in [
            (Resources::new("1 core", "1Gi"), "`x.cpu` is 1 core"),
            (Resources::new("1", "-1Gi"), "`x.memory` is -1Gi"),
            (
                Resources::new("1", "1Gi").memory_limit("1G"),
                "`x.memory_limit` is 1G: at least 1Gi",
            ),
            (
                Resources::new("1", "1Gi").cpu_limit("999m"),
                "`x.cpu_limit` is 999m: at least 1",
            ),
        ] {
            let error = resources.to_value("x").unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn memory_is_bounded_and_processors_are_not() {
        let value = Resources::new("100m", "64Mi").to_value("x").unwrap();
        let expected =
            json!({"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}});
        assert_eq!(value, expected);
    }
}
