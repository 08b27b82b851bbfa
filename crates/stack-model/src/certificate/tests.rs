use super::*;

// Made with OpenSSL for these tests alone.
const CURVE_CERTIFICATE: &[u8] = include_bytes!("../../tests/certificates/ec.crt");
const CURVE_KEY: &[u8] = include_bytes!("../../tests/certificates/ec.key");
const CURVE_KEY_SEC1: &[u8] = include_bytes!("../../tests/certificates/ec.sec1");
const OTHER_KEY: &[u8] = include_bytes!("../../tests/certificates/other.key");
const RSA_CERTIFICATE: &[u8] = include_bytes!("../../tests/certificates/rsa.crt");
const RSA_KEY: &[u8] = include_bytes!("../../tests/certificates/rsa.key");
const RSA_KEY_PKCS1: &[u8] = include_bytes!("../../tests/certificates/rsa1.key");
const EDWARDS_CERTIFICATE: &[u8] = include_bytes!("../../tests/certificates/ed.crt");
const EDWARDS_KEY: &[u8] = include_bytes!("../../tests/certificates/ed.key");

fn certificate(text: &[u8]) -> Certificate {
    Certificate::first(text).unwrap()
}

#[test]
fn a_certificate_covers_its_hosts_and_one_label_of_a_wildcard() {
    let certificate = certificate(CURVE_CERTIFICATE);
    assert_eq!(
        certificate.names(),
        ["web.example.com", "*.apps.example.com"]
    );
    for (host, expected) in [
        ("web.example.com", true),
        ("WEB.example.com.", true),
        ("a.apps.example.com", true),
        ("a.b.apps.example.com", false),
        ("apps.example.com", false),
        ("*.apps.example.com", true),
        // Beside alternative names the subject's does not count.
        ("ignored.example.com", false),
        ("10.0.0.1", true),
        ("10.0.0.2", false),
    ] {
        assert_eq!(certificate.covers(host), expected, "{host}");
    }
}

#[test]
fn the_subject_names_the_host_where_nothing_else_does() {
    assert_eq!(certificate(RSA_CERTIFICATE).names(), ["old.example.com"]);
}

#[test]
fn a_key_belongs_to_one_certificate() {
    let curve = certificate(CURVE_CERTIFICATE);
    let rsa = certificate(RSA_CERTIFICATE);
    let edwards = certificate(EDWARDS_CERTIFICATE);
    for (certificate, key, expected) in [
        (&curve, CURVE_KEY, Some(true)),
        (&curve, CURVE_KEY_SEC1, Some(true)),
        (&curve, OTHER_KEY, Some(false)),
        (&curve, RSA_KEY, Some(false)),
        (&rsa, RSA_KEY, Some(true)),
        (&rsa, RSA_KEY_PKCS1, Some(true)),
        (&rsa, CURVE_KEY, Some(false)),
        // Such a private key does not state its public one.
        (&edwards, EDWARDS_KEY, None),
    ] {
        let key = PrivateKey::first(key).unwrap();
        assert_eq!(certificate.fits(&key), expected);
    }
}

#[test]
fn what_is_no_certificate_is_none_however_it_is_cut() {
    assert_eq!(Certificate::first(CURVE_KEY), None);
    assert_eq!(PrivateKey::first(CURVE_CERTIFICATE), None);
    let fake = b"-----BEGIN CERTIFICATE-----\nMIIC...\n-----END CERTIFICATE-----\n";
    assert_eq!(Certificate::first(fake), None);
    let (_, der) = pem_blocks(CURVE_CERTIFICATE).remove(0);
    let der = der.unwrap();
    for end in 0..der.len() {
        assert_eq!(Certificate::read(&der[..end]), None, "{end}");
    }
}

#[test]
fn base64_is_read_with_and_without_padding() {
    assert_eq!(from_base64("Zm9vCg==").as_deref(), Some(&b"foo\n"[..]));
    assert_eq!(from_base64("Zm9v").as_deref(), Some(&b"foo"[..]));
    assert_eq!(from_base64("Zg").as_deref(), Some(&b"f"[..]));
    assert_eq!(from_base64("a*b"), None);
}
