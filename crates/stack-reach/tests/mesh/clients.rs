//! What the mesh tells its clients, and what stands between its parts.

use super::*;

#[test]
fn what_a_destination_rule_tells_a_client_decides_with_the_servers_mode() {
    let rule = |mode: &str| {
        istio(
            "DestinationRule",
            "demo",
            "other",
            json!({"host": "other", "trafficPolicy": {"tls": {"mode": mode}}}),
        )
    };
    let server = |mode: &str| {
        istio(
            "PeerAuthentication",
            "demo",
            "mode",
            json!({"mtls": {"mode": mode}}),
        )
    };
    for (client, accepts, allowed) in [
        ("ISTIO_MUTUAL", "STRICT", true),
        ("DISABLE", "STRICT", false),
        ("SIMPLE", "STRICT", false),
        ("DISABLE", "PERMISSIVE", true),
        ("ISTIO_MUTUAL", "PERMISSIVE", true),
        ("ISTIO_MUTUAL", "DISABLE", false),
        ("DISABLE", "DISABLE", true),
    ] {
        let cluster = [sidecars("demo"), rule(client), server(accepts)];
        let flow = json!({"src": "demo/client", "dst": {"service": "demo/other"}, "port": 80});
        let answer = ask(&cluster, flow);
        assert_eq!(
            answer.allowed,
            Some(allowed),
            "{client} {accepts}: {answer}"
        );
    }
}

#[test]
fn the_configuration_of_the_mesh_counts_where_the_input_has_it() {
    let config = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "istio", "namespace": "istio-system"},
        "data": {"mesh": "outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\ntrustDomain: prod.example\n"}});
    let answer = ask(
        &[sidecars("demo"), config.clone()],
        outside("www.example.com", 443),
    );
    assert_eq!(answer.at, Some(Layer::Sidecar), "{answer}");
    let policy = istio(
        "AuthorizationPolicy",
        "demo",
        "who",
        json!({"rules": [{"from": [{"source": {"principals": ["prod.example/ns/demo/sa/client"]}}]}]}),
    );
    let flow = json!({"src": "demo/client", "dst": "demo/other", "port": 8080});
    let answer = ask(&[sidecars("demo"), config, policy], flow);
    assert_eq!(answer.allowed, Some(true), "{answer}");
}

#[test]
fn a_sidecar_hands_on_what_its_listeners_take() {
    let listener = |extra: Value| {
        let mut listener = json!({"port": {"number": 8080, "name": "http", "protocol": "HTTP"}, "defaultEndpoint": "127.0.0.1:9090"});
        for (member, value) in extra.as_object().unwrap() {
            listener[member] = value.clone();
        }
        istio(
            "Sidecar",
            "demo",
            "web",
            json!({"workloadSelector": {"labels": {"app": "web"}}, "ingress": [listener]}),
        )
    };
    let tls = json!({"tls": {"mode": "SIMPLE", "credentialName": "web"}});
    let disabled = istio(
        "PeerAuthentication",
        "demo",
        "p",
        json!({"mtls": {"mode": "DISABLE"}}),
    );
    let strict = istio(
        "PeerAuthentication",
        "demo",
        "p",
        json!({"mtls": {"mode": "STRICT"}}),
    );
    let from = |client: &str, port: u16| json!({"src": client, "dst": "demo/web-v1", "port": port});
    for (objects, flow, expected) in [
        (
            vec![listener(json!({}))],
            from("demo/client", 8080),
            Some(true),
        ),
        // A port without a listener passes straight to the application.
        (
            vec![listener(json!({}))],
            from("demo/client", 7070),
            Some(true),
        ),
        (
            vec![listener(json!({})), strict],
            from("away/client", 8080),
            Some(false),
        ),
        // TLS of its own: whether the client speaks it nobody knows.
        (
            vec![listener(tls.clone()), disabled.clone()],
            from("away/client", 8080),
            None,
        ),
        (
            vec![listener(tls), disabled],
            from("away/client", 7070),
            Some(true),
        ),
    ] {
        let mut all = vec![sidecars("demo")];
        all.extend(objects);
        let answer = ask(&all, flow.clone());
        assert_eq!(answer.allowed, expected, "{flow} {answer}");
    }
    let answer = ask(
        &[sidecars("demo"), listener(json!({}))],
        from("demo/client", 8080),
    );
    let told = answer
        .steps
        .iter()
        .any(|step| step.reason.contains("127.0.0.1:9090"));
    assert!(told, "{answer}");
}

