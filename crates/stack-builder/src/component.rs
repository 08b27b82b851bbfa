//! What a component is.

use std::any::Any;
use std::collections::BTreeSet;
use std::fmt::Debug;

use crate::bundle::Bundle;
use crate::contribution::Contribution;
use crate::environment::Environment;
use crate::error::ComponentError;
use crate::shared::{Shared, SharedValues};
use crate::verify::Questions;

/// One part of a platform: a network, a gateway, an app. All that belongs to it comes from it.
///
/// ```
/// use k8s_openapi::api::core::v1::ConfigMap;
/// use stack_builder::{Component, ComponentError, Context, Contribution, Expectation, Stack};
///
/// #[derive(Clone, Debug)]
/// struct Motd(String);
///
/// impl Component for Motd {
///     fn id(&self) -> &str {
///         "motd"
///     }
///     fn contribute(&self, context: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
///         let mut config = ConfigMap::default();
///         config.metadata.name = Some("motd".into());
///         config.metadata.namespace = Some("default".into());
///         config.data = Some([(context.environment.name().to_owned(), self.0.clone())].into());
///         out.object("motd.yaml", config)?;
///         let arguments = ["get", "configmap", "motd", "-o", "name"];
///         out.questions().kubectl("MOTD-1", "the message is there", &arguments, Expectation::Success);
///         Ok(())
///     }
/// }
///
/// let bundle = Stack::new("dev", "dev.example.com").with(Motd("hello".into())).build()?;
/// assert!(bundle.object("ConfigMap", Some("default"), "motd").is_some());
/// assert!(bundle.files().iter().any(|file| file.path == "verify-all.sh" && file.text.contains("MOTD-1")));
/// # Ok::<(), stack_builder::BuildError>(())
/// ```
pub trait Component: Any + Debug + Send + Sync {
    /// A DNS label that no other component of the stack has. Its folder is `<depth>-<id>`.
    fn id(&self) -> &str;

    /// The namespace in which it mainly lives; `None` when it is not in the cluster, or in no namespace.
    ///
    /// # Errors
    /// [`ComponentError::Wiring`] when the namespace stands in shared values that the stack was not given.
    fn namespace(&self, _context: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(None)
    }

    /// Roles that it fills for others beside its id, such as `gateway`. Who names a role depends on whoever fills it.
    fn roles(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Ids or roles without which it cannot work; they come before it.
    fn requires(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Ids or roles that come before it when they are there.
    fn after(&self) -> Vec<&str> {
        Vec::new()
    }

    /// The step of the installation in which it belongs. A component without one is installed in the step of the latest
    /// of those before it, after them.
    fn step(&self) -> Option<u8> {
        None
    }

    /// Takes on the sizes of a profile, by its name; a profile that it does not know changes nothing.
    fn resize(&mut self, _profile: &str) {}

    /// Adds what it consists of.
    ///
    /// # Errors
    /// [`ComponentError`] when something of it is not valid.
    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError>;

    /// Adds questions for `verify-all.sh` whose answers depend on the rest of the stack; they come after those that it
    /// asked while it contributed.
    ///
    /// # Errors
    /// [`ComponentError`] when something of the stack cannot be read.
    fn verify(&self, _bundle: &Bundle, _questions: &mut Questions) -> Result<(), ComponentError> {
        Ok(())
    }
}

/// What a component may read while it contributes: one way, never another component's insides.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The environment for which the stack is built: its name and its hosts.
    pub environment: &'a Environment,
    /// The name of the profile that is rendered.
    pub profile: &'a str,
    pub(crate) wiring: &'a SharedValues,
    pub(crate) known: &'a BTreeSet<String>,
}

impl<'a> Context<'a> {
    /// Whether the stack has a component of this id, or one that fills this role.
    pub fn has(&self, id_or_role: &str) -> bool {
        self.known.contains(id_or_role)
    }

    /// The values of a type that the components of the stack share.
    ///
    /// # Errors
    /// [`ComponentError::Wiring`] when the stack was given none of this type.
    pub fn wiring<T: Shared>(&self) -> Result<&'a T, ComponentError> {
        self.wiring.get().ok_or(ComponentError::Wiring {
            wanted: std::any::type_name::<T>(),
        })
    }
}
