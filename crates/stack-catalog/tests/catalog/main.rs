//! Each component against what is known of its chart: the values, images and objects in the folder that `CHARTS_DIR` names.
#![allow(clippy::print_stderr, clippy::unwrap_used)]

mod argo_rollouts;
mod calico;
mod cert_manager;
mod ebs_storage_classes;
mod external_secrets;
mod falco;
mod flannel;
mod jaeger;
mod keda;
mod keys;
mod kube_prometheus_stack;
mod kyverno;
mod linkerd;
mod litmus;
mod loki;
mod mesh;
mod metrics_server;
mod otel_collector;
mod otel_operator;
mod own_component;
mod proof;
mod rook_ceph;
mod spire;
mod tempo;
mod thanos;
mod trivy_operator;
mod unread;
mod velero;

/// One change of a component.
type Change<T> = fn(&mut T);
