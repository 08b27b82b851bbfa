//! AlertManager: groups the alerts of Mimir's ruler and sends them.

use serde::Serialize;

use super::field_error;
use super::program::{self, Footprint};
use crate::scope::Scope;
use stack_builder::render::yaml;
use stack_builder::{ComponentError, Contribution, Port, Probe};

/// AlertManager: one Deployment without a chart. Its name and port stand in
/// [`TelemetryWiring`](crate::TelemetryWiring).
#[derive(Clone, Debug, PartialEq)]
pub struct AlertManager {
    /// The image, from which the version of the configuration follows. Documented:
    /// `docker.io/prom/alertmanager:v0.30.1`.
    pub image: String,
    /// How many pods. Documented: 1. They do not form a cluster, so two would send every message twice.
    pub replicas: i32,
    /// CPU and memory of the one pod *(ours)*.
    pub footprint: Footprint,
    /// What is done with alerts. Its content is not documented, only that sending to Slack or PagerDuty is possible.
    pub config: AlertManagerConfig,
}

/// AlertManager's configuration, as far as the lab has use for it.
///
/// See <https://prometheus.io/docs/alerting/latest/configuration/>.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlertManagerConfig {
    /// Settings of receivers that do not say otherwise.
    pub global: AlertGlobal,
    /// Which alerts go where: the root, which takes all that no route below it takes.
    pub route: AlertRoute,
    /// Receivers that routes name. One that no route names gets nothing.
    pub receivers: Vec<Receiver>,
    /// Which alerts are silent while others fire.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inhibit_rules: Vec<InhibitRule>,
}

/// `global` of the configuration.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlertGlobal {
    /// After which time without news an alert counts as resolved, for example `5m`.
    pub resolve_timeout: String,
}

/// A route. Below the root, what is left out is inherited from the route above.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AlertRoute {
    /// The receiver's name; the root must name one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver: Option<String>,
    /// Alerts that agree in these labels are one message.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group_by: Vec<String>,
    /// Which alerts take this route, each like `severity="critical"`; all of them must hold. None at the root.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub matchers: Vec<String>,
    /// How long the first message of a group waits for more alerts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_wait: Option<String>,
    /// How long a message with new alerts of a group waits after the one before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_interval: Option<String>,
    /// After which time a message is repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat_interval: Option<String>,
    /// Routes below this one; the first that matches is taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<AlertRoute>,
}

/// Where alerts can go. Secrets are read from files, so that none stands in the configuration.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Receiver {
    /// Its name, by which routes refer to it.
    pub name: String,
    /// HTTP endpoints that take AlertManager's own JSON.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub webhook_configs: Vec<WebhookReceiver>,
    /// Messages to channels of Slack, one each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slack_configs: Vec<SlackReceiver>,
    /// Incidents in services of PagerDuty, one each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pagerduty_configs: Vec<PagerDutyReceiver>,
}

/// An HTTP endpoint that takes AlertManager's own JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WebhookReceiver {
    /// Where alerts are posted as JSON.
    pub url: String,
    /// Whether it also hears of alerts that are over.
    pub send_resolved: bool,
}

/// Alerts as messages in a channel of Slack.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlackReceiver {
    /// The file that holds the webhook's address.
    pub api_url_file: String,
    /// The channel, for example `#alerts`.
    pub channel: String,
    /// Whether it also hears of alerts that are over.
    pub send_resolved: bool,
}

/// Alerts as incidents of a service in PagerDuty.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PagerDutyReceiver {
    /// The file that holds the integration key.
    pub routing_key_file: String,
    /// Whether it also hears of alerts that are over.
    pub send_resolved: bool,
}

/// Alerts that are silent while others fire.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InhibitRule {
    /// The alerts that must fire, each condition like `severity="critical"`.
    pub source_matchers: Vec<String>,
    /// The alerts that are silent then.
    pub target_matchers: Vec<String>,
    /// Labels in which the two must agree.
    pub equal: Vec<String>,
}

