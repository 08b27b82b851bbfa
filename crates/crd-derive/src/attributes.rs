//! What stands in the attributes: each key is taken once, unknown keys are refused with the nearest known one.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::meta::ParseNestedMeta;
use syn::parse::Parse;
use syn::{
    Attribute, Error, Expr, ExprLit, Lit, LitBool, LitStr, Meta, MetaNameValue, Path, Result, Token,
};

use crate::faults::Faults;
use crate::names::unknown;

/// Attributes that are passed on as they are, to the struct that schemars sees.
#[derive(Default, Clone)]
pub(crate) struct Passed {
    pub(crate) docs: Vec<Attribute>,
    pub(crate) schemars: Vec<Attribute>,
}

impl Passed {
    /// The documentation up to its first code block, as a description for people who read the definition.
    pub(crate) fn description(&self) -> Vec<Attribute> {
        let mut lines: Vec<Attribute> = self
            .docs
            .iter()
            .take_while(|line| !doc_text(line).trim_start().starts_with("```"))
            .cloned()
            .collect();
        while lines
            .last()
            .is_some_and(|line| doc_text(line).trim().is_empty())
        {
            lines.pop();
        }
        lines
    }
}

/// The text of one line of documentation; empty where it is not written as a text.
pub(crate) fn doc_text(attribute: &Attribute) -> String {
    match &attribute.meta {
        Meta::NameValue(MetaNameValue {
            value:
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }),
            ..
        }) => text.value(),
        _ => String::new(),
    }
}

/// Hands every key of the attributes called `name` to `take`, which answers whether it knows the key, and collects what is
/// passed on.
pub(crate) fn read(
    attributes: &[Attribute],
    name: &str,
    known: &[&str],
    mut take: impl FnMut(&str, &ParseNestedMeta<'_>) -> Result<()>,
) -> Result<Passed> {
    let mut passed = Passed::default();
    let mut seen: Vec<String> = Vec::new();
    let mut faults = Faults::default();
    for attribute in attributes {
        let path = attribute.path();
        if path.is_ident("doc") {
            passed.docs.push(attribute.clone());
        } else if path.is_ident("schemars") {
            passed.schemars.push(attribute.clone());
        } else if path.is_ident("serde") {
            faults.add(not_serde(attribute, name));
        } else if path.is_ident(name) {
            let read = attribute.parse_nested_meta(|meta| {
                let key = meta.path.to_token_stream().to_string();
                let taken = if !known.contains(&key.as_str()) {
                    Err(meta.error(unknown(&format!("key of `{name}`"), &key, known)))
                } else if key != "older" && seen.contains(&key) {
                    Err(meta.error(format!("`{key}` is given twice")))
                } else {
                    take(&key, &meta)
                };
                seen.push(key);
                if let Err(error) = taken {
                    faults.add(error);
                    // On to the next key, which may be wrong too.
                    while !meta.input.is_empty() && !meta.input.peek(Token![,]) {
                        meta.input.parse::<TokenTree>()?;
                    }
                }
                Ok(())
            });
            faults.take(read);
        }
    }
    faults.finish(passed)
}

fn not_serde(attribute: &Attribute, name: &str) -> Error {
    Error::new_spanned(
        attribute,
        format!(
            "this derive writes the serde code itself: names are camelCase and what is empty is left out; \
             for another name write `#[{name}({})]`",
            match name {
                "field" | "arm" => "rename = \"...\"",
                _ => "rename_all = \"...\"",
            }
        ),
    )
}

/// The text of `key = "text"`.
pub(crate) fn text(meta: &ParseNestedMeta<'_>) -> Result<LitStr> {
    meta.value()?.parse()
}

/// A value of any grammar: `key = value`.
pub(crate) fn value<T: Parse>(meta: &ParseNestedMeta<'_>) -> Result<T> {
    meta.value()?.parse()
}

/// `key`, or `key = true`, or `key = false`.
pub(crate) fn flag(meta: &ParseNestedMeta<'_>) -> Result<bool> {
    if !meta.input.peek(Token![=]) {
        return Ok(true);
    }
    Ok(meta.value()?.parse::<LitBool>()?.value)
}

/// `key = [item, ...]`.
pub(crate) fn list<T: Parse>(meta: &ParseNestedMeta<'_>) -> Result<Vec<T>> {
    let value = meta.value()?;
    let content;
    syn::bracketed!(content in value);
    let items = content.parse_terminated(T::parse, Token![,])?;
    Ok(items.into_iter().collect())
}

/// The crate whose `__private` module the output calls: `crate = path`, otherwise crd-core itself.
pub(crate) fn core(given: Option<Path>) -> TokenStream {
    given.map_or_else(|| quote!(::crd_core), ToTokens::into_token_stream)
}

/// An error at a name.
pub(crate) fn at(span: Span, message: impl std::fmt::Display) -> Error {
    Error::new(span, message)
}
