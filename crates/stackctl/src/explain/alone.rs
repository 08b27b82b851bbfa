//! What stands behind the codes that no check between objects has.

/// A code, explained.
pub(super) struct Alone {
    pub code: &'static str,
    /// What happens, and why.
    pub explanation: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// A file with the fault, and one without; of the lab's checks a lab in Rust.
    pub examples: [&'static str; 2],
}

const fn of(
    code: &'static str,
    explanation: &'static str,
    remedy: &'static str,
    failing: &'static str,
    passing: &'static str,
) -> Alone {
    Alone {
        code,
        explanation,
        remedy,
        examples: [failing, passing],
    }
}

/// The examples of a check of the lab: a test builds both labs.
macro_rules! of_lab {
    ($code:literal, $explanation:literal, $remedy:literal $(,)?) => {
        of(
            $code,
            $explanation,
            $remedy,
            include_str!(concat!("../../fixtures/lab/", $code, "/failing.rs")),
            include_str!(concat!("../../fixtures/lab/", $code, "/passing.rs")),
        )
    };
}

const CONFIG_MAP: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {replicas: \"5\"}
";

const LAMPS: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: lamps.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Lamp, plural: lamps}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {watts: {type: integer, maximum: 60}}}}}
---
apiVersion: example.com/v1
kind: Lamp
metadata: {name: desk}
spec: {watts: 40}
";

const ROUTE: &str = "\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec:
  parentRefs: [{name: edge}]
  rules:
  - backendRefs: [{name: web, port: 80}]
";

macro_rules! namespace_with_level {
    ($mode:literal, $pod:literal) => {
        concat!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: demo, labels: {pod-security.kubernetes.io/",
            $mode,
            ": baseline}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: demo}\nspec: {",
            $pod,
            "containers: [{name: web, image: \"web:1\"}]}\n"
        )
    };
}

macro_rules! policy_on {
    ($expression:literal) => {
        concat!(
            "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: who}\nspec:\n",
            "  matchConstraints: {resourceRules: [{apiGroups: [\"\"], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]}\n",
            "  validations: [{expression: \"",
            $expression,
            "\"}]\n---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {name: who}\n",
            "spec: {policyName: who, validationActions: [Deny]}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: demo}\n"
        )
    };
}

/// What a single object, or a policy, is told.
pub(super) const OF_CHECK: [Alone; 13] = [
    of(
        "syntax",
        "The text cannot be read as YAML or JSON, or kubectl reads it otherwise than it looks: nothing of the document is applied.",
        "mend the text at the line; indentation, quotes and brackets are the usual suspects",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web\n",
        CONFIG_MAP,
    ),
    of(
        "type",
        "The object breaks a rule that its kind has beside its schema, such as a selector that the pods of its own template lack. \
         The API server refuses it.",
        "do what the message asks for",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    \
         metadata: {labels: {app: other}}\n    spec: {containers: [{name: web, image: \"web:1\"}]}\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    \
         metadata: {labels: {app: web}}\n    spec: {containers: [{name: web, image: \"web:1\"}]}\n",
    ),
    of(
        "metadata",
        "A name, a namespace, a label or an annotation is not formed as the API server demands: the object is refused.",
        "keep to lower-case letters, digits and `-` in names; quote values of labels and annotations that look like numbers",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Web}\n",
        CONFIG_MAP,
    ),
    of(
        "schema",
        "A field is unknown, has another type than the schema of the kind says, or a value out of its bounds. The API server \
         refuses the object, or drops what it does not know.",
        "write the field as the kind defines it; `kubectl explain KIND` lists its fields",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {replicas: 5}\n",
        CONFIG_MAP,
    ),
    of(
        "cel",
        "The definition of the kind carries rules that compare fields with each other. One of them does not hold, and the API \
         server refuses the object with the rule's message.",
        "do what the message asks for",
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web}\nspec:\n  parentRefs: [{name: edge}]\n  rules:\n  \
         - filters: [{type: RequestRedirect, requestRedirect: {hostname: a.example.com}}]\n    backendRefs: [{name: web, port: 80}]\n",
        ROUTE,
    ),
    of(
        "cluster",
        "Whether the API server takes it depends on how the cluster was set up: its address families, its ranges, its admission \
         plugins. From the file it cannot be known.",
        "compare with the cluster; nothing has to change where it is as the message says",
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ipFamilyPolicy: RequireDualStack, selector: {app: web}, ports: [{port: 80}]}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n",
    ),
    of(
        "definition",
        "The CustomResourceDefinition or ConstraintTemplate of the kind is broken, so that its objects are not judged.",
        "mend the definition: the message says where",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: lamps.example.com}\nspec:\n  group: example.com\n  \
         scope: Namespaced\n  names: {kind: Lamp, plural: lamps}\n  versions:\n  - name: v1\n    served: true\n    storage: true\n    schema:\n      \
         openAPIV3Schema: {type: object, properties: {spec: 5}}\n---\n\
         apiVersion: example.com/v1\nkind: Lamp\nmetadata: {name: desk}\nspec: {watts: 40}\n",
        LAMPS,
    ),
    of(
        "unknown-kind",
        "Neither the program nor the files have a definition of the kind, so that nothing can be said of the object. A misspelt \
         kind or group looks the same.",
        "give its definition with --crds, or among the files",
        "apiVersion: example.com/v1\nkind: Lamp\nmetadata: {name: desk}\nspec: {watts: 40}\n",
        LAMPS,
    ),
    of(
        "no-object",
        "The file is meant for another program than the API server: Helm, kustomize, kind. What that program makes of it is what \
         is applied.",
        "check what the program makes: `helm template CHART | stackctl check -`, `kubectl kustomize DIR | stackctl check -`",
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [web.yaml]\n",
        CONFIG_MAP,
    ),
    of(
        "policy-denies",
        "A policy of the stack itself refuses the object, or the pods that it makes: a Pod Security level, a \
         ValidatingAdmissionPolicy, a policy of Kyverno or a constraint of Gatekeeper. Of a Deployment the pods are never created.",
        "change the object, exempt it in the policy, or allow it with a reason: the annotation `allow.stack-check/policy-denies`",
        namespace_with_level!("enforce", "hostNetwork: true, "),
        namespace_with_level!("enforce", ""),
    ),
    of(
        "policy-warns",
        "A policy of the stack itself lets the object through and warns whoever applies it.",
        "change the object, or exempt it in the policy",
        namespace_with_level!("warn", "hostNetwork: true, "),
        namespace_with_level!("warn", ""),
    ),
    of(
        "policy-audits",
        "A policy of the stack itself lets the object through and notes it down: in the audit log, or in the status of the policy.",
        "change the object, or exempt it in the policy",
        namespace_with_level!("audit", "hostNetwork: true, "),
        namespace_with_level!("audit", ""),
    ),
    of(
        "policy-unknown",
        "A policy asks for what is not in the files: who sends the request, another object of the cluster, a registry. Whether it \
         refuses the object cannot be known here.",
        "nothing, or ask the cluster: `kubectl apply --dry-run=server`",
        policy_on!("request.userInfo.username == 'admin'"),
        policy_on!("object.metadata.name != 'forbidden'"),
    ),
];

