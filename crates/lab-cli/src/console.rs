//! Where output goes, and how a command ends.

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::process::ExitCode;

use anstream::AutoStream;
use clap::ColorChoice;

use crate::progress::CLEAR;
use crate::text::one_line;

/// Standard output and standard error, with or without colour.
#[derive(Debug)]
pub struct Console {
    colour: bool,
    colour_errors: bool,
    failed: bool,
}

/// Why a command stops before its end. It is printed, and the exit code is 2.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Default for Console {
    /// A console that colours terminals.
    fn default() -> Self {
        Self::new(ColorChoice::Auto)
    }
}

impl Console {
    /// A console that colours as asked; `auto` looks at the terminal and at `NO_COLOR`, as cargo does.
    #[must_use]
    pub fn new(choice: ColorChoice) -> Self {
        let (colour, colour_errors) = match choice {
            ColorChoice::Always => (true, true),
            ColorChoice::Never => (false, false),
            ColorChoice::Auto => {
                let wanted = |choice| choice != anstream::ColorChoice::Never;
                (
                    wanted(AutoStream::choice(&io::stdout())),
                    wanted(AutoStream::choice(&io::stderr())),
                )
            }
        };
        Self {
            colour,
            colour_errors,
            failed: false,
        }
    }

    /// Whether standard output is to be coloured.
    #[must_use]
    pub fn colour(&self) -> bool {
        self.colour
    }

    /// Writes to standard output. A reader that stops early, such as `head`, is no failure: then it returns `false`, and
    /// nothing more need be written.
    ///
    /// # Errors
    /// When the text cannot be written, to a full disk for example.
    pub fn print(&mut self, text: &str) -> Result<bool, Failure> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
            Err(error) => Err(format!("standard output: {error}").into()),
        }
    }

    /// Says on standard error what could not be done. The command goes on; its exit code will be 2.
    pub fn complain(&mut self, message: impl Display) {
        self.say("error", 31, &one_line(&message.to_string()));
        self.failed = true;
    }

    /// Says on standard error what is worth knowing. It has no part in the exit code.
    pub fn note(&mut self, message: impl Display) {
        self.say("note", 32, &one_line(&message.to_string()));
    }

    fn say(&mut self, word: &str, colour: u8, message: &str) {
        let word = match self.colour_errors {
            true => format!("\u{1b}[1;{colour}m{word}\u{1b}[0m"),
            false => word.to_owned(),
        };
        // A bar of progress may stand in the line.
        let clear = if io::stderr().is_terminal() {
            CLEAR
        } else {
            ""
        };
        // Where even this cannot be written, the exit code has to do.
        let _ = writeln!(io::stderr(), "{clear}{word}: {message}");
    }

    /// The exit code: 2 after a failure or a complaint, 1 where something was found, which is what `true` means.
    #[must_use]
    pub fn finish(mut self, result: Result<bool, Failure>) -> ExitCode {
        let found = result.unwrap_or_else(|failure| {
            // A failure may have several lines, one per finding.
            let text = failure.to_string();
            let lines: Vec<String> = text.lines().map(one_line).collect();
            self.say("error", 31, &lines.join("\n"));
            self.failed = true;
            true
        });
        match (self.failed, found) {
            (true, _) => ExitCode::from(2),
            (false, true) => ExitCode::FAILURE,
            (false, false) => ExitCode::SUCCESS,
        }
    }
}