impl Default for AlertManagerConfig {
    /// *(ours)*: one receiver that sends nothing, so that alerts are seen in Grafana and AlertManager only; one message
    /// per alert and namespace; a critical alert silences the warnings of the same name and namespace.
    fn default() -> Self {
        AlertManagerConfig {
            global: AlertGlobal {
                resolve_timeout: "5m".into(),
            },
            route: AlertRoute {
                receiver: Some("null".into()),
                group_by: vec!["alertname".into(), "namespace".into()],
                group_wait: Some("30s".into()),
                group_interval: Some("5m".into()),
                repeat_interval: Some("4h".into()),
                ..AlertRoute::default()
            },
            receivers: vec![Receiver {
                name: "null".into(),
                ..Receiver::default()
            }],
            inhibit_rules: vec![InhibitRule {
                source_matchers: vec!["severity=\"critical\"".into()],
                target_matchers: vec!["severity=\"warning\"".into()],
                equal: vec!["alertname".into(), "namespace".into()],
            }],
        }
    }
}

impl Default for AlertManager {
    fn default() -> Self {
        AlertManager {
            image: "docker.io/prom/alertmanager:v0.30.1".into(),
            replicas: 1,
            footprint: Footprint {
                request_cpu: "10m".into(),
                request_memory_mib: 32,
                limit_memory_mib: 128,
            },
            config: AlertManagerConfig::default(),
        }
    }
}

impl AlertManagerConfig {
    fn check(&self) -> Result<(), ComponentError> {
        if self.route.receiver.is_none() {
            return Err(field_error(
                "alertmanager.config.route.receiver",
                "absent",
                "the name of a receiver",
            ));
        }
        if !self.route.matchers.is_empty() {
            return Err(field_error(
                "alertmanager.config.route.matchers",
                self.route.matchers.join(", "),
                "empty: the root takes every alert; put matchers on a route below it",
            ));
        }
        self.check_route(&self.route, "alertmanager.config.route")
    }

    fn check_route(&self, route: &AlertRoute, path: &str) -> Result<(), ComponentError> {
        if let Some(name) = &route.receiver
            && !self.receivers.iter().any(|receiver| receiver.name == *name)
        {
            let known: Vec<&str> = self
                .receivers
                .iter()
                .map(|receiver| receiver.name.as_str())
                .collect();
            return Err(field_error(
                &format!("{path}.receiver"),
                format!("`{name}`"),
                format!("one of the receivers: {}", known.join(", ")),
            ));
        }
        let mut below = route.routes.iter().enumerate();
        below.try_for_each(|(at, route)| self.check_route(route, &format!("{path}.routes[{at}]")))
    }
}

impl AlertManager {
    pub(super) fn contribute(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        self.config.check()?;
        let telemetry = &context.wiring.telemetry;
        let image = out.image("alertmanager.image", &self.image)?;
        let config =
            serde_json::to_value(&self.config).map_err(|source| ComponentError::Serialize {
                path: "alertmanager/config.yaml".into(),
                source,
            })?;
        let port = telemetry.alertmanager_port;
        let program = self
            .footprint
            .program(&telemetry.namespace, &telemetry.alertmanager, &image, 65534)
            .replicas(self.replicas)
            .args([
                "--config.file=/etc/alertmanager/alertmanager.yml",
                "--storage.path=/alertmanager",
                &format!("--web.listen-address=:{port}"),
                // Empty: it is alone and looks for no others.
                "--cluster.listen-address=",
            ])
            .config(
                "/etc/alertmanager",
                "alertmanager.yml",
                yaml::document(&config),
            )
            .scratch("scratch", "/alertmanager")
            .port(Port::new("http", port).spelled_out())
            .ready(Probe::http("/-/ready", port))
            .live(Probe::http("/-/healthy", port));
        program::contribute(&program, "alertmanager", out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_to_nowhere_is_refused_by_field() {
        let with = |change: fn(&mut AlertManagerConfig)| {
            let mut config = AlertManagerConfig::default();
            change(&mut config);
            config.check().unwrap_err().to_string()
        };
        for (error, field) in [
            (
                with(|c| c.route.receiver = None),
                "config.route.receiver` is absent",
            ),
            (
                with(|c| c.route.receiver = Some("x".into())),
                "config.route.receiver` is `x`",
            ),
            (
                with(|c| c.route.matchers = vec!["a=\"b\"".into()]),
                "config.route.matchers",
            ),
            (
                with(|c| {
                    c.route.routes = vec![
                        AlertRoute::default(),
                        AlertRoute {
                            receiver: Some("y".into()),
                            ..AlertRoute::default()
                        },
                    ];
                }),
                "config.route.routes[1].receiver` is `y`",
            ),
        ] {
            assert!(error.contains(field), "{error}");
        }
        assert!(AlertManagerConfig::default().check().is_ok());
    }
}
