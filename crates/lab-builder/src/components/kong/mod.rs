//! Kong Gateway without a database, driven by the Gateway API.

mod air_gap;
mod generated;
mod verify;

mod values;

use crate::wiring::Wiring;
use gateway_api::v1::{
    FromNamespaces, Gateway, GatewayClass, GatewayClassSpec, GatewaySpec, HttpBackendRef,
    HttpRoute, HttpRouteMatch, HttpRouteRule, HttpRouteSpec, Listener, ParentReference,
};

pub use values::{
    KongAdmin, KongController, KongGateway, KongListener, KongManager, KongProxy, KongValues,
};

use super::cilium::HUBBLE_UI;
use crate::documented::documented_pair;
use crate::environment::Profile;
use crate::ids::{CILIUM, GATEWAY, KONG};
use crate::scope::mesh_namespace;
use crate::scope::{Scope, wiring};
use stack_builder::verify::Questions;
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, ObjectId, Pods, Provided,
};
use stack_builder::{Chart, Overlay, Release, Values};

/// Kong Gateway and its controller, the GatewayClass, the Gateway, and Hubble UI's route (step 3).
///
/// The other routes stand with the components whose Services they lead to, since a route can only be applied once
/// its namespace exists.
#[derive(Clone, Debug, PartialEq)]
pub struct Kong {
    /// The version of the chart `kong/ingress`. Documented: 0.22.0.
    pub version: String,
    /// The values that the documentation sets, and those without which the lab would not run.
    pub values: KongValues,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// The image of the proxy, which must suit the controller's. Documented: `docker.io/kong:3.9`.
    pub gateway_image: String,
    /// The controller's image. Documented: `docker.io/kong/kubernetes-ingress-controller:3.5`.
    pub controller_image: String,
    /// The controller that takes care of the GatewayClass. Documented: `konghq.com/kic-gateway-controller`.
    pub controller_name: String,
    /// The manifest with the Gateway API's CRDs, standard channel. Documented: v1.5.0.
    pub crds: String,
    /// The Gateway's listeners; `None` for the documented two, plain HTTP and HTTPS on the ports of
    /// [`GatewayWiring`](crate::GatewayWiring), open to routes of all namespaces.
    pub listeners: Option<Vec<Listener>>,
    /// The Secret with the certificate of the HTTPS listener *(ours: `kong-gateway-tls`, self-signed, made by
    /// `create-tls-secret.sh`; a listener without a certificate never becomes ready)*.
    pub tls_secret: String,
}

impl Default for Kong {
    fn default() -> Self {
        Kong {
            version: "0.22.0".into(),
            values: KongValues::default(),
            overlay: Overlay::new(),
            gateway_image: "docker.io/kong:3.9".into(),
            controller_image: "docker.io/kong/kubernetes-ingress-controller:3.5".into(),
            controller_name: "konghq.com/kic-gateway-controller".into(),
            crds: "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.5.0/standard-install.yaml".into(),
            listeners: None,
            tls_secret: "kong-gateway-tls".into(),
        }
    }
}

/// A route from the lab's Gateway to one Service, for all paths of a host: the documented pattern.
///
/// # Errors
/// [`ComponentError::Wiring`] when the stack has no [`Wiring`].
pub fn route(
    context: &Context<'_>,
    namespace: &str,
    name: &str,
    host: &str,
    service: &str,
    port: u16,
) -> Result<HttpRoute, ComponentError> {
    let gateway = &context.wiring::<Wiring>()?.gateway;
    let spec = HttpRouteSpec {
        parent_refs: vec![ParentReference::gateway(&gateway.name).in_namespace(&gateway.namespace)],
        hostnames: vec![context.environment.host(host)],
        rules: vec![HttpRouteRule {
            matches: vec![HttpRouteMatch::path_prefix("/")],
            backend_refs: vec![HttpBackendRef::service(service, port.into())],
            ..HttpRouteRule::default()
        }],
        ..HttpRouteSpec::default()
    };
    Ok(HttpRoute::new(name, spec).in_namespace(namespace))
}

