//! One rule, and what it says of an object that it is about.

use crd_validate::cel::{EvaluationError, Expression};
use kube_vocab::{FieldPath, ObjectId};
use serde_json::Value;

use super::pattern::{self, Miss};
use super::said::Said;
use super::variables::{Data, Unknown};
use super::{conditions, images, wildcard};
use crate::admission;
use crate::case::Case;
use crate::pod_security::{LATEST, Level, violations};

/// Judges an object by a rule that is about it; nothing where it keeps to the rule.
pub(super) fn judge(
    rule: &Value,
    case: &Case<'_>,
    mut data: Data,
    config_maps: &[(ObjectId, Value)],
) -> Option<Said> {
    load(rule.get("context"), &mut data, config_maps);
    let nothing = Value::Null;
    match conditions::hold(rule.get("preconditions").unwrap_or(&nothing), &data) {
        Ok(true) => {}
        Ok(false) => return None,
        Err(reason) => return Some(Said::Unknown(reason)),
    }
    if let Some(checks) = rule.get("verifyImages") {
        return images::judge(checks, rule, case);
    }
    let validate = &rule["validate"];
    let found = match () {
        () if validate.get("foreach").is_some() => each(validate, &data, config_maps, 0),
        () if validate.get("podSecurity").is_some() => pod_security(&validate["podSecurity"], case),
        () if validate.get("cel").is_some() => cel(rule, case),
        () if validate.get("manifests").is_some() => {
            Err("signatures of manifests are not looked at here".to_owned())
        }
        () if validate.get("assert").is_some() => {
            Err("assertion trees are not evaluated here".to_owned())
        }
        () => one(validate, case.object(), &data),
    };
    match found {
        Ok(None) => None,
        Err(reason) => Some(Said::Unknown(reason)),
        Ok(Some(broken)) => {
            let own = validate.get("message").and_then(Value::as_str);
            let own = own
                .filter(|text| !text.trim().is_empty())
                .map(|text| data.message(text));
            let name = rule.get("name").and_then(Value::as_str).unwrap_or_default();
            let message = broken
                .message
                .or(own)
                .unwrap_or_else(|| format!("rule {name} is not kept"));
            Some(Said::Broken(broken.path, message.trim().to_owned()))
        }
    }
}

/// A rule that is broken.
struct Broken {
    path: FieldPath,
    /// A message that goes before the rule's own.
    message: Option<String>,
}

type Found = Result<Option<Broken>, Unknown>;

fn broken(path: FieldPath) -> Found {
    Ok(Some(Broken {
        path,
        message: None,
    }))
}

/// Sets the variables that a rule declares.
fn load(context: Option<&Value>, data: &mut Data, config_maps: &[(ObjectId, Value)]) {
    for entry in context.and_then(Value::as_array).into_iter().flatten() {
        let Some(name) = entry.get("name").and_then(Value::as_str) else {
            continue;
        };
        let found = match (entry.get("variable"), entry.get("configMap")) {
            (Some(variable), _) => of_variable(variable, data),
            (_, Some(map)) => of_config_map(map, data, config_maps),
            _ => Err("it is asked of a cluster or a registry".to_owned()),
        };
        match found {
            Ok(value) => data.set(name, value),
            Err(reason) => data.set_unknown(name, reason),
        }
    }
}

fn of_variable(variable: &Value, data: &Data) -> Result<Value, Unknown> {
    let fill = |member: &str| {
        variable
            .get(member)
            .map(|value| data.fill(value))
            .transpose()
    };
    let mut found = fill("value")?.unwrap_or(Value::Null);
    if let Some(Value::String(query)) = fill("jmesPath")? {
        let mut inner = data.clone();
        match found.is_null() {
            true => found = inner.query(&query)?,
            false => {
                inner.set("value__", found);
                found = inner.query(&format!("value__ | {query}"))?;
            }
        }
    }
    match (&found, fill("default")?) {
        (Value::Null, Some(default)) => Ok(default),
        _ => Ok(found),
    }
}

fn of_config_map(
    map: &Value,
    data: &Data,
    config_maps: &[(ObjectId, Value)],
) -> Result<Value, Unknown> {
    let text = |member: &str| -> Result<String, Unknown> {
        match map.get(member).map(|value| data.fill(value)).transpose()? {
            Some(Value::String(text)) => Ok(text),
            _ => Ok("default".to_owned()),
        }
    };
    let (name, namespace) = (text("name")?, text("namespace")?);
    let mut known = config_maps.iter();
    let found =
        known.find(|(id, _)| id.name == name && id.namespace.as_deref() == Some(&namespace));
    let (_, value) =
        found.ok_or_else(|| format!("the ConfigMap {namespace}/{name} is not in the input"))?;
    // Values that are lists or maps are written as YAML, and seen as what they are.
    Ok(value.clone())
}

