//! ConfigMaps and Secrets.

use crate::value::Value;

use super::super::faults::Faults;
use super::super::node::Node;
use super::super::text;
use crate::format::base64_decode;

/// The bytes of all values together.
const MOST: usize = 1024 * 1024;

pub(in super::super) fn config_map(object: &Node<'_, '_>, out: &mut Faults) {
    let (data, binary) = (object.get("data"), object.get("binaryData"));
    let mut size = 0;
    for (key, value) in data.entries() {
        text::config_key(value.path, key, out);
        if binary.value.get(key).is_some() {
            out.invalid(value.path, format!("\"{key}\" is in binaryData too"));
        }
        size += value.str().len();
    }
    for (key, value) in binary.entries() {
        text::config_key(value.path, key, out);
        size += decoded_length(value.str());
    }
    if size > MOST {
        out.invalid(
            object.path,
            format!("must have at most {MOST} bytes in all, has {size}"),
        );
    }
}

fn decoded_length(text: &str) -> usize {
    let digits = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\n' | b'\r' | b'='))
        .count();
    digits * 3 / 4
}

pub(in super::super) fn secret(object: &Node<'_, '_>, out: &mut Faults) {
    // The server has moved the texts to the data by now.
    let data = object.get("data");
    let mut size = 0;
    for (key, value) in data.entries() {
        text::config_key(value.path, key, out);
        size += decoded_length(value.str());
    }
    if size > MOST {
        out.invalid(
            data.path,
            format!("must have at most {MOST} bytes in all, has {size}"),
        );
    }
    let required = |keys: &[&str], out: &mut Faults| {
        for key in keys {
            if data.value.get(key).is_none() {
                out.required(data.path.key(key));
            }
        }
    };
    match object.text("type") {
        "kubernetes.io/service-account-token" => {
            let key = "kubernetes.io/service-account.name";
            if object
                .at(&["metadata", "annotations", key])
                .as_str()
                .unwrap_or_default()
                .is_empty()
            {
                let metadata = object.get("metadata");
                let annotations = metadata.get("annotations");
                out.required(annotations.path.key(key));
            }
        }
        "kubernetes.io/dockercfg" => json(&data, ".dockercfg", out),
        "kubernetes.io/dockerconfigjson" => json(&data, ".dockerconfigjson", out),
        "kubernetes.io/basic-auth"
            if data.value.get("username").is_none() && data.value.get("password").is_none() =>
        {
            required(&["password", "username"], out);
        }
        "kubernetes.io/ssh-auth"
            if data
                .value
                .get("ssh-privatekey")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .is_empty() =>
        {
            out.required(data.path.key("ssh-privatekey"));
        }
        "kubernetes.io/tls" => required(&["tls.crt", "tls.key"], out),
        _ => {}
    }
}

fn json(data: &Node<'_, '_>, key: &str, out: &mut Faults) {
    let path = data.path.key(key);
    let Some(text) = data.value.get(key).and_then(Value::as_str) else {
        out.required(path);
        return;
    };
    let bytes = base64_decode(&text.replace(['\n', '\r'], "")).unwrap_or_default();
    let parsed = serde_json::from_slice::<serde_json::Value>(&bytes);
    if !parsed.is_ok_and(|value| value.is_object() || value.is_null()) {
        out.invalid(path, "must hold a JSON object");
    }
}
