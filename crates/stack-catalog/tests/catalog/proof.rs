//! What is asked of every component.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use crate::{keys, unread};
use fidelity::data_folder;
use serde_json::Value;
use stack_builder::{Bundle, ImageRef, Part, Provided, Severity, Stack};
use stack_catalog::{ENFORCE, Size, platform};

/// The facts of one chart, and how the component differs from the chart's defaults on purpose.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chart {
    /// The folder in `CHARTS_DIR/catalog`.
    pub folder: &'static str,
    /// The release.
    pub release: &'static str,
    /// Charts inside it: the key of their values, and the folder of their facts.
    pub inner: &'static [(&'static str, &'static str)],
    /// Keys that neither the values file nor the schema has, and templates read all the same.
    pub unlisted: &'static [&'static str],
    /// Images of the default rendering that the component switches off.
    pub without: &'static [&'static str],
    /// Images that the component runs and the default rendering does not.
    pub with: &'static [&'static str],
}

/// Each environment, with the size that goes with it.
pub fn environments(build: impl Fn(Stack) -> Stack) -> Vec<Bundle> {
    let of = |name: &str, size: Size| {
        let stack = build(platform(name, format!("{name}.example.com")));
        stack.profile(size).build().unwrap()
    };
    let mut bundles = vec![
        of("dev", Size::Small),
        of("stg", Size::Medium),
        of("prod", Size::Large),
    ];
    bundles.push(build(platform("any", "example.org")).build().unwrap());
    bundles.iter().for_each(licences_are_stated);
    bundles
}

/// Each image that is pulled has the page of its program, and the licences are those that were looked up.
fn licences_are_stated(bundle: &Bundle) {
    const LOOKED_UP: [&str; 9] = [
        "AGPL-3.0-only",
        "Apache-2.0",
        "Apache-2.0 AND MIT",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "GPL-2.0-only",
        "GPL-3.0-or-later",
        "LGPL-2.1-only OR LGPL-3.0-only",
        "MIT",
    ];
    for image in bundle.pulled_images() {
        let page = image.page.unwrap_or_default();
        assert!(page.starts_with("https://"), "{}: {page}", image.source);
        if let Some(licence) = image.licence {
            assert!(
                LOOKED_UP.contains(&&*licence),
                "{}: {licence}",
                image.source
            );
        }
    }
}

impl Chart {
    fn facts(&self) -> Option<PathBuf> {
        Some(data_folder("CHARTS_DIR")?.join("catalog").join(self.folder))
    }

    /// Every value that is written is one that the chart knows, of a fitting kind.
    pub fn knows_the_values_of(&self, bundle: &Bundle) {
        let values = &bundle.release(self.release).unwrap().values;
        keys::are_known(self.folder, values);
        unread::have_none(self.folder, values);
        let Some(folder) = self.facts() else { return };
        let mut known: Value = yaml(&folder.join("values.yaml"));
        for (key, inner) in self.inner {
            let mut below: Value = yaml(&folder.with_file_name(inner).join("values.yaml"));
            merge(&mut below, &known[*key]);
            known[*key] = below;
        }
        let schema = fs::read_to_string(folder.join("values.schema.json")).ok();
        let schema: Option<Value> = schema.map(|text| serde_json::from_str(&text).unwrap());
        let release = bundle.release(self.release).unwrap();
        let mut unknown = Vec::new();
        compare(
            &release.values,
            Some(&known),
            schema.as_ref(),
            schema.as_ref(),
            "",
            &mut unknown,
        );
        let unlisted = |complaint: &&String| {
            !self.unlisted.iter().any(|key| {
                let rest = complaint.strip_prefix(key);
                rest.is_some_and(|rest| rest.starts_with([':', '.']))
            })
        };
        let unknown: Vec<_> = unknown.iter().filter(unlisted).collect();
        assert!(unknown.is_empty(), "{}: {unknown:#?}", self.folder);
    }

