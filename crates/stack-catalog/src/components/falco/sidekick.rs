//! Falcosidekick: who gets events.

use serde_json::{Value, json};
use stack_builder::{ComponentError, Context, Contribution};

use super::{Falco, FalcoImages, Priority};
use crate::chart_release::{ChartRelease, ImageForm};
use crate::sizes::{Resources, Volume, quantity, refused};

/// Falcosidekick, which hands events on to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sidekick {
    /// How many pods. Default: 2; one in a small stack.
    pub replicas: u32,
    /// Who gets events.
    pub receivers: Vec<Receiver>,
    /// A Secret of the namespace with settings as environment variables, such as `SLACK_WEBHOOKURL`: what is secret of
    /// receivers. Default: none.
    pub settings_secret: Option<String>,
    /// What one pod asks for and may use.
    pub resources: Resources,
    /// A page of the events, for people. Default: none.
    pub ui: Option<SidekickUi>,
}

impl Default for Sidekick {
    fn default() -> Self {
        Sidekick {
            replicas: 2,
            receivers: Vec::new(),
            settings_secret: None,
            resources: Resources::new("20m", "64Mi").memory_limit("128Mi"),
            ui: None,
        }
    }
}

/// Falcosidekick's page, with a Redis that keeps the events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SidekickUi {
    /// The Secret of the namespace with `FALCOSIDEKICK_UI_USER`, in the form `name:password`: who is let in.
    pub secret: String,
    /// How many pods of the page. Default: 2; one in a small stack.
    pub replicas: u32,
    /// The volume of Redis. Default: 1Gi.
    pub volume: Volume,
    /// What one pod of the page asks for and may use.
    pub resources: Resources,
    /// What Redis asks for and may use.
    pub redis_resources: Resources,
}

impl SidekickUi {
    /// A page for whom this Secret names.
    pub fn new(secret: &str) -> Self {
        SidekickUi {
            secret: secret.to_owned(),
            replicas: 2,
            volume: Volume::new("1Gi"),
            resources: Resources::new("20m", "64Mi").memory_limit("128Mi"),
            redis_resources: Resources::new("50m", "256Mi").memory_limit("512Mi"),
        }
    }

    fn values(&self) -> Result<Value, ComponentError> {
        if self.replicas == 0 {
            return Err(refused("sidekick.ui.replicas", 0, "at least 1"));
        }
        quantity("sidekick.ui.volume.size", &self.volume.size)?;
        let mut redis = json!({
            "storageSize": self.volume.size,
            "resources": self.redis_resources.to_value("sidekick.ui.redis_resources")?,
        });
        if let Some(class) = &self.volume.class {
            redis["storageClass"] = class.as_str().into();
        }
        let resources = self.resources.to_value("sidekick.ui.resources")?;
        Ok(json!({
            "enabled": true,
            "replicaCount": self.replicas,
            // The chart's is `admin:admin`, in a Secret of the release.
            "user": "",
            "existingSecret": self.secret,
            "resources": resources,
            "initContainer": {"resources": resources},
            "redis": redis,
        }))
    }
}

/// Who gets events, from which priority on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// The program, and its address.
    pub to: ReceiverKind,
    /// Events that are less grave than this are kept back.
    pub from: Priority,
}

/// Who gets events; one of each kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiverKind {
    /// Alertmanager: `http://kube-prometheus-stack-alertmanager.monitoring:9093`.
    Alertmanager(String),
    /// Loki: `http://loki-gateway.monitoring`.
    Loki(String),
    /// An address that takes JSON by POST.
    Webhook(String),
}

impl ReceiverKind {
    /// Its key, and its values.
    fn config(&self) -> (&'static str, Value) {
        match self {
            Self::Alertmanager(url) => (
                "alertmanager",
                json!({"hostport": url, "endpoint": "/api/v2/alerts"}),
            ),
            Self::Loki(url) => ("loki", json!({"hostport": url})),
            Self::Webhook(url) => ("webhook", json!({"address": url})),
        }
    }

    fn url(&self) -> &str {
        match self {
            Self::Alertmanager(url) | Self::Loki(url) | Self::Webhook(url) => url,
        }
    }
}

impl Falco {
    pub(super) fn add_sidekick(
        &self,
        sidekick: &Sidekick,
        context: &Context<'_>,
        release: &mut ChartRelease,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        if sidekick.replicas == 0 {
            return Err(refused("sidekick.replicas", 0, "at least 1"));
        }
        let mut config = serde_json::Map::new();
        for (at, receiver) in sidekick.receivers.iter().enumerate() {
            let field = format!("sidekick.receivers[{at}]");
            let url = receiver.to.url();
            if !url.starts_with("http://") && !url.starts_with("https://") {
                return Err(refused(&field, url, "a URL with http:// or https://"));
            }
            let (key, mut values) = receiver.to.config();
            values["minimumpriority"] = receiver.from.name().into();
            if config.insert(key.into(), values).is_some() {
                return Err(refused(&field, key, "one receiver of each kind"));
            }
        }
        if let Some(secret) = &sidekick.settings_secret {
            config.insert("existingSecret".into(), secret.as_str().into());
        }
        let mut values = json!({
            "enabled": true,
            "replicaCount": sidekick.replicas,
            "resources": sidekick.resources.to_value("sidekick.resources")?,
        });
        if let Some(talon) = &self.talon {
            config.insert("talon".into(), talon.receiver());
        }
        if let Some(ui) = &sidekick.ui {
            values["webui"] = ui.values()?;
        }
        if !config.is_empty() {
            values["config"] = config.into();
        }
        if self.monitoring.is_on(context) {
            values["serviceMonitor"] = json!({"enabled": true});
        }
        release.set("falcosidekick", values);
        let (images, default) = (&self.images, FalcoImages::default());
        let mut keys = vec![("falcosidekick.image", &images.sidekick, &default.sidekick)];
        if sidekick.ui.is_some() {
            let redis = (&images.redis, &default.redis);
            keys.extend([
                ("falcosidekick.webui.image", &images.ui, &default.ui),
                ("falcosidekick.webui.initContainer.image", redis.0, redis.1),
                ("falcosidekick.webui.redis.image", redis.0, redis.1),
            ]);
        }
        for (key, image, known) in keys {
            release.image(out, key, ImageForm::Split, image, known)?;
        }
        // No key carries it, so a mirror must have it under its own name.
        let test = "helm test of falcosidekick";
        out.exercise_image(test, &images.sidekick_test, "`helm test` alone runs it")?;
        Ok(())
    }
}
