use gateway_api::v1::GatewaySpec;

fn main() {
    let _ = GatewaySpec::new("kong");
}
