//! The demo app: a backend, a frontend to call it from, and a load generator.

mod air_gap;
mod verify;

pub(crate) mod chart;
mod workload;

use crate::wiring::Wiring;
use istio_types::security::v1::AuthorizationPolicy;
use istio_types::{Principal, WorkloadSelector};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::{Namespace, Service, ServiceAccount};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kong_types::v1::KongPlugin;
use serde_json::json;

pub use chart::{ChartOverride, DemoChart};
pub use workload::{Probe, Resources, Workload};

use super::kong;
use crate::ids::{DEMO_APP, GATEWAY, ISTIO, KONG, LGTM};
use crate::scope::{Scope, wiring};
use crate::scope::{mesh_namespace, named};
use stack_builder::ImageRef;
use stack_builder::verify::Questions;
use stack_builder::{Bundle, Component, ComponentError, Context, Contribution, Port};

/// The demo app (step 8). Its workloads satisfy the four policies by themselves, since Gatekeeper runs already when
/// they come, and the LimitRange that would help them does not.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoApp {
    /// httpbin. Documented: 2 replicas of `kennethreitz/httpbin:latest` on port 80.
    pub backend: Workload,
    /// curl, asleep, to call from. Documented: 1 replica of `curlimages/curl:latest`.
    pub frontend: Workload,
    /// curl, calling. Documented: a Job with one completion; its image and resources are *(ours: the frontend's)*.
    pub load_generator: Workload,
    /// How many requests the load generator sends straight to the backend. Documented: 50.
    pub east_west_requests: u32,
    /// How many it sends through Kong. Documented: 50.
    pub north_south_requests: u32,
    /// The name of the policy that guards the backend *(ours: `backend-allow`)*.
    pub authorization_policy: String,
    /// The name of the tracing plugin on the backend's route *(ours: `opentelemetry`)*. httpbin makes no spans, so
    /// Kong makes them in its name.
    pub tracing_plugin: String,
    /// The Helm chart of the same workloads, for the exercises with Helm and Argo CD.
    pub chart: DemoChart,
}

impl Default for DemoApp {
    fn default() -> Self {
        let curl = Workload {
            image: "curlimages/curl:latest".into(),
            replicas: 1,
            command: vec!["sleep".into(), "infinity".into()],
            port: None,
            run_as_user: 1000,
            resources: Resources::new(("50m", "32Mi"), ("100m", "64Mi")),
            readiness: None,
            liveness: None,
        };
        DemoApp {
            backend: Workload {
                image: "kennethreitz/httpbin:latest".into(),
                replicas: 2,
                command: Vec::new(),
                port: Some(80),
                run_as_user: 1000,
                resources: Resources::new(("100m", "128Mi"), ("200m", "256Mi")),
                readiness: Some(Probe {
                    path: "/status/200".into(),
                    initial_delay_seconds: 5,
                }),
                liveness: Some(Probe {
                    path: "/status/200".into(),
                    initial_delay_seconds: 10,
                }),
            },
            load_generator: Workload {
                command: Vec::new(),
                ..curl.clone()
            },
            frontend: curl,
            east_west_requests: 50,
            north_south_requests: 50,
            authorization_policy: "backend-allow".into(),
            tracing_plugin: "opentelemetry".into(),
            chart: DemoChart::default(),
        }
    }
}

/// The label by which an app's pods are found.
fn app_selector(app: &str) -> std::collections::BTreeMap<String, String> {
    [("app".to_owned(), app.to_owned())].into()
}

impl DemoApp {
    fn namespace_object(&self, context: &Scope<'_>) -> Namespace {
        let demo = &context.wiring.demo;
        let mut namespace = mesh_namespace(&demo.namespace, context);
        let labels = namespace.metadata.labels.get_or_insert_default();
        labels.insert("app".into(), DEMO_APP.into());
        labels.insert("env".into(), context.environment.name().into());
        labels.insert("team".into(), demo.team.clone());
        namespace
    }

