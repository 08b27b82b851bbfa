//! Certificates, and who is trusted.

use super::judge;

/// A certificate of an authority, and one that is of none.
const AUTHORITY: &str = "-----BEGIN CERTIFICATE-----\nMIIBLjCB4aADAgECAhQGZrwEyJHg25zQH3+xHErR0LXNqTAFBgMrZXAwDDEKMAgG\nA1UEAwwBYTAgFw0yN\
jExMjIwMjE5MThaGA8yMTI2MTAyOTAyMTkxOFowDDEKMAgG\nA1UEAwwBYTAqMAUGAytlcAMhAE1J0kS6kv4OZntpg3AqKYzdI1IsKrzlBHE4kv\
kN\nWSdTo1MwUTAdBgNVHQ4EFgQUOEbAQuqHBM7uS0XXc/vQkc2OsmgwHwYDVR0jBBgw\nFoAUOEbAQuqHBM7uS0XXc/vQkc2OsmgwDwYDVR0TAQ\
H/BAUwAwEB/zAFBgMrZXAD\nQQA8oIBibSpepSlJv7DM02dP6AXCDJdUcJqy0b+Hwm9iRU4tBuEyEtpncVEfa35u\nMi4BRo2mqabeMhN3cU+Dve\
sN\n-----END CERTIFICATE-----\n";

const LEAF: &str = "-----BEGIN CERTIFICATE-----\nMIIBKzCB3qADAgECAhR0PtapMG/xVKZRL7fr+/6HqVwOfzAFBgMrZXAwDDEKMAgG\nA1UEAwwBYTAgFw0yN\
jExMjIwMjE5MThaGA8yMTI2MTAyOTAyMTkxOFowDDEKMAgG\nA1UEAwwBYTAqMAUGAytlcAMhAFddDH8NC5dJg5LvXbgejrM/qA3hrKZC3/Merc\
xN\n3m1Do1AwTjAdBgNVHQ4EFgQUIf9hh0taupkTbj17NnyP3kr77hYwHwYDVR0jBBgw\nFoAUIf9hh0taupkTbj17NnyP3kr77hYwDAYDVR0TAQ\
H/BAIwADAFBgMrZXADQQAI\n6aQiwtVKoYrJkAPrd8zllgY/jpKkfLbmG7htFAMaAKztp0KHXINQE2RuS06TyoJg\n7iiEd5XW/yjMeX8SCRUN\n-\
----END CERTIFICATE-----\n";

#[test]
fn certificates() {
    let bundle =
        "{apiVersion: certificates.k8s.io/v1beta1, kind: ClusterTrustBundle, metadata: {_}}";
    let with = |name: &str, signer: &str, text: &str| {
        let text = text.replace('\n', "\\n");
        format!("name: '{name}'}}, spec: {{signerName: '{signer}', trustBundle: \"{text}\"")
    };
    let twice = format!("{AUTHORITY}{AUTHORITY}");
    let headed = AUTHORITY.replacen("-----\n", "-----\nKey: value\n\n", 1);
    let key = AUTHORITY.replace("CERTIFICATE", "PUBLIC KEY");
    judge(
        bundle,
        &[
            (&with("b", "", AUTHORITY), ""),
            (&with("b", "", &format!("# ours\n{AUTHORITY}")), ""),
            (&with("b:c", "", AUTHORITY), "metadata.name"),
            (&with("e.com:s:b", "e.com/s", AUTHORITY), ""),
            (&with("b", "e.com/s", AUTHORITY), "metadata.name"),
            (&with("e.com:s:B", "e.com/s", AUTHORITY), "metadata.name"),
            (&with("com:s:b", "com/s", AUTHORITY), "spec.signerName"),
            (&with("b", "", ""), "spec.trustBundle"),
            (&with("b", "", LEAF), "spec.trustBundle"),
            (&with("b", "", &twice), "spec.trustBundle"),
            (&with("b", "", &headed), "spec.trustBundle"),
            (&with("b", "", &key), "spec.trustBundle"),
        ],
    );
    let request = "{apiVersion: certificates.k8s.io/v1beta1, kind: PodCertificateRequest, metadata: {name: r}, spec: {podName: p, podUID: u, serviceAccountName: s, serviceAccountUID: u, nodeName: m, nodeUID: u, pkixPublicKey: AAAA, proofOfPossession: AAAA, _}}";
    judge(
        request,
        &[
            ("signerName: e.com/s, maxExpirationSeconds: 3600", ""),
            (
                "signerName: e.com/s, maxExpirationSeconds: 3599",
                "spec.maxExpirationSeconds",
            ),
            (
                "signerName: e.com/s, maxExpirationSeconds: 7862401",
                "spec.maxExpirationSeconds",
            ),
            (
                "signerName: kubernetes.io/s, maxExpirationSeconds: 86401",
                "spec.maxExpirationSeconds",
            ),
            ("maxExpirationSeconds: 3600", "spec.signerName"),
        ],
    );
    judge(
        "{apiVersion: certificates.k8s.io/v1beta1, kind: PodCertificateRequest, metadata: {name: r}, spec: {signerName: e.com/s, maxExpirationSeconds: 3600, _}}",
        &[(
            "podUID: ''",
            "spec.nodeName spec.nodeUID spec.pkixPublicKey spec.podName spec.podUID spec.serviceAccountName spec.serviceAccountUID",
        )],
    );
}
