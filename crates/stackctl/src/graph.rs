//! `stackctl graph`: pictures of a stack.

pub(crate) mod source;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use kube_vocab::ObjectId;
use lab_builder::diagrams;
use lab_cli::charts::Charts;
use lab_cli::{Console, Failure, Progress};
use stack_draw::{Picture, READABLE, SvgOptions};
use stack_model::{Entry, Model};
use stack_reach::Reach;

use self::source::Source;

/// Draw a stack: installation, traffic, telemetry, references, policies, capacity, differences
///
/// Nothing is asked of a cluster: the manifests are it. Pictures are folded to about forty boxes, and a box that holds others
/// says so; --most draws more, --namespace a part. The same input gives the same bytes, so that pictures can lie in Git.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl graph --what traffic manifests/                       on the terminal
  stackctl graph --what traffic --out traffic.svg manifests/     a picture, light and dark
  stackctl graph --what install --format mermaid env:dev         for a README: Git hosts draw it
  stackctl graph --what references --of Service/demo/backend manifests/
  stackctl graph --what policies --namespace demo manifests/
  stackctl graph --what diff --out diff.svg env:dev env:prod
  stackctl graph --what architecture --format dot env:dev | dot -Tpdf -o lab.pdf

Exit code: 0 when the picture is drawn, 2 when the command line is wrong or an input cannot be read.")]
pub struct Arguments {
    /// What is drawn.
    #[arg(long, value_enum, default_value_t = What::Architecture)]
    pub what: What,

    /// The form. [default: as the file of --out is called, else text]
    #[arg(long, value_enum)]
    pub format: Option<Format>,

    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// About so many boxes, or rows and columns; 0 for all.
    #[arg(long, value_name = "NUMBER", default_value_t = READABLE)]
    pub most: usize,

    /// Only what stands in this namespace, and its neighbours. May be repeated.
    #[arg(long, value_name = "NAMESPACE")]
    pub namespace: Vec<String>,

    /// With --what references: the object in the middle.
    #[arg(
        long,
        value_name = "KIND[/NAMESPACE]/NAME",
        required_if_eq("what", "references")
    )]
    pub of: Option<String>,

    /// With --what references: so many steps from the object.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "of")]
    pub steps: usize,

    /// Draw with the inputs what charts make: a folder with what `helm template` printed, RELEASE.yaml each; or `helm`, which
    /// renders the releases of the lab, or of a tree that `stackctl render` wrote.
    #[arg(long, value_name = "helm|DIR")]
    pub charts: Option<Charts>,

    /// Do not tell how far the work has come.
    #[arg(long, short)]
    pub quiet: bool,

    /// Files, folders, - for standard input, or env:NAME for an environment of the lab; two for --what diff.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// What runs where, and who talks to whom; of the lab without charts, the documented picture
    Architecture,
    /// Components in the order of their installation
    Install,
    /// Host, listener, route with its shares, Service, workload; and calls between workloads
    Traffic,
    /// Who sends metrics, logs, traces and alerts to whom, and who asks for them
    Telemetry,
    /// What one object names, and who names it
    References,
    /// Who may talk to whom: namespaces by namespaces
    Policies,
    /// What is asked for, allowed and left
    Capacity,
    /// What comes, goes and changes from the first path to the second
    Diff,
    /// The documented picture of the lab's installation
    DocumentedInstall,
    /// The documented picture of maturity levels and categories
    Maturity,
}

/// The form of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A picture for browsers and documents
    Svg,
    /// A flowchart for Mermaid, which Git hosts draw
    Mermaid,
    /// A graph for Graphviz
    Dot,
    /// Lines for a terminal
    Text,
}

/// Draws what is asked for. The answer is always `false`: nothing is judged.
///
/// # Errors
/// When an input cannot be read, the object is not there, or the picture cannot be written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let progress = Progress::new(arguments.quiet);
    let picture = match arguments.what {
        What::Diff => difference(arguments, &progress, console)?,
        _ => {
            let source = Source::read(
                &arguments.paths,
                arguments.charts.as_ref(),
                &progress,
                console,
            )?;
            progress.step("drawing");
            drawn(arguments, &source)?
        }
    };
    drop(progress);
    let mut picture = picture;
    if !arguments.namespace.is_empty() {
        picture = picture
            .within(|namespace| arguments.namespace.iter().any(|wanted| wanted == namespace));
    }
    if arguments.most > 0 {
        picture = picture.folded(arguments.most);
    }
    if picture.is_empty() {
        console.note("there is nothing of this to draw among the inputs");
    }
    let format = arguments
        .format
        .unwrap_or_else(|| by_name(arguments.out.as_deref()));
    let text = match format {
        Format::Svg => picture.to_svg(&SvgOptions::default()),
        Format::Mermaid => picture.to_mermaid(),
        Format::Dot => picture.to_dot(),
        Format::Text => picture.to_text(),
    };
    match &arguments.out {
        Some(file) => {
            std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))?
        }
        None => {
            console.print(&text)?;
        }
    }
    Ok(false)
}

