//! Argo CD behind Kong, and the Applications of the exercises.

mod air_gap;
mod verify;

use std::collections::BTreeMap;

use argocd_types::v1alpha1::{
    Application, ApplicationSource, ApplicationSourceHelm, ApplicationSpec, SyncPolicy,
};
use serde::Serialize;

use super::kong;
use crate::documented::documented_pair;
use crate::environment::Profile;
use crate::ids::{ARGOCD, DEMO_APP, GATEWAY, ISTIO};
use crate::scope::Scope;
use crate::scope::namespace;
use stack_builder::verify::Questions;
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, ObjectId, Pods, Provided,
};
use stack_builder::{Chart, Overlay, Release, Values};

/// Argo CD (step 5): one release, its route, and the Applications that exercises 5-1 and 11-4 apply.
#[derive(Clone, Debug, PartialEq)]
pub struct ArgoCd {
    /// The namespace of the release, of the Applications and of their projects. Documented: `argocd`.
    pub namespace: String,
    /// The version of the chart `argo/argo-cd`. Documented: 9.4.5.
    pub version: String,
    /// The values that the documentation sets, and those without which the lab would not run.
    pub values: ArgoCdValues,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// The one image of server, controllers and repository server. Documented: `quay.io/argoproj/argocd:v3.3.2`.
    pub image: String,
    /// The image of the sign-in service Dex. Documented: `ghcr.io/dexidp/dex:v2.44.0`.
    pub dex_image: String,
    /// Redis' image. Documented: `public.ecr.aws/docker/library/redis:8.2.3-alpine`; the chart's default is the same
    /// image under a host name that the documented firewall rules do not cover.
    pub redis_image: String,
    /// The repository of the demo app's chart, for exercise 11-4. Documented with the placeholder `<your-repo>`.
    pub demo_repository: String,
}

/// Values of the chart `argo-cd` that the lab sets.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArgoCdValues {
    /// What becomes Argo CD's ConfigMaps `argocd-cm` and `argocd-cmd-params-cm`.
    pub configs: Configs,
    /// `argocd-server`: the page, the API, and what the program `argocd` talks to.
    pub server: Server,
    /// The application controller, which compares and syncs; more than one pod shares the clusters out. Documented:
    /// 1.
    pub controller: Replicas,
    /// The repository server, which clones and renders manifests. Documented: 1.
    pub repo_server: Replicas,
    /// Makes Applications from ApplicationSets. Documented: one pod.
    pub application_set: Replicas,
    /// Sign-in through other systems. Documented: one pod.
    pub dex: Switch,
    /// The controller that sends messages on events of Applications. Documented: one pod.
    pub notifications: Switch,
    /// Redis with three nodes. Documented: a single Redis instead.
    #[serde(rename = "redis-ha")]
    pub redis_ha: Switch,
}

/// Configuration that Argo CD reads from ConfigMaps: `configs`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Configs {
    /// Command-line parameters, by their name in `argocd-cmd-params-cm`. Documented: `server.insecure: true` in the
    /// lab; in the data centre TLS is a must.
    pub params: BTreeMap<String, bool>,
    /// The ConfigMap `argocd-cm`. Documented: polling every three minutes.
    pub cm: BTreeMap<String, String>,
}

/// The Deployment `argocd-server`: `server`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Server {
    /// Documented: 1 in the lab, 2 in the data centre.
    pub replicas: u32,
    /// The Service to which the route for the page leads.
    pub service: ServerService,
}

/// The Service of the page and the API.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServerService {
    /// Documented: `ClusterIP`, since Kong is in front of it.
    #[serde(rename = "type")]
    pub service_type: String,
    /// What Kong must know of it *(ours)*: in the data centre, that it speaks HTTPS.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

/// Values of a part of which only the number of pods is set.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replicas {
    /// Pods of the part.
    pub replicas: u32,
}

