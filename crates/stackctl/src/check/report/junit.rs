//! JUnit XML: a test suite per file, a test per document.

use kube_vocab::Severity;

use super::{Counts, Document, Part, Report, with_remedy};
use crate::check::document::Outcome;

pub(super) struct Junit;

impl Report for Junit {
    fn begin(&self) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"stackctl check\">\n"
            .to_owned()
    }

    fn input(&self, part: &Part) -> String {
        let documents = &part.documents;
        if documents.is_empty() {
            return String::new();
        }
        let count =
            |is: fn(&Document) -> bool| documents.iter().filter(|document| is(document)).count();
        let mut text = format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n",
            escaped(&part.file),
            documents.len(),
            count(fails),
            count(is_skipped),
        );
        for document in documents {
            text.push_str(&test(&part.file, document));
        }
        text.push_str("  </testsuite>\n");
        text
    }

    fn end(&self, _: &Counts, complaints: &[String]) -> String {
        let mut text = String::new();
        if !complaints.is_empty() {
            let count = complaints.len();
            text = format!(
                "  <testsuite name=\"stackctl\" tests=\"{count}\" failures=\"0\" errors=\"{count}\" skipped=\"0\">\n"
            );
            for complaint in complaints {
                let message = escaped(complaint);
                text.push_str(&format!(
                    "    <testcase classname=\"stackctl\" name=\"{message}\">\n      <error message=\"{message}\"/>\n    </testcase>\n"
                ));
            }
            text.push_str("  </testsuite>\n");
        }
        text + "</testsuites>\n"
    }
}

fn fails(document: &Document) -> bool {
    document.findings.iter().any(|found| found.fails)
}

fn is_skipped(document: &Document) -> bool {
    !fails(document) && matches!(document.outcome, Outcome::Unknown | Outcome::NoObject)
}

fn test(file: &str, document: &Document) -> String {
    let subject = match document.subject() {
        subject if subject.is_empty() => format!("document {}", document.index + 1),
        subject => subject,
    };
    let said: String = document
        .findings
        .iter()
        .map(|found| {
            let word = match found.severity {
                Severity::Note if found.is_unknown() => "unknown",
                severity => severity.as_str(),
            };
            let text = with_remedy(found.text(), found);
            format!("{file}:{}: {word}: {text}\n", found.line)
        })
        .collect();
    let body = if fails(document) {
        let failing = document.findings.iter().filter(|found| found.fails);
        let messages: Vec<String> = failing.map(|found| found.text()).collect();
        format!(
            "      <failure message=\"{}\">{}</failure>\n",
            escaped(&messages.join("; ")),
            escaped(&said)
        )
    } else if is_skipped(document) {
        let messages: Vec<String> = document.findings.iter().map(|found| found.text()).collect();
        format!(
            "      <skipped message=\"{}\"/>\n",
            escaped(&messages.join("; "))
        )
    } else if said.is_empty() {
        String::new()
    } else {
        format!("      <system-out>{}</system-out>\n", escaped(&said))
    };
    let (class, name) = (
        escaped(file),
        escaped(&format!("{subject} (line {})", document.line)),
    );
    match body.is_empty() {
        true => format!("    <testcase classname=\"{class}\" name=\"{name}\"/>\n"),
        false => {
            format!("    <testcase classname=\"{class}\" name=\"{name}\">\n{body}    </testcase>\n")
        }
    }
}

/// Text for an attribute or an element. What XML 1.0 cannot hold at all becomes a replacement character.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", u32::from(c))),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_escaped_or_replaced() {
        assert_eq!(
            escaped("a<b>&\"c\"\n\u{1b}[0m"),
            "a&lt;b&gt;&amp;&quot;c&quot;&#10;\u{fffd}[0m"
        );
    }
}
