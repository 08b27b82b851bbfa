//! Work on many things at once, on all processors, with the results in the things' order.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::work;

/// How many items a thread takes at a time: asking for each would cost more than some, and at the end of many large ones one thread
/// works alone.
const BATCH: usize = 4;

/// How many threads run at once. Asking the system means reading several of its files.
fn processors() -> usize {
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    *PROCESSORS.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// Gives back what somebody held, while the caller goes on, where there is a second processor: many small pieces of memory take as
/// long to give back as to ask for. What the program ends before is not given back.
pub fn give_back(held: impl Send + 'static) {
    if processors() > 1 {
        // Where no thread starts, it is given back at once.
        let _ = std::thread::Builder::new().spawn(move || drop(held));
    }
}

/// Applies `job` to all items, on all processors: the results, in the order of the items.
///
/// ```
/// let squares = stack_model::parallel::all(&[1, 2, 3], |number| number * number);
/// assert_eq!(squares, [1, 4, 9]);
/// ```
pub fn all<T: Sync, R: Send>(items: &[T], job: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = processors();
    // Few items may be large ones: whole files, or checks of everything.
    let batch = (items.len() / (threads * 64)).clamp(1, BATCH);
    let batches = items.len().div_ceil(batch);
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        let before = work::steps();
        make_room();
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
    let mut all = Vec::with_capacity(items.len());
    for mut results in in_order(results) {
        all.append(&mut results);
    }
    all
}

/// Results, of which each comes with its place; each place comes once.
fn in_order<R>(results: Vec<(usize, R)>) -> impl Iterator<Item = R> {
    let mut places = Vec::new();
    places.resize_with(results.len(), || None);
    for (place, result) in results {
        places[place] = Some(result);
    }
    places.into_iter().flatten()
}

/// Whether the work on so many objects is worth threads: fewer are done before others have started and found memory of their own.
pub fn is_worth_threads(objects: usize) -> bool {
    objects >= 100
}

/// As [`all`], for jobs that take microseconds each, such as judging an object: a few of them are not worth a thread.
///
/// ```
/// let squares = stack_model::parallel::small(&[1, 2, 3], |number| number * number);
/// assert_eq!(squares, [1, 4, 9]);
/// ```
pub fn small<T: Sync, R: Send>(items: &[T], job: impl Fn(&T) -> R + Sync) -> Vec<R> {
    match is_worth_threads(items.len()) {
        true => all(items, job),
        false => items.iter().map(job).collect(),
    }
}

/// Does two jobs at once, where there is a second processor, and otherwise one after the other.
///
/// ```
/// let both = stack_model::parallel::both(|| 1 + 1, || "two");
/// assert_eq!(both, (2, "two"));
/// ```
pub fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    if processors() == 1 {
        return (one(), other());
    }
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let before = work::steps();
            (one(), work::steps() - before)
        });
        let other = other();
        match worker.join() {
            Ok((one, steps)) => {
                work::add(steps);
                (one, other)
            }
            Err(panic) => resume_unwind(panic),
        }
    })
}

/// Takes one thing after the other from `next`, on all processors, and applies `job` to each: the results, in the order in which the
/// things came. `job` is told how many things came before.
///
/// One thread at a time takes a thing, and does the job on it itself: what `next` makes is still in the cache of the processor that
/// works on it, and memory is given back by the thread that asked for it. Before each of its own jobs the caller's thread does what has
/// to be done in one place, such as writing what is done; nobody takes a thing meanwhile, so that what is done does not pile up.
///
/// ```
/// let mut numbers = 1..4;
/// let squares = stack_model::parallel::each(
///     || Ok::<_, std::convert::Infallible>(numbers.next()),
///     |_, number| number * number,
///     || Ok(()),
/// );
/// assert_eq!(squares, Ok(vec![1, 4, 9]));
/// ```
///
/// # Errors
/// The first of `next` or `between`. Nothing is taken after it, and what was taken before is done.
pub fn each<T, R: Send, E: Send>(
    next: impl FnMut() -> Result<Option<T>, E> + Send,
    job: impl Fn(usize, T) -> R + Sync,
    mut between: impl FnMut() -> Result<(), E>,
) -> Result<Vec<R>, E> {
    let source = Mutex::new(Source {
        next,
        taken: 0,
        end: None,
    });
    // Where `next` panics, nobody asks it again.
    let take = || source.lock().ok()?.take();
    let worker = || {
        let mut done = Vec::new();
        let before = work::steps();
        while let Some((place, thing)) = take() {
            make_room();
            done.push((place, job(place, thing)));
        }
        (done, work::steps() - before)
    };
    let mut results = Vec::new();
    std::thread::scope(|scope| {
        let mut workers = Vec::new();
        let mut take = || source.lock().ok()?.take_after(&mut between);
        while let Some((place, thing)) = take() {
            // They start when there is something to do.
            if place == 0 {
                workers.extend((1..processors()).map(|_| scope.spawn(worker)));
            }
            results.push((place, job(place, thing)));
        }
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
    let source = source.into_inner().unwrap_or_else(PoisonError::into_inner);
    match source.end {
        Some(Err(error)) => Err(error),
        _ => Ok(in_order(results).collect()),
    }
}

/// Lets a thread that is not the first have its next pieces of memory at once. glibc asks the system for them page by page otherwise,
/// and the other threads wait meanwhile.
fn make_room() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(256 << 10)));
}

