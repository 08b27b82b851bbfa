//! Which objects criteria select.

use gatekeeper_types::matching::Match;
use gatekeeper_types::selection::{Candidate, MatchError};
use serde_json::{Value, json};

fn criteria(value: Value) -> Match {
    serde_json::from_value(value).unwrap()
}

#[test]
fn criteria_select_as_gatekeeper_does() {
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-1", "namespace": "demo", "labels": {"a": "b"}}});
    let nameless = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "web-", "namespace": "demo"}});
    let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "demo"}});
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo", "labels": {"env": "dev"}}});
    let node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}});
    for (object, wanted, selected) in [
        (&pod, json!({}), true),
        (
            &pod,
            json!({"kinds": [{"apiGroups": ["apps"], "kinds": ["*"]}, {"apiGroups": [""], "kinds": ["Pod"]}]}),
            true,
        ),
        (
            &deployment,
            json!({"kinds": [{"apiGroups": [""], "kinds": ["Deployment"]}]}),
            false,
        ),
        (&pod, json!({"scope": "Cluster"}), false),
        (&pod, json!({"scope": "Namespaced"}), true),
        (&pod, json!({"scope": "cluster"}), true),
        (&namespace, json!({"scope": "Cluster"}), true),
        (&namespace, json!({"scope": "Namespaced"}), false),
        (&node, json!({"scope": "Namespaced"}), false),
        (&pod, json!({"namespaces": ["de*"]}), true),
        (&pod, json!({"namespaces": ["prod"]}), false),
        (&pod, json!({"excludedNamespaces": ["*mo"]}), false),
        (
            &pod,
            json!({"namespaces": ["demo"], "excludedNamespaces": ["demo"]}),
            false,
        ),
        (&namespace, json!({"namespaces": ["demo"]}), true),
        (&namespace, json!({"excludedNamespaces": ["demo"]}), false),
        (&node, json!({"namespaces": ["demo"]}), true),
        (
            &pod,
            json!({"labelSelector": {"matchLabels": {"a": "b"}}}),
            true,
        ),
        (
            &pod,
            json!({"labelSelector": {"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["b"]}]}}),
            false,
        ),
        (
            &pod,
            json!({"labelSelector": {"matchExpressions": [{"key": "z", "operator": "NotIn", "values": ["b"]}]}}),
            true,
        ),
        (
            &pod,
            json!({"labelSelector": {"matchExpressions": [{"key": "z", "operator": "DoesNotExist"}]}}),
            true,
        ),
        (
            &namespace,
            json!({"namespaceSelector": {"matchLabels": {"env": "dev"}}}),
            true,
        ),
        (
            &node,
            json!({"namespaceSelector": {"matchLabels": {"env": "dev"}}}),
            true,
        ),
        (&pod, json!({"name": "web-*"}), true),
        (&pod, json!({"name": "web"}), false),
        (&pod, json!({"name": ""}), true),
        (&nameless, json!({"name": "web-*"}), true),
        (&nameless, json!({"name": "*-"}), false),
        (&pod, json!({"source": "Original"}), true),
        (&pod, json!({"source": "Generated"}), false),
        (&pod, json!({"source": "All"}), true),
    ] {
        assert_eq!(
            criteria(wanted.clone()).selects(&Candidate::new(object)),
            Ok(selected),
            "{wanted} on {object}"
        );
    }
}

#[test]
fn the_namespace_decides_its_selector() {
    let pod =
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "demo"}});
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo", "labels": {"env": "dev"}}});
    let wanted = criteria(
        json!({"namespaceSelector": {"matchExpressions": [{"key": "env", "operator": "In", "values": ["dev"]}]}}),
    );
    let unknown = Candidate::new(&pod);
    assert_eq!(
        wanted.selects(&unknown),
        Err(MatchError::NamespaceUnknown {
            namespace: "demo".into()
        })
    );
    let known = Candidate {
        namespace: Some(&namespace),
        ..unknown
    };
    assert_eq!(wanted.selects(&known), Ok(true));
}

#[test]
fn invalid_selectors_are_errors() {
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}});
    for requirement in [
        json!({"key": "a", "operator": "in", "values": ["b"]}),
        json!({"key": "a", "operator": "In"}),
        json!({"key": "a", "operator": "Exists", "values": ["b"]}),
    ] {
        let wanted = criteria(json!({"labelSelector": {"matchExpressions": [requirement]}}));
        assert!(wanted.selects(&Candidate::new(&pod)).is_err());
    }
}
