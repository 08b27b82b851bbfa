//! Objects of the model as types, read from the value that the model holds.
//!
//! Nearly every object can be read at once. One that cannot is read again by [`crd_core::parse`], which forgives what a server
//! forgives and says all that is wrong with the rest.

use std::fmt;

use crd_core::parse::{self, ParseError};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess,
    VariantAccess, Visitor, value::BorrowedStrDeserializer,
};
use serde::forward_to_deserialize_any;
use stack_model::kube_value::Members;
use stack_model::{Entry, Value};

/// The object as a `T`, as [`parse::lenient`] reads it.
///
/// # Errors
/// All that a server would say against it.
pub(crate) fn read<T: DeserializeOwned>(object: &Entry) -> Result<T, ParseError> {
    at_once(object.value()).or_else(|_| parse::lenient(&object.value().to_json()))
}

fn at_once<T: DeserializeOwned>(value: &Value) -> Result<T, Refused> {
    T::deserialize(Held(value))
}

/// That something is not as the type has it. What that is, is asked in another way.
#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not of this type")
    }
}

impl std::error::Error for Refused {}

impl serde::de::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// A value to be read, as an API server reads it: a list is never taken for a struct.
#[derive(Clone, Copy)]
struct Held<'de>(&'de Value);

impl<'de> Held<'de> {
    fn visit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (.., Some(number)) => visitor.visit_f64(number),
                _ => Err(Refused),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => {
                let mut items = Items(items.iter());
                let value = visitor.visit_seq(&mut items)?;
                match items.0.len() {
                    0 => Ok(value),
                    _ => Err(Refused),
                }
            }
            Value::Object(members) => visitor.visit_map(Rest {
                members: members.iter(),
                current: None,
            }),
        }
    }
}

impl<'de> Deserializer<'de> for Held<'de> {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.visit(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        match self.0 {
            Value::Array(_) => Err(Refused),
            _ => self.visit(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(Variant { name, body: None }),
            Value::Object(members) => {
                let mut members = members.iter();
                match (members.next(), members.next()) {
                    (Some((name, body)), None) => visitor.visit_enum(Variant {
                        name,
                        body: Some(body),
                    }),
                    _ => Err(Refused),
                }
            }
            _ => Err(Refused),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map identifier
    }
}

/// The items of a list that are still to be read.
struct Items<'de>(std::slice::Iter<'de, Value>);

impl<'de> SeqAccess<'de> for &mut Items<'de> {
    type Error = Refused;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refused> {
        let next = self.0.next();
        next.map(|value| seed.deserialize(Held(value))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// The members of an object that are still to be read.
struct Rest<'de> {
    members: Members<'de>,
    current: Option<&'de Value>,
}

impl<'de> MapAccess<'de> for Rest<'de> {
    type Error = Refused;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refused> {
        let Some((key, value)) = self.members.next() else {
            return Ok(None);
        };
        self.current = Some(value);
        seed.deserialize(BorrowedStrDeserializer::new(key))
            .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refused> {
        let value = self.current.take();
        seed.deserialize(Held(value.ok_or(Refused)?))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.members.len())
    }
}

/// One variant of an enum, by name, with its body where it has one.
struct Variant<'de> {
    name: &'de str,
    body: Option<&'de Value>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Refused;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Refused> {
        let name = seed.deserialize(BorrowedStrDeserializer::new(self.name))?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Refused;

    fn unit_variant(self) -> Result<(), Refused> {
        match self.body {
            None => Ok(()),
            Some(_) => Err(Refused),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Refused> {
        seed.deserialize(Held(self.body.ok_or(Refused)?))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Refused> {
        match self.body {
            Some(body @ Value::Array(_)) => Held(body).visit(visitor),
            _ => Err(Refused),
        }
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        let body = Held(self.body.ok_or(Refused)?);
        body.deserialize_struct("", fields, visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use cilium_types::v2::CiliumNetworkPolicy;
    use istio_types::security::v1::AuthorizationPolicy;
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    use super::*;

    /// What is read at once is what the whole way reads; says whether it was.
    fn agree<T: DeserializeOwned + PartialEq + Debug>(json: &Json) -> bool {
        match at_once::<T>(&json.into()) {
            Ok(read) => {
                assert_eq!(Ok(read), parse::lenient(json), "{json}");
                true
            }
            Err(Refused) => false,
        }
    }

    fn policy(ports: &Json) -> Json {
        json!({
            "apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": {"name": "web", "namespace": "demo"},
            "spec": {
                "endpointSelector": {"matchLabels": {"app": "web"}},
                "ingress": [{
                    "fromEndpoints": [{"matchLabels": {"app": "web"}}],
                    "toPorts": [ports],
                }],
                "egress": [{"toEntities": ["world"], "toFQDNs": [{"matchName": "example.com"}]}],
            },
        })
    }

    fn authorization(from: &Json) -> Json {
        json!({
            "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy", "metadata": {"name": "web", "namespace": "demo"},
            "spec": {"selector": {"matchLabels": {"app": "web"}}, "action": "ALLOW", "rules": [{"from": [from]}]},
        })
    }

    #[test]
    fn policies_are_read_at_once() {
        let ports = json!({"ports": [{"port": "80", "protocol": "TCP"}], "rules": {"http": [{"method": "GET", "path": "/a"}]}});
        assert!(agree::<CiliumNetworkPolicy>(&policy(&ports)));
        let from = json!({"source": {"principals": ["cluster.local/ns/demo/sa/web"]}});
        assert!(agree::<AuthorizationPolicy>(&authorization(&from)));
    }

    #[test]
    fn what_a_server_would_not_take_is_not_read_at_once() {
        let both = json!({"rules": {"http": [], "kafka": []}});
        for ports in [
            json!([]),
            json!({"ports": "80"}),
            json!({"ports": null}),
            both,
        ] {
            agree::<CiliumNetworkPolicy>(&policy(&ports));
        }
        assert!(!agree::<CiliumNetworkPolicy>(&policy(&json!([]))));
        assert!(!agree::<AuthorizationPolicy>(&policy(&json!({}))));
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i32>().prop_map(Json::from),
            any::<f64>().prop_map(Json::from),
            "(80|TCP|GET|/a|world|web|\\PC{0,3})".prop_map(Json::from),
        ];
        let key = "(ports|port|protocol|rules|http|method|path|endPort|source|principals|namespaces|ipBlocks|x)";
        leaf.prop_recursive(5, 40, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
                prop::collection::btree_map(key, inner, 0..4)
                    .prop_map(|members| members.into_iter().collect::<Json>()),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_is_read_at_once_is_read_right(part in any_json()) {
            agree::<CiliumNetworkPolicy>(&policy(&part));
            agree::<AuthorizationPolicy>(&authorization(&part));
        }
    }
}
