//! Words and commands for a POSIX shell.

/// One word, quoted where the shell would read it otherwise.
pub fn quote(word: &str) -> String {
    let mut quoted = String::with_capacity(word.len() + 2);
    push(&mut quoted, word);
    quoted
}

/// A command line: the words, each quoted where a shell would take it apart, with blanks between.
pub fn join<S: AsRef<str>>(words: &[S]) -> String {
    let length = |word: &S| word.as_ref().len() + "'' ".len();
    let mut line = String::with_capacity(words.iter().map(length).sum());
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            line.push(' ');
        }
        push(&mut line, word.as_ref());
    }
    line
}

fn push(line: &mut String, word: &str) {
    let plain = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '-' | '_' | '.' | '/' | ':' | ',' | '@' | '%' | '+' | '=')
    };
    // A leading `~` or an empty word would not survive bare.
    if !word.is_empty() && word.chars().all(plain) {
        line.push_str(word);
        return;
    }
    for (at, part) in word.split('\'').enumerate() {
        line.push_str(if at == 0 { "'" } else { r"'\''" });
        line.push_str(part);
    }
    line.push('\'');
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
