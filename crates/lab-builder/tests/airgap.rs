//! Without Internet: with a registry nothing upstream is left, and the lists name all that must be brought in.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use k8s_openapi::api::core::v1::Pod;
use lab_builder::components::{CILIUM, Cilium, DemoApp, Gatekeeper};
use lab_builder::{
    Bundle, Chart, Component, ComponentError, Context, Contribution, Environment, Lab, Overlay,
    Profile, Release, Values,
};
use serde_json::{Value, json};

const REGISTRY: &str = "registry.example.com:5000/lab";

fn dev() -> Lab {
    Lab::new(Environment::Dev)
}

fn mirrored() -> Bundle {
    dev().registry(REGISTRY.parse().unwrap()).build().unwrap()
}

fn file(bundle: &Bundle, path: &str) -> String {
    bundle
        .files()
        .into_iter()
        .find(|file| file.path == path)
        .unwrap()
        .text
}

/// The rows of a table, each by the names of its columns.
fn rows(bundle: &Bundle, path: &str) -> Vec<BTreeMap<String, String>> {
    let text = file(bundle, path);
    let mut lines = text
        .lines()
        .map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    let head = lines.next().unwrap();
    lines
        .map(|cells| {
            assert_eq!(cells.len(), head.len(), "{cells:?}");
            head.iter().cloned().zip(cells).collect()
        })
        .collect()
}

/// Section 12-2, as the documentation prints it.
const DOCUMENTED: &str = "
    quay.io/cilium/cilium:v1.19.1 quay.io/cilium/operator-generic:v1.19.1 quay.io/cilium/hubble-relay:v1.19.1
    quay.io/cilium/hubble-ui-backend:v0.13.3 quay.io/cilium/hubble-ui:v0.13.3 quay.io/cilium/certgen:v0.3.2
    quay.io/cilium/cilium-envoy:v1.31.5-1742306043-95dcc258b0448b2ef1445466e60a0e7dcdc6b85f
    docker.io/kong:3.9 docker.io/kong/kubernetes-ingress-controller:3.5
    docker.io/istio/pilot:1.29.0 docker.io/istio/ztunnel:1.29.0 docker.io/istio/install-cni:1.29.0
    quay.io/argoproj/argocd:v3.3.2 ghcr.io/dexidp/dex:v2.44.0 public.ecr.aws/docker/library/redis:8.2.3-alpine
    docker.io/openpolicyagent/gatekeeper:v3.21.1 docker.io/openpolicyagent/gatekeeper-crds:v3.21.1
    docker.io/grafana/mimir:3.0.1 docker.io/nginxinc/nginx-unprivileged:1.29-alpine docker.io/grafana/loki:3.6.5
    docker.io/grafana/tempo:2.9.0 docker.io/grafana/grafana:12.3.1 docker.io/grafana/alloy:v1.13.0
    docker.io/otel/opentelemetry-collector-contrib:0.146.1 docker.io/prom/alertmanager:v0.30.1
    docker.io/grafana/loki-canary:3.6.5 docker.io/kiwigrid/k8s-sidecar:1.30.9
    quay.io/prometheus-operator/prometheus-config-reloader:v0.81.0 docker.io/grafana/rollout-operator:v0.32.0
    docker.io/kennethreitz/httpbin:latest docker.io/curlimages/curl:latest";

#[test]
fn each_documented_image_stands_in_the_list_and_each_difference_is_explained() {
    for bundle in [dev().build().unwrap(), mirrored()] {
        let rows = rows(&bundle, "images.tsv");
        let documented: Vec<String> = DOCUMENTED.split_whitespace().map(str::to_owned).collect();
        assert_eq!(documented.len(), 31);
        for image in &documented {
            let found: Vec<_> = rows
                .iter()
                .filter(|row| row["source"] == *image && row["documented"] == "yes")
                .collect();
            assert_eq!(found.len(), 1, "{image}");
        }
        for row in &rows {
            assert_eq!(
                row["documented"] == "yes",
                documented.contains(&row["source"]),
                "{row:?}"
            );
            if row["documented"] == "no" || row["kind"] == "documented-only" {
                assert!(!row["comment"].is_empty(), "{row:?}");
            }
        }
        let only: Vec<&str> = rows
            .iter()
            .filter(|row| row["kind"] == "documented-only")
            .map(|row| row["source"].as_str())
            .collect();
        assert_eq!(only.len(), 1, "{only:?}");
        assert!(only[0].contains("cilium-envoy:v1.31.5"));
        for (kind, image) in [
            ("exercise", "docker.io/busybox:latest"),
            ("exercise", "docker.io/curlimages/curl:8.5.0"),
            ("exercise", "docker.io/kennethreitz/httpbin:0.9.2"),
            ("node", "docker.io/kindest/node:v1.35.0"),
            ("off", "docker.io/curlimages/curl:8.12.0"),
            ("off", "docker.io/bats/bats:v1.4.1"),
        ] {
            assert!(
                rows.iter()
                    .any(|row| row["kind"] == kind && row["source"] == image),
                "{kind} {image}"
            );
        }
    }
}

