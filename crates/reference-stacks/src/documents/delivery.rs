//! Delivery: Argo CD's applications, a chart, overlays, and CI.

use std::collections::BTreeMap;

use argocd_types::v1alpha1::*;
use kube_yaml::to_string;
use serde_json::{Value, json};
use stack_config::kustomize::Kustomization;
use stack_config::template::Holes;
use stack_config::workflow::{Access, Job, Step, Triggers, Workflow, expression};

use super::landscape;
use super::{Change, Document, DocumentError};
use crate::script::{Script, Section, words};

/// Where the concept's repository lies.
pub const INFRA: &str = "https://github.com/acme/infra";

/// The observability stack, from Git, tried again when a sync fails.
pub fn observability_stack() -> Application {
    let source = ApplicationSource::git(
        "https://github.com/company/platform-manifests",
        "observability",
    );
    let retry = RetryStrategy::times(5).waiting("5s", 2);
    let policy = SyncPolicy::automatic().create_namespace().retry(retry);
    let spec = ApplicationSpec::new("platform")
        .from_source(
            source
                .at("HEAD")
                .with_value_files(["values-production.yaml"]),
        )
        .to_local_cluster("observability")
        .synced(policy);
    Application::new("observability-stack", spec).in_namespace("argocd")
}

fn api_in(namespace: &str, values: &str, policy: SyncPolicy) -> ApplicationSpec {
    let source = ApplicationSource::git(INFRA, "helm/api");
    ApplicationSpec::new("default")
        .from_source(source.at("main").with_value_files([values]))
        .to_local_cluster(namespace)
        .synced(policy)
}

/// The API in production. Its namespace gets the labels that the concept's own constraint demands.
pub fn api() -> Application {
    let labels = [("owner", "acme"), ("team", "api")];
    let labels = labels.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let policy = SyncPolicy {
        managed_namespace_metadata: Some(ManagedNamespaceMetadata {
            labels: BTreeMap::from(labels),
            ..ManagedNamespaceMetadata::default()
        }),
        ..SyncPolicy::automatic().create_namespace()
    };
    Application::new("api", api_in("prod", "values-prod.yaml", policy)).in_namespace("argocd")
}

/// The API in two environments, from one template.
pub fn apps() -> ApplicationSet {
    let elements = ["dev", "prod"].map(|to| {
        json!({"name": format!("api-{to}"), "namespace": to, "values": format!("values-{to}.yaml")})
    });
    let spec = api_in("{{namespace}}", "{{values}}", SyncPolicy::automatic());
    let template = ApplicationSetTemplate::new("{{name}}", spec);
    let generators = [ApplicationSetGenerator::list(elements)];
    ApplicationSet::new("apps", ApplicationSetSpec::new(generators, template))
        .in_namespace("argocd")
}

/// The chart's default values.
pub fn chart_values() -> Value {
    json!({
        "image": {"repository": "ghcr.io/acme/api", "tag": "1.4.7"},
        "replicaCount": 3,
        "resources": {
            "requests": {"cpu": "200m", "memory": "256Mi"},
            "limits": {"cpu": "1", "memory": "512Mi"},
        },
    })
}

/// The chart's Deployment as far as it is printed: without selector and labels, which a server demands.
///
/// # Errors
/// When the template cannot be written.
pub fn chart_template_as_printed() -> Result<String, DocumentError> {
    let mut holes = Holes::default();
    let object = chart_deployment(&mut holes, false);
    Ok(holes.write(&object)?)
}

/// The chart's Deployment, whole.
///
/// # Errors
/// When the template cannot be written.
pub fn chart_template() -> Result<String, DocumentError> {
    let mut holes = Holes::default();
    let object = chart_deployment(&mut holes, true);
    Ok(holes.write(&object)?)
}

fn chart_deployment(holes: &mut Holes, whole: bool) -> Value {
    let labels = json!({"app": "api"});
    let mut object = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": holes.bare(r#"include "api.fullname" ."#)},
        "spec": {"replicas": holes.bare(".Values.replicaCount")},
    });
    if whole {
        object["metadata"]["labels"] = labels.clone();
        object["spec"]["selector"] = json!({"matchLabels": labels});
        object["spec"]["template"] = json!({"metadata": {"labels": labels}});
    }
    object["spec"]["template"]["spec"] = json!({
        "containers": [{
            "name": "api",
            "image": holes.text("{{ .Values.image.repository }}:{{ .Values.image.tag }}"),
            // Printed two columns further in than its parent asks for.
            "resources": holes.block_at(".Values.resources", 10),
        }],
    });
    object
}

