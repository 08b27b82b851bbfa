use lab_builder::components::ArgoCd;
use lab_builder::{Component, ComponentError, Context, Contribution, Lab, Provided};
use serde_json::{Value, json};

use super::{assert_found, dev, kong, with};

#[test]
fn what_a_person_must_fill_in_is_found() {
    let secret = |value: &str| {
        with(json!([{
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "mine", "namespace": "demo"},
            "stringData": {"token": value},
        }]))
    };
    let documented = "warning: Application argocd/demo-app-helm: spec.source.repoURL";
    assert_found(
        "placeholders",
        vec![
            ("as documented", dev(), &[documented]),
            (
                "a repository",
                dev().configure(|argocd: &mut ArgoCd| {
                    argocd.demo_repository = "https://git.example.com/lab.git".into();
                }),
                &[],
            ),
            (
                "a Secret",
                secret("<your-token>"),
                &[
                    documented,
                    "error: Secret demo/mine: stringData.token: `<your-token>`",
                ],
            ),
            ("a pattern", secret("(?<name>.*)"), &[documented]),
            (
                "values",
                kong(json!({"gateway": {"env": {"license_data": "<your-license>"}}})),
                &[documented, "error: release kong: gateway.env.license_data"],
            ),
            (
                "a page in a ConfigMap",
                with(json!([{
                    "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mine", "namespace": "demo"},
                    "data": {"index.html": "<html><body>x</body></html>", "usage": "cmd <file>"},
                }])),
                &[documented],
            ),
        ],
    );
}

fn plugin() -> Value {
    json!([{
        "apiVersion": "configuration.konghq.com/v1", "kind": "KongPlugin",
        "metadata": {"name": "mine", "namespace": "demo"}, "plugin": "cors",
    }])
}

/// A component that says what is there.
#[derive(Clone, Debug)]
struct Brings(&'static str, &'static str);

impl Component for Brings {
    fn id(&self) -> &str {
        self.0
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        out.provides(Provided::ApiGroup(self.1.to_owned()));
        Ok(())
    }
    fn step(&self) -> Option<u8> {
        Some(if self.0 == "late" { 9 } else { 1 })
    }
    fn after(&self) -> Vec<&str> {
        if self.0 == "late" {
            vec!["objects", "platform"]
        } else {
            Vec::new()
        }
    }
}

#[test]
fn objects_whose_kinds_nobody_brings_are_found() {
    let without_kong = |lab: Lab| lab.without("kong");
    let group = "configuration.konghq.com";
    assert_found(
        "api-groups",
        vec![
            ("as documented", dev(), &[]),
            ("without Istio", dev().skip_istio(), &[]),
            ("a plugin with Kong", with(plugin()), &[]),
            (
                "a plugin without Kong",
                without_kong(with(plugin())),
                &[
                    "error: KongPlugin demo/mine: apiVersion: no component brings the kinds of configuration.konghq.com",
                ],
            ),
            (
                "somebody else brings it",
                without_kong(with(plugin())).with(Brings("mine", group)),
                &[],
            ),
            (
                "somebody brings it too late",
                without_kong(with(plugin())).with(Brings("late", group)),
                &["come with component late, which is installed later"],
            ),
            (
                "a cluster of one's own may have it",
                without_kong(with(plugin()))
                    .without("kind")
                    .detach("cilium", "kind")
                    .rewire(|wiring| wiring.cluster.api_server = Some("10.0.0.1".into())),
                &["warning: KongPlugin demo/mine"],
            ),
            (
                "a definition in the stack",
                with(json!([
                    {
                        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                        "metadata": {"name": "lamps.example.com"},
                        "spec": {
                            "group": "example.com", "scope": "Namespaced",
                            "names": {"kind": "Lamp", "plural": "lamps", "singular": "lamp", "listKind": "LampList"},
                            "versions": [{"name": "v1", "served": true, "storage": true,
                                "schema": {"openAPIV3Schema": {"type": "object"}}}],
                        },
                    },
                    {"apiVersion": "example.com/v1", "kind": "Lamp", "metadata": {"name": "desk", "namespace": "demo"}},
                ])),
                &[],
            ),
            (
                "kinds of every server",
                with(json!([
                    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "a", "namespace": "demo"}, "rules": []},
                    {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "a"}, "value": 1},
                    {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "a", "namespace": "demo"},
                        "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "frontend"}}}},
                ])),
                &[],
            ),
        ],
    );
}
