//! `#[derive(Resource)]`.

mod attribute;
mod older;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, Ident, Result};

use self::attribute::{Declaration, Served};
use crate::faults::Faults;
use crate::field::{self, Field, Head};
use crate::names::Case;
use crate::object::{self, Root};
use crate::schema;

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let mut faults = Faults::default();
    let declaration = faults.take(Declaration::read(input));
    let fields = faults.take(fields(input)).unwrap_or_default();
    if let Some(parameter) = input.generics.params.first() {
        let message = "a `Resource` has no generic parameters: its kind names one type";
        faults.add(Error::new_spanned(parameter, message));
    }
    let Some(declaration) = faults.finish(declaration)? else {
        return Ok(TokenStream::new());
    };
    let root = Written {
        name: &input.ident,
        declaration: &declaration,
        fields: &fields,
    };
    let (own, traits, serde) = (root.own(), root.traits(), root.serde());
    let schema = root.schema();
    let older = declaration
        .older
        .iter()
        .filter(|older| older.declared.is_none());
    let older = older
        .map(|older| older::module(input, &declaration, older))
        .collect::<Result<Vec<_>>>()?;
    Ok(quote! {
        const _: () = { #own #traits #serde #schema };
        #(#older)*
    })
}

/// The fields beside `metadata`.
fn fields(input: &DeriveInput) -> Result<Vec<Field>> {
    let members = object::members(input, "Resource")?;
    let mut faults = Faults::default();
    if !members
        .iter()
        .any(|field| field.ident.as_ref().is_some_and(|name| name == "metadata"))
    {
        let message = "a root object has metadata: add `pub metadata: ObjectMeta`";
        faults.add(Error::new_spanned(&input.ident, message));
    }
    let fields = faults.take(field::read(members, Case::Camel, Some("metadata")));
    faults.finish(fields.unwrap_or_default())
}

struct Written<'a> {
    name: &'a Ident,
    declaration: &'a Declaration,
    fields: &'a [Field],
}

