//! How `resource!` and `object!` read their fields, and the code they share.

/// The length of `name` in camel case.
pub const fn camel_len(name: &str) -> usize {
    let bytes = name.as_bytes();
    let mut index = start(bytes);
    let mut length = 0;
    while index < bytes.len() {
        if bytes[index] != b'_' {
            length += 1;
        }
        index += 1;
    }
    length
}

/// `name`, a field's Rust name, in camel case; `N` is [`camel_len`] of it.
pub const fn camel<const N: usize>(name: &str) -> [u8; N] {
    let bytes = name.as_bytes();
    let mut out = [0; N];
    let mut index = start(bytes);
    let mut position = 0;
    let mut raise = false;
    while index < bytes.len() {
        if bytes[index] == b'_' {
            raise = position > 0;
        } else {
            out[position] = if raise {
                bytes[index].to_ascii_uppercase()
            } else {
                bytes[index]
            };
            raise = false;
            position += 1;
        }
        index += 1;
    }
    out
}

/// Skips the `r#` of a raw identifier.
const fn start(bytes: &[u8]) -> usize {
    if bytes.len() > 2 && bytes[0] == b'r' && bytes[1] == b'#' {
        2
    } else {
        0
    }
}

/// A field's Rust name as it stands in JSON.
#[doc(hidden)]
#[macro_export]
macro_rules! __camel {
    ($name:expr) => {{
        const LENGTH: usize = $crate::__private::camel_len($name);
        const BYTES: [u8; LENGTH] = $crate::__private::camel($name);
        match ::core::str::from_utf8(&BYTES) {
            Ok(name) => name,
            Err(_) => $name,
        }
    }};
}

