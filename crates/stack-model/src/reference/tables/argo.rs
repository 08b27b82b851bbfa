//! Argo CD and Argo Rollouts.

use super::{SERVICE, name, object, table};

table! { ARGO:
    "argoproj.io" ["Application"] {
        "spec.project" => name("argoproj.io", "AppProject"), Project;
    }
    "argoproj.io" ["ApplicationSet"] {
        "spec.template.spec.project" => name("argoproj.io", "AppProject"), Project;
    }
    "argoproj.io" ["Rollout"] {
        "spec.workloadRef" => object("apps", "Deployment"), ScaleTarget;
        "spec.strategy.canary.canaryService" => SERVICE, Backend;
        "spec.strategy.canary.stableService" => SERVICE, Backend;
        "spec.strategy.canary.trafficRouting.istio.virtualService.name" =>
            name("networking.istio.io", "VirtualService"), Backend;
        "spec.strategy.canary.trafficRouting.istio.destinationRule.name" =>
            name("networking.istio.io", "DestinationRule"), Backend;
        "spec.strategy.canary.trafficRouting.nginx.stableIngress" => name("networking.k8s.io", "Ingress"), Backend;
        "spec.strategy.canary.analysis.templates[].templateName" => super::Form::Names {
            kinds: &[("argoproj.io", "AnalysisTemplate"), ("argoproj.io", "ClusterAnalysisTemplate")],
        }, Settings;
        "spec.strategy.canary.steps[].analysis.templates[].templateName" => super::Form::Names {
            kinds: &[("argoproj.io", "AnalysisTemplate"), ("argoproj.io", "ClusterAnalysisTemplate")],
        }, Settings;
        "spec.strategy.blueGreen.activeService" => SERVICE, Backend;
        "spec.strategy.blueGreen.previewService" => SERVICE, Backend;
    }
}