/// The base and its two overlays, as a folder of files: `dev` with names of its own, `prod` with more pods, more resources and an
/// annotation.
///
/// # Errors
/// When a file cannot be written.
pub fn kustomize() -> Result<Vec<(String, String)>, DocumentError> {
    let base = Kustomization::of(["deployment.yaml", "service.yaml"]);
    let dev = Kustomization::of(["../../base"])
        .prefixed("dev-")
        .in_namespace("dev")
        .scaled("api", 1);
    let more = json!([
        {"op": "replace", "path": "/spec/template/spec/containers/0/resources/requests", "value": {"cpu": "500m", "memory": "512Mi"}},
        {"op": "replace", "path": "/spec/template/spec/containers/0/resources/limits", "value": {"cpu": "2", "memory": "1Gi"}},
    ]);
    let prod = Kustomization::of(["../../base"])
        .in_namespace("prod")
        .scaled("api", 6)
        .patched("Deployment", "api", to_string(&more)?)
        .annotated("acme.example/on-call", "team-api");
    let file = |path: &str, text: String| (path.to_owned(), text);
    Ok(vec![
        file("base/deployment.yaml", to_string(&landscape::deployment())?),
        file("base/service.yaml", to_string(&landscape::service())?),
        file("base/kustomization.yaml", to_string(&base)?),
        file("overlays/dev/kustomization.yaml", to_string(&dev)?),
        file("overlays/prod/kustomization.yaml", to_string(&prod)?),
    ])
}

/// Builds the image and pushes it, as it is printed.
///
/// # Errors
/// When the workflow cannot be serialised.
pub fn workflow_as_printed() -> Result<Workflow, DocumentError> {
    let image = format!(
        "ghcr.io/{}:{}",
        expression("github.repository"),
        expression("github.sha")
    );
    let script = format!("docker build -t {image} .\ndocker push {image}\n");
    let job = Job::on(
        "ubuntu-latest",
        [
            Step::uses("actions/checkout@v4"),
            Step::uses("docker/setup-buildx-action@v3"),
            sign_in(),
            Step::run("Build & Push", script),
        ],
    );
    Ok(Workflow::new("ci", Triggers::push_to(["main"])).with_job("build", &job)?)
}

fn sign_in() -> Step {
    Step::uses("docker/login-action@v3")
        .with("registry", "ghcr.io")
        .with("username", expression("github.actor"))
        .with("password", expression("secrets.GITHUB_TOKEN"))
}

/// Builds the image and pushes it, with the right to do so and a name without capitals.
///
/// # Errors
/// When the workflow cannot be serialised.
pub fn workflow() -> Result<Workflow, DocumentError> {
    let script = "image=ghcr.io/${GITHUB_REPOSITORY,,}:$GITHUB_SHA\ndocker build -t \"$image\" .\ndocker push \"$image\"\n";
    let job = Job::on(
        "ubuntu-24.04",
        [
            Step::uses("actions/checkout@v4"),
            Step::uses("docker/setup-buildx-action@v3"),
            sign_in(),
            Step::run("Build & Push", script),
        ],
    );
    let workflow = Workflow::new("ci", Triggers::push_to(["main"]))
        .permitting("contents", Access::Read)
        .permitting("packages", Access::Write);
    Ok(workflow.with_job("build", &job)?)
}

/// Istio, the Prometheus Operator, Argo CD, Jaeger, what binds them together, and a look at the pods: as it is printed.
pub fn script_as_printed() -> Script {
    let raw = "https://raw.githubusercontent.com";
    let apply = |path: &str| words(&format!("kubectl apply -f {raw}/{path}"));
    Script::new(
        "Puts the concept stack into a cluster.",
        "Deploying CNCF Stack...",
    )
    .section(
        Section::new("Istio", "Installing Istio...")
            .run(words(
                "istioctl install --set values.defaultRevision=default -y",
            ))
            .run(words(
                "kubectl label namespace default istio-injection=enabled",
            )),
    )
    .section(
        Section::new("Prometheus Operator", "Installing Prometheus Operator...").run(apply(
            "prometheus-operator/prometheus-operator/main/bundle.yaml",
        )),
    )
    .section(
        Section::new("Argo CD", "Installing ArgoCD...")
            .run(words("kubectl create namespace argocd"))
            .run(words(&format!(
                "kubectl apply -n argocd -f {raw}/argoproj/argo-cd/stable/manifests/install.yaml"
            ))),
    )
    .section(
        Section::new("Jaeger", "Installing Jaeger...")
            .run(apply(
                "jaegertracing/jaeger-operator/main/deploy/crds/jaegertracing.io_jaegers_crd.yaml",
            ))
            .run(apply(
                "jaegertracing/jaeger-operator/main/deploy/operator.yaml",
            )),
    )
    .section(integration())
    .section(status())
    .ending("CNCF Stack deployment completed!")
}

