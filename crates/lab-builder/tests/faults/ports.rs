use lab_builder::Lab;
use lab_builder::components::kind::{PortMapping, PortProtocol};
use lab_builder::components::{Kind, Kong};
use serde_json::{Value, json};

use super::{Objects, assert_found, dev, found, kong, with};

fn mapping(host: u16, node: u16, protocol: PortProtocol, address: Option<&str>) -> Lab {
    let address = address.map(str::to_owned);
    dev().configure(|kind: &mut Kind| {
        kind.extra_port_mappings.push(PortMapping {
            container_port: node,
            host_port: host,
            listen_address: address,
            protocol,
        });
    })
}

fn node_port(port: u16) -> Value {
    json!([{
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "mine", "namespace": "demo"},
        "spec": {"type": "NodePort", "ports": [{"port": 80, "nodePort": port}]},
    }])
}

#[test]
fn ports_that_do_not_lead_to_their_service_are_found() {
    assert_found(
        "published-ports",
        vec![
            ("as documented", dev(), &[]),
            (
                "swapped node ports",
                kong(json!({"gateway": {"proxy": {
                    "http": {"nodePort": 30443}, "tls": {"nodePort": 30080},
                }}})),
                &[
                    "port 80 of the machine leads to node port 30080, and gateway.proxy.http.nodePort answers on 30443",
                    "port 443 of the machine leads to node port 30443, and gateway.proxy.tls.nodePort answers on 30080",
                ],
            ),
            (
                "swapped in the wiring, which both sides follow",
                dev().rewire(|wiring| {
                    wiring.gateway.http.node = 30443;
                    wiring.gateway.https.node = 30080;
                }),
                &[],
            ),
            (
                "a Service inside of the cluster",
                kong(json!({"gateway": {"proxy": {"type": "ClusterIP"}}})),
                &[
                    "node port 30080: kind publishes it",
                    "node port 30443: kind publishes it",
                ],
            ),
            (
                "a Service inside of the cluster, as a typed value",
                dev().configure(|kong: &mut Kong| {
                    kong.values.gateway.manager.service_type = "ClusterIP".into();
                }),
                &["node port 30329: kind publishes it"],
            ),
            (
                "no plain HTTP",
                kong(json!({"gateway": {"proxy": {"http": {"enabled": false}}}})),
                &["node port 30080: kind publishes it"],
            ),
            (
                "a load balancer has node ports too",
                kong(json!({"gateway": {"proxy": {"type": "LoadBalancer"}}})),
                &[],
            ),
            (
                "a node port twice",
                with(node_port(30080)),
                &["used by release kong gateway.proxy.http.nodePort and Service mine"],
            ),
            (
                "no node port",
                with(node_port(8080)),
                &["between 30000 and 32767"],
            ),
            ("a node port of its own", with(node_port(30090)), &[]),
        ],
    );
}

#[test]
fn a_port_of_the_machine_is_given_away_once() {
    let mine = |lab: Lab| lab.with(Objects(node_port(30090).as_array().unwrap().clone()));
    let tcp = PortProtocol::Tcp;
    assert_found(
        "published-ports",
        vec![
            (
                "two of the gateway",
                dev().rewire(|wiring| wiring.gateway.https.host = 80),
                &["port 80 of the machine: wanted for node port 30080 and for node port 30443"],
            ),
            (
                "one more",
                mine(mapping(80, 30090, tcp, None)),
                &["port 80 of the machine: wanted for node port 30080 and for node port 30090"],
            ),
            (
                "one address of all",
                mine(mapping(80, 30090, tcp, Some("127.0.0.1"))),
                &["port 80 of the machine"],
            ),
            (
                "another protocol",
                mine(mapping(80, 30090, PortProtocol::Udp, None)),
                &[],
            ),
            ("another port", mine(mapping(8080, 30090, tcp, None)), &[]),
            (
                "the forwarded port",
                dev().rewire(|wiring| wiring.gateway.forwarded_admin_port = 30329),
                &[
                    "port 30329 of the machine: wanted for node port 30329 and for the forwarded Admin API",
                ],
            ),
            (
                "the API server",
                dev().configure(|kind: &mut Kind| kind.networking.api_server_port = Some(443)),
                &["port 443 of the machine: wanted for node port 30443 and for the API server"],
            ),
            (
                "the API server on a free port",
                dev().configure(|kind: &mut Kind| kind.networking.api_server_port = Some(0)),
                &[],
            ),
        ],
    );
    // Other addresses of one port do not meet.
    let two = |first: &'static str, second: &'static str| {
        mine(dev()).configure(move |kind: &mut Kind| {
            for address in [first, second] {
                kind.extra_port_mappings.push(PortMapping {
                    container_port: 30090,
                    host_port: 9000,
                    listen_address: Some(address.to_owned()),
                    protocol: PortProtocol::Tcp,
                });
            }
        })
    };
    assert_eq!(
        found("published-ports", two("127.0.0.1", "10.0.0.1")),
        [""; 0]
    );
    assert_eq!(
        found("published-ports", two("10.0.0.1", "10.0.0.1")).len(),
        1
    );
}