impl Kong {
    fn release(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        let wiring = &context.wiring.gateway;
        let mut values = Values::typed(KONG, &self.values)?;
        values.set_image(
            "gateway.image",
            &out.image("gateway.image", &self.gateway_image)?,
        );
        values.set_image(
            "controller.ingressController.image",
            &out.image("controller.ingressController.image", &self.controller_image)?,
        );
        values.set("gateway.proxy.http.nodePort", wiring.http.node);
        values.set("gateway.proxy.tls.nodePort", wiring.https.node);
        values.set("gateway.manager.http.nodePort", wiring.manager.node);
        // Kong Manager runs in the browser, so these are addresses on the reader's machine.
        values.set(
            "gateway.env.admin_gui_url",
            format!("http://localhost:{}", wiring.manager.host),
        );
        values.set(
            "gateway.env.admin_gui_api_url",
            format!("http://localhost:{}", wiring.forwarded_admin_port),
        );
        let chart = Chart::new(
            "https://charts.konghq.com/",
            "kong",
            "ingress",
            &self.version,
        );
        let documented = Kong::default();
        let version = &documented.version;
        let pairs = [
            documented_pair(
                version,
                &documented.gateway_image,
                &self.gateway_image,
                "gateway.image.tag",
            )?,
            documented_pair(
                version,
                &documented.controller_image,
                &self.controller_image,
                "controller.ingressController.image.tag",
            )?,
        ];
        let release = Release::new(KONG, &wiring.namespace, chart, values, &self.overlay)?;
        Ok(release.paired(pairs))
    }

    /// The class: unmanaged, because the chart installs the proxy, not the Gateway object.
    fn class(&self, context: &Scope<'_>) -> GatewayClass {
        let mut class = GatewayClass::new(
            &context.wiring.gateway.class,
            GatewayClassSpec::new(&self.controller_name),
        );
        class.metadata.annotations = Some(
            [(
                "konghq.com/gatewayclass-unmanaged".to_owned(),
                "true".to_owned(),
            )]
            .into(),
        );
        class
    }

    fn gateway(&self, context: &Scope<'_>) -> Gateway {
        let wiring = &context.wiring.gateway;
        let documented = || {
            vec![
                Listener::http("http", wiring.http.service.into()).routes_from(FromNamespaces::All),
                Listener::https("https", wiring.https.service.into(), &self.tls_secret)
                    .routes_from(FromNamespaces::All),
            ]
        };
        let listeners = self.listeners.clone().unwrap_or_else(documented);
        Gateway::new(&wiring.name, GatewaySpec::new(&wiring.class, listeners))
            .in_namespace(&wiring.namespace)
    }

    /// Makes the HTTPS listener's certificate once. It is not rendered, because a key has no place in a tree of files,
    /// and because the same input must give the same bytes.
    fn tls_script(&self, context: &Scope<'_>) -> String {
        let (namespace, secret, domain) = (
            &context.wiring.gateway.namespace,
            &self.tls_secret,
            context.environment.domain(),
        );
        format!(
            r#"#!/usr/bin/env bash
# Makes the self-signed certificate of the HTTPS listener, once.
set -euo pipefail

if kubectl get secret --namespace {namespace} {secret} >/dev/null 2>&1; then
  echo "Secret {namespace}/{secret} is there already"
  exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
openssl req -x509 -newkey rsa:2048 -nodes -days 365 \
  -subj "/CN={domain}" -addext "subjectAltName=DNS:{domain},DNS:*.{domain}" \
  -keyout "$folder/tls.key" -out "$folder/tls.crt" 2>/dev/null
kubectl create secret tls {secret} --namespace {namespace} --cert "$folder/tls.crt" --key "$folder/tls.key"
"#
        )
    }
}

impl Component for Kong {
    fn id(&self) -> &str {
        KONG
    }

    fn namespace(&self, context: &Context<'_>) -> Result<Option<String>, ComponentError> {
        let wiring: &Wiring = context.wiring()?;
        Ok(Some(wiring.gateway.namespace.clone()))
    }

    fn roles(&self) -> Vec<&str> {
        vec![GATEWAY]
    }

