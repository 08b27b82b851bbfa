//! Renders the documented lab of one environment: `cargo run --example full_stack -- --env dev`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use lab_builder::{Bundle, Environment, Error, Lab, Profile, WriteOptions};

/// Renders the documented platform lab from typed Rust.
///
/// The lab is kind + Cilium + Kong (Gateway API) + Istio ambient + Argo CD + Gatekeeper + the LGTM observability stack +
/// a demo app + guard rails. Nothing is applied: files are written, or text goes to standard output.
#[derive(Parser)]
#[command(after_help = "\
Examples:
  full_stack --env dev                                   the tree in target/lab/dev/
  full_stack --env prod --profile data-center --out /tmp/prod
  full_stack --env stg --registry registry.example.com/lab   every image from one registry
  full_stack --env dev --format stream | kubectl apply --dry-run=client -f -
  full_stack --env dev --format json | jq '.releases[].name'

Exit code: 0 when all is written, 2 when something was refused; nothing is half-written then.")]
struct Arguments {
    /// Environment: it decides the domain `*.lab-ENV.local` and the label `env`. dev, stg or prod.
    #[arg(long, default_value = "dev", value_name = "ENV")]
    env: String,

    /// Folder for the tree. A tree of the same environment that stands there is replaced. [default: target/lab/ENV]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Leave out Istio: its releases, policies and namespace labels.
    #[arg(long)]
    skip_istio: bool,

    /// The documented footprint, which is the default; accepted because the documentation writes it.
    #[arg(long = "light")]
    _light: bool,

    /// Sizes: the documented kind lab, or the documented data-centre production (quota, replicas, TLS on Argo CD).
    #[arg(long, value_enum, default_value_t = ProfileName::Lab)]
    profile: ProfileName,

    /// Take every image from this registry: HOST[:PORT][/PATH], without a scheme.
    #[arg(long, value_name = "HOST[/PATH]")]
    registry: Option<String>,

    /// What comes out: a tree of files, one YAML stream in apply order, or one JSON object.
    #[arg(long, value_enum, default_value_t = Format::Tree)]
    format: Format,

    /// Replace the folder even if it is not a tree of this lab. Its content is lost.
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum ProfileName {
    /// The documented kind lab.
    Lab,
    /// The documented data-centre production.
    DataCenter,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// The `lab/` tree.
    Tree,
    /// All Kubernetes objects as one multi-document YAML, in apply order, on standard output.
    Stream,
    /// The whole lab as one JSON object on standard output.
    Json,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Error> {
    let bundle = build(&arguments)?;
    bundle.check().into_result()?;
    match arguments.format {
        Format::Stream => print(&bundle.stream()),
        Format::Json => print(&format!("{:#}\n", bundle.to_json())),
        Format::Tree => {
            let folder = arguments.out.unwrap_or_else(|| {
                ["target", "lab", bundle.environment().name()]
                    .iter()
                    .collect()
            });
            let files = bundle.write_tree_with(
                &folder,
                WriteOptions {
                    force: arguments.force,
                },
            )?;
            print(&summary(&bundle, &folder.display().to_string(), files));
        }
    }
    Ok(())
}

fn build(arguments: &Arguments) -> Result<Bundle, Error> {
    let environment: Environment = arguments.env.parse()?;
    let mut lab = Lab::new(environment).profile(match arguments.profile {
        ProfileName::Lab => Profile::Lab,
        ProfileName::DataCenter => Profile::DataCenter,
    });
    if let Some(registry) = &arguments.registry {
        lab = lab.registry(registry.parse()?);
    }
    if arguments.skip_istio {
        lab = lab.skip_istio();
    }
    Ok(lab.build()?)
}

fn summary(bundle: &Bundle, folder: &str, files: usize) -> String {
    let mut text = format!(
        "{:<5} {:<11} {:<18} {:<8} Objects\n",
        "Step", "Component", "Namespace", "Releases"
    );
    for part in bundle.parts() {
        text.push_str(&format!(
            "{:<5} {:<11} {:<18} {:<8} {}\n",
            part.step(),
            part.id(),
            part.namespace().unwrap_or("-"),
            part.releases().len(),
            part.objects().count(),
        ));
    }
    text.push_str(&format!(
        "\n{files} files in {folder}\nNext: bash {folder}/setup.sh --dry-run\n"
    ));
    text
}

/// A reader that stops early, such as `head`, is no fault of ours.
fn print(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
