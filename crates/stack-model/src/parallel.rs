//! Work on many things at once, on all processors, with the results in the things' order.

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

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

/// Applies `job` to things while `make` makes them: `make` hands over each, and goes on with the next while the other
/// processors work. When they are busy enough, it does the job itself, so that few things wait at a time. What the jobs gave
/// comes in the order in which the things were handed over, beside what `make` gives in the end.
///
/// ```
/// let squares = stack_model::parallel::while_making(
///     |number: u32| number * number,
///     |give| {
///         (1..4).for_each(give);
///         Ok::<_, std::convert::Infallible>("made")
///     },
/// );
/// assert_eq!(squares, Ok(("made", vec![1, 4, 9])));
/// ```
///
/// # Errors
/// That of `make`, once the jobs of what it has handed over are done.
pub fn while_making<T: Send, R: Send, M, E>(
    job: impl Fn(T) -> R + Sync,
    make: impl FnOnce(&mut dyn FnMut(T)) -> Result<M, E>,
) -> Result<(M, Vec<R>), E> {
    let others = processors() - 1;
    let line = Line::default();
    let worker = || {
        let mut done = Vec::new();
        let before = work::steps();
        while let Some((place, thing)) = line.next() {
            done.push((place, job(thing)));
        }
        (done, work::steps() - before)
    };
    let mut results = Vec::new();
    let made = std::thread::scope(|scope| {
        // Also where `make` panics: nobody waits for more.
        let end = End(&line);
        let mut workers = Vec::new();
        let mut handed_over = 0;
        let made = make(&mut |thing| {
            let place = handed_over;
            handed_over += 1;
            // Threads start when there is something for them.
            if workers.len() < others {
                workers.push(scope.spawn(worker));
            }
            if let Err(thing) = line.push(place, thing, 2 * workers.len()) {
                results.push((place, job(thing)));
            }
        });
        drop(end);
        while let Some((place, thing)) = line.next() {
            results.push((place, job(thing)));
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
        made
    });
    let made = made?;
    Ok((made, in_order(results).collect()))
}

/// What waits for a processor.
struct Line<T> {
    waiting: Mutex<Waiting<T>>,
    changed: Condvar,
}

struct Waiting<T> {
    things: VecDeque<(usize, T)>,
    /// Whether nothing more will come.
    is_last: bool,
}

impl<T> Default for Line<T> {
    fn default() -> Self {
        let waiting = Waiting {
            things: VecDeque::new(),
            is_last: false,
        };
        Self {
            waiting: Mutex::new(waiting),
            changed: Condvar::new(),
        }
    }
}

impl<T> Line<T> {
    /// Nothing that could panic happens behind the lock.
    fn lock(&self) -> MutexGuard<'_, Waiting<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a thing wait, or gives it back where so many do already.
    fn push(&self, place: usize, thing: T, most: usize) -> Result<(), T> {
        let mut waiting = self.lock();
        if waiting.things.len() >= most {
            return Err(thing);
        }
        waiting.things.push_back((place, thing));
        self.changed.notify_one();
        Ok(())
    }

    /// The thing that waits longest; waits for one, and gives none when no more will come.
    fn next(&self) -> Option<(usize, T)> {
        let mut waiting = self.lock();
        loop {
            if let Some(next) = waiting.things.pop_front() {
                return Some(next);
            }
            if waiting.is_last {
                return None;
            }
            waiting = self
                .changed
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Says when it is dropped that nothing more will come.
struct End<'l, T>(&'l Line<T>);

impl<T> Drop for End<'_, T> {
    fn drop(&mut self) {
        self.0.lock().is_last = true;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::{all, while_making};

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for count in [0, 1, 2, 3, 100, 5000] {
            let items: Vec<usize> = (0..count).collect();
            let doubled: Vec<usize> = items.iter().map(|item| item * 2).collect();
            assert_eq!(all(&items, |item| item * 2), doubled);
        }
    }

    #[test]
    fn what_is_made_is_worked_on_in_its_order() {
        for count in [0, 1, 2, 3, 100, 5000] {
            let doubled = while_making(
                |item: usize| item * 2,
                |give| {
                    (0..count).for_each(give);
                    Ok::<_, ()>(())
                },
            );
            let expected: Vec<usize> = (0..count).map(|item| item * 2).collect();
            assert_eq!(doubled, Ok(((), expected)));
        }
    }

    #[test]
    fn an_error_of_the_maker_comes_back_and_a_panic_ends_all() {
        let failed = while_making(
            |item: usize| item,
            |give| {
                (0..100).for_each(give);
                Err::<(), _>("empty")
            },
        );
        assert_eq!(failed, Err("empty"));
        let makes = || {
            while_making(
                |item: usize| item,
                |give| -> Result<(), ()> {
                    (0..100).for_each(give);
                    panic!("of the maker")
                },
            )
        };
        assert!(catch_unwind(AssertUnwindSafe(makes)).is_err());
        let works = || {
            while_making(
                |item: usize| assert!(item < 50, "of a job"),
                |give| {
                    (0..100).for_each(give);
                    Ok::<_, ()>(())
                },
            )
        };
        assert!(catch_unwind(AssertUnwindSafe(works)).is_err());
    }
}
