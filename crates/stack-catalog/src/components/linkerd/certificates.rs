//! The certificates of the mesh and of its webhooks.

use cert_manager_types::v1::{
    Certificate, CertificatePrivateKey, CertificateSpec, Issuer, IssuerReference, IssuerSpec,
};
use serde_json::json;
use stack_builder::{ComponentError, Contribution};

use crate::chart_release::ChartRelease;
use crate::home::Home;
use crate::provide;

/// The root of the mesh: its Secret, and who signs by it.
pub(super) const TRUST_ANCHOR: &str = "linkerd-trust-anchor";
/// The Secret with the certificate that signs those of sidecars.
const ISSUER_SECRET: &str = "linkerd-identity-issuer";
/// The ConfigMap with the certificates that sidecars trust.
const TRUST_ROOTS: &str = "linkerd-identity-trust-roots";

/// Where the certificates of the mesh and of its webhooks come from. The chart could draw those of the webhooks, other ones at
/// each rendering; that way is not offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Certificates {
    /// From cert-manager, which renews them: a root that lasts ten years and lies in the control plane's namespace, one that
    /// signs for the sidecars, and one for each webhook. A step of the installation copies the root for the sidecars.
    #[default]
    CertManager,
    /// As with [`Certificates::CertManager`], but for the root: others put it into the control plane's namespace before, as the
    /// Secret `linkerd-trust-anchor` of the type `kubernetes.io/tls`. With the same one in each, clusters trust each other.
    SharedRoot,
    /// Others make them before: the Secret `linkerd-identity-issuer` and the ConfigMap `linkerd-identity-trust-roots` in the
    /// control plane's namespace, and each webhook's Secret `NAME-k8s-tls`.
    Elsewhere {
        /// The certificate that signs those of the webhooks, as PEM.
        webhook_ca: String,
    },
}

impl Certificates {
    /// Whether cert-manager makes them, or all but the root.
    pub(super) fn are_made(&self) -> bool {
        matches!(self, Certificates::CertManager | Certificates::SharedRoot)
    }

    /// The objects of the control plane.
    pub(super) fn of_control_plane(
        &self,
        home: &Home,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let namespace = home.name();
        if !self.are_made() {
            let by = "whoever keeps the certificates of the mesh";
            provide::made(out, "v1", "Secret", namespace, ISSUER_SECRET, by);
            provide::made(out, "v1", "ConfigMap", namespace, TRUST_ROOTS, by);
            return Ok(());
        }
        let file = "certificates.yaml";
        let root = TRUST_ANCHOR;
        if *self == Certificates::SharedRoot {
            let by = "whoever keeps the root that all clusters trust";
            provide::made(out, "v1", "Secret", namespace, root, by);
            signed_by(out, home, root, file)?;
        } else {
            issuers(out, home, root, file)?;
        }
        let issuer = CertificateSpec::for_ca(
            ISSUER_SECRET,
            IssuerReference::issuer(root),
            "identity.linkerd.cluster.local",
        );
        let issuer = issuer
            .lasting("48h")
            .renewed_before("25h")
            .with_key(CertificatePrivateKey::ecdsa());
        let issuer = Certificate::new(ISSUER_SECRET, issuer);
        out.object(file, issuer.in_namespace(namespace))?;
        webhooks(
            out,
            home,
            root,
            file,
            &[
                "linkerd-proxy-injector",
                "linkerd-sp-validator",
                "linkerd-policy-validator",
            ],
        )?;
        out.program("copy-trust-roots.sh", script(namespace))?;
        out.run_program("what sidecars trust", "copy-trust-roots.sh");
        let by = "a step of the installation, which copies it from cert-manager's Secret";
        provide::made(out, "v1", "ConfigMap", namespace, TRUST_ROOTS, by);
        Ok(())
    }

    /// The objects of the dashboard's two webhooks.
    pub(super) fn of_viz(&self, home: &Home, out: &mut Contribution) -> Result<(), ComponentError> {
        if !self.are_made() {
            return Ok(());
        }
        let (root, file) = ("linkerd-viz-webhooks", "certificates.yaml");
        issuers(out, home, root, file)?;
        webhooks(out, home, root, file, &["tap", "tap-injector"])
    }

    /// Writes where one webhook has its certificate: the key of its values, and its name.
    pub(super) fn write(&self, release: &mut ChartRelease, home: &Home, key: &str, name: &str) {
        release.set(&format!("{key}.externalSecret"), true);
        match self {
            Certificates::CertManager | Certificates::SharedRoot => {
                let certificate = format!("{}/{name}", home.name());
                release.set(&format!("{key}.injectCaFrom"), certificate);
            }
            Certificates::Elsewhere { webhook_ca } => {
                release.set(&format!("{key}.caBundle"), webhook_ca.as_str());
            }
        }
    }
}

/// A root that signs itself, and an Issuer that signs by it, both of the root's name.
fn issuers(
    out: &mut Contribution,
    home: &Home,
    root: &str,
    file: &str,
) -> Result<(), ComponentError> {
    let namespace = home.name();
    let own = format!("{root}-self-signed");
    let issuer = Issuer::new(&own, IssuerSpec::self_signed());
    out.object(file, issuer.in_namespace(namespace))?;
    let name = format!("root.{namespace}.cluster.local");
    let certificate = CertificateSpec::for_ca(root, IssuerReference::issuer(own), name)
        .lasting("87600h")
        .renewed_before("8760h")
        .with_key(CertificatePrivateKey::ecdsa());
    let certificate = Certificate::new(root, certificate);
    out.object(file, certificate.in_namespace(namespace))?;
    signed_by(out, home, root, file)
}

/// An Issuer of the name of a Secret, by whose certificate it signs.
fn signed_by(
    out: &mut Contribution,
    home: &Home,
    root: &str,
    file: &str,
) -> Result<(), ComponentError> {
    let issuer = Issuer::new(root, IssuerSpec::ca(root));
    out.object(file, issuer.in_namespace(home.name()))
}

fn webhooks(
    out: &mut Contribution,
    home: &Home,
    root: &str,
    file: &str,
    names: &[&str],
) -> Result<(), ComponentError> {
    let namespace = home.name();
    for name in names {
        let secret = format!("{name}-k8s-tls");
        let host = format!("{name}.{namespace}.svc");
        let spec = CertificateSpec::for_names(&secret, IssuerReference::issuer(root), [host])
            .lasting("24h")
            .renewed_before("1h")
            .with_key(CertificatePrivateKey::ecdsa());
        let certificate = Certificate::new(*name, spec);
        out.object(file, certificate.in_namespace(namespace))?;
    }
    Ok(())
}

/// The identity of the control plane, whoever makes its certificates.
pub(super) fn identity() -> serde_json::Value {
    json!({"externalCA": true, "issuer": {"scheme": "kubernetes.io/tls"}})
}

fn script(namespace: &str) -> String {
    format!(
        r#"#!/usr/bin/env bash
# Copies the root of the mesh to where sidecars look for it; its key stays in the Secret.
set -euo pipefail

kubectl wait certificate --namespace {namespace} --for=condition=Ready --timeout=300s --all
root="$(kubectl get secret --namespace {namespace} {TRUST_ANCHOR} -o 'jsonpath={{.data.tls\.crt}}' | base64 -d)"
kubectl create configmap {TRUST_ROOTS} --namespace {namespace} \
  --from-literal "ca-bundle.crt=$root" --dry-run=client -o yaml | kubectl apply -f -
"#
    )
}
