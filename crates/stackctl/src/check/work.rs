//! Work on many inputs at once, with results in the inputs' order.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many inputs are worked on before their results are handed over: enough for every processor, few enough to hold.
const WINDOW: usize = 2048;

/// Applies `work` to all items, on all processors, and hands the results to `take` in the order of the items.
///
/// # Errors
/// The first error of `take`; nothing more is worked on then.
pub(super) fn in_order<T: Sync, R: Send, E>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(&T, R) -> Result<(), E>,
) -> Result<(), E> {
    for window in items.chunks(WINDOW) {
        for (item, result) in window.iter().zip(all(window, &work)) {
            take(item, result)?;
        }
    }
    Ok(())
}

/// The results of all items, in their order.
pub(super) fn all<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let ticket = next.fetch_add(1, Ordering::Relaxed);
            if ticket >= items.len() {
                return done;
            }
            // From both ends: neighbours are of one kind, and two threads would wait for the same definition.
            let index = if ticket.is_multiple_of(2) {
                ticket / 2
            } else {
                items.len() - 1 - ticket / 2
            };
            done.push((index, work(&items[index])));
        }
    };
    let mut results = Vec::with_capacity(items.len());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads.min(items.len()))
            .map(|_| scope.spawn(worker))
            .collect();
        results.extend(worker());
        for worker in workers {
            match worker.join() {
                Ok(done) => results.extend(done),
                Err(panic) => resume_unwind(panic),
            }
        }
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for count in [0, 1, 2, 3, WINDOW, 2 * WINDOW + 1] {
            let items: Vec<usize> = (0..count).collect();
            let mut taken = Vec::new();
            let result: Result<(), ()> = in_order(
                &items,
                |item| item * 2,
                |item, result| {
                    assert_eq!(result, item * 2);
                    taken.push(*item);
                    Ok(())
                },
            );
            assert!(result.is_ok() && taken == items);
        }
    }

    #[test]
    fn an_error_ends_the_work_with_its_window() {
        let items: Vec<usize> = (0..3 * WINDOW).collect();
        let done = AtomicUsize::new(0);
        let work = |_: &usize| done.fetch_add(1, Ordering::Relaxed);
        assert_eq!(in_order(&items, work, |_, _| Err("full")), Err("full"));
        assert_eq!(done.load(Ordering::Relaxed), WINDOW);
    }
}
