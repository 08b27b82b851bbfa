//! Types that know their kind.

use std::borrow::Cow;

#[cfg(not(feature = "kube"))]
use k8s_openapi::{Metadata, Resource, apimachinery::pkg::apis::meta::v1::ObjectMeta};
#[cfg(feature = "kube")]
use kube_core::Resource;

/// A Rust type that knows its kind: k8s-openapi's types and the types crates' roots. With the feature `kube`, all that
/// `kube::Resource` says it of without a value, such as what kube's derive makes.
#[diagnostic::on_unimplemented(
    note = "what kube's derive makes knows its kind with the feature `kube` of stack-builder; an object of any type is taken as a dynamic one"
)]
pub trait KnownKind {
    /// The API group; empty for the core.
    fn group() -> Cow<'static, str>;

    /// The kind, as objects write it.
    fn kind() -> Cow<'static, str>;
}

#[cfg(not(feature = "kube"))]
impl<T: Resource + Metadata<Ty = ObjectMeta>> KnownKind for T {
    fn group() -> Cow<'static, str> {
        T::GROUP.into()
    }

    fn kind() -> Cow<'static, str> {
        T::KIND.into()
    }
}

#[cfg(feature = "kube")]
impl<T: Resource<DynamicType = ()>> KnownKind for T {
    fn group() -> Cow<'static, str> {
        T::group(&())
    }

    fn kind() -> Cow<'static, str> {
        T::kind(&())
    }
}

#[cfg(all(test, feature = "kube"))]
mod tests {
    use k8s_openapi::{ClusterResourceScope, apimachinery::pkg::apis::meta::v1::ObjectMeta};
    use serde::Serialize;

    use super::*;
    use crate::Object;

    /// As kube's derive writes it.
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Greeter {
        api_version: &'static str,
        kind: &'static str,
        metadata: ObjectMeta,
    }

    impl Resource for Greeter {
        type DynamicType = ();
        type Scope = ClusterResourceScope;

        fn kind(_: &()) -> Cow<'_, str> {
            "Greeter".into()
        }

        fn group(_: &()) -> Cow<'_, str> {
            "example.com".into()
        }

        fn version(_: &()) -> Cow<'_, str> {
            "v1".into()
        }

        fn plural(_: &()) -> Cow<'_, str> {
            "greeters".into()
        }

        fn meta(&self) -> &ObjectMeta {
            &self.metadata
        }

        fn meta_mut(&mut self) -> &mut ObjectMeta {
            &mut self.metadata
        }
    }

    #[test]
    fn a_kind_of_kubes_derive_is_taken() {
        let object = Object::typed(Greeter {
            api_version: "example.com/v1",
            kind: "Greeter",
            metadata: ObjectMeta {
                name: Some("hello".to_owned()),
                ..ObjectMeta::default()
            },
        });
        let object = object.unwrap();
        assert_eq!(object.id().to_string(), "Greeter hello");
        assert_eq!(<Greeter as KnownKind>::group(), "example.com");
    }
}
