//! What an installation without Internet needs: which images and charts to bring in,
//! a program that brings them, and what to ask a firewall for.

mod charts;
mod firewall;
mod images;
mod mirror;
mod pulled;

pub use pulled::PulledImage;

use super::File;
use crate::bundle::Bundle;
use crate::contribution::Action;

/// Every image, where a mirror keeps it, and how it compares with the documented lists.
pub(crate) const IMAGES: &str = "images.tsv";
/// Every chart.
pub(crate) const CHARTS: &str = "charts.tsv";
/// Every domain that is reached while images and charts are brought in.
pub(crate) const FIREWALL: &str = "firewall.tsv";
/// Brings images, charts and other downloads in.
pub(crate) const MIRROR: &str = "mirror.sh";
/// Where downloaded files lie in the tree.
pub(crate) const DOWNLOADS: &str = "downloads";

/// The four files.
pub(crate) fn files(bundle: &Bundle) -> Vec<File> {
    let images = images::rows(bundle);
    let plain = |path: &str, text| File {
        path: path.to_owned(),
        text,
        executable: false,
    };
    vec![
        plain(IMAGES, images::text(&images)),
        plain(CHARTS, charts::text(bundle)),
        plain(FIREWALL, firewall::text(bundle, &images)),
        File {
            path: MIRROR.to_owned(),
            text: mirror::text(bundle, &images),
            executable: true,
        },
    ]
}

/// The last part of a URL's path, under which a download is kept.
pub(crate) fn download_name(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

/// Files that are applied from the Internet: whatever command names a URL.
fn applied(bundle: &Bundle) -> Vec<(&str, &str)> {
    let mut urls = Vec::new();
    for part in bundle.parts() {
        for action in part.plan() {
            if let Action::Run { command, .. } = action {
                let of_part = command.iter().filter(|word| word.starts_with("https://"));
                urls.extend(of_part.map(|url| (part.id(), url.as_str())));
            }
        }
    }
    urls
}

/// The host of a URL.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// A table with one line per row; a cell holds neither tabs nor line breaks.
pub(super) fn table<const N: usize>(
    head: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> String {
    let mut text = format!("{}\n", head.join("\t"));
    for row in rows {
        text.push_str(
            &row.map(|cell| cell.replace(['\t', '\n', '\r'], " "))
                .join("\t"),
        );
        text.push('\n');
    }
    text
}
