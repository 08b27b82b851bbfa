//! Renders a reference stack: `cargo run --example reference_stack -- --size medium --env prod`.
//!
//! What the table leaves open is chosen by flags: `--size large --mesh linkerd --storage ceph`.
//!
//! Writes one tree for each cluster below `target/reference/SIZE`, with all that makes the cluster, and says what is in it.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal"
)]

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use reference_stacks::stacks::{Identity, Mesh, Network, Plan, Policies, Size, Storage};
use stack_builder::{Severity, WriteOptions};

#[derive(Parser)]
struct CommandLine {
    /// small, medium, large or quick.
    #[arg(long)]
    size: Size,
    /// The environment; of several clusters each has its place behind the name.
    #[arg(long, default_value = "dev")]
    env: String,
    /// The domain below which the environment's hosts live.
    #[arg(long, default_value = "example.com")]
    domain: String,
    /// calico, flannel or cilium.
    #[arg(long)]
    network: Option<Network>,
    /// none, istio or linkerd.
    #[arg(long)]
    mesh: Option<Mesh>,
    /// Who gives workloads their identities: mesh or spire.
    #[arg(long)]
    identity: Option<Identity>,
    /// Where data lies: volumes, or ceph for copies by Rook, too.
    #[arg(long)]
    storage: Option<Storage>,
    /// kyverno or gatekeeper.
    #[arg(long)]
    policies: Option<Policies>,
    /// Kong takes requests from outside, by the Gateway API; the quick bundle has it anyway.
    #[arg(long)]
    gateway: bool,
    /// Where the trees go.
    #[arg(long)]
    out: Option<PathBuf>,
}

impl CommandLine {
    /// The size as the table has it, but for what the flags say.
    fn plan(&self) -> Plan {
        let documented = Plan::of(self.size);
        Plan {
            size: self.size,
            network: self.network.unwrap_or(documented.network),
            gateway: self.gateway || documented.gateway,
            mesh: self.mesh.unwrap_or(documented.mesh),
            identity: self.identity.unwrap_or(documented.identity),
            storage: self.storage.unwrap_or(documented.storage),
            policies: self.policies.unwrap_or(documented.policies),
        }
    }
}

fn main() -> ExitCode {
    render(CommandLine::parse()).unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::from(2)
    })
}

fn render(arguments: CommandLine) -> Result<ExitCode, Box<dyn Error>> {
    let plan = arguments.plan();
    let out = arguments
        .out
        .unwrap_or_else(|| PathBuf::from("target/reference").join(arguments.size.as_str()));
    let bundles = plan.fleet(&arguments.env, &arguments.domain).build()?;

    let mut refused = false;
    for (cluster, report) in bundles.check() {
        for finding in report.findings {
            refused |= finding.severity == Severity::Error;
            eprintln!("{}: {finding}", cluster.name);
        }
    }
    if refused {
        return Ok(ExitCode::from(2));
    }
    for (tree, _) in bundles.write_trees(&out, WriteOptions::default())? {
        println!("{}", tree.display());
    }
    for choice in plan.choices() {
        match choice.component {
            Some(component) => println!("  {:?}: {} ({component})", choice.column, choice.system),
            None => println!("  {:?}: {}: {}", choice.column, choice.system, choice.note),
        }
    }
    if bundles.members().count() > 1 {
        print!("{}", bundles.compare());
    }
    Ok(ExitCode::SUCCESS)
}
