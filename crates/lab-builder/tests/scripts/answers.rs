//! `verify-all.sh`: which answers pass, and what it says of the others.

use lab_builder::Environment;
use lab_builder::Lab;
use lab_builder::components::Kind;
use std::collections::BTreeMap;
use std::fs;

use super::machine::{ALL, ANSWERS_AT_ALL, HELD, Machine, code, dev, pinned, text};

/// What a lab in order answers, by check, and one answer that is not in order.
const ANSWERS: [(&str, &str, &str); 43] = [
    ("STATUS argocd-admin", "password", "LENIENT"),
    (
        "STATUS violations",
        "Name:         deny-privileged-container\nStatus:\n  Audit Timestamp:  2026-02-28T09:12:33Z\n  Total Violations:  0\nEvents:  <none>\n",
        "Name:         deny-privileged-container\nStatus:\nEvents:  <none>\n",
    ),
    (
        "STATUS ruler",
        "mimir-ruler-6d8f9c7b5-x2x4z   1/1   Running   0     1d\n",
        "No resources found in monitoring namespace.\n",
    ),
    (
        "STATUS collector-logs",
        "2026-02-28T09:12:33.123Z\tinfo\tservice/service.go:265\tEverything is ready. Begin running and processing data.\n",
        "",
    ),
    (
        "VFY-001",
        "cilium-a 1/1 Running 0 1d\ncilium-b 1/1 Running 0 1d\ncilium-c 1/1 Running 0 1d\n",
        "cilium-a 1/1 Running 0 1d\n",
    ),
    (
        "VFY-002",
        "cilium-operator-a 1/1 Running 0 1d\ncilium-operator-b 1/1 Running 0 1d\n",
        "cilium-operator-a 1/1 Running 0 1d\ncilium-operator-b 0/1 CrashLoopBackOff 9 1d\n",
    ),
    (
        "VFY-003",
        "a 1/1 Running 0 1d\nb 1/1 Running 0 1d\nc 1/1 Running 2 (3h ago) 1d\n",
        "a 1/1 Running 0 1d\nb 1/1 Running 0 1d\nc 0/1 Running 0 1d\n",
    ),
    (
        "VFY-004",
        "KVStore: Disabled\nKubeProxyReplacement:    True   [eth0 172.18.0.3]\n",
        "KubeProxyReplacement:    False\n",
    ),
    ("VFY-005", "45 LINES", "12 LINES"),
    (
        "VFY-006",
        "Encryption: Wireguard\nInterface: cilium_wg0\n\tPublic key: x\n\tNumber of peers: 2\n",
        "Encryption: Disabled\n",
    ),
    (
        "VFY-007",
        "hubble-relay-a 1/1 Running 0 1d\n",
        "No resources found in kube-system namespace.\n",
    ),
    (
        "VFY-008",
        "kong   konghq.com/kic-gateway-controller   True       1d\n",
        "kong   konghq.com/kic-gateway-controller   Unknown   1d\n",
    ),
    (
        "VFY-009",
        "kong-gateway   kong   172.18.0.2   True         1d\n",
        "kong-gateway   kong      False   1d\n",
    ),
    (
        "VFY-010",
        "test-route\nhubble-ui\nargocd\ngrafana\ndemo-api\n",
        "hubble-ui\nargocd\ngrafana\n",
    ),
    (
        "VFY-011",
        "kong-gateway-proxy NodePort 10.96.1.1 <none> 80:30080/TCP,443:30443/TCP 1d\n",
        "kong-gateway-proxy LoadBalancer 10.96.1.1 <pending> 80:31080/TCP,443:30443/TCP 1d\n",
    ),
    (
        "VFY-012",
        "10.0.0.1 - - [28/Feb/2026] \"GET /get HTTP/1.1\" 200 12\n",
        "LENIENT",
    ),
    (
        "VFY-013",
        "istiod-a 1/1 Running 0 1d\n",
        "istiod-a 0/1 Pending 0 1d\n",
    ),
    (
        "VFY-014",
        "a 1/1 Running 0 1d\nb 1/1 Running 0 1d\nc 1/1 Running 0 1d\n",
        "a 1/1 Running 0 1d\nb 1/1 Running 0 1d\n",
    ),
    (
        "VFY-015",
        "a 1/1 Running 0 1d\nb 1/1 Running 0 1d\nc 1/1 Running 0 1d\n",
        "a 1/1 Running 0 1d\nb 1/1 Running 0 1d\nc 1/1 Running 0 1d\nd 1/1 Running 0 1d\n",
    ),
    (
        "VFY-016",
        "default   STRICT   1d\n",
        "default   PERMISSIVE   1d\n",
    ),
    (
        "VFY-017",
        "demo Active 1d env=dev,istio.io/dataplane-mode=ambient,team=platform\n",
        "demo Active 1d env=dev,istioXio/dataplane-mode=ambient\n",
    ),
    (
        "VFY-018",
        "info access connection complete src.addr=10.0.1.2 dst.hbone_addr=10.0.2.3:80\n",
        "LENIENT",
    ),
    ("VFY-019", "7 PODS", "8 PODS"),
    (
        "VFY-020",
        "No resources found in argocd namespace.\n",
        "FAILS",
    ),
    ("VFY-021", "2 PODS", "1 PODS"),
    (
        "VFY-022",
        "k8sdenyprivileged\nk8srequirelabels\nk8srequirenonroot\nk8srequireresourcelimits\n",
        "k8sdenyprivileged\nk8srequirelabels\nk8srequirenonroot\n",
    ),
    (
        "VFY-023",
        "deny-privileged-container\nrequire-labels\nrequire-non-root\nrequire-resource-limits\n",
        "require-labels\n",
    ),
    (
        "VFY-024",
        "otel-collector-a 1/1 Running 0 1d\n",
        "otel-collector-a 1/2 Running 0 1d\n",
    ),
    ("VFY-025", "9 PODS", "10 PODS"),
    (
        "VFY-026",
        "loki-0 2/2 Running 0 1d\nloki-canary-a 1/1 Running 0 1d\nloki-canary-b 1/1 Running 0 1d\n",
        "loki-0 1/2 Running 0 1d\nloki-canary-a 1/1 Running 0 1d\nloki-canary-b 1/1 Running 0 1d\n",
    ),
    ("VFY-027", "tempo-0 1/1 Running 0 1d\n", ""),
    (
        "VFY-028",
        "alloy-a 2/2 Running 0 1d\nalloy-b 2/2 Running 0 1d\n",
        "alloy-a 1/1 Running 0 1d\nalloy-b 1/1 Running 0 1d\n",
    ),
    (
        "VFY-030",
        "lab-critical 1000000 false 1d\nlab-high 100000 false 1d\nlab-normal 10000 true 1d\nsystem-node-critical 2000001000 false 1d\n",
        "lab-critical 1000000 false 1d\nlab-high 100000 false 1d\nlab-normal 10000 false 1d\n",
    ),
    (
        "VFY-031",
        "Name: demo-quota\nResource Used Hard\n-------- ---- ----\nlimits.cpu  500m  8\npods        3     20\nrequests.cpu  250m  4\nrequests.memory  288Mi  8Gi\n",
        "pods        3     20\nrequests.cpu  2250m  4\nrequests.memory  288Mi  8Gi\n",
    ),
    (
        "VFY-032",
        "Type  Resource  Min  Max  Default Request  Default Limit  Max Limit/Request Ratio\nContainer   cpu       -    -    250m   2   -\nContainer   memory    -    -    512Mi  4Gi -\n",
        "Container   cpu       -    -    250m   2   -\nContainer   memory    -    -    512Mi  2Gi -\n",
    ),
    (
        "VFY-033",
        "Name: backend-pdb\nMin available:  1\nSelector: app=backend\nStatus:\n    Allowed disruptions:  1\n",
        "Min available:  1\n    Allowed disruptions:  0\n",
    ),
    ("VFY-034", "", "demo-app\n"),
    ("VFY-035", "True", "False"),
    ("VFY-036", "True", "False"),
    ("VFY-037", "200", "FAILS"),
    (
        "VFY-038",
        "nginx.......running\n\nKong is healthy at /kong_prefix\n",
        "Kong is not running\n",
    ),
    (
        "VFY-039",
        "==> Linting .\n[INFO] Chart.yaml: icon is recommended\n\n1 chart(s) linted, 0 chart(s) failed\n",
        "1 chart(s) linted, 1 chart(s) failed\n",
    ),
    (
        "RELEASE cilium",
        // The members and their order are those of Helm's `releaseElement`; it prints one line.
        r#"[{"name":"cilium","namespace":"kube-system","revision":"1","updated":"2026-02-28 09:12:33.123456789 +0900 KST","status":"deployed","chart":"cilium-1.19.1","app_version":"1.19.1"}]"#,
        r#"[{"name":"cilium","namespace":"kube-system","revision":"2","updated":"2026-02-28 09:15:01.987654321 +0900 KST","status":"failed","chart":"cilium-1.19.1","app_version":"1.19.1"}]"#,
    ),
];

