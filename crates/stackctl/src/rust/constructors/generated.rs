//! Those of the crates that are generated, from the module that each has for them.

use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::json;

use super::super::samples::Learner;
use super::known;

pub(super) fn learn(learner: &mut Learner<'_>) {
    argo_rollouts(learner);
    cert_manager(learner);
    external_secrets(learner);
    keda(learner);
    kong(learner);
    kyverno(learner);
    linkerd(learner);
    litmus(learner);
    opentelemetry(learner);
    prometheus(learner);
    spire(learner);
    velero(learner);
}

fn argo_rollouts(learner: &mut Learner<'_>) {
    use argo_rollouts_types::v1alpha1::*;

    let strategy = || RolloutStrategy::blue_green("l", "m");
    let steps = || CanaryStep::weight(99);
    known! { learner =>
        RolloutSpec { new of_deployment(text, value(strategy())); with with_replicas(number); }
        RolloutStrategy { new canary(list(steps())); new blue_green(text, text); }
        CanaryStrategy { new with_istio(text, text, text, list(steps())); }
        CanaryStep { new weight(number); new pause(); new pause_for(text); new analysis(value(RolloutAnalysis::by("l", []))); }
        Metric { new prometheus(text, text, text, text); with repeated(number, text); }
    }
}

fn cert_manager(learner: &mut Learner<'_>) {
    use cert_manager_types::v1::*;

    let issuer = || IssuerReference::issuer("l");
    known! { learner =>
        CertificateSpec {
            new for_names(text, value(issuer()), texts);
            new for_ca(text, value(issuer()), text);
            with lasting(text);
            with renewed_before(text);
            with with_key(value(CertificatePrivateKey::ecdsa()));
        }
        CertificatePrivateKey { new ecdsa(); new rsa4096(); }
        IssuerReference { new issuer(text); new cluster_issuer(text); }
        IssuerSpec { new self_signed(); new ca(text); new acme(text, text, list(AcmeChallengeSolver::http01_ingress("l"))); }
        AcmeChallengeSolver {
            new http01_ingress(text);
            new http01_gateway(text, text);
            new dns01_cloudflare(text, text);
            with for_zones(texts);
        }
    }
}

fn external_secrets(learner: &mut Learner<'_>) {
    use external_secrets_types::v1::*;

    let store = || SecretStoreRef::store("l");
    let key = || ExternalSecretData::key("l", "m");
    known! { learner =>
        ExternalSecretSpec {
            new of(value(store()), list(key()));
            new of_entry(value(store()), text);
            with refreshed_every(text);
            with into_secret(text);
        }
        ExternalSecretData { new key(text, text); }
        ExternalSecretDataRemoteRef { new key(text); }
        SecretStoreRef { new store(text); new cluster_store(text); }
        SecretStoreSpec { new of(value(SecretStoreProvider::aws_secrets_manager("l"))); }
        SecretStoreProvider { new aws_secrets_manager(text); new vault(text, text, text); }
        AwsProvider { new of(value(AwsServiceType::ParameterStore), text); with as_service_account(text); }
        SecretKeySelector { new new(text, text); }
    }
}

fn keda(learner: &mut Learner<'_>) {
    use keda_types::v1alpha1::*;

    let trigger = || ScaleTriggers::cpu(99);
    known! { learner =>
        ScaledObjectSpec {
            new of_deployment(text, list(trigger()));
            new of(value(ScaleTarget::stateful_set("l")), list(trigger()));
            with between(number, number);
        }
        ScaleTarget { new stateful_set(text); new of(text, text, text); }
        ScaledJobSpec { new of(value(Default::default()), list(trigger())); }
        ScaleTriggers {
            new prometheus(text, text, text);
            new cron(text, text, text, number_in_text);
            new cpu(number_in_text);
            new new(text, pairs);
            with authenticated_by(text);
            with authenticated_by_cluster(text);
            with named(text);
        }
    }
}

fn kong(learner: &mut Learner<'_>) {
    use kong_types::v1::*;
    use kong_types::v1beta1::KongUpstreamPolicySpec;

    known! { learner =>
        KongPlugin (KongPlugin::new("l", "m".to_owned())) { with with_config(json); with with_config_from(text, text); }
        KongClusterPlugin (KongClusterPlugin::new("l", "m".to_owned())) { with with_config(json); with with_config_from(text, text, text); }
        ConfigSource { new secret(text, text); }
        KongUpstreamPolicySpec { new least_connections(); new by_header(text); }
    }
}

