//! What `check` says in each of its formats, and what makes it fail.
#![allow(clippy::panic, clippy::unwrap_used)]

use crate::place;

use place::{LAMPS, Place, config_map, lamp};
use serde_json::{Value, json};

/// A Deployment with an unknown field, a wrong type, labels that do not fit and a name that cannot be.
const WEB: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: demo}
spec:
  replics: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: other}}  # 라벨
    spec:
      containers:
      - name: Web
        image: nginx
        env:
        - {name: A, value: true}
";

#[test]
fn all_findings_of_a_document_come_at_once_and_each_once() {
    let place = Place::new();
    // What cannot be decoded is judged no further, as in a server.
    let undecoded = &place.judge(WEB, &[])[0]["findings"];
    assert_eq!(undecoded.as_array().unwrap().len(), 2);
    let web = WEB.replace("value: true", "value: 'true'");
    let document = &place.judge(&web, &[])[0];
    let mut paths: Vec<&str> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["path"].as_str().unwrap())
        .collect();
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            "spec.replics",
            "spec.template.metadata.labels",
            "spec.template.spec.containers[0].name",
        ]
    );
    for finding in document["findings"].as_array().unwrap() {
        assert_eq!(finding["severity"], "error");
    }
    // Those who let unknown fields pass hear of all the others.
    let lenient = &place.judge(&web, &["--lenient"])[0];
    assert_eq!(lenient["findings"].as_array().unwrap().len(), 2);
}

#[test]
fn text_shows_the_line_with_the_fault_underlined() {
    let place = Place::with(&[
        ("web.yaml", WEB),
        (
            "flow.json",
            "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\",\n\t\"metadata\": {\"name\": \"a\"}, \"data\": {\"k\": 5, \"l\": \"m\"}}\n",
        ),
        ("broken.yaml", "a: b\nc: }\n"),
    ]);
    let run = place.check(&["web.yaml", "flow.json"]);
    insta::assert_snapshot!(run.out);
    assert_eq!(run.code, Some(1));
    let short = place.check(&["--short", "web.yaml", "flow.json"]);
    let first_lines = run.out.lines().filter(|line| {
        !line
            .trim_start()
            .starts_with(|c: char| c == '|' || c.is_ascii_digit())
    });
    assert_eq!(
        short
            .out
            .lines()
            .filter(|line| line.contains(": error: "))
            .collect::<Vec<_>>(),
        first_lines
            .filter(|line| line.contains(": error: "))
            .collect::<Vec<_>>()
    );
    assert!(!short.out.contains('^'));
    assert!(place.check(&["broken.yaml"]).out.contains('^'));
}

/// Files for the formats that machines read, with characters that each has to escape.
fn awkward() -> Place {
    let place = Place::with(&[
        ("good.yaml", &config_map("good")),
        ("unknown.yaml", &lamp("a", "watts: 5")),
        ("values.yaml", "replicas: 3\n"),
    ]);
    let bad = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  \"<&\\\"%\\n>,::x=1::\": 5\n";
    place.write("a,b:c%d <&\"'>.yaml", bad);
    place
}

#[test]
fn sarif_has_what_the_standard_asks_for() {
    let place = awkward();
    let run = place.check(&["--format", "sarif", "."]);
    assert_eq!(run.code, Some(1), "{}", run.err);
    let log: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().contains("sarif-2.1.0"));
    let runs = log["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 1);
    let driver = &runs[0]["tool"]["driver"];
    assert_eq!(driver["name"], "stackctl");
    assert_eq!(driver["version"], env!("CARGO_PKG_VERSION"));
    let rules = driver["rules"].as_array().unwrap();
    assert!(
        rules
            .iter()
            .all(|rule| rule["shortDescription"]["text"].is_string())
    );
    let results = runs[0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 2, "{results:?}");
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(
            uri.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"%-._~/".contains(&byte)),
            "{uri}"
        );
    }
    assert_eq!(
        results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "a%2Cb%3Ac%25d%20%3C%26%22%27%3E.yaml"
    );
    assert_eq!(runs[0]["invocations"][0]["executionSuccessful"], true);

    let missing = place.check(&["--format", "sarif", "missing.yaml", "good.yaml"]);
    assert_eq!(missing.code, Some(2));
    let log: Value = serde_json::from_str(&missing.out).unwrap();
    assert_eq!(log["runs"][0]["results"], json!([]));
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let text = invocation["toolExecutionNotifications"][0]["message"]["text"]
        .as_str()
        .unwrap();
    assert!(text.contains("missing.yaml"), "{text}");
}

