//! Workflow commands of GitHub Actions, which annotate the lines of a pull request.

use kube_vocab::Severity;

use super::{Counts, Part, Report, Shown, with_remedy};

pub(super) struct Github {
    pub shown: Shown,
}

impl Report for Github {
    fn input(&self, part: &Part) -> String {
        let mut text = String::new();
        for document in &part.documents {
            for found in self.shown.by_line(document) {
                let command = match found.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Note => "notice",
                };
                let title = match document.subject() {
                    subject if subject.is_empty() => found.code.to_string(),
                    subject => subject,
                };
                text.push_str(&format!(
                    "::{command} file={},line={},title={}::{}\n",
                    property(&part.file),
                    found.line,
                    property(&title),
                    message(&with_remedy(found.text(), found))
                ));
            }
        }
        text
    }

    fn end(&self, _: &Counts, complaints: &[String]) -> String {
        let lines = complaints
            .iter()
            .map(|text| format!("::error::{}\n", message(text)));
        lines.collect()
    }
}

/// A message, in which a command would end at a line break.
fn message(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property, in which colons and commas would separate.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(message("100%: a\r\nb, c"), "100%25: a%0D%0Ab, c");
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
    }
}
