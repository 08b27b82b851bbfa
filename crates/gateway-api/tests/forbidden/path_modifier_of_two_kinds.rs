use gateway_api::v1::HttpPathModifier;

fn main() {
    let _ = HttpPathModifier {
        replace_full_path: Some("/a".to_owned()),
        replace_prefix_match: Some("/b".to_owned()),
    };
}