    /// Name, namespace and the labels that the policies ask for.
    fn metadata(&self, context: &Scope<'_>, name: &str, app: &str) -> ObjectMeta {
        let demo = &context.wiring.demo;
        ObjectMeta {
            labels: Some(demo.labels(app, context.environment)),
            ..named(&demo.namespace, name)
        }
    }

    /// A workload in the cluster, with the labels that the policies ask for.
    fn workload(
        &self,
        context: &Scope<'_>,
        app: &str,
        service_account: &str,
        workload: &Workload,
        image: &ImageRef,
    ) -> stack_builder::Workload {
        let demo = &context.wiring.demo;
        workload
            .in_cluster(&demo.namespace, app, service_account, image)
            .labelled(demo.labels(app, context.environment), app_selector(app))
    }

    fn service_account(&self, context: &Scope<'_>, app: &str) -> ServiceAccount {
        ServiceAccount {
            metadata: self.metadata(context, app, app),
            ..ServiceAccount::default()
        }
    }

    fn deployment(
        &self,
        context: &Scope<'_>,
        app: &str,
        workload: &Workload,
        image: &ImageRef,
    ) -> Deployment {
        self.workload(context, app, app, workload, image)
            .deployment()
    }

    fn service(&self, context: &Scope<'_>) -> Service {
        let demo = &context.wiring.demo;
        let port = self.backend.port.unwrap_or(demo.backend_port);
        stack_builder::Workload::new(&demo.namespace, &demo.backend, &self.backend.image)
            .labelled(
                demo.labels(&demo.backend, context.environment),
                app_selector(&demo.backend),
            )
            .port(Port::new("http", port).served_on(demo.backend_port))
            .service()
    }

    fn job(&self, context: &Scope<'_>, image: &ImageRef) -> Job {
        let demo = &context.wiring.demo;
        let workload = Workload {
            replicas: 1,
            command: vec!["sh".into(), "-c".into(), self.load_script(context)],
            ..self.load_generator.clone()
        };
        // It calls as the frontend, which the policy lets in.
        let (name, caller) = (&demo.load_generator, &demo.frontend);
        self.workload(context, name, caller, &workload, image)
            .job(2)
    }

    /// First straight to the backend, then through Kong. A request that fails is counted and does not stop the others.
    fn load_script(&self, context: &Scope<'_>) -> String {
        let wiring = context.wiring;
        let mut script = String::from("set -u\nfailed=0\n");
        let mut burst = |what: &str, requests: u32, arguments: &str| {
            script.push_str(&format!(
                r#"i=1
while [ "$i" -le {requests} ]; do
  code=$(curl -s -o /dev/null -w '%{{http_code}}' --max-time 10 {arguments}) || true
  echo "{what} #$i: HTTP $code"
  [ "$code" = 200 ] || failed=$((failed + 1))
  i=$((i + 1))
done
"#
            ));
        };
        burst(
            "E-W",
            self.east_west_requests,
            &format!("{}/get", wiring.demo.backend_url()),
        );
        if context.has(GATEWAY) {
            let host = context.environment.host(&wiring.hosts.api);
            let url = format!("-H 'Host: {host}' {}/get", wiring.gateway.proxy_url());
            burst("N-S", self.north_south_requests, &url);
        }
        script.push_str("echo \"failed: $failed\"\n[ \"$failed\" -eq 0 ]\n");
        script
    }

    /// Only Kong's proxy and the frontend reach the backend, by the identity of their ServiceAccounts.
    fn authorization_policy(&self, context: &Scope<'_>) -> AuthorizationPolicy {
        let (wiring, demo) = (context.wiring, &context.wiring.demo);
        let principal = |namespace: &str, account: &str| {
            Principal::new(namespace, account).in_trust_domain(&wiring.mesh.trust_domain)
        };
        AuthorizationPolicy::allow_service_accounts(
            &self.authorization_policy,
            &demo.namespace,
            WorkloadSelector::labels(app_selector(&demo.backend)),
            [
                principal(&wiring.gateway.namespace, &wiring.gateway.service_account),
                principal(&demo.namespace, &demo.frontend),
            ],
        )
    }