/// The answer for a short form.
fn spelled(answer: &str) -> String {
    let pods = |count: &str| -> String {
        (0..count.parse().unwrap())
            .map(|at| format!("pod-{at} 1/1 Running 0 1d\n"))
            .collect()
    };
    match answer.split_once(' ') {
        Some((count, "PODS")) => format!("{}done-a 0/1 Completed 0 1d\n", pods(count)),
        Some((count, "LINES")) => pods(count),
        _ => answer.to_owned(),
    }
}

#[test]
fn verdicts_follow_the_answers() {
    let machine = Machine::new(dev(), &ALL);
    machine.answer(ANSWERS_AT_ALL, "v1.35.0");
    let list = machine.output("verify-all.sh", &["--list"]);
    let commands: BTreeMap<&str, String> = ANSWERS
        .iter()
        .map(|(id, ..)| {
            let rest = list.split(&format!("\n{id}  ")).nth(1).unwrap();
            (
                *id,
                pinned(&rest.lines().nth(1).unwrap().trim().replace('\'', "")),
            )
        })
        .collect();
    let verdict = |printed: &str, id: &str| -> String {
        let line = printed.lines().find(|line| {
            line.split_whitespace()
                .skip(1)
                .collect::<Vec<_>>()
                .join(" ")
                .starts_with(id)
        });
        line.unwrap_or_else(|| panic!("{id} in {printed}"))
            .split_whitespace()
            .next()
            .unwrap()
            .to_owned()
    };

    for (id, good, _) in ANSWERS {
        machine.answer(&commands[id], &spelled(good));
    }
    let printed = text(&machine.run("verify-all.sh", &["--env", "dev"]));
    for (id, ..) in ANSWERS {
        assert_eq!(verdict(&printed, id), "ok", "{id} in {printed}");
    }

    for (id, _, bad) in ANSWERS {
        if bad == "FAILS" {
            let name: String = commands[id]
                .bytes()
                .map(|b| {
                    if b.is_ascii_alphanumeric() {
                        b as char
                    } else {
                        '_'
                    }
                })
                .take(200)
                .collect();
            fs::remove_file(machine.path("answers").join(name)).unwrap();
        } else {
            machine.answer(&commands[id], &spelled(bad));
        }
    }
    let output = machine.run("verify-all.sh", &[]);
    let printed = text(&output);
    for (id, _, bad) in ANSWERS {
        let expected = if bad == "LENIENT" { "skip" } else { "FAIL" };
        assert_eq!(verdict(&printed, id), expected, "{id} in {printed}");
    }
    assert_eq!(code(&output), 1);
    assert!(
        printed.contains("expected  3 pods, 1/1 Running") && printed.contains("found     1 pods")
    );
    // kubectl says that there is nothing, which is no pod.
    assert!(printed.contains("found     0 pods") && !printed.contains("No is"));
}

