//! `#[resource(...)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::meta::ParseNestedMeta;
use syn::parse::{Parse, ParseStream};
use syn::{DeriveInput, Ident, LitBool, LitInt, LitStr, Path, Result, Token};

use crate::attributes::{self, Passed};
use crate::faults::Faults;
use crate::names::unknown;

const KEYS: [&str; 18] = [
    "group",
    "version",
    "kind",
    "plural",
    "scope",
    "singular",
    "list_kind",
    "short_names",
    "categories",
    "status_subresource",
    "scale",
    "printer_columns",
    "deprecated",
    "served",
    "stored",
    "older",
    "experimental",
    "crate",
];
const OLDER_KEYS: [&str; 5] = [
    "version",
    "declared",
    "served",
    "deprecated",
    "printer_columns",
];

/// Everything that is said of a kind.
pub(super) struct Declaration {
    pub(super) core: TokenStream,
    pub(super) core_path: Option<Path>,
    pub(super) group: LitStr,
    pub(super) version: LitStr,
    pub(super) kind: LitStr,
    pub(super) plural: LitStr,
    pub(super) namespaced: bool,
    pub(super) singular: Option<LitStr>,
    pub(super) list_kind: Option<LitStr>,
    pub(super) short_names: Vec<LitStr>,
    pub(super) categories: Vec<LitStr>,
    pub(super) status_subresource: bool,
    pub(super) scale: Option<Scale>,
    pub(super) printer_columns: Vec<Column>,
    pub(super) deprecated: Option<Deprecated>,
    pub(super) served: Served,
    pub(super) stored: Option<LitStr>,
    pub(super) older: Vec<Older>,
    pub(super) experimental: bool,
    pub(super) passed: Passed,
}

/// A version beside the one of the struct.
pub(super) struct Older {
    pub(super) version: LitStr,
    /// The type, where it is written by hand since its fields differ.
    pub(super) declared: Option<Path>,
    pub(super) served: Served,
    pub(super) deprecated: Option<Deprecated>,
    pub(super) printer_columns: Option<Vec<Column>>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Served {
    Always,
    Never,
    Experimental,
}

#[derive(Clone)]
pub(super) enum Deprecated {
    /// The server warns in its own words.
    Plain,
    Warning(LitStr),
}

/// `(".spec.replicas", ".status.replicas", ".status.selector")`; the last may be missing.
pub(super) struct Scale {
    spec: LitStr,
    status: LitStr,
    selector: Option<LitStr>,
}

impl Parse for Scale {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let content;
        syn::parenthesized!(content in input);
        let spec = content.parse()?;
        content.parse::<Token![,]>()?;
        let status = content.parse()?;
        let more = content.parse::<Option<Token![,]>>()?.is_some() && !content.is_empty();
        let selector = if more { Some(content.parse()?) } else { None };
        content.parse::<Option<Token![,]>>()?;
        Ok(Self {
            spec,
            status,
            selector,
        })
    }
}

