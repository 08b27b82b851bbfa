//! Objects as one writes them who knows Cilium's YAML and has not read this crate: struct literals with `..Default::default()`,
//! texts and numbers `.into()`. What has to be looked up is a fault of the types.

use cilium_types::v2::*;
use serde_json::json;

#[test]
fn a_policy_with_http_and_names() {
    let policy = CiliumNetworkPolicy::new(
        "backend",
        Rule {
            ingress: Some(vec![IngressRule {
                from_endpoints: Some(vec![EndpointSelector {
                    match_labels: Some([("app".into(), "frontend".into())].into()),
                    ..Default::default()
                }]),
                to_ports: Some(vec![PortRule {
                    ports: Some(vec![PortProtocol {
                        port: Some("8080".into()),
                        protocol: Some(L4Proto::Tcp),
                        ..Default::default()
                    }]),
                    rules: Some(L7Rules::Http(vec![PortRuleHttp {
                        method: Some("GET".into()),
                        path: Some("/v1/.*".into()),
                        ..Default::default()
                    }])),
                    ..Default::default()
                }]),
                ..Default::default()
            }]),
            egress: Some(vec![EgressRule {
                to_fqdns: Some(vec![FqdnSelector::MatchPattern("*.example.com".into())]),
                ..Default::default()
            }]),
            ..Rule::endpoints(EndpointSelector::labels([("app", "backend")]))
        },
    )
    .in_namespace("shop");
    assert_eq!(
        json!(policy)["spec"],
        json!({
            "endpointSelector": {"matchLabels": {"app": "backend"}},
            "ingress": [{
                "fromEndpoints": [{"matchLabels": {"app": "frontend"}}],
                "toPorts": [{"ports": [{"port": "8080", "protocol": "TCP"}], "rules": {"http": [{"method": "GET", "path": "/v1/.*"}]}}],
            }],
            "egress": [{"toFQDNs": [{"matchPattern": "*.example.com"}]}],
        })
    );
}

#[test]
fn a_clusterwide_policy_for_the_world() {
    let policy = CiliumClusterwideNetworkPolicy::new(
        "no-metadata-service",
        Rule {
            egress_deny: Some(vec![EgressDenyRule {
                to_cidr_set: Some(vec![CidrRule::cidr("169.254.169.254/32".parse().unwrap())]),
                ..Default::default()
            }]),
            description: Some("pods do not ask the cloud who they are".into()),
            ..Rule::endpoints(Default::default())
        },
    );
    assert_eq!(
        json!(policy)["spec"],
        json!({
            "description": "pods do not ask the cloud who they are", "endpointSelector": {},
            "egressDeny": [{"toCIDRSet": [{"cidr": "169.254.169.254/32"}]}],
        })
    );
}

#[test]
fn a_pool_of_addresses() {
    let pool = CiliumLoadBalancerIpPool::new(
        "blue",
        CiliumLoadBalancerIpPoolSpec {
            blocks: vec![CiliumLoadBalancerIpPoolIpBlock {
                start: Some("10.0.0.10".into()),
                stop: Some("10.0.0.20".into()),
                ..Default::default()
            }],
            ..Default::default()
        },
    );
    assert_eq!(
        json!(pool)["spec"],
        json!({"blocks": [{"start": "10.0.0.10", "stop": "10.0.0.20"}]})
    );
}

#[test]
fn an_empty_selector_is_not_lost() {
    let everything = json!({"matchLabels": {}});
    for (kind, spec) in [
        (
            "CiliumNetworkPolicy",
            json!({"endpointSelector": everything, "ingress": [{"fromEndpoints": [everything]}]}),
        ),
        (
            "CiliumClusterwideNetworkPolicy",
            json!({"nodeSelector": everything, "egress": [{"toNodes": [everything]}]}),
        ),
        (
            "CiliumLoadBalancerIPPool",
            json!({"serviceSelector": everything}),
        ),
        (
            "CiliumBGPClusterConfig",
            json!({"nodeSelector": everything, "bgpInstances": [{"name": "a"}]}),
        ),
    ] {
        let document = json!({"apiVersion": "cilium.io/v2", "kind": kind, "metadata": {"name": "a"}, "spec": spec});
        let family = cilium_types::family();
        let read = family
            .version("cilium.io/v2", kind)
            .unwrap()
            .strict(&document)
            .unwrap();
        assert_eq!(read.to_value().unwrap(), document);
    }
}
