use gateway_api::v1::{GatewayClass, GatewayClassSpec};

fn main() {
    let _ = GatewayClass::new("kong", GatewayClassSpec::new("a/b")).in_namespace("kong");
}
