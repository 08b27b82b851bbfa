//! Reads the table of systems.

use super::{Claim, System};

const TABLE: &str = include_str!("systems.txt");

/// A line of the table that says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the table of systems: `{text}` is {problem}")]
pub struct TableError {
    /// The line, from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// The systems in the order of the table.
pub(super) fn read() -> Result<Vec<System>, TableError> {
    read_text(TABLE)
}

fn read_text(table: &'static str) -> Result<Vec<System>, TableError> {
    let mut systems: Vec<System> = Vec::new();
    for (at, text) in table.lines().enumerate() {
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let refused = |problem| TableError {
            line: at + 1,
            text: text.to_owned(),
            problem,
        };
        let Some(line) = text.strip_prefix("    ") else {
            systems.push(System {
                name: text,
                claims: Vec::new(),
            });
            continue;
        };
        let claim = claim(line).ok_or_else(|| refused("no claim"))?;
        let system = systems.last_mut();
        let system = system.ok_or_else(|| refused("a claim of no system"))?;
        system.claims.push(claim);
    }
    Ok(systems)
}

fn claim(line: &'static str) -> Option<Claim> {
    let (word, rest) = line.split_once(' ')?;
    Some(match word {
        "component" => Claim::Component(rest),
        "kind" => {
            let (version, kind) = rest.split_once(' ')?;
            Claim::Kind(version, kind)
        }
        "check" => Claim::Check(rest),
        "document" => Claim::Document(rest),
        "file" => {
            let (path, what) = rest.split_once(' ')?;
            Claim::File(path, what)
        }
        "image" => Claim::Image(rest),
        "outside" => Claim::Outside(rest),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_claim_is_named() {
        for (table, line) in [
            ("Kind\n    component kind\n    componet kind\n", 3),
            ("    component kind\n", 1),
            ("# A comment.\n\nKind\n    kind v1\n", 4),
            ("Kind\n    file docs\n", 2),
        ] {
            assert_eq!(read_text(table).unwrap_err().line, line, "{table}");
        }
        let read = read_text("Kind\n    file docs what it is\n").unwrap();
        assert_eq!(read[0].claims, [Claim::File("docs", "what it is")]);
    }
}
