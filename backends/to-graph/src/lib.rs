//! CIR to pictures: svg, dot, mermaid.