    fn requires(&self) -> Vec<&str> {
        vec![CILIUM]
    }

    fn step(&self) -> Option<u8> {
        Some(3)
    }

    fn resize(&mut self, profile: &str) {
        let Some(profile) = Profile::named(profile) else {
            return;
        };
        self.values.gateway.replica_count = match profile {
            Profile::Lab => 1,
            // Documented: two proxies behind the L4 switch.
            Profile::DataCenter => 2,
        };
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let context = &Scope::of(context)?;
        let wiring = &context.wiring.gateway;
        out.run(
            "the Gateway API's CRDs",
            &["kubectl", "apply", "--server-side", "-f", &self.crds],
        );
        out.object("namespace.yaml", mesh_namespace(&wiring.namespace, context))?;
        let release = self.release(context, out)?;
        // Where the chart lets the controller listen.
        let webhook = release.number(
            "/controller/ingressController/admissionWebhook/port",
            wiring.webhook_port.into(),
        );
        let pods = release.numbers([
            ("/gateway/replicaCount", 1),
            ("/controller/replicaCount", 1),
        ]);
        out.release(release.running(Pods::exactly(pods)));
        out.object("gatewayclass.yaml", self.class(context))?;
        out.program("create-tls-secret.sh", self.tls_script(context))?;
        out.run_program(
            "the certificate of the HTTPS listener",
            "create-tls-secret.sh",
        );
        out.object("gateway.yaml", self.gateway(context))?;
        out.object(
            "routes/hubble-ui.yaml",
            route(
                context,
                "kube-system",
                HUBBLE_UI,
                &context.wiring.hosts.hubble,
                HUBBLE_UI,
                80,
            )?,
        )?;
        out.wait(
            "the Gateway is programmed",
            &[
                "kubectl",
                "wait",
                "--for=condition=Programmed",
                "--namespace",
                &wiring.namespace,
                &format!("gateway/{}", wiring.name),
                "--timeout=300s",
            ],
        );

        out.access(
            "Hubble UI",
            wiring.page(&context.environment.host(&context.wiring.hosts.hubble)),
            "none",
        );
        out.access(
            "Kong Manager",
            format!("http://localhost:{}", wiring.manager.host),
            format!(
                "none (administrators only, no HTTPRoute); it shows data while `kubectl port-forward --namespace {} deploy/{} {}:{}` runs",
                wiring.namespace, wiring.name, wiring.forwarded_admin_port, wiring.admin_port
            ),
        );
        let service = |name: &str, ports: &[u16]| Provided::Service {
            namespace: wiring.namespace.clone(),
            name: name.to_owned(),
            ports: ports.to_vec(),
        };
        out.provides(service(
            &wiring.proxy_service,
            &[wiring.http.service, wiring.https.service],
        ));
        out.provides(service("kong-gateway-manager", &[wiring.manager.service]));
        out.provides(service("kong-gateway-admin", &[wiring.admin_port, 8444]));
        for name in [wiring.service_account.as_str(), "kong-controller"] {
            out.provides(Provided::ServiceAccount {
                namespace: wiring.namespace.clone(),
                name: name.to_owned(),
            });
        }
        out.provides(Provided::Made {
            object: ObjectId::new("v1", "Secret", Some(&wiring.namespace), &self.tls_secret),
            by: "a step of the installation, which signs the certificate itself".into(),
        });
        out.provides(Provided::Callee {
            namespace: wiring.namespace.clone(),
            labels: wiring.controller_labels.clone(),
            port: u16::try_from(webhook).unwrap_or(wiring.webhook_port),
            purpose: "the validating webhook `kong-controller`, which the API server calls".into(),
        });
        for group in ["gateway.networking.k8s.io", "configuration.konghq.com"] {
            out.provides(Provided::ApiGroup(group.to_owned()));
        }
        out.generates("kong", &Kong::default().version, generated::GENERATED);
        air_gap::add(out.air_gap())
    }

    fn verify(&self, bundle: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        verify::ask(wiring(bundle)?, bundle, questions);
        Ok(())
    }
}
