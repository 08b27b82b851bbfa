//! The command line of `check` as a user types it: what it reads, what it says, and how it ends.

use crate::place;
mod reading;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use place::{LAMPS, Place, Run, assert_findings, bad_config_map, config_map, lamp, program};
use serde_json::{Value, json};

#[test]
fn exit_codes_tell_findings_from_failures() {
    let place = Place::with(&[
        ("good.yaml", &config_map("a")),
        ("bad.yaml", &bad_config_map("a")),
        ("unknown.yaml", &lamp("a", "watts: 5")),
        ("crds/lamps.yaml", LAMPS),
        (
            "broken/crd.yaml",
            "kind: CustomResourceDefinition\nspec: [\n",
        ),
        (
            "half/crd.yaml",
            &LAMPS.replace("  group: example.com\n", ""),
        ),
        (
            "schema/crd.yaml",
            &LAMPS.replace("maximum: 60", "maximum: [60"),
        ),
        (
            "type/crd.yaml",
            &LAMPS.replace(
                "properties:\n              watts",
                "properties: 3\n              x-watts",
            ),
        ),
        ("folder/empty.txt", ""),
    ]);
    std::os::unix::fs::symlink("nowhere", place.path("dangling.yaml")).unwrap();
    place.write("dir/fine.yaml", config_map("a"));
    std::os::unix::fs::symlink("nowhere", place.path("dir/link.yaml")).unwrap();
    for (arguments, code, complaint) in [
        (&["good.yaml"][..], 0, ""),
        (&["bad.yaml"], 1, ""),
        (&["good.yaml", "bad.yaml"], 1, ""),
        (&["unknown.yaml"], 0, ""),
        (&["folder"], 2, "error: no object was found"),
        (&["--allow-empty", "folder"], 0, ""),
        (&["--crds", "crds", "unknown.yaml"], 0, ""),
        (&["--crds", "folder", "good.yaml"], 0, ""),
        (&[], 2, "<PATH>"),
        (&["--format", "xml", "good.yaml"], 2, "xml"),
        (&["--loose", "good.yaml"], 2, "--loose"),
        (&["--crds"], 2, "--crds"),
        (&["missing.yaml"], 2, "error: missing.yaml: No such file"),
        (
            &["missing/", "good.yaml"],
            2,
            "error: missing/: No such file",
        ),
        (&["dangling.yaml"], 2, "error: dangling.yaml: No such file"),
        (&["dir"], 2, "error: dir/link.yaml: No such file"),
        (
            &["--crds", "missing", "good.yaml"],
            2,
            "error: missing: No such file",
        ),
        (
            &["--crds", "broken", "good.yaml"],
            2,
            "error: broken/crd.yaml: line 3: not YAML",
        ),
        (
            &["--crds", "half", "good.yaml"],
            2,
            "error: half/crd.yaml: the definition has no spec.group",
        ),
        (
            &["--crds", "schema", "unknown.yaml"],
            2,
            "error: the definition of Lamp in example.com/v1: line ",
        ),
        (
            &["--crds", "type", "unknown.yaml"],
            2,
            "error: the definition of Lamp in example.com/v1: ",
        ),
        (
            &["bad.yaml", "missing.yaml"],
            2,
            "error: missing.yaml: No such file",
        ),
    ] {
        let run = place.check(arguments);
        assert_eq!(
            run.code,
            Some(code),
            "{arguments:?}: {}{}",
            run.out,
            run.err
        );
        assert!(run.err.contains(complaint), "{arguments:?}: {}", run.err);
        assert_eq!(
            run.err.is_empty(),
            complaint.is_empty(),
            "{arguments:?}: {}",
            run.err
        );
    }
    let mixed = place.check(&["--short", "missing.yaml", "bad.yaml"]);
    assert_eq!(
        mixed.out,
        "bad.yaml:5: error: ConfigMap a: data[k]: must be a string, not 5; quote it\n\
         1 document: 0 accepted, 1 rejected, 0 unknown; 1 finding\n"
    );
}