impl Scale {
    pub(super) fn tokens(&self) -> TokenStream {
        let (spec, status, selector) = (&self.spec, &self.status, self.selector.iter());
        quote!((#spec, #status #(, #selector)*))
    }

    fn value(&self, core: &TokenStream) -> TokenStream {
        let (spec, status) = (&self.spec, &self.status);
        let selector = match &self.selector {
            Some(selector) => quote!(::core::option::Option::Some(#selector)),
            None => quote!(::core::option::Option::None),
        };
        quote!(#core::ScalePaths { spec: #spec, status: #status, selector: #selector })
    }
}

/// `("Name", "type", ".path")`, perhaps with a priority.
#[derive(Clone)]
pub(super) struct Column {
    name: LitStr,
    ty: LitStr,
    path: LitStr,
    priority: Option<LitInt>,
}

impl Parse for Column {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let content;
        syn::parenthesized!(content in input);
        let name = content.parse()?;
        content.parse::<Token![,]>()?;
        let ty: LitStr = content.parse()?;
        let known = ["string", "integer", "number", "boolean", "date"];
        if !known.contains(&ty.value().as_str()) {
            return Err(attributes::at(
                ty.span(),
                unknown("type of a column", &ty.value(), &known),
            ));
        }
        content.parse::<Token![,]>()?;
        let path = content.parse()?;
        let more = content.parse::<Option<Token![,]>>()?.is_some() && !content.is_empty();
        let priority = if more { Some(content.parse()?) } else { None };
        content.parse::<Option<Token![,]>>()?;
        Ok(Self {
            name,
            ty,
            path,
            priority,
        })
    }
}

impl Column {
    pub(super) fn tokens(&self) -> TokenStream {
        let Self {
            name,
            ty,
            path,
            priority,
        } = self;
        let priority = priority.iter();
        quote!((#name, #ty, #path #(, #priority)*))
    }

    fn value(&self, core: &TokenStream) -> TokenStream {
        let Self {
            name,
            ty,
            path,
            priority,
        } = self;
        let priority = priority
            .as_ref()
            .map_or_else(|| quote!(0), |priority| quote!(#priority));
        quote!(#core::PrinterColumn { name: #name, type_: #ty, json_path: #path, priority: #priority })
    }
}

impl Declaration {
    pub(super) fn read(input: &DeriveInput) -> Result<Self> {
        let (mut group, mut version, mut kind, mut plural, mut scope) =
            (None, None, None, None, None);
        let (mut singular, mut list_kind, mut stored, mut core_path) = (None, None, None, None);
        let (mut short_names, mut categories, mut printer_columns) =
            (Vec::new(), Vec::new(), Vec::new());
        let (mut status_subresource, mut experimental) = (false, false);
        let (mut deprecated, mut served, mut older) = (None, Served::Always, Vec::new());
        let mut scale = None;
        let passed = attributes::read(&input.attrs, "resource", &KEYS, |key, meta| {
            match key {
                "group" => group = Some(attributes::text(meta)?),
                "version" => version = Some(attributes::text(meta)?),
                "kind" => kind = Some(attributes::text(meta)?),
                "plural" => plural = Some(attributes::text(meta)?),
                "scope" => scope = Some(is_namespaced(meta)?),
                "singular" => singular = Some(attributes::text(meta)?),
                "list_kind" => list_kind = Some(attributes::text(meta)?),
                "short_names" => short_names = attributes::list(meta)?,
                "categories" => categories = attributes::list(meta)?,
                "status_subresource" => status_subresource = attributes::flag(meta)?,
                "scale" => scale = Some(attributes::value::<Scale>(meta)?),
                "printer_columns" => printer_columns = attributes::list(meta)?,
                "deprecated" => deprecated = read_deprecated(meta)?,
                "served" => served = read_served(meta)?,
                "stored" => stored = Some(attributes::text(meta)?),
                "older" => older.push(Older::read(meta)?),
                "experimental" => experimental = attributes::flag(meta)?,
                _ => core_path = Some(attributes::value::<Path>(meta)?),
            }
            Ok(())
        });
        let mut faults = Faults::default();
        let passed = faults.take(passed);
        // What an attribute that cannot be read was to say is not known to be missing.
        if passed.is_some() {
            let needed = [
                (&group, "group", "example.com"),
                (&version, "version", "v1"),
                (&kind, "kind", "Greeter"),
                (&plural, "plural", "greeters"),
            ];
            for (_, key, example) in needed.iter().filter(|(given, ..)| given.is_none()) {
                let message = format!(
                    "`#[resource(...)]` needs `{key} = \"...\"`, such as `{key} = \"{example}\"`"
                );
                faults.add(attributes::at(input.ident.span(), message));
            }
            if scope.is_none() {
                let message = "`#[resource(...)]` needs `scope = Namespaced` or `scope = Cluster`";
                faults.add(attributes::at(input.ident.span(), message));
            }
        }
        let given = (passed, group, version, kind, plural, scope);
        let (Some(passed), Some(group), Some(version), Some(kind), Some(plural), Some(namespaced)) =
            faults.finish(given)?
        else {
            // Each that is missing was a fault.
            return Err(attributes::at(
                input.ident.span(),
                "`#[resource(...)]` says too little",
            ));
        };
        let declaration = Self {
            core: attributes::core(core_path.clone()),
            core_path,
            group,
            version,
            kind,
            plural,
            namespaced,
            singular,
            list_kind,
            short_names,
            categories,
            status_subresource,
            scale,
            printer_columns,
            deprecated,
            served,
            stored,
            older,
            experimental,
            passed,
        };
        declaration.check_versions()?;
        Ok(declaration)
    }

    fn check_versions(&self) -> Result<()> {
        let mut versions = vec![self.version.value()];
        let mut faults = Faults::default();
        for older in &self.older {
            let version = older.version.value();
            if versions.contains(&version) {
                faults.add(attributes::at(
                    older.version.span(),
                    format!("the version `{version}` is declared twice"),
                ));
            }
            versions.push(version);
        }
        if let Some(stored) = &self.stored
            && !versions.contains(&stored.value())
        {
            let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
            let message = unknown("version", &stored.value(), &versions);
            faults.add(attributes::at(stored.span(), message));
        }
        faults.finish(())
    }

    /// The `KindInfo`.
    pub(super) fn info(&self) -> TokenStream {
        let Self {
            core,
            group,
            version,
            kind,
            plural,
            short_names,
            categories,
            status_subresource,
            experimental,
            ..
        } = self;
        let scope = if self.namespaced {
            quote!(Namespaced)
        } else {
            quote!(Cluster)
        };
        let columns = self.printer_columns.iter().map(|column| column.value(core));
        let text = |name: TokenStream, value: &Option<LitStr>| {
            value
                .as_ref()
                .map(|value| quote!(info.#name = ::core::option::Option::Some(#value);))
        };
        let scale = self.scale.iter().map(|scale| scale.value(core));
        let singular = text(quote!(singular), &self.singular);
        let list_kind = text(quote!(list_kind), &self.list_kind);
        let deprecated = match &self.deprecated {
            None => TokenStream::new(),
            Some(Deprecated::Plain) => quote!(info.deprecated = true;),
            Some(Deprecated::Warning(text)) => quote! {
                info.deprecated = true;
                info.deprecation_warning = ::core::option::Option::Some(#text);
            },
        };
        quote! {{
            let mut info = #core::KindInfo::new(#group, #version, #kind, #plural, #core::Scope::#scope);
            #singular
            #list_kind
            info.short_names = &[#(#short_names),*];
            info.categories = &[#(#categories),*];
            info.status_subresource = #status_subresource;
            #(info.scale = ::core::option::Option::Some(#scale);)*
            info.printer_columns = &[#(#columns),*];
            #deprecated
            info.experimental = #experimental;
            info
        }}
    }
}

impl Older {
    fn read(meta: &ParseNestedMeta<'_>) -> Result<Self> {
        let (mut version, mut declared, mut served) = (None, None, Served::Always);
        let (mut deprecated, mut printer_columns) = (None, None);
        meta.parse_nested_meta(|meta| {
            let key = meta
                .path
                .get_ident()
                .map(Ident::to_string)
                .unwrap_or_default();
            match key.as_str() {
                "version" => version = Some(attributes::text(&meta)?),
                "declared" => declared = Some(attributes::value(&meta)?),
                "served" => served = read_served(&meta)?,
                "deprecated" => deprecated = read_deprecated(&meta)?,
                "printer_columns" => printer_columns = Some(attributes::list(&meta)?),
                _ => return Err(meta.error(unknown("key of `older`", &key, &OLDER_KEYS))),
            }
            Ok(())
        })?;
        let version =
            version.ok_or_else(|| meta.error("say which: `older(version = \"v1beta1\")`"))?;
        if declared.is_some() && (deprecated.is_some() || printer_columns.is_some()) {
            return Err(meta.error("a version with a type of its own is described there"));
        }
        Ok(Self {
            version,
            declared,
            served,
            deprecated,
            printer_columns,
        })
    }
}

fn is_namespaced(meta: &ParseNestedMeta<'_>) -> Result<bool> {
    let scope: Ident = attributes::value(meta)?;
    match scope.to_string().as_str() {
        "Namespaced" => Ok(true),
        "Cluster" => Ok(false),
        other => Err(attributes::at(
            scope.span(),
            unknown("scope", other, &["Namespaced", "Cluster"]),
        )),
    }
}

fn read_deprecated(meta: &ParseNestedMeta<'_>) -> Result<Option<Deprecated>> {
    if !meta.input.peek(Token![=]) {
        return Ok(Some(Deprecated::Plain));
    }
    let value = meta.value()?;
    if value.peek(LitStr) {
        return Ok(Some(Deprecated::Warning(value.parse()?)));
    }
    Ok(value.parse::<LitBool>()?.value.then_some(Deprecated::Plain))
}

fn read_served(meta: &ParseNestedMeta<'_>) -> Result<Served> {
    let value = meta.value()?;
    if value.peek(LitBool) {
        return Ok(if value.parse::<LitBool>()?.value {
            Served::Always
        } else {
            Served::Never
        });
    }
    let word: Ident = value.parse()?;
    match word.to_string().as_str() {
        "experimental" => Ok(Served::Experimental),
        other => Err(attributes::at(
            word.span(),
            unknown("value", other, &["true", "false", "experimental"]),
        )),
    }
}