/// Where things come from.
struct Source<N, E> {
    next: N,
    taken: usize,
    /// How it ended.
    end: Option<Result<(), E>>,
}

impl<T, E, N: FnMut() -> Result<Option<T>, E>> Source<N, E> {
    /// The next thing, and how many came before it.
    fn take(&mut self) -> Option<(usize, T)> {
        if self.end.is_some() {
            return None;
        }
        match (self.next)() {
            Ok(Some(thing)) => {
                self.taken += 1;
                return Some((self.taken - 1, thing));
            }
            Ok(None) => self.end = Some(Ok(())),
            Err(error) => self.end = Some(Err(error)),
        }
        None
    }

    /// The same after something else, whose error ends it.
    fn take_after(&mut self, before: &mut impl FnMut() -> Result<(), E>) -> Option<(usize, T)> {
        if let (Err(error), None) = (before(), &self.end) {
            self.end = Some(Err(error));
        }
        self.take()
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{all, each};

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for count in [0, 1, 2, 3, 100, 5000] {
            let items: Vec<usize> = (0..count).collect();
            let doubled: Vec<usize> = items.iter().map(|item| item * 2).collect();
            assert_eq!(all(&items, |item| item * 2), doubled);
        }
    }

    #[test]
    fn what_comes_is_worked_on_in_its_order() {
        for count in [0, 1, 2, 3, 100, 5000] {
            let taken = AtomicUsize::new(0);
            let doubled = each(
                || {
                    let number = taken.fetch_add(1, Ordering::SeqCst);
                    Ok::<_, ()>((number < count).then_some(number))
                },
                |place, number| (place, number * 2),
                || {
                    // Nobody takes one meanwhile.
                    let before = taken.load(Ordering::SeqCst);
                    (0..10).for_each(|_| std::thread::yield_now());
                    assert_eq!(taken.load(Ordering::SeqCst), before);
                    Ok(())
                },
            );
            let expected: Vec<_> = (0..count).map(|number| (number, number * 2)).collect();
            assert_eq!(doubled, Ok(expected));
        }
    }

    #[test]
    fn an_error_ends_what_comes_and_so_does_a_panic() {
        let mut numbers = 0..100;
        let failed = each(
            || match numbers.next() {
                Some(50) => Err("of the source"),
                Some(number) => Ok(Some(number)),
                None => Ok(None),
            },
            |_, number: usize| number,
            || Ok(()),
        );
        assert_eq!((failed, numbers.next()), (Err("of the source"), Some(51)));

        let failed = each(|| Ok(Some(())), |_, ()| (), || Err("between"));
        assert_eq!(failed, Err("between"));

        let ends = |source: usize, job: usize| {
            let mut numbers = 0..100;
            let run = move || {
                each(
                    move || {
                        let number = numbers.next();
                        assert_ne!(number, Some(source));
                        Ok::<_, ()>(number)
                    },
                    |_, number| assert_ne!(number, job),
                    || Ok(()),
                )
            };
            catch_unwind(AssertUnwindSafe(run)).is_err()
        };
        assert!(ends(50, 100) && ends(100, 50) && !ends(100, 100));
    }
}