/// `pattern`, `anyPattern` or `deny` on a value.
fn one(validate: &Value, value: &Value, data: &Data) -> Found {
    if let Some(pattern) = validate.get("pattern") {
        let pattern = data.fill(pattern)?;
        return match pattern::fits(value, &pattern) {
            Err(Miss::At(path)) => broken(path),
            _ => Ok(None),
        };
    }
    if let Some(patterns) = validate.get("anyPattern").and_then(Value::as_array) {
        let mut first = None;
        for pattern in patterns {
            match pattern::fits(value, &data.fill(pattern)?) {
                Err(Miss::At(path)) => {
                    first.get_or_insert(path);
                }
                _ => return Ok(None),
            }
        }
        return first.map_or(Ok(None), broken);
    }
    if let Some(deny) = validate.get("deny") {
        let denied = match deny.get("conditions") {
            Some(conditions) => conditions::hold(conditions, data)?,
            None => true,
        };
        return if denied {
            broken(FieldPath::root())
        } else {
            Ok(None)
        };
    }
    Err("the rule validates in a way that is not known here".to_owned())
}

/// `foreach`: the same for each item of lists. Loops inside one another end at the fourth.
fn each(validate: &Value, data: &Data, config_maps: &[(ObjectId, Value)], depth: usize) -> Found {
    let mut unknown = None;
    for block in validate["foreach"].as_array().into_iter().flatten() {
        let list = block
            .get("list")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let items = match data.query(list) {
            Ok(Value::Array(items)) => items,
            Ok(Value::Object(members)) => members
                .into_iter()
                .map(|(key, value)| serde_json::json!({"key": key, "value": value}))
                .collect(),
            Ok(_) => Vec::new(),
            Err(reason) => {
                unknown = Some(reason);
                continue;
            }
        };
        for (at, item) in items
            .into_iter()
            .enumerate()
            .filter(|(_, item)| !item.is_null())
        {
            match in_loop(block, item, at, data, config_maps, depth) {
                Ok(None) => {}
                Ok(Some(mut broken)) => {
                    broken.path = place(list, at, &broken.path);
                    return Ok(Some(broken));
                }
                Err(reason) => unknown = Some(reason),
            }
        }
    }
    unknown.map_or(Ok(None), Err)
}

fn in_loop(
    block: &Value,
    item: Value,
    at: usize,
    data: &Data,
    config_maps: &[(ObjectId, Value)],
    depth: usize,
) -> Found {
    let mut inner = data.clone();
    inner.set("element", item.clone());
    inner.set("elementIndex", at.into());
    inner.set(&format!("element{depth}"), item.clone());
    inner.set(&format!("elementIndex{depth}"), at.into());
    load(block.get("context"), &mut inner, config_maps);
    if !conditions::hold(block.get("preconditions").unwrap_or(&Value::Null), &inner)? {
        return Ok(None);
    }
    if block.get("foreach").is_some() && depth < 4 {
        return each(block, &inner, config_maps, depth + 1);
    }
    one(block, &item, &inner)
}

/// The place of an item, where the list is a plain path of the object.
fn place(list: &str, at: usize, inside: &FieldPath) -> FieldPath {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_');
    let path = list.strip_prefix("request.object.").unwrap_or_default();
    let path = path.strip_suffix("[]").unwrap_or(path);
    if path.is_empty() || !path.chars().all(plain) {
        return FieldPath::root();
    }
    inside
        .segments()
        .iter()
        .fold(FieldPath::parse(path).index(at), |mut path, segment| {
            path.push(segment.clone());
            path
        })
}

