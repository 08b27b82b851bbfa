//! The page around the sections.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::Report;
use crate::sections::{self, Section};
use crate::words::t;

/// Nothing is loaded and nothing runs, whatever stands in a manifest.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

pub(crate) fn page(report: &Report<'_>) -> Markup {
    let sections: Vec<Section> = sections::all(report);
    let filters = sections
        .iter()
        .map(|section| section.styles.as_str())
        .collect::<String>();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content="stackctl";
                title { (t(&report.title)) " – stack report" }
                style { (PreEscaped(STYLES)) (PreEscaped(stack_draw::stylesheet())) (PreEscaped(filters)) }
            }
            body {
                a.skip href="#content" { "Skip to the report" }
                header {
                    p.kind { "Stack report" }
                    h1 { (t(&report.title)) }
                }
                nav aria-label="Sections" {
                    ul {
                        @for section in &sections {
                            li { a href={ "#" (section.id) } { (section.title) @if let Some(count) = section.count { " " span.count { (count) } } } }
                        }
                    }
                }
                main #content tabindex="-1" {
                    @for section in &sections {
                        section id=(section.id) aria-labelledby={ (section.id) "-title" } {
                            h2 id={ (section.id) "-title" } { (section.title) }
                            (section.body)
                        }
                    }
                }
                footer { p { "Made by stackctl, offline, from manifests alone. The same input gives the same report." } }
            }
        }
    }
}

const STYLES: &str = "\
:root{color-scheme:light dark;--page:#f6f8fb;--panel:#fff;--text:#17202b;--soft:#4d5a6a;--rule:#d5dce5;--link:#0b57a4;--good:#16703a;\
--good-fill:#e3f4e8;--poor:#b3261e;--poor-fill:#fdeae8;--care:#855400;--care-fill:#fdf1dc}\
@media(prefers-color-scheme:dark){:root{--page:#0a101a;--panel:#0d1420;--text:#e9eff7;--soft:#adb9c8;--rule:#2a3646;--link:#86bdf8;\
--good:#6fd18f;--good-fill:#12301e;--poor:#ff9a92;--poor-fill:#3b1a1a;--care:#f0bd6a;--care-fill:#35270f}}\
*{box-sizing:border-box}\
html{scroll-padding-top:4rem}\
body{margin:0;background:var(--page);color:var(--text);font:15px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans','Noto Sans KR',sans-serif}\
a{color:var(--link)}\
.skip{position:absolute;left:-99rem;top:0;padding:.5rem 1rem;background:var(--panel);z-index:3}.skip:focus{left:0}\
:focus-visible{outline:3px solid var(--link);outline-offset:2px}\
header,footer,main{max-width:1240px;margin:0 auto;padding:0 1.25rem}\
header{padding-top:1.5rem}header .kind{margin:0;color:var(--soft);font-weight:600;letter-spacing:.06em;text-transform:uppercase;font-size:.75rem}\
h1{margin:.1rem 0 1rem;font-size:2rem;line-height:1.2;overflow-wrap:anywhere}\
h2{margin:0 0 .75rem;font-size:1.35rem}h3{margin:1.5rem 0 .5rem;font-size:1.05rem}\
nav{position:sticky;top:0;background:var(--panel);border-block:1px solid var(--rule);z-index:2}\
nav ul{max-width:1240px;margin:0 auto;padding:.35rem 1.25rem;list-style:none;display:flex;gap:.25rem 1rem;flex-wrap:wrap}\
nav a{display:inline-block;padding:.2rem 0;text-decoration:none;font-weight:600;font-size:.9rem}nav a:hover{text-decoration:underline}\
.count{color:var(--soft);font-weight:400}\
main:focus{outline:none}\
section{background:var(--panel);border:1px solid var(--rule);border-radius:12px;padding:1.25rem;margin:1.25rem 0}\
.verdict{display:flex;gap:1rem;align-items:center;border-radius:10px;padding:1rem 1.25rem;font-size:1.15rem;font-weight:700;border-inline-start:6px solid}\
.verdict p{margin:0}.verdict small{display:block;font-weight:400;font-size:.9rem;color:var(--text)}\
.good{background:var(--good-fill);color:var(--good)}.poor{background:var(--poor-fill);color:var(--poor)}.care{background:var(--care-fill);color:var(--care)}\
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(7rem,1fr));gap:.75rem;margin:1rem 0;padding:0}\
.facts div{border:1px solid var(--rule);border-radius:10px;padding:.6rem .9rem}\
.facts dt{color:var(--soft);font-size:.85rem}.facts dd{margin:0;font-size:1.5rem;font-weight:700;line-height:1.2}\
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(22rem,100%),1fr));gap:1.25rem}\
.wide{overflow-x:auto;margin:.5rem 0 1rem}\
table{border-collapse:collapse;width:100%;font-size:.9rem}\
caption{text-align:start;font-weight:600;padding:.35rem 0;color:var(--soft)}\
th,td{text-align:start;vertical-align:top;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--rule);overflow-wrap:anywhere;min-width:4rem}\
thead th{color:var(--soft);font-size:.8rem;white-space:nowrap}tbody th{font-weight:600;min-width:6rem}\
td>code{display:inline-block;min-width:10rem}td.n,th.n{text-align:end;white-space:nowrap}\
code,pre{font:.85em/1.45 ui-monospace,'SF Mono',Menlo,Consolas,'Liberation Mono',monospace}\
pre{overflow:auto;max-height:28rem;padding:.75rem;border:1px solid var(--rule);border-radius:8px}\
.tag{display:inline-block;border-radius:6px;padding:0 .45rem;font-size:.8rem;font-weight:700}\
figure{margin:0 0 1.5rem}figure .wide{border:1px solid var(--rule);border-radius:10px}figure svg{display:block;margin:0 auto;height:auto}\
figcaption{color:var(--soft);margin:.35rem 0}\
details{margin:.35rem 0}summary{cursor:pointer;color:var(--link)}\
fieldset{border:1px solid var(--rule);border-radius:8px;margin:.5rem 0;padding:.25rem .75rem .5rem;display:flex;flex-wrap:wrap;gap:.25rem 1rem}\
legend{color:var(--soft);font-size:.85rem}\
footer{color:var(--soft);padding-bottom:2rem}\
@media(max-width:640px){body{font-size:14px}h1{font-size:1.5rem}section{padding:1rem .85rem}header,main,footer{padding-inline:.75rem}nav{position:static}}\
@media print{:root{--page:#fff;--panel:#fff;--text:#000;--soft:#333;--link:#000}body{font-size:10pt}nav,.skip,fieldset{display:none}\
section{border:0;padding:0;break-inside:auto}figure,tr,.verdict{break-inside:avoid}.wide{overflow:visible}figure svg{max-width:100%}pre{max-height:none;white-space:pre-wrap}}\
";
