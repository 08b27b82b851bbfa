//! The line of a fault, with the fault underlined.

use std::ops::Range;
use std::sync::OnceLock;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use kube_vocab::{FieldPath, Segment, Severity};

use super::Found;
use lab_cli::text::is_harmful;

/// What is shown of a long line, in bytes before and behind the beginning of the fault.
const BEFORE: usize = 60;
const BEHIND: usize = 120;

/// From how many bytes on a line is not shown: to look through it for each of its findings would take too long. Also how far from
/// each other lines are whose places are remembered.
const LONG: usize = 1 << 14;

/// Excerpts of one file.
pub(super) struct Excerpts<'a> {
    bytes: &'a [u8],
    /// Lines of several objects: where on them the one of a finding stands is not known, so that nothing is shown of them.
    crowded: &'a [usize],
    /// The numbers of some lines and where they start; found when the first excerpt is asked for.
    marks: OnceLock<Vec<(usize, usize)>>,
    renderer: Renderer,
}

impl<'a> Excerpts<'a> {
    pub fn new(bytes: &'a [u8], crowded: &'a [usize], colour: bool) -> Self {
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        Self {
            bytes,
            crowded,
            marks: OnceLock::new(),
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

    /// A line of the file, from 1, made fit for a screen; nothing of one that is long or crowded.
    fn line(&self, number: usize) -> String {
        let bytes = self.line_bytes(number).unwrap_or_default();
        let shown = |c: char| if is_harmful(c) && c != '\t' { ' ' } else { c };
        String::from_utf8_lossy(bytes)
            .trim_end()
            .chars()
            .map(shown)
            .collect()
    }

    fn line_bytes(&self, number: usize) -> Option<&'a [u8]> {
        if self.crowded.binary_search(&number).is_ok() {
            return None;
        }
        let marks = self.marks.get_or_init(|| marks(self.bytes));
        let before = marks.partition_point(|(marked, _)| *marked <= number);
        let &(marked, from) = marks.get(before.checked_sub(1)?)?;
        let near = &self.bytes[from..];
        // The line starts less than `LONG` behind the mark, and ends less than that behind its start if it is shown.
        let near = &near[..near.len().min(2 * LONG)];
        let mut starts = line_starts(near).skip(number - marked);
        let start = starts.next()?;
        let end = starts.next().unwrap_or(near.len());
        (end - start < LONG).then_some(&near[start..end])
    }
}

/// Lines that start far enough from each other, with their numbers from 1.
fn marks(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut marks: Vec<(usize, usize)> = Vec::new();
    for (number, start) in (1..).zip(line_starts(bytes)) {
        if marks.last().is_none_or(|(_, last)| start - last >= LONG) {
            marks.push((number, start));
        }
    }
    marks
}

/// Lines end with a line feed, a carriage return, or both.
fn line_starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let ends = memchr::memchr2_iter(b'\n', b'\r', bytes)
        .filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
    std::iter::once(0).chain(ends.map(|at| at + 1))
}

/// What of the line to underline: the innermost value of the path that stands there, with its key; else the whole line.
fn underlined(line: &str, path: &str) -> Range<usize> {
    let start = line.len() - line.trim_start().len();
    let item = line[start..].strip_prefix("- ").map(str::trim_start);
    let mut found = item.map_or(start, |item| line.len() - item.len())..line.len();
    // Where in the line all of the path so far stands: what follows is looked for behind it.
    let mut from = 0;
    for segment in FieldPath::parse(path).segments() {
        let place = match segment {
            Segment::Field(key) | Segment::Key(key) => {
                let behind = position_of_key(line, key, from);
                behind.or_else(|| position_of_key(line, key, 0))
            }
            Segment::Index(index) => position_of_item(&line[from..], *index).map(|at| from + at),
        };
        if let Some(place) = place {
            found = place..place + length_of_value(&line[place..]);
            from = place;
        }
    }
    found
}