/// The same from releases, with namespaces that may be there already, and with waits between what depends on each other. Jaeger 2
/// is one program that reads OTLP; its operator is that of OpenTelemetry.
pub fn script() -> Script {
    let release = |owner: &str, tag: &str, file: &str| {
        words(&format!(
            "kubectl apply --server-side -f https://github.com/{owner}/releases/download/{tag}/{file}"
        ))
    };
    let ready = |namespace: &str, deployment: &str| {
        words(&format!(
            "kubectl rollout status -n {namespace} deployment/{deployment} --timeout=5m"
        ))
    };
    Script::new("Puts the concept stack into a cluster.", "Deploying CNCF Stack...")
        .section(
            Section::new("Namespaces", "Creating namespaces...")
                .run(words("kubectl apply -f ./manifests/namespaces.yaml")),
        )
        .section(
            Section::new("Istio", "Installing Istio...")
                .run(words("istioctl install --set values.defaultRevision=default -y"))
                .run(words("kubectl label namespace default istio-injection=enabled --overwrite")),
        )
        .section(
            Section::new("Prometheus Operator", "Installing Prometheus Operator...")
                .run(release("prometheus-operator/prometheus-operator", "v0.93.0", "bundle.yaml"))
                .run(ready("default", "prometheus-operator")),
        )
        .section(
            Section::new("Argo CD", "Installing ArgoCD...")
                .run(words(
                    "kubectl apply --server-side -n argocd -f \
                     https://raw.githubusercontent.com/argoproj/argo-cd/v3.3.2/manifests/install.yaml",
                ))
                .run(ready("argocd", "argocd-server")),
        )
        .section(
            Section::new("Jaeger", "Installing Jaeger...")
                .run(words("kubectl apply -f ./manifests/jaeger/")),
        )
        .section(integration())
        .section(Section {
            // They are in a manifest, so nothing is asked of namespaces that nobody makes.
            commands: ["istio-system", "argocd", "observability"]
                .map(|namespace| words(&format!("kubectl get pods --namespace={namespace}")))
                .into(),
            ..status()
        })
        .ending("CNCF Stack deployment completed!")
}

fn integration() -> Section {
    ["observability", "service-mesh", "gitops"].iter().fold(
        Section::new(
            "integration configuration",
            "Applying integration configurations...",
        ),
        |section, folder| section.run(words(&format!("kubectl apply -f ./manifests/{folder}/"))),
    )
}

fn status() -> Section {
    ["istio-system", "argocd", "observability"].iter().fold(
        Section::new("status check", "Checking deployment status..."),
        |section, namespace| section.run(words(&format!("kubectl get pods -n {namespace}"))),
    )
}

pub(super) fn documents() -> Result<Vec<Document>, DocumentError> {
    Ok(vec![
        Document::printed(
            "000-4-Application-observability-stack.yaml",
            &observability_stack(),
        )?,
        Document::commands(
            "000-4-Script-deploy-cncf-stack.sh",
            script_as_printed().commands(),
        )
        .with_fault(
            "script-manifest-floats",
            "four manifests are taken from a branch: the stack is another one tomorrow; those of the Jaeger operator have gone",
        )
        .with_fault(
            "script-annotation-too-long",
            "the definitions of the Prometheus Operator and of Argo CD are longer than the annotation of `kubectl apply`",
        )
        .with_fault("script-runs-once", "the script fails at its second run")
        .with_fault(
            "script-namespace-never-made",
            "namespace observability is asked for, and nobody makes it",
        )
        .with_corrected_script(&script()),
        Document::printed("001-10.1-HelmValues-api.yaml", &chart_values())?,
        Document::text(
            "001-10.1-HelmTemplate-deployment.yaml.tpl",
            chart_template_as_printed()?,
        )
        .with_fault(
            "admission",
            "the excerpt has no selector and no labels for its pods, which a server demands",
        )
        .with_corrected_text(chart_template()?),
        Document::mended(
            "001-10.3-Application-api.yaml",
            &api(),
            vec![
                Change::Set("/spec/project", "default".into()),
                Change::Set(
                    "/spec/syncPolicy/managedNamespaceMetadata",
                    json!({"labels": {"owner": "acme", "team": "api"}}),
                ),
            ],
        )?
        .with_fault("admission", "`spec.project` is missing, which the definition demands")
        .with_fault(
            "policy-denies",
            "Argo CD makes namespace prod without the labels that the printed constraint demands, and the sync fails",
        ),
        Document::mended(
            "001-10.3-ApplicationSet-apps.yaml",
            &apps(),
            vec![
                Change::Set("/metadata/namespace", "argocd".into()),
                Change::Set("/spec/template/spec/project", "default".into()),
                Change::Remove("/spec/template/metadata/namespace"),
            ],
        )?
        .with_fault("admission", "`spec.template.spec.project` is missing, which the definition demands")
        .with_fault(
            "application-set-namespace",
            "`metadata.namespace` of the template has no effect: Applications come into the namespace of the set",
        ),
        Document::printed("001-10.4-GitHubWorkflow-ci.yaml", &workflow_as_printed()?)?
            .with_fault(
                "workflow-may-not-push",
                "the token may only read packages, unless the repository is old: the push is refused",
            )
            .with_fault(
                "workflow-image-in-capitals",
                "an image name may have no capitals, and `github.repository` keeps those of the owner",
            )
            .with_corrected(&workflow()?)?,
    ])
}
