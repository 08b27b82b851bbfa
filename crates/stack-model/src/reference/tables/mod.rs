//! Who refers to whom: one table per family. A new family is a file here and a line in [`TABLES`].

mod argo;
mod built_in;
mod cert_manager;
mod cilium;
mod external_secrets;
mod flux;
mod gatekeeper;
mod gateway_api;
mod istio;
mod karpenter;
mod keda;
mod kong;
mod kyverno;
mod pods;
mod prometheus_operator;

use super::rule::{Form, ReferenceRule};

pub(super) use pods::PODS;

/// Writes a table: a group with its kinds, then the places at which their objects refer to others.
macro_rules! table {
    ($name:ident: $($group:literal $kinds:tt { $($path:literal => $form:expr, $purpose:ident $(, $also:ident)*;)+ })+) => {
        pub(in crate::reference) const $name: &[$crate::reference::rule::ReferenceRule] = &[$($(
            $crate::reference::rule::ReferenceRule::new(
                $group,
                &$kinds,
                $path,
                $form,
                $crate::reference::rule::Purpose::$purpose,
            )$(.$also())*,
        )+)+];
    };
}
use table;

/// A name in the object's own namespace.
const fn name(group: &'static str, kind: &'static str) -> Form {
    Form::Name { group, kind }
}

/// `namespace/name`, or a name.
const fn qualified(group: &'static str, kind: &'static str) -> Form {
    Form::Qualified { group, kind }
}

/// An object with a name and perhaps more; group and kind where it does not say them.
const fn object(group: &'static str, kind: &'static str) -> Form {
    Form::Object { group, kind }
}

const CONFIG_MAP: Form = name("", "ConfigMap");
const SECRET: Form = name("", "Secret");
const SERVICE: Form = name("", "Service");
const SERVICE_ACCOUNT: Form = name("", "ServiceAccount");
const STORAGE_CLASS: Form = name("storage.k8s.io", "StorageClass");

/// All tables but that of pods, whose paths begin elsewhere.
pub(super) const TABLES: &[&[ReferenceRule]] = &[
    argo::ARGO,
    built_in::BUILT_IN,
    cert_manager::CERT_MANAGER,
    cilium::CILIUM,
    external_secrets::EXTERNAL_SECRETS,
    flux::FLUX,
    gatekeeper::GATEKEEPER,
    gateway_api::GATEWAY_API,
    istio::ISTIO,
    karpenter::KARPENTER,
    keda::KEDA,
    kong::KONG,
    kyverno::KYVERNO,
    prometheus_operator::PROMETHEUS_OPERATOR,
];
