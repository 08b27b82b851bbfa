//! Each component against what is known of its chart: the values, images and objects in the folder that `CHARTS_DIR` names.

mod argo_rollouts;
mod cert_manager;
mod external_secrets;
mod falco;
mod keda;
mod kube_prometheus_stack;
mod metrics_server;
mod own_component;
mod proof;
mod trivy_operator;