impl Written<'_> {
    /// The constructor, and what is changed in a chain behind it.
    fn own(&self) -> TokenStream {
        let (name, core, kind) = (self.name, &self.declaration.core, &self.declaration.kind);
        let taken = |field: &&Field| field.is_required() || field.wire == "spec";
        let parameters = self.fields.iter().filter(taken).map(|field| {
            let (ident, ty) = (&field.ident, field.inner());
            quote!(#ident: #ty)
        });
        let values = self.fields.iter().map(|field| {
            let ident = &field.ident;
            let value = match (taken(&field), field.is_optional()) {
                (true, false) => quote!(#ident),
                (true, true) => quote!(#ident: ::core::option::Option::Some(#ident)),
                (false, _) => quote!(#ident: ::core::default::Default::default()),
            };
            quote!(#value,)
        });
        let what = format!(
            "A `{}` of this name with the given content and nothing else.",
            kind.value()
        );
        let in_namespace = self.declaration.namespaced.then(|| {
            quote! {
                /// The same object in this namespace.
                #[must_use]
                pub fn in_namespace(mut self, namespace: impl ::core::convert::Into<::std::string::String>) -> Self {
                    self.metadata.namespace = ::core::option::Option::Some(namespace.into());
                    self
                }
            }
        });
        quote! {
            impl #name {
                #[doc = #what]
                pub fn new(name: impl ::core::convert::Into<::std::string::String> #(, #parameters)*) -> Self {
                    Self {
                        metadata: #core::__private::named(name.into()),
                        #(#values)*
                    }
                }

                #in_namespace

                /// The same object with this label; an earlier value of the key is replaced.
                #[must_use]
                pub fn with_label(
                    mut self,
                    key: impl ::core::convert::Into<::std::string::String>,
                    value: impl ::core::convert::Into<::std::string::String>,
                ) -> Self {
                    #core::__private::label(&mut self.metadata, key.into(), value.into());
                    self
                }

                /// The same object with this annotation; an earlier value of the key is replaced.
                #[must_use]
                pub fn with_annotation(
                    mut self,
                    key: impl ::core::convert::Into<::std::string::String>,
                    value: impl ::core::convert::Into<::std::string::String>,
                ) -> Self {
                    #core::__private::annotate(&mut self.metadata, key.into(), value.into());
                    self
                }
            }
        }
    }

    /// What the cluster's clients and crd-core ask of a root.
    fn traits(&self) -> TokenStream {
        let (name, declaration) = (self.name, self.declaration);
        let Declaration {
            core,
            group,
            version,
            kind,
            plural,
            ..
        } = declaration;
        let openapi = quote!(#core::__private::k8s_openapi);
        let api_version = format!("{}/{}", group.value(), version.value());
        let scope = if declaration.namespaced {
            quote!(NamespaceResourceScope)
        } else {
            quote!(ClusterResourceScope)
        };
        let info = declaration.info();
        let versions = self.versions();
        quote! {
            impl #openapi::Resource for #name {
                const API_VERSION: &'static str = #api_version;
                const GROUP: &'static str = #group;
                const KIND: &'static str = #kind;
                const VERSION: &'static str = #version;
                const URL_PATH_SEGMENT: &'static str = #plural;
                type Scope = #openapi::#scope;
            }

            impl #openapi::Metadata for #name {
                type Ty = #core::__private::ObjectMeta;

                fn metadata(&self) -> &Self::Ty {
                    &self.metadata
                }

                fn metadata_mut(&mut self) -> &mut Self::Ty {
                    &mut self.metadata
                }
            }

            impl #core::Kind for #name {
                const INFO: #core::KindInfo = #info;
            }

            impl #core::Declared for #name {
                // Compiled where it is called: it names all code that reads the kind.
                #[inline]
                fn versions() -> ::std::vec::Vec<#core::Version> {
                    #versions
                }
            }
        }
    }

    fn versions(&self) -> TokenStream {
        let Declaration { core, version, .. } = self.declaration;
        let stored = self
            .declaration
            .stored
            .as_ref()
            .map_or_else(|| version.value(), syn::LitStr::value);
        let one = |ty: TokenStream, version: &syn::LitStr, served: Served| {
            let served = match served {
                Served::Always => TokenStream::new(),
                Served::Never => quote!(.not_served()),
                Served::Experimental => quote!(.served_in_experimental()),
            };
            let stored = (version.value() == stored).then(|| quote!(.stored()));
            quote!(#core::Version::of::<#ty>() #served #stored)
        };
        let name = self.name;
        let own = one(quote!(#name), version, self.declaration.served);
        let older = self.declaration.older.iter().map(|older| {
            let ty = match &older.declared {
                Some(path) => quote!(#path),
                None => {
                    let module = older::module_name(name, older);
                    quote!(#module::#name)
                }
            };
            one(ty, &older.version, older.served)
        });
        quote!(::std::vec![#own #(, #older)*])
    }

    fn serde(&self) -> TokenStream {
        let (name, core) = (self.name, &self.declaration.core);
        let openapi = quote!(#core::__private::k8s_openapi);
        let serde = quote!(#core::__private::serde);
        let root = Root {
            head: Head {
                declare: quote!(let mut head = #core::__private::Head::<#name>::new();),
                read: quote!(if head.member(&key, &mut map)? {
                    continue;
                }),
                value: quote!(metadata: head.finish()?,),
            },
            write: quote! {
                #serde::ser::SerializeMap::serialize_entry(&mut map, "apiVersion", <Self as #openapi::Resource>::API_VERSION)?;
                #serde::ser::SerializeMap::serialize_entry(&mut map, "kind", <Self as #openapi::Resource>::KIND)?;
                #serde::ser::SerializeMap::serialize_entry(&mut map, "metadata", &self.metadata)?;
            },
        };
        let expecting = format!("an object of kind {}", self.declaration.kind.value());
        object::serde_impls(
            name,
            &syn::Generics::default(),
            self.fields,
            core,
            &expecting,
            root,
        )
    }

    fn schema(&self) -> TokenStream {
        if !schema::WANTED {
            return TokenStream::new();
        }
        let (name, declaration) = (self.name, self.declaration);
        let core = &declaration.core;
        let schema = schema::of_struct(
            name,
            &declaration.kind.value(),
            &syn::Generics::default(),
            &declaration.passed,
            self.fields,
            core,
            schema::Kind::Root,
        );
        quote! {
            #schema

            #core::if_schema! {
                impl #core::crd::CrdVersion for #name {
                    fn schema(
                        generator: &mut #core::__private::schemars::SchemaGenerator,
                    ) -> #core::__private::schemars::Schema {
                        <Self as #core::__private::schemars::JsonSchema>::json_schema(generator)
                    }
                }

                impl #name {
                    /// The CustomResourceDefinition of the kind, with the versions that are declared with this type, as
                    /// the experimental channel has it where there are channels.
                    pub fn crd() -> #core::crd::CustomResourceDefinition {
                        #core::crd::Definition::of::<Self>().build()
                    }
                }
            }
        }
    }
}
