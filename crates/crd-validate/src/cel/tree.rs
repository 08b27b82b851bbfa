//! The tree of an expression: that of the evaluator, or one like it where no evaluator is built in.

#[cfg(feature = "cel")]
pub(super) use kube_cel::cel::IdedExpr;
#[cfg(feature = "cel")]
pub(super) use kube_cel::cel::common::ast::{
    CallExpr, ComprehensionExpr, EntryExpr, Expr, ListExpr, LiteralValue, SelectExpr,
    operators as op,
};

#[cfg(not(feature = "cel"))]
mod own;

#[cfg(not(feature = "cel"))]
pub(super) use own::{
    CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedExpr, ListExpr, LiteralValue, SelectExpr, op,
};
