//! `#[derive(IntegerEnum)]`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Data, DeriveInput, Error, Result};

use crate::attributes;
use crate::faults::Faults;
use crate::schema;

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let mut core = None;
    let mut faults = Faults::default();
    faults.take(attributes::read(
        &input.attrs,
        "integer_enum",
        &["crate"],
        |_, meta| {
            core = Some(attributes::value(meta)?);
            Ok(())
        },
    ));
    let core = attributes::core(core);
    let name = &input.ident;
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(name, "`IntegerEnum` is for enums"));
    };
    let mut arms = Vec::new();
    let mut values = Vec::new();
    for variant in &data.variants {
        let (Some((_, value)), true) = (&variant.discriminant, variant.fields.is_empty()) else {
            let message = format!("say which number it is: `{} = 301`", variant.ident);
            faults.add(Error::new_spanned(variant, message));
            continue;
        };
        arms.push(&variant.ident);
        values.push(value.into_token_stream());
    }
    faults.finish(())?;
    let serde = quote!(#core::__private::serde);
    let schema = schema::WANTED.then(|| {
        let schemars = quote!(#core::__private::schemars);
        let text = name.to_string();
        quote! {
            #core::if_schema! {
                impl #schemars::JsonSchema for #name {
                    fn schema_name() -> ::std::borrow::Cow<'static, str> {
                        #text.into()
                    }

                    fn inline_schema() -> bool {
                        true
                    }

                    fn json_schema(_: &mut #schemars::SchemaGenerator) -> #schemars::Schema {
                        #core::schema::integer_set(Self::ALL)
                    }
                }
            }
        }
    });
    Ok(quote! {
        const _: () = {
            impl #name {
                /// The numbers of all arms, in the order of the arms.
                pub const ALL: &'static [i64] = &[#(#values),*];

                /// The number, as it stands in JSON.
                pub const fn value(self) -> i64 {
                    match self {
                        #(Self::#arms => #values,)*
                    }
                }
            }

            impl #serde::Serialize for #name {
                fn serialize<S: #serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                    serializer.serialize_i64(self.value())
                }
            }

            impl<'de> #serde::Deserialize<'de> for #name {
                fn deserialize<D: #serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                    let found = <i64 as #serde::Deserialize>::deserialize(deserializer)?;
                    #(if found == #values {
                        return ::core::result::Result::Ok(Self::#arms);
                    })*
                    ::core::result::Result::Err(#core::__private::no_such_number(found, Self::ALL))
                }
            }

            #schema
        };
    })
}
