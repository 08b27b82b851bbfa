//! The chart by a `helm` beside our own engine: the one that is on the path, and a program that keeps to Helm's contract on the
//! command line.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use super::*;

/// What is put over the values: files of the chart, and texts.
const OVERRIDES: [&[&str]; 5] = [
    &[],
    &[ALL],
    &[ALL, "values-stg.yaml"],
    &[ALL, "values-prod.yaml"],
    &["{backend: {replicas: 3}, namespace: {name: ''}, global: {team: 'yes'}}"],
];

/// Helm as a shell would find it.
fn on_path(path: Option<OsString>) -> Option<PathBuf> {
    let folders = path?;
    let mut programs = std::env::split_paths(&folders).map(|folder| folder.join("helm"));
    programs.find(|program| {
        let metadata = fs::metadata(program);
        metadata.is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    })
}

/// `helm template demo-app FOLDER --namespace default --values FILE...`.
fn helm(program: &Path, rendered: &Rendered) -> Result<Vec<Value>, String> {
    let work = tempfile::tempdir().unwrap();
    let folder = work.path().join("demo-app");
    for (path, text) in &rendered.chart {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut command = Command::new(program);
    command.args(["template", "demo-app"]).arg(&folder);
    command.args(["--namespace", "default"]);
    for (at, text) in rendered.overrides.iter().enumerate() {
        let of_chart = folder.join(text);
        let file = if text.starts_with("values-") {
            of_chart
        } else {
            let file = work.path().join(format!("{at}.yaml"));
            fs::write(&file, text).unwrap();
            file
        };
        command.arg("--values").arg(file);
    }
    let output = command.output().unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8(output.stdout).unwrap();
    let documents = serde_yaml::Deserializer::from_str(&text);
    let objects = documents.map(|document| Value::deserialize(document).unwrap());
    Ok(objects.filter(|object| !object.is_null()).collect())
}

fn by_id(objects: Vec<Value>) -> BTreeMap<String, Value> {
    let objects = objects.into_iter();
    objects.map(|object| (id(&object), object)).collect()
}

fn bundles() -> [Bundle; 3] {
    let lab = |environment| Lab::new(environment);
    [
        lab(Environment::Dev),
        lab(Environment::Prod).skip_istio(),
        lab(Environment::Stg).registry("registry.example.com:5000/lab".parse().unwrap()),
    ]
    .map(|lab| lab.build().unwrap())
}

/// A chart with what is put over its values, and what our engine makes of both.
struct Rendered {
    chart: BTreeMap<String, String>,
    overrides: &'static [&'static str],
    objects: Vec<Value>,
}

/// Every chart with all that is put over its values, once for the comparisons.
static RENDERED: LazyLock<Vec<Rendered>> = LazyLock::new(|| {
    let all = bundles().into_iter().flat_map(|bundle| {
        OVERRIDES.map(|overrides| Rendered {
            chart: chart(&bundle),
            overrides,
            objects: helm_template(&bundle, overrides),
        })
    });
    all.collect()
});

/// What both give where they do not agree.
fn differences(program: &Path) -> Vec<String> {
    let mut differences = Vec::new();
    for rendered in RENDERED.iter() {
        let overrides = rendered.overrides;
        match helm(program, rendered) {
            Ok(theirs) if by_id(theirs.clone()) == by_id(rendered.objects.clone()) => {}
            Ok(theirs) => differences.push(format!("{overrides:?}: {theirs:?}")),
            Err(error) => differences.push(format!("{overrides:?}: {error}")),
        }
    }
    differences
}

#[test]
fn the_helm_on_the_path_gives_what_our_engine_gives() {
    let Some(program) = on_path(std::env::var_os("PATH")) else {
        // Past the capture of the test harness, since nobody is to take that for a success.
        let _ = writeln!(
            std::io::stderr(),
            "NO HELM on the path: the demo app's chart was rendered by our own engine only"
        );
        return;
    };
    assert_eq!(differences(&program), [""; 0]);
}

/// A program that takes what Helm takes, and prints what lies in a folder for these values.
const STUB: &str = r#"#!/bin/sh
[ "$1" = template ] && [ "$2" = demo-app ] && [ -f "$3/Chart.yaml" ] && [ -d "$3/templates" ] || exit 1
[ "$4" = --namespace ] && [ "$5" = default ] || exit 1
chart=$3
shift 5
key=$(cat "$chart/values.yaml")
while [ $# -gt 0 ]; do
  [ "$1" = --values ] && [ -f "$2" ] || { echo "Error: unknown flag: $1" >&2; exit 1; }
  key="$key
$(cat "$2")"
  shift 2
done
name=$(printf '%s' "$key" | cksum | tr ' ' -)
cat "${0%/*}/$name"
"#;

#[test]
fn a_program_that_keeps_to_helms_contract_is_compared_with_our_engine() {
    let work = tempfile::tempdir().unwrap();
    let program = work.path().join("helm");
    fs::write(&program, STUB).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(on_path(Some(work.path().into())), Some(program.clone()));
    assert_eq!(on_path(Some(work.path().join("nowhere").into())), None);
    assert_eq!(on_path(None), None);

    // It knows no answer yet.
    let all = RENDERED.len();
    assert_eq!(differences(&program).len(), all);
    let mut answers = Vec::new();
    for rendered in RENDERED.iter() {
        let files = &rendered.chart;
        let values = rendered
            .overrides
            .iter()
            .map(|text| files.get(*text).map_or(*text, String::as_str));
        let key: Vec<&str> = [files["values.yaml"].as_str()]
            .into_iter()
            .chain(values)
            .map(|text| text.trim_end_matches('\n'))
            .collect();
        let mut cksum = Command::new("cksum")
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = cksum.stdin.take().unwrap();
        input.write_all(key.join("\n").as_bytes()).unwrap();
        drop(input);
        let output = cksum.wait_with_output().unwrap();
        let name = String::from_utf8(output.stdout)
            .unwrap()
            .trim()
            .replace(' ', "-");
        let documents = rendered
            .objects
            .iter()
            .map(|object| format!("---\n{}", serde_yaml::to_string(object).unwrap()))
            .collect::<String>();
        fs::write(work.path().join(&name), &documents).unwrap();
        answers.push((work.path().join(name), documents));
    }
    assert_eq!(differences(&program), [""; 0]);
    // One number differs in one answer.
    let (file, documents) = &answers[0];
    fs::write(file, documents.replace("replicas: 2", "replicas: 4")).unwrap();
    assert_eq!(differences(&program).len(), 1);
}
