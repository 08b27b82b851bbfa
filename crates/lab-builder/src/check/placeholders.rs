use serde_json::Value;
use stack_builder::{Finding, Part, Severity, Subject};

use crate::model::Whole;

/// A text such as `<your-repo>` is for a person to fill in. In what an exercise applies by hand it is a warning, since there is a
/// person.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let bundle = whole.bundle;
    let mut search = |subject: Subject, severity, value: &Value| {
        let mut found = Vec::new();
        walk(value, &mut String::new(), &mut found);
        for (path, placeholder) in found {
            let message = format!("`{placeholder}` was never filled in");
            findings.push(
                Finding::new("placeholders", severity, subject.clone(), message)
                    .at(path)
                    .remedy("write what is meant in its place"),
            );
        }
    };
    for object in bundle.objects().filter(|object| is_data(&object.id().kind)) {
        search(object.id().into(), Severity::Error, object.value());
    }
    for release in bundle.releases() {
        let subject = Subject::Release(release.name.clone());
        search(subject, Severity::Error, &release.values);
    }
    let exercises = bundle.parts().iter().flat_map(Part::exercises);
    for (_, _, object) in exercises.filter(|(_, _, object)| is_data(&object.id().kind)) {
        search(object.id().into(), Severity::Warning, object.value());
    }
}

/// Whether a kind holds what is meant as it stands, and not programs, pages or descriptions in languages of their own.
fn is_data(kind: &str) -> bool {
    !matches!(
        kind,
        "ConfigMap" | "CustomResourceDefinition" | "ConstraintTemplate"
    )
}

/// Texts with a placeholder, and where they stand.
fn walk(value: &Value, path: &mut String, found: &mut Vec<(String, String)>) {
    let length = path.len();
    match value {
        Value::String(text) => {
            if let Some(placeholder) = placeholder(text) {
                found.push((path.clone(), placeholder.to_owned()));
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                path.push_str(&format!("[{at}]"));
                walk(item, path, found);
                path.truncate(length);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                // Prose, for people.
                if key == "description" {
                    continue;
                }
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
                walk(member, path, found);
                path.truncate(length);
            }
        }
        _ => {}
    }
}

/// The first placeholder of a text: words in angle brackets, the way documentation writes them. Texts of several lines are
/// programs, and `(?<name>...)`, `<b>...</b>` and `<none>` are no placeholders.
fn placeholder(text: &str) -> Option<&str> {
    const WORDS: [&str; 7] = [
        "<none>",
        "<nil>",
        "<null>",
        "<unset>",
        "<unknown>",
        "<empty>",
        "<invalid>",
    ];
    if text.contains('\n') {
        return None;
    }
    let mut from = 0;
    while let Some(open) = text[from..].find('<').map(|at| from + at) {
        let rest = &text[open..];
        let Some(length) = rest.find('>').map(|at| at + 1) else {
            break;
        };
        let found = &rest[..length];
        let inner = &found[1..length - 1];
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
        let is_name = inner.chars().count() >= 3
            && inner.starts_with(char::is_alphabetic)
            && inner.ends_with(char::is_alphanumeric)
            && inner.chars().all(is_word);
        let of_pattern = text[..open].ends_with(['?', 'P', '\\']);
        let of_page = text.contains(&format!("</{inner}>"));
        if is_name && !of_pattern && !of_page && !WORDS.contains(&found) {
            return Some(found);
        }
        from = open + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::placeholder;

    #[test]
    fn placeholders_are_told_from_other_angle_brackets() {
        for (text, expected) in [
            ("https://github.com/<your-repo>/x.git", Some("<your-repo>")),
            ("<HARBOR_HOST>/lab", Some("<HARBOR_HOST>")),
            ("a < b, <your token>", Some("<your token>")),
            ("<<name>>", Some("<name>")),
            ("<저장소 이름>", Some("<저장소 이름>")),
            ("a < b and c > d", None),
            ("a<b", None),
            ("(?P<level>[a-z]+)", None),
            ("(?<level>[a-z]+)", None),
            ("<none>", None),
            ("<div>text</div>", None),
            ("1 <2> 3", None),
            ("sort <input >output", None),
            ("cat <<EOF\n<your-name>\nEOF", None),
        ] {
            assert_eq!(placeholder(text), expected, "{text}");
        }
    }
}
