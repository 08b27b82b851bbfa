//! The release of Argo Rollouts.

use serde_json::{Map, Value, json};
use stack_builder::{ComponentError, Context, Contribution, Release};

use super::{
    ArgoRollouts, ArgoRolloutsImages, Definitions, Notifications, Plugin, Scope, TrafficProvider,
    UPSTREAM,
};
use crate::chart_release::{ChartRelease, ImageForm};
use crate::ids::ARGO_ROLLOUTS;
use crate::provide;
use crate::sizes::refused;

/// The label by which the pods of a part are told, with the namespace.
pub(super) const COMPONENT: &str = "app.kubernetes.io/component";

impl ArgoRollouts {
    pub(super) fn plugins(&self) -> impl Iterator<Item = (&'static str, &'static str, &[Plugin])> {
        [
            (
                "traffic_plugins",
                "trafficRouterPlugins",
                &self.traffic_plugins[..],
            ),
            (
                "metric_plugins",
                "metricProviderPlugins",
                &self.metric_plugins,
            ),
            ("step_plugins", "stepPlugins", &self.step_plugins),
        ]
        .into_iter()
    }

    pub(super) fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        if self.replicas == 0 {
            return Err(refused("replicas", 0, "at least 1"));
        }
        let providers: Map<String, Value> = TrafficProvider::ALL
            .into_iter()
            .map(|one| {
                (
                    one.key().into(),
                    self.traffic_providers.contains(&one).into(),
                )
            })
            .collect();
        let mut release = ChartRelease::new(
            ARGO_ROLLOUTS,
            &UPSTREAM,
            &self.version,
            &json!({
                "clusterInstall": self.scope == Scope::Cluster,
                "controller": {
                    "replicas": self.replicas,
                    "resources": self.resources.to_value("resources")?,
                },
                "providerRBAC": {"providers": providers},
            }),
        )?;
        match self.definitions {
            Definitions::Kept => {}
            Definitions::WithRelease => release.set("keepCRDs", false),
            Definitions::Elsewhere => release.set("installCRDs", false),
        }
        if self.replicas > 1 {
            release.set(
                "controller.pdb",
                json!({"enabled": true, "minAvailable": 1}),
            );
            let constraints = provide::spread(COMPONENT, "rollouts-controller");
            release.set("controller.topologySpreadConstraints", constraints);
        }
        for (field, key, plugins) in self.plugins() {
            let mut items = Vec::new();
            for (at, plugin) in plugins.iter().enumerate() {
                items.push(item(plugin, &format!("{field}[{at}]"))?);
                if !plugin.location.starts_with("file://") {
                    let purpose = format!("the plugin {} of Argo Rollouts", plugin.name);
                    out.air_gap().reach(plugin.location.clone(), purpose);
                }
            }
            if !items.is_empty() {
                release.set(&format!("controller.{key}"), items);
            }
        }
        let Notifications {
            notifiers,
            templates,
            triggers,
        } = &self.notifications;
        for (key, texts) in [
            ("notifiers", notifiers),
            ("templates", templates),
            ("triggers", triggers),
        ] {
            if !texts.is_empty() {
                release.set(&format!("notifications.{key}"), json!(texts));
            }
        }
        if self.monitoring.is_on(context) {
            let on = json!({"enabled": true, "serviceMonitor": {"enabled": true}});
            release.set("controller.metrics", on);
        }
        let (images, default) = (&self.images, ArgoRolloutsImages::default());
        let mut add = |release: &mut ChartRelease, key, image: &str, default: &str| {
            release.image(out, key, ImageForm::Split, image, default)
        };
        let (image, known) = (&images.controller, &default.controller);
        add(&mut release, "controller.image", image, known)?;
        if let Some(dashboard) = &self.dashboard {
            release.set("dashboard.enabled", true);
            // The ClusterRole alone has it, which a dashboard of one namespace does not get.
            if self.scope == Scope::Cluster {
                release.set("dashboard.readonly", dashboard.read_only);
            }
            let resources = dashboard.resources.to_value("dashboard.resources")?;
            release.set("dashboard.resources", resources);
            // What `restricted` asks for, and the chart leaves open for this one part.
            release.set(
                "dashboard.containerSecurityContext",
                json!({
                    "allowPrivilegeEscalation": false,
                    "capabilities": {"drop": ["ALL"]},
                    "readOnlyRootFilesystem": true,
                    "seccompProfile": {"type": "RuntimeDefault"},
                }),
            );
            let (image, known) = (&images.dashboard, &default.dashboard);
            add(&mut release, "dashboard.image", image, known)?;
        }
        release.finish(self.home.name(), &self.overlay)
    }
}

fn item(plugin: &Plugin, field: &str) -> Result<Value, ComponentError> {
    let known = ["https://", "http://", "file://"];
    if !known.iter().any(|known| plugin.location.starts_with(known)) {
        let expected = "a URL with https:// or file://";
        return Err(refused(
            &format!("{field}.location"),
            &plugin.location,
            expected,
        ));
    }
    let mut item = json!({"name": plugin.name, "location": plugin.location});
    if let Some(sum) = &plugin.sha256 {
        if sum.len() != 64 || !sum.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(refused(
                &format!("{field}.sha256"),
                sum,
                "64 hexadecimal digits",
            ));
        }
        item["sha256"] = sum.as_str().into();
    }
    Ok(item)
}
