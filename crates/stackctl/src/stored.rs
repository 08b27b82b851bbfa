//! `stackctl stored`: what a server keeps of the objects that it is sent.

use std::path::PathBuf;

use clap::Args;
use crd_validate::{KubernetesVersion, Registry, UnknownFields};
use lab_cli::{Console, Failure};
use serde_json::Value;

use crate::check::{self, Channel};
use crate::files::{self, Exclude};
use crate::manifests;

/// Show what a server would keep of the objects that it is sent
///
/// Defaults are filled in, unknown fields and nulls are left out, amounts have their canonical form: what
/// `kubectl create --dry-run=server -o json` shows, without what a server makes up itself: uid, times, addresses, node ports.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl stored deployment.yaml | jq .spec.strategy          which strategy is the default?
  helm template my-chart | stackctl stored - | jq -r .kind
  diff <(stackctl stored old.yaml) <(stackctl stored new.yaml)   does the change change anything?

One JSON object per document and line, in the order of the input. The line of a document that a server would not keep is
`null`, and standard error tells why.

Exit code: 0 when a server would keep all objects, 1 when it would refuse one or its kind is not known, 2 when the command
line is wrong or an input cannot be read.")]
pub struct Arguments {
    /// The version of Kubernetes whose server is asked: 1.33 to 1.37.
    #[arg(long, value_name = "VERSION", default_value_t)]
    pub kubernetes: KubernetesVersion,

    /// The namespace of objects that name none.
    #[arg(short, long, value_name = "NAME", default_value = "default")]
    pub namespace: String,

    /// Folder (or file) with CustomResourceDefinitions. They count before those that are built in. May be repeated.
    #[arg(long, value_name = "DIR")]
    pub crds: Vec<PathBuf>,

    /// Which release channel of Gateway API the server has.
    #[arg(long, value_enum, default_value_t = Channel::Experimental)]
    pub channel: Channel,

    /// Files, folders, or - for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// Prints what is kept, and says whether something is not.
///
/// # Errors
/// When the output cannot be written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let inputs = files::collect(&arguments.paths, &Exclude::default(), console);
    let version = arguments.kubernetes;
    let mut registry = check::definitions::given(&arguments.crds, &inputs, version, console);
    crd_families::add_definitions(arguments.channel.into(), &mut registry);
    let mut refused = false;
    for object in manifests::documents(inputs, console) {
        let value = in_namespace(object.value.to_json(), &arguments.namespace, &registry);
        let judgement = registry.judge(&value, UnknownFields::Drop);
        let stored = registry.stored(&value);
        let kept = stored.filter(|_| judgement.report.is_accepted());
        if kept.is_none() {
            refused = true;
            let place = object.origin.location();
            let place = place.map_or_else(String::new, |place| format!("{place}: "));
            match judgement.report.findings.first() {
                Some(finding) => {
                    console.note(format!("{place}a server would refuse this: {finding}"))
                }
                None => console.note(format!("{place}no definition of this kind is known")),
            }
        }
        if !console.print(&format!("{}\n", kept.unwrap_or(Value::Null)))? {
            break;
        }
    }
    std::mem::forget(registry);
    Ok(refused)
}

/// The object as kubectl sends it: in a namespace, where its kind has them.
fn in_namespace(mut object: Value, namespace: &str, registry: &Registry) -> Value {
    let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
    let is_namespaced = registry.is_namespaced(text("apiVersion"), text("kind"));
    if is_namespaced == Some(true)
        && let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut)
    {
        metadata
            .entry("namespace")
            .or_insert_with(|| namespace.into());
    }
    object
}