fn by_name(file: Option<&Path>) -> Format {
    let ending = file
        .and_then(Path::extension)
        .and_then(|ending| ending.to_str());
    match ending {
        Some("svg") => Format::Svg,
        Some("mmd" | "mermaid" | "md") => Format::Mermaid,
        Some("dot" | "gv") => Format::Dot,
        _ => Format::Text,
    }
}

fn drawn(arguments: &Arguments, source: &Source) -> Result<Picture, Failure> {
    let Source {
        name,
        bundle,
        model,
    } = source;
    let of = |what: &str| format!("{what} of {name}");
    let lab = || {
        bundle
            .as_ref()
            .ok_or("the documented pictures are of the lab: give env:NAME")
    };
    Ok(match arguments.what {
        What::Architecture => match bundle.as_ref().filter(|_| arguments.charts.is_none()) {
            Some(bundle) => Picture::Graph(diagrams::architecture(bundle)),
            None => Picture::Graph(stack_draw::architecture(model)),
        }
        .titled(of("Architecture")),
        What::Install => match bundle {
            Some(bundle) => Picture::Graph(stack_draw::install_of_bundle(bundle)),
            None => Picture::Graph(stack_draw::install(model)),
        }
        .titled(of("Installation")),
        What::Traffic => Picture::Graph(stack_draw::traffic(model)).titled(of("Traffic")),
        What::Telemetry => {
            let more = bundle.as_ref().filter(|_| arguments.charts.is_none());
            let more = more.map(stack_draw::configurations).unwrap_or_default();
            Picture::Graph(stack_draw::telemetry(model, &more)).titled(of("Telemetry"))
        }
        What::References => {
            let wanted = arguments.of.as_deref().unwrap_or_default();
            let object = find(model, wanted)?;
            Picture::Graph(stack_draw::references(model, object, arguments.steps))
        }
        What::Policies => {
            let matrix = Reach::of(model).matrix();
            Picture::Grid(stack_draw::policies(&matrix)).titled(of("Who may talk to whom"))
        }
        What::Capacity => {
            let table = stack_check::capacity::table(model);
            Picture::Bars(stack_draw::capacity(&table)).titled(of("Capacity"))
        }
        What::DocumentedInstall => {
            Picture::Graph(diagrams::install(lab()?)).titled(of("Installation"))
        }
        What::Maturity => {
            lab()?;
            Picture::Graph(diagrams::maturity())
        }
        What::Diff => return Err("--what diff takes two paths".into()),
    })
}

/// The object that is called `KIND/NAMESPACE/NAME` or `KIND/NAME`.
fn find<'m>(model: &'m Model, wanted: &str) -> Result<&'m Entry, Failure> {
    let parts: Vec<&str> = wanted.split('/').collect();
    let (kind, namespace, name) = match parts.as_slice() {
        [kind, name] => (*kind, None, *name),
        [kind, namespace, name] => (*kind, Some(*namespace), *name),
        _ => return Err(format!("{wanted}: write KIND/NAMESPACE/NAME, or KIND/NAME").into()),
    };
    let is = |entry: &&Entry| {
        entry.kind().eq_ignore_ascii_case(kind)
            && entry.name() == name
            && (namespace.is_none() || entry.namespace() == namespace)
    };
    let mut found = model.entries().filter(is);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(one), Some(other)) => {
            let ids: [ObjectId; 2] = [one.id(), other.id()];
            Err(format!("{wanted} is {} and {}: name the namespace", ids[0], ids[1]).into())
        }
        (None, _) => Err(format!("{wanted} is not among the inputs").into()),
    }
}

fn difference(
    arguments: &Arguments,
    progress: &Progress,
    console: &mut Console,
) -> Result<Picture, Failure> {
    let [old, new] = arguments.paths.as_slice() else {
        return Err("--what diff takes two paths: before the change and after it".into());
    };
    let mut side = |path: &PathBuf| {
        Source::read(
            std::slice::from_ref(path),
            arguments.charts.as_ref(),
            progress,
            console,
        )
    };
    let (old, new) = (side(old)?, side(new)?);
    let graph = stack_draw::differences(
        &source::diff(&old.model, &new.model),
        (&old.name, &new.name),
    );
    Ok(Picture::Graph(graph))
}
