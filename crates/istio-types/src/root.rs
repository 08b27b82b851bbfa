//! What the root types have in common beside the code of `crd_core::resource!`.

/// Gives root types whose spec is optional a way to set it.
macro_rules! with_spec {
    ($($root:ty: $spec:ty,)*) => {
        $(impl $root {
            /// The same object with this spec.
            #[must_use]
            pub fn with_spec(mut self, spec: $spec) -> Self {
                self.spec = Some(spec);
                self
            }
        })*
    };
}

pub(crate) use with_spec;
