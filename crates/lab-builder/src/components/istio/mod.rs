//! Istio's ambient mesh: four releases, and the policies that hold for the whole mesh and for Kong.

mod air_gap;
mod verify;

use crate::documented::pair;
use crate::wiring::Wiring;
use std::collections::BTreeMap;

use istio_types::WorkloadSelector;
use istio_types::security::v1::{
    MutualTls, MutualTlsMode, PeerAuthentication, PeerAuthenticationSpec,
};
use serde::Serialize;

use crate::ids::{CILIUM, GATEWAY, ISTIO, KONG};
use crate::scope::namespace;
use crate::scope::{Scope, wiring};
use stack_builder::verify::Questions;
use stack_builder::{Bundle, Component, ComponentError, Context, Contribution, ObjectId, Provided};
use stack_builder::{Chart, Overlay, Release, Values};
use stack_builder::{ImageRef, Pods};

/// Istio ambient (step 4): the releases `istio-base`, `istio-istiod`, `istio-cni` and `istio-ztunnel`.
#[derive(Clone, Debug, PartialEq)]
pub struct Istio {
    /// The version of all four charts. Documented: 1.29.0.
    pub version: String,
    /// The chart `base`: CRDs and the validating webhook.
    pub base: IstioBaseValues,
    /// Values of one's own for `base`.
    pub base_overlay: Overlay,
    /// The chart `istiod`: the control plane.
    pub istiod: IstiodValues,
    /// Values of one's own for `istiod`.
    pub istiod_overlay: Overlay,
    /// The chart `cni`: puts pods into the mesh on each node.
    pub cni: IstioCniValues,
    /// Values of one's own for `cni`.
    pub cni_overlay: Overlay,
    /// The chart `ztunnel`: the L4 proxy on each node.
    pub ztunnel: ZtunnelValues,
    /// Values of one's own for `ztunnel`.
    pub ztunnel_overlay: Overlay,
    /// The control plane's image. Documented: `docker.io/istio/pilot:1.29.0`.
    pub pilot_image: String,
    /// The CNI's image. Documented: `docker.io/istio/install-cni:1.29.0`.
    pub cni_image: String,
    /// ztunnel's image. Documented: `docker.io/istio/ztunnel:1.29.0`.
    pub ztunnel_image: String,
    /// The name of the policy for Kong's pods *(ours: `kong-gateway`)*.
    pub kong_policy: String,
    /// Whether Kong's proxy ports take plain text, since callers from outside have no identity. Documented: `true`.
    pub plain_text_for_kong: bool,
    /// Whether Kong Manager's port takes plain text as well as the proxy's *(ours: `true`)*. The documentation opens
    /// the proxy's ports; with these alone, its own address of Kong Manager could not be reached.
    pub permit_kong_manager: bool,
    /// The name of the policy for the pods of Kong's controller *(ours: `kong-controller`)*.
    pub webhook_policy: String,
    /// Whether the port of the webhook in Kong's controller takes plain text *(ours: `true`)*. Under STRICT the API server
    /// cannot reach it, and `failurePolicy: Ignore` would hide that nothing is validated.
    pub plain_text_for_webhook: bool,
}

/// Values of the chart `base`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IstioBaseValues {
    /// The revision whose istiod validates Istio's objects *(ours: `default`, the chart's)*.
    pub default_revision: String,
}

/// What the charts `istiod` and `cni` share.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct IstioGlobal {
    /// The image variant. Documented: none; the ambient profile would choose `distroless`.
    pub variant: String,
}

/// Values of the chart `istiod`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IstiodValues {
    /// The built-in profile. Derived from the documented ambient mode: `ambient`.
    pub profile: String,
    /// Settings that `istiod` and `cni` must have alike.
    pub global: IstioGlobal,
    /// Pods of istiod. Documented: 1.
    pub replica_count: u32,
    /// Whether a HorizontalPodAutoscaler sets the number *(ours: `false`, because one pod is documented)*.
    pub autoscale_enabled: bool,
    /// What istiod asks for *(ours: 100m, 256Mi; the chart's 500m, 2Gi are too much for kind)*.
    pub resources: Requests,
}

/// Values of the chart `cni`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IstioCniValues {
    /// The built-in profile, which switches ambient mode on.
    pub profile: String,
    /// Shared settings.
    pub global: IstioGlobal,
}

/// Values of the chart `ztunnel`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ZtunnelValues {
    /// Suffix of the image's tag: `distroless` or `debug`. Documented: none.
    pub variant: String,
    /// What ztunnel asks for *(ours: 50m, 128Mi; the chart's 200m, 512Mi are too much for kind)*.
    pub resources: Requests,
}

