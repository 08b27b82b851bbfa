//! The small language that says where in a rendered lab a value is.
//!
//! | written | means |
//! |---|---|
//! | `spec.replicas` | member of a member |
//! | `params."server.insecure"` | a member whose name holds dots |
//! | `listeners[0]` | one element, counted from zero |
//! | `listeners[port=80]`, `[kind=Job,metadata.name=x]` | the one element with these values (two are an error) |
//! | `listeners[*].port` | every element, as a list (`null` where the rest of the path is missing) |
//! | `nodes[*role=worker]` | every element with these values, as a list |
//! | `data."config.yaml".!yaml.receivers` | read the text found so far as YAML, `!json`, `!tsv` (rows by heading) |
//! | `exporters.!keys` | names of the members, as a list |

use serde_json::{Map, Value};

/// The path without its last step, so that a claim of absence can show that it looked in the right place.
pub fn parent(path: &str) -> Result<String, String> {
    let mut last = 0;
    let mut at = 0;
    while at < path.len() {
        let rest = &path[at..];
        at += match rest.chars().next() {
            Some('"') => {
                rest[1..]
                    .find('"')
                    .ok_or_else(|| format!("{path}: quote is not closed"))?
                    + 2
            }
            Some('[') => {
                last = at;
                closing(&rest[1..]).ok_or_else(|| format!("{path}: bracket is not closed"))? + 2
            }
            Some('.') => {
                last = at;
                1
            }
            sign => sign.map_or(1, char::len_utf8),
        };
    }
    Ok(path[..last].to_owned())
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Key(String),
    Index(usize),
    Pick {
        conditions: Vec<(Vec<Step>, String)>,
        all: bool,
    },
    Yaml,
    Json,
    Tsv,
    Keys,
}

/// Value at `path` below `root`; `None` where nothing is there. An error is a mistake in the path or text that cannot be read.
pub fn find(root: &Value, path: &str) -> Result<Option<Value>, String> {
    let steps = parse(path)?;
    walk(root, &steps).map_err(|problem| format!("{path}: {problem}"))
}

fn parse(path: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            rest = after;
        } else if let Some(after) = rest.strip_prefix('"') {
            let end = after
                .find('"')
                .ok_or_else(|| format!("{path}: quote is not closed"))?;
            steps.push(Step::Key(after[..end].to_owned()));
            rest = &after[end + 1..];
        } else if let Some(after) = rest.strip_prefix('[') {
            let end = closing(after).ok_or_else(|| format!("{path}: bracket is not closed"))?;
            steps.push(bracket(&after[..end])?);
            rest = &after[end + 1..];
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            steps.push(match &rest[..end] {
                "!yaml" => Step::Yaml,
                "!json" => Step::Json,
                "!tsv" => Step::Tsv,
                "!keys" => Step::Keys,
                key => Step::Key(key.to_owned()),
            });
            rest = &rest[end..];
        }
    }
    Ok(steps)
}

/// Position of the bracket that closes the one just opened; brackets nest in conditions.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, sign) in text.char_indices() {
        match sign {
            '[' => depth += 1,
            ']' if depth == 0 => return Some(at),
            ']' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn bracket(inner: &str) -> Result<Step, String> {
    if let Ok(index) = inner.parse() {
        return Ok(Step::Index(index));
    }
    let (all, conditions) = match inner.strip_prefix('*') {
        Some(conditions) => (true, conditions),
        None => (false, inner),
    };
    let conditions = conditions
        .split(',')
        .filter(|condition| !condition.is_empty())
        .map(|condition| {
            let (key, value) = condition
                .split_once('=')
                .ok_or_else(|| format!("[{inner}]: no `=`"))?;
            Ok((parse(key)?, value.to_owned()))
        })
        .collect::<Result<_, String>>()?;
    Ok(Step::Pick { conditions, all })
}

fn walk(value: &Value, steps: &[Step]) -> Result<Option<Value>, String> {
    let Some((step, rest)) = steps.split_first() else {
        return Ok(Some(value.clone()));
    };
    match step {
        Step::Key(key) => value.get(key).map_or(Ok(None), |found| walk(found, rest)),
        Step::Index(index) => value.get(index).map_or(Ok(None), |found| walk(found, rest)),
        Step::Pick { conditions, all } => {
            let Some(elements) = value.as_array() else {
                return Ok(None);
            };
            let mut picked = Vec::new();
            for element in elements {
                if holds(element, conditions)? {
                    picked.push(element);
                }
            }
            if *all {
                let found = picked
                    .iter()
                    .map(|element| Ok(walk(element, rest)?.unwrap_or(Value::Null)));
                return found
                    .collect::<Result<_, String>>()
                    .map(|list| Some(Value::Array(list)));
            }
            match picked.as_slice() {
                [] => Ok(None),
                [one] => walk(one, rest),
                several => Err(format!(
                    "{} elements match, one was expected",
                    several.len()
                )),
            }
        }
        Step::Yaml => walk(
            &serde_yaml::from_str(text(value)?).map_err(|error| error.to_string())?,
            rest,
        ),
        Step::Json => walk(
            &serde_json::from_str(text(value)?).map_err(|error| error.to_string())?,
            rest,
        ),
        Step::Tsv => walk(&rows(text(value)?), rest),
        Step::Keys => {
            let Some(members) = value.as_object() else {
                return Ok(None);
            };
            walk(&members.keys().cloned().map(Value::String).collect(), rest)
        }
    }
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| "not a text".to_owned())
}

