//! What Argo CD would do with a repository, and what would go wrong.
#![allow(clippy::unwrap_used)]

use lab_builder::{Bundle, Environment, Lab};
use proptest::prelude::*;
use stack_builder::{
    Chart, Component, ComponentError, Context, Contribution, Overlay, Release, Stack, Values,
};
use stack_gitops::sync::{Phase, Repository, SyncPlan};
use stack_gitops::{Cluster, GitOps, Style};

fn plan(files: &[(&str, &str)]) -> SyncPlan {
    SyncPlan::of(&Repository::read(files.iter().copied()))
}

/// Code and subject of each finding.
fn found(plan: &SyncPlan) -> Vec<String> {
    plan.findings
        .iter()
        .map(|finding| format!("{} {}", finding.code, finding.subject))
        .collect()
}

fn application(name: &str, path: &str, more: &str) -> String {
    format!(
        "apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd{more}}}
spec:
  project: default
  source: {{repoURL: https://git.example/x, path: {path}, targetRevision: main}}
  destination: {{server: https://kubernetes.default.svc, namespace: {name}}}
"
    )
}

fn waved(name: &str, path: &str, wave: i64) -> String {
    application(
        name,
        path,
        &format!(", annotations: {{argocd.argoproj.io/sync-wave: \"{wave}\"}}"),
    )
}

const TOLD: &str = "apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm, namespace: argocd}
data: {resource.customizations.health.argoproj.io_Application: hs}
";
const NOT_TOLD: &str = "apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm, namespace: argocd}
data: {}
";

/// A root with two Applications, of waves 1 and 2, with one file each.
fn two(settings: &str, first: &str, second: &str) -> SyncPlan {
    let (root, a, b) = (
        application("root", "apps", ""),
        waved("a", "a", 1),
        waved("b", "b", 2),
    );
    plan(&[
        ("root.yaml", &root),
        ("settings.yaml", settings),
        ("apps/a.yaml", &a),
        ("apps/b.yaml", &b),
        ("a/a.yaml", first),
        ("b/b.yaml", second),
    ])
}

const NAMESPACE: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n";
const CONFIG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: a}\n";
const PODS: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: a}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: web:1, envFrom: [{configMapRef: {name: c}}]}
";
const CRD: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: lamps.example.org}
spec: {group: example.org, names: {kind: Lamp}}
";
const LAMP: &str = "apiVersion: example.org/v1\nkind: Lamp\nmetadata: {name: l}\n";

#[test]
fn what_is_needed_must_not_come_later() {
    for (first, second, expected) in [
        (CONFIG, NAMESPACE, Some("sync-namespace-late ConfigMap a/c")),
        (NAMESPACE, CONFIG, None),
        (LAMP, CRD, Some("sync-kind-late Lamp l")),
        (CRD, LAMP, None),
        (PODS, CONFIG, Some("sync-deadlock Deployment a/web")),
        (CONFIG, PODS, None),
        // Nobody here makes it: it may be there already.
        (PODS, LAMP, None),
        (CONFIG, CONFIG, Some("sync-shared-object ConfigMap a/c")),
    ] {
        assert_eq!(
            found(&two(TOLD, first, second)),
            expected.into_iter().collect::<Vec<_>>(),
            "{first}{second}"
        );
    }
    // What may be missing is waited for by nobody.
    let optional = PODS.replace("name: c}", "name: c, optional: true}");
    assert!(found(&two(TOLD, &optional, CONFIG)).is_empty());
}

#[test]
fn waves_of_applications_count_only_where_argo_cd_is_told_their_health() {
    assert_eq!(
        found(&two(NOT_TOLD, NAMESPACE, CONFIG)),
        ["sync-waves-ignored Application argocd/root"]
    );
    // What the settings are is not known: no alarm.
    assert!(found(&two("a: 1\n", NAMESPACE, CONFIG)).is_empty());
}

#[test]
fn within_a_sync_phases_waves_and_kinds_decide() {
    let annotated = |text: &str, annotation: &str| {
        text.replace(
            "namespace: a}",
            &format!("namespace: a, annotations: {{{annotation}}}}}"),
        )
    };
    let root = application("a", "a", "");
    let sync = |objects: &[&str]| {
        let text = objects.join("---\n");
        plan(&[("root.yaml", &root), ("a/a.yaml", &text)])
    };
    let both = sync(&[PODS, CONFIG, NAMESPACE]);
    assert!(found(&both).is_empty());
    let steps = &both.applications[0].steps;
    assert_eq!(steps.len(), 1);
    let order: Vec<String> = steps[0].objects.iter().map(ToString::to_string).collect();
    assert_eq!(order, ["Namespace a", "ConfigMap a/c", "Deployment a/web"]);
    let late = annotated(CONFIG, "argocd.argoproj.io/sync-wave: \"1\"");
    assert_eq!(
        found(&sync(&[PODS, &late])),
        ["sync-deadlock Deployment a/web"]
    );
    let after = annotated(CONFIG, "argocd.argoproj.io/hook: PostSync");
    let hooked = sync(&[PODS, &after]);
    assert_eq!(hooked.applications[0].steps[1].phase, Phase::PostSync);
    assert_eq!(found(&hooked), ["sync-deadlock Deployment a/web"]);
}

