//! The line of a fault, with the fault underlined.

use std::ops::Range;
use std::sync::OnceLock;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use kube_vocab::Severity;

use super::Found;
use lab_cli::text::is_harmful;

/// What is shown of a long line, in bytes before and behind the beginning of the fault.
const BEFORE: usize = 60;
const BEHIND: usize = 120;

/// Excerpts of one file.
pub(super) struct Excerpts<'a> {
    bytes: &'a [u8],
    /// Where each line starts; found when the first excerpt is asked for.
    lines: OnceLock<Vec<usize>>,
    renderer: Renderer,
}

impl<'a> Excerpts<'a> {
    pub fn new(bytes: &'a [u8], colour: bool) -> Self {
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        Self {
            bytes,
            lines: OnceLock::new(),
            renderer: renderer.decor_style(DecorStyle::Ascii),
        }
    }

    /// The line of the finding, or nothing where it has none to show.
    pub fn of(&self, found: &Found) -> String {
        let line = self.line(found.line);
        let span = underlined(&line, &found.path);
        if span.is_empty() {
            return String::new();
        }
        let (line, span) = cut(&line, span);
        let level = match found.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let snippet = Snippet::source(line)
            .line_start(found.line)
            .annotation(AnnotationKind::Primary.span(span));
        let group = Group::with_level(level).element(snippet);
        self.renderer.render(&[group]) + "\n"
    }

    /// A line of the file, from 1, made fit for a screen.
    fn line(&self, number: usize) -> String {
        let starts = self.lines.get_or_init(|| line_starts(self.bytes));
        let Some(&start) = number.checked_sub(1).and_then(|index| starts.get(index)) else {
            return String::new();
        };
        let end = starts.get(number).copied().unwrap_or(self.bytes.len());
        let text = String::from_utf8_lossy(&self.bytes[start..end]);
        let shown = |c: char| if is_harmful(c) && c != '\t' { ' ' } else { c };
        text.trim_end().chars().map(shown).collect()
    }
}

/// Lines end with a line feed, a carriage return, or both.
fn line_starts(bytes: &[u8]) -> Vec<usize> {
    let mut starts = vec![0];
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
            starts.push(at + 1);
        }
    }
    starts
}

/// What of the line to underline: the last member of the path that stands there, with its value; else the whole line.
fn underlined(line: &str, path: &str) -> Range<usize> {
    let start = line.len() - line.trim_start().len();
    let whole = start..line.len();
    let Some(key) = path.rsplit(['.', '[']).next() else {
        return whole;
    };
    let key = key.trim_end_matches(']');
    if key.is_empty() {
        return whole;
    }
    match position_of_key(line, key) {
        Some(at) => at..at + length_of_value(&line[at..]),
        None => {
            let item = line[start..].strip_prefix("- ").map(str::trim_start);
            item.map_or(whole, |item| line.len() - item.len()..line.len())
        }
    }
}

fn position_of_key(line: &str, key: &str) -> Option<usize> {
    line.match_indices(key).map(|(at, _)| at).find_map(|at| {
        let quote = |c: char| c == '"' || c == '\'';
        let (before, after) = (&line[..at], &line[at + key.len()..]);
        let quoted = before.ends_with(quote) && after.starts_with(quote);
        let (before, after) = match quoted {
            true => (&before[..at - 1], &after[1..]),
            false => (before, after),
        };
        let begins = before.is_empty() || before.ends_with([' ', '\t', '{', ',', '-']);
        (begins && after.trim_start().starts_with(':')).then_some(before.len())
    })
}

/// The length of `key: value`, up to what ends the value in a flow mapping, or a comment.
fn length_of_value(text: &str) -> usize {
    let mut depth = 0usize;
    let mut quote = None;
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if !last.is_alphanumeric() => quote = Some(c),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') if depth > 0 => depth -= 1,
            (None, '}' | ']' | ',') if depth == 0 => return text[..at].trim_end().len(),
            (None, '#') if last == ' ' => return text[..at].trim_end().len(),
            _ => {}
        }
        last = c;
    }
    text.trim_end().len()
}

/// A long line around the fault.
fn cut(line: &str, span: Range<usize>) -> (&str, Range<usize>) {
    let start = floor(line, span.start.saturating_sub(BEFORE));
    let end = floor(line, span.start.saturating_add(BEHIND).min(line.len()));
    // Short lines and indentation stay whole.
    let start = if span.start <= BEFORE { 0 } else { start };
    (
        &line[start..end],
        span.start - start..span.end.min(end) - start,
    )
}

fn floor(line: &str, mut at: usize) -> usize {
    while !line.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_member_of_the_path_is_underlined_with_its_value() {
        for (line, path, expected) in [
            ("  k: 5", "data.k", "k: 5"),
            ("  k: 5  # five", "data.k", "k: 5"),
            ("  - name: web", "spec.containers[0].name", "name: web"),
            ("  - name: web", "spec.containers[0]", "name: web"),
            (
                "metadata: {name: a, labels: {x: 1, y: 2}}",
                "metadata.labels",
                "labels: {x: 1, y: 2}",
            ),
            (
                "metadata: {name: a, labels: {x: 1, y: 2}}",
                "metadata.labels.x",
                "x: 1",
            ),
            (
                "metadata: {name: a, labels: {x: 1, y: 2}}",
                "metadata.labels[y]",
                "y: 2",
            ),
            (
                "\"data\": {\"k\": \"a, b\"}, \"z\": 1",
                "data.k",
                "\"k\": \"a, b\"",
            ),
            ("  rename: b", "spec.name", "rename: b"),
            ("  url: http://x#y", "spec.url", "url: http://x#y"),
            ("  it: don't, you", "spec.it", "it: don't"),
            ("spec:", "spec", "spec:"),
            ("  a b", "", "a b"),
            ("   ", "x", ""),
        ] {
            let span = underlined(line, path);
            assert_eq!(&line[span], expected, "{line} {path}");
        }
    }

    #[test]
    fn a_long_line_is_cut_around_the_fault() {
        let line = format!("a: {}, k: é{}", "é".repeat(500), "é".repeat(500));
        let span = underlined(&line, "k");
        let (cut, span) = cut(&line, span);
        assert!(cut.len() <= BEFORE + BEHIND + 4 && cut[span].starts_with("k: é"));
    }

    #[test]
    fn every_kind_of_line_end_counts() {
        assert_eq!(line_starts(b"a\nb\r\nc\rd"), [0, 2, 5, 7]);
    }
}
