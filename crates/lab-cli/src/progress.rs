//! How far long work has come: a bar on a terminal, lines otherwise, nothing where quiet is asked for.

use std::io::{self, IsTerminal as _, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lab_builder::Release;
use lab_builder::stack_builder::charts::{ChartError, ChartSource, Rendered, Renderer};

use crate::text::one_line;

/// How often a bar is drawn at most: more often nobody sees.
const BLINK: Duration = Duration::from_millis(100);
/// How long work takes before a line is written of it, and how long until the next one.
const PATIENCE: Duration = Duration::from_secs(2);
/// Of fewer things than this nothing is told, unless each takes long.
const MANY: usize = 500;
/// How many characters a bar is wide.
const WIDTH: usize = 30;
/// Goes to the beginning of the line and empties it.
pub(crate) const CLEAR: &str = "\r\u{1b}[2K";

/// Tells on standard error how far work has come. Threads may share it.
pub struct Progress {
    state: Mutex<State>,
}

struct State {
    form: Form,
    out: Box<dyn Write + Send>,
    pause: Duration,
    told: Instant,
    what: String,
    done: usize,
    total: usize,
    /// Whether long work has begun: of short work nobody need hear.
    long: bool,
    drawn: bool,
}

/// How it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Quiet,
    Bar,
    Lines,
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = self.state();
        f.debug_struct("Progress")
            .field("form", &state.form)
            .field("what", &state.what)
            .finish_non_exhaustive()
    }
}