#[test]
fn a_definition_that_cannot_be_used_judges_nothing() {
    let place = Place::with(&[
        (
            "crd.yaml",
            &format!(
                "# first\n---\n{}",
                LAMPS.replace("maximum: 60", "maximum: [60")
            ),
        ),
        ("a.yaml", &lamp("a", "watts: 5")),
        ("b.yaml", &lamp("b", "watts: 5")),
    ]);
    let run = place.check(&["--crds", "crd.yaml", "--format", "json", "a.yaml", "b.yaml"]);
    let verdicts: Vec<Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["verdict"].clone())
        .collect();
    assert_eq!(verdicts, ["unknown", "unknown"]);
    assert_eq!(run.err.lines().count(), 1, "{}", run.err);
    assert!(run.err.contains("not YAML"), "{}", run.err);
}

#[test]
fn text_is_written_as_compilers_write_it() {
    let lamps = lamp("desk", "watts: 61\ncord: red") + "---\n" + &lamp("hall", "cord: blue");
    let place = Place::with(&[
        ("lamps.yaml", &lamps),
        (
            "generated.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {generateName: p-}\nspec: {containers: []}\n",
        ),
        ("values.yaml", "replicas: 3\n"),
        (
            "other.yaml",
            "apiVersion: unheard.example.com/v1\nkind: Thing\nmetadata: {name: t}\n",
        ),
        (
            "rule.yaml",
            &LAMPS.replace("has(self.watts)\"", "nonsense.of(self)\""),
        ),
        ("crd.yaml", LAMPS),
    ]);
    let run = place.check(&[
        "--short",
        "--crds",
        "crd.yaml",
        "lamps.yaml",
        "generated.yaml",
        "values.yaml",
        "other.yaml",
    ]);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(
        lines[..2],
        [
            "lamps.yaml:7: error: Lamp den/desk: spec.watts: 61 must be at most 60",
            "lamps.yaml:15: error: Lamp den/hall: spec: a lamp with a cord needs watts",
        ]
    );
    assert!(
        lines[2].starts_with("generated.yaml:4: error: Pod p-: spec.containers: "),
        "{}",
        lines[2]
    );
    assert_eq!(
        lines[3..],
        [
            "values.yaml:1: unknown: not an object of Kubernetes: it has neither apiVersion nor kind",
            "other.yaml:1: unknown: Thing t: no definition of this kind in unheard.example.com/v1 is known",
            "5 documents: 0 accepted, 3 rejected, 2 unknown; 3 findings",
        ]
    );
    let unjudged = place.check(&["--crds", "rule.yaml", "lamps.yaml"]);
    assert!(
        unjudged
            .out
            .contains("lamps.yaml:10: warning: Lamp den/hall: spec: the rule"),
        "{}",
        unjudged.out
    );
}

#[test]
fn colour_is_for_terminals() {
    let place = Place::with(&[("bad.yaml", &bad_config_map("a"))]);
    assert!(!place.check(&["bad.yaml"]).out.contains('\u{1b}'));
    // A terminal is made by `script`, where there is one.
    let on_terminal = |no_colour: Option<&str>| {
        let mut script = Command::new("script");
        script
            .args([
                "-qec",
                &format!("{} check bad.yaml", program().display()),
                "/dev/null",
            ])
            .current_dir(place.path(""))
            .stdin(Stdio::null())
            .env_remove("NO_COLOR");
        if let Some(value) = no_colour {
            script.env("NO_COLOR", value);
        }
        script.output().ok().map(Run::from)
    };
    let Some(coloured) = on_terminal(None) else {
        return;
    };
    assert!(
        coloured
            .out
            .contains(":5: \u{1b}[1;31merror\u{1b}[0m: ConfigMap a: "),
        "{}",
        coloured.out
    );
    assert_eq!(coloured.code, Some(1));
    let plain = on_terminal(Some("1")).unwrap().out;
    assert!(
        plain.contains(":5: error: ConfigMap a: ") && !plain.contains('\u{1b}'),
        "{plain}"
    );
    // An empty NO_COLOR asks for nothing.
    assert!(on_terminal(Some("")).unwrap().out.contains("\u{1b}[1;31m"));
}

