//! `Cargo.toml`, the licence and the tests.

use std::collections::BTreeMap;

use super::Printer;
use crate::package::Manifest;

impl Printer<'_> {
    pub(super) fn manifest_files(&self, files: &mut BTreeMap<String, String>) {
        let uses = |what: &str| {
            let mut rust = files.iter().filter(|(path, _)| path.ends_with(".rs"));
            rust.any(|(_, text)| text.contains(&format!("use {what}::")))
        };
        let (k8s, json) = (uses("k8s_openapi"), uses("serde_json"));
        files.insert("Cargo.toml".to_owned(), self.manifest(k8s, json));
        files.insert("README.md".to_owned(), self.readme());
        // The workspace that crates of ours are in asks this of all its families at once.
        if self.options.manifest == Manifest::Alone {
            files.insert("tests/kinds.rs".to_owned(), self.test());
        }
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
            out.push_str("\n[lib]\n# No test stands in its files.\ntest = false\n");
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
        // The tests and the examples in the README have need of it.
        if !json {
            out.push_str("\n[dev-dependencies]\n");
            out.push_str(&needed("serde_json", "\"1\""));
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
        out
    }
}
