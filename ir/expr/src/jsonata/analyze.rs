//! Static facts of an expression: what it reads and assigns, and which calls cannot work.

use std::collections::{HashMap, HashSet};

use wfc_diag::TextRange;

use super::ast::{Ast, BinaryOp, Expr, List, NodeId};
use super::builtins::{builtin, builtin_names, Builtin, Profile};
use crate::nearest::nearest;
use crate::rules::{UNKNOWN_FUNCTION, WRONG_ARITY};
use crate::ExprError;

/// How many unknown functions get a suggestion, and among how many assigned variables it is looked for: a bound
/// on the work for hostile texts.
const SUGGESTIONS: usize = 100;

/// What is known of an expression without evaluating it. Names are without `$`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts<'a> {
    /// Variables that are neither bound within the expression nor built in, `$states` excepted, in the order of
    /// the text.
    pub free: Vec<FreeVariable<'a>>,
    /// The uses of `$states`.
    pub states: Vec<StatesUse<'a>>,
    /// The variables set with `:=`.
    pub assigned: Vec<Assigned<'a>>,
    /// Where the context of the whole expression is read: fields, wildcards, `$` and `$$` that no step, predicate or
    /// other part with a context of its own stands around. Bodies of functions do not count.
    pub context: Vec<TextRange>,
    /// Calls of functions that do not exist, or with a wrong number of arguments. They fail when they are
    /// evaluated, not before: whether they are errors is the caller's decision.
    pub problems: Vec<ExprError>,
}

/// A use of a variable that comes from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreeVariable<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where it is used.
    pub range: TextRange,
    /// Whether it is called as a function.
    pub called: bool,
    /// In how many functions the use stands.
    depth: u32,
}

/// A use of `$states` with the members that follow: `$states.input.order[0].id` has `input` and `order`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatesUse<'a> {
    /// From `$states` to the last of the members.
    pub range: TextRange,
    /// The members, up to the first thing that is not a plain member.
    pub members: Vec<Member<'a>>,
}

impl<'a> StatesUse<'a> {
    /// The names of the members.
    pub fn path(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.members.iter().map(|member| member.name)
    }
}

/// A member behind `$states`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where it stands.
    pub range: TextRange,
}

/// An assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assigned<'a> {
    /// The variable.
    pub name: &'a str,
    /// Where its name stands.
    pub range: TextRange,
}

/// Finds the [`Facts`] of an expression that may use the functions of `profile`.
pub fn analyze(ast: &Ast, profile: Profile) -> Facts<'_> {
    let mut walker = Walker {
        ast,
        profile,
        facts: Facts::default(),
        visible: HashMap::new(),
        frame: Vec::new(),
        chain: Vec::new(),
        depth: 0,
        inner: 0,
        spine: Vec::new(),
    };
    walker.in_frame(|walker| walker.walk(ast.root(), Role::Value));
    walker.report_unknown();
    walker.facts
}

/// What a part is to the form around it.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Value,
    /// The right side of a path: variables bound in it are visible in the steps that follow.
    Step,
    /// The right side of `~>`: gets a first argument.
    Applied,
}

struct Walker<'a> {
    ast: &'a Ast,
    profile: Profile,
    facts: Facts<'a>,
    /// How many visible bindings each name has.
    visible: HashMap<&'a str, u32>,
    /// Names bound by `:=` and parameters, until their block or function ends.
    frame: Vec<&'a str>,
    /// Names bound by `@` and `#`, until their path ends.
    chain: Vec<&'a str>,
    /// How many functions are around.
    depth: u32,
    /// How many parts with a context of their own are around.
    inner: u32,
    spine: Vec<NodeId>,
}

impl<'a> Walker<'a> {
    fn walk(&mut self, id: NodeId, role: Role) {
        let (mark, chain) = (self.spine.len(), self.chain.len());
        let leaf = self.ast.spine(id, &mut self.spine);
        self.leaf(leaf, mark, role);
        while self.spine.len() > mark {
            let Some(form) = self.spine.pop() else { break };
            if !is_path_form(self.ast.expr(form)) {
                self.end_chain(chain);
            }
            let role = if form == id { role } else { Role::Value };
            self.form(form, role);
        }
        if role != Role::Step {
            self.end_chain(chain);
        }
    }

