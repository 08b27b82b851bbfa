//! Objects of a stack on their way to other threads, and their text on the way back.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kube_yaml::WriteError;
use stack_builder::{Object, StreamError};

/// Some objects in a row.
pub(crate) struct Batch {
    /// How many batches come before.
    number: usize,
    pub(crate) objects: Arc<Vec<Object>>,
}

/// Batches that other threads look at. The thread that made the objects gives them back: memory that another one gives back is
/// locked by both.
#[derive(Default)]
pub(crate) struct Lent {
    batches: usize,
    objects: VecDeque<Arc<Vec<Object>>>,
}

impl Lent {
    /// Lends some objects, and gives those back that nobody looks at any more.
    pub(crate) fn lend(&mut self, objects: Vec<Object>) -> Batch {
        let is_done = |first: &Arc<_>| Arc::strong_count(first) == 1;
        while self.objects.front().is_some_and(is_done) {
            self.objects.pop_front();
        }
        let objects = Arc::new(objects);
        self.objects.push_back(Arc::clone(&objects));
        self.batches += 1;
        Batch {
            number: self.batches - 1,
            objects,
        }
    }
}

/// The texts of batches that are not handed on yet: one before them is not done.
#[derive(Default)]
pub(crate) struct Texts(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    /// The batch that is handed on next.
    next: usize,
    texts: BTreeMap<usize, Result<Vec<u8>, WriteError>>,
}

impl Texts {
    /// Nothing that could panic happens behind the lock.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the text of a batch.
    pub(crate) fn write(&self, batch: &Batch) {
        let text = documents(&batch.objects);
        self.lock().texts.insert(batch.number, text);
    }

    /// Hands on what is done up to the first batch that is not.
    pub(crate) fn hand_on(&self, out: &mut impl io::Write) -> Result<(), StreamError> {
        let next = || {
            let mut waiting = self.lock();
            let number = waiting.next;
            let text = waiting.texts.remove(&number)?;
            waiting.next += 1;
            Some(text)
        };
        while let Some(text) = next() {
            out.write_all(&text?)?;
        }
        Ok(())
    }
}

fn documents(objects: &[Object]) -> Result<Vec<u8>, WriteError> {
    let mut stream = kube_yaml::Writer::new(Vec::new());
    for object in objects {
        object.write_to(&mut stream)?;
    }
    stream.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn config(name: &str) -> Object {
        let value = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}});
        Object::dynamic(value).unwrap()
    }

    #[test]
    fn texts_are_handed_on_in_the_order_of_the_batches() {
        let (mut lent, texts) = (Lent::default(), Texts::default());
        let [one, two, three] = ["one", "two", "three"].map(|name| lent.lend(vec![config(name)]));
        let mut out = Vec::new();
        let mut names_after = |batch: &Batch| {
            texts.write(batch);
            texts.hand_on(&mut out).unwrap();
            let text = String::from_utf8(out.clone()).unwrap();
            let names = text
                .lines()
                .filter_map(|line| line.strip_prefix("  name: "));
            names.map(str::to_owned).collect::<Vec<_>>()
        };
        assert!(names_after(&two).is_empty());
        assert_eq!(names_after(&one), ["one", "two"]);
        assert_eq!(names_after(&three), ["one", "two", "three"]);
    }

    #[test]
    fn what_nobody_looks_at_any_more_is_given_back() {
        let mut lent = Lent::default();
        let one = lent.lend(vec![config("one")]);
        let two = lent.lend(vec![config("two")]);
        drop(two);
        // One that came before is still looked at.
        drop(lent.lend(Vec::new()));
        assert_eq!(lent.objects.len(), 3);
        drop(one);
        drop(lent.lend(Vec::new()));
        assert_eq!(lent.objects.len(), 1);
    }
}
