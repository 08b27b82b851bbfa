//! Keeps the process alive on rules that the evaluator cannot cope with.
//!
//! Parser and evaluator walk a rule by recursion without a bound that fits the stack, and panic on a few things. Rules
//! come from files, so both would let a file end the process.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

/// A rule that is nested this deep is read and evaluated on the stack that is there.
const MAX_HERE: usize = 40;
/// What a step of depth takes on the stack in a debug build, with room to spare.
const STACK_PER_STEP: usize = 48 << 10;

/// Does `work` on a rule of this depth, where there is stack enough for it. A panic becomes an error.
pub(super) fn guarded<T: Send>(depth: usize, work: impl FnOnce() -> T + Send) -> Result<T, String> {
    let panicked = "the evaluator cannot cope with it";
    if depth <= MAX_HERE {
        return catch_unwind(AssertUnwindSafe(work)).map_err(|_| panicked.to_owned());
    }
    thread::scope(|scope| {
        thread::Builder::new()
            .stack_size((2 << 20) + depth * STACK_PER_STEP)
            .spawn_scoped(scope, work)
            .map_err(|error| error.to_string())?
            .join()
            .map_err(|_| panicked.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        for depth in [0, 100] {
            assert_eq!(guarded(depth, || 1 + depth), Ok(1 + depth));
            assert!(guarded(depth, || assert!(depth > 1000)).is_err());
        }
    }
}
