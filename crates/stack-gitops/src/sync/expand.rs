//! The Applications that an ApplicationSet makes, as far as that can be known from the repository alone.

use serde_json::{Map, Value};

use super::repository::Repository;
use crate::object::text;

/// What cannot be known offline, or is not understood here, in a few words.
pub(crate) type Unknown = String;

impl Repository {
    /// The Applications that an ApplicationSet makes of what the repository holds.
    ///
    /// # Errors
    /// What cannot be known offline, or is not understood here, in a few words.
    pub fn applications_of(&self, application_set: &Value) -> Result<Vec<Value>, String> {
        applications(application_set, self)
    }
}

/// The Applications of an ApplicationSet, without namespace where the template names none.
pub(crate) fn applications(set: &Value, repository: &Repository) -> Result<Vec<Value>, Unknown> {
    let spec = &set["spec"];
    let go = spec["goTemplate"] == true;
    let generators = spec["generators"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut made = Vec::new();
    for generator in generators {
        for parameters in elements(generator, &Value::Object(Map::new()), go, repository)? {
            made.push(application(set, &parameters, go)?);
        }
    }
    Ok(made)
}

/// The sets of parameters of a generator, in which earlier ones may stand.
fn elements(
    generator: &Value,
    known: &Value,
    go: bool,
    repository: &Repository,
) -> Result<Vec<Value>, Unknown> {
    let members = generator.as_object().into_iter().flatten();
    let mut kinds = members.filter(|(key, _)| !matches!(key.as_str(), "selector" | "template"));
    let (Some((kind, inner)), None) = (kinds.next(), kinds.next()) else {
        return Err("a generator with none or several sources".into());
    };
    if generator.get("selector").is_some() {
        return Err("a selector of a generator".into());
    }
    match kind.as_str() {
        "list" => {
            if inner.get("elementsYaml").is_some() {
                return Err("elements in YAML text".into());
            }
            let elements = inner["elements"].as_array().cloned().unwrap_or_default();
            elements
                .iter()
                .map(|element| fill(element, known, go))
                .collect()
        }
        "git" => git(inner, known, go, repository),
        "matrix" => matrix(&inner["generators"], known, go, repository),
        other => Err(format!(
            "generator `{other}`, whose elements are outside the repository"
        )),
    }
}

fn matrix(
    generators: &Value,
    known: &Value,
    go: bool,
    repository: &Repository,
) -> Result<Vec<Value>, Unknown> {
    let [first, second] = generators.as_array().map(Vec::as_slice).unwrap_or_default() else {
        return Err("a matrix of other than two generators".into());
    };
    let mut all = Vec::new();
    for left in elements(first, known, go, repository)? {
        let mut both = known.clone();
        merge(&mut both, &left);
        for right in elements(second, &both, go, repository)? {
            let mut element = left.clone();
            merge(&mut element, &right);
            all.push(element);
        }
    }
    Ok(all)
}

fn git(
    inner: &Value,
    known: &Value,
    go: bool,
    repository: &Repository,
) -> Result<Vec<Value>, Unknown> {
    let patterns = |member: &str| {
        let all = inner[member]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        if all.iter().any(|item| item["exclude"] == true) {
            return Err("paths that are left out".to_owned());
        }
        all.iter()
            .map(|item| filled(text(&item["path"]), known, go))
            .collect::<Result<Vec<_>, _>>()
    };
    if inner.get("values").is_some() || inner.get("pathParamPrefix").is_some() {
        return Err("values beside a git generator".into());
    }
    let mut all = Vec::new();
    for pattern in patterns("files")? {
        for (file, documents) in repository.matching(&pattern) {
            for document in documents {
                let mut element = document.value.clone();
                let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
                let name = file.rsplit('/').next().unwrap_or_default();
                merge(&mut element, &path(folder, Some(name)));
                all.push(element);
            }
        }
    }
    for pattern in patterns("directories")? {
        all.extend(
            repository
                .folders_matching(&pattern)
                .iter()
                .map(|folder| path(folder, None)),
        );
    }
    Ok(all)
}

fn path(folder: &str, file: Option<&str>) -> Value {
    let segments: Vec<&str> = folder.split('/').collect();
    let mut path = serde_json::json!({
        "path": folder,
        "basename": segments.last().copied().unwrap_or_default(),
        "segments": segments,
    });
    if let Some(file) = file {
        path["filename"] = Value::from(file);
    }
    serde_json::json!({ "path": path })
}

fn application(set: &Value, parameters: &Value, go: bool) -> Result<Value, Unknown> {
    let spec = &set["spec"];
    let mut application =
        serde_json::json!({"apiVersion": "argoproj.io/v1alpha1", "kind": "Application"});
    merge(&mut application, &fill(&spec["template"], parameters, go)?);
    if application["metadata"].get("namespace").is_none() {
        application["metadata"]["namespace"] = set["metadata"]["namespace"].clone();
    }
    if let Some(patch) = spec["templatePatch"].as_str() {
        let patch = filled(patch, parameters, go)?;
        let document = kube_yaml::Documents::new(&patch).next();
        let document = document
            .ok_or("an empty patch")?
            .map_err(|error| format!("a patch that is no YAML: {}", error.message))?;
        merge(&mut application, &document.value);
    }
    Ok(application)
}

/// As a patch of maps: key by key, everything else replaces what was there.
fn merge(base: &mut Value, over: &Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                merge(base.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over.clone(),
    }
}

fn fill(template: &Value, parameters: &Value, go: bool) -> Result<Value, Unknown> {
    Ok(match template {
        Value::String(text) => Value::from(filled(text, parameters, go)?),
        Value::Array(items) => items
            .iter()
            .map(|item| fill(item, parameters, go))
            .collect::<Result<_, _>>()?,
        Value::Object(members) => {
            let filled = members
                .iter()
                .map(|(key, value)| Ok((key.clone(), fill(value, parameters, go)?)));
            Value::Object(filled.collect::<Result<_, Unknown>>()?)
        }
        other => other.clone(),
    })
}

/// A text with its actions filled in: parameters by their paths, as JSON too. More of Go's templates is not understood.
fn filled(text: &str, parameters: &Value, go: bool) -> Result<String, Unknown> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (action, after) = after
            .split_once("}}")
            .ok_or_else(|| format!("template `{text}`"))?;
        let unknown = || format!("template action `{}`", action.trim());
        out.push_str(before);
        let words: Vec<&str> = action.trim_matches(['-', ' ']).split_whitespace().collect();
        let (as_json, parameter) = match words.as_slice() {
            ["toJson", parameter] if go => (true, *parameter),
            [parameter] => (false, *parameter),
            _ => return Err(unknown()),
        };
        let parameter = match go {
            true => parameter.strip_prefix('.').ok_or_else(unknown)?,
            false => parameter,
        };
        let flat = parameters.get(parameter).filter(|value| !value.is_object());
        let value = flat.or_else(|| {
            parameter
                .split('.')
                .try_fold(parameters, |at, key| at.get(key))
        });
        // `path` is a map for Go's templates and a text for the older ones.
        let value = match (parameter, go) {
            ("path", false) => parameters["path"].get("path"),
            _ => value,
        };
        match value.ok_or_else(|| format!("parameter `{parameter}`, which is not there"))? {
            value if as_json => out.push_str(&value.to_string()),
            Value::String(text) => out.push_str(text),
            value @ (Value::Number(_) | Value::Bool(_)) => out.push_str(&value.to_string()),
            _ => return Err(unknown()),
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(set: Value, files: &[(&str, &str)]) -> Result<Vec<String>, Unknown> {
        let repository = Repository::read(files.iter().copied());
        let made = applications(&set, &repository)?;
        Ok(made
            .iter()
            .map(|made| text(&made["metadata"]["name"]).to_owned())
            .collect())
    }

    #[test]
    fn generators_that_read_the_repository_are_known() {
        let set = |go: bool, generator: Value, name: &str| json!({"spec": {"goTemplate": go, "generators": [generator], "template": {"metadata": {"name": name}}}});
        let list = json!({"list": {"elements": [{"env": "dev"}, {"env": "prod"}]}});
        assert_eq!(
            names(set(true, list.clone(), "web-{{ .env }}"), &[]).unwrap(),
            ["web-dev", "web-prod"]
        );
        assert_eq!(
            names(set(false, list.clone(), "web-{{env}}"), &[]).unwrap(),
            ["web-dev", "web-prod"]
        );
        let folders = json!({"git": {"directories": [{"path": "apps/*"}]}});
        let files = [
            ("apps/a/x.yaml", "a: 1\n"),
            ("apps/b/x.yaml", "a: 1\n"),
            ("other/c/x.yaml", "a: 1\n"),
        ];
        assert_eq!(
            names(set(true, folders.clone(), "{{ .path.basename }}"), &files).unwrap(),
            ["a", "b"]
        );
        let configs = json!({"git": {"files": [{"path": "{{ .env }}/*.yaml"}]}});
        let matrix = json!({"matrix": {"generators": [list, configs]}});
        let files = [
            ("dev/1.yaml", "name: a\n"),
            ("dev/2.yaml", "name: b\n"),
            ("prod/1.yaml", "name: a\n"),
        ];
        assert_eq!(
            names(set(true, matrix, "{{ .env }}-{{ .name }}"), &files).unwrap(),
            ["dev-a", "dev-b", "prod-a"]
        );
    }

    #[test]
    fn what_cannot_be_known_is_said() {
        let set = |generator: Value, name: &str| json!({"spec": {"goTemplate": true, "generators": [generator], "template": {"metadata": {"name": name}}}});
        let list = json!({"list": {"elements": [{"env": "dev"}]}});
        for (generator, name, expected) in [
            (json!({"clusters": {}}), "x", "generator `clusters`"),
            (list.clone(), "{{ .missing }}", "parameter `missing`"),
            (list, "{{ .env | upper }}", "template action"),
        ] {
            let said = names(set(generator, name), &[]).unwrap_err();
            assert!(said.contains(expected), "{said}");
        }
    }
}
