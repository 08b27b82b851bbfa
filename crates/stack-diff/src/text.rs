//! For a terminal.

use std::fmt;

use serde_json::Value;
use similar::TextDiff;

use crate::{Change, Diff, FieldChange};

/// One line for each object, its fields below it: `~` changes, `+` comes, `-` goes.
impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for object in &self.objects {
            writeln!(f, "{} {}", mark(object.change), object.object)?;
            for field in &object.fields {
                for line in lines(field) {
                    writeln!(f, "    {line}")?;
                }
            }
        }
        Ok(())
    }
}

pub(crate) fn mark(change: Change) -> char {
    match change {
        Change::Added => '+',
        Change::Removed => '-',
        Change::Changed => '~',
    }
}

/// What changes in a field: texts of several lines line by line, all else as JSON.
pub(crate) fn lines(field: &FieldChange) -> Vec<String> {
    let path = match field.path.as_str() {
        "" => "(all)",
        path => path,
    };
    match (&field.old, &field.new) {
        (Some(Value::String(old)), Some(Value::String(new)))
            if old.contains('\n') || new.contains('\n') =>
        {
            let diff = TextDiff::from_lines(old, new);
            let mut lines = vec![format!("{path}:")];
            let hunks = diff.unified_diff().context_radius(2).to_string();
            lines.extend(hunks.lines().map(|line| format!("  {line}")));
            lines
        }
        (Some(old), Some(new)) => vec![format!("{path}: {old} -> {new}")],
        (None, Some(new)) => vec![format!("+ {path}: {new}")],
        (Some(old), None) => vec![format!("- {path}: {old}")],
        (None, None) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::Diff;

    #[test]
    fn long_texts_are_compared_line_by_line() {
        let config = |text: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": text}});
        let diff = Diff::of(
            [config("1\n2\n3\n4\n5\n6\n")],
            [config("1\n2\n3\n4\nfive\n6\n")],
        );
        assert_eq!(
            diff.to_string(),
            "~ ConfigMap c\n    data.a:\n      @@ -3,4 +3,4 @@\n       3\n       4\n      -5\n      +five\n       6\n"
        );
    }

    #[test]
    fn what_comes_and_goes_is_marked() {
        let object = |name: &str, label: Option<&str>| {
            let mut object =
                json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}});
            if let Some(label) = label {
                object["metadata"]["labels"] = json!({"a": label});
            }
            object
        };
        let diff = Diff::of(
            [
                object("old", None),
                object("same", None),
                object("kept", Some("1")),
            ],
            [
                object("same", None),
                object("new", None),
                object("kept", None),
            ],
        );
        assert_eq!(
            diff.to_string(),
            "~ ConfigMap kept\n    - metadata.labels: {\"a\":\"1\"}\n+ ConfigMap new\n- ConfigMap old\n"
        );
    }
}
