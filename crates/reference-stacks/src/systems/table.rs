//! Each system that the documents name, and where it is at home here: data for `docs/systems.md`.

use super::{Claim, Claim::*, System};

const fn system(name: &'static str, claims: &'static [Claim]) -> System {
    System { name, claims }
}

/// In the order of the documents' own list.
pub(super) const SYSTEMS: &[System] = &[
    system(
        "Kubernetes",
        &[
            Kind("apps/v1", "Deployment"),
            File(
                "crates/crd-validate/src/version.rs",
                "its versions 1.33 to 1.37",
            ),
            File("crates/crd-validate/src/builtin", "its built-in kinds"),
        ],
    ),
    system(
        "Kind",
        &[
            Component("kind"),
            File("crates/stack-cluster/src/kind.rs", "its configuration"),
        ],
    ),
    system(
        "kubeadm",
        &[
            File(
                "crates/stack-cluster/src/laptop.rs",
                "patches of its configuration in a kind cluster",
            ),
            Outside("clusters on machines of one's own are made before a stack comes"),
        ],
    ),
    system(
        "Kubespray",
        &[Outside(
            "clusters on machines of one's own are made before a stack comes",
        )],
    ),
    system(
        "kubectl",
        &[File(
            "crates/stack-builder/src/render/scripts",
            "what the scripts call",
        )],
    ),
    system("kube-proxy", &[Component("kind"), Component("cilium")]),
    system(
        "kube-apiserver / controller-manager / scheduler",
        &[
            Component("kind"),
            File(
                "crates/crd-validate/src/registry.rs",
                "what an API server would say",
            ),
        ],
    ),
    system("etcd", &[Component("kind")]),
    system("CoreDNS", &[Component("kind"), Check("dns-blocked")]),
    system(
        "kubelet",
        &[Outside(
            "a part of each node: nothing of it is configured by a stack",
        )],
    ),
    system(
        "Operator Framework",
        &[Outside(
            "an SDK to write operators with; a stack installs operators, and does not write them",
        )],
    ),
    system(
        "Cluster API",
        &[Outside(
            "makes clusters from objects of a management cluster; here they are made by Terraform, eksctl or kind",
        )],
    ),
    system(
        "EKS",
        &[
            File(
                "crates/stack-cluster/src/terraform.rs",
                "the Terraform module",
            ),
            File(
                "crates/stack-cluster/src/eksctl.rs",
                "eksctl's configuration",
            ),
        ],
    ),
    system(
        "GKE",
        &[Outside("named in a comparison; the documents show EKS")],
    ),
    system(
        "containerd",
        &[
            File(
                "crates/stack-config/src/promtail.rs",
                "the format of its logs",
            ),
            Outside("a part of each node"),
        ],
    ),
    system(
        "CRI-O",
        &[
            File(
                "crates/stack-config/src/promtail.rs",
                "the format of its logs",
            ),
            Outside("a part of each node"),
        ],
    ),
    system("runc", &[Outside("a part of each node")]),
    system(
        "gVisor",
        &[
            Kind("node.k8s.io/v1", "RuntimeClass"),
            Outside("a part of each node; a pod asks for it by a RuntimeClass"),
        ],
    ),
    system(
        "Kata Containers",
        &[
            Kind("node.k8s.io/v1", "RuntimeClass"),
            Outside("a part of each node; a pod asks for it by a RuntimeClass"),
        ],
    ),
    system(
        "Firecracker",
        &[Outside("below Kata Containers; a stack does not see it")],
    ),
    system(
        "Docker",
        &[File(
            "crates/stack-builder/src/render/airgap/mirror.rs",
            "the mirror script pulls and pushes with it",
        )],
    ),
    system(
        "Docker Compose",
        &[Outside(
            "what the documented services run on today; what moves is a Deployment",
        )],
    ),
    system(
        "BuildKit",
        &[Outside(
            "builds images; a stack takes images that are there",
        )],
    ),
    system(
        "Buildah",
        &[Outside(
            "builds images; a stack takes images that are there",
        )],
    ),
    system(
        "Podman",
        &[Outside(
            "builds images; a stack takes images that are there",
        )],
    ),
    system(
        "Wasm",
        &[Outside(
            "advice for a pilot; the documents configure nothing of it",
        )],
    ),
    system(
        "WasmEdge",
        &[Outside(
            "advice for a pilot; the documents configure nothing of it",
        )],
    ),
    system(
        "Wasmtime",
        &[Outside(
            "advice for a pilot; the documents configure nothing of it",
        )],
    ),
    system(
        "OCI",
        &[
            File("crates/stack-builder/src/image.rs", "image references"),
            File(
                "crates/stack-builder/src/release.rs",
                "charts from OCI registries",
            ),
        ],
    ),
    system(
        "CNI",
        &[
            Component("cilium"),
            Component("istio"),
            Component("calico"),
            Component("flannel"),
        ],
    ),
    system(
        "CSI",
        &[
            Kind("storage.k8s.io/v1", "StorageClass"),
            Kind("storage.k8s.io/v1", "CSIDriver"),
            File("crates/stack-cluster/src/storage.rs", "storage classes"),
        ],
    ),
    system(
        "CRI",
        &[Outside(
            "between kubelet and container runtime; a stack does not see it",
        )],
    ),
    system(
        "SMI",
        &[
            Outside("archived; Gateway API took its place"),
            File("crates/gateway-api/README.md", "what took its place"),
        ],
    ),
    system(
        "OpenTracing",
        &[
            Outside("archived; OpenTelemetry took its place"),
            File(
                "crates/stack-config/src/collector.rs",
                "what took its place",
            ),
        ],
    ),
    system(
        "CloudEvents",
        &[Outside("a format inside programs; a stack does not see it")],
    ),
    system(
        "SPIFFE",
        &[File(
            "crates/istio-types/src/principal.rs",
            "identities of workloads",
        )],
    ),
    system(
        "SPIRE",
        &[
            Kind("spire.spiffe.io/v1alpha1", "ClusterSPIFFEID"),
            Component("spire"),
        ],
    ),
    system(
        "SLSA",
        &[Outside(
            "levels of a supply chain: a matter of how images are built",
        )],
    ),
    system("gRPC", &[Kind("gateway.networking.k8s.io/v1", "GRPCRoute")]),
    system(
        "OTLP",
        &[
            File(
                "crates/stack-config/src/collector.rs",
                "receivers and exporters",
            ),
            Component("lgtm"),
        ],
    ),
    system("WireGuard", &[Component("cilium")]),
    system("VXLAN", &[Component("cilium")]),
    system("eBPF", &[Component("cilium")]),
    system(
        "iptables",
        &[File(
            "crates/stack-cluster/src/kind.rs",
            "a mode of kube-proxy",
        )],
    ),
    system("HBONE", &[Check("mesh-port-closed"), Component("istio")]),
    system(
        "xDS",
        &[Outside(
            "between Istiod and its proxies; a stack does not see it",
        )],
    ),
    system(
        "OIDC",
        &[
            Kind("security.istio.io/v1", "RequestAuthentication"),
            Check("claims-without-authentication"),
        ],
    ),
    system(
        "Cilium",
        &[
            Component("cilium"),
            Kind("cilium.io/v2", "CiliumNetworkPolicy"),
        ],
    ),
    system(
        "CiliumNetworkPolicy",
        &[
            Kind("cilium.io/v2", "CiliumNetworkPolicy"),
            File("crates/stack-reach/src", "what it lets through"),
        ],
    ),
    system("Hubble", &[Component("cilium")]),
    system(
        "Cilium Envoy",
        &[Component("cilium"), Image("quay.io/cilium/cilium-envoy")],
    ),
    system("Calico", &[Component("calico")]),
    system("Flannel", &[Component("flannel")]),
    system("Weave Net", &[Outside("no longer maintained")]),
    system(
        "NetworkPolicy",
        &[
            Kind("networking.k8s.io/v1", "NetworkPolicy"),
            File("crates/stack-reach/src", "what it lets through"),
        ],
    ),
    system(
        "Gateway API",
        &[
            Kind("gateway.networking.k8s.io/v1", "Gateway"),
            Kind("gateway.networking.k8s.io/v1", "HTTPRoute"),
            Document("001-6.2-HTTPRoute-api-route.yaml"),
            File("crates/stack-gateway/src", "routing and status"),
            Component("kong"),
        ],
    ),
    system(
        "Istio Gateway (networking.istio.io)",
        &[
            Kind("networking.istio.io/v1", "Gateway"),
            Document("000-4-Gateway-webapp-gateway.yaml"),
            Check("gateway-port-not-on-service"),
        ],
    ),
    system(
        "Ingress",
        &[
            Kind("networking.k8s.io/v1", "Ingress"),
            File("crates/stack-gateway/src", "routing"),
        ],
    ),
    system(
        "NGINX Ingress",
        &[Outside("retired; Gateway API takes its place")],
    ),
    system(
        "Envoy Gateway",
        &[
            Kind("gateway.networking.k8s.io/v1", "GatewayClass"),
            Outside(
                "another implementation of Gateway API: the objects stay, the class is another",
            ),
        ],
    ),
    system(
        "Traefik",
        &[
            Kind("gateway.networking.k8s.io/v1", "GatewayClass"),
            Outside(
                "another implementation of Gateway API: the objects stay, the class is another",
            ),
        ],
    ),
    system(
        "Nginx Gateway Fabric",
        &[
            Kind("gateway.networking.k8s.io/v1", "GatewayClass"),
            Outside(
                "another implementation of Gateway API: the objects stay, the class is another",
            ),
        ],
    ),
    system(
        "Kong Gateway",
        &[
            Component("kong"),
            Kind("configuration.konghq.com/v1", "KongPlugin"),
        ],
    ),
    system(
        "Kong Ingress Controller",
        &[
            Component("kong"),
            Image("docker.io/kong/kubernetes-ingress-controller"),
        ],
    ),
    system("Kong Manager", &[Component("kong")]),
    system(
        "AWS API Gateway",
        &[Outside("a service of a cloud, outside the cluster")],
    ),
    system(
        "NGINX",
        &[
            Component("lgtm"),
            Image("docker.io/nginxinc/nginx-unprivileged"),
        ],
    ),
    system("L4 switch", &[Outside("a machine in front of the cluster")]),
    system(
        "Istio",
        &[
            Component("istio"),
            Kind("networking.istio.io/v1", "VirtualService"),
            Document("000-4-VirtualService-webapp-vs.yaml"),
        ],
    ),
    system(
        "istiod",
        &[Component("istio"), Image("docker.io/istio/pilot")],
    ),
    system(
        "ztunnel",
        &[Component("istio"), Image("docker.io/istio/ztunnel")],
    ),
    system(
        "waypoint proxy",
        &[Check("missing-waypoint"), Check("policy-without-waypoint")],
    ),
    system("istioctl", &[Document("000-4-Script-deploy-cncf-stack.sh")]),
    system(
        "Pilot / Citadel / Galley",
        &[
            Outside("one program since Istio 1.5: istiod"),
            Component("istio"),
        ],
    ),
    system(
        "PeerAuthentication",
        &[
            Kind("security.istio.io/v1", "PeerAuthentication"),
            Check("plain-text-to-strict"),
        ],
    ),
    system(
        "AuthorizationPolicy",
        &[
            Kind("security.istio.io/v1", "AuthorizationPolicy"),
            Document("001-6.3-AuthorizationPolicy-api-authz.yaml"),
        ],
    ),
    system(
        "Linkerd",
        &[
            Component("linkerd"),
            Component("linkerd-viz"),
            Component("linkerd-multicluster"),
        ],
    ),
    system(
        "Consul Connect",
        &[Outside(
            "it is named in a list of what there is; the documents configure nothing of it",
        )],
    ),
    system(
        "Envoy",
        &[
            Component("istio"),
            Component("cilium"),
            File("crates/stack-reach/src", "what its rules do to a request"),
        ],
    ),
    system(
        "Kiali",
        &[Outside(
            "it is named in a list of what there is; the documents configure nothing of it",
        )],
    ),
    system(
        "Argo CD",
        &[
            Component("argocd"),
            Kind("argoproj.io/v1alpha1", "Application"),
            File(
                "crates/stack-gitops/src",
                "stacks as it reads them from Git",
            ),
        ],
    ),
    system(
        "Argo CD ApplicationSet",
        &[
            Kind("argoproj.io/v1alpha1", "ApplicationSet"),
            Document("001-10.3-ApplicationSet-apps.yaml"),
            Check("application-set-name"),
            Check("application-set-namespace"),
        ],
    ),
    system("Argo CD Notifications", &[Component("argocd")]),
    system(
        "Argo Rollouts",
        &[
            Kind("argoproj.io/v1alpha1", "Rollout"),
            Component("argo-rollouts"),
        ],
    ),
    system(
        "Argo Workflows",
        &[Outside(
            "it is named in a list of what there is; the documents configure nothing of it",
        )],
    ),
    system(
        "Argo (umbrella)",
        &[Component("argocd"), Kind("argoproj.io/v1alpha1", "Rollout")],
    ),
    system(
        "argocd-example-apps (guestbook)",
        &[File(
            "crates/lab-builder/src/components/argocd",
            "exercise 5-1",
        )],
    ),
    system(
        "Flux",
        &[
            Outside("a comparison with Argo CD; the documents configure Argo CD"),
            File(
                "crates/stack-model/src/reference/tables/flux.rs",
                "what its objects name",
            ),
        ],
    ),
    system(
        "Helm",
        &[
            File("crates/stack-builder/src/release.rs", "releases and values"),
            File("crates/stack-builder/src/charts", "what charts make"),
            Document("001-10.1-HelmTemplate-deployment.yaml.tpl"),
        ],
    ),
    system(
        "Kustomize",
        &[File(
            "crates/stack-config/src/kustomize.rs",
            "kustomizations",
        )],
    ),
    system(
        "Jsonnet",
        &[Outside("another way to write what is written here in Rust")],
    ),
    system(
        "Terraform",
        &[File(
            "crates/stack-cluster/src/terraform.rs",
            "written and read",
        )],
    ),
    system(
        "Pulumi",
        &[Outside(
            "another way to make the cluster; the documents show Terraform",
        )],
    ),
    system(
        "Ansible",
        &[Outside("configures machines; a comparison with Terraform")],
    ),
    system(
        "GitHub Actions",
        &[
            File("crates/stack-config/src/workflow.rs", "workflows"),
            Document("001-10.4-GitHubWorkflow-ci.yaml"),
        ],
    ),
    system(
        "Jenkins",
        &[Outside("stays outside Kubernetes in the documents")],
    ),
    system(
        "GitLab / GitLab CI",
        &[
            File(
                "crates/stackctl/src/check",
                "reports in JUnit XML, which it shows",
            ),
            Outside("the documents show GitHub Actions"),
        ],
    ),
    system(
        "Tekton",
        &[Outside(
            "it is named in a list of what there is; the documents configure nothing of it",
        )],
    ),
    system(
        "Git / GitHub",
        &[File("crates/stack-gitops/src", "stacks as Git holds them")],
    ),
    system(
        "Prometheus",
        &[
            File("crates/stack-config/src/prometheus.rs", "its configuration"),
            Document("000-4-PrometheusConfig-prometheus.yml"),
            Component("kube-prometheus-stack"),
        ],
    ),
    system(
        "Prometheus Operator",
        &[
            Kind("monitoring.coreos.com/v1", "PrometheusRule"),
            Kind("monitoring.coreos.com/v1", "ServiceMonitor"),
            Check("monitor-without-target"),
            Component("kube-prometheus-stack"),
        ],
    ),
    system(
        "kube-prometheus-stack",
        &[Component("kube-prometheus-stack")],
    ),
    system(
        "Prometheus Agent",
        &[Kind("monitoring.coreos.com/v1alpha1", "PrometheusAgent")],
    ),
    system("node-exporter", &[Component("kube-prometheus-stack")]),
    system(
        "Alertmanager",
        &[
            Component("lgtm"),
            Kind("monitoring.coreos.com/v1", "Alertmanager"),
        ],
    ),
    system("Mimir", &[Component("lgtm")]),
    system(
        "Thanos",
        &[
            Component("thanos"),
            Kind("monitoring.coreos.com/v1", "ThanosRuler"),
        ],
    ),
    system("Cortex", &[Outside("Mimir followed it"), Component("lgtm")]),
    system("Loki", &[Component("lgtm"), Component("loki")]),
    system(
        "Promtail",
        &[
            File("crates/stack-config/src/promtail.rs", "its configuration"),
            Document("001-8.2-LokiScrapeConfig-kubernetes-pods.yaml"),
        ],
    ),
    system(
        "Fluentd",
        &[Outside(
            "named beside what the documents configure: Promtail and Alloy",
        )],
    ),
    system(
        "Fluent Bit",
        &[Outside(
            "named beside what the documents configure: Promtail and Alloy",
        )],
    ),
    system(
        "Elasticsearch",
        &[Outside(
            "stays outside Kubernetes in the documents; Loki keeps the logs of the stack",
        )],
    ),
    system(
        "Logstash",
        &[Outside(
            "stays outside Kubernetes in the documents; Loki keeps the logs of the stack",
        )],
    ),
    system(
        "Kibana",
        &[Outside(
            "stays outside Kubernetes in the documents; Loki keeps the logs of the stack",
        )],
    ),
    system(
        "ELK",
        &[Outside(
            "stays outside Kubernetes in the documents; Loki keeps the logs of the stack",
        )],
    ),
    system("Tempo", &[Component("lgtm"), Component("tempo")]),
    system(
        "Jaeger",
        &[
            Document("000-4-Script-deploy-cncf-stack.sh"),
            Component("jaeger"),
        ],
    ),
    system(
        "Zipkin",
        &[Outside(
            "named beside Jaeger; Tempo and Jaeger read its format",
        )],
    ),
    system(
        "OpenTelemetry",
        &[
            File(
                "crates/stack-config/src/collector.rs",
                "the collector's configuration",
            ),
            Component("opentelemetry-operator"),
        ],
    ),
    system(
        "OTel Collector",
        &[
            Component("lgtm"),
            File("crates/stack-config/src/collector.rs", "its configuration"),
            Document("001-8.3-OTelCollectorConfig-prometheus-tempo.yaml"),
            Component("opentelemetry-collector"),
        ],
    ),
    system(
        "OTel Agent (Java)",
        &[
            Outside("a flag of the JVM, in the environment of a pod: `Workload::env` sets it"),
            File(
                "crates/stack-builder/src/workload",
                "pods and their environment",
            ),
        ],
    ),
    system(
        "Alloy",
        &[
            Component("lgtm"),
            File(
                "crates/lab-builder/src/components/lgtm/alloy",
                "its configuration",
            ),
        ],
    ),
    system(
        "Grafana",
        &[
            Component("lgtm"),
            File("crates/stack-config/src/grafana.rs", "dashboards"),
            Document("000-4-ConfigMap-cncf-dashboard.yaml"),
        ],
    ),
    system(
        "PromQL",
        &[
            File(
                "crates/stack-config/src/promql.rs",
                "queries, and what is wrong with them",
            ),
            Document("001-8.1-PromQL-cpu-usage-percent.txt"),
        ],
    ),
    system(
        "Kubecost",
        &[Outside(
            "it is named in a list of what there is; the documents configure nothing of it",
        )],
    ),
    system(
        "Slack / PagerDuty",
        &[
            Kind("monitoring.coreos.com/v1alpha1", "AlertmanagerConfig"),
            Outside("services outside the cluster"),
        ],
    ),
    system(
        "OPA Gatekeeper",
        &[
            Component("gatekeeper"),
            Kind("templates.gatekeeper.sh/v1", "ConstraintTemplate"),
            File("crates/stack-policy-rego/src", "what its policies say"),
        ],
    ),
    system(
        "Open Policy Agent",
        &[File("crates/gatekeeper-rego/src", "Rego, evaluated")],
    ),
    system(
        "Rego",
        &[
            File("crates/gatekeeper-rego/src", "evaluated"),
            Document("001-9.2-Rego-k8srequiredlabels.rego"),
        ],
    ),
    system(
        "Kyverno",
        &[
            Kind("kyverno.io/v1", "ClusterPolicy"),
            Document("001-9.2-ClusterPolicy-disallow-root.yaml"),
            Check("policy-old-form"),
            File("crates/stack-policy/src/kyverno", "what its policies say"),
            Component("kyverno"),
        ],
    ),
    system("Falco", &[Component("falco")]),
    system(
        "Notary",
        &[Outside("a way to sign images; named in a list")],
    ),
    system(
        "Cosign",
        &[
            Outside("signs images where they are built"),
            Kind("kyverno.io/v1", "ClusterPolicy"),
        ],
    ),
    system(
        "Trivy",
        &[
            Document("001-9.1-Commands-trivy-image.txt"),
            Component("trivy-operator"),
        ],
    ),
    system(
        "cert-manager",
        &[
            Kind("cert-manager.io/v1", "Certificate"),
            Check("certificate-renewal"),
            Component("cert-manager"),
        ],
    ),
    system(
        "PSA (Pod Security Admission)",
        &[
            File(
                "crates/stack-policy/src/pod_security",
                "its levels, evaluated",
            ),
            Component("platform"),
        ],
    ),
    system(
        "KubeScape",
        &[Outside(
            "it is named in a list of what there is; the documents configure nothing of it",
        )],
    ),
    system(
        "External Secrets Operator",
        &[
            Kind("external-secrets.io/v1", "ExternalSecret"),
            Component("external-secrets"),
        ],
    ),
    system(
        "Vault",
        &[
            Kind("external-secrets.io/v1", "SecretStore"),
            Outside("a service beside the cluster; External Secrets reads it"),
        ],
    ),
    system(
        "Harbor",
        &[File(
            "crates/stack-builder/src/render/airgap/mirror.rs",
            "the mirror script, and images from a registry of one's own",
        )],
    ),
    system(
        "Docker Hub",
        &[
            Image("docker.io/"),
            File(
                "crates/stack-builder/src/render/airgap/firewall.rs",
                "firewall rows",
            ),
        ],
    ),
    system(
        "quay.io",
        &[
            Image("quay.io/"),
            File(
                "crates/stack-builder/src/render/airgap/firewall.rs",
                "firewall rows",
            ),
        ],
    ),
    system(
        "ghcr.io",
        &[
            Image("ghcr.io/"),
            File(
                "crates/stack-builder/src/render/airgap/firewall.rs",
                "firewall rows",
            ),
        ],
    ),
    system(
        "public.ecr.aws",
        &[
            Image("public.ecr.aws/"),
            File(
                "crates/stack-builder/src/render/airgap/firewall.rs",
                "firewall rows",
            ),
        ],
    ),
    system(
        "registry.k8s.io",
        &[File(
            "crates/stack-builder/src/render/airgap/firewall.rs",
            "firewall rows",
        )],
    ),
    system(
        "EBS / EBS CSI",
        &[
            Document("001-7.1-StorageClass-fast-gp3.yaml"),
            File(
                "crates/stack-cluster/src/storage.rs",
                "storage classes, and the driver's role",
            ),
            Component("ebs-storage-classes"),
        ],
    ),
    system(
        "GCE PD",
        &[
            File(
                "crates/stack-cluster/src/storage.rs",
                "a storage class of any driver",
            ),
            Outside("named beside EBS"),
        ],
    ),
    system("Rook", &[Component("rook-ceph")]),
    system("Ceph", &[Component("rook-ceph")]),
    system(
        "Longhorn",
        &[Outside(
            "advice for machines of one's own; the documents configure EBS",
        )],
    ),
    system(
        "NFS CSI Driver",
        &[
            File(
                "crates/stack-cluster/src/storage.rs",
                "a storage class of any driver",
            ),
            Outside("of the documented production, outside the lab"),
        ],
    ),
    system("local-path-provisioner", &[Component("kind")]),
    system(
        "S3 / GCS",
        &[
            File(
                "crates/stack-cluster/src/needs.rs",
                "rights of service accounts",
            ),
            Outside("a service of a cloud"),
        ],
    ),
    system(
        "Velero",
        &[
            Kind("velero.io/v1", "Schedule"),
            Document("001-7.3-Commands-velero-backup.txt"),
            Document("001-appendix-Commands-velero-schedule.txt"),
            Component("velero"),
        ],
    ),
    system(
        "LitmusChaos",
        &[
            Kind("litmuschaos.io/v1alpha1", "ChaosEngine"),
            Document("001-11-ChaosEngine-pod-kill.yaml"),
            Check("chaos-default-account"),
            Component("litmus"),
            Component("litmus-portal"),
            Component("litmus-agent"),
        ],
    ),
    system(
        "Chaos Mesh",
        &[Outside(
            "named beside Litmus, which the documents configure",
        )],
    ),
    system(
        "HPA",
        &[
            Kind("autoscaling/v2", "HorizontalPodAutoscaler"),
            Check("autoscaler-bounds"),
            Check("autoscaler-needs-requests"),
        ],
    ),
    system(
        "VPA",
        &[
            Outside(
                "it is named in a list of what there is; the documents configure nothing of it",
            ),
            Check("two-autoscalers"),
        ],
    ),
    system(
        "Cluster Autoscaler",
        &[
            File(
                "crates/stack-cluster/src/needs.rs",
                "its rights, and the bounds of node pools",
            ),
            Outside("its chart is not among the components"),
        ],
    ),
    system(
        "KEDA",
        &[
            Kind("keda.sh/v1alpha1", "ScaledObject"),
            Check("two-autoscalers"),
            Component("keda"),
        ],
    ),
    system(
        "Knative",
        &[Outside(
            "it is named in a list of what there is; the documents configure nothing of it",
        )],
    ),
    system(
        "OpenFaaS",
        &[Outside(
            "it is named in a list of what there is; the documents configure nothing of it",
        )],
    ),
    system(
        "AWS Lambda",
        &[Outside("a service of a cloud, outside the cluster")],
    ),
    system(
        "Azure Functions",
        &[Outside("a service of a cloud, outside the cluster")],
    ),
    system(
        "Google Cloud Functions",
        &[Outside("a service of a cloud, outside the cluster")],
    ),
    system(
        "AWS",
        &[File(
            "crates/stack-cluster/src/terraform.rs",
            "clusters and roles",
        )],
    ),
    system(
        "GCP",
        &[Outside("named beside AWS, which the documents configure")],
    ),
    system(
        "Redis",
        &[
            Component("argocd"),
            Image("public.ecr.aws/docker/library/redis"),
        ],
    ),
    system("Dex", &[Component("argocd"), Image("ghcr.io/dexidp/dex")]),
    system(
        "PostgreSQL",
        &[
            Kind("keda.sh/v1alpha1", "ScaledObject"),
            Outside("a database of programs; KEDA asks it"),
        ],
    ),
    system(
        "Kafka",
        &[Component("lgtm"), Kind("keda.sh/v1alpha1", "ScaledObject")],
    ),
    system(
        "Kafka Connect",
        &[Outside("stays outside Kubernetes in the documents")],
    ),
    system(
        "RabbitMQ",
        &[
            Kind("keda.sh/v1alpha1", "ScaledObject"),
            Outside("a service of programs; KEDA asks it"),
        ],
    ),
    system(
        "Azure Queue",
        &[
            Kind("keda.sh/v1alpha1", "ScaledObject"),
            Outside("a service of a cloud; KEDA asks it"),
        ],
    ),
    system(
        "httpbin",
        &[
            Component("demo-app"),
            Image("docker.io/kennethreitz/httpbin"),
        ],
    ),
    system(
        "curl (curlimages)",
        &[Component("demo-app"), Image("docker.io/curlimages/curl")],
    ),
    system(
        "busybox",
        &[File("crates/lab-exercises/src", "the exercises' pods")],
    ),
    system(
        "k8s-sidecar",
        &[Component("lgtm"), Image("docker.io/kiwigrid/k8s-sidecar")],
    ),
    system(
        "prometheus-config-reloader",
        &[
            Component("lgtm"),
            Image("quay.io/prometheus-operator/prometheus-config-reloader"),
        ],
    ),
    system(
        "rollout-operator",
        &[
            Component("lgtm"),
            Image("docker.io/grafana/rollout-operator"),
        ],
    ),
    system(
        "Spring Boot",
        &[
            File(
                "crates/stack-builder/src/workload",
                "a program in the cluster, in a few lines",
            ),
            Outside("a framework inside programs"),
        ],
    ),
    system(
        "React",
        &[
            File(
                "crates/stack-builder/src/workload",
                "a program in the cluster, in a few lines",
            ),
            Outside("a framework inside programs"),
        ],
    ),
    system(
        "ResourceQuota",
        &[
            Kind("v1", "ResourceQuota"),
            Check("quota-exceeded"),
            Component("platform"),
        ],
    ),
    system(
        "LimitRange",
        &[
            Kind("v1", "LimitRange"),
            Check("limit-range"),
            Component("platform"),
        ],
    ),
    system(
        "PriorityClass",
        &[
            Kind("scheduling.k8s.io/v1", "PriorityClass"),
            Check("missing-class"),
            Component("platform"),
        ],
    ),
    system(
        "PodDisruptionBudget",
        &[
            Kind("policy/v1", "PodDisruptionBudget"),
            Check("disruption-budget-blocks"),
            Component("platform"),
        ],
    ),
    system(
        "StorageClass",
        &[
            Kind("storage.k8s.io/v1", "StorageClass"),
            Document("001-7.1-StorageClass-fast-gp3.yaml"),
        ],
    ),
    system(
        "ValidatingAdmissionWebhook",
        &[
            Kind(
                "admissionregistration.k8s.io/v1",
                "ValidatingWebhookConfiguration",
            ),
            Check("dangling-webhook"),
            Component("gatekeeper"),
        ],
    ),
    system("CNCF (TOC, TAG, SIG)", &[Outside("an organisation")]),
];
