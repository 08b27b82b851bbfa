use gateway_api::v1::{HttpRequestMirrorFilter, HttpRouteFilter};

fn main() {
    let _ = HttpRouteFilter::UrlRewrite(HttpRequestMirrorFilter::default());
}