#[test]
fn nothing_in_a_document_or_a_name_forges_a_line() {
    let hostile = "\"x\\nother.yaml:1: error: forged\\e[2K\\u2028\\u202e\\r\\0\"";
    let place = Place::new();
    place.write(
        "a\nb.yaml:1: error: forged\u{1b}.yaml",
        format!(
            "apiVersion: v1\nkind: {hostile}\nmetadata: {{name: {hostile}, namespace: {hostile}}}\n"
        ) + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: "
            + hostile
            + "}\ndata: {"
            + hostile
            + ": 1}\n",
    );
    let missing = "no\nerror: such\u{1b}file.yaml";
    let run = place.check(&["--short", ".", missing]);
    for text in [&run.out, &run.err] {
        let harmful =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{2028}' | '\u{202e}');
        assert!(!text.contains(harmful), "{text:?}");
    }
    let starts = |line: &str| line.starts_with("./a b.yaml:1: error: forged .yaml:");
    let (summary, findings) = run
        .out
        .trim_end()
        .rsplit_once('\n')
        .map(|(rest, last)| (last, rest))
        .unwrap();
    assert!(findings.lines().all(starts), "{}", run.out);
    assert!(summary.starts_with("2 documents: "), "{}", run.out);
    assert_eq!(run.err.lines().count(), 1, "{}", run.err);
}

#[test]
fn json_has_one_line_per_document_with_all_members() {
    let place = Place::with(&[("crds/lamps.yaml", LAMPS)]);
    let route = "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: edge}\nspec: {controllerName: example.com/edge}\n";
    let text = [route, &lamp("desk", "watts: 61"), "a: 1\n", "a: [\n"].join("---\n");
    let documents = place.judge(&text, &["--crds", "crds"]);
    let names: Vec<&str> = vec![
        "file",
        "index",
        "line",
        "apiVersion",
        "kind",
        "namespace",
        "name",
        "verdict",
        "findings",
    ];
    for (index, document) in documents.iter().enumerate() {
        let members = document.as_object().unwrap();
        let found: Vec<&str> = members
            .keys()
            .map(String::as_str)
            .filter(|name| *name != "object")
            .collect();
        assert_eq!(found, names);
        assert_eq!(document["index"], index);
        assert_eq!(document["file"], "judged.yaml");
        for finding in document["findings"].as_array().unwrap() {
            assert!(
                finding["path"].is_string()
                    && finding["message"].is_string()
                    && finding["line"].is_u64()
            );
        }
    }
    let summary: Vec<Value> = documents
        .iter()
        .map(|document| {
            json!([
                document["line"],
                document["apiVersion"],
                document["kind"],
                document["namespace"],
                document["name"],
                document["verdict"]
            ])
        })
        .collect();
    assert_eq!(
        summary,
        [
            json!([
                1,
                "gateway.networking.k8s.io/v1",
                "GatewayClass",
                null,
                "edge",
                "accepted"
            ]),
            json!([6, "example.com/v1", "Lamp", "den", "desk", "rejected"]),
            json!([14, null, null, null, null, "unknown"]),
            json!([16, null, null, null, null, "rejected"]),
        ]
    );
    assert_eq!(documents[1]["findings"][0]["path"], "spec.watts");
    let silent = place.check(&["--format", "json", "crds/lamps.yaml"]);
    assert_eq!((silent.documents().len(), silent.code), (1, Some(0)));
}

#[test]
fn each_source_has_its_word() {
    let place = Place::with(&[("crd.yaml", LAMPS)]);
    for (text, line, source, part) in [
        (lamp("a", "watts: 61"), 7, "schema", "must be at most 60"),
        (lamp("a", "cord: red"), 6, "cel", "needs watts"),
        (lamp("A_B", "watts: 1"), 4, "metadata", "lower-case"),
        (
            lamp("a", "watts: 1").replace("/v1", "/v9"),
            1,
            "type",
            "example.com/v1",
        ),
        (lamp("a", "watts: \"1"), 7, "syntax", "has no end"),
    ] {
        let documents = place.judge(&text, &["--crds", "crd.yaml"]);
        assert_findings(&documents[0], &[(line, source, part)], &text);
        assert_eq!(documents[0]["verdict"], "rejected", "{text}");
    }
}

