//! The evaluator's tree as far as [`grammar`](super::super::grammar) and those who look into a tree know it. What the reader never
//! makes has no members.
#![allow(
    dead_code,
    reason = "whoever looks into a tree asks for what the evaluator's parser makes, too"
)]

/// A part of an expression; `id` tells the parts of one expression apart.
#[derive(Debug, Default)]
pub(crate) struct IdedExpr {
    pub(crate) id: u64,
    pub(crate) expr: Expr,
}

#[derive(Debug, Default)]
pub(crate) enum Expr {
    #[default]
    Unspecified,
    Call(CallExpr),
    Comprehension(Box<ComprehensionExpr>),
    Ident(String),
    List(ListExpr),
    Literal(LiteralValue),
    Map(Entries),
    Select(SelectExpr),
    Struct(Entries),
}

#[derive(Debug)]
pub(crate) enum LiteralValue {
    Boolean(Literal<bool>),
    Bytes(()),
    Double(()),
    Int(Literal<i64>),
    Null,
    String(Literal<String>),
    UInt(()),
}

#[derive(Debug)]
pub(crate) struct Literal<T>(T);

impl<T> From<T> for Literal<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> Literal<T> {
    pub(crate) const fn inner(&self) -> &T {
        &self.0
    }
}

#[derive(Debug)]
pub(crate) struct CallExpr {
    pub(crate) func_name: String,
    pub(crate) target: Option<Box<IdedExpr>>,
    pub(crate) args: Vec<IdedExpr>,
}

#[derive(Debug)]
pub(crate) struct SelectExpr {
    pub(crate) operand: Box<IdedExpr>,
    pub(crate) field: String,
    pub(crate) test: bool,
}

#[derive(Debug)]
pub(crate) struct ListExpr {
    pub(crate) elements: Vec<IdedExpr>,
    pub(crate) optional_indices: Vec<usize>,
}

impl ListExpr {
    pub(crate) const fn new(elements: Vec<IdedExpr>) -> Self {
        Self {
            elements,
            optional_indices: Vec::new(),
        }
    }
}

/// A macro that goes through a list or map.
#[derive(Debug)]
pub(crate) struct ComprehensionExpr {
    pub(crate) iter_range: IdedExpr,
    pub(crate) iter_var: String,
    pub(crate) iter_var2: Option<String>,
    pub(crate) accu_var: String,
    pub(crate) accu_init: IdedExpr,
    pub(crate) loop_cond: IdedExpr,
    pub(crate) loop_step: IdedExpr,
    pub(crate) result: IdedExpr,
}

/// The entries of a map or of a message, which the reader does not make.
#[derive(Debug)]
pub(crate) struct Entries {
    pub(crate) entries: Vec<IdedEntryExpr>,
}

#[derive(Debug)]
pub(crate) struct IdedEntryExpr {
    pub(crate) expr: EntryExpr,
}

#[derive(Debug)]
pub(crate) enum EntryExpr {
    StructField(FieldExpr),
    MapEntry(MapEntryExpr),
}

#[derive(Debug)]
pub(crate) struct FieldExpr {
    pub(crate) value: IdedExpr,
}

#[derive(Debug)]
pub(crate) struct MapEntryExpr {
    pub(crate) key: IdedExpr,
    pub(crate) value: IdedExpr,
}

/// Names of operators and macros.
pub(crate) mod op {
    pub(crate) const CONDITIONAL: &str = "_?_:_";
    pub(crate) const LOGICAL_AND: &str = "_&&_";
    pub(crate) const LOGICAL_OR: &str = "_||_";
    pub(crate) const LOGICAL_NOT: &str = "!_";
    pub(crate) const SUBSTRACT: &str = "_-_";
    pub(crate) const ADD: &str = "_+_";
    pub(crate) const MULTIPLY: &str = "_*_";
    pub(crate) const DIVIDE: &str = "_/_";
    pub(crate) const MODULO: &str = "_%_";
    pub(crate) const EQUALS: &str = "_==_";
    pub(crate) const NOT_EQUALS: &str = "_!=_";
    pub(crate) const GREATER_EQUALS: &str = "_>=_";
    pub(crate) const LESS_EQUALS: &str = "_<=_";
    pub(crate) const GREATER: &str = "_>_";
    pub(crate) const LESS: &str = "_<_";
    pub(crate) const NEGATE: &str = "-_";
    pub(crate) const INDEX: &str = "_[_]";
    pub(crate) const EXISTS_ONE: &str = "exists_one";
    pub(crate) const HAS: &str = "has";
    pub(crate) const ALL: &str = "all";
    pub(crate) const EXISTS: &str = "exists";
    pub(crate) const MAP: &str = "map";
    pub(crate) const FILTER: &str = "filter";
    pub(crate) const NOT_STRICTLY_FALSE: &str = "@not_strictly_false";
    pub(crate) const IN: &str = "@in";
}
