//! The page on systems names each of them, says nothing that is not so, and is the one in `docs`.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

use crd_validate::{Registry, UnknownFields, Verdict};
use fidelity::data_folder;
use lab_builder::{Environment, Lab};
use reference_stacks::documents;
use reference_stacks::stacks::Size;
use reference_stacks::systems::{Claim, all, page};
use serde_json::json;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn each_named_system_has_a_row() {
    let names: Vec<&str> = all().unwrap().iter().map(|system| system.name).collect();
    assert_eq!(
        names.iter().collect::<BTreeSet<_>>().len(),
        names.len(),
        "each once"
    );
    let Some(folder) = data_folder("SPEC_DIR") else {
        return;
    };
    let text = std::fs::read_to_string(folder.join("systems.tsv")).unwrap();
    let named: Vec<&str> = text
        .lines()
        .skip(1)
        .map(|line| line.split('\t').next().unwrap())
        .collect();
    assert_eq!(names, named);
}

/// The components of the catalogue that no reference stack has, as the table has it.
fn further() -> [&'static str; 12] {
    use stack_catalog::ids;
    [
        ids::ARGO_ROLLOUTS,
        ids::EXTERNAL_SECRETS,
        ids::FLANNEL,
        ids::JAEGER,
        ids::KEDA,
        ids::LINKERD,
        ids::LINKERD_MULTICLUSTER,
        ids::LINKERD_VIZ,
        ids::LITMUS,
        ids::LITMUS_AGENT,
        ids::LITMUS_PORTAL,
        ids::OTEL_OPERATOR,
    ]
}

#[test]
fn each_claim_is_true() {
    let lab = Lab::new(Environment::Dev).build().unwrap();
    let images: Vec<String> = lab
        .parts()
        .iter()
        .flat_map(|part| part.images().iter().map(|image| image.full_source()))
        .collect();
    let own = Size::ALL.into_iter().flat_map(|size| size.choices());
    let own = own.filter_map(|choice| choice.component.map(str::to_owned));
    let components: BTreeSet<String> = lab
        .parts()
        .iter()
        .map(|part| part.id().to_owned())
        .chain(own)
        .chain(further().map(str::to_owned))
        .collect();
    let documents: BTreeSet<&str> = documents::all()
        .unwrap()
        .iter()
        .map(|document| document.file)
        .collect();
    let families = crd_families::Registry::new();
    let built_in = Registry::new();
    let mut wrong = Vec::new();
    for system in all().unwrap() {
        assert!(
            !system.claims.is_empty(),
            "{}: nothing is said",
            system.name
        );
        for claim in &system.claims {
            let holds = match claim {
                Claim::Component(id) => components.contains(*id),
                Claim::Kind(version, kind) => {
                    let object =
                        json!({"apiVersion": version, "kind": kind, "metadata": {"name": "a"}});
                    let judgement = built_in.judge(&object, UnknownFields::Refuse);
                    families.version(version, kind).is_some()
                        || judgement.verdict != Verdict::Unknown
                }
                Claim::Check(code) => stack_check::find(code).is_some(),
                Claim::Document(file) => documents.contains(file),
                Claim::File(path, what) => root().join(path).exists() && !what.is_empty(),
                Claim::Image(name) => images.iter().any(|image| image.starts_with(name)),
                Claim::Outside(reason) => !reason.is_empty(),
            };
            if !holds {
                wrong.push(format!("{}: {claim:?}", system.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{images:#?}", wrong.join("\n"));
}

#[test]
fn the_page_is_the_one_in_docs() {
    let path = root().join("docs/systems.md");
    if std::env::var_os("SYSTEMS_UPDATE").is_some() {
        std::fs::write(&path, page().unwrap()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        written,
        page().unwrap(),
        "write it again: SYSTEMS_UPDATE=1 cargo test -p reference-stacks systems::"
    );
}
