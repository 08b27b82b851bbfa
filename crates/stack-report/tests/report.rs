//! The report says what was given, in one file that loads and runs nothing, whatever stands in the manifests.

use kube_vocab::{Finding, ObjectId, Severity};
use serde_json::{Value, json};
use stack_builder::{Component, ComponentError, Context, Contribution, Licence, Stack};
use stack_diff::Diff;
use stack_model::Model;
use stack_report::Report;

const HOSTILE: &str =
    "</style></title><script>alert(1)</script><img src=//evil.example onerror=alert(1)>\u{202e}";

fn deployment(name: &str, image: &str) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": "demo"},
           "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "a"}}, "template": {"metadata": {"labels": {"app": "a"}},
               "spec": {"containers": [{"name": "a", "image": image}]}}}})
}

fn finding(severity: Severity, message: &str) -> Finding {
    let id = ObjectId::new("apps/v1", "Deployment", Some("demo"), "web");
    Finding::new("some-code", severity, id, message)
        .at("spec.replicas".to_owned())
        .remedy("do this")
}

#[test]
fn the_verdict_comes_first_and_follows_the_findings() {
    let model = Model::read([deployment("web", "web:1")]);
    let verdict = |findings: &[Finding]| Report::new("demo", &model).findings(findings).to_html();
    assert!(verdict(&[]).contains("Nothing stands in the way"));
    assert!(verdict(&[finding(Severity::Warning, "w")]).contains("Nothing breaks; 1 warning"));
    let page = verdict(&[
        finding(Severity::Error, "what is wrong"),
        finding(Severity::Warning, "w"),
    ]);
    assert!(page.contains("Not ready: 1 error"));
    assert!(page.find("Not ready").unwrap() < page.find("id=\"pictures\"").unwrap());
    for part in [
        "Deployment demo/web",
        "spec.replicas",
        "what is wrong",
        "do this",
        "some-code",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let model = Model::read([
        deployment(HOSTILE, HOSTILE),
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": HOSTILE, "namespace": "demo"},
               "spec": {"podSelector": {}}}),
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": HOSTILE, "namespace": "demo"},
               "spec": {"rules": [{"host": HOSTILE, "http": {"paths": [{"backend": {"service": {"name": HOSTILE, "port": {"number": 80}}}}]}}]}}),
    ]);
    let diff = Diff::of([deployment(HOSTILE, "a:1")], [deployment(HOSTILE, HOSTILE)]);
    let findings = [finding(Severity::Error, HOSTILE)];
    let page = Report::new(HOSTILE, &model)
        .findings(&findings)
        .allowed(vec![(HOSTILE.into(), HOSTILE.into())])
        .compared(HOSTILE, &diff)
        .to_html();
    assert!(page.contains("default-src 'none'"));
    for tag in page.split('<').skip(1) {
        let name: String = tag
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        assert!(
            !["script", "img", "iframe", "object", "link", "base"].contains(&name.as_str()),
            "{tag}"
        );
        // Values of attributes stand between quotes, which no text can close.
        let inside: String = tag
            .split('>')
            .next()
            .unwrap()
            .split('"')
            .step_by(2)
            .collect();
        assert!(
            !inside.contains("onerror") && !inside.contains("javascript:"),
            "{inside}"
        );
    }
    // Styles end where they end, and hold nothing of a manifest.
    assert_eq!(
        page.matches("</style>").count(),
        page.matches("<style>").count()
    );
    assert!(!page.contains('\u{202e}'));
    assert!(page.contains("&lt;script&gt;"));
}

#[test]
fn the_same_input_gives_the_same_bytes_and_headings_are_in_order() {
    let model = Model::read([deployment("web", "web:1"), deployment("api", "api:2")]);
    let page = Report::new("demo", &model).to_html();
    assert_eq!(page, Report::new("demo", &model).to_html());
    let mut last = 0;
    for piece in page.split("<h").skip(1) {
        let Some(level) = piece.chars().next().and_then(|c| c.to_digit(10)) else {
            continue;
        };
        assert!(
            level <= last + 1,
            "a heading of level {level} follows one of level {last}"
        );
        last = level;
    }
    for landmark in [
        "<header",
        "<nav aria-label",
        "<main id=\"content\"",
        "<footer",
        "class=\"skip\"",
        "lang=\"en\"",
    ] {
        assert_eq!(page.matches(landmark).count(), 1, "{landmark}");
    }
    assert_eq!(
        page.matches("<table>").count(),
        page.matches("<caption>").count()
    );
    assert_eq!(page.matches("<svg").count(), page.matches("<desc").count());
}

#[test]
fn a_thousand_findings_are_cut_and_said_to_be() {
    let model = Model::read([deployment("web", "web:1")]);
    let findings: Vec<Finding> = (0..1000)
        .map(|_| finding(Severity::Warning, "again"))
        .collect();
    let page = Report::new("demo", &model).findings(&findings).to_html();
    assert!(page.contains("and 900 more of this kind"));
    assert!(page.len() < 300_000, "{}", page.len());
}

#[derive(Debug)]
struct Shop;

impl Component for Shop {
    fn id(&self) -> &str {
        "shop"
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        out.image("shop", "docker.io/acme/shop:1")?;
        out.image("shop", "docker.io/acme/cart:1")?;
        out.image("shop", "docker.io/acme/till:1")?;
        out.licences(&[
            Licence::of("docker.io/acme/shop", "MIT", "https://acme.example/shop"),
            Licence::of("docker.io/acme/cart", "ISC", "javascript:alert(1)"),
        ])
    }
}

#[test]
fn images_stand_with_their_licences_and_what_is_unknown_is_said_to_be() {
    let bundle = Stack::new("dev", "dev.example.com")
        .with(Shop)
        .build()
        .unwrap();
    let model = Model::read(Vec::<Value>::new());
    let page = Report::new("demo", &model).bundle(&bundle, true).to_html();
    let row = |image: &str| {
        let (_, rest) = page.split_once(&format!("<code>{image}</code>")).unwrap();
        rest.split_once("</tr>").unwrap().0.to_owned()
    };
    assert!(
        row("docker.io/acme/shop:1")
            .contains("<a href=\"https://acme.example/shop\" rel=\"noreferrer\">MIT</a>")
    );
    // A page that no browser should follow is not linked.
    assert!(row("docker.io/acme/cart:1").contains("<td>ISC</td>"));
    assert!(!page.contains("javascript:"));
    assert!(row("docker.io/acme/till:1").contains("<td>unknown</td>"));
}
