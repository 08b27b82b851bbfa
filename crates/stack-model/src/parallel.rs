//! Work on many things at once, on all processors, with the results in the things' order.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::work;

/// How many items a thread takes at a time: asking for each would cost more than some, and at the end of many large ones one thread
/// works alone.
const BATCH: usize = 4;

/// Applies `job` to all items, on all processors: the results, in the order of the items.
///
/// ```
/// let squares = stack_model::parallel::all(&[1, 2, 3], |number| number * number);
/// assert_eq!(squares, [1, 4, 9]);
/// ```
pub fn all<T: Sync, R: Send>(items: &[T], job: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    // Few items may be large ones: whole files, or checks of everything.
    let batch = (items.len() / (threads * 64)).clamp(1, BATCH);
    let batches = items.len().div_ceil(batch);
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        let before = work::steps();
        loop {
            let ticket = next.fetch_add(1, Ordering::Relaxed);
            if ticket >= batches {
                return (done, work::steps() - before);
            }
            // From both ends: neighbours are of one kind, and two threads would wait for the same definition.
            let index = if ticket.is_multiple_of(2) {
                ticket / 2
            } else {
                batches - 1 - ticket / 2
            };
            let first = index * batch;
            let items = &items[first..items.len().min(first + batch)];
            done.push((index, items.iter().map(&job).collect::<Vec<R>>()));
        }
    };
    let mut results = Vec::with_capacity(batches);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads.min(batches))
            .map(|_| scope.spawn(worker))
            .collect();
        results.extend(worker().0);
        for worker in workers {
            match worker.join() {
                Ok((done, steps)) => {
                    results.extend(done);
                    work::add(steps);
                }
                Err(panic) => resume_unwind(panic),
            }
        }
    });
    results.sort_by_key(|(index, _)| *index);
    results
        .into_iter()
        .flat_map(|(_, results)| results)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for count in [0, 1, 2, 3, 100, 5000] {
            let items: Vec<usize> = (0..count).collect();
            let doubled: Vec<usize> = items.iter().map(|item| item * 2).collect();
            assert_eq!(all(&items, |item| item * 2), doubled);
        }
    }
}
