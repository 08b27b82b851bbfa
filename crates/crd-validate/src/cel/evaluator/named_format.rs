//! The formats that rules can ask for by name: `format.dns1123Label().validate(self)`.

use std::sync::Arc;

use kube_cel::cel::extractors::This;
use kube_cel::cel::objects::{Opaque, OptionalValue};
use kube_cel::cel::{Context, FunctionContext, ResolveResult, Value as Cel};

use kube_vocab::names;

use crate::format::{Format, Types};
use crate::metadata;

const NAMES: [&str; 13] = [
    "byte",
    "date",
    "datetime",
    "dns1035Label",
    "dns1035LabelPrefix",
    "dns1123Label",
    "dns1123LabelPrefix",
    "dns1123Subdomain",
    "dns1123SubdomainPrefix",
    "labelValue",
    "qualifiedName",
    "uri",
    "uuid",
];

#[derive(Debug, PartialEq, Eq)]
struct NamedFormat(&'static str);

impl Opaque for NamedFormat {
    fn runtime_type_name(&self) -> &str {
        "kubernetes.NamedFormat"
    }
}

pub(super) fn register(context: &mut Context<'_>) {
    for name in NAMES {
        context.add_function(&format!("format.{name}"), move || -> ResolveResult {
            Ok(Cel::Opaque(Arc::new(NamedFormat(name))))
        });
    }
    context.add_function("format.named", by_name);
    context.add_function("validate", validate);
}

fn optional(value: Option<Cel>) -> Cel {
    Cel::Opaque(Arc::new(
        value.map_or_else(OptionalValue::none, OptionalValue::of),
    ))
}

fn by_name(wanted: Arc<String>) -> ResolveResult {
    let known = NAMES.into_iter().find(|name| *name == *wanted);
    let format = known.map(|name| Cel::Opaque(Arc::new(NamedFormat(name))));
    Ok(optional(format))
}

/// Nothing where the text has the format, else what is allowed.
fn validate(
    context: &FunctionContext<'_, '_>,
    This(format): This<Cel>,
    text: Arc<String>,
) -> ResolveResult {
    let Cel::Opaque(opaque) = &format else {
        return Err(context.error("not a format"));
    };
    let Some(NamedFormat(name)) = opaque.downcast_ref() else {
        return Err(context.error("not a format"));
    };
    let masked = || metadata::mask_trailing_dash(&text);
    let verdict = match *name {
        "dns1035Label" => names::dns_1035_label(&text),
        "dns1035LabelPrefix" => names::dns_1035_label(&masked()),
        "dns1123Label" => names::dns_label(&text),
        "dns1123LabelPrefix" => names::dns_label(&masked()),
        "dns1123Subdomain" => names::dns_subdomain(&text),
        "dns1123SubdomainPrefix" => names::dns_subdomain(&masked()),
        "labelValue" => names::label_value(&text),
        "qualifiedName" => names::qualified_name(&text),
        other => {
            let Some(format) = Format::of(other, Types::STRING) else {
                return Err(context.error("not a format"));
            };
            let reason = (!format.accepts(&text)).then(|| format!("must be {}", format.allowed()));
            return Ok(optional(reason.map(complaint)));
        }
    };
    let reason = verdict.err().map(|reason| reason.to_string());
    Ok(optional(reason.map(complaint)))
}

/// A list of what is wrong, as rules get it.
fn complaint(reason: String) -> Cel {
    Cel::List(Arc::new(vec![Cel::String(Arc::new(reason))]))
}
