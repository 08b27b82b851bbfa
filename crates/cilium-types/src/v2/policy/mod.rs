//! The rules of network policies, shared by the namespaced and the clusterwide kind.

mod auth;
mod cidr_rule;
mod egress;
mod entity;
mod fqdn;
mod icmp;
mod ingress;
mod l7;
mod port;
mod rule;
mod selector;
mod service;
mod tls;

pub use auth::{Authentication, AuthenticationMode};
pub use cidr_rule::{CidrBlock, CidrRule};
pub use egress::{EgressDenyRule, EgressRule};
pub use entity::Entity;
pub use fqdn::FqdnSelector;
pub use icmp::{IcmpField, IcmpRule, IcmpType, IpFamily};
pub use ingress::{IngressDenyRule, IngressRule};
pub use l7::{
    HeaderMatch, KafkaRole, L7Generic, L7Rules, MismatchAction, PortRuleHttp, PortRuleKafka,
};
pub use port::{
    EnvoyConfig, EnvoyConfigKind, L4Proto, Listener, Port, PortDenyRule, PortProtocol, PortRule,
};
pub use rule::{DefaultDenyConfig, LogConfig, Rule, Subject};
pub use selector::{EndpointSelector, LabelSelectorOperator, LabelSelectorRequirement};
pub use service::{AwsGroup, Groups, K8sServiceNamespace, K8sServiceSelectorNamespace, Service};
pub use tls::{Secret, TlsContext};
