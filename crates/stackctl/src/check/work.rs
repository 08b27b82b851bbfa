//! Work on many inputs at once, and on many documents of one, with results in their order.

use kube_yaml::{Document, Piece, Pieces, SyntaxError};

use stack_model::Value;
pub(super) use stack_model::parallel::all;

/// A document of an input, or why it cannot be read.
pub(super) type Read = Result<Document<Value>, SyntaxError>;

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

/// From how many bytes on the documents of one input are shared among the processors.
const LARGE: usize = 1 << 18;
/// How many bytes of documents are worked on at once.
const BATCH: usize = 1 << 20;

/// Applies `work` to all documents of an input, which are read for it and not kept; results in the order of the documents.
pub(super) fn documents<R: Send>(bytes: &[u8], work: impl Fn(Read) -> R + Sync) -> Vec<R> {
    let mut results = Vec::new();
    each_document(bytes, |_| None, work, |result| results.push(result));
    results
}

/// The same, with each result handed to `take`: no more of them are held than those of a mebibyte of the input. The documents
/// are numbered from 0 in each piece of it. A piece of which `known` knows the only result by its number is not read.
pub(super) fn each_document<R: Send>(
    bytes: &[u8],
    known: impl Fn(usize) -> Option<R> + Sync,
    work: impl Fn(Read) -> R + Sync,
    mut take: impl FnMut(R),
) {
    let take = |piece: Vec<R>| piece.into_iter().for_each(&mut take);
    each_piece_of(bytes, known, work, take);
}

/// The same, with the results of a piece together.
pub(super) fn each_piece_of<R: Send>(
    bytes: &[u8],
    known: impl Fn(usize) -> Option<R> + Sync,
    work: impl Fn(Read) -> R + Sync,
    mut take: impl FnMut(Vec<R>),
) {
    let of = |(number, piece): &(usize, Piece<'_>)| match known(*number) {
        Some(known) => vec![known],
        None => piece.clone().read().map(&work).collect(),
    };
    match kube_yaml::decode(bytes) {
        Ok(text) => each_piece(text, of, take),
        Err(error) => take(vec![work(Err(error))]),
    }
}

/// Applies `of` to all pieces of a text with their numbers, those of a mebibyte of it at a time, and hands on the results in
/// their order.
fn each_piece<R: Send>(
    text: &str,
    of: impl Fn(&(usize, Piece<'_>)) -> R + Sync,
    mut take: impl FnMut(R),
) {
    let mut pieces = Pieces::new(text).enumerate();
    if text.len() < LARGE {
        pieces.for_each(|piece| take(of(&piece)));
        return;
    }
    loop {
        let mut batch = Vec::new();
        let mut size = 0;
        while size < BATCH
            && let Some(piece) = pieces.next()
        {
            size += piece.1.size();
            batch.push(piece);
        }
        if batch.is_empty() {
            return;
        }
        all(&batch, &of).into_iter().for_each(&mut take);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

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

    #[test]
    fn pieces_whose_result_is_known_are_not_read() {
        for count in [3, 50_000] {
            let text: Vec<String> = (0..count).map(|n| format!("kind: a{n}\n")).collect();
            let text = text.join("---\n");
            assert_eq!(text.len() < LARGE, count == 3);
            let read = AtomicUsize::new(0);
            let work = |document: Read| {
                read.fetch_add(1, Ordering::Relaxed);
                document.unwrap().value["kind"].as_str().unwrap().to_owned()
            };
            let known = |piece: usize| (piece % 3 == 1).then(|| format!("a{piece}"));
            let mut kinds = Vec::new();
            each_document(text.as_bytes(), known, work, |kind| kinds.push(kind));
            let expected: Vec<String> = (0..count).map(|n| format!("a{n}")).collect();
            assert!(kinds == expected);
            assert_eq!(read.load(Ordering::Relaxed), count - (count + 1) / 3);
        }
    }
}
