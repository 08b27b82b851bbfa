//! `stackctl generate`, from files to files.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use clap::ColorChoice;
use stackctl::generate::{Arguments, run};
use stackctl::{Console, Failure};

const CRD: &str = r#"
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: kites.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Kite, plural: kites}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              tail:
                type: object
                properties: {length: {type: integer}, colour: {type: string}}
              strings:
                type: array
                items:
                  type: object
                  properties: {length: {type: integer}, colour: {type: string}, knots: {type: integer}}
              pilot:
                type: object
                properties: {name: {type: string}, licence: {type: string}}
              owner:
                type: object
                properties: {name: {type: string}, since: {type: string}}
"#;

/// Two files, in two folders, as gofmt writes them.
const TYPES: &str = "package v1

// KiteSpec is what is wanted.
type KiteSpec struct {
\t// Tail hangs behind.
\tTail *Ribbon `json:\"tail,omitempty\"`
\tStrings []FlyingLine `json:\"strings,omitempty\"`
\tPilot Aviator `json:\"pilot\"`
}
";
const SHARED: &str = "package shared

type (
\tRibbon struct {
\t\tLength int64 `json:\"length,omitempty\"`
\t\tColour string `json:\"colour,omitempty\"`
\t}

\tFlyingLine struct {
\t\tRibbon `json:\",inline\"`
\t\tKnots int64 `json:\"knots\"`
\t}

\t// Two structs with the members of one object: the field that holds it decides.
\tAviator struct {
\t\tName string `json:\"name\"`
\t\tLicence string `json:\"licence\"`
\t}

\tDriver struct {
\t\tName string `json:\"name\"`
\t\tLicence string `json:\"licence\"`
\t}
)
";

fn generate(folder: &Path, go: bool) -> Result<String, Failure> {
    let arguments = Arguments {
        crds: vec![folder.join("crds")],
        out: folder.join("kite-types"),
        overrides: None,
        go: go.then(|| folder.join("api")),
        force: false,
    };
    run(&arguments, &mut Console::new(ColorChoice::Never))?;
    let made = fs::read_to_string(folder.join("kite-types/src/v1/kite.rs"))?;
    Ok(made)
}

#[test]
fn names_are_those_of_the_structs_in_a_folder_of_go() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("crds/kites.yaml", CRD);
    write("api/v1/types.go", TYPES);
    write("api/shared/shared.go", SHARED);
    write("api/README.md", "type Tail struct {\n");

    let plain = generate(folder.path(), false).unwrap();
    for name in ["KiteSpec", "Tail", "Pilot", "Owner"] {
        assert!(
            plain.contains(&format!("pub struct {name} {{")),
            "{name}: {plain}"
        );
    }
    let named = generate(folder.path(), true).unwrap();
    // What the sources do not have keeps the name of its place.
    for name in ["KiteSpec", "Ribbon", "FlyingLine", "Aviator", "Owner"] {
        assert!(
            named.contains(&format!("pub struct {name} {{")),
            "{name}: {named}"
        );
    }
    assert!(named.contains("pub tail: Option<Ribbon>,"), "{named}");
    assert!(!named.contains("Driver"), "{named}");
}

#[test]
fn what_is_wrong_is_told_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("crds")).unwrap();
    fs::create_dir_all(folder.path().join("none")).unwrap();
    fs::write(folder.path().join("crds/kites.yaml"), CRD).unwrap();
    let told = |crds: &str, out: &str, overrides: &str| {
        let path = folder.path().join("decided.toml");
        fs::write(&path, overrides).unwrap();
        let arguments = Arguments {
            crds: vec![folder.path().join(crds)],
            out: folder.path().join(out),
            overrides: Some(path),
            go: None,
            force: false,
        };
        let error = run(&arguments, &mut Console::new(ColorChoice::Never)).unwrap_err();
        error.to_string()
    };
    let place = "[rename]\n\"Kite spec.tails\" = \"Tail\"\n";
    let error = told("crds", "kite-types", place);
    assert!(
        error.contains("decided.toml: ") && error.contains("`tail`"),
        "{error}"
    );
    let error = told("none", "kite-types", "");
    assert!(
        error.contains("none: no CustomResourceDefinition"),
        "{error}"
    );
    let error = told("crds", "My Kites", "");
    assert!(
        error.contains("`My Kites` is no name for a crate"),
        "{error}"
    );
    assert!(!folder.path().join("My Kites").exists());
}

#[test]
fn a_folder_of_go_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("crds")).unwrap();
    fs::write(folder.path().join("crds/kites.yaml"), CRD).unwrap();
    let error = generate(folder.path(), true).unwrap_err().to_string();
    assert!(error.contains("api"), "{error}");
}
