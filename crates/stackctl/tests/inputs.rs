//! Input as people have it: definitions, charts and kustomizations beside manifests, and what is passed over.

use crate::place;

use place::{LAMPS, Place, bad_config_map, config_map, lamp};

#[test]
fn definitions_among_the_inputs_judge_the_rest() {
    let place = Place::with(&[
        ("a-lamp.yaml", &lamp("desk", "watts: 61")),
        (
            "b-crd.yaml",
            &format!("{}---\n{LAMPS}", config_map("first")),
        ),
    ]);
    let verdicts = |run: place::Run| -> Vec<String> {
        let documents = run.documents();
        documents
            .iter()
            .map(|document| document["verdict"].as_str().unwrap().to_owned())
            .collect()
    };
    let run = place.check(&["--format", "json", "."]);
    assert_eq!(verdicts(run), ["rejected", "accepted", "accepted"]);
    let text = format!("{LAMPS}---\n{}", lamp("desk", "watts: 61"));
    let run = place.check_stdin(&["--format", "json", "-"], &text);
    assert_eq!(verdicts(run), ["accepted", "rejected"]);
    // Those of --crds come first.
    place.write("strict", LAMPS.replace("maximum: 60", "maximum: 100"));
    let run = place.check(&["--format", "json", "--crds", "strict", "."]);
    assert_eq!(verdicts(run), ["accepted", "accepted", "accepted"]);
    // One that is broken does not take the others of its file with it.
    let broken = LAMPS
        .replace("lamp", "oven")
        .replace("Lamp", "Oven")
        .replace("  group: example.com\n", "");
    place.write("b-crd.yaml", format!("{broken}---\n{LAMPS}"));
    let run = place.check(&["--format", "json", "a-lamp.yaml", "b-crd.yaml"]);
    assert_eq!(verdicts(run)[0], "rejected");
}

