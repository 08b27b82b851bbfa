//! Schema code: hidden structs for schemars' derive, and what is done to the schemas that come of them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericParam, Generics, Ident};

use crate::attributes::Passed;
use crate::field::{Field, Mode};

/// Whether schema code is wanted: the feature of this crate, not one of the crate that is being compiled.
pub(crate) const WANTED: bool = cfg!(feature = "schema");

/// The schema of a root object or of any other.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Root,
    Object,
}

/// `impl JsonSchema` for a struct.
pub(crate) fn of_struct(
    name: &Ident,
    schema_name: &str,
    generics: &Generics,
    passed: &Passed,
    fields: &[Field],
    core: &TokenStream,
    kind: Kind,
) -> TokenStream {
    if !WANTED {
        return TokenStream::new();
    }
    let schemars = quote!(#core::__private::schemars);
    let bounded = with_bound(generics, &quote!(#schemars::JsonSchema));
    let (impl_generics, _, where_clause) = bounded.split_for_impl();
    let (_, type_generics, _) = generics.split_for_impl();
    let (docs, attributes) = (passed.description(), &passed.schemars);
    let shell_fields = fields
        .iter()
        .filter(|field| field.has_name())
        .map(shell_field);
    let finish = fields
        .iter()
        .map(|field| finish_field(field, core, &schemars));
    let base = match kind {
        Kind::Root => quote!(root),
        Kind::Object => quote!(optional),
    };
    let crate_path = schemars.to_string();
    let schema_id = id(schema_name, generics, &schemars);
    // A type parameter that no field of the shell mentions would be an error of its own.
    let phantom: Vec<&Ident> = generics
        .type_params()
        .map(|parameter| &parameter.ident)
        .collect();
    let phantom = (!phantom.is_empty())
        .then(|| quote!(#[schemars(skip)] phantom: ::core::marker::PhantomData<(#(#phantom,)*)>,));
    quote! {
        #core::if_schema! {
            impl #impl_generics #schemars::JsonSchema for #name #type_generics #where_clause {
                fn schema_name() -> ::std::borrow::Cow<'static, str> {
                    #schema_name.into()
                }

                #schema_id

                fn json_schema(generator: &mut #schemars::SchemaGenerator) -> #schemars::Schema {
                    #[derive(#schemars::JsonSchema)]
                    #(#docs)*
                    #[schemars(crate = #crate_path)]
                    #(#attributes)*
                    #[allow(dead_code)]
                    struct Shell #impl_generics #where_clause {
                        #(#shell_fields)*
                        #phantom
                    }
                    #[allow(unused_mut)]
                    let mut schema = #core::schema::#base(
                        <Shell #type_generics as #schemars::JsonSchema>::json_schema(generator),
                    );
                    #(#finish)*
                    schema
                }
            }
        }
    }
}

fn shell_field(field: &Field) -> TokenStream {
    let (ident, wire, inner) = (&field.ident, &field.wire, field.inner());
    let (docs, attributes) = (field.passed.description(), &field.passed.schemars);
    let ty = match field.mode {
        Mode::Required => quote!(#inner),
        _ => quote!(::core::option::Option<#inner>),
    };
    let only = field.experimental.then(only_experimental);
    quote! {
        #(#docs)* #[schemars(rename = #wire)] #(#attributes)* #only
        #ident: #ty,
    }
}

/// What tells the type from all others, also from those of its name in other modules: schemars writes one schema per id.
pub(crate) fn id(schema_name: &str, generics: &Generics, schemars: &TokenStream) -> TokenStream {
    let parameters: Vec<&Ident> = generics
        .type_params()
        .map(|parameter| &parameter.ident)
        .collect();
    let plain = quote!(::core::concat!(::core::module_path!(), "::", #schema_name));
    let id = match parameters.is_empty() {
        true => quote!(#plain.into()),
        false => quote! {
            [
                ::std::borrow::Cow::Borrowed(#plain),
                #(<#parameters as #schemars::JsonSchema>::schema_id(),)*
            ]
            .join("|")
            .into()
        },
    };
    quote! {
        fn schema_id() -> ::std::borrow::Cow<'static, str> {
            #id
        }
    }
}

/// The mark of a member that the standard channel lacks; crd-core looks for it.
pub(crate) fn only_experimental() -> TokenStream {
    quote!(#[schemars(extend("x-crd-only" = "experimental"))])
}

fn finish_field(field: &Field, core: &TokenStream, schemars: &TokenStream) -> TokenStream {
    let (wire, inner) = (&field.wire, field.inner());
    let embed = |required: bool| {
        quote! {
            #core::schema::embed(&mut schema, <#inner as #schemars::JsonSchema>::json_schema(generator), #required);
        }
    };
    match field.mode {
        Mode::Required => quote!(#core::schema::require(&mut schema, #wire);),
        Mode::Embed => embed(true),
        Mode::EmbedOptional => embed(false),
        Mode::Rest => quote!(#core::schema::preserve(&mut schema);),
        _ => TokenStream::new(),
    }
}

/// The generics with a bound on each type parameter.
pub(crate) fn with_bound(generics: &Generics, bound: &TokenStream) -> Generics {
    let mut generics = generics.clone();
    for parameter in &mut generics.params {
        if let GenericParam::Type(parameter) = parameter {
            parameter.default = None;
            let bound = syn::parse_quote!(#bound);
            parameter.bounds.push(bound);
        }
    }
    generics
}