/// Values of a part that is only switched.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Switch {
    /// `true` installs the part.
    pub enabled: bool,
}

const INSECURE: &str = "server.insecure";
const KONG_PROTOCOL: &str = "konghq.com/protocol";

impl Default for ArgoCd {
    fn default() -> Self {
        ArgoCd {
            namespace: "argocd".into(),
            version: "9.4.5".into(),
            values: ArgoCdValues {
                configs: Configs {
                    params: [(INSECURE.to_owned(), true)].into(),
                    cm: [("timeout.reconciliation".to_owned(), "180s".to_owned())].into(),
                },
                server: Server {
                    replicas: 1,
                    service: ServerService {
                        service_type: "ClusterIP".into(),
                        annotations: BTreeMap::new(),
                    },
                },
                controller: Replicas { replicas: 1 },
                repo_server: Replicas { replicas: 1 },
                application_set: Replicas { replicas: 1 },
                dex: Switch { enabled: true },
                notifications: Switch { enabled: true },
                redis_ha: Switch { enabled: false },
            },
            overlay: Overlay::new(),
            image: "quay.io/argoproj/argocd:v3.3.2".into(),
            dex_image: "ghcr.io/dexidp/dex:v2.44.0".into(),
            redis_image: "public.ecr.aws/docker/library/redis:8.2.3-alpine".into(),
            demo_repository: "https://github.com/<your-repo>/interview-prep.git".into(),
        }
    }
}

/// The Service of the page and the API, as the chart names it.
const SERVER: &str = "argocd-server";

impl ArgoCd {
    /// Whether the server speaks plain HTTP.
    fn insecure(&self) -> bool {
        self.values
            .configs
            .params
            .get(INSECURE)
            .copied()
            .unwrap_or(false)
    }

    fn release(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        let mut values = Values::typed(ARGOCD, &self.values)?;
        values.set(
            "global.domain",
            context.environment.host(&context.wiring.hosts.argocd),
        );
        values.set_image("global.image", &out.image("global.image", &self.image)?);
        values.set_image("dex.image", &out.image("dex.image", &self.dex_image)?);
        values.set_image("redis.image", &out.image("redis.image", &self.redis_image)?);
        let chart = Chart::new(
            "https://argoproj.github.io/argo-helm",
            "argo",
            "argo-cd",
            &self.version,
        );
        let documented = ArgoCd::default();
        let pair = documented_pair(
            &documented.version,
            &documented.image,
            &self.image,
            "global.image.tag",
        )?;
        let release = Release::new(ARGOCD, &self.namespace, chart, values, &self.overlay)?;
        Ok(release.paired([pair]))
    }

    /// The Application of exercise 5-1: the public guestbook, synced by itself.
    pub fn guestbook(&self) -> Application {
        let source = ApplicationSource::git(
            "https://github.com/argoproj/argocd-example-apps",
            "guestbook",
        )
        .at("HEAD");
        self.application(
            "test-guestbook",
            "test",
            source,
            SyncPolicy::automatic().create_namespace(),
        )
    }

    /// The Application of exercise 11-4: the demo app from its Helm chart.
    pub fn demo_app(&self, demo_namespace: &str) -> Application {
        let source = ApplicationSource::git(&self.demo_repository, "lab/03-argocd/apps/demo-app")
            .at("main")
            .with_helm(ApplicationSourceHelm::value_files(["values.yaml"]));
        self.application(
            "demo-app-helm",
            demo_namespace,
            source,
            SyncPolicy::automatic(),
        )
    }

    fn application(
        &self,
        name: &str,
        namespace: &str,
        source: ApplicationSource,
        policy: SyncPolicy,
    ) -> Application {
        let spec = ApplicationSpec::new("default")
            .from_source(source)
            .to_local_cluster(namespace)
            .synced(policy);
        Application::new(name, spec).in_namespace(&self.namespace)
    }
}

