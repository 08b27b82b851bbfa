//! Blocks of addresses: what is read, and what lies within.

use cilium_types::v2::Cidr;

#[test]
fn reads_what_a_server_reads() {
    for good in [
        "0.0.0.0/0",
        "10.1.2.3/8",
        "192.0.2.1/32",
        "::/0",
        "2001:db8::1/128",
        "::ffff:192.0.2.1/96",
        "010.0.0.01/08",
    ] {
        assert_eq!(good.parse::<Cidr>().unwrap().as_str(), good);
    }
    for bad in [
        "",
        "/",
        "10.0.0.0",
        "10.0.0.0/",
        "10.0.0.0/33",
        "::/129",
        "10.0.0/8",
        "10.0.0.0.0/8",
        "256.0.0.0/8",
        "10.0.0.0/+8",
        "10.0.0.0/8 ",
        "fe80::1%eth0/64",
        "host/8",
        "10.0.0.0/8/8",
    ] {
        assert!(bad.parse::<Cidr>().is_err(), "{bad} was accepted");
    }
}

#[test]
fn containment_follows_the_prefix() {
    let cidr = |text: &str| text.parse::<Cidr>().unwrap();
    assert!(cidr("0.0.0.0/0").contains([255, 1, 2, 3].into()));
    assert!(!cidr("0.0.0.0/0").contains("::1".parse().unwrap()));
    assert!(cidr("192.0.2.7/32").contains([192, 0, 2, 7].into()));
    assert!(!cidr("192.0.2.7/32").contains([192, 0, 2, 6].into()));
    assert!(cidr("::/0").contains("ffff::".parse().unwrap()));
    assert!(cidr("10.0.0.0/8").covers(&cidr("10.96.0.0/12")));
    assert!(!cidr("10.96.0.0/12").covers(&cidr("10.0.0.0/8")));
}
