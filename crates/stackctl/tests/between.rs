//! What breaks between objects, and the options that say which findings count.
#![allow(clippy::unwrap_used)]

use crate::place;

use std::process::Command;

use place::Place;
use serde_json::Value;

const WEB: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: demo}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
---
";

const SERVICE: &str = "\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: demo}
spec:
  selector:
    app: wbe
  ports: [{port: 80}]
";

const CODE: &str = "service-without-pods";

fn shop() -> Place {
    // The pods and the Service that misses them are in files of their own.
    Place::with(&[("web.yaml", WEB), ("service.yaml", SERVICE)])
}

#[test]
fn a_finding_between_objects_stands_at_its_object_in_every_format() {
    let place = shop();
    let text = place.check(&["."]);
    assert_eq!(text.code, Some(1), "{}", text.err);
    let line = "service.yaml:5: error: Service demo/web: spec.selector: no pod";
    assert!(text.out.contains(line), "{}", text.out);
    assert!(text.out.contains("(service-without-pods)"), "{}", text.out);
    assert!(text.out.contains("  help: select labels"), "{}", text.out);

    let json = place.check(&["--format", "json", "service.yaml", "web.yaml"]);
    let row: Value = serde_json::from_str(json.out.lines().next().unwrap()).unwrap();
    // A server takes it; it breaks all the same.
    assert_eq!(row["verdict"], "accepted");
    let finding = &row["findings"][0];
    assert_eq!(
        [&finding["source"], &finding["severity"], &finding["path"]],
        [CODE, "error", "spec.selector"]
    );
    assert_eq!(finding["line"], 5);
    assert!(finding["remedy"].as_str().unwrap().starts_with("select"));

    let sarif = place.check(&["--format", "sarif", "."]);
    let log: Value = serde_json::from_str(&sarif.out).unwrap();
    let run = &log["runs"][0];
    let index = run["results"][0]["ruleIndex"].as_u64().unwrap();
    let rule = &run["tool"]["driver"]["rules"][usize::try_from(index).unwrap()];
    assert_eq!(rule["id"], CODE);
    let github = place.check(&["--format", "github", "."]);
    assert!(
        github.out.contains("::error file=./service.yaml,line=5"),
        "{}",
        github.out
    );
    let junit = place.check(&["--format", "junit", "."]);
    assert!(junit.out.contains("failures=\"1\""), "{}", junit.out);
    assert!(junit.out.contains("select labels"), "{}", junit.out);
}

#[test]
fn options_say_which_findings_count() {
    let place = shop();
    for (arguments, code, shown) in [
        (&["--no-stack"][..], 0, false),
        (&["--allow", CODE], 0, false),
        (&["--warn", CODE], 0, true),
        (&["--warn", CODE, "--fail-on", "warning"], 1, true),
        (&["--warn", CODE, "--deny", CODE], 1, true),
        (&["--allow", "references"], 0, false),
        (&["--allow", "references", "--deny", CODE], 1, true),
        (&["--level", "demo:service-without-pods=warn"], 0, true),
        (&["--level", "demo:references=allow"], 0, false),
        (&["--level", "other:references=allow"], 1, true),
        (&["--whole"], 1, true),
    ] {
        let run = place.check(&[arguments, &["."]].concat());
        assert_eq!(run.code, Some(code), "{arguments:?}: {}", run.out);
        assert_eq!(
            run.out.contains("no pod"),
            shown,
            "{arguments:?}: {}",
            run.out
        );
    }
    let wrong = place.check(&["--allow", "service-without-pod", "."]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("explain --list"), "{}", wrong.err);
}

#[test]
fn what_lies_outside_is_unknown_unless_the_input_is_whole() {
    let route = "\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: demo}
spec: {defaultBackend: {service: {name: gone, port: {number: 80}}}}
";
    let place = Place::with(&[("route.yaml", route)]);
    let part = place.check(&["."]);
    assert_eq!(part.code, Some(0), "{}", part.out);
    let whole = place.check(&["--whole", "."]);
    assert_eq!(whole.code, Some(1), "{}", whole.out);
    assert!(whole.out.contains("(dangling-backend)"), "{}", whole.out);
}

#[test]
fn beside_a_chart_nothing_is_missing_and_in_several_files_nothing_is_twice() {
    let values = ("values.yaml", "replicas: 3\n");
    let place = Place::with(&[("web.yaml", WEB), ("service.yaml", SERVICE), values]);
    assert_eq!(place.check(&["."]).code, Some(0));
    assert_eq!(place.check(&["--deny", CODE, "."]).code, Some(1));
    assert_eq!(place.check(&["--whole", "."]).code, Some(1));

    let prod = WEB.replace("nginx", "httpd");
    let place = Place::with(&[("dev/web.yaml", WEB), ("prod/web.yaml", &prod)]);
    let strict = ["--fail-on", "warning"];
    assert_eq!(place.check(&[&strict[..], &["."]].concat()).code, Some(0));
    let twice = place.check(&[&strict[..], &["--whole", "."]].concat());
    assert_eq!(twice.code, Some(1), "{}", twice.out);
    assert!(twice.out.contains("(duplicate-object)"), "{}", twice.out);
}

