//! Objects of the mesh, read as its types have them.

use stack_model::{Entry as Object, Model};

use crate::Unread;

/// Reads the objects of a kind, one after the other; what no server would take is listed instead.
pub(super) fn read_all<'m, T: serde::de::DeserializeOwned>(
    model: &'m Model,
    group: &str,
    kind: &str,
    unread: &mut Vec<Unread>,
) -> impl Iterator<Item = (&'m Object, T)> {
    model.objects(group, kind).filter_map(|object| {
        match crd_core::parse::lenient::<T>(object.value()) {
            Ok(value) => Some((object, value)),
            Err(error) => {
                unread.push(Unread::new(object, &error));
                None
            }
        }
    })
}