    /// The images of the component are those of the chart, but for the named ones.
    pub fn runs_the_images_of(&self, part: &Part) {
        let Some(folder) = self.facts() else { return };
        let text = fs::read_to_string(folder.join("images.txt")).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let rendered = lines.filter_map(|line| line.split('\t').next());
        let canonical = |image: &str| {
            let image: ImageRef = image.trim().parse().unwrap();
            image.canonical().to_string()
        };
        let mut expected: BTreeSet<String> = rendered
            .filter(|line| !line.is_empty())
            .map(canonical)
            .collect();
        for image in self.without {
            assert!(
                expected.remove(&canonical(image)),
                "{image} is not rendered"
            );
        }
        expected.extend(self.with.iter().map(|image| canonical(image)));
        let ours = part.images().iter();
        let ours: BTreeSet<String> = ours
            .map(|image| image.source.canonical().to_string())
            .collect();
        assert_eq!(ours, expected, "{}", self.folder);
    }

    /// What is declared of the default chart holds: Services with their ports, groups of definitions, whom the API server
    /// calls, and the level of the namespace.
    pub fn makes_what_is_declared_by(&self, bundle: &Bundle) {
        self.compare_declared(bundle, true);
    }

    /// The same where the component hardens pods beyond what the chart does, and the level of its namespace goes with that.
    pub fn makes_what_is_declared_by_but_for_levels(&self, bundle: &Bundle) {
        self.compare_declared(bundle, false);
    }

