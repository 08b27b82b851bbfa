//! Prints the CustomResourceDefinitions as one list, for `kubectl apply -f -`.
#![allow(clippy::print_stdout)]

fn main() -> Result<(), serde_json::Error> {
    let list = serde_json::json!({
        "apiVersion": "v1",
        "kind": "List",
        "items": gateway_api::crds(gateway_api::Channel::Experimental),
    });
    println!("{}", serde_json::to_string_pretty(&list)?);
    Ok(())
}
