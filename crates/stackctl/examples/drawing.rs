//! How long pictures take: `cargo run --release -p stackctl --example drawing [-- RUNS]`.
//!
//! For the lab, and for a stack of 1,000 workloads that call each other: the best of some runs, from the objects to the SVG.
#![allow(clippy::print_stdout)]

use std::time::{Duration, Instant};

use lab_builder::stack_draw::{self, Graph, READABLE, SvgOptions};
use lab_builder::{Bundle, Environment, Lab, Whole};
use serde_json::{Value, json};
use stack_model::Model;

/// What is drawn, and how.
type Picture<'a> = (&'static str, Box<dyn Fn() -> Graph + 'a>);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runs: u32 = std::env::args().nth(1).map_or(Ok(5), |runs| runs.parse())?;
    let lab = Lab::new(Environment::Dev).build()?;
    let whole = Whole::of(&lab).model;
    table("the lab", &whole, Some(&lab), runs);
    let large = Model::read(thousand());
    table("1,000 workloads", &large, None, runs);
    Ok(())
}

fn table(name: &str, model: &Model, bundle: Option<&Bundle>, runs: u32) {
    let more = bundle.map(stack_draw::configurations).unwrap_or_default();
    let install = move || match bundle {
        Some(bundle) => stack_draw::install_of_bundle(bundle),
        None => stack_draw::install(model),
    };
    let pictures: [Picture<'_>; 4] = [
        ("install", Box::new(install)),
        ("architecture", Box::new(|| stack_draw::architecture(model))),
        ("traffic", Box::new(|| stack_draw::traffic(model))),
        (
            "telemetry",
            Box::new(|| stack_draw::telemetry(model, &more)),
        ),
    ];
    println!("{name}: {} objects", model.len());
    let mut all = Duration::ZERO;
    for (what, graph) in pictures {
        let draw = || {
            let graph = graph().folded(READABLE);
            graph.to_svg(&SvgOptions::default()).len()
        };
        let (time, bytes) = best(runs, draw);
        all += time;
        let milliseconds = time.as_secs_f64() * 1000.0;
        println!("  {what:13} {milliseconds:8.1} ms {bytes:8} bytes");
    }
    println!("  {:13} {:8.1} ms", "together", all.as_secs_f64() * 1000.0);
}

/// The shortest of some runs: what else the machine does makes them longer, never shorter.
fn best(runs: u32, work: impl Fn() -> usize) -> (Duration, usize) {
    let run = |_| {
        let start = Instant::now();
        let bytes = work();
        (start.elapsed(), bytes)
    };
    (0..runs.max(1)).map(run).min().unwrap_or_default()
}

/// Deployments with a Service each, in 25 namespaces; each calls the next one.
fn thousand() -> Vec<Value> {
    let of = |number: u32| (format!("team-{}", number % 25), format!("app-{number}"));
    let objects = (0..1000).flat_map(|number| {
        let ((namespace, name), (next_namespace, next)) = (of(number), of((number + 1) % 1000));
        let call = format!("http://{next}.{next_namespace}.svc:80");
        let container = json!({"name": "app", "image": "app:1", "env": [{"name": "NEXT", "value": call}],
            "ports": [{"containerPort": 8080}]});
        [
            json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": namespace},
                "spec": {"replicas": 2, "selector": {"matchLabels": {"app": name}}, "template": {
                    "metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}}}),
            json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace},
                "spec": {"selector": {"app": name}, "ports": [{"port": 80, "targetPort": 8080}]}}),
        ]
    });
    objects.collect()
}
