//! Writes bash, word by word.

use crate::render::shell;
use crate::whole::Whole;

/// A bash program while it is written.
pub(crate) struct Script<'a> {
    whole: &'a Whole,
    text: String,
}

impl<'a> Script<'a> {
    /// What all programs of the tree share.
    pub(crate) const COMMON: &'static str = include_str!("common.sh");
    /// What the programs that change a cluster share.
    pub(crate) const CLUSTER: &'static str = include_str!("cluster.sh");

    /// Begins a program that stops at the first error, and works from the folder in which it lies.
    pub(crate) fn new(whole: &'a Whole, purpose: &str) -> Self {
        let mut script = Script {
            whole,
            text: "#!/usr/bin/env bash\n".to_owned(),
        };
        let line = format!("{purpose} Written by {}; see --help.", whole.program);
        script.comment(&script.named(&line));
        script.text.push_str("set -euo pipefail\n");
        script
    }

    /// Puts the stack's name where a fixed text leaves room for it.
    fn named(&self, text: &str) -> String {
        text.replace("@noun@", &self.whole.noun)
            .replace("@Noun@", &self.whole.title())
    }

    /// A comment; its lines stay comments.
    pub(crate) fn comment(&mut self, text: &str) {
        for line in text.lines() {
            self.text.push_str(&format!("# {line}\n"));
        }
    }

    /// `name=value`.
    pub(crate) fn assign(&mut self, name: &str, value: &str) {
        self.text
            .push_str(&format!("{name}={}\n", shell::quote(value)));
    }

    /// `name=(words)`.
    pub(crate) fn list(&mut self, name: &str, words: &[String]) {
        self.text
            .push_str(&format!("{name}=({})\n", shell::join(words)));
    }

    /// Lines that are the same in every stack, but for its name.
    pub(crate) fn fixed(&mut self, text: &str) {
        let text = self.named(text);
        self.text.push_str(&text);
    }

    /// A command, so many levels deep.
    pub(crate) fn call<S: AsRef<str>>(&mut self, level: usize, words: &[S]) {
        self.text.push_str(&"  ".repeat(level));
        self.text.push_str(&shell::join(words));
        self.text.push('\n');
    }

    /// A command in two lines: what it is about, and what is run.
    pub(crate) fn call_with<S: AsRef<str>, T: AsRef<str>>(&mut self, words: &[S], more: &[T]) {
        if more.iter().any(|word| word.as_ref().contains('$')) {
            self.comment("It is for the inner shell to expand.\nshellcheck disable=SC2016");
        }
        self.text.push_str(&format!(
            "{} \\\n  {}\n",
            shell::join(words),
            shell::join(more)
        ));
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}
