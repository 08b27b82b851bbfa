//! `stackctl reach`: who can talk to whom, with reasons.

mod everything;
mod expectations;
mod place;
mod settings;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use lab_cli::text::one_line;
use lab_cli::{Console, Failure};
use serde::Deserialize;
use serde_json::{Value, json};
use stack_model::Model;
use stack_reach::{Answer, Flow, Place, PortRef, Protocol, Reach, Request, Settings};

pub(crate) use self::everything::in_line as change_in_line;
use crate::{manifests, values};

/// Say who can talk to whom, with every step on the way and its reason, without a cluster
///
/// The manifests are the cluster: NetworkPolicies and the administrator's policies, Cilium, Istio (ambient and sidecar),
/// Gateways and their routes are looked at together. What is not among them does not exist.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl reach --from demo/frontend --to service:demo/backend --port 80 --request 'GET /get' manifests/
  stackctl reach --explain --from demo/a --to demo/b --port 80 manifests/   and what is wrong with policies on the way
  stackctl reach --from world --to 10.0.0.7 --port 443 manifests/
  stackctl reach --flows flows.json manifests/      many questions, an answer in JSON per line
  stackctl reach --matrix manifests/                everybody to everybody, as a table
  stackctl reach --matrix --format mermaid manifests/ > reach.mmd
  stackctl reach --diff old/ new/                   what a change opens and closes
  stackctl reach --require reach.yaml manifests/    what must hold, for CI

A PLACE is NAMESPACE/NAME of a workload or Pod, service:NAMESPACE/NAME, an IP address, world, host, remote-node,
kube-apiserver, host-port:NUMBER (of the machine that runs kind) or name:DNS-NAME; or several at once, all of which must fare
alike: pods:NAMESPACE/KEY=VALUE,... or a CIDR block.

An answer is allowed, refused, or depends on what manifests do not tell: it says on what.

A file for --require, in YAML or JSON:
  expect:
  - {from: demo/frontend, to: service:demo/backend, port: 80, request: GET /get, nobody-else: true}
  - {from: '*', to: world, allowed: false, except: [demo/crawler], why: data stays inside}
  outside: [monitoring]   namespaces of which the manifests have only a part: what is not found in them is unknown

Of a tree that `stackctl render` wrote, what its charts install is unknown; with what the charts make as another PATH it is not.

Exit code: 0 when the questions are answered, 1 when the one question of --from is answered with anything but allowed or
an expectation of --require is not kept (the unknown does not count), 2 when the command line is wrong or an input cannot be read.")]
pub struct Arguments {
    /// File with questions: a JSON object with the list `flows`, whose members are `src`, `dst`, `port`, `protocol`, `request`,
    /// `dns`, `backend`, `probe`. Its list `features` sets what no option sets.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "to"])]
    pub flows: Option<PathBuf>,

    /// Everybody to everybody: each pair that has a connection, with protocols and ports. What is outside of the cluster is cut
    /// into ranges of IPv4 addresses that are treated alike.
    #[arg(long, conflicts_with_all = ["flows", "from", "to"])]
    pub matrix: bool,

    /// What a change opens and closes: the pairs whose connections differ between two sets of manifests.
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with_all = ["flows", "from", "to", "matrix", "paths"])]
    pub diff: Option<Vec<PathBuf>>,

    /// Hold the expectations of a file against the manifests, and show which are not kept.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["flows", "from", "to", "matrix", "diff"])]
    pub require: Option<PathBuf>,

    /// Who asks.
    #[arg(long, value_name = "PLACE", value_parser = place::parse, requires = "to",
        required_unless_present_any = ["flows", "matrix", "diff", "require"])]
    pub from: Option<Place>,

    /// Who is asked.
    #[arg(long, value_name = "PLACE", value_parser = place::parse, requires = "from")]
    pub to: Option<Place>,

    #[command(flatten)]
    question: Question,

    /// Also tell what is wrong with the policies on the way, each with a remedy.
    #[arg(long, conflicts_with_all = ["matrix", "diff", "require"])]
    pub explain: bool,

    /// How to answer. [default: json for --flows, table for --matrix, otherwise text]
    #[arg(long, value_enum)]
    pub format: Option<Format>,

    #[command(flatten)]
    settings: settings::Options,

    /// Files, folders, or - for standard input.
    #[arg(required_unless_present = "diff", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// What is asked between two places.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "The one question of --from")]
struct Question {
    /// Port of the destination, by number or by the pod's name for it: a Service's, where the destination is one.
    #[arg(long, value_name = "PORT", value_parser = place::port, requires = "from")]
    port: Option<PortRef>,

    /// TCP, UDP, SCTP or ICMP.
    #[arg(long, value_name = "PROTOCOL", default_value = "TCP", value_parser = place::protocol)]
    protocol: Protocol,

    /// Ask for one HTTP request rather than for a connection.
    #[arg(long, value_name = "METHOD PATH", value_parser = values::request, requires = "from")]
    request: Option<(String, String)>,

    /// The request's host.
    #[arg(long, value_name = "HOST", requires = "request")]
    host: Option<String>,

