//! Objects of the mesh, read as its types have them.

use stack_model::{Entry as Object, Model};

use crate::Unread;

/// Reads the objects of a kind; what no server would take is listed instead.
pub(super) fn read_all<'m, T: serde::de::DeserializeOwned>(
    model: &'m Model,
    group: &str,
    kind: &str,
    unread: &mut Vec<Unread>,
) -> Vec<(&'m Object, T)> {
    let mut found = Vec::new();
    for object in model.objects(group, kind) {
        match crd_core::parse::lenient::<T>(object.value()) {
            Ok(value) => found.push((object, value)),
            Err(error) => unread.push(Unread::new(object, &error)),
        }
    }
    found
}