    /// The leftmost part of what is walked; the forms around it are on the spine behind `mark`.
    fn leaf(&mut self, id: NodeId, mark: usize, role: Role) {
        self.context(id);
        match self.ast.expr(id) {
            Expr::Variable(_) => self.variable(id, mark, role),
            Expr::Block(items) => self.in_frame(|walker| walker.all(items)),
            Expr::Lambda { parameters, body, .. } => self.lambda(parameters, body),
            Expr::Bind { variable, value } => {
                self.walk(value, Role::Value);
                self.facts
                    .assigned
                    .push(Assigned { name: self.ast.variable(variable), range: self.ast.range(variable) });
                self.bind(variable);
            }
            Expr::Transform { .. } => self.with_context(|walker| walker.children(id)),
            _ => self.children(id),
        }
    }

    fn children(&mut self, id: NodeId) {
        self.ast.children(id, |child| self.walk(child, Role::Value));
    }

    /// Notes that a leaf reads the context of the whole expression.
    fn context(&mut self, id: NodeId) {
        let reads = match self.ast.expr(id) {
            Expr::Name(_) | Expr::Wildcard | Expr::Descendant | Expr::Parent => true,
            Expr::Variable(name) => matches!(self.ast.text(name), "" | "$"),
            _ => false,
        };
        if reads && self.inner == 0 {
            self.facts.context.push(self.ast.range(id));
        }
    }

    /// Does `walk` for parts with a context of their own.
    fn with_context(&mut self, walk: impl FnOnce(&mut Self)) {
        self.inner += 1;
        walk(self);
        self.inner -= 1;
    }

    /// What stands behind the left side of a form.
    fn form(&mut self, id: NodeId, role: Role) {
        match self.ast.expr(id) {
            Expr::Path { right, .. } => self.with_context(|walker| walker.walk(right, Role::Step)),
            Expr::Binary { op: BinaryOp::Apply, right, .. } => self.walk(right, Role::Applied),
            Expr::Binary { right, .. } => self.walk(right, Role::Value),
            Expr::Filter { predicate, .. } => self.with_context(|walker| walker.walk(predicate, Role::Value)),
            Expr::Group { pairs: list, .. } | Expr::Sort { terms: list, .. } => {
                self.with_context(|walker| walker.all(list));
            }
            Expr::Call { left, arguments } => {
                self.check_arity(id, left, arguments, role);
                self.all(arguments);
            }
            Expr::Focus { variable, .. } | Expr::Position { variable, .. } => {
                let name = self.ast.variable(variable);
                self.chain.push(name);
                self.show(name);
            }
            Expr::Conditional { then, otherwise, .. } => {
                self.walk(then, Role::Value);
                otherwise.into_iter().for_each(|otherwise| self.walk(otherwise, Role::Value));
            }
            _ => {}
        }
    }

    fn all(&mut self, list: List) {
        for &id in self.ast.list(list) {
            self.walk(id, Role::Value);
        }
    }

    fn lambda(&mut self, parameters: List, body: NodeId) {
        self.depth += 1;
        self.in_frame(|walker| {
            for &parameter in walker.ast.list(parameters) {
                walker.bind(parameter);
            }
            walker.with_context(|walker| walker.walk(body, Role::Value));
        });
        self.depth -= 1;
    }

    /// Does `walk` with bindings of its own.
    fn in_frame(&mut self, walk: impl FnOnce(&mut Self)) {
        let (frame, free) = (self.frame.len(), self.facts.free.len());
        walk(self);
        self.resolve_deferred(frame, free);
        for name in self.frame.drain(frame..) {
            hide(&mut self.visible, name);
        }
    }

    /// A function sees what its surroundings bind behind it too, because it runs later: the uses since `free` in
    /// functions of this frame that one of its bindings since `frame` satisfies are not free.
    fn resolve_deferred(&mut self, frame: usize, free: usize) {
        let depth = self.depth;
        if self.frame.len() == frame || self.facts.free[free..].iter().all(|used| used.depth <= depth) {
            return;
        }
        let bound: HashSet<&str> = self.frame[frame..].iter().copied().collect();
        let recent = self.facts.free.split_off(free);
        self.facts.free.extend(recent.into_iter().filter(|used| used.depth <= depth || !bound.contains(used.name)));
    }

    fn bind(&mut self, variable: NodeId) {
        let name = self.ast.variable(variable);
        self.frame.push(name);
        self.show(name);
    }

    fn show(&mut self, name: &'a str) {
        *self.visible.entry(name).or_insert(0) += 1;
    }

    fn end_chain(&mut self, mark: usize) {
        for name in self.chain.drain(mark..) {
            hide(&mut self.visible, name);
        }
    }

    fn is_bound(&self, name: &str) -> bool {
        !self.visible.is_empty() && self.visible.contains_key(name)
    }

