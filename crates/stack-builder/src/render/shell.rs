//! Words and commands for a POSIX shell.

/// One word, quoted where the shell would read it otherwise.
pub fn quote(word: &str) -> String {
    let plain = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '-' | '_' | '.' | '/' | ':' | ',' | '@' | '%' | '+' | '=')
    };
    // A leading `~` or an empty word would not survive bare.
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// A command line: the words, each quoted where a shell would take it apart, with blanks between.
pub fn join<S: AsRef<str>>(words: &[S]) -> String {
    words
        .iter()
        .map(|word| quote(word.as_ref()))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_the_shell() {
        for (word, written) in [
            ("deploy/backend", "deploy/backend"),
            ("--for=condition=Ready", "--for=condition=Ready"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$(x)", "'$(x)'"),
            ("it's", r"'it'\''s'"),
            ("~", "'~'"),
            ("한글", "'한글'"),
        ] {
            assert_eq!(quote(word), written);
        }
        assert_eq!(join(&["echo", "a b"]), "echo 'a b'");
    }
}
