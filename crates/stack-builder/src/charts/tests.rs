//! Charts of a small stack, by a folder and by a program that answers as `helm` does.
//!
//! No Helm is at hand where these tests run: the stub keeps to what Helm documents of `template`, `pull` and `version` (arguments,
//! standard input, output, exit code).

use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::{Chart, Component, ComponentError, Context, Contribution, Provided, Stack, Values};

#[derive(Clone, Debug)]
struct Web {
    values: Value,
    provides: Vec<Provided>,
}

impl Component for Web {
    fn id(&self) -> &str {
        "web"
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let chart = Chart::new("https://charts.example.com", "example", "web", "1.2.3");
        for name in ["web", "other"] {
            let values = Values::typed(name, &self.values)?;
            let overlay = crate::Overlay::default();
            out.release(Release::new(name, "demo", chart.clone(), values, &overlay)?);
        }
        self.provides
            .iter()
            .cloned()
            .for_each(|provided| out.provides(provided));
        Ok(())
    }
}

fn bundle(values: Value, provides: &[Provided]) -> Bundle {
    let provides = provides.to_vec();
    let stack = Stack::new("dev", "dev.example.com");
    stack.with(Web { values, provides }).build().unwrap()
}

const OUTPUT: &str = "---
# Source: web/templates/service.yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: demo}
spec: {ports: [{port: 80}]}
---
# Source: web/templates/test.yaml
apiVersion: v1
kind: Pod
metadata: {name: test, annotations: {helm.sh/hook: 'test', helm.sh/hook-weight: '5'}}
---
---
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {helm.sh/hook: 'pre-install, pre-upgrade,odd'}}
";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// A program that writes down how it was called, and answers as Helm.
#[cfg(unix)]
fn stub(folder: &Path, answer: &str) -> Helm {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.join("helm");
    let script = format!(
        "#!/bin/sh\necho \"$@\" >> '{log}'\ncase $1 in\nversion) echo v3.19.0+g1; exit 0;;\npull) while [ \"$1\" != --destination ]; do shift; done; cp '{archive}' \"$2/web-1.2.3.tgz\"; exit 0;;\nesac\ncat > '{log}'.values\n{answer}\n",
        log = folder.join("log").display(),
        archive = folder.join("web.tgz").display(),
    );
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    Helm::new(path)
}

fn tgz(files: &[(&str, &str)]) -> Vec<u8> {
    let packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut archive = tar::Builder::new(packed);
    for (path, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        archive
            .append_data(&mut header, format!("web/{path}"), text.as_bytes())
            .unwrap();
    }
    let mut packed = archive.into_inner().unwrap();
    packed.flush().unwrap();
    packed.finish().unwrap()
}

fn calls(folder: &Path) -> Vec<String> {
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    let mut lines: Vec<String> = log.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn a_folder_gives_objects_with_release_hooks_and_lines() {
    let rendered = folder(&[("web.yaml", OUTPUT), ("other.yaml", "")]);
    let bundle = bundle(json!({}), &[])
        .with_charts(&RenderedFolder::new(rendered.path()))
        .unwrap();
    let charts = bundle.charts().unwrap();
    let seen: Vec<_> = charts
        .objects()
        .iter()
        .map(|object| (object.id().to_string(), object.line, object.stays()))
        .collect();
    assert_eq!(
        seen,
        [
            ("Service demo/web".to_owned(), 3, true),
            ("Pod test".to_owned(), 9, false),
            ("Job migrate".to_owned(), 14, false),
        ]
    );
    assert_eq!(charts.of_release("web").count(), 3);
    let hooks: Vec<_> = charts
        .objects()
        .iter()
        .filter_map(|o| o.hook.clone())
        .collect();
    assert_eq!((hooks[0].weight, hooks[0].is_for_install()), (5, false));
    assert_eq!(
        hooks[1].events,
        [HookEvent::PreInstall, HookEvent::PreUpgrade]
    );
}

#[test]
fn what_cannot_be_rendered_is_named_with_its_release() {
    let rendered = folder(&[("web.yaml", "a: [\n")]);
    let error = bundle(json!({}), &[]).with_charts(&RenderedFolder::new(rendered.path()));
    let lines = error.unwrap_err().to_string();
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].starts_with("release web: ") && lines[0].contains("web.yaml:"),
        "{lines:?}"
    );
    assert!(lines[1].contains("other.yaml` is not there"), "{lines:?}");
    let rendered = folder(&[("web.yaml", "\nkind: Pod\n"), ("other.yaml", "")]);
    let error = bundle(json!({}), &[]).with_charts(&RenderedFolder::new(rendered.path()));
    let text = error.unwrap_err().to_string();
    assert!(
        text.ends_with("web.yaml:2: the document has no text in `apiVersion`"),
        "{text}"
    );
}

