//! `stackctl route`: which backend answers a request.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use lab_cli::text::one_line;
use lab_cli::{Console, Failure};
use stack_gateway::{Answer, Question, Request, Requests, Routing};

use crate::{manifests, values};

/// Say which backend answers a request that is sent to a gateway, and what becomes of it on the way
///
/// The manifests are the cluster: gateways, ListenerSets, routes, ReferenceGrants, Services and what stands behind them, as
/// Gateway API defines them; inside a mesh, routes on Services.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl route --gateway kong/edge --request 'GET /get' --host api.lab-dev.local manifests/
  stackctl route --client demo/frontend --request 'GET /' --host backend manifests/     inside a mesh
  stackctl route --requests requests.json manifests/      many questions, an answer in JSON per line

Exit code: 0 when the questions are answered, 2 when the command line is wrong or an input cannot be read.")]
pub struct Arguments {
    /// File with questions: a JSON object with the list `requests`, whose members are `id`, `gateway`, `port`, `client` and
    /// `request` (`scheme`, `host`, `method`, `path`, `headers`, `protocol`, `sni`).
    #[arg(long, value_name = "FILE", conflicts_with_all = ["gateway", "client", "request"])]
    pub requests: Option<PathBuf>,

    #[command(flatten)]
    question: One,

    /// How to answer. [default: json for --requests, otherwise text]
    #[arg(long, value_enum)]
    pub format: Option<Format>,

    /// Files, folders, or - for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// One question.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "The one question of --request")]
struct One {
    /// The request.
    #[arg(long, value_name = "METHOD PATH", value_parser = values::request, required_unless_present = "requests")]
    request: Option<(String, String)>,

    /// The gateway that it is sent to.
    #[arg(long, value_name = "NAMESPACE/NAME", value_parser = values::namespaced, required_unless_present_any = ["requests", "client"])]
    gateway: Option<String>,

    /// The workload that sends it, inside a mesh.
    #[arg(long, value_name = "NAMESPACE/NAME", value_parser = values::namespaced, conflicts_with = "gateway")]
    client: Option<String>,

    /// The gateway's port. [default: 80, or 443 for https and tls]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,

    /// http, https, tls, tcp or udp. [default: http]
    #[arg(long, value_name = "SCHEME", value_parser = ["http", "https", "tls", "tcp", "udp"])]
    scheme: Option<String>,

    /// The request's host, perhaps with a port. Without one the gateway is asked by its address.
    #[arg(long, value_name = "HOST")]
    host: Option<String>,

    /// A header of the request. May be repeated.
    #[arg(long, value_name = "NAME: VALUE", value_parser = values::header)]
    header: Vec<(String, String)>,
}

/// How to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A line for each part of the answer
    Text,
    /// One JSON object per question and line
    Json,
}

/// Answers the questions. The answer of the function is always `false`: there is nothing that could be found.
///
/// # Errors
/// When the questions cannot be read, or the answers cannot be written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let asked = match &arguments.requests {
        Some(file) => read(file).map_err(|error| format!("{}: {error}", file.display()))?,
        None => Requests {
            requests: vec![arguments.question.read()],
            ..Requests::default()
        },
    };
    let many = arguments.requests.is_some();
    let format = arguments
        .format
        .unwrap_or(if many { Format::Json } else { Format::Text });
    let model = manifests::model(&arguments.paths, console);
    let routing = Routing::of(&model);
    for answer in routing.answers(&asked) {
        let text = match format {
            Format::Json => format!("{}\n", serde_json::to_string(&answer)?),
            Format::Text => in_lines(&answer),
        };
        if !console.print(&text)? {
            break;
        }
    }
    Ok(false)
}

fn read(file: &Path) -> Result<Requests, Failure> {
    Ok(serde_json::from_slice(&std::fs::read(file)?)?)
}

impl One {
    fn read(&self) -> Question {
        let (method, path) = self.request.clone().unzip();
        Question {
            gateway: self.gateway.clone(),
            client: self.client.clone(),
            port: self.port,
            request: Request {
                scheme: self.scheme.clone(),
                host: self.host.clone(),
                method,
                path,
                headers: self.header.iter().cloned().collect(),
                ..Request::default()
            },
            ..Question::default()
        }
    }
}

fn in_lines(answer: &Answer) -> String {
    let mut lines = Vec::new();
    lines.push(match (&answer.unknown, &answer.failure, answer.status) {
        (Some(_), None, None) => "not known".to_owned(),
        (_, Some(failure), _) => format!("fails: {failure}"),
        (_, None, Some(status)) => format!("answered with {status}"),
        (None, None, None) => "connected".to_owned(),
    });
    if let Some(rule) = &answer.rule {
        lines.push(format!("  by {rule}"));
    }
    let namespace = answer
        .namespace
        .as_deref()
        .map_or(String::new(), |name| format!("{name}/"));
    if answer.weights.len() > 1 {
        for (backend, share) in &answer.weights {
            lines.push(format!("  to {namespace}{backend}: {:.1} %", share * 100.0));
        }
    } else if let Some(backend) = &answer.backend {
        lines.push(format!("  to {namespace}{backend}"));
    }
    if let Some(forwarded) = &answer.forwarded {
        let host = forwarded.host.as_deref().unwrap_or_default();
        lines.push(format!(
            "  as {} {host}{}",
            forwarded.method, forwarded.path
        ));
        lines.extend(
            forwarded
                .headers
                .iter()
                .map(|(name, value)| format!("     {name}: {value}")),
        );
    }
    if let Some(redirect) = &answer.redirect {
        let port = redirect
            .port
            .as_deref()
            .map_or(String::new(), |port| format!(":{port}"));
        let host = redirect.host.as_deref().unwrap_or("the gateway");
        lines.push(format!(
            "  sent on to {}://{host}{port}{}",
            redirect.scheme, redirect.path
        ));
    }
    for mirror in &answer.mirrored_to {
        lines.push(format!("  copied to {}/{}", mirror.namespace, mirror.name));
    }
    if let Some(unknown) = &answer.unknown {
        lines.push(format!("  depends: {unknown}"));
    }
    lines
        .iter()
        .map(|line| format!("{}\n", one_line(line)))
        .collect()
}
