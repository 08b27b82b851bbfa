//! Objects that several files describe in different ways.

use stack_model::{Entry, Model};

/// Objects of which another file has a different description: variants, of which one is applied here and one there.
pub(crate) fn variants(model: &Model) -> impl Iterator<Item = &Entry> {
    let differ = model.duplicates().filter(|duplicate| {
        let (earlier, later) = (duplicate.earlier, duplicate.later);
        let (one, other) = (earlier.origin(), later.origin());
        one.file != other.file && one.release == other.release && earlier.value() != later.value()
    });
    differ.map(|duplicate| duplicate.later)
}
