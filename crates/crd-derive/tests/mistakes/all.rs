use crd_derive::{IntegerEnum, Object, Resource, StringEnum, Union};

#[derive(Object)]
struct KeyIsMisspelt {
    #[field(requird)]
    names: Vec<String>,
}

#[derive(Object)]
struct SerdeAttribute {
    #[serde(rename = "fromCIDR", skip_serializing_if = "Option::is_none")]
    from_cidr: Option<String>,
}

#[derive(Object)]
struct FieldOfTwoSorts {
    #[field(required, default)]
    names: Vec<String>,
    #[field(embed)]
    rules: Vec<String>,
}

#[derive(Object)]
struct TwoFieldsOfOneName {
    port_name: Option<String>,
    #[field(rename = "portName")]
    name: Option<String>,
}

#[derive(Object)]
enum ObjectOfAnEnum {
    Exact(String),
}

#[derive(Union)]
#[union(tag = "type")]
enum UnionArmOfTwoValues {
    Mirror(String, u32),
}

#[derive(Union)]
enum TagWithoutDiscriminator {
    #[arm(tag = "URLRewrite")]
    UrlRewrite(String),
}

#[derive(Union)]
enum SeveralOfNothing {
    Exact(String),
    #[arm(several)]
    All,
}

#[derive(StringEnum)]
enum StringArmWithABody {
    Strict,
    Port(u16),
}

#[derive(IntegerEnum)]
enum NumberIsMissing {
    Found = 302,
    Other,
}

#[derive(Resource)]
#[resource(group = "example.com", version = "v1", kind = "Box", plural = "boxes", scope = Namespace)]
struct ScopeIsMisspelt {
    metadata: String,
}

#[derive(Resource)]
#[resource(group = "example.com", version = "v1", kind = "Box", plural = "boxes", scope = Cluster)]
struct ResourceWithoutMetadata {
    spec: String,
}

#[derive(Resource)]
#[resource(
    group = "example.com", version = "v1", kind = "Box", plural = "boxes", scope = Cluster,
    older(version = "v1beta1"), older(version = "v1beta1"),
)]
struct VersionTwice {
    metadata: String,
}

#[derive(Object)]
#[object(rename_al = "UPPERCASE", rename_all = "Uppercase")]
struct ManyMistakesAtOnce {
    #[field(renam = "x", required, requird)]
    names: Vec<String>,
    #[field(keep)]
    port: Option<u16>,
    #[serde(default)]
    path: String,
}

#[derive(Resource)]
#[resource(group = "example.com", kind = "Box")]
struct ResourceThatSaysTooLittle<T> {
    #[field(embd)]
    spec: T,
}

#[derive(Object)]
struct RestThatIsAList {
    #[field(rest)]
    others: Vec<String>,
}

#[derive(Object)]
struct TwoRests {
    #[field(rest)]
    others: BTreeMap<String, String>,
    #[field(rest)]
    more: BTreeMap<String, String>,
}

fn main() {}