/// The controls by the names under which a rule excludes them.
const CONTROLS: [(&str, &[&str]); 17] = [
    ("HostProcess", &["hostProcess"]),
    ("Host Namespaces", &["host namespaces"]),
    ("Privileged Containers", &["privileged"]),
    (
        "Capabilities",
        &["non-default capabilities", "unrestricted capabilities"],
    ),
    ("HostPath Volumes", &["hostPath volumes"]),
    ("Host Ports", &["hostPort"]),
    (
        "Host Probes / Lifecycle Hooks",
        &["probe or lifecycle host"],
    ),
    ("AppArmor", &["forbidden AppArmor profile"]),
    ("SELinux", &["seLinuxOptions"]),
    ("/proc Mount Type", &["procMount"]),
    ("Seccomp", &["seccompProfile"]),
    ("Sysctls", &["forbidden sysctls"]),
    ("Volume Types", &["restricted volume types"]),
    (
        "Privilege Escalation",
        &["allowPrivilegeEscalation != false"],
    ),
    ("Running as Non-root", &["runAsNonRoot != true"]),
    ("Running as Non-root user", &["runAsUser=0"]),
    ("Running as Non-root User", &["runAsUser=0"]),
];

/// `podSecurity`: a level, without some controls.
fn pod_security(wanted: &Value, case: &Case<'_>) -> Found {
    let Some(pod) = case.pod() else {
        // What makes pods is judged by its pods.
        return Ok(None);
    };
    let text = |member: &str| wanted.get(member).and_then(Value::as_str);
    let level = text("level")
        .and_then(Level::read)
        .unwrap_or(Level::Baseline);
    let minor = text("version").and_then(|version| version.strip_prefix("v1.")?.parse().ok());
    let excluded = || {
        wanted
            .get("exclude")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let about = |exclusion: &Value, control: &str| {
        let name = exclusion
            .get("controlName")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let mut known = CONTROLS.iter();
        known.any(|(of, controls)| *of == name && controls.contains(&control))
    };
    let mut unknown = None;
    for violation in violations(pod, level, minor.unwrap_or(LATEST).min(LATEST)) {
        let mut exclusions = excluded()
            .filter(|one| about(one, violation.control))
            .peekable();
        if exclusions.peek().is_none() {
            let message = format!("{} ({})", violation.control, violation.detail);
            return Ok(Some(Broken {
                path: violation.path,
                message: Some(message),
            }));
        }
        // One without further words excludes the control; others only some of its places.
        if !exclusions.any(|one| one.get("restrictedField").is_none() && lets_off_all(one, case)) {
            unknown = Some(format!(
                "its exclusions for `{}` are not weighed here",
                violation.control
            ));
        }
    }
    unknown.map_or(Ok(None), Err)
}

/// Whether an exclusion is about all containers: it names no images, or patterns that all of them fit.
fn lets_off_all(exclusion: &Value, case: &Case<'_>) -> bool {
    let Some(patterns) = exclusion.get("images").and_then(Value::as_array) else {
        return true;
    };
    let fits = |image: &str| {
        let mut patterns = patterns.iter().filter_map(Value::as_str);
        patterns.any(|pattern| wildcard::matches(pattern, image))
    };
    let lists = ["initContainers", "containers", "ephemeralContainers"];
    let mut images = lists.iter().flat_map(|list| {
        let items = case
            .object()
            .pointer("/spec")
            .and_then(|spec| spec.get(list)?.as_array());
        let items = items.into_iter().flatten();
        items.filter_map(|container| container.get("image")?.as_str())
    });
    images.all(fits)
}

/// `cel`: expressions, as the API server's own policies have them.
fn cel(rule: &Value, case: &Case<'_>) -> Found {
    let cel = &rule["validate"]["cel"];
    if cel.get("paramKind").is_some() {
        return Err("parameters of CEL rules are not looked up here".to_owned());
    }
    let mut scope = admission::scope(case);
    let text = |value: &Value, member: &str| {
        let text = value.get(member).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for condition in list(&rule["celPreconditions"]) {
        match Expression::read(&text(&condition, "expression")).evaluate(&scope) {
            Ok(answer) if answer.as_bool() == Some(true) => {}
            Ok(_) | Err(EvaluationError::Failed(_)) => return Ok(None),
            Err(error) => return Err(error.to_string()),
        }
    }
    for variable in list(&cel["variables"]) {
        if let Ok(value) = Expression::read(&text(&variable, "expression")).evaluate(&scope) {
            scope.set_member("variables", &text(&variable, "name"), value);
        }
    }
    for validation in list(&cel["expressions"]) {
        let expression = Expression::read(&text(&validation, "expression"));
        let message = Some(text(&validation, "message")).filter(|text| !text.is_empty());
        match expression.evaluate(&scope) {
            Ok(answer) if answer.as_bool() == Some(true) => {}
            Ok(_) | Err(EvaluationError::Failed(_)) => {
                return Ok(Some(Broken {
                    path: FieldPath::root(),
                    message,
                }));
            }
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(None)
}
