//! What policies and the mesh do to connections, other than is written: found by `stack-reach`, told here.

use kube_vocab::Severity;

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;

/// A check whose findings `stack-reach` has under the same code.
macro_rules! check {
    ($name:ident, $code:literal, $severity:ident, $group:ident, $title:literal, $explanation:literal, $remedy:literal, $silent:literal) => {
        pub(super) const $name: Check = Check {
            code: $code,
            group: Group::$group,
            severity: Severity::$severity,
            title: $title,
            explanation: $explanation,
            remedy: $remedy,
            silent: $silent,
            failing: include_str!(concat!("../../fixtures/", $code, "/failing.yaml")),
            passing: include_str!(concat!("../../fixtures/", $code, "/passing.yaml")),
            run: tell,
        };
    };
}

check!(
    ALLOW_BLOCKED_ELSEWHERE,
    "allow-blocked-elsewhere",
    Warning,
    Conflicts,
    "A policy lets pods in that their own policies do not let out",
    "A connection needs the consent of both ends. The policy of the destination allows it; the egress policies of every pod that \
     it names do not, so nothing comes.",
    "allow the same connection in the egress rules of the clients",
    "Rules that mean everybody or every port, and policies of more than one pod."
);
check!(
    ALLOW_DROPPED,
    "allow-dropped",
    Warning,
    Conflicts,
    "A rule about requests is dropped at ztunnel",
    "ztunnel reads no requests. istiod leaves out every rule of an ALLOW policy that names a method, path, host, header or token, \
     so the policy allows less than is written, perhaps nothing.",
    "give the policy targetRefs of a Service or a waypoint",
    "Pods with a sidecar, which reads requests."
);
check!(
    DENY_NEVER_FIRES,
    "deny-never-fires",
    Error,
    Conflicts,
    "A DENY rule never denies anything",
    "ztunnel reads no requests. Of a DENY rule only what is about connections is left, and a clause of which nothing is left never \
     matches: what was to be denied is let through, although the documentation says that it fails safe.",
    "give the policy targetRefs of a Service or a waypoint",
    "Pods with a sidecar, which reads requests; rules with a port or an identity beside."
);
check!(
    EXPOSED_WITHOUT_POLICY,
    "exposed-without-policy",
    Warning,
    Posture,
    "Pods are open to the world, and no policy guards them",
    "A load balancer or a node port leads to the pods from outside, and no policy of the network or of the mesh isolates them: \
     whoever gets there reaches every port that the Service has.",
    "isolate the pods by a NetworkPolicy that lets in what is meant",
    "Clusters with policies of the administrator, which may guard all pods."
);
check!(
    HTTP_RULE_IN_MESH,
    "http-rule-in-mesh",
    Warning,
    Conflicts,
    "A rule of Cilium about requests sees only ciphertext",
    "Between pods of an ambient mesh there is TCP 15008 with mutual TLS. Cilium's proxy looks at the application's port, where \
     nothing comes; on 15008 it would find no request.",
    "put rules about requests into an AuthorizationPolicy at a waypoint",
    "Rules about peers that are not in the mesh."
);
check!(
    MESH_PORT_CLOSED,
    "mesh-port-closed",
    Error,
    Conflicts,
    "A network policy closes the port of the mesh",
    "Between pods of an ambient mesh there is only TCP 15008 (HBONE). The policy lets the client in on the application's port, \
     which no connection between the two uses, so it is cut off.",
    "allow TCP 15008, and leave ports to an AuthorizationPolicy",
    "Pods that another policy lets in on 15008."
);
check!(
    PLAIN_TEXT_TO_STRICT,
    "plain-text-to-strict",
    Error,
    Conflicts,
    "A gateway outside of the mesh sends plain text to pods that demand mutual TLS",
    "PeerAuthentication STRICT refuses clients without an identity of the mesh. The gateway's pods are not in it, so every request \
     that the route sends to these pods fails.",
    "bring the gateway into the mesh, or make the port PERMISSIVE",
    "Gateways whose pods are not in the input."
);
check!(
    POLICY_RULES_IGNORED,
    "policy-rules-ignored",
    Warning,
    Conflicts,
    "A network policy has rules of a direction that it does not name",
    "`policyTypes` lists the directions that a NetworkPolicy is about. Rules of another direction are not looked at: they allow \
     nothing and isolate nobody.",
    "add the direction to `policyTypes`, or delete the rules",
    "Policies without `policyTypes`, where the rules themselves decide."
);
check!(
    POLICY_WITHOUT_WAYPOINT,
    "policy-without-waypoint",
    Error,
    Conflicts,
    "A policy is for a waypoint that does not stand before the Service",
    "An AuthorizationPolicy with targetRefs holds at a waypoint. No waypoint stands before the Service, so clients go straight to \
     its pods and nobody asks the policy.",
    "label the Service or its namespace with istio.io/use-waypoint",
    "Services that are not in the input, and namespaces that are not declared."
);
check!(
    PROBES_REFUSED,
    "probes-refused",
    Error,
    Conflicts,
    "A policy stops the probes of ambient pods",
    "The kubelet's probes of pods in an ambient mesh come from 169.254.7.127, which Cilium takes for something outside. A policy \
     that isolates the pods refuses them, and the pods never become ready.",
    "allow 169.254.7.127/32 in a CiliumClusterwideNetworkPolicy",
    "Network plugins other than Cilium, which let probes pass."
);
check!(
    REDUNDANT_POLICY_RULE,
    "redundant-policy-rule",
    Warning,
    Conflicts,
    "A rule of a policy adds nothing to another one",
    "Other rules, of this policy or of one about all of its pods, let through everything that this one does: compared are the \
     sets of pods, addresses and ports that they mean, not their words. Who deletes or narrows this rule changes nothing, which \
     is hardly what its author believes.",
    "delete the rule, or make the other one narrower",
    "Rules that ask something of requests; what only the pods of today would tell, such as two labels that always come together."
);
check!(
    SHADOWED_POLICY_RULE,
    "shadowed-policy-rule",
    Warning,
    Conflicts,
    "A rule of a policy never has an effect",
    "What the rule is about is refused or decided before it is asked: a rule of Cilium that denies goes before all that allow, \
     a policy of the administrator before every NetworkPolicy, and of ordered rules the first one that matches decides.",
    "delete the rule, or make the other one narrower",
    "Ordered policies of one priority, of which either may be asked first; rules that are covered only in part."
);
check!(
    WAYPOINT_BYPASSABLE,
    "waypoint-bypassable",
    Warning,
    Conflicts,
    "A waypoint can be passed by",
    "The policy holds at the waypoint, but the pods behind it also take connections from elsewhere: who calls a pod's address does \
     not come by the waypoint, and the policy is not asked.",
    "let the pods in only from the waypoint, by an AuthorizationPolicy with a selector and its principal",
    "Pods outside of an ambient mesh."
);

/// Passes on what was found under the check's code.
pub(super) fn tell(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let (remarks, code) = (context.remarks().iter(), sink.code);
    for remark in remarks.filter(|remark| remark.finding.code == code) {
        let finding = &remark.finding;
        let mut reasons = remark.because.iter();
        let is_together =
            remark.because.is_empty() || reasons.any(|other| context.are_near(remark.entry, other));
        let mut others = remark.beside.iter();
        let is_together = is_together && others.all(|other| context.are_near(remark.entry, other));
        if is_together && !context.is_ambiguous(remark.entry) {
            sink.report_with(
                remark.entry,
                finding.path.clone(),
                finding.message.clone(),
                finding.remedy.clone(),
            );
        }
    }
}