    /// A header of the request. May be repeated.
    #[arg(long, value_name = "NAME: VALUE", value_parser = values::header, requires = "request")]
    header: Vec<(String, String)>,

    /// The name that the client looked up to learn the address.
    #[arg(long, value_name = "DNS-NAME", requires = "from")]
    dns: Option<String>,
}

/// How to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The question, the answer, and a line for each step; for --diff a line per pair
    Text,
    /// One JSON object per question and line; for --matrix and --diff one array
    Json,
    /// For --matrix: a line per pair, in columns
    Table,
    /// For --matrix: a graph for Graphviz
    Dot,
    /// For --matrix: a flowchart for Mermaid
    Mermaid,
}

/// Answers what is asked, and says whether the one question is not answered with yes, or an expectation is not kept.
///
/// # Errors
/// When the questions cannot be read, a setting is wrong, the format does not fit, or the answers cannot be written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    if !arguments.matrix
        && let Some(format @ (Format::Table | Format::Dot | Format::Mermaid)) = arguments.format
    {
        let name = format.to_possible_value();
        let name = name.as_ref().map_or("", |value| value.get_name());
        return Err(format!("--format {name} is for --matrix").into());
    }
    if let Some([old, new]) = arguments.diff.as_deref() {
        everything::diff(old, new, arguments, console)
    } else if arguments.matrix {
        everything::matrix(arguments, console)
    } else if let Some(file) = &arguments.require {
        expectations::hold(file, arguments, console)
    } else {
        questions(arguments, console)
    }
}

fn questions(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let asked = match &arguments.flows {
        Some(file) => read(file).map_err(|error| format!("{}: {error}", file.display()))?,
        None => Asked {
            features: Vec::new(),
            flows: vec![arguments.flow()?],
        },
    };
    let features = asked.features.iter().map(String::as_str);
    let settings = arguments.settings.read(features)?;
    let model = manifests::model(&arguments.paths, console);
    let reach = prepared(&model, settings, console);
    let many = arguments.flows.is_some();
    let format = arguments
        .format
        .unwrap_or(if many { Format::Json } else { Format::Text });
    let remarks = match arguments.explain {
        true => reach.findings(),
        false => Vec::new(),
    };
    let mut refused = false;
    for (index, flow) in asked.flows.iter().enumerate() {
        let answer = reach.flow(flow);
        refused |= answer.allowed != Some(true);
        let on_the_way = remarks.iter().filter(|remark| {
            let object = remark.subject.to_string();
            let mut steps = answer.steps.iter();
            steps.any(|step| step.object.as_deref() == Some(object.as_str()))
        });
        let text = match format {
            Format::Json => {
                let mut answer = numbered(index, &answer)?;
                if arguments.explain {
                    answer["remarks"] = on_the_way.map(ToString::to_string).collect();
                }
                format!("{answer}\n")
            }
            _ => {
                let mut text = format!("{}\n", in_lines(flow, &answer));
                for remark in on_the_way {
                    text.push_str(&format!("  ! {}\n", one_line(&remark.to_string())));
                }
                text
            }
        };
        if !console.print(&text)? {
            break;
        }
    }
    Ok(refused && !many)
}

/// The cluster that the model describes; policies that a server would refuse are complained of.
fn prepared<'m>(model: &'m Model, settings: Settings, console: &mut Console) -> Reach<'m> {
    let reach = Reach::with(model, settings);
    for unread in reach.unread() {
        console.complain(format!(
            "{} has no effect here: {}",
            unread.object, unread.error
        ));
    }
    reach
}

/// A file with questions.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    features: Vec<String>,
    flows: Vec<Flow>,
}

fn read(file: &Path) -> Result<Asked, Failure> {
    Ok(serde_json::from_slice(&std::fs::read(file)?)?)
}

fn numbered(index: usize, answer: &Answer) -> Result<Value, serde_json::Error> {
    let mut numbered = json!({ "index": index });
    if let (Some(out), Value::Object(answer)) =
        (numbered.as_object_mut(), serde_json::to_value(answer)?)
    {
        out.extend(answer);
    }
    Ok(numbered)
}

fn in_lines(flow: &Flow, answer: &Answer) -> String {
    let text = format!("{flow}: {answer}");
    let lines: Vec<String> = text.lines().map(one_line).collect();
    lines.join("\n")
}

impl Arguments {
    /// The one question that the options ask.
    fn flow(&self) -> Result<Flow, Failure> {
        let (Some(from), Some(to)) = (&self.from, &self.to) else {
            return Err("--from and --to are needed, or --flows".into());
        };
        let question = &self.question;
        if question.port.is_none() && question.protocol != Protocol::Icmp {
            return Err("--port is needed, unless the protocol is ICMP".into());
        }
        let mut flow = Flow::new(from.clone(), to.clone(), 0).over(question.protocol);
        flow.port = question.port.clone();
        flow.dns = question.dns.clone();
        flow.request = question.request.clone().map(|(method, path)| Request {
            host: question.host.clone(),
            headers: question.header.iter().cloned().collect(),
            ..Request::new(method, path)
        });
        Ok(flow)
    }
}