/// A container's requests; limits are left to the chart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Requests {
    /// Quantity by resource name, as in `100m` for `cpu`.
    pub requests: BTreeMap<String, String>,
}

impl Requests {
    fn of(cpu: &str, memory: &str) -> Self {
        Requests {
            requests: [
                ("cpu".to_owned(), cpu.to_owned()),
                ("memory".to_owned(), memory.to_owned()),
            ]
            .into(),
        }
    }
}

impl Default for Istio {
    fn default() -> Self {
        let ambient = || "ambient".to_owned();
        Istio {
            version: "1.29.0".into(),
            base: IstioBaseValues {
                default_revision: "default".into(),
            },
            base_overlay: Overlay::new(),
            istiod: IstiodValues {
                profile: ambient(),
                global: IstioGlobal::default(),
                replica_count: 1,
                autoscale_enabled: false,
                resources: Requests::of("100m", "256Mi"),
            },
            istiod_overlay: Overlay::new(),
            cni: IstioCniValues {
                profile: ambient(),
                global: IstioGlobal::default(),
            },
            cni_overlay: Overlay::new(),
            ztunnel: ZtunnelValues {
                variant: String::new(),
                resources: Requests::of("50m", "128Mi"),
            },
            ztunnel_overlay: Overlay::new(),
            pilot_image: "docker.io/istio/pilot:1.29.0".into(),
            cni_image: "docker.io/istio/install-cni:1.29.0".into(),
            ztunnel_image: "docker.io/istio/ztunnel:1.29.0".into(),
            kong_policy: "kong-gateway".into(),
            plain_text_for_kong: true,
            permit_kong_manager: true,
            webhook_policy: "kong-controller".into(),
            plain_text_for_webhook: true,
        }
    }
}

/// Hub and tag, as Istio's charts take an image: the last part of its name is the chart's own.
fn hub_and_tag(field: &str, image: &ImageRef) -> Result<(String, String), ComponentError> {
    let name = image.name();
    match (name.rsplit_once('/'), image.tag()) {
        (Some((hub, _)), Some(tag)) => Ok((hub.to_owned(), tag.to_owned())),
        _ => Err(ComponentError::Field {
            field: field.to_owned(),
            found: format!("`{image}`"),
            expected: "Istio's charts take a hub and a tag: HUB/NAME:TAG".to_owned(),
        }),
    }
}

