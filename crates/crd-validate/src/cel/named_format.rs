//! The formats that rules can ask for by name: `format.dns1123Label().validate(self)`.

use std::sync::Arc;

use kube_cel::cel::extractors::This;
use kube_cel::cel::objects::{Opaque, OptionalValue};
use kube_cel::cel::{Context, FunctionContext, ResolveResult, Value as Cel};

use crate::names;
use crate::schema::{Format, Types};

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
    let masked = || names::mask_trailing_dash(&text);
    let (fits, allowed) = match *name {
        "dns1035Label" => (names::is_label_1035(&text), names::LABEL),
        "dns1035LabelPrefix" => (names::is_label_1035(&masked()), names::LABEL),
        "dns1123Label" => (names::is_label(&text), names::LABEL),
        "dns1123LabelPrefix" => (names::is_label(&masked()), names::LABEL),
        "dns1123Subdomain" => (names::is_subdomain(&text), names::SUBDOMAIN),
        "dns1123SubdomainPrefix" => (names::is_subdomain(&masked()), names::SUBDOMAIN),
        "labelValue" => (names::is_label_value(&text), names::LABEL_VALUE),
        "qualifiedName" => (names::is_qualified(&text), names::QUALIFIED),
        other => match Format::of(other, Types::STRING) {
            Some(format) => (format.accepts(&text), format.allowed()),
            None => return Err(context.error("not a format")),
        },
    };
    let message = Cel::String(Arc::new(format!("must be {allowed}")));
    Ok(optional(
        (!fits).then(|| Cel::List(Arc::new(vec![message]))),
    ))
}
