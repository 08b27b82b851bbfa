//! A part, and what it needs of others.

use crate::availability::Availability;

/// A part of a system.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub(crate) name: String,
    pub(crate) own: Availability,
    pub(crate) needs: Vec<Vec<String>>,
}

impl Part {
    /// A part that works so much of the time when all that it needs works.
    pub fn new(name: impl Into<String>, own: Availability) -> Self {
        Self {
            name: name.into(),
            own,
            needs: Vec::new(),
        }
    }

    /// The part consists of so many copies that fail independently, of which `enough` must work.
    #[must_use]
    pub fn copies(mut self, copies: u32, enough: u32) -> Self {
        self.own = self.own.of_copies(copies, enough);
        self
    }

    /// It does not work without another part.
    #[must_use]
    pub fn needs(self, part: impl Into<String>) -> Self {
        self.needs_one_of([part])
    }

    /// It works as long as one of these parts does.
    #[must_use]
    pub fn needs_one_of<P: Into<String>>(mut self, parts: impl IntoIterator<Item = P>) -> Self {
        self.needs.push(parts.into_iter().map(Into::into).collect());
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How much of the time it works by itself, copies included.
    pub fn own(&self) -> Availability {
        self.own
    }
}