impl Istio {
    fn releases(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<[Release; 4], ComponentError> {
        let namespace = &context.wiring.mesh.root_namespace;
        let chart = |name: &str| {
            Chart::new(
                "https://istio-release.storage.googleapis.com/charts",
                "istio",
                name,
                &self.version,
            )
            .noted("12-3 pulls the four charts with one command")
        };
        let (pilot_hub, pilot_tag) =
            hub_and_tag("pilot_image", &out.image("istiod", &self.pilot_image)?)?;
        let (cni_hub, cni_tag) = hub_and_tag("cni_image", &out.image("cni", &self.cni_image)?)?;
        let (ztunnel_hub, ztunnel_tag) =
            hub_and_tag("ztunnel_image", &out.image("ztunnel", &self.ztunnel_image)?)?;

        let base = Values::typed("istio-base", &self.base)?;
        let mut istiod = Values::typed("istio-istiod", &self.istiod)?;
        istiod.set("global.hub", pilot_hub);
        istiod.set("global.tag", pilot_tag);
        istiod.set(
            "meshConfig.trustDomain",
            context.wiring.mesh.trust_domain.clone(),
        );
        let mut cni = Values::typed("istio-cni", &self.cni)?;
        cni.set("global.hub", cni_hub);
        cni.set("global.tag", cni_tag);
        let mut ztunnel = Values::typed("istio-ztunnel", &self.ztunnel)?;
        ztunnel.set("hub", ztunnel_hub);
        ztunnel.set("tag", ztunnel_tag);
        let istiod = Release::new(
            "istio-istiod",
            namespace,
            chart("istiod"),
            istiod,
            &self.istiod_overlay,
        )?;
        let istiods = istiod.number("/replicaCount", 1);
        // Istio numbers its charts as its images.
        let version = &self.version;
        Ok([
            Release::new(
                "istio-base",
                namespace,
                chart("base"),
                base,
                &self.base_overlay,
            )?
            .running(Pods::default()),
            istiod.running(Pods::exactly(istiods)).paired([pair(
                version,
                version,
                &self.pilot_image,
                "global.tag",
            )?]),
            Release::new("istio-cni", namespace, chart("cni"), cni, &self.cni_overlay)?
                .running(Pods::each_node())
                .paired([pair(version, version, &self.cni_image, "global.tag")?]),
            Release::new(
                "istio-ztunnel",
                namespace,
                chart("ztunnel"),
                ztunnel,
                &self.ztunnel_overlay,
            )?
            .running(Pods::each_node())
            .paired([pair(version, version, &self.ztunnel_image, "tag")?]),
        ])
    }

    /// Plain text is taken on Kong's published ports only: what comes from outside has no identity in the mesh.
    fn kong_exception(&self, context: &Scope<'_>) -> PeerAuthentication {
        let gateway = &context.wiring.gateway;
        let mut ports = vec![gateway.http.container, gateway.https.container];
        if self.permit_kong_manager {
            ports.push(gateway.manager.container);
        }
        let pods = WorkloadSelector::labels(gateway.pod_labels.clone());
        exception(&self.kong_policy, &gateway.namespace, pods, ports)
    }

    /// The API server is in no mesh: it calls the webhook of Kong's controller without an identity.
    fn webhook_exception(&self, context: &Scope<'_>) -> PeerAuthentication {
        let gateway = &context.wiring.gateway;
        let pods = WorkloadSelector::labels(gateway.controller_labels.clone());
        let ports = [gateway.webhook_port];
        exception(&self.webhook_policy, &gateway.namespace, pods, ports)
    }
}

/// A policy that takes plain text on some ports of some pods.
fn exception(
    name: &str,
    namespace: &str,
    pods: WorkloadSelector,
    ports: impl IntoIterator<Item = u16>,
) -> PeerAuthentication {
    let spec = PeerAuthenticationSpec {
        // Said again, so that the exception stays one whatever the mesh demands.
        mtls: Some(MutualTls::new(MutualTlsMode::Strict)),
        ..PeerAuthenticationSpec::permissive_ports(pods, ports)
    };
    PeerAuthentication::new(name, spec).in_namespace(namespace)
}

impl Component for Istio {
    fn id(&self) -> &str {
        ISTIO
    }

    fn namespace(&self, context: &Context<'_>) -> Result<Option<String>, ComponentError> {
        let wiring: &Wiring = context.wiring()?;
        Ok(Some(wiring.mesh.root_namespace.clone()))
    }

    fn requires(&self) -> Vec<&str> {
        vec![CILIUM]
    }

    fn step(&self) -> Option<u8> {
        Some(4)
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let context = &Scope::of(context)?;
        let mesh = &context.wiring.mesh;
        out.object("namespace.yaml", namespace(&mesh.root_namespace))?;
        for release in self.releases(context, out)? {
            out.release(release);
        }
        // A policy of the root namespace without a selector holds for the whole mesh.
        let strict = PeerAuthentication::mesh_wide_strict().in_namespace(&mesh.root_namespace);
        out.object("peer-authentication.yaml", strict)?;
        if context.has(GATEWAY) && self.plain_text_for_kong {
            out.object(
                "peer-authentication-kong.yaml",
                self.kong_exception(context),
            )?;
        }
        if context.has(KONG) && self.plain_text_for_webhook {
            out.object(
                "peer-authentication-kong-webhook.yaml",
                self.webhook_exception(context),
            )?;
        }
        out.provides(Provided::Service {
            namespace: mesh.root_namespace.clone(),
            name: "istiod".into(),
            ports: vec![15012, 443],
        });
        for name in ["istiod", "istio-cni", "ztunnel"] {
            out.provides(Provided::ServiceAccount {
                namespace: mesh.root_namespace.clone(),
                name: name.into(),
            });
        }
        for group in [
            "networking.istio.io",
            "security.istio.io",
            "telemetry.istio.io",
            "extensions.istio.io",
        ] {
            out.provides(Provided::ApiGroup(group.into()));
        }
        let namespace = Some(context.wiring.mesh.root_namespace.as_str());
        out.allow(
            "caller-outside-mesh",
            ObjectId::new("apps/v1", "DaemonSet", namespace, "ztunnel"),
            "istiod is in no data plane either: its port speaks TLS of its own, and nobody asks for the mesh's before it",
        );
        let known = Istio::default().version;
        for release in ["istio-base", "istio-istiod", "istio-cni", "istio-ztunnel"] {
            out.generates(release, &known, &[]);
        }
        air_gap::add(out.air_gap())
    }

    fn verify(&self, bundle: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        verify::ask(wiring(bundle)?, bundle, questions);
        Ok(())
    }
}
