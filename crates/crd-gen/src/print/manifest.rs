//! `Cargo.toml`, the licence and the tests.

use std::collections::BTreeMap;

use super::Printer;
use crate::options::Manifest;

impl Printer<'_> {
    pub(super) fn manifest_files(&self, files: &mut BTreeMap<String, String>) {
        let uses = |what: &str| {
            let mut rust = files.iter().filter(|(path, _)| path.ends_with(".rs"));
            rust.any(|(_, text)| text.contains(&format!("use {what}::")))
        };
        let (k8s, json) = (uses("k8s_openapi"), uses("serde_json"));
        files.insert("Cargo.toml".to_owned(), self.manifest(k8s, json));
        files.insert("README.md".to_owned(), self.readme());
        files.insert("tests/kinds.rs".to_owned(), self.test());
        if let Some(licence) = &self.options.licence {
            files.insert("LICENSE".to_owned(), licence.clone());
        }
    }

    fn manifest(&self, k8s: bool, json: bool) -> String {
        let name = &self.options.name;
        let project = self.options.project();
        let family = self.options.family();
        let workspace = self.options.manifest == Manifest::Workspace;
        let mut out = format!(
            "[package]\nname = {name:?}\ndescription = {:?}\n",
            format!("Typed bindings of the custom resources of {project}")
        );
        out.push_str(match workspace {
            true => "version.workspace = true\nedition.workspace = true\nrust-version.workspace = true\nlicense.workspace = true\ncategories.workspace = true\n",
            false => "version = \"0.1.0\"\nedition = \"2024\"\nrust-version = \"1.89\"\n",
        });
        let keyword: String = family.chars().take(20).collect();
        out.push_str(&format!("keywords = [\"kubernetes\", {keyword:?}, \"crd\", \"bindings\"]\nreadme = \"README.md\"\n"));
        if workspace {
            out.push_str(&format!("documentation = \"https://docs.rs/{name}\"\n"));
        }
        out.push_str("\n[package.metadata.docs.rs]\n# k8s-openapi does not build without a Kubernetes version.\nfeatures = [\"k8s-openapi/v1_35\"]\n");
        if workspace {
            out.push_str("\n[lints]\nworkspace = true\n");
        }
        out.push_str("\n[features]\ndefault = [\"schema\"]\n");
        out.push_str("## JSON schemas and generated CRDs. Costs compile time; leave it out where only the types matter.\n");
        out.push_str("schema = [\"crd-core/schema\"]\n\n[dependencies]\n");
        let needed = |name: &str, plain: &str| match workspace {
            true => format!("{name}.workspace = true\n"),
            false => format!("{name} = {plain}\n"),
        };
        out.push_str(&needed(
            "crd-core",
            "{ version = \"0.1\", default-features = false }",
        ));
        // Named even where no file uses it: docs.rs chooses its version by this name.
        let _ = k8s;
        out.push_str(&needed(
            "k8s-openapi",
            "{ version = \"0.29\", default-features = false, features = [\"std\"] }",
        ));
        if json {
            out.push_str(&needed("serde_json", "\"1\""));
        }
        out.push_str("\n[dev-dependencies]\n");
        if !json {
            out.push_str(&needed("serde_json", "\"1\""));
        }
        if workspace {
            out.push_str("fidelity.workspace = true\n");
        } else if json {
            out.truncate(out.len() - "\n[dev-dependencies]\n".len());
        }
        out
    }

    fn test(&self) -> String {
        let library = self.options.name.replace('-', "_");
        let mut out = String::from(self.head());
        out.push_str(
            "//! What every kind must do.\n#![allow(clippy::panic, clippy::unwrap_used)]\n\n",
        );
        out.push_str(&format!(
            "#[test]\nfn every_version_reads_and_writes_its_own_documents() {{\n    let family = {library}::family();\n    \
             assert_eq!(family.kinds().count(), {});\n    for version in family.versions() {{\n        let info = version.info();\n        \
             let document = serde_json::json!({{\n            \"apiVersion\": format!(\"{{}}/{{}}x\", info.group, info.version),\n            \
             \"kind\": info.kind,\n            \"metadata\": {{\"name\": \"a\"}},\n        }});\n        \
             let error = version.strict(&document).err().unwrap().to_string();\n        \
             assert!(error.contains(\"apiVersion\"), \"{{error}}\");\n    }}\n}}\n",
            self.definitions.len()
        ));
        out.push_str(&format!(
            "\n#[test]\n#[cfg(feature = \"schema\")]\nfn every_kind_has_a_definition_with_schemas() {{\n    for crd in {library}::crds() {{\n        \
             let stored = crd.spec.versions.iter().filter(|version| version.storage);\n        \
             assert_eq!(stored.count(), 1, \"{{}}\", crd.spec.names.kind);\n        for version in &crd.spec.versions {{\n            \
             let schema = version.schema.as_ref().unwrap();\n            \
             let schema = &schema.open_api_v3_schema;\n            assert!(schema.is_some(), \"{{}}\", crd.spec.names.kind);\n        }}\n    }}\n}}\n"
        ));
        if self.options.manifest == Manifest::Workspace {
            out.push_str(&RANDOM.replace("LIBRARY", &library));
        }
        out
    }
}

/// Of whatever the schemas allow, nothing is lost.
const RANDOM: &str = r#"
#[test]
#[cfg(feature = "schema")]
fn random_objects_of_each_kind_come_back_as_they_were() {
    use fidelity::losses;
    use fidelity::random::{Random, object};

    // `RANDOM_OBJECTS=1000` takes minutes.
    let objects = std::env::var("RANDOM_OBJECTS").ok();
    let objects: u64 = objects.map_or(30, |number| number.parse().unwrap());
    let family = LIBRARY::family();
    for definition in LIBRARY::definitions() {
        let crd = definition.to_json().unwrap();
        let versions = crd["spec"]["versions"].as_array().unwrap();
        for version in versions {
            let name = version["name"].as_str().unwrap();
            let api_version = format!("{}/{name}", definition.group());
            let known = family.version(&api_version, definition.kind()).unwrap();
            for seed in 0..objects / versions.len() as u64 {
                let document = object(&crd, version, &mut Random(seed));
                let read = known.strict(&document);
                let read = read.unwrap_or_else(|error| panic!("{error}\n{document}"));
                let mut lost = losses(&document, &read.to_value().unwrap());
                lost.retain(|loss| !is_normal(loss));
                assert!(lost.is_empty(), "{api_version} {lost:?}\n{document}");
            }
        }
    }
}

/// What a server does as well: names in references are empty by default, and amounts become texts.
#[cfg(feature = "schema")]
fn is_normal(loss: &str) -> bool {
    let (_, change) = loss.rsplit_once(": ").unwrap_or_default();
    let amount = change.split_once(" became ");
    loss.ends_with(".name: invented \"\"")
        || amount.is_some_and(|(before, after)| after == format!("\"{before}\""))
}
"#;
