//! Messages are read by people: what has stood in them and says nothing, or not to those who know the manifest alone.

/// What is wrong with a message as words, if anything is.
pub fn fault_of(message: &str) -> Option<&'static str> {
    /// So long that nobody reads it to its end.
    const LONGEST: usize = 600;
    let has = |texts: &[&str]| texts.iter().any(|text| message.contains(text));
    let alternatives = message.split_once("alternatives");
    match () {
        () if message.len() > LONGEST => Some("is too long"),
        () if message.contains('\n') => Some("has several lines"),
        () if has(&[
            "invalid type:",
            "expected value",
            "EOF while",
            "Err(",
            "Some(",
        ]) =>
        {
            Some("is an error of the library below")
        }
        () if has(&[
            "NoSuchKey",
            "UndeclaredReference",
            "ExecutionError",
            "Unexpected",
        ]) =>
        {
            Some("is an error of the evaluator")
        }
        () if has(&[
            "not an object; quote it",
            "not a list; quote it",
            "not null; quote it",
        ]) =>
        {
            Some("asks for quotes where they do not help")
        }
        () if alternatives.is_some_and(|(_, rest)| !rest.contains(": ")) => {
            Some("speaks of alternatives without naming them")
        }
        () if has(&["at most 253", "at most 63"]) && has(&["lower-case"]) && !has(&["has "]) => {
            Some("tells a length before the letter that is the fault")
        }
        () => None,
    }
}

/// Fails where a message is no plain words.
pub fn check<'m>(object: &str, messages: impl IntoIterator<Item = &'m str>) {
    for message in messages {
        let fault = fault_of(message);
        assert!(
            fault.is_none(),
            "{object}: a message {}: {message}",
            fault.unwrap_or_default()
        );
    }
}
