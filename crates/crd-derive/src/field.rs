//! The fields of a struct: how each is read, written and put into the schema.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Error, Fields, GenericArgument, Ident, Path, PathArguments, Result, Type};

use crate::attributes::{self, Passed};
use crate::faults::Faults;
use crate::names::{Case, plain};

const KEYS: [&str; 8] = [
    "rename",
    "with",
    "required",
    "default",
    "keep",
    "embed",
    "rest",
    "experimental",
];

/// When a field may be absent, and when it is left out.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Mode {
    /// It must be there.
    Required,
    /// An `Option`: left out when `None`.
    Optional,
    /// A list or map: left out when empty.
    Collection,
    /// Absent is the default, and the default is left out.
    Default,
    /// Absent is the default, which is written like any other value.
    Kept,
    /// A union whose members stand beside the other fields.
    Embed,
    /// The same, or none of the members.
    EmbedOptional,
    /// A map of the members that no other field has.
    Rest,
}

pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// The type; without the `Option` for the modes that look into it.
    inner: Type,
    pub(crate) wire: String,
    pub(crate) mode: Mode,
    pub(crate) passed: Passed,
    pub(crate) experimental: bool,
    /// A module with functions `serialize` and `deserialize` for the value.
    with: Option<Path>,
}

/// The named fields of a struct; `skip` names one that the derive treats by itself.
pub(crate) fn read(fields: &Fields, case: Case, skip: Option<&str>) -> Result<Vec<Field>> {
    let mut read: Vec<Field> = Vec::new();
    let mut faults = Faults::default();
    for field in fields {
        let Some(ident) = &field.ident else {
            faults.add(Error::new_spanned(
                field,
                "fields need names, since members of JSON objects have them",
            ));
            continue;
        };
        if skip.is_some_and(|name| ident == name) {
            continue;
        }
        let Some(field) = faults.take(one(ident, field, case)) else {
            continue;
        };
        let twin = read
            .iter()
            .find(|other| other.wire == field.wire && other.has_name());
        if let Some(twin) = twin.filter(|_| field.has_name()) {
            let message = format!(
                "`{}` is `{}` in JSON, as is `{}`",
                field.ident, field.wire, twin.ident
            );
            faults.add(attributes::at(ident.span(), message));
        }
        let is_rest = |field: &Field| field.mode == Mode::Rest;
        if is_rest(&field) && read.iter().any(is_rest) {
            faults.add(attributes::at(
                ident.span(),
                "there is one rest: a second field would always be empty",
            ));
        }
        read.push(field);
    }
    faults.finish(read)
}

fn one(ident: &Ident, field: &syn::Field, case: Case) -> Result<Field> {
    let mut wire = case.of(ident);
    let mut with = None;
    let (mut required, mut default, mut keep, mut embed, mut rest, mut experimental) =
        (false, false, false, false, false, false);
    let passed = attributes::read(&field.attrs, "field", &KEYS, |key, meta| {
        match key {
            "rename" => wire = attributes::text(meta)?.value(),
            "with" => with = Some(attributes::value(meta)?),
            "required" => required = attributes::flag(meta)?,
            "default" => default = attributes::flag(meta)?,
            "keep" => keep = attributes::flag(meta)?,
            "embed" => embed = attributes::flag(meta)?,
            "rest" => rest = attributes::flag(meta)?,
            _ => experimental = attributes::flag(meta)?,
        }
        Ok(())
    })?;
    let shape = last_segment(&field.ty);
    let option = shape
        .as_ref()
        .filter(|(name, _)| name == "Option")
        .and_then(|(_, inner)| inner.clone());
    let collection = shape
        .as_ref()
        .is_some_and(|(name, _)| COLLECTIONS.contains(&name.as_str()));
    let is_map = shape
        .as_ref()
        .is_some_and(|(name, _)| MAPS.contains(&name.as_str()));
    let mode = match (required, default, keep, embed) {
        (false, false, false, false) if rest && is_map => Mode::Rest,
        _ if rest => {
            return Err(Error::new_spanned(
                &field.ty,
                "the rest is a map of values by name, such as `BTreeMap<String, serde_json::Value>`, and nothing else",
            ));
        }
        (true, false, false, false) => Mode::Required,
        (false, false, false, true) if option.is_some() => Mode::EmbedOptional,
        (false, false, false, true) if collection => {
            return Err(Error::new_spanned(
                &field.ty,
                "only a union, or an `Option` of one, can be embedded",
            ));
        }
        (false, false, false, true) => Mode::Embed,
        (false, _, true, false) if option.is_none() => Mode::Kept,
        (false, false, true, false) => {
            return Err(attributes::at(
                ident.span(),
                "`keep` is for values with a default; an `Option` says `None` by absence",
            ));
        }
        (false, true, false, false) if option.is_none() && !collection => Mode::Default,
        (false, _, false, false) if option.is_some() => Mode::Optional,
        (false, _, false, false) if collection => Mode::Collection,
        (false, false, false, false) => Mode::Required,
        _ => {
            return Err(attributes::at(
                ident.span(),
                "`required`, `default`/`keep` and `embed` exclude each other",
            ));
        }
    };
    let inner = match mode {
        Mode::Optional | Mode::EmbedOptional => option.unwrap_or_else(|| field.ty.clone()),
        _ => field.ty.clone(),
    };
    Ok(Field {
        ident: ident.clone(),
        inner,
        wire,
        mode,
        passed,
        experimental,
        with,
    })
}

