use gateway_api::v1::{FromNamespaces, ListenersFromNamespaces};

fn main() {
    let _: FromNamespaces = ListenersFromNamespaces::None;
}