/// What the schema of SARIF 2.1.0 lets stand in the objects that we write, which have no other members: the members, `!` where one
/// is required, with what they hold.
const SARIF: &[(&str, &[(&str, &str)])] = &[
    (
        "log",
        &[
            ("$schema", "uri"),
            ("version!", "2.1.0"),
            ("runs!", "[run]"),
        ],
    ),
    (
        "run",
        &[
            ("tool!", "tool"),
            ("columnKind", "utf16CodeUnits|unicodeCodePoints"),
            ("results", "[result]"),
            ("invocations", "[invocation]"),
        ],
    ),
    ("tool", &[("driver!", "component")]),
    (
        "component",
        &[("name!", "text"), ("version", "text"), ("rules", "[rule]")],
    ),
    (
        "rule",
        &[
            ("id!", "text"),
            ("shortDescription", "message"),
            ("fullDescription", "message"),
            ("help", "message"),
            ("defaultConfiguration", "configuration"),
        ],
    ),
    ("configuration", &[("level", "none|note|warning|error")]),
    ("message", &[("text!", "text")]),
    (
        "result",
        &[
            ("ruleId", "text"),
            ("ruleIndex", "index"),
            ("level", "none|note|warning|error"),
            ("message!", "message"),
            ("locations", "[location]"),
            ("partialFingerprints", "texts"),
        ],
    ),
    (
        "location",
        &[
            ("physicalLocation", "place"),
            ("logicalLocations", "[logical]"),
        ],
    ),
    (
        "place",
        &[("artifactLocation!", "artifact"), ("region", "region")],
    ),
    ("artifact", &[("uri", "uri")]),
    ("region", &[("startLine", "line")]),
    ("logical", &[("fullyQualifiedName", "text")]),
    (
        "invocation",
        &[
            ("executionSuccessful!", "bool"),
            ("toolExecutionNotifications", "[notification]"),
        ],
    ),
    (
        "notification",
        &[
            ("level", "none|note|warning|error"),
            ("message!", "message"),
        ],
    ),
];

/// Panics where a value is not what the schema wants.
fn is_sarif(value: &Value, what: &str, path: &str) {
    if let Some(item) = what
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        let items = value
            .as_array()
            .unwrap_or_else(|| panic!("{path}: {value}"));
        for (index, one) in items.iter().enumerate() {
            is_sarif(one, item, &format!("{path}[{index}]"));
        }
        return;
    }
    let Some((_, members)) = SARIF.iter().find(|(name, _)| *name == what) else {
        let fits = match what {
            "text" => value.as_str().is_some_and(|text| !text.is_empty()),
            "uri" => value
                .as_str()
                .is_some_and(|text| !text.is_empty() && text.is_ascii() && !text.contains(' ')),
            "bool" => value.is_boolean(),
            "index" => value.is_u64(),
            "line" => value.as_u64().is_some_and(|line| line >= 1),
            "texts" => value
                .as_object()
                .is_some_and(|texts| texts.values().all(Value::is_string)),
            words => words.split('|').any(|word| value == word),
        };
        assert!(fits, "{path}: {value} is no {what}");
        return;
    };
    let object = value
        .as_object()
        .unwrap_or_else(|| panic!("{path}: {value}"));
    for (name, _) in members.iter().filter(|(name, _)| name.ends_with('!')) {
        assert!(
            object.contains_key(name.trim_end_matches('!')),
            "{path}: no {name}"
        );
    }
    for (key, value) in object {
        let known = members
            .iter()
            .find(|(name, _)| name.trim_end_matches('!') == key);
        let (_, what) = known.unwrap_or_else(|| panic!("{path}: {key} is not allowed"));
        is_sarif(value, what, &format!("{path}.{key}"));
    }
}

#[test]
fn sarif_is_as_its_schema_wants_it() {
    let place = awkward();
    place.write(
        "refers.yaml",
        "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: demo}\nspec: {selector: {app: wbe}, ports: [{port: 80}]}\n",
    );
    for arguments in [
        &["--format", "sarif", "."][..],
        &["--format", "sarif", "--whole", ".", "missing.yaml"],
        &["--format", "sarif", "good.yaml"],
    ] {
        let run = place.check(arguments);
        let log: Value = serde_json::from_str(&run.out).unwrap();
        is_sarif(&log, "log", "$");
        // A rule is there once, and each result names one.
        let rules = log["runs"][0]["tool"]["driver"]["rules"]
            .as_array()
            .unwrap();
        let mut ids: Vec<&str> = rules
            .iter()
            .map(|rule| rule["id"].as_str().unwrap())
            .collect();
        for result in log["runs"][0]["results"].as_array().unwrap() {
            assert!(
                ids.contains(&result["ruleId"].as_str().unwrap()),
                "{result}"
            );
        }
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    }
}

