//! A file as a program that can be run, with all that is known of it.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use wfc_diag::FileId;
use wfc_driver::runtime::{items, Program};
use wfc_driver::{passes, plan, MachineType, Session};
use wfc_expr::Value;
use wfc_plan::{Expr, ExprIx, ExprKind, Plan, SiteId, SiteTable};

use super::limits::EXPRESS_SECONDS;
use crate::cmd::config::Found;
use crate::cmd::lower::report_errors;
use crate::cmd::options::ReadOptions;
use crate::cmd::{files, terminal, Failure};

/// The name of the front end for state machines.
const ASL: &str = "asl";

/// A file that can be run.
pub(super) struct Loaded {
    pub(super) session: Session,
    pub(super) file: FileId,
    pub(super) found: Rc<Found>,
    pub(super) program: Program,
    pub(super) sites: SiteTable,
    /// The name of the machine: that of its file without its endings.
    pub(super) machine: String,
    /// What happened, once it has been run.
    pub(super) events: Vec<serde_json::Value>,
}

impl Loaded {
    /// Reads a file. Errors in it are printed, and nothing is given back.
    pub(super) fn read(
        file: &str,
        options: &ReadOptions,
        machine_type: Option<MachineType>,
        color: terminal::Color,
    ) -> Result<Option<Self>, Failure> {
        let mut session = Session::new();
        let name = if file == "-" { "stdin" } else { file };
        let found = options.resolve()?.prepare(&mut session, name)?;
        if let Some(machine_type) = machine_type {
            session.options.machine_type = machine_type;
        }
        let max_bytes = session.limits.max_bytes;
        let bytes = if file == "-" { files::read_stdin(max_bytes)? } else { files::read_path(file, max_bytes)? };
        let analysis = session.check_bytes(name, bytes);
        report_errors(&session, analysis.file, &analysis.diagnostics, color);
        let id = analysis.file;
        let Ok(checked) = analysis.into_checked() else { return Ok(None) };
        let lowered = passes::lower(checked, &passes::defaults(), &mut |_, _| {}).map_err(bug)?;
        let emitted = match plan::emit(&lowered.sealed) {
            Ok(emitted) => emitted,
            Err(unsupported) => {
                report_errors(&session, id, &unsupported, color);
                return Ok(None);
            }
        };
        let express = session.options.machine_type == MachineType::Express && &*emitted.plan.dialect == ASL;
        let plan = if express { limited(emitted.plan)? } else { emitted.plan };
        let program = Program::load(plan).map_err(bug)?;
        let machine = stem(name).to_owned();
        Ok(Some(Self { session, file: id, found, program, sites: emitted.sites, machine, events: Vec::new() }))
    }

    /// Whether it is a state machine.
    pub(super) fn is_asl(&self) -> bool {
        &*self.program.plan().dialect == ASL
    }

    /// Whether it is run as an express machine.
    pub(super) fn is_express(&self) -> bool {
        self.is_asl() && self.session.options.machine_type == MachineType::Express
    }

    /// The folder of its `wfc.toml`, or the current one.
    pub(super) fn base(&self) -> PathBuf {
        let folder = self.found.path.as_deref().and_then(Path::parent);
        folder.unwrap_or(Path::new("")).to_path_buf()
    }

    /// The folder that what is written about runs lies in: that of the `wfc.toml` if the current folder is in it,
    /// else the current one, so that `wfc task` finds it from where the run was begun.
    pub(super) fn folder(&self) -> PathBuf {
        let here = std::env::current_dir().unwrap_or_default();
        let project = self.found.path.as_deref().and_then(|path| std::path::absolute(path).ok());
        let project = project.as_deref().and_then(Path::parent).filter(|folder| here.starts_with(folder));
        project.map_or_else(|| here.clone(), Path::to_path_buf)
    }

    /// Where Map states read items from and write results to.
    pub(super) fn store(&self) -> Arc<dyn items::Store> {
        self.found.config.store(&self.base())
    }
}

fn bug(why: impl std::fmt::Display) -> Failure {
    Failure::io(why.to_string()).help("this is a bug in wfc")
}

/// The plan with the time limit of express machines, unless its own is a shorter one.
fn limited(mut plan: Plan) -> Result<Plan, Failure> {
    let entry = plan.entry.at();
    let own = plan.flows[entry].timeout.map(|own| &plan.exprs[own.at()].kind);
    if matches!(own, Some(ExprKind::Value(value)) if value.as_i64().is_some_and(|own| own <= EXPRESS_SECONDS)) {
        return Ok(plan);
    }
    let limit = ExprIx::next(plan.exprs.len());
    plan.exprs.push(Expr { kind: ExprKind::Value(Value::from(EXPRESS_SECONDS)), site: SiteId::default() });
    plan.flows[entry].timeout = Some(limit);
    plan.sealed().map_err(bug)
}

/// The name of a file without its folder and endings.
pub(super) fn stem(file: &str) -> &str {
    let name = Path::new(file).file_name().and_then(|name| name.to_str()).unwrap_or(file);
    name.split('.').next().filter(|stem| !stem.is_empty()).unwrap_or(name)
}
