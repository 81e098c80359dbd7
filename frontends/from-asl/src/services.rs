//! Integrations with services: which exist, and what was probably meant by one that does not.

use wfc_expr::nearest::nearest;

/// Services with an integration of their own, and their actions.
const SERVICES: &[(&str, &[&str])] = &[
    ("apigateway", &["invoke"]),
    ("athena", &["startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"]),
    ("batch", &["submitJob"]),
    ("bedrock", &["invokeModel", "createModelCustomizationJob"]),
    (
        "codebuild",
        &[
            "startBuild",
            "stopBuild",
            "batchDeleteBuilds",
            "batchGetReports",
            "startBuildBatch",
            "stopBuildBatch",
            "retryBuildBatch",
            "deleteBuildBatch",
        ],
    ),
    ("databrew", &["startJobRun"]),
    ("dynamodb", &["getItem", "putItem", "updateItem", "deleteItem"]),
    ("ecs", &["runTask"]),
    (
        "eks",
        &[
            "call",
            "runJob",
            "createCluster",
            "deleteCluster",
            "createNodegroup",
            "deleteNodegroup",
            "createFargateProfile",
            "deleteFargateProfile",
        ],
    ),
    (
        "elasticmapreduce",
        &[
            "createCluster",
            "terminateCluster",
            "addStep",
            "cancelStep",
            "setClusterTerminationProtection",
            "modifyInstanceFleetByName",
            "modifyInstanceGroupByName",
        ],
    ),
    ("emr-containers", &["createVirtualCluster", "deleteVirtualCluster", "startJobRun"]),
    (
        "emr-serverless",
        &[
            "createApplication",
            "startApplication",
            "stopApplication",
            "deleteApplication",
            "startJobRun",
            "cancelJobRun",
        ],
    ),
    ("events", &["putEvents"]),
    ("glue", &["startJobRun"]),
    ("http", &["invoke"]),
    ("lambda", &["invoke"]),
    ("mediaconvert", &["createJob"]),
    // For items of a Map and their results only.
    ("s3", &["getObject", "listObjectsV2", "putObject"]),
    (
        "sagemaker",
        &[
            "createEndpoint",
            "createEndpointConfig",
            "createHyperParameterTuningJob",
            "createLabelingJob",
            "createModel",
            "createProcessingJob",
            "createTrainingJob",
            "createTransformJob",
            "updateEndpoint",
        ],
    ),
    ("sns", &["publish"]),
    ("sqs", &["sendMessage"]),
    ("states", &["startExecution"]),
];

/// What can stand behind an action.
const ENDINGS: [&str; 4] = ["", "sync", "sync:2", "waitForTaskToken"];

/// What is wrong with an integration.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unknown {
    /// In words.
    pub(crate) message: String,
    /// The whole resource as it was probably meant.
    pub(crate) meant: Option<String>,
}

/// What is wrong with the integration that `resource` names, if it names one.
pub(crate) fn check(resource: &str) -> Option<Unknown> {
    let (arn, integration) = resource.split_once(":states:::")?;
    let (service, rest) = integration.split_once(':')?;
    let of = |text: String| format!("{arn}:states:::{text}");
    if service == "aws-sdk" {
        return of_sdk(rest).map(|unknown| unknown.within(|meant| of(format!("aws-sdk:{meant}"))));
    }
    let (action, ending) = rest.split_once('.').unwrap_or((rest, ""));
    let suffix = &rest[action.len()..];
    let Some((_, actions)) = SERVICES.iter().find(|(known, _)| *known == service) else {
        let meant = nearest(service, SERVICES.iter().map(|(known, _)| *known));
        let message = format!("there is no integration with a service `{service}`");
        return Some(Unknown { message, meant: meant.map(|near| of(format!("{near}:{rest}"))) });
    };
    if !actions.contains(&action) {
        let meant = nearest(action, actions.iter().copied());
        let message = format!("the integration with `{service}` has no action `{action}`");
        return Some(Unknown { message, meant: meant.map(|near| of(format!("{service}:{near}{suffix}"))) });
    }
    (!ENDINGS.contains(&ending)).then(|| Unknown {
        message: format!("no way to wait is called `.{ending}`"),
        meant: nearest(ending, ENDINGS).map(|near| of(format!("{service}:{action}.{near}"))),
    })
}

/// Services are in lower case, actions start in lower case. Which exist changes every week.
fn of_sdk(text: &str) -> Option<Unknown> {
    let (service, action) = text.split_once(':')?;
    let lower = service.to_ascii_lowercase();
    let mut letters = action.chars();
    let first = letters.next()?.to_ascii_lowercase();
    let meant = format!("{lower}:{first}{}", letters.as_str());
    (meant != text)
        .then(|| Unknown { message: format!("`{text}` is no integration: capitals count"), meant: Some(meant) })
}

impl Unknown {
    fn within(self, whole: impl FnOnce(String) -> String) -> Self {
        Self { meant: self.meant.map(whole), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn knows_integrations_and_what_was_meant() {
        for good in [
            "lambda:invoke",
            "lambda:invoke.waitForTaskToken",
            "states:startExecution.sync:2",
            "aws-sdk:s3:getObject",
            "aws-sdk:sfn:startExecution",
        ] {
            assert_eq!(check(&format!("arn:aws:states:::{good}")), None, "{good}");
        }
        for (bad, meant) in [
            ("lamda:invoke", Some("lambda:invoke")),
            ("sns:Publish", Some("sns:publish")),
            ("sqs:sendMesage.waitForTaskToken", Some("sqs:sendMessage.waitForTaskToken")),
            ("sqs:sendMessage.waitForTasktoken", Some("sqs:sendMessage.waitForTaskToken")),
            ("aws-sdk:S3:GetObject", Some("aws-sdk:s3:getObject")),
            ("nonsense:invoke", None),
        ] {
            let found = check(&format!("arn:aws:states:::{bad}")).expect(bad);
            assert_eq!(found.meant, meant.map(|meant| format!("arn:aws:states:::{meant}")), "{bad}");
        }
        assert_eq!(check("arn:aws:lambda:us-east-1:123456789012:function:f"), None);
    }
}
