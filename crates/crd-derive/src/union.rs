//! `#[derive(Union)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Ident, Result, Type, Variant};

use crate::attributes::{self, Passed};
use crate::faults::Faults;
use crate::names::{Case, plain};
use crate::schema;

const KEYS: [&str; 4] = ["tag", "cel", "rename_all", "crate"];
const ARM_KEYS: [&str; 4] = ["member", "tag", "experimental", "several"];

struct Arm {
    ident: Ident,
    tag: String,
    /// The member and its type; none for an arm without a body.
    body: Option<(String, Type)>,
    passed: Passed,
    experimental: bool,
}

struct Union<'a> {
    name: &'a Ident,
    core: TokenStream,
    /// The discriminator's name.
    tag: Option<String>,
    cel: bool,
    passed: Passed,
    arms: Vec<Arm>,
    /// The arm that holds a list of others, where the API takes several members at once.
    several: Option<Ident>,
}

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let union = read(input)?;
    let (name, core) = (union.name, &union.core);
    let serde = quote!(#core::__private::serde);
    let own = union.name_method();
    let embedded = union.embedded();
    let schema = union.schema();
    Ok(quote! {
        const _: () = {
            #own
            #embedded

            impl #serde::Serialize for #name {
                fn serialize<S: #serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                    let mut map = #serde::Serializer::serialize_map(serializer, ::core::option::Option::None)?;
                    #core::union::Embedded::write(self, &mut map)?;
                    #serde::ser::SerializeMap::end(map)
                }
            }

            impl<'de> #serde::Deserialize<'de> for #name {
                fn deserialize<D: #serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                    #core::union::read_union(deserializer)
                }
            }

            #schema
        };
    })
}

fn read(input: &DeriveInput) -> Result<Union<'_>> {
    let (mut tag, mut cel, mut case, mut core) = (None, false, Case::Camel, None);
    let mut faults = Faults::default();
    let passed = attributes::read(&input.attrs, "union", &KEYS, |key, meta| {
        match key {
            "tag" => tag = Some(attributes::text(meta)?.value()),
            "cel" => cel = attributes::flag(meta)?,
            "rename_all" => case = Case::parse(&attributes::text(meta)?)?,
            _ => core = Some(attributes::value(meta)?),
        }
        Ok(())
    });
    let passed = faults.take(passed).unwrap_or_default();
    let name = &input.ident;
    let Data::Enum(data) = &input.data else {
        let message = "`Union` is for enums: each arm is a member, of which one is set; a struct is an `Object`";
        return Err(Error::new_spanned(name, message));
    };
    if let Some(parameter) = input.generics.params.first() {
        let message = "a `Union` has no generic parameters";
        faults.add(Error::new_spanned(parameter, message));
    }
    if cel && tag.is_none() {
        let message = "`cel` is for unions with a `tag`: without one, `oneOf` says it all";
        faults.add(attributes::at(name.span(), message));
    }
    let mut arms: Vec<Arm> = Vec::new();
    let mut several = None;
    for variant in &data.variants {
        let arm = match faults.take(arm(variant, tag.is_some(), case)) {
            Some(Some(arm)) => arm,
            Some(None) => {
                several = Some(variant.ident.clone());
                continue;
            }
            None => continue,
        };
        let same = |other: &Arm| match (&arm.body, &other.body) {
            (Some((member, _)), Some((other, _))) => member == other,
            (None, None) => tag.is_none() || arm.tag == other.tag,
            _ => false,
        };
        if let Some(other) = arms.iter().find(|other| same(other)) {
            let message = match &arm.body {
                Some((member, _)) => format!("`{}` has the member `{member}` too", other.ident),
                None => "without a `tag`, one arm can be the empty object, and no more".to_owned(),
            };
            faults.add(Error::new_spanned(variant, message));
        }
        arms.push(arm);
    }
    faults.finish(Union {
        name,
        core: attributes::core(core),
        tag,
        cel,
        passed,
        arms,
        several,
    })
}

