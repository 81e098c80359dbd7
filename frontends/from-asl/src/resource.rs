//! The forms of `Resource`: what does the work, and how its answer comes.

use wfc_cir::ReplyMode;

use crate::placeholder::has_placeholder;

/// Whether `text` can be the ARN of what does work. Placeholders can become anything.
pub(crate) fn is_resource(text: &str) -> bool {
    let arn = text.starts_with("arn:") && text.splitn(6, ':').count() == 6;
    arn || has_placeholder(text)
}

/// How the answer of a resource comes.
pub(crate) fn reply_mode(text: &str) -> ReplyMode {
    if text.ends_with(".waitForTaskToken") {
        ReplyMode::Token
    } else if text.ends_with(".sync") {
        ReplyMode::Sync(1)
    } else if text.ends_with(".sync:2") {
        ReplyMode::Sync(2)
    } else if is_activity(text) {
        ReplyMode::Activity
    } else {
        ReplyMode::Reply
    }
}

/// Whether it is `arn:<partition>:states:<region>:<account>:activity:<name>`.
fn is_activity(text: &str) -> bool {
    let mut parts = text.split(':');
    parts.nth(2) == Some("states") && parts.nth(2) == Some("activity")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_forms_apart() {
        for (text, mode) in [
            ("arn:aws:lambda:us-east-1:111111111111:function:f", ReplyMode::Reply),
            ("arn:aws-cn:states:::sqs:sendMessage.waitForTaskToken", ReplyMode::Token),
            ("arn:aws:states:::states:startExecution.sync", ReplyMode::Sync(1)),
            ("arn:aws-us-gov:states:::states:startExecution.sync:2", ReplyMode::Sync(2)),
            ("arn:aws:states:us-east-1:111111111111:activity:a", ReplyMode::Activity),
            ("${Function}", ReplyMode::Reply),
        ] {
            assert!(is_resource(text), "{text}");
            assert_eq!(reply_mode(text), mode, "{text}");
        }
        assert!(!is_resource("lambda:invoke"));
    }
}
