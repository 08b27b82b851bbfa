//! What was found, the worst first.

use std::collections::BTreeMap;

use kube_vocab::{Finding, Severity};
use maud::{Markup, html};

use super::Section;
use crate::Report;
use crate::words::{anchor, counted, t, table};

/// So many of one kind are shown: more is for programs.
const SHOWN: usize = 100;

pub(super) fn section(report: &Report<'_>) -> Section {
    let body = html! {
        @if report.findings.is_empty() { p { "Nothing was found." } }
        @for severity in [Severity::Error, Severity::Warning] {
            (of_severity(report, severity))
        }
        @if !report.allowed.is_empty() {
            h3 { "Allowed" }
            (table("Findings that are allowed, with the reason", &["Finding", "Reason"], report.allowed.iter().map(|(finding, reason)| {
                html! { tr { td { (t(finding)) } td { (t(reason)) } } }
            })))
        }
    };
    Section::new("findings", "Findings", body).counting(report.findings.len())
}

fn of_severity(report: &Report<'_>, severity: Severity) -> Markup {
    let mut by_code: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in report
        .findings
        .iter()
        .filter(|finding| finding.severity == severity)
    {
        by_code.entry(&finding.code).or_default().push(finding);
    }
    let count: usize = by_code.values().map(Vec::len).sum();
    let class = if severity == Severity::Error {
        "tag poor"
    } else {
        "tag care"
    };
    html! {
        @if count > 0 {
            h3 { (counted(count, severity.as_str())) }
            @for (code, findings) in &by_code {
                (table_of(code, class, severity, findings))
            }
        }
    }
}

fn table_of(code: &str, class: &str, severity: Severity, findings: &[&Finding]) -> Markup {
    let rows = findings.iter().take(SHOWN).enumerate().map(|(number, finding)| {
        let place = finding.location.as_ref().map(ToString::to_string);
        html! { tr id={ "finding-" (severity.as_str()) "-" (anchor(code)) "-" (number + 1) } {
            td { span class=(class) { (severity.as_str()) } }
            th scope="row" { (t(&finding.subject.to_string())) @if let Some(place) = &place { br; code { (t(place)) } } }
            td { code { (t(&finding.path.to_string())) } }
            td { (t(&finding.message)) }
            td { (t(&finding.remedy)) }
        } }
    });
    html! {
        (table(code, &["Severity", "Object", "Path", "What is wrong", "What to do"], rows))
        @if findings.len() > SHOWN {
            p { "… and " (findings.len() - SHOWN) " more of this kind; `stackctl check` lists all." }
        }
    }
}