/// The arm; nothing for the one that holds several of the others.
fn arm(variant: &Variant, tagged: bool, case: Case) -> Result<Option<Arm>> {
    let mut tag = plain(&variant.ident);
    let mut member = None;
    let (mut experimental, mut several) = (false, false);
    let passed = attributes::read(&variant.attrs, "arm", &ARM_KEYS, |key, meta| {
        match key {
            "member" => member = Some(attributes::text(meta)?),
            "tag" if !tagged => {
                return Err(meta.error(
                    "the union has no discriminator: say `#[union(tag = \"type\")]` on the enum",
                ));
            }
            "tag" => tag = attributes::text(meta)?.value(),
            "several" if tagged => {
                return Err(meta.error("a discriminator names one member"));
            }
            "several" => several = attributes::flag(meta)?,
            _ => experimental = attributes::flag(meta)?,
        }
        Ok(())
    })?;
    if several {
        return match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(None),
            _ => Err(Error::new_spanned(
                variant,
                "the arm for several members holds a list of arms: `Several(Vec<Self>)`",
            )),
        };
    }
    let body = match &variant.fields {
        Fields::Unit => {
            if let Some(member) = member {
                return Err(attributes::at(
                    member.span(),
                    "an arm without a body has no member",
                ));
            }
            None
        }
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let member = member.map_or_else(|| case.of(&variant.ident), |member| member.value());
            Some((member, fields.unnamed[0].ty.clone()))
        }
        fields => {
            return Err(Error::new_spanned(
                fields,
                "an arm of a `Union` holds the value of its member: one type, or nothing",
            ));
        }
    };
    Ok(Some(Arm {
        ident: variant.ident.clone(),
        tag,
        body,
        passed,
        experimental,
    }))
}

