//! Texts that several threads write, on their way to one writer.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kube_yaml::WriteError;
use stack_builder::StreamError;

/// Documents in memory.
type Text = kube_yaml::Writer<Vec<u8>>;

/// Pieces of a stream. One that is done waits for those before it.
#[derive(Default)]
pub(crate) struct Texts(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    /// The piece that is handed on next.
    next: usize,
    pieces: BTreeMap<usize, Result<Text, WriteError>>,
    /// Those that were handed on, whose memory is there for others.
    empty: Vec<Text>,
}

impl Texts {
    /// Nothing that could panic happens behind the lock.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a piece may be written.
    pub(crate) fn empty(&self) -> Text {
        let empty = self.lock().empty.pop();
        empty.unwrap_or_else(|| Text::new(Vec::new()))
    }

    /// Takes a piece, before which there are so many others.
    pub(crate) fn keep(&self, number: usize, text: Result<Text, WriteError>) {
        self.lock().pieces.insert(number, text);
    }

    /// Hands on what is done up to the first piece that is not.
    pub(crate) fn hand_on(&self, out: &mut impl io::Write) -> Result<(), StreamError> {
        let next = || {
            let mut waiting = self.lock();
            let number = waiting.next;
            let text = waiting.pieces.remove(&number)?;
            waiting.next += 1;
            Some(text)
        };
        while let Some(text) = next() {
            let mut text = text?;
            text.hand_on(out)?;
            self.lock().empty.push(text);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use kube_yaml::Order;

    use super::*;

    #[test]
    fn texts_are_handed_on_in_their_order() {
        let texts = Texts::default();
        let mut out = Vec::new();
        let mut after = |number: usize| {
            let mut text = texts.empty();
            text.document(Order::Given, &number).unwrap();
            texts.keep(number, Ok(text));
            texts.hand_on(&mut out).unwrap();
            String::from_utf8(out.clone()).unwrap()
        };
        assert_eq!(after(1), "");
        assert_eq!(after(0), "---\n0\n---\n1\n");
        assert_eq!(after(2), "---\n0\n---\n1\n---\n2\n");
        // The memory of one was there for the next.
        assert_eq!(texts.lock().empty.len(), 2);
    }

    #[test]
    fn nothing_is_handed_on_behind_a_text_that_failed() {
        let texts = Texts::default();
        let mut out = Vec::new();
        texts.keep(0, Err(WriteError::Key));
        texts.keep(1, Ok(texts.empty()));
        assert!(texts.hand_on(&mut out).is_err() && out.is_empty());
    }
}
