//! Templates of Helm charts: an object with holes, which expressions fill.
//!
//! The object is a value like any other; where the chart's values decide, it holds what [`Holes`] hands out.
//!
//! ```
//! use serde_json::json;
//! use stack_config::template::Holes;
//!
//! let mut holes = Holes::default();
//! let object = json!({
//!     "kind": "Deployment",
//!     "metadata": {"name": holes.bare(r#"include "api.fullname" ."#)},
//!     "spec": {"replicas": holes.bare(".Values.replicaCount")},
//! });
//! assert_eq!(
//!     holes.write(&object)?,
//!     "kind: Deployment\nmetadata:\n  name: {{ include \"api.fullname\" . }}\nspec:\n  replicas: {{ .Values.replicaCount }}\n"
//! );
//! # Ok::<(), stack_config::WriteError>(())
//! ```

use serde_json::Value;

use crate::WriteError;

/// What stands for an expression while YAML is written begins so.
const SIGN: &str = "zqhole";

/// How an expression stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Style {
    /// `{{ EXPRESSION }}`, in a scalar of its own or inside a longer one.
    Bare,
    /// The whole scalar between double quotes; the text is written as it is.
    Text,
    /// `{{- toYaml EXPRESSION | nindent N }}` behind its key; two columns further in than the key where no N is given.
    Block(Option<usize>),
    /// `{{- EXPRESSION | nindent N }}` on a line of its own below its key, two columns further in.
    Lines,
}

/// The holes of a template; hands out what stands for them.
#[derive(Clone, Debug, Default)]
pub struct Holes(Vec<(Style, String)>);

impl Holes {
    /// What an expression gives, without quotes: a number, a name. It may stand inside a longer text.
    pub fn bare(&mut self, expression: &str) -> String {
        self.add(Style::Bare, format!("{{{{ {expression} }}}}"))
    }

    /// A scalar in double quotes that holds expressions: `{{ .Values.image.repository }}:{{ .Values.image.tag }}`.
    pub fn text(&mut self, text: &str) -> String {
        self.add(Style::Text, format!("\"{text}\""))
    }

    /// A map or list that the values hold as a whole; it is indented to fit.
    pub fn block(&mut self, expression: &str) -> String {
        self.add(Style::Block(None), expression.to_owned())
    }

    /// As [`Holes::block`], at a column of one's own, which must lie to the right of the key.
    pub fn block_at(&mut self, expression: &str, column: usize) -> String {
        self.add(Style::Block(Some(column)), expression.to_owned())
    }

    /// A map or list that an expression makes, which stands on a line of its own below its key: `toYaml .Values.resources`,
    /// `include "labels" .`.
    pub fn lines(&mut self, expression: &str) -> String {
        self.add(Style::Lines, expression.to_owned())
    }

    fn add(&mut self, style: Style, text: String) -> String {
        self.0.push((style, text));
        format!("{SIGN}{}qz", self.0.len() - 1)
    }

    /// The template: the object as YAML, with the expressions in their places. What the object itself holds of `{{` is escaped.
    ///
    /// # Errors
    /// An object that cannot be written.
    pub fn write(&self, object: &Value) -> Result<String, WriteError> {
        Ok(self.fill(&kube_yaml::to_string(object)?))
    }

    /// As [`Holes::write`], of YAML that is written already.
    pub fn fill(&self, yaml: &str) -> String {
        let text = yaml.replace("{{", r#"{{ "{{" }}"#);
        let mut written = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            written.push_str(&self.line(line));
        }
        written
    }

    fn line(&self, line: &str) -> String {
        let indent = line.len() - line.trim_start_matches([' ', '-']).len() + 2;
        let mut parts = line.split(SIGN);
        let mut written = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (number, rest) = part.split_once("qz").unwrap_or((part, ""));
            match number.parse().ok().and_then(|at: usize| self.0.get(at)) {
                Some((Style::Block(column), expression)) => {
                    let indent = column.unwrap_or(indent);
                    let block = format!("{{{{- toYaml {expression} | nindent {indent} }}}}");
                    written.push_str(&block);
                }
                Some((Style::Lines, expression)) => {
                    written.truncate(written.trim_end_matches(' ').len());
                    let column = " ".repeat(indent);
                    let block = format!("\n{column}{{{{- {expression} | nindent {indent} }}}}");
                    written.push_str(&block);
                }
                Some((Style::Bare | Style::Text, text)) => written.push_str(text),
                // Not one of ours: the text stays as it was.
                None => {
                    written.push_str(SIGN);
                    written.push_str(part);
                    continue;
                }
            }
            written.push_str(rest);
        }
        written
    }
}
