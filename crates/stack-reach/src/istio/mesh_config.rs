//! The configuration of the mesh, where the input has it: the ConfigMap `istio`.

use std::borrow::Cow;

use serde_json::Value;
use stack_model::Model;

use crate::Settings;

/// The settings, with what the mesh's own configuration says wherever they are the defaults.
pub(crate) fn complete<'s>(settings: &'s Settings, model: &Model) -> Cow<'s, Settings> {
    let config = model
        .get("", "ConfigMap", Some(&settings.root_namespace), "istio")
        .and_then(|map| map.text_at("data.mesh"))
        .and_then(|text| kube_yaml::from_str::<Value>(text).ok());
    let Some(config) = config else {
        return Cow::Borrowed(settings);
    };
    let default = Settings::default();
    let mut complete = settings.clone();
    let text = |pointer: &str| config.pointer(pointer).and_then(Value::as_str);
    if let Some(domain) = text("/trustDomain")
        && settings.trust_domain == default.trust_domain
    {
        domain.clone_into(&mut complete.trust_domain);
    }
    if let Some(namespace) = text("/rootNamespace")
        && settings.root_namespace == default.root_namespace
    {
        namespace.clone_into(&mut complete.root_namespace);
    }
    if let Some(mode) = text("/outboundTrafficPolicy/mode")
        && settings.outbound_traffic == default.outbound_traffic
    {
        // What is no mode, istiod does not take either.
        let _ = complete.set("outbound-traffic", mode);
    }
    let proxies = config.pointer("/defaultConfig/gatewayTopology/numTrustedProxies");
    if let Some(number) = proxies.and_then(Value::as_u64)
        && settings.trusted_proxies == default.trusted_proxies
    {
        complete.trusted_proxies = usize::try_from(number).unwrap_or(usize::MAX);
    }
    Cow::Owned(complete)
}
