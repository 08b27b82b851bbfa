//! Maps whose keys are port numbers. In JSON keys are strings, so the numbers are written as such.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// Writes the ports as strings.
pub(crate) fn serialize<T: Serialize, S: Serializer>(
    ports: &BTreeMap<u16, T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(ports.len()))?;
    for (port, value) in ports {
        map.serialize_entry(&port.to_string(), value)?;
    }
    map.end()
}

/// Reads the ports from strings in the plain decimal form that [`serialize`] writes.
pub(crate) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<u16, T>, D::Error> {
    struct Ports<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Ports<T> {
        type Value = BTreeMap<u16, T>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a map with port numbers as keys")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut ports = BTreeMap::new();
            while let Some(key) = map.next_key::<String>()? {
                let value = map.next_value()?;
                match key.parse::<u16>() {
                    Ok(port) if port.to_string() == key => {
                        ports.insert(port, value);
                    }
                    _ => {
                        return Err(de::Error::custom(format_args!(
                            "`{key}` is no port number; allowed are 1 to 65535, as strings of digits"
                        )));
                    }
                }
            }
            Ok(ports)
        }
    }

    deserializer.deserialize_map(Ports(PhantomData))
}
