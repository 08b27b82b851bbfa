//! What is wrong with an object, where, and which part of the server would say so.

use kube_vocab::{FieldPath, Finding, ObjectId, Severity};

/// The code of a note that says that the definition of the kind is broken.
pub(crate) const DEFINITION: &str = "definition";

/// The part of an API server's work that refuses the object: the code of the finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The object is not of the kind that it claims, or breaks a rule that belongs to its built-in kind.
    Type,
    /// Names, labels, annotations and the other members of `metadata`.
    Metadata,
    /// The schema of the kind: fields, JSON types, bounds, formats, list keys.
    Schema,
    /// A validation rule of the CustomResourceDefinition, written in CEL.
    Cel,
    /// Nobody but the cluster knows: what must exist there, and what it gives out.
    Cluster,
    /// The definition of the kind cannot be used.
    Definition,
}

impl Source {
    fn code(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Metadata => "metadata",
            Self::Schema => "schema",
            Self::Cel => "cel",
            Self::Cluster => "cluster",
            Self::Definition => DEFINITION,
        }
    }
}

/// One reason to refuse an object, before it is known which object it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) source: Source,
    pub(crate) path: FieldPath,
    pub(crate) message: String,
    /// Whether the server skips the CEL rules of the object because of this fault.
    pub(crate) blocks_rules: bool,
}

impl Fault {
    pub(crate) fn new(
        source: Source,
        path: impl Into<FieldPath>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            source,
            path: path.into(),
            message: one_line(message.into()),
            blocks_rules: false,
        }
    }

    pub(crate) fn blocking(
        source: Source,
        path: impl Into<FieldPath>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            blocks_rules: true,
            ..Self::new(source, path, message)
        }
    }

    pub(crate) fn into_finding(self, object: &ObjectId, severity: Severity) -> Finding {
        Finding::new(self.source.code(), severity, object, self.message).at(self.path)
    }
}

/// A text of at most `most` characters; what was cut off is three dots.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(3)).collect();
    format!("{}...", kept.trim_end())
}

/// A message as one line that can be read to its end: a value of the object that stands in it may be a whole script.
fn one_line(message: String) -> String {
    /// The characters that are kept of each end of a message that is longer than both.
    const END: usize = 240;
    let long = message.len() > 2 * END && message.chars().count() > 2 * END;
    if !long && !message.contains(char::is_control) {
        return message;
    }
    let escaped = |part: &str| -> String {
        part.chars()
            .flat_map(|letter| {
                let control = letter.is_control().then(|| letter.escape_default());
                let plain = control.is_none().then_some(letter);
                control.into_iter().flatten().chain(plain)
            })
            .collect()
    };
    if !long {
        return escaped(&message);
    }
    let head: String = message.chars().take(END).collect();
    let skipped = message.chars().count() - END;
    let tail: String = message.chars().skip(skipped).collect();
    format!(
        "{} ... {}",
        escaped(head.trim_end()),
        escaped(tail.trim_start())
    )
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn a_value_of_many_lines_leaves_a_message_of_one() {
        let short = "\"a\nb\tc\" is not one of: d".to_owned();
        assert_eq!(one_line(short), r#""a\nb\tc" is not one of: d"#);
    }

    #[test]
    fn a_long_value_leaves_what_is_said_of_it() {
        let script = "echo one\n".repeat(500);
        let told = one_line(format!("\"{script}\" is not one of: Always, Never"));
        assert!(told.starts_with(r#""echo one\necho"#), "{told}");
        assert!(told.ends_with("is not one of: Always, Never"), "{told}");
        assert!(told.len() < 600 && !told.contains('\n'), "{told}");
    }
}
