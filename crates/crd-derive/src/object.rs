//! `#[derive(Object)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Data, DeriveInput, Error, Fields, GenericParam, Generics, Ident, Lifetime, LifetimeParam,
    Result,
};

use crate::attributes;
use crate::faults::Faults;
use crate::field::{self, Field, Head};
use crate::names::Case;
use crate::schema;

const KEYS: [&str; 2] = ["rename_all", "crate"];

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let mut case = Case::Camel;
    let mut core = None;
    let mut faults = Faults::default();
    let passed = attributes::read(&input.attrs, "object", &KEYS, |key, meta| {
        match key {
            "rename_all" => case = Case::parse(&attributes::text(meta)?)?,
            _ => core = Some(attributes::value(meta)?),
        }
        Ok(())
    });
    let passed = faults.take(passed).unwrap_or_default();
    let core = attributes::core(core);
    let fields = members(input, "Object").and_then(|fields| field::read(fields, case, None));
    let fields = faults.take(fields).unwrap_or_default();
    faults.finish(())?;
    let name = &input.ident;
    let expecting = format!("an object ({name})");
    let serde = serde_impls(
        name,
        &input.generics,
        &fields,
        &core,
        &expecting,
        Root::default(),
    );
    let schema = schema::of_struct(
        name,
        &name.to_string(),
        &input.generics,
        &passed,
        &fields,
        &core,
        schema::Kind::Object,
    );
    Ok(quote!(const _: () = { #serde #schema };))
}

/// The fields of a struct with named fields.
pub(crate) fn members<'a>(input: &'a DeriveInput, derive: &str) -> Result<&'a Fields> {
    match &input.data {
        Data::Struct(data) if matches!(data.fields, Fields::Named(_)) => Ok(&data.fields),
        Data::Struct(_) => Err(Error::new_spanned(
            &input.ident,
            format!(
                "`{derive}` is for structs with named fields, since members of JSON objects have names"
            ),
        )),
        _ => Err(Error::new_spanned(
            &input.ident,
            format!(
                "`{derive}` is for structs; an enum is a `Union` (one of several members), a `StringEnum` or an `IntegerEnum`"
            ),
        )),
    }
}

/// What a root has beside its fields.
#[derive(Default)]
pub(crate) struct Root {
    pub(crate) head: Head,
    pub(crate) write: TokenStream,
}

/// `Serialize` and `Deserialize` of a struct.
pub(crate) fn serde_impls(
    name: &Ident,
    generics: &Generics,
    fields: &[Field],
    core: &TokenStream,
    expecting: &str,
    root: Root,
) -> TokenStream {
    let serde = quote!(#core::__private::serde);
    let write = field::write(fields, core);
    let visit = field::visit(name, fields, core, root.head);
    let write_head = root.write;
    let (_, type_generics, _) = generics.split_for_impl();
    let writing = schema::with_bound(generics, &quote!(#serde::Serialize));
    let (write_generics, _, write_where) = writing.split_for_impl();
    let reading = schema::with_bound(generics, &quote!(#serde::Deserialize<'de>));
    let reading = with_lifetime(&reading);
    let (read_generics, _, read_where) = reading.split_for_impl();
    let parameters: Vec<&Ident> = generics
        .type_params()
        .map(|parameter| &parameter.ident)
        .collect();
    let (visitor, visitor_value) = if parameters.is_empty() {
        (
            quote!(
                struct Members;
            ),
            quote!(Members),
        )
    } else {
        let shape = quote!(struct Members<#(#parameters),*>(::core::marker::PhantomData<(#(#parameters,)*)>););
        (shape, quote!(Members(::core::marker::PhantomData)))
    };
    let visitor_generics = (!parameters.is_empty()).then(|| quote!(<#(#parameters),*>));
    quote! {
        impl #write_generics #serde::Serialize for #name #type_generics #write_where {
            fn serialize<__S: #serde::Serializer>(&self, serializer: __S) -> ::core::result::Result<__S::Ok, __S::Error> {
                #[allow(unused_mut)]
                let mut map = #serde::Serializer::serialize_map(serializer, ::core::option::Option::None)?;
                #write_head
                #write
                #serde::ser::SerializeMap::end(map)
            }
        }

        impl #read_generics #serde::Deserialize<'de> for #name #type_generics #read_where {
            fn deserialize<__D: #serde::Deserializer<'de>>(deserializer: __D) -> ::core::result::Result<Self, __D::Error> {
                #visitor

                impl #read_generics #serde::de::Visitor<'de> for Members #visitor_generics #read_where {
                    type Value = #name #type_generics;

                    fn expecting(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        f.write_str(#expecting)
                    }

                    fn visit_map<__A: #serde::de::MapAccess<'de>>(
                        self,
                        mut map: __A,
                    ) -> ::core::result::Result<Self::Value, __A::Error> {
                        #visit
                    }
                }

                #serde::Deserializer::deserialize_map(deserializer, #visitor_value)
            }
        }
    }
}

/// The generics with serde's lifetime in front.
fn with_lifetime(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    let lifetime = Lifetime::new("'de", proc_macro2::Span::call_site());
    generics
        .params
        .insert(0, GenericParam::Lifetime(LifetimeParam::new(lifetime)));
    generics
}
