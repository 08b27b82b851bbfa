//! The demo app as a Helm chart, made from the same objects as the raw manifests.
//!
//! The chart lies where the documentation has it, below Argo CD's folder, with the six documented templates. Filled in
//! with its default values, the namespace and the load generator switched on, it gives the raw manifests; only the
//! annotations for Argo CD's sync waves are added. See [`template`] for how that is guaranteed.

mod template;

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::Error as _;
use serde_json::{Value, json};

use self::template::{Helper, Holes, Templates};
use super::{DemoApp, Resources, Workload};
use crate::components::ARGOCD;
use crate::environment::{CustomEnvironment, Environment};
use crate::scope::Scope;
use kube_vocab::{Quantity, QuantityError};
use kube_yaml::Order;
use stack_builder::ImageRef;
use stack_builder::Values;
use stack_builder::render::yaml;
use stack_builder::{ComponentError, Contribution, Place};

/// The demo app's Helm chart.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoChart {
    /// The chart's name, and the name of its release in the exercises. Documented: `demo-app`.
    pub name: String,
    /// The chart's version. Documented: 0.1.0.
    pub version: String,
    /// The version of the app in it. Documented: 1.0.0.
    pub app_version: String,
    /// What other environments change: one `values-<environment>.yaml` each. Documented: stg and prod.
    pub overrides: Vec<ChartOverride>,
}

/// What one environment changes of the chart's default values.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartOverride {
    /// The environment: it sets the `env` label and the domain, and names the file.
    pub environment: Environment,
    /// How many times the default resources the backend and the frontend get. Documented: 2 in stg, 4 in prod.
    pub resource_factor: u32,
    /// How many backend pods. Documented: 4 in prod, the default in stg.
    pub backend_replicas: Option<i32>,
    /// The tag to which the backend's image is pinned. Documented: `0.9.2` in prod.
    pub backend_tag: Option<String>,
    /// The tag to which curl is pinned, for the frontend and the load generator. Documented: pinned in prod; the tag is
    /// that of the curl image in the exercises, `8.5.0`.
    pub curl_tag: Option<String>,
}

impl Default for DemoChart {
    fn default() -> Self {
        DemoChart {
            name: "demo-app".into(),
            version: "0.1.0".into(),
            app_version: "1.0.0".into(),
            overrides: vec![
                ChartOverride {
                    environment: Environment::Stg,
                    resource_factor: 2,
                    backend_replicas: None,
                    backend_tag: None,
                    curl_tag: None,
                },
                ChartOverride {
                    environment: Environment::Prod,
                    resource_factor: 4,
                    backend_replicas: Some(4),
                    backend_tag: Some("0.9.2".into()),
                    curl_tag: Some("8.5.0".into()),
                },
            ],
        }
    }
}

/// Where Argo CD's Application and the exercises look for the chart, below Argo CD's folder.
pub(crate) const FOLDER: &str = "apps/demo-app";
/// The annotation by which Argo CD orders what it applies; lower goes first.
const SYNC_WAVE: &str = "argocd.argoproj.io/sync-wave";

/// The images as they stand in the manifests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Images<'a> {
    pub(super) backend: &'a ImageRef,
    pub(super) frontend: &'a ImageRef,
    pub(super) load_generator: &'a ImageRef,
}

/// One template: its file, the value that switches it on, and its objects.
struct Source {
    file: &'static str,
    condition: Option<&'static str>,
    objects: Vec<Placed>,
}

/// An object of a template, and whose values it takes.
struct Placed {
    workload: Option<&'static str>,
    value: Value,
}

/// What the raw manifests and the templates are both made from.
fn sources(
    app: &DemoApp,
    context: &Scope<'_>,
    images: Images<'_>,
) -> Result<Vec<Source>, ComponentError> {
    let demo = &context.wiring.demo;
    let source = |file, condition, objects| Source {
        file,
        condition,
        objects,
    };
    Ok(vec![
        source(
            "namespace.yaml",
            Some("namespace.create"),
            vec![placed(None, -1, app.namespace_object(context))?],
        ),
        // The backend's own account has no documented file; it stands with its Deployment.
        source(
            "backend-deployment.yaml",
            None,
            vec![
                placed(None, 0, app.service_account(context, &demo.backend))?,
                placed(
                    Some("backend"),
                    1,
                    app.deployment(context, &demo.backend, &app.backend, images.backend),
                )?,
            ],
        ),
        source(
            "backend-service.yaml",
            None,
            vec![placed(None, 1, app.service(context))?],
        ),
        source(
            "frontend-deployment.yaml",
            None,
            vec![placed(
                Some("frontend"),
                1,
                app.deployment(context, &demo.frontend, &app.frontend, images.frontend),
            )?],
        ),
        source(
            "frontend-sa.yaml",
            None,
            vec![placed(
                None,
                0,
                app.service_account(context, &demo.frontend),
            )?],
        ),
        source(
            "load-generator-job.yaml",
            Some("loadGenerator.enabled"),
            vec![placed(
                Some("loadGenerator"),
                2,
                app.job(context, images.load_generator),
            )?],
        ),
    ])
}