    fn compare_declared(&self, bundle: &Bundle, levels: bool) {
        let Some(folder) = self.facts() else { return };
        let text = fs::read_to_string(folder.join("facts.json")).unwrap();
        let facts: Value = serde_json::from_str(&text).unwrap();
        let namespace = &bundle.release(self.release).unwrap().namespace;
        let provided: Vec<&Provided> = bundle
            .parts()
            .iter()
            .flat_map(|part| part.provided())
            .collect();
        let mut wrong = Vec::new();
        let services = facts["services"].as_object().unwrap();
        let of_release = bundle.parts().iter().filter(|part| {
            part.releases()
                .iter()
                .any(|release| release.name == self.release)
        });
        for one in of_release.flat_map(|part| part.provided()) {
            let Provided::Service {
                namespace,
                name,
                ports,
            } = one
            else {
                continue;
            };
            let Some(service) = services.get(&format!("{namespace}/{name}")) else {
                wrong.push(format!("no Service {namespace}/{name}"));
                continue;
            };
            let known = service["ports"].as_array().unwrap().iter();
            let known: Vec<&str> = known
                .map(|port| port.as_str().unwrap().rsplit(':').next().unwrap())
                .collect();
            for port in ports {
                if !known.contains(&port.to_string().split('/').next().unwrap()) {
                    wrong.push(format!("{name} has no port {port}, but {known:?}"));
                }
            }
        }
        let groups = texts(&facts["crds"])
            .into_iter()
            .chain(texts(&facts["apiservices"]));
        for group in
            groups.filter_map(|name| name.split_once('.').map(|(_, group)| group.to_owned()))
        {
            let is = |one: &&Provided| matches!(one, Provided::ApiGroup(known) if *known == group);
            if !provided.iter().any(is) {
                wrong.push(format!("the group {group} is not declared"));
            }
        }
        let called = facts["webhooks"].as_array().into_iter().flatten();
        let called = called.filter(|webhook| webhook["service"].is_string());
        let calls = called.count() + texts(&facts["apiservices"]).len();
        let callees = provided
            .iter()
            .filter(|one| matches!(one, Provided::Callee { .. }));
        if calls > 0 && callees.count() == 0 {
            wrong.push("nothing is said of what the API server calls".to_owned());
        }
        if let Some(object) = bundle
            .object("Namespace", None, namespace)
            .filter(|_| levels)
        {
            let label = object.value()["metadata"]["labels"][ENFORCE]
                .as_str()
                .unwrap();
            let needed = facts["psa"].as_object().into_iter().flatten();
            let needed = needed.filter(|(name, _)| !name.starts_with("Pod/"));
            for (workload, level) in needed {
                let level = level["level"].as_str().unwrap();
                if rank(label) < rank(level) {
                    wrong.push(format!(
                        "{workload} needs {level}, the namespace takes {label}"
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{}: {wrong:#?}", self.folder);
    }
}

fn rank(level: &str) -> usize {
    let levels = ["restricted", "baseline", "privileged"];
    levels.iter().position(|known| *known == level).unwrap()
}

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().into_iter().flatten();
    list.filter_map(|text| text.as_str().map(str::to_owned))
        .collect()
}

/// The stack has nothing that its checks complain of, but for notes and the named codes.
pub fn is_clean(bundle: &Bundle, but: &[&str]) {
    let findings = bundle.check().findings;
    let findings: Vec<String> = findings
        .iter()
        .filter(|finding| finding.severity != Severity::Note)
        .filter(|finding| !but.contains(&finding.code.as_ref()))
        .map(ToString::to_string)
        .collect();
    assert!(
        findings.is_empty(),
        "{}: {findings:#?}",
        bundle.environment()
    );
}

/// With a registry, no value and no object names another one.
pub fn pulls_from_the_mirror(build: impl Fn(Stack) -> Stack) {
    pulls_from_the_mirror_by_folder(build, "-");
}

/// The same, where the images that begin so have one key for their folder.
pub fn pulls_from_the_mirror_by_folder(build: impl Fn(Stack) -> Stack, folder: &str) {
    let stack = build(platform("dev", "dev.example.com"));
    let bundle = stack
        .registry("mirror.internal/x".parse().unwrap())
        .build()
        .unwrap();
    let hosts: BTreeSet<&str> = bundle
        .parts()
        .iter()
        .flat_map(|part| part.images())
        .map(|image| image.source.host())
        .collect();
    let mut elsewhere = Vec::new();
    let mut written = BTreeSet::new();
    let mut note = |text: &str| {
        let name = text.rsplit('/').next().unwrap_or_default();
        let end = name.find([':', '@']).unwrap_or(name.len());
        written.insert(name[..end].to_owned());
    };
    for part in bundle.parts() {
        for (_, object) in part.objects() {
            walk(object.value(), String::new(), &mut |_, text| note(text));
        }
    }
    for release in bundle.releases() {
        walk(&release.values, String::new(), &mut |path, text| {
            note(text);
            if hosts
                .iter()
                .any(|host| text == *host || text.starts_with(&format!("{host}/")))
            {
                elsewhere.push(format!("{}: {path}: {text}", release.name));
            }
        });
    }
    assert!(elsewhere.is_empty(), "{elsewhere:#?}");
    // What no value and no object names comes from upstream all the same.
    let images = bundle.parts().iter().flat_map(|part| part.images());
    let unnamed: Vec<String> = images
        .filter(|image| {
            let name = image.source.name();
            !name.starts_with(folder) && !written.contains(name.rsplit('/').next().unwrap())
        })
        .map(|image| image.source.to_string())
        .collect();
    assert!(unnamed.is_empty(), "{unnamed:#?}");
}

/// The stack can be written whole: tree, scripts, image lists.
pub fn writes_a_tree(bundle: &Bundle) {
    let files = bundle.files();
    let text = |name: &str| {
        let file = files.iter().find(|file| file.path == name);
        file.map(|file| file.text.clone()).unwrap_or_default()
    };
    let images = text("images.tsv");
    for image in bundle.parts().iter().flat_map(|part| part.images()) {
        let tag = image.source.tag().unwrap_or_default();
        let name = format!("{}:{tag}", image.source.short_name());
        assert!(images.contains(&name), "{name}");
    }
    assert!(text("setup.sh").contains("helm upgrade --install"));
}

/// The codes of the findings about a stack.
pub fn codes(stack: Stack) -> BTreeMap<String, usize> {
    let bundle = stack.build().unwrap();
    let mut codes = BTreeMap::new();
    for finding in bundle.check().findings {
        *codes.entry(finding.code.to_string()).or_default() += 1;
    }
    codes
}

fn yaml(path: &std::path::Path) -> Value {
    serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// As Helm merges: maps by key, all else is replaced.
fn merge(below: &mut Value, over: &Value) {
    match (below, over) {
        (Value::Object(below), Value::Object(over)) => {
            for (key, value) in over {
                merge(below.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (_, Value::Null) => {}
        (below, over) => *below = over.clone(),
    }
}

fn walk(value: &Value, path: String, each: &mut impl FnMut(&str, &str)) {
    match value {
        Value::String(text) => each(&path, text),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                walk(item, format!("{path}[{at}]"), each);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                walk(member, format!("{path}.{key}"), each);
            }
        }
        _ => {}
    }
}

/// What a schema says at a place, behind its references.
fn resolved<'a>(schema: Option<&'a Value>, root: Option<&'a Value>) -> Option<&'a Value> {
    let mut schema = schema?;
    while let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.strip_prefix('#').unwrap();
        schema = root?.pointer(pointer).unwrap();
    }
    Some(schema)
}

/// Keys and kinds that a chart does not know. A default that is empty says nothing of what may stand below it.
fn compare(
    ours: &Value,
    default: Option<&Value>,
    schema: Option<&Value>,
    root: Option<&Value>,
    path: &str,
    unknown: &mut Vec<String>,
) {
    let schema = resolved(schema, root);
    let properties = schema.and_then(|schema| schema["properties"].as_object());
    if let Some(expected) = schema
        .map(|schema| &schema["type"])
        .filter(|it| !it.is_null())
    {
        if !fits(ours, expected) {
            unknown.push(format!("{path}: {ours} is not of the type {expected}"));
        }
    } else if let Some(default) = default
        && !ours.is_null()
        && matches!(default, Value::Bool(_) | Value::Number(_))
        && std::mem::discriminant(default) != std::mem::discriminant(ours)
    {
        unknown.push(format!("{path}: {ours}, and the chart has {default}"));
    }
    if let Some(allowed) = schema.and_then(|schema| schema["enum"].as_array())
        && !allowed.contains(ours)
    {
        unknown.push(format!("{path}: {ours} is none of {allowed:?}"));
    }
    let Value::Object(members) = ours else { return };
    let listed = default
        .and_then(Value::as_object)
        .filter(|known| !known.is_empty());
    // Kubernetes says what a chart hands on as it is.
    let of_kubernetes = path.rsplit('.').next() == Some("resources");
    let free = of_kubernetes
        || listed.is_none() && !matches!(default, Some(Value::Bool(_) | Value::Number(_)));
    for (key, member) in members {
        let place = match path {
            "" => key.clone(),
            above => format!("{above}.{key}"),
        };
        let in_values = listed.and_then(|known| known.get(key));
        let in_schema = properties.and_then(|known| known.get(key));
        let closed =
            schema.is_some_and(|schema| schema["additionalProperties"] == Value::Bool(false));
        let open = schema.is_some_and(|schema| schema["additionalProperties"] == Value::Bool(true));
        let known = match properties {
            _ if open => true,
            Some(_) if closed => in_schema.is_some(),
            _ => in_values.is_some() || in_schema.is_some() || free,
        };
        if !known {
            unknown.push(format!("{place}: not known to the chart"));
            continue;
        }
        compare(member, in_values, in_schema, root, &place, unknown);
    }
}

fn fits(value: &Value, expected: &Value) -> bool {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        _ => true,
    };
    match expected {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    }
}