fn holds(element: &Value, conditions: &[(Vec<Step>, String)]) -> Result<bool, String> {
    for (steps, wanted) in conditions {
        let same = match walk(element, steps)? {
            Some(Value::String(found)) => found == *wanted,
            Some(found) => serde_json::from_str(wanted).is_ok_and(|wanted: Value| wanted == found),
            None => false,
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Rows of a table with tabs: one object per line, members named by the first line. Lines that begin with `#` are remarks.
fn rows(table: &str) -> Value {
    let mut lines = table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let headings: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    lines
        .map(|line| {
            let cells = line.split('\t').map(|cell| Value::String(cell.to_owned()));
            Value::Object(
                headings
                    .iter()
                    .map(|heading| (*heading).to_owned())
                    .zip(cells)
                    .collect::<Map<_, _>>(),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{find, parent};
    use serde_json::{Value, json};

    #[test]
    fn paths_find_what_they_name() {
        let lab = json!({
            "nodes": [{"role": "worker", "n": 1}, {"role": "worker"}, {"role": "control-plane", "map": [{"hostPort": 80}]}],
            "params": {"server.insecure": true},
            "text": "a:\n  b: [1, 2]\n",
            "inner": "{\"x\": null}",
            "table": "# remark\nname\tport\nquay.io\t443\n",
        });
        let cases = [
            ("nodes[0].role", Some(json!("worker"))),
            ("nodes[7].role", None),
            (
                "nodes[role=control-plane].map[hostPort=80].hostPort",
                Some(json!(80)),
            ),
            ("nodes[role=master]", None),
            ("nodes[*role=worker].n", Some(json!([1, null]))),
            (
                "nodes[*].role",
                Some(json!(["worker", "worker", "control-plane"])),
            ),
            (
                "nodes[map[0].hostPort=80,role=control-plane].role",
                Some(json!("control-plane")),
            ),
            ("params.\"server.insecure\"", Some(json!(true))),
            ("params.server.insecure", None),
            ("text.!yaml.a.b[1]", Some(json!(2))),
            ("inner.!json.x", Some(Value::Null)),
            ("table.!tsv[name=quay.io].port", Some(json!("443"))),
            ("params.!keys", Some(json!(["server.insecure"]))),
            ("nothing.below", None),
        ];
        for (path, expected) in cases {
            assert_eq!(find(&lab, path), Ok(expected), "{path}");
        }
    }

    #[test]
    fn parents_end_one_step_earlier() {
        for (path, expected) in [
            ("spec.replicas", "spec"),
            ("labels.\"istio.io/mode\"", "labels"),
            ("nodes[a.b=c,d=e[0]]", "nodes"),
            ("nodes[0].role", "nodes[0]"),
            ("spec", ""),
            ("", ""),
        ] {
            assert_eq!(parent(path).as_deref(), Ok(expected), "{path}");
        }
    }

    #[test]
    fn mistakes_are_errors_and_not_absence() {
        let lab =
            json!({"nodes": [{"role": "worker"}, {"role": "worker"}], "text": "a: [", "number": 1});
        for path in [
            "nodes[role=worker]",
            "nodes[role",
            "a.\"b",
            "text.!yaml",
            "number.!json",
            "nodes[role]",
        ] {
            assert!(find(&lab, path).is_err(), "{path}");
        }
    }
}