    fn variable(&mut self, id: NodeId, mark: usize, role: Role) {
        let name = self.ast.variable(id);
        // `$` is the context, `$$` the root.
        if matches!(name, "" | "$") || self.is_bound(name) {
            return;
        }
        let above = self.spine[mark..].last().map(|&form| self.ast.expr(form));
        if name == "states" {
            let found = self.states_use(id, mark);
            self.facts.states.push(found);
        } else if builtin(self.profile, name).is_none() {
            let called = match above {
                Some(form) => matches!(form, Expr::Call { .. }),
                None => role == Role::Applied,
            };
            self.facts.free.push(FreeVariable { name, range: self.ast.range(id), called, depth: self.depth });
        }
    }

    fn states_use(&self, id: NodeId, mark: usize) -> StatesUse<'a> {
        let mut members = Vec::new();
        for &form in self.spine[mark..].iter().rev() {
            let Expr::Path { right, .. } = self.ast.expr(form) else { break };
            let mut scratch = Vec::new();
            let leaf = self.ast.spine(right, &mut scratch);
            let (Expr::Name(name) | Expr::String(name)) = self.ast.expr(leaf) else { break };
            if scratch.last().is_some_and(|&form| matches!(self.ast.expr(form), Expr::Call { .. })) {
                break;
            }
            members.push(Member { name: self.ast.text(name), range: self.ast.range(leaf) });
            if !scratch.is_empty() {
                break;
            }
        }
        let variable = self.ast.range(id);
        let range = members.last().map_or(variable, |last: &Member<'_>| variable.to(last.range));
        StatesUse { range, members }
    }

    fn check_arity(&mut self, call: NodeId, function: NodeId, arguments: List, role: Role) {
        let Expr::Variable(name) = self.ast.expr(function) else { return };
        let name = self.ast.text(name);
        let Some(builtin) = builtin(self.profile, name).filter(|_| !self.is_bound(name)) else { return };
        let arguments = self.ast.list(arguments);
        if arguments.iter().any(|&argument| matches!(self.ast.expr(argument), Expr::Placeholder)) {
            return;
        }
        let count = arguments.len() + usize::from(role == Role::Applied);
        if count < builtin.min || count > builtin.max {
            self.facts.problems.push(wrong_arity(builtin, count, self.ast.range(call)));
        }
    }

    fn report_unknown(&mut self) {
        let unknown = self.facts.free.iter().filter(|used| used.called);
        let found = unknown.enumerate().map(|(index, used)| self.unknown_function(used, index < SUGGESTIONS));
        let found: Vec<ExprError> = found.collect();
        self.facts.problems.extend(found);
    }

    fn unknown_function(&self, used: &FreeVariable<'_>, suggest: bool) -> ExprError {
        let owner = match self.profile {
            Profile::Jsonata => "JSONata",
            Profile::StepFunctions => "Step Functions",
        };
        let name = used.name;
        let error = ExprError::new(&UNKNOWN_FUNCTION, used.range, format!("{owner} has no function `${name}`"));
        if self.profile == Profile::StepFunctions && name == "eval" {
            return error.help("Step Functions leaves out `$eval`; `$parse` reads JSON text");
        }
        match suggest.then(|| self.similar(name)).flatten() {
            Some(similar) => error.label("unknown function").help(format!("did you mean `${similar}`?")),
            None => error.label("unknown function"),
        }
    }

    fn similar(&self, name: &str) -> Option<&'a str> {
        let assigned = self.facts.assigned.iter().take(SUGGESTIONS).map(|assigned| assigned.name);
        nearest(name, builtin_names(self.profile).map(|known| -> &'a str { known }).chain(assigned))
    }
}

fn hide(visible: &mut HashMap<&str, u32>, name: &str) {
    if let Some(count) = visible.get_mut(name) {
        *count -= 1;
        if *count == 0 {
            visible.remove(name);
        }
    }
}

/// Whether variables bound on the left of such a form are visible on its right.
fn is_path_form(expr: Expr) -> bool {
    !matches!(expr, Expr::Binary { .. } | Expr::Conditional { .. } | Expr::Call { .. })
}

fn wrong_arity(builtin: Builtin, count: usize, range: TextRange) -> ExprError {
    let Builtin { name, min, max } = builtin;
    let takes = match (min, max) {
        (0, 0) => "no arguments".to_owned(),
        (_, usize::MAX) => format!("at least {}", arguments(min)),
        _ if min == max => arguments(min),
        (0, _) => format!("at most {}", arguments(max)),
        _ => format!("{min} to {}", arguments(max)),
    };
    ExprError::new(&WRONG_ARITY, range, format!("`${name}` takes {takes}, not {count}")).label(arguments(count))
}

fn arguments(count: usize) -> String {
    match count {
        1 => "1 argument".to_owned(),
        _ => format!("{count} arguments"),
    }
}