#[test]
fn the_object_is_the_document_through_our_types() {
    let place = Place::with(&[("crd.yaml", LAMPS)]);
    let route = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r}\nspec:\n  rules:\n  - backendRefs: [{name: web, port: 80}]\n    timeouts: {request: 10s}\n";
    let object = json!({
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "r"},
        "spec": {"rules": [{"backendRefs": [{"name": "web", "port": 80}], "timeouts": {"request": "10s"}}]}
    });
    assert_eq!(place.judge(route, &[])[0]["object"], object);
    let unknown = route.to_owned() + "    retries: 3\n";
    for (text, more, there) in [
        (unknown.as_str(), &[][..], false),
        // A server drops the status of what is created.
        (&(route.to_owned() + "status: {parents: 3}\n"), &[], true),
        (&unknown, &["--lenient"], true),
        (&route.replace("80", "eighty"), &[], false),
        (&route.replace("HTTPRoute", "HTTPRoad"), &[], false),
        (&config_map("a"), &[], false),
        (&lamp("a", "watts: 1"), &["--crds", "crd.yaml"], false),
        ("a: [\n", &[], false),
    ] {
        let document = &place.judge(text, more)[0];
        assert_eq!(document.get("object").is_some(), there, "{document}");
        if there {
            assert_eq!(document["object"], object);
        }
    }
}

#[test]
fn folders_are_searched_in_a_fixed_order() {
    let place = Place::new();
    for name in [
        "b.yaml",
        "a/z.yml",
        "a/b/c.json",
        "a/A.yaml",
        "c/.hidden.yaml",
        "d.yaml/e.yaml",
    ] {
        place.write(name, bad_config_map("x"));
    }
    for name in [
        "a/n.txt",
        "a/yaml",
        "a/x.YAML",
        "a/x.yaml.bak",
        "a/Chart.lock",
        "a/x.jsonl",
        "a/x.tpl",
    ] {
        place.write(name, ": no manifest [");
    }
    std::os::unix::fs::symlink("..", place.path("a/up")).unwrap();
    std::os::unix::fs::symlink(".", place.path("a/self.yaml")).unwrap();
    std::os::unix::fs::symlink("../b.yaml", place.path("c/link.yaml")).unwrap();
    let files = |run: &Run| -> Vec<String> {
        let rows = run.out.lines().filter(|line| line.contains(": error: "));
        rows.map(|line| line.split(':').next().unwrap().to_owned())
            .collect()
    };
    let all = place.check(&["--short", "."]);
    assert_eq!(all.code, Some(1), "{}", all.err);
    assert_eq!(
        files(&all),
        [
            "./a/A.yaml",
            "./a/b/c.json",
            "./a/z.yml",
            "./b.yaml",
            "./c/.hidden.yaml",
            "./c/link.yaml",
            "./d.yaml/e.yaml"
        ]
    );
    // What is named is read, whatever it is called; in the order in which it is named, as often as it is named.
    place.write("manifest", bad_config_map("x"));
    let named = place.check(&["manifest", "b.yaml", "a/b", "b.yaml"]);
    assert_eq!(
        files(&named),
        ["manifest", "b.yaml", "a/b/c.json", "b.yaml"]
    );
    // A link to a folder is followed where it is named.
    assert_eq!(
        files(&place.check(&["a/up/d.yaml"])),
        ["a/up/d.yaml/e.yaml"]
    );
}

#[test]
fn thousands_of_files_keep_their_order() {
    let place = Place::new();
    for number in 0..3_000 {
        let text = if number % 3 == 0 {
            bad_config_map("x")
        } else {
            config_map("x")
        };
        place.write(&format!("{}/{number:04}.yaml", number / 500), text);
    }
    let run = place.check(&["."]);
    assert!(
        run.out
            .ends_with("3000 documents: 2000 accepted, 1000 rejected, 0 unknown; 1000 findings\n")
    );
    let files: Vec<&str> = run
        .out
        .lines()
        .filter(|line| line.contains("error"))
        .collect();
    assert!(files.is_sorted() && files.len() == 1_000);
    let json = place.check(&["--format", "json", "."]);
    assert_eq!(json.out.lines().count(), 3_000);
}

