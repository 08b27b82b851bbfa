// An advertisement of Services says which of their addresses.
use cilium_types::v2::BgpAdvertisementType;

fn main() {
    let _: BgpAdvertisementType = BgpAdvertisementType::Service;
}
