//! What lies beside manifests and is not meant for a server.

mod kustomize;

use std::path::Path;

use crd_validate::reader;
use memchr::memmem;
use serde_json::Value;

use kustomize::is_kustomization;
pub(crate) use kustomize::{Patches, patches};

/// API groups of files that a tool reads from disk; no server has them.
const TOOLS: [&str; 13] = [
    "apiserver.config.k8s.io",
    "apiserver.k8s.io",
    "audit.k8s.io",
    "client.authentication.k8s.io",
    "config.kubernetes.io",
    "credentialprovider.kubelet.k8s.io",
    "k3d.io",
    "kind.x-k8s.io",
    "kubeadm.k8s.io",
    "kubelet.config.k8s.io",
    "kubeproxy.config.k8s.io",
    "kubescheduler.config.k8s.io",
    "kustomize.config.k8s.io",
];

/// What is to be said of a Helm template.
pub(crate) const HELM: &str =
    "this is a Helm template: render it with `helm template` and check that";

/// Whether a file of a rendered tree says in its first line that it is applied by hand in an exercise: then it is not part of
/// the stack that is there otherwise.
pub(crate) fn is_of_an_exercise(bytes: &[u8]) -> bool {
    bytes.starts_with(b"# Applied by hand in exercise ")
}

/// Whether a file holds a template of a Helm chart.
pub(crate) fn is_helm_file(bytes: &[u8], path: Option<&Path>) -> bool {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    // Reading it is what costs, and is left for last.
    let broken = || reader::documents(bytes).any(|document| document.content.is_err());
    has_actions(text, path).is_some_and(|enough| enough || broken())
}

/// Whether a text has what templates of charts have: `Some(true)` where that is enough, `Some(false)` where it must be no YAML too.
fn has_actions(text: &str, path: Option<&Path>) -> Option<bool> {
    // Without actions it is none, whether it can be read or not.
    memmem::find(text.as_bytes(), b"{{")?;
    if path.is_some_and(is_in_chart) {
        return Some(true);
    }
    text.lines().any(has_bare_action).then_some(false)
}

/// Whether a text is a template of a Helm chart: one that is no YAML because of its actions (`broken`), or one in a chart's
/// folder.
pub(crate) fn is_helm_template(text: &str, path: Option<&Path>, broken: bool) -> bool {
    has_actions(text, path).is_some_and(|enough| enough || broken)
}

/// Whether an action stands where YAML has a line, an item, a key or a value, and is not quoted.
fn has_bare_action(line: &str) -> bool {
    let start = line.trim_start().trim_start_matches("- ").trim_start();
    let bare = |text: &str| text.starts_with("{{") && text.contains("}}");
    start.starts_with("{{")
        || line
            .match_indices(": ")
            .any(|(at, _)| bare(line[at + 2..].trim_start()))
}

/// Whether the path leads through the folder `templates` of a chart.
fn is_in_chart(path: &Path) -> bool {
    path.ancestors().skip(1).any(|folder| {
        folder.file_name().is_some_and(|name| name == "templates")
            && folder
                .parent()
                .is_some_and(|chart| chart.join("Chart.yaml").is_file())
    })
}

/// What is looked at of a document, whichever sort of value it is.
pub(crate) trait Look {
    fn text(&self, key: &str) -> Option<&str>;
    fn has(&self, key: &str) -> bool;
    fn is_object(&self) -> bool;
    /// What it holds: members with their keys, items without.
    fn parts(&self) -> Vec<(&str, &Self)>;
}

impl Look for Value {
    fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    fn is_object(&self) -> bool {
        self.is_object()
    }

    fn parts(&self) -> Vec<(&str, &Self)> {
        match self {
            Self::Object(members) => members
                .iter()
                .map(|(key, value)| (key.as_str(), value))
                .collect(),
            Self::Array(items) => items.iter().map(|item| ("", item)).collect(),
            _ => Vec::new(),
        }
    }
}

impl Look for stack_model::Value {
    fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    fn is_object(&self) -> bool {
        self.is_object()
    }

    fn parts(&self) -> Vec<(&str, &Self)> {
        match self {
            Self::Object(members) => members
                .iter()
                .map(|(key, value)| (key.as_str(), value))
                .collect(),
            Self::Array(items) => items.iter().map(|item| ("", item)).collect(),
            _ => Vec::new(),
        }
    }
}

/// The member by which a strategic merge patch says what becomes of a list's item or of an object: `delete`, `replace`.
const DIRECTIVE: &str = "$patch";

/// Whether a text may hold strategic merge patches that say so; its documents tell.
pub(crate) fn has_directives(bytes: &[u8]) -> bool {
    memmem::find(bytes, DIRECTIVE.as_bytes()).is_some()
}

/// The member in which a policy of Kyverno keeps the patch that it makes: directives there are its own content.
const PATCH_OF_A_POLICY: &str = "patchStrategicMerge";

/// Whether a document is a strategic merge patch by its own words: no server knows its directives.
pub(crate) fn is_patch(document: &impl Look) -> bool {
    let mut parts = document.parts().into_iter();
    parts.any(|(key, part)| key == DIRECTIVE || (key != PATCH_OF_A_POLICY && is_patch(part)))
}