    /// Kong reports each request as a span of the backend, all of them: the collector decides which are kept.
    fn tracing(&self, context: &Scope<'_>) -> KongPlugin {
        let demo = &context.wiring.demo;
        let endpoint = context
            .wiring
            .telemetry
            .otlp_traces_url(&context.wiring.cluster);
        KongPlugin::new(&self.tracing_plugin, "opentelemetry".to_owned())
            .in_namespace(&demo.namespace)
            .with_config(json!({
                "traces_endpoint": endpoint,
                "resource_attributes": {"service.name": demo.backend},
                "sampling_rate": 1,
            }))
    }
}

impl Component for DemoApp {
    fn id(&self) -> &str {
        DEMO_APP
    }

    fn namespace(&self, context: &Context<'_>) -> Result<Option<String>, ComponentError> {
        let wiring: &Wiring = context.wiring()?;
        Ok(Some(wiring.demo.namespace.clone()))
    }

    fn after(&self) -> Vec<&str> {
        vec![GATEWAY, ISTIO, LGTM]
    }

    fn step(&self) -> Option<u8> {
        Some(8)
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let context = &Scope::of(context)?;
        let demo = &context.wiring.demo;
        let backend = out.image("backend", &self.backend.image)?;
        let frontend = out.image("frontend", &self.frontend.image)?;
        let load_generator = out.image("load-generator", &self.load_generator.image)?;

        out.object("namespace.yaml", self.namespace_object(context))?;
        for app in [&demo.backend, &demo.frontend] {
            out.object("service-accounts.yaml", self.service_account(context, app))?;
        }
        out.object(
            "backend.yaml",
            self.deployment(context, &demo.backend, &self.backend, &backend),
        )?;
        out.object("backend.yaml", self.service(context))?;
        out.object(
            "frontend.yaml",
            self.deployment(context, &demo.frontend, &self.frontend, &frontend),
        )?;
        if context.mesh() {
            out.object(
                "authorization-policy.yaml",
                self.authorization_policy(context),
            )?;
        }
        if context.has(GATEWAY) {
            let (api, port) = (&context.wiring.hosts.api, demo.backend_port);
            let mut route = kong::route(
                context,
                &demo.namespace,
                "demo-api",
                api,
                &demo.backend,
                port,
            )?;
            if context.has(KONG) && context.has(LGTM) {
                out.object("tracing-plugin.yaml", self.tracing(context))?;
                route.metadata.annotations =
                    Some([("konghq.com/plugins".to_owned(), self.tracing_plugin.clone())].into());
            }
            out.object("route.yaml", route)?;
            out.access(
                "Demo API",
                context.wiring.gateway.page(&context.environment.host(api)),
                "none",
            );
        }
        for app in [&demo.backend, &demo.frontend] {
            let deployment = format!("deployment/{app}");
            out.wait(
                &format!("{app} is available"),
                &[
                    "kubectl",
                    "rollout",
                    "status",
                    "--namespace",
                    &demo.namespace,
                    &deployment,
                    "--timeout=300s",
                ],
            );
        }
        // A Job cannot be changed once it is there: an older one goes first, as the documentation does it.
        out.run(
            "make way for a new run of the load generator",
            &[
                "kubectl",
                "delete",
                "job",
                "--namespace",
                &demo.namespace,
                &demo.load_generator,
                "--ignore-not-found",
            ],
        );
        out.object(
            "load-generator/job.yaml",
            self.job(context, &load_generator),
        )?;
        let images = chart::Images {
            backend: &backend,
            frontend: &frontend,
            load_generator: &load_generator,
        };
        chart::contribute(self, context, images, out)?;
        air_gap::add(out.air_gap())
    }

    fn verify(&self, bundle: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        verify::ask(wiring(bundle)?, bundle, questions);
        Ok(())
    }
}
