//! A decoded text that remembers where its parts came from, while it is being decoded.

/// A text and the map from its offsets to those of the file.
#[derive(Debug, Default)]
pub(crate) struct Mapped {
    pub(crate) text: String,
    /// (offset in `text`, offset in the file) wherever the distance between the two changes.
    pub(crate) map: Vec<(u32, u32)>,
}

impl Mapped {
    /// Adds text that stands at byte `at` of the file.
    pub(crate) fn push(&mut self, text: &str, at: usize) {
        self.mark(at);
        self.text.push_str(text);
    }

    /// Says that what is pushed next stands at byte `at` of the file.
    pub(crate) fn mark(&mut self, at: usize) {
        let (from, to) = (self.text.len() as u32, at as u32);
        match self.map.last_mut() {
            Some(last) if last.0 == from => last.1 = to,
            Some(last) if last.1 + (from - last.0) == to => {}
            _ => self.map.push((from, to)),
        }
    }
}
