//! Counting steps, so that a test can say how work grows without a clock.
//!
//! A step is a look at an object, at a member by its path, at a label, or at a requirement of a selector. All that reads objects
//! through this crate does it in steps. Each thread counts its own.

#[cfg(feature = "work")]
use std::cell::Cell;

#[cfg(feature = "work")]
thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// The steps of this thread so far.
#[cfg(feature = "work")]
pub fn steps() -> u64 {
    STEPS.get()
}

/// Notes a step, where steps are counted: for crates that look at objects in ways of their own.
#[inline]
pub fn step() {
    #[cfg(feature = "work")]
    STEPS.set(STEPS.get() + 1);
}