/// What is to be said of a document that is not meant for a server; `Some("")` where there is nothing to say.
///
/// A document that is no object at all is taken for one that lacks apiVersion and kind where the user `named` its file, or
/// where it has metadata: then this is `None`. Whether it may be a patch by its own words, [`has_directives`] tells.
pub(crate) fn no_object(
    document: &impl Look,
    path: Option<&Path>,
    named: bool,
    patches: &Patches,
    directives: bool,
) -> Option<String> {
    let group = document
        .text("apiVersion")
        .and_then(|version| version.split_once('/'))
        .map(|(group, _)| group);
    let kustomize = |folder: &str, what: &str| {
        Some(format!(
            "{what}, no object: check what it makes: kubectl kustomize {folder} | stackctl check -"
        ))
    };
    if let Some(path) = path {
        if is_kustomization(path) && group.is_none_or(|group| group == "kustomize.config.k8s.io") {
            let parent = path.parent().map(|folder| folder.display().to_string());
            let folder = parent.filter(|folder| !folder.is_empty());
            return kustomize(folder.as_deref().unwrap_or("."), "a kustomization");
        }
        if let Some(folder) = patches.folder_of(path) {
            return kustomize(folder, "part of a kustomization");
        }
        let is_chart = path.file_name().is_some_and(|name| name == "Chart.yaml");
        if is_chart && !document.has("kind") && document.has("name") {
            return Some(String::new());
        }
    }
    if group.is_some_and(|group| TOOLS.contains(&group)) {
        return Some(String::new());
    }
    if directives && is_patch(document) {
        let folder = path.and_then(Path::parent);
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        return kustomize(&folder.display().to_string(), "a strategic merge patch");
    }
    let is_nothing = document.is_object()
        && ["apiVersion", "kind", "metadata"]
            .iter()
            .all(|key| !document.has(key));
    (is_nothing && !named).then(String::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_template_is_known_by_actions_that_yaml_cannot_have() {
        for (text, expected) in [
            ("{{- if .Values.on }}\nkind: Pod\n{{- end }}\n", true),
            ("metadata:\n  name: {{ .Release.Name }}\n", true),
            ("labels:\n  {{- include \"x\" . | nindent 4 }}\n", true),
            ("args:\n- {{ .Values.arg }}\n", true),
            ("{{ .Values.key }}: x\n", true),
            ("summary: \"{{ $labels.pod }}\"\nx: [\n", false),
            ("template: '{{name}}'\nx: [\n", false),
            ("a: {b: {c: 1}}\nx: [\n", false),
        ] {
            assert_eq!(is_helm_template(text, None, true), expected, "{text}");
            assert!(!is_helm_template(text, None, false), "{text}");
        }
    }

    #[test]
    fn what_tools_read_is_no_object() {
        let patches = Patches::default();
        let of = |document: &Value, path: &str, named: bool| {
            no_object(document, Some(Path::new(path)), named, &patches, true)
        };
        let said = |text: &str| Some(text.to_owned());
        let kind = json!({"apiVersion": "kind.x-k8s.io/v1alpha4", "kind": "Cluster"});
        assert_eq!(of(&kind, "kind.yaml", true), said(""));
        let chart = json!({"apiVersion": "v2", "name": "app", "version": "1.0.0"});
        assert_eq!(of(&chart, "app/Chart.yaml", false), said(""));
        assert_eq!(of(&chart, "app/chart.yaml", false), None);
        let values = json!({"replicas": 3});
        assert_eq!(of(&values, "values.yaml", false), said(""));
        assert_eq!(of(&values, "values.yaml", true), None);
        assert_eq!(
            of(
                &json!({"metadata": {"name": "a"}, "spec": {}}),
                "a.yaml",
                false
            ),
            None
        );
        assert_eq!(of(&json!({"kind": "Pod"}), "a.yaml", false), None);
        let resources = json!({"resources": ["a.yaml"]});
        let note = of(&resources, "app/kustomization.yaml", true).unwrap();
        assert!(note.contains("kubectl kustomize app |"), "{note}");
        let note = of(&resources, "kustomization.yaml", true).unwrap();
        assert!(note.contains("kubectl kustomize . |"), "{note}");
        // What a directive says is for a tool, wherever it stands.
        for (patch, directives) in [
            (json!({"kind": "Pod", "$patch": "delete"}), true),
            (
                json!({"kind": "Pod", "spec": {"containers": [{"$patch": "delete"}]}}),
                true,
            ),
            (json!({"kind": "Pod", "spec": {"patch": "delete"}}), false),
        ] {
            assert!(has_directives(patch.to_string().as_bytes()) == directives);
            let note = of(&patch, "web.yaml", true);
            assert_eq!(
                note.is_some_and(|note| note.contains("kustomize . |")),
                directives
            );
            assert_eq!(is_patch(&stack_model::Value::from(patch)), directives);
        }
        // A policy that makes such a patch is an object like any other.
        let policy = json!({"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "spec": {"rules": [
            {"mutate": {"patchStrategicMerge": {"spec": {"containers": [{"$patch": "delete"}]}}}},
        ]}});
        assert_eq!(of(&policy, "policy.yaml", true), None);
        // Flux has a kind of that name, and a file of it may have any name.
        let flux = json!({"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization"});
        assert_eq!(of(&flux, "kustomization.yaml", false), None);
    }
}
