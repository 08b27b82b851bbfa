//! How far long work has come: a bar on a terminal, lines otherwise, nothing where quiet is asked for.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Work shorter than this is not spoken of.
const PATIENCE: Duration = Duration::from_millis(400);

/// Fewer things than this are no long work where nobody watches a bar.
const MANY: usize = 500;

/// Tells on standard error how far work has come.
pub(crate) struct Progress {
    how: How,
}

enum How {
    Quiet,
    Bar(ProgressBar),
    Lines {
        total: usize,
        done: usize,
        what: String,
    },
}

impl Progress {
    /// A bar on a terminal, lines elsewhere; nothing where `quiet`.
    pub fn new(quiet: bool) -> Self {
        let how = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => How::Quiet,
            (false, true) => {
                let bar = ProgressBar::no_length();
                bar.enable_steady_tick(PATIENCE);
                How::Bar(bar)
            }
            (false, false) => How::Lines {
                total: 0,
                done: 0,
                what: String::new(),
            },
        };
        Self { how }
    }

    /// Something begins of which nobody knows how long it takes.
    pub fn step(&mut self, what: &str) {
        match &mut self.how {
            How::Quiet => {}
            How::Bar(bar) => {
                bar.unset_length();
                if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
                    bar.set_style(style);
                }
                bar.set_message(what.to_owned());
            }
            How::Lines { total, .. } => {
                *total = 0;
                // Rendering charts takes long; the rest is done before somebody asks.
                if what.contains("charts") {
                    say(what);
                }
            }
        }
    }

    /// So many things begin.
    pub fn begin(&mut self, what: &str, count: usize) {
        match &mut self.how {
            How::Quiet => {}
            How::Bar(bar) => {
                bar.set_length(count as u64);
                bar.set_position(0);
                if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}") {
                    bar.set_style(style);
                }
                bar.set_message(what.to_owned());
            }
            How::Lines {
                total,
                done,
                what: name,
            } => {
                *total = count;
                *done = 0;
                what.clone_into(name);
            }
        }
    }

    /// One of them is done.
    pub fn advance(&mut self) {
        match &mut self.how {
            How::Quiet => {}
            How::Bar(bar) => bar.inc(1),
            How::Lines { total, done, what } => {
                *done += 1;
                if *total >= MANY && *done % MANY == 0 {
                    say(&format!("{what}: {done} of {total}"));
                }
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let How::Bar(bar) = &self.how {
            bar.finish_and_clear();
        }
    }
}

#[allow(clippy::print_stderr)]
fn say(what: &str) {
    eprintln!("{}", lab_cli::text::one_line(what));
}
