//! A component of one's own, beside two of the catalogue: everything that these have, it has.
#![allow(clippy::print_stdout)]

use serde_json::json;
use stack_catalog::components::{KubePrometheusStack, MetricsServer};
use stack_catalog::stack_builder::{
    Component, ComponentError, Context, Contribution, Count, Overlay, Pods, Stack,
};
use stack_catalog::{ChartRelease, Home, ImageForm, Monitoring, PodSecurity, Upstream};

// --8<--
const CHARTS: &str = "oci://ghcr.io/stefanprodan/charts";
const PODINFO: Upstream = Upstream::new(CHARTS, "podinfo", "6.9.4");
const IMAGE: &str = "ghcr.io/stefanprodan/podinfo:6.9.4";

#[derive(Debug)]
struct Podinfo;

impl Component for Podinfo {
    fn id(&self) -> &str {
        "podinfo"
    }
    fn after(&self) -> Vec<&str> {
        Monitoring::Auto.after().collect()
    }
    fn contribute(&self, cx: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        Home::own("podinfo").contribute(PodSecurity::Baseline, out)?;
        let monitor = Monitoring::Auto.is_on(cx);
        let values = json!({"replicaCount": 2, "serviceMonitor": {"enabled": monitor}});
        let mut release = ChartRelease::new("podinfo", &PODINFO, PODINFO.version, &values)?;
        release.image(out, "image", ImageForm::Repository, IMAGE, IMAGE)?;
        let release = release.finish("podinfo", &Overlay::new())?;
        out.release(release.running(Pods::exactly(2)));
        let questions = out.questions();
        questions.pods("OWN-1", "it runs", "podinfo", "", Count::exactly(2), None);
        Ok(())
    }
}
// --8<--

/// The stack.
pub fn stack() -> Stack {
    stack_catalog::platform("dev", "dev.example.com")
        .with(KubePrometheusStack::default())
        .with(MetricsServer::default())
        .with(Podinfo)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bundle = stack().build()?;
    bundle.check().into_result()?;
    bundle.write_tree("target/own-component")?;
    println!("target/own-component");
    Ok(())
}