impl Progress {
    /// A bar on a terminal; elsewhere a line every two seconds, and none of what is done sooner. Nothing where `quiet`, and nothing
    /// of fewer than 500 things but charts.
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        match (quiet, io::stderr().is_terminal()) {
            (true, _) => Self::to(Form::Quiet, Box::new(io::sink()), PATIENCE),
            (false, true) => Self::to(Form::Bar, Box::new(io::stderr()), BLINK),
            (false, false) => Self::to(Form::Lines, Box::new(io::stderr()), PATIENCE),
        }
    }

    fn to(form: Form, out: Box<dyn Write + Send>, pause: Duration) -> Self {
        let state = State {
            form,
            out,
            pause,
            told: Instant::now(),
            what: String::new(),
            done: 0,
            total: 0,
            long: false,
            drawn: false,
        };
        Self {
            state: Mutex::new(state),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something begins of which nobody knows how long it takes; told beside other long work.
    pub fn step(&self, what: &str) {
        self.of(what, 0, false);
    }

    /// So many things begin.
    pub fn begin(&self, what: &str, count: usize) {
        self.of(what, count, count >= MANY);
    }

    fn of(&self, what: &str, count: usize, long: bool) {
        let mut state = self.state();
        state.long |= long;
        what.clone_into(&mut state.what);
        (state.done, state.total) = (0, count);
        state.tell(true);
    }

    /// One of them is done.
    pub fn advance(&self) {
        let mut state = self.state();
        state.done += 1;
        state.tell(false);
    }

    /// Makes room on the terminal for what is printed next.
    pub fn clear(&self) {
        self.state().clear();
    }

    /// The same renderer, of which it is told how many of `count` releases are done.
    pub fn told<'a>(&'a self, renderer: &'a dyn Renderer, count: usize) -> impl Renderer + 'a {
        self.of("rendering charts", count, true);
        Told {
            renderer,
            progress: self,
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

impl State {
    fn tell(&mut self, begins: bool) {
        let due = self.told.elapsed() >= self.pause;
        let text = match self.form {
            Form::Quiet => return,
            _ if !self.long => return,
            Form::Bar if begins || due || self.done == self.total => self.bar(),
            Form::Lines if due => self.line(),
            Form::Bar | Form::Lines => return,
        };
        self.told = Instant::now();
        self.drawn = self.form == Form::Bar;
        self.write(&text);
    }

    fn bar(&self) -> String {
        let what = one_line(&self.what);
        let Some(full) = (self.done.min(self.total) * WIDTH).checked_div(self.total) else {
            return format!("{CLEAR}{what} …");
        };
        let (full, rest) = ("=".repeat(full), " ".repeat(WIDTH - full));
        format!("{CLEAR}{what} [{full}{rest}] {}/{}", self.done, self.total)
    }

    fn line(&self) -> String {
        let what = one_line(&self.what);
        match self.total {
            0 => format!("{what} …\n"),
            total => format!("{what}: {} of {total}\n", self.done),
        }
    }

    fn clear(&mut self) {
        if self.drawn {
            self.drawn = false;
            self.write(CLEAR);
        }
    }

    fn write(&mut self, text: &str) {
        // Who does not see how far it is loses nothing else.
        let _ = self.out.write_all(text.as_bytes());
        let _ = self.out.flush();
    }
}

struct Told<'a> {
    renderer: &'a dyn Renderer,
    progress: &'a Progress,
}

impl Renderer for Told<'_> {
    fn render(&self, release: &Release) -> Result<Rendered, ChartError> {
        let rendered = self.renderer.render(release);
        self.progress.advance();
        rendered
    }

    fn source(&self, release: &Release) -> Result<Option<ChartSource>, ChartError> {
        self.renderer.source(release)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};

    use super::*;

    /// Hands on what is written.
    struct Paper(mpsc::Sender<Vec<u8>>);

    impl Write for Paper {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            let _ = self.0.send(text.to_vec());
            Ok(text.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(form: Form, pause: Duration, work: impl FnOnce(&Arc<Progress>)) -> String {
        let (sender, receiver) = mpsc::channel();
        let progress = Arc::new(Progress::to(form, Box::new(Paper(sender)), pause));
        work(&progress);
        drop(progress);
        String::from_utf8(receiver.iter().flatten().collect()).unwrap()
    }

    fn three(progress: &Arc<Progress>) {
        progress.of("reading\nfiles", 3, true);
        (0..3).for_each(|_| progress.advance());
        progress.step("drawing");
    }

    const LONG: Duration = Duration::from_secs(3600);

    #[test]
    fn a_bar_grows_and_leaves_nothing_behind() {
        let text = written(Form::Bar, Duration::ZERO, three);
        let bar = |full: usize| format!("{}{}", "=".repeat(full), " ".repeat(WIDTH - full));
        let states: Vec<String> = [(0, 0), (10, 1), (20, 2), (30, 3)]
            .map(|(full, done)| format!("{CLEAR}reading files [{}] {done}/3", bar(full)))
            .into();
        assert_eq!(text, format!("{}{CLEAR}drawing …{CLEAR}", states.concat()));
    }

    #[test]
    fn a_bar_is_not_drawn_for_each_of_thousands() {
        let text = written(Form::Bar, LONG, |progress| {
            progress.begin("reading", 5000);
            (0..5000).for_each(|_| progress.advance());
        });
        // The beginning, the end, and the line emptied.
        assert_eq!(text.matches(CLEAR).count(), 3, "{text}");
    }

    #[test]
    fn lines_have_no_codes_of_terminals_and_come_only_when_it_takes_long() {
        let text = written(Form::Lines, Duration::ZERO, three);
        assert_eq!(
            text,
            "reading files: 0 of 3\nreading files: 1 of 3\nreading files: 2 of 3\nreading files: 3 of 3\ndrawing …\n"
        );
        assert_eq!(written(Form::Lines, LONG, three), "");
    }

    #[test]
    fn quiet_is_quiet() {
        assert_eq!(written(Form::Quiet, Duration::ZERO, three), "");
    }

    #[test]
    fn of_short_work_nothing_is_told() {
        for form in [Form::Bar, Form::Lines] {
            let text = written(form, Duration::ZERO, |progress| {
                progress.step("building");
                progress.begin("reading", MANY - 1);
                progress.advance();
            });
            assert_eq!(text, "");
        }
    }

    #[test]
    fn many_threads_may_tell() {
        let text = written(Form::Lines, Duration::ZERO, |progress| {
            progress.of("reading", 400, true);
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    let progress = Arc::clone(progress);
                    std::thread::spawn(move || (0..100).for_each(|_| progress.advance()))
                })
                .collect();
            threads
                .into_iter()
                .for_each(|thread| thread.join().unwrap());
        });
        assert!(text.ends_with("reading: 400 of 400\n"), "{text}");
        assert_eq!(text.lines().count(), 401);
    }
}
