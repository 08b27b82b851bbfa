//! `#[derive(StringEnum)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Error, Fields, Ident, Result, Variant};

use crate::attributes;
use crate::faults::Faults;
use crate::names::{Case, plain};
use crate::schema;

const KEYS: [&str; 2] = ["rename_all", "crate"];
const ARM_KEYS: [&str; 2] = ["rename", "experimental"];

struct Arm {
    ident: Ident,
    text: String,
    experimental: bool,
}

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let mut case = Case::Pascal;
    let mut renamed = false;
    let mut core = None;
    let mut faults = Faults::default();
    let passed = attributes::read(&input.attrs, "string_enum", &KEYS, |key, meta| {
        match key {
            "rename_all" => {
                case = Case::parse(&attributes::text(meta)?)?;
                renamed = true;
            }
            _ => core = Some(attributes::value(meta)?),
        }
        Ok(())
    });
    let passed = faults.take(passed).unwrap_or_default();
    let core = attributes::core(core);
    let name = &input.ident;
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(name, "`StringEnum` is for enums"));
    };
    let mut arms: Vec<Arm> = Vec::new();
    let mut open = None;
    for variant in &data.variants {
        match faults.take(open_arm(variant)) {
            Some(None) => {}
            Some(Some(other)) => {
                if open.replace(other).is_some() {
                    let message = "one arm is enough for the texts that are not known";
                    faults.add(Error::new_spanned(variant, message));
                }
                continue;
            }
            None => continue,
        }
        let mut text = if renamed {
            case.of(&variant.ident)
        } else {
            plain(&variant.ident)
        };
        let mut experimental = false;
        let read = attributes::read(&variant.attrs, "arm", &ARM_KEYS, |key, meta| {
            match key {
                "rename" => text = attributes::text(meta)?.value(),
                _ => experimental = attributes::flag(meta)?,
            }
            Ok(())
        });
        faults.take(read);
        if arms.iter().any(|arm| arm.text == text) {
            faults.add(Error::new_spanned(
                variant,
                format!("two arms are `{text}`"),
            ));
        }
        arms.push(Arm {
            ident: variant.ident.clone(),
            text,
            experimental,
        });
    }
    faults.finish(())?;
    let own = match &open {
        None => closed(name, &arms, &core),
        Some(other) => self::open(name, &arms, other),
    };
    let serde = quote!(#core::__private::serde);
    let schema = schema_impl(name, &passed.schemars, &arms, open.is_some(), &core);
    Ok(quote! {
        const _: () = {
            #own

            impl ::core::fmt::Display for #name {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.pad(self.as_str())
                }
            }

            impl ::core::convert::AsRef<str> for #name {
                fn as_ref(&self) -> &str {
                    self.as_str()
                }
            }

            impl #serde::Serialize for #name {
                fn serialize<S: #serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }

            impl<'de> #serde::Deserialize<'de> for #name {
                fn deserialize<D: #serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                    #core::__private::read_text(deserializer)
                }
            }

            #schema
        };
    })
}

/// The arm for texts that are not known, which makes the set an open one.
fn open_arm(variant: &Variant) -> Result<Option<Ident>> {
    match &variant.fields {
        Fields::Unit => Ok(None),
        Fields::Unnamed(fields)
            if fields.unnamed.len() == 1 && is_string(&fields.unnamed[0].ty) =>
        {
            Ok(Some(variant.ident.clone()))
        }
        fields => Err(Error::new_spanned(
            fields,
            "an arm of a `StringEnum` has no body, but for one `Other(String)` that takes what is not known",
        )),
    }
}

fn is_string(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == "String"))
}

fn all(arms: &[Arm], what: &str) -> TokenStream {
    let arms = arms.iter().map(|Arm { text, .. }| quote!(#text));
    let doc = format!("The texts of {what} arms, in the order of the arms.");
    quote! {
        #[doc = #doc]
        pub const ALL: &'static [&'static str] = &[#(#arms),*];
    }
}

fn to_text(arms: &[Arm]) -> TokenStream {
    let arms = arms
        .iter()
        .map(|Arm { ident, text, .. }| quote!(Self::#ident => #text,));
    quote!(#(#arms)*)
}

fn closed(name: &Ident, arms: &[Arm], core: &TokenStream) -> TokenStream {
    let all = all(arms, "all");
    let to_text = to_text(arms);
    let from_text = arms
        .iter()
        .map(|Arm { ident, text, .. }| quote!(#text => ::core::result::Result::Ok(Self::#ident),));
    quote! {
        impl #name {
            #all

            /// The text, as it stands in JSON.
            pub const fn as_str(&self) -> &'static str {
                match self { #to_text }
            }
        }

        impl ::core::str::FromStr for #name {
            type Err = #core::UnknownName;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                match text {
                    #(#from_text)*
                    _ => ::core::result::Result::Err(#core::UnknownName::new(text, Self::ALL)),
                }
            }
        }
    }
}

fn open(name: &Ident, arms: &[Arm], other: &Ident) -> TokenStream {
    let all = all(arms, "the known");
    let to_text = to_text(arms);
    let from_text = arms
        .iter()
        .map(|Arm { ident, text, .. }| quote!(#text => Self::#ident,));
    quote! {
        impl #name {
            #all

            /// The text, as it stands in JSON.
            pub fn as_str(&self) -> &str {
                match self {
                    #to_text
                    Self::#other(text) => text,
                }
            }
        }

        impl ::core::convert::From<&str> for #name {
            fn from(text: &str) -> Self {
                match text {
                    #(#from_text)*
                    _ => Self::#other(::std::borrow::ToOwned::to_owned(text)),
                }
            }
        }

        impl ::core::str::FromStr for #name {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok(Self::from(text))
            }
        }
    }
}

fn schema_impl(
    name: &Ident,
    attributes: &[Attribute],
    arms: &[Arm],
    open: bool,
    core: &TokenStream,
) -> TokenStream {
    if !schema::WANTED {
        return TokenStream::new();
    }
    let schemars = quote!(#core::__private::schemars);
    let crate_path = schemars.to_string();
    let schema_name = name.to_string();
    let known = if open { quote!(&[]) } else { quote!(Self::ALL) };
    let experimental = arms
        .iter()
        .filter(|arm| arm.experimental)
        .map(|Arm { text, .. }| quote!(#text));
    quote! {
        #core::if_schema! {
            impl #schemars::JsonSchema for #name {
                fn schema_name() -> ::std::borrow::Cow<'static, str> {
                    #schema_name.into()
                }

                fn inline_schema() -> bool {
                    true
                }

                fn json_schema(generator: &mut #schemars::SchemaGenerator) -> #schemars::Schema {
                    #[derive(#schemars::JsonSchema)]
                    #[schemars(crate = #crate_path, transparent)]
                    #(#attributes)*
                    #[allow(dead_code)]
                    struct Text(::std::string::String);
                    #core::schema::string_set(
                        <Text as #schemars::JsonSchema>::json_schema(generator),
                        #known,
                        &[#(#experimental),*],
                    )
                }
            }
        }
    }
}