/// Types that are left out when empty.
const COLLECTIONS: [&str; 7] = [
    "Vec", "BTreeMap", "BTreeSet", "HashMap", "HashSet", "IndexMap", "VecDeque",
];

/// Those of them that can hold the rest.
const MAPS: [&str; 3] = ["BTreeMap", "HashMap", "IndexMap"];

/// The last segment of a type's path, and its first type argument: `std::vec::Vec<T>` is `Vec` and `T`.
fn last_segment(ty: &Type) -> Option<(String, Option<Type>)> {
    let path = match ty {
        Type::Path(path) => path,
        Type::Group(group) => return last_segment(&group.elem),
        Type::Paren(paren) => return last_segment(&paren.elem),
        _ => return None,
    };
    let segment = path.path.segments.last()?;
    let argument = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty.clone()),
                _ => None,
            })
        }
        _ => None,
    };
    Some((plain(&segment.ident), argument))
}

impl Field {
    pub(crate) fn is_embedded(&self) -> bool {
        matches!(self.mode, Mode::Embed | Mode::EmbedOptional)
    }

    /// Whether it is one member, with a name of its own.
    pub(crate) fn has_name(&self) -> bool {
        !self.is_embedded() && self.mode != Mode::Rest
    }

    /// Whether a constructor must be given it.
    pub(crate) fn is_required(&self) -> bool {
        matches!(self.mode, Mode::Required | Mode::Embed)
    }

    pub(crate) fn is_optional(&self) -> bool {
        self.mode == Mode::Optional
    }

    /// The type a value has where there is one.
    pub(crate) fn inner(&self) -> &Type {
        &self.inner
    }

    /// The variable that collects the field.
    fn slot_name(&self) -> Ident {
        format_ident!("field_{}", plain(&self.ident))
    }

