//! Paths through schemas, as definitions write them: `.spec.colour`, `.labels['a.b/c']`.

use crate::value::Value;

/// The names on the way, and the schema that it leads to; `None` where it leads nowhere. Brackets are not for all paths.
pub(super) fn find<'v>(
    path: &str,
    root: &'v Value,
    brackets: bool,
) -> Option<(Vec<String>, &'v Value)> {
    let mut schema = root;
    let mut names = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let name;
        if let Some(behind) = rest.strip_prefix('.') {
            let end = behind.find(['.', '[', ']']).unwrap_or(behind.len());
            name = behind[..end].to_owned();
            rest = &behind[end..];
            if name.is_empty() || name.starts_with('\'') {
                return None;
            }
        } else {
            let quoted = rest.strip_prefix("['").filter(|_| brackets)?;
            let end = end_of_quoted(quoted)?;
            name = unescaped(&quoted[..end])?;
            rest = quoted[end + 1..].strip_prefix(']')?;
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        schema = match properties.filter(|named| !named.is_empty()) {
            Some(named) => named.get(&name)?,
            None => schema
                .get("additionalProperties")
                .filter(|each| each.is_object())?,
        };
        names.push(name);
    }
    (!names.is_empty()).then_some((names, schema))
}

fn end_of_quoted(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|&at| bytes[at] == b'\'' && (at == 0 || bytes[at - 1] != b'\\'))
}

fn unescaped(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => out.push(match characters.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'a' => '\u{7}',
                'v' => '\u{b}',
                other @ ('\\' | '\'' | '"') => other,
                _ => return None,
            }),
            other => out.push(other),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    #[test]
    fn paths_lead_through_schemas() {
        let text = json!({"type": "string"});
        let schema = json!({"properties": {
            "spec": {"properties": {"colour": text, "a'b": text}},
            "labels": {"additionalProperties": text},
        }});
        for (path, brackets, leads) in [
            (".spec.colour", false, true),
            (".spec", false, true),
            (".labels.x", false, true),
            (".labels['a.b/c']", true, true),
            (".labels['a.b/c']", false, false),
            (".spec['a\\'b']", true, true),
            ("spec.colour", true, false),
            (".spec.", true, false),
            (".spec.weight", true, false),
            (".spec[0]", true, false),
            ("", true, false),
        ] {
            assert_eq!(find(path, &schema, brackets).is_some(), leads, "{path}");
        }
    }
}