#[test]
fn every_release_is_judged_by_its_chart_and_status() {
    let bundle = dev().build().unwrap();
    let machine = Machine::new(dev(), &["kubectl", "helm"]);
    machine.answer(ANSWERS_AT_ALL, "v1.35.0");
    let verdicts = |status: &str, version: &str| -> Vec<String> {
        for release in bundle.releases() {
            let (name, namespace, chart) = (&release.name, &release.namespace, &release.chart);
            let version = if version.is_empty() {
                &chart.version
            } else {
                version
            };
            machine.answer(
                &pinned(&format!("helm list -n {namespace} --filter ^{name}$ -o json")),
                &format!(
                    r#"[{{"name":"{name}","namespace":"{namespace}","revision":"1","updated":"2026-02-28 09:12:33.1 +0000 UTC","status":"{status}","chart":"{}-{version}","app_version":""}}]"#,
                    chart.name
                ),
            );
        }
        let printed = text(&machine.run("verify-all.sh", &[]));
        let lines = printed.lines().filter(|line| line.contains(" RELEASE "));
        lines
            .map(|line| line.split_whitespace().next().unwrap().to_owned())
            .collect()
    };
    let all = bundle.releases().count();
    assert_eq!(all, 13);
    assert_eq!(verdicts("deployed", ""), vec!["ok"; all]);
    assert_eq!(verdicts("pending-upgrade", ""), vec!["FAIL"; all]);
    assert_eq!(verdicts("deployed", "0.0.1"), vec!["FAIL"; all]);
}