#[test]
fn a_baseline_holds_old_findings_and_tells_what_is_settled() {
    let place = shop();
    let written = place.check(&["--write-baseline", "known.txt", "."]);
    assert_eq!(written.code, Some(0), "{}", written.out);
    assert!(written.err.contains("1 finding"), "{}", written.err);
    let old = place.check(&["--baseline", "known.txt", "."]);
    assert_eq!(old.code, Some(0), "{}", old.out);
    place.write("service.yaml", SERVICE.replace("wbe", "web"));
    let settled = place.check(&["--baseline", "known.txt", "."]);
    assert_eq!(settled.code, Some(0));
    assert!(
        settled.err.contains("1 line of known.txt can go"),
        "{}",
        settled.err
    );
    assert_eq!(
        place.check(&["--baseline", "missing.txt", "."]).code,
        Some(2)
    );
}

#[test]
fn standard_input_is_read_once_for_all() {
    let place = Place::new();
    let run = place.check_stdin(&["-"], &format!("{WEB}{SERVICE}"));
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.out.contains("(service-without-pods)"), "{}", run.out);
}

#[test]
fn an_object_that_a_server_refuses_is_told_that_alone() {
    let broken = SERVICE.replace("port: 80", "port: 0");
    let place = Place::with(&[("web.yaml", WEB), ("service.yaml", &broken)]);
    let run = place.check(&["."]);
    assert_eq!(run.code, Some(1));
    assert!(!run.out.contains(CODE), "{}", run.out);
}

#[test]
fn keys_that_stand_twice_are_warnings_unless_yaml_is_strict() {
    let twice = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: one\n  a: two\n";
    let place = Place::with(&[("a.yaml", twice)]);
    let easy = place.check(&["a.yaml"]);
    assert_eq!(easy.code, Some(0), "{}", easy.out);
    assert!(easy.out.contains("a.yaml:6: warning: "), "{}", easy.out);
    let strict = place.check(&["--strict-yaml", "a.yaml"]);
    assert_eq!(strict.code, Some(1));
    assert!(strict.out.contains("a.yaml:6: error: "), "{}", strict.out);
}

#[test]
fn the_version_of_kubernetes_decides_which_kinds_there_are() {
    let text = "apiVersion: resource.k8s.io/v1\nkind: DeviceClass\nmetadata: {name: a}\nspec: {}\n";
    let place = Place::with(&[("a.yaml", text)]);
    assert_eq!(
        place.check(&["--kubernetes", "1.34", "a.yaml"]).code,
        Some(0)
    );
    let old = place.check(&["--kubernetes", "1.33", "a.yaml"]);
    assert_eq!(old.code, Some(1), "{}", old.out);
    assert!(old.out.contains("1.33"), "{}", old.out);
    let wrong = place.check(&["--kubernetes", "1.12", "a.yaml"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("1.33 to 1.37"), "{}", wrong.err);
}

fn stackctl(place: &Place, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(place::program())
        .args(arguments)
        .current_dir(place.path(""))
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn codes_of_the_checks_between_objects_are_explained() {
    let place = Place::new();
    let (code, list) = stackctl(&place, &["explain", "--list"]);
    assert_eq!(code, Some(0));
    let codes: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(codes.contains(&CODE) && codes.contains(&"cel"), "{list}");
    let (_, text) = stackctl(&place, &["explain", CODE]);
    for part in ["What to do: ", "With the fault:", "    kind: Service"] {
        assert!(text.contains(part), "{text}");
    }
    let (code, text) = stackctl(&place, &["explain", "nonsense"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("--list"), "{text}");
    assert_eq!(stackctl(&place, &["explain"]).0, Some(2));
}

#[test]
fn capacity_says_what_is_asked_allowed_and_left() {
    let quota = "\
apiVersion: v1
kind: ResourceQuota
metadata: {name: q, namespace: demo}
spec: {hard: {requests.cpu: '1'}}
";
    let pod = |name: &str, cpu: &str| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: demo}}\n\
             spec: {{containers: [{{name: c, image: c, resources: {{requests: {{cpu: {cpu}}}}}}}]}}\n"
        )
    };
    let fits = format!("{quota}{}", pod("a", "600m"));
    let place = Place::with(&[
        ("fits.yaml", &fits),
        ("over.yaml", &format!("{fits}{}", pod("b", "600m"))),
    ]);
    let (code, text) = stackctl(&place, &["capacity", "fits.yaml"]);
    assert_eq!(code, Some(0), "{text}");
    let quota = text.lines().find(|line| line.starts_with("demo/q"));
    let words: Vec<&str> = quota.unwrap_or(&text).split_whitespace().collect();
    assert_eq!(words[..5], ["demo/q", "requests.cpu", "600m", "1", "400m"]);
    let (code, text) = stackctl(&place, &["capacity", "over.yaml"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains("Pod demo/b: 1 of 1 pods refused: exceeded quota"),
        "{text}"
    );
    let (_, text) = stackctl(&place, &["capacity", "--format", "json", "over.yaml"]);
    let table: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(table["quotas"][0]["left"], "-200m");
    assert_eq!(table["refused"][0]["workload"], "Pod demo/b");
}
