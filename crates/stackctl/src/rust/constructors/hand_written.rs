//! Those of the crates that were written by hand.

use super::super::samples::Learner;
use super::known;

pub(super) fn learn(learner: &mut Learner<'_>) {
    gateway_api(learner);
    istio(learner);
    cilium(learner);
    argocd(learner);
    gatekeeper(learner);
}

fn gateway_api(learner: &mut Learner<'_>) {
    use gateway_api::v1::*;

    known! { learner =>
        BackendTlsPolicyValidation { new config_map(text, text); new system(text); }
        GatewaySpec { new new(text, list(Listener::http("l", 99))); }
        GatewaySpecAddress { new ip(text); }
        GatewayClassSpec { new new(text); }
        GrpcRouteMatch { new method(text, text); new service(text); }
        GrpcBackendRef { new service(text, number); with in_namespace(text); with weight(number); }
        HttpRouteFilter { new redirect_to_https(); new rewrite_path(value(HttpPathModifier::ReplaceFullPath("l".into()))); }
        HttpHeaderFilter { new set(text, text); }
        HttpHeader { new new(text, text); }
        HttpRouteMatch {
            new path_prefix(text);
            new path_exact(text);
            with method(value(HttpMethod::Trace));
            adds header(text, text);
        }
        HttpPathMatch { new prefix(text); new exact(text); new regular_expression(text); }
        HttpHeaderMatch { new exact(text, text); }
        HttpBackendRef { new service(text, number); with in_namespace(text); with weight(number); }
        Listener {
            new https(text, number, text);
            new http(text, number);
            new tls_passthrough(text, number);
            new tcp(text, number);
            new new(text, number, value(ProtocolType::Udp));
            with hostname(text);
            with routes_from(value(FromNamespaces::All));
        }
        ListenerTlsConfig { new terminate(value(SecretObjectReference::secret("l"))); }
        RouteGroupKind { new new(text); }
        ParentGatewayReference { new new(text); with in_namespace(text); }
        PolicyTargetReferenceWithSectionName { new service(text); }
        ReferenceGrantFrom { new http_routes(text); new gateways(text); }
        ReferenceGrantTo { new services(); new secrets(); }
        ParentReference {
            new gateway(text);
            new service(text);
            new listener_set(text);
            with in_namespace(text);
            with section(text);
        }
        BackendObjectReference { new service(text, number); with in_namespace(text); }
        BackendRef { new service(text, number); with in_namespace(text); with weight(number); }
        LocalObjectReference { new config_map(text); }
        SecretObjectReference { new secret(text); with in_namespace(text); }
    }
}

fn istio(learner: &mut Learner<'_>) {
    use istio_types::networking::v1::*;
    use istio_types::security::v1::{MutualTls, MutualTlsMode, PeerAuthenticationSpec};
    use istio_types::{PolicyTargetReference, WorkloadSelector};

    known! { learner =>
        ConnectionPoolSettings { new connections(number); }
        Destination { new host(text); with subset(text); with port(number); }
        Port { new new(number, value(Protocol::Mongo), text); }
        DestinationRuleSpec { new new(text); }
        Subset { new version(text, text); }
        Server { new https(text, texts); new http(texts); }
        HttpMatchRequest { new header(text, value(StringMatch::exact("l"))); new path_prefix(text); }
        HttpRouteDestination { new weighted(value(Destination::host("l")), number); new new(value(Destination::host("l"))); }
        LabelsSelector { new labels(pairs); }
        StringMatch { new exact(text); new prefix(text); new regex(text); }
        ClientTlsSettings { new istio_mutual(); }
        ServerTlsSettings { new credential(text); }
        PeerAuthenticationSpec { new strict(); }
        MutualTls { new new(value(MutualTlsMode::Disable)); }
        PolicyTargetReference { new gateway(text); new gateway_class(text); new service(text); new service_entry(text); }
        WorkloadSelector { new labels(pairs); }
    }
}

