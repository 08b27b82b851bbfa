use gateway_api::v1::{HttpRequestMirrorFilter, HttpRouteFilter, HttpUrlRewriteFilter};

fn main() {
    let mirror = HttpRequestMirrorFilter::default();
    let rewrite = HttpUrlRewriteFilter::default();
    let _ = HttpRouteFilter::RequestMirror(mirror, rewrite);
}