/// The names of the elements in their order, `/` before those that end; panics where they are not nested.
fn elements(xml: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml
        .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        .unwrap();
    while let Some(start) = rest.find('<') {
        assert!(!rest[..start].contains('>'));
        let end = start + rest[start..].find('>').unwrap();
        let tag = &rest[start + 1..end];
        assert!(
            !tag.contains('<') && tag.matches('"').count().is_multiple_of(2),
            "{tag}"
        );
        rest = &rest[end + 1..];
        let name = tag.trim_matches('/').split(' ').next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else {
            names.push(name.to_owned());
            // What the schemas in use (Ant's, Jenkins') require and know.
            let (required, known): (&[&str], &[&str]) = match name {
                "testsuites" => (&[], &["name"]),
                "testsuite" => (
                    &["name", "tests"],
                    &["name", "tests", "failures", "errors", "skipped"],
                ),
                "testcase" => (&["name"], &["name", "classname"]),
                "failure" | "error" | "skipped" => (&[], &["message"]),
                "system-out" => (&[], &[]),
                other => panic!("{other} is no element of JUnit"),
            };
            let attributes: Vec<&str> = tag
                .split('"')
                .step_by(2)
                .filter_map(|part| part.strip_suffix('='))
                .filter_map(|part| part.rsplit(' ').next())
                .collect();
            assert!(attributes.iter().all(|has| known.contains(has)), "{tag}");
            assert!(
                required.iter().all(|asked| attributes.contains(asked)),
                "{tag}"
            );
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty());
    for entity in xml.split('&').skip(1) {
        let name = entity.split(';').next().unwrap();
        assert!(
            ["amp", "lt", "gt", "quot"].contains(&name) || name.starts_with('#'),
            "{entity}"
        );
    }
    names
}

#[test]
fn junit_is_well_formed_and_counts() {
    let place = awkward();
    let run = place.check(&["--format", "junit", ".", "missing.yaml"]);
    assert_eq!(run.code, Some(2));
    let names = elements(&run.out);
    let count = |name: &str| names.iter().filter(|found| *found == name).count();
    assert_eq!(
        (count("testsuites"), count("testsuite"), count("testcase")),
        (1, 5, 5),
        "{}",
        run.out
    );
    assert_eq!(
        (count("failure"), count("skipped"), count("error")),
        (1, 2, 1),
        "{}",
        run.out
    );
    let unknown = place.check(&["--format", "junit", "--fail-on", "unknown", "unknown.yaml"]);
    assert_eq!(unknown.code, Some(1));
    assert!(
        unknown.out.contains("tests=\"1\" failures=\"1\""),
        "{}",
        unknown.out
    );
}

#[test]
fn github_gets_a_command_per_finding_in_one_line() {
    let place = awkward();
    let run = place.check(&["--format", "github", "."]);
    assert_eq!(run.code, Some(1));
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", run.out);
    let bad = lines
        .iter()
        .find(|line| line.starts_with("::error "))
        .unwrap();
    assert!(
        bad.starts_with("::error file=./a%2Cb%3Ac%25d <&\"'>.yaml,line=5,title=ConfigMap a::data["),
        "{bad}"
    );
    let notice = lines
        .iter()
        .find(|line| line.starts_with("::notice "))
        .unwrap();
    assert!(
        notice.contains("file=./unknown.yaml,line=1,title=Lamp den/a::no definition"),
        "{notice}"
    );
}

#[test]
fn what_fails_is_chosen_and_quiet_says_no_more() {
    let rule = LAMPS.replace("has(self.watts)\"", "nonsense.of(self)\"");
    let place = Place::with(&[
        ("good.yaml", &config_map("good")),
        ("unknown.yaml", &lamp("a", "watts: 5")),
        ("warned.yaml", &lamp("a", "cord: red")),
        ("rule.crd", &rule),
    ]);
    for (arguments, code, lines) in [
        (&["unknown.yaml"][..], 0, 2),
        (&["--quiet", "unknown.yaml"], 0, 0),
        (&["--fail-on", "unknown", "unknown.yaml"], 1, 2),
        (&["--fail-on", "unknown", "--quiet", "unknown.yaml"], 1, 1),
        (&["--fail-on", "warning", "--quiet", "unknown.yaml"], 0, 0),
        (&["--short", "--crds", "rule.crd", "warned.yaml"], 0, 2),
        (
            &[
                "--short",
                "--crds",
                "rule.crd",
                "--fail-on",
                "warning",
                "warned.yaml",
            ],
            1,
            2,
        ),
        (
            &[
                "--short",
                "--crds",
                "rule.crd",
                "--fail-on",
                "unknown,warning",
                "-q",
                "warned.yaml",
            ],
            1,
            1,
        ),
        (&["-q", "good.yaml"], 0, 0),
        (&["--fail-on", "nothing", "good.yaml"], 2, 0),
    ] {
        let run = place.check(arguments);
        assert_eq!(
            run.code,
            Some(code),
            "{arguments:?}: {}{}",
            run.out,
            run.err
        );
        assert_eq!(run.out.lines().count(), lines, "{arguments:?}: {}", run.out);
    }
    let quiet = place.check(&["--format", "json", "--quiet", "."]);
    assert_eq!(quiet.out, "");
}