#[test]
fn a_dash_is_standard_input() {
    let place = Place::with(&[("crd.yaml", LAMPS), ("good.yaml", &config_map("a"))]);
    let run = place.check_stdin(&["-"], &bad_config_map("a"));
    assert!(
        run.out
            .starts_with("<stdin>:5: error: ConfigMap a: data[k]: "),
        "{}",
        run.out
    );
    assert_eq!(run.code, Some(1));
    let run = place.check_stdin(
        &["good.yaml", "-", "--format", "json"],
        &bad_config_map("a"),
    );
    let files: Vec<Value> = run
        .documents()
        .iter()
        .map(|document| document["file"].clone())
        .collect();
    assert_eq!(files, ["good.yaml", "<stdin>"]);
    let run = place.check_stdin(&["--crds", "-", "crd.yaml"], LAMPS);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(place.check_stdin(&["-"], "").code, Some(2));
    assert_eq!(place.check_stdin(&["--allow-empty", "-"], "").code, Some(0));
}

#[test]
fn definitions_come_from_wherever_they_lie() {
    let json: Value = {
        let documents = crd_validate::reader::read(LAMPS.as_bytes());
        documents[0].content.clone().unwrap()
    };
    let oven = LAMPS.replace("lamp", "oven").replace("Lamp", "Oven");
    let strict = LAMPS.replace("maximum: 60", "maximum: 6");
    let classes = LAMPS
        .replace("example.com", "gateway.networking.k8s.io")
        .replace("lamps", "gatewayclasses")
        .replace("Lamp", "GatewayClass");
    let mixed = format!(
        "{}---\n# a comment\n---\n{LAMPS}---\n{}---\n{oven}",
        config_map("CustomResourceDefinition"),
        "replicas: 3\n"
    );
    let list = json!({"apiVersion": "v1", "kind": "List", "items": [json, config_map("a")]});
    let place = Place::with(&[
        ("folder/deep/er/lamps.yaml", LAMPS),
        (
            "folder/readme.txt",
            "kind: CustomResourceDefinition\nspec: [\n",
        ),
        ("lamps", LAMPS),
        ("ovens.yml", &oven),
        ("lamps.json", &json.to_string()),
        ("pretty.json", &serde_json::to_string_pretty(&json).unwrap()),
        ("list.json", &list.to_string()),
        ("mixed.yaml", &mixed),
        ("crlf.yaml", &LAMPS.replace('\n', "\r\n")),
        ("strict.yaml", &strict),
        ("classes.yaml", &classes),
        (
            "input.yaml",
            &[
                lamp("a", "watts: 61"),
                lamp("b", "watts: 7"),
                lamp("c", "watts: 61").replace("Lamp", "Oven"),
            ]
            .join("---\n"),
        ),
        (
            "class.yaml",
            "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: c}\nspec: {watts: 1}\n",
        ),
    ]);
    let verdicts = |arguments: &[&str]| -> Vec<String> {
        let run = place.check(&[arguments, &["--format", "json"]].concat());
        let documents = run.documents();
        documents
            .iter()
            .map(|document| document["verdict"].as_str().unwrap().to_owned())
            .collect()
    };
    let (yes, no, what) = ("accepted", "rejected", "unknown");
    for (crds, expected) in [
        (&[][..], [what, what, what]),
        (&["folder"], [no, yes, what]),
        (&["lamps"], [no, yes, what]),
        (&["lamps.json"], [no, yes, what]),
        (&["pretty.json"], [no, yes, what]),
        (&["list.json"], [no, yes, what]),
        (&["crlf.yaml"], [no, yes, what]),
        (&["mixed.yaml"], [no, yes, no]),
        (&["folder", "ovens.yml"], [no, yes, no]),
        (&["ovens.yml"], [what, what, no]),
        (&["strict.yaml", "lamps"], [no, no, what]),
        (&["lamps", "strict.yaml"], [no, yes, what]),
    ] {
        let mut arguments: Vec<&str> = crds.iter().flat_map(|path| ["--crds", *path]).collect();
        arguments.push("input.yaml");
        assert_eq!(verdicts(&arguments), expected, "{crds:?}");
    }
    assert_eq!(verdicts(&["class.yaml"]), [no]);
    assert_eq!(verdicts(&["--crds", "classes.yaml", "class.yaml"]), [yes]);
}

