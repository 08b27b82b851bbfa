//! Each component against what is known of its chart: the values, images and objects in the folder that `CHARTS_DIR` names.

mod cert_manager;
mod kube_prometheus_stack;
mod metrics_server;
mod own_component;
mod proof;
