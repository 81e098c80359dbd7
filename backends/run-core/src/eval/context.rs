//! The context object, and `$states`, which has it as a member.

use std::sync::Arc;

use wfc_expr::Value;
use wfc_plan::NodeIx;

use super::Env;
use crate::time::instant_text;

impl Env<'_> {
    /// What JSONata sees of the state: its input, what its phase has, and the context object where that is wanted.
    pub(super) fn states(&self, with_context: bool) -> Value {
        let docs = &self.docs;
        let members = [("input", docs.raw), ("result", docs.result), ("errorOutput", docs.error)];
        let present = members.into_iter().filter_map(|(name, value)| Some((name, value?.clone())));
        present.chain(with_context.then(|| ("context", self.context()))).collect()
    }

    /// The run's context object with what it says about the node and the item.
    pub(super) fn context(&self) -> Value {
        let mut context = self.state.context.clone();
        if self.state.setting.single.is_some_and(|single| single.whole_context) {
            return context;
        }
        let Some(object) = context.as_object_mut() else { return context };
        if let Some(node) = self.node {
            object.insert("State", self.state_context(node));
        }
        if let Some(token) = self.token {
            object.insert("Task", [("Token", Value::from(Arc::clone(token)))].into_iter().collect::<Value>());
        }
        if let Some((index, item)) = self.item() {
            let index = Value::Number(index.into());
            let item: Value = [("Index", index), ("Value", item.clone())].into_iter().collect();
            object.insert("Map", [("Item", item)].into_iter().collect::<Value>());
        }
        if let Some((round, previous)) = self.state.chain(self.frame).find_map(|(_, frame)| frame.round.clone()) {
            let round = Value::Number(round.into());
            object.insert("Loop", [("Round", round), ("Previous", previous)].into_iter().collect::<Value>());
        }
        context
    }

    fn state_context(&self, node: NodeIx) -> Value {
        let plan = &self.program.plan().nodes[node.at()];
        let mut members = vec![("Name", Value::from(Arc::clone(&plan.name)))];
        if let Some(visit) = self.state.visit(self.frame, node) {
            members.push(("EnteredTime", instant_text(visit.entered).into()));
            if plan.kind.is_tried_again() {
                members.push(("RetryCount", i64::from(visit.act.attempt.saturating_sub(1)).into()));
            }
        }
        members.into_iter().collect()
    }
}
