//! Pictures of a module: svg to look at, dot and mermaid for other tools to draw.
//!
//! A picture takes a [`Module`], not a sealed one: looking at a program that does not pass its checks is what
//! pictures are for.

mod dot;
mod layout;
mod mermaid;
mod picture;
mod svg;

use wfc_cir::Module;

/// What a picture is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A finished drawing.
    Svg,
    /// Graphviz.
    Dot,
    /// Mermaid flow chart.
    Mermaid,
}

/// Draws a module.
pub fn emit(module: &Module, format: Format) -> String {
    let picture = picture::Picture::of(module);
    match format {
        Format::Svg => svg::write(&picture),
        Format::Dot => dot::write(&picture),
        Format::Mermaid => mermaid::write(&picture),
    }
}

#[cfg(test)]
mod tests;
