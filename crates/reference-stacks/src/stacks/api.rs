//! The guide's API as a chart, and the Application by which Argo CD installs it.

use gateway_api::v1::{
    HttpBackendRef, HttpRoute, HttpRouteMatch, HttpRouteRule, HttpRouteSpec, ParentReference,
};
use lab_builder::Wiring;
use serde::Serialize;
use serde_json::{Value, json};
use stack_builder::render::yaml;
use stack_builder::{Component, ComponentError, Context, Contribution};
use stack_catalog::lab_builder;
use stack_config::WriteError;
use stack_config::template::Holes;

use crate::documents::delivery;
use crate::documents::landscape;

/// The guide's API: the chart `helm/api`, to be kept in a repository, and an Application that follows it there. Whoever has
/// pushed the chart applies the Application by hand; nothing of it is installed before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    /// The repository with the chart. Default: the guide's, which is nobody's.
    pub repository: String,
}

impl Default for Api {
    fn default() -> Self {
        Api {
            repository: delivery::INFRA.into(),
        }
    }
}

/// The name that objects of the chart have.
const NAME: &str = r#"include "api.fullname" ."#;

impl Api {
    /// The component's id.
    pub const ID: &'static str = "api";

    /// The chart's values: those that are printed, and where requests from outside come in.
    fn values(gateway: &lab_builder::GatewayWiring, host: &str) -> Value {
        let mut values = delivery::chart_values();
        values["gateway"] = json!({"name": gateway.name, "namespace": gateway.namespace});
        values["host"] = host.into();
        values
    }

    fn deployment() -> Result<String, ComponentError> {
        let mut holes = Holes::default();
        let mut object = value(&landscape::deployment())?;
        object["metadata"]["name"] = holes.bare(NAME).into();
        object["spec"]["replicas"] = holes.bare(".Values.replicaCount").into();
        let container = &mut object["spec"]["template"]["spec"]["containers"][0];
        let image = "{{ .Values.image.repository }}:{{ .Values.image.tag }}";
        container["image"] = holes.text(image).into();
        container["resources"] = holes.block(".Values.resources").into();
        written(&holes, &object)
    }

    fn service() -> Result<String, ComponentError> {
        let mut holes = Holes::default();
        let mut object = value(&landscape::service())?;
        object["metadata"]["name"] = holes.bare(NAME).into();
        written(&holes, &object)
    }

    fn route() -> Result<String, ComponentError> {
        let mut holes = Holes::default();
        let name = holes.bare(NAME);
        let rule = HttpRouteRule {
            matches: vec![HttpRouteMatch::path_prefix("/api")],
            backend_refs: vec![HttpBackendRef::service(&name, landscape::PORT)],
            ..HttpRouteRule::default()
        };
        let mut parent = ParentReference::gateway(holes.text("{{ .Values.gateway.name }}"));
        parent.namespace = Some(holes.text("{{ .Values.gateway.namespace }}"));
        let spec = HttpRouteSpec {
            parent_refs: vec![parent],
            hostnames: vec![holes.text("{{ .Values.host }}")],
            rules: vec![rule],
            ..HttpRouteSpec::default()
        };
        written(&holes, &value(&HttpRoute::new(name, spec))?)
    }
}

const HELPERS: &str = "{{- define \"api.fullname\" -}}\n{{- .Release.Name | trunc 63 | trimSuffix \"-\" -}}\n{{- end -}}\n";

impl Component for Api {
    fn id(&self) -> &str {
        Self::ID
    }

    fn after(&self) -> Vec<&str> {
        vec!["argocd", lab_builder::components::GATEWAY]
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let wiring: &Wiring = context.wiring()?;
        let host = context.environment.host(&wiring.hosts.api);
        let metadata = json!({
            "apiVersion": "v2",
            "name": "api",
            "type": "application",
            "version": "0.1.0",
            "appVersion": "1.4.7",
        });
        let prod = json!({"replicaCount": 6});
        let files = [
            ("Chart.yaml", yaml::document(&metadata)),
            (
                "values.yaml",
                yaml::document(&Self::values(&wiring.gateway, &host)),
            ),
            ("values-prod.yaml", yaml::document(&prod)),
            ("templates/_helpers.tpl", HELPERS.to_owned()),
            ("templates/deployment.yaml", Self::deployment()?),
            ("templates/service.yaml", Self::service()?),
            ("templates/route.yaml", Self::route()?),
        ];
        for (file, text) in files {
            out.file(format!("helm/api/{file}"), text)?;
        }
        let mut application = delivery::api();
        if let Some(source) = &mut application.spec.source {
            source.repo_url.clone_from(&self.repository);
        }
        out.exercise("the guide's API", "application.yaml", application)
    }
}

fn value(object: &impl Serialize) -> Result<Value, ComponentError> {
    serde_json::to_value(object).map_err(|source| ComponentError::Serialize {
        path: "helm/api".into(),
        source,
    })
}

fn written(holes: &Holes, object: &Value) -> Result<String, ComponentError> {
    holes
        .write(object)
        .map_err(|error: WriteError| ComponentError::Field {
            field: "helm/api".into(),
            found: error.to_string(),
            expected: "an object that can be written as YAML".into(),
        })
}
