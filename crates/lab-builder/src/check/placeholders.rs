use std::cell::RefCell;

use stack_builder::{Finding, Part, Severity, Subject};
use stack_model::kube_value::{Map, Memo};
use stack_model::{Entry, Value};

use crate::ObjectId;
use crate::model::Whole;

/// A text such as `<your-repo>` is for a person to fill in. In what an exercise applies by hand it is a warning, since there is a
/// person.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let bundle = whole.bundle;
    let mut search = |subject: &dyn Fn() -> Subject, severity, value: &Value| {
        let mut found = Vec::new();
        walk(value, &mut Vec::new(), &mut found);
        for (path, placeholder) in found {
            let message = format!("`{placeholder}` was never filled in");
            findings.push(
                Finding::new("placeholders", severity, subject(), message)
                    .at(path)
                    .remedy("write what is meant in its place"),
            );
        }
    };
    // What charts make is not ours to fill in, and neither is the list of the nodes.
    let is_own =
        |entry: &&Entry| entry.origin().release.is_none() && !entry.is("kind.x-k8s.io", "Cluster");
    let own: Vec<&Entry> = match whole.unfilled {
        true => whole.model.entries().filter(is_own).collect(),
        // The others were looked at when they were read.
        false => whole.declared().collect(),
    };
    for entry in own.into_iter().filter(|entry| is_data(entry.kind())) {
        search(&|| entry.id().into(), Severity::Error, entry.value());
    }
    for release in bundle.releases() {
        let subject = || Subject::Release(release.name.clone());
        search(&subject, Severity::Error, &Value::from(&release.values));
    }
    let exercises = bundle.parts().iter().flat_map(Part::exercises);
    for (_, _, object) in exercises.filter(|(_, _, object)| is_data(&object.id().kind)) {
        let value = object.to_held();
        search(&|| object.id().into(), Severity::Warning, &value);
    }
}

/// Whether there may be something to say of an object: of nearly all there is not.
pub(super) fn may_stand_in(object: &ObjectId, value: &Value) -> bool {
    // The items of a list are objects of their own.
    object.kind.ends_with("List")
        || is_data(&object.kind)
            && match value {
                Value::Object(members) => KNOWN.with_borrow_mut(|known| {
                    stand_in(members, |value| match value {
                        Value::Object(members) => {
                            known.of(members, |members| stand_in(members, stands_in))
                        }
                        value => stands_in(value),
                    })
                }),
                value => stands_in(value),
            }
}

thread_local! {
    /// Whether one stands in what is below a root, which many objects mostly share.
    static KNOWN: RefCell<Memo<bool>> = const { RefCell::new(Memo::new()) };
}

fn stands_in(value: &Value) -> bool {
    match value {
        Value::String(text) => placeholder(text).is_some(),
        Value::Array(items) => items.iter().any(stands_in),
        Value::Object(members) => stand_in(members, stands_in),
        _ => false,
    }
}

fn stand_in(members: &Map, mut stands_in: impl FnMut(&Value) -> bool) -> bool {
    let mut members = members.iter();
    members.any(|(key, member)| !is_prose(key) && stands_in(member))
}

/// Whether a member is for people.
fn is_prose(key: &str) -> bool {
    key == "description"
}

/// Whether a kind holds what is meant as it stands, and not programs, pages or descriptions in languages of their own.
fn is_data(kind: &str) -> bool {
    !matches!(
        kind,
        "ConfigMap" | "CustomResourceDefinition" | "ConstraintTemplate"
    )
}

/// A step on the way to a text.
enum Step<'v> {
    Member(&'v str),
    Element(usize),
}

/// Texts with a placeholder, and where they stand.
fn walk<'v>(value: &'v Value, way: &mut Vec<Step<'v>>, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => {
            if let Some(placeholder) = placeholder(text) {
                found.push((path(way), placeholder.to_owned()));
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                way.push(Step::Element(at));
                walk(item, way, found);
                way.pop();
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                if !is_prose(key) {
                    way.push(Step::Member(key));
                    walk(member, way, found);
                    way.pop();
                }
            }
        }
        _ => {}
    }
}

fn path(way: &[Step<'_>]) -> String {
    let mut path = String::new();
    for step in way {
        match step {
            Step::Member(key) if path.is_empty() => path.push_str(key),
            Step::Member(key) => path.extend([".", key]),
            Step::Element(at) => path.push_str(&format!("[{at}]")),
        }
    }
    path
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
    // Nearly all texts are short and have none.
    if !text.as_bytes().contains(&b'<') || text.contains('\n') {
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
