//! Which variables an expression reads, where in its text, and whether it can do without a value.

use wfc_cir::{Expr, ExprKind, Module, NodeId, Origin, TypeTest};
use wfc_diag::{Span, TextRange};
use wfc_expr::jsonata::{self, Ast, BinaryOp, Profile};
use wfc_expr::jsonpath::Path;

use crate::{expressions, Bound, Graph, Vars};

/// A use of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read<'e> {
    /// The name, without `$`.
    pub name: &'e str,
    /// Where it stands in the user's file.
    pub span: Option<Span>,
    /// What happens where the variable has no value.
    pub need: Need,
}

/// What happens to an expression where a variable has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It fails.
    Must,
    /// It fails or yields something nobody meant.
    Should,
    /// It asks whether there is a value, or has another one ready.
    May,
}

/// The variables an expression reads, inner expressions included.
pub fn reads(expr: &Expr) -> Vec<Read<'_>> {
    let mut found = Vec::new();
    let mut asked: Option<&Expr> = None;
    expr.walk(&mut |part| match &part.kind {
        ExprKind::Var(name) => found.push(Read { name, span: part.origin.span, need: Need::Must }),
        ExprKind::Path { path, .. } => {
            let need = if asked.is_some_and(|asked| std::ptr::eq(asked, part)) { Need::May } else { Need::Must };
            std::iter::once(&**path).chain(path.nested()).for_each(|path| found.extend(of_path(path, part, need)));
        }
        ExprKind::Intrinsic { call, .. } => {
            call.refs().into_iter().for_each(|path| found.extend(of_path(path, part, Need::Must)));
        }
        ExprKind::Is { left, test: TypeTest::Present, .. } => asked = Some(left),
        ExprKind::Jsonata { ast, .. } => of_jsonata(ast, &part.origin, &mut found),
        _ => {}
    });
    found
}

/// A read of a variable that not every way assigns and that the expression needs.
#[derive(Clone, Debug)]
pub struct OpenRead {
    /// The node that reads.
    pub node: NodeId,
    /// The variable, without `$`.
    pub name: Box<str>,
    /// Where it is read.
    pub span: Option<Span>,
    /// What happens where there is no value.
    pub need: Need,
    /// Whether some way assigns it.
    pub bound: Bound,
}

pub(crate) fn open_reads(m: &Module, graph: &Graph, vars: &Vars) -> Vec<OpenRead> {
    let mut found = Vec::new();
    for &node in graph.regions().iter().flat_map(|layout| &layout.nodes) {
        expressions(m, node, &mut |_, expr| {
            for Read { name, span, need } in reads(expr).into_iter().filter(|read| read.need != Need::May) {
                let bound = vars.bound(node, name);
                if bound != Bound::Always {
                    found.push(OpenRead { node, name: name.into(), span, need, bound });
                }
            }
        });
    }
    found
}

fn of_path<'e>(path: &'e Path, part: &Expr, need: Need) -> Option<Read<'e>> {
    let name = path.variable()?;
    let start = path.range.start as usize;
    let range = TextRange::new(start, start + 1 + name.len());
    Some(Read { name, span: part.origin.locate(range), need })
}

fn of_jsonata<'e>(ast: &'e Ast, origin: &Origin, found: &mut Vec<Read<'e>>) {
    let free = jsonata::analyze(ast, Profile::StepFunctions).free;
    // A call of something unknown is the front end's finding.
    let mut free = free.into_iter().filter(|used| !used.called).peekable();
    if free.peek().is_none() {
        return;
    }
    let (head, optional) = (head(ast), optional(ast));
    found.extend(free.map(|used| {
        let range = used.range;
        let around = optional.partition_point(|part| part.start <= range.start).checked_sub(1);
        let need = match around {
            _ if head == Some(range) => Need::Must,
            Some(at) if range.end <= optional[at].end => Need::May,
            _ => Need::Should,
        };
        Read { name: used.name, span: origin.locate(range), need }
    }));
}

/// The variable without which the whole expression yields nothing.
fn head(ast: &Ast) -> Option<TextRange> {
    let mut at = ast.root();
    loop {
        at = match ast.expr(at) {
            jsonata::Expr::Path { left, .. }
            | jsonata::Expr::Filter { left, .. }
            | jsonata::Expr::KeepArray { left } => left,
            jsonata::Expr::Variable(_) => return Some(ast.range(at)),
            _ => return None,
        };
    }
}

/// The parts whose absence an expression is prepared for, in order, without those inside others.
fn optional(ast: &Ast) -> Vec<TextRange> {
    const ASKING: [&str; 5] = ["exists", "type", "boolean", "not", "count"];
    let (mut found, mut work) = (Vec::new(), vec![ast.root()]);
    while let Some(id) = work.pop() {
        match ast.expr(id) {
            jsonata::Expr::Call { left, .. } if ASKING.contains(&ast.variable(left)) => found.push(ast.range(id)),
            jsonata::Expr::Binary { op: BinaryOp::Default | BinaryOp::Coalesce, left, .. }
            | jsonata::Expr::Conditional { left, .. } => found.push(ast.range(left)),
            _ => {}
        }
        ast.children(id, |child| work.push(child));
    }
    found.sort_unstable_by_key(|part| (part.start, std::cmp::Reverse(part.end)));
    let mut end = 0;
    found.retain(|part| {
        let outer = part.end > end;
        end = end.max(part.end);
        outer
    });
    found
}