/// What a lab is told while it is built: what its components, values and versions do to each other.
pub(super) const OF_LAB: [(&str, Alone); 15] = [
    (
        "An object of the lab that an API server would refuse",
        of_lab!(
            "admission",
            "Every object of the lab is judged as by an API server before anything is written. `stackctl check` on the rendered \
             tree says the same, with lines.",
            "change the component that makes the object",
        ),
    ),
    (
        "Objects of a kind that nothing in the lab defines",
        of_lab!(
            "api-groups",
            "An object is applied before its definition is there, or without one: the API server does not know the kind.",
            "let a component bring the definitions, or say that its chart does",
        ),
    ),
    (
        "A label of metrics that is another one in each process",
        of_lab!(
            "attribute-cardinality",
            "An attribute that differs per process makes a new series per process: Mimir runs into its limits.",
            "drop the attribute in the collector before metrics are written",
        ),
    ),
    (
        "Cilium takes the configuration that Istio's CNI is chained to",
        of_lab!(
            "cni-chaining",
            "With `cni.exclusive` Cilium renames the configuration files of other plugins, and pods start outside the mesh.",
            "set cni.exclusive of the release cilium to false",
        ),
    ),
    (
        "The mesh refuses callers from outside at the gateway",
        of_lab!(
            "external-plain-text",
            "Callers from outside have no identity. Where the mesh is strict and no policy excepts the gateway's ports, nobody \
             outside reaches it.",
            "set the mode of the gateway's ports to PERMISSIVE",
        ),
    ),
    (
        "An image without a fixed tag",
        of_lab!(
            "floating-images",
            "The same manifest runs another program tomorrow. The documented demo app does so on purpose.",
            "pin a version before production",
        ),
    ),
    (
        "A backend that does not let the gateway in",
        of_lab!(
            "gateway-identity",
            "A route leads to pods whose AuthorizationPolicy lists callers, and the gateway's identity is not among them: 502 or 403.",
            "add a principal that ends in the gateway's ServiceAccount",
        ),
    ),
    (
        "Mimir writes through a Kafka that is not there",
        of_lab!(
            "ingest-storage",
            "Mimir 6 writes through Kafka unless three switches say otherwise; with only some of them every write fails.",
            "switch Kafka and ingest storage off, and pushes over gRPC on",
        ),
    ),
    (
        "Values that no template of the chart reads",
        of_lab!(
            "overlay",
            "Helm takes whatever a values file has: a misspelt key changes nothing, and nobody says so.",
            "write the key as the chart has it",
        ),
    ),
    (
        "A text that somebody was to fill in",
        of_lab!(
            "placeholders",
            "A text such as `<your-repo>` was never filled in; what reads it fails, or asks a host that does not exist.",
            "write what is meant in its place",
        ),
    ),
    (
        "A caller without identity, and pods that take mutual TLS alone",
        of_lab!(
            "plain-text-callers",
            "The API server calls webhooks, and Prometheus scrapes, without the mesh's identity: pods under STRICT refuse them.",
            "except the port in a PeerAuthentication that selects the pods",
        ),
    ),
    (
        "Ports of the machine that lead nowhere, or are given away twice",
        of_lab!(
            "published-ports",
            "What kind publishes must be a node port that some Service has, each once: otherwise the address on the machine is dead.",
            "let the node port of the Service and the mapping of the kind cluster agree",
        ),
    ),
    (
        "Cilium balances inside the pod, past ztunnel",
        of_lab!(
            "socket-balancing",
            "A socket that Cilium balances inside a pod is connected past ztunnel: traffic goes without mutual TLS.",
            "set socketLB.hostNamespaceOnly of the release cilium to true",
        ),
    ),
    (
        "Tempo cuts traces before the collector lets them go",
        of_lab!(
            "trace-completeness",
            "The collector holds traces back to decide on them. Where Tempo closes a trace earlier, late spans make a second trace.",
            "let Tempo wait longer than the slowest pipeline holds traces back",
        ),
    ),
    (
        "A program in another version than its chart is made for",
        of_lab!(
            "version-pairs",
            "A chart's templates and flags belong to one version of the program; with another one it may not start.",
            "take the chart that goes with the version, or leave the version to the chart",
        ),
    ),
];