#[cfg(unix)]
#[test]
fn helm_is_asked_with_name_namespace_version_and_values() {
    let place = folder(&[]);
    let helm = stub(place.path(), &format!("cat <<'END'\n{OUTPUT}END"))
        .kube_version("1.35")
        .api_version("gateway.networking.k8s.io/v1");
    let bundle = bundle(json!({"a": {"b": "c"}}), &[])
        .with_charts(&helm)
        .unwrap();
    assert_eq!(bundle.charts().unwrap().objects().len(), 6);
    let expected = |name: &str| {
        format!(
            "template {name} web --repo https://charts.example.com --version 1.2.3 --namespace demo --include-crds --values - --kube-version 1.35 --api-versions gateway.networking.k8s.io/v1"
        )
    };
    assert_eq!(calls(place.path()), [expected("other"), expected("web")]);
    let values = fs::read_to_string(place.path().join("log.values")).unwrap();
    assert_eq!(values, r#"{"a":{"b":"c"}}"#);
}

#[cfg(unix)]
#[test]
fn helms_complaint_is_the_error() {
    let place = folder(&[]);
    let helm = stub(
        place.path(),
        "echo 'Error: chart \"web\" version \"1.2.3\" not found' >&2; exit 1",
    );
    let error = bundle(json!({}), &[]).with_charts(&helm).unwrap_err();
    assert_eq!(error.0.len(), 2);
    let text = error.0[0].to_string();
    assert!(
        text.starts_with("release web: `") && text.contains(" template web web --repo "),
        "{text}"
    );
    assert!(
        text.ends_with("fails: Error: chart \"web\" version \"1.2.3\" not found"),
        "{text}"
    );
    let absent = Helm::new(place.path().join("absent"));
    let text = bundle(json!({}), &[])
        .with_charts(&absent)
        .unwrap_err()
        .to_string();
    assert!(text.contains("cannot be run"), "{text}");
}

#[cfg(unix)]
#[test]
fn what_was_rendered_is_kept_by_content() {
    let place = folder(&[]);
    let chart = [
        ("Chart.yaml", "name: web\nversion: 1.2.3\n"),
        ("templates/a.yaml", "{{ .Values.a }}"),
    ];
    fs::write(place.path().join("web.tgz"), tgz(&chart)).unwrap();
    let cache = place.path().join("cache");
    let helm = || stub(place.path(), "echo 'apiVersion: v1'; echo 'kind: A'").cache(&cache);
    let run = |values: Value| bundle(values, &[]).with_charts(&helm()).unwrap();
    let templates = || {
        calls(place.path())
            .iter()
            .filter(|call| call.starts_with("template "))
            .count()
    };
    let first = run(json!({"a": 1}));
    assert_eq!(templates(), 2);
    let again = run(json!({"a": 1}));
    assert_eq!(templates(), 2, "the same is not rendered twice");
    let objects = |bundle: &Bundle| {
        bundle
            .charts()
            .unwrap()
            .objects()
            .iter()
            .map(|o| (o.id(), o.line))
            .collect::<Vec<_>>()
    };
    assert_eq!(objects(&first), objects(&again));
    run(json!({"a": 2}));
    assert_eq!(templates(), 4, "other values");
    fs::remove_dir_all(&cache).unwrap();
    fs::write(place.path().join("web.tgz"), tgz(&chart[..1])).unwrap();
    run(json!({"a": 1}));
    assert_eq!(templates(), 6, "another chart");
    let pulls = calls(place.path())
        .iter()
        .filter(|call| call.starts_with("pull web --repo "))
        .count();
    assert!(
        (2..=4).contains(&pulls),
        "once per chart, or twice side by side: {pulls}"
    );
}

#[cfg(unix)]
#[test]
fn rendering_anew_shows_what_a_chart_makes_up_and_keeps_what_was_kept() {
    let place = folder(&[]);
    let chart = [
        ("Chart.yaml", "name: web\nversion: 1.2.3\n"),
        ("templates/a.yaml", "{{ randAlphaNum 8 }}"),
    ];
    fs::write(place.path().join("web.tgz"), tgz(&chart)).unwrap();
    let cache = place.path().join("cache");
    let answer = format!(
        "echo 'apiVersion: v1'; echo 'kind: A'; echo \"metadata: {{name: a$(wc -l < '{}')}}\"",
        place.path().join("log").display()
    );
    let helm = || stub(place.path(), &answer).cache(&cache);
    let names = |helm: &Helm| {
        let bundle = bundle(json!({"a": 1}), &[]).with_charts(helm).unwrap();
        let objects = bundle.charts().unwrap().objects();
        objects.iter().map(|o| o.id().name).collect::<Vec<_>>()
    };
    let kept = names(&helm());
    assert_ne!(names(&helm().anew()), kept, "rendered again");
    assert_eq!(names(&helm()), kept, "what was kept is still there");
}

#[cfg(unix)]
#[test]
fn charts_come_from_a_folder_as_archive_or_unpacked() {
    let about = "name: web\nversion: v1.2.3\n";
    for unpacked in ["web-1.2.3/Chart.yaml", "web/Chart.yaml"] {
        let charts = folder(&[(unpacked, about)]);
        let helm = stub(charts.path(), "true").archives(charts.path());
        bundle(json!({}), &[]).with_charts(&helm).unwrap();
        let call = calls(charts.path()).remove(0);
        assert!(
            call.contains(unpacked.trim_end_matches("/Chart.yaml")),
            "{call}"
        );
        assert!(!call.contains("--repo"), "{call}");
    }
    let other = folder(&[("web/Chart.yaml", "name: web\nversion: 2.0.0\n")]);
    let helm = stub(other.path(), "true").archives(other.path());
    let text = bundle(json!({}), &[])
        .with_charts(&helm)
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("neither web-1.2.3.tgz nor a folder"),
        "{text}"
    );
}