#[test]
fn what_goes_from_one_network_to_another_depends_on_the_gateway_between_them() {
    let labelled = |name: &str, network: &str| {
        namespace(
            name,
            json!({"istio.io/dataplane-mode": "ambient", "topology.istio.io/network": network}),
        )
    };
    let flow = json!({"src": "away/client", "dst": "demo/other", "port": 8080});
    for (own, other, expected) in [("east", "east", Some(true)), ("east", "west", None)] {
        let answer = ask(
            &[labelled("demo", own), labelled("away", other)],
            flow.clone(),
        );
        assert_eq!(answer.allowed, expected, "{answer}");
    }
    let outsider = [
        labelled("demo", "east"),
        namespace("away", json!({"topology.istio.io/network": "west"})),
    ];
    assert_eq!(
        ask(&outsider, flow).allowed,
        Some(true),
        "who is not in the mesh does not know the gateway"
    );
}

#[test]
fn addresses_that_proxies_tell_count_where_they_are_trusted() {
    let deny = |source: Value| {
        istio(
            "AuthorizationPolicy",
            "demo",
            "p",
            json!({"action": "DENY", "selector": {"matchLabels": {"app": "other"}},
        "rules": [{"from": [{"source": source}]}]}),
        )
    };
    let remote = || deny(json!({"remoteIpBlocks": ["172.17.72.46", "192.168.4.0/23"]}));
    let by_condition = istio(
        "AuthorizationPolicy",
        "demo",
        "p",
        json!({"action": "DENY", "selector": {"matchLabels": {"app": "other"}},
        "rules": [{"when": [{"key": "remote.ip", "values": ["192.168.4.0/23"]}]}]}),
    );
    let call = |header: Option<&str>| {
        let mut request = json!({"path": "/"});
        if let Some(header) = header {
            request["headers"] = json!({"X-Forwarded-For": header});
        }
        json!({"src": {"ip": "203.0.113.9"}, "dst": "demo/other", "port": 8080, "request": request})
    };
    let gateway = istio(
        "Gateway",
        "demo",
        "gw",
        json!({"selector": {"app": "other"}, "servers": []}),
    );
    let trusted = |number: usize| Settings {
        trusted_proxies: number,
        ..Settings::default()
    };
    for (objects, header, proxies, allowed) in [
        // A sidecar believes the proxy before it.
        (
            vec![sidecars("demo"), remote()],
            Some("192.168.5.1"),
            0,
            false,
        ),
        (
            vec![sidecars("demo"), remote()],
            Some("192.168.5.1, 10.0.0.1"),
            0,
            true,
        ),
        (vec![sidecars("demo"), remote()], None, 0, true),
        (
            vec![sidecars("demo"), by_condition],
            Some("192.168.5.1"),
            0,
            false,
        ),
        (
            vec![
                sidecars("demo"),
                deny(json!({"notRemoteIpBlocks": ["203.0.113.0/24"]})),
            ],
            None,
            0,
            true,
        ),
        (
            vec![
                sidecars("demo"),
                deny(json!({"ipBlocks": ["192.168.4.0/23"]})),
            ],
            Some("192.168.5.1"),
            0,
            true,
        ),
        // A gateway believes as many proxies as it is told to.
        (
            vec![gateway.clone(), remote()],
            Some("192.168.5.1"),
            0,
            true,
        ),
        (
            vec![gateway.clone(), remote()],
            Some("192.168.5.1"),
            1,
            false,
        ),
        (
            vec![gateway.clone(), remote()],
            Some("192.168.5.1, 10.0.0.1"),
            1,
            true,
        ),
        (
            vec![gateway.clone(), remote()],
            Some("192.168.5.1, 10.0.0.1"),
            2,
            false,
        ),
        (vec![gateway, remote()], Some("192.168.5.1"), 2, true),
    ] {
        let answer = ask_with(&objects, call(header), trusted(proxies));
        assert_eq!(
            answer.allowed,
            Some(allowed),
            "{objects:?} {header:?} {proxies} {answer}"
        );
    }
}