#[test]
fn names_in_the_mirror_follow_the_documented_rule_and_are_unique() {
    let rows = rows(&mirrored(), "images.tsv");
    let mut names = BTreeSet::new();
    for row in rows
        .iter()
        .filter(|row| matches!(row["kind"].as_str(), "stack" | "exercise" | "node"))
    {
        let folder = if row["component"] == "-" {
            "exercises"
        } else {
            &row["component"]
        };
        let last = row["source"].rsplit('/').next().unwrap();
        assert_eq!(row["mirrored"], format!("{REGISTRY}/{folder}/{last}"));
        assert!(names.insert(row["mirrored"].clone()), "{row:?}");
    }
    assert!(
        rows.iter()
            .filter(|row| matches!(row["kind"].as_str(), "off" | "documented-only"))
            .all(|row| row["mirrored"].is_empty())
    );
}

#[test]
fn what_a_user_switches_on_is_listed_as_pulled() {
    let bundle = dev()
        .configure(|gatekeeper: &mut Gatekeeper| {
            gatekeeper.values.post_install.probe_webhook.enabled = true
        })
        .configure(|app: &mut DemoApp| app.backend.image = "ghcr.io/mine/httpbin:2".into())
        .build()
        .unwrap();
    let rows = rows(&bundle, "images.tsv");
    let row = |source: &str| rows.iter().find(|row| row["source"] == source).unwrap();
    assert_eq!(row("docker.io/curlimages/curl:8.12.0")["kind"], "stack");
    assert_eq!(
        row("ghcr.io/mine/httpbin:2")["comment"],
        "not listed in 12-2"
    );
    assert_eq!(
        row("docker.io/kennethreitz/httpbin:latest")["kind"],
        "documented-only"
    );
    let without = dev().skip_istio().build().unwrap();
    assert!(!file(&without, "images.tsv").contains("istio"));
}

