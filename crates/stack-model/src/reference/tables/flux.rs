//! Flux.

use super::{SERVICE_ACCOUNT, object, table};

table! { FLUX:
    "kustomize.toolkit.fluxcd.io" ["Kustomization"] {
        "spec.sourceRef" => object("source.toolkit.fluxcd.io", ""), Source;
        "spec.dependsOn[]" => object("kustomize.toolkit.fluxcd.io", "Kustomization"), Source;
        "spec.serviceAccountName" => SERVICE_ACCOUNT, Identity;
    }
    "helm.toolkit.fluxcd.io" ["HelmRelease"] {
        "spec.chart.spec.sourceRef" => object("source.toolkit.fluxcd.io", ""), Source;
        "spec.chartRef" => object("source.toolkit.fluxcd.io", ""), Source;
        "spec.dependsOn[]" => object("helm.toolkit.fluxcd.io", "HelmRelease"), Source;
        "spec.valuesFrom[]" => object("", "ConfigMap"), Config, or_optional;
    }
}