#[test]
fn a_constraint_template_defines_its_constraints() {
    let template = |version: &str| {
        format!(
            "apiVersion: templates.gatekeeper.sh/{version}
kind: ConstraintTemplate
metadata: {{name: k8srequirelabels}}
spec:
  crd:
    spec:
      names: {{kind: K8sRequireLabels}}
      validation:
        legacySchema: false
        openAPIV3Schema: {{type: object, properties: {{labels: {{type: array, items: {{type: string}}}}}}}}
  targets:
  - target: admission.k8s.gatekeeper.sh
    rego: |
      package k8srequirelabels
      violation[{{\"msg\": \"no\"}}] {{ false }}
"
        )
    };
    let constraint = "apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K8sRequireLabels
metadata: {name: owners}
spec:
  parameters: {labels: owner}
";
    for version in ["v1", "v1beta1"] {
        let place = Place::with(&[
            ("constraint.yaml", constraint),
            ("template.yaml", &template(version)),
        ]);
        let documents = place.check(&["--format", "json", "."]).documents();
        assert_eq!(documents[0]["verdict"], "rejected", "{version}");
        assert_eq!(
            documents[0]["findings"][0]["path"],
            "spec.parameters.labels"
        );
        assert_eq!(documents[1]["verdict"], "accepted", "{}", documents[1]);
        let alone = place
            .check(&["--format", "json", "constraint.yaml"])
            .documents();
        assert_eq!(alone[0]["verdict"], "unknown");
        let given = place.check(&[
            "--format",
            "json",
            "--crds",
            "template.yaml",
            "constraint.yaml",
        ]);
        assert_eq!(given.documents()[0]["verdict"], "rejected");
    }
}

#[test]
fn a_helm_template_is_named_instead_of_its_yaml_errors() {
    let template = "{{- if .Values.on }}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n{{- end }}\n";
    let place = Place::with(&[
        (
            "chart/Chart.yaml",
            "apiVersion: v2\nname: app\nversion: 1.0.0\n",
        ),
        ("chart/values.yaml", "on: true\n"),
        ("chart/templates/map.yaml", template),
        // One that is YAML, and would be taken for an object.
        (
            "chart/templates/sub/quoted.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"{{ .Release.Name }}\"}\n",
        ),
        ("chart/templates/plain.yaml", &bad_config_map("a")),
        ("loose.yaml", template),
        (
            "alert.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {rule: \"{{ $labels.pod }} is down\"}\n",
        ),
    ]);
    let run = place.check(&["--short", "."]);
    let said: Vec<&str> = run.out.lines().collect();
    let note = "1: note: this is a Helm template: render it with `helm template` and check that";
    assert_eq!(said[0], format!("./chart/templates/map.yaml:{note}"));
    assert!(
        said[1].starts_with("./chart/templates/plain.yaml:5: error: "),
        "{}",
        said[1]
    );
    assert_eq!(said[2], format!("./chart/templates/sub/quoted.yaml:{note}"));
    assert_eq!(said[3], format!("./loose.yaml:{note}"));
    assert_eq!(
        said[4],
        "2 documents: 1 accepted, 1 rejected, 0 unknown; 1 finding; 5 more are no objects"
    );
    assert_eq!(run.code, Some(1));
    // Nothing is left to judge.
    let alone = place.check(&["loose.yaml"]);
    assert_eq!(alone.code, Some(2));
    assert!(alone.err.contains("--allow-empty"), "{}", alone.err);
    // A fault elsewhere is not blamed on quoted braces.
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {rule: \"{{ $labels.pod }}\"}\nx: [\n";
    let documents = place.judge(text, &[]);
    assert_eq!(documents[0]["verdict"], "rejected");
}

#[test]
fn what_a_kustomization_uses_is_not_judged_as_objects() {
    let patch =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3}\n";
    let place = Place::with(&[
        (
            "app/overlays/prod/kustomization.yaml",
            "resources: [../../base]\npatches:\n- path: patches/web.yaml\n- patch: |-\n    - op: remove\n",
        ),
        ("app/overlays/prod/patches/web.yaml", patch),
        (
            "app/base/kustomization.yaml",
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [map.yaml]\n",
        ),
        ("app/base/map.yaml", &config_map("a")),
        ("other.yaml", patch),
    ]);
    let run = place.check(&["--short", "."]);
    let said: Vec<&str> = run.out.lines().collect();
    assert!(
        said[0].contains("./app/base/kustomization.yaml:1: note: ")
            && said[0].contains("kubectl kustomize ./app/base | stackctl check -"),
        "{}",
        said[0]
    );
    assert!(
        said[1].contains("overlays/prod/kustomization.yaml:1: note: "),
        "{}",
        said[1]
    );
    assert!(
        said[2].contains("patches/web.yaml:1: note: Deployment web: part of a kustomization")
            && said[2].contains("kubectl kustomize ./app/overlays/prod |"),
        "{}",
        said[2]
    );
    assert!(said[3].starts_with("./other.yaml:"), "{}", said[3]);
    // Named alone, as a hook before a commit does, it is still a patch.
    let alone = place.check(&["--allow-empty", "app/overlays/prod/patches/web.yaml"]);
    assert_eq!(alone.code, Some(0), "{}", alone.out);
}

#[test]
fn what_is_excluded_is_not_read() {
    let place = Place::with(&[
        ("good.yaml", &config_map("a")),
        ("bad.yaml", &bad_config_map("a")),
        ("charts/x/bad.yaml", &bad_config_map("a")),
    ]);
    std::os::unix::fs::symlink("nowhere", place.path("charts/link.yaml")).unwrap();
    for (exclude, code) in [
        (&["bad.yaml", "charts"][..], 0),
        (&["bad.yaml", "charts/**"], 0),
        (&["**/bad.yaml", "link.yaml"], 0),
        (&["charts"], 1),
        (&["bad.yaml"], 2),
    ] {
        let options = exclude.iter().flat_map(|glob| ["--exclude", glob]);
        let arguments: Vec<&str> = options.chain(["."]).collect();
        let run = place.check(&arguments);
        assert_eq!(run.code, Some(code), "{exclude:?}: {}{}", run.out, run.err);
    }
    assert_eq!(
        place.check(&["--exclude", "bad.yaml", "bad.yaml"]).code,
        Some(2)
    );
    let wrong = place.check(&["--exclude", "a[", "."]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("--exclude"), "{}", wrong.err);
}

#[test]
fn the_channel_decides_what_gateway_api_has() {
    let place = Place::with(&[(
        "route.yaml",
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: a}\nspec:\n  rules:\n  - retry: {attempts: 3}\n",
    )]);
    assert_eq!(place.check(&["route.yaml"]).code, Some(0));
    assert_eq!(
        place
            .check(&["--channel", "experimental", "route.yaml"])
            .code,
        Some(0)
    );
    let standard = place.check(&["--channel", "standard", "route.yaml"]);
    assert_eq!(standard.code, Some(1));
    assert!(
        standard.out.contains("spec.rules[0].retry: unknown field"),
        "{}",
        standard.out
    );
}