fn cilium(learner: &mut Learner<'_>) {
    use cilium_types::v2::*;

    let selector = || EndpointSelector::labels([("l", "m")]);
    let http = || PortRuleHttp::get("l");
    let port = || PortProtocol::tcp(99);
    let rule = || PortRule::tcp(99);
    let denied = || PortDenyRule::tcp(99);
    known! { learner =>
        CiliumBgpInstance { new new(text, number); }
        PortInfo { new tcp(number_in_text); new udp(number_in_text); }
        Authentication { new required(); }
        EndpointSelector { new everything(); new namespace(text); new labels(pairs_by(LabelKey::from)); }
        LabelSelectorRequirement {
            new is_in(named(LabelKey::from), texts);
            new not_in(named(LabelKey::from), texts);
            new exists(named(LabelKey::from));
            new does_not_exist(named(LabelKey::from));
        }
        EgressRule {
            new to_labels(pairs_by(LabelKey::from));
            new to_namespace(text);
            new to_endpoints(list(selector()));
            new to_entities(list(Entity::Cluster));
            new to_cidrs(list(CidrRule::group("l")));
            with on(list(rule()));
        }
        EgressDenyRule {
            new to_endpoints(list(selector()));
            new to_entities(list(Entity::Cluster));
            with on(list(denied()));
        }
        IngressRule {
            new from_labels(pairs_by(LabelKey::from));
            new from_namespace(text);
            new from_endpoints(list(selector()));
            new from_entities(list(Entity::Cluster));
            new from_cidrs(list(CidrRule::group("l")));
            with on(list(rule()));
        }
        IngressDenyRule {
            new from_endpoints(list(selector()));
            new from_entities(list(Entity::Cluster));
            with on(list(denied()));
        }
        CidrRule { new group(text); }
        IcmpRule { new echo_request(); }
        PortRuleHttp { new get(text); new post(text); new new(text, text); }
        PortRule {
            new tcp(number);
            new udp(number);
            new any(number);
            new on(list(port()));
            with http(list(http()));
            with dns(list(FqdnSelector::new("l")));
        }
        PortDenyRule { new tcp(number); new udp(number); new on(list(port())); }
        PortProtocol { new tcp(number); new udp(number); with to(number); }
        Rule {
            new endpoints(value(selector()));
            new nodes(value(selector()));
            with allow_ingress(list(IngressRule::from_namespace("l")));
            with allow_egress(list(EgressRule::to_namespace("l")));
            with without_default_deny();
            with describe(text);
        }
        Service { new named(text, text); }
    }
}

fn argocd(learner: &mut Learner<'_>) {
    use argocd_types::v1alpha1::*;

    let source = || ApplicationSource::git("l", "m");
    known! { learner =>
        ApplicationSpec {
            new new(text);
            with from_source(value(source()));
            with from_sources(list(source()));
            with to_local_cluster(text);
            with to(value(ApplicationDestination::cluster("l", "m")));
            with synced(value(SyncPolicy::automatic()));
        }
        ApplicationDestination { new server(text, text); new cluster(text, text); }
        Info { new new(text, text); }
        ApplicationSource {
            new chart(text, text, text);
            new git(text, text);
            new reference(text, text);
            with at(text);
            with with_helm(value(ApplicationSourceHelm::value_files(["l"])));
        }
        ApplicationSourceHelm { new value_files(texts); }
        HelmParameter { new new(text, text); }
        ApplicationSourceDirectory { new recursive(); }
        RetryStrategy { new times(number); }
        SyncPolicy { new automatic(); with retry(value(RetryStrategy::times(99))); }
    }
}

fn gatekeeper(learner: &mut Learner<'_>) {
    use gatekeeper_types::Gvk;
    use gatekeeper_types::templates::Target;

    known! { learner =>
        Gvk { new new(text, text, text); }
        Target { new rego(text); }
    }
}
