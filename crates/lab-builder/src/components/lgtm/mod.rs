//! The observability stack: its namespace and Grafana's route.

use super::{GATEKEEPER, LGTM, kong, namespace};
use crate::component::{Component, ComponentError, Context, Contribution, Provided};

/// The observability stack (step 7).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lgtm {}

impl Component for Lgtm {
    fn id(&self) -> &str {
        LGTM
    }

    fn namespace(&self) -> Option<&str> {
        Some("monitoring")
    }

    fn requires(&self) -> Vec<&str> {
        vec![GATEKEEPER]
    }

    fn step(&self) -> Option<u8> {
        Some(7)
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let telemetry = &context.wiring.telemetry;
        out.object("namespace.yaml", namespace(&telemetry.namespace))?;
        let host = &context.wiring.hosts.grafana;
        let (service, port) = (&telemetry.grafana, telemetry.grafana_port);
        out.object(
            "grafana/route.yaml",
            kong::route(context, &telemetry.namespace, service, host, service, port),
        )?;
        out.access(
            "Grafana",
            format!("http://{}", context.environment.host(host)),
            format!(
                "admin / `kubectl get secret -n {} {service} -o jsonpath=\"{{.data.admin-password}}\" | base64 -d`",
                telemetry.namespace
            ),
        );
        out.provides(Provided::Service {
            namespace: telemetry.namespace.clone(),
            name: service.clone(),
            ports: vec![port],
        });
        Ok(())
    }
}