#[test]
fn hooks_that_never_end_are_found() {
    let root = application("a", "a", "");
    let job = |hook: &str, ttl: u8| {
        format!(
            "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: j, namespace: a, annotations: {{helm.sh/hook: \"{hook}\"}}}}\nspec: {{ttlSecondsAfterFinished: {ttl}}}\n"
        )
    };
    for (hook, ttl, expected) in [
        ("pre-install,pre-upgrade", 60, 0),
        ("pre-install,post-install", 60, 1),
        ("post-install", 0, 1),
        ("test", 0, 0),
    ] {
        let plan = plan(&[("root.yaml", &root), ("a/a.yaml", &job(hook, ttl))]);
        assert_eq!(
            plan.findings
                .iter()
                .filter(|finding| finding.code == "sync-hook-hangs")
                .count(),
            expected,
            "{hook}"
        );
    }
}

#[test]
fn circles_end() {
    let (a, b) = (application("a", "b", ""), application("b", "a", ""));
    let plan = plan(&[("a/a.yaml", &a), ("b/b.yaml", &b)]);
    assert_eq!(found(&plan), ["sync-circle Application argocd/a"]);
    let own = application("a", "a", "");
    assert_eq!(
        found(&SyncPlan::of(&Repository::read([("a/a.yaml", own)]))),
        ["sync-circle Application argocd/a"]
    );
}

#[test]
fn a_project_lets_through_what_it_lists() {
    let root = application("a", "a", "");
    let project = |destination: &str, kind: &str| {
        format!(
            "apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: default, namespace: argocd}}
spec:
  sourceRepos: ['https://git.example/*']
  destinations: [{{server: '*', namespace: {destination}}}]
  namespaceResourceWhitelist: [{{group: '', kind: {kind}}}]
"
        )
    };
    let of = |project: &str, object: &str| {
        found(&plan(&[
            ("root.yaml", &root),
            ("project.yaml", project),
            ("a/a.yaml", object),
        ]))
        .len()
    };
    assert_eq!(of(&project("a", "ConfigMap"), CONFIG), 0);
    assert_eq!(of(&project("a", "Secret"), CONFIG), 1);
    assert_eq!(of(&project("'*'", "'*'"), CONFIG), 0);
    assert_eq!(of(&project("a", "'*'"), NAMESPACE), 1);
    // The destination, and the object in it.
    assert_eq!(of(&project("b", "ConfigMap"), CONFIG), 2);
}

#[test]
fn sources_are_pinned_and_there() {
    let floating =
        application("a", "a", "").replace("targetRevision: main", "targetRevision: HEAD");
    assert_eq!(
        found(&plan(&[("root.yaml", &floating), ("a/a.yaml", CONFIG)])),
        ["sync-floating-revision Application argocd/a"]
    );
    let root = application("root", "apps", "");
    let missing = application("a", "b", "");
    let files = [("root.yaml", root.as_str()), ("apps/a.yaml", &missing)];
    assert_eq!(
        found(&plan(&files)),
        ["sync-empty-source Application argocd/a"]
    );
    // Another repository is out of sight.
    let elsewhere = missing.replace("git.example/x", "git.example/y");
    let files = [("root.yaml", root.as_str()), ("apps/a.yaml", &elsewhere)];
    assert!(found(&plan(&files)).is_empty());
    assert_eq!(
        plan(&files).applications[1].outside,
        ["https://git.example/y b"]
    );
}

#[test]
fn a_kind_that_a_controller_makes_cannot_pass_a_dry_run() {
    let root = application("a", "a", "");
    let template = "apiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata: {name: k8sdeny}\nspec: {crd: {spec: {names: {kind: K8sDeny}}}}\n";
    let constraint = |annotations: &str| {
        format!(
            "{template}---\napiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sDeny\nmetadata: {{name: d, annotations: {{argocd.argoproj.io/sync-wave: '1'{annotations}}}}}\n"
        )
    };
    let of = |text: &str| found(&plan(&[("root.yaml", &root), ("a/a.yaml", text)]));
    assert_eq!(of(&constraint("")), ["sync-dry-run K8sDeny d"]);
    assert!(
        of(&constraint(
            ", argocd.argoproj.io/sync-options: SkipDryRunOnMissingResource=true"
        ))
        .is_empty()
    );
}