#[test]
fn lenient_lets_unknown_fields_pass_and_nothing_else() {
    let place = Place::with(&[("crd.yaml", LAMPS)]);
    for (text, strict, lenient) in [
        (lamp("a", "watts: 1\nvolts: 2"), "rejected", "accepted"),
        (config_map("a") + "dta: {}\n", "rejected", "accepted"),
        (
            lamp("a", "watts: 1").replace("  namespace", "  nmspace: x\n  namespace"),
            "rejected",
            "accepted",
        ),
        (lamp("a", "watts: 61\nvolts: 2"), "rejected", "rejected"),
        (lamp("a", "cord: red\nvolts: 2"), "rejected", "rejected"),
        (lamp("A_B", "watts: 1"), "rejected", "rejected"),
        // The last of two counts, as for kubectl.
        (lamp("a", "watts: 1\nwatts: 2"), "accepted", "accepted"),
        (bad_config_map("a"), "rejected", "rejected"),
        (
            lamp("a", "watts: 1").replace("Lamp", "Oven"),
            "unknown",
            "unknown",
        ),
        (lamp("a", "free: {any: thing}"), "accepted", "accepted"),
    ] {
        let verdict = |more: &[&str]| {
            let documents = place.judge(&text, &[&["--crds", "crd.yaml"], more].concat());
            documents[0]["verdict"].as_str().unwrap().to_owned()
        };
        assert_eq!(
            (verdict(&[]).as_str(), verdict(&["--lenient"]).as_str()),
            (strict, lenient),
            "{text}"
        );
    }
}

#[test]
fn what_is_nested_as_deep_as_may_be_is_judged() {
    let place = Place::with(&[("crd.yaml", LAMPS)]);
    let nested = |depth: usize| format!("{}1{}", "{a: ".repeat(depth), "}".repeat(depth));
    // As many files as keep every thread busy: each has a stack of its own.
    for number in 0..8 {
        let values = format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: a}}\nspec:\n  project: p\n  destination: {{}}\n  source:\n    repoURL: https://example.com\n    helm: {{valuesObject: {}}}\n",
            nested(95)
        );
        place.write(&format!("in/{number}.yaml"), values);
        let free = format!("free: {}", nested(97));
        place.write(&format!("in/{number}.yml"), lamp("a", &free));
    }
    let run = place.check(&["--crds", "crd.yaml", "--format", "json", "in"]);
    let documents = run.documents();
    assert_eq!((documents.len(), run.code), (16, Some(0)), "{}", run.out);
    let typed = documents
        .iter()
        .filter(|document| document.get("object").is_some());
    assert_eq!(typed.count(), 8);
}

#[test]
fn a_long_list_is_no_slower_than_its_items() {
    let mut text = "apiVersion: v1\nkind: List\nitems:\n".to_owned();
    for _ in 0..5_000 {
        text += "- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: 5}}\n";
    }
    let documents = Place::new().judge(&text, &[]);
    assert_eq!(documents.len(), 5_000);
    let last = &documents[4_999];
    assert_findings(last, &[(5_003, "schema", "must be a string")], "last");
}

#[test]
fn a_reader_that_leaves_is_no_failure_and_a_full_disk_is() {
    let place = Place::new();
    place.write("many.yaml", vec![bad_config_map("a"); 3_000].join("---\n"));
    let mut child = place
        .command(&["many.yaml"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let left = Run::from(child.wait_with_output().unwrap());
    assert_eq!((left.code, left.err.as_str()), (Some(1), ""));
    if Path::new("/dev/full").exists() {
        let full = fs::File::create("/dev/full").unwrap();
        let run = Run::of(place.command(&["many.yaml"]).stdout(full));
        assert_eq!(run.code, Some(2));
        assert!(
            run.err.starts_with("error: standard output: "),
            "{}",
            run.err
        );
        let full = || fs::File::create("/dev/full").unwrap();
        let run = Run::of(
            place
                .command(&["missing.yaml"])
                .stdout(full())
                .stderr(full()),
        );
        assert_eq!(run.code, Some(2));
    }
}

#[test]
fn help_teaches() {
    let run = Place::new().check(&["--help"]);
    assert_eq!(run.code, Some(0));
    for part in [
        "--format",
        "--crds",
        "--lenient",
        "<PATH>...",
        "Examples:",
        "standard input",
        "Exit code: 0",
        "Gateway API",
    ] {
        assert!(run.out.contains(part), "{part} is not in:\n{}", run.out);
    }
}
