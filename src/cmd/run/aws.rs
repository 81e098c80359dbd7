//! What a state machine sees of itself: names as AWS gives them.

use std::hash::{DefaultHasher, Hash, Hasher};

use wfc_expr::Value;

use super::Loaded;

/// What ARNs begin with.
const STATES: &str = "arn:aws:states:us-east-1:123456789012";

/// The role machines run in.
const ROLE: &str = "arn:aws:iam::123456789012:role/wfc";

/// The ARN of a machine.
pub(super) fn machine_arn(name: &str) -> String {
    format!("{STATES}:stateMachine:{name}")
}

/// The context object of a run of a state machine; what a run knows about itself is filled in when it begins.
pub(super) fn context(loaded: &Loaded, run: &str, seed: u64) -> Value {
    if !loaded.is_asl() {
        return Value::empty_object();
    }
    let id = match loaded.is_express() {
        true => format!("{STATES}:express:{}:{run}:{}", loaded.machine, uuid(seed, run)),
        false => format!("{STATES}:execution:{}:{run}", loaded.machine),
    };
    of_machine(&id, &machine_arn(&loaded.machine), run)
}

/// The context object of the execution `id` of a machine.
pub(super) fn of_machine(id: &str, machine: &str, run: &str) -> Value {
    let name = machine.rsplit(':').next().unwrap_or(machine);
    let execution: Value =
        [("Id", Value::from(id)), ("Name", run.into()), ("RoleArn", ROLE.into()), ("RedriveCount", 0.into())]
            .into_iter()
            .collect();
    let machine: Value = [("Id", Value::from(machine)), ("Name", name.into())].into_iter().collect();
    [("Execution", execution), ("StateMachine", machine)].into_iter().collect()
}

fn uuid(seed: u64, run: &str) -> String {
    let part = |salt: u64| {
        let mut hasher = DefaultHasher::new();
        (seed, run, salt).hash(&mut hasher);
        hasher.finish()
    };
    let (high, low) = (part(1), part(2));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 48) & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}
