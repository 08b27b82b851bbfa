//! Counting steps, so that a test can say how work grows without a clock.
//!
//! A step is a look at an object, at a member by its path, at a label, or at a requirement of a selector. All that reads objects
//! through this crate does it in steps. Each thread counts its own, and what others do for it through [`parallel`](crate::parallel).

#[cfg(feature = "work")]
use std::cell::Cell;

#[cfg(feature = "work")]
thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// The steps of this thread so far; 0 where steps are not counted.
pub fn steps() -> u64 {
    #[cfg(feature = "work")]
    return STEPS.get();
    #[cfg(not(feature = "work"))]
    0
}

/// Notes steps that another thread did for this one.
pub(crate) fn add(steps: u64) {
    #[cfg(feature = "work")]
    STEPS.set(STEPS.get() + steps);
    #[cfg(not(feature = "work"))]
    let _ = steps;
}

/// Notes a step, where steps are counted: for crates that look at objects in ways of their own.
#[inline]
pub fn step() {
    #[cfg(feature = "work")]
    STEPS.set(STEPS.get() + 1);
}