/// Documented waves: Namespace -1, ConfigMap 0, Deployment 1, Job 2. ServiceAccounts *(ours)* come with the ConfigMaps,
/// because pods need both, and the Service *(ours)* with its Deployment.
fn placed(
    workload: Option<&'static str>,
    wave: i32,
    object: impl Serialize,
) -> Result<Placed, ComponentError> {
    // Not by serde_json, for which the types would be compiled once more.
    let value = kube_yaml::emitted_value(Order::Given, &object);
    let mut value = value.map_err(|error| ComponentError::Serialize {
        path: FOLDER.to_owned(),
        source: serde_json::Error::custom(error),
    })?;
    value["metadata"]["annotations"][SYNC_WAVE] = wave.to_string().into();
    Ok(Placed { workload, value })
}

/// The app with marks wherever the values decide, as [`template`] needs it.
struct Marked {
    app: DemoApp,
    environment: CustomEnvironment,
    wiring: crate::wiring::Wiring,
    images: [ImageRef; 3],
    holes: Holes,
}

fn mark(app: &DemoApp, context: &Scope<'_>, images: Images<'_>) -> Result<Marked, ComponentError> {
    let mut holes = Holes::default();
    let (environment, demo) = (context.environment, &context.wiring.demo);
    let name = holes.text("global.env", environment.name());
    let team = holes.text("global.team", &demo.team);
    let domain = holes.text("global.domain", environment.domain());
    let namespace = holes.text_by(
        "namespace.name",
        demo.namespace.as_str().into(),
        &demo.namespace,
        r#"include "demo-app.namespace" ."#.to_owned(),
    );
    let mut wiring = context.wiring.clone();
    wiring.demo.namespace = namespace;
    wiring.demo.team = team;

    let mut marked = app.clone();
    let image = |holes: &mut Holes, key: &str, image: &ImageRef| {
        let mark = holes.image(
            &format!("{key}.image"),
            image_value(image),
            &image.to_string(),
        );
        mark.parse::<ImageRef>()
            .map_err(|source| ComponentError::Image {
                used_by: key.to_owned(),
                source,
            })
    };
    let user = |holes: &mut Holes, key: &str, workload: &mut Workload| {
        workload.run_as_user = holes
            .number(&format!("{key}.runAsUser"), workload.run_as_user)
            .into();
    };
    let backend = image(&mut holes, "backend", images.backend)?;
    marked.backend.replicas = holes.number("backend.replicas", app.backend.replicas.into());
    user(&mut holes, "backend", &mut marked.backend);
    let frontend = image(&mut holes, "frontend", images.frontend)?;
    marked.frontend.replicas = holes.number("frontend.replicas", app.frontend.replicas.into());
    user(&mut holes, "frontend", &mut marked.frontend);
    let load_generator = image(&mut holes, "loadGenerator", images.load_generator)?;
    marked.east_west_requests = holes
        .number(
            "loadGenerator.eastWestRequests",
            app.east_west_requests.into(),
        )
        .unsigned_abs();
    marked.north_south_requests = holes
        .number(
            "loadGenerator.northSouthRequests",
            app.north_south_requests.into(),
        )
        .unsigned_abs();
    user(&mut holes, "loadGenerator", &mut marked.load_generator);

    let environment =
        CustomEnvironment::new(name, domain).map_err(|error| ComponentError::Field {
            field: "chart".to_owned(),
            found: "an environment without a mark".to_owned(),
            expected: error.to_string(),
        })?;
    Ok(Marked {
        app: marked,
        environment,
        wiring,
        images: [backend, frontend, load_generator],
        holes,
    })
}

/// An image as the values keep it, so that a tag can be changed on its own.
fn image_value(image: &ImageRef) -> Value {
    let mut value = json!({"repository": image.name()});
    for (key, part) in [("tag", image.tag()), ("digest", image.digest())] {
        if let Some(part) = part {
            value[key] = part.into();
        }
    }
    value
}