/// Everything that names an image in a tree of values or a manifest: where it stands, and the reference, if it is one.
fn references(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(repository)) = members.get("repository") {
                let registry = members
                    .get("registry")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                let name = if registry.is_empty() {
                    repository.clone()
                } else {
                    format!("{registry}/{repository}")
                };
                found.push((path.to_owned(), name));
            }
            for (key, member) in members {
                let path = format!("{path}.{key}");
                if let (true, Value::String(text)) = (
                    matches!(
                        key.as_str(),
                        "image" | "hub" | "registry" | "crdRepository" | "imageRegistry"
                    ),
                    member,
                ) {
                    found.push((path.clone(), text.clone()));
                }
                references(member, &path, found);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                references(item, &format!("{path}[{at}]"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn with_a_registry_nothing_upstream_is_left() {
    const UPSTREAM: [&str; 8] = [
        "docker.io",
        "quay.io",
        "ghcr.io",
        "public.ecr.aws",
        "ecr-public",
        "registry.k8s.io",
        "gcr.io",
        "https://",
    ];
    // The names of Application sources and of specifications are URLs, and no images.
    const HARMLESS: [&str; 2] = ["https://github.com/", "https://kubernetes.default.svc"];
    for profile in [Profile::Lab, Profile::DataCenter] {
        let bundle = dev()
            .profile(profile)
            .registry(REGISTRY.parse().unwrap())
            .build()
            .unwrap();
        let mut found = Vec::new();
        for object in bundle.objects() {
            references(object.value(), &object.id().to_string(), &mut found);
        }
        for release in bundle.releases() {
            references(&release.values, &release.name, &mut found);
        }
        let chart = file(&bundle, "03-argocd/apps/demo-app/values.yaml");
        references(
            &serde_yaml::from_str(&chart).unwrap(),
            "demo-app",
            &mut found,
        );
        assert!(found.len() > 40, "{}", found.len());
        let host = REGISTRY.split('/').next().unwrap();
        for (place, reference) in &found {
            let host_alone = place.ends_with(".registry") && reference == host;
            assert!(
                host_alone || reference.starts_with(&format!("{REGISTRY}/")),
                "{place}: {reference}"
            );
        }

        for file in bundle.files() {
            // They say where things come from.
            let aside = ["images.tsv", "charts.tsv", "firewall.tsv", "mirror.sh"];
            if aside.contains(&file.path.as_str()) || file.path.ends_with("fetch-dashboards.sh") {
                continue;
            }
            // Pages for people, who install programs by them; nothing is fetched from there.
            let table = file.path == "README.md";
            let fetching =
                |line: &&str| !(line.starts_with("tools=(") || table && line.starts_with('|'));
            for line in file.text.lines().filter(fetching) {
                let mut line = line.to_owned();
                for harmless in HARMLESS {
                    line = line.replace(harmless, "");
                }
                for upstream in UPSTREAM {
                    assert!(!line.contains(upstream), "{}: {line}", file.path);
                }
            }
        }
    }
}

#[test]
fn every_image_of_the_list_is_in_a_manifest_or_in_values() {
    let bundle = mirrored();
    let mut text: String = bundle
        .releases()
        .map(|release| release.values.to_string())
        .collect();
    text.extend(bundle.objects().map(|object| object.value().to_string()));
    for image in bundle.parts().iter().flat_map(|part| part.images()) {
        let name = image.mirrored.as_ref().unwrap().name();
        // Charts take the name apart: registry and repository, or hub and a name of their own, or without `-generic`.
        let short = name.rsplit('/').next().unwrap();
        let hub = name.strip_suffix(&format!("/{short}")).unwrap();
        let below = name.split_once('/').unwrap().1;
        // Documented, and run by nothing.
        if short == "certgen" {
            continue;
        }
        let spellings = [
            name.to_owned(),
            name.replace("-generic", ""),
            below.to_owned(),
            format!("\"hub\":\"{hub}\""),
        ];
        assert!(spellings.iter().any(|name| text.contains(name)), "{name}");
    }
}

#[test]
fn cilium_asks_for_no_digest() {
    let bundle = mirrored();
    let values = &bundle.release(CILIUM).unwrap().values;
    for pointer in [
        "/image",
        "/operator/image",
        "/envoy/image",
        "/hubble/relay/image",
        "/hubble/ui/backend/image",
        "/hubble/ui/frontend/image",
    ] {
        assert_eq!(
            values.pointer(&format!("{pointer}/useDigest")),
            Some(&json!(false)),
            "{pointer}"
        );
    }
    assert_eq!(
        values["image"]["repository"],
        format!("{REGISTRY}/cilium/cilium")
    );
    assert_eq!(
        values["operator"]["image"]["repository"],
        format!("{REGISTRY}/cilium/operator")
    );
}

#[test]
fn each_release_has_its_chart() {
    let bundle = mirrored();
    let rows = rows(&bundle, "charts.tsv");
    let listed: Vec<[&str; 2]> = rows
        .iter()
        .map(|row| [row["release"].as_str(), row["version"].as_str()])
        .collect();
    let expected: Vec<[&str; 2]> = bundle
        .releases()
        .map(|release| [release.name.as_str(), release.chart.version.as_str()])
        .collect();
    assert_eq!(listed, expected);
    assert_eq!(
        rows[0]["pull"],
        "helm pull cilium --repo https://helm.cilium.io/ --version 1.19.1"
    );
}

#[test]
fn the_firewall_list_has_the_documented_domains_and_follows_the_lab() {
    let rows = rows(&mirrored(), "firewall.tsv");
    let domains: Vec<&str> = rows.iter().map(|row| row["domain"].as_str()).collect();
    let documented = [
        "registry-1.docker.io",
        "quay.io",
        "ghcr.io",
        "public.ecr.aws",
        "registry.k8s.io",
        "docker.io",
    ];
    assert_eq!(domains[..6], documented);
    for row in &rows {
        let expected = documented.contains(&row["domain"].as_str())
            || ["auth.docker.io", "production.cloudflare.docker.com"]
                .contains(&row["domain"].as_str());
        assert_eq!(row["origin"] == "documented", expected, "{row:?}");
        assert_eq!(row["port"], "443");
    }
    for derived in [
        "helm.cilium.io",
        "charts.konghq.com",
        "istio-release.storage.googleapis.com",
        "argoproj.github.io",
        "open-policy-agent.github.io",
        "grafana.github.io",
        "github.com",
        "grafana.com",
    ] {
        assert!(domains.contains(&derived), "{derived}");
    }
    let users = |domain: &str| {
        rows.iter().find(|row| row["domain"] == domain).unwrap()["components"].clone()
    };
    assert_eq!(users("ghcr.io"), "argocd");
    assert_eq!(users("quay.io"), "cilium, argocd, lgtm");
    assert_eq!(users("registry.k8s.io"), "-");

    let without = dev().skip_istio().build().unwrap();
    assert!(!file(&without, "firewall.tsv").contains("istio"));
    let elsewhere = dev()
        .configure(|app: &mut DemoApp| app.frontend.image = "ghcr.io/mine/curl:1".into())
        .build()
        .unwrap();
    let rows = self::rows(&elsewhere, "firewall.tsv");
    assert_eq!(
        rows.iter().find(|row| row["domain"] == "ghcr.io").unwrap()["components"],
        "argocd, demo-app, exercises"
    );
}

/// Runs `mirror.sh` of a lab, with programs that write down how they are called.
fn mirror(bundle: &Bundle, arguments: &[&str], works: bool) -> (Output, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let (tree, bin, calls) = (
        folder.path().join("tree"),
        folder.path().join("bin"),
        folder.path().join("calls"),
    );
    bundle.write_tree(&tree).unwrap();
    fs::create_dir(&bin).unwrap();
    for program in ["docker", "helm", "curl"] {
        let path = bin.join(program);
        let last = if works { "" } else { "[ \"$1\" != push ]\n" };
        // What curl is told to write is there afterwards.
        let body = format!(
            "#!/bin/bash\necho \"{program} $*\" >>'{}'\n{last}",
            calls.display()
        );
        let touch = r#"while [ $# -gt 0 ]; do if [ "$1" = --output ]; then echo '{}' >"$2"; fi; shift; done"#;
        fs::write(
            &path,
            if program == "curl" {
                format!("{body}{touch}\n")
            } else {
                body
            },
        )
        .unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let output = Command::new("/bin/bash")
        .arg(tree.join("mirror.sh"))
        .args(arguments)
        .current_dir(folder.path())
        .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
        .output()
        .unwrap();
    let calls = fs::read_to_string(calls).unwrap_or_default();
    (output, calls.lines().map(str::to_owned).collect())
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

#[test]
fn mirror_brings_everything_in() {
    let bundle = mirrored();
    let (output, calls) = mirror(&bundle, &["--dry-run"], true);
    assert!(
        output.status.success() && calls.is_empty(),
        "{}",
        text(&output)
    );
    insta::assert_snapshot!("mirror_dry_run", text(&output));

    let (output, calls) = mirror(&bundle, &[], true);
    assert!(output.status.success(), "{}", text(&output));
    for row in rows(&bundle, "images.tsv")
        .iter()
        .filter(|row| !row["mirrored"].is_empty())
    {
        let (source, name) = (&row["source"], &row["mirrored"]);
        let expected = [
            format!("docker pull {source}"),
            format!("docker tag {source} {name}"),
            format!("docker push {name}"),
        ];
        assert!(
            calls.windows(3).any(|calls| *calls == expected),
            "{expected:?}"
        );
    }
    for release in bundle.releases() {
        let push = format!(
            "helm push downloads/{}-{}.tgz oci://{REGISTRY}/helm-charts",
            release.chart.name, release.chart.version
        );
        assert!(calls.contains(&push), "{push}");
    }
    for url in [
        "v1.5.0/standard-install.yaml",
        "dashboards/15520/revisions/2/download",
        "dashboards/1860/revisions/37/download",
    ] {
        assert!(
            calls
                .iter()
                .any(|call| call.starts_with("curl") && call.contains(url)),
            "{url}"
        );
    }
}

#[test]
fn mirror_takes_another_registry_and_refuses_what_is_none() {
    let bundle = dev().build().unwrap();
    let (output, calls) = mirror(&bundle, &["--skip-exercises", "harbor.internal/lab/"], true);
    assert!(output.status.success(), "{}", text(&output));
    assert!(calls.contains(&"docker push harbor.internal/lab/kong/kong:3.9".to_owned()));
    assert!(calls.contains(
        &"helm push downloads/ingress-0.22.0.tgz oci://harbor.internal/lab/helm-charts".to_owned()
    ));
    assert!(!calls.iter().any(|call| call.contains("busybox")));
    assert!(
        calls
            .iter()
            .any(|call| call.contains("dashboards/1860/revisions/37/download"))
    );
    for (arguments, part) in [
        (&[][..], "give the registry"),
        (&["https://harbor.internal"], "no scheme"),
        (&["a b"], "is no registry"),
        (&["--registry"], "unknown option"),
    ] {
        let (output, calls) = mirror(&bundle, arguments, true);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            text(&output).contains(part) && calls.is_empty(),
            "{}",
            text(&output)
        );
    }
    let (output, calls) = mirror(&bundle, &["harbor.internal"], false);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("docker push harbor.internal/cilium/cilium:v1.19.1"));
    assert_eq!(calls.len(), 3);
}

#[test]
fn with_a_registry_setup_takes_charts_and_files_from_it() {
    let setup = file(&mirrored(), "setup.sh");
    assert!(setup.contains(&format!(
        "helm upgrade --install cilium oci://{REGISTRY}/helm-charts/cilium --version 1.19.1"
    )));
    assert!(setup.contains("kubectl apply --server-side -f downloads/standard-install.yaml"));
    // But for the pages that say how its programs are installed.
    let mut lines = setup.lines().filter(|line| !line.starts_with("tools=("));
    assert!(lines.all(|line| !line.contains("https://")));
}

#[test]
fn the_node_image_comes_from_the_registry_too() {
    use lab_builder::components::Kind;
    let config = |lab: Lab| {
        let bundle = lab
            .registry("registry.example.com/lab".parse().unwrap())
            .build()
            .unwrap();
        let text = |path: &str| {
            bundle
                .files()
                .into_iter()
                .find(|file| file.path == path)
                .unwrap()
                .text
        };
        (text("00-kind/kind-config.yaml"), text("mirror.sh"))
    };
    let (cluster, mirror) = config(Lab::new(Environment::Dev));
    assert_eq!(
        cluster
            .matches("image: registry.example.com/lab/kind/node:v1.35.0")
            .count(),
        3,
        "{cluster}"
    );
    assert!(mirror.contains("image docker.io/kindest/node:v1.35.0 kind/node:v1.35.0"));
    let upstream = |kind: &mut Kind| kind.node_image_from_registry = false;
    let (cluster, _) = config(Lab::new(Environment::Dev).configure(upstream));
    assert_eq!(
        cluster.matches("image: kindest/node:v1.35.0").count(),
        3,
        "{cluster}"
    );
}

#[test]
fn no_value_is_set_that_its_chart_does_not_read() {
    let has = |lab: Lab, release: &str, pointer: &str| {
        let bundle = lab.build().unwrap();
        bundle
            .release(release)
            .unwrap()
            .values
            .pointer(pointer)
            .is_some()
    };
    #[rustfmt::skip]
    let switched_off = [
        // `preInstall.crdRepository` goes before it.
        ("gatekeeper", "/image/crdRepository"),
        ("gatekeeper", "/postUpgrade"),
        ("gatekeeper", "/preUninstall"),
        // Only with a volume.
        ("grafana", "/initChownData"),
        // Only where a Job makes certificates.
        ("cilium", "/certgen"),
    ];
    for (release, pointer) in switched_off {
        assert!(!has(dev(), release, pointer), "{release} {pointer}");
        let mirrored = dev().registry(REGISTRY.parse().unwrap());
        assert!(!has(mirrored, release, pointer), "{release} {pointer}");
    }
    for pointer in [
        "/preInstall/crdRepository/image/tag",
        "/postInstall/labelNamespace/image/tag",
    ] {
        assert!(has(dev(), "gatekeeper", pointer), "{pointer}");
    }

    // What is switched on has its image.
    let on = || {
        dev()
            .registry(REGISTRY.parse().unwrap())
            .configure(|gatekeeper: &mut Gatekeeper| {
                let enabled = json!({"labelNamespace": {"enabled": true}});
                gatekeeper.overlay.insert("postUpgrade".into(), enabled);
                let enabled = json!({"deleteWebhookConfigurations": {"enabled": true}});
                gatekeeper.overlay.insert("preUninstall".into(), enabled);
            })
            .configure(|cilium: &mut Cilium| {
                let method = json!({"tls": {"auto": {"method": "cronJob"}}});
                cilium.overlay.insert("hubble".into(), method);
            })
    };
    let bundle = on().build().unwrap();
    #[rustfmt::skip]
    let images = [
        ("gatekeeper", "/postUpgrade/labelNamespace/image", "gatekeeper/gatekeeper-crds"),
        ("gatekeeper", "/preUninstall/deleteWebhookConfigurations/image", "gatekeeper/gatekeeper-crds"),
        ("cilium", "/certgen/image", "cilium/certgen"),
    ];
    for (release, pointer, below) in images {
        let image = bundle
            .release(release)
            .unwrap()
            .values
            .pointer(pointer)
            .unwrap();
        assert_eq!(
            image["repository"],
            format!("{REGISTRY}/{below}"),
            "{pointer}"
        );
    }
    let comment = |bundle: &Bundle| {
        let rows = rows(bundle, "images.tsv");
        let row = rows
            .into_iter()
            .find(|row| row["source"].contains("/certgen:"))
            .unwrap();
        row["comment"].clone()
    };
    assert!(comment(&bundle).starts_with("run by a Job"));
    assert!(comment(&dev().build().unwrap()).contains("run by nothing"));
}

/// A component with objects and releases of a user.
#[derive(Clone, Debug, Default)]
struct Mine {
    objects: Vec<Value>,
    exercise: Option<Value>,
    chart: Option<&'static str>,
}

impl Component for Mine {
    fn id(&self) -> &str {
        "mine"
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        for (at, object) in self.objects.iter().enumerate() {
            out.dynamic_object(format!("{at}.yaml"), object.clone())?;
        }
        if let Some(object) = &self.exercise {
            let pod: Pod = serde_json::from_value(object.clone()).unwrap();
            out.exercise("1-1", "exercise.yaml", pod)?;
        }
        if let Some(repository) = self.chart {
            let chart = Chart::new(repository, "mine", "podinfo", "6.9.0");
            let values = Values::typed("podinfo", &json!({}))?;
            out.release(Release::new(
                "podinfo",
                "mine",
                chart,
                values,
                &Overlay::new(),
            )?);
        }
        Ok(())
    }
}

fn pod(name: &str, spec: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "default"}, "spec": spec})
}

