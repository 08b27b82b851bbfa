//! What the components of the lab read.

use std::ops::Deref;

use istio_types::labels::DataplaneMode;
use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use stack_builder::{Bundle, ComponentError, Context, Environment};

use crate::ids::ISTIO;
use crate::wiring::Wiring;

/// The engine's context, and the lab's wiring in it.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    context: Context<'a>,
    pub(crate) wiring: &'a Wiring,
}

impl<'a> Scope<'a> {
    pub(crate) fn of(context: &Context<'a>) -> Result<Self, ComponentError> {
        Ok(Scope {
            context: *context,
            wiring: context.wiring()?,
        })
    }

    /// The same stack for another environment, with other wiring.
    pub(crate) fn with(self, environment: &'a Environment, wiring: &'a Wiring) -> Self {
        let mut context = self.context;
        context.environment = environment;
        Scope { context, wiring }
    }

    /// Whether Istio's ambient mesh is part of the lab, and with it its labels and policies.
    pub(crate) fn mesh(&self) -> bool {
        self.has(ISTIO)
    }
}

impl<'a> Deref for Scope<'a> {
    type Target = Context<'a>;

    fn deref(&self) -> &Context<'a> {
        &self.context
    }
}

/// The lab's wiring of a built stack.
pub(crate) fn wiring(bundle: &Bundle) -> Result<&Wiring, ComponentError> {
    bundle.wiring().ok_or(ComponentError::Wiring {
        wanted: std::any::type_name::<Wiring>(),
    })
}

/// A namespace that is not part of the mesh.
pub(crate) fn namespace(name: &str) -> Namespace {
    Namespace {
        metadata: ObjectMeta {
            name: Some(name.to_owned()),
            ..Default::default()
        },
        ..Default::default()
    }
}

/// A namespace whose pods join the mesh, where there is one.
pub(crate) fn mesh_namespace(name: &str, context: &Scope<'_>) -> Namespace {
    let mut namespace = namespace(name);
    if context.mesh() {
        let (key, value) = DataplaneMode::Ambient.label();
        namespace
            .metadata
            .labels
            .get_or_insert_default()
            .insert(key.to_owned(), value.to_owned());
    }
    namespace
}

/// Name and namespace of an object.
pub(crate) fn named(namespace: &str, name: &str) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.to_owned()),
        namespace: Some(namespace.to_owned()),
        ..Default::default()
    }
}