/// Sorts the fields of a struct by how they are read and written, then calls `$then` with
/// `$head`, one group per field and the list of the required ones.
#[doc(hidden)]
#[macro_export]
macro_rules! __fields {
    // What one field has so far: [docs] [cfg] [schema attributes] [wire name] [mode]
    (@ $then:ident $head:tt $done:tt $req:tt [$($doc:tt)*] $cfg:tt $schema:tt $wire:tt $mode:tt #[doc = $d:expr] $($rest:tt)*) => {
        $crate::__fields! { @ $then $head $done $req [$($doc)* #[doc = $d]] $cfg $schema $wire $mode $($rest)* }
    };
    (@ $then:ident $head:tt $done:tt $req:tt $doc:tt [$($cfg:tt)*] $schema:tt $wire:tt $mode:tt #[cfg($($c:tt)*)] $($rest:tt)*) => {
        $crate::__fields! { @ $then $head $done $req $doc [$($cfg)* #[cfg($($c)*)]] $schema $wire $mode $($rest)* }
    };
    (@ $then:ident $head:tt $done:tt $req:tt $doc:tt $cfg:tt [$($schema:tt)*] $wire:tt $mode:tt #[field($w:literal)] $($rest:tt)*) => {
        $crate::__fields! { @ $then $head $done $req $doc $cfg [$($schema)* #[schemars(rename = $w)]] [$w] $mode $($rest)* }
    };
    (@ $then:ident $head:tt $done:tt $req:tt $doc:tt $cfg:tt [$($schema:tt)*] $wire:tt $mode:tt #[schemars($($s:tt)*)] $($rest:tt)*) => {
        $crate::__fields! { @ $then $head $done $req $doc $cfg [$($schema)* #[schemars($($s)*)]] $wire $mode $($rest)* }
    };
    (@ $then:ident $head:tt $done:tt $req:tt $doc:tt $cfg:tt [$($schema:tt)*] $wire:tt [] #[embed] $($rest:tt)*) => {
        $crate::__fields! { @ $then $head $done $req $doc $cfg [$($schema)* #[schemars(skip)]] $wire [embed] $($rest)* }
    };
    (@ $then:ident $head:tt $done:tt $req:tt $doc:tt $cfg:tt $schema:tt $wire:tt [] #[required] $($rest:tt)*) => {
        $crate::__fields! { @ $then $head $done $req $doc $cfg $schema $wire [required] $($rest)* }
    };
    // The field itself.
    (@ $then:ident $head:tt $done:tt $req:tt $doc:tt $cfg:tt $schema:tt [] $mode:tt $vis:vis $name:ident : $($rest:tt)*) => {
        $crate::__fields! { @ $then $head $done $req $doc $cfg $schema [$crate::__camel!(stringify!($name))] $mode $vis $name : $($rest)* }
    };
    (@ $then:ident $head:tt [$($done:tt)*] $req:tt $doc:tt $cfg:tt $schema:tt [$($wire:tt)*] [embed] $vis:vis $name:ident : Option<$t:ty> $(, $($rest:tt)*)?) => {
        $crate::__fields! { @ $then $head [$($done)* { $doc $cfg $schema $vis $name ($($wire)*) embed_optional [$t] [Option<$t>] }] $req [] [] [] [] [] $($($rest)*)? }
    };
    (@ $then:ident $head:tt [$($done:tt)*] [$($req:tt)*] $doc:tt $cfg:tt $schema:tt [$($wire:tt)*] [embed] $vis:vis $name:ident : $t:ty $(, $($rest:tt)*)?) => {
        $crate::__fields! { @ $then $head [$($done)* { $doc $cfg $schema $vis $name ($($wire)*) embed [$t] [$t] }] [$($req)* ($name [$t])] [] [] [] [] [] $($($rest)*)? }
    };
    (@ $then:ident $head:tt [$($done:tt)*] [$($req:tt)*] $doc:tt $cfg:tt $schema:tt [$($wire:tt)*] [required] $vis:vis $name:ident : $t:ty $(, $($rest:tt)*)?) => {
        $crate::__fields! { @ $then $head [$($done)* { $doc $cfg $schema $vis $name ($($wire)*) required [$t] [$t] }] [$($req)* ($name [$t])] [] [] [] [] [] $($($rest)*)? }
    };
    (@ $then:ident $head:tt [$($done:tt)*] $req:tt $doc:tt $cfg:tt $schema:tt [$($wire:tt)*] [] $vis:vis $name:ident : Option<$t:ty> $(, $($rest:tt)*)?) => {
        $crate::__fields! { @ $then $head [$($done)* { $doc $cfg $schema $vis $name ($($wire)*) optional [$t] [Option<$t>] }] $req [] [] [] [] [] $($($rest)*)? }
    };
    (@ $then:ident $head:tt [$($done:tt)*] $req:tt $doc:tt $cfg:tt $schema:tt [$($wire:tt)*] [] $vis:vis $name:ident : Vec<$t:ty> $(, $($rest:tt)*)?) => {
        $crate::__fields! { @ $then $head [$($done)* { $doc $cfg $schema $vis $name ($($wire)*) collection [Vec<$t>] [Vec<$t>] }] $req [] [] [] [] [] $($($rest)*)? }
    };
    (@ $then:ident $head:tt [$($done:tt)*] $req:tt $doc:tt $cfg:tt $schema:tt [$($wire:tt)*] [] $vis:vis $name:ident : BTreeMap<$k:ty, $v:ty> $(, $($rest:tt)*)?) => {
        $crate::__fields! { @ $then $head [$($done)* { $doc $cfg $schema $vis $name ($($wire)*) collection [BTreeMap<$k, $v>] [BTreeMap<$k, $v>] }] $req [] [] [] [] [] $($($rest)*)? }
    };
    (@ $then:ident $head:tt [$($done:tt)*] [$($req:tt)*] $doc:tt $cfg:tt $schema:tt [$($wire:tt)*] [] $vis:vis $name:ident : $t:ty $(, $($rest:tt)*)?) => {
        $crate::__fields! { @ $then $head [$($done)* { $doc $cfg $schema $vis $name ($($wire)*) required [$t] [$t] }] [$($req)* ($name [$t])] [] [] [] [] [] $($($rest)*)? }
    };
    (@ $then:ident $head:tt $done:tt $req:tt [] [] [] [] []) => {
        $crate::$then! { @fields $head $done $req }
    };
    ($then:ident $head:tt { $($body:tt)* }) => {
        $crate::__fields! { @ $then $head [] [] [] [] [] [] [] $($body)* }
    };
}

/// The variable that collects one field while an object is read.
#[doc(hidden)]
#[macro_export]
macro_rules! __field_slot {
    (embed [$t:ty]) => {
        <<$t as $crate::union::Embedded>::Partial as ::core::default::Default>::default()
    };
    (embed_optional [$t:ty]) => {
        <<$t as $crate::union::Embedded>::Partial as ::core::default::Default>::default()
    };
    ($mode:ident [$t:ty]) => {
        ::core::option::Option::<$t>::None
    };
}

/// Reads one member into its variable if the key is that of the field: true if it was.
#[doc(hidden)]
#[macro_export]
macro_rules! __field_read {
    (embed [$t:ty] $slot:ident $key:ident $map:ident ($wire:expr)) => {
        <$t as $crate::union::Embedded>::member(&mut $slot, &$key, &mut $map)?
    };
    (embed_optional [$t:ty] $slot:ident $key:ident $map:ident ($wire:expr)) => {
        <$t as $crate::union::Embedded>::member(&mut $slot, &$key, &mut $map)?
    };
    (required [$t:ty] $slot:ident $key:ident $map:ident ($wire:expr)) => {{
        const WIRE: &str = $wire;
        *$key == *WIRE && {
            $slot = ::core::option::Option::Some($map.next_value::<$t>()?);
            true
        }
    }};
    ($mode:ident [$t:ty] $slot:ident $key:ident $map:ident ($wire:expr)) => {{
        const WIRE: &str = $wire;
        *$key == *WIRE && {
            $slot = $map.next_value::<::core::option::Option<$t>>()?;
            true
        }
    }};
}

/// The field's value once all members are read.
#[doc(hidden)]
#[macro_export]
macro_rules! __field_value {
    (embed [$t:ty] $slot:ident ($wire:expr)) => {
        $crate::union::required(<$t as $crate::union::Embedded>::finish($slot)?)?
    };
    (embed_optional [$t:ty] $slot:ident ($wire:expr)) => {
        <$t as $crate::union::Embedded>::finish($slot)?
    };
    (required [$t:ty] $slot:ident ($wire:expr)) => {
        match $slot {
            ::core::option::Option::Some(value) => value,
            ::core::option::Option::None => {
                const WIRE: &str = $wire;
                return Err($crate::__private::serde::de::Error::missing_field(WIRE));
            }
        }
    };
    (optional [$t:ty] $slot:ident ($wire:expr)) => {
        $slot
    };
    (collection [$t:ty] $slot:ident ($wire:expr)) => {
        $slot.unwrap_or_default()
    };
}

/// Writes one field.
#[doc(hidden)]
#[macro_export]
macro_rules! __field_write {
    (embed [$t:ty] $value:expr, $map:ident ($wire:expr)) => {
        <$t as $crate::union::Embedded>::write($value, &mut $map)?
    };
    (embed_optional [$t:ty] $value:expr, $map:ident ($wire:expr)) => {
        if let ::core::option::Option::Some(value) = $value {
            <$t as $crate::union::Embedded>::write(value, &mut $map)?;
        }
    };
    (required [$t:ty] $value:expr, $map:ident ($wire:expr)) => {{
        const WIRE: &str = $wire;
        $map.serialize_entry(WIRE, $value)?;
    }};
    (optional [$t:ty] $value:expr, $map:ident ($wire:expr)) => {
        if let ::core::option::Option::Some(value) = $value {
            const WIRE: &str = $wire;
            $map.serialize_entry(WIRE, value)?;
        }
    };
    (collection [$t:ty] $value:expr, $map:ident ($wire:expr)) => {
        if !$value.is_empty() {
            const WIRE: &str = $wire;
            $map.serialize_entry(WIRE, $value)?;
        }
    };
}

/// What a constructor puts into one field.
#[doc(hidden)]
#[macro_export]
macro_rules! __field_init {
    (optional $name:ident) => {
        ::core::option::Option::None
    };
    (embed_optional $name:ident) => {
        ::core::option::Option::None
    };
    (collection $name:ident) => {
        ::core::default::Default::default()
    };
    ($mode:ident $name:ident) => {
        $name
    };
}

/// The type of one field in the struct that the schema is derived from.
#[doc(hidden)]
#[macro_export]
macro_rules! __field_type {
    (embed [$t:ty]) => {
        ()
    };
    (embed_optional [$t:ty]) => {
        ()
    };
    (required [$t:ty]) => {
        $t
    };
    ($mode:ident [$t:ty]) => {
        ::core::option::Option<$t>
    };
}

/// Adds the members of an embedded union to the schema of its struct, and the names of required
/// fields to their list.
#[doc(hidden)]
#[macro_export]
macro_rules! __field_schema {
    ($schema:ident $generator:ident embed [$t:ty] ($wire:expr)) => {
        $crate::schema::embed(
            &mut $schema,
            <$t as ::schemars::JsonSchema>::json_schema($generator),
            true,
        )
    };
    ($schema:ident $generator:ident embed_optional [$t:ty] ($wire:expr)) => {
        $crate::schema::embed(
            &mut $schema,
            <$t as ::schemars::JsonSchema>::json_schema($generator),
            false,
        )
    };
    ($schema:ident $generator:ident required [$t:ty] ($wire:expr)) => {{
        const WIRE: &str = $wire;
        $crate::schema::require(&mut $schema, WIRE)
    }};
    ($schema:ident $generator:ident $mode:ident [$t:ty] ($wire:expr)) => {};
}

#[cfg(test)]
mod tests {
    #[test]
    fn camel_case_follows_serde() {
        assert_eq!(crate::__camel!("spec"), "spec");
        assert_eq!(crate::__camel!("fixed_delay"), "fixedDelay");
        assert_eq!(crate::__camel!("r#type"), "type");
        assert_eq!(crate::__camel!("a_b_c1"), "aBC1");
    }
}