#[test]
fn images_in_plain_objects_count_like_all_others() {
    let mine = Mine {
        objects: vec![
            pod(
                "a",
                json!({
                    "initContainers": [{"name": "i", "image": "quay.io/x/init:1"}],
                    "containers": [{"name": "c", "image": "nginx"}, {"name": "d", "image": "nginx:1.27"}],
                }),
            ),
            json!({
                "apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "b", "namespace": "default"},
                "spec": {"schedule": "@daily", "jobTemplate": {"spec": {"template": {"spec": {
                    "restartPolicy": "Never", "containers": [{"name": "c", "image": "ghcr.io/x/job:2"}],
                }}}}},
            }),
            // One that is taken from the registry already.
            pod(
                "c",
                json!({"containers": [{"name": "c", "image": format!("{REGISTRY}/own/tool:1")}]}),
            ),
        ],
        exercise: Some(pod(
            "e",
            json!({"containers": [{"name": "c", "image": "ghcr.io/x/exercise:3"}]}),
        )),
        chart: None,
    };
    let upstream = dev().with(mine.clone()).build().unwrap();
    let of_mine = |bundle: &Bundle| -> Vec<[String; 3]> {
        let rows = rows(bundle, "images.tsv");
        let mine = rows.into_iter().filter(|row| row["component"] == "mine");
        mine.map(|row| ["kind", "source", "mirrored"].map(|column| row[column].clone()))
            .collect()
    };
    let expected = |prefix: &str| {
        [
            ["stack", "quay.io/x/init:1", "mine/init:1"],
            ["stack", "docker.io/nginx:latest", "mine/nginx:latest"],
            ["stack", "docker.io/nginx:1.27", "mine/nginx:1.27"],
            ["stack", "ghcr.io/x/job:2", "mine/job:2"],
            ["exercise", "ghcr.io/x/exercise:3", "mine/exercise:3"],
        ]
        .map(|[kind, source, below]| {
            [
                kind.to_owned(),
                source.to_owned(),
                format!("{prefix}{below}"),
            ]
        })
    };
    let without_own = |mut rows: Vec<[String; 3]>| {
        rows.retain(|row| !row[1].contains("/own/"));
        rows
    };
    assert_eq!(without_own(of_mine(&upstream)), expected(""));
    assert!(file(&upstream, "mirror.sh").contains("image docker.io/nginx:1.27 mine/nginx:1.27\n"));
    let floating: Vec<String> = upstream
        .check()
        .findings
        .iter()
        .filter(|finding| finding.code == "floating-images")
        .map(ToString::to_string)
        .collect();
    assert!(
        floating
            .iter()
            .any(|text| text.contains("mine runs docker.io/nginx")),
        "{floating:#?}"
    );

    let mirrored = dev()
        .with(mine)
        .registry(REGISTRY.parse().unwrap())
        .build()
        .unwrap();
    assert_eq!(of_mine(&mirrored), expected(&format!("{REGISTRY}/")));
    let text: String = ["a", "c"]
        .map(|name| {
            mirrored
                .object("Pod", Some("default"), name)
                .unwrap()
                .value()
                .to_string()
        })
        .concat();
    for image in ["mine/init:1", "mine/nginx", "mine/nginx:1.27", "own/tool:1"] {
        assert!(
            text.contains(&format!("\"{REGISTRY}/{image}\"")),
            "{image}: {text}"
        );
    }
    let exercise = file(&mirrored, "00-mine/exercise.yaml");
    assert!(
        exercise.contains(&format!("image: {REGISTRY}/mine/exercise:3")),
        "{exercise}"
    );
}