fn of_bundles(style: Style, bundles: &[&Bundle]) -> SyncPlan {
    let mut registry = crd_validate::Registry::new();
    lab_builder::check::add_definitions(&mut registry);
    let mut gitops = GitOps::new("https://git.example/platform.git").style(style);
    if style == Style::ApplicationSet {
        for bundle in &bundles[1..] {
            let name = bundle.environment().name();
            gitops = gitops.cluster(name, Cluster::Name(name.to_owned()));
        }
    }
    let files = gitops.files(bundles, &registry).unwrap();
    SyncPlan::of(&Repository::read(
        files.into_iter().map(|file| (file.path, file.text)),
    ))
}

#[test]
fn nothing_of_the_lab_is_used_before_it_is_there() {
    let all = ["dev", "stg", "prod"].map(|name| {
        Lab::new(name.parse::<Environment>().unwrap())
            .build()
            .unwrap()
    });
    for style in [Style::Apps, Style::ApplicationSet] {
        let plan = of_bundles(style, &all.iter().collect::<Vec<_>>());
        assert_eq!(found(&plan), [""; 0], "{plan}");
        assert!(plan.applications.len() > 80);
    }
}

#[test]
fn a_plan_does_not_depend_on_the_order_of_files() {
    let lab = Lab::new(Environment::Dev).build().unwrap();
    let mut registry = crd_validate::Registry::new();
    lab_builder::check::add_definitions(&mut registry);
    let mut files = GitOps::new("https://git.example/platform.git")
        .files(&[&lab], &registry)
        .unwrap();
    let text = |files: &[stack_builder::File]| {
        SyncPlan::of(&Repository::read(
            files.iter().map(|file| (file.path.clone(), &file.text)),
        ))
        .to_string()
    };
    let before = text(&files);
    files.reverse();
    assert_eq!(text(&files), before);
}

/// A component of a random graph: a release between its namespace and what needs both.
#[derive(Debug)]
struct Node {
    id: String,
    needs: Vec<String>,
}

impl Component for Node {
    fn id(&self) -> &str {
        &self.id
    }
    fn requires(&self) -> Vec<&str> {
        self.needs.iter().map(String::as_str).collect()
    }
    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some(self.id.clone()))
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let object = |kind: &str, version: &str, name: &str| serde_json::json!({"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": self.id}});
        out.dynamic_object("namespace.yaml", serde_json::json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.id}}))?;
        let chart = Chart::new("https://charts.example", "example", "chart", "1.0.0");
        let values = Values::typed(&self.id, &serde_json::json!({}))?;
        out.release(Release::new(
            &self.id,
            &self.id,
            chart,
            values,
            &Overlay::new(),
        )?);
        out.dynamic_object("config.yaml", object("ConfigMap", "v1", "config"))?;
        out.wait(
            "it is there",
            &["kubectl", "wait", "--for=create", "configmap/config"],
        );
        // It needs the configuration of all that come before it: each is one more volume.
        let volumes: Vec<_> =
            std::iter::once(serde_json::json!({"name": "own", "configMap": {"name": "config"}}))
                .collect();
        let mut pods = object("Deployment", "apps/v1", "web");
        pods["spec"] = serde_json::json!({
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "web:1"}], "volumes": volumes}},
        });
        out.dynamic_object("web.yaml", pods)?;
        for needed in &self.needs {
            let mut extra = object("ConfigMap", "v1", &format!("for-{}", self.id));
            extra["metadata"]["namespace"] = needed.as_str().into();
            out.dynamic_object("extra.yaml", extra)?;
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn nothing_of_a_random_stack_is_used_before_it_is_there(edges in prop::collection::vec(prop::collection::vec(any::<prop::sample::Index>(), 0..3), 1..9)) {
        let id = |number: usize| if number == 0 { "argocd".to_owned() } else { format!("c{number}") };
        let mut stack = Stack::new("dev", "dev.example.com");
        for (number, needs) in edges.iter().enumerate() {
            let mut needs: Vec<String> = needs.iter().filter(|_| number > 0).map(|index| id(index.index(number))).collect();
            needs.sort();
            needs.dedup();
            stack = stack.with(Node { id: id(number), needs });
        }
        let bundle = stack.build().unwrap();
        let plan = of_bundles(Style::Apps, &[&bundle]);
        prop_assert!(plan.findings.is_empty(), "{}", plan);
        prop_assert!(plan.applications.len() > edges.len());
    }
}
