#![doc = include_str!("../README.md")]

mod attributes;
mod faults;
mod field;
mod integer_enum;
mod names;
mod object;
mod resource;
mod schema;
mod string_enum;
mod union;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// A struct that is a JSON object; see the [crate's page](crate) for its attributes.
#[proc_macro_derive(Object, attributes(object, field, schemars, serde))]
pub fn derive_object(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    finish(object::derive(&input))
}

/// An enum whose value is one of an object's members; see the [crate's page](crate) for its attributes.
#[proc_macro_derive(Union, attributes(union, arm, schemars, serde))]
pub fn derive_union(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    finish(union::derive(&input))
}

/// The root struct of a kind, with all its versions; see the [crate's page](crate) for its attributes.
#[proc_macro_derive(Resource, attributes(resource, field, schemars, serde))]
pub fn derive_resource(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    finish(resource::derive(&input))
}

/// An enum of strings, closed or open; see the [crate's page](crate) for its attributes.
#[proc_macro_derive(StringEnum, attributes(string_enum, arm, schemars, serde))]
pub fn derive_string_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    finish(string_enum::derive(&input))
}

/// An enum of whole numbers; see the [crate's page](crate) for its attributes.
#[proc_macro_derive(IntegerEnum, attributes(integer_enum, serde))]
pub fn derive_integer_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    finish(integer_enum::derive(&input))
}

fn finish(written: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    written
        .unwrap_or_else(|error| error.into_compile_error())
        .into()
}