#[test]
fn the_exit_code_says_whether_the_lab_is_in_order() {
    // Everything succeeds and prints nothing: an empty lab has nothing to be checked but that it answers.
    let empty = || {
        Machine::new(
            Lab::empty(Environment::Dev).with(Kind::default()),
            &["kubectl"],
        )
    };
    let machine = empty();
    machine.answer(ANSWERS_AT_ALL, "v1.35.0");
    let output = machine.run("verify-all.sh", &[]);
    assert_eq!(code(&output), 1);
    assert!(
        text(&output).contains("0 ok, 3 failed, 0 skipped"),
        "{}",
        text(&output)
    );
    let pods = |count| {
        (0..count)
            .map(|at| format!("p{at} 1/1 Running 0 1d\n"))
            .collect::<String>()
    };
    for (command, count) in [
        ("kubectl get pods -n kube-system --no-headers", 6),
        ("kubectl get pods -n local-path-storage --no-headers", 1),
        (
            "kubectl get pods --all-namespaces --field-selector=status.phase=Running --no-headers",
            7,
        ),
    ] {
        machine.answer(&pinned(command), &pods(count));
    }
    assert!(
        machine
            .output("verify-all.sh", &[])
            .contains("3 ok, 0 failed, 0 skipped")
    );

    machine.answer(HELD, "stg");
    let output = machine.run("verify-all.sh", &[]);
    assert_eq!(code(&output), 2);
    assert!(text(&output).contains("holds the lab of environment stg, not dev"));
    machine.answer(HELD, "dev");
    assert_eq!(code(&machine.run("verify-all.sh", &[])), 0);

    machine.forget(ANSWERS_AT_ALL);
    let output = machine.run("verify-all.sh", &[]);
    assert_eq!(code(&output), 2);
    assert!(text(&output).contains("0 ok, 0 failed, 3 skipped"));
    assert!(text(&output).contains("kind export kubeconfig --name lab"));
    assert_eq!(
        text(&output).matches("skip").count(),
        1,
        "said once: {}",
        text(&output)
    );

    let output = Machine::new(dev(), &[]).run("verify-all.sh", &[]);
    assert_eq!(code(&output), 2);
    assert!(text(&output).contains("kubectl is not installed"));
}
