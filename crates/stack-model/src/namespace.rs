//! Namespaces.

use kube_value::Text;

use crate::model::Model;
use crate::{Entry, EntryId, Labels};

#[derive(Debug)]
pub(crate) struct NamespaceData {
    pub(crate) name: Text,
    pub(crate) entry: Option<EntryId>,
}

/// A namespace that the input declares, or only mentions: some object lives in it.
#[derive(Clone, Copy, Debug)]
pub struct Namespace<'m> {
    pub(crate) model: &'m Model,
    pub(crate) data: &'m NamespaceData,
}

impl<'m> Namespace<'m> {
    /// The namespace's name, whether or not the Namespace object lies in the input.
    pub fn name(self) -> &'m str {
        &self.data.name
    }

    /// The `Namespace` object; `None` where the namespace is only mentioned. Its labels are then unknown, not absent.
    pub fn entry(self) -> Option<&'m Entry> {
        self.data.entry.map(|id| self.model.entry(id))
    }

    /// Whether the input has the `Namespace` object.
    pub fn is_declared(self) -> bool {
        self.data.entry.is_some()
    }

    /// The labels, with `kubernetes.io/metadata.name`, which every namespace has.
    pub fn labels(self) -> Labels<'m> {
        self.entry()
            .map(Entry::labels)
            .unwrap_or_default()
            .with_implied([Some(("kubernetes.io/metadata.name", self.name())), None])
    }
}