/// Where a key begins, with its quotes, from a place in the line on.
fn position_of_key(line: &str, key: &str, from: usize) -> Option<usize> {
    if key.is_empty() {
        return None;
    }
    let places = line[from..].match_indices(key).map(|(at, _)| from + at);
    places.into_iter().find_map(|at| {
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

/// Where an item of the list begins that is the value of the key, or the item, at the beginning of the text.
fn position_of_item(text: &str, index: usize) -> Option<usize> {
    let mut flow = Flow::default();
    let mut commas = 0;
    let mut list = None;
    for (at, c) in text.char_indices() {
        let depth = flow.depth;
        let is_sign = flow.takes(c);
        match list {
            None if is_sign && c == '[' => list = Some(flow.depth),
            // Another value than a list.
            None if is_sign && matches!(c, '{' | ',' | '}' | ']') => return None,
            Some(inside) if is_sign && c == ',' && depth == inside => commas += 1,
            Some(inside) if flow.depth < inside => return None,
            _ => {}
        }
        if list.is_some() && commas == index && is_sign && matches!(c, '[' | ',') {
            let rest = &text[at + 1..];
            let blanks = rest.len() - rest.trim_start().len();
            let is_there = !rest[blanks..].is_empty() && !rest[blanks..].starts_with(']');
            return is_there.then_some(at + 1 + blanks);
        }
    }
    None
}

/// The length of `key: value` or of an item, up to what ends it in a flow mapping or list, or a comment.
fn length_of_value(text: &str) -> usize {
    let mut flow = Flow::default();
    for (at, c) in text.char_indices() {
        let ends = match c {
            ',' | '}' | ']' => flow.depth == 0 && flow.quote.is_none(),
            '#' => flow.last == ' ' && flow.quote.is_none(),
            _ => false,
        };
        if ends {
            return text[..at].trim_end().len();
        }
        flow.takes(c);
    }
    text.trim_end().len()
}

/// How deep in maps and lists of the flow style a character stands.
struct Flow {
    depth: usize,
    /// The quote in which it stands.
    quote: Option<char>,
    last: char,
}

impl Default for Flow {
    fn default() -> Self {
        Self {
            depth: 0,
            quote: None,
            last: ' ',
        }
    }
}

impl Flow {
    /// Goes on by a character, and says whether it stands outside of quotes.
    fn takes(&mut self, c: char) -> bool {
        let outside = self.quote.is_none();
        match (self.quote, c) {
            (Some(open), c) if c == open => self.quote = None,
            (None, '"' | '\'') if !self.last.is_alphanumeric() => self.quote = Some(c),
            (None, '{' | '[') => self.depth += 1,
            (None, '}' | ']') => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.last = c;
        outside
    }
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
            // Of what is not there, what should hold it.
            ("spec: {a: 1}, # all", "spec.b", "spec: {a: 1}"),
            ("spec: {a: 1}", "spec.b[0].c", "spec: {a: 1}"),
            ("  - {a: 1}", "spec.b[0].c", "{a: 1}"),
            ("a: {b: [x, {c: 1}]}", "a.b[1].d", "{c: 1}"),
            ("a: {b: [x, {c: 1}]}", "a.b[1].c", "c: 1"),
            ("a: {b: ['x, y', z]}", "a.b[1]", "z"),
            ("a: {b: [x], c: [y]}", "a.b[1]", "b: [x]"),
            ("a: {b: [], c: [y]}", "a.b[0]", "b: []"),
            ("a: {b: 1, c: [y]}", "a.b[0]", "b: 1"),
            ("{\"a\": {\"b\": 1}, \"c\": {\"b\": 2}}", "c.b", "\"b\": 2"),
            ("{\"a\": [{\"b\": [1]}, {\"b\": [2, 3]}]}", "a[1].b[1]", "3"),
            ("value: {spec: 1}", "spec.value", "value: {spec: 1}"),
            (
                "labels: {a.b/c: 1, c: 2}",
                "metadata.labels[a.b/c]",
                "a.b/c: 1",
            ),
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
        let starts: Vec<usize> = line_starts(b"a\nb\r\nc\rd").collect();
        assert_eq!(starts, [0, 2, 5, 7]);
    }

    #[test]
    fn every_line_is_found_wherever_it_stands_and_a_long_one_is_not_shown() {
        let lengths = [0, 1, 80, LONG - 2, LONG - 1, LONG, 3 * LONG];
        for ending in ["\n", "\r\n", "\r"] {
            let lines: Vec<String> = (0..300)
                .map(|number| format!("{number}").repeat(20)[..20].to_owned())
                .zip(lengths.iter().cycle())
                .map(|(line, length)| line + &"x".repeat(*length))
                .collect();
            let text = lines.join(ending);
            let excerpts = Excerpts::new(text.as_bytes(), &[], false);
            for (number, line) in (1..).zip(&lines) {
                let is_last = number == lines.len();
                let length = line.len() + if is_last { 0 } else { ending.len() };
                let expected = if length < LONG { line } else { "" };
                assert_eq!(excerpts.line(number), expected, "{number}");
            }
            assert_eq!(excerpts.line(0), "");
            assert_eq!(excerpts.line(lines.len() + 1), "");
        }
        assert_eq!(marks(&[b'\n'; 10 * LONG]).len(), 11);
    }
}