#[test]
fn charts_of_registries_are_named_as_helm_takes_them() {
    for repository in [
        "oci://ghcr.io/stefanprodan/charts",
        "oci://ghcr.io/stefanprodan/charts/",
    ] {
        let lab = || {
            dev().with(Mine {
                chart: Some(repository),
                ..Mine::default()
            })
        };
        let bundle = lab().build().unwrap();
        let address = "oci://ghcr.io/stefanprodan/charts/podinfo";
        let readme = file(&bundle, "README.md");
        let install =
            format!("helm upgrade --install podinfo {address} --version 6.9.0 --namespace mine");
        assert!(readme.contains(&install), "{readme}");
        assert!(file(&bundle, "setup.sh").contains(&install));
        let rows = rows(&bundle, "charts.tsv");
        let row = rows.iter().find(|row| row["chart"] == "podinfo").unwrap();
        assert_eq!(row["pull"], format!("helm pull {address} --version 6.9.0"));
        let firewall = file(&bundle, "firewall.tsv");
        assert!(firewall.contains("ghcr.io"));

        let folder = tempfile::tempdir().unwrap();
        lab()
            .build()
            .unwrap()
            .write_tree(folder.path().join("dev"))
            .unwrap();
        let printed = Command::new("bash")
            .args(["mirror.sh", "--dry-run", REGISTRY])
            .current_dir(folder.path().join("dev"))
            .output()
            .unwrap();
        let printed = String::from_utf8(printed.stdout).unwrap();
        assert!(
            printed.contains(&format!(
                "helm pull {address} --version 6.9.0 --destination downloads"
            )),
            "{printed}"
        );
        assert!(!printed.contains("--repo oci:"), "{printed}");
    }
}

#[test]
fn the_licence_of_every_image_is_stated_with_its_page() {
    for lab in [dev(), dev().skip_istio()] {
        for image in lab.build().unwrap().pulled_images() {
            let (licence, page) = (image.licence.unwrap(), image.page.unwrap());
            assert!(page.starts_with("https://"), "{}: {page}", image.source);
            let ids = licence.split([' ', '(', ')']);
            let ids = ids.filter(|id| !matches!(*id, "" | "AND" | "OR"));
            for id in ids {
                let looked_up = [
                    "AGPL-3.0-only",
                    "Apache-2.0",
                    "BSD-2-Clause",
                    "BSD-3-Clause",
                    "GPL-2.0-only",
                    "ISC",
                    "LicenseRef-RSALv2",
                    "MIT",
                    "SSPL-1.0",
                    "curl",
                ];
                assert!(looked_up.contains(&id), "{}: {id}", image.source);
            }
        }
    }
}
