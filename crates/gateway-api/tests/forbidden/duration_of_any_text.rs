use gateway_api::v1::HttpRouteTimeouts;

fn main() {
    let _ = HttpRouteTimeouts {
        request: Some("1.5s".to_owned()),
        backend_request: None,
    };
}