    /// Declares the variable.
    fn slot(&self, core: &TokenStream) -> TokenStream {
        let (slot, inner) = (self.slot_name(), &self.inner);
        if self.is_embedded() {
            quote!(let mut #slot = <<#inner as #core::union::Embedded>::Partial as ::core::default::Default>::default();)
        } else if self.mode == Mode::Rest {
            quote!(let mut #slot = <#inner as ::core::default::Default>::default();)
        } else {
            quote!(let mut #slot: ::core::option::Option<#inner> = ::core::option::Option::None;)
        }
    }

    /// The arm of `match key` that reads the member.
    fn arm(&self, core: &TokenStream) -> TokenStream {
        let (slot, wire, inner) = (self.slot_name(), &self.wire, &self.inner);
        let serde = quote!(#core::__private::serde);
        match (self.mode, &self.with) {
            (Mode::Embed | Mode::EmbedOptional | Mode::Rest, _) => TokenStream::new(),
            (mode, Some(path)) => {
                let read = match mode {
                    Mode::Required => {
                        quote!(::core::option::Option::Some(map.next_value::<Read>()?.0))
                    }
                    _ => quote!(
                        map.next_value::<::core::option::Option<Read>>()?
                            .map(|read| read.0)
                    ),
                };
                quote! {
                    #wire => {
                        struct Read(#inner);
                        impl<'de> #serde::Deserialize<'de> for Read {
                            fn deserialize<D: #serde::Deserializer<'de>>(
                                deserializer: D,
                            ) -> ::core::result::Result<Self, D::Error> {
                                ::core::result::Result::map(#path::deserialize(deserializer), Read)
                            }
                        }
                        #slot = #read;
                    }
                }
            }
            (Mode::Required, None) => {
                quote!(#wire => #slot = ::core::option::Option::Some(map.next_value::<#inner>()?),)
            }
            _ => quote!(#wire => #slot = map.next_value()?,),
        }
    }

    /// The condition under which the key was a member of the embedded union.
    fn embedded_arm(&self, core: &TokenStream) -> TokenStream {
        if !self.is_embedded() {
            return TokenStream::new();
        }
        let (slot, inner) = (self.slot_name(), &self.inner);
        quote! {
            if <#inner as #core::union::Embedded>::member(&mut #slot, &key, &mut map)? {
                continue;
            }
        }
    }

    /// The field of the struct's literal.
    fn value(&self, core: &TokenStream) -> TokenStream {
        let (ident, slot, wire, inner) = (&self.ident, self.slot_name(), &self.wire, &self.inner);
        let value = match self.mode {
            Mode::Required => quote!(#core::__private::present(#slot, #wire)?),
            Mode::Optional | Mode::Rest => quote!(#slot),
            Mode::Collection | Mode::Default | Mode::Kept => quote!(#slot.unwrap_or_default()),
            Mode::Embed => {
                quote!(#core::union::required(<#inner as #core::union::Embedded>::finish(#slot)?)?)
            }
            Mode::EmbedOptional => quote!(<#inner as #core::union::Embedded>::finish(#slot)?),
        };
        quote!(#ident: #value,)
    }

    /// Writes the field.
    fn write(&self, core: &TokenStream) -> TokenStream {
        let (ident, wire, inner) = (&self.ident, &self.wire, &self.inner);
        let written = |value: TokenStream| {
            let serde = quote!(#core::__private::serde);
            let (shell, value) = match &self.with {
                None => (None, value),
                Some(path) => {
                    let shell = quote! {
                        struct Written<'a>(&'a #inner);
                        impl #serde::Serialize for Written<'_> {
                            fn serialize<S: #serde::Serializer>(
                                &self,
                                serializer: S,
                            ) -> ::core::result::Result<S::Ok, S::Error> {
                                #path::serialize(self.0, serializer)
                            }
                        }
                    };
                    (Some(shell), quote!(&Written(#value)))
                }
            };
            quote!(#shell #serde::ser::SerializeMap::serialize_entry(&mut map, #wire, #value)?;)
        };
        let entry = written(quote!(&self.#ident));
        let inside = written(quote!(value));
        match self.mode {
            Mode::Required | Mode::Kept => quote!({ #entry }),
            Mode::Optional => quote! {
                if let ::core::option::Option::Some(value) = &self.#ident {
                    #inside
                }
            },
            Mode::Collection => quote!(if !self.#ident.is_empty() { #entry }),
            Mode::Default => quote! {
                if !#core::__private::is_default(&self.#ident) { #entry }
            },
            Mode::Embed => {
                quote!(<#inner as #core::union::Embedded>::write(&self.#ident, &mut map)?;)
            }
            Mode::EmbedOptional => quote! {
                if let ::core::option::Option::Some(value) = &self.#ident {
                    <#inner as #core::union::Embedded>::write(value, &mut map)?;
                }
            },
            Mode::Rest => {
                let serde = quote!(#core::__private::serde);
                quote! {
                    for (key, value) in &self.#ident {
                        #serde::ser::SerializeMap::serialize_entry(&mut map, key, value)?;
                    }
                }
            }
        }
    }
}

/// What a root reads before its fields.
#[derive(Default)]
pub(crate) struct Head {
    /// Declares the variable.
    pub(crate) declare: TokenStream,
    /// Reads a member of it, and goes on to the next.
    pub(crate) read: TokenStream,
    /// The field that comes of it.
    pub(crate) value: TokenStream,
}

/// The body of `visit_map`.
pub(crate) fn visit(name: &Ident, fields: &[Field], core: &TokenStream, head: Head) -> TokenStream {
    let slots = fields.iter().map(|field| field.slot(core));
    let arms: Vec<TokenStream> = fields.iter().map(|field| field.arm(core)).collect();
    let embedded: Vec<TokenStream> = fields
        .iter()
        .map(|field| field.embedded_arm(core))
        .collect();
    let values = fields.iter().map(|field| field.value(core));
    let unknown = match fields.iter().find(|field| field.mode == Mode::Rest) {
        Some(rest) => {
            let slot = rest.slot_name();
            quote!(#slot.insert(::std::string::String::from(&*key), map.next_value()?);)
        }
        None => quote!(map.next_value::<#core::__private::serde::de::IgnoredAny>()?;),
    };
    let Head {
        declare,
        read,
        value,
    } = head;
    quote! {
        #declare
        #(#slots)*
        while let ::core::option::Option::Some(key) = map.next_key::<#core::__private::Key<'de>>()? {
            #read
            match &*key {
                #(#arms)*
                _ => {
                    #(#embedded)*
                    #unknown
                }
            }
        }
        ::core::result::Result::Ok(#name { #value #(#values)* })
    }
}

/// Writes all fields into `map`.
pub(crate) fn write(fields: &[Field], core: &TokenStream) -> TokenStream {
    let fields = fields.iter().map(|field| field.write(core));
    quote!(#(#fields)*)
}
