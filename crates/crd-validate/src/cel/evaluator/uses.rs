//! What a rule does with members that were left out of the value, because rules cannot read them.

use kube_cel::cel::IdedExpr;
use kube_cel::cel::common::ast::operators::{IN, INDEX, OPT_INDEX};
use kube_cel::cel::common::ast::{CallExpr, Expr, LiteralValue};

use crate::cel::walk::walk;

/// Whether the rule comes upon a member that is left out in a way that does not end in an error by itself: it asks whether
/// the member is there, or goes through a list with an item that is left out. The name of such a list ends in `[]`, and is
/// only that where the list is `self`.
pub(super) fn meets(rule: &IdedExpr, name: &str) -> bool {
    any(rule, |expression| match name.strip_suffix("[]") {
        Some(list) => goes_through(expression, list),
        None => asks_for(expression, name),
    })
}

/// Whether the rule reads a member of this name, rather than to ask whether it is there.
pub(super) fn reads(rule: &IdedExpr, name: &str) -> bool {
    any(rule, |expression| match expression {
        Expr::Select(select) => !select.test && select.field == name,
        Expr::Call(call) => call.func_name == INDEX && is_literal(call.args.get(1), name),
        _ => false,
    })
}

fn any(rule: &IdedExpr, holds: impl Fn(&Expr) -> bool) -> bool {
    let mut found = false;
    walk(rule, &mut |expression| found |= holds(expression));
    found
}

/// `has(a.name)` or `a.?name`.
fn asks_for(expression: &Expr, name: &str) -> bool {
    match expression {
        Expr::Select(select) => select.test && select.field == name,
        Expr::Call(call) => call.func_name == OPT_INDEX && is_literal(call.args.get(1), name),
        _ => false,
    }
}

/// `list.all(...)` and the other macros, `list[0]`, `x in list`, `list.sum()`; the size of a list says nothing of its items.
fn goes_through(expression: &Expr, list: &str) -> bool {
    match expression {
        Expr::Comprehension(each) => is_list(&each.iter_range, list),
        Expr::Call(call) => match call.func_name.as_str() {
            INDEX | OPT_INDEX => is_argument(call, 0, list),
            IN => is_argument(call, 1, list),
            "size" => false,
            _ => (call.target.as_deref()).is_some_and(|target| is_list(target, list)),
        },
        _ => false,
    }
}

fn is_argument(call: &CallExpr, index: usize, list: &str) -> bool {
    call.args
        .get(index)
        .is_some_and(|argument| is_list(argument, list))
}

fn is_list(expression: &IdedExpr, list: &str) -> bool {
    match &expression.expr {
        Expr::Ident(name) => list.is_empty() && name == "self",
        Expr::Select(select) => !select.test && select.field == list,
        _ => false,
    }
}

fn is_literal(expression: Option<&IdedExpr>, text: &str) -> bool {
    match expression.map(|expression| &expression.expr) {
        Some(Expr::Literal(LiteralValue::String(literal))) => literal.inner() == text,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{meets, reads};
    use crate::cel::text::parse;

    #[test]
    fn rules_meet_what_they_ask_for_or_go_through() {
        for (rule, name, met) in [
            ("has(self.a)", "a", true),
            ("has(self.b.a)", "a", true),
            ("has(self.a.b)", "a", false),
            ("self.?a.orValue(1) > 0", "a", true),
            ("self.a > 0", "a", false),
            ("has(self.ab)", "a", false),
            ("self.b == 'has(self.a)'", "a", false),
            ("self.a.all(x, x > 0)", "a[]", true),
            ("self.b.a.exists(x, x > 0)", "a[]", true),
            ("self.a[0] > 0", "a[]", true),
            ("1 in self.a", "a[]", true),
            ("self.a in [[1]]", "a[]", false),
            ("self.a.isSorted()", "a[]", true),
            ("size(self.a) > 0", "a[]", false),
            ("self.a.size() > 0", "a[]", false),
            ("self.ab.all(x, x > 0)", "a[]", false),
            ("self.b == 'self.a[0]'", "a[]", false),
            ("self.all(x, x > 0)", "[]", true),
            ("self[0] > 0", "[]", true),
            ("self.a.all(x, x > 0)", "[]", false),
        ] {
            let (parsed, _) = parse(rule).unwrap();
            assert_eq!(meets(&parsed, name), met, "{rule}: {name}");
        }
    }

    #[test]
    fn asking_for_a_member_is_not_reading_it() {
        for (rule, name, read) in [
            ("has(self.a)", "a", false),
            ("has(self.a) && self.a > 0", "a", true),
            ("has(self.a.b)", "a", true),
            ("self['a'] > 0", "a", true),
            ("self.?a.hasValue()", "a", false),
            ("self.ab > 0", "a", false),
            ("self.b == 'self.a'", "a", false),
        ] {
            let (parsed, _) = parse(rule).unwrap();
            assert_eq!(reads(&parsed, name), read, "{rule}: {name}");
        }
    }
}
