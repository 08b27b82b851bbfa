use gateway_api::v1::{HttpPathMatch, PathMatchType};

fn main() {
    let _ = HttpPathMatch {
        type_: Some(PathMatchType::Exact),
        type_: Some(PathMatchType::PathPrefix),
        value: Some("/".to_owned()),
    };
}
