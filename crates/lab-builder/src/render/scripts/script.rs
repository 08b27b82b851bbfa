//! Writes bash, word by word.

use crate::render::shell;

/// A bash program while it is written.
#[derive(Debug)]
pub(crate) struct Script(String);

impl Script {
    /// What all programs of the tree share.
    pub(crate) const COMMON: &'static str = include_str!("common.sh");

    /// Begins a program that stops at the first error, and works from the folder in which it lies.
    pub(crate) fn new(purpose: &str) -> Self {
        let mut script = Script("#!/usr/bin/env bash\n".to_owned());
        script.comment(purpose);
        script.0.push_str("set -euo pipefail\n");
        script
    }

    /// A comment; its lines stay comments.
    pub(crate) fn comment(&mut self, text: &str) {
        for line in text.lines() {
            self.0.push_str(&format!("# {line}\n"));
        }
    }

    /// `name=value`.
    pub(crate) fn assign(&mut self, name: &str, value: &str) {
        self.0
            .push_str(&format!("{name}={}\n", shell::quote(value)));
    }

    /// `name=(words)`.
    pub(crate) fn list(&mut self, name: &str, words: &[String]) {
        self.0
            .push_str(&format!("{name}=({})\n", shell::join(words)));
    }

    /// Lines that are the same in every lab.
    pub(crate) fn fixed(&mut self, text: &'static str) {
        self.0.push_str(text);
    }

    /// A command, so many levels deep.
    pub(crate) fn call<S: AsRef<str>>(&mut self, level: usize, words: &[S]) {
        self.0.push_str(&"  ".repeat(level));
        self.0.push_str(&shell::join(words));
        self.0.push('\n');
    }

    /// A command in two lines: what it is about, and what is run.
    pub(crate) fn call_with<S: AsRef<str>, T: AsRef<str>>(&mut self, words: &[S], more: &[T]) {
        if more.iter().any(|word| word.as_ref().contains('$')) {
            self.comment("It is for the inner shell to expand.\nshellcheck disable=SC2016");
        }
        self.0.push_str(&format!(
            "{} \\\n  {}\n",
            shell::join(words),
            shell::join(more)
        ));
    }

    pub(crate) fn blank(&mut self) {
        self.0.push('\n');
    }

    pub(crate) fn into_text(self) -> String {
        self.0
    }
}
