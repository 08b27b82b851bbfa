//! Prometheus Operator.

use super::{CONFIG_MAP, SECRET, SERVICE_ACCOUNT, STORAGE_CLASS, object, table};

table! { PROMETHEUS_OPERATOR:
    "monitoring.coreos.com" ["Prometheus", "PrometheusAgent", "Alertmanager", "ThanosRuler"] {
        "spec.serviceAccountName" => SERVICE_ACCOUNT, Identity;
        "spec.secrets[]" => SECRET, Config;
        "spec.configMaps[]" => CONFIG_MAP, Config;
        "spec.imagePullSecrets[].name" => SECRET, PullSecret;
        "spec.storage.volumeClaimTemplate.spec.storageClassName" => STORAGE_CLASS, Storage;
    }
    "monitoring.coreos.com" ["Prometheus", "PrometheusAgent"] {
        "spec.additionalScrapeConfigs.name" => SECRET, Config, or_optional, with_key;
        "spec.additionalAlertManagerConfigs.name" => SECRET, Config, or_optional, with_key;
        "spec.additionalAlertRelabelConfigs.name" => SECRET, Config, or_optional, with_key;
        "spec.alerting.alertmanagers[]" => object("", "Service"), Backend;
    }
    "monitoring.coreos.com" ["Alertmanager"] {
        "spec.configSecret" => SECRET, Config;
    }
    "monitoring.coreos.com" ["ServiceMonitor"] {
        "spec.endpoints[].bearerTokenSecret.name" => SECRET, Config, or_optional, with_key;
        "spec.endpoints[].basicAuth.username.name" => SECRET, Config, or_optional, with_key;
        "spec.endpoints[].basicAuth.password.name" => SECRET, Config, or_optional, with_key;
        "spec.endpoints[].tlsConfig.ca.secret.name" => SECRET, Config, or_optional, with_key;
        "spec.endpoints[].tlsConfig.ca.configMap.name" => CONFIG_MAP, Config, or_optional, with_key;
        "spec.endpoints[].tlsConfig.cert.secret.name" => SECRET, Config, or_optional, with_key;
        "spec.endpoints[].tlsConfig.keySecret.name" => SECRET, Config, or_optional, with_key;
    }
    "monitoring.coreos.com" ["PodMonitor"] {
        "spec.podMetricsEndpoints[].bearerTokenSecret.name" => SECRET, Config, or_optional, with_key;
        "spec.podMetricsEndpoints[].basicAuth.username.name" => SECRET, Config, or_optional, with_key;
        "spec.podMetricsEndpoints[].basicAuth.password.name" => SECRET, Config, or_optional, with_key;
        "spec.podMetricsEndpoints[].tlsConfig.ca.secret.name" => SECRET, Config, or_optional, with_key;
        "spec.podMetricsEndpoints[].tlsConfig.ca.configMap.name" => CONFIG_MAP, Config, or_optional, with_key;
    }
}
