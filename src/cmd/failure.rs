//! What went wrong in the tool's own world: a file, the configuration, the command line. Drawn by miette.

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

use super::{terminal, Exit};

/// A command that could not do its work.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
    help: Option<String>,
    place: Option<Box<Place>>,
}

#[derive(Debug)]
struct Place {
    source: NamedSource<String>,
    label: LabeledSpan,
}

impl Failure {
    /// The command line makes no sense.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into(), help: None, place: None }
    }

    /// A file could not be read or written.
    pub(crate) fn io(message: impl Into<String>) -> Self {
        Self { exit: Exit::Internal, message: message.into(), help: None, place: None }
    }

    /// How the command ends for it.
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// Says what to do.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Shows the place in one of the tool's own files.
    pub(crate) fn at(mut self, file: &str, text: &str, span: std::ops::Range<usize>, label: &str) -> Self {
        let source = NamedSource::new(file, text.to_owned());
        let label = LabeledSpan::new_with_span(Some(label.to_owned()), span);
        self.place = Some(Box::new(Place { source, label }));
        self
    }

    /// Prints it on standard error.
    pub(crate) fn report(&self, color: terminal::Color) -> Exit {
        let theme = match color.on_stderr() {
            true => GraphicalTheme::unicode(),
            false => GraphicalTheme::unicode_nocolor(),
        };
        let mut text = String::new();
        let handler = GraphicalReportHandler::new_themed(theme).with_width(terminal::width());
        if handler.render_report(&mut text, self).is_err() {
            text.clone_from(&self.message);
        }
        terminal::error_line(text.trim_end());
        self.exit
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl Diagnostic for Failure {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.help.as_ref().map(|text| Box::new(text) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|place| &place.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.place.as_ref().map(|place| Box::new(std::iter::once(place.label.clone())) as Box<dyn Iterator<Item = _>>)
    }
}
