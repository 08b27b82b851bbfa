//! The labs that the facts are checked against, rendered once per combination of inputs.

use super::data::Check;
use super::locator::{find, parent};
use lab_builder::{Environment, Lab, Profile, Provided};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The program whose checks are facts themselves.
const VERIFY: &str = "verify-all.sh";

/// What a user can choose on the command line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Inputs {
    pub environment: String,
    pub profile: String,
    pub skip_istio: bool,
    pub registry: Option<String>,
}

/// One rendered lab: its JSON form, and its tree.
#[derive(Clone, Debug)]
pub struct Rendered {
    environment: String,
    whole: Value,
    files: BTreeMap<String, String>,
}

impl Rendered {
    pub fn build(inputs: &Inputs) -> Result<Self, String> {
        let environment = match inputs.environment.as_str() {
            "dev" => Environment::Dev,
            "stg" => Environment::Stg,
            "prod" => Environment::Prod,
            other => return Err(format!("no such environment: {other}")),
        };
        let profile = match inputs.profile.as_str() {
            "lab" => Profile::Lab,
            "data-center" => Profile::DataCenter,
            other => return Err(format!("no such profile: {other}")),
        };
        let mut lab = Lab::new(environment).profile(profile);
        if inputs.skip_istio {
            lab = lab.skip_istio();
        }
        if let Some(registry) = &inputs.registry {
            lab = lab.registry(
                registry
                    .parse()
                    .map_err(|error| format!("{registry}: {error}"))?,
            );
        }
        let bundle = lab.build().map_err(|error| error.to_string())?;
        let files = bundle
            .files()
            .into_iter()
            .map(|file| (file.path, file.text))
            .collect();
        let mut whole = bundle.to_json();
        whole["provided"] = bundle
            .parts()
            .iter()
            .flat_map(|part| part.provided())
            .map(provided)
            .collect();
        Ok(Self::new(&inputs.environment, whole, files))
    }

    pub fn new(environment: &str, mut whole: Value, files: BTreeMap<String, String>) -> Self {
        whole["files"] = files.keys().cloned().map(Value::String).collect();
        Self {
            environment: environment.to_owned(),
            whole,
            files,
        }
    }

    /// `{env}` and `{domain}` in the data stand for this environment's documented name and domain.
    pub fn fill_in(&self, text: &str) -> String {
        text.replace("{env}", &self.environment)
            .replace("{domain}", &format!("lab-{}.local", self.environment))
    }

    pub fn look_up(&self, check: &Check) -> Result<Option<Value>, String> {
        self.look_up_path(check, &check.path)
    }

    /// Whether the thing exists in which the check looks for something.
    pub fn has_surroundings(&self, check: &Check) -> Result<bool, String> {
        Ok(check.path.is_empty() || self.look_up_path(check, &parent(&check.path)?)?.is_some())
    }

    fn look_up_path(&self, check: &Check, path: &str) -> Result<Option<Value>, String> {
        let path = self.fill_in(path);
        let below = |prefix: &str| find(&self.whole, &[prefix, path.as_str()].join("."));
        if let Some(name) = &check.kind {
            return below(&format!("kind.{}", self.fill_in(name)));
        }
        if let Some(name) = &check.values {
            return below(&format!("releases[name={name}].values"));
        }
        if let Some(name) = &check.release {
            return below(&format!("releases[name={name}]"));
        }
        if let Some(id) = &check.component {
            return below(&format!("components[id={id}]"));
        }
        if let Some(name) = &check.object {
            return below(&object_path(name)?);
        }
        if let Some(place) = &check.lab {
            return below(&self.fill_in(place));
        }
        if let Some(id) = &check.verify {
            return Ok(self
                .files
                .get(VERIFY)
                .and_then(|script| check_of(script, id)));
        }
        let name = self.fill_in(check.file.as_deref().unwrap_or_default());
        let Some(text) = self.files.get(&name) else {
            return Ok(None);
        };
        let reader = match name.rsplit('.').next() {
            _ if path.is_empty() => "",
            Some("yaml" | "yml") => "!yaml",
            Some("json") => "!json",
            Some("tsv") => "!tsv",
            _ => return Err(format!("{name}: only YAML, JSON and tables have paths")),
        };
        find(&json!(text), &[reader, path.as_str()].join("."))
    }
}

/// What a check judges by and what it asks: its matcher with all arguments, `--`, and the command. What it is called and what it
/// says that it expects prove nothing, and are left out.
fn check_of(script: &str, id: &str) -> Option<Value> {
    let begins = [format!("check {id} "), format!("check '{id}' ")];
    let begin = |line: &str| begins.iter().any(|begin| line.starts_with(begin));
    let mut at = 0;
    for line in script.split_inclusive('\n') {
        if begin(line) {
            // `check`, the id, what it is, what is expected, what is needed.
            return Some(json!(words(&script[at..]).get(5..)?.join(" ")));
        }
        at += line.len();
    }
    None
}

/// The words of the first command of a script, as the shell reads them.
fn words(script: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), None::<String>);
    let mut signs = script.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\'' => word
                .get_or_insert_default()
                .extend(signs.by_ref().take_while(|sign| *sign != '\'')),
            '\\' => match signs.next() {
                Some('\n') => words.extend(word.take()),
                other => word.get_or_insert_default().extend(other),
            },
            '\n' => break,
            ' ' => words.extend(word.take()),
            sign => word.get_or_insert_default().push(sign),
        }
    }
    words.extend(word);
    words
}

/// What a chart is known to create, so that facts can name it too.
fn provided(provided: &Provided) -> Value {
    match provided {
        Provided::Service {
            namespace,
            name,
            ports,
        } => {
            json!({"kind": "Service", "namespace": namespace, "name": name, "ports": ports})
        }
        Provided::ServiceAccount { namespace, name } => {
            json!({"kind": "ServiceAccount", "namespace": namespace, "name": name})
        }
        Provided::Made { object, by } => {
            json!({"kind": "Made", "name": object.to_string(), "by": by})
        }
        Provided::ApiGroup(group) => json!({"kind": "ApiGroup", "name": group}),
        Provided::Callee {
            namespace, port, ..
        } => json!({"kind": "Callee", "namespace": namespace, "ports": [port]}),
    }
}

fn object_path(name: &str) -> Result<String, String> {
    let parts: Vec<&str> = name.split('/').collect();
    Ok(match parts.as_slice() {
        [kind, namespace, "*"] => format!("objects[kind={kind},metadata.namespace={namespace}]"),
        [kind, namespace, name] => {
            format!("objects[kind={kind},metadata.namespace={namespace},metadata.name={name}]")
        }
        [kind, name] => format!("objects[kind={kind},metadata.name={name}]"),
        _ => return Err(format!("{name}: Kind/namespace/name or Kind/name")),
    })
}