/// Where the parts stand that all templates write in the same way.
const OBJECT_LABELS: &str = "/metadata/labels";
const POD_LABELS: &str = "/spec/template/metadata/labels";
const POD_SECURITY: &str = "/spec/template/spec/securityContext";
const CONTAINER_SECURITY: &str = "/spec/template/spec/containers/0/securityContext";
const RESOURCES: &str = "/spec/template/spec/containers/0/resources";

/// Adds the chart's files.
pub(super) fn contribute(
    app: &DemoApp,
    context: &Scope<'_>,
    images: Images<'_>,
    out: &mut Contribution,
) -> Result<(), ComponentError> {
    let chart = &app.chart;
    pinned(app, out)?;
    let marked = mark(app, context, images)?;
    let [backend, frontend, load_generator] = &marked.images;
    let marked_context = context.with(&marked.environment, &marked.wiring);
    let marked_images = Images {
        backend,
        frontend,
        load_generator,
    };

    let mut templates = Templates::new(&marked.holes);
    let mut lifted: Vec<(String, Value)> = Vec::new();
    let mut file = |path: &str, text: String| {
        out.file(
            Place::Of(ARGOCD.to_owned(), format!("{FOLDER}/{path}")),
            text,
        )
    };
    for (real, marked) in sources(app, context, images)?.iter().zip(&sources(
        &marked.app,
        &marked_context,
        marked_images,
    )?) {
        let mut text = String::new();
        for (real, marked) in real.objects.iter().zip(&marked.objects) {
            if !text.is_empty() {
                text.push_str("---\n");
            }
            text.push_str(&object(&mut templates, real, marked, &mut lifted)?);
        }
        if let Some(condition) = real.condition {
            text = format!("{{{{- if .Values.{condition} }}}}\n{text}{{{{- end }}}}\n");
        }
        file(&format!("templates/{}", real.file), text)?;
    }

    file("templates/_helpers.tpl", helpers(&templates))?;
    file("Chart.yaml", yaml::document(&metadata(chart)))?;
    let defaults = defaults(&marked.holes, &templates, lifted)?;
    let comment = format!(
        "Defaults: environment {}, as in the raw manifests.",
        context.environment
    );
    file("values.yaml", yaml::commented(&comment, &defaults))?;
    for change in &chart.overrides {
        let name = change.environment.name();
        let comment = format!(
            "What environment {name} changes: helm template {} . -f values-{name}.yaml",
            chart.name
        );
        file(
            &format!("values-{name}.yaml"),
            yaml::commented(&comment, &overrides(app, change, &defaults)?),
        )?;
    }
    Ok(())
}