impl Union<'_> {
    /// What names the arm: the discriminator's value, or the member.
    fn name_of<'a>(&self, arm: &'a Arm) -> &'a str {
        match (&self.tag, &arm.body) {
            (Some(_), _) => &arm.tag,
            (None, Some((member, _))) => member,
            (None, None) => "",
        }
    }

    fn name_method(&self) -> TokenStream {
        let name = self.name;
        let arms = self.arms.iter().map(|arm| {
            let (ident, text) = (&arm.ident, self.name_of(arm));
            quote!(Self::#ident { .. } => #text,)
        });
        let several = self
            .several
            .iter()
            .map(|ident| quote!(Self::#ident(_) => "several",));
        quote! {
            impl #name {
                /// Which of the arms it is, in the API's own word.
                pub fn name(&self) -> &'static str {
                    match self { #(#arms)* #(#several)* }
                }
            }
        }
    }

    fn embedded(&self) -> TokenStream {
        let (name, core) = (self.name, &self.core);
        let serde = quote!(#core::__private::serde);
        let members = self
            .arms
            .iter()
            .filter(|arm| self.tag.is_some() || arm.body.is_some())
            .map(|arm| {
                let text = self.name_of(arm);
                quote!(#text)
            });
        let read_tag = self.tag.as_ref().map(|tag| {
            quote!(#tag => partial.read_tag(<Self as #core::union::Embedded>::MEMBERS, map)?,)
        });
        let read = self.arms.iter().filter_map(|arm| {
            let (member, ty) = arm.body.as_ref()?;
            let ident = &arm.ident;
            let read = match &self.several {
                Some(_) => quote!(read_another),
                None => quote!(read_body),
            };
            Some(quote!(#member => partial.#read::<#ty, A>(#member, Self::#ident, map)?,))
        });
        let finish = self.finish();
        let write_tag = self
            .tag
            .as_ref()
            .map(|tag| quote!(map.serialize_entry(#tag, self.name())?;));
        let write = self.arms.iter().map(|arm| {
            let ident = &arm.ident;
            match &arm.body {
                Some((member, _)) => {
                    quote!(Self::#ident(value) => map.serialize_entry(#member, value),)
                }
                None => quote!(Self::#ident => ::core::result::Result::Ok(()),),
            }
        });
        let write_several = self.several.iter().map(|ident| {
            quote!(Self::#ident(all) => all.iter().try_for_each(|one| #core::union::Embedded::write(one, map)),)
        });
        quote! {
            impl #core::union::Embedded for #name {
                type Partial = #core::union::Partial<Self>;

                const MEMBERS: &'static [&'static str] = &[#(#members),*];

                fn member<'de, A: #serde::de::MapAccess<'de>>(
                    partial: &mut Self::Partial,
                    key: &str,
                    map: &mut A,
                ) -> ::core::result::Result<bool, A::Error> {
                    match key {
                        #read_tag
                        #(#read)*
                        _ => return ::core::result::Result::Ok(false),
                    }
                    ::core::result::Result::Ok(true)
                }

                fn finish<E: #serde::de::Error>(
                    partial: Self::Partial,
                ) -> ::core::result::Result<::core::option::Option<Self>, E> {
                    #finish
                }

                fn write<M: #serde::ser::SerializeMap>(&self, map: &mut M) -> ::core::result::Result<(), M::Error> {
                    #write_tag
                    match self { #(#write)* #(#write_several)* }
                }
            }
        }
    }

    fn finish(&self) -> TokenStream {
        let core = &self.core;
        let Some(tag) = &self.tag else {
            let body = quote!(partial.into_body());
            if let Some(several) = &self.several {
                return quote!(::core::result::Result::Ok(partial.into_several(Self::#several)));
            }
            let empty = self.arms.iter().find(|arm| arm.body.is_none());
            return match empty.map(|arm| &arm.ident) {
                Some(ident) => {
                    quote!(::core::result::Result::Ok(::core::option::Option::Some(#body.unwrap_or(Self::#ident))))
                }
                None => quote!(::core::result::Result::Ok(#body)),
            };
        };
        let arms = self.arms.iter().map(|arm| {
            let text = &arm.tag;
            let member = self.member_of(arm);
            quote!(#core::union::Arm::new(#text, #member))
        });
        let units = self
            .arms
            .iter()
            .filter(|arm| arm.body.is_none())
            .map(|arm| {
                let (text, ident) = (&arm.tag, &arm.ident);
                quote!(#text => ::core::option::Option::Some(Self::#ident),)
            });
        quote! {
            partial.into_tagged(
                #tag,
                const { &[#(#arms),*] },
                |tag| match tag {
                    #(#units)*
                    _ => ::core::option::Option::None,
                },
            )
        }
    }

    fn member_of(&self, arm: &Arm) -> TokenStream {
        match &arm.body {
            Some((member, _)) => quote!(::core::option::Option::Some(#member)),
            None => quote!(::core::option::Option::None),
        }
    }

    fn schema(&self) -> TokenStream {
        if !schema::WANTED {
            return TokenStream::new();
        }
        let (name, core) = (self.name, &self.core);
        let schemars = quote!(#core::__private::schemars);
        let crate_path = schemars.to_string();
        let schema_name = name.to_string();
        let schema_id = schema::id(&schema_name, &syn::Generics::default(), &schemars);
        let (docs, attributes) = (self.passed.description(), &self.passed.schemars);
        let members = self.arms.iter().filter_map(|arm| {
            let (member, ty) = arm.body.as_ref()?;
            let (docs, schemars) = (arm.passed.description(), &arm.passed.schemars);
            let ident = &arm.ident;
            let only = arm.experimental.then(schema::only_experimental);
            Some(quote! {
                #(#docs)* #[schemars(rename = #member)] #(#schemars)* #only
                #ident: ::core::option::Option<#ty>,
            })
        });
        let arms = self
            .arms
            .iter()
            .filter(|arm| self.tag.is_some() || arm.body.is_some())
            .map(|arm| {
                let text = self.name_of(arm);
                let member = self.member_of(arm);
                let experimental = arm.experimental.then(|| quote!(.experimental()));
                quote!(#core::union::Arm::new(#text, #member) #experimental)
            });
        let tag = match &self.tag {
            Some(tag) => quote!(::core::option::Option::Some(#tag)),
            None => quote!(::core::option::Option::None),
        };
        let cel = self.cel;
        let may_be_empty = self.tag.is_none() && self.arms.iter().any(|arm| arm.body.is_none());
        let shell = quote!(<Shell as #schemars::JsonSchema>::json_schema(generator));
        let schema = match &self.several {
            Some(_) => quote!(#core::schema::optional(#shell)),
            None => {
                quote!(#core::schema::union(#shell, #tag, &[#(#arms),*], #cel, #may_be_empty))
            }
        };
        quote! {
            #core::if_schema! {
                impl #schemars::JsonSchema for #name {
                    fn schema_name() -> ::std::borrow::Cow<'static, str> {
                        #schema_name.into()
                    }

                    #schema_id

                    fn json_schema(generator: &mut #schemars::SchemaGenerator) -> #schemars::Schema {
                        #[derive(#schemars::JsonSchema)]
                        #(#docs)*
                        #[schemars(crate = #crate_path)]
                        #(#attributes)*
                        #[allow(dead_code, non_snake_case)]
                        struct Shell {
                            #(#members)*
                        }
                        #schema
                    }
                }
            }
        }
    }
}
