//! How Loki's work is divided among pods.

use serde_json::{Value, json};
use stack_builder::ComponentError;

use super::{Loki, LokiStorage};
use crate::chart_release::ChartRelease;
use crate::sizes::refused;

/// How Loki's work is divided among pods. All but one pod of [`LokiMode::Monolithic`] need an object store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LokiMode {
    /// Each pod does everything.
    Monolithic {
        /// How many pods. With three or more each line is kept three times until it is stored.
        replicas: u32,
    },
    /// Pods that write, pods that read, and pods for the rest. Loki 4 will not have it any more.
    SimpleScalable {
        /// How many pods take lines in.
        write: u32,
        /// How many pods answer queries.
        read: u32,
        /// How many pods do the rest: deleting, rules, the index.
        backend: u32,
    },
    /// Pods of their own for each part.
    Distributed(Distribution),
}

/// How many pods each part of a distributed Loki has; its compactor is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// Pods that take lines from senders.
    pub distributors: u32,
    /// Pods that keep lines until they are stored. With three or more each line is kept three times.
    pub ingesters: u32,
    /// Pods that search chunks, each for a share of a query.
    pub queriers: u32,
    /// Pods that split queries up.
    pub query_frontends: u32,
    /// Pods that hold queries until a querier is free.
    pub query_schedulers: u32,
    /// Pods that answer from the index.
    pub index_gateways: u32,
    /// Pods that evaluate rules; 0 for none.
    pub rulers: u32,
}

impl Default for Distribution {
    /// What stays there when one node goes: two of each, three ingesters, no ruler.
    fn default() -> Self {
        Distribution {
            distributors: 2,
            ingesters: 3,
            queriers: 2,
            query_frontends: 2,
            query_schedulers: 2,
            index_gateways: 2,
            rulers: 0,
        }
    }
}

/// A part of Loki: its key in the values, its label, and how many pods it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct LokiPart {
    pub(super) key: &'static str,
    pub(super) label: &'static str,
    pub(super) replicas: u32,
    volume: VolumeForm,
}

/// How the chart is told of the volume of a part.
#[derive(Clone, Copy, Debug)]
enum VolumeForm {
    /// The part keeps nothing.
    None,
    /// `persistence` with `enabled`.
    Switched,
    /// `persistence`, which is on.
    On,
    /// `persistence` with a list of claims.
    Claims,
}

const fn part(
    key: &'static str,
    label: &'static str,
    replicas: u32,
    volume: VolumeForm,
) -> LokiPart {
    LokiPart {
        key,
        label,
        replicas,
        volume,
    }
}

impl LokiMode {
    /// As the chart calls it.
    fn name(self) -> &'static str {
        match self {
            LokiMode::Monolithic { .. } => "Monolithic",
            LokiMode::SimpleScalable { .. } => "SimpleScalable",
            LokiMode::Distributed(_) => "Distributed",
        }
    }

    /// The parts that run.
    pub(super) fn parts(self) -> Vec<LokiPart> {
        use VolumeForm::{Claims, None, On, Switched};
        match self {
            LokiMode::Monolithic { replicas } => {
                vec![part("singleBinary", "single-binary", replicas, Switched)]
            }
            LokiMode::SimpleScalable {
                write,
                read,
                backend,
            } => vec![
                part("write", "write", write, On),
                part("read", "read", read, None),
                part("backend", "backend", backend, On),
            ],
            LokiMode::Distributed(pods) => {
                let mut parts = vec![
                    part("distributor", "distributor", pods.distributors, None),
                    part("ingester", "ingester", pods.ingesters, Claims),
                    part("querier", "querier", pods.queriers, None),
                    part(
                        "queryFrontend",
                        "query-frontend",
                        pods.query_frontends,
                        None,
                    ),
                    part(
                        "queryScheduler",
                        "query-scheduler",
                        pods.query_schedulers,
                        None,
                    ),
                    part(
                        "indexGateway",
                        "index-gateway",
                        pods.index_gateways,
                        Switched,
                    ),
                    part("compactor", "compactor", 1, Switched),
                ];
                if pods.rulers > 0 {
                    parts.push(part("ruler", "ruler", pods.rulers, Switched));
                }
                parts
            }
        }
    }

    /// Whether pods read rules from ConfigMaps.
    pub(super) fn reads_rules(self) -> bool {
        match self {
            LokiMode::Monolithic { .. } | LokiMode::SimpleScalable { .. } => true,
            LokiMode::Distributed(pods) => pods.rulers > 0,
        }
    }

    /// How often each line is kept until it is stored.
    pub(super) fn copies(self) -> u32 {
        let writers = match self {
            LokiMode::Monolithic { replicas } => replicas,
            LokiMode::SimpleScalable { write, .. } => write,
            LokiMode::Distributed(pods) => pods.ingesters,
        };
        if writers < 3 { 1 } else { 3 }
    }
}

