//! What a Resource names: a Lambda function, an action of a service, or something else.

/// A Resource, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resource {
    /// As the file has it.
    pub(crate) text: String,
    pub(crate) kind: Kind,
}

/// The kinds of Resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The ARN of a Lambda function.
    Lambda,
    /// `arn:aws:states:::SERVICE:ACTION`, without what stands behind the action.
    Service {
        /// Such as `sqs`.
        service: String,
        /// Such as `sendMessage`.
        action: String,
        /// Whether it is called through the SDK (`aws-sdk:`) and not optimised.
        sdk: bool,
    },
    /// Anything else: the name of a tool.
    Other,
}

/// What may stand behind an action.
const PATTERNS: [&str; 3] = [".sync:2", ".sync", ".waitForTaskToken"];

impl Resource {
    pub(crate) fn parse(text: &str) -> Self {
        Self { text: text.to_owned(), kind: kind(text) }
    }

    /// Whether it is this action of an optimised integration.
    pub(crate) fn is(&self, wanted: &str, of: &str) -> bool {
        matches!(&self.kind, Kind::Service { service, action, sdk: false } if service == wanted && action == of)
    }

    /// The action if the service is called through the SDK.
    pub(crate) fn sdk_action(&self, wanted: &str) -> Option<&str> {
        match &self.kind {
            Kind::Service { service, action, sdk: true } if service == wanted => Some(action),
            _ => None,
        }
    }

    /// Whether a Lambda function does the work.
    pub(crate) fn is_lambda(&self) -> bool {
        self.kind == Kind::Lambda || self.is("lambda", "invoke")
    }

    /// The bare name if it is the ARN of an activity.
    pub(crate) fn activity(&self) -> Option<&str> {
        let (before, name) = self.text.rsplit_once(":activity:")?;
        before.starts_with("arn:").then_some(name)
    }

    /// The Resource without what stands behind the action.
    pub(crate) fn plain(&self) -> &str {
        without_pattern(&self.text)
    }
}

/// A Lambda function as its handler is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) arn: String,
    /// The region of the ARN, if the file says one.
    pub(crate) region: Option<String>,
}

impl Function {
    /// The function that a file names by its name, its ARN, or what stands behind the region in it.
    pub(crate) fn named(given: &str) -> Self {
        let (_, function) = given.rsplit_once("function:").unwrap_or(("", given));
        let name = function.split(':').next().unwrap_or(function).to_owned();
        let region = given.starts_with("arn:").then(|| given.split(':').nth(3)).flatten();
        let arn = match given {
            _ if given.starts_with("arn:") => given.to_owned(),
            _ if given.contains(":function:") => format!("arn:aws:lambda:{REGION}:{given}"),
            _ => format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{given}"),
        };
        Self { name, arn, region: region.filter(|region| !region.is_empty()).map(str::to_owned) }
    }
}

/// Where functions are that only have a name.
pub(crate) const REGION: &str = "us-east-1";
const ACCOUNT: &str = "123456789012";

/// The names a function goes by, the most exact first: as given, without qualifier, its bare name.
pub(crate) fn function_names(given: &str) -> Vec<String> {
    let (before, function) = match given.rsplit_once(":function:") {
        Some((before, function)) => (Some(before), function),
        None => (None, given),
    };
    let bare = function.split(':').next().unwrap_or(function);
    let mut names = vec![given.to_owned()];
    let shorter = before.map(|before| format!("{before}:function:{bare}"));
    for name in shorter.into_iter().chain([function.to_owned(), bare.to_owned()]) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn kind(text: &str) -> Kind {
    let mut parts = text.splitn(6, ':');
    let (Some("arn"), Some(_partition), Some(service)) = (parts.next(), parts.next(), parts.next()) else {
        return Kind::Other;
    };
    let (region, rest) = (parts.next(), parts.nth(1).unwrap_or_default());
    match service {
        "lambda" if rest.starts_with("function:") => Kind::Lambda,
        "states" if region == Some("") => action(rest),
        _ => Kind::Other,
    }
}

fn action(rest: &str) -> Kind {
    let (sdk, rest) = match rest.strip_prefix("aws-sdk:") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    match without_pattern(rest).split_once(':') {
        Some((service, action)) => Kind::Service { service: service.to_owned(), action: action.to_owned(), sdk },
        None => Kind::Other,
    }
}

fn without_pattern(text: &str) -> &str {
    PATTERNS.iter().find_map(|pattern| text.strip_suffix(pattern)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_taken_apart() {
        let of = |text: &str| match Resource::parse(text).kind {
            Kind::Lambda => "lambda".to_owned(),
            Kind::Other => "other".to_owned(),
            Kind::Service { service, action, sdk } => format!("{service} {action} {sdk}"),
        };
        for (text, expected) in [
            ("arn:aws:states:::lambda:invoke.waitForTaskToken", "lambda invoke false"),
            ("arn:aws-cn:states:::states:startExecution.sync:2", "states startExecution false"),
            ("arn:aws:states:::aws-sdk:s3:getObject", "s3 getObject true"),
            ("arn:aws:lambda:us-east-1:123456789012:function:f:prod", "lambda"),
            ("arn:aws:states:us-east-1:123456789012:activity:a", "other"),
            ("shell", "other"),
            ("arn:aws", "other"),
            ("", "other"),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }

    #[test]
    fn functions_go_by_several_names() {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:charge";
        assert_eq!(function_names(&format!("{arn}:prod")), [&format!("{arn}:prod"), arn, "charge:prod", "charge"]);
        assert_eq!(function_names("charge"), ["charge"]);
    }

    #[test]
    fn functions_have_a_name_and_an_arn() {
        let bare = "arn:aws:lambda:us-east-1:123456789012:function:py";
        let far = "arn:aws:lambda:eu-west-1:1:function:py:prod";
        for (given, arn, region) in [
            ("py", bare, None),
            ("py:prod", &format!("{bare}:prod"), None),
            ("123456789012:function:py", bare, None),
            (far, far, Some("eu-west-1")),
        ] {
            let region = region.map(str::to_owned);
            assert_eq!(Function::named(given), Function { name: "py".to_owned(), arn: arn.to_owned(), region });
        }
    }
}