fn object(
    templates: &mut Templates<'_>,
    real: &Placed,
    marked: &Placed,
    lifted: &mut Vec<(String, Value)>,
) -> Result<String, ComponentError> {
    let mut lifts = Vec::new();
    let mut helpers = Vec::new();
    // The namespace has labels of the mesh, too.
    let labels = real.value["metadata"]["labels"].as_object();
    let app = labels
        .filter(|labels| labels.len() == 3)
        .and_then(|labels| labels.get("app")?.as_str());
    let labels = app.map(|app| format!(r#"(dict "app" "{app}" "root" .)"#));
    if let Some(argument) = &labels {
        for pointer in [OBJECT_LABELS, POD_LABELS] {
            helpers.push(Helper {
                name: "demo-app.labels",
                pointer,
                argument,
                members: &[
                    ("app", ".app"),
                    ("env", ".root.Values.global.env"),
                    ("team", ".root.Values.global.team"),
                ],
            });
        }
    }
    let keys = real.workload.map(|workload| {
        (
            format!(".Values.{workload}"),
            format!("{workload}.resources"),
        )
    });
    if let Some((argument, resources)) = &keys {
        helpers.push(Helper {
            name: "demo-app.podSecurityContext",
            pointer: POD_SECURITY,
            argument,
            members: &[("runAsUser", ".runAsUser")],
        });
        helpers.push(Helper {
            name: "demo-app.containerSecurityContext",
            pointer: CONTAINER_SECURITY,
            argument: ".",
            members: &[],
        });
        lifts.push((RESOURCES, resources.as_str()));
        if let Some(value) = real.value.pointer(RESOURCES) {
            lifted.push((resources.clone(), value.clone()));
        }
    }
    templates.object(&real.value, &marked.value, &lifts, &helpers)
}

/// Images that run only where the chart is installed with the values of another environment.
fn pinned(app: &DemoApp, out: &mut Contribution) -> Result<(), ComponentError> {
    for change in &app.chart.overrides {
        let comment = format!(
            "exercise 11-3, with the chart's values-{}.yaml",
            change.environment.name()
        );
        for (key, image, tag) in [
            ("backend", &app.backend.image, &change.backend_tag),
            ("frontend", &app.frontend.image, &change.curl_tag),
        ] {
            if let (Some(tag), Ok(image)) = (tag, image.parse::<ImageRef>()) {
                out.exercise_image(key, &format!("{}:{tag}", image.name()), &comment)?;
            }
        }
    }
    Ok(())
}

fn metadata(chart: &DemoChart) -> Value {
    json!({
        "apiVersion": "v2",
        "name": chart.name,
        "description": "The demo app: httpbin behind Kong, a curl to call it from, and a load generator",
        "type": "application",
        "version": chart.version,
        "appVersion": chart.app_version,
    })
}

/// The helpers: those that were found in the objects, and the two that make one text from several values.
fn helpers(templates: &Templates<'_>) -> String {
    let mut text = String::from(
        r#"{{/* The namespace; the release's own where none is named. */}}
{{- define "demo-app.namespace" -}}
{{ .Values.namespace.name | default .Release.Namespace }}
{{- end }}

{{/* An image from repository, tag and digest. */}}
{{- define "demo-app.image" -}}
{{ .repository }}{{ with .tag }}:{{ . }}{{ end }}{{ with .digest }}@{{ . }}{{ end }}
{{- end }}
"#,
    );
    for (name, body) in templates.helpers() {
        text.push_str(&format!(
            "\n{{{{- define \"{name}\" -}}}}\n{body}{{{{- end }}}}\n"
        ));
    }
    text
}

/// The default values: what stands in the raw manifests, and the two switches.
fn defaults(
    holes: &Holes,
    templates: &Templates<'_>,
    lifted: Vec<(String, Value)>,
) -> Result<Value, ComponentError> {
    let mut values = Values::typed("demo-app", &json!({}))?;
    for hole in holes.iter().filter(|hole| templates.reads(&hole.key)) {
        // Each switch stands with what it switches.
        match hole.key.as_str() {
            // Off, because `helm install --create-namespace` makes it, as documented.
            "namespace.name" => values.set("namespace.create", false),
            "loadGenerator.image" => values.set("loadGenerator.enabled", false),
            _ => {}
        }
        values.set(&hole.key, hole.value.clone());
    }
    for (key, value) in lifted {
        values.set(&key, value);
    }
    Ok(values.into_value())
}

fn overrides(
    app: &DemoApp,
    change: &ChartOverride,
    defaults: &Value,
) -> Result<Value, ComponentError> {
    let mut values = Values::typed("demo-app", &json!({}))?;
    values.set("global.env", change.environment.name());
    if defaults["global"].get("domain").is_some() {
        values.set("global.domain", change.environment.domain());
    }
    for (key, workload, tag) in [
        ("backend", Some(&app.backend), &change.backend_tag),
        ("frontend", Some(&app.frontend), &change.curl_tag),
        ("loadGenerator", None, &change.curl_tag),
    ] {
        if let Some(tag) = tag {
            values.set(&format!("{key}.image.tag"), tag.as_str());
            // A digest would win over the tag.
            if defaults[key]["image"].get("digest").is_some() {
                values.set(&format!("{key}.image.digest"), "");
            }
        }
        if let (true, Some(replicas)) = (key == "backend", change.backend_replicas) {
            values.set("backend.replicas", replicas);
        }
        if let Some(workload) = workload {
            let resources = times(&workload.resources, change.resource_factor, key)?;
            let amounts = |amounts: [(&'static str, &str); 2]| json!(BTreeMap::from(amounts));
            let written = json!({
                "limits": amounts(resources.limits()),
                "requests": amounts(resources.requests()),
            });
            values.set(&format!("{key}.resources"), written);
        }
    }
    Ok(values.into_value())
}

/// So many times the resources.
fn times(resources: &Resources, factor: u32, workload: &str) -> Result<Resources, ComponentError> {
    let scale = |field: &str, text: &str| -> Result<String, ComponentError> {
        let amount: Quantity =
            text.parse()
                .map_err(|QuantityError(text)| ComponentError::Field {
                    field: format!("{workload}.resources.{field}"),
                    found: format!("`{text}`"),
                    expected: "a quantity such as 100m, 2 or 128Mi".to_owned(),
                })?;
        Ok((amount * i64::from(factor)).to_string())
    };
    Ok(Resources {
        request_cpu: scale("request_cpu", &resources.request_cpu)?,
        request_memory: scale("request_memory", &resources.request_memory)?,
        limit_cpu: scale("limit_cpu", &resources.limit_cpu)?,
        limit_memory: scale("limit_memory", &resources.limit_memory)?,
    })
}
