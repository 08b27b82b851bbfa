//! Looking into a compiled rule.

use super::tree::{EntryExpr, Expr, IdedExpr};

/// Calls `visit` for an expression and everything inside it.
pub(super) fn walk<'e>(expression: &'e IdedExpr, visit: &mut dyn FnMut(&'e Expr)) {
    visit(&expression.expr);
    match &expression.expr {
        Expr::Call(call) => {
            if let Some(target) = &call.target {
                walk(target, visit);
            }
            for argument in &call.args {
                walk(argument, visit);
            }
        }
        Expr::Comprehension(all) => {
            for part in [
                &all.iter_range,
                &all.accu_init,
                &all.loop_cond,
                &all.loop_step,
                &all.result,
            ] {
                walk(part, visit);
            }
        }
        Expr::List(list) => {
            for item in &list.elements {
                walk(item, visit);
            }
        }
        Expr::Map(map) => {
            for entry in &map.entries {
                entry_of(&entry.expr, visit);
            }
        }
        Expr::Struct(fields) => {
            for entry in &fields.entries {
                entry_of(&entry.expr, visit);
            }
        }
        Expr::Select(select) => walk(&select.operand, visit),
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => {}
    }
}

fn entry_of<'e>(entry: &'e EntryExpr, visit: &mut dyn FnMut(&'e Expr)) {
    match entry {
        EntryExpr::StructField(field) => walk(&field.value, visit),
        EntryExpr::MapEntry(entry) => {
            walk(&entry.key, visit);
            walk(&entry.value, visit);
        }
    }
}

/// The names that are selected from the variable `name`: `b` of `name.b`.
pub(super) fn members_of<'e>(expression: &'e IdedExpr, name: &str) -> Vec<&'e str> {
    let mut found = Vec::new();
    walk(expression, &mut |inner| {
        if let Expr::Select(select) = inner
            && matches!(&select.operand.expr, Expr::Ident(of) if of == name)
        {
            found.push(select.field.as_str());
        }
    });
    found
}

/// Whether any part reads the variable `name`.
pub(super) fn has_variable(expression: &IdedExpr, name: &str) -> bool {
    let mut found = false;
    walk(expression, &mut |inner| {
        found |= matches!(inner, Expr::Ident(of) if of == name);
    });
    found
}