/// The paths of the values that no template reads.
fn unread(values: Value, files: &[(&str, &str)]) -> Vec<String> {
    let mut all = vec![("Chart.yaml", "name: web\nversion: 1.2.3\n")];
    all.extend(files);
    let files = all
        .iter()
        .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
    // Of two files of one path the last counts.
    let source = ChartSource::read(&files.collect()).unwrap();
    let bundle = bundle(values, &[]);
    let findings = super::unread::values(bundle.release("web").unwrap(), &source);
    findings
        .iter()
        .map(|finding| finding.path.to_string())
        .collect()
}

#[test]
fn values_that_no_template_reads_are_found() {
    let template = (
        "templates/a.yaml",
        "{{ .Values.image.tag }} {{ with $.Values.pod }}{{ toYaml . }}{{ end }}",
    );
    let none: [&str; 0] = [];
    for (values, files, expected) in [
        (
            json!({"image": {"tag": 1}, "pod": {"x": {"y": 1}}}),
            vec![template],
            none.to_vec(),
        ),
        (
            json!({"image": {"tga": 1}}),
            vec![template],
            vec!["image.tga"],
        ),
        (
            json!({"odd": {"a": 1, "b": 2}, "image": {}}),
            vec![template],
            vec!["odd"],
        ),
        (
            json!({"global": {"a": 1}, "tags": {"b": true}}),
            vec![template],
            none.to_vec(),
        ),
        (
            json!({"a-b": 1}),
            vec![("templates/a.yaml", "{{ index .Values \"a-b\" }}")],
            none.to_vec(),
        ),
        (
            json!({"a": 1}),
            vec![("templates/a.yaml", "{{ toYaml .Values }}")],
            none.to_vec(),
        ),
        (
            json!({"a": 1}),
            vec![("values.yaml", "b: '{{ .Values.a }}'")],
            none.to_vec(),
        ),
        (
            json!({"a": 1, "b": "{{ .Values.a }}"}),
            vec![("templates/a.yaml", "{{ .Values.b }}")],
            none.to_vec(),
        ),
        (json!({"a": 1}), vec![("README.md", ".Values.a")], vec!["a"]),
        (
            json!({"a": 1, "b": [1, "{{ .Values.a }}"], "c": 1}),
            vec![("templates/a.yaml", "{{ .Values.b }} {{ .Chart.Name }}")],
            vec!["c"],
        ),
        (
            json!({"a": {"b": 1, "c": 2}}),
            vec![("templates/a.yaml", "{{ index .Values \"a\" \"b\" }}")],
            vec!["a.c"],
        ),
        // Charts inside charts.
        (
            json!({"sub": {"x": 1, "y": 2}}),
            vec![
                ("charts/sub/Chart.yaml", "name: sub"),
                ("charts/sub/templates/a.yaml", "{{ .Values.x }}"),
            ],
            vec!["sub.y"],
        ),
        (
            json!({"sub": {"y": 2}}),
            vec![
                ("charts/sub/Chart.yaml", "name: sub"),
                ("templates/a.yaml", "{{ .Values.sub.y }}"),
            ],
            none.to_vec(),
        ),
        (
            json!({"sub": {"enabled": false}}),
            vec![
                (
                    "Chart.yaml",
                    "name: web\nversion: 1.2.3\ndependencies: [{name: sub, alias: one, condition: 'sub.enabled,x'}]",
                ),
                ("charts/sub/Chart.yaml", "name: sub"),
            ],
            none.to_vec(),
        ),
        (
            json!({"one": {"x": 1, "z": 1}}),
            vec![
                (
                    "Chart.yaml",
                    "name: web\nversion: 1.2.3\ndependencies: [{name: sub, alias: one}]",
                ),
                ("charts/sub/Chart.yaml", "name: sub"),
                ("charts/sub/templates/a.yaml", "{{ .Values.x }}"),
            ],
            vec!["one.z"],
        ),
        (
            json!({"one": {"x": 1}}),
            vec![(
                "Chart.yaml",
                "name: web\nversion: 1.2.3\ndependencies: [{name: sub, alias: one}]",
            )],
            none.to_vec(),
        ),
        (
            json!({"sub": {"y": 2}}),
            vec![
                ("charts/sub/Chart.yaml", "name: sub"),
                ("templates/a.yaml", "{{ toYaml .Values.sub }}"),
            ],
            none.to_vec(),
        ),
        (
            json!({"sub": {"deep": {"x": 1, "y": 2}}}),
            vec![
                ("charts/sub/Chart.yaml", "name: sub"),
                ("charts/sub/templates/a.yaml", "{{ .Values.deep.x }}"),
                ("charts/sub/charts/deep/Chart.yaml", "name: deep"),
            ],
            vec!["sub.deep.y"],
        ),
        // A helper of a library reads the values of whoever calls it.
        (
            json!({"a": 1}),
            vec![
                ("charts/lib/Chart.yaml", "name: lib\ntype: library"),
                ("charts/lib/templates/_a.tpl", "{{ .Values.a }}"),
            ],
            none.to_vec(),
        ),
    ] {
        assert_eq!(
            unread(values.clone(), &files),
            expected,
            "{values} {files:?}"
        );
    }
}

