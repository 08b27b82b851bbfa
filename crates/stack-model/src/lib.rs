#![doc = include_str!("../README.md")]

mod amounts;
mod autoscaling;
pub mod certificate;
mod container;
mod entry;
mod labels;
mod model;
mod namespace;
mod node;
pub mod parallel;
mod reference;
mod scope;
mod selector;
mod service;
mod source;
#[cfg_attr(not(feature = "work"), doc(hidden))]
pub mod work;
mod workload;

pub use amounts::{Amounts, ContainerAmounts, LimitRange};
pub use autoscaling::Autoscaler;
pub use container::{Container, ContainerPort, ContainerRole, Protocol};
pub use entry::{Entry, EntryId};
pub use kube_value::{self, Value};
pub use labels::{LabelSet, Labels};
pub use model::{Duplicate, Model, Objects, Skipped};
pub use namespace::Namespace;
pub use node::{ClusterNode, NodeRole};
pub use reference::{
    Call, Extent, Form, NameForm, Near, Purpose, Reference, ReferencePath, ReferenceRule,
    Resolution, is_misspelt,
};
pub use scope::{Scope, scope_of};
pub use selector::{Operator, Requirement, Selector, SelectorError};
pub use service::{Endpoint, Service, ServicePort, ServiceType, TargetPort};
pub use source::{Origin, SourceObject};
pub use workload::{PodMatch, Replicas, Workload, WorkloadKind};