impl Loki {
    /// The mode and its parts, as values.
    pub(super) fn divide(&self, release: &mut ChartRelease) -> Result<(), ComponentError> {
        let on_volume = self.storage == LokiStorage::Volume;
        if on_volume && self.mode != (LokiMode::Monolithic { replicas: 1 }) {
            let found = format!("{:?}", self.mode);
            let expected = "one monolithic pod, or LokiStorage::Bucket";
            return Err(refused("mode", found, expected));
        }
        release.set("deploymentMode", self.mode.name());
        let resources = self.resources.to_value("resources")?;
        for part in self.mode.parts() {
            let key = part.key;
            if part.replicas == 0 {
                return Err(refused(&format!("mode.{key}"), 0, "at least 1"));
            }
            release.set(&format!("{key}.replicas"), part.replicas);
            release.set(&format!("{key}.resources"), resources.clone());
            if let Some(persistence) = self.persistence(part.volume) {
                release.set(&format!("{key}.persistence"), persistence);
            }
            self.let_in(key, release);
        }
        // Their own defaults are three of each.
        if !matches!(self.mode, LokiMode::SimpleScalable { .. }) {
            for key in ["read", "write", "backend"] {
                release.set(&format!("{key}.replicas"), 0);
            }
        }
        if let LokiMode::Distributed(pods) = self.mode {
            // Three sets of pods that wait for the rollout operator, which is not installed.
            release.set("ingester.zoneAwareReplication.enabled", false);
            if pods.rulers == 0 {
                release.set("ruler.enabled", false);
                release.set("sidecar.rules.enabled", false);
            }
        }
        Ok(())
    }

    fn persistence(&self, form: VolumeForm) -> Option<Value> {
        let mut claim = json!({"size": self.volume.size});
        if let Some(class) = &self.volume.class {
            claim["storageClass"] = class.as_str().into();
        }
        match form {
            VolumeForm::None => None,
            VolumeForm::On => Some(claim),
            VolumeForm::Switched => {
                claim["enabled"] = true.into();
                Some(claim)
            }
            VolumeForm::Claims => {
                claim["name"] = "data".into();
                claim["accessModes"] = json!(["ReadWriteOnce"]);
                Some(json!({"enabled": true, "claims": [claim]}))
            }
        }
    }

    /// What a part needs to be let in to the store.
    fn let_in(&self, key: &str, release: &mut ChartRelease) {
        let Some(store) = self.storage.store() else {
            return;
        };
        release.set_some(&format!("{key}.extraEnvFrom"), store.environment_from());
        if store.is_named_in_configuration() {
            release.set(
                &format!("{key}.extraArgs"),
                json!(["-config.expand-env=true"]),
            );
        }
        if let Some(file) = store.key_file() {
            release.set(&format!("{key}.extraVolumes"), file.volumes);
            release.set(&format!("{key}.extraVolumeMounts"), file.mounts);
            release.set(&format!("{key}.extraEnv"), file.environment);
        }
    }
}