/// How many pods the chart runs; with several Redis the number is not known.
fn pods(release: &Release) -> Option<Pods> {
    let numbers = [
        ("/controller/replicas", 1),
        ("/server/replicas", 1),
        ("/repoServer/replicas", 1),
        ("/applicationSet/replicas", 1),
        ("/dex/enabled", 1),
        ("/notifications/enabled", 1),
        ("/redis/enabled", 1),
    ];
    let single = release.number("/redis-ha/enabled", 0) == 0;
    single.then(|| Pods::exactly(release.numbers(numbers)))
}

impl Component for ArgoCd {
    fn id(&self) -> &str {
        ARGOCD
    }

    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some(self.namespace.clone()))
    }

    fn after(&self) -> Vec<&str> {
        vec![GATEWAY, ISTIO]
    }

    fn step(&self) -> Option<u8> {
        Some(5)
    }

    fn resize(&mut self, profile: &str) {
        let Some(profile) = Profile::named(profile) else {
            return;
        };
        let values = &mut self.values;
        let (replicas, insecure) = match profile {
            Profile::Lab => (1, true),
            Profile::DataCenter => (2, false),
        };
        values.server.replicas = replicas;
        values.controller.replicas = replicas;
        values.repo_server.replicas = replicas;
        values.configs.params.insert(INSECURE.to_owned(), insecure);
        // Behind Kong, a server with TLS must be spoken to in TLS.
        values.server.service.annotations.remove(KONG_PROTOCOL);
        if !insecure {
            values
                .server
                .service
                .annotations
                .insert(KONG_PROTOCOL.to_owned(), "https".to_owned());
        }
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let context = &Scope::of(context)?;
        out.object("namespace.yaml", namespace(&self.namespace))?;
        let release = self.release(context, out)?;
        out.release(match pods(&release) {
            Some(pods) => release.running(pods),
            None => release,
        });
        let port = if self.insecure() { 80 } else { 443 };
        let host = &context.wiring.hosts.argocd;
        if context.has(GATEWAY) {
            let route = kong::route(context, &self.namespace, ARGOCD, host, SERVER, port)?;
            out.object("route.yaml", route)?;
        }
        let mut applications = vec![("5-1", "apps/test-guestbook.yaml", self.guestbook())];
        if context.has(DEMO_APP) {
            let application = self.demo_app(&context.wiring.demo.namespace);
            applications.push(("11-4", "apps/demo-app-helm.yaml", application));
        }
        for (exercise, file, application) in applications {
            if let Some(source) = &application.spec.source {
                out.air_gap().reach(
                    &source.repo_url,
                    "Git repositories of the exercises, also when the lab runs",
                );
            }
            out.exercise(exercise, file, application)?;
        }
        out.access(
            "Argo CD",
            context
                .wiring
                .gateway
                .page(&context.environment.host(host)),
            format!(
                "admin / `kubectl -n {} get secret argocd-initial-admin-secret -o jsonpath=\"{{.data.password}}\" | base64 -d`",
                self.namespace
            ),
        );
        out.provides(Provided::Service {
            namespace: self.namespace.clone(),
            name: SERVER.into(),
            ports: vec![80, 443],
        });
        out.provides(Provided::ApiGroup("argoproj.io".into()));
        out.provides(Provided::Made {
            object: ObjectId::new("v1", "Secret", Some(&self.namespace), "argocd-redis"),
            by: "the chart's Job `argocd-redis-secret-init`".into(),
        });
        let controller = "argocd-application-controller";
        out.allow(
            "stateful-set-service",
            ObjectId::new("apps/v1", "StatefulSet", Some(&self.namespace), controller),
            "the chart makes no such Service, and nobody looks up the names of these pods",
        );
        out.generates("argocd", &ArgoCd::default().version, &[]);
        air_gap::add(out.air_gap())
    }

    fn verify(&self, bundle: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        verify::ask(bundle, questions);
        Ok(())
    }
}
