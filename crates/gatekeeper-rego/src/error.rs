//! What can go wrong with a policy.

use std::fmt;

use gatekeeper_types::selection::MatchError;

/// A place in the Rego of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The module: `rego`, or `libs[0]` and so on.
    pub module: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.module, self.line, self.column)
    }
}

/// Why a policy gives no verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegoError {
    /// The template has no Rego.
    #[error("template `{template}` has no Rego")]
    NoRego {
        /// The template's name.
        template: String,
    },
    /// The Rego cannot be read.
    #[error("template `{template}`, {}: {message}", At(position))]
    Compile {
        /// The template's name.
        template: String,
        /// Where, as far as is known.
        position: Option<Position>,
        /// What the interpreter says is wrong, with line and column.
        message: String,
    },
    /// The module does not define `violation`.
    #[error("template `{template}` does not define the rule `violation`")]
    NoViolationRule {
        /// The template's name.
        template: String,
    },
    /// The package of a library does not begin with `lib`.
    #[error(
        "template `{template}`, {module}: the package of a library must begin with `lib` and is `{package}`"
    )]
    LibraryPackage {
        /// The template's name.
        template: String,
        /// The library's number in `libs`, from 0, or its name.
        module: String,
        /// The package that it declares; it must begin with `lib`.
        package: String,
    },
    /// The Rego failed on an object.
    #[error("template `{template}`, {}: {message}", At(position))]
    Evaluate {
        /// The template's name.
        template: String,
        /// Where, as far as is known.
        position: Option<Position>,
        /// What the interpreter says is wrong, with line and column.
        message: String,
    },
    /// A violation is not an object with a text in `msg`.
    #[error(
        "template `{template}`: a violation must be an object with a text in `msg`, and one is {found}"
    )]
    Violation {
        /// The template's name.
        template: String,
        /// What the policy gave in place of a violation, as JSON.
        found: String,
    },
    /// There is no template for the kind of a constraint.
    #[error("constraint `{constraint}`: no template makes the kind `{kind}`")]
    NoTemplate {
        /// The constraint's name.
        constraint: String,
        /// The constraint's kind, for which there is no template.
        kind: String,
    },
    /// The parameters of a constraint cannot be written as JSON.
    #[error("constraint `{constraint}`: spec.parameters: {message}")]
    Parameters {
        /// The constraint's name.
        constraint: String,
        /// What the interpreter says is wrong, with line and column.
        message: String,
    },
    /// Nobody can say whether a constraint is about an object.
    #[error("constraint `{constraint}`: {error}")]
    Match {
        /// The constraint's name.
        constraint: String,
        /// What of its `match` cannot be judged.
        error: MatchError,
    },
    /// An object to be found in `data.inventory` has no apiVersion, kind or name.
    #[error("an object of the inventory has no {missing}")]
    InventoryObject {
        /// The member of the object that is missing, such as `kind`.
        missing: &'static str,
    },
    /// Something that is no AdmissionReview was given as one.
    #[error("this is no AdmissionReview: {missing} is missing")]
    NoAdmissionReview {
        /// The member of the object that is missing, such as `kind`.
        missing: &'static str,
    },
}

/// A position, or that there is none.
struct At<'a>(&'a Option<Position>);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(position) => write!(f, "{position}"),
            None => f.write_str("rego"),
        }
    }
}

/// Takes a message of the interpreter apart: a header `--> MODULE:LINE:COLUMN`, the line itself, and `error: MESSAGE`.
pub(crate) fn locate(text: &str) -> (Option<Position>, String) {
    let position = text.lines().find_map(|line| {
        let mut parts = line.trim().strip_prefix("--> ")?.rsplitn(3, ':');
        let column = parts.next()?.parse().ok()?;
        let line = parts.next()?.parse().ok()?;
        Some(Position {
            module: parts.next()?.to_owned(),
            line,
            column,
        })
    });
    let message = text
        .split_once("error: ")
        .filter(|_| position.is_some())
        .map_or(text.trim(), |(_, message)| message.trim());
    (position, message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_without_a_header_stay_whole() {
        assert_eq!(locate("  no such rule "), (None, "no such rule".to_owned()));
    }

    #[test]
    fn the_header_becomes_the_position() {
        let text = "\n--> libs[1]:3:14\n  |\n3 |   x := y\n  |        ^\n  error: use of undefined variable `y`";
        let position = Position {
            module: "libs[1]".to_owned(),
            line: 3,
            column: 14,
        };
        assert_eq!(
            locate(text),
            (Some(position), "use of undefined variable `y`".to_owned())
        );
    }
}
