//! Older versions of a kind that have the same fields: a struct of the same name in a module beside.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{DeriveInput, Result};

use super::attribute::{Declaration, Deprecated, Older, Served};
use crate::attributes;
use crate::names::Case;
use crate::object;

/// `http_route_v1beta1` for the version `v1beta1` of `HttpRoute`.
pub(super) fn module_name(name: &Ident, older: &Older) -> Ident {
    let version = older
        .version
        .value()
        .replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
    format_ident!("{}_{version}", Case::Snake.of(name), span = name.span())
}

/// The module with the struct, which is derived like the first one.
pub(super) fn module(
    input: &DeriveInput,
    declaration: &Declaration,
    older: &Older,
) -> Result<TokenStream> {
    let name = &input.ident;
    let module = module_name(name, older);
    let core = &declaration.core;
    let Declaration {
        group,
        kind,
        plural,
        short_names,
        categories,
        status_subresource,
        experimental,
        ..
    } = declaration;
    let scope = if declaration.namespaced {
        quote!(Namespaced)
    } else {
        quote!(Cluster)
    };
    let version = &older.version;
    let columns = older
        .printer_columns
        .as_ref()
        .unwrap_or(&declaration.printer_columns);
    let columns = columns.iter().map(super::attribute::Column::tokens);
    let texts = [
        declaration
            .singular
            .as_ref()
            .map(|text| quote!(singular = #text,)),
        declaration
            .list_kind
            .as_ref()
            .map(|text| quote!(list_kind = #text,)),
        declaration
            .core_path
            .as_ref()
            .map(|path| quote!(crate = #path,)),
        older
            .deprecated
            .as_ref()
            .map(|deprecated| match deprecated {
                Deprecated::Plain => quote!(deprecated,),
                Deprecated::Warning(text) => quote!(deprecated = #text,),
            }),
        (older.served == Served::Never).then(|| quote!(served = false,)),
        declaration.scale.as_ref().map(|scale| {
            let scale = scale.tokens();
            quote!(scale = #scale,)
        }),
    ];
    let schemars = &declaration.passed.schemars;
    let first = declaration.passed.docs.iter().map(attributes::doc_text);
    let first: String = first.take_while(|line| !line.trim().is_empty()).collect();
    let doc = format!(
        "{first}\n\nThe version `{}` of [`{name}`](super::{name}), with the same fields.",
        version.value()
    );
    let description = first.trim();
    let fields = object::members(input, "Resource")?.iter().map(|field| {
        let tokens = one_module_in(field.to_token_stream());
        quote!(#tokens,)
    });
    Ok(quote! {
        pub(crate) mod #module {
            #[allow(unused_imports)]
            use super::*;

            #[doc = #doc]
            #[derive(Clone, Debug, PartialEq, #core::Resource)]
            #[resource(
                group = #group, version = #version, kind = #kind, plural = #plural, scope = #scope,
                short_names = [#(#short_names),*], categories = [#(#categories),*],
                status_subresource = #status_subresource, printer_columns = [#(#columns),*],
                experimental = #experimental, #(#texts)*
            )]
            #[schemars(description = #description)]
            #(#schemars)*
            pub struct #name { #(#fields)* }
        }
    })
}

/// Paths that begin with `super` or `self` go one step further, since they now stand one module further in.
fn one_module_in(tokens: TokenStream) -> TokenStream {
    let mut moved = TokenStream::new();
    let mut colons = 0;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let starts_path = colons < 2
            && matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == ':');
        colons = match &token {
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons + 1,
            _ => 0,
        };
        match token {
            TokenTree::Ident(word) if word == "super" && starts_path => {
                moved.extend(quote!(super::super))
            }
            TokenTree::Ident(word) if word == "self" && starts_path => moved.extend(quote!(super)),
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), one_module_in(group.stream()));
                inner.set_span(group.span());
                moved.extend([TokenTree::Group(inner)]);
            }
            token => moved.extend([token]),
        }
    }
    moved
}