#[test]
fn declarations_that_no_chart_keeps_are_found() {
    let service = |name: &str, ports: &[u16]| Provided::Service {
        namespace: "demo".into(),
        name: name.into(),
        ports: ports.into(),
    };
    let account = |name: &str| Provided::ServiceAccount {
        namespace: "demo".into(),
        name: name.into(),
    };
    let callee = |app: &str| Provided::Callee {
        namespace: "demo".into(),
        labels: [("app".to_owned(), app.to_owned())].into(),
        port: 9443,
        purpose: "a webhook".into(),
    };
    let output = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: demo}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {metadata: {labels: {app: web, x: y}}}}\n";
    let rendered = folder(&[("web.yaml", output), ("other.yaml", "")]);
    let found = |provided: Provided| {
        let bundle = bundle(json!({}), &[provided])
            .with_charts(&RenderedFolder::new(rendered.path()))
            .unwrap();
        bundle
            .charts()
            .unwrap()
            .findings()
            .iter()
            .map(|f| f.message.clone())
            .collect::<Vec<_>>()
    };
    for right in [
        service("web", &[80]),
        account("web"),
        callee("web"),
        Provided::ApiGroup("x.io".into()),
    ] {
        assert_eq!(found(right), [""; 0]);
    }
    assert_eq!(
        found(service("wbe", &[80])),
        ["no chart makes the Service demo/wbe"]
    );
    assert_eq!(
        found(service("web", &[80, 81])),
        ["the Service demo/web has no port 81, but [80]"]
    );
    assert_eq!(
        found(account("wbe")),
        ["no chart makes the ServiceAccount demo/wbe"]
    );
    assert_eq!(found(callee("wbe")).len(), 1);
}
