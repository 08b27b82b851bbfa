//! Limits of all sorts: budgets, quotas, priorities, scaling, access.

mod access;
mod autoscaler;
mod budget;
mod class;
mod flow;
mod limits;
mod quota;

pub(super) use access::{binding, cluster_binding, cluster_role, role};
pub(super) use autoscaler::{autoscaler, autoscaler_v1, scale};
pub(super) use budget::budget;
pub(super) use class::{priority, runtime};
pub(super) use flow::{flow_schema, priority_level};
pub(super) use limits::limits;
pub(super) use quota::quota;
