//! For a comment on a pull request.

use crate::text::{lines, mark};
use crate::{Change, Diff};

/// More than this is folded together rather than shown: hosts cut long comments.
const SHOWN_OBJECTS: usize = 200;

impl Diff {
    /// A comment for a review: the counts, the images and policies that change, and each object with its fields.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        self.to_markdown_with("")
    }

    /// The same, with a section of one's own between the summary and the objects. It is Markdown as given, with its heading.
    #[must_use]
    pub fn to_markdown_with(&self, section: &str) -> String {
        if self.is_empty() {
            return match section {
                "" => "No object changes.\n".to_owned(),
                section => format!("No object changes.\n\n{section}"),
            };
        }
        let mut text = format!(
            "**{}** changed, **{}** added, **{}** removed\n",
            self.count(Change::Changed),
            self.count(Change::Added),
            self.count(Change::Removed)
        );
        if !self.images().is_empty() {
            text.push_str(
                "\n### Images\n\n| object | container | old | new |\n|---|---|---|---|\n",
            );
            for image in self.images() {
                let cell = |image: &Option<String>| image.as_deref().map_or_else(String::new, code);
                text.push_str(&format!(
                    "| {} | {} | {} | {} |\n",
                    code(&image.object.to_string()),
                    code(&image.container),
                    cell(&image.old),
                    cell(&image.new)
                ));
            }
        }
        let mut policies = self.policies().peekable();
        if policies.peek().is_some() {
            text.push_str("\n### Policies\n\n");
            for policy in policies {
                let policy = format!(
                    "{} {}",
                    mark(policy.change),
                    code(&policy.object.to_string())
                );
                text.push_str(&format!("- {policy}\n"));
            }
        }
        if !section.is_empty() {
            text.push_str(&format!("\n{section}"));
        }
        text.push_str("\n### Objects\n\n");
        for object in self.objects.iter().take(SHOWN_OBJECTS) {
            let head = format!(
                "{} {}",
                mark(object.change),
                code(&object.object.to_string())
            );
            if object.fields.is_empty() {
                text.push_str(&format!("- {head}\n"));
                continue;
            }
            let body: Vec<String> = object.fields.iter().flat_map(lines).collect();
            let fence = fence(&body);
            text.push_str(&format!("- {head}\n\n  {fence}diff\n"));
            for line in body {
                text.push_str(&format!("  {line}\n"));
            }
            text.push_str(&format!("  {fence}\n\n"));
        }
        let rest = self.objects.len().saturating_sub(SHOWN_OBJECTS);
        if rest > 0 {
            text.push_str(&format!("- and {rest} more\n"));
        }
        text
    }
}

/// A text of any content as code in a cell of a table.
fn code(text: &str) -> String {
    format!(
        "`{}`",
        text.replace('`', "'")
            .replace('|', "\\|")
            .replace(['\n', '\r'], " ")
    )
}

/// A fence that none of the lines can end.
fn fence(lines: &[String]) -> String {
    let longest = lines
        .iter()
        .map(|line| {
            let mut longest = 0;
            let mut run = 0;
            for c in line.chars() {
                run = if c == '`' { run + 1 } else { 0 };
                longest = longest.max(run);
            }
            longest
        })
        .max()
        .unwrap_or_default();
    "`".repeat((longest + 1).max(3))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::Diff;

    #[test]
    fn texts_cannot_break_out() {
        let config = |text: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": text}});
        let diff = Diff::of([config("a")], [config("```` <b>|")]);
        assert_eq!(
            diff.to_markdown(),
            "**1** changed, **0** added, **0** removed\n\n### Objects\n\n- ~ `ConfigMap c`\n\n  `````diff\n  data.a: \"a\" -> \"```` <b>|\"\n  `````\n\n"
        );
        assert_eq!(Diff::default().to_markdown(), "No object changes.\n");
    }
}
