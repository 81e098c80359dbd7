//! The table of intrinsic functions.

/// What a value is, as far as a signature can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything.
    Any,
    /// A string.
    String,
    /// A number.
    Number,
    /// A boolean.
    Bool,
    /// An array.
    Array,
    /// An object.
    Object,
    /// `null`
    Null,
}

impl Kind {
    /// The kind with its article.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Kind::Any => "a value",
            Kind::String => "a string",
            Kind::Number => "a number",
            Kind::Bool => "a boolean",
            Kind::Array => "an array",
            Kind::Object => "an object",
            Kind::Null => "null",
        }
    }
}

macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident ($($param:ident),* $(; $opt:ident)? $(; .. $rest:ident)?) -> $result:ident;)*) => {
        /// An intrinsic function.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Function { $($(#[$doc])* $name),* }

        impl Function {
            /// All of them.
            pub const ALL: &[Function] = &[$(Function::$name),*];

            /// The name behind `States.`.
            pub fn name(self) -> &'static str {
                match self { $(Function::$name => stringify!($name)),* }
            }

            /// What the result is.
            pub fn result(self) -> Kind {
                match self { $(Function::$name => Kind::$result),* }
            }

            fn signature(self) -> Signature {
                match self {
                    $(Function::$name => Signature {
                        required: &[$(Kind::$param),*],
                        optional: &[$(Kind::$opt)?],
                        rest: None::<Kind>$(.or(Some(Kind::$rest)))?,
                    }),*
                }
            }
        }
    };
}

functions! {
    /// A template with its `{}` filled.
    Format(String; ..Any) -> String;
    /// The value a JSON text stands for.
    StringToJson(String) -> Any;
    /// JSON text of a value.
    JsonToString(Any) -> String;
    /// An array of the arguments.
    Array(; ..Any) -> Array;
    /// An array cut into arrays of a given length.
    ArrayPartition(Array, Number) -> Array;
    /// Whether an array has an item.
    ArrayContains(Array, Any) -> Bool;
    /// Numbers from a first to a last by a step.
    ArrayRange(Number, Number, Number) -> Array;
    /// The item at an index.
    ArrayGetItem(Array, Number) -> Any;
    /// How many items an array has.
    ArrayLength(Array) -> Number;
    /// An array without repetitions.
    ArrayUnique(Array) -> Array;
    /// Text in Base64.
    Base64Encode(String) -> String;
    /// Text from Base64.
    Base64Decode(String) -> String;
    /// A digest in hexadecimal, by the algorithm named.
    Hash(Any, String) -> String;
    /// The members of two objects.
    JsonMerge(Object, Object, Bool) -> Object;
    /// A number between two, repeatable with a seed.
    MathRandom(Number, Number; Number) -> Number;
    /// The sum of two numbers.
    MathAdd(Number, Number) -> Number;
    /// The parts of a text between delimiters.
    StringSplit(String, String) -> Array;
    /// A random identifier.
    UUID() -> String;
}

struct Signature {
    required: &'static [Kind],
    optional: &'static [Kind],
    rest: Option<Kind>,
}

impl Function {
    /// The function called `name`, without `States.`.
    pub fn named(name: &str) -> Option<Function> {
        Function::ALL.iter().copied().find(|function| function.name() == name)
    }

    /// The fewest and the most arguments; no most for a function that takes any number.
    pub fn arity(self) -> (usize, Option<usize>) {
        let Signature { required, optional, rest } = self.signature();
        let most = rest.is_none().then(|| required.len() + optional.len());
        (required.len(), most)
    }

    /// What the argument at `index` must be; `None` if there cannot be one.
    pub fn param(self, index: usize) -> Option<Kind> {
        let Signature { required, optional, rest } = self.signature();
        required.iter().chain(optional).nth(index).copied().or(rest)
    }
}
