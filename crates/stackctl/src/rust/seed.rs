//! What each part of a document was read with.

use super::type_name::Ty;

/// What a part was read with.
#[derive(Clone, Debug)]
pub(super) enum Seed {
    Value(Ty),
    /// A member of a union: the union, and the member's type; none for the discriminator.
    Union(Ty, Option<Ty>),
}

impl Seed {
    pub(super) fn read(name: &str) -> Option<Self> {
        let mut seed = Ty::read(name)?;
        let union = seed.krate() == "crd_core";
        match (seed.name(), seed.args.len()) {
            ("PhantomData", 1) => seed.args.pop().map(Self::Value),
            ("Tag", 1) if union => seed.args.pop().map(|of| Self::Union(of, None)),
            ("Body", 2) if union => {
                let member = seed.args.pop();
                seed.args.pop().map(|of| Self::Union(of, member))
            }
            _ => None,
        }
    }
}
