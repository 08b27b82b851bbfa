//! Where each check begins and ends to find something: its examples, changed in a few places.
//!
//! The rows of a check stand beside its examples, in `fixtures/<code>/edges.txt`, with a blank line between them:
//!
//! ```text
//! # failing: what the row says, about this example
//! < text of the example
//! > what stands there instead
//! + a line of a document that is added; `# file: a/b.yaml` says from which file it and those behind it are
//! = a part of the finding that is expected; none of these lines: nothing is found
//! ```

use std::fmt::Write;

use stack_check::{Check, Config, Group, Level, run};
use stack_model::{Model, SourceObject};

/// The findings of one check in the documents of a text.
fn findings(check: &Check, text: &str) -> Vec<String> {
    let mut file = "stack.yaml".to_owned();
    let objects = text.split("\n---\n").flat_map(|document| {
        if let Some((_, named)) = document.split_once("# file: ") {
            named.lines().next().unwrap().clone_into(&mut file);
        }
        let documents = kube_yaml::Manifests::new(document);
        let objects = documents.map(|one| SourceObject::read(file.clone(), one.unwrap()));
        objects.collect::<Vec<_>>()
    });
    let config = Config {
        whole: text.starts_with("# whole"),
        checks: [(check.code.to_owned(), Level::Deny)].into(),
        ..Config::default()
    };
    let report = run(&Model::read(objects), &config);
    let own = report.findings.iter();
    own.filter(|finding| finding.code == check.code)
        .map(ToString::to_string)
        .collect()
}

/// A row's example with its changes, and what is expected.
fn changed<'r>(check: &Check, row: &'r str) -> Result<(String, Vec<&'r str>), String> {
    let mut text = match row.lines().next() {
        Some(line) if line.starts_with("# failing: ") => check.failing.to_owned(),
        Some(line) if line.starts_with("# passing: ") => check.passing.to_owned(),
        _ => return Err("begins neither with `# failing: ` nor with `# passing: `".to_owned()),
    };
    let mut expected = Vec::new();
    let (mut old, mut added) = (Vec::new(), Vec::new());
    let mut lines = row.lines().skip(1).peekable();
    while let Some(line) = lines.next() {
        let (mark, rest) = line.split_at_checked(2).unwrap_or((line, ""));
        let next = lines.peek().and_then(|line| line.get(..1));
        match mark.trim_end() {
            "<" => {
                old.push(rest);
                // Without a line of `>` the text is taken out.
                if !matches!(next, Some("<" | ">")) {
                    text = replace(&text, &old.join("\n"), "")?;
                    old.clear();
                }
            }
            ">" => {
                added.push(rest);
                if next != Some(">") {
                    text = replace(&text, &old.join("\n"), &added.join("\n"))?;
                    old.clear();
                    added.clear();
                }
            }
            "+" => {
                added.push(rest);
                if next != Some("+") {
                    write!(text, "\n---\n{}\n", added.join("\n")).unwrap();
                    added.clear();
                }
            }
            "=" => expected.push(rest),
            _ => return Err(format!("no such line: {line}")),
        }
    }
    Ok((text, expected))
}

fn replace(text: &str, old: &str, new: &str) -> Result<String, String> {
    match !old.is_empty() && text.contains(old) {
        true => Ok(text.replace(old, new)),
        false => Err(format!("the example does not hold `{old}`")),
    }
}

/// What is otherwise than the rows of a group's checks say.
fn assert_edges(group: Group) {
    let (mut rows, mut wrong) = (0, String::new());
    for check in group.checks() {
        let file = format!("fixtures/{}/edges.txt", check.code);
        let text = std::fs::read_to_string(file).unwrap_or_default();
        for row in text.trim().split("\n\n").filter(|row| !row.is_empty()) {
            rows += 1;
            let outcome = changed(check, row).and_then(|(text, expected)| {
                let found = findings(check, &text);
                let mut pairs = found.iter().zip(&expected);
                match found.len() == expected.len() && pairs.all(|(one, part)| one.contains(part)) {
                    true => Ok(()),
                    false => Err(format!("expected {expected:?}, found {found:#?}")),
                }
            });
            if let Err(problem) = outcome {
                let name = row.lines().next().unwrap_or_default();
                writeln!(wrong, "{}: {name}\n  {problem}", check.code).unwrap();
            }
        }
    }
    assert!(rows > 0, "no rows for {group:?}");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn checks_of_references_find_what_their_edges_say() {
    assert_edges(Group::References);
}

#[test]
fn checks_of_conflicts_find_what_their_edges_say() {
    assert_edges(Group::Conflicts);
}

#[test]
fn checks_of_capacity_find_what_their_edges_say() {
    assert_edges(Group::Capacity);
}

#[test]
fn checks_of_posture_find_what_their_edges_say() {
    assert_edges(Group::Posture);
}