fn kyverno(learner: &mut Learner<'_>) {
    use kyverno_types::v1::*;
    use kyverno_types::v2::{ResourceDescription, ResourceFilter};

    let about = || RuleMatch::kinds(["l"]);
    let filter = || ResourceFilter::kinds(["l"]);
    known! { learner =>
        PolicySpec { new of_rules(list(Rule::mutate("l", about(), Mutation::merge(json!({}))))); }
        Rule {
            new validate(text, value(about()), value(RuleValidation::cel("l", "m")));
            new mutate(text, value(about()), value(Mutation::merge(json!("l"))));
            new generate(text, value(about()), value(Generation::of("l", "m", "n", json!({}))));
            with except(value(RuleMatch::kinds(["m"])));
        }
        RuleMatch { new kinds(texts); new any(list(filter())); }
        ResourceFilter {
            new kinds(texts);
            new namespaces(texts);
            new objects(value(ResourceDescription { name: Some("l".to_owned()), ..Default::default() }));
        }
        RuleValidation {
            new pattern(text, json);
            new cel(text, text);
            new pod_security(value(PodSecurityLevel::Baseline));
            with enforced();
        }
        Mutation { new merge(json); }
        Generation { new of(text, text, text, json); with in_namespace(text); }
    }
}

fn linkerd(learner: &mut Learner<'_>) {
    use linkerd_types::policy::v1alpha1::*;
    use linkerd_types::policy::v1beta3::{AccessPolicy, ProxyProtocol, ServerSpec};

    let proof = || AuthenticationRef::network("l");
    known! { learner =>
        ServerSpec (ServerSpec::of_pods(("l", "m"), IntOrString::Int(99))) {
            with speaking(value(ProxyProtocol::Opaque));
            with letting_in(value(AccessPolicy::Deny));
        }
        AuthorizationPolicySpec { new to_server(text, list(proof())); new to_route(text, list(proof())); }
        LocalTargetRef { new of(text, text); }
        AuthenticationRef { new mesh_tls(text); new network(text); new service_account(text, text); }
        MeshTlsAuthenticationSpec { new identities(texts); }
    }
}

fn litmus(learner: &mut Learner<'_>) {
    use litmus_types::v1alpha1::*;

    let workload = || ApplicationParams::deployment("l", "m");
    known! { learner =>
        ChaosEngineSpec { new of(value(workload()), text, list(ExperimentList::named("l"))); with stopped(); }
        ApplicationParams { new deployment(text, text); new stateful_set(text, text); }
        ExperimentList { new named(text); }
    }
}

fn opentelemetry(learner: &mut Learner<'_>) {
    use opentelemetry_operator_types::v1alpha1::InstrumentationSpec;
    use opentelemetry_operator_types::v1beta1::*;

    known! { learner =>
        OpenTelemetryCollectorSpec {
            new of(value(Config::of([("l", json!({}))], [])));
            with as_mode(value(Mode::Sidecar));
            with with_replicas(number);
            with with_image(text);
        }
        InstrumentationSpec { new sending_to(text); with with_java(text); with with_python(text); }
    }
}

fn prometheus(learner: &mut Learner<'_>) {
    use prometheus_operator_types::v1::*;

    let endpoint = || Endpoint::port("l");
    known! { learner =>
        ServiceMonitorSpec { new of_services(pairs, list(endpoint())); with in_namespaces(value(NamespaceSelector::any())); }
        PodMonitorSpec { new of_pods(pairs, list(PodMetricsEndpoint::port("l"))); }
        NamespaceSelector { new any(); new names(texts); }
        Endpoint { new port(text); with path(text); with every(text); }
        PodMetricsEndpoint { new port(text); }
        ProbeSpec { new of_addresses(text, text, texts); }
        PrometheusRuleSpec { new of_groups(list(RuleGroup::new("l", []))); }
        RuleGroup { new new(text, list(Rule::alert("l", "m"))); }
        Rule {
            new alert(text, text);
            new record(text, text);
            with lasting(text);
            adds with_label(text, text);
            adds with_annotation(text, text);
        }
        RelabelConfig { new drop_where(text, text); new keep_where(text, text); }
        BasicAuth { new from_secret(text); }
        SafeTlsConfig { new insecure(); }
    }
}

fn spire(learner: &mut Learner<'_>) {
    use spire_types::v1alpha1::*;

    known! { learner =>
        ClusterSpiffeIdSpec {
            new by_service_account();
            new of(text);
            with valid_for(text);
            with federating_with(texts);
            with as_fallback();
        }
        ClusterFederatedTrustDomainSpec { new web(text, text); new spiffe(text, text, text); with trusting(text); }
        ClusterStaticEntrySpec { new of(text, text, texts); }
    }
}

fn velero(learner: &mut Learner<'_>) {
    use velero_types::v1::*;

    known! { learner =>
        ScheduleSpec { new cron(text, value(BackupSpec::of_namespaces(["l"]))); }
        BackupSpec {
            new of_namespaces(texts);
            with without_namespaces(texts);
            with without_resources(texts);
            with kept_for(text);
            with into_location(text);
        }
        ExecHook { new command(texts); with in_container(text); }
        RestoreSpec { new of_backup(text); new of_schedule(text); with only_namespaces(texts); }
        BackupStorageLocationSpec {
            new s3_compatible(text, text);
            new of(text, text);
            with below(text);
            with with_credential(text, text);
        }
        VolumeSnapshotLocationSpec { new of(text, pairs); }
        DeleteBackupRequestSpec { new of(text); }
    }
}
