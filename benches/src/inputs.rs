//! The machines that are measured, made anew for each run.

use std::fmt::Write;

/// A machine of `states` states in blocks of ten: every kind of state, retries, catchers, nested rules.
pub(crate) fn mixed(states: usize) -> String {
    let blocks = states.div_ceil(10);
    let mut text =
        String::from("{\"Comment\": \"mixed\", \"StartAt\": \"B00000-Prep\", \"TimeoutSeconds\": 3600, \"States\": {");
    for block in 0..blocks {
        let b = format!("B{block:05}");
        let next = next_of(block, blocks);
        let comma = if block + 1 < blocks { "," } else { "" };
        let _ = write!(
            text,
            r#"
"{b}-Prep": {{"Type": "Pass", "Parameters": {{"order.$": "$.order", "k": {block}, "id.$": "States.Format('{{}}-{{}}', $.order.id, $.seq)"}}, "ResultPath": "$.prep", "Next": "{b}-Call"}},
"{b}-Call": {{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {{"FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:fn{block}", "Payload.$": "$.prep"}}, "TimeoutSeconds": 30, "HeartbeatSeconds": 10, "Retry": [{{"ErrorEquals": ["Lambda.ServiceException", "States.Timeout"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2.0}}, {{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}}], "Catch": [{{"ErrorEquals": ["States.ALL"], "ResultPath": "$.err", "Next": "{b}-Cool"}}], "ResultPath": "$.call", "Next": "{b}-Pick"}},
"{b}-Pick": {{"Type": "Choice", "Choices": [{{"Variable": "$.call.status", "StringEquals": "retry", "Next": "{b}-Cool"}}, {{"And": [{{"Variable": "$.call.n", "NumericGreaterThan": 5}}, {{"Not": {{"Variable": "$.call.skip", "BooleanEquals": true}}}}], "Next": "{b}-Each"}}, {{"Or": [{{"Variable": "$.call.kind", "IsNull": true}}, {{"Variable": "$.call.kind", "StringMatches": "a*"}}], "Next": "{b}-Fan"}}], "Default": "{b}-Cool"}},
"{b}-Cool": {{"Type": "Wait", "Seconds": 1, "Next": "{b}-Save"}},
"{b}-Save": {{"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:save{block}", "ResultSelector": {{"at.$": "$.time"}}, "ResultPath": "$.saved", "Next": "{b}-Fan"}},
"{b}-Fan": {{"Type": "Parallel", "ResultPath": "$.fan", "Branches": [{{"StartAt": "{b}-FanA", "States": {{"{b}-FanA": {{"Type": "Pass", "End": true}}}}}}, {{"StartAt": "{b}-FanB", "States": {{"{b}-FanB": {{"Type": "Pass", "Result": {{"b": 1}}, "End": true}}}}}}], "Next": "{b}-Each"}},
"{b}-Each": {{"Type": "Map", "ItemsPath": "$.order.items", "MaxConcurrency": 4, "ItemSelector": {{"v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index"}}, "ItemProcessor": {{"ProcessorConfig": {{"Mode": "INLINE"}}, "StartAt": "{b}-One", "States": {{"{b}-One": {{"Type": "Pass", "End": true}}}}}}, "ResultPath": "$.each", {next}}}{comma}"#
        );
    }
    text.push_str("\n}}\n");
    text
}

/// The same shape with every expression in JSONata.
pub(crate) fn jsonata(states: usize) -> String {
    let blocks = states.div_ceil(10);
    let mut text = String::from("{\"QueryLanguage\": \"JSONata\", \"StartAt\": \"B00000-Prep\", \"States\": {");
    for block in 0..blocks {
        let b = format!("B{block:05}");
        let next = next_of(block, blocks);
        let comma = if block + 1 < blocks { "," } else { "" };
        let _ = write!(
            text,
            r#"
"{b}-Prep": {{"Type": "Pass", "Assign": {{"id": "{{% $states.input.order.id & '-' & $string($states.input.seq) %}}"}}, "Output": "{{% $merge([$states.input, {{'k': {block}}}]) %}}", "Next": "{b}-Call"}},
"{b}-Call": {{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {{"FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:fn{block}", "Payload": "{{% $states.input %}}"}}, "TimeoutSeconds": 30, "HeartbeatSeconds": 10, "Retry": [{{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2.0}}], "Catch": [{{"ErrorEquals": ["States.ALL"], "Output": "{{% $states.errorOutput %}}", "Next": "{b}-Cool"}}], "Output": "{{% $states.result.Payload %}}", "Next": "{b}-Pick"}},
"{b}-Pick": {{"Type": "Choice", "Choices": [{{"Condition": "{{% $states.input.status = 'retry' %}}", "Next": "{b}-Cool"}}, {{"Condition": "{{% $states.input.n > 5 and $not($states.input.skip) %}}", "Next": "{b}-Each"}}], "Default": "{b}-Cool"}},
"{b}-Cool": {{"Type": "Wait", "Seconds": "{{% $max([1, 2]) %}}", "Next": "{b}-Save"}},
"{b}-Save": {{"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:save{block}", "Next": "{b}-Fan"}},
"{b}-Fan": {{"Type": "Parallel", "Branches": [{{"StartAt": "{b}-FanA", "States": {{"{b}-FanA": {{"Type": "Pass", "End": true}}}}}}, {{"StartAt": "{b}-FanB", "States": {{"{b}-FanB": {{"Type": "Pass", "Output": {{"b": 1}}, "End": true}}}}}}], "Next": "{b}-Each"}},
"{b}-Each": {{"Type": "Map", "Items": "{{% $states.input.order.items %}}", "MaxConcurrency": 4, "ItemProcessor": {{"ProcessorConfig": {{"Mode": "INLINE"}}, "StartAt": "{b}-One", "States": {{"{b}-One": {{"Type": "Pass", "End": true}}}}}}, {next}}}{comma}"#
        );
    }
    text.push_str("\n}}\n");
    text
}

/// Parallel states nested `depth` deep.
pub(crate) fn nested(depth: usize) -> String {
    let mut text = String::new();
    for level in 0..depth {
        let _ = write!(text, r#"{{"StartAt":"N{level}","States":{{"N{level}":{{"Type":"Parallel","Branches":["#);
    }
    text.push_str(r#"{"StartAt":"Last","States":{"Last":{"Type":"Pass","End":true}}}"#);
    text.push_str(&r#"],"End":true}}}"#.repeat(depth));
    text
}

fn next_of(block: usize, blocks: usize) -> String {
    match block + 1 < blocks {
        true => format!("\"Next\": \"B{:05}-Prep\"", block + 1),
        false => "\"End\": true".to_owned(),
    }
}
