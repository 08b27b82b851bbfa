//! Helpers of serialisation.

/// Whether a struct holds nothing, so that it is left out.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
